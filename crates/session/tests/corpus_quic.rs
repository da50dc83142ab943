//! Hellos of QUIC in real captures against what tshark and nDPI say of them, conversation by conversation.
//!
//! The captures live outside the project; without them the test says so and passes.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test stops, and says why")]

#[path = "support/corpus.rs"]
#[expect(dead_code, reason = "other tests measure with it")]
mod support;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

use netsonde_capture::{Polled, Source};
use netsonde_dissect::{Frame, IpProtocol};
use netsonde_flow::limits::Limits;
use netsonde_flow::{ClientHello, Clue, Fact, Fingerprints, FlowKey, FlowTable, HelloOver, LocalNetworks};
use netsonde_units::Timestamp;
use serde_json::{Value, json};

use support::{captures, corpus, truth};

/// A conversation's ends, in the order of their addresses.
type Ends = [(IpAddr, Option<u16>); 2];

/// A hello by the conversation it opens.
type Hellos = Vec<(Ends, Box<ClientHello>)>;

fn ends_of(key: &FlowKey) -> Ends {
    use netsonde_flow::Side::{High, Low};
    [Low, High].map(|side| (key.address(side), key.port(side)))
}

fn their_ends(row: &Value) -> Ends {
    let address = |field: &str| row[field].as_str().unwrap().parse::<IpAddr>().unwrap();
    let port = |field: &str| u16::try_from(row[field].as_u64().unwrap()).unwrap();
    let ports = Some((port("sport"), port("dport")));
    ends_of(&FlowKey::new(IpProtocol::UDP, address("src"), address("dst"), ports).0)
}

/// Returns the hellos of clients over QUIC in a capture, each with its conversation.
fn hellos(path: &Path) -> Option<Hellos> {
    let mut source = Source::file(path).ok()?;
    let mut table = FlowTable::new(Limits::default(), LocalNetworks::default());
    let (mut keys, mut facts) = (BTreeMap::new(), Vec::new());
    while let Ok(Polled::Packets(_) | Polled::Idle(_)) = source.poll(|packets| {
        for packet in packets {
            let frame = Frame::parse(packet);
            let at = packet.at.unwrap_or(Timestamp::EPOCH);
            let conversation = table.conversation(&frame);
            table.observe(&frame, conversation, packet.wire_len, at, at);
            // Nothing is silent yet at the epoch; a capture may jump by years.
            facts.extend(table.relieve(Timestamp::EPOCH, |_| {}));
        }
    }) {}
    table.tick(|row| _ = keys.insert(row.id.serial, ends_of(&row.key)));
    let hello = |fact| match fact {
        Fact::Clue { about, clue: Clue::Client(hello), .. } => Some((*keys.get(&about.serial)?, hello)),
        _ => None,
    };
    let over_quic =
        |(_, hello): &(Ends, Box<ClientHello>)| matches!(hello.over, HelloOver::Quic | HelloOver::GoogleQuic);
    Some(facts.into_iter().filter_map(hello).filter(over_quic).collect())
}

/// The hashes of a JA4. What is before them nDPI 4.11 writes in ways of its own: `h3-29` as `h3`, `h3` as `h0` at times,
/// and a hello without a server's name like one with it.
fn hashes(ja4: &str) -> Option<&str> {
    ja4.split_once('_').map(|(_, hashes)| hashes)
}

/// Calls `each` with every capture: its name, the hellos in it, the truth about it.
fn for_each_capture(corpus: &Path, mut each: impl FnMut(&str, &Hellos, &Value)) {
    for path in captures(corpus) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if let Some(hellos) = hellos(&path) {
            each(&name, &hellos, &truth(corpus, &name));
        }
    }
}

#[test]
fn names_protocols_and_fingerprints_are_those_of_tshark() {
    let Some(corpus) = corpus() else { return };
    let (mut values, mut wrong) = (0, Vec::new());
    for_each_capture(&corpus, |name, hellos, truth| {
        let rows = truth["client_hello"].as_array().unwrap().iter().filter(|row| row["over"] == "quic");
        let fields = |row: &Value| ["sni", "ja3", "alpn"].map(|field| row[field].clone());
        let mut theirs: BTreeMap<Ends, [Value; 3]> = rows.map(|row| (their_ends(row), fields(row))).collect();
        values += theirs.len();
        for (ends, hello) in hellos.iter().filter(|(_, hello)| hello.over == HelloOver::Quic) {
            let ja3 = hello.fingerprints.as_ref().map(Fingerprints::ja3);
            let ja3 = ja3.iter().flatten().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
            let ours = [json!(hello.server_name.as_deref().as_slice()), json!([ja3]), json!(hello.alpn)];
            let theirs = theirs.remove(ends);
            if theirs.as_ref() != Some(&ours) {
                wrong.push(format!("{name}: {ends:?}: ours {ours:?}, truth {theirs:?}"));
            }
        }
        wrong.extend(theirs.iter().map(|(ends, theirs)| format!("{name}: {ends:?}: truth {theirs:?}")));
    });
    assert!(wrong.is_empty(), "{} of {values} conversations differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(values > 200, "only {values} conversations were compared");
}

#[test]
fn names_and_hashes_are_those_of_ndpi() {
    let Some(corpus) = corpus() else { return };
    let (mut values, mut wrong) = (0, Vec::new());
    for_each_capture(&corpus, |name, hellos, truth| {
        let Some(flows) = truth["ndpi_expected"].as_array() else { return };
        let is_quic = |flow: &&Value| flow["l4"] == "UDP" && flow["master"] == "QUIC";
        for flow in flows.iter().filter(is_quic) {
            let ends = their_ends(flow);
            let ours = hellos.iter().find(|(known, _)| *known == ends).map(|(_, hello)| hello);
            let our_name = ours.and_then(|hello| hello.server_name.as_deref());
            let our_ja4 = ours.and_then(|hello| Some(hello.fingerprints.as_ref()?.ja4()));
            let our_hashes = our_ja4.as_deref().and_then(hashes);
            let theirs = |field: &str| flow[field].as_str();
            let pairs = [(our_name, theirs("hostname")), (our_hashes, theirs("ja4").and_then(hashes))];
            for (ours, theirs) in pairs.into_iter().filter(|(_, theirs)| theirs.is_some()) {
                values += 1;
                if ours != theirs {
                    wrong.push(format!("{name}: {ends:?}: ours {ours:?}, truth {theirs:?}"));
                }
            }
        }
    });
    assert!(wrong.is_empty(), "{} of {values} values differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(values > 100, "only {values} values were compared");
}
