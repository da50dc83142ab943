//! Applications: ours beside nDPI's, conversation by conversation.
//!
//! Compared are the conversations that nDPI names an application for by what it saw, not by port or address alone, and
//! that had a name on the wire: in a hello, a request, or a DNS answer with one of their addresses. Whatever DNS
//! carries is told apart: nDPI names such a conversation after what is asked about, and here it is DNS.

mod mapping;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use anyhow::Context as _;
use serde_json::Value;

pub use mapping::{Differs, Mapping, Side};

use super::conversations::{Conversation, Ends, Transport};
use super::names::{SENT, ends_of_ndpi};

/// The share of conversations, and of their bytes, that must agree, 0 to 1.
const AGREED: f64 = 0.95;

/// How nDPI begins to say that it saw something in the packets themselves.
const SEEN: &str = "DPI";

/// Protocols that ask for names, nDPI's name first.
const ASKING: [(&str, &str); 3] = [("DNS", "DNS"), ("MDNS", "mDNS"), ("LLMNR", "LLMNR")];

/// What stands for a conversation without a label, or that we do not have.
const UNKNOWN: &str = "unknown";
const NO_FLOW: &str = "no such flow";

/// One capture, judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Counts what was compared.
    pub compared: Sum,
    /// Counts what agreed.
    pub agreed: Sum,
    /// What did not.
    pub differing: Vec<Differing>,
    /// Counts conversations that ask for names.
    pub asking: u64,
    /// Those of them that are labelled as anything else.
    pub mistaken: Vec<Differing>,
}

/// Conversations and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Counts conversations.
    pub flows: u64,
    /// Sums their bytes, as nDPI counts them.
    pub bytes: u64,
}

/// One conversation on which we and nDPI do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// Its ends.
    pub flow: String,
    /// Our application.
    pub ours: String,
    /// nDPI's name, with the protocol before it.
    pub theirs: String,
    /// Its bytes, as nDPI counts them.
    pub bytes: u64,
}

/// Judges one capture.
///
/// # Errors
///
/// When an entry of the truth is not in its form.
pub fn judge(mapping: &Mapping, conversations: &[Conversation], truth: &Value) -> anyhow::Result<Judged> {
    let mut ours: BTreeMap<Ends, Vec<&Conversation>> = BTreeMap::new();
    for one in conversations {
        ours.entry(one.ends.either_way()).or_default().push(one);
    }
    let named = Named::read(truth)?;
    let mut judged = Judged::default();
    for entry in truth.get("ndpi_expected").and_then(Value::as_array).into_iter().flatten() {
        let Some(theirs) = Theirs::read(entry)? else { continue };
        let found = ours.get(&theirs.ends.either_way()).map_or(&[][..], Vec::as_slice);
        if let Some((_, app)) = ASKING.iter().find(|(master, _)| *master == theirs.master) {
            judged.asking += 1;
            if !found.iter().all(|one| one.app.as_deref() == Some(app)) {
                judged.mistaken.push(theirs.differs(found));
            }
        } else if !mapping.is_protocol(theirs.app) && (theirs.has_name || named.knows(theirs.ends)) {
            judged.compared.add(theirs.bytes);
            let labelled = || found.iter().filter_map(|one| one.app.as_deref().map(|app| (app, *one)));
            let agrees = |(app, one): (&str, &Conversation)| {
                mapping.is_same(theirs.app, app, one.category.as_deref().unwrap_or_default())
            };
            if labelled().next().is_some() && labelled().all(agrees) {
                judged.agreed.add(theirs.bytes);
            } else {
                judged.differing.push(theirs.differs(found));
            }
        }
    }
    Ok(judged)
}

/// One conversation of nDPI's that it named by what it saw.
struct Theirs<'a> {
    ends: Ends,
    master: &'a str,
    app: &'a str,
    label: &'a str,
    has_name: bool,
    bytes: u64,
}

impl<'a> Theirs<'a> {
    fn read(entry: &'a Value) -> anyhow::Result<Option<Self>> {
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        let needed = |key: &str| text(key).with_context(|| format!("a flow of nDPI's has no {key}"));
        let Some(ends) = ends_of_ndpi(entry) else { return Ok(None) };
        if !needed("confidence")?.starts_with(SEEN) {
            return Ok(None);
        }
        let bytes = entry.get("bytes").and_then(Value::as_array).context("a flow of nDPI's has no bytes")?;
        Ok(Some(Self {
            ends,
            master: needed("master")?,
            app: needed("app")?,
            label: needed("ndpi")?,
            has_name: text("hostname").is_some_and(|name| !name.is_empty()),
            bytes: bytes.iter().filter_map(Value::as_u64).sum(),
        }))
    }

    fn differs(&self, found: &[&Conversation]) -> Differing {
        let labels: BTreeSet<&str> = found.iter().map(|one| one.app.as_deref().unwrap_or(UNKNOWN)).collect();
        let ours = if labels.is_empty() { NO_FLOW.to_owned() } else { Vec::from_iter(labels).join(", ") };
        Differing { flow: self.ends.to_string(), ours, theirs: self.label.to_owned(), bytes: self.bytes }
    }
}

/// Where names were on the wire.
struct Named {
    conversations: BTreeSet<Ends>,
    addresses: BTreeSet<std::net::IpAddr>,
}

impl Named {
    fn read(truth: &Value) -> anyhow::Result<Self> {
        let lists =
            [("sni_tls", Transport::Tcp), ("sni_quic", Transport::Udp), ("http_hosts", Transport::Tcp)];
        let mut conversations = BTreeSet::new();
        for (list, transport) in lists {
            for entry in truth.get(list).and_then(Value::as_array).into_iter().flatten() {
                conversations.insert(Ends::over(transport, entry, SENT)?.either_way());
            }
        }
        let answers = truth.get("dns_answers").and_then(Value::as_array).into_iter().flatten();
        let answers = answers.filter(|answer| answer.get("kind").is_some_and(|kind| kind == "dns"));
        let held = |answer: &'_ Value| {
            let lists = ["a", "aaaa"].map(|list| answer.get(list).and_then(Value::as_array).cloned());
            lists.into_iter().flatten().flatten()
        };
        let addresses = answers.flat_map(held).filter_map(|address| address.as_str()?.parse().ok());
        Ok(Self { conversations, addresses: addresses.collect() })
    }

    fn knows(&self, ends: Ends) -> bool {
        self.conversations.contains(&ends.either_way())
            || [ends.client, ends.server].iter().any(|end| self.addresses.contains(&end.ip()))
    }
}

impl Sum {
    fn add(&mut self, bytes: u64) {
        self.flows += 1;
        self.bytes += bytes;
    }
}

/// Applications over all captures.
#[derive(Debug, Default)]
pub struct Applications {
    mapping: Mapping,
    files: BTreeSet<String>,
    compared: Sum,
    agreed: Sum,
    asking: u64,
    differing: Vec<(String, Differing)>,
    mistaken: Vec<(String, Differing)>,
}

impl Applications {
    /// Begins with no capture.
    pub fn new(mapping: Mapping) -> Self {
        Self { mapping, ..Self::default() }
    }

    /// Adds a capture.
    pub fn add(&mut self, file: &str, judged: Judged) {
        self.files.insert(file.to_owned());
        for (sum, more) in [(&mut self.compared, judged.compared), (&mut self.agreed, judged.agreed)] {
            sum.flows += more.flows;
            sum.bytes += more.bytes;
        }
        self.asking += judged.asking;
        self.differing.extend(judged.differing.into_iter().map(|one| (file.to_owned(), one)));
        self.mistaken.extend(judged.mistaken.into_iter().map(|one| (file.to_owned(), one)));
    }

    /// Says everything that must be mended; nothing where all is well.
    ///
    /// What the list says of captures that were not read is left alone.
    pub fn complaints(&self) -> Vec<String> {
        let shares = [
            ("conversations", self.agreed.flows, self.compared.flows),
            ("bytes", self.agreed.bytes, self.compared.bytes),
        ];
        let shares = shares
            .into_iter()
            .filter(|(_, agreed, all)| share(*agreed, *all) < AGREED)
            .map(|(what, agreed, all)| format!("applications: {:.4} of {what} agree", share(agreed, all)));
        let unlisted = self.differing.iter().filter(|(file, one)| self.mapping.listed(file, one).is_none());
        let unlisted = unlisted
            .map(|(file, one)| format!("applications: {file}: {one} is not listed, with who is right"));
        let gone = self.mapping.differs().iter().filter(|listed| {
            self.files.contains(&listed.file)
                && !self.differing.iter().any(|(file, one)| listed.is_about(file, one))
        });
        let gone =
            gone.map(|one| format!("applications: {}: {} is listed and does not occur", one.file, one.flow));
        let mistaken = self
            .mistaken
            .iter()
            .map(|(file, one)| format!("applications: {file}: {one}, which only asks for a name"));
        shares.chain(unlisted).chain(gone).chain(mistaken).collect()
    }

    /// Writes how much agrees, and what does not.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written to.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let (agreed, all) = (self.agreed, self.compared);
        writeln!(
            out,
            "applications beside nDPI: {} of {} conversations agree ({:.4}), {} of {} bytes ({:.4}); at least {AGREED}",
            agreed.flows,
            all.flows,
            share(agreed.flows, all.flows),
            agreed.bytes,
            all.bytes,
            share(agreed.bytes, all.bytes)
        )?;
        let right = u64::try_from(self.mistaken.len()).unwrap_or(u64::MAX);
        writeln!(
            out,
            "conversations that ask for names: {} of {} are labelled as that",
            self.asking.saturating_sub(right),
            self.asking
        )?;
        for (file, one) in &self.differing {
            let listed = self.mapping.listed(file, one);
            let verdict = listed.map_or_else(String::new, |listed| format!(": {listed}"));
            writeln!(out, "labelled otherwise: {file}: {one}{verdict}")?;
        }
        Ok(())
    }
}

/// Without any there is nothing to disagree on.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

impl std::fmt::Display for Differing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} bytes): ours {}, nDPI's {}", self.flow, self.bytes, self.ours, self.theirs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTS: &str = r#"
        protocols = ["TLS", "QUIC"]

        [same]
        Google = ["Google Search"]

        [kinds]
        ADS_Analytic_Track = "Ads/Analytics"

        [[differs]]
        file = "a.pcap"
        flow = "tcp 192.0.2.1:50002 > 198.51.100.1:443"
        ours = "unknown"
        theirs = "TLS.Tor"
        right = "theirs"
        why = "the name is made up for every connection"
    "#;

    fn conversation(transport: &str, port: u16, app: Option<&str>, category: &str) -> Conversation {
        let flow = serde_json::json!({
            "transport": transport, "client": "192.0.2.1", "client_port": port, "server": "198.51.100.1",
            "server_port": 443, "app": app, "category": category,
        });
        Conversation::all(&serde_json::json!({ "flows": [flow] })).unwrap().remove(0)
    }

    /// nDPI's entry for the conversation of a port, told from the server's side.
    fn theirs(l4: &str, port: u16, label: &str, hostname: Option<&str>) -> Value {
        let (master, app) = label.split_once('.').unwrap_or((label, label));
        serde_json::json!({
            "l4": l4, "src": "198.51.100.1", "sport": 443, "dst": "192.0.2.1", "dport": port, "ndpi": label,
            "master": master, "app": app, "confidence": "DPI", "bytes": [100, 900], "hostname": hostname,
        })
    }

    fn judged(ours: &[Conversation], theirs: &[Value], learned: &[&str]) -> Judged {
        let answers = [
            serde_json::json!({ "kind": "dns", "a": learned }),
            serde_json::json!({ "kind": "mdns", "a": ["198.51.100.1"], "aaaa": [] }),
        ];
        let truth = serde_json::json!({ "ndpi_expected": theirs, "dns_answers": answers });
        judge(&Mapping::parse(LISTS).unwrap(), ours, &truth).unwrap()
    }

    #[test]
    fn names_agree_by_spelling_by_the_list_and_by_their_kind() {
        let ours = [
            conversation("TCP", 50_000, Some("Netflix"), "Video"),
            conversation("TCP", 50_001, Some("Google Search"), "Search"),
            conversation("TCP", 50_002, Some("Adjust"), "Ads/Analytics"),
            conversation("TCP", 50_003, Some("Akamai"), "CDN"),
        ];
        let labels = ["TLS.NetFlix", "TLS.Google", "TLS.ADS_Analytic_Track", "TLS.Apple"];
        let theirs: Vec<Value> =
            (50_000..).zip(labels).map(|(port, label)| theirs("TCP", port, label, Some("name"))).collect();
        let judged = judged(&ours, &theirs, &[]);
        // Four conversations of 1000 bytes; all but the last are the same.
        assert_eq!(
            (judged.compared, judged.agreed),
            (Sum { flows: 4, bytes: 4_000 }, Sum { flows: 3, bytes: 3_000 })
        );
        assert_eq!(judged.differing[0].to_string().split(": ").last(), Some("ours Akamai, nDPI's TLS.Apple"));
    }

    #[test]
    fn what_had_no_name_or_is_a_mere_protocol_is_not_compared() {
        let ours = [conversation("TCP", 50_000, None, "")];
        let unnamed = [theirs("TCP", 50_000, "Spotify", None), theirs("TCP", 50_000, "TLS", Some("name"))];
        assert_eq!(judged(&ours, &unnamed, &["203.0.113.1"]).compared.flows, 0);
        // A DNS answer that held the address is a name; what a network says of itself is none.
        assert_eq!(judged(&ours, &unnamed, &["198.51.100.1"]).compared.flows, 1);
        let mut by_port = theirs("TCP", 50_000, "TLS.Google", Some("name"));
        by_port["confidence"] = "Match by port".into();
        assert_eq!(judged(&ours, &[by_port], &[]).compared.flows, 0);
    }

    #[test]
    fn who_asks_for_a_name_is_not_what_it_asks_about() {
        let ours = [
            conversation("UDP", 50_000, Some("DNS"), "Network"),
            conversation("UDP", 50_001, Some("Netflix"), ""),
        ];
        let theirs: Vec<Value> =
            (50_000..50_002).map(|port| theirs("UDP", port, "DNS.NetFlix", Some("name"))).collect();
        let judged = judged(&ours, &theirs, &[]);
        assert_eq!((judged.compared.flows, judged.asking, judged.mistaken.len()), (0, 2, 1));
    }

    #[test]
    fn a_disagreement_must_be_listed_and_occur_and_counts_all_the_same() {
        let of = |judged: Judged| {
            let mut sums = Applications::new(Mapping::parse(LISTS).unwrap());
            sums.add("a.pcap", judged);
            sums.complaints()
        };
        let mut tor = theirs("TCP", 50_002, "TLS.Tor", Some("name"));
        for (client, server) in [("src", "dst"), ("sport", "dport")] {
            let swapped = tor[client].take();
            tor[client] = tor[server].take();
            tor[server] = swapped;
        }
        let alone = of(judged(&[conversation("TCP", 50_002, None, "")], &[tor], &[]));
        // None of one conversation agrees: too few, of conversations and of bytes; the list excuses neither.
        assert_eq!(alone.len(), 2, "{alone:?}");
        let complaints = of(judged(&[], &[theirs("TCP", 50_003, "TLS.Apple", Some("name"))], &[]));
        for part in [
            "ours no such flow, nDPI's TLS.Apple is not listed",
            "50002 > 198.51.100.1:443 is listed and does not",
        ] {
            assert!(complaints.iter().any(|complaint| complaint.contains(part)), "{complaints:?}");
        }
    }
}
