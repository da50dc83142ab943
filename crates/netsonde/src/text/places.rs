//! The hosts with the most bytes, what they are called, and where they are.

use std::fmt::Write as _;

use netsonde_geolocation::country;
use netsonde_messages::{DoubtReason, Here, HereSource, Host, HostGroup, Report, Scope};
use netsonde_units::quantity::{UNKNOWN, bytes, count, counted, share};

use super::table::{Side, Table};
use super::{WIDTH, printable, wrap};

/// How many hosts are listed.
const HOSTS: usize = 10;
/// How many countries are listed; the others are summed.
const COUNTRIES: usize = 5;

/// Renders the table of hosts, each with its most trusted name; one that does not fit beside the numbers gets a line of
/// its own. None where no host is known.
pub(super) fn hosts<F>(report: &Report<F>) -> Option<String> {
    if report.hosts.is_empty() {
        return None;
    }
    let mut table = Table::new([
        ("Largest hosts", Side::Left),
        ("where", Side::Left),
        ("received", Side::Right),
        ("sent", Side::Right),
    ]);
    let listed = report.hosts.get(..HOSTS).unwrap_or(&report.hosts);
    for host in listed {
        table.row([host.address.to_string(), standing(host), bytes(host.bytes_in), bytes(host.bytes_out)]);
    }
    let table = table.to_string();
    let mut lines = table.lines();
    let mut page = String::new();
    let _ = writeln!(page, "{}  name", lines.next().unwrap_or_default());
    for (line, host) in lines.zip(listed) {
        let Some(name) = host.named.first().map(|named| printable(&named.name)) else {
            let _ = writeln!(page, "{line}");
            continue;
        };
        let fits = line.chars().count() + 2 + name.chars().count() <= WIDTH;
        let _ = writeln!(page, "{line}{}{name}", if fits { "  " } else { "\n  " });
    }
    let left_out = (report.hosts.len() - listed.len()) as u64 + report.hosts_omitted;
    if left_out > 0 {
        let _ = writeln!(page, "and {}", counted(left_out, "smaller host"));
    }
    Some(page)
}

/// Says in a word where a host is: the code of its country, or why it is in none.
fn standing(host: &Host) -> String {
    if host.local {
        return "local".into();
    }
    if host.scope != Scope::Global {
        return scope(host.scope).into();
    }
    match (&host.place.country, host.doubt.map(|doubt| doubt.reason)) {
        (_, Some(DoubtReason::Anycast)) => "anycast".into(),
        (Some(country), Some(DoubtReason::TooFar)) => format!("not {country}"),
        (Some(country), None) => country.to_string(),
        (None, _) => UNKNOWN.into(),
    }
}

const fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Global => "global",
        Scope::Private => "private",
        Scope::Shared => "shared",
        Scope::Loopback => "loopback",
        Scope::LinkLocal => "link-local",
        Scope::Multicast => "multicast",
        Scope::Broadcast => "broadcast",
        Scope::Unspecified => "unspecified",
        Scope::Documentation => "documents",
        Scope::Benchmarking => "benchmarks",
        Scope::Ipv4Mapped => "mapped IPv4",
        Scope::Nat64 => "NAT64",
        Scope::Teredo => "Teredo",
        Scope::SixToFour => "6to4",
        Scope::Reserved => "reserved",
    }
}

/// Renders the countries with the most bytes, and how that is known; none where no host has a global address.
pub(super) fn countries<F>(report: &Report<F>) -> Option<String> {
    let places = &report.places;
    if places.countries.is_empty() && places.unknown.hosts == 0 {
        return None;
    }
    let mut table = Table::new([
        ("Where", Side::Left),
        ("hosts", Side::Right),
        ("bytes", Side::Right),
        ("share", Side::Right),
        ("not there", Side::Right),
    ]);
    let whole = report.capture.bytes;
    let mut row = |name: &str, group: &HostGroup, doubtful: String| {
        let volume = volume(group);
        table.row([name.into(), count(group.hosts), bytes(volume), share(volume, whole), doubtful]);
    };
    for of_country in places.countries.iter().take(COUNTRIES) {
        let name = country(&of_country.country).map_or(&*of_country.country, |country| country.name);
        row(name, &of_country.sums, count(of_country.doubtful.hosts));
    }
    let (mut rest, mut rest_doubtful, mut doubtful) = <(HostGroup, HostGroup, HostGroup)>::default();
    for (number, of_country) in places.countries.iter().enumerate() {
        add(&mut doubtful, &of_country.doubtful);
        if number >= COUNTRIES {
            add(&mut rest, &of_country.sums);
            add(&mut rest_doubtful, &of_country.doubtful);
        }
    }
    if rest.hosts > 0 {
        let number = (places.countries.len() - COUNTRIES) as u64;
        row(&format!("{} more", count(number)), &rest, count(rest_doubtful.hosts));
    }
    if places.unknown.hosts > 0 {
        row("not known", &places.unknown, String::new());
    }
    let mut page = table.to_string();
    if doubtful.hosts > 0 {
        let told = format!(
            "{}, {}: said to be there and are not (anycast or CDN)",
            counted(doubtful.hosts, "host"),
            bytes(volume(&doubtful))
        );
        wrap(&mut page, "Not there", &told);
    }
    if let Some(here) = &places.here {
        wrap(&mut page, "Seen from", &seen_from(here));
    }
    Some(page)
}

/// Says where the capture was taken, and by what that is known.
fn seen_from(here: &Here) -> String {
    let place = match &here.country {
        Some(code) => country(code).map_or_else(|| code.to_string(), |country| country.name.into()),
        None => format!("{:.2}, {:.2}", here.latitude, here.longitude),
    };
    let by = match here.source {
        HereSource::Configured => "as configured",
        HereSource::LocalAddress => "by a local address",
        HereSource::TimeZone => "by this machine's time zone",
        HereSource::Demo => "the demo's office",
    };
    format!("{place}, {by}")
}

fn add(to: &mut HostGroup, group: &HostGroup) {
    to.hosts += group.hosts;
    to.flows += group.flows;
    to.bytes_from += group.bytes_from;
    to.bytes_to += group.bytes_to;
}

const fn volume(group: &HostGroup) -> u64 {
    group.bytes_from.saturating_add(group.bytes_to)
}

#[cfg(test)]
mod tests {
    use netsonde_messages::{CountrySums, HostName, NameSource, Place, PlaceDoubt};

    use super::super::sample;
    use super::*;

    fn at(country: Option<&'static str>, reason: Option<DoubtReason>) -> Host {
        let doubt =
            reason.map(|reason| PlaceDoubt { reason, rtt_ms: None, reach_km: None, distance_km: None });
        let place = Place { country: country.map(Into::into), ..Place::UNKNOWN };
        Host { place, doubt, bytes_in: 1_000, ..Host::silent([8, 8, 4, 4].into()) }
    }

    fn of(hosts: u64, bytes: u64) -> HostGroup {
        HostGroup { hosts, flows: hosts, bytes_from: bytes, bytes_to: 0 }
    }

    #[test]
    fn a_host_is_in_a_country_or_it_is_said_why_it_is_in_none() {
        assert_eq!(standing(&at(Some("US"), None)), "US");
        assert_eq!(standing(&at(Some("US"), Some(DoubtReason::TooFar))), "not US");
        assert_eq!(standing(&at(Some("US"), Some(DoubtReason::Anycast))), "anycast");
        assert_eq!(standing(&at(None, None)), "-");
        assert_eq!(standing(&Host { scope: Scope::Private, ..at(None, None) }), "private");
        assert_eq!(standing(&Host { local: true, scope: Scope::Private, ..at(None, None) }), "local");
    }

    #[test]
    fn hosts_have_the_name_that_is_trusted_most_and_the_smaller_ones_are_counted() {
        let mut report = sample::empty();
        let name = |name: &str, source| HostName { name: name.into(), source };
        let named = vec![name("dns.google", NameSource::TlsSni), name("other", NameSource::ReverseDns)];
        report.hosts = vec![Host { named, ..at(Some("US"), None) }; HOSTS + 2];
        report.hosts_omitted = 3;
        let page = hosts(&report).unwrap();
        let lines: Vec<_> = page.lines().collect();
        assert_eq!(lines[0], "Largest hosts  where  received  sent  name");
        assert_eq!(lines[1], "8.8.4.4        US       1.0 kB   0 B  dns.google");
        // Two that are there, and three that are not.
        assert_eq!((lines.len(), lines[11]), (12, "and 5 smaller hosts"));
    }

    #[test]
    fn the_largest_countries_are_named_and_the_others_summed() {
        let mut report = sample::empty();
        report.capture.bytes = 10_000;
        let sums = |code: &'static str, bytes, doubtful| CountrySums {
            country: code.into(),
            sums: of(2, bytes),
            doubtful,
        };
        let none = HostGroup::default;
        report.places.countries = vec![
            sums("US", 4_000, of(1, 1_000)),
            sums("DE", 2_000, none()),
            sums("FR", 1_000, none()),
            sums("JP", 900, none()),
            sums("AU", 800, none()),
            sums("BR", 500, of(2, 500)),
            sums("CL", 300, none()),
        ];
        report.places.unknown = of(1, 100);
        report.places.here = Some(Here {
            country: Some("DE".into()),
            latitude: 51.0,
            longitude: 10.0,
            source: HereSource::TimeZone,
        });
        let page = countries(&report).unwrap();
        let expected = "\
Where          hosts   bytes   share  not there
United States      2  4.0 kB  40.0 %          1
Germany            2  2.0 kB  20.0 %          0
France             2  1.0 kB  10.0 %          0
Japan              2   900 B   9.0 %          0
Australia          2   800 B   8.0 %          0
2 more             4   800 B   8.0 %          2
not known          1   100 B   1.0 %
Not there   3 hosts, 1.5 kB: said to be there and are not (anycast or CDN)
Seen from   Germany, by this machine's time zone
";
        assert!(page == expected, "{page}");
    }

    #[test]
    fn where_no_host_is_anywhere_nothing_is_said() {
        let report = sample::empty();
        assert_eq!((hosts(&report), countries(&report)), (None, None));
        let point =
            Here { country: None, latitude: 52.5167, longitude: 13.4, source: HereSource::Configured };
        assert_eq!(seen_from(&point), "52.52, 13.40, as configured");
    }
}
