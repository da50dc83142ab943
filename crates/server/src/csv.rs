//! Flows as comma-separated values (RFC 4180), for a spreadsheet.

use std::borrow::Cow;

use netsonde_messages::Flow;
use netsonde_messages::stream::FlowListed;

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

/// Writes a line for each flow below one with the names of the columns.
pub(crate) fn of_flows(flows: &[FlowListed]) -> String {
    let mut text = COLUMNS.join(",");
    text.push_str("\r\n");
    for listed in flows {
        let cells = cells(&listed.flow);
        let cells: Vec<_> = cells.iter().map(|one| cell(one)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
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
