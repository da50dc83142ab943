//! What a worker accumulates.

use netsonde_flow::{FlowCounters, Recognition};
use netsonde_units::{Per, Volume};

use crate::calculator::{Layer, Protocol, Reason};
use crate::{Kind, Overall, Quality, Sums, TimeSpan};

/// Packets by what was wrong with them.
type ByReason = Per<Reason, u64, { Reason::COUNT }>;

/// What was odd about packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Oddities {
    /// Packets of which the capture kept a part only.
    pub truncated: u64,
    /// Packets that stopped early, by layer and reason.
    pub stopped: Per<Layer, ByReason, { Layer::COUNT }>,
    /// Packets longer than any frame on a wire: joined by the network card or the kernel.
    pub super_packets: u64,
    /// Packets of this program's own traffic, which are in no other number.
    pub own: u64,
}

impl Oddities {
    /// Returns how many packets broke a rule themselves, rather than being cut or not supported.
    pub fn malformed(&self) -> u64 {
        self.stopped_for(Reason::is_packets_fault)
    }

    /// Returns how many packets have a link layer that is not read.
    pub fn not_understood(&self) -> u64 {
        self.stopped_for(|reason| reason == Reason::NotSupported)
    }

    fn stopped_for(&self, counts: impl Fn(Reason) -> bool) -> u64 {
        let reasons = || Reason::ALL.into_iter().filter(|&reason| counts(reason));
        self.stopped
            .values()
            .iter()
            .map(|by_reason| reasons().map(|reason| by_reason[reason]).sum::<u64>())
            .sum()
    }

    fn merge(&mut self, other: &Self) {
        self.truncated += other.truncated;
        self.super_packets += other.super_packets;
        self.own += other.own;
        self.stopped.zip_with(&other.stopped, |mine, theirs| mine.zip_with(theirs, |a, b| *a += b));
    }
}

/// What recognition has moved between classes, as differences modulo 2^64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moved {
    protocols: Per<Protocol, Volume, { Protocol::COUNT }>,
    encrypted: Volume,
}

impl Moved {
    pub(crate) fn apply(&mut self, recognition: &Recognition) {
        self.protocols[recognition.from] -= recognition.moved;
        self.protocols[recognition.to] += recognition.moved;
        self.encrypted += recognition.encrypted;
    }

    /// Returns what was moved to a kind, less what was moved from it.
    fn kind(&self, kind: Kind) -> Volume {
        let protocols =
            Protocol::ALL.iter().filter(|protocol| Kind::of_class(protocol.class()) == Some(kind));
        protocols.map(|&protocol| self.protocols[protocol]).sum()
    }

    fn merge(&mut self, other: &Self) {
        self.protocols.zip_with(&other.protocols, |a, b| *a += *b);
        self.encrypted += other.encrypted;
    }
}

/// Everything one worker has accumulated. Tallies of several workers merge in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// When was measured.
    pub span: TimeSpan,
    /// Sums as judged when each packet came.
    pub judged: Sums,
    /// The same for the last second; none before a quarter of one has passed.
    pub window: Option<Sums>,
    /// How well the network did.
    pub quality: Quality,
    /// What no second keeps of that.
    pub overall: Overall,
    /// The same of the open second and the four before it.
    pub recent: Quality,
    /// What recognition moved since.
    pub(crate) moved: Moved,
    /// What the flow tables counted.
    pub flows: FlowCounters,
    /// Records in the flow tables.
    pub records: u64,
    /// Those of them that are open: their conversations spoke within their time-outs.
    pub open: u64,
    /// What was odd.
    pub odd: Oddities,
}

impl Tally {
    /// Adds what another worker accumulated over the same time.
    pub fn merge(&mut self, other: &Self) {
        self.span.merge(&other.span);
        self.judged.add(&other.judged);
        if let Some(theirs) = &other.window {
            self.window.get_or_insert_default().add(theirs);
        }
        self.quality.add(&other.quality);
        self.overall.merge(&other.overall);
        self.recent.add(&other.recent);
        self.moved.merge(&other.moved);
        self.flows.merge(&other.flows);
        self.records += other.records;
        self.open += other.open;
        self.odd.merge(&other.odd);
    }

    /// Returns the volume of a protocol, with all that was recognised later moved to it.
    pub fn protocol(&self, protocol: Protocol) -> Volume {
        self.judged.protocols[protocol] + self.moved.protocols[protocol]
    }

    /// Returns the inclusive volume of a kind, with all that was recognised later moved to it.
    pub fn kind(&self, kind: Kind) -> Volume {
        self.judged.kind(kind) + self.moved.kind(kind)
    }

    /// Returns the volume of encrypted conversations, with what came before their recognition.
    pub fn encrypted(&self) -> Volume {
        self.judged.encrypted + self.moved.encrypted
    }
}
