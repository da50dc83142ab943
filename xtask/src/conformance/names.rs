//! What the first payloads of a conversation say: names, offers and fingerprints, conversation by conversation.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use anyhow::Context as _;
use serde_json::Value;

use super::conversations::{Conversation, Ends, Transport};
use super::values::Values;

/// How entries of tshark and of nDPI name their ends.
pub(super) const SENT: [&str; 4] = ["src", "sport", "dst", "dport"];

/// How the expected fingerprints name theirs.
const STREAM: [&str; 4] = ["src", "srcport", "dst", "dstport"];

/// Where a JA4 fingerprint such as `t13d1516h2` tells of the server's name, and of the first offer's last letter.
const NAMED: usize = 3;
const LAST_OF_OFFER: usize = 9;

/// Something that a hello or a request says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The server's name in a hello of TLS.
    TlsServer,
    /// The server's name in a hello of QUIC.
    QuicServer,
    /// The application protocols that a hello offers.
    Alpn,
    /// The JA3 fingerprint of a hello.
    Ja3,
    /// The JA4 fingerprint of a hello.
    Ja4,
    /// The host of the first HTTP request.
    HttpHost,
}

impl Said {
    /// Returns what we say and what the truth says: the ends with the name.
    ///
    /// `fingerprints` is the list of fingerprints that the authors of JA4 expect, where there is one.
    ///
    /// # Errors
    ///
    /// When an entry of the truth is not in its form.
    pub fn values(
        self,
        conversations: &[Conversation],
        truth: &Value,
        fingerprints: Option<&Value>,
    ) -> anyhow::Result<(Values, Values)> {
        let theirs = match self {
            Self::TlsServer => names(truth, "sni_tls", Transport::Tcp, "sni")?,
            Self::QuicServer => quic_servers(truth)?,
            Self::Alpn => offers(truth)?,
            Self::Ja3 => ja3_of_hellos(truth)?,
            Self::Ja4 => expected_ja4(truth, fingerprints)?,
            Self::HttpHost => http_hosts(truth)?,
        };
        // Where the truth lists only some conversations, only those can be compared.
        let is_listed = |ends: &Ends| match self {
            Self::TlsServer | Self::QuicServer | Self::Alpn => true,
            Self::Ja3 | Self::Ja4 | Self::HttpHost => theirs.contains_key(ends),
        };
        let ours = conversations.iter().filter(|one| is_listed(&one.ends));
        let ours = ours.filter_map(|one| Some((one.ends, self.of(one)?.to_owned())));
        Ok((pairs(ours), pairs(theirs.clone())))
    }

    /// What a conversation of ours says.
    fn of(self, one: &Conversation) -> Option<&str> {
        match self {
            Self::TlsServer => one.sni.as_deref().filter(|_| one.ends.transport == Transport::Tcp),
            Self::QuicServer => one
                .sni
                .as_deref()
                .filter(|_| one.ends.transport == Transport::Udp && !one.protocol.contains("DTLS")),
            Self::Alpn => one.alpn.as_deref(),
            Self::Ja3 => one.ja3.as_deref(),
            Self::Ja4 => one.ja4.as_deref(),
            Self::HttpHost => one.hostname.as_deref(),
        }
    }
}

/// What the truth says of each conversation; the first time counts, as a hello that is sent again says the same and
/// the second hello after a request to try again offers less.
type Told = BTreeMap<Ends, String>;

fn pairs(told: impl IntoIterator<Item = (Ends, String)>) -> Values {
    Values::Names(told.into_iter().map(|(ends, name)| format!("{ends} {name}")).collect::<BTreeSet<_>>())
}

fn entries<'a>(truth: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    truth.get(list).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(entry: &'a Value, key: &str) -> Option<&'a str> {
    entry.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// A name as METRICS.md writes it.
fn lower(name: &str) -> String {
    name.to_lowercase().trim_end_matches('.').to_owned()
}

fn names(truth: &Value, list: &str, transport: Transport, key: &str) -> anyhow::Result<Told> {
    let mut told = Told::new();
    for entry in entries(truth, list) {
        let name = text(entry, key).with_context(|| format!("an entry of {list} has no {key}"))?;
        told.entry(Ends::over(transport, entry, SENT)?).or_insert_with(|| lower(name));
    }
    Ok(told)
}

/// Reads the ends of one of nDPI's flows.
///
/// None where it has no ports, and where nDPI 4.11 writes two gaps into an address, which makes it none.
pub(super) fn ends_of_ndpi(entry: &Value) -> Option<Ends> {
    Ends::read(entry, "l4", SENT).ok().flatten()
}

/// tshark's names, and nDPI's for Google's QUIC, which tshark does not decrypt.
fn quic_servers(truth: &Value) -> anyhow::Result<Told> {
    let mut told = names(truth, "sni_quic", Transport::Udp, "sni")?;
    for entry in entries(truth, "ndpi_expected").filter(|entry| text(entry, "master") == Some("QUIC")) {
        if let Some((ends, name)) = ends_of_ndpi(entry).zip(text(entry, "hostname")) {
            told.entry(ends).or_insert_with(|| lower(name));
        }
    }
    Ok(told)
}

/// The first hello of each conversation, as tshark reads it.
fn first_hellos(truth: &Value) -> anyhow::Result<BTreeMap<Ends, &Value>> {
    let mut hellos = BTreeMap::new();
    for hello in entries(truth, "client_hello") {
        let ends = Ends::read(hello, "over", SENT)?.context("a hello came over something unknown")?;
        hellos.entry(ends).or_insert(hello);
    }
    Ok(hellos)
}

fn offers(truth: &Value) -> anyhow::Result<Told> {
    let mut told = Told::new();
    for (ends, hello) in first_hellos(truth)? {
        let offered = hello.get("alpn").and_then(Value::as_array).context("a hello has no list of offers")?;
        let offered: Vec<&str> = offered.iter().filter_map(Value::as_str).collect();
        if !offered.is_empty() {
            told.insert(ends, offered.join(","));
        }
    }
    Ok(told)
}

/// tshark's list has more than one where a packet holds several hellos; the first is that of the conversation.
fn ja3_of_hellos(truth: &Value) -> anyhow::Result<Told> {
    let ja3 = |hello: &Value| Some(hello.get("ja3")?.as_array()?.first()?.as_str()?.to_owned());
    let hellos = first_hellos(truth)?.into_iter();
    hellos.map(|(ends, hello)| Ok((ends, ja3(hello).context("a hello has no JA3")?))).collect()
}

/// The fingerprints of JA4's authors, and nDPI's of captures that they do not list.
fn expected_ja4(truth: &Value, fingerprints: Option<&Value>) -> anyhow::Result<Told> {
    let (mut told, hellos) = (Told::new(), first_hellos(truth)?);
    for entry in fingerprints.and_then(Value::as_array).into_iter().flatten() {
        let Some(ja4) = text(entry, "JA4.1").or_else(|| text(entry, "JA4")) else { continue };
        let transport = if ja4.starts_with('t') { Transport::Tcp } else { Transport::Udp };
        told.entry(Ends::over(transport, entry, STREAM)?).or_insert_with(|| ja4.to_owned());
    }
    for entry in entries(truth, "ndpi_expected") {
        let Some((ends, ja4)) = ends_of_ndpi(entry).zip(text(entry, "ja4")) else { continue };
        // nDPI names the side first that spoke first in the capture, which may begin in the middle.
        let ends = if hellos.contains_key(&ends.swapped()) { ends.swapped() } else { ends };
        let is_named = text(entry, "hostname").is_some();
        told.entry(ends).or_insert_with(|| mended(ja4, is_named, hellos.get(&ends).copied()));
    }
    Ok(told)
}

/// Mends a fingerprint of nDPI 4.11.
///
/// The specification asks for `i` where the hello has no server's name, and for the first and the last letter of the
/// first offer; nDPI 4.11 always writes `d`, and another second letter (`ht` for `http/1.1`, `h0` for `h3`).
fn mended(ja4: &str, is_named: bool, hello: Option<&Value>) -> String {
    let mut letters: Vec<char> = ja4.chars().collect();
    if let Some(letter) = letters.get_mut(NAMED).filter(|_| !is_named) {
        *letter = 'i';
    }
    let offers = hello.and_then(|hello| hello.get("alpn")).and_then(Value::as_array);
    let last = offers.and_then(|offers| offers.first()?.as_str()?.chars().next_back());
    if let Some((letter, last)) = letters.get_mut(LAST_OF_OFFER).zip(last) {
        *letter = last;
    }
    letters.into_iter().collect()
}

/// The hosts of requests over TCP that are names; an address names nobody.
///
/// What is sent to a group is SSDP, which speaks HTTP over UDP.
fn http_hosts(truth: &Value) -> anyhow::Result<Told> {
    let mut told = Told::new();
    for entry in entries(truth, "http_hosts") {
        let ends = Ends::over(Transport::Tcp, entry, SENT)?;
        let host = text(entry, "host").filter(|_| !ends.server.ip().is_multicast()).map(without_port);
        if let Some(name) = host.filter(|host| host.parse::<IpAddr>().is_err() && !host.starts_with('[')) {
            told.entry(ends).or_insert_with(|| lower(name));
        }
    }
    Ok(told)
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.contains(':') => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation(transport: &str, protocol: &str, said: &str) -> Conversation {
        let flow = serde_json::json!({
            "transport": transport, "protocol": protocol, "client": "192.0.2.1", "client_port": 50_000,
            "server": "198.51.100.1", "server_port": 443, "sni": said, "hostname": said, "ja3": said, "ja4": said,
            "alpn": said,
        });
        Conversation::all(&serde_json::json!({ "flows": [flow] })).unwrap().remove(0)
    }

    fn entry(mut more: Value) -> Value {
        let ends =
            serde_json::json!({ "src": "192.0.2.1", "sport": 50_000, "dst": "198.51.100.1", "dport": 443 });
        more.as_object_mut().unwrap().extend(ends.as_object().unwrap().clone());
        more
    }

    fn names_of(values: &Values) -> Vec<&str> {
        let Values::Names(names) = values else { panic!("names are compared as names") };
        names.iter().map(|name| name.rsplit_once(' ').unwrap().1).collect()
    }

    #[test]
    fn a_hello_that_is_sent_again_counts_once() {
        let truth = serde_json::json!({ "sni_tls": [
            entry(serde_json::json!({ "sni": "WWW.Example." })), entry(serde_json::json!({ "sni": "www.example" })),
        ] });
        let ours = [conversation("TCP", "TLS", "www.example")];
        let (ours, theirs) = Said::TlsServer.values(&ours, &truth, None).unwrap();
        assert_eq!((ours.len(), &ours), (1, &theirs));
    }

    #[test]
    fn a_name_counts_for_what_carried_it() {
        let ours =
            [conversation("UDP", "DTLS", "turn.example"), conversation("UDP", "HTTP/3", "www.example")];
        let truth = serde_json::json!({ "ndpi_expected": [
            entry(serde_json::json!({ "l4": "UDP", "master": "QUIC", "hostname": "www.example" })),
            entry(serde_json::json!({ "l4": "UDP", "master": "DNS", "hostname": "elsewhere.example" })),
        ] });
        let (quic, theirs) = Said::QuicServer.values(&ours, &truth, None).unwrap();
        assert_eq!((names_of(&quic), &quic), (vec!["www.example"], &theirs));
        assert!(Said::TlsServer.values(&ours, &truth, None).unwrap().0.is_empty());
    }

    #[test]
    fn offers_are_compared_in_their_order() {
        let truth = serde_json::json!({ "client_hello": [
            entry(serde_json::json!({ "over": "tcp", "alpn": ["h2", "http/1.1"] })),
            entry(serde_json::json!({ "over": "tcp", "alpn": [] })),
        ] });
        let (ours, theirs) =
            Said::Alpn.values(&[conversation("TCP", "TLS", "h2,http/1.1")], &truth, None).unwrap();
        assert_eq!((ours.len(), &ours), (1, &theirs));
    }

    #[test]
    fn the_first_hello_of_a_conversation_gives_its_ja3() {
        let hello = |ja3: &str| entry(serde_json::json!({ "over": "quic", "ja3": [ja3] }));
        let truth = serde_json::json!({ "client_hello": [hello("aa"), hello("bb")] });
        let (ours, theirs) = Said::Ja3.values(&[conversation("UDP", "QUIC", "aa")], &truth, None).unwrap();
        assert_eq!((names_of(&ours), &ours), (vec!["aa"], &theirs));
        // tshark may not look for a hello on the port of something else.
        let nothing = serde_json::json!({});
        assert!(Said::Ja3.values(&[conversation("TCP", "TLS", "aa")], &nothing, None).unwrap().0.is_empty());
    }

    #[test]
    fn fingerprints_of_their_authors_come_before_those_of_others() {
        let listed = serde_json::json!([{
            "src": "192.0.2.1", "srcport": "50000", "dst": "198.51.100.1", "dstport": "443", "JA4.1": "t13d_a"
        }, {
            "src": "192.0.2.1", "srcport": "50000", "dst": "198.51.100.1", "dstport": "443", "JA4H": "ge20"
        }]);
        let truth = serde_json::json!({ "ndpi_expected": [entry(serde_json::json!({ "l4": "TCP", "ja4": "t13d_b" }))] });
        let ours = [conversation("TCP", "TLS", "t13d_a")];
        let (ours, theirs) = Said::Ja4.values(&ours, &truth, Some(&listed)).unwrap();
        assert_eq!((ours.len(), &ours), (1, &theirs));
    }

    #[test]
    fn ndpis_fingerprints_are_mended_by_the_hello() {
        let hello = |alpn: &[&str]| serde_json::json!({ "alpn": alpn });
        let old = hello(&["http/1.1", "spdy/3"]);
        assert_eq!(mended("t12d1409ht_c866", true, Some(&old)), "t12d1409h1_c866");
        assert_eq!(mended("q13d0310h0_55b3", true, Some(&hello(&["h3"]))), "q13d0310h3_55b3");
        assert_eq!(mended("t10d120300_b275", false, Some(&hello(&[]))), "t10i120300_b275");
        assert_eq!(mended("t12d1409ht_c866", true, None), "t12d1409ht_c866");
        assert_eq!(mended("t13", true, Some(&old)), "t13");
    }

    #[test]
    fn hosts_are_those_of_requests_over_tcp_without_their_port() {
        let mut search = entry(serde_json::json!({ "host": "239.255.255.250:1900" }));
        search["dst"] = "239.255.255.250".into();
        let mut address = entry(serde_json::json!({ "host": "198.51.100.1:8080" }));
        address["sport"] = 50_001.into();
        let name = entry(serde_json::json!({ "host": "Example.org:8080" }));
        let truth = serde_json::json!({ "http_hosts": [name, search, address] });
        let ours = [conversation("TCP", "HTTP", "example.org")];
        let (ours, theirs) = Said::HttpHost.values(&ours, &truth, None).unwrap();
        assert_eq!((names_of(&ours), &ours), (vec!["example.org"], &theirs));
        assert_eq!(
            (without_port("[2001:db8::1]"), without_port("2001:db8::1")),
            ("[2001:db8::1]", "2001:db8::1")
        );
    }
}
