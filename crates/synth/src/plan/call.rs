//! Calls of forty seconds, each with one thing that can befall RTP, packet by packet.

mod cases;

use crate::dialogue::Dialogue;
use crate::packets::Arrival;
use crate::path::{Endpoint, Path, Way};
use crate::payload::rtp::Codec;
use crate::payload::sip::{self, Method, Party, Status};
use crate::rng::Rng;
use crate::script::{Play, Script, Start};
use crate::tap::Label;
use crate::truth::Note;

const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MILLISECOND;

/// How many packets a way of a call has: 40 s.
const PACKETS: u32 = 2_000;

/// When sound begins, in nanoseconds from the base: exactly a second, so that seconds and ticks fall on packets.
const ANSWERED: u64 = SECOND;

/// How far the answering side's packets lie behind the caller's, in nanoseconds.
const BETWEEN: u64 = 7 * MILLISECOND;

const SIP: Label = Label::plain("call", "SIP");
const RTP: Label = Label::plain("call", "RTP");
const SIP_PORT: u16 = 5060;

/// The stream of who calls, and that of who is called.
const UP: Start = Start { ssrc: 0x5eed_0001, sequence: 1_000, timestamp: 160_000 };
const DOWN: Start = Start { ssrc: 0x5eed_0002, sequence: 30_000, timestamp: 4_000_000 };

/// A call and what befalls it.
#[derive(Clone, Debug)]
pub struct Case {
    /// What befalls it, in a few words.
    pub name: &'static str,
    /// Whether SIP sets it up, with its media in SDP.
    pub is_signalled: bool,
    /// What carries sound.
    pub codec: Codec,
    is_ipv6: bool,
    has_digits: bool,
    scripts: Vec<(Way, Script)>,
    /// The same source behind a border, with packets of its own.
    beyond: Option<Script>,
}

/// Returns every case; each has addresses of its own, so that they fit into one capture.
pub fn all() -> Vec<Case> {
    cases::all()
}

/// Returns the case of that name.
pub fn named(name: &str) -> Option<Case> {
    all().into_iter().find(|case| case.name == name)
}

impl Case {
    /// Begins with both ways, signalled, and nothing that befalls them.
    fn new(name: &'static str, codec: Codec) -> Self {
        let ways = [(Way::Up, UP), (Way::Down, DOWN)];
        Self {
            name,
            is_signalled: true,
            codec,
            is_ipv6: false,
            has_digits: false,
            scripts: ways.map(|(way, start)| (way, Script::new(codec, PACKETS, start))).into(),
            beyond: None,
        }
    }

    /// Changes the scripts of both ways.
    fn ways(self, change: impl Fn(Way, Script) -> Script) -> Self {
        let scripts = self.scripts.into_iter().map(|(way, script)| (way, change(way, script))).collect();
        Self { scripts, ..self }
    }

    /// Leaves signalling out.
    fn unsignalled(self) -> Self {
        Self { is_signalled: false, ..self }
    }

    /// Returns its conversations, for a plan that begins at `base`, in nanoseconds since the Unix epoch.
    pub fn arrivals(&self, base: u64, seed: u64) -> Vec<Arrival> {
        let path = self.path(0);
        let rng = |stream| Rng::new(seed, stream);
        let media = |path, scripts: &[(Way, Script)], stream| {
            Play::new(RTP, path, self.is_signalled, base + ANSWERED, scripts, rng(stream)).arrival()
        };
        let mut scripts = self.scripts.clone();
        for (_, script) in scripts.iter_mut().filter(|(way, _)| *way == Way::Down) {
            *script = script.clone().delay(|_| BETWEEN);
        }
        let mut arrivals = vec![media(path, &scripts, 1)];
        arrivals
            .extend(self.beyond.iter().map(|script| media(self.path(1), &[(Way::Up, script.clone())], 2)));
        if self.is_signalled {
            let ends = scripts.iter().map(|(_, script)| script.lasts()).max().unwrap_or_default();
            arrivals.push(self.signal(path, base, base + ANSWERED + ends + SECOND).arrival());
        }
        arrivals.sort_by_key(|(at, _)| *at);
        arrivals
    }

    /// The path of its sound, or that beyond a border.
    fn path(&self, leg: u8) -> Path {
        let ends: [std::net::IpAddr; 2] = if self.is_ipv6 {
            [[0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x20].into(), [0x2001, 0xdb8, 1, 0, 0, 0, 0, 0x40].into()]
        } else {
            [[192, 168, 1, 20 + leg].into(), [203, 0, 113, 40 + leg].into()]
        };
        let [client, server] = ends;
        Path::new(Endpoint::new(client, 16_384), Endpoint::new(server, 20_000))
    }

    /// Sets the call up within its first second, and ends it.
    fn signal(&self, media: Path, at: u64, ends: u64) -> Dialogue {
        let path = media.at_ports(SIP_PORT, SIP_PORT);
        let party = |user: &str, end: Endpoint, port| Party {
            user: user.to_owned(),
            domain: "example.org".to_owned(),
            address: end.ip,
            port: end.port,
            media_ports: vec![port],
        };
        let call = sip::Call {
            caller: party("alice", path.client, media.client.port),
            callee: party("bob", path.server, media.server.port),
            codecs: vec![self.codec],
            has_digits: self.has_digits,
            id: 0x5eed,
        };
        let after = |milliseconds| at + milliseconds * MILLISECOND;
        let answer = |dialogue: Dialogue, at, status, code| {
            dialogue.udp(
                at,
                SIP,
                path,
                Way::Down,
                call.response(status, Method::Invite),
                Note::SipAnswer(code),
            )
        };
        let request = |dialogue: Dialogue, at, method, name| {
            dialogue.udp(at, SIP, path, Way::Up, call.request(method), Note::SipRequest(name))
        };
        let dialogue = request(Dialogue::new(), at, Method::Invite, "INVITE");
        let dialogue = answer(dialogue, after(30), Status::Trying, 100);
        let dialogue = answer(dialogue, after(120), Status::Ringing, 180);
        let dialogue = answer(dialogue, after(900), Status::Ok, 200);
        let dialogue = request(dialogue, after(910), Method::Ack, "ACK");
        request(dialogue, ends, Method::Bye, "BYE").udp(
            ends + 30 * MILLISECOND,
            SIP,
            path,
            Way::Down,
            call.response(Status::Ok, Method::Bye),
            Note::SipAnswer(200),
        )
    }
}
