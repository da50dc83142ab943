use etherparse::PacketBuilder;
use netsonde_dissect::{LinkType, Packet, Protocol};
use netsonde_units::Timestamp;

use super::*;

fn kept(link: LinkType, protocol: Protocol, bytes: &[u8]) -> Kept<'_> {
    let wire_len = u32::try_from(bytes.len()).unwrap();
    let packet = Packet { at: None, link, interface: 0, wire_len, bytes };
    Kept { number: 1, packet, protocol, cut: false, flow: None }
}

fn info_of(protocol: Protocol, bytes: &[u8]) -> String {
    row(&kept(LinkType::ETHERNET, protocol, bytes)).info
}

fn udp(protocol: Protocol, payload: &[u8]) -> String {
    let mut bytes = Vec::new();
    let front = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([192, 0, 2, 1], [198, 51, 100, 2], 64);
    front.udp(40_000, 9_999).write(&mut bytes, payload).unwrap();
    info_of(protocol, &bytes)
}

fn tcp(protocol: Protocol, payload: &[u8]) -> String {
    let mut bytes = Vec::new();
    let front = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([192, 0, 2, 1], [198, 51, 100, 2], 64);
    front.tcp(40_000, 443, 7, 512).ack(9).psh().write(&mut bytes, payload).unwrap();
    info_of(protocol, &bytes)
}

/// IPv4 from 192.0.2.1 to 198.51.100.2 in Ethernet.
fn ipv4(protocol: u8, flags_offset: u16, payload: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(payload.len() + 20).unwrap().to_be_bytes();
    let [f0, f1] = flags_offset.to_be_bytes();
    let header = [0x45, 0, high, low, 0x12, 0x34, f0, f1, 64, protocol, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2];
    [&[2; 6][..], &[4; 6], &[8, 0], &header, payload].concat()
}

/// ICMPv6 from `::1` to `::2` on a raw link.
fn icmp_v6(message: &[u8]) -> String {
    let [high, low] = u16::try_from(message.len()).unwrap().to_be_bytes();
    let mut bytes = vec![0x60, 0, 0, 0, high, low, 58, 255];
    bytes.extend(1_u128.to_be_bytes());
    bytes.extend(2_u128.to_be_bytes());
    bytes.extend(message);
    row(&kept(LinkType::RAW, Protocol::Icmpv6, &bytes)).info
}

fn be16(value: usize) -> [u8; 2] {
    u16::try_from(value).unwrap().to_be_bytes()
}

/// Bytes behind their length in 16 bits.
fn long(bytes: &[u8]) -> Vec<u8> {
    [&be16(bytes.len())[..], bytes].concat()
}

#[test]
fn addresses_are_those_of_ip_else_hardware_else_blank() {
    let ip = row(&kept(LinkType::ETHERNET, Protocol::Gre, &ipv4(47, 0, &[0; 4])));
    assert_eq!((ip.source.as_str(), ip.destination.as_str()), ("192.0.2.1", "198.51.100.2"));
    assert_eq!((&*ip.protocol, ip.length), ("GRE", 38));
    let lldp = [&[2; 6][..], &[4; 6], &[0x88, 0xcc, 0, 0]].concat();
    let lldp = row(&kept(LinkType::ETHERNET, Protocol::Lldp, &lldp));
    assert_eq!((lldp.source.as_str(), lldp.destination.as_str()), ("04:04:04:04:04:04", "02:02:02:02:02:02"));
    assert_eq!(lldp.info, "neighbour announcement, 16 bytes");
    let nothing = row(&kept(LinkType::RAW, Protocol::Unknown, &[]));
    assert_eq!((nothing.source.as_str(), nothing.destination.as_str()), ("", ""));
    assert_eq!(nothing.time_ms, None);
}

#[test]
fn time_keeps_its_microseconds() {
    let mut kept = kept(LinkType::RAW, Protocol::Unknown, &[]);
    kept.packet.at = Some(Timestamp::from_nanos(1_700_000_000_123_456_789));
    assert_eq!(row(&kept).time_ms, Some(1_700_000_000_123.456));
}

#[test]
fn tcp_shows_flags_numbers_and_options() {
    assert_eq!(tcp(Protocol::Tcp, b"hello"), "40000 → 443 (PSH, ACK) seq 7 ack 9 win 512 len 5");
    let header = |flags, options: &[u8]| {
        let words = u8::try_from(5 + options.len() / 4).unwrap();
        let fixed = [0, 80, 0, 81, 0, 0, 0, 1, 0, 0, 0, 2, words << 4, flags, 1, 0, 0, 0, 0, 0];
        info_of(Protocol::Tcp, &ipv4(6, 0, &[&fixed[..], options].concat()))
    };
    assert_eq!(
        header(2, &[2, 4, 5, 0xb4, 4, 2, 3, 3, 7, 1, 1, 0]),
        "80 → 81 (SYN) seq 1 win 256 len 0, MSS 1460, SACK permitted, window scale 7"
    );
    assert_eq!(
        header(0x10, &[1, 1, 5, 10, 0, 0, 0, 3, 0, 0, 0, 4, 1, 1, 8, 10, 0, 0, 0, 5, 0, 0, 0, 6]),
        "80 → 81 (ACK) seq 1 ack 2 win 256 len 0, SACK 3-4, time 5 echo 6"
    );
    assert_eq!(header(0, &[34, 1, 0, 0]), "80 → 81 (no flags) seq 1 win 256 len 0");
}

#[test]
fn udp_shows_ports_and_length() {
    assert_eq!(udp(Protocol::Udp, &[0; 30]), "40000 → 9999 len 30");
    assert_eq!(udp(Protocol::Dns, &[0; 3]), "40000 → 9999 len 3");
}

#[test]
fn fragments_say_so() {
    // 0xb9 units of 8 bytes: offset 1480.
    assert_eq!(
        info_of(Protocol::Udp, &ipv4(17, 0x20b9, &[0; 40])),
        "[middle fragment, id 0x1234, from byte 1480] UDP, 40 bytes"
    );
    assert_eq!(
        info_of(Protocol::Udp, &ipv4(17, 0x2000, &[0, 80, 0, 81, 1, 0, 0, 0, 7, 7])),
        "[first fragment, id 0x1234, from byte 0] 80 → 81 len 2"
    );
}

#[test]
fn stopped_frames_and_cut_packets_say_so() {
    assert_eq!(
        info_of(Protocol::Tcp, &ipv4(6, 0, &[0; 12])),
        "TCP; TCP at byte 34: too short (needed 20, had 12)"
    );
    let other = row(&kept(LinkType(147), Protocol::Unknown, &[0; 40]));
    assert_eq!(other.info, "link type LINKTYPE 147 is not supported");
    let bytes = ipv4(47, 0, &[0; 4]);
    let mut cut = kept(LinkType::ETHERNET, Protocol::Gre, &bytes);
    cut.cut = true;
    cut.packet.wire_len = 2_000_000;
    assert_eq!(row(&cut).info, "[kept 38 of 2000000 bytes] GRE, 4 bytes");
}

#[test]
fn a_packet_in_tunnels_shows_its_own_ends_and_how_it_is_carried() {
    let mut inner = Vec::new();
    let front = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64);
    front.udp(1_000, 2_000).write(&mut inner, &[0; 30]).unwrap();
    // VXLAN of network 123 in IPv4 in IPv4.
    let vxlan =
        [&[0xc3, 0x50, 0x12, 0xb5][..], &be16(16 + inner.len()), &[0, 0, 8, 0, 0, 0, 0, 0, 123, 0], &inner];
    let datagram = ipv4(17, 0, &vxlan.concat());
    let shown = row(&kept(LinkType::ETHERNET, Protocol::Udp, &ipv4(4, 0, &datagram[14..])));
    assert_eq!((shown.source, shown.destination), ("10.0.0.1".into(), "10.0.0.2".into()));
    assert_eq!(shown.info, "IP-in-IP | VXLAN 123 | 1000 → 2000 len 30");
}

#[test]
fn arp_tells_who_has_what() {
    let arp = |operation: u8, sender: [u8; 4], target: [u8; 4]| {
        let front = [&[0xff; 6][..], &[4; 6], &[0x81, 0, 0, 9, 8, 6]].concat();
        let fixed = [0, 1, 8, 0, 6, 4, 0, operation, 2, 0, 0, 0, 0, 7];
        info_of(Protocol::Arp, &[&front[..], &fixed, &sender, &[0; 6], &target].concat())
    };
    let (one, two) = ([192, 0, 2, 1], [192, 0, 2, 2]);
    assert_eq!(arp(1, one, two), "who has 192.0.2.2? tell 192.0.2.1");
    assert_eq!(arp(2, one, two), "192.0.2.1 is at 02:00:00:00:00:07");
    assert_eq!(arp(1, one, one), "192.0.2.1 announces itself");
    assert_eq!(arp(1, [0; 4], one), "who has 192.0.2.1? (probe)");
}

#[test]
fn icmp_names_types_codes_and_what_an_error_quotes() {
    let icmp = |message: &[u8]| info_of(Protocol::Icmp, &ipv4(1, 0, message));
    assert_eq!(icmp(&[8, 0, 0, 0, 0, 9, 0, 3, 1, 2, 3]), "echo request id 9 seq 3, 3 bytes");
    assert_eq!(icmp(&[0, 0, 0, 0, 0, 9, 0, 3]), "echo reply id 9 seq 3, 0 bytes");
    let quote = &ipv4(17, 0, &[0, 7, 0, 53, 0, 8, 0, 0])[14..];
    assert_eq!(
        icmp(&[&[3, 3, 0, 0, 0, 0, 0, 0][..], quote].concat()),
        "unreachable: port; about UDP 192.0.2.1 port 7 → 198.51.100.2 port 53"
    );
    assert_eq!(icmp(&[3, 4, 0, 0, 0, 0, 5, 0x78]), "unreachable: fragmentation needed, MTU 1400");
    assert_eq!(icmp(&[5, 1, 0, 0, 192, 0, 2, 9]), "redirect for the host to 192.0.2.9");
    assert_eq!(icmp(&[11, 0, 0, 0, 0, 0, 0, 0]), "time exceeded in transit");
    assert_eq!(icmp(&[77, 6, 0, 0, 0, 0, 0, 0]), "type 77 code 6");
}

#[test]
fn icmp_v6_discovers_neighbours() {
    let target = 0xfe80_u128 << 112 | 9;
    let message =
        |kind, options: &[u8]| [&[kind, 0, 0, 0, 0, 0, 0, 0][..], &target.to_be_bytes(), options].concat();
    assert_eq!(icmp_v6(&message(135, &[])), "who has fe80::9?");
    assert_eq!(icmp_v6(&message(136, &[2, 1, 2, 0, 0, 0, 0, 5])), "fe80::9 is at 02:00:00:00:00:05");
    assert_eq!(icmp_v6(&message(136, &[2, 0, 2, 0, 0, 0, 0, 5])), "fe80::9 is here");
    assert_eq!(icmp_v6(&message(131, &[])), "listener report: fe80::9");
    assert_eq!(icmp_v6(&[2, 0, 0, 0, 0, 0, 5, 0]), "packet too big, MTU 1280");
    let mut router = vec![134, 0, 0, 0, 64, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4, 64, 0xc0];
    router.extend([0; 12]);
    router.extend((0x2001_0db8_u128 << 96).to_be_bytes());
    assert_eq!(icmp_v6(&router), "router advertisement: lifetime 1800 s, hop limit 64, 2001:db8::/64");
}

#[test]
fn igmp_names_the_group() {
    let igmp = |message: &[u8]| info_of(Protocol::Igmp, &ipv4(2, 0, message));
    assert_eq!(igmp(&[0x16, 0, 0, 0, 239, 1, 2, 3]), "version 2 report: 239.1.2.3");
    assert_eq!(igmp(&[0x11, 0, 0, 0, 0, 0, 0, 0]), "query: all groups");
    let report = [0x22, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 239, 1, 2, 3];
    assert_eq!(igmp(&report), "version 3 report: 239.1.2.3 to exclude");
}

#[test]
fn dns_shows_question_and_answers() {
    // Query 0x1a2b for the address of a.example.
    let question = b"\x01a\x07example\0\0\x01\0\x01";
    let header = |flags: [u8; 2], answers| [0x1a, 0x2b, flags[0], flags[1], 0, 1, 0, answers, 0, 0, 0, 0];
    let query = [&header([1, 0], 0)[..], question].concat();
    assert_eq!(udp(Protocol::Dns, &query), "query 0x1a2b A a.example");
    assert_eq!(tcp(Protocol::Dns, &long(&query)), "query 0x1a2b A a.example");
    let cname = b"\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x04\x01b\xc0\x0e";
    let address = b"\x01b\xc0\x0e\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\0\x02\x09";
    let answer = [&header([0x81, 0x80], 2)[..], question, cname, address].concat();
    assert_eq!(udp(Protocol::Dns, &answer), "answer 0x1a2b A a.example: CNAME b.example, 192.0.2.9");
    let unknown = [&header([0x81, 0x83], 0)[..], question].concat();
    assert_eq!(udp(Protocol::Dns, &unknown), "answer 0x1a2b A a.example: NXDOMAIN");
    assert_eq!(udp(Protocol::Dns, &query[..20]), "query 0x1a2b …");
    let empty = [&header([0x83, 0x80], 0)[..], question].concat();
    assert_eq!(udp(Protocol::Dns, &empty), "answer 0x1a2b A a.example: nothing, truncated");
}

#[test]
fn mdns_answers_name_their_owner() {
    let header = [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    let record = b"\x04_ipp\x05local\0\0\x0c\0\x01\0\0\0\x78\0\x05\x02p1\xc0\x0c";
    let announcement = [&header[..], record].concat();
    assert_eq!(udp(Protocol::Mdns, &announcement), "answer 0x0000: PTR _ipp.local p1._ipp.local");
}

#[test]
fn hostile_names_end_and_stay_text() {
    let header = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    let circle = [&header[..], b"\x01a\xc0\x0c\0\x01\0\x01"].concat();
    assert_eq!(udp(Protocol::Dns, &circle), "query 0x0000 A a…");
    let itself = [&header[..], b"\xc0\x0c\0\x01\0\x01"].concat();
    assert_eq!(udp(Protocol::Dns, &itself), "query 0x0000 A …");
    let beyond = [&header[..], b"\xff\xff\0\x01\0\x01"].concat();
    assert_eq!(udp(Protocol::Dns, &beyond), "query 0x0000 A …");
    let odd = [&header[..], b"\x05a.\n\xff\\\0\0\x01\0\x01"].concat();
    assert_eq!(udp(Protocol::Dns, &odd), "query 0x0000 A a\\.\\n\\xff\\\\");
}

/// A `ClientHello` record for `example.org` that offers TLS 1.3, 1.2 and a version that does not exist.
fn client_hello() -> Vec<u8> {
    let name = long(&[&[0][..], &long(b"example.org")].concat());
    let extensions = [
        &[0, 0][..],
        &long(&name),
        &[0, 43],
        &long(&[6, 0x7a, 0x7a, 3, 4, 3, 3]),
        &[0, 16],
        &long(&long(b"\x02h2\x08http/1.1")),
    ];
    let mut hello = vec![3, 3];
    hello.extend([7; 32]);
    hello.extend([0, 0, 2, 0x13, 1, 1, 0]);
    hello.extend(long(&extensions.concat()));
    let handshake = [&[1, 0][..], &long(&hello)].concat();
    [&[22, 3, 1][..], &long(&handshake)].concat()
}

#[test]
fn tls_shows_records_versions_and_the_name_asked_for() {
    let hello = client_hello();
    assert_eq!(tcp(Protocol::Tls, &hello), "ClientHello, TLS 1.3, for example.org, offers h2 http/1.1");
    // Cut inside the versions, which is the second extension: the name is here.
    let cut = tcp(Protocol::Tls, &hello[..75]);
    assert!(cut.starts_with("ClientHello, for example.org (first "), "{cut}");
    let mut server = vec![2, 0, 0, 46, 3, 3];
    server.extend([7; 32]);
    server.extend([0, 0x13, 1, 0, 0, 6, 0, 43, 0, 2, 3, 4]);
    let flight =
        [&[22, 3, 3][..], &long(&server), &[20, 3, 3, 0, 1, 1, 23, 3, 3, 0, 5, 1, 2, 3, 4, 5]].concat();
    assert_eq!(
        tcp(Protocol::Tls, &flight),
        "ServerHello, TLS 1.3, AES_128_GCM_SHA256; ChangeCipherSpec; application data, 5 bytes"
    );
    assert_eq!(tcp(Protocol::Tls, &[21, 3, 3, 0, 2, 2, 40]), "fatal alert: handshake failure");
    assert_eq!(tcp(Protocol::Tls, &[22, 3, 3, 0, 4, 0xaa, 1, 2, 3]), "encrypted handshake, 4 bytes");
    // Finished under a counting nonce, after the change and in a segment of its own.
    let finished = [22, 3, 3, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9];
    assert_eq!(tcp(Protocol::Tls, &finished), "encrypted handshake, 12 bytes");
    let changed = [&[20, 3, 3, 0, 1, 1], &finished[..]].concat();
    assert_eq!(tcp(Protocol::Tls, &changed), "ChangeCipherSpec; encrypted handshake, 12 bytes");
    assert_eq!(tcp(Protocol::Tls, &[0xaa; 9]), "40000 → 443 (PSH, ACK) seq 7 ack 9 win 512 len 9");
}

#[test]
fn dtls_shows_its_handshake() {
    let mut done = vec![22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 4, 0, 12];
    done.extend([14, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0]);
    assert_eq!(udp(Protocol::Dtls, &done), "ServerHelloDone");
    done[4] = 1;
    assert_eq!(udp(Protocol::Dtls, &done), "encrypted handshake, 12 bytes");
}

#[test]
fn start_lines_are_shown() {
    let request = b"GET /a?b HTTP/1.1\r\nAccept: */*\r\nHOST: example.org \r\n\r\nHost: no";
    assert_eq!(tcp(Protocol::Http, request), "GET /a?b HTTP/1.1, host example.org");
    assert_eq!(tcp(Protocol::Http, b"HTTP/1.1 404 Not Found\r\nHost: x"), "HTTP/1.1 404 Not Found");
    assert_eq!(tcp(Protocol::Ssh, b"SSH-2.0-sonde\r\n"), "SSH-2.0-sonde");
    assert!(tcp(Protocol::Http, b"and the rest of it").starts_with("40000 → 443"));
    assert_eq!(udp(Protocol::Ssdp, b"M-SEARCH * HTTP/1.1\r\n\r\n"), "M-SEARCH * HTTP/1.1");
}

#[test]
fn a_request_shows_the_host_that_its_flow_goes_by() {
    let request = |bytes| tcp(Protocol::Http, bytes);
    // Neither port nor who asks is part of a host.
    assert_eq!(request(b"GET / HTTP/1.1\r\nHost: me@a.example:8080\r\n"), "GET / HTTP/1.1, host a.example");
    // A target with a host beats the header, as at a proxy.
    let asked_of_a_proxy = b"GET http://b.example/ HTTP/1.1\r\nHost: a.example\r\n";
    assert_eq!(request(asked_of_a_proxy), "GET http://b.example/ HTTP/1.1, host b.example");
    // A segment that ends within the name does not say it.
    assert_eq!(request(b"GET / HTTP/1.1\r\nHost: a.exam"), "GET / HTTP/1.1");
    let search = b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n";
    assert_eq!(udp(Protocol::Ssdp, search), "M-SEARCH * HTTP/1.1, host 239.255.255.250");
}

#[test]
fn quic_shows_what_is_in_clear() {
    let mut datagram = vec![0xc3, 0, 0, 0, 1, 2, 0xab, 0xcd, 1, 0xef, 0, 0x40, 20];
    datagram.extend([7; 20]);
    // A handshake packet follows in the same datagram.
    datagram.extend([0xe1, 0, 0, 0, 1, 2, 0xab, 0xcd, 1, 0xef, 3, 7, 7, 7]);
    assert_eq!(
        udp(Protocol::Quic, &datagram),
        "Initial, version 1 to abcd from ef, 20 bytes; Handshake, 3 bytes"
    );
    assert_eq!(udp(Protocol::Quic, &[0x41, 1, 2, 3]), "1-RTT, 4 bytes");
    let versions = [0x80, 0, 0, 0, 0, 0, 1, 9, 0, 0, 0, 1];
    assert_eq!(udp(Protocol::Quic, &versions), "version negotiation from 09, speaks 0x1");
}

#[test]
fn small_datagrams_are_named() {
    let mut offer =
        vec![2, 1, 6, 0, 0, 0, 0xbe, 0xef, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0];
    offer.extend([2, 0, 0, 0, 0, 5]);
    offer.extend([0; 202]);
    offer.extend([99, 130, 83, 99, 53, 1, 2, 12, 2, b'p', b'c', 255]);
    assert_eq!(
        udp(Protocol::Dhcp, &offer),
        "offer 0x0000beef, client 02:00:00:00:00:05, gets 192.0.2.7, named pc"
    );
    assert_eq!(udp(Protocol::Dhcpv6, &[1, 0, 0x12, 0x34]), "solicit 0x001234");
    assert_eq!(udp(Protocol::Ntp, &[0x24, 2, 0, 0]), "version 4, server, stratum 2");
    assert_eq!(udp(Protocol::Ntp, &[0x23, 0, 0, 0]), "version 4, client");
    // Method 1; success is class 2, whose high bit is the ninth of the type.
    assert_eq!(udp(Protocol::Stun, &[1, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]), "binding success");
    assert_eq!(udp(Protocol::WireGuard, &[4, 0, 0, 0, 9]), "transport data, 5 bytes");
}

#[test]
fn other_protocols_show_name_and_length() {
    assert_eq!(info_of(Protocol::Gre, &ipv4(47, 0, &[0; 4])), "GRE, 4 bytes");
    let esp = ipv4(50, 0, &[0, 0, 1, 0, 0, 0, 0, 7, 9, 9]);
    assert_eq!(info_of(Protocol::Esp, &esp), "security association 0x00000100, seq 7, 10 bytes");
    let unnamed = [&[2; 6][..], &[4; 6], &[0x88, 0xb5, 0, 0]].concat();
    assert_eq!(info_of(Protocol::Unknown, &unnamed), "EtherType 0x88b5, 16 bytes");
}

#[test]
fn rtp_shows_type_source_number_and_time() {
    // PCMA, marked, with two sources: 12 + 8 bytes of header before 160.
    let mut packet = vec![0x82, 0x88, 0x01, 0x02, 0, 0, 0x10, 0, 0, 0, 0xca, 0xfe];
    packet.extend([1; 8 + 160]);
    let expected = "PT=PCMA 8, SSRC 0x0000cafe, seq 258, time 4096, mark, 160 bytes";
    assert_eq!(udp(Protocol::Rtp, &packet), expected);
    packet[1] = 96;
    let expected = "PT=96, SSRC 0x0000cafe, seq 258, time 4096, 160 bytes";
    assert_eq!(udp(Protocol::Srtp, &packet), expected);
    // A header that is cut off is none.
    assert_eq!(udp(Protocol::Rtp, &packet[..11]), "40000 → 9999 len 11");
}

#[test]
fn rtcp_shows_what_its_reports_say() {
    // A sender's report with one block, and a goodbye.
    let mut packets = vec![0x81, 200, 0, 12, 0, 0, 0, 1];
    packets.extend([0, 0, 0, 9, 0x80, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 7]);
    packets.extend([0, 0, 0, 2, 64, 0xff, 0xff, 0xfe, 0, 1, 0, 3, 0, 0, 0, 80, 0, 9, 0x80, 0, 0, 1, 0, 0]);
    packets.extend([0x81, 203, 0, 1, 0, 0, 0, 1]);
    let report = "sender report, SSRC 0x00000001, sent 6 packets, 7 bytes, time 5, of 0x00000002: lost -2 (64/256), jitter 80";
    assert_eq!(udp(Protocol::Rtcp, &packets), format!("{report}; goodbye, SSRC 0x00000001"));
    // On the port of the stream, and encrypted.
    assert_eq!(udp(Protocol::Rtp, &packets), format!("{report}; goodbye, SSRC 0x00000001"));
    assert_eq!(udp(Protocol::Srtp, &packets), "sender report, SSRC 0x00000001, encrypted");
    // What agrees on keys comes to the same port.
    let binding = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    assert_eq!(udp(Protocol::Srtp, &binding), "binding request");
}

#[test]
fn signalling_says_what_is_asked_and_which_streams_it_describes() {
    let invite = "INVITE sip:bob@b.example SIP/2.0\r\nFrom: A <sip:a@a.example>;tag=1\r\nCSeq: 1 INVITE\r\n\r\n\
        v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0\r\nm=video 0 RTP/AVP 31\r\n";
    assert_eq!(
        udp(Protocol::Sip, invite.as_bytes()),
        "Request: INVITE sip:bob@b.example, from sip:a@a.example, with SDP, audio at 192.0.2.1 port 4000, video refused"
    );
    let ringing = b"SIP/2.0 180 Ringing\r\nCSeq: 1 INVITE\r\n\r\n";
    assert_eq!(tcp(Protocol::Sip, ringing), "Status: 180 Ringing to INVITE");
    assert_eq!(udp(Protocol::Sip, b"SIP/2.0 200\r\n\r\n"), "Status: 200");
    assert_eq!(udp(Protocol::Sip, b"\r\n\r\n"), "40000 → 9999 len 4", "a keep-alive");
    let set_up =
        b"RTSP/1.0 200 OK\r\nTransport: RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001\r\n\r\n";
    assert_eq!(tcp(Protocol::Rtsp, set_up), "Status: 200 OK, client port 5000, server port 6000");
    let described =
        b"RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\n\r\nv=0\r\nm=video 0 RTP/AVP 96\r\n";
    assert_eq!(tcp(Protocol::Rtsp, described), "Status: 200 OK, with SDP, video");
    let hostile = b"OPTIONS sip:\x1b[31m\xe2\x80\xae SIP/2.0\r\n\r\n";
    assert_eq!(udp(Protocol::Sip, hostile), "Request: OPTIONS sip:\\u{1b}[31m\\u{202e}");
}
