//! Flows and hosts as comma-separated values (RFC 4180), for a spreadsheet.

use std::borrow::Cow;

use netsonde_messages::stream::{FlowListed, HostListed};
use netsonde_messages::{Flow, Host};

/// The most flows of a table: more than anybody reads, and quickly made.
pub(crate) const MOST_FLOWS: u64 = 5_000;

/// The names of the columns, as in the JSON.
const COLUMNS: [&str; 21] = [
    "protocol",
    "transport",
    "client",
    "client_port",
    "server",
    "server_port",
    "first_seen",
    "duration_s",
    "state",
    "packets_up",
    "packets_down",
    "bytes_up",
    "bytes_down",
    "retransmissions",
    "rtt_ms_mean",
    "initial_rtt_ms",
    "app",
    "category",
    "hostname",
    "sni",
    "encrypted",
];

/// The names of the columns of hosts, as in the JSON.
const HOST_COLUMNS: [&str; 21] = [
    "address",
    "local",
    "scope",
    "name",
    "name_source",
    "country",
    "city",
    "asn",
    "organization",
    "anycast",
    "doubt",
    "bytes_in",
    "bytes_out",
    "packets_in",
    "packets_out",
    "flows",
    "resent",
    "rtt_ms",
    "first_seen",
    "last_seen",
    "app",
];

/// Writes a line for each flow below one with the names of the columns.
pub(crate) fn of_flows(flows: &[FlowListed]) -> String {
    written(&COLUMNS, flows.iter().map(|listed| cells(&listed.flow)))
}

/// Writes a line for each host below one with the names of the columns.
pub(crate) fn of_hosts(hosts: &[HostListed]) -> String {
    written(&HOST_COLUMNS, hosts.iter().map(|listed| host_cells(&listed.host)))
}

fn written<const N: usize>(columns: &[&str; N], lines: impl Iterator<Item = [String; N]>) -> String {
    let mut text = columns.join(",");
    text.push_str("\r\n");
    for cells in lines {
        let cells: Vec<_> = cells.iter().map(|one| cell(one)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

fn host_cells(host: &Host) -> [String; HOST_COLUMNS.len()] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let name = host.named.first();
    [
        host.address.to_string(),
        host.local.to_string(),
        word(host.scope),
        name.map(|name| name.name.clone()).unwrap_or_default(),
        name.map(|name| word(name.source)).unwrap_or_default(),
        known(host.place.country.as_ref()),
        text(&host.place.city),
        known(host.place.asn),
        text(&host.place.organization),
        host.place.anycast.to_string(),
        host.doubt.map(|doubt| word(doubt.reason)).unwrap_or_default(),
        host.bytes_in.to_string(),
        host.bytes_out.to_string(),
        host.packets_in.to_string(),
        host.packets_out.to_string(),
        host.flows.to_string(),
        host.resent.to_string(),
        known(host.rtt_ms),
        text(&host.first_seen),
        text(&host.last_seen),
        known(host.apps.first().map(|app| &app.app)),
    ]
}

/// Returns the word that the JSON has for one of several.
fn word(one: impl serde::Serialize) -> String {
    serde_json::to_value(one).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn cells(flow: &Flow) -> [String; COLUMNS.len()] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        flow.protocol.to_string(),
        flow.transport.to_string(),
        flow.client.to_string(),
        known(flow.client_port),
        flow.server.to_string(),
        known(flow.server_port),
        text(&flow.first_seen),
        known(flow.duration_s),
        known(flow.state),
        flow.packets_up.to_string(),
        flow.packets_down.to_string(),
        flow.bytes_up.to_string(),
        flow.bytes_down.to_string(),
        known(flow.retransmissions),
        known(flow.rtt_ms_mean),
        known(flow.initial_rtt_ms),
        known(flow.app.as_ref()),
        known(flow.category.as_ref()),
        text(&flow.hostname),
        text(&flow.sni),
        flow.encrypted.to_string(),
    ]
}

/// What is unknown is an empty cell.
fn known(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Quotes a cell where it must be. One that a spreadsheet would take for a formula begins with an apostrophe, which it
/// takes for the sign of a text: names come from the wire.
fn cell(text: &str) -> Cow<'_, str> {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if !is_formula && !text.contains([',', '"', '\r', '\n']) {
        return Cow::Borrowed(text);
    }
    let defused = if is_formula { "'" } else { "" };
    Cow::Owned(format!("\"{defused}{}\"", text.replace('"', "\"\"")))
}

#[cfg(test)]
mod tests {
    use netsonde_messages::{DoubtReason, HostApp, HostName, NameSource, Place, PlaceDoubt};

    use super::*;

    #[test]
    fn a_line_has_a_cell_for_each_name_and_nothing_where_nothing_is_known() {
        let flow = r#"{"id":1,"active":false,"up_bps":null,"down_bps":null,"recent_bps":[],"protocol":"TLS","transport":"TCP",
            "client":"192.0.2.1","client_port":40000,"server":"2001:db8::7","server_port":443,"first_seen":null,
            "last_seen":null,"duration_s":1.5,"state":"established","packets_up":3,"packets_down":4,"bytes_up":300,
            "bytes_down":400,"goodput_bytes_up":0,"goodput_bytes_down":0,"icmp_errors":0,"retransmissions":0,
            "rtt_ms_mean":null,"initial_rtt_ms":null,"app":null,"category":null,"evidence":{"kind":"none","value":null,
            "learned_at":null},"hostname":null,"sni":"=1,2.example","alpn":null,"ja3":null,"ja4":null,"encrypted":true}"#;
        let text = of_flows(&[serde_json::from_str(flow).unwrap()]);
        let (names, line) = text.split_once("\r\n").unwrap();
        let expected = "TLS,TCP,192.0.2.1,40000,2001:db8::7,443,,1.5,established,3,4,300,400,0,,,,,,\"'=1,2.example\",true\r\n";
        assert_eq!(line, expected);
        // One comma stands inside the quotes.
        assert_eq!(names.matches(',').count() + 1, line.matches(',').count());
    }

    #[test]
    fn a_host_has_its_name_its_place_and_what_speaks_against_it() {
        let name = HostName { name: "=cmd|x,y".into(), source: NameSource::TlsSni };
        let doubt =
            PlaceDoubt { reason: DoubtReason::TooFar, rtt_ms: None, reach_km: None, distance_km: None };
        let place = Place { country: Some("DE".into()), asn: Some(64_496), ..Place::UNKNOWN };
        let (named, apps) = (vec![name], vec![HostApp { app: "Netflix".into(), bytes: 7 }]);
        let silent = Host::silent([1, 0, 0, 1].into());
        let host = Host { named, place, doubt: Some(doubt), apps, bytes_in: 7, rtt_ms: Some(2.5), ..silent };
        let listed = HostListed { active: false, in_bps: None, out_bps: None, recent_bps: Vec::new(), host };
        let text = of_hosts(&[listed]);
        let (names, line) = text.split_once("\r\n").unwrap();
        let expected = "1.0.0.1,false,global,\"'=cmd|x,y\",tls_sni,DE,,64496,,false,too_far,7,0,0,0,0,0,2.5,,,Netflix\r\n";
        assert_eq!(line, expected);
        // One comma stands inside the quotes.
        assert_eq!(names.matches(',').count() + 1, line.matches(',').count());
    }

    #[test]
    fn cells_that_a_spreadsheet_would_compute_are_text() {
        for (text, expected) in [
            ("plain.example", "plain.example"),
            ("2001:db8::1", "2001:db8::1"),
            ("a,b", "\"a,b\""),
            ("say \"so\"", "\"say \"\"so\"\"\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
        ] {
            assert_eq!(cell(text), expected, "{text}");
        }
    }
}
