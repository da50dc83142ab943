//! DNS messages (RFC 1035), also of multicast DNS (RFC 6762).

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::bytes::{Bytes, len16};

/// Kind of a record, by its number (IANA, DNS parameters).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordType(pub u16);

impl RecordType {
    /// An IPv4 address.
    pub const A: Self = Self(1);
    /// Another name for this one.
    pub const CNAME: Self = Self(5);
    /// The start of a zone, which comes with the answer that there is no such name.
    pub const SOA: Self = Self(6);
    /// A name for this address, or an instance of this service.
    pub const PTR: Self = Self(12);
    /// Free text.
    pub const TXT: Self = Self(16);
    /// An IPv6 address.
    pub const AAAA: Self = Self(28);
    /// Host and port of a service.
    pub const SRV: Self = Self(33);
    /// How to reach a web server (RFC 9460).
    pub const HTTPS: Self = Self(65);
    /// Any of them.
    pub const ANY: Self = Self(255);
    /// The pseudo-record of EDNS (RFC 6891).
    const OPT: Self = Self(41);
}

/// How a query went, by its number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rcode(pub u8);

impl Rcode {
    /// It went well.
    pub const NO_ERROR: Self = Self(0);
    /// The server could not find out.
    pub const SERVER_FAILURE: Self = Self(2);
    /// There is no such name.
    pub const NX_DOMAIN: Self = Self(3);
    /// The server does not want to say.
    pub const REFUSED: Self = Self(5);
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// An IPv4 address.
    A(Ipv4Addr),
    /// An IPv6 address.
    Aaaa(Ipv6Addr),
    /// The name that this one stands for.
    Cname(String),
    /// A name.
    Ptr(String),
    /// Strings.
    Txt(Vec<String>),
    /// Port and host of a service.
    Srv(u16, String),
    /// A web server of this very name that speaks these protocols.
    Https(Vec<String>),
    /// The primary server of a zone.
    Soa(String),
}

impl Record {
    fn record_type(&self) -> RecordType {
        match self {
            Self::A(_) => RecordType::A,
            Self::Aaaa(_) => RecordType::AAAA,
            Self::Cname(_) => RecordType::CNAME,
            Self::Ptr(_) => RecordType::PTR,
            Self::Txt(_) => RecordType::TXT,
            Self::Srv(..) => RecordType::SRV,
            Self::Https(_) => RecordType::HTTPS,
            Self::Soa(_) => RecordType::SOA,
        }
    }
}

/// A record with the name it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The name.
    pub name: String,
    /// How long it may be kept, in seconds.
    pub ttl_s: u32,
    /// What it says.
    pub record: Record,
}

impl Answer {
    /// Makes an answer that may be kept for five minutes.
    pub fn new(name: &str, record: Record) -> Self {
        Self { name: name.to_owned(), ttl_s: 300, record }
    }
}

/// One message.
#[derive(Clone, Debug)]
pub struct Message {
    id: u16,
    flags: u16,
    questions: Vec<(String, RecordType)>,
    answers: Vec<Answer>,
    authorities: Vec<Answer>,
    is_multicast: bool,
    has_edns: bool,
}

/// Flags of the header (RFC 1035 section 4.1.1).
const RESPONSE: u16 = 0x8000;
const AUTHORITATIVE: u16 = 0x0400;
const RECURSION_DESIRED: u16 = 0x0100;
const RECURSION_AVAILABLE: u16 = 0x0080;

const CLASS_INTERNET: u16 = 1;
/// Replaces what a cache has (RFC 6762 section 10.2).
const CACHE_FLUSH: u16 = 0x8000;
/// Largest answer over UDP that resolvers ask for, which avoids fragments.
const EDNS_PAYLOAD: u16 = 1232;
/// Pointers reach the first 2^14 bytes.
const MAX_POINTER: usize = 0x3fff;
const MAX_LABEL: usize = 63;

impl Message {
    /// Asks a resolver for one kind of record, with EDNS.
    pub fn query(id: u16, name: &str, record_type: RecordType) -> Self {
        Self {
            id,
            flags: RECURSION_DESIRED,
            questions: vec![(name.to_owned(), record_type)],
            answers: Vec::new(),
            authorities: Vec::new(),
            is_multicast: false,
            has_edns: true,
        }
    }

    /// Answers a query as a resolver does.
    #[must_use]
    pub fn answer(&self, rcode: Rcode, answers: Vec<Answer>) -> Self {
        let flags = RESPONSE | RECURSION_DESIRED | RECURSION_AVAILABLE | u16::from(rcode.0 & 0x0f);
        Self { flags, answers, ..self.clone() }
    }

    /// Says that there is no such name, with the zone that knows.
    #[must_use]
    pub fn no_such_name(&self, zone: &str) -> Self {
        let authorities = vec![Answer::new(zone, Record::Soa(format!("ns1.{zone}")))];
        Self { authorities, ..self.answer(Rcode::NX_DOMAIN, Vec::new()) }
    }

    /// Asks every neighbour over multicast DNS.
    pub fn multicast_query(questions: &[(&str, RecordType)]) -> Self {
        let questions = questions.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        Self {
            flags: 0,
            questions,
            is_multicast: true,
            has_edns: false,
            ..Self::query(0, "", RecordType::ANY)
        }
    }

    /// Tells every neighbour over multicast DNS (RFC 6762 section 8.3).
    pub fn announcement(answers: Vec<Answer>) -> Self {
        Self { flags: RESPONSE | AUTHORITATIVE, answers, ..Self::multicast_query(&[]) }
    }

    /// Asks every neighbour over LLMNR, where the bit of recursion would mean that a name is not sure yet (RFC 4795 section 2.1.1).
    pub fn neighbour_query(id: u16, name: &str, record_type: RecordType) -> Self {
        Self { flags: 0, has_edns: false, ..Self::query(id, name, record_type) }
    }

    /// Answers a neighbour over LLMNR.
    #[must_use]
    pub fn neighbour_answer(&self, answers: Vec<Answer>) -> Self {
        Self { flags: RESPONSE, answers, ..self.clone() }
    }

    /// Leaves the pseudo-record of EDNS out, as small devices do.
    #[must_use]
    pub fn without_edns(self) -> Self {
        Self { has_edns: false, ..self }
    }

    /// Returns the bytes of a datagram.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Bytes::new();
        let mut names = BTreeMap::new();
        out.u16s([self.id, self.flags, len16(self.questions.len()), len16(self.answers.len())]);
        out.u16s([len16(self.authorities.len()), u16::from(self.has_edns)]);
        for (name, kind) in &self.questions {
            write_name(name, &mut out, &mut names);
            out.u16s([kind.0, CLASS_INTERNET]);
        }
        for answer in self.answers.iter().chain(&self.authorities) {
            write_name(&answer.name, &mut out, &mut names);
            let flush =
                if self.is_multicast && !matches!(answer.record, Record::Ptr(_)) { CACHE_FLUSH } else { 0 };
            out.u16s([answer.record.record_type().0, CLASS_INTERNET | flush]).u32(answer.ttl_s);
            write_record(&answer.record, &mut out, &mut names);
        }
        if self.has_edns {
            // The root, payload size in place of the class, no extended code, version 0, no options.
            out.u8(0).u16s([RecordType::OPT.0, EDNS_PAYLOAD, 0, 0, 0]);
        }
        out.into_vec()
    }

    /// Returns the bytes of a TCP stream: the length goes before (RFC 1035 section 4.2.2).
    pub fn encode_tcp(&self) -> Vec<u8> {
        Bytes::new().counted16(|message| _ = message.put(&self.encode())).take()
    }
}

/// Returns the name under which an IPv4 address is looked up backwards.
pub fn reverse_name(address: Ipv4Addr) -> String {
    let [a, b, c, d] = address.octets();
    format!("{d}.{c}.{b}.{a}.in-addr.arpa")
}

/// Where each name, from some label to its end, was written first.
type Names = BTreeMap<String, u16>;

/// Writes a name, the part that was there before as a pointer (RFC 1035 section 4.1.4).
fn write_name(name: &str, out: &mut Bytes, names: &mut Names) {
    let mut rest = name.trim_end_matches('.');
    while !rest.is_empty() {
        if let Some(at) = names.get(rest) {
            out.u16(0xc000 | at);
            return;
        }
        if out.len() <= MAX_POINTER {
            names.insert(rest.to_owned(), len16(out.len()));
        }
        let (label, after) = rest.split_once('.').unwrap_or((rest, ""));
        let label = label.as_bytes();
        out.counted8(|bytes| _ = bytes.put(label.get(..MAX_LABEL).unwrap_or(label)));
        rest = after;
    }
    out.u8(0);
}

/// Writes what a record says, with its length; only kinds of RFC 1035 may have their names compressed (RFC 3597
/// section 4), and multicast DNS also compresses those of SRV (RFC 6762 section 18.14).
fn write_record(record: &Record, out: &mut Bytes, names: &mut Names) {
    // Pointers count from the start of the message, so that the length is known only after a trial.
    let mut trial = out.clone();
    trial.u16(0);
    let start = trial.len();
    let mut known = names.clone();
    write_body(record, &mut trial, &mut known);
    out.u16(len16(trial.len() - start));
    write_body(record, out, names);
}

fn write_body(record: &Record, out: &mut Bytes, names: &mut Names) {
    match record {
        Record::A(address) => _ = out.put(&address.octets()),
        Record::Aaaa(address) => _ = out.put(&address.octets()),
        Record::Cname(name) | Record::Ptr(name) => write_name(name, out, names),
        Record::Txt(strings) => {
            for string in strings {
                out.counted8(|text| _ = text.put(string.as_bytes()));
            }
        }
        Record::Srv(port, host) => {
            out.u16s([0, 0, *port]);
            write_name(host, out, names);
        }
        Record::Https(protocols) => {
            // Priority 1, the owner's own name, parameter 1: the protocols.
            out.u16(1).u8(0).u16(1).counted16(|parameter| {
                for protocol in protocols {
                    parameter.counted8(|name| _ = name.put(protocol.as_bytes()));
                }
            });
        }
        Record::Soa(server) => {
            write_name(server, out, names);
            write_name("hostmaster", out, names);
            // Serial number, refresh, retry, expiry and negative time to live in seconds.
            out.u32(2_024_010_100).u32(7200).u32(3600).u32(1_209_600).u32(900);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use netsonde_dissect::{Guess, Protocol, probe_tcp, probe_udp};

    #[test]
    fn query_is_header_question_and_edns() {
        let query = Message::query(0x1234, "example.org", RecordType::A).encode();
        let expected = [
            &[0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 1][..],
            b"\x07example\x03org\x00\x00\x01\x00\x01",
            // Root, type 41, 1,232 bytes, no extended flags, no options.
            &[0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0],
        ];
        assert_eq!(query, expected.concat());
        assert_eq!(probe_udp(&query, 50_000, 53), Guess::Certain(Protocol::Dns));
    }

    #[test]
    fn names_written_before_become_pointers() {
        let query = Message::query(1, "www.example.org", RecordType::A).without_edns();
        let answers = vec![
            Answer::new("www.example.org", Record::Cname("web.example.org".to_owned())),
            Answer::new("web.example.org", Record::A(Ipv4Addr::new(192, 0, 2, 1))),
        ];
        let answer = query.answer(Rcode::NO_ERROR, answers).encode();
        let question = 12 + 17 + 4;
        // `www.example.org` stands at 12 and `example.org` at 16; type 5, class 1, 300 s, 4 + 2 bytes.
        let alias = [0xc0, 12, 0, 5, 0, 1, 0, 0, 1, 44, 0, 6, 3, b'w', b'e', b'b', 0xc0, 16];
        assert_eq!(answer[question..question + 18], alias);
        // `web.example.org` was written in the body of the alias, 12 bytes behind its start: 33 + 12 = 45.
        assert_eq!(answer[question + 18..], [0xc0, 45, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 1]);
        assert_eq!(probe_udp(&answer, 53, 50_000), Guess::Certain(Protocol::Dns));
    }

    #[test]
    fn no_such_name_comes_with_the_zone() {
        let answer =
            Message::query(1, "nowhere.example.org", RecordType::AAAA).no_such_name("example.org").encode();
        // Response, recursion, code 3; one question, no answer, one authority, EDNS.
        assert_eq!(answer[2..12], [0x81, 0x83, 0, 1, 0, 0, 0, 1, 0, 1]);
    }

    #[test]
    fn over_tcp_the_length_goes_before() {
        let message = Message::query(7, "example.org", RecordType::HTTPS);
        let stream = message.encode_tcp();
        assert_eq!(usize::from(u16::from_be_bytes([stream[0], stream[1]])), stream.len() - 2);
        assert_eq!(stream[2..], message.encode());
        assert_eq!(probe_tcp(&stream, 50_000, 53), Guess::Certain(Protocol::Dns));
    }

    #[test]
    fn announcement_is_an_authoritative_answer_without_a_question() {
        let answers = vec![
            Answer::new("_ipp._tcp.local", Record::Ptr("printer._ipp._tcp.local".to_owned())),
            Answer::new("printer._ipp._tcp.local", Record::Srv(631, "printer.local".to_owned())),
            Answer::new("printer.local", Record::A(Ipv4Addr::new(192, 168, 1, 9))),
        ];
        let message = Message::announcement(answers).encode();
        assert_eq!(message[..12], [0, 0, 0x84, 0, 0, 0, 0, 3, 0, 0, 0, 0]);
        assert_eq!(probe_udp(&message, 5353, 5353), Guess::Certain(Protocol::Mdns));
    }

    #[test]
    fn neighbour_answers_with_the_question_and_no_flag_but_that() {
        let query = Message::neighbour_query(0x1234, "pc", RecordType::A);
        // No flags, one question of 2 letters, type 1, class 1.
        let question =
            [&[0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], b"\x02pc\x00\x00\x01\x00\x01"].concat();
        assert_eq!(query.encode(), question);
        assert_eq!(probe_udp(&question, 50_000, 5355), Guess::Certain(Protocol::Llmnr));
        let answer = Answer::new("pc", Record::A(Ipv4Addr::new(192, 168, 1, 9)));
        let answer = query.neighbour_answer(vec![answer]).encode();
        assert_eq!(answer[..12], [0x12, 0x34, 0x80, 0, 0, 1, 0, 1, 0, 0, 0, 0]);
        assert_eq!(answer[12..20], question[12..]);
        assert_eq!(probe_udp(&answer, 5355, 50_000), Guess::Certain(Protocol::Llmnr));
    }

    #[test]
    fn reverse_name_has_the_bytes_the_other_way_round() {
        assert_eq!(reverse_name(Ipv4Addr::new(192, 0, 2, 1)), "1.2.0.192.in-addr.arpa");
    }
}
