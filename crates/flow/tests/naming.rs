//! What hosts call themselves: DHCP, `NetBIOS`, multicast DNS and LLMNR, by whole packets.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use std::net::Ipv6Addr;

use etherparse::PacketBuilder;
use netsonde_dissect::{Frame, LinkType, Packet};
use netsonde_flow::limits::Limits;
use netsonde_flow::{DhcpTells, Fact, FlowEvent, FlowTable, LocalNetworks};
use netsonde_units::Timestamp;

const CLIENT: [u8; 4] = [192, 0, 2, 7];
const SERVER: [u8; 4] = [192, 0, 2, 1];
const NOBODY: [u8; 4] = [0; 4];
const EVERYBODY: [u8; 4] = [255; 4];
const CLIENT_V6: [u8; 16] = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7];
const SERVERS_V6: [u8; 16] = [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2];

fn at() -> Timestamp {
    Timestamp::from_parts(1_700_000_000, 0)
}

/// What packets tell, one line each.
fn told(packets: &[Vec<u8>]) -> Vec<String> {
    let mut table = FlowTable::new(Limits { flows: 64, departed: 64 }, LocalNetworks::default());
    table.leap(at(), at());
    for bytes in packets {
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let packet = Packet { at: None, link: LinkType::ETHERNET, interface: 0, wire_len, bytes };
        let frame = Frame::parse(&packet);
        let conversation = table.conversation(&frame);
        let event = table.observe(&frame, conversation, wire_len, at(), at()).event;
        assert!(matches!(event, None | Some(FlowEvent::Dns(_))));
    }
    let line = |fact| match fact {
        Fact::Name { name, address, by, credit, .. } => format!("{by:?} {name} {address} {credit:?}"),
        Fact::Dhcp(part) => {
            let tells = match part.tells {
                DhcpTells::Name(name) => format!("named {name}"),
                DhcpTells::Address(address) => format!("given {address}"),
            };
            let client = part.exchange.client;
            let [first, .., last] = &*client else { unreachable!("no client") };
            format!("{:x} {first:x}{last:x} {tells}", part.exchange.transaction)
        }
        other => format!("{other:?}"),
    };
    table.relieve(at(), |_| {}).map(line).collect()
}

fn udp(from: ([u8; 4], u16), to: ([u8; 4], u16), payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(from.0, to.0, 64);
    ip.udp(from.1, to.1).write(&mut bytes, payload).unwrap();
    bytes
}

fn udp_v6(ports: (u16, u16), payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv6(CLIENT_V6, SERVERS_V6, 64);
    ip.udp(ports.0, ports.1).write(&mut bytes, payload).unwrap();
    bytes
}

/// A message of DHCP (RFC 2131 section 2) of type `kind`, with `ciaddr`, `yiaddr` and more options; the hardware address
/// begins with 2, and what fills it up ends with 5.
fn dhcp(kind: u8, addresses: [[u8; 4]; 2], options: &[u8]) -> Vec<u8> {
    let operation = if matches!(kind, 2 | 5 | 6) { 2 } else { 1 };
    let mut message = vec![operation, 1, 6, 0, 0, 0, 0xbe, 0xef, 0, 0, 0, 0];
    message.extend(addresses.concat());
    message.resize(28, 0);
    message.extend([2, 0, 0, 0, 0, 5]);
    message.resize(43, 0);
    message.push(5);
    message.resize(236, 0);
    message.extend([99, 130, 83, 99, 53, 1, kind]);
    message.extend(options);
    message.push(255);
    message
}

fn asks(kind: u8, options: &[u8]) -> Vec<u8> {
    udp((NOBODY, 68), (EVERYBODY, 67), &dhcp(kind, [NOBODY, NOBODY], options))
}

fn answers(kind: u8) -> Vec<u8> {
    udp((SERVER, 67), (CLIENT, 68), &dhcp(kind, [NOBODY, CLIENT], b"\x0c\x06server"))
}

#[test]
fn a_client_of_dhcp_says_its_name_and_the_server_gives_the_address() {
    let packets =
        [asks(1, b"\x0c\x04My-P"), answers(2), asks(3, b"\x0c\x04My-P\x32\x04\xc0\x00\x02\x07"), answers(5)];
    // An offer gives nothing, and what the server calls the client is not what that calls itself.
    assert_eq!(told(&packets), ["beef 25 named my-p", "beef 25 named my-p", "beef 25 given 192.0.2.7"]);
    // Declined, refused, let go; and one without a name, with an answer that gives no address.
    let name = b"\x0c\x02pc";
    let nothing = [asks(4, name), answers(6), asks(7, name), asks(3, b"")];
    assert_eq!(told(&nothing), [""; 0]);
    let none_given = udp((SERVER, 67), (CLIENT, 68), &dhcp(5, [CLIENT, NOBODY], b""));
    assert_eq!(told(&[none_given]), [""; 0]);
}

#[test]
fn who_has_an_address_is_named_by_what_it_informs_of() {
    let informs = |address| udp((CLIENT, 68), (EVERYBODY, 67), &dhcp(8, [address, NOBODY], b"\x0c\x02pc"));
    assert_eq!(told(&[informs(CLIENT)]), ["Dhcp pc 192.0.2.7 Own"]);
    assert_eq!(told(&[informs(NOBODY), informs(EVERYBODY)]), [""; 0]);
    // Another's.
    assert_eq!(told(&[informs([8, 8, 4, 4]), informs([192, 0, 2, 8])]), [""; 0]);
}

/// An option of DHCP for IPv6.
fn option(code: u8, content: &[u8]) -> Vec<u8> {
    let len = u8::try_from(content.len()).unwrap();
    [&[0, code, 0, len], content].concat()
}

#[test]
fn a_client_of_dhcp_for_ipv6_says_its_name_and_gets_its_addresses() {
    let client = option(1, b"\x00\x03\x00\x01\x02\x00\x00\x00\x00\x05");
    let name = option(39, b"\x01\x02PC\x07example\x00");
    let address: Ipv6Addr = "2001:db8::7".parse().unwrap();
    // Preferred and valid for 16 s, in an association of number 9.
    let given = option(5, &[&address.octets()[..], &[0, 0, 0, 16, 0, 0, 0, 16]].concat());
    let association = option(3, &[&[0, 0, 0, 9, 0, 0, 0, 8, 0, 0, 0, 8][..], &given].concat());
    let message = |kind: u8, options: &[&[u8]]| [&[kind, 0, 0xca, 0xfe][..], &options.concat()].concat();
    let packets = [
        udp_v6((546, 547), &message(3, &[&client, &association, &name])),
        udp_v6((547, 546), &message(2, &[&client, &association, &name])),
        udp_v6((547, 546), &message(7, &[&client, &association, &name])),
        // Without an identifier it is nobody's.
        udp_v6((546, 547), &message(3, &[&name])),
    ];
    assert_eq!(told(&packets), ["cafe 05 named pc.example", "cafe 05 given 2001:db8::7"]);
}

/// A name as RFC 1001 section 14.1 writes it, as a label.
fn encoded(name: &str, suffix: u8) -> Vec<u8> {
    let padded = format!("{name:15}").into_bytes();
    let letters = padded.iter().chain([&suffix]).flat_map(|byte| [b'A' + (byte >> 4), b'A' + (byte & 0x0f)]);
    [0x20].into_iter().chain(letters).collect()
}

#[test]
fn netbios_names_hosts_by_what_they_register_and_not_groups_and_users() {
    // A registration with its record behind the question (RFC 1002 section 4.2.2): flags of the name, address.
    let registers = |name, suffix, group, address: [u8; 4]| {
        let message = [
            &[0, 7, 0x29, 0x10, 0, 1, 0, 0, 0, 0, 0, 1][..],
            &encoded(name, suffix),
            &[0, 0, 0x20, 0, 1, 0xc0, 0x0c, 0, 0x20, 0, 1, 0, 4, 0x93, 0xe0, 0, 6, group, 0],
            &address,
        ]
        .concat();
        udp((CLIENT, 137), ([192, 0, 2, 255], 137), &message)
    };
    let packets = [
        registers("MY-PC", 0x00, 0, CLIENT),
        // The same for its server service, and for another host.
        registers("MY-PC", 0x20, 0, CLIENT),
        registers("MY-PC", 0x20, 0, [192, 0, 2, 8]),
        registers("JANE", 0x03, 0, CLIENT),
        registers("OFFICE", 0x00, 0x80, CLIENT),
        registers("MY-PC", 0x00, 0, NOBODY),
    ];
    assert_eq!(told(&packets), ["Netbios my-pc 192.0.2.7 Own", "Netbios my-pc 192.0.2.7 Own"]);
}

#[test]
fn a_server_of_netbios_names_answers_for_others() {
    // A positive response to a query (RFC 1002 section 4.2.13) of two addresses, one of them its own.
    let message = [
        &[0, 7, 0x85, 0x80, 0, 0, 0, 1, 0, 0, 0, 0][..],
        &encoded("FILES", 0x20),
        &[0, 0, 0x20, 0, 1, 0, 4, 0x93, 0xe0, 0, 12],
        &[&[0, 0][..], &SERVER, &[0, 0], &[192, 168, 1, 8]].concat(),
    ]
    .concat();
    let said_by = |server| told(&[udp((server, 137), ([192, 168, 1, 7], 137), &message)]);
    let of_both =
        |server| [format!("Netbios files 192.0.2.1 {server}"), "Netbios files 192.168.1.8 Other".to_owned()];
    assert_eq!(said_by([192, 168, 1, 1]), of_both("Other"));
    // From afar it is about itself alone.
    assert_eq!(said_by(SERVER), of_both("Own")[..1]);
}

/// A response with a record of type A or AAAA for each address, all of `pc.local`; with a question where `asked` is 1.
fn response(asked: u8, addresses: &[&[u8]]) -> Vec<u8> {
    let count = u8::try_from(addresses.len()).unwrap();
    let mut message = vec![0, 7, 0x80, 0, 0, asked, 0, count, 0, 0, 0, 0];
    let name = b"\x02pc\x05local\0";
    if asked > 0 {
        message.extend([&name[..], &[0, 1, 0, 1]].concat());
    }
    for address in addresses {
        let (kind, len) = if address.len() == 4 { (1, 4) } else { (28, 16) };
        message.extend([&name[..], &[0, kind, 0, 1, 0, 0, 0, 120, 0, len], address].concat());
    }
    message
}

#[test]
fn multicast_dns_to_one_host_is_believed_from_near_only() {
    const NEAR: [u8; 4] = [192, 168, 1, 2];
    const GROUP: [u8; 4] = [224, 0, 0, 251];
    let says = |from, to, address| {
        let told = told(&[udp((from, 5353), (to, 5353), &response(0, &[address]))]);
        told.concat().replace("Mdns pc.local ", "")
    };
    let own = says(NEAR, [192, 168, 1, 3], &NEAR);
    assert_eq!(own, "192.168.1.2 Own");
    assert_eq!(says(NEAR, [192, 168, 1, 3], &[192, 168, 1, 9]), "192.168.1.9 Other");
    // No router forwards what is for the group.
    assert_eq!(says(CLIENT, GROUP, &CLIENT), "192.0.2.7 Own");
    assert_eq!(says(CLIENT, GROUP, &[9, 9, 9, 9]), "9.9.9.9 Other");
    // From elsewhere: of itself, and of others.
    assert_eq!(says([198, 51, 100, 5], NEAR, &[198, 51, 100, 5]), "198.51.100.5 Nothing");
    assert_eq!(says([198, 51, 100, 5], NEAR, &NEAR), "192.168.1.2 Nothing");
}

#[test]
fn a_responder_of_llmnr_answers_for_its_own_addresses() {
    const NEAR: [u8; 4] = [192, 168, 1, 2];
    let says = |from, addresses: &[&[u8]]| {
        let mut told = told(&[udp((from, 5355), ([192, 168, 1, 3], 50_000), &response(1, addresses))]);
        for told in &mut told {
            *told = told.replace("Llmnr pc.local ", "");
        }
        told
    };
    assert_eq!(says(NEAR, &[&NEAR]), ["192.168.1.2 Own"]);
    // It has two, one of them of the other family.
    assert_eq!(says(NEAR, &[&[10, 0, 0, 2], &NEAR]), ["10.0.0.2 Other", "192.168.1.2 Own"]);
    assert_eq!(says(NEAR, &[&CLIENT_V6]), ["fe80::7 Other"]);
    // Another's; and from elsewhere, which no query over LLMNR reaches.
    assert_eq!(says(NEAR, &[&[192, 168, 1, 9]]), ["192.168.1.9 Nothing"]);
    assert_eq!(says([198, 51, 100, 5], &[&[198, 51, 100, 5]]), ["198.51.100.5 Nothing"]);
}

#[test]
fn netbios_names_who_answers_about_itself_and_who_sends_a_datagram() {
    // The status of a node (RFC 1002 section 4.2.18): two names of its own, one of them twice, and a group's.
    let names = [
        &[3][..],
        b"FILES          \x00\x04\x00",
        b"FILES          \x20\x04\x00",
        b"OFFICE         \x00\x84\x00",
    ];
    let names = names.concat();
    let status = [
        &[0, 7, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0][..],
        &encoded("*", 0),
        &[0, 0, 0x21, 0, 1, 0, 0, 0, 0, 0, u8::try_from(names.len()).unwrap()],
        &names,
    ]
    .concat();
    let datagram = [
        &[0x11, 2, 0, 7, 192, 0, 2, 9, 0, 138, 0, 68, 0, 0][..],
        &encoded("PC 2", 0),
        &[0],
        &encoded("O", 0x1d),
        &[0],
    ]
    .concat();
    let packets = [
        udp((CLIENT, 137), (SERVER, 137), &status),
        udp(([192, 0, 2, 9], 138), ([192, 0, 2, 255], 138), &datagram),
    ];
    assert_eq!(
        told(&packets),
        ["Netbios files 192.0.2.7 Own", "Netbios files 192.0.2.7 Own", "Netbios pc\\0322 192.0.2.9 Own"]
    );
    // A datagram that says to be another's.
    assert_eq!(told(&[udp((CLIENT, 138), ([192, 0, 2, 255], 138), &datagram)]), [""; 0]);
}
