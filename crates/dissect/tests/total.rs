//! Any bytes give a frame, and every frame keeps its promises.

use std::path::Path;

use netsonde_dissect::{Frame, Inner, Inside, LinkType, Network, Packet, Transport, probe_tcp, probe_udp};
use proptest::prelude::*;

fn link_type() -> impl Strategy<Value = LinkType> {
    prop_oneof![
        4 => Just(LinkType::ETHERNET),
        1 => Just(LinkType::LINUX_SLL),
        1 => Just(LinkType::LINUX_SLL2),
        2 => Just(LinkType::RAW),
        1 => Just(LinkType::IPV4),
        1 => Just(LinkType::IPV6),
        1 => Just(LinkType::NULL),
        1 => Just(LinkType::LOOP),
        1 => Just(LinkType::PPP),
        1 => Just(LinkType::IEEE802_11),
        1 => Just(LinkType::IEEE802_11_RADIOTAP),
        1 => Just(LinkType::NFLOG),
        1 => any::<u16>().prop_map(LinkType),
    ]
}

/// Bytes that lead into the parsers more often than noise does: a known front, then noise.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let front = prop_oneof![
        Just(vec![]),
        Just([&[2; 12], &[8, 0, 0x45, 0][..]].concat()),
        Just([&[2; 12], &[8, 0, 0x4f, 0, 0, 0][..]].concat()),
        Just([&[2; 12], &[0x81, 0, 0, 1, 0x81, 0, 0, 2, 0x86, 0xdd, 0x60][..]].concat()),
        Just([&[2; 12], &[0x86, 0xdd, 0x60, 0, 0, 0, 0, 0, 0, 64][..]].concat()),
        Just([&[2; 12], &[0x86, 0xdd, 0x60, 0, 0, 0, 0, 0, 43, 64][..]].concat()),
        Just([&[2; 12], &[8, 6, 0, 1, 8, 0, 6, 4][..]].concat()),
        Just([&[2; 12], &[0, 40, 0xaa, 0xaa, 3, 0, 0, 0][..]].concat()),
        Just([&[2; 12], &[0x88, 0x47, 0, 1, 1, 64][..]].concat()),
        Just([&[2; 12], &[0x88, 0x64, 0x11, 0, 0, 1, 0, 90, 0, 0x21, 0x45][..]].concat()),
        Just([&[2; 12][..], &[8, 0], &tunnel(47)[..], &[0x30, 0, 0x65, 0x58]].concat()),
        Just([&[2; 12][..], &[8, 0], &tunnel(41)[..], &[0x60]].concat()),
        prop::sample::select(vec![4789_u16, 6081, 2152, 3544, 1701]).prop_map(|port| {
            let [high, low] = port.to_be_bytes();
            [&[2; 12][..], &[8, 0], &tunnel(17)[..], &[0, 9, high, low, 0, 200, 0, 0]].concat()
        }),
        Just([&[2; 12][..], &[8, 0], &tunnel(17)[..], &VXLAN, &[2; 12], &[8, 0, 0x45]].concat()),
        Just([&[2; 12][..], &[8, 0], &tunnel(17)[..], &GTP, &[0x45, 0, 0, 90, 0, 0, 0, 0, 0, 6]].concat()),
    ];
    (front, prop::collection::vec(any::<u8>(), 0..300)).prop_map(|(front, noise)| [front, noise].concat())
}

/// The ports of VXLAN and its header.
const VXLAN: [u8; 16] = [0, 9, 0x12, 0xb5, 0, 200, 0, 0, 8, 0, 0, 0, 0, 0, 7, 0];
/// The ports of GTP and its header, with room for an extension header.
const GTP: [u8; 20] = [8, 0x68, 8, 0x68, 0, 200, 0, 0, 0x34, 255, 0, 90, 0, 0, 0, 1, 0, 0, 0, 0];

/// An IPv4 header with a length of 220 that names `protocol`.
fn tunnel(protocol: u8) -> [u8; 20] {
    [0x45, 0, 0, 220, 0, 0, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]
}

fn is_within(part: &[u8], whole: &[u8]) -> bool {
    part.is_empty() || {
        let (part, whole) = (part.as_ptr_range(), whole.as_ptr_range());
        whole.start <= part.start && part.end <= whole.end
    }
}

fn check(packet: &Packet<'_>) -> Result<(), TestCaseError> {
    let mut frame = Frame::parse(packet);
    check_frame(packet, &frame)?;
    for _ in 0..Inner::MAX_DEPTH {
        if let Inside::Piece { bytes, wire_len } = frame.inside {
            prop_assert!(is_within(bytes, packet.bytes));
            prop_assert!(bytes.len() <= usize::try_from(wire_len).unwrap_or(usize::MAX));
            check_frame(packet, &frame.reassembled(bytes))?;
        }
        let outer = frame.payload;
        let Some(inner) = frame.carried() else { break };
        frame = inner.frame;
        check_frame(packet, &frame)?;
        prop_assert!(frame.payload.wire_len < outer.wire_len);
        prop_assert!(frame.network != Network::None);
    }
    Ok(())
}

fn check_frame(packet: &Packet<'_>, frame: &Frame<'_>) -> Result<(), TestCaseError> {
    let payload = frame.payload;
    prop_assert!(is_within(payload.bytes, packet.bytes));
    prop_assert!(payload.bytes.len() <= usize::try_from(payload.wire_len).unwrap_or(usize::MAX));
    let captured = u32::try_from(packet.bytes.len()).unwrap_or(u32::MAX);
    prop_assert!(payload.wire_len <= packet.wire_len.max(captured));
    match frame.network {
        Network::Ipv4(ipv4) => prop_assert!(payload.wire_len <= ipv4.payload_len),
        Network::Ipv6(ipv6) => prop_assert!(payload.wire_len <= ipv6.payload_len),
        Network::None | Network::Arp(_) | Network::Other(_) => {
            prop_assert_eq!(frame.transport, Transport::None);
            prop_assert_eq!(payload.wire_len, 0);
        }
    }
    match frame.transport {
        Transport::Tcp(tcp) => {
            prop_assert!(is_within(tcp.options, packet.bytes));
            prop_assert!(tcp.options.len() <= 40);
            let _ = probe_tcp(payload.bytes, tcp.source, tcp.destination);
        }
        Transport::Udp(udp) => {
            let _ = probe_udp(payload.bytes, udp.source, udp.destination);
        }
        Transport::Icmp(icmp) | Transport::Icmpv6(icmp) => {
            prop_assert!(is_within(icmp.body, packet.bytes));
            let _ = (icmp.quoted(false), icmp.quoted(true), icmp.echo(false), icmp.echo(true));
        }
        Transport::None | Transport::Igmp(_) | Transport::LaterFragment(_) | Transport::Other(_) => {}
    }
    if let Some(stopped) = frame.stopped {
        prop_assert!(stopped.offset <= packet.wire_len.max(captured));
    }
    let _ = frame.base_protocol();
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn any_bytes_on_any_link_keep_the_invariants(
        link in link_type(),
        bytes in bytes(),
        beyond in 0_u32..3000,
    ) {
        let wire_len = u32::try_from(bytes.len()).unwrap_or(u32::MAX).saturating_add(beyond);
        check(&Packet { at: None, link, interface: 0, wire_len, bytes: &bytes })?;
    }

    #[test]
    fn a_cut_keeps_every_layer_that_was_read_before_it(
        link in link_type(),
        bytes in bytes(),
        keep in any::<prop::sample::Index>(),
    ) {
        let wire_len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let whole = Packet { at: None, link, interface: 0, wire_len, bytes: &bytes };
        let kept = bytes.get(..keep.index(bytes.len().saturating_add(1))).unwrap_or_default();
        let cut = Packet { bytes: kept, ..whole };
        check(&cut)?;
        let (full, part) = (Frame::parse(&whole), Frame::parse(&cut));
        if part.stopped.is_none() {
            // Nothing needed was cut off. 802.2 and addresses inside options are read as far as they go.
            prop_assert!(full.stopped.is_none() || full.link.ether_type != part.link.ether_type);
        }
        if let (Network::Ipv4(full), Network::Ipv4(part)) = (full.network, part.network) {
            prop_assert_eq!((full.source, full.ttl), (part.source, part.ttl));
        }
        if let (Transport::Udp(full_udp), Transport::Udp(part_udp)) = (full.transport, part.transport) {
            prop_assert_eq!(full_udp, part_udp);
            prop_assert_eq!(full.payload.wire_len, part.payload.wire_len);
            prop_assert!(full.payload.bytes.starts_with(part.payload.bytes));
        }
        if let (Transport::Tcp(full_tcp), Transport::Tcp(part_tcp)) = (full.transport, part.transport) {
            prop_assert_eq!(full_tcp.sequence, part_tcp.sequence);
            prop_assert_eq!(full_tcp.window, part_tcp.window);
            prop_assert_eq!(full.payload.wire_len, part.payload.wire_len);
            prop_assert!(full_tcp.options.starts_with(part_tcp.options));
        }
    }

    #[test]
    fn any_payload_on_any_port_is_probed(
        payload in prop::collection::vec(any::<u8>(), 0..1500),
        source in any::<u16>(),
        destination in prop_oneof![any::<u16>(), Just(53), Just(123), Just(137), Just(443), Just(547)],
    ) {
        let _ = probe_tcp(&payload, source, destination);
        let _ = probe_udp(&payload, source, destination);
    }
}

/// Inputs of the fuzz target `frame`: one byte that chooses the link type, two of length beyond what was captured.
#[test]
fn every_seed_of_the_fuzz_target_keeps_the_invariants() {
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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/frame");
    let mut replayed = 0;
    for seed in std::fs::read_dir(&folder).unwrap() {
        let input = std::fs::read(seed.unwrap().path()).unwrap();
        let Some((&[choice, high, low], bytes)) = input.split_first_chunk::<3>() else { continue };
        let link = LINK_TYPES[usize::from(choice) % LINK_TYPES.len()];
        let wire_len = u32::try_from(bytes.len()).unwrap() + u32::from(u16::from_be_bytes([high, low]));
        check(&Packet { at: None, link, interface: 0, wire_len, bytes }).unwrap();
        replayed += 1;
    }
    assert!(replayed > 0, "no seed in {}", folder.display());
}
