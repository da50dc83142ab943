//! Where scenes are set: when each begins, and with which ports and chance.

use super::cast::{HOSTS, Host, ROUTER, Service};
use super::{MILLISECOND, ROUND};
use crate::packets::{Arrival, Conversation};
use crate::path::{Endpoint, Path};
use crate::rng::Rng;
use crate::tap::Tap;

/// The first port that clients use.
const FIRST_PORT: u64 = 16_384;
/// How many ports a machine may use in a round; they come back after 192 rounds.
const PORTS_A_ROUND: u64 = 256;
/// All ports from the first one.
const PORTS: u64 = 65_536 - FIRST_PORT;
/// How many rounds have ports of their own.
pub(super) const DISTINCT_ROUNDS: u64 = PORTS / PORTS_A_ROUND;

/// A conversation that is made when its time comes, so that a story costs nothing to begin.
type Scene = Box<dyn FnOnce(u64, &mut Rng) -> Box<dyn Conversation> + Send>;

/// A scene and its moment.
struct Cue {
    at: u64,
    scene: Scene,
    rng: Rng,
}

/// The scenes of one round.
pub(super) struct Stage {
    seed: u64,
    round: u64,
    start: u64,
    rng: Rng,
    cues: Vec<Cue>,
    ports: [u64; HOSTS.len()],
}

impl Stage {
    pub(super) fn new(seed: u64, round: u64, start: u64) -> Self {
        let rng = Rng::new(seed, round);
        // Streams of scenes must not be those of a round of the same number.
        let seed = Rng::new(seed, !round).bits();
        Self { seed, round, start, rng, cues: Vec::new(), ports: [0; HOSTS.len()] }
    }

    /// Returns a moment of the round, given in milliseconds from its beginning, in nanoseconds since the Unix epoch.
    pub(super) const fn at(&self, millis: u64) -> u64 {
        self.start + millis * MILLISECOND
    }

    pub(super) const fn round(&self) -> u64 {
        self.round
    }

    /// Returns the chance that decides about the plan itself.
    pub(super) const fn rng(&mut self) -> &mut Rng {
        &mut self.rng
    }

    /// Returns a port that the machine has used neither in this round nor in those before.
    pub(super) fn port(&mut self, host: Host) -> u16 {
        let Some(used) = self.ports.get_mut(host.index) else { return 0 };
        let offset = self.round.wrapping_mul(PORTS_A_ROUND).wrapping_add(*used) % PORTS;
        // The next one belongs to the next round, whose conversations would not be new.
        debug_assert!(*used < PORTS_A_ROUND, "{} uses too many ports", host.name);
        *used += 1;
        u16::try_from(FIRST_PORT + offset).unwrap_or(u16::MAX)
    }

    /// Returns a path from a new port of a machine to a port of a service behind the router.
    pub(super) fn path(&mut self, host: Host, service: &Service, port: u16, wants_v6: bool) -> Path {
        let ip = service.address(wants_v6);
        let client = host.towards(ip, self.port(host));
        Path::new(client, Endpoint::new(ip, port).behind(ROUTER.mac))
    }

    /// Returns a path from a new port of a machine to a port of another one at home.
    pub(super) fn path_home(&mut self, host: Host, server: Host, port: u16) -> Path {
        let ip = server.v4().into();
        Path::new(host.towards(ip, self.port(host)), server.at(ip, port))
    }

    /// Adds a scene at a moment.
    pub(super) fn cue(
        &mut self,
        at: u64,
        scene: impl FnOnce(u64, &mut Rng) -> Box<dyn Conversation> + Send + 'static,
    ) {
        let stream = u64::try_from(self.cues.len()).unwrap_or(u64::MAX);
        self.cues.push(Cue { at, scene: Box::new(scene), rng: Rng::new(self.seed, stream) });
    }

    /// Returns the conversations in order of time, each made when it is asked for.
    pub(super) fn into_arrivals(self) -> impl Iterator<Item = Arrival> + Send {
        let end = self.start + ROUND;
        let mut cues = self.cues;
        cues.sort_by_key(|cue| cue.at);
        cues.into_iter().map(move |mut cue| {
            let conversation = (cue.scene)(cue.at, &mut cue.rng);
            let conversation: Box<dyn Conversation> = Box::new(UntilEnd { conversation, end });
            (cue.at, conversation)
        })
    }
}

/// A conversation that says nothing beyond the end of its round, where the next one begins.
#[derive(Debug)]
struct UntilEnd {
    conversation: Box<dyn Conversation>,
    end: u64,
}

impl Conversation for UntilEnd {
    fn step(&mut self, now: u64, tap: &mut Tap) -> Option<u64> {
        self.conversation.step(now, tap).filter(|next| *next < self.end)
    }
}
