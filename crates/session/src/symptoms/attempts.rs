//! Services and how connections to them went.

use std::cmp::Reverse;
use std::hash::Hasher;
use std::net::IpAddr;

use netsonde_dissect::Protocol;
use netsonde_flow::{FlowRow, State};
use netsonde_units::Timestamp;

use super::Unanswered;
use crate::largest::keep_first;
use crate::limits::{SERVICES_TRIED, TOLD_SERVICES};
use crate::parts;
use crate::ranked::{Key, Ranked, Weight};

/// What became of a conversation that somebody asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The server spoke.
    Answered,
    /// Nobody did, for as long as an answer may take.
    Unanswered,
    /// The server, or somebody on the way, said no.
    Refused,
}

impl Outcome {
    /// Tells what became of a conversation; none while nobody knows, and where nobody is asked for an answer.
    pub(super) fn of(row: &FlowRow) -> Option<Self> {
        let is_heard = row.down.volume.packets > 0;
        match row.state {
            Some(State::Refused) => Some(Self::Refused),
            Some(State::Opening | State::TimedOut) if row.is_unreachable => Some(Self::Refused),
            Some(State::TimedOut) => Some(Self::Unanswered),
            Some(State::Established | State::Closing | State::Closed | State::Reset) => {
                is_heard.then_some(Self::Answered)
            }
            // Of datagrams without an answer nobody knows whether they wanted one.
            None if row.transport == Protocol::Udp && is_heard => Some(Self::Answered),
            None if row.transport == Protocol::Udp && row.is_unreachable => Some(Self::Refused),
            Some(State::Opening) | None => None,
        }
    }

    pub(super) const fn is_failure(self) -> bool {
        match self {
            Self::Unanswered | Self::Refused => true,
            Self::Answered => false,
        }
    }
}

/// What was known of a conversation's outcome, and what is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(super) before: Option<Outcome>,
    pub(super) after: Option<Outcome>,
}

impl Change {
    pub(crate) fn was_answered(self) -> bool {
        self.before == Some(Outcome::Answered)
    }

    pub(crate) fn is_answered(self) -> bool {
        self.after == Some(Outcome::Answered)
    }
}

/// A conversation that came to nothing, in order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Failure {
    pub(super) at: Timestamp,
    pub(super) flow: u64,
    pub(super) client: IpAddr,
}

impl Failure {
    pub(super) fn of(row: &FlowRow) -> Self {
        Self { at: row.last_seen, flow: row.id.serial, client: row.client_address() }
    }
}

/// Returns a time in milliseconds since the epoch; none where nobody knew it.
pub(super) fn milliseconds(at: Timestamp) -> Option<f64> {
    (at > Timestamp::EPOCH).then(|| parts::milliseconds(at))
}

/// Connections by server and port, and how they went.
#[derive(Debug)]
pub(super) struct Attempts {
    services: Ranked<Service, Sums>,
    pub(super) dropped: u64,
}

/// A server's address and port.
type Service = (IpAddr, u16);

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    answered: u64,
    unanswered: u64,
    refused: u64,
    /// When the first of those began that came to nothing.
    first: Option<Timestamp>,
    last: Option<Failure>,
}

impl Sums {
    const fn failed(&self) -> u64 {
        self.unanswered + self.refused
    }

    const fn tried(&self) -> u64 {
        self.answered + self.failed()
    }

    const fn of(&mut self, outcome: Outcome) -> &mut u64 {
        match outcome {
            Outcome::Answered => &mut self.answered,
            Outcome::Unanswered => &mut self.unanswered,
            Outcome::Refused => &mut self.refused,
        }
    }
}

/// How many answered attempts an unanswered one outweighs where a service has to give way.
const FAILURE_WEIGHT: u64 = 16;

impl Weight for Sums {
    fn weight(&self) -> u64 {
        self.answered + FAILURE_WEIGHT * self.failed()
    }
}

impl Key for Service {
    fn feed(&self, hasher: &mut impl Hasher) {
        self.0.feed(hasher);
        hasher.write_u16(self.1);
    }
}

impl Attempts {
    pub(super) fn new() -> Self {
        Self { services: Ranked::new(SERVICES_TRIED), dropped: 0 }
    }

    /// Takes in what became of a conversation.
    pub(super) fn change(&mut self, row: &FlowRow, change: Change) {
        let Some(port) = row.key.port(row.client.other()) else { return };
        let (_, sums, dropped) = self.services.entry((row.server_address(), port), 0);
        self.dropped += u64::from(dropped.is_some());
        let Some(sums) = sums else { return };
        if let Some(before) = change.before {
            // The service may have given way in between.
            let count = sums.of(before);
            *count = count.saturating_sub(1);
        }
        if let Some(after) = change.after {
            *sums.of(after) += 1;
            if after.is_failure() {
                sums.first = Some(sums.first.map_or(row.first_seen, |first| first.min(row.first_seen)));
                sums.last = sums.last.max(Some(Failure::of(row)));
            }
        }
    }

    /// Returns the services that most connections came to nothing at.
    pub(super) fn told(&self) -> Vec<Unanswered> {
        let mut services: Vec<_> =
            self.services.entries().iter().filter(|(_, sums)| sums.failed() > 0).collect();
        let rank = |(service, sums): &&(Service, Sums)| (Reverse(sums.failed()), *service);
        keep_first(&mut services, TOLD_SERVICES, rank);
        services.sort_unstable_by_key(rank);
        services.into_iter().filter_map(|(service, sums)| told(*service, sums)).collect()
    }
}

fn told((address, port): Service, sums: &Sums) -> Option<Unanswered> {
    let last = sums.last?;
    Some(Unanswered {
        address,
        port,
        tried: sums.tried(),
        unanswered: sums.unanswered,
        refused: sums.refused,
        client: last.client,
        flow: last.flow,
        first_ms: sums.first.and_then(milliseconds),
        last_ms: milliseconds(last.at),
    })
}
