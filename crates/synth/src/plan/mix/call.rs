//! Calls: set up by SIP, heard and seen over RTP.

use super::Mix;
use super::world::Peers;
use crate::dialogue::Dialogue;
use crate::media::{Media, Quality, Voice};
use crate::path::{Path, Way};
use crate::payload::rtp::Codec;
use crate::payload::sip::{Call, Method, Party, Status};
use crate::rng::Rng;
use crate::tap::Label;
use crate::truth::Note;

const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MILLISECOND;

/// Ports of media: each call has four of each side, which nobody else uses.
const CALLER_PORTS: u64 = 10_000;
const CALLEE_PORTS: u64 = 20_000;
const PORTS_PER_CALL: u64 = 4;
const CALLS: u64 = 2_400;

const SIGNALLING: Label = Label::plain("call signalling", "SIP");

/// Somebody calls somebody; one in ten lines is busy.
pub(super) fn call(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let codec = match rng.below(4) {
        0 | 1 => Codec::Pcmu,
        2 => Codec::Pcma,
        _ => Codec::Opus,
    };
    set_up(mix, at, &[codec], rng);
}

/// Somebody calls somebody, and they look at each other.
pub(super) fn video_call(mix: &mut Mix, at: u64, rng: &mut Rng) {
    set_up(mix, at, &[Codec::Opus, Codec::H264], rng);
}

fn set_up(mix: &mut Mix, at: u64, codecs: &[Codec], rng: &mut Rng) {
    let peers = mix.world.peers(5060, rng);
    let number = mix.call_number();
    let ports = |first: u64| -> Vec<u16> {
        let first = first + number % CALLS * PORTS_PER_CALL;
        let of = |codec: u64| u16::try_from(first + 2 * codec).unwrap_or_default();
        (0_u64..).zip(codecs).map(|(place, _)| of(place)).collect()
    };
    let (caller_ports, callee_ports) = (ports(CALLER_PORTS), ports(CALLEE_PORTS));
    let Path { client, server, .. } = peers.path;
    let party = |user: &str, end: crate::Endpoint, media_ports: &[u16]| Party {
        user: user.to_owned(),
        domain: "office.example".to_owned(),
        address: end.ip,
        port: end.port,
        media_ports: media_ports.to_vec(),
    };
    let call = Call {
        caller: party("alice", client, &caller_ports),
        callee: party("bob", server, &callee_ports),
        codecs: codecs.to_vec(),
        has_digits: false,
        id: rng.bits(),
    };
    if mix.arrived > 100 && rng.chance(100_000) {
        mix.add(busy(&call, &peers, at).arrival());
        return;
    }
    let lasting = rng.between(15 * SECOND, 60 * SECOND).min(mix.largest * 2_000);
    let picked_up = at + rng.between(2 * SECOND, 4 * SECOND);
    mix.add(answered(&call, &peers, at, picked_up, lasting).arrival());
    let began = picked_up + 2 * (peers.near + peers.far) + 20 * MILLISECOND;
    let ends = codecs.iter().zip(caller_ports).zip(callee_ports);
    for ((codec, caller), callee) in ends {
        let path = peers.path.at_ports(caller, callee);
        let class = if codec.is_audio() { "call" } else { "video call" };
        let label = Label::plain(class, "RTP");
        let quality = line_quality(rng);
        let span = (began, began + lasting);
        let voices = [Way::Up, Way::Down].map(|way| Voice::new(way, *codec, span, quality, rng));
        let chance = mix.chance();
        mix.add(Media::new(label, path, true, voices.into(), chance).arrival());
    }
}

/// Most lines are good, some are bad.
fn line_quality(rng: &mut Rng) -> Quality {
    let good = Quality {
        lost: 1_500,
        lost_next: 300_000,
        late: 1_000,
        twice: 1_000,
        jitter: rng.between(100_000, 4 * MILLISECOND),
    };
    if rng.chance(200_000) {
        Quality { lost: 20_000, lost_next: 500_000, late: 5_000, jitter: 15 * MILLISECOND, ..good }
    } else {
        good
    }
}

/// The messages of a call that is taken.
fn answered(call: &Call, peers: &Peers, at: u64, picked_up: u64, lasting: u64) -> Dialogue {
    let (up, down) = (2 * peers.far, 2 * peers.near);
    let hung_up = picked_up + lasting + SECOND;
    let says = Speaker { call, path: peers.path };
    let dialogue = says.asks(Dialogue::new(), at, Method::Invite, "INVITE");
    let dialogue = says.answers(dialogue, at + up + MILLISECOND, (Status::Trying, 100), Method::Invite);
    let dialogue = says.answers(dialogue, at + up + 90 * MILLISECOND, (Status::Ringing, 180), Method::Invite);
    let dialogue = says.answers(dialogue, picked_up, (Status::Ok, 200), Method::Invite);
    let dialogue = says.asks(dialogue, picked_up + down + MILLISECOND, Method::Ack, "ACK");
    let dialogue = says.asks(dialogue, hung_up, Method::Bye, "BYE");
    says.answers(dialogue, hung_up + up + 2 * MILLISECOND, (Status::Ok, 200), Method::Bye)
}

/// The messages of a call to somebody who talks to somebody else.
fn busy(call: &Call, peers: &Peers, at: u64) -> Dialogue {
    let says = Speaker { call, path: peers.path };
    let answered = at + 2 * peers.far + 5 * MILLISECOND;
    let dialogue = says.asks(Dialogue::new(), at, Method::Invite, "INVITE");
    let dialogue = says.answers(dialogue, answered, (Status::BusyHere, 486), Method::Invite);
    says.asks(dialogue, answered + 2 * peers.near + MILLISECOND, Method::Ack, "ACK")
}

struct Speaker<'a> {
    call: &'a Call,
    path: Path,
}

impl Speaker<'_> {
    fn asks(&self, dialogue: Dialogue, at: u64, method: Method, name: &'static str) -> Dialogue {
        dialogue.udp(at, SIGNALLING, self.path, Way::Up, self.call.request(method), Note::SipRequest(name))
    }

    fn answers(
        &self,
        dialogue: Dialogue,
        at: u64,
        (status, number): (Status, u16),
        method: Method,
    ) -> Dialogue {
        let payload = self.call.response(status, method);
        dialogue.udp(at, SIGNALLING, self.path, Way::Down, payload, Note::SipAnswer(number))
    }
}
