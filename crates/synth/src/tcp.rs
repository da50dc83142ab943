//! A connection of TCP between two stacks, as it is seen from a tap between them.
//!
//! Both stacks are simulated: what the tap sees follows from what they know. Neither models one system to the letter;
//! they slow-start, acknowledge late, keep score of what arrived beyond a hole, and send again fast or after a
//! time-out (RFC 9293, RFC 5681, RFC 6675, RFC 2883).

mod content;
mod side;
mod simulation;

use crate::path::{Path, Way};
use crate::rng::Rng;
use crate::tap::Label;

pub use content::Piece;
pub use simulation::Tcp;

/// One side's implementation of TCP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stack {
    /// The largest payload it takes in a segment, before options, in bytes.
    pub mss: u16,
    /// How much it takes before it has to be read, in bytes.
    pub buffer: u32,
    /// How far its windows are shifted; `None` does not offer the option, so that neither side shifts.
    pub scale: Option<u8>,
    /// Whether it says what arrived beyond a hole; both sides must.
    pub sack: bool,
    /// Whether it sends its clock; both sides must.
    pub timestamps: bool,
    /// How many segments it sends before the first acknowledgement.
    pub first_burst: u32,
    /// How many segments it has on the way at most.
    pub most_segments: u32,
    /// How long a full segment takes to leave it, in nanoseconds.
    pub pace: u64,
    /// How long it waits for a second segment before it acknowledges the first, in nanoseconds.
    pub ack_delay: u64,
}

impl Default for Stack {
    /// A stack of today on a gigabit.
    fn default() -> Self {
        Self {
            mss: 1460,
            buffer: 4 * 1024 * 1024,
            scale: Some(7),
            sack: true,
            timestamps: true,
            first_burst: 10,
            most_segments: 200,
            pace: 12_000,
            ack_delay: 40_000_000,
        }
    }
}

/// How a connection begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Open {
    /// With a handshake.
    #[default]
    Handshake,
    /// With a handshake after so many SYNs that were lost behind the tap.
    Retried(u32),
    /// With so many SYNs, and never an answer.
    Unanswered(u32),
    /// With a SYN that is answered by a reset.
    Refused,
    /// Before the capture: the tap sees the middle only.
    Midstream,
}

/// One step of what the two say to each other. A step begins when its side knows that the one before is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// A side says something after a time of thought.
    Say {
        /// Who.
        way: Way,
        /// How long it thinks before, in nanoseconds.
        think: u64,
        /// What.
        pieces: Vec<Piece>,
        /// The length of the first segment, where it shall be shorter than it could be, in bytes.
        first_segment: Option<u32>,
    },
    /// A side says that it has no more to say (FIN); the other may go on.
    Shut {
        /// Who.
        way: Way,
        /// How long it waits before, in nanoseconds.
        think: u64,
    },
    /// A side ends everything (RST).
    Reset {
        /// Who.
        way: Way,
        /// How long it waits before, in nanoseconds.
        think: u64,
    },
    /// Nobody says anything while a side asks now and then whether the other is still there.
    KeepAlive {
        /// Who asks.
        way: Way,
        /// How often, in nanoseconds.
        every: u64,
        /// How many times.
        times: u32,
    },
}

impl Turn {
    /// Makes a turn that is said at once, cut into segments as they come.
    pub const fn say(way: Way, think: u64, pieces: Vec<Piece>) -> Self {
        Self::Say { way, think, pieces, first_segment: None }
    }

    const fn way(&self) -> Way {
        match self {
            Self::Say { way, .. }
            | Self::Shut { way, .. }
            | Self::Reset { way, .. }
            | Self::KeepAlive { way, .. } => *way,
        }
    }

    const fn think(&self) -> u64 {
        match self {
            Self::Say { think, .. } | Self::Shut { think, .. } | Self::Reset { think, .. } => *think,
            Self::KeepAlive { every, .. } => *every,
        }
    }
}

/// What befalls a data segment the first time it is sent. What is sent again always arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is lost before the tap: the tap sees a hole.
    LostBefore,
    /// It is lost behind the tap: the tap sees it twice.
    LostBehind,
    /// It is so many nanoseconds late before the tap, and overtaken by those behind it.
    Late(u64),
    /// It arrives, and is sent again all the same so many nanoseconds later.
    SentAgain(u64),
    /// It arrives, and the capture misses it.
    Missed,
}

/// A fate asked for: what befalls data segment number `segment`, counted from 0, of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Who sends the segment.
    pub way: Way,
    /// Its number among the data segments of that side, from 0.
    pub segment: u64,
    /// What befalls it.
    pub fate: Fate,
}

/// How likely each fate is for the data segments of a side, in parts of a million.
///
/// The first segments of a side are spared, because a hole in the greeting of a protocol hides what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chances {
    /// How many segments are spared.
    pub spared: u64,
    /// Of being lost before the tap.
    pub lost_before: u32,
    /// Of being lost behind it.
    pub lost_behind: u32,
    /// Of being overtaken.
    pub late: u32,
    /// Of being sent again without need.
    pub sent_again: u32,
}

impl Chances {
    fn draw(&self, segment: u64, rng: &mut Rng, pace: u64) -> Option<Fate> {
        if *self == Self::default() || segment < self.spared {
            return None;
        }
        let drawn = rng.below(crate::PARTS);
        let mut bound = 0;
        let mut within = |parts: u32| {
            bound += u64::from(parts);
            drawn < bound
        };
        if within(self.lost_before) {
            Some(Fate::LostBefore)
        } else if within(self.lost_behind) {
            Some(Fate::LostBehind)
        } else if within(self.late) {
            // One to two segments behind it overtake it.
            Some(Fate::Late(pace * rng.between(3, 5) / 2))
        } else if within(self.sent_again) {
            Some(Fate::SentAgain(rng.between(250_000_000, 400_000_000)))
        } else {
            None
        }
    }
}

/// A side that stops to read what it is sent, until its window is closed and for some time more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stall {
    /// Whose words are not read.
    pub way: Way,
    /// How many bytes of them are read before.
    pub after: u64,
    /// How long nothing is read, in nanoseconds.
    pub lasting: u64,
}

/// Everything that makes a connection what it is.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The two ends.
    pub path: Path,
    /// What its packets are counted as.
    pub label: Label,
    /// From the client to the tap, one way, in nanoseconds.
    pub near: u64,
    /// From the tap to the server, one way, in nanoseconds.
    pub far: u64,
    /// How much longer a segment may take to the tap, in nanoseconds; none overtakes another by it.
    pub jitter: u64,
    /// The client's stack.
    pub client: Stack,
    /// The server's stack.
    pub server: Stack,
    /// How it begins.
    pub open: Open,
    /// Whether an earlier connection had the same addresses and ports.
    pub reuses_port: bool,
    /// What is said; a connection whose last turn is no [`Turn::Shut`] of both sides or [`Turn::Reset`] stays open.
    pub turns: Vec<Turn>,
    /// What befalls chosen segments.
    pub faults: Vec<Fault>,
    /// What may befall the client's segments.
    pub client_chances: Chances,
    /// What may befall the server's segments.
    pub server_chances: Chances,
    /// Who stops to read, in order of place.
    pub stalls: Vec<Stall>,
}

impl Setup {
    /// Makes a connection that goes well between two stacks of today, 1 ms before and 9 ms behind the tap.
    pub fn new(path: Path, label: Label) -> Self {
        Self {
            path,
            label,
            near: 1_000_000,
            far: 9_000_000,
            jitter: 0,
            client: Stack::default(),
            server: Stack::default(),
            open: Open::Handshake,
            reuses_port: false,
            turns: Vec::new(),
            faults: Vec::new(),
            client_chances: Chances::default(),
            server_chances: Chances::default(),
            stalls: Vec::new(),
        }
    }

    /// Adds a turn.
    #[must_use]
    pub fn turn(mut self, turn: Turn) -> Self {
        self.turns.push(turn);
        self
    }

    /// Adds that a side says something after a time of thought.
    #[must_use]
    pub fn say(self, way: Way, think: u64, pieces: Vec<Piece>) -> Self {
        self.turn(Turn::say(way, think, pieces))
    }

    /// Adds that both sides have no more to say, the one named first.
    #[must_use]
    pub fn close(self, first: Way) -> Self {
        self.turn(Turn::Shut { way: first, think: 200_000 })
            .turn(Turn::Shut { way: first.back(), think: 200_000 })
    }

    /// Adds a fault.
    #[must_use]
    pub fn fault(mut self, way: Way, segment: u64, fate: Fate) -> Self {
        self.faults.push(Fault { way, segment, fate });
        self
    }
}
