//! Names that are looked up, with every outcome there is.

use std::net::{IpAddr, Ipv4Addr};

use super::world::{Peers, server_address};
use super::{Mix, names};
use crate::dialogue::Dialogue;
use crate::path::{Path, Way};
use crate::payload::dns::{Answer, Message, Rcode, Record, RecordType, reverse_name};
use crate::rng::Rng;
use crate::tap::Label;
use crate::truth::Note;

const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MILLISECOND;

const NAMES: Label = Label::plain("names", "DNS");

/// How long a question waits before it counts as unanswered (METRICS.md, DNS).
const DNS_PATIENCE: u64 = 5 * SECOND;

/// Looks up a server's name before it is visited, unless it is remembered; returns when the visit may begin.
pub(super) fn looked_up(mix: &mut Mix, at: u64, peers: &Peers, rng: &mut Rng) -> u64 {
    if rng.chance(600_000) {
        return at;
    }
    let is_ipv6 = peers.path.server.ip.is_ipv6();
    let path = mix.world.path_to_resolver(peers.number, is_ipv6, 53);
    let (kind, record) = match peers.path.server.ip {
        IpAddr::V4(address) => (RecordType::A, Record::A(address)),
        IpAddr::V6(address) => (RecordType::AAAA, Record::Aaaa(address)),
    };
    let query = Message::query(rng.half_word(), &peers.name, kind);
    let answer = query.answer(Rcode::NO_ERROR, vec![Answer::new(&peers.name, record)]);
    let answered = at + answer_time(rng);
    let dialogue = asked(at, path, &query).udp(
        answered,
        NAMES,
        path,
        Way::Down,
        answer.encode(),
        Note::DnsAnswer(Rcode::NO_ERROR.0),
    );
    mix.add(dialogue.arrival());
    answered + peers.near + MILLISECOND
}

fn asked(at: u64, path: Path, query: &Message) -> Dialogue {
    Dialogue::new().udp(at, NAMES, path, Way::Up, query.encode(), Note::DnsQuery)
}

fn answer_time(rng: &mut Rng) -> u64 {
    if rng.chance(700_000) {
        rng.between(200_000, 1_500_000)
    } else {
        rng.between(5 * MILLISECOND, 80 * MILLISECOND)
    }
}

/// Looks up something, with every outcome there is.
pub(super) fn lookup(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let client = mix.world.client(rng);
    let is_ipv6 = rng.chance(250_000);
    let path = mix.world.path_to_resolver(client, is_ipv6, 53);
    let number = rng.magnitude(1, 4_000);
    let name = names::server(number);
    let id = rng.half_word();
    let outcome = rng.below(1_000);
    let (query, answer, rcode) = match outcome {
        0..30 => {
            let query = Message::query(id, &format!("nobody{}.{name}", rng.below(10_000)), RecordType::A);
            let answer = query.no_such_name(&name);
            (query, answer, Rcode::NX_DOMAIN)
        }
        30..40 => {
            let query = Message::query(id, &name, RecordType::A);
            let answer = query.answer(Rcode::SERVER_FAILURE, Vec::new());
            (query, answer, Rcode::SERVER_FAILURE)
        }
        _ => {
            let (query, answers) = question(id, number, &name, rng);
            let answer = query.answer(Rcode::NO_ERROR, answers);
            (query, answer, Rcode::NO_ERROR)
        }
    };
    let dialogue = asked(at, path, &query);
    let dialogue = if (40..55).contains(&outcome) {
        // Asked again from the same port under another number, and in vain too.
        let again = Message::query(id.wrapping_add(1), &name, RecordType::A);
        let later = at + DNS_PATIENCE;
        dialogue
            .silence(later, Note::DnsTimeout)
            .udp(later + 1_000, NAMES, path, Way::Up, again.encode(), Note::DnsQuery)
            .silence(later + 1_000 + DNS_PATIENCE, Note::DnsTimeout)
    } else {
        dialogue.udp(at + answer_time(rng), NAMES, path, Way::Down, answer.encode(), Note::DnsAnswer(rcode.0))
    };
    mix.add(dialogue.arrival());
}

/// A question that has an answer.
fn question(id: u16, number: u64, name: &str, rng: &mut Rng) -> (Message, Vec<Answer>) {
    let address = |is_ipv6: bool| match server_address(number, is_ipv6) {
        IpAddr::V4(address) => Record::A(address),
        IpAddr::V6(address) => Record::Aaaa(address),
    };
    let is_ipv6 = rng.chance(350_000);
    let kind = if is_ipv6 { RecordType::AAAA } else { RecordType::A };
    match rng.below(10) {
        0 => {
            let host = Ipv4Addr::new(198, 18, 7, u8::try_from(rng.below(250)).unwrap_or(1));
            let back = reverse_name(host);
            let answer = Answer::new(&back, Record::Ptr(name.to_owned()));
            (Message::query(id, &back, RecordType::PTR), vec![answer])
        }
        1..4 => {
            let edge = format!("{name}.edge.example");
            let alias = Answer::new(name, Record::Cname(edge.clone()));
            (Message::query(id, name, kind), vec![alias, Answer::new(&edge, address(is_ipv6))])
        }
        _ => (Message::query(id, name, kind), vec![Answer::new(name, address(is_ipv6))]),
    }
}
