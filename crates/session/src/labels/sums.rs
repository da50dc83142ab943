//! Sums over conversations by application, and by address and application.

use std::net::IpAddr;

use netsonde_flow::FlowRow;
use netsonde_messages::EvidenceKind;
use netsonde_units::{Timestamp, Volume};

use super::{AppNumber, Label};
use crate::active::LatelyActive;
use crate::limits::APPS_OF_HOST;
use crate::pace::Pace;
use crate::ranked::Place;

/// Kinds of evidence, those of an unknown application among them.
pub(crate) const KINDS: [EvidenceKind; 9] = [
    EvidenceKind::Rule,
    EvidenceKind::TlsSni,
    EvidenceKind::QuicSni,
    EvidenceKind::HttpHost,
    EvidenceKind::Dns,
    EvidenceKind::Signature,
    EvidenceKind::AddressRange,
    EvidenceKind::Port,
    EvidenceKind::None,
];

/// What the conversations of one application have moved.
#[derive(Debug, Default)]
pub(crate) struct AppSums {
    pub(crate) flows: u64,
    pub(crate) up: Volume,
    pub(crate) down: Volume,
    /// Conversations by what told the application, in the order of [`KINDS`].
    pub(crate) told_by: [u64; KINDS.len()],
    pub(crate) active: LatelyActive,
    pub(crate) pace: Pace,
}

impl AppSums {
    /// Returns what both ends have sent.
    pub(crate) fn volume(&self) -> Volume {
        self.up + self.down
    }

    /// Returns the bits per second of both ends over the last seconds, and in steps before; none where nothing goes at the
    /// pace of time.
    pub(crate) fn rates(&self, now: Timestamp, is_paced: bool) -> (Option<f64>, Vec<f64>) {
        if !is_paced {
            return (None, Vec::new());
        }
        let (up, down) = self.pace.throughput_bps(now);
        (Some(up + down), self.pace.steps_bps(now))
    }

    fn told_by(&mut self, kind: EvidenceKind) -> Option<&mut u64> {
        let place = KINDS.iter().position(|&known| known == kind)?;
        self.told_by.get_mut(place)
    }
}

/// What one conversation adds to its application since the row before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Added {
    pub(crate) up: Volume,
    pub(crate) down: Volume,
    /// When it spoke last, by the row before.
    pub(crate) spoke_before: Option<Timestamp>,
    pub(crate) spoke: Timestamp,
}

/// The applications that one address has taken part in.
#[derive(Debug)]
struct HostApps {
    address: IpAddr,
    apps: Vec<AppOfHost>,
}

/// What an address has moved for one application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AppOfHost {
    pub(crate) app: AppNumber,
    /// Conversations.
    pub(crate) flows: u32,
    /// Bytes to and from it.
    pub(crate) bytes: u64,
}

/// What a conversation has, or adds, of an application at one end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfApp {
    pub(crate) app: Option<AppNumber>,
    /// 1 for a conversation that is new there, else 0.
    pub(crate) flows: u32,
    pub(crate) bytes: u64,
}

/// All sums. A conversation is in those of one label; one that is labelled anew takes all that it ever added with it.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    of_app: Vec<Option<Box<AppSums>>>,
    unlabelled: AppSums,
    /// By place in the table of hosts, where there are any.
    of_host: Vec<Option<Box<HostApps>>>,
}

impl Sums {
    /// Returns the sums of an application; none where it has never had a conversation.
    pub(crate) fn of(&self, app: AppNumber) -> Option<&AppSums> {
        self.of_app.get(app.place())?.as_deref()
    }

    /// Returns the sums of the conversations of which the application is not known.
    pub(crate) const fn unlabelled(&self) -> &AppSums {
        &self.unlabelled
    }

    /// Tells whether nothing is in an application's sums.
    pub(crate) fn is_empty(&self, app: AppNumber) -> bool {
        self.of(app).is_none_or(|sums| sums.flows == 0 && sums.volume().is_zero())
    }

    /// Takes in a new conversation.
    pub(crate) fn begin(&mut self, label: Label) {
        if let Some(sums) = self.of_mut(label) {
            sums.flows += 1;
            sums.told_by(label.kind).into_iter().for_each(|count| *count += 1);
        }
    }

    /// Adds what a conversation has sent.
    pub(crate) fn add(&mut self, label: Label, added: &Added, is_paced: bool) {
        let Some(sums) = self.of_mut(label) else { return };
        sums.up += added.up;
        sums.down += added.down;
        sums.active.spoke(added.spoke_before, added.spoke);
        if is_paced {
            sums.pace.add(added.spoke, added.up.bytes, added.down.bytes);
        }
    }

    /// Moves a conversation, as it stands, from one label to another. What was sent lately stays where it was judged
    /// then, so that a move is never seen as a burst.
    pub(crate) fn move_over(&mut self, from: Label, to: Label, row: &FlowRow) {
        if let Some(sums) = self.of_mut(from) {
            sums.flows = sums.flows.saturating_sub(1);
            sums.told_by(from.kind).into_iter().for_each(|count| *count = count.saturating_sub(1));
            sums.up -= row.up.volume;
            sums.down -= row.down.volume;
            sums.active.left(row.last_seen);
        }
        self.begin(to);
        if let Some(sums) = self.of_mut(to) {
            sums.up += row.up.volume;
            sums.down += row.down.volume;
            sums.active.spoke(None, row.last_seen);
        }
    }

    /// Adds to an address what went to and from it for an application.
    pub(crate) fn add_to_host(&mut self, place: Place, address: IpAddr, added: OfApp) {
        let OfApp { app, flows, bytes } = added;
        let Some(app) = app.filter(|_| bytes > 0) else { return };
        let Some(host) = self.host_mut(place) else { return };
        // An address that made room for another in the table of hosts leaves its sums behind.
        let host = match host {
            Some(host) if host.address == address => host,
            _ => host.insert(Box::new(HostApps { address, apps: Vec::new() })),
        };
        if let Some(held) = host.apps.iter_mut().find(|held| held.app == app) {
            held.flows = held.flows.saturating_add(flows);
            held.bytes = held.bytes.saturating_add(bytes);
            return;
        }
        if host.apps.len() >= APPS_OF_HOST
            && let Some(smallest) =
                (0..host.apps.len()).min_by_key(|&place| host.apps.get(place).map(|held| held.bytes))
        {
            host.apps.swap_remove(smallest);
        }
        host.apps.push(AppOfHost { app, flows, bytes });
    }

    /// Takes from an address what went to and from it for an application.
    pub(crate) fn take_from_host(&mut self, place: Place, address: IpAddr, taken: OfApp) {
        if let Some(app) = taken.app
            && let Some(Some(host)) = self.host_mut(place)
            && host.address == address
            && let Some(held) = host.apps.iter_mut().find(|held| held.app == app)
        {
            held.flows = held.flows.saturating_sub(taken.flows);
            held.bytes = held.bytes.saturating_sub(taken.bytes);
        }
    }

    /// Returns the applications of an address with the most bytes, the largest first.
    pub(crate) fn of_host(&self, place: Place, address: IpAddr, most: usize) -> Vec<AppOfHost> {
        let mut apps: Vec<_> = self.each_of_host(place, address).copied().collect();
        apps.sort_unstable_by_key(|app| (std::cmp::Reverse(app.bytes), app.app));
        apps.truncate(most);
        apps
    }

    /// Returns the applications of an address, in no order.
    pub(crate) fn each_of_host(&self, place: Place, address: IpAddr) -> impl Iterator<Item = &AppOfHost> {
        let host = usize::try_from(place).ok().and_then(|place| self.of_host.get(place)?.as_deref());
        let host = host.filter(|host| host.address == address);
        host.into_iter().flat_map(|host| &host.apps).filter(|app| app.bytes > 0)
    }

    /// Counts the conversations of an application that spoke lately, or those of which it is not known.
    pub(crate) fn active(&mut self, app: Option<AppNumber>, now: Timestamp) -> u64 {
        let sums = match app {
            Some(app) => self.of_app.get_mut(app.place()).and_then(Option::as_deref_mut),
            None => Some(&mut self.unlabelled),
        };
        sums.map_or(0, |sums| sums.active.count(now))
    }

    fn of_mut(&mut self, label: Label) -> Option<&mut AppSums> {
        let Some(app) = label.app else { return Some(&mut self.unlabelled) };
        if self.of_app.len() <= app.place() {
            self.of_app.resize_with(app.place() + 1, || None);
        }
        self.of_app.get_mut(app.place()).map(|sums| &mut **sums.get_or_insert_default())
    }

    fn host_mut(&mut self, place: Place) -> Option<&mut Option<Box<HostApps>>> {
        let place = usize::try_from(place).ok()?;
        if self.of_host.len() <= place {
            self.of_host.resize_with(place + 1, || None);
        }
        self.of_host.get_mut(place)
    }
}
