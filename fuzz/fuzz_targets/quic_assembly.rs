//! A hello of QUIC cut and shuffled in any way, with anything between, is told at most once and as it is.
//!
//! Input: steps of four bytes, which say who sends what. A step adds a piece of the true hello, some of the input as
//! it is, or ends a packet or a datagram.

#![no_main]

use libfuzzer_sys::fuzz_target;
use netsonde_dissect::{Frame, LinkType, Packet};
use netsonde_flow::limits::Limits;
use netsonde_flow::{Clue, Fact, FlowTable, LocalNetworks};
use netsonde_synth::payload::quic::{InitialKeys, Side};
use netsonde_units::Timestamp;

const ORIGINAL: [u8; 8] = [7; 8];
const NAME: &[u8] = b"www.example.org";

/// A client's hello that names the server and nothing else, 400 bytes with its padding.
fn hello() -> Vec<u8> {
    let long = |list: &[u8]| [&u16::try_from(list.len()).unwrap().to_be_bytes()[..], list].concat();
    let name = [&[0, 0][..], &long(&long(&[&[0][..], &long(NAME)].concat()))].concat();
    let padding = [&[0, 21][..], &long(&[0; 320])].concat();
    let body = [&[3, 3][..], &[9; 32], &[0, 0, 2, 0x13, 1, 1, 0], &long(&[name, padding].concat())].concat();
    [&[1, 0][..], &long(&body)].concat()
}

/// An Initial with these frames; its number is of two bytes.
fn initial(from: Side, number: u16, frames: &[u8]) -> Vec<u8> {
    let content = [frames, &[0; 4]].concat();
    let len = u16::try_from(2 + content.len() + 16).unwrap() | 0x4000;
    let destination = if from == Side::Client { ORIGINAL } else { [8; 8] };
    let header =
        [&[0xc1, 0, 0, 0, 1, 8][..], &destination, &[0, 0], &len.to_be_bytes(), &number.to_be_bytes()]
            .concat();
    InitialKeys::derive(&ORIGINAL, from).protect(&header, 2, number.into(), &content)
}

/// The datagram as a packet of IPv4 and UDP, between 192.0.2.1 port 50000 and 192.0.2.2 port 443.
fn packet(from: Side, payload: &[u8]) -> Vec<u8> {
    let (mut ends, mut ports) = ([[192, 0, 2, 1], [192, 0, 2, 2]], [50_000_u16, 443]);
    if from == Side::Server {
        ends.reverse();
        ports.reverse();
    }
    let len = u16::try_from(8 + payload.len()).unwrap();
    let [source, destination] = ports.map(u16::to_be_bytes);
    [
        &[0x45, 0][..],
        &(20 + len).to_be_bytes(),
        &[0, 0, 0, 0, 64, 17, 0, 0],
        ends.as_flattened(),
        &source,
        &destination,
        &len.to_be_bytes(),
        &[0, 0],
        payload,
    ]
    .concat()
}

/// The table, and what goes into it.
struct Line {
    table: FlowTable,
    datagram: Vec<u8>,
    frames: Vec<u8>,
    number: u16,
    names: usize,
    is_true: bool,
}

impl Line {
    fn end_packet(&mut self, from: Side) {
        let frames = std::mem::take(&mut self.frames);
        self.datagram.extend(initial(from, self.number, &frames));
        self.number += 1;
    }

    fn end_datagram(&mut self, from: Side) {
        let bytes = packet(from, &std::mem::take(&mut self.datagram));
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let packet = Packet { at: None, link: LinkType::RAW, interface: 0, wire_len, bytes: &bytes };
        let frame = Frame::parse(&packet);
        let now = Timestamp::EPOCH;
        let conversation = self.table.conversation(&frame);
        self.table.observe(&frame, conversation, wire_len, now, now);
        for fact in self.table.relieve(now, |_| {}) {
            if let Fact::Clue { clue: Clue::Client(hello), .. } = fact {
                self.names += 1;
                let is_name = hello.server_name.as_deref().is_some_and(|name| name.as_bytes() == NAME);
                assert!(is_name || !self.is_true);
            }
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let hello = hello();
    let table = FlowTable::new(Limits { flows: 4, departed: 4 }, LocalNetworks::default());
    let mut line = Line { table, datagram: vec![], frames: vec![], number: 0, names: 0, is_true: true };
    let (steps, _) = input.as_chunks::<4>();
    for &[what, a, b, len] in steps {
        let from = if what & 0x80 == 0 { Side::Client } else { Side::Server };
        match what & 7 {
            0..=2 => {
                let begin = usize::from(u16::from_be_bytes([a & 1, b])) % hello.len();
                let piece = &hello[begin..hello.len().min(begin + usize::from(len) + 1)];
                let two = |number: usize| (0x4000 | u16::try_from(number).unwrap()).to_be_bytes();
                line.frames.extend([&[6][..], &two(begin), &two(piece.len()), piece].concat());
            }
            3 => {
                line.is_true = false;
                line.frames.extend([what >> 3, a, b, len]);
            }
            4 => line.datagram.extend([a, b, len]),
            5 => line.end_packet(from),
            _ => {
                line.end_packet(from);
                line.end_datagram(from);
            }
        }
        if line.frames.len() > 4_000 || line.datagram.len() > 9_000 {
            line.frames.clear();
            line.datagram.clear();
        }
    }
    assert!(line.names <= 1);
});
