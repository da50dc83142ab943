//! The conversations as last published, and sums over them: hosts and talkers, kept from the rows that each tick touches.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;

use netsonde_flow::{FlowRow, LocalNetworks, Sent, Side, Slab};
use netsonde_units::{Timestamp, Volume};

use crate::Talker;
use crate::active::Active;
use crate::clear_text::ClearText;
use crate::limits::{Limits, TOP_HOSTS, TOP_TALKERS};
use crate::pace::Pace;
use crate::ranked::{Place, Ranked, Weight};
use crate::top::Top;

/// What one address received and sent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HostSums {
    pub(crate) received: Volume,
    pub(crate) sent: Volume,
}

impl Weight for HostSums {
    fn weight(&self) -> u64 {
        self.received.bytes + self.sent.bytes
    }
}

/// What two addresses sent to each other.
#[derive(Clone, Copy, Debug, Default)]
struct TalkerSums {
    from_low: Volume,
    from_high: Volume,
}

impl TalkerSums {
    const fn sent_by(&self, side: Side) -> Volume {
        match side {
            Side::Low => self.from_low,
            Side::High => self.from_high,
        }
    }

    const fn sent_by_mut(&mut self, side: Side) -> &mut Volume {
        match side {
            Side::Low => &mut self.from_low,
            Side::High => &mut self.from_high,
        }
    }
}

impl Weight for TalkerSums {
    fn weight(&self) -> u64 {
        self.from_low.bytes + self.from_high.bytes
    }
}

/// The lower and the higher address of conversations.
type Pair = (IpAddr, IpAddr);

/// A conversation as last published, and where its sums were found.
#[derive(Debug)]
struct Kept {
    row: FlowRow,
    hosts: [Place; 2],
    talkers: Place,
    /// What it sent lately, in sessions that go at the pace of time.
    pace: Option<Box<Pace>>,
}

/// A conversation in the list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed<'a> {
    pub(crate) row: &'a FlowRow,
    pub(crate) pace: Option<&'a Pace>,
}

/// Where a conversation stands in the list until the next row comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FlowPlace {
    Current(u32),
    Ended(usize),
}

/// All conversations as last published, and the sums over them.
#[derive(Debug)]
pub(crate) struct View {
    limits: Limits,
    /// By place in the flow table.
    current: Slab<Option<Kept>>,
    ended: VecDeque<FlowRow>,
    pub(crate) flows_dropped: u64,
    hosts: Ranked<IpAddr, HostSums>,
    pub(crate) hosts_dropped: u64,
    talkers: Ranked<Pair, TalkerSums>,
    pub(crate) talkers_dropped: Volume,
    top_hosts: Top<Place, TOP_HOSTS>,
    top: Top<(Place, Side), TOP_TALKERS>,
    top_from_local: Top<(Place, Side), TOP_TALKERS>,
    has_local: bool,
    has_remote: bool,
    pub(crate) active: Active,
    pub(crate) clear_text: ClearText,
    /// The session's time as of the last tick.
    pub(crate) now: Timestamp,
    /// Whether what conversations sent lately is kept.
    pub(crate) is_paced: bool,
    pub(crate) local: Arc<LocalNetworks>,
}

impl View {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            current: Slab::default(),
            ended: VecDeque::new(),
            flows_dropped: 0,
            hosts: Ranked::new(limits.hosts),
            hosts_dropped: 0,
            talkers: Ranked::new(limits.talkers),
            talkers_dropped: Volume::ZERO,
            top_hosts: Top::default(),
            top: Top::default(),
            top_from_local: Top::default(),
            has_local: false,
            has_remote: false,
            active: Active::default(),
            clear_text: ClearText::new(),
            now: Timestamp::EPOCH,
            is_paced: false,
            local: Arc::default(),
        }
    }

    /// Takes in a row: what it adds to the previous one goes to both hosts and both directed pairs.
    pub(crate) fn update(&mut self, row: &FlowRow) {
        while self.current.len() <= row.id.slot {
            self.current.push(None);
        }
        let Some(place) = self.current.get_mut(row.id.slot) else { return };
        let (previous, pace) = match place.take() {
            Some(kept) if kept.row.id.serial == row.id.serial => (Some(kept), None),
            Some(replaced) => {
                self.list_as_ended(&replaced.row);
                (None, replaced.pace)
            }
            None => (None, None),
        };
        self.clear_text.add(previous.as_ref().map(|kept| &kept.row), row);
        self.active.spoke(previous.as_ref().map(|kept| kept.row.last_seen), row.last_seen);
        let mut kept = previous.unwrap_or_else(|| Kept {
            row: FlowRow { up: Sent::default(), down: Sent::default(), ..*row },
            hosts: [0; 2],
            talkers: 0,
            pace: self.is_paced.then(|| emptied(pace)),
        });
        if let Some(pace) = &mut kept.pace {
            let sent = |now: &Sent, before: &Sent| (now.volume - before.volume).bytes;
            pace.add(row.last_seen, sent(&row.up, &kept.row.up), sent(&row.down, &kept.row.down));
        }
        let added = TalkerSums {
            from_low: sent_by(row, Side::Low).volume - sent_by(&kept.row, Side::Low).volume,
            from_high: sent_by(row, Side::High).volume - sent_by(&kept.row, Side::High).volume,
        };
        // A tunnel's row owns nothing: its ends are no hosts by it.
        if !(added.from_low.is_zero() && added.from_high.is_zero()) {
            self.add_hosts(&mut kept, &added);
            self.add_talkers(&mut kept, &added);
        }
        kept.row = *row;
        if let Some(place) = self.current.get_mut(row.id.slot) {
            *place = Some(kept);
        }
    }

    /// Returns all conversations still listed and where they stand, in no order.
    pub(crate) fn listed(&self) -> impl Iterator<Item = (FlowPlace, Listed<'_>)> {
        let current = (0..).zip(self.current.iter()).filter_map(|(slot, kept)| {
            let Kept { row, pace, .. } = kept.as_ref()?;
            Some((FlowPlace::Current(slot), Listed { row, pace: pace.as_deref() }))
        });
        let ended = self.ended.iter().enumerate();
        current.chain(ended.map(|(number, row)| (FlowPlace::Ended(number), Listed { row, pace: None })))
    }

    /// Returns the conversation that stands there.
    pub(crate) fn at(&self, place: FlowPlace) -> Option<Listed<'_>> {
        match place {
            FlowPlace::Current(slot) => {
                let Kept { row, pace, .. } = self.current.get(slot)?.as_ref()?;
                Some(Listed { row, pace: pace.as_deref() })
            }
            FlowPlace::Ended(number) => Some(Listed { row: self.ended.get(number)?, pace: None }),
        }
    }

    /// Returns all addresses, in no order.
    pub(crate) const fn hosts(&self) -> &Slab<(IpAddr, HostSums)> {
        self.hosts.entries()
    }

    /// Returns the addresses with the most bytes, largest first.
    pub(crate) fn top_hosts(&self) -> Vec<&(IpAddr, HostSums)> {
        let mut hosts: Vec<_> = self.top_hosts.entries().filter_map(|&place| self.hosts.get(place)).collect();
        hosts.sort_unstable_by_key(|(address, sums)| (std::cmp::Reverse(sums.weight()), *address));
        hosts
    }

    /// Returns the largest directed pairs: those whose source is local, or all where no address is local or every
    /// one is.
    pub(crate) fn top_talkers(&self) -> Vec<Talker> {
        let top = if self.has_local && self.has_remote { &self.top_from_local } else { &self.top };
        let mut talkers: Vec<_> = top
            .entries()
            .filter_map(|&(place, side)| {
                let ((low, high), sums) = *self.talkers.get(place)?;
                let (source, destination) = match side {
                    Side::Low => (low, high),
                    Side::High => (high, low),
                };
                Some(Talker { source, destination, volume: sums.sent_by(side) })
            })
            .collect();
        talkers.sort_unstable_by_key(|talker| {
            (std::cmp::Reverse(talker.volume.bytes), talker.source, talker.destination)
        });
        talkers
    }

    fn list_as_ended(&mut self, row: &FlowRow) {
        if self.ended.len() >= self.limits.ended_flows {
            self.ended.pop_front();
            self.flows_dropped += 1;
        }
        self.ended.push_back(*row);
    }

    fn add_hosts(&mut self, kept: &mut Kept, added: &TalkerSums) {
        let Kept { row, hosts: [low, high], .. } = kept;
        self.add_host(row.key.address(Side::Low), low, added.from_low, added.from_high);
        self.add_host(row.key.address(Side::High), high, added.from_high, added.from_low);
    }

    fn add_talkers(&mut self, kept: &mut Kept, added: &TalkerSums) {
        let pair = (kept.row.key.address(Side::Low), kept.row.key.address(Side::High));
        let (place, sums, dropped) = self.talkers.entry(pair, kept.talkers);
        kept.talkers = place;
        if let Some((_, dropped)) = dropped {
            self.talkers_dropped += dropped.from_low + dropped.from_high;
            self.top.forget(|&(held, _)| held == place);
            self.top_from_local.forget(|&(held, _)| held == place);
        }
        let Some(sums) = sums else { return };
        for (sender, source) in [(Side::Low, pair.0), (Side::High, pair.1)] {
            if added.sent_by(sender).is_zero() {
                continue;
            }
            // What an address sends to itself, from whichever port, is one directed pair.
            let side = if pair.0 == pair.1 { Side::Low } else { sender };
            *sums.sent_by_mut(side) += added.sent_by(sender);
            let bytes = sums.sent_by(side).bytes;
            self.top.offer((place, side), bytes);
            if self.top_from_local.would_take(bytes)
                && (source.is_unspecified() || self.local.contains(source))
            {
                self.top_from_local.offer((place, side), bytes);
            }
        }
    }

    fn add_host(&mut self, address: IpAddr, place: &mut Place, sent: Volume, received: Volume) {
        let (found, host, dropped) = self.hosts.entry(address, *place);
        *place = found;
        if dropped.is_some() {
            self.hosts_dropped += 1;
            self.top_hosts.forget(|&held| held == found);
        }
        if let Some(host) = host {
            if host.weight() == 0 {
                let is_local = address.is_unspecified() || self.local.contains(address);
                self.has_local |= is_local;
                self.has_remote |= !is_local && !address.is_multicast();
            }
            host.sent += sent;
            host.received += received;
            self.top_hosts.offer(found, host.weight());
        }
    }
}

/// Returns what was kept of another conversation, to begin anew with, or what takes its place.
#[expect(clippy::unnecessary_box_returns, reason = "it is the allocation that is used again")]
fn emptied(pace: Option<Box<Pace>>) -> Box<Pace> {
    let mut pace = pace.unwrap_or_default();
    *pace = Pace::default();
    pace
}

const fn sent_by(row: &FlowRow, side: Side) -> &Sent {
    match (row.client, side) {
        (Side::Low, Side::Low) | (Side::High, Side::High) => &row.up,
        (Side::Low, Side::High) | (Side::High, Side::Low) => &row.down,
    }
}
