//! Labels of conversations out of packets: equal however the packets reach the session.

#![expect(clippy::unwrap_used, reason = "a test's own packets and reports")]

use std::io::Cursor;
use std::net::Ipv4Addr;
use std::ops::ControlFlow;

use etherparse::PacketBuilder;
use netsonde_capture::Source;
use netsonde_dissect::{LinkType, Packet};
use netsonde_messages::stream::FlowQuery;
use netsonde_session::{FlowLimit, Session, Settings};
use netsonde_synth::plan::mix::Mix;
use netsonde_synth::{Capture, Packets, Resolution};
use netsonde_units::Timestamp;
use serde_json::{Value, json};

/// 2026-01-01, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_767_225_600_000_000_000;
const SECOND: u64 = 1_000_000_000;

const CLIENT: [u8; 4] = [192, 168, 1, 10];
const RESOLVER: [u8; 4] = [192, 168, 1, 1];

/// Packets with their times, in nanoseconds.
type Trace = Vec<(u64, Vec<u8>)>;

/// Pushes packets and ticks after each `tick_every`, as a live session does, or never before the end, as one of a file.
fn report(trace: &Trace, tick_every: Option<usize>) -> Value {
    let mut session = Session::new(Settings::default());
    for (number, (time, bytes)) in trace.iter().enumerate() {
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let at = Some(Timestamp::from_nanos(*time));
        session.push_all(&[Packet { at, link: LinkType::ETHERNET, interface: 0, wire_len, bytes }]);
        if tick_every.is_some_and(|every| number % every == 0) {
            session.tick();
        }
    }
    session.finish();
    serde_json::to_value(session.report(FlowLimit::All)).unwrap()
}

fn udp(from: ([u8; 4], u16), to: ([u8; 4], u16), payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(from.0, to.0, 64);
    ip.udp(from.1, to.1).write(&mut bytes, payload).unwrap();
    bytes
}

/// A segment of the client to a server's port.
fn tcp(port: u16, server: [u8; 4], server_port: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(CLIENT, server, 64);
    ip.tcp(port, server_port, 1, 512).ack(1).write(&mut bytes, payload).unwrap();
    bytes
}

/// Writes a name as DNS does.
fn name(text: &str) -> Vec<u8> {
    let labels = text.split('.').flat_map(|label| {
        std::iter::once(u8::try_from(label.len()).unwrap()).chain(label.bytes()).collect::<Vec<_>>()
    });
    labels.chain([0]).collect()
}

/// What the resolver answers: `asked` is another name of `alias`, which has these addresses.
fn answer(asked: &str, alias: &str, addresses: &[Ipv4Addr]) -> Vec<u8> {
    let records = u8::try_from(addresses.len() + 1).unwrap();
    let mut message = vec![0, 7, 0x81, 0x80, 0, 1, 0, records, 0, 0, 0, 0];
    message.extend(name(asked));
    message.extend([0, 1, 0, 1]);
    let mut record = |owner: &str, kind: u8, content: &[u8]| {
        message.extend(name(owner));
        message.extend([0, kind, 0, 1, 0, 0, 0, 60, 0, u8::try_from(content.len()).unwrap()]);
        message.extend(content);
    };
    record(asked, 5, &name(alias));
    for address in addresses {
        record(alias, 1, &address.octets());
    }
    udp((RESOLVER, 53), (CLIENT, 40_000), &message)
}

fn flow_to(report: &Value, server: [u8; 4]) -> &Value {
    let server = json!(Ipv4Addr::from(server).to_string());
    let mut flows = report["flows"].as_array().unwrap().iter();
    flows.find(|flow| flow["server"] == server).unwrap()
}

/// Faults 27 and 30 of the design's public implementation: of an answer only the first address was kept, and nothing where an
/// alias stood before it; and the resolver was labelled with what it was asked for.
#[test]
fn every_address_of_an_answer_is_named_through_its_aliases_and_the_resolver_is_not() {
    let servers = [[203, 0, 113, 8], [203, 0, 113, 9], [203, 0, 113, 10]];
    let trace = vec![
        (BASE, answer("www.netflix.com", "edge.delivery.example", &servers.map(Into::into))),
        (BASE + SECOND, tcp(50_001, servers[0], 443, &[])),
        (BASE + SECOND, tcp(50_002, servers[1], 443, &[])),
        (BASE + SECOND, tcp(50_003, servers[2], 443, &[])),
        (BASE + SECOND, tcp(50_004, [203, 0, 113, 11], 443, &[])),
    ];
    for tick_every in [None, Some(1)] {
        let report = report(&trace, tick_every);
        for server in servers {
            let flow = flow_to(&report, server);
            assert_eq!((&flow["app"], &flow["category"]), (&json!("Netflix"), &json!("Video")));
            let evidence = json!({
                "kind": "dns", "value": "www.netflix.com", "learned_at": "2026-01-01T00:00:00.000000000Z"
            });
            assert_eq!(flow["evidence"], evidence);
            assert_eq!(flow["hostname"], "www.netflix.com");
        }
        let resolver = flow_to(&report, RESOLVER);
        assert_eq!((&resolver["app"], &resolver["evidence"]["kind"]), (&json!("DNS"), &json!("signature")));
        let unknown = flow_to(&report, [203, 0, 113, 11]);
        assert_eq!((&unknown["app"], &unknown["evidence"]["kind"]), (&Value::Null, &json!("none")));
        let apps = report["apps"].as_array().unwrap();
        let counts: Vec<_> = apps.iter().map(|app| (&app["app"], &app["flows"], &app["packets"])).collect();
        assert_eq!(
            counts,
            [(&json!("DNS"), &json!(1), &json!(1)), (&json!("Netflix"), &json!(3), &json!(3))]
        );
        assert_eq!(
            (&report["apps_unlabelled"]["flows"], &report["apps_unlabelled"]["packets"]),
            (&json!(1), &json!(1))
        );
        let host = report["hosts"].as_array().unwrap().iter().find(|host| host["address"] == "203.0.113.9");
        assert_eq!(host.unwrap()["names"], json!(["www.netflix.com"]));
    }
}

#[test]
fn a_request_names_its_server() {
    let server = [203, 0, 113, 8];
    let request = b"GET /title HTTP/1.1\r\nHost: WWW.Netflix.com:80\r\nAccept: */*\r\n\r\n";
    let report = report(&vec![(BASE, tcp(50_001, server, 80, request))], None);
    let flow = flow_to(&report, server);
    assert_eq!((&flow["app"], &flow["evidence"]["kind"]), (&json!("Netflix"), &json!("http_host")));
    assert_eq!((&flow["hostname"], &flow["sni"]), (&json!("www.netflix.com"), &Value::Null));
    let host =
        report["hosts"].as_array().unwrap().iter().find(|host| host["address"] == "203.0.113.8").unwrap();
    assert_eq!((&host["names"], &host["apps"][0]["app"]), (&json!(["www.netflix.com"]), &json!("Netflix")));
}

fn mix() -> Trace {
    let mut packets = Packets::new(Mix::new(BASE, 30_000, 7)).limit(30_000);
    let mut trace = Vec::new();
    while let Some(packet) = packets.advance() {
        trace.push((packet.time, packet.bytes.to_vec()));
    }
    trace
}

/// The parts of a report that labels decide.
fn labelled(report: &Value) -> Value {
    let fields =
        ["client", "client_port", "server", "server_port", "app", "category", "evidence", "hostname", "sni"];
    let flow = |flow: &Value| fields.map(|field| flow[field].clone());
    let flows: Vec<_> = report["flows"].as_array().unwrap().iter().map(flow).collect();
    let names = |host: &Value| json!([host["address"], host["names"], host["apps"]]);
    let hosts: Vec<_> = report["hosts"].as_array().unwrap().iter().map(names).collect();
    json!([flows, report["apps"], report["apps_unlabelled"], hosts])
}

#[test]
fn live_replayed_and_read_from_a_file_labels_are_equal() {
    let trace = mix();
    let mut capture = Capture::new(Vec::new(), Resolution::Nanoseconds).unwrap();
    for (time, bytes) in &trace {
        capture.write(*time, bytes).unwrap();
    }
    let capture = capture.finish().unwrap();
    let mut session = Session::new(Settings::default());
    let mut source = Source::reader("mix", Box::new(Cursor::new(capture))).unwrap();
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    let of_file = serde_json::to_value(session.report(FlowLimit::All)).unwrap();
    let named =
        of_file["flows"].as_array().unwrap().iter().filter(|flow| flow["hostname"].is_string()).count();
    assert!(named > 100, "{named} flows have a name");
    assert!(of_file["apps"].as_array().unwrap().len() > 5, "{}", of_file["apps"]);
    let total = |apps: &Value, part: &str| {
        let apps = apps.as_array().unwrap().iter().chain([&of_file["apps_unlabelled"]]);
        apps.map(|app| app[part].as_u64().unwrap()).sum::<u64>()
    };
    for part in ["packets", "bytes"] {
        assert_eq!(total(&of_file["apps"], part), of_file["capture"][part].as_u64().unwrap(), "{part}");
    }
    for tick_every in [1, 17, 1_000] {
        assert_eq!(
            labelled(&report(&trace, Some(tick_every))),
            labelled(&of_file),
            "ticks each {tick_every} packets"
        );
    }
}

/// Fault 28 of the design's public implementation: what was learned outlived its session.
#[test]
fn a_new_session_knows_no_name_of_the_one_before() {
    let server = [203, 0, 113, 8];
    let told = answer("www.netflix.com", "edge.delivery.example", &[server.into()]);
    let flow = tcp(50_001, server, 443, &[]);
    let first = report(&vec![(BASE, told), (BASE + SECOND, flow.clone())], None);
    assert_eq!(flow_to(&first, server)["app"], "Netflix");
    let second = report(&vec![(BASE + 2 * SECOND, flow)], None);
    assert_eq!(flow_to(&second, server)["app"], Value::Null);
    assert_eq!(flow_to(&second, server)["hostname"], Value::Null);
}

#[test]
fn flows_are_found_by_what_they_are_labelled() {
    let mut session = Session::new(Settings::default());
    for (time, bytes) in &mix() {
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let at = Some(Timestamp::from_nanos(*time));
        session.push_all(&[Packet { at, link: LinkType::ETHERNET, interface: 0, wire_len, bytes }]);
    }
    session.tick();
    let matched = |session: &Session, app: Option<&str>| {
        let app = app.map(|app| app.to_owned().into());
        session.find_flows(&FlowQuery { app, limit: 1, ..FlowQuery::default() }).unwrap().matched
    };
    let report = serde_json::to_value(session.report(FlowLimit::Largest(0))).unwrap();
    let mut labelled = 0;
    for app in report["apps"].as_array().unwrap() {
        let flows = app["flows"].as_u64().unwrap();
        assert_eq!(matched(&session, app["app"].as_str()), flows, "{app}");
        labelled += flows;
    }
    assert_eq!(matched(&session, Some("")), report["apps_unlabelled"]["flows"].as_u64().unwrap());
    assert_eq!(labelled + matched(&session, Some("")), matched(&session, None));
}
