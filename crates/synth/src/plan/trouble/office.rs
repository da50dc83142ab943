//! An office in order: names that are looked up, and pages that are visited over TLS.

use std::net::Ipv4Addr;

use super::stage::Stage;
use super::{MILLISECOND, SECOND};
use crate::dialogue::Dialogue;
use crate::path::{Path, Way};
use crate::payload::dns::{Answer, Message, Rcode, Record, RecordType};
use crate::payload::tls::{self, Alpn, Client, ClientHello, Version};
use crate::rng::Rng;
use crate::tap::Label;
use crate::tcp::{Piece, Setup, Stack};
use crate::truth::{Hello, Note};

/// The machines of the office, its resolver and its store.
pub(super) const DESKS: [Ipv4Addr; 3] =
    [Ipv4Addr::new(192, 168, 1, 20), Ipv4Addr::new(192, 168, 1, 21), Ipv4Addr::new(192, 168, 1, 22)];
pub(super) const RESOLVER: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 1);
pub(super) const STORE: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 5);

/// What is visited.
const SITES: [(&str, Ipv4Addr); 5] = [
    ("www.example.com", Ipv4Addr::new(198, 51, 100, 10)),
    ("news.example.net", Ipv4Addr::new(198, 51, 100, 20)),
    ("mail.example.org", Ipv4Addr::new(198, 51, 100, 30)),
    ("wiki.example.com", Ipv4Addr::new(198, 51, 100, 40)),
    ("shop.example.net", Ipv4Addr::new(198, 51, 100, 50)),
];

const NAMES: Label = Label::plain("names", "DNS");
const PAGES: Label = Label::encrypted("browsing", "TLS");

/// How long a question waits before it counts as unanswered (METRICS.md, DNS).
const PATIENCE: u64 = 5 * SECOND;

/// From the tap to a site and back, in nanoseconds; the desks are 1 ms from the tap, there and back 2 ms.
pub(super) const FAR: u64 = 18 * MILLISECOND;

/// What becomes of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is answered after so many milliseconds.
    Found(u64),
    /// There is no such name.
    NoSuchName,
    /// The resolver could not find out, and says so after 400 ms.
    Failed,
    /// Nobody answers.
    Nothing,
}

/// How an office lives.
#[derive(Clone, Copy)]
pub(super) struct Life {
    /// How long it is watched, in seconds.
    pub(super) seconds: u64,
    /// How far the visits are apart, in milliseconds.
    pub(super) every_ms: u64,
    /// What becomes of the question before visit number so and so; a visit whose name is not found is none.
    pub(super) outcome: fn(u64) -> Outcome,
    /// From the tap to a site and back in that second, in nanoseconds.
    pub(super) far: fn(u64) -> u64,
}

impl Default for Life {
    /// Two and a half minutes, a visit every three seconds, names found within 12 ms, round trips of 20 ms.
    fn default() -> Self {
        Self { seconds: 150, every_ms: 3_000, outcome: |_| Outcome::Found(12), far: |_| FAR }
    }
}

/// Lives so.
pub(super) fn live(stage: &mut Stage, life: Life) {
    for number in 0..life.seconds * 1_000 / life.every_ms {
        let at = 500 + number * life.every_ms;
        // Each desk visits each site in turn: three and five have no divisor in common.
        let desk = DESKS.iter().cycle().nth(usize::try_from(number % 3).unwrap_or_default());
        let site = SITES.iter().cycle().nth(usize::try_from(number % 5).unwrap_or_default());
        let (Some(&desk), Some(&(name, address))) = (desk, site) else { continue };
        let outcome = (life.outcome)(number);
        look_up(stage, at, desk, (name, address), outcome);
        if let Outcome::Found(after) = outcome {
            let far = (life.far)(at / 1_000);
            let setup = page(stage, desk, (name, address), far);
            stage.tcp(at + after + 2, setup);
        }
    }
}

/// Asks for the address of a name.
pub(super) fn look_up(
    stage: &mut Stage,
    at: u64,
    desk: Ipv4Addr,
    (name, address): (&str, Ipv4Addr),
    outcome: Outcome,
) {
    let path = stage.path(desk, RESOLVER, 53);
    let asked = stage.at(at);
    let query = Message::query(stage.rng().half_word(), name, RecordType::A);
    let dialogue = Dialogue::new().udp(asked, NAMES, path, Way::Up, query.encode(), Note::DnsQuery);
    let answered = |after: u64, message: &Message, rcode: Rcode| {
        let at = asked + after * MILLISECOND;
        (at, message.encode(), Note::DnsAnswer(rcode.0))
    };
    let found = vec![Answer::new(name, Record::A(address))];
    let answer = match outcome {
        Outcome::Found(after) => {
            Some(answered(after, &query.answer(Rcode::NO_ERROR, found), Rcode::NO_ERROR))
        }
        Outcome::NoSuchName => Some(answered(15, &query.no_such_name(name), Rcode::NX_DOMAIN)),
        Outcome::Failed => {
            let failed = query.answer(Rcode::SERVER_FAILURE, Vec::new());
            Some(answered(400, &failed, Rcode::SERVER_FAILURE))
        }
        Outcome::Nothing => None,
    };
    let dialogue = match answer {
        Some((at, message, note)) => dialogue.udp(at, NAMES, path, Way::Down, message, note),
        None => dialogue.silence(asked + PATIENCE, Note::DnsTimeout),
    };
    stage.dialogue(dialogue);
}

/// Makes a visit: a handshake of TLS 1.3, two questions and their answers of a few segments each, the end.
pub(super) fn page(stage: &mut Stage, desk: Ipv4Addr, (name, site): (&str, Ipv4Addr), far: u64) -> Setup {
    let path = stage.path(desk, site, 443);
    let rng = stage.rng();
    let setup = greeted(path, name, far, rng);
    let first = [
        tls::client_finished(Version::Tls13, rng),
        tls::application_data(usize::try_from(rng.between(350, 500)).unwrap_or(400), rng),
    ];
    let tickets = tls::server_finished(Version::Tls13, rng);
    let answer = vec![Piece::bytes(tickets), Piece::Records(rng.between(1_500, 3_000))];
    let end = tls::close_notify(Version::Tls13, rng);
    setup
        .say(Way::Up, MILLISECOND, vec![Piece::bytes(first.concat())])
        .say(Way::Down, 4 * MILLISECOND, answer)
        .say(Way::Up, 300 * MILLISECOND, vec![Piece::Records(rng.between(350, 500))])
        .say(Way::Down, 4 * MILLISECOND, vec![Piece::Records(rng.between(800, 2_500))])
        .say(Way::Up, 200 * MILLISECOND, vec![Piece::bytes(end)])
        .close(Way::Up)
}

fn greeted(path: Path, name: &str, far: u64, rng: &mut Rng) -> Setup {
    let session: [u8; 32] = rng.bytes();
    let alpn = Some(Alpn::Http2);
    let hello = ClientHello {
        client: Client::Firefox,
        server_name: Some(name),
        alpn,
        post_quantum: false,
        session_id: &session,
        resumed: false,
        quic_parameters: None,
    };
    let Path { client, server, .. } = path;
    let note = Note::TlsHello(Box::new(Hello {
        client: client.ip,
        client_port: client.port,
        server: server.ip,
        server_port: server.port,
        name: name.to_owned(),
        alpn: Alpn::Http2.names().to_vec(),
        split: false,
    }));
    let flight = tls::server_flight(Version::Tls13, name, &session, 1_800, alpn, rng);
    // Half of the way there, half of it back.
    let setup = Setup { near: MILLISECOND, far: far / 2, ..Setup::new(path, PAGES) };
    // The client says so at once when it has read something.
    let client = Stack { ack_delay: 5 * MILLISECOND, ..Stack::default() };
    Setup { client, ..setup }.say(Way::Up, 50_000, vec![Piece::Bytes(hello.record(rng), Some(note))]).say(
        Way::Down,
        2 * MILLISECOND,
        vec![Piece::bytes(flight)],
    )
}
