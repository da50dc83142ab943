//! Hellos of QUIC in made-up traffic, by whole packets: the truth about it names every server.

use std::collections::{BTreeMap, BTreeSet};

use netsonde_dissect::{Frame, IpProtocol, LinkType, Packet};
use netsonde_flow::limits::Limits;
use netsonde_flow::{Clue, Fact, FlowKey, FlowTable, HelloOver, LocalNetworks, Side};
use netsonde_synth::Packets;
use netsonde_synth::plan::mix;
use netsonde_units::Timestamp;

/// When the traffic begins, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_767_225_600_000_000_000;
const PACKETS: u64 = 60_000;

/// A conversation's ends, the server's name, and its application protocols.
type Hello = (String, String, Vec<String>);

fn ends(key: &FlowKey) -> String {
    format!("{key:?}")
}

#[test]
fn every_name_of_a_mix_is_told_once_with_its_conversation() {
    let mut packets = Packets::new(mix::Mix::new(BASE, PACKETS, 7)).limit(PACKETS);
    let mut table = FlowTable::new(Limits { flows: 1 << 16, departed: 64 }, LocalNetworks::default());
    let (mut clues, mut keys) = (Vec::new(), BTreeMap::new());
    while let Some(packet) = packets.advance() {
        let wire_len = u32::try_from(packet.bytes.len()).unwrap();
        let read = Packet { at: None, link: LinkType::ETHERNET, interface: 0, wire_len, bytes: packet.bytes };
        let frame = Frame::parse(&read);
        let at = Timestamp::EPOCH.plus_nanos(packet.time);
        let conversation = table.conversation(&frame);
        table.observe(&frame, conversation, wire_len, at, at);
        clues.extend(table.relieve(at, |_| {}));
    }
    table.tick(|row| _ = keys.insert(row.id.serial, ends(&row.key)));
    let (mut ours, mut answers) = (BTreeSet::<Hello>::new(), 0_usize);
    for clue in clues {
        match clue {
            Fact::Clue { about, clue: Clue::Client(hello), .. } if hello.over == HelloOver::Quic => {
                let alpn = hello.alpn.iter().map(ToString::to_string).collect();
                let name = hello.server_name.unwrap().to_string();
                assert!(ours.insert((keys.get(&about.serial).unwrap().clone(), name, alpn)));
            }
            // synth's servers choose TLS 1.3 and its first suite.
            Fact::Clue { about, clue: Clue::Server(hello), .. }
                if ours.iter().any(|ours| Some(&ours.0) == keys.get(&about.serial)) =>
            {
                assert_eq!((hello.version, hello.cipher), (0x0304, 0x1301));
                answers += 1;
            }
            _ => {}
        }
    }
    let truth = packets.into_truth();
    let theirs: BTreeSet<Hello> = truth
        .quic_hellos
        .iter()
        .map(|hello| {
            let ports = Some((hello.client_port, hello.server_port));
            let (key, _): (FlowKey, Side) = FlowKey::new(IpProtocol::UDP, hello.client, hello.server, ports);
            (ends(&key), hello.name.clone(), hello.alpn.iter().map(ToString::to_string).collect())
        })
        .collect();
    assert!(theirs.len() > 50, "only {} hellos", theirs.len());
    assert!(truth.quic_hellos.iter().any(|hello| hello.split), "none is split");
    assert_eq!(ours, theirs);
    // Those whose answer came after the end are few.
    assert!(answers * 10 > theirs.len() * 9, "{answers} of {}", theirs.len());
    assert_eq!(table.counters().hellos_given_up, 0);
}
