//! Any bytes read as messages of RTSP and SIP, in datagrams and in segments of any length, give announcements within their
//! bounds.
//!
//! Input: packets, each with three bytes before it: which side and what kind, where in the stream, how long.

#![no_main]

use libfuzzer_sys::fuzz_target;
use netsonde_dissect::{Frame, LinkType, Packet, rtsp};
use netsonde_flow::limits::Limits;
use netsonde_flow::{Announcement, Fact, FlowTable, LocalNetworks, SipKind};
use netsonde_units::Timestamp;

/// How far apart the places are that a segment may have in its stream.
const STEP: u32 = 7;

fn packet(is_client: bool, is_udp: bool, place: u32, payload: &[u8]) -> Vec<u8> {
    let transport = if is_udp { 8 } else { 20 };
    let len = u16::try_from(20 + transport + payload.len()).unwrap();
    let [high, low] = len.to_be_bytes();
    let (from, to) = if is_client { (1, 2) } else { (2, 1) };
    let mut bytes = vec![0x45, 0, high, low, 0, 0, 0, 0, 64, if is_udp { 17 } else { 6 }, 0, 0];
    bytes.extend([192, 0, 2, from, 192, 0, 2, to]);
    // Port 554 is the server's.
    bytes.extend(if is_client { [0x9c, 0x40, 2, 0x2a] } else { [2, 0x2a, 0x9c, 0x40] });
    if is_udp {
        bytes.extend((len - 20).to_be_bytes());
        bytes.extend([0, 0]);
    } else {
        bytes.extend(place.to_be_bytes());
        bytes.extend([0, 0, 0, 1, 0x50, 0x10, 2, 0, 0, 0, 0, 0]);
    }
    bytes.extend(payload);
    bytes
}

fn check(announcement: &Announcement) {
    assert!(announcement.port != 0 && !announcement.address.is_unspecified());
    assert!(announcement.formats.len() <= 32);
    for format in &announcement.formats {
        assert!(format.payload_type < 128 && format.codec.len() <= 128 && format.codec.is_ascii());
    }
}

fuzz_target!(|input: &[u8]| {
    if let Some(message) = rtsp::Message::parse(input) {
        for transport in message.transports() {
            let _ = (transport.client(), transport.server());
            let _ = (transport.is_rtp_over_udp(), transport.is_protected(), message.sequence());
        }
    }
    let limits = Limits { flows: 4, departed: 4 };
    let mut table = FlowTable::new(limits, LocalNetworks::default());
    let mut rest = input;
    while let [kind, place, len, behind @ ..] = rest {
        let len = usize::from(*len) * if kind & 16 != 0 { 8 } else { 1 };
        let (payload, next) = behind.split_at(len.min(behind.len()));
        rest = next;
        let place = 1_u32.wrapping_add(u32::from(*place) * STEP);
        let bytes = packet(kind & 1 == 0, kind & 2 != 0, place, payload);
        let kept = if kind & 8 != 0 { bytes.len() - payload.len() / 2 } else { bytes.len() };
        let at = Timestamp::from_parts(1_700_000_000, 0);
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let packet =
            Packet { at: Some(at), link: LinkType::RAW, interface: 0, wire_len, bytes: &bytes[..kept] };
        let frame = Frame::parse(&packet);
        let conversation = table.conversation(&frame);
        table.observe(&frame, conversation, wire_len, at, at);
        table.take_asides().for_each(drop);
        for fact in table.relieve(at, |_| {}) {
            match fact {
                Fact::Media(announcement) => check(&announcement),
                Fact::Sip(message) => {
                    assert!(message.media.len() <= 32);
                    message.media.iter().for_each(check);
                    let reason = match &message.kind {
                        SipKind::Request => "",
                        SipKind::Response { reason, .. } => reason,
                    };
                    for text in [&*message.call, &*message.from, &*message.to, reason] {
                        assert!(
                            text.len() <= 128 && text.chars().all(|it| it.is_ascii_graphic() || it == ' ')
                        );
                    }
                }
                _ => {}
            }
        }
    }
});
