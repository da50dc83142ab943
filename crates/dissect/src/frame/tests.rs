use super::*;
use crate::{Cast, MacAddr, Reason};

/// An Ethernet header with IPv4 behind it.
const ETHERNET: [u8; 14] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0];

fn packet(link: LinkType, bytes: &[u8]) -> Packet<'_> {
    let wire_len = u32::try_from(bytes.len()).unwrap();
    Packet { at: None, link, interface: 0, wire_len, bytes }
}

/// What a snaplen of `len` leaves of a packet.
fn cut<'a>(whole: &Packet<'a>, len: usize) -> Packet<'a> {
    Packet { bytes: &whole.bytes[..len], ..*whole }
}

/// Protocol `protocol` from 192.0.2.1 to 198.51.100.2, as one datagram.
fn ipv4(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(payload.len()).unwrap().saturating_add(20).to_be_bytes();
    let header = [0x45, 0, high, low, 0, 1, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2];
    [&header, payload].concat()
}

/// Ports 80 and 12345, a window of 512, ACK, four bytes of options.
fn tcp(payload: &[u8]) -> Vec<u8> {
    let header = [0, 80, 0x30, 0x39, 0, 0, 0, 1, 0, 0, 0, 2, 0x60, 0x10, 2, 0, 0, 0, 0, 0, 2, 4, 5, 0xb4];
    [&header, payload].concat()
}

fn ethernet(network: &[u8]) -> Vec<u8> {
    [&ETHERNET, network].concat()
}

#[test]
fn whole_tcp_packet_gives_every_layer() {
    let bytes = ethernet(&ipv4(6, &tcp(b"hello")));
    let frame = Frame::parse(&packet(LinkType::ETHERNET, &bytes));
    assert_eq!(frame.link.source, Some(MacAddr([2, 0, 0, 0, 0, 1])));
    assert_eq!(frame.link.cast, Cast::Unicast);
    assert!(matches!(frame.network, Network::Ipv4(ipv4) if ipv4.payload_len == 29));
    assert!(matches!(frame.transport, Transport::Tcp(tcp) if tcp.source == 80 && tcp.options.len() == 4));
    assert_eq!((frame.payload.bytes, frame.payload.wire_len), (&b"hello"[..], 5));
    assert_eq!(frame.stopped, None);
    assert_eq!(frame.base_protocol(), Protocol::Tcp);
}

#[test]
fn padding_of_a_short_frame_is_not_payload() {
    let mut bytes = ethernet(&ipv4(6, &tcp(b"")));
    bytes.resize(60, 0);
    let frame = Frame::parse(&packet(LinkType::ETHERNET, &bytes));
    assert_eq!(frame.payload, Payload::default());
}

#[test]
fn cut_at_every_length_keeps_the_layers_before_the_cut() {
    let bytes = ethernet(&ipv4(6, &tcp(b"hello")));
    let whole = packet(LinkType::ETHERNET, &bytes);
    let full = Frame::parse(&whole);
    for len in 0..bytes.len() {
        let frame = Frame::parse(&cut(&whole, len));
        let stopped = frame.stopped.map(|it| (it.layer, it.reason, it.offset));
        let expected = match len {
            ..14 => Some(Layer::Link),
            14..34 => Some(Layer::Ipv4),
            34..58 => Some(Layer::Tcp),
            _ => None,
        };
        assert_eq!(stopped.map(|it| it.0), expected, "{len} bytes");
        assert!(stopped.is_none_or(|it| it.1 == Reason::CutByCapture), "{len} bytes");
        assert_eq!(frame.link == full.link, len >= 14, "{len} bytes");
        assert_eq!(frame.network == full.network, len >= 34, "{len} bytes");
        // Sixteen bytes of TCP say where it belongs and how long its payload was.
        assert_eq!(matches!(frame.transport, Transport::Tcp(_)), len >= 50, "{len} bytes");
        assert_eq!(frame.payload.wire_len == 5, len >= 50, "{len} bytes");
        assert_eq!(frame.transport == full.transport, len >= 58, "{len} bytes");
    }
}

#[test]
fn bad_data_offset_keeps_tcp_without_payload() {
    for offset in [0x40, 0xf0] {
        let mut datagram = ipv4(6, &tcp(b"hello"));
        datagram[32] = offset;
        let frame = Frame::parse(&packet(LinkType::RAW, &datagram));
        assert!(matches!(frame.transport, Transport::Tcp(tcp) if tcp.source == 80));
        assert_eq!(frame.payload, Payload::default());
        assert_eq!(frame.stopped.map(|it| (it.layer, it.reason)), Some((Layer::Tcp, Reason::BadLength)));
    }
}

#[test]
fn later_fragment_has_no_transport_header() {
    let mut datagram = ipv4(17, &[1, 2, 3, 4, 5, 6, 7, 8]);
    datagram[7] = 185;
    let frame = Frame::parse(&packet(LinkType::IPV4, &datagram));
    assert_eq!(frame.transport, Transport::LaterFragment(IpProtocol::UDP));
    assert_eq!(frame.payload.wire_len, 8);
    assert_eq!(frame.base_protocol(), Protocol::Udp);
}

#[test]
fn first_fragment_is_read_and_its_payload_ends_with_the_fragment() {
    // The UDP length of 100 speaks of the whole datagram.
    let mut datagram = ipv4(17, &[0, 53, 0, 54, 0, 100, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9]);
    datagram[6] = 0x20;
    let frame = Frame::parse(&packet(LinkType::RAW, &datagram));
    assert_eq!(frame.transport, Transport::Udp(Udp { source: 53, destination: 54 }));
    assert_eq!(frame.payload.wire_len, 8);
}

#[test]
fn segment_without_a_length_takes_what_the_wire_had() {
    let mut datagram = ipv4(6, &tcp(&[7; 3000]));
    datagram[2..4].copy_from_slice(&[0, 0]);
    let frame = Frame::parse(&packet(LinkType::RAW, &datagram));
    assert_eq!(frame.payload.wire_len, 3000);
    assert!(matches!(frame.network, Network::Ipv4(ipv4) if ipv4.offloaded));
}

#[test]
fn messages_of_icmp_and_igmp_are_no_payload() {
    for (number, protocol) in [(1, Protocol::Icmp), (2, Protocol::Igmp), (58, Protocol::Icmpv6)] {
        let datagram = ipv4(number, &[8, 0, 0, 0, 0, 1, 0, 2, 9, 9]);
        let frame = Frame::parse(&packet(LinkType::RAW, &datagram));
        assert_eq!(frame.payload, Payload::default());
        assert_eq!(frame.base_protocol(), protocol);
    }
}

#[test]
fn other_protocols_carry_the_whole_ip_payload() {
    let datagram = ipv4(50, &[1, 2, 3]);
    let frame = Frame::parse(&packet(LinkType::RAW, &datagram));
    assert_eq!(frame.transport, Transport::Other(IpProtocol::ESP));
    assert_eq!((frame.payload.bytes, frame.payload.wire_len), (&[1, 2, 3][..], 3));
    assert_eq!(frame.base_protocol(), Protocol::Esp);
}

#[test]
fn arp_that_is_not_for_ethernet_stays_arp_by_its_type() {
    let mut bytes = ethernet(&[0, 32, 8, 0, 20, 4, 0, 1]);
    bytes[13] = 6;
    let frame = Frame::parse(&packet(LinkType::ETHERNET, &bytes));
    assert_eq!(frame.network, Network::Other(EtherType::ARP));
    assert_eq!(frame.stopped.map(|it| (it.layer, it.reason)), Some((Layer::Arp, Reason::NotSupported)));
    assert_eq!(frame.base_protocol(), Protocol::Arp);
}

#[test]
fn unknown_types_are_named_by_their_number() {
    let mut bytes = ethernet(&[1, 2, 3]);
    bytes[12..14].copy_from_slice(&[0x88, 0xcc]);
    let frame = Frame::parse(&packet(LinkType::ETHERNET, &bytes));
    assert_eq!((frame.network, frame.stopped), (Network::Other(EtherType::LLDP), None));
    assert_eq!(frame.base_protocol(), Protocol::Lldp);
}

#[test]
fn link_type_that_is_not_read_stops_at_the_link() {
    let frame = Frame::parse(&packet(LinkType(147), &[0xff, 3, 0, 0x21]));
    assert_eq!(frame.stopped.map(|it| (it.layer, it.reason)), Some((Layer::Link, Reason::NotSupported)));
    assert_eq!((frame.network, frame.base_protocol()), (Network::None, Protocol::Unknown));
}

#[test]
fn tags_cut_by_the_capture_keep_the_addresses() {
    let mut bytes = ethernet(&[0, 5, 8]);
    bytes[12..14].copy_from_slice(&[0x81, 0x00]);
    let frame = Frame::parse(&Packet { wire_len: 100, ..packet(LinkType::ETHERNET, &bytes) });
    assert_eq!(frame.stopped.map(|it| (it.layer, it.reason)), Some((Layer::Vlan, Reason::CutByCapture)));
    assert_eq!(frame.link.source, Some(MacAddr([2, 0, 0, 0, 0, 1])));
}

#[test]
fn addresses_survive_broken_extension_headers() {
    let mut bytes = vec![0x60, 0, 0, 0, 0, 8, 0, 64];
    bytes.extend([0x20; 32]);
    bytes.extend([6, 200, 0, 0, 0, 0, 0, 0]); // hop-by-hop options of 1608 bytes
    let frame = Frame::parse(&packet(LinkType::IPV6, &bytes));
    assert!(matches!(frame.network, Network::Ipv6(_)));
    assert_eq!(frame.transport, Transport::None);
    assert_eq!(frame.stopped.map(|it| (it.layer, it.reason)), Some((Layer::Ipv6, Reason::TooShort)));
}

/// An Ethernet header, then what the type names.
fn ethernet_of(ether_type: u16, behind: &[u8]) -> Vec<u8> {
    [&ETHERNET[..12], &ether_type.to_be_bytes(), behind].concat()
}

fn udp(ports: (u16, u16), payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap().saturating_add(8);
    let fields = [ports.0, ports.1, length, 0].map(u16::to_be_bytes);
    [fields.as_flattened(), payload].concat()
}

#[test]
fn labels_and_sessions_are_passed_on_the_way_to_ip() {
    let datagram = ipv4(6, &tcp(b"hello"));
    let label = [0, 1, 1, 64];
    let mpls = [&label[..], &datagram].concat();
    // A pseudowire of a tagged frame that carries PPPoE, with a control word.
    let session = [&[0x11, 0, 0, 1, 0, 51, 0, 0x21][..], &datagram].concat();
    let tagged = ethernet_of(0x8100, &[&[0, 7, 0x88, 0x64][..], &session].concat());
    let pseudowire = [&label[..], &[0; 4], &tagged].concat();
    for (ether_type, behind) in [(0x8847, mpls), (0x8848, pseudowire), (0x8864, session)] {
        let bytes = ethernet_of(ether_type, &behind);
        let frame = Frame::parse(&packet(LinkType::ETHERNET, &bytes));
        assert_eq!(frame.link.source, Some(MacAddr([2, 0, 0, 0, 0, 1])), "the frame's own sender");
        assert_eq!(frame.payload.bytes, b"hello", "{ether_type:#x}");
        assert_eq!(frame.inside, Inside::Nothing);
    }
}

#[test]
fn a_session_that_negotiates_is_named_by_its_type() {
    let bytes = ethernet_of(0x8864, &[0x11, 0, 0, 1, 0, 6, 0xc0, 0x21, 9, 0, 0, 4]);
    let frame = Frame::parse(&packet(LinkType::ETHERNET, &bytes));
    assert_eq!((frame.network, frame.stopped), (Network::Other(EtherType::PPPOE_SESSION), None));
}

#[test]
fn every_tunnel_gives_the_packet_inside() {
    let inner = ipv4(6, &tcp(b"hello"));
    let bridged = ethernet(&inner);
    let ipv6 = [&[0x60, 0, 0, 0, 0, 29, 6, 64][..], &[0x20; 32], &tcp(b"hello")].concat();
    let gtp = [&[0x30, 255, 0, 49, 0, 0, 0, 7][..], &inner].concat();
    let cases = [
        (Tunnel::Ip, None, ipv4(4, &inner)),
        (Tunnel::Mpls, None, ipv4(137, &[&[0, 1, 1, 64][..], &inner].concat())),
        (Tunnel::Gre, None, ipv4(47, &[&[0, 0, 8, 0][..], &inner].concat())),
        (
            Tunnel::Vxlan,
            Some(7),
            ipv4(17, &udp((9, 4789), &[&[8, 0, 0, 0, 0, 0, 7, 0][..], &bridged].concat())),
        ),
        (
            Tunnel::Geneve,
            Some(7),
            ipv4(17, &udp((9, 6081), &[&[0, 0, 8, 0, 0, 0, 7, 0][..], &inner].concat())),
        ),
        (Tunnel::Gtp, Some(7), ipv4(17, &udp((2152, 9), &gtp))),
        (Tunnel::Teredo, None, ipv4(17, &udp((9, 3544), &ipv6))),
        (Tunnel::L2tp, Some(0x1_0002), {
            ipv4(17, &udp((1701, 1701), &[&[0, 2, 0, 1, 0, 2, 0xff, 3, 0, 0x21][..], &inner].concat()))
        }),
    ];
    for (tunnel, id, bytes) in cases {
        let frame = Frame::parse(&packet(LinkType::RAW, &bytes));
        let inner = frame.carried().unwrap_or_else(|| panic!("{tunnel:?} carries a packet"));
        assert_eq!((inner.tunnel, inner.id), (tunnel, id));
        assert_eq!(inner.frame.payload.bytes, b"hello", "{tunnel:?}");
        assert!(inner.frame.carried().is_none());
    }
}

#[test]
fn a_guess_by_port_that_the_bytes_do_not_bear_out_is_no_tunnel() {
    let noise = [8, 0, 0, 0, 0, 0, 7, 0].into_iter().cycle().take(60).collect::<Vec<_>>();
    for port in [4789, 6081, 2152, 3544, 1701] {
        let bytes = ipv4(17, &udp((9, port), &noise));
        let frame = Frame::parse(&packet(LinkType::RAW, &bytes));
        assert!(matches!(frame.inside, Inside::Tunnel(_)));
        assert!(frame.carried().is_none(), "{port}");
    }
}

#[test]
fn pieces_put_together_are_read_as_one_datagram() {
    let whole = udp((53, 54), &[9; 16]);
    let mut first = ipv4(17, &whole[..16]);
    first[6] = 0x20;
    let frame = Frame::parse(&packet(LinkType::RAW, &first));
    assert_eq!(frame.inside, Inside::Piece { bytes: &whole[..16], wire_len: 16 });
    let mut later = ipv4(17, &whole[16..]);
    later[7] = 2;
    let frame = Frame::parse(&packet(LinkType::RAW, &later));
    assert_eq!(frame.inside, Inside::Piece { bytes: &whole[16..], wire_len: 8 });
    let datagram = frame.reassembled(&whole);
    assert_eq!(datagram.transport, Transport::Udp(Udp { source: 53, destination: 54 }));
    assert_eq!((datagram.payload.bytes, datagram.payload.wire_len), (&[9; 16][..], 16));
    assert!(matches!(datagram.network, Network::Ipv4(ip) if ip.fragment.is_none() && ip.payload_len == 24));
}

/// The frame goes by value on the hot path; what grows it should be worth it.
#[test]
fn frame_stays_small() {
    assert!(size_of::<Frame<'_>>() <= 192, "{} bytes", size_of::<Frame<'_>>());
}
