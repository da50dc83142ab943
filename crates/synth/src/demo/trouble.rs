//! What goes wrong: a download over a bad line, a machine that tries every door, a service in clear text.

use super::MILLISECOND;
use super::cast::{DESK, KERNEL, LAPTOP, MAIL, REDDIT, ROUTER, STORE};
use super::chatter::visitor;
use super::resolve::{Question, resolve};
use super::stage::Stage;
use super::web::{Fetch, Visit, cue};
use crate::dialogue::Dialogue;
use crate::frame::ip;
use crate::path::{Path, Tags, Way};
use crate::payload::tls::Client;
use crate::payload::{icmp, mail};
use crate::tap::Label;
use crate::tcp::{Chances, Fate, Fault, Open, Piece, Setup, Stack, Stall, Tcp, Turn};
use crate::truth::Note;

/// What is downloaded, in bytes, and how fast it may come: 5 Mbit/s.
const IMAGE: u64 = 14_000_000;
const IMAGE_PACE: u64 = 2_300_000;
/// One segment in a hundred is lost before the tap, and one behind it.
const LINE: Chances =
    Chances { spared: 8, lost_before: 10_000, lost_behind: 10_000, late: 3_000, sent_again: 1_000 };

/// Sets the scenes.
pub(super) fn stage(stage: &mut Stage) {
    download(stage);
    slow_answers(stage);
    scan(stage);
    clear_mail(stage);
}

fn download(stage: &mut Stage) {
    let found = resolve(stage, 45_000, DESK, ROUTER, Question::of_family(&KERNEL, false));
    let path = stage.path(DESK, &KERNEL, 443, false);
    let mut visit = Visit::new(DESK, &KERNEL, path, Label::encrypted("download", "TLS"));
    visit.client = Client::Curl;
    visit.fetches = vec![Fetch { think: 20 * MILLISECOND, len: IMAGE }];
    stage.cue(stage.at(found), move |_, rng| {
        let mut setup = visit.setup(rng);
        setup.server = Stack { pace: IMAGE_PACE, ..Stack::default() };
        setup.client = Stack { buffer: 512 * 1024, ..Stack::default() };
        setup.server_chances = LINE;
        // The disk is busy for a while, so that the window closes.
        setup.stalls = vec![Stall { way: Way::Down, after: IMAGE * 2 / 3, lasting: 1_600 * MILLISECOND }];
        Box::new(Tcp::new(setup, rng.clone()))
    });
}

/// The last segment of a flight is lost, behind which nothing comes that could tell: only a time-out helps.
fn slow_answers(stage: &mut Stage) {
    for (at, fate) in [(48_000, Fate::LostBehind), (56_000, Fate::LostBefore), (66_000, Fate::LostBehind)] {
        let found = resolve(stage, at, LAPTOP, ROUTER, Question::address(&REDDIT));
        let path = stage.path(LAPTOP, &REDDIT, 443, false);
        let mut visit = Visit::new(LAPTOP, &REDDIT, path, Label::encrypted("browsing", "TLS"));
        visit.fetches = vec![Fetch { think: 10 * MILLISECOND, len: 900 }; 4];
        // The server's flight of about 3,100 bytes takes three segments, 0 to 2; 3 is the first answer.
        cue(stage, stage.at(found), visit, vec![Fault { way: Way::Down, segment: 4, fate }]);
    }
}

/// How many doors are tried, and how often.
const DOORS: u64 = 420;
const DOOR_EVERY: u64 = 35;
const OPEN: [u16; 5] = [22, 80, 443, 445, 548];

/// The guest looks for open ports on the store at home.
fn scan(stage: &mut Stage) {
    const SCAN: Label = Label::plain("scan", "TCP");
    let guest = visitor(stage);
    let source = 40_000 + u16::try_from(stage.rng().below(20_000)).unwrap_or(0);
    for place in 0..DOORS {
        // The known ones first, then one by one.
        let known = usize::try_from(place).ok().and_then(|place| OPEN.get(place)).copied();
        let port = known.unwrap_or_else(|| 1000 + u16::try_from(place).unwrap_or(0) * 7);
        let path = Path::new(guest.at(guest.v4().into(), source), STORE.at(STORE.v4().into(), port));
        let is_filtered = place % 9 == 8;
        let at = 70_000 + place * DOOR_EVERY + stage.rng().below(DOOR_EVERY);
        stage.cue(stage.at(at), move |_, rng| {
            let mut setup = Setup { near: guest.near, far: STORE.near, ..Setup::new(path, SCAN) };
            setup.client = Stack { timestamps: false, ..Stack::default() };
            if known.is_some() {
                setup = setup.turn(Turn::Reset { way: Way::Up, think: 200_000 });
            } else {
                setup.open = if is_filtered { Open::Unanswered(2) } else { Open::Refused };
            }
            Box::new(Tcp::new(setup, rng.clone()))
        });
    }
    probe_udp(stage);
}

/// A few ports of UDP too, which are answered by an error about the question.
fn probe_udp(stage: &mut Stage) {
    const PROBE: Label = Label::plain("scan", "UDP");
    let guest = visitor(stage);
    let source = 30_000 + u16::try_from(stage.rng().below(9_000)).unwrap_or(0);
    for (place, port) in (0..).zip([69, 111, 161, 500, 1434, 5060]) {
        let path = Path::new(guest.at(guest.v4().into(), source), STORE.at(STORE.v4().into(), port));
        stage.cue(stage.at(84_000 + place * 150), move |at, _| {
            let payload = vec![0; 12];
            // The error quotes the packet without its Ethernet header of 14 bytes.
            let mut packet = Vec::new();
            let header = ip::Header { protocol: ip::protocol::UDP, ..ip::Header::default() };
            ip::header(&mut packet, path.client, path.server, Tags::None, header, 8 + payload.len());
            ip::udp(&mut packet, path.client, path.server, &payload);
            let error = icmp::unreachable_v4(3, packet.get(14..).unwrap_or_default());
            let talk = Dialogue::new().udp(at, PROBE, path, Way::Up, payload, None).icmp(
                at + 2 * STORE.near,
                "scan",
                path,
                Way::Down,
                error,
                Note::IcmpError,
            );
            Box::new(talk)
        });
    }
}

/// A program asks for mail in clear text and leaves before it would have to say a password.
fn clear_mail(stage: &mut Stage) {
    const POP: Label = Label::plain("mail", "TCP");
    for at in [2_600, 92_000] {
        let found = resolve(stage, at, DESK, ROUTER, Question::address(&MAIL));
        let path = stage.path(DESK, &MAIL, 110, false);
        stage.cue(stage.at(found), move |_, rng| {
            let mut setup = Setup { near: DESK.near, far: MAIL.far, ..Setup::new(path, POP) };
            for (speaker, line) in mail::pop3(MAIL.name) {
                let way = if speaker == mail::Speaker::Client { Way::Up } else { Way::Down };
                setup = setup.say(way, 4 * MILLISECOND, vec![Piece::bytes(line)]);
            }
            Box::new(Tcp::new(setup.close(Way::Down), rng.clone()))
        });
    }
}
