//! The report for a person: aligned, at most 100 columns where the names allow it, no colour.

mod apps;
mod attention;
mod findings;
mod media;
mod places;
mod quality;
#[cfg(test)]
mod sample;
mod secure;
mod table;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::fmt::{Display, Write as _};
use std::net::{IpAddr, SocketAddr};

use netsonde_messages::{
    Capture, CaptureEngine, DirectionTotal, Flow, InterfaceRow, Local, LocalRule, Rates, Report, TopTalker,
    rfc3339,
};
use netsonde_units::quantity::{
    self, bits_per_second, bytes, count, counted, duration, per_second, percentage, share,
};
use netsonde_units::{Timestamp, is_hidden};

use self::table::{Side, Table};

const WIDTH: usize = 100;
/// The column where the facts at the top begin, behind their labels.
const FACT_COLUMN: usize = 12;
/// How many protocols are listed; the others are summed.
const PROTOCOLS: usize = 10;
/// How many local networks are named.
const NETWORKS: usize = 6;

/// Renders a report with its flows, which are put in order of bytes.
pub(crate) fn report<F>(report: &Report<F>, flows: Vec<Flow>) -> String {
    let mut page = facts(report);
    section(&mut page, &directions(report));
    section(&mut page, &protocols(report));
    if let Some(apps) = apps::apps(report) {
        section(&mut page, &apps);
    }
    for media in [media::calls(report), media::streams(report)].into_iter().flatten() {
        section(&mut page, &media);
    }
    if !report.top_talkers.is_empty() {
        section(&mut page, &talkers(&report.top_talkers, report.capture.bytes));
    }
    for places in [places::hosts(report), places::countries(report)].into_iter().flatten() {
        section(&mut page, &places);
    }
    if !flows.is_empty() {
        section(&mut page, &largest_flows(flows, report.flows_omitted));
    }
    page
}

/// Renders one line for a live capture whose reader is no terminal.
pub(crate) fn line<F>(report: &Report<F>, now: Timestamp) -> String {
    let rates = &report.throughput;
    let mut line = format!(
        "{}  {}  in {}  out {}  internal {}  transit {}  {} packets/s",
        time_of_day(now),
        counted(report.capture.packets, "packet"),
        bits_per_second(rates.inbound.throughput_bps),
        bits_per_second(rates.outbound.throughput_bps),
        bits_per_second(rates.internal.throughput_bps),
        bits_per_second(rates.transit.throughput_bps),
        per_second(rates.total.packets_per_second),
    );
    let drops = report.capture.kernel_drops.unwrap_or(0) + report.capture.interface_drops.unwrap_or(0);
    if drops > 0 {
        let _ = write!(line, "  {} dropped", count(drops));
    }
    line
}

/// Renders the list of interfaces.
pub(crate) fn interfaces(rows: &[InterfaceRow]) -> String {
    let mut table = Table::new([
        ("Interface", Side::Left),
        ("State", Side::Left),
        ("Capture", Side::Left),
        ("Addresses and description", Side::Left),
    ]);
    for row in rows {
        let addresses = row.addresses.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(", ");
        let description = row.description.as_deref().unwrap_or_default();
        let separator = if addresses.is_empty() || description.is_empty() { "" } else { "; " };
        let engine = if row.engines == [CaptureEngine::Tshark] { " (tshark only)" } else { "" };
        let may_capture = match row.may_capture {
            Some(true) => "yes",
            Some(false) => "no",
            None => "unknown",
        };
        table.row([
            printable(&row.name).into_owned(),
            row.state.to_string(),
            may_capture.into(),
            format!("{addresses}{separator}{}{engine}", printable(description)),
        ]);
    }
    let mut page = table.to_string();
    let mut problems = rows.iter().filter_map(|row| row.capture_problem.as_deref()).collect::<Vec<_>>();
    problems.dedup();
    for problem in problems {
        let _ = writeln!(page, "\nNo capture: {}", printable(problem));
    }
    page
}

/// Shows the control characters and the hidden ones of a text from elsewhere instead of sending them to the terminal.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_hidden) {
        text.chars().flat_map(|c| if is_hidden(c) { c.escape_default().collect() } else { vec![c] }).collect()
    } else {
        Cow::Borrowed(text)
    }
}

/// Renders the labelled lines at the top.
fn facts<F>(report: &Report<F>) -> String {
    let (ip, encryption) = (&report.ip_composition, &report.encryption_composition);
    let (tcp, udp) = (&report.tcp, &report.udp);
    let mut page = String::new();
    let mut fact = |label: &str, text: &str| wrap(&mut page, label, text);
    for (place, line) in findings::lines(&report.findings).iter().enumerate() {
        fact(if place == 0 { "Findings" } else { "" }, line);
    }
    fact("Capture", &origin(&report.capture));
    fact("Time", &time_span(&report.capture));
    fact("Volume", &volume(report.capture.packets, report.capture.bytes));
    fact("Local", &local(&report.local));
    fact(
        "IP",
        &format!(
            "IPv4 {} ({}), IPv6 {} ({}), other {}",
            count(ip.ipv4_packets),
            percentage(ip.ipv4_percentage),
            count(ip.ipv6_packets),
            percentage(ip.ipv6_percentage),
            count(ip.other_packets),
        ),
    );
    fact(
        "Encrypted",
        &format!(
            "{} ({}); unencrypted {}",
            volume(encryption.encrypted_packets, encryption.encrypted_bytes),
            percentage(encryption.encrypted_percentage),
            volume(encryption.unencrypted_packets, encryption.unencrypted_bytes),
        ),
    );
    fact(
        "TCP",
        &format!(
            "{}, {} ({} with data), {} reset, {} refused, {} timed out",
            counted(tcp.connections, "connection"),
            counted(tcp.packets, "packet"),
            count(tcp.data_segments),
            count(tcp.resets),
            count(tcp.refused),
            count(tcp.timed_out),
        ),
    );
    fact(
        "UDP",
        &format!("{}, {}", counted(udp.conversations, "conversation"), counted(udp.packets, "packet")),
    );
    for (label, text) in quality::facts(report) {
        fact(label, &text);
    }
    for warning in attention::warnings(report) {
        fact("Attention", &warning);
    }
    page
}

fn directions<F>(report: &Report<F>) -> String {
    let mut table = Table::new([
        ("Direction", Side::Left),
        ("packets", Side::Right),
        ("bytes", Side::Right),
        ("goodput", Side::Right),
        ("now", Side::Right),
        ("average", Side::Right),
        ("peak", Side::Right),
        ("pps", Side::Right),
        ("peak", Side::Right),
    ]);
    let (totals, rates) = (&report.totals, &report.throughput);
    let rows = [
        ("inbound", &totals.inbound, &rates.inbound),
        ("outbound", &totals.outbound, &rates.outbound),
        ("internal", &totals.internal, &rates.internal),
        ("transit", &totals.transit, &rates.transit),
    ];
    for (name, total, rates) in rows {
        table.row(direction(name, total, rates));
    }
    let sum = |part: fn(&DirectionTotal) -> u64| rows.iter().map(|(_, total, _)| part(total)).sum();
    let total = DirectionTotal {
        packets: sum(|total| total.packets),
        bytes: sum(|total| total.bytes),
        goodput_bytes: sum(|total| total.goodput_bytes),
    };
    table.row(direction("total", &total, &rates.total));
    table.to_string()
}

fn direction(name: &str, total: &DirectionTotal, rates: &Rates) -> [String; 9] {
    [
        name.into(),
        count(total.packets),
        bytes(total.bytes),
        bytes(total.goodput_bytes),
        bits_per_second(rates.throughput_bps),
        bits_per_second(rates.throughput_bps_average),
        bits_per_second(rates.throughput_bps_peak),
        per_second(rates.packets_per_second_average),
        per_second(rates.packets_per_second_peak),
    ]
}

fn protocols<F>(report: &Report<F>) -> String {
    let mut table = Table::new([
        ("Protocol", Side::Left),
        ("packets", Side::Right),
        ("share", Side::Right),
        ("bytes", Side::Right),
        ("share", Side::Right),
    ]);
    let capture = &report.capture;
    let mut row = |name: &str, packets: u64, volume: u64| {
        table.row([
            name.into(),
            count(packets),
            share(packets, capture.packets),
            bytes(volume),
            share(volume, capture.bytes),
        ]);
    };
    for protocol in report.protocols.iter().take(PROTOCOLS) {
        row(&protocol.name, protocol.packets, protocol.bytes);
    }
    let others = report.protocols.iter().skip(PROTOCOLS);
    let (number, packets, volume) = others.fold((0_u64, 0, 0), |(number, packets, volume), protocol| {
        (number + 1, packets + protocol.packets, volume + protocol.bytes)
    });
    if number > 0 {
        row(&format!("{} more", count(number)), packets, volume);
    }
    table.to_string()
}

fn talkers(talkers: &[TopTalker], whole: u64) -> String {
    let mut table = Table::new([
        ("Top talkers: source", Side::Left),
        ("destination", Side::Left),
        ("bytes", Side::Right),
        ("share", Side::Right),
    ]);
    for talker in talkers {
        table.row([
            talker.source.to_string(),
            talker.destination.to_string(),
            bytes(talker.bytes),
            share(talker.bytes, whole),
        ]);
    }
    table.to_string()
}

/// Renders the flows, largest first; two IPv6 ends do not fit beside the numbers and get a line of their own.
fn largest_flows(mut flows: Vec<Flow>, omitted: u64) -> String {
    flows.sort_by_key(|flow| Reverse(flow.bytes_up.saturating_add(flow.bytes_down)));
    let mut table = Table::new([
        ("Largest flows", Side::Left),
        ("state", Side::Left),
        ("up", Side::Right),
        ("down", Side::Right),
        ("lasted", Side::Right),
    ]);
    for flow in &flows {
        table.row([
            flow.protocol.clone().into_owned(),
            flow.state.map_or_else(|| quantity::UNKNOWN.into(), |state| state.to_string()),
            bytes(flow.bytes_up),
            bytes(flow.bytes_down),
            duration(flow.duration_s),
        ]);
    }
    let table = table.to_string();
    let mut lines = table.lines();
    let mut page = String::new();
    let _ = writeln!(page, "{}  client > server", lines.next().unwrap_or_default());
    for (line, flow) in lines.zip(&flows) {
        let ends = format!("{} > {}", end(flow.client, flow.client_port), end(flow.server, flow.server_port));
        let separator = if line.chars().count() + 2 + ends.len() <= WIDTH { "  " } else { "\n  " };
        let _ = writeln!(page, "{line}{separator}{ends}");
    }
    if omitted > 0 {
        let _ = writeln!(page, "and {}", counted(omitted, "smaller flow"));
    }
    page
}

fn end(address: IpAddr, port: Option<u16>) -> String {
    port.map_or_else(|| address.to_string(), |port| SocketAddr::new(address, port).to_string())
}

fn origin(capture: &Capture) -> String {
    let name = match (&capture.interface, capture.files.as_slice()) {
        (Some(interface), _) => format!("{interface}, live"),
        (None, [first, _, ..]) => format!("{first} and {} more", capture.files.len() - 1),
        (None, [only]) => only.clone(),
        (None, []) => capture.file.clone().unwrap_or_else(|| quantity::UNKNOWN.into()),
    };
    let links = if capture.link_types.is_empty() {
        String::new()
    } else {
        format!(" ({})", capture.link_types.join(", "))
    };
    printable(&format!("{name}{links}")).into_owned()
}

fn time_span(capture: &Capture) -> String {
    let (Some(first), Some(last)) = (&capture.first_seen, &capture.last_seen) else {
        return quantity::UNKNOWN.into();
    };
    format!(
        "{} to {} UTC ({})",
        to_the_millisecond(first),
        to_the_millisecond(last),
        duration(capture.duration_s)
    )
}

/// Shortens `2001-09-09T01:46:40.123456789Z` to `2001-09-09 01:46:40.123`.
fn to_the_millisecond(rfc3339: &str) -> String {
    rfc3339.chars().take(23).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

fn time_of_day(at: Timestamp) -> String {
    rfc3339(at.nanos()).chars().skip(11).take(8).collect()
}

fn local(local: &Local) -> String {
    let networks = local.networks.iter().take(NETWORKS).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = local.networks.len().saturating_sub(NETWORKS);
    match (networks.as_str(), more) {
        // The private ranges are the same everywhere.
        _ if local.rule == LocalRule::PrivateRanges => local.rule.name().into(),
        ("", _) => local.rule.name().into(),
        (networks, 0) => format!("{}: {networks}", local.rule.name()),
        (networks, more) => format!("{}: {networks} and {more} more", local.rule.name()),
    }
}

fn volume(packets: u64, wire_bytes: u64) -> String {
    format!("{}, {}", counted(packets, "packet"), bytes(wire_bytes))
}

fn section(page: &mut String, part: &dyn Display) {
    let _ = write!(page, "\n{part}");
}

/// Splits a text where a line may end: not between a number and its unit.
fn words(text: &str) -> impl Iterator<Item = &str> {
    const UNITS: [&str; 4] = ["%", "s", "ms", "µs"];
    let is_unit = |word: &str| UNITS.contains(&word.trim_end_matches([',', ';', ')']));
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.match_indices(' ').map(|(at, _)| at).find(|&at| {
            let next = text.get(at + 1..).and_then(|after| after.split(' ').next());
            !next.is_some_and(is_unit)
        });
        let (word, after) = end.and_then(|at| text.split_at_checked(at)).unwrap_or((text, ""));
        rest = end.and_then(|_| after.get(1..));
        Some(word)
    })
}

/// Writes a labelled text, broken at spaces to stay within the page.
fn wrap(page: &mut String, label: &str, text: &str) {
    let mut line = format!("{label:<FACT_COLUMN$}");
    let mut filled = FACT_COLUMN;
    for word in words(text) {
        let width = word.chars().count();
        if filled > FACT_COLUMN && filled + 1 + width > WIDTH {
            let _ = writeln!(page, "{line}");
            line = " ".repeat(FACT_COLUMN);
            filled = FACT_COLUMN;
        } else if filled > FACT_COLUMN {
            line.push(' ');
            filled += 1;
        }
        line.push_str(word);
        filled += width;
    }
    let _ = writeln!(page, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2001-09-09T01:46:42Z
    const NOW: Timestamp = Timestamp::from_nanos(1_000_000_002_000_000_000);

    #[test]
    fn page_is_the_golden_text() {
        assert_eq!(report(&sample::office(), sample::flows()), sample::OFFICE_PAGE);
    }

    #[test]
    fn page_of_the_longest_names_stays_within_its_width() {
        let (report_, flows) = sample::widest();
        let page = report(&report_, flows);
        for line in page.lines() {
            assert!(line.chars().count() <= WIDTH, "{} columns: {line}", line.chars().count());
        }
    }

    #[test]
    fn a_line_does_not_end_between_a_number_and_its_unit() {
        let split: Vec<_> = words("p99 35.7 ms; near 12 s (4.0 %) in all").collect();
        assert_eq!(split, ["p99", "35.7 ms;", "near", "12 s", "(4.0 %)", "in", "all"]);
    }

    #[test]
    fn empty_capture_has_a_page_without_numbers_made_up() {
        let page = report(&sample::empty(), Vec::new());
        assert!(page.contains("Time        -\n"), "{page}");
        assert!(page.contains("IPv4 0 (-), IPv6 0 (-), other 0"), "{page}");
        assert!(!page.contains("NaN") && !page.contains("Attention"), "{page}");
    }

    #[test]
    fn questions_given_up_early_are_told() {
        let mut early = sample::empty();
        (early.dns.forgotten, early.icmp.echo_forgotten) = (3, 1);
        let told = [
            "3 DNS questions waited for less than 5 s: time-outs may be missing",
            "1 echo request waited for less than 5 s: losses may be missing",
        ];
        assert_eq!(attention::warnings(&early), told);
    }

    #[test]
    fn control_characters_and_hidden_ones_are_shown_not_sent() {
        assert_eq!(printable("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\\n");
        // What turns the direction of writing makes "exe.pcap" of "pacp.exe".
        assert_eq!(printable("\u{202e}pacp.exe\u{200b}"), "\\u{202e}pacp.exe\\u{200b}");
        assert_eq!(printable("büro.pcap"), "büro.pcap");
    }

    #[test]
    fn live_line_is_one_line_and_names_drops_only_when_there_are_some() {
        let mut office = sample::office();
        assert_eq!(
            line(&office, NOW),
            "01:46:42  31 packets  in 24.0 kbps  out 8.8 kbps  internal 0 bps  transit -  31 packets/s"
        );
        office.capture.kernel_drops = Some(1234);
        assert!(line(&office, NOW).ends_with("31 packets/s  1,234 dropped"), "{}", line(&office, NOW));
    }
}
