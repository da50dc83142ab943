//! Lists of facts as sessions give them, with numbers from a seed, and true sentences about them.

use std::collections::BTreeMap;

use netsonde_messages::{
    Author, Fact, Finding, FindingRule, Piece, Relation, Sentence, Severity, Span, Subject, Unit,
};

use crate::facts::Facts;

/// Numbers from a seed (splitmix64).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let sides = u64::try_from(sides).unwrap();
        usize::try_from((mixed ^ (mixed >> 31)) % sides).unwrap()
    }

    fn number(&mut self, least: f64) -> f64 {
        least * (1.0 + self.roll(100_000) as f64 / 12_345.0)
    }
}

/// A session's facts by short names, and what the rules say of it.
pub(super) struct Sample {
    pub(super) facts: Vec<Fact>,
    pub(super) findings: Vec<Finding>,
    pub(super) rules: Vec<Sentence>,
    ids: BTreeMap<&'static str, u32>,
}

const NUMBERS: [(&str, &str, &str, f64, Unit, &str); 46] = [
    ("elapsed", "Time measured", "", 61.0, Unit::Seconds, "by the packets' stamps"),
    ("packets", "Packets", "", 9_000.0, Unit::Count, "every packet counted"),
    ("bytes", "Bytes", "", 7e6, Unit::Bytes, "bytes on the wire"),
    ("average", "Throughput, average", "", 1e6, Unit::BitsPerSecond, "silence included"),
    ("peak", "Throughput, peak", "", 2e7, Unit::BitsPerSecond, "the busiest second"),
    ("in_packets", "In, packets", "", 4_000.0, Unit::Count, "every packet counted"),
    ("in_bytes", "In, bytes", "", 4e6, Unit::Bytes, "bytes on the wire"),
    ("in_share", "In, share of bytes", "", 51.0, Unit::Percent, "of all bytes"),
    ("in_average", "In, average", "", 3e5, Unit::BitsPerSecond, "silence included"),
    ("in_peak", "In, peak", "", 4e6, Unit::BitsPerSecond, "the busiest second"),
    ("out_packets", "Out, packets", "", 3_000.0, Unit::Count, "every packet counted"),
    ("out_bytes", "Out, bytes", "", 2e6, Unit::Bytes, "bytes on the wire"),
    ("out_share", "Out, share of bytes", "", 31.0, Unit::Percent, "of all bytes"),
    ("out_average", "Out, average", "", 2e5, Unit::BitsPerSecond, "silence included"),
    ("out_peak", "Out, peak", "", 3e6, Unit::BitsPerSecond, "the busiest second"),
    (
        "encrypted",
        "Encrypted share of packets",
        "",
        42.0,
        Unit::Percent,
        "packets of encrypted conversations",
    ),
    ("dropped", "Packets dropped", "", 77.0, Unit::Count, "counted by the system"),
    ("udp_packets", "UDP packets", "UDP", 900.0, Unit::Count, "every packet looked at"),
    ("udp_talks", "UDP conversations", "UDP", 31.0, Unit::Count, "every packet looked at"),
    ("tcp_connections", "TCP connections", "TCP", 41.0, Unit::Count, "judged as Wireshark does"),
    ("segments", "TCP data segments", "TCP", 5_000.0, Unit::Count, "judged as Wireshark does"),
    ("resent", "TCP segments sent again", "TCP", 52.0, Unit::Count, "judged as Wireshark does"),
    ("resets", "Connections reset", "TCP", 3.0, Unit::Count, "judged as Wireshark does"),
    ("refused", "Connections refused", "TCP", 7.0, Unit::Count, "judged as Wireshark does"),
    ("silent", "Connections without an answer", "TCP", 12.0, Unit::Count, "judged as Wireshark does"),
    ("windows", "Zero windows", "TCP", 5.0, Unit::Count, "judged as Wireshark does"),
    ("loss", "TCP loss", "TCP", 1.3, Unit::Percent, "data segments sent again, in all of them"),
    ("loss_before", "TCP loss, the time before", "TCP", 0.7, Unit::Percent, "data segments sent again"),
    ("loss_peak", "TCP loss, peak", "TCP", 9.1, Unit::Percent, "in the worst second"),
    ("rtt", "Round trip p50", "TCP", 21.0, Unit::Milliseconds, "from a segment to its acknowledgement"),
    ("rtt_tail", "Round trip p95", "TCP", 81.0, Unit::Milliseconds, "from a segment to its acknowledgement"),
    ("handshake", "TCP handshake p50", "TCP", 18.0, Unit::Milliseconds, "from SYN to the handshake's end"),
    ("tls_handshake", "TLS handshake p50", "TLS", 44.0, Unit::Milliseconds, "from the client's hello"),
    ("streams", "RTP streams", "RTP", 2.0, Unit::Count, "by sequence numbers"),
    ("rtp_loss", "RTP loss", "RTP", 2.4, Unit::Percent, "by sequence numbers"),
    ("jitter", "Jitter, average", "RTP", 6.0, Unit::Milliseconds, "RFC 3550"),
    ("jitter_peak", "Jitter, peak", "RTP", 36.0, Unit::Milliseconds, "the mean of the worst second"),
    ("questions", "DNS questions", "DNS", 300.0, Unit::Count, "over DNS"),
    ("timeouts", "DNS questions without an answer", "DNS", 6.0, Unit::Count, "nobody answered within 5 s"),
    ("dns", "DNS latency p50", "DNS", 11.0, Unit::Milliseconds, "from a question to its answer"),
    ("failures", "DNS failures", "DNS", 4.0, Unit::Count, "answers with neither NOERROR nor NXDOMAIN"),
    ("quic", "QUIC connections", "QUIC", 8.0, Unit::Count, "by their ids"),
    ("groups", "Multicast groups", "IGMP", 2.0, Unit::Count, "IGMP and MLD, every message read"),
    ("throughput", "Throughput", "", 9e5, Unit::BitsPerSecond, "bits on the wire"),
    ("throughput_before", "Throughput, the time before", "", 4e5, Unit::BitsPerSecond, "bits on the wire"),
    ("limit", "Limit of TCP loss", "", 1.0, Unit::Percent, "the rule's limit"),
];

impl Sample {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let mut facts = Facts::new(Span::default());
        let mut ids = BTreeMap::new();
        // In any order, so that no id means anything.
        let mut numbers = NUMBERS.to_vec();
        while !numbers.is_empty() {
            let (name, label, protocol, least, unit, method) = numbers.swap_remove(dice.roll(numbers.len()));
            let subject = match protocol {
                "" => Subject::Session,
                protocol => Subject::Protocol(protocol.into()),
            };
            ids.insert(name, facts.number(label, subject, dice.number(least), unit, method, "/".into()));
        }
        let source = facts.text("Source", Subject::Session, "eth0", "as it was asked for", "/".into());
        ids.insert("source", source);
        for (name, class, label) in [("tls", "TLS", "TLS"), ("quic_class", "QUIC", "QUIC")] {
            let subject = Subject::Protocol(label.into());
            let title =
                facts.text("Class of protocols", subject.clone(), class, "by its messages", "/".into());
            ids.insert(name, title);
            let keys = if name == "tls" { ["tls_bytes", "tls_share"] } else { ["quic_bytes", "quic_share"] };
            add_volume(&mut facts, &mut ids, &mut dice, &format!("{label}, "), &subject, keys);
        }
        let named: [(_, _, _, _, [&str; 2]); 2] = [
            ("app", "Application", "Netflix", Subject::App("Netflix".into()), ["app_bytes", "app_share"]),
            ("host", "Host", "192.0.2.7", Subject::Host([192, 0, 2, 7].into()), ["host_bytes", "host_share"]),
        ];
        for (name, label, text, subject, keys) in named {
            ids.insert(name, facts.text(label, subject.clone(), text, "by its packets", "/".into()));
            add_volume(&mut facts, &mut ids, &mut dice, &format!("{label}, "), &subject, keys);
            let most = facts.compare(ids[keys[0]], ids["bytes"], Relation::Most);
            ids.insert(if name == "app" { "app_most" } else { "host_most" }, most);
        }
        let flow = Subject::Flow(9);
        for (name, label, text) in [("client", "Client", "10.1.2.3"), ("server", "Server", "198.51.100.4")] {
            ids.insert(name, facts.text(label, flow.clone(), text, "by its packets", "/".into()));
        }
        add_volume(&mut facts, &mut ids, &mut dice, "Conversation, ", &flow, ["talk_bytes", "talk_share"]);
        let compared =
            [("loss_rose", "loss", "loss_before"), ("throughput_change", "throughput", "throughput_before")];
        for (name, of, with) in compared {
            ids.insert(name, facts.compare(ids[of], ids[with], Relation::Rose));
        }
        ids.insert("over", facts.compare(ids["loss"], ids["limit"], Relation::More));
        let mut sample = Self { facts: facts.into_list(), findings: Vec::new(), rules: Vec::new(), ids };
        sample.findings = vec![finding(&[sample.ids["loss"], sample.ids["resent"]])];
        sample.rules = RULES.iter().map(|rule| sample.sentence(rule)).collect();
        sample
    }

    /// Puts the ids of this list into a template with names: `{loss}` becomes `{f7}`.
    pub(super) fn filled(&self, template: &str) -> String {
        let mut text = template.to_owned();
        for (name, id) in &self.ids {
            text = text.replace(&format!("{{{name}}}"), &format!("{{f{id}}}"));
        }
        text
    }

    /// The opposite of [`Self::filled`], to be read by people.
    pub(super) fn named(&self, text: &str) -> String {
        let named = |text: String, (name, id): (&&str, &u32)| {
            text.replace(&format!("{{f{id}}}"), &format!("{{{name}}}"))
        };
        self.ids.iter().fold(text.to_owned(), named)
    }

    pub(super) fn id(&self, name: &str) -> u32 {
        self.ids[name]
    }

    pub(super) fn fact(&self, id: u32) -> &Fact {
        self.facts.iter().find(|fact| fact.id == id).unwrap()
    }

    /// A sentence of the rules.
    fn sentence(&self, template: &str) -> Sentence {
        let mut pieces = Vec::new();
        let text = self.filled(template);
        let mut rest = text.as_str();
        while let Some((before, behind)) = rest.split_once("{f") {
            let (id, after) = behind.split_once('}').unwrap();
            let id: u32 = id.parse().unwrap();
            pieces.push(Piece { text: before.into(), fact: None });
            pieces.push(Piece { text: self.fact(id).text.clone(), fact: Some(id) });
            rest = after;
        }
        pieces.push(Piece { text: rest.into(), fact: None });
        pieces.retain(|piece| !piece.text.is_empty());
        Sentence { pieces, author: Author::Rules }
    }
}

fn add_volume(
    facts: &mut Facts,
    ids: &mut BTreeMap<&'static str, u32>,
    dice: &mut Dice,
    label: &str,
    subject: &Subject,
    keys: [&'static str; 2],
) {
    let [bytes, share] = keys;
    let method = "bytes on the wire";
    let volume = dice.number(5e5);
    ids.insert(
        bytes,
        facts.number(format!("{label}bytes"), subject.clone(), volume, Unit::Bytes, method, "/".into()),
    );
    let label = format!("{label}share of bytes");
    let part = dice.number(3.0);
    ids.insert(share, facts.number(label, subject.clone(), part, Unit::Percent, "of all bytes", "/".into()));
}

fn finding(facts: &[u32]) -> Finding {
    Finding {
        id: 1,
        rule: FindingRule::Retransmissions,
        severity: Severity::Warning,
        title: "Many TCP segments are sent again".into(),
        subject: Subject::Session,
        value: "2.0 %".into(),
        limit: Some("1.0 %".into()),
        meaning: "Transfers are slow because lost segments are waited for.".into(),
        advice: "Look for a congested or faulty link.".into(),
        evidence: Vec::new(),
        facts: facts.to_vec(),
        first_ms: None,
        last_ms: None,
        holds: true,
        see: "/".into(),
    }
}

/// What the rules say of a sample.
const RULES: [&str; 11] = [
    "Many TCP segments are sent again: {loss} of the data segments, {over} than the limit of {limit}.",
    "In {elapsed}, {packets} packets with {bytes} were measured on {source}.",
    "{in_bytes} came in ({in_average} on average, {in_peak} in the busiest second) and {out_bytes} went out.",
    "Of the bytes, {tls_share} were {tls} and {quic_share} {quic_class}.",
    "Of the applications, {app} carried {app_most}: {app_bytes}, {app_share} of all bytes.",
    "Of the addresses elsewhere, {host} had {host_most}: {host_bytes}, {host_share} of all bytes.",
    "The median TCP round trip was {rtt}, and nearly all took at most {rtt_tail}.",
    "{streams} RTP streams lost {rtp_loss} of their packets at a mean jitter of {jitter}.",
    "{timeouts} of {questions} questions stayed unanswered.",
    "{encrypted} of the packets are not known to be clear.",
    "The conversation between {client} and {server} had {talk_share} of all bytes.",
];

/// True sentences: every kind of fact, in the words of its label or in others for the same.
pub(super) const TRUE: [&str; 60] = [
    "The TCP loss is {loss}.",
    "TCP loss reached {loss} over the session.",
    "At its peak, the TCP loss was {loss_peak}.",
    "TCP lost {loss}, with a peak of {loss_peak}.",
    "The TCP loss rose from {loss_before} to {loss}.",
    "The TCP loss rose to {loss}, {loss_rose} as before.",
    "The TCP loss of {loss} exceeds the limit of {limit}.",
    "Many TCP segments are sent again, and the TCP loss is {loss}.",
    "Transfers are slow because the TCP loss is {loss}.",
    "There were {resent} retransmitted TCP segments.",
    "Of the data segments of TCP, {resent} were retransmissions.",
    "The session lasted {elapsed}.",
    "Over {elapsed}, {packets} packets with {bytes} were measured.",
    "On {source}, {packets} packets with {bytes} were measured.",
    "Altogether {packets} packets were captured.",
    "Inbound traffic amounted to {in_bytes}, while {out_bytes} went out.",
    "Inbound volume was {in_bytes} and outbound volume {out_bytes}.",
    "The average inbound throughput was {in_average}, with a peak of {in_peak}.",
    "{in_average} came in on average.",
    "Outbound throughput averaged {out_average} and peaked at {out_peak}.",
    "{out_bytes} went out, which is a share of {out_share}.",
    "The share of inbound bytes was {in_share}.",
    "{in_packets} packets came in; {out_packets} packets went out.",
    "The throughput was {average} on average and {peak} at its peak.",
    "The average throughput was {average}.",
    "The encrypted share of packets was {encrypted}.",
    "{dropped} packets were dropped.",
    "UDP had {udp_talks} conversations with {udp_packets} packets.",
    "There were {tcp_connections} TCP connections.",
    "{refused} connections were refused and {resets} connections were reset.",
    "{silent} connections stayed unanswered.",
    "Zero windows were seen {windows} times.",
    "The median round trip was {rtt}.",
    "The median TCP round trip was {rtt}, and the tail of the round trips reached {rtt_tail}.",
    "A typical TCP handshake took {handshake}, and a typical TLS handshake took {tls_handshake}.",
    "RTP lost {rtp_loss} of its packets in {streams} streams.",
    "The RTP loss was {rtp_loss}, at a mean jitter of {jitter}.",
    "The mean jitter was {jitter}, with a peak of {jitter_peak}.",
    "{streams} RTP streams had a mean jitter of {jitter}.",
    "The jitter peaked at {jitter_peak}.",
    "DNS saw {questions} questions.",
    "DNS left {timeouts} questions without an answer.",
    "The median DNS latency was {dns}.",
    "DNS failures were counted {failures} times.",
    "There were {quic} QUIC connections.",
    "{groups} multicast groups were seen.",
    "The busiest application was {app} with {app_bytes}.",
    "{app} accounted for {app_share} of the bytes.",
    "The application {app} carried {app_bytes}, a share of {app_share}.",
    "The busiest host was {host} with {host_bytes}.",
    "The host {host} accounted for {host_share} of the bytes.",
    "{tls} accounted for {tls_share} of the bytes and {quic_class} for {quic_share}.",
    "{tls_share} of the bytes were {tls}.",
    "{tls} carried {tls_bytes}.",
    "The throughput rose from {throughput_before} to {throughput}.",
    "The throughput was {throughput}, {throughput_change} as before.",
    "The throughput grew to {throughput}, which is {throughput_change} as before.",
    "The conversation between the client {client} and the server {server} had {talk_bytes}.",
    "The conversation between {client} and {server} made up {talk_share} of the bytes.",
    "Transfers are slow: the TCP loss is {loss}.",
];
