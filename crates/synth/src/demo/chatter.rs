//! What a network says by itself: addresses, groups, services, time, and is anybody there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::cast::{
    CLOUDFLARE_DNS, CLOUDFLARE_TIME, DESK, GOOGLE_DNS, GOOGLE_TIME, GUEST, Host, LAPTOP, PHONE, PRINTER,
    ROUTER, STORE, Service, TELEVISION, THERMOSTAT, ZOOM,
};
use super::resolve::{Question, resolve};
use super::stage::{DISTINCT_ROUNDS, Stage};
use super::{MILLISECOND, ROUND};
use crate::dialogue::Dialogue;
use crate::frame::ArpOperation;
use crate::path::{Endpoint, Path, Tags, Way};
use crate::payload::dns::{Answer, Message, Record, RecordType};
use crate::payload::icmp::{self, Echo};
use crate::payload::{dhcp, igmp, ntp, ssdp, stun};
use crate::rng::Rng;
use crate::tap::Label;
use crate::truth::Note;

pub(super) const CLASS: &str = "chatter";
pub(super) const DHCP: Label = Label::plain(CLASS, "DHCP");
pub(super) const MDNS: Label = Label::plain(CLASS, "mDNS");
const SSDP: Label = Label::plain(CLASS, "SSDP");
/// The service that printers offer.
const PRINTERS: &str = "_ipp._tcp.local";
pub(super) const MDNS_V4: IpAddr = IpAddr::V4(Ipv4Addr::new(224, 0, 0, 251));
pub(super) const MDNS_V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0xfb));
const SSDP_GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 255, 250);
const ALL_HOSTS: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 1);
const REPORTS: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 22);
/// A channel of television over the network.
const CHANNEL: Ipv4Addr = Ipv4Addr::new(239, 35, 20, 4);
const ALL_NODES: IpAddr = IpAddr::V6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1));
const REPORTS_V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x16));

/// Sets the scenes.
pub(super) fn stage(stage: &mut Stage) {
    arp(stage);
    neighbours(stage);
    groups(stage);
    services(stage);
    time(stage);
    pings(stage);
    guest(stage);
    mapping(stage);
}

/// Every few seconds somebody's memory of an address runs out.
fn arp(stage: &mut Stage) {
    let askers = [LAPTOP, DESK, STORE, TELEVISION, PHONE, PRINTER, THERMOSTAT];
    for (place, at) in (200..118_000).step_by(2700).enumerate() {
        let asker = askers.get(place % askers.len()).copied().unwrap_or(DESK);
        let (from, to) = (asker.v4(), ROUTER.v4());
        stage.cue(stage.at(at), move |at, _| {
            let talk = Dialogue::new().arp(at, CLASS, ArpOperation::Request, (from, to), Tags::None).arp(
                at + 2 * asker.near,
                CLASS,
                ArpOperation::Reply,
                (to, from),
                Tags::None,
            );
            Box::new(talk)
        });
    }
}

/// The same for IPv6, and the router tells about itself.
fn neighbours(stage: &mut Stage) {
    let router = ROUTER.at(ROUTER.link_local().into(), 0);
    for (place, at) in (350..117_000).step_by(9000).enumerate() {
        let host = [DESK, LAPTOP, PHONE].get(place % 3).copied().unwrap_or(DESK);
        let path = Path::new(host.at(host.link_local().into(), 0), router);
        stage.cue(stage.at(at), move |at, _| {
            let ask = icmp::neighbour_solicitation(ROUTER.link_local(), host.mac);
            let answer = icmp::neighbour_advertisement(ROUTER.link_local(), ROUTER.mac);
            let talk = Dialogue::new().icmp(at, CLASS, path, Way::Up, ask, None).icmp(
                at + 300_000,
                CLASS,
                path,
                Way::Down,
                answer,
                None,
            );
            Box::new(talk)
        });
    }
    for at in [600, 60_600] {
        let path = Path::new(router, Endpoint::new(ALL_NODES, 0));
        stage.cue(stage.at(at), move |at, _| {
            let prefix = Ipv6Addr::from_bits(DESK.v6().to_bits() >> 64 << 64);
            let message = icmp::router_advertisement(prefix, ROUTER.mac);
            Box::new(Dialogue::new().icmp(at, CLASS, path, Way::Up, message, None))
        });
    }
}

/// The router asks for groups, and who wants one says so; the television changes its channel.
fn groups(stage: &mut Stage) {
    let to =
        |host: Host, group: Ipv4Addr| Path::new(host.at(host.v4().into(), 0), Endpoint::new(group.into(), 0));
    for round in [450, 62_000] {
        let mut say = |after: u64, path: Path, message: Vec<u8>| {
            stage.cue(stage.at(round + after), move |at, _| {
                Box::new(Dialogue::new().igmp(at, CLASS, path, message))
            });
        };
        say(0, to(ROUTER, ALL_HOSTS), igmp::query_v3());
        say(320, to(TELEVISION, REPORTS), igmp::report_v3(&[CHANNEL, SSDP_GROUP]));
        say(900, to(LAPTOP, REPORTS), igmp::report_v3(&[Ipv4Addr::new(224, 0, 0, 251)]));
        say(1_700, to(PRINTER, SSDP_GROUP), igmp::report_v2(SSDP_GROUP));
        say(2_600, to(STORE, REPORTS), igmp::report_v3(&[Ipv4Addr::new(224, 0, 0, 251), SSDP_GROUP]));
    }
    for (at, host) in [(19_000, TELEVISION), (47_000, TELEVISION), (83_000, TELEVISION), (108_000, LAPTOP)] {
        stage.cue(stage.at(at), move |at, _| {
            let leave = igmp::leave_v2(CHANNEL);
            let talk = Dialogue::new().igmp(at, CLASS, to(host, Ipv4Addr::new(224, 0, 0, 2)), leave).igmp(
                at + 700 * MILLISECOND,
                CLASS,
                to(host, CHANNEL),
                igmp::report_v2(CHANNEL),
            );
            Box::new(talk)
        });
    }
    for (at, host) in [(800, LAPTOP), (63_000, DESK)] {
        let path = Path::new(host.at(host.link_local().into(), 0), Endpoint::new(REPORTS_V6, 0));
        stage.cue(stage.at(at), move |at, _| {
            let message = icmp::multicast_report(&[Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0xfb)]);
            Box::new(Dialogue::new().icmp(at, CLASS, path, Way::Up, message, None))
        });
    }
}

/// Services are announced and looked for: multicast is one conversation of each sender, as long as the round.
fn services(stage: &mut Stage) {
    const EVERY: u64 = 11_000;
    for (first, host, group) in [(300, LAPTOP, MDNS_V4), (1_100, PHONE, MDNS_V6)] {
        let from = match group {
            IpAddr::V4(_) => IpAddr::V4(host.v4()),
            IpAddr::V6(_) => IpAddr::V6(host.link_local()),
        };
        let path = Path::new(host.at(from, 5353), Endpoint::new(group, 5353));
        let message = Message::multicast_query(&[
            (PRINTERS, RecordType::PTR),
            ("_airplay._tcp.local", RecordType::PTR),
        ]);
        say_often(stage, (first, EVERY), MDNS, path, message.encode());
    }
    let printer = format!("Laser.{PRINTERS}");
    let there = Message::announcement(vec![
        Answer::new(PRINTERS, Record::Ptr(printer.clone())),
        Answer::new(&printer, Record::Srv(631, "printer.local".to_owned())),
        Answer::new(&printer, Record::Txt(vec!["txtvers=1".to_owned(), "ty=Laser".to_owned()])),
        Answer::new("printer.local", Record::A(PRINTER.v4())),
    ]);
    let path = Path::new(PRINTER.at(PRINTER.v4().into(), 5353), Endpoint::new(MDNS_V4, 5353));
    say_often(stage, (390, EVERY), MDNS, path, there.encode());
    let group = Endpoint::new(SSDP_GROUP.into(), 1900);
    let (asks, tells) = (stage.port(TELEVISION), stage.port(ROUTER));
    let ask = Path::new(TELEVISION.at(TELEVISION.v4().into(), asks), group);
    say_often(stage, (700, 36_000), SSDP, ask, ssdp::search("urn:dial-multiscreen-org:service:dial:1"));
    let tell = Path::new(ROUTER.at(ROUTER.v4().into(), tells), group);
    let gateway = ssdp::notify("http://192.168.1.1:49000/igd.xml", "upnp:rootdevice");
    say_often(stage, (1_200, 28_000), SSDP, tell, gateway);
}

/// Sends the same datagram at a moment of the round and again every so many milliseconds.
fn say_often(stage: &mut Stage, (first, every): (u64, u64), label: Label, path: Path, message: Vec<u8>) {
    let step = usize::try_from(every).unwrap_or(1);
    let times: Vec<u64> = (first..ROUND / MILLISECOND).step_by(step).map(|at| stage.at(at)).collect();
    stage.cue(stage.at(first), move |_, _| {
        let note = (label == MDNS).then_some(Note::Mdns);
        let talk = times.iter().fold(Dialogue::new().shared(), |talk, at| {
            talk.udp(*at, label, path, Way::Up, message.clone(), note.clone())
        });
        Box::new(talk)
    });
}

/// Clocks are set.
fn time(stage: &mut Stage) {
    const NTP: Label = Label::plain(CLASS, "NTP");
    let sources: [(Host, Service, bool); 3] =
        [(DESK, CLOUDFLARE_TIME, true), (STORE, GOOGLE_TIME, false), (LAPTOP, CLOUDFLARE_TIME, false)];
    for (place, at) in (150..117_000).step_by(7300).enumerate() {
        let Some((host, service, wants_v6)) = sources.get(place % sources.len()) else { continue };
        if place < sources.len() {
            resolve(stage, at, *host, ROUTER, Question::of_family(service, *wants_v6));
        }
        let path = stage.path(*host, service, 123, *wants_v6);
        let far = 2 * service.far;
        stage.cue(stage.at(at + 30), move |at, _| {
            let talk = Dialogue::new().udp(at, NTP, path, Way::Up, ntp::request(at), Note::Ntp).udp(
                at + far,
                NTP,
                path,
                Way::Down,
                ntp::response(at, at + far / 2),
                Note::Ntp,
            );
            Box::new(talk)
        });
    }
}

/// Two machines watch the line, one over each version of IP; one answer in fifty does not come.
fn pings(stage: &mut Stage) {
    for (host, service, wants_v6, every) in [
        (LAPTOP, CLOUDFLARE_DNS, false, 1000),
        (DESK, CLOUDFLARE_DNS, true, 2000),
        (STORE, GOOGLE_DNS, false, 5000),
    ] {
        let ip = service.address(wants_v6);
        let path = Path::new(host.towards(ip, 0), Endpoint::new(ip, 0).behind(ROUTER.mac));
        let identifier = stage.rng().half_word();
        for (sequence, at) in (1..).zip((100..119_900).step_by(every)) {
            stage.cue(stage.at(at), move |at, rng| {
                Box::new(ping(path, at, &service, (identifier, sequence), rng))
            });
        }
    }
}

fn ping(
    path: Path,
    at: u64,
    service: &Service,
    (identifier, sequence): (u16, u16),
    rng: &mut Rng,
) -> Dialogue {
    let echo = if path.client.ip.is_ipv4() { icmp::echo_v4 } else { icmp::echo_v6 };
    let asked = echo(Echo::Request, identifier, sequence);
    let talk = Dialogue::new().icmp(at, CLASS, path, Way::Up, asked, Note::EchoRequest);
    if rng.chance(20_000) {
        return talk;
    }
    let answered = at + 2 * service.far + rng.below(2 * MILLISECOND);
    talk.icmp(answered, CLASS, path, Way::Down, echo(Echo::Reply, identifier, sequence), Note::EchoReply)
}

/// A guest comes and gets an address.
fn guest(stage: &mut Stage) {
    let guest = visitor(stage);
    let transaction = stage.rng().word();
    stage.cue(stage.at(1_000), move |at, _| {
        let lease = dhcp::Lease {
            transaction,
            mac: guest.mac,
            host_name: "guest",
            address: guest.v4(),
            server: ROUTER.v4(),
            is_renewal: false,
        };
        let everybody = Path::new(
            guest.at(Ipv4Addr::UNSPECIFIED.into(), 68),
            Endpoint::new(Ipv4Addr::BROADCAST.into(), 67),
        );
        let given = Path::new(ROUTER.at(ROUTER.v4().into(), 67), guest.at(guest.v4().into(), 68));
        let mut talk = Dialogue::new().shared();
        for (after, path, kind) in [
            (0, everybody, dhcp::Kind::Discover),
            (30, given, dhcp::Kind::Offer),
            (60, everybody, dhcp::Kind::Request),
            (75, given, dhcp::Kind::Ack),
        ] {
            talk = talk.udp(at + after * MILLISECOND, DHCP, path, Way::Up, lease.message(kind), Note::Dhcp);
        }
        Box::new(talk)
    });
}

/// Returns the guest of this round; each has an address of its own, 62 to 253, for as long as ports differ. The first
/// is number 100.
pub(super) fn visitor(stage: &Stage) -> Host {
    let place = stage.round().wrapping_add(38) % DISTINCT_ROUNDS;
    GUEST.numbered(62 + u8::try_from(place).unwrap_or(0))
}

/// A telephone asks how it is seen from outside.
fn mapping(stage: &mut Stage) {
    const STUN: Label = Label::plain("call", "STUN");
    for at in [250, 97_500] {
        let path = stage.path(DESK, &ZOOM, 3478, false);
        stage.cue(stage.at(at), move |at, rng| {
            let transaction = rng.bytes();
            let seen = std::net::SocketAddrV4::new(DESK.v4(), path.client.port);
            let talk =
                Dialogue::new().udp(at, STUN, path, Way::Up, stun::binding_request(transaction), None).udp(
                    at + 2 * ZOOM.far,
                    STUN,
                    path,
                    Way::Down,
                    stun::binding_response(transaction, seen),
                    None,
                );
            Box::new(talk)
        });
    }
}
