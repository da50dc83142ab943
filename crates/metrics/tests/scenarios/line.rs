//! One line of a scenario.

use netsonde_synth::Way;
use netsonde_synth::frame::tcp::{Header, Options, flags};

/// A packet and what it is found to be.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    pub(crate) text: &'a str,
    /// Nanoseconds since the scenario began.
    pub(crate) at: u64,
    pub(crate) way: Way,
    pub(crate) packet: Sent<'a>,
    pub(crate) expected: &'a str,
}

/// What is sent.
#[derive(Debug)]
pub(crate) enum Sent<'a> {
    /// A segment.
    Segment(Header, Payload<'a>),
    /// A message of DNS in a datagram.
    Datagram(&'a str),
    /// An echo request with this sequence number.
    Ping(u16),
    /// Its reply.
    Pong(u16),
    /// A message of IGMP: what it does to which groups.
    Igmp(&'a str, Vec<&'a str>),
}

/// What a segment carries.
#[derive(Debug)]
pub(crate) enum Payload<'a> {
    /// So many bytes of nothing.
    Zeros(usize),
    /// Bytes of a message, from one on to before another.
    Part(&'a str, usize, usize),
}

impl<'a> Line<'a> {
    /// Reads `TIME > WHAT => OUTCOME`.
    pub(crate) fn read(text: &'a str) -> Self {
        let (packet, expected) = text.split_once("=>").unwrap_or_else(|| panic!("no arrow: {text}"));
        let fields: Vec<_> = packet.split_whitespace().collect();
        let [at, way, what, rest @ ..] = &fields[..] else { panic!("a field is missing: {text}") };
        let way = if *way == ">" { Way::Up } else { Way::Down };
        let packet = match (*what, rest) {
            ("dns", [name]) => Sent::Datagram(name),
            ("ping", [number]) => Sent::Ping(number.parse().unwrap()),
            ("pong", [number]) => Sent::Pong(number.parse().unwrap()),
            ("igmp", [what, groups @ ..]) => Sent::Igmp(what, groups.to_vec()),
            _ => segment(what, rest),
        };
        Self { text, at: nanos(at), way, packet, expected: expected.trim() }
    }

    /// Tells whether an event is expected.
    pub(crate) fn tells(&self, event: &str) -> bool {
        self.expected.split(", ").any(|part| part == event)
    }
}

/// Reads nanoseconds written as milliseconds with up to six decimals.
pub(crate) fn nanos(text: &str) -> u64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{part:0<6}").parse().unwrap()
}

/// Reads `FLAGS SEQ ACK LEN WINDOW`, then `ws=SHIFT` and `sack=LEFT-RIGHT` where there are such options.
fn segment<'a>(flags: &str, fields: &[&'a str]) -> Sent<'a> {
    let [seq, ack, payload, window, options @ ..] = fields else { panic!("a field is missing: {fields:?}") };
    let mut header = Header {
        seq: seq.parse().unwrap(),
        ack: ack.parse().unwrap(),
        flags: flags.chars().map(flag).sum(),
        window: window.parse().unwrap(),
        options: Options::default(),
    };
    for option in options {
        let (name, value) = option.split_once('=').unwrap();
        match name {
            "ws" => header.options.window_scale = Some(value.parse().unwrap()),
            "sack" => {
                let (left, right) = value.split_once('-').unwrap();
                header.options.sacks[0] = Some((left.parse().unwrap(), right.parse().unwrap()));
            }
            other => panic!("no option {other}"),
        }
    }
    Sent::Segment(header, part(payload))
}

/// Reads `LEN`, or `NAME[FROM..TO]`.
fn part(text: &str) -> Payload<'_> {
    let Some((name, range)) = text.split_once('[') else { return Payload::Zeros(text.parse().unwrap()) };
    let (from, to) = range.trim_end_matches(']').split_once("..").unwrap();
    Payload::Part(name, from.parse().unwrap(), to.parse().unwrap())
}

fn flag(letter: char) -> u8 {
    match letter {
        'F' => flags::FIN,
        'S' => flags::SYN,
        'R' => flags::RST,
        'P' => flags::PSH,
        'A' => flags::ACK,
        '-' => 0,
        other => panic!("no flag {other}"),
    }
}
