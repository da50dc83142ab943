//! Every field of the two large messages: there, of its type, and right.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::client::{Client, count, number, numbers};
use super::traffic;
use crate::support::Running;

/// What both messages hold; `PROTOCOL` stands for the rates of each.
const BOTH: &str = "
type string
metrics.status string
metrics.last_update string
metrics.inbound_throughput number
metrics.inbound_throughput_peak number
metrics.inbound_throughput_avg number
metrics.outbound_throughput number
metrics.outbound_throughput_peak number
metrics.outbound_throughput_avg number
metrics.inbound_goodput number
metrics.inbound_goodput_peak number
metrics.inbound_goodput_avg number
metrics.outbound_goodput number
metrics.outbound_goodput_peak number
metrics.outbound_goodput_avg number
metrics.latency number
metrics.jitter number
metrics.packets_per_second number
metrics.protocol_distribution.TCP number
metrics.protocol_distribution.UDP number
metrics.protocol_distribution.RTP number
metrics.protocol_distribution.TLS number
metrics.protocol_distribution.QUIC number
metrics.protocol_distribution.DNS number
metrics.protocol_distribution.IGMP number
metrics.protocol_distribution.Others number
metrics.streamCount number
metrics.totalPackets number
packets_Per_Second number
tcp_metrics.latency number
tcp_metrics.latency_peak number
tcp_metrics.latency_avg number
tcp_metrics.packet_loss number
tcp_metrics.packet_loss_percentage number
rtp_metrics.jitter number
rtp_metrics.jitter_peak number
rtp_metrics.jitter_avg number
rtp_metrics.packet_loss number
rtp_metrics.packet_loss_percentage number
ip_composition.ipv4_packets number
ip_composition.ipv6_packets number
ip_composition.ipv4_packets_cumulative number
ip_composition.ipv6_packets_cumulative number
ip_composition.total_packets number
ip_composition.ipv4_percentage number
ip_composition.ipv6_percentage number
encryption_composition.encrypted_packets number
encryption_composition.unencrypted_packets number
encryption_composition.encrypted_packets_cumulative number
encryption_composition.unencrypted_packets_cumulative number
encryption_composition.total_packets number
encryption_composition.encrypted_percentage number
encryption_composition.unencrypted_percentage number
top_talkers[0] string
top_talkers[1] string
top_talkers[2] number
top_talkers[3] string
";
const PROTOCOL: [&str; 7] = [
    "packets_per_second number",
    "inbound_throughput number",
    "inbound_throughput_peak number",
    "inbound_throughput_avg number",
    "outbound_throughput number",
    "outbound_throughput_peak number",
    "outbound_throughput_avg number",
];
const PROTOCOLS: [&str; 8] = ["tcp", "rtp", "quic", "udp", "dns", "igmp", "ipv4", "ipv6"];
const PACKET: [&str; 7] = ["no", "time", "source", "destination", "protocol", "length", "info"];

fn expected(packets: &str, more: &[&str]) -> BTreeSet<String> {
    let rates = |name: &str| PROTOCOL.map(|field| format!("{name}_metrics.{field}"));
    let lines = BOTH.lines().filter(|line| !line.is_empty()).map(str::to_owned);
    let packets = PACKET.map(|field| format!("{packets}[].{field} string"));
    let more = more.iter().map(|line| (*line).to_owned());
    lines.chain(PROTOCOLS.into_iter().flat_map(rates)).chain(packets).chain(more).collect()
}

/// Lists the fields of a message with their types; a talker's by their places, as its rows have no names.
pub(super) fn fields(path: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields_of) => {
            let dot = if path.is_empty() { "" } else { "." };
            for (name, field) in fields_of {
                fields(&format!("{path}{dot}{name}"), field, found);
            }
        }
        Value::Array(rows) if rows.is_empty() => drop(found.insert(format!("{path} empty"))),
        Value::Array(rows) if path == "top_talkers" => {
            for row in rows {
                for (place, part) in row.as_array().unwrap().iter().enumerate() {
                    fields(&format!("{path}[{place}]"), part, found);
                }
            }
        }
        Value::Array(rows) => rows.iter().for_each(|row| fields(&format!("{path}[]"), row, found)),
        Value::String(_) => drop(found.insert(format!("{path} string"))),
        Value::Number(_) => drop(found.insert(format!("{path} number"))),
        Value::Null => drop(found.insert(format!("{path} null"))),
        Value::Bool(_) => drop(found.insert(format!("{path} bool"))),
    }
}

#[track_caller]
fn assert_fields(message: &Value, expected: &BTreeSet<String>) {
    let mut found = BTreeSet::new();
    fields("", message, &mut found);
    let missing: Vec<_> = expected.difference(&found).collect();
    let beyond: Vec<_> = found.difference(expected).collect();
    assert!(missing.is_empty() && beyond.is_empty(), "missing {missing:?}, beyond {beyond:?}");
}

/// Fault 68 of the design's public implementation: its page reads a latency and a jitter that were never sent.
/// Fault 75: the first message held the packets twice.
#[tokio::test]
async fn both_large_messages_have_every_field_of_the_contract_and_no_other() {
    let server = Running::with_both(|_| {}, |monitor| monitor.demo = Some(traffic::nine)).unwrap();
    let (mut client, _) = Client::begin(&server).await;
    assert_eq!(client.start("demo").await["success"], true);
    let update =
        client.until(|message| message["new_packets"].as_array().is_some_and(|p| !p.is_empty())).await;
    assert_fields(&update, &expected("new_packets", &["new_geolocations empty"]));
    let (_, first) = Client::begin(&server).await;
    let interfaces = ["id", "name", "full_path"].map(|field| format!("interfaces[].{field} string"));
    let more: Vec<_> = interfaces.iter().map(String::as_str).chain(["new_packets empty"]).collect();
    assert_fields(&first, &expected("packets", &more));
}

/// What is empty is 0 and blank, so that the client can call a number's methods on it.
#[tokio::test]
async fn before_the_first_session_everything_is_zero() {
    let server = Running::start();
    let (_, first) = Client::begin(&server).await;
    let mut found = BTreeSet::new();
    fields("", &first, &mut found);
    assert!(!found.iter().any(|field| field.ends_with("null")), "{found:?}");
    assert_eq!(first["metrics"]["status"], "stopped");
    for name in PROTOCOLS {
        let rates = first[format!("{name}_metrics")].as_object().unwrap();
        assert!(rates.values().all(|rate| number(rate).abs() < f64::EPSILON), "{name}: {rates:?}");
    }
    // By the program's clock: 2023 or later.
    assert!(first["metrics"]["last_update"].as_str().unwrap() > "2023", "{first}");
}

/// The sums of the nine packets; see `traffic::nine`.
#[tokio::test]
async fn every_number_is_that_of_the_packets() {
    let server = Running::with_both(|_| {}, |monitor| monitor.demo = Some(traffic::nine)).unwrap();
    let (mut client, _) = Client::begin(&server).await;
    client.start("demo").await;
    let (mut packets, mut plain) = (Vec::new(), [0; 5]);
    // A second after the packets the window of the rates is empty, and nothing is new.
    let update = loop {
        let update = client.of_type("update").await;
        packets.extend(numbers(&update["new_packets"]));
        let (ip, encryption) = (&update["ip_composition"], &update["encryption_composition"]);
        let of_update = [
            &update["metrics"]["totalPackets"],
            &ip["ipv4_packets"],
            &ip["ipv6_packets"],
            &encryption["encrypted_packets"],
            &encryption["unencrypted_packets"],
        ];
        assert_eq!(count(&ip["total_packets"]), count(of_update[1]) + count(of_update[2]));
        assert_eq!(count(&encryption["total_packets"]), count(of_update[0]));
        plain = std::array::from_fn(|place| plain[place] + count(of_update[place]));
        let is_quiet = number(&update["packets_Per_Second"]) < 0.5 && count(of_update[0]) == 0;
        if is_quiet && number(&update["metrics"]["inbound_throughput_peak"]) > 0.0 {
            break update;
        }
    };
    // Each packet once, and what the updates say is new sums to the session: 8 of IPv4, 1 of IPv6, 1 encrypted (ESP).
    assert_eq!(packets, (1..=9).collect::<Vec<_>>());
    assert_eq!(plain, [9, 8, 1, 1, 8]);

    let metrics = &update["metrics"];
    assert_eq!(metrics["status"], "running");
    assert_eq!((&metrics["streamCount"], &metrics["totalPackets"]), (&json!(0), &json!(0)));
    assert_eq!(
        metrics["protocol_distribution"],
        json!({"TCP": 1, "UDP": 5, "RTP": 0, "TLS": 0, "QUIC": 0, "DNS": 1, "IGMP": 1, "Others": 1})
    );
    // In: 62 bytes, 20 of them payload. Out is all else: 52 + 72 + 82 + 67 + 50 + 71 + 42 + 54 = 490 bytes, and
    // 10 + 30 + 40 + 5 + 16 + 29 = 130 of payload. All in one second.
    for (name, bits) in [("inbound", 62), ("outbound", 490)].map(|(name, bytes)| (name, bytes * 8)) {
        assert_rate(metrics, &format!("{name}_throughput"), bits);
    }
    assert_rate(metrics, "inbound_goodput", 20 * 8);
    assert_rate(metrics, "outbound_goodput", 130 * 8);
    // A protocol counts what it carries: UDP the DNS query.
    for (name, inbound, outbound) in [
        ("tcp", 0, 54),
        ("udp", 62, 52 + 72 + 82 + 67 + 71),
        ("dns", 0, 71),
        ("igmp", 0, 42),
        ("ipv4", 62, 490 - 67),
        ("ipv6", 0, 67),
        ("rtp", 0, 0),
        ("quic", 0, 0),
    ] {
        let rates = &update[format!("{name}_metrics")];
        assert_rate(rates, "inbound_throughput", inbound * 8);
        assert_rate(rates, "outbound_throughput", outbound * 8);
    }
    let ip = &update["ip_composition"];
    assert_eq!((&ip["ipv4_packets_cumulative"], &ip["ipv6_packets_cumulative"]), (&json!(8), &json!(1)));
    assert!((number(&ip["ipv4_percentage"]) - 800.0 / 9.0).abs() < 1e-9, "{ip}");
    assert!((number(&ip["ipv6_percentage"]) - 100.0 / 9.0).abs() < 1e-9, "{ip}");
    let encryption = &update["encryption_composition"];
    assert_eq!(encryption["encrypted_packets_cumulative"], 1);
    assert_eq!(encryption["unencrypted_packets_cumulative"], 8);
    assert!((number(&encryption["encrypted_percentage"]) - 100.0 / 9.0).abs() < 1e-9, "{encryption}");
    assert!((number(&encryption["unencrypted_percentage"]) - 800.0 / 9.0).abs() < 1e-9, "{encryption}");
    // From here, largest first: 52 + 50 + 54 bytes to the server.
    assert_eq!(
        update["top_talkers"],
        json!([
            ["192.168.0.2", "203.0.113.7", 3, "156"],
            ["192.168.0.2", "192.168.0.3", 1, "72"],
            ["192.168.0.2", "203.0.113.53", 1, "71"],
            ["fd00::2", "2001:db8::1", 1, "67"],
            ["192.168.0.2", "224.0.0.1", 1, "42"],
        ])
    );
}

/// A rate of one busy second, long over: 0 at the moment, all of it at its peak, and less on average.
#[track_caller]
fn assert_rate(rates: &Value, name: &str, bits: u32) {
    let of = |ending: &str| number(&rates[format!("{name}{ending}")]);
    let (moment, peak, average) = (of(""), of("_peak"), of("_avg"));
    assert!(moment.abs() < 1e-9 && (peak - f64::from(bits)).abs() < 1e-9, "{name}: {moment} {peak}");
    assert!(average <= peak && (average > 0.0) == (bits > 0), "{name}: {average}");
}

#[tokio::test]
async fn a_packet_is_text_with_its_time_of_day() {
    let server = Running::start();
    // 1,700,000,000 s are 19,675 days and 80,000 s; the packets come a second apart.
    let _endless = server.endless(2);
    let (mut client, first) = Client::begin(&server).await;
    let mut rows = first["packets"].as_array().unwrap().clone();
    while rows.len() < 2 {
        rows.extend(client.of_type("update").await["new_packets"].as_array().unwrap().clone());
    }
    let row = &rows[1];
    assert_eq!(
        (&row["no"], &row["time"], &row["length"]),
        (&json!("2"), &json!("22:13:21.000"), &json!("60"))
    );
    assert_eq!(row["source"], "02:02:02:02:02:02");
}
