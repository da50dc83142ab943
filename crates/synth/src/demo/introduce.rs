//! What the machines call themselves, each as its kind does: by multicast DNS, DHCP or LLMNR. The camera says nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::MILLISECOND;
use super::cast::{DESK, Host, LAPTOP, PHONE, ROUTER, STORE, TELEVISION, THERMOSTAT};
use super::chatter::{CLASS, DHCP, MDNS, MDNS_V4, MDNS_V6};
use super::stage::Stage;
use crate::dialogue::Dialogue;
use crate::path::{Endpoint, Path, Way};
use crate::payload::dhcp;
use crate::payload::dns::{Answer, Message, Record, RecordType};
use crate::tap::Label;
use crate::truth::Note;

const LLMNR: Label = Label::plain(CLASS, "LLMNR");
const LLMNR_PORT: u16 = 5355;
const LLMNR_V4: IpAddr = IpAddr::V4(Ipv4Addr::new(224, 0, 0, 252));
const LLMNR_V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 1, 3));
/// How long an address of multicast DNS may be kept (RFC 6762 section 10), and one of LLMNR (RFC 4795 section 2.8), in
/// seconds.
const MDNS_TTL_S: u32 = 120;
const LLMNR_TTL_S: u32 = 30;

const DESK_NAME: &str = "reception-pc";
const LAPTOP_NAME: &str = "field-laptop";

/// Sets the scenes.
pub(super) fn stage(stage: &mut Stage) {
    for (at, host, name, group) in [
        (150, STORE, "files.local", MDNS_V4),
        (151, STORE, "files.local", MDNS_V6),
        (240, TELEVISION, "meeting-room-tv.local", MDNS_V4),
        (330, PHONE, "work-phone.local", MDNS_V6),
    ] {
        announce(stage, at, host, name, group);
    }
    for (at, host, name) in [(60, LAPTOP, LAPTOP_NAME), (420, THERMOSTAT, "thermostat")] {
        keep_address(stage, at, host, name);
    }
    for (at, asker, host, name, group) in [
        (520, LAPTOP, DESK, DESK_NAME, LLMNR_V4),
        (521, LAPTOP, DESK, DESK_NAME, LLMNR_V6),
        (910, DESK, LAPTOP, LAPTOP_NAME, LLMNR_V6),
    ] {
        find(stage, at, (asker, host), name, group);
    }
}

/// A machine says twice, a second apart, which addresses its name has (RFC 6762 section 8.3).
fn announce(stage: &mut Stage, at: u64, host: Host, name: &'static str, group: IpAddr) {
    const AGAIN: u64 = 1_000 * MILLISECOND;
    let path = Path::new(beside(host, group, 5353), Endpoint::new(group, 5353));
    stage.cue(stage.at(at), move |at, _| {
        let mut answers = vec![Answer::new(name, Record::A(host.v4()))];
        answers.extend([host.v6(), host.link_local()].map(|it| Answer::new(name, Record::Aaaa(it))));
        let message = Message::announcement(kept_for(MDNS_TTL_S, answers)).encode();
        let talk = Dialogue::new().shared().udp(at, MDNS, path, Way::Up, message.clone(), Note::Mdns).udp(
            at + AGAIN,
            MDNS,
            path,
            Way::Up,
            message,
            Note::Mdns,
        );
        Box::new(talk)
    });
}

/// A machine that was away asks to keep its address, and says its name.
fn keep_address(stage: &mut Stage, at: u64, host: Host, host_name: &'static str) {
    let broadcast = IpAddr::V4(Ipv4Addr::BROADCAST);
    let asks = Path::new(host.at(Ipv4Addr::UNSPECIFIED.into(), 68), Endpoint::new(broadcast, 67));
    let tells = Path::new(ROUTER.at(ROUTER.v4().into(), 67), Endpoint::new(broadcast, 68));
    stage.cue(stage.at(at), move |at, rng| {
        let lease = dhcp::Lease {
            transaction: rng.word(),
            mac: host.mac,
            host_name,
            address: host.v4(),
            server: ROUTER.v4(),
            is_renewal: false,
        };
        let answered = at + 15 * MILLISECOND;
        let talk = Dialogue::new()
            .shared()
            .udp(at, DHCP, asks, Way::Up, lease.message(dhcp::Kind::Reboot), Note::Dhcp)
            .udp(answered, DHCP, tells, Way::Up, lease.message(dhcp::Kind::Ack), Note::Dhcp);
        Box::new(talk)
    });
}

/// A machine looks for a neighbour by its name, which answers with its addresses of the same family.
fn find(stage: &mut Stage, at: u64, (asker, host): (Host, Host), name: &'static str, group: IpAddr) {
    let asks = beside(asker, group, stage.port(asker));
    let question = Path::new(asks, Endpoint::new(group, LLMNR_PORT));
    let answer = Path::new(beside(host, group, LLMNR_PORT), asks);
    stage.cue(stage.at(at), move |at, rng| {
        let (kind, records) = match group {
            IpAddr::V4(_) => (RecordType::A, vec![Record::A(host.v4())]),
            IpAddr::V6(_) => (RecordType::AAAA, [host.v6(), host.link_local()].map(Record::Aaaa).to_vec()),
        };
        let answers = records.into_iter().map(|record| Answer::new(name, record)).collect();
        let query = Message::neighbour_query(rng.half_word(), name, kind);
        let found = query.neighbour_answer(kept_for(LLMNR_TTL_S, answers)).encode();
        let answered = at + 2 * (asker.near + host.near);
        let talk = Dialogue::new().udp(at, LLMNR, question, Way::Up, query.encode(), None).udp(
            answered,
            LLMNR,
            answer,
            Way::Up,
            found,
            None,
        );
        Box::new(talk)
    });
}

/// Returns a port of a machine's address on the link, of the family of a group.
fn beside(host: Host, group: IpAddr, port: u16) -> Endpoint {
    let ip = match group {
        IpAddr::V4(_) => host.v4().into(),
        IpAddr::V6(_) => host.link_local().into(),
    };
    host.at(ip, port)
}

fn kept_for(ttl_s: u32, answers: Vec<Answer>) -> Vec<Answer> {
    answers.into_iter().map(|answer| Answer { ttl_s, ..answer }).collect()
}
