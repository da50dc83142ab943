//! The call: set up in the first second, sound and picture until the end of the round, and bad times between.

use super::MILLISECOND;
use super::cast::{DESK, PHONE, ROUTER, ZOOM};
use super::resolve::{Question, resolve};
use super::stage::Stage;
use crate::dialogue::Dialogue;
use crate::media::{Media, Quality, Voice};
use crate::path::{Endpoint, Path, Way};
use crate::payload::rtp::Codec;
use crate::payload::sip::{Call, Method, Party, Status};
use crate::rng::Rng;
use crate::tap::Label;
use crate::truth::Note;

const MEDIA: Label = Label::plain("call", "RTP");
const SIP: Label = Label::plain("call", "SIP");
const SIP_PORT: u16 = 5060;
/// When what happens, in milliseconds of the round.
const DIALLED: u64 = 120;
const TALK_FROM: u64 = 620;
const TALK_UNTIL: u64 = 119_700;
const BAD_FROM: u64 = 25_000;
const BAD_UNTIL: u64 = 60_000;
/// From a request to its answer at the tap.
const ANSWER: u64 = 2 * ZOOM.far / MILLISECOND + 3;

/// Sets the scenes.
pub(super) fn stage(stage: &mut Stage) {
    resolve(stage, 10, DESK, ROUTER, Question::address(&ZOOM));
    let (call, path, media) = dial(stage, "desk", Codec::Pcma);
    let ends = stage.at(TALK_UNTIL + 60);
    stage.cue(stage.at(DIALLED), move |at, _| Box::new(signal(&call, path, at, ends)));
    let (begin, end) = (stage.at(TALK_FROM), stage.at(TALK_UNTIL));
    let bad = bad_times(stage);
    for (path, codec) in media.into_iter().zip([Codec::Pcma, Codec::H264]) {
        let bad = bad.clone();
        stage.cue(begin, move |at, rng| {
            let voice = |way, begin, rng: &mut Rng| {
                Voice::new(way, codec, (begin, end), GOOD, rng).pictures(1_500, 2_900)
            };
            let up = voice(Way::Up, at, rng);
            let down = voice(Way::Down, at + 7 * MILLISECOND, rng);
            // What leaves us is well until the tap; what comes has the bad line behind it.
            let down = bad.into_iter().fold(down, |down, (at, quality)| down.then(at, quality));
            Box::new(Media::new(MEDIA, path, true, vec![up, down], rng.clone()))
        });
    }
    register(stage);
    find_busy(stage);
}

/// The line as it is when all is well.
const GOOD: Quality = Quality { lost: 0, lost_next: 0, late: 0, twice: 0, jitter: 700_000 };

/// Returns how the line gets worse, stays bad, and gets better again.
fn bad_times(stage: &Stage) -> Vec<(u64, Quality)> {
    // In tenths of the worst: 50 in a thousand lost, 15 overtaken, 60 ms of jitter.
    let quality = |tenths: u32| Quality {
        lost: 4_500 * tenths,
        lost_next: 12_000 * tenths,
        late: 1_500 * tenths,
        twice: 0,
        jitter: GOOD.jitter.max(6 * MILLISECOND * u64::from(tenths)),
    };
    let length = BAD_UNTIL - BAD_FROM;
    let course = [1, 2, 4, 7, 10, 10, 10, 10, 10, 7, 4, 2, 1, 0];
    let moments = (0..).map(|step| stage.at(BAD_FROM + step * length / 13));
    moments.zip(course).map(|(at, tenths)| (at, quality(tenths))).collect()
}

/// Returns a call to the bridge, the path of its signalling, and those of sound and picture.
fn dial(stage: &mut Stage, user: &str, codec: Codec) -> (Call, Path, [Path; 2]) {
    let path = stage.path(DESK, &ZOOM, SIP_PORT, false);
    // Media have even ports, and RTCP the odd ones behind them; all below those of other clients.
    let port = 10_000 + 8 * u16::try_from(stage.round() % 750).unwrap_or(0);
    let server = 20_000 + 4 * u16::try_from(stage.rng().below(5000)).unwrap_or(0);
    let media = [0, 2].map(|offset| path.at_ports(port + offset, server + offset));
    let party = |user: &str, end: Endpoint, ports: [u16; 2]| Party {
        user: user.to_owned(),
        domain: ZOOM.name.to_owned(),
        address: end.ip,
        port: end.port,
        media_ports: ports.to_vec(),
    };
    let call = Call {
        caller: party(user, path.client, media.map(|path| path.client.port)),
        callee: party("bridge", path.server, media.map(|path| path.server.port)),
        codecs: vec![codec, Codec::H264],
        has_digits: false,
        id: stage.rng().bits(),
    };
    (call, path, media)
}

/// The call's signalling: how it is set up, and how it `ends`.
fn signal(call: &Call, path: Path, at: u64, ends: u64) -> Dialogue {
    let invite = Method::Invite;
    let acknowledged = after(at, 4) + 4 * MILLISECOND;
    Dialogue::new()
        .udp(at, SIP, path, Way::Up, call.request(invite), Note::SipRequest("INVITE"))
        .udp(after(at, 1), SIP, path, Way::Down, call.response(Status::Trying, invite), Note::SipAnswer(100))
        .udp(after(at, 2), SIP, path, Way::Down, call.response(Status::Ringing, invite), Note::SipAnswer(180))
        .udp(after(at, 4), SIP, path, Way::Down, call.response(Status::Ok, invite), Note::SipAnswer(200))
        .udp(acknowledged, SIP, path, Way::Up, call.request(Method::Ack), Note::SipRequest("ACK"))
        .udp(ends, SIP, path, Way::Up, call.request(Method::Bye), Note::SipRequest("BYE"))
        .udp(
            after(ends, 1),
            SIP,
            path,
            Way::Down,
            call.response(Status::Ok, Method::Bye),
            Note::SipAnswer(200),
        )
}

/// A telephone tells where it is, and is asked who it is.
fn register(stage: &mut Stage) {
    let path = stage.path(PHONE, &ZOOM, SIP_PORT, false);
    let call = between(path, "phone", stage.rng().bits());
    stage.cue(stage.at(2400), move |at, _| {
        let answer = call.response(Status::Unauthorized, Method::Register);
        let talk = Dialogue::new()
            .udp(at, SIP, path, Way::Up, call.request(Method::Register), Note::SipRequest("REGISTER"))
            .udp(after(at, 1), SIP, path, Way::Down, answer, Note::SipAnswer(401));
        Box::new(talk)
    });
}

/// A second call finds nobody free.
fn find_busy(stage: &mut Stage) {
    let path = stage.path(PHONE, &ZOOM, SIP_PORT, false);
    let call = between(path, "phone", stage.rng().bits());
    stage.cue(stage.at(98_000), move |at, _| {
        let invite = Method::Invite;
        let (trying, busy) = (call.response(Status::Trying, invite), call.response(Status::BusyHere, invite));
        let talk = Dialogue::new()
            .udp(at, SIP, path, Way::Up, call.request(invite), Note::SipRequest("INVITE"))
            .udp(after(at, 1), SIP, path, Way::Down, trying, Note::SipAnswer(100))
            .udp(after(at, 3), SIP, path, Way::Down, busy, Note::SipAnswer(486))
            .udp(
                after(at, 3) + MILLISECOND,
                SIP,
                path,
                Way::Up,
                call.request(Method::Ack),
                Note::SipRequest("ACK"),
            );
        Box::new(talk)
    });
}

fn between(path: Path, user: &str, id: u64) -> Call {
    let party = |user: &str, end: Endpoint| Party {
        user: user.to_owned(),
        domain: ZOOM.name.to_owned(),
        address: end.ip,
        port: end.port,
        media_ports: vec![end.port.wrapping_add(2) & 0xfffe],
    };
    Call {
        caller: party(user, path.client),
        callee: party("office", path.server),
        codecs: vec![Codec::Pcma],
        has_digits: false,
        id,
    }
}

/// So many answers after a moment.
const fn after(at: u64, answers: u64) -> u64 {
    at + answers * ANSWER * MILLISECOND
}
