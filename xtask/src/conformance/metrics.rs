//! What is compared: one table.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use serde_json::Value;

use super::findings::{Findings, KINDS, SECONDS, fixed};
use super::media::Media;
use super::names::Said;
use super::program::Measured;
use super::values::Values;

/// How far two round trips may be apart: tshark cuts some captures' stamps off at the microsecond.
pub const RTT_TOLERANCE: u64 = 1_000;

/// What must hold for a metric over all captures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bar {
    /// Precision and recall over all values are at least this, 0 to 1.
    Share(f64),
    /// Every value is equal, apart from those that are listed as rightly different.
    Equal,
}

/// One thing to compare.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Its name in the table and in the list of right differences.
    pub name: &'static str,
    /// What must hold.
    pub bar: Bar,
    /// Nanoseconds that two times may be apart.
    pub tolerance: u64,
    /// The share of its values that may be listed as rightly different, where that is not the usual one.
    pub most_listed: Option<f64>,
    /// Where its values come from.
    source: Source,
}

/// One capture, as both sides see it.
#[derive(Clone, Copy, Debug)]
pub struct Capture<'a> {
    /// What we measured.
    pub measured: &'a Measured,
    /// The truth.
    pub truth: &'a Value,
    /// TCP's findings according to the truth.
    pub findings: &'a Findings,
    /// The fingerprints of hellos that the authors of JA4 expect, where they list the capture.
    pub fingerprints: Option<&'a Value>,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    /// The frames of a kind of event: the name of the metric.
    Event,
    /// A number of the report beside one of the truth.
    Number(&'static str, Theirs),
    /// The response codes of DNS, each as often as it came.
    ResponseCodes,
    /// The addresses that answers hold.
    Addresses,
    /// The names under which they are known.
    Names,
    /// Every round trip, where the truth lists them.
    Trips,
    /// How many round trips there are.
    TripCount,
    /// The mean of all round trips.
    TripMean,
    /// The handshake's round trip of every stream.
    Handshakes,
    /// What hellos and requests say.
    Said(Said),
    /// RTP and QUIC.
    Media(Media),
}

/// A number of the truth.
#[derive(Clone, Copy, Debug)]
enum Theirs {
    /// Stands there.
    At(&'static str),
    /// Stands there, less those that only headers quoted by ICMP errors have: these make no conversation.
    Unquoted(&'static str, &'static str),
    /// Entries of a list with this `kind`.
    Entries(&'static str, &'static str),
}

use Theirs::{At, Entries, Unquoted};

/// A capture has a stream or two, and few captures have any: one of them is much of all there are.
const LISTED_OF_FEW: f64 = 0.3;

const EVENTS_AGREE: Bar = Bar::Share(0.999);

/// Numbers of the report: name, where they stand, the truth, what must hold.
const NUMBERS: [(&str, &str, Theirs, Bar); 27] = [
    ("packets", "/capture/packets", At("/packets"), Bar::Equal),
    ("bytes", "/capture/bytes", At("/bytes_wire"), Bar::Equal),
    ("ipv4", "/ip_composition/ipv4_packets", At("/l3_outer/ipv4"), Bar::Equal),
    ("ipv6", "/ip_composition/ipv6_packets", At("/l3_outer/ipv6"), Bar::Equal),
    ("tcp.connections", "/tcp/connections", Unquoted("/tcp_streams", "/icmp_only_streams/tcp"), Bar::Equal),
    (
        "udp.conversations",
        "/udp/conversations",
        Unquoted("/udp_streams", "/icmp_only_streams/udp"),
        Bar::Equal,
    ),
    ("tcp.retransmissions", "/tcp/retransmissions", At("/tcp_analysis/retransmission"), EVENTS_AGREE),
    (
        "tcp.fast_retransmissions",
        "/tcp/fast_retransmissions",
        At("/tcp_analysis/fast_retransmission"),
        EVENTS_AGREE,
    ),
    (
        "tcp.spurious_retransmissions",
        "/tcp/spurious_retransmissions",
        At("/tcp_analysis/spurious_retransmission"),
        EVENTS_AGREE,
    ),
    ("tcp.out_of_order", "/tcp/out_of_order", At("/tcp_analysis/out_of_order"), EVENTS_AGREE),
    ("tcp.lost_segments", "/tcp/lost_segments", At("/tcp_analysis/lost_segment"), EVENTS_AGREE),
    ("tcp.ack_lost_segments", "/tcp/ack_lost_segments", At("/tcp_analysis/ack_lost_segment"), EVENTS_AGREE),
    ("tcp.duplicate_acks", "/tcp/duplicate_acks", At("/tcp_analysis/duplicate_ack"), EVENTS_AGREE),
    ("tcp.keep_alives", "/tcp/keep_alives", At("/tcp_analysis/keep_alive"), EVENTS_AGREE),
    ("tcp.keep_alive_acks", "/tcp/keep_alive_acks", At("/tcp_analysis/keep_alive_ack"), EVENTS_AGREE),
    ("tcp.zero_windows", "/tcp/zero_windows", At("/tcp_analysis/zero_window"), EVENTS_AGREE),
    (
        "tcp.zero_window_probes",
        "/tcp/zero_window_probes",
        At("/tcp_analysis/zero_window_probe"),
        EVENTS_AGREE,
    ),
    (
        "tcp.zero_window_probe_acks",
        "/tcp/zero_window_probe_acks",
        At("/tcp_analysis/zero_window_probe_ack"),
        EVENTS_AGREE,
    ),
    ("tcp.window_full", "/tcp/window_full", At("/tcp_analysis/window_full"), EVENTS_AGREE),
    ("tcp.window_updates", "/tcp/window_updates", At("/tcp_analysis/window_update"), EVENTS_AGREE),
    ("tcp.ports_reused", "/tcp/ports_reused", At("/tcp_analysis/reused_ports"), EVENTS_AGREE),
    ("dns.queries", "/dns/queries", Entries("/dns_queries", "dns"), Bar::Equal),
    ("dns.responses", "/dns/responses", Entries("/dns_answers", "dns"), Bar::Equal),
    ("dns.mdns.queries", "/dns/mdns/queries", Entries("/dns_queries", "mdns"), Bar::Equal),
    ("dns.mdns.responses", "/dns/mdns/responses", Entries("/dns_answers", "mdns"), Bar::Equal),
    ("dns.llmnr.queries", "/dns/llmnr/queries", Entries("/dns_queries", "llmnr"), Bar::Equal),
    ("dns.llmnr.responses", "/dns/llmnr/responses", Entries("/dns_answers", "llmnr"), Bar::Equal),
];

/// Names of response codes as IANA registers them, by number (RFC 1035, RFC 2136, RFC 8490).
const RESPONSE_CODES: [&str; 12] = [
    "NOERROR",
    "FORMERR",
    "SERVFAIL",
    "NXDOMAIN",
    "NOTIMP",
    "REFUSED",
    "YXDOMAIN",
    "YXRRSET",
    "NXRRSET",
    "NOTAUTH",
    "NOTZONE",
    "DSOTYPENI",
];

/// Lists everything that is compared, in the order of the table.
pub fn metrics() -> Vec<Metric> {
    let metric = |name, bar, source| Metric { name, bar, tolerance: 0, most_listed: None, source };
    let events = KINDS.map(|kind| metric(kind, EVENTS_AGREE, Source::Event));
    let trips = [
        Metric { tolerance: RTT_TOLERANCE, ..metric("ack_rtt", EVENTS_AGREE, Source::Trips) },
        metric("ack_rtt.count", EVENTS_AGREE, Source::TripCount),
        Metric { tolerance: RTT_TOLERANCE, ..metric("ack_rtt.mean", Bar::Equal, Source::TripMean) },
        metric("initial_rtt", Bar::Equal, Source::Handshakes),
    ];
    let numbers = NUMBERS.map(|(name, ours, theirs, bar)| metric(name, bar, Source::Number(ours, theirs)));
    let names = [
        metric("dns.rcodes", Bar::Equal, Source::ResponseCodes),
        metric("dns.learned", Bar::Equal, Source::Addresses),
        metric("dns.learned.names", Bar::Equal, Source::Names),
        metric("sni_tls", Bar::Equal, Source::Said(Said::TlsServer)),
        metric("sni_quic", Bar::Equal, Source::Said(Said::QuicServer)),
        metric("alpn", Bar::Equal, Source::Said(Said::Alpn)),
        metric("ja3", Bar::Equal, Source::Said(Said::Ja3)),
        metric("ja4", Bar::Equal, Source::Said(Said::Ja4)),
        metric("http_host", Bar::Equal, Source::Said(Said::HttpHost)),
    ];
    let media = [
        ("rtp.streams", Media::Streams),
        ("rtp.counts", Media::Counts),
        ("rtp.jitter", Media::Jitter),
        ("quic.connections", Media::Connections),
        ("quic.versions", Media::Versions),
        ("quic.packet_types", Media::PacketTypes),
    ]
    .map(|(name, source)| Metric {
        most_listed: Some(LISTED_OF_FEW),
        ..metric(name, Bar::Equal, Source::Media(source))
    });
    events.into_iter().chain(trips).chain(numbers).chain(names).chain(media).collect()
}

impl Metric {
    /// Returns our values and those of the truth; none where the truth says nothing to compare with.
    ///
    /// # Errors
    ///
    /// When report or truth lack what the metric is made of.
    pub fn values(&self, capture: &Capture<'_>) -> anyhow::Result<Option<(Values, Values)>> {
        let (ours, theirs) = (&capture.measured.findings, capture.findings);
        let both = match self.source {
            Source::Event => (
                Values::Frames(ours.frames(self.name).collect()),
                Values::Frames(theirs.frames(self.name).collect()),
            ),
            Source::Number(pointer, truth) => (
                Values::Count(count(&capture.measured.report, pointer)?),
                Values::Count(truth.count(capture.truth)?),
            ),
            Source::ResponseCodes => (our_codes(&capture.measured.report)?, their_codes(capture.truth)?),
            Source::Addresses => {
                let addresses = |learned: &Learned| Values::Names(learned.keys().cloned().collect());
                (addresses(&our_names(&capture.measured.report)?), addresses(&their_names(capture.truth)?))
            }
            Source::Names => names(&our_names(&capture.measured.report)?, capture.truth)?,
            Source::Trips if capture.truth.get("ack_rtt_samples").is_none_or(Value::is_null) => {
                return Ok(None);
            }
            Source::Trips => (Values::Times(ours.ack_rtt.clone()), Values::Times(theirs.ack_rtt.clone())),
            Source::TripCount => {
                let count = count(capture.truth, "/ack_rtt/count")?;
                (Values::Count(Values::Times(ours.ack_rtt.clone()).len()), Values::Count(count))
            }
            Source::TripMean => (our_mean(ours), their_mean(capture.truth)?),
            Source::Handshakes => {
                let are_numbered_alike = count(capture.truth, "/icmp_only_streams/tcp")? == 0;
                (handshakes(ours, are_numbered_alike), handshakes(theirs, are_numbered_alike))
            }
            Source::Media(media) => media.values(&capture.measured.report, capture.truth)?,
            Source::Said(said) => {
                said.values(&capture.measured.conversations, capture.truth, capture.fingerprints)?
            }
        };
        Ok(Some(both))
    }
}

impl Theirs {
    fn count(self, truth: &Value) -> anyhow::Result<u64> {
        match self {
            At(pointer) => count(truth, pointer),
            Unquoted(all, quoted) => {
                let (all, quoted) = (count(truth, all)?, count(truth, quoted)?);
                all.checked_sub(quoted).context("more streams are quoted than there are")
            }
            Entries(list, wanted) => {
                let entries = list_at(truth, list)?.iter().filter(|entry| kind(entry) == Some(wanted));
                Ok(u64::try_from(entries.count())?)
            }
        }
    }
}

fn count(value: &Value, pointer: &str) -> anyhow::Result<u64> {
    value.pointer(pointer).and_then(Value::as_u64).with_context(|| format!("no number at {pointer}"))
}

fn list_at<'a>(value: &'a Value, pointer: &str) -> anyhow::Result<&'a Vec<Value>> {
    value.pointer(pointer).and_then(Value::as_array).with_context(|| format!("no list at {pointer}"))
}

fn kind(entry: &Value) -> Option<&str> {
    entry.get("kind").and_then(Value::as_str)
}

/// Each code as often as it came: `NOERROR 1`, `NOERROR 2`, ...
fn repeated(codes: impl IntoIterator<Item = (String, u64)>) -> Values {
    let each = |(code, count): (String, u64)| (1..=count).map(move |one| format!("{code} {one}"));
    Values::Names(codes.into_iter().flat_map(each).collect())
}

fn our_codes(report: &Value) -> anyhow::Result<Values> {
    let codes =
        report.pointer("/dns/rcodes").and_then(Value::as_object).context("no codes at /dns/rcodes")?;
    let codes: Option<Vec<_>> =
        codes.iter().map(|(code, count)| Some((code.clone(), count.as_u64()?))).collect();
    Ok(repeated(codes.context("a code has no count")?))
}

fn their_codes(truth: &Value) -> anyhow::Result<Values> {
    let mut codes: BTreeMap<String, u64> = BTreeMap::new();
    for answer in list_at(truth, "/dns_answers")?.iter().filter(|answer| kind(answer) == Some("dns")) {
        for code in list_at(answer, "/rcode")? {
            let number: usize = code.as_str().context("a code is no text")?.parse()?;
            let name = RESPONSE_CODES
                .get(number)
                .map_or_else(|| format!("RCODE{number}"), |name| (*name).to_owned());
            *codes.entry(name).or_default() += 1;
        }
    }
    Ok(repeated(codes))
}

/// Names by address.
type Learned = BTreeMap<String, BTreeSet<String>>;

fn our_names(report: &Value) -> anyhow::Result<Learned> {
    let entries = list_at(report, "/dns/learned")?.iter().map(|entry| {
        let address =
            entry.get("address").and_then(Value::as_str).context("what is learned has no address")?;
        Ok((address.to_owned(), names_in(entry, "/names")?))
    });
    entries.collect()
}

fn their_names(truth: &Value) -> anyhow::Result<Learned> {
    let learned = truth.get("dns_learned").and_then(Value::as_object).context("no dns_learned")?;
    learned
        .keys()
        .map(|address| Ok((address.clone(), names_in(truth, &format!("/dns_learned/{address}"))?)))
        .collect()
}

/// The names of a list as METRICS.md writes them.
fn names_in(value: &Value, pointer: &str) -> anyhow::Result<BTreeSet<String>> {
    let names = list_at(value, pointer)?.iter().filter_map(Value::as_str);
    Ok(names.map(|name| name.to_lowercase().trim_end_matches('.').to_owned()).collect())
}

/// Pairs of address and name.
///
/// The truth gives an address the question of its message, or all names of one without a question: it does not tell
/// an answer from the address of a name server beside it, which we give its own name. So names of ours that are all
/// among the records of the answers with this address count as those of the truth.
fn names(ours: &Learned, truth: &Value) -> anyhow::Result<(Values, Values)> {
    let mut theirs = their_names(truth)?;
    for (address, names) in &mut theirs {
        let beside = names_beside(truth, address)?;
        if let Some(known) = ours.get(address).filter(|known| !known.is_empty() && known.is_subset(&beside)) {
            names.clone_from(known);
        }
    }
    let pairs = |learned: &Learned| {
        let pair = |(address, names): (&String, &BTreeSet<String>)| {
            names.iter().map(|name| format!("{address} {name}")).collect::<Vec<_>>()
        };
        Values::Names(learned.iter().flat_map(pair).collect())
    };
    Ok((pairs(ours), pairs(&theirs)))
}

fn names_beside(truth: &Value, address: &str) -> anyhow::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for answer in list_at(truth, "/dns_answers")? {
        let holds = |list: &str| answer.pointer(list).and_then(Value::as_array).into_iter().flatten();
        if holds("/a").chain(holds("/aaaa")).any(|held| held == address) {
            names.extend(names_in(answer, "/names")?);
        }
    }
    Ok(names)
}

fn our_mean(findings: &Findings) -> Values {
    let samples: Vec<i128> = findings.ack_rtt.values().flatten().map(|nanos| i128::from(*nanos)).collect();
    let count = i128::try_from(samples.len()).unwrap_or(i128::MAX);
    let mean = samples.iter().sum::<i128>().checked_div(count).and_then(|mean| i64::try_from(mean).ok());
    Values::Times(mean.map(|mean| (0, vec![mean])).into_iter().collect())
}

fn their_mean(truth: &Value) -> anyhow::Result<Values> {
    let mean = truth.pointer("/ack_rtt/mean").and_then(Value::as_f64);
    let mean = mean.map(|mean| fixed(&format!("{mean:.SECONDS$}"), SECONDS)).transpose()?;
    Ok(Values::Times(mean.map(|mean| (0, vec![mean])).into_iter().collect()))
}

/// The handshakes by stream; by rank where the truth numbers streams that are quoted only and we do not.
fn handshakes(findings: &Findings, are_numbered_alike: bool) -> Values {
    if are_numbered_alike {
        return Values::Times(
            findings.initial_rtt.iter().map(|(stream, nanos)| (*stream, vec![*nanos])).collect(),
        );
    }
    let mut nanos: Vec<i64> = findings.initial_rtt.values().copied().collect();
    nanos.sort_unstable();
    Values::Times((0..).zip(nanos.into_iter().map(|nanos| vec![nanos])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(
        name: &str,
        report: Value,
        truth: &Value,
        ours: Findings,
        theirs: &Findings,
    ) -> (Values, Values) {
        let measured = Measured { report, conversations: Vec::new(), findings: ours };
        let capture = Capture { measured: &measured, truth, findings: theirs, fingerprints: None };
        let metric = metrics().into_iter().find(|metric| metric.name == name).unwrap();
        metric.values(&capture).unwrap().unwrap()
    }

    #[test]
    fn every_metric_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = metrics().iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), metrics().len());
    }

    #[test]
    fn streams_that_are_quoted_only_are_no_conversations() {
        let truth = serde_json::json!({ "tcp_streams": 33, "icmp_only_streams": { "tcp": 3 } });
        let report = serde_json::json!({ "tcp": { "connections": 30 } });
        let (none, theirs) = (Findings::default(), Findings::default());
        let both = values("tcp.connections", report, &truth, none, &theirs);
        assert_eq!(both, (Values::Count(30), Values::Count(30)));
    }

    #[test]
    fn codes_are_compared_by_name_each_as_often_as_it_came() {
        let truth = serde_json::json!({ "dns_answers": [
            { "kind": "dns", "rcode": ["0"] }, { "kind": "dns", "rcode": ["3"] }, { "kind": "dns", "rcode": ["0"] },
            { "kind": "mdns", "rcode": ["0"] },
        ] });
        let report = serde_json::json!({ "dns": { "rcodes": { "NOERROR": 2, "NXDOMAIN": 1 } } });
        let (ours, theirs) = values("dns.rcodes", report, &truth, Findings::default(), &Findings::default());
        assert_eq!((ours.len(), &ours), (3, &theirs));
    }

    /// The name server's address stands beside an answer to another question.
    const ANSWERED: &str = r#"{
        "dns_learned": { "192.0.2.1": ["WWW.Example."], "192.0.2.9": ["www.example"] },
        "dns_answers": [{ "a": ["192.0.2.1", "192.0.2.9"], "names": ["www.example", "ns.example"] }]
    }"#;

    fn learned(server_name: &str) -> Value {
        serde_json::json!({ "dns": { "learned": [
            { "address": "192.0.2.1", "names": ["www.example"] }, { "address": "192.0.2.9", "names": [server_name] },
        ] } })
    }

    #[test]
    fn names_are_compared_without_case_and_trailing_dot_and_a_name_server_may_have_its_own() {
        let truth = serde_json::from_str(ANSWERED).unwrap();
        let compared = |name, server_name| {
            values(name, learned(server_name), &truth, Findings::default(), &Findings::default())
        };
        for metric in ["dns.learned", "dns.learned.names"] {
            let (ours, theirs) = compared(metric, "ns.example");
            assert_eq!((ours.len(), &ours), (2, &theirs), "{metric}");
        }
        let (ours, theirs) = compared("dns.learned.names", "elsewhere.example");
        assert_ne!(ours, theirs);
    }

    #[test]
    fn handshakes_are_compared_by_rank_where_streams_are_numbered_otherwise() {
        let truth = serde_json::json!({ "icmp_only_streams": { "tcp": 1 } });
        // The truth has a quoted stream before the second one.
        let ours = Findings { initial_rtt: BTreeMap::from([(0, 30), (1, 10)]), ..Findings::default() };
        let theirs = Findings { initial_rtt: BTreeMap::from([(0, 30), (2, 10)]), ..Findings::default() };
        let (ours, theirs) = values("initial_rtt", Value::Null, &truth, ours, &theirs);
        assert_eq!(ours, Values::Times(BTreeMap::from([(0, vec![10]), (1, vec![30])])));
        assert_eq!(ours, theirs);
    }

    #[test]
    fn the_mean_is_that_of_all_round_trips() {
        let truth = serde_json::json!({ "ack_rtt": { "mean": 0.000_002 } });
        // (1000 + 2000 + 3000) / 3 = 2000 ns.
        let ack_rtt = BTreeMap::from([(1, vec![1_000, 2_000]), (4, vec![3_000])]);
        let ours = Findings { ack_rtt, ..Findings::default() };
        let (ours, theirs) = values("ack_rtt.mean", Value::Null, &truth, ours, &Findings::default());
        assert_eq!((ours.len(), &ours), (1, &theirs));
    }
}
