//! Any segments and datagrams, in any order, are put together within their bounds; a whole hello among them that comes
//! first in its stream is told.
//!
//! Input: packets, each with three bytes before it: which side and what kind, where in the stream, how long.

#![no_main]

use libfuzzer_sys::fuzz_target;
use netsonde_dissect::{Frame, LinkType, Packet};
use netsonde_flow::limits::Limits;
use netsonde_flow::{Clue, Fact, FlowTable, LocalNetworks};
use netsonde_units::Timestamp;

/// How far apart the places are that a segment may have in its stream.
const STEP: u32 = 7;

fn segment(is_client: bool, is_udp: bool, is_syn: bool, place: u32, payload: &[u8]) -> Vec<u8> {
    let transport = if is_udp { 8 } else { 20 };
    let len = u16::try_from(20 + transport + payload.len()).unwrap();
    let [high, low] = len.to_be_bytes();
    let (from, to) = if is_client { (1, 2) } else { (2, 1) };
    let mut bytes = vec![0x45, 0, high, low, 0, 0, 0, 0, 64, if is_udp { 17 } else { 6 }, 0, 0];
    bytes.extend([192, 0, 2, from, 192, 0, 2, to]);
    bytes.extend(if is_client { [0x9c, 0x40, 1, 0xbb] } else { [1, 0xbb, 0x9c, 0x40] });
    if is_udp {
        bytes.extend((len - 20).to_be_bytes());
        bytes.extend([0, 0]);
    } else {
        bytes.extend(place.to_be_bytes());
        bytes.extend([0, 0, 0, 1, 0x50, if is_syn { 2 } else { 0x10 }, 2, 0, 0, 0, 0, 0]);
    }
    bytes.extend(payload);
    bytes
}

fuzz_target!(|input: &[u8]| {
    let limits = Limits { flows: 4, departed: 4 };
    let mut table = FlowTable::new(limits, LocalNetworks::default());
    let (mut rest, mut clues) = (input, 0);
    while let [kind, place, len, behind @ ..] = rest {
        let (payload, next) = behind.split_at(usize::from(*len).min(behind.len()));
        rest = next;
        let place = 1_u32.wrapping_add(u32::from(*place) * STEP);
        let is_udp = kind & 2 != 0;
        let bytes = segment(kind & 1 == 0, is_udp, kind & 4 != 0, place, payload);
        let kept = if kind & 8 != 0 { bytes.len() - payload.len() / 2 } else { bytes.len() };
        let at = Timestamp::from_parts(1_700_000_000, 0);
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let packet =
            Packet { at: Some(at), link: LinkType::RAW, interface: 0, wire_len, bytes: &bytes[..kept] };
        let frame = Frame::parse(&packet);
        let conversation = table.conversation(&frame);
        table.observe(&frame, conversation, wire_len, at, at);
        for fact in table.relieve(at, |_| {}) {
            let Fact::Clue { clue, .. } = fact else { continue };
            clues += 1;
            match clue {
                Clue::Client(hello) => assert!(hello.server_name.is_none_or(|name| name.len() <= 255)),
                Clue::HttpHost(name) => assert!((1..=255).contains(&name.len())),
                Clue::Server(_) => {}
            }
        }
    }
    // Eight payloads of each side of a connection are looked at, thirty-two of each side that sends datagrams; ports
    // that are used again begin anew.
    assert!(clues <= input.len() / 3);
});
