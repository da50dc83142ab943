//! What conversations are told to be: names, clues and rules come in here and find those they are about.

use std::net::IpAddr;

use netsonde_flow::{Clue, Credit, DhcpPart, DhcpTells, FlowId, FlowRow, Side};
use netsonde_units::Timestamp;

use super::{Ended, FlowPlace, Kept, View};
use crate::labels::rules::Rules;
use crate::labels::{Identity, Label, Labels, OfApp, is_accepted};
use crate::names::Answer;
use crate::places::Standing;
use crate::ranked::Place;
use crate::totals::{Places, Totals};

/// A conversation in the list, to be labelled.
struct Labelled<'a> {
    row: &'a FlowRow,
    places: &'a Places,
    totals: &'a Totals,
    identity: &'a mut Identity,
}

impl View {
    /// Takes what an answer told: conversations that wait for the name get it when names are settled.
    pub(crate) fn learn(&mut self, mut answer: Answer<'_>) {
        if answer.credit == Credit::Other && self.is_elsewhere(answer.address) {
            answer.credit = Credit::Nothing;
        }
        let is_first = self.labels.names.told.is_empty();
        self.labels.names.learn(&answer);
        if !answer.is_told() {
            return;
        }
        if is_first {
            self.find_names();
            return;
        }
        self.labels.note_told(answer.client, answer.address);
    }

    /// Takes a part of an exchange of DHCP; a server gives addresses of its own network.
    pub(crate) fn lease(&mut self, part: DhcpPart) {
        let is_elsewhere = matches!(part.tells, DhcpTells::Address(address) if self.is_elsewhere(address));
        if !is_elsewhere {
            self.labels.names.lease(part);
        }
    }

    /// Tells whether an address is one of the Internet that is not ours: nobody of the link can say for another what it is
    /// called.
    fn is_elsewhere(&self, address: IpAddr) -> bool {
        Standing::of(address, &self.local) == Standing::Global
    }

    /// Takes what a conversation's own payload told.
    pub(crate) fn take_clue(&mut self, about: FlowId, clue: Clue, at: Timestamp) {
        let Some(place) = self.place_of(about) else {
            // One whose place another has taken, and that is not listed any more, never comes.
            if !self.is_past(about) {
                self.labels.keep_for_later(about.serial, clue, at);
            }
            return;
        };
        let Some((labels, labelled)) = self.labelled(place) else { return };
        let known = labelled.identity.known.get_or_insert_default();
        let says_who = !matches!(clue, Clue::Server(_));
        known.add(clue, at);
        if says_who {
            labels.call(labelled.row, known);
            decide_again(labels, labelled);
        }
    }

    /// Ends a tick: conversations get the names that their clients, or everybody, were told.
    pub(crate) fn settle_names(&mut self) {
        for flow in self.labels.named_since() {
            if let Some(place) = self.place_of(flow) {
                self.name_one(place);
            }
        }
    }

    /// Replaces the user's rules and labels everything listed by them.
    pub(crate) fn set_rules(&mut self, rules: Rules) {
        self.labels.set_rules(rules);
        for place in self.places() {
            if let Some((labels, labelled)) = self.labelled(place) {
                decide_again(labels, labelled);
            }
        }
    }

    /// Looks for the names of everything listed: there was nothing to look in when the conversations began.
    fn find_names(&mut self) {
        for place in self.places() {
            self.name_one(place);
        }
    }

    fn name_one(&mut self, place: FlowPlace) {
        let now = self.now;
        let Some((labels, labelled)) = self.labelled(place) else { return };
        if labels.find_name(labelled.row, labelled.identity, now) {
            decide_again(labels, labelled);
        }
    }

    /// Returns where all conversations stand that are listed.
    fn places(&self) -> impl Iterator<Item = FlowPlace> + use<> {
        let current = (0..self.current.len()).map(FlowPlace::Current);
        current.chain((0..self.ended.len()).map(FlowPlace::Ended))
    }

    pub(crate) fn place_of(&self, flow: FlowId) -> Option<FlowPlace> {
        let is_it = |kept: &Kept| kept.row.id.serial == flow.serial;
        if self.current.get(flow.slot).and_then(Option::as_ref).is_some_and(is_it) {
            return Some(FlowPlace::Current(flow.slot));
        }
        let before = self.ended_before.get(&flow.serial)?.checked_sub(self.flows_dropped)?;
        usize::try_from(before).ok().map(FlowPlace::Ended)
    }

    /// Tells whether another conversation has taken the place of this one.
    fn is_past(&self, flow: FlowId) -> bool {
        let holder = self.current.get(flow.slot).and_then(Option::as_ref);
        holder.is_some_and(|holder| holder.row.id.serial > flow.serial)
    }

    fn labelled(&mut self, place: FlowPlace) -> Option<(&mut Labels, Labelled<'_>)> {
        let totals = &self.totals;
        let labelled = match place {
            FlowPlace::Current(slot) => {
                let Kept { row, places, identity, .. } = self.current.get_mut(slot)?.as_mut()?;
                Labelled { row, places, totals, identity }
            }
            FlowPlace::Ended(number) => {
                let Ended { row, places, identity } = self.ended.get_mut(number)?;
                Labelled { row, places, totals, identity }
            }
        };
        Some((&mut self.labels, labelled))
    }
}

/// Tells whether what is new in a row may change its label: what is recognised, that the handshake tells which end is the
/// server, and that the server takes the connection.
pub(super) fn may_change_label(before: &FlowRow, row: &FlowRow) -> bool {
    let has_shaken = |row: &FlowRow| row.tcp().is_some_and(|tcp| tcp.handshake.is_some());
    before.protocol != row.protocol
        || has_shaken(before) != has_shaken(row)
        || is_accepted(before) != is_accepted(row)
}

/// Adds to the hosts of both ends what went between them.
pub(super) fn add_to_hosts(labels: &mut Labels, row: &FlowRow, places: &Places, added: OfApp) {
    for (place, address, of_app) in at_ends(row, places, added) {
        labels.sums.add_to_host(place, address, of_app);
    }
}

/// Returns what both ends have of a conversation; one that an address has with itself counts once there.
fn at_ends(row: &FlowRow, places: &Places, of_app: OfApp) -> [(Place, IpAddr, OfApp); 2] {
    let [low, high] = places.hosts;
    let (lower, higher) = (row.key.address(Side::Low), row.key.address(Side::High));
    let flows = if lower == higher { 0 } else { of_app.flows };
    [(low, lower, of_app), (high, higher, OfApp { flows, ..of_app })]
}

/// Moves what went between two ends from one application to another.
pub(super) fn move_hosts(
    labels: &mut Labels,
    change: Option<(Label, Label)>,
    row: &FlowRow,
    places: &Places,
    totals: &Totals,
) {
    let Some((from, to)) = change.filter(|(from, to)| from.app != to.app) else { return };
    let volume = row.volume();
    let moved = OfApp { app: from.app, flows: u32::from(!volume.is_zero()), bytes: volume.bytes };
    for (place, address, of_app) in at_ends(row, places, moved) {
        // One that made room for another has no sums any more, and what stands in its place is not its own.
        if totals.is_host(place, address) {
            labels.sums.take_from_host(place, address, of_app);
            labels.sums.add_to_host(place, address, OfApp { app: to.app, ..of_app });
        }
    }
}

fn decide_again(labels: &mut Labels, labelled: Labelled<'_>) {
    let Labelled { row, places, totals, identity } = labelled;
    let before = labels.decide_again(row, row, identity);
    let change = before.map(|before| (before, identity.label));
    move_hosts(labels, change, row, places, totals);
}
