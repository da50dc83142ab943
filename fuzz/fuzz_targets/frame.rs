//! Any bytes on any link give a frame, and any payload can be probed.
//!
//! Input: one byte that chooses the link type, two bytes of length beyond what was captured, the packet.

#![no_main]

use libfuzzer_sys::fuzz_target;
use netsonde_dissect::{Frame, Inner, Inside, LinkType, Packet, Transport, probe_tcp, probe_udp};

const LINK_TYPES: [LinkType; 12] = [
    LinkType::ETHERNET,
    LinkType::LINUX_SLL,
    LinkType::LINUX_SLL2,
    LinkType::RAW,
    LinkType::IPV4,
    LinkType::IPV6,
    LinkType::NULL,
    LinkType::LOOP,
    LinkType::PPP,
    LinkType::IEEE802_11,
    LinkType::IEEE802_11_RADIOTAP,
    LinkType::NFLOG,
];

fuzz_target!(|input: &[u8]| {
    let Some((&[choice, high, low], bytes)) = input.split_first_chunk::<3>() else { return };
    let link = LINK_TYPES[usize::from(choice) % LINK_TYPES.len()];
    let beyond = u32::from(u16::from_be_bytes([high, low]));
    let wire_len = u32::try_from(bytes.len()).unwrap().saturating_add(beyond);
    let packet = Packet { at: None, link, interface: 0, wire_len, bytes };

    let mut frame = Frame::parse(&packet);
    check(&frame, wire_len);
    for _ in 0..Inner::MAX_DEPTH {
        if let Inside::Piece { bytes, .. } = frame.inside {
            check(&frame.reassembled(bytes), wire_len);
        }
        let Some(inner) = frame.carried() else { break };
        frame = inner.frame;
        check(&frame, wire_len);
    }

    let (source, destination) = match frame.transport {
        Transport::Tcp(tcp) => (tcp.source, tcp.destination),
        Transport::Udp(udp) => (udp.source, udp.destination),
        _ => (u16::from(choice), u16::from_be_bytes([high, low])),
    };
    for probed in [frame.payload.bytes, bytes] {
        let _ = (probe_tcp(probed, source, destination), probe_udp(probed, source, destination));
    }
});

fn check(frame: &Frame<'_>, wire_len: u32) {
    let payload = frame.payload;
    assert!(payload.bytes.len() <= usize::try_from(payload.wire_len).unwrap());
    assert!(payload.wire_len <= wire_len);
    let _ = frame.base_protocol();
    match frame.transport {
        Transport::Icmp(icmp) | Transport::Icmpv6(icmp) => {
            let _ = (icmp.quoted(false), icmp.quoted(true), icmp.echo(false), icmp.echo(true));
        }
        _ => {}
    }
}
