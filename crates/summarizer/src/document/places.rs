//! Where the traffic went: the countries with the most bytes, and by what that is known.

use netsonde_geolocation::country;
use netsonde_messages::{Attribution, CountrySums, Here, HereSource, HostGroup, Name, Places};
use netsonde_units::quantity::{bytes, count, counted};

use super::tables::{Cell, ROWS, Table, numbers, table, words};
use crate::figures::Figures;

/// The countries with the most bytes; none where no host has a global address.
pub(super) fn countries(figures: &Figures<'_>) -> Option<Table> {
    let places = &figures.measured.places.places;
    let total = figures.total().bytes;
    let row = |name: String, group: &HostGroup, doubtful: String| {
        let volume = volume(group);
        vec![
            Cell::Text(name),
            Cell::Text(count(group.hosts)),
            Cell::Text(bytes(volume)),
            Cell::share(volume, total),
            Cell::Text(doubtful),
        ]
    };
    let of_country = |of: &CountrySums| row(name(&of.country), &of.sums, count(of.doubtful.hosts));
    let mut rows: Vec<_> = places.countries.iter().take(ROWS).map(of_country).collect();
    if places.unknown.hosts > 0 {
        rows.push(row("not known".into(), &places.unknown, String::new()));
    }
    let left_out = places.countries.len().saturating_sub(ROWS) as u64;
    let others = (left_out > 0).then(|| {
        let noun = if left_out == 1 { "country" } else { "countries" };
        format!("{} more {noun}.", count(left_out))
    });
    table(
        "The countries that hosts with the most bytes are said to be in",
        [words("Country"), numbers("Hosts"), numbers("Bytes"), numbers("Of all bytes"), numbers("Not there")],
        rows,
        others,
    )
}

/// Says how far that is to be trusted; nothing where no host has a global address.
pub(super) fn method(figures: &Figures<'_>) -> Vec<(&'static str, String)> {
    let places = &figures.measured.places.places;
    if are_empty(places) {
        return Vec::new();
    }
    let doubtful: u64 = places.countries.iter().map(|of| of.doubtful.hosts).sum();
    let from = places.here.as_ref().map_or_else(
        || {
            "where this was captured is not known, so that only what is announced from many places is doubted"
                .into()
        },
        |here| format!("captured in {}", seen_from(here)),
    );
    let doubt = if doubtful > 0 {
        format!(
            "; {} not where they are said to be: announced from many places, or answering faster than light in fibre \
             comes there and back (anycast or CDN)",
            if doubtful == 1 { "1 host is".into() } else { format!("{} are", counted(doubtful, "host")) }
        )
    } else {
        String::new()
    };
    vec![("Where", format!("{from}{doubt}."))]
}

/// Whom the licences of what places are known by ask to be named, each once; nobody where no host has a global address.
pub(super) fn credits<'a>(figures: &Figures<'a>) -> Vec<&'a Attribution> {
    let places = &figures.measured.places.places;
    let mut credits = Vec::new();
    if are_empty(places) {
        return credits;
    }
    for credit in places.databases.iter().filter_map(|database| database.attribution.as_ref()) {
        if !credits.contains(&credit) {
            credits.push(credit);
        }
    }
    credits
}

/// Returns where a credit leads, if it is the address of a page.
pub(super) fn leads_to(credit: &Attribution) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&*+,;=%".contains(&byte);
    let is_page = credit.url.starts_with("https://") || credit.url.starts_with("http://");
    (is_page && credit.url.bytes().all(is_plain)).then_some(credit.url.as_str())
}

fn are_empty(places: &Places) -> bool {
    places.countries.is_empty() && places.unknown.hosts == 0
}

fn seen_from(here: &Here) -> String {
    let place = match &here.country {
        Some(code) => name(code),
        None => format!("{:.2}, {:.2} (degrees north and east)", here.latitude, here.longitude),
    };
    let by = match here.source {
        HereSource::Configured => "as configured",
        HereSource::LocalAddress => "by a local address",
        HereSource::TimeZone => "by the time zone of the machine",
        HereSource::Demo => "the demo's office",
    };
    format!("{place}, {by}")
}

/// What a country is called in English; its code where that is not known.
fn name(code: &Name) -> String {
    country(code).map_or_else(|| code.to_string(), |country| country.name.into())
}

const fn volume(group: &HostGroup) -> u64 {
    group.bytes_from.saturating_add(group.bytes_to)
}
