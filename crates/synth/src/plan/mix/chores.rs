//! Everything that keeps an office going, and what disturbs it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Mix;
use super::web::{connection, ended, stack};
use super::world::{client_v4, client_v6, endpoint, router_v4, tags};
use crate::dialogue::Dialogue;
use crate::frame::{ArpOperation, ip};
use crate::path::{Endpoint, Path, Tags, Way, mac_of};
use crate::payload::dhcp::{Kind, Lease};
use crate::payload::dns::{Answer, Message, Record, RecordType};
use crate::payload::{icmp, igmp, mail as mails, noise, ntp, ssdp, ssh};
use crate::rng::Rng;
use crate::tap::Label;
use crate::tcp::{Open, Piece, Setup, Tcp, Turn};
use crate::truth::Note;

const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MILLISECOND;

const MULTICAST_NAMES: Label = Label::plain("neighbourhood", "mDNS");
const LEASES: Label = Label::plain("leases", "DHCP");

/// Asks for the time.
pub(super) fn clock(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let client = mix.world.client(rng);
    let path = mix.world.path_to_resolver(client, false, 123);
    let label = Label::plain("time", "NTP");
    let answered = at + rng.between(300_000, 20 * MILLISECOND);
    let dialogue = Dialogue::new().udp(at, label, path, Way::Up, ntp::request(at), Note::Ntp).udp(
        answered,
        label,
        path,
        Way::Down,
        ntp::response(at, answered),
        Note::Ntp,
    );
    mix.add(dialogue.arrival());
}

/// Asks the neighbours what they offer.
pub(super) fn neighbourhood(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let client = mix.world.client(rng);
    let is_ipv6 = rng.chance(300_000);
    let end = endpoint(client, is_ipv6, 5353);
    let group: IpAddr = if is_ipv6 {
        Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0xfb).into()
    } else {
        Ipv4Addr::new(224, 0, 0, 251).into()
    };
    let path = Path { client: end, server: Endpoint::new(group, 5353), tags: tags(client) };
    let asks = Message::multicast_query(&[("_ipp._tcp.local", RecordType::PTR)]);
    let host = format!("desk{client}.local");
    let tells = Message::announcement(vec![
        Answer::new("_workstation._tcp.local", Record::Ptr(format!("desk{client}._workstation._tcp.local"))),
        Answer::new(&host, Record::A(client_v4(client))),
    ]);
    let dialogue = Dialogue::new()
        .udp(at, MULTICAST_NAMES, path, Way::Up, asks.encode(), Note::Mdns)
        .udp(at + SECOND, MULTICAST_NAMES, path, Way::Up, asks.encode(), Note::Mdns)
        .udp(at + 3 * SECOND, MULTICAST_NAMES, path, Way::Up, tells.encode(), Note::Mdns);
    mix.add(dialogue.shared().arrival());
    let search = Path {
        client: endpoint(client, false, 50_000),
        server: Endpoint::new(Ipv4Addr::new(239, 255, 255, 250).into(), 1900),
        tags: tags(client),
    };
    let label = Label::plain("neighbourhood", "SSDP");
    let wanted = ssdp::search("urn:dial-multiscreen-org:service:dial:1");
    mix.add(Dialogue::new().udp(at + 2 * SECOND, label, search, Way::Up, wanted, None).shared().arrival());
}

/// Gets an address.
pub(super) fn lease(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let client = mix.world.client(rng);
    let address = client_v4(client);
    let mac = mac_of(address.into());
    let resolver = mix.world.path_to_resolver(client, false, 67).server;
    let nobody = Endpoint::new(Ipv4Addr::UNSPECIFIED.into(), 68).behind(mac);
    let everybody = Endpoint::new(Ipv4Addr::BROADCAST.into(), 67);
    let asks = Path { client: nobody, server: everybody, tags: tags(client) };
    let tells = Path { client: resolver, server: everybody.at_port(68), tags: tags(client) };
    let IpAddr::V4(server) = resolver.ip else { return };
    let host_name = format!("desk{client}");
    let lease =
        Lease { transaction: rng.word(), mac, host_name: &host_name, address, server, is_renewal: false };
    let mut dialogue = Dialogue::new();
    let mut time = at;
    for (kind, path) in
        [(Kind::Discover, asks), (Kind::Offer, tells), (Kind::Request, asks), (Kind::Ack, tells)]
    {
        dialogue = dialogue.udp(time, LEASES, path, Way::Up, lease.message(kind), Note::Dhcp);
        time += rng.between(MILLISECOND, 20 * MILLISECOND);
    }
    mix.add(dialogue.shared().arrival());
}

/// Asks which interface has an address: by ARP, or by neighbour discovery.
pub(super) fn resolve(mix: &mut Mix, at: u64, rng: &mut Rng) {
    const CLASS: &str = "addresses";
    let client = mix.world.client(rng);
    let tags = tags(client);
    let answered = at + rng.between(50_000, 400_000);
    if rng.chance(700_000) {
        let (host, router) = (client_v4(client), router_v4(client));
        let dialogue = Dialogue::new().arp(at, CLASS, ArpOperation::Request, (host, router), tags).arp(
            answered,
            CLASS,
            ArpOperation::Reply,
            (router, host),
            tags,
        );
        mix.add(dialogue.arrival());
        return;
    }
    let target = client_v6(client + 1);
    let host = endpoint(client, true, 0);
    let solicited =
        Ipv6Addr::new(0xff02, 0, 0, 0, 0, 1, 0xff00, target.segments().last().copied().unwrap_or(0));
    let asks = Path { client: host, server: Endpoint::new(solicited.into(), 0), tags };
    let tells = Path { client: Endpoint::new(target.into(), 0), server: host, tags };
    let question = icmp::neighbour_solicitation(target, host.mac);
    let answer = icmp::neighbour_advertisement(target, mac_of(target.into()));
    let dialogue = Dialogue::new().icmp(at, CLASS, asks, Way::Up, question, None).icmp(
        answered,
        CLASS,
        tells,
        Way::Up,
        answer,
        None,
    );
    mix.add(dialogue.arrival());
}

/// Joins and leaves a group.
pub(super) fn groups(mix: &mut Mix, at: u64, rng: &mut Rng) {
    const CLASS: &str = "groups";
    let client = mix.world.client(rng);
    let tags = tags(client);
    let host = endpoint(client, false, 0);
    let group = Ipv4Addr::new(239, 1, 1, u8::try_from(client % 200).unwrap_or(0));
    let to = |address: Ipv4Addr| Path { client: host, server: Endpoint::new(address.into(), 0), tags };
    let router =
        Path { client: Endpoint::new(router_v4(client).into(), 0), ..to(Ipv4Addr::new(224, 0, 0, 1)) };
    let dialogue = Dialogue::new().igmp(at, CLASS, router, igmp::query_v3());
    let dialogue = if rng.chance(500_000) {
        dialogue.igmp(at + SECOND, CLASS, to(group), igmp::report_v2(group)).igmp(
            at + 4 * SECOND,
            CLASS,
            to(Ipv4Addr::new(224, 0, 0, 2)),
            igmp::leave_v2(group),
        )
    } else {
        dialogue.igmp(at + SECOND, CLASS, to(Ipv4Addr::new(224, 0, 0, 22)), igmp::report_v3(&[group]))
    };
    mix.add(dialogue.arrival());
}

/// Asks a server whether it is there, once a second.
pub(super) fn ping(mix: &mut Mix, at: u64, rng: &mut Rng) {
    const CLASS: &str = "ping";
    let peers = mix.world.peers(0, rng);
    let identifier = rng.half_word();
    let message = |echo: icmp::Echo, sequence: u16| {
        if peers.path.client.ip.is_ipv4() {
            icmp::echo_v4(echo, identifier, sequence)
        } else {
            icmp::echo_v6(echo, identifier, sequence)
        }
    };
    let (mut dialogue, mut time) = (Dialogue::new(), at);
    for sequence in 1..=u16::try_from(rng.between(3, 12)).unwrap_or(3) {
        let asks = message(icmp::Echo::Request, sequence);
        dialogue = dialogue.icmp(time, CLASS, peers.path, Way::Up, asks, Note::EchoRequest);
        if !rng.chance(20_000) {
            let answered = time + 2 * peers.far + rng.below(MILLISECOND);
            let tells = message(icmp::Echo::Reply, sequence);
            dialogue = dialogue.icmp(answered, CLASS, peers.path, Way::Down, tells, Note::EchoReply);
        }
        time += SECOND;
    }
    mix.add(dialogue.arrival());
}

/// Sends a datagram to a port where nobody listens.
pub(super) fn unreachable(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let peers = mix.world.peers_v4(33_434, rng);
    let payload = opaque_payload(32, rng);
    let Path { client, server, .. } = peers.path;
    let mut packet = Vec::new();
    let header = ip::Header { protocol: ip::protocol::UDP, ..ip::Header::default() };
    ip::header(&mut packet, client, server, Tags::None, header, 8 + payload.len());
    ip::udp(&mut packet, client, server, &payload);
    // The quote begins behind the header of Ethernet.
    let quote = packet.get(14..).unwrap_or_default();
    let error = icmp::unreachable_v4(3, quote);
    let answered = at + 2 * peers.far;
    let dialogue = Dialogue::new()
        .udp(at, Label::plain("errors", "UDP"), peers.path, Way::Up, payload, None)
        .icmp(answered, "errors", peers.path, Way::Down, error, Note::IcmpError);
    mix.add(dialogue.arrival());
}

/// Bytes that no protocol begins with.
fn opaque_payload(len: u64, rng: &mut Rng) -> Vec<u8> {
    let mut payload = noise(usize::try_from(len).unwrap_or_default(), rng);
    if let Some([first, second, ..]) = payload.first_chunk_mut::<2>() {
        (*first, *second) = (0x07, 0xee);
    }
    payload
}

/// Talks in a way that nobody knows, over UDP or TCP.
pub(super) fn opaque(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let port = u16::try_from(rng.between(30_000, 39_000)).unwrap_or(30_000);
    let peers = mix.world.peers(port, rng);
    if rng.chance(300_000) {
        let mut setup = connection(&peers, Label::plain("unknown", "TCP"), rng);
        for _ in 0..rng.between(2, 20) {
            let think = rng.between(MILLISECOND, 300 * MILLISECOND);
            setup = setup.say(Way::Up, think, vec![Piece::Noise(rng.magnitude(10, 2_000))]).say(
                Way::Down,
                think,
                vec![Piece::Noise(rng.magnitude(10, 20_000))],
            );
        }
        let setup = ended(setup, rng);
        let chance = mix.chance();
        mix.add(Tcp::new(setup, chance).arrival(at));
        return;
    }
    let label = Label::plain("games", "UDP");
    let (mut dialogue, mut time) = (Dialogue::new(), at);
    for _ in 0..rng.between(20, 120) {
        let way = if rng.chance(500_000) { Way::Up } else { Way::Down };
        let payload = opaque_payload(rng.between(20, 400), rng);
        dialogue = dialogue.udp(time, label, peers.path, way, payload, None);
        time += rng.between(5 * MILLISECOND, 60 * MILLISECOND);
    }
    mix.add(dialogue.arrival());
}

/// Sends datagrams that are too large for a frame.
pub(super) fn large_datagram(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let peers = mix.world.peers_v4(30_001, rng);
    let label = Label::plain("large datagrams", "UDP");
    let (mut dialogue, mut time) = (Dialogue::new(), at);
    for identification in 0..u16::try_from(rng.between(2, 5)).unwrap_or(2) {
        let payload = opaque_payload(rng.between(3_000, 8_000), rng);
        dialogue = dialogue.fragments((time, 15_000), label, peers.path, Way::Up, payload, identification);
        time += rng.between(MILLISECOND, 100 * MILLISECOND);
    }
    mix.add(dialogue.arrival());
}

/// Knocks at a server that does not answer.
pub(super) fn unanswered(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let peers = mix.world.peers(443, rng);
    let setup = connection(&peers, Label::plain("unanswered", "TCP"), rng);
    let tries = u32::try_from(rng.between(2, 4)).unwrap_or(2);
    let chance = mix.chance();
    mix.add(Tcp::new(Setup { open: Open::Unanswered(tries), ..setup }, chance).arrival(at));
}

/// Tries ports of a server, one after the other.
pub(super) fn scan(mix: &mut Mix, at: u64, rng: &mut Rng) {
    const PORTS: [u16; 20] = [
        21, 22, 23, 25, 80, 110, 135, 139, 143, 443, 445, 993, 1433, 3306, 3389, 5432, 5900, 6379, 8080, 9200,
    ];
    let peers = mix.world.peers(0, rng);
    let mut time = at;
    for port in PORTS {
        let from = mix.world.port(peers.number);
        let path = peers.path.at_ports(from, port);
        let mut setup = Setup::new(path, Label::plain("scan", "TCP"));
        (setup.near, setup.far) = (peers.near, peers.far);
        setup.client = stack((12_000, 12_001), rng);
        match rng.below(10) {
            0..6 => setup.open = Open::Refused,
            6..8 => setup.open = Open::Unanswered(1),
            _ => setup = setup.turn(Turn::Reset { way: Way::Up, think: 50_000 }),
        }
        let chance = mix.chance();
        mix.add(Tcp::new(setup, chance).arrival(time));
        time += rng.between(2 * MILLISECOND, 8 * MILLISECOND);
    }
}

/// Works on another machine.
pub(super) fn shell(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let peers = mix.world.peers(22, rng);
    let mut setup = connection(&peers, Label::encrypted("remote shell", "SSH"), rng)
        .say(Way::Down, 5 * MILLISECOND, vec![Piece::bytes(ssh::banner("OpenSSH_9.2p1"))])
        .say(Way::Up, 300_000, vec![Piece::bytes(ssh::banner("OpenSSH_9.6"))])
        .say(Way::Down, 300_000, vec![Piece::bytes(ssh::key_exchange_init(rng))])
        .say(Way::Up, 300_000, vec![Piece::bytes(ssh::key_exchange_init(rng))])
        .say(Way::Up, 300_000, vec![Piece::bytes(ssh::exchange_request(rng))])
        .say(Way::Down, 900_000, vec![Piece::bytes(ssh::exchange_reply(rng))])
        .say(Way::Up, 300_000, vec![Piece::bytes(ssh::new_keys(rng))]);
    for _ in 0..rng.between(20, 80) {
        let typed = ssh::encrypted(32, rng);
        let len = usize::try_from(rng.magnitude(32, 3_000)).unwrap_or(32);
        let shown = ssh::encrypted(len, rng);
        setup = setup
            .say(Way::Up, rng.between(30 * MILLISECOND, 500 * MILLISECOND), vec![Piece::bytes(typed)])
            .say(Way::Down, rng.between(300_000, 5 * MILLISECOND), vec![Piece::bytes(shown)]);
    }
    let setup = ended(setup, rng);
    let chance = mix.chance();
    mix.add(Tcp::new(setup, chance).arrival(at));
}

/// Sends a mail, or looks for some.
pub(super) fn mail(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let len = usize::try_from(rng.magnitude(500, 30_000)).unwrap_or(500);
    let (port, turns) = match rng.below(4) {
        0 => (143, mails::imap("mail.office.example")),
        1 => (110, mails::pop3("mail.office.example")),
        _ => (25, mails::smtp("office.example", "birch.example", len)),
    };
    let peers = mix.world.peers(port, rng);
    let mut setup = connection(&peers, Label::plain("mail", "TCP"), rng);
    for (speaker, text) in turns {
        let way = if speaker == mails::Speaker::Client { Way::Up } else { Way::Down };
        setup = setup.say(way, rng.between(500_000, 20 * MILLISECOND), vec![Piece::bytes(text)]);
    }
    let chance = mix.chance();
    mix.add(Tcp::new(setup.close(Way::Down), chance).arrival(at));
}
