//! Names and fingerprints of real captures' hellos against what tshark, nDPI and `FoxIO` say of them.
//!
//! The captures live outside the project; without them the test says so and passes.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test stops, and says why"
)]

#[expect(dead_code, reason = "no report is measured here")]
#[path = "support/corpus.rs"]
mod support;

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use netsonde_capture::{Polled, Source};
use netsonde_flow::limits::Limits;
use netsonde_flow::{Clue, Fact, FlowId, FlowKey, FlowRow, LocalNetworks, Side, StreamRow};
use netsonde_metrics::{MetricsCalculator, Second, Tick};
use serde_json::Value;

use support::{captures, corpus, truth};

/// Where the truth and we differ and we are right: file, part of the complaint, why.
const DIFFERENT: &[(&str, &str, &str)] = &[
    ("app_ndpi_android_boot.pcap", "truth t12d1409ht_", LETTERS),
    ("app_ndpi_android_boot.pcap", "truth t13d1712h0_", "the client offers h2 and nothing else"),
    ("app_ndpi_instagram.pcap", "truth t00d0309ht_", LETTERS),
    ("app_ndpi_instagram.pcap", "truth t00d0307ht_", LETTERS),
    ("app_ndpi_netflix.pcap", "truth t12d1909sp_", LETTERS),
    ("app_ndpi_sites_59sni.pcapng", "truth t13d1713ht_", LETTERS),
    ("app_ndpi_zoom.pcap", "truth t12d8008ht_", LETTERS),
    ("enc_ndpi_6in4.pcap", "truth t12d1311sp_", LETTERS),
    ("rtp_ndpi_google_meet_srtp.pcapng", "truth dd2d110700_", NAMELESS),
    ("rtp_ndpi_kakaotalk_talk_sll.pcap", "truth t10d120300_", NAMELESS),
    ("rtp_ndpi_kakaotalk_talk_sll.pcap", "truth t10d350200_", NAMELESS),
];
const LETTERS: &str = "nDPI writes the first two letters of the protocol; the specification says first and last, and \
                       FoxIO's own results have h1 for http/1.1";
const NAMELESS: &str = "the hello has no server name, which the specification writes as i";

/// The clues of each pair of ends, by `address:port`, in either order.
type Clues = HashMap<(String, String), Vec<Clue>>;

#[derive(Default)]
struct Collecting {
    keys: HashMap<u64, FlowKey>,
    facts: Vec<(FlowId, Clue)>,
}

impl Tick for Collecting {
    fn second(&mut self, _: &Second) {}

    fn row(&mut self, row: &FlowRow) {
        self.keys.insert(row.id.serial, row.key);
    }

    fn stream(&mut self, _: &StreamRow<'_>) {}

    fn fact(&mut self, fact: Fact) {
        if let Fact::Clue { about, clue, .. } = fact {
            self.facts.push((about, clue));
        }
    }
}

fn clues(path: &Path) -> Option<Clues> {
    let mut source = Source::file(path).ok()?;
    let mut engine = MetricsCalculator::new(Limits::default(), LocalNetworks::default());
    let mut collecting = Collecting::default();
    loop {
        let polled = source.poll(|packets| {
            for batch in packets.chunks(16) {
                engine.push_all(batch, |_, _, _| {});
                engine.relieve(&mut collecting);
            }
        });
        if !matches!(polled, Ok(Polled::Packets(_) | Polled::Idle(_))) {
            break;
        }
    }
    engine.tick(&mut collecting);
    let mut clues = Clues::new();
    for (about, clue) in collecting.facts {
        let key = collecting.keys[&about.serial];
        let end = |side| format!("{}:{}", key.address(side), key.port(side).unwrap_or_default());
        clues.entry(ends(end(Side::Low), end(Side::High))).or_default().push(clue);
    }
    Some(clues)
}

fn ends(one: String, other: String) -> (String, String) {
    if one < other { (one, other) } else { (other, one) }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// The clues of the conversation that an entry of the truth names.
fn of<'a>(clues: &'a Clues, entry: &Value, ports: [&str; 2]) -> &'a [Clue] {
    // An address may be written in more than one way.
    let address = |name: &str| text(&entry[name]).parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let end = |name: &str, port: &str| format!("{}:{}", address(name), text(&entry[port]));
    let [source_port, destination_port] = ports;
    clues.get(&ends(end("src", source_port), end("dst", destination_port))).map_or(&[], Vec::as_slice)
}

const PORTS: [&str; 2] = ["sport", "dport"];

fn hex(bytes: [u8; 16]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// What one kind of clue says.
fn said(clues: &[Clue], what: &str) -> Vec<String> {
    let said = clues.iter().filter_map(|clue| match (clue, what) {
        (Clue::Client(hello), "name") => hello.server_name.as_deref().map(ToOwned::to_owned),
        (Clue::Client(hello), "JA3") => hello.fingerprints.as_ref().map(|of| hex(of.ja3())),
        (Clue::Client(hello), "JA4") => hello.fingerprints.as_ref().map(|of| of.ja4().into()),
        (Clue::HttpHost(host), "host") => Some(host.to_string()),
        _ => None,
    });
    said.collect()
}

/// Everything that the truth says of a capture's conversations over TCP and DTLS: what, value, our clues.
fn wanted<'a>(
    clues: &'a Clues,
    truth: &Value,
    foxio: &Value,
) -> Vec<(&'static str, String, &'a [Clue], String)> {
    let mut wanted = Vec::new();
    let mut want = |what, value: &Value, clues, entry: &Value| {
        if let Some(value) = value.as_str() {
            wanted.push((what, value.to_ascii_lowercase(), clues, entry["frame"].to_string()));
        }
    };
    for entry in list(&truth["sni_tls"]) {
        want("name", &entry["sni"], of(clues, entry, PORTS), entry);
    }
    // A client that is asked to try again offers something else; the clue is of its first hello.
    let mut streams = HashSet::new();
    for entry in list(&truth["client_hello"]).iter().filter(|entry| entry["over"] != "quic") {
        if !streams.insert((text(&entry["over"]), text(&entry["stream"]))) {
            continue;
        }
        for ja3 in list(&entry["ja3"]) {
            want("JA3", ja3, of(clues, entry, PORTS), entry);
        }
    }
    for entry in list(&truth["ndpi_expected"]) {
        // nDPI misprints an address with two runs of zeros.
        let has_address = text(&entry["dst"]).parse::<IpAddr>().is_ok();
        if has_address && entry["ja4"].as_str().is_some_and(|ja4| !ja4.starts_with('q')) {
            want("JA4", &entry["ja4"], of(clues, entry, PORTS), entry);
        }
    }
    for entry in list(foxio) {
        let entry_clues = of(clues, entry, ["srcport", "dstport"]);
        if entry["JA4.1"].as_str().is_some_and(|ja4| !ja4.starts_with('q')) {
            want("JA4", &entry["JA4.1"], entry_clues, entry);
        }
    }
    wanted
}

#[test]
fn names_and_fingerprints_of_real_captures_are_those_of_others() {
    let Some(corpus) = corpus() else { return };
    let (mut values, mut wrong) = (HashMap::<_, u64>::new(), Vec::new());
    for path in captures(&corpus) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(clues) = clues(&path) else { continue };
        let foxio = std::fs::read(corpus.join("expected/ja4-expected").join(format!("{name}.json")));
        let foxio = foxio.map(|text| serde_json::from_slice(&text).unwrap()).unwrap_or_default();
        for (what, value, clues, frame) in wanted(&clues, &truth(&corpus, &name), &foxio) {
            *values.entry(what).or_default() += 1;
            let ours = said(clues, what);
            if !ours.contains(&value) {
                wrong.push(format!("{name}: frame {frame}: {what}: ours {ours:?}, truth {value}"));
            }
        }
    }
    let is_ours = |complaint: &String| {
        DIFFERENT.iter().any(|(file, part, _)| complaint.starts_with(file) && complaint.contains(part))
    };
    wrong.retain(|complaint| !is_ours(complaint));
    assert!(wrong.is_empty(), "{} of {values:?} values differ:\n{}", wrong.len(), wrong.join("\n"));
    eprintln!("{values:?}");
    assert!(values["name"] > 250 && values["JA3"] > 450 && values["JA4"] > 250, "{values:?}");
}
