//! Small connections, each with one thing that can happen to TCP, asked for segment by segment.

use std::net::IpAddr;

use crate::packets::Arrival;
use crate::path::{Endpoint, Path, Way};
use crate::rng::Rng;
use crate::tap::Label;
use crate::tcp::{Chances, Fate, Open, Piece, Setup, Stack, Stall, Tcp, Turn};

const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MILLISECOND;

/// A scenario and its name.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What happens, in a few words.
    pub name: &'static str,
    setups: Vec<(u64, Setup)>,
}

impl Scenario {
    /// Returns its connections, for a plan that begins at `base`, in nanoseconds since the Unix epoch.
    pub fn arrivals(&self, base: u64, seed: u64) -> Vec<Arrival> {
        let streams = 0_u64..;
        let connections = self.setups.iter().zip(streams);
        connections
            .map(|((at, setup), stream)| Tcp::new(setup.clone(), Rng::new(seed, stream)).arrival(base + at))
            .collect()
    }
}

/// Returns every scenario; each has a client address of its own, so that they fit into one capture.
pub fn all() -> Vec<Scenario> {
    let mut scenarios = Vec::new();
    for (host, (name, make)) in (1_u8..).zip(SCENARIOS) {
        scenarios.push(Scenario { name, setups: make(host) });
    }
    scenarios
}

/// Returns the scenario of that name.
pub fn named(name: &str) -> Option<Scenario> {
    all().into_iter().find(|scenario| scenario.name == name)
}

/// Returns connections on which everything goes wrong, in both directions and at random.
pub fn hostile(base: u64, connections: u64, seed: u64) -> Vec<Arrival> {
    let arrival = |number: u64| {
        let mut rng = Rng::new(seed, number);
        let host = u8::try_from(number % 250 + 1).unwrap_or(1);
        let port = 20_000 + u16::try_from(number / 250 % 20_000).unwrap_or_default();
        let mut setup = base_setup(host, port);
        let chances = Chances {
            spared: 0,
            lost_before: u32::try_from(rng.below(30_000)).unwrap_or_default(),
            lost_behind: u32::try_from(rng.below(30_000)).unwrap_or_default(),
            late: u32::try_from(rng.below(20_000)).unwrap_or_default(),
            sent_again: u32::try_from(rng.below(10_000)).unwrap_or_default(),
        };
        (setup.client_chances, setup.server_chances) = (chances, chances);
        (setup.near, setup.far) = (rng.magnitude(50_000, 40_000_000), rng.magnitude(50_000, 80_000_000));
        setup.jitter = rng.below(setup.far / 4);
        for stack in [&mut setup.client, &mut setup.server] {
            stack.scale = (!rng.chance(200_000)).then(|| u8::try_from(rng.below(10)).unwrap_or_default());
            stack.sack = rng.chance(800_000);
            stack.timestamps = rng.chance(600_000);
            stack.buffer = u32::try_from(rng.magnitude(3_000, 500_000)).unwrap_or(65_535);
            stack.pace = rng.between(2_000, 300_000);
        }
        for _ in 0..rng.between(1, 6) {
            let way = if rng.chance(500_000) { Way::Up } else { Way::Down };
            let think = rng.magnitude(10_000, 300 * MILLISECOND);
            setup = setup.say(way, think, vec![Piece::Noise(rng.magnitude(1, 150_000))]);
        }
        if rng.chance(300_000) {
            let lasting = rng.magnitude(50 * MILLISECOND, 2 * SECOND);
            setup.stalls = vec![Stall { way: Way::Down, after: rng.below(50_000), lasting }];
        }
        let setup = if rng.chance(700_000) { setup.close(Way::Up) } else { setup };
        Tcp::new(setup, rng).arrival(base + number * 10 * MILLISECOND)
    };
    (0..connections).map(arrival).collect()
}

type Make = fn(u8) -> Vec<(u64, Setup)>;

const SCENARIOS: [(&str, Make); 24] = [
    ("all goes well", |host| one(download(host))),
    ("lost before the tap", |host| one(download(host).fault(Way::Down, 7, Fate::LostBefore))),
    ("lost behind the tap", |host| one(download(host).fault(Way::Down, 7, Fate::LostBehind))),
    ("two lost of one burst", |host| {
        one(download(host).fault(Way::Down, 3, Fate::LostBefore).fault(Way::Down, 6, Fate::LostBehind))
    }),
    ("last segment lost before the tap", |host| one(last_segment(host, Fate::LostBefore))),
    ("last segment lost behind the tap", |host| one(last_segment(host, Fate::LostBehind))),
    ("overtaken by one", |host| one(download(host).fault(Way::Down, 5, Fate::Late(18_000)))),
    ("overtaken by five", |host| one(download(host).fault(Way::Down, 4, Fate::Late(70_000)))),
    ("sent again without need", |host| {
        one(download(host).fault(Way::Down, 9, Fate::SentAgain(300 * MILLISECOND)))
    }),
    ("missed by the capture", |host| one(download(host).fault(Way::Down, 8, Fate::Missed))),
    ("zero window with probes", |host| one(stalled(host, 900 * MILLISECOND))),
    ("zero window without a probe", |host| one(stalled(host, 100 * MILLISECOND))),
    ("keep-alives", |host| {
        let idle = Turn::KeepAlive { way: Way::Up, every: 5 * SECOND, times: 3 };
        one(request(host).turn(idle).say(Way::Up, SECOND, vec![Piece::Noise(10)]).close(Way::Up))
    }),
    ("second SYN answered", |host| one(Setup { open: Open::Retried(1), ..download(host) })),
    ("no SYN answered", |host| one(Setup { open: Open::Unanswered(4), ..request(host) })),
    ("refused", |host| one(Setup { open: Open::Refused, ..request(host) })),
    ("reset by the server", |host| {
        one(request(host).turn(Turn::Reset { way: Way::Down, think: MILLISECOND }))
    }),
    ("reset by the client", |host| one(request(host).turn(Turn::Reset { way: Way::Up, think: MILLISECOND }))),
    ("never closed", |host| one(request(host))),
    ("picked up in the middle", |host| one(Setup { open: Open::Midstream, ..download(host) })),
    ("closed by halves", |host| {
        let shut = |way| Turn::Shut { way, think: MILLISECOND };
        one(request(host)
            .turn(shut(Way::Up))
            .say(Way::Down, MILLISECOND, vec![Piece::Noise(30_000)])
            .turn(shut(Way::Down)))
    }),
    ("port used again", |host| {
        let again = Setup { reuses_port: true, ..download(host) };
        vec![(0, download(host)), (30 * SECOND, again)]
    }),
    ("old stacks without options", |host| {
        let plain = Stack { scale: None, sack: false, timestamps: false, buffer: 60_000, ..Stack::default() };
        let setup = Setup { client: plain, server: plain, ..download(host) };
        one(setup.fault(Way::Down, 11, Fate::LostBefore))
    }),
    ("greeting in two segments", |host| {
        let hello = vec![Piece::Noise(517)];
        let split = Turn::Say { way: Way::Up, think: 0, pieces: hello, first_segment: Some(200) };
        one(base(host).turn(split).say(Way::Down, MILLISECOND, vec![Piece::Noise(4_000)]).close(Way::Down))
    }),
];

fn one(setup: Setup) -> Vec<(u64, Setup)> {
    vec![(0, setup)]
}

fn base(host: u8) -> Setup {
    base_setup(host, 40_000)
}

fn base_setup(host: u8, port: u16) -> Setup {
    let client: IpAddr = [10, 20, 0, host].into();
    let server: IpAddr = [203, 0, 113, 80].into();
    let path = Path::new(Endpoint::new(client, port), Endpoint::new(server, 9_000));
    Setup::new(path, Label::plain("scenario", "TCP"))
}

/// A question and a short answer.
fn request(host: u8) -> Setup {
    base(host).say(Way::Up, 0, vec![Piece::Noise(300)]).say(
        Way::Down,
        5 * MILLISECOND,
        vec![Piece::Noise(900)],
    )
}

/// A question, an answer of 21 segments, the end.
fn download(host: u8) -> Setup {
    let answer = vec![Piece::Noise(30_000)];
    base(host).say(Way::Up, 0, vec![Piece::Noise(300)]).say(Way::Down, 5 * MILLISECOND, answer).close(Way::Up)
}

/// An answer of four segments, of which something befalls the last.
fn last_segment(host: u8, fate: Fate) -> Setup {
    let answer = vec![Piece::Noise(5_000)];
    let setup = base(host).say(Way::Up, 0, vec![Piece::Noise(300)]).say(Way::Down, 5 * MILLISECOND, answer);
    setup.close(Way::Up).fault(Way::Down, 3, fate)
}

/// An answer that the client does not read for a while.
fn stalled(host: u8, lasting: u64) -> Setup {
    let client = Stack { buffer: 32_768, scale: Some(4), ..Stack::default() };
    let stall = Stall { way: Way::Down, after: 20_000, lasting };
    let answer = vec![Piece::Noise(100_000)];
    let setup = base(host).say(Way::Up, 0, vec![Piece::Noise(300)]).say(Way::Down, 5 * MILLISECOND, answer);
    Setup { client, stalls: vec![stall], ..setup.close(Way::Down) }
}
