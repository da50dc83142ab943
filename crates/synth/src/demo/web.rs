//! Pages and programs over TLS: a name is asked for, a connection made, and things fetched over it.

use super::MILLISECOND;
use super::cast::{
    CLOUDFLARE, CLOUDFLARE_DNS, DESK, GITHUB, GNU, GOOGLE, Host, LAPTOP, NEST, OUTLOOK, PHONE, REDDIT,
    ROUTER, STACK_OVERFLOW, Service, THERMOSTAT, WIKIMEDIA, WIKIPEDIA, YOUTUBE,
};
use super::resolve::{Question, resolve, resolve_far};
use super::stage::Stage;
use crate::path::{Path, Way};
use crate::payload::http;
use crate::payload::quic::Order;
use crate::payload::tls::{self, Alpn, Client, ClientHello, Version};
use crate::quic::{Exchange, Line, Quic};
use crate::rng::Rng;
use crate::tap::Label;
use crate::tcp::{Fault, Piece, Setup, Stack, Tcp};
use crate::truth::{Hello, Note};

/// The plain part of a request that a browser sends, in bytes.
const REQUEST: u64 = 420;
const HTTPS: u16 = 443;
/// How long a server on the Internet takes for a full segment: 40 Mbit/s.
const PACE: u64 = 290_000;
/// How long a server thinks, in nanoseconds.
const THINK: u64 = 3 * MILLISECOND;

/// Something that is fetched over a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fetch {
    /// How long the client waits before it asks, in nanoseconds.
    pub(super) think: u64,
    /// The length of the answer, in bytes.
    pub(super) len: u64,
}

/// A connection of TLS and what is fetched over it.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) path: Path,
    pub(super) label: Label,
    pub(super) name: &'static str,
    pub(super) near: u64,
    pub(super) far: u64,
    pub(super) client: Client,
    pub(super) alpn: Option<Alpn>,
    pub(super) version: Version,
    /// Whether the two have met before, so that no certificate is needed.
    pub(super) resumed: bool,
    pub(super) fetches: Vec<Fetch>,
}

impl Visit {
    pub(super) fn new(host: Host, service: &Service, path: Path, label: Label) -> Self {
        Self {
            path,
            label,
            name: service.name,
            near: host.near,
            far: service.far,
            client: Client::Chromium,
            alpn: Some(Alpn::Http2),
            version: Version::Tls13,
            resumed: false,
            fetches: Vec::new(),
        }
    }

    /// Returns the connection, from its handshake to its end in order.
    pub(super) fn setup(&self, rng: &mut Rng) -> Setup {
        let session: [u8; 32] = rng.bytes();
        let is_old = self.version == Version::Tls12;
        let hello = ClientHello {
            client: self.client,
            server_name: Some(self.name),
            alpn: self.alpn,
            post_quantum: self.version == Version::Tls13PostQuantum,
            session_id: if is_old { &[] } else { &session },
            resumed: self.resumed,
            quic_parameters: None,
        };
        let note = Note::TlsHello(Box::new(Hello {
            client: self.path.client.ip,
            client_port: self.path.client.port,
            server: self.path.server.ip,
            server_port: self.path.server.port,
            name: self.name.to_owned(),
            alpn: self
                .alpn
                .filter(|_| self.client != Client::Device)
                .map(|alpn| alpn.names().to_vec())
                .unwrap_or_default(),
            split: false,
        }));
        let flight = if self.resumed {
            tls::server_resumption(self.version, &session, rng)
        } else {
            tls::server_flight(self.version, self.name, hello.session_id, 2700, self.alpn, rng)
        };
        let mut setup =
            Setup { near: self.near, far: self.far, jitter: 300_000, ..Setup::new(self.path, self.label) };
        setup.server = Stack { pace: PACE, ..Stack::default() };
        setup = setup.say(Way::Up, 50_000, vec![Piece::Bytes(hello.record(rng), Some(note))]).say(
            Way::Down,
            THINK,
            vec![Piece::bytes(flight)],
        );
        for (place, fetch) in self.fetches.iter().enumerate() {
            let request = tls::application_data(usize::try_from(REQUEST + rng.below(120)).unwrap_or(0), rng);
            let think = fetch.think + rng.below(MILLISECOND);
            let mut answer = Vec::new();
            let asked = if place == 0 {
                answer.push(Piece::bytes(tls::server_finished(self.version, rng)));
                [tls::client_finished(self.version, rng), request].concat()
            } else {
                request
            };
            answer.push(Piece::Records(fetch.len));
            setup = setup.say(Way::Up, think, vec![Piece::bytes(asked)]).say(Way::Down, THINK, answer);
        }
        let end = tls::close_notify(self.version, rng);
        setup.say(Way::Up, 200 * MILLISECOND, vec![Piece::bytes(end)]).close(Way::Up)
    }
}

/// A connection of QUIC and what is fetched over it.
#[derive(Clone, Debug)]
pub(super) struct Talk {
    pub(super) host: Host,
    pub(super) service: Service,
    pub(super) path: Path,
    pub(super) label: Label,
    pub(super) client: Client,
    /// How long the server takes for a full packet, in nanoseconds.
    pub(super) pace: u64,
    pub(super) exchanges: Vec<Exchange>,
}

impl Talk {
    /// Returns the connection, which begins at a moment.
    pub(super) fn quic(self, at: u64, rng: &Rng) -> Quic {
        let is_chromium = self.client == Client::Chromium;
        let hello = ClientHello {
            client: self.client,
            server_name: Some(self.service.name),
            alpn: Some(Alpn::Http3),
            post_quantum: is_chromium,
            session_id: &[],
            resumed: false,
            quic_parameters: None,
        };
        let line = Line {
            path: self.path,
            label: self.label,
            near: self.host.near,
            far: self.service.far,
            pace: self.pace,
        };
        let order = if is_chromium { Order::Shuffled } else { Order::Plain };
        Quic::new(at, line, &hello, order, self.exchanges, rng.clone())
    }
}

/// What is behind a name, for somebody who looks at pages.
#[derive(Clone, Copy)]
struct Site {
    service: Service,
    /// Whether its servers also speak HTTP/3.
    has_quic: bool,
}

const fn site(service: Service, has_quic: bool) -> Site {
    Site { service, has_quic }
}

const SITES: [Site; 9] = [
    site(WIKIPEDIA, false),
    site(GOOGLE, true),
    site(GITHUB, false),
    site(STACK_OVERFLOW, true),
    site(WIKIMEDIA, false),
    site(REDDIT, false),
    site(YOUTUBE, true),
    site(OUTLOOK, false),
    site(CLOUDFLARE, true),
];

const PAGE: Label = Label::encrypted("browsing", "TLS");
const PAGE_QUIC: Label = Label::encrypted("browsing", "QUIC");
/// When the last page is opened, in milliseconds of the round.
const LAST_PAGE: u64 = 117_000;

/// Sets the scenes.
pub(super) fn stage(stage: &mut Stage) {
    let readers = [(LAPTOP, Client::Chromium), (DESK, Client::Firefox), (PHONE, Client::Chromium)];
    let (mut at, mut count) = (60, 0);
    while at < LAST_PAGE {
        let (host, client) = readers.get(count % readers.len()).copied().unwrap_or((DESK, Client::Curl));
        if let Some(site) = SITES.get(count % SITES.len()) {
            open_page(stage, at, host, client, *site);
        }
        count += 1;
        // Everybody is at it in the first seconds.
        at += if at < 3000 { 400 } else { 800 + stage.rng().below(1000) };
    }
    device(stage);
    programs(stage);
    in_clear(stage);
}

/// Opens a page over two or three connections.
fn open_page(stage: &mut Stage, at: u64, host: Host, client: Client, site: Site) {
    let service = site.service;
    let wants_v6 = stage.rng().chance(450_000);
    let question = Question::of_family(&service, wants_v6);
    let found = if host == PHONE || stage.rng().chance(250_000) {
        resolve_far(stage, at, host, question)
    } else {
        resolve(stage, at, host, ROUTER, question)
    };
    if client == Client::Chromium {
        resolve(stage, at, host, ROUTER, Question::abilities(&service));
    }
    for number in 0..=stage.rng().below(3) {
        let path = stage.path(host, &service, HTTPS, wants_v6);
        let (think, len) = (stage.rng().between(20, 90) * MILLISECOND, stage.rng().magnitude(4_000, 250_000));
        let begin = stage.at(found + 15 * number);
        if site.has_quic && stage.rng().chance(600_000) {
            let first = Exchange { think, request: REQUEST, response: len };
            let exchanges = vec![first, Exchange { think: 6 * think, ..first }];
            let talk = Talk { host, service, path, label: PAGE_QUIC, client, pace: PACE, exchanges };
            stage.cue(begin, move |at, rng| Box::new(talk.quic(at, rng)));
            continue;
        }
        let mut visit = Visit::new(host, &service, path, PAGE);
        visit.client = client;
        visit.version = if client == Client::Chromium { Version::Tls13PostQuantum } else { Version::Tls13 };
        // The first connection of a page gets a ticket, with which the others begin.
        visit.resumed = number > 0;
        visit.fetches = vec![Fetch { think, len }, Fetch { think: 6 * think, len: len / 3 }];
        cue(stage, begin, visit, Vec::new());
    }
}

/// Adds a connection, with what befalls its segments.
pub(super) fn cue(stage: &mut Stage, at: u64, visit: Visit, faults: Vec<Fault>) {
    stage.cue(at, move |_, rng| {
        let setup = Setup { faults, ..visit.setup(rng) };
        Box::new(Tcp::new(setup, rng.clone()))
    });
}

/// A thermostat reports every half minute over TLS 1.2.
fn device(stage: &mut Stage) {
    for at in [900, 31_000, 61_000, 91_000] {
        let found = resolve(stage, at, THERMOSTAT, ROUTER, Question::address(&NEST));
        let path = stage.path(THERMOSTAT, &NEST, HTTPS, false);
        let mut visit = Visit::new(THERMOSTAT, &NEST, path, Label::encrypted("devices", "TLS"));
        (visit.client, visit.alpn, visit.version) = (Client::Device, None, Version::Tls12);
        visit.fetches = vec![Fetch { think: 30 * MILLISECOND, len: 900 }];
        cue(stage, stage.at(found), visit, Vec::new());
    }
}

/// Programs without a window: one that fetches from the command line, and a telephone that hides its questions.
fn programs(stage: &mut Stage) {
    for at in [2_200, 27_000, 86_000] {
        let found = resolve(stage, at, DESK, ROUTER, Question::address(&GITHUB));
        let path = stage.path(DESK, &GITHUB, HTTPS, false);
        let mut visit = Visit::new(DESK, &GITHUB, path, PAGE);
        visit.client = Client::Curl;
        visit.fetches = vec![Fetch { think: 10 * MILLISECOND, len: 60_000 }];
        cue(stage, stage.at(found), visit, Vec::new());
    }
    for at in [1_900, 40_000, 80_000] {
        let path = stage.path(PHONE, &CLOUDFLARE_DNS, 853, true);
        let mut visit = Visit::new(PHONE, &CLOUDFLARE_DNS, path, Label::encrypted("names", "TLS"));
        visit.alpn = Some(Alpn::Dot);
        visit.client = Client::Curl;
        visit.fetches = vec![Fetch { think: 400 * MILLISECOND, len: 460 }; 8];
        cue(stage, stage.at(at), visit, Vec::new());
    }
}

/// A text that is fetched in clear, because anybody may read it.
fn in_clear(stage: &mut Stage) {
    const CLEAR: Label = Label::plain("browsing", "HTTP");
    for (at, text, len) in [
        (1_300, "/licenses/gpl-3.0.txt", 35_000),
        (17_000, "/licenses/fdl-1.3.txt", 23_000),
        (95_000, "/licenses/agpl-3.0.txt", 34_500),
    ] {
        let found = resolve(stage, at, DESK, ROUTER, Question::of_family(&GNU, true));
        let path = stage.path(DESK, &GNU, 80, true);
        stage.cue(stage.at(found), move |_, rng| {
            let request = http::request("GET", GNU.name, text, "curl/8.5.0");
            let pieces = vec![Piece::Bytes(request, Some(Note::HttpRequest))];
            let setup = Setup { near: DESK.near, far: GNU.far, ..Setup::new(path, CLEAR) }
                .say(Way::Up, 100_000, pieces)
                .say(Way::Down, THINK, vec![Piece::bytes(http::response("200 OK", "text/plain", len, rng))])
                .close(Way::Up);
            Box::new(Tcp::new(setup, rng.clone()))
        });
    }
}
