//! What runs from the beginning of a round to its end: two videos, a camera, and shells.

use super::MILLISECOND;
use super::cast::{CAMERA, DESK, GITHUB, GOOGLEVIDEO, LAPTOP, NETFLIX, ROUTER, STORE, TELEVISION};
use super::resolve::{Question, resolve, resolve_far};
use super::stage::Stage;
use super::web::{Fetch, Talk, Visit};
use crate::packets::Conversation;
use crate::pair::Pair;
use crate::path::{Path, Way};
use crate::payload::tls::Client;
use crate::payload::{noise, ssh};
use crate::quic::Exchange;
use crate::rng::Rng;
use crate::tap::{Label, Tap};
use crate::tcp::{Piece, Setup, Stack, Tcp};

/// A part of the film is fetched every two seconds: 1.25 MB, 5 Mbit/s.
const PART: u64 = 1_250_000;
const PART_EVERY: u64 = 2_000 * MILLISECOND;
/// Its 864 segments come one every 1.7 ms, which is 6.8 Mbit/s while it lasts.
const PART_PACE: u64 = 1_700_000;
const PART_TAKES: u64 = 1_490 * MILLISECOND;
const PARTS: usize = 60;

/// A part of the clip is fetched every second and a half: 250 kB, 1.3 Mbit/s.
const CLIP_PART: u64 = 250_000;
const CLIP_EVERY: u64 = 1_500 * MILLISECOND;
const CLIP_PACE: u64 = 2_500_000;
const CLIP_PARTS: usize = 80;

/// Sets the scenes.
pub(super) fn stage(stage: &mut Stage) {
    film(stage);
    clip(stage);
    camera(stage);
    shell(stage);
    copy(stage);
}

/// The television plays a film over TLS.
fn film(stage: &mut Stage) {
    let found = resolve_far(stage, 20, TELEVISION, Question::address(&NETFLIX));
    let path = stage.path(TELEVISION, &NETFLIX, 443, false);
    let mut visit = Visit::new(TELEVISION, &NETFLIX, path, Label::encrypted("video", "TLS"));
    visit.client = Client::Curl;
    visit.fetches = vec![Fetch { think: PART_EVERY - PART_TAKES, len: PART }; PARTS];
    if let Some(first) = visit.fetches.first_mut() {
        first.think = 5 * MILLISECOND;
    }
    stage.cue(stage.at(found), move |_, rng| {
        let mut setup = visit.setup(rng);
        setup.server = Stack { pace: PART_PACE, ..Stack::default() };
        Box::new(Tcp::new(setup, rng.clone()))
    });
}

/// The laptop plays a clip over QUIC and IPv6.
fn clip(stage: &mut Stage) {
    let found = resolve(stage, 40, LAPTOP, ROUTER, Question::of_family(&GOOGLEVIDEO, true));
    let path = stage.path(LAPTOP, &GOOGLEVIDEO, 443, true);
    // From one part's end to the next request: what is left of the time.
    let think = CLIP_EVERY - CLIP_PACE * (CLIP_PART / 1220);
    let mut exchanges = vec![Exchange { think, request: 300, response: CLIP_PART }; CLIP_PARTS];
    if let Some(first) = exchanges.first_mut() {
        first.think = 10 * MILLISECOND;
    }
    let talk = Talk {
        host: LAPTOP,
        service: GOOGLEVIDEO,
        path,
        label: Label::encrypted("video", "QUIC"),
        client: Client::Chromium,
        pace: CLIP_PACE,
        exchanges,
    };
    stage.cue(stage.at(found), move |at, rng| Box::new(talk.quic(at, rng)));
}

/// The camera at the door sends to the store at home what nobody else understands.
fn camera(stage: &mut Stage) {
    let path = stage.path_home(CAMERA, STORE, 8999);
    let pair = Pair::new(path);
    stage.cue(stage.at(130), move |_, rng| Box::new(Camera { path, pair, pictures: 0, rng: rng.clone() }));
}

/// A picture in one datagram, fifteen times a second, for as long as it is let.
#[derive(Debug)]
struct Camera {
    path: Path,
    pair: Pair,
    pictures: u32,
    rng: Rng,
}

impl Conversation for Camera {
    fn step(&mut self, now: u64, tap: &mut Tap) -> Option<u64> {
        const PICTURE: Label = Label::plain("camera", "UDP");
        let mut payload = b"CAM1".to_vec();
        payload.extend(self.pictures.to_be_bytes());
        let len = 300 + self.rng.below(700);
        payload.extend(noise(usize::try_from(len).unwrap_or(0), &mut self.rng));
        tap.udp(PICTURE, &self.path, Way::Up, &payload);
        self.pair.count(Way::Up, tap);
        self.pictures = self.pictures.wrapping_add(1);
        Some(now + 66 * MILLISECOND + self.rng.below(MILLISECOND))
    }
}

const SHELL: Label = Label::encrypted("shell", "SSH");

/// Returns a connection of SSH up to the point where its user is let in.
fn log_in(setup: Setup, rng: &mut Rng) -> Setup {
    setup
        .say(Way::Up, MILLISECOND, vec![Piece::bytes(ssh::banner("OpenSSH_9.6"))])
        .say(Way::Down, 4 * MILLISECOND, vec![Piece::bytes(ssh::banner("OpenSSH_9.2p1 Debian-2+deb12u3"))])
        .say(Way::Up, MILLISECOND, vec![Piece::bytes(ssh::key_exchange_init(rng))])
        .say(Way::Down, MILLISECOND, vec![Piece::bytes(ssh::key_exchange_init(rng))])
        .say(Way::Up, 2 * MILLISECOND, vec![Piece::bytes(ssh::exchange_request(rng))])
        .say(Way::Down, 5 * MILLISECOND, vec![Piece::bytes(ssh::exchange_reply(rng))])
        .say(
            Way::Up,
            3 * MILLISECOND,
            vec![Piece::bytes([ssh::new_keys(rng), ssh::encrypted(40, rng)].concat())],
        )
        .say(Way::Down, MILLISECOND, vec![Piece::bytes(ssh::encrypted(40, rng))])
        .say(Way::Up, 8 * MILLISECOND, vec![Piece::bytes(ssh::encrypted(620, rng))])
        .say(Way::Down, 12 * MILLISECOND, vec![Piece::bytes(ssh::encrypted(480, rng))])
}

/// Somebody types on the laptop and reads what the store at home answers.
fn shell(stage: &mut Stage) {
    let path = stage.path_home(LAPTOP, STORE, 22);
    let end = 118_500 * MILLISECOND;
    stage.cue(stage.at(80), move |_, rng| {
        let setup = Setup { near: LAPTOP.near, far: STORE.near, jitter: 200_000, ..Setup::new(path, SHELL) };
        let mut setup = log_in(setup, rng);
        let mut time = 0;
        while time < end {
            let think = rng.between(90, 420) * MILLISECOND;
            // Most answers are the letter that was typed; some are a screen.
            let answer = if rng.chance(120_000) { rng.between(600, 4000) } else { 28 };
            setup = setup.say(Way::Up, think, vec![Piece::Noise(36)]).say(
                Way::Down,
                600_000,
                vec![Piece::Noise(answer.next_multiple_of(4) + 8)],
            );
            time += think + 8 * MILLISECOND;
        }
        Box::new(Tcp::new(setup.close(Way::Up), rng.clone()))
    });
}

/// Files are copied to the store at home, and a repository is fetched from far.
fn copy(stage: &mut Stage) {
    let path = stage.path_home(DESK, STORE, 22);
    stage.cue(stage.at(14_000), move |_, rng| {
        let mut setup = Setup { near: DESK.near, far: STORE.near, ..Setup::new(path, SHELL) };
        setup.client = Stack { pace: 4_000_000, ..Stack::default() };
        let setup = log_in(setup, rng).say(Way::Up, MILLISECOND, vec![Piece::Noise(3_000_000)]);
        Box::new(Tcp::new(
            setup.say(Way::Down, MILLISECOND, vec![Piece::Noise(44)]).close(Way::Up),
            rng.clone(),
        ))
    });
    for at in [1_100, 104_000] {
        let found = resolve(stage, at, DESK, ROUTER, Question::address(&GITHUB));
        let path = stage.path(DESK, &GITHUB, 22, false);
        stage.cue(stage.at(found), move |_, rng| {
            let mut setup = Setup { near: DESK.near, far: GITHUB.far, ..Setup::new(path, SHELL) };
            setup.server = Stack { pace: 900_000, ..Stack::default() };
            let setup = log_in(setup, rng).say(Way::Up, 30 * MILLISECOND, vec![Piece::Noise(2_400)]).say(
                Way::Down,
                90 * MILLISECOND,
                vec![Piece::Noise(900_000)],
            );
            Box::new(Tcp::new(setup.close(Way::Up), rng.clone()))
        });
    }
}
