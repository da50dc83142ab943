//! An independent decoder agrees on generated packets.

use etherparse::{NetSlice, PacketBuilder, PacketBuilderStep, SlicedPacket, TransportSlice, VlanId};
use netsonde_dissect::{Frame, LinkType, Network, Packet, Transport};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Spec {
    vlan: Option<u16>,
    addresses: Addresses,
    transport: Kind,
    ports: (u16, u16),
    payload: Vec<u8>,
    padding: usize,
}

#[derive(Clone, Debug)]
enum Addresses {
    V4([u8; 4], [u8; 4]),
    V6([u8; 16], [u8; 16]),
}

#[derive(Clone, Debug)]
enum Kind {
    Tcp { sequence: u32, window: u16, options: bool },
    Udp,
    Echo,
}

fn spec() -> impl Strategy<Value = Spec> {
    let addresses = prop_oneof![
        any::<([u8; 4], [u8; 4])>().prop_map(|(source, destination)| Addresses::V4(source, destination)),
        any::<([u8; 16], [u8; 16])>().prop_map(|(source, destination)| Addresses::V6(source, destination)),
    ];
    let transport = prop_oneof![
        any::<(u32, u16, bool)>().prop_map(|(sequence, window, options)| Kind::Tcp {
            sequence,
            window,
            options
        }),
        Just(Kind::Udp),
        Just(Kind::Echo),
    ];
    let vlan = prop::option::of(0_u16..4096);
    let payload = prop::collection::vec(any::<u8>(), 0..200);
    (vlan, addresses, transport, any::<(u16, u16)>(), payload, 0_usize..40).prop_map(
        |(vlan, addresses, transport, ports, payload, padding)| Spec {
            vlan,
            addresses,
            transport,
            ports,
            payload,
            padding,
        },
    )
}

/// Writes the packet with the oracle's builder, and padding behind it.
fn build(spec: &Spec) -> Vec<u8> {
    let step = PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]);
    let step = match (spec.vlan.and_then(|id| VlanId::try_new(id).ok()), &spec.addresses) {
        (Some(id), Addresses::V4(source, destination)) => {
            step.single_vlan(id).ipv4(*source, *destination, 64)
        }
        (Some(id), Addresses::V6(source, destination)) => {
            step.single_vlan(id).ipv6(*source, *destination, 64)
        }
        (None, Addresses::V4(source, destination)) => step.ipv4(*source, *destination, 64),
        (None, Addresses::V6(source, destination)) => step.ipv6(*source, *destination, 64),
    };
    let mut bytes = write_transport(step, spec);
    bytes.resize(bytes.len().saturating_add(spec.padding), 0xee);
    bytes
}

fn write_transport(step: PacketBuilderStep<etherparse::IpHeaders>, spec: &Spec) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (source, destination) = spec.ports;
    let written = match (&spec.transport, &spec.addresses) {
        (Kind::Tcp { sequence, window, options }, _) => {
            let step = step.tcp(source, destination, *sequence, *window).syn();
            let raw: &[u8] = if *options { &[2, 4, 5, 0xb4, 1, 1, 1, 0] } else { &[] };
            step.options_raw(raw).is_ok_and(|step| step.write(&mut bytes, &spec.payload).is_ok())
        }
        (Kind::Udp, _) => step.udp(source, destination).write(&mut bytes, &spec.payload).is_ok(),
        (Kind::Echo, Addresses::V4(..)) => {
            step.icmpv4_echo_request(source, destination).write(&mut bytes, &spec.payload).is_ok()
        }
        (Kind::Echo, Addresses::V6(..)) => {
            step.icmpv6_echo_request(source, destination).write(&mut bytes, &spec.payload).is_ok()
        }
    };
    assert!(written, "the oracle writes every packet asked for");
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn oracle_agrees_on_addresses_ports_and_payload(spec in spec()) {
        let bytes = build(&spec);
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let packet =
            Packet { at: None, link: LinkType::ETHERNET, interface: 0, wire_len, bytes: &bytes };
        let ours = Frame::parse(&packet);
        let theirs = SlicedPacket::from_ethernet(&bytes).unwrap();
        prop_assert_eq!(ours.stopped, None);
        prop_assert_eq!(ours.link.vlans.ids(), spec.vlan.as_slice());
        match (ours.network, theirs.net.unwrap()) {
            (Network::Ipv4(ours), NetSlice::Ipv4(theirs)) => {
                prop_assert_eq!(ours.source, theirs.header().source_addr());
                prop_assert_eq!(ours.destination, theirs.header().destination_addr());
                prop_assert_eq!(usize::try_from(ours.payload_len).unwrap(), theirs.payload().payload.len());
            }
            (Network::Ipv6(ours), NetSlice::Ipv6(theirs)) => {
                prop_assert_eq!(ours.source, theirs.header().source_addr());
                prop_assert_eq!(ours.destination, theirs.header().destination_addr());
            }
            (ours, theirs) => prop_assert!(false, "{ours:?} {theirs:?}"),
        }
        match (ours.transport, theirs.transport.unwrap()) {
            (Transport::Tcp(tcp), TransportSlice::Tcp(theirs)) => {
                prop_assert_eq!((tcp.source, tcp.destination), (theirs.source_port(), theirs.destination_port()));
                prop_assert_eq!(tcp.sequence.raw(), theirs.sequence_number());
                prop_assert_eq!(tcp.window, theirs.window_size());
                prop_assert_eq!(tcp.options, theirs.options());
                prop_assert_eq!(tcp.flags.syn(), theirs.syn());
                prop_assert_eq!(ours.payload.bytes, theirs.payload());
            }
            (Transport::Udp(udp), TransportSlice::Udp(theirs)) => {
                prop_assert_eq!((udp.source, udp.destination), (theirs.source_port(), theirs.destination_port()));
                prop_assert_eq!(ours.payload.bytes, theirs.payload());
            }
            (Transport::Icmp(icmp), TransportSlice::Icmpv4(theirs)) => {
                prop_assert_eq!((icmp.kind, icmp.code), (theirs.type_u8(), theirs.code_u8()));
                prop_assert_eq!(icmp.body, &spec.payload[..]);
            }
            (Transport::Icmpv6(icmp), TransportSlice::Icmpv6(theirs)) => {
                prop_assert_eq!((icmp.kind, icmp.code), (theirs.type_u8(), theirs.code_u8()));
                prop_assert_eq!(icmp.body, &spec.payload[..]);
            }
            (ours, theirs) => prop_assert!(false, "{ours:?} {theirs:?}"),
        }
    }
}
