//! Connections written as tables, a line for each segment, and what each is found to be.
//!
//! `12.5 > PA 1001 5001 10 100 => lost_segment, rtt 3`: after 12.5 ms the client sends PSH and ACK with sequence number 1001,
//! acknowledgement 5001, 10 bytes of payload and window 100. Behind the arrow stand the events in the order of their
//! numbers, then `rtt` (`rtt?` where it is ambiguous), `irtt` and `response` in milliseconds. `ws=N` behind the window adds the
//! option of that scale, `bad=N` one of that kind with a single byte, `cut=N` has the capture keep N bytes of the TCP header, `off=N` writes another data offset.

use std::fmt::Write as _;

use netsonde_dissect::{Frame, LinkType, Packet};
use netsonde_flow::limits::Limits;
use netsonde_flow::{FlowTable, LocalNetworks, TcpVerdict};
use netsonde_units::Timestamp;

const CLIENT: [u8; 4] = [192, 0, 2, 1];
const SERVER: [u8; 4] = [198, 51, 100, 2];
const IP_LEN: usize = 20;

/// The handshake that most tables begin with.
pub(crate) const HANDSHAKE: &str = "\
    0 > S 1000 0 0 100 =>
    10 < SA 5000 1001 0 100 => rtt 10
    11 > A 1001 5001 0 100 => rtt 1, irtt 11
";

/// A segment of a table.
pub(crate) struct Line<'a> {
    pub(crate) at: Timestamp,
    bytes: Vec<u8>,
    captured: usize,
    pub(crate) text: &'a str,
    pub(crate) expected: &'a str,
}

/// Reads nanoseconds written as milliseconds with up to six decimals.
fn nanos(text: &str) -> u64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{part:0<6}").parse().unwrap()
}

fn flags(text: &str) -> u8 {
    text.chars()
        .map(|flag| match flag {
            'F' => 1,
            'S' => 2,
            'R' => 4,
            'P' => 8,
            'A' => 16,
            '-' => 0,
            other => panic!("no flag {other}"),
        })
        .sum()
}

fn be32(number: u32) -> [u8; 4] {
    number.to_be_bytes()
}

/// Reads a line; `shift` is added to both ends' numbers.
pub(crate) fn line(text: &str, shift: u32) -> Line<'_> {
    let (segment, expected) = text.split_once("=>").unwrap();
    let fields: Vec<_> = segment.split_whitespace().collect();
    let [at, direction, flag, sequence, acknowledgement, len, window, rest @ ..] = &fields[..] else {
        panic!("a field is missing: {text}")
    };
    let named = |name: &str| {
        rest.iter().find_map(|field| field.strip_prefix(name)).map(|value| value.parse::<usize>().unwrap())
    };
    let flags = flags(flag);
    // Where nothing is acknowledged the field stays 0.
    let acknowledgement: u32 = acknowledgement.parse().unwrap();
    let acknowledgement = if flags & 16 == 0 { acknowledgement } else { acknowledgement.wrapping_add(shift) };
    let mut options = named("ws=").map_or(vec![], |shift| vec![1, 3, 3, u8::try_from(shift).unwrap()]);
    options.extend(named("bad=").map_or(vec![], |kind| vec![u8::try_from(kind).unwrap(), 3, 0, 1]));
    let (source, destination, ports) = match *direction {
        ">" => (CLIENT, SERVER, [40_000_u16, 80]),
        _ => (SERVER, CLIENT, [80, 40_000]),
    };
    let words = named("off=").unwrap_or(5 + options.len() / 4);
    let len: usize = len.parse().unwrap();
    let total = u16::try_from(IP_LEN + 20 + options.len() + len).unwrap();
    let mut bytes = vec![0x45, 0];
    bytes.extend(total.to_be_bytes());
    bytes.extend([0, 0, 0, 0, 64, 6, 0, 0]);
    bytes.extend([source, destination].concat());
    bytes.extend(ports.map(u16::to_be_bytes).concat());
    bytes.extend(be32(sequence.parse::<u32>().unwrap().wrapping_add(shift)));
    bytes.extend(be32(acknowledgement));
    bytes.extend([u8::try_from(words << 4).unwrap(), flags]);
    bytes.extend(window.parse::<u16>().unwrap().to_be_bytes());
    bytes.extend([0; 4]);
    bytes.extend(options);
    bytes.extend(vec![0; len]);
    let captured = named("cut=").map_or(bytes.len(), |kept| IP_LEN + kept);
    let at = Timestamp::from_parts(1_700_000_000, 0).plus_nanos(nanos(at));
    Line { at, bytes, captured, text, expected: expected.trim() }
}

/// A table that has seen nothing.
pub(crate) fn table() -> FlowTable {
    FlowTable::new(Limits::default(), LocalNetworks::default())
}

/// Shows a segment to a flow table.
pub(crate) fn see(table: &mut FlowTable, line: &Line<'_>) -> TcpVerdict {
    let wire_len = u32::try_from(line.bytes.len()).unwrap();
    let bytes = &line.bytes[..line.captured];
    let packet = Packet { at: Some(line.at), link: LinkType::RAW, interface: 0, wire_len, bytes };
    let frame = Frame::parse(&packet);
    let conversation = table.conversation(&frame);
    table.observe(&frame, conversation, wire_len, line.at, line.at).tcp
}

fn milliseconds(nanos: i64) -> String {
    let text = format!("{}.{:06}", nanos / 1_000_000, nanos.unsigned_abs() % 1_000_000);
    let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
    if nanos < 0 && !text.starts_with('-') { format!("-{text}") } else { text }
}

/// Writes a verdict as a table does.
pub(crate) fn written(verdict: &TcpVerdict) -> String {
    let mut parts: Vec<String> = verdict.events.iter().map(|event| event.name().to_owned()).collect();
    if let Some(rtt) = verdict.rtt {
        let mark = if rtt.ambiguous { "?" } else { "" };
        parts.push(format!("rtt{mark} {}", milliseconds(rtt.nanos)));
    }
    let mut time = |name: &str, nanos: Option<u64>| {
        if let Some(nanos) = nanos {
            parts.push(format!("{name} {}", milliseconds(i64::try_from(nanos).unwrap())));
        }
    };
    time("irtt", verdict.handshake.map(|handshake| handshake.nanos));
    time("response", verdict.response_nanos);
    parts.join(", ")
}

/// Shows all segments of the tables, with both ends' numbers shifted, and tells where a verdict is another one.
fn differences(tables: &[&str], shift: u32) -> String {
    let (mut table, mut differences) = (table(), String::new());
    for text in tables.iter().flat_map(|table| table.lines()).filter(|line| !line.trim().is_empty()) {
        let line = line(text, shift);
        let found = written(&see(&mut table, &line));
        if found != line.expected {
            writeln!(differences, "{}: found `{found}`", line.text.trim()).unwrap();
        }
    }
    differences
}

/// Checks the tables as they stand, and with numbers that wrap on their way.
pub(crate) fn check(tables: &[&str]) {
    // The client's numbers from 2^32 - 5 on, the server's 20 bytes before 2^32.
    for shift in [0, 0_u32.wrapping_sub(1_005), 0_u32.wrapping_sub(5_020), 1 << 31] {
        let differences = differences(tables, shift);
        assert!(differences.is_empty(), "numbers shifted by {shift}:\n{differences}");
    }
}

/// Checks tables whose numbers are what they are about.
pub(crate) fn check_as_it_stands(tables: &[&str]) {
    let differences = differences(tables, 0);
    assert!(differences.is_empty(), "{differences}");
}
