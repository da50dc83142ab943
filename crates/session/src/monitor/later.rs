//! What becomes known of hosts after a session has ended: answers of those who are asked, and databases that were replaced.

use std::convert::Infallible;
use std::mem;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Weak};
use std::time::Duration;

use netsonde_geolocation::{Changes, Cursor, Locator};
use netsonde_messages::stream::{HostsTopic, PlacesTopic, TotalsTopic};
use netsonde_messages::{Lookups, Places};

use super::{Publication, Published, Shared};
use crate::limits::HOSTS_WALKED;

/// How often it is looked at, of many hosts more seldom.
const PAUSE: Duration = Duration::from_secs(1);

/// Held as long as anything is published of a session; nothing is ever sent.
pub(super) type Held = Sender<Infallible>;

/// Publishes anew what becomes known of the hosts of a session that has ended, as long as its numbers are there.
pub(super) struct Later {
    shared: Weak<Shared>,
    session: u64,
    /// Hangs up when another session takes its place, or the program ends.
    held: Receiver<Infallible>,
    cursor: Cursor,
    lookups: Lookups,
}

impl Later {
    /// Makes one of a session, which goes by what is known at this moment, and what has it end when it is dropped.
    pub(super) fn of(session: u64, shared: &Arc<Shared>) -> (Self, Held) {
        let (sender, held) = channel();
        let (shared, cursor, lookups) = (Arc::downgrade(shared), Cursor::default(), Lookups::default());
        let mut later = Self { shared, session, held, cursor, lookups };
        later.catch_up();
        (later, sender)
    }

    /// Takes note of what is known; tells whether that is anything else than before.
    pub(super) fn catch_up(&mut self) -> bool {
        let Some(shared) = self.shared.upgrade() else { return false };
        let locator = &shared.settings.places;
        let lookups = locator.lookups();
        let before = mem::replace(&mut self.lookups, lookups);
        locator.changes(&mut self.cursor) != Changes::These(Vec::new()) || before != self.lookups
    }

    /// Goes on until nobody holds what is published of the session.
    pub(super) fn follow(mut self) {
        let mut pause = PAUSE;
        while self.held.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
            if self.catch_up()
                && let Some(shared) = self.shared.upgrade()
            {
                let hosts = shared.locate_again(self.session);
                pause = PAUSE.saturating_mul((hosts / HOSTS_WALKED).max(1));
            }
        }
    }
}

impl Shared {
    /// Publishes anew where the hosts of a session that has ended are and what they are called, unless another has taken
    /// its place. Returns how many there are.
    fn locate_again(&self, session: u64) -> u32 {
        let Some(listing) = self.published().listing.clone() else { return 0 };
        // A walk through all hosts, for which nobody waits but those who look at the list.
        let mut view = listing.view();
        let (places, count) = (view.places_topic(true), view.totals.hosts().len());
        drop(view);
        // While the states are held, no rules are replaced.
        let states = self.states();
        let mut published = self.published();
        if published.newest.session != session {
            return 0;
        }
        // Since the walk began somebody may have turned look-ups on or off, and told so.
        let lookups = self.settings.places.lookups();
        let places = Arc::new(PlacesTopic { lookups, ..PlacesTopic::clone(&places) });
        let hosts = HostsTopic { hosts: listing.labelled().hosts, ..published.newest.hosts.clone() };
        let newest = Publication { hosts, places, ..published.next() };
        published.newest = Arc::new(newest);
        drop((published, states));
        self.wake();
        count
    }
}

impl Published {
    /// Returns the publication after the newest, which says the same.
    pub(super) fn next(&self) -> Publication {
        let newest = &*self.newest;
        Publication {
            sequence: newest.sequence + 1,
            // Those of the charts were published.
            totals: TotalsTopic { points: Vec::new(), ..newest.totals.clone() },
            ..newest.clone()
        }
    }

    /// Publishes anew how it stands with those who are asked about addresses.
    pub(super) fn look_up(&mut self, lookups: Lookups) {
        let places = Arc::new(PlacesTopic { lookups, ..PlacesTopic::clone(&self.newest.places) });
        self.newest = Arc::new(Publication { places, ..self.next() });
    }

    /// Takes note of what is known without a session, where there is none.
    pub(super) fn keep_up(&mut self, locator: &Locator) {
        if self.newest.session > 0 {
            return;
        }
        let places = of_nowhere(locator);
        if *self.newest.places != places {
            self.newest = Arc::new(Publication { places: Arc::new(places), ..self.next() });
        }
    }
}

/// Returns the topic of places of a session that has measured nothing: what is known by, and who is asked.
pub(super) fn of_nowhere(locator: &Locator) -> PlacesTopic {
    let places = Places { databases: locator.databases(), ..Places::default() };
    PlacesTopic { places, lookups: locator.lookups() }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use etherparse::PacketBuilder;
    use netsonde_dissect::{LinkType, Packet};
    use netsonde_geolocation::{AskLimits, AskSettings, IpApi, ReverseDns};
    use netsonde_units::Timestamp;

    use super::super::{Monitor, MonitorSettings};
    use super::*;
    use crate::{Session, Settings};

    /// A monitor, and who follows a session of it that has ended.
    fn following() -> (Monitor, Later) {
        let monitor = Monitor::new(MonitorSettings::new(|| Timestamp::EPOCH)).unwrap();
        let (later, held) = Later::of(1, &monitor.shared);
        monitor.shared.published().held = Some(held);
        (monitor, later)
    }

    #[test]
    fn it_ends_with_the_session_with_the_program_and_with_the_last_who_knows_the_monitor() {
        // That each comes back is the test.
        let (monitor, later) = following();
        monitor.reset().unwrap();
        later.follow();
        let (monitor, later) = following();
        assert!(monitor.end(Duration::from_secs(30)));
        later.follow();
        let (monitor, later) = following();
        drop(monitor);
        later.follow();
    }

    #[test]
    fn what_is_known_already_is_no_news() {
        let (monitor, mut later) = following();
        assert!(!later.catch_up());
        let locator = Arc::clone(&monitor.shared.settings.places);
        locator.set_databases(Vec::new());
        assert!(later.catch_up() && !later.catch_up());
        locator.set_lookups(Some(true), None);
        assert!(later.catch_up() && !later.catch_up());
        drop(monitor);
        locator.set_databases(Vec::new());
        assert!(!later.catch_up());
    }

    /// Has a monitor hold what a session has left that saw one host of the Internet, published as of a session.
    fn leave(monitor: &Monitor, session: u64) {
        let places = Arc::clone(&monitor.shared.settings.places);
        let mut measured = Session::new(Settings { places, ..Settings::default() });
        let mut bytes = Vec::new();
        let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 0, 0, 1], [193, 0, 6, 139], 64);
        ip.udp(40_000, 9_999).write(&mut bytes, &[]).unwrap();
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let (at, link) = (Some(Timestamp::EPOCH), LinkType::ETHERNET);
        measured.push_all(&[Packet { at, link, interface: 0, wire_len, bytes: &bytes }]);
        measured.finish();
        let mut published = monitor.shared.published();
        published.listing = Some(measured.listing());
        published.newest = Arc::new(Publication { session, ..published.next() });
    }

    /// Those who would ask, but do not: what is left with them waits.
    #[expect(clippy::disallowed_methods, reason = "a clock that nobody reads for long")]
    fn idle(locator: &Locator) -> (ReverseDns, IpApi) {
        locator.callers(AskSettings {
            name_servers: vec![([127, 0, 0, 1], 1).into()],
            ip_api: String::new(),
            reverse_dns_limits: AskLimits::reverse_dns(),
            ip_api_limits: AskLimits::ip_api(),
            clock: Instant::now,
        })
    }

    #[test]
    fn who_follows_a_session_leaves_the_one_after_it_alone() {
        let (monitor, later) = following();
        for (session, hosts, publications) in [(1, 2, 1), (2, 0, 0)] {
            leave(&monitor, session);
            let before = monitor.publication();
            assert_eq!(monitor.shared.locate_again(later.session), hosts);
            let after = monitor.publication();
            assert_eq!((after.session, after.sequence), (session, before.sequence + publications));
        }
    }

    #[test]
    fn how_look_ups_stand_is_told_as_of_when_it_is_published_not_as_of_when_the_walk_began() {
        let (monitor, later) = following();
        let locator = Arc::clone(&monitor.shared.settings.places);
        let _idle = idle(&locator);
        leave(&monitor, later.session);
        locator.set_lookups(Some(true), None);
        // The walk itself has it stand otherwise: the one host of the Internet waits from then on.
        assert_eq!(monitor.shared.locate_again(later.session), 2);
        let told = monitor.publication().places.lookups.clone();
        assert_eq!((told.reverse_dns.on, told.reverse_dns.waiting), (true, 1));
        assert_eq!(told, locator.lookups());
    }
}
