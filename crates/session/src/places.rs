//! Where hosts are: what the locator said of each, judged by its shortest round trip, and sums by place.

mod located;
#[cfg(test)]
mod tests;
mod walk;

use std::net::IpAddr;
use std::sync::Arc;

use netsonde_flow::LocalNetworks;
use netsonde_geolocation::{Changes, Cursor, Extent, Locator, Standpoint, country, doubt, scope};
use netsonde_messages::stream::PlacesTopic;
use netsonde_messages::{HereSource, Place, PlaceDoubt, Scope};
use netsonde_units::{NANOS_PER_SECOND, Timestamp};

pub(crate) use self::located::Log;
use crate::hosts::HostSums;
use crate::limits::HOSTS_WALKED;
use crate::ranked;
use crate::totals::Totals;
use crate::view::View;

/// Where a host is, as far as is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Located {
    pub(crate) place: Option<Arc<Place>>,
    /// Why it is not there.
    pub(crate) doubt: Option<PlaceDoubt>,
}

/// What an address is to the sums by place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// No host: a group, everybody, or nobody yet.
    Nobody,
    /// Local: at no place.
    Local,
    /// Not local, and nowhere, because its address is no global one.
    Nowhere,
    /// Somewhere.
    Global,
}

impl Standing {
    pub(crate) fn of(address: IpAddr, local: &LocalNetworks) -> Self {
        if address.is_multicast() || address.is_unspecified() {
            return Self::Nobody;
        }
        if local.contains(address) {
            return Self::Local;
        }
        match scope(address) {
            Scope::Global => Self::Global,
            Scope::Multicast | Scope::Broadcast | Scope::Unspecified => Self::Nobody,
            _ => Self::Nowhere,
        }
    }
}

/// What was said of where a host is.
#[derive(Clone, Debug)]
struct Held {
    address: IpAddr,
    place: Option<Arc<Place>>,
    judged: Judged,
}

/// Whether that can be.
#[derive(Clone, Debug, Default)]
enum Judged {
    #[default]
    NotYet,
    /// By a shortest round trip in nanoseconds, if there was one.
    By(Option<u64>, Option<Box<PlaceDoubt>>),
}

/// Where hosts are, as far as somebody has asked.
#[derive(Debug, Default)]
pub(crate) struct Whereabouts {
    locator: Arc<Locator>,
    /// What the locator had told of its changes.
    cursor: Cursor,
    /// Where the capture is taken, as the settings say.
    given: Option<Standpoint>,
    /// The same, as far as is known.
    here: Option<Standpoint>,
    /// By place in the table of hosts.
    held: Vec<Option<Held>>,
    pub(crate) log: Log,
    told: Arc<PlacesTopic>,
    /// Before that time what was told last is told again.
    next: Option<Timestamp>,
    /// Whether all is to be told anew at once.
    pub(crate) is_due: bool,
    /// Whether the session has ended.
    pub(crate) is_over: bool,
}

impl Whereabouts {
    pub(crate) fn new(locator: Arc<Locator>, given: Option<Standpoint>) -> Self {
        let here = given.clone();
        Self { locator, given, here, ..Self::default() }
    }

    pub(crate) fn locator(&self) -> &Locator {
        &self.locator
    }

    /// Returns where the capture is taken; none where that is not known.
    pub(crate) const fn here(&self) -> Option<&Standpoint> {
        self.here.as_ref()
    }

    /// Forgets what the locator says otherwise by now.
    fn keep_up(&mut self, totals: &Totals) {
        match self.locator.changes(&mut self.cursor) {
            Changes::These(addresses) => {
                for address in addresses {
                    if let Some(held) = totals.place_of(address).and_then(|place| self.slot(place)) {
                        *held = None;
                    }
                }
            }
            Changes::All => {
                self.held.clear();
                // The session's time may stand still.
                self.is_due = true;
            }
        }
    }

    /// Returns what is held of the host at a place of the table.
    fn at(&self, place: ranked::Place, address: IpAddr) -> Option<&Held> {
        let held = usize::try_from(place).ok().and_then(|place| self.held.get(place)?.as_ref());
        // Another may have stood there before.
        held.filter(|held| held.address == address)
    }

    fn slot(&mut self, place: ranked::Place) -> Option<&mut Option<Held>> {
        usize::try_from(place).ok().and_then(|place| self.held.get_mut(place))
    }

    /// Asks for a host that is not held, and judges it anew where its round trip has become shorter.
    fn fill(&mut self, place: ranked::Place, address: IpAddr, sums: &HostSums) -> Located {
        let number = usize::try_from(place).unwrap_or(usize::MAX);
        if self.held.len() <= number {
            self.held.resize_with(number.saturating_add(1), || None);
        }
        let Self { locator, here, held, .. } = self;
        let Some(slot) = held.get_mut(number) else { return Located::default() };
        let held = match slot {
            Some(held) if held.address == address => held,
            _ => slot.insert(Held { address, place: locator.locate(address), judged: Judged::NotYet }),
        };
        let rtt = sums.rtt_nanos();
        if !matches!(held.judged, Judged::By(by, _) if by == rtt) {
            let doubt = held.place.as_deref().and_then(|place| doubt(here.as_ref(), place, rtt));
            held.judged = Judged::By(rtt, doubt.map(Box::new));
        }
        held.located(here.as_ref(), rtt)
    }

    /// Takes note of where the capture is taken by the largest local host with a global address.
    fn find_here(&mut self, totals: &Totals, local: &LocalNetworks) {
        let source = self.given.as_ref().map(|given| given.source);
        if matches!(source, Some(HereSource::Configured | HereSource::Demo)) {
            return;
        }
        let mut largest = None;
        for (place, (address, sums)) in (0..).zip(totals.hosts().iter()) {
            if !local.contains(*address) || address.is_multicast() || scope(*address) != Scope::Global {
                continue;
            }
            let rank = (ranked::Weight::weight(sums), std::cmp::Reverse(*address));
            if largest.as_ref().is_none_or(|(held, _)| *held < rank)
                && let Some(extent) = self.fill(place, *address, sums).place.as_deref().and_then(extent)
            {
                largest = Some((rank, extent));
            }
        }
        let of_address = largest.map(|(_, extent)| Standpoint { extent, source: HereSource::LocalAddress });
        let here = of_address.or_else(|| self.given.clone());
        if here != self.here {
            self.here = here;
            self.held.iter_mut().flatten().for_each(|held| held.judged = Judged::NotYet);
        }
    }

    /// Tells whether all is to be told anew, at most once a second, of many hosts more seldom.
    fn is_due(&self, now: Timestamp, hosts: u32) -> bool {
        let wait = u64::from((hosts / HOSTS_WALKED).max(1)) * NANOS_PER_SECOND;
        self.is_due
            || self.next.is_none_or(|next| {
                let is_over = now >= next;
                // A new stretch may lie before it.
                is_over || next.nanos_since(now) > wait
            })
    }
}

impl Held {
    fn located(&self, here: Option<&Standpoint>, rtt: Option<u64>) -> Located {
        let doubt = match &self.judged {
            Judged::By(by, doubt) if *by == rtt => doubt.as_deref().copied(),
            _ => self.place.as_deref().and_then(|place| doubt(here, place, rtt)),
        };
        Located { place: self.place.clone(), doubt }
    }
}

/// Returns what is known of where a place is; nothing of an address that is announced from many.
fn extent(place: &Place) -> Option<Extent> {
    let point = place.latitude.zip(place.longitude);
    let point = point.map(|(latitude, longitude)| Extent::Point(latitude, longitude));
    point.or_else(|| place.country.clone().map(Extent::Country)).filter(|_| !place.anycast)
}

/// Returns where hosts of a place are: its coordinates, or the middle of its country, and whether it is that.
pub(crate) fn point(place: &Place) -> Option<(f64, f64, bool)> {
    if let Some((latitude, longitude)) = place.latitude.zip(place.longitude) {
        return Some((latitude, longitude, false));
    }
    let country = country(place.country.as_ref()?)?;
    Some((country.latitude, country.longitude, true))
}

impl View {
    /// Returns where a host is, by its place in the table; local ones are nowhere.
    pub(crate) fn located_at(&self, place: ranked::Place, address: IpAddr, sums: &HostSums) -> Located {
        if Standing::of(address, &self.local) != Standing::Global {
            return Located::default();
        }
        let Whereabouts { locator, here, .. } = &self.whereabouts;
        let (here, rtt) = (here.as_ref(), sums.rtt_nanos());
        self.whereabouts.at(place, address).map_or_else(
            || {
                let place = locator.locate(address);
                let doubt = place.as_deref().and_then(|place| doubt(here, place, rtt));
                Located { place, doubt }
            },
            |held| held.located(here, rtt),
        )
    }

    /// Asks for all hosts that are somewhere, so that looking for them is quick.
    pub(crate) fn locate_all(&mut self) {
        let Self { totals, local, whereabouts, .. } = self;
        for (place, (address, sums)) in (0..).zip(totals.hosts().iter()) {
            if Standing::of(*address, local) == Standing::Global {
                whereabouts.fill(place, *address, sums);
            }
        }
    }

    /// Takes in what has become known of where hosts are.
    pub(crate) fn keep_up(&mut self) {
        self.whereabouts.keep_up(&self.totals);
    }

    /// Returns the topic of places: as of the last tick where it `is_exact` or the last one is old, else that one.
    pub(crate) fn places_topic(&mut self, is_exact: bool) -> Arc<PlacesTopic> {
        self.keep_up();
        let hosts = self.totals.hosts().len();
        let lookups = self.whereabouts.locator.lookups();
        if is_exact || self.whereabouts.is_due(self.now, hosts) {
            let places = walk::places(self, &lookups);
            let wait = u64::from((hosts / HOSTS_WALKED).max(1)) * NANOS_PER_SECOND;
            let Whereabouts { told, next, is_due, .. } = &mut self.whereabouts;
            *told = Arc::new(PlacesTopic { places, lookups });
            *next = Some(self.now.plus_nanos(wait));
            *is_due = false;
        } else if self.whereabouts.told.lookups != lookups {
            let places = self.whereabouts.told.places.clone();
            self.whereabouts.told = Arc::new(PlacesTopic { places, lookups });
        }
        Arc::clone(&self.whereabouts.told)
    }
}
