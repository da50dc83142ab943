//! Pages, downloads and films, over TLS, QUIC and in the clear.

use super::Mix;
use super::lookups::looked_up;
use super::world::Peers;
use crate::path::{Path, Way};
use crate::payload::http;
use crate::payload::quic::Order;
use crate::payload::tls::{self, Alpn, Client, ClientHello, Version};
use crate::quic::{Exchange, Line, Quic};
use crate::rng::Rng;
use crate::tap::Label;
use crate::tcp::{Chances, Open, Piece, Setup, Stack, Stall, Tcp, Turn};
use crate::truth::{Hello, Note};

const MILLISECOND: u64 = 1_000_000;

/// How long a server takes for an answer, in nanoseconds.
const SERVED: (u64, u64) = (MILLISECOND, 60 * MILLISECOND);

/// A stack somewhere: its system, its line.
pub(super) fn stack(pace: (u64, u64), rng: &mut Rng) -> Stack {
    Stack {
        scale: Some(u8::try_from(rng.between(6, 9)).unwrap_or(7)),
        timestamps: rng.chance(700_000),
        pace: rng.between(pace.0, pace.1),
        most_segments: u32::try_from(rng.between(48, 160)).unwrap_or(64),
        ..Stack::default()
    }
}

/// What befalls the segments of a server on an ordinary day.
pub(super) const ORDINARY: Chances =
    Chances { spared: 12, lost_before: 1_500, lost_behind: 1_500, late: 1_000, sent_again: 300 };

/// Makes a connection between peers, with losses on the way of the server's words.
pub(super) fn connection(peers: &Peers, label: Label, rng: &mut Rng) -> Setup {
    let mut setup = Setup::new(peers.path, label);
    (setup.near, setup.far) = (peers.near, peers.far);
    setup.jitter = peers.far / 50;
    let mss = if peers.path.client.ip.is_ipv6() { 1440 } else { 1460 };
    setup.client = Stack { mss, ..stack((12_000, 130_000), rng) };
    setup.server = Stack { mss, ..stack((12_000, 130_000), rng) };
    setup.server_chances = ORDINARY;
    if rng.chance(8_000) {
        setup.open = Open::Retried(1);
    }
    setup
}

/// Adds the handshake of TLS to a connection.
pub(super) fn secured(setup: Setup, name: &str, rng: &mut Rng) -> Setup {
    let client = rng.pick(&[0_u8, 0, 0, 1, 1, 2, 3]);
    let client = match client {
        0 => Client::Chromium,
        1 => Client::Firefox,
        2 => Client::Curl,
        _ => Client::Device,
    };
    let browser = matches!(client, Client::Chromium | Client::Firefox);
    let post_quantum = browser && rng.chance(300_000);
    let version = match client {
        Client::Device => Version::Tls12,
        _ if post_quantum => Version::Tls13PostQuantum,
        _ => Version::Tls13,
    };
    let alpn = match client {
        Client::Chromium | Client::Firefox => Some(Alpn::Http2),
        Client::Curl => Some(Alpn::Http1),
        // Small devices ask for no protocol.
        Client::Device => None,
    };
    let session: [u8; 32] = rng.bytes();
    let hello = ClientHello {
        client,
        server_name: Some(name),
        alpn,
        post_quantum,
        session_id: &session,
        resumed: false,
        quic_parameters: None,
    };
    let note = Note::TlsHello(Box::new(hello_of(&setup.path, name, alpn)));
    let record = hello.record(rng);
    // Some middleboxes are fooled by a hello in two segments, and some clients send it so.
    let first_segment =
        (!post_quantum && rng.chance(20_000)).then(|| u32::try_from(rng.between(40, 180)).unwrap_or(100));
    let chain = usize::try_from(rng.between(2_000, 4_200)).unwrap_or_default();
    let flight = tls::server_flight(version, name, &session, chain, alpn, rng);
    let finished = tls::client_finished(version, rng);
    let tickets = tls::server_finished(version, rng);
    let served = rng.between(SERVED.0, SERVED.1 / 4);
    setup
        .turn(Turn::Say {
            way: Way::Up,
            think: 50_000,
            pieces: vec![Piece::Bytes(record, Some(note))],
            first_segment,
        })
        .say(Way::Down, served, vec![Piece::bytes(flight)])
        .say(Way::Up, 400_000, vec![Piece::bytes(finished)])
        .say(Way::Down, 300_000, vec![Piece::bytes(tickets)])
}

fn hello_of(path: &Path, name: &str, alpn: Option<Alpn>) -> Hello {
    let Path { client, server, .. } = path;
    Hello {
        client: client.ip,
        client_port: client.port,
        server: server.ip,
        server_port: server.port,
        name: name.to_owned(),
        alpn: alpn.map(|alpn| alpn.names().to_vec()).unwrap_or_default(),
        split: false,
    }
}

/// Ends a connection in one of the ways that connections end.
pub(super) fn ended(setup: Setup, rng: &mut Rng) -> Setup {
    match rng.below(100) {
        0..5 => setup,
        5..12 => setup.turn(Turn::Reset { way: Way::Up, think: rng.between(MILLISECOND, 500 * MILLISECOND) }),
        12..14 => setup.turn(Turn::Reset { way: Way::Down, think: MILLISECOND }),
        14..60 => setup.close(Way::Up),
        _ => setup.close(Way::Down),
    }
}

/// Questions and answers over TLS.
fn browsed(mut setup: Setup, exchanges: u64, most: u64, rng: &mut Rng) -> Setup {
    for _ in 0..exchanges {
        let think = rng.magnitude(2 * MILLISECOND, 3_000 * MILLISECOND);
        setup = setup.say(Way::Up, think, vec![Piece::Records(rng.between(100, 900))]).say(
            Way::Down,
            rng.between(SERVED.0, SERVED.1),
            vec![Piece::Records(rng.magnitude(300, most))],
        );
    }
    setup
}

/// Looks a name up and visits a page over TLS.
pub(super) fn page(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let peers = mix.world.peers(443, rng);
    let begin = looked_up(mix, at, &peers, rng);
    let label = Label::encrypted("browsing", "TLS");
    let setup = secured(connection(&peers, label, rng), &peers.name, rng);
    let exchanges = 1 + rng.below(5);
    let mut setup = browsed(setup, exchanges, 120_000, rng);
    if rng.chance(30_000) {
        setup = setup.turn(Turn::KeepAlive { way: Way::Up, every: 10_000 * MILLISECOND, times: 2 });
    }
    let setup = ended(setup, rng);
    let chance = mix.chance();
    mix.add(Tcp::new(setup, chance).arrival(begin));
}

/// Visits a page over plain HTTP.
pub(super) fn clear_page(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let peers = mix.world.peers(80, rng);
    let begin = looked_up(mix, at, &peers, rng);
    let mut setup = connection(&peers, Label::plain("browsing in the clear", "HTTP"), rng);
    for number in 0..=rng.below(3) {
        let request = http::request("GET", &peers.name, &format!("/pages/{number}.html"), "Mozilla/5.0");
        let len = usize::try_from(rng.magnitude(300, 40_000)).unwrap_or_default();
        let response = http::response("200 OK", "text/plain", len, rng);
        setup = setup
            .say(
                Way::Up,
                rng.between(MILLISECOND, 400 * MILLISECOND),
                vec![Piece::Bytes(request, Some(Note::HttpRequest))],
            )
            .say(Way::Down, rng.between(SERVED.0, SERVED.1), vec![Piece::bytes(response)]);
    }
    let setup = ended(setup, rng);
    let chance = mix.chance();
    mix.add(Tcp::new(setup, chance).arrival(begin));
}

/// Makes a connection for much at once: a fast line, a far server, more that goes wrong.
fn heavy(peers: &Peers, label: Label, rng: &mut Rng) -> Setup {
    let mut setup = connection(peers, label, rng);
    setup.server.pace = rng.between(12_000, 100_000);
    setup.server.most_segments = 96;
    setup.open = Open::Handshake;
    setup
}

/// Downloads something large over TLS; now and then the receiver cannot keep up, or the beginning was before the capture.
pub(super) fn download(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let peers = mix.world.peers(443, rng);
    let label = Label::encrypted("download", "TLS");
    let setup = heavy(&peers, label, rng);
    let size = rng.between(mix.largest / 8, mix.largest);
    let mut setup = secured(setup, &peers.name, rng)
        .say(Way::Up, 2 * MILLISECOND, vec![Piece::Records(400)])
        .say(Way::Down, 20 * MILLISECOND, vec![Piece::Records(size)]);
    if rng.chance(300_000) {
        setup.client = Stack { buffer: 131_072, scale: Some(6), ..setup.client };
        let lasting = rng.between(100 * MILLISECOND, 1_500 * MILLISECOND);
        setup.stalls = vec![Stall { way: Way::Down, after: 100_000, lasting }];
    }
    let setup = ended(setup, rng);
    let chance = mix.chance();
    mix.add(Tcp::new(setup, chance).arrival(at));
}

/// Downloads something whose beginning the capture has not seen.
pub(super) fn clear_download(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let peers = mix.world.peers(9418, rng);
    let mut setup = heavy(&peers, Label::plain("download in the clear", "TCP"), rng);
    setup.open = Open::Midstream;
    let size = rng.between(mix.largest / 8, mix.largest);
    let setup = setup.say(Way::Up, 0, vec![Piece::Noise(137)]).say(
        Way::Down,
        20 * MILLISECOND,
        vec![Piece::Noise(size)],
    );
    let chance = mix.chance();
    mix.add(Tcp::new(setup.close(Way::Down), chance).arrival(at));
}

/// Uploads something large over TLS.
pub(super) fn upload(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let peers = mix.world.peers(443, rng);
    let mut setup = heavy(&peers, Label::encrypted("upload", "TLS"), rng);
    setup.client_chances = ORDINARY;
    let size = rng.between(mix.largest / 8, mix.largest);
    let setup = secured(setup, &peers.name, rng)
        .say(Way::Up, 2 * MILLISECOND, vec![Piece::Records(size)])
        .say(Way::Down, 30 * MILLISECOND, vec![Piece::Records(300)]);
    let chance = mix.chance();
    mix.add(Tcp::new(setup.close(Way::Up), chance).arrival(at));
}

/// Looks at a film over TLS, piece by piece.
pub(super) fn video(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let peers = mix.world.peers(443, rng);
    let mut setup = secured(heavy(&peers, Label::encrypted("video", "TLS"), rng), &peers.name, rng);
    let piece = mix.largest / 40;
    for _ in 0..rng.between(6, 14) {
        setup = setup
            .say(
                Way::Up,
                rng.between(1_500 * MILLISECOND, 4_000 * MILLISECOND),
                vec![Piece::Records(rng.between(300, 900))],
            )
            .say(Way::Down, 5 * MILLISECOND, vec![Piece::Records(rng.between(piece, 2 * piece))]);
    }
    let chance = mix.chance();
    mix.add(Tcp::new(setup.close(Way::Up), chance).arrival(at));
}

fn over_quic(
    mix: &mut Mix,
    at: u64,
    class: &'static str,
    peers: &Peers,
    exchanges: Vec<Exchange>,
    rng: &mut Rng,
) {
    let chromium = rng.chance(600_000);
    let hello = ClientHello {
        client: if chromium { Client::Chromium } else { Client::Firefox },
        server_name: Some(&peers.name),
        alpn: Some(Alpn::Http3),
        post_quantum: rng.chance(250_000),
        session_id: &[],
        resumed: false,
        quic_parameters: None,
    };
    let order = if chromium { Order::Shuffled } else { Order::Plain };
    let Peers { path, near, far, .. } = *peers;
    let line =
        Line { path, label: Label::encrypted(class, "QUIC"), near, far, pace: rng.between(12_000, 90_000) };
    let chance = mix.chance();
    mix.add(Quic::new(at, line, &hello, order, exchanges, chance).arrival());
}

/// Visits a page over QUIC.
pub(super) fn quic_page(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let peers = mix.world.peers(443, rng);
    let begin = looked_up(mix, at, &peers, rng);
    let mut exchanges = Vec::new();
    for _ in 0..=rng.below(4) {
        let think = rng.magnitude(5 * MILLISECOND, 2_000 * MILLISECOND);
        exchanges.push(Exchange {
            think,
            request: rng.between(60, 600),
            response: rng.magnitude(500, 200_000),
        });
    }
    over_quic(mix, begin, "browsing over QUIC", &peers, exchanges, rng);
}

/// Looks at a film over QUIC.
pub(super) fn quic_video(mix: &mut Mix, at: u64, rng: &mut Rng) {
    let peers = mix.world.peers(443, rng);
    let piece = mix.largest / 40;
    let mut exchanges = Vec::new();
    for _ in 0..rng.between(5, 12) {
        let think = rng.between(1_500 * MILLISECOND, 4_000 * MILLISECOND);
        exchanges.push(Exchange { think, request: 300, response: rng.between(piece, 2 * piece) });
    }
    over_quic(mix, at, "video over QUIC", &peers, exchanges, rng);
}
