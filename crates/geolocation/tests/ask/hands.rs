//! A clock whose hands the tests move.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use netsonde_geolocation::{AskLimits, AskSettings, Locator};
use netsonde_messages::{Lookup, Lookups};

/// Longer than anything here takes; a wait that long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

static NOON: LazyLock<Instant> = LazyLock::new(real);
static SINCE_NOON: AtomicU64 = AtomicU64::new(0);
static IN_USE: Mutex<()> = Mutex::new(());

#[expect(
    clippy::disallowed_methods,
    reason = "the moment from which a test counts, and how long it may take"
)]
fn real() -> Instant {
    Instant::now()
}

/// What the clock shows.
pub(crate) fn shown() -> Duration {
    Duration::from_millis(SINCE_NOON.load(Ordering::SeqCst))
}

fn clock() -> Instant {
    *NOON + shown()
}

/// Who is asked in a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    NameServer,
    IpApi,
}

/// A locator with one who asks, by the clock that this moves.
pub(crate) struct Hands {
    pub(crate) locator: Locator,
    who: Who,
    /// One test at a time moves the clock.
    _turn: MutexGuard<'static, ()>,
}

impl Hands {
    /// Starts the one who asks name servers.
    pub(crate) fn asking_name_servers(servers: Vec<std::net::SocketAddr>, limits: AskLimits) -> Self {
        let settings = AskSettings {
            name_servers: servers,
            ip_api: String::new(),
            reverse_dns_limits: limits,
            ip_api_limits: AskLimits::ip_api(),
            clock,
        };
        Self::start(Who::NameServer, settings)
    }

    /// Starts the one who asks ip-api.com.
    pub(crate) fn asking_ip_api(base: String, limits: AskLimits) -> Self {
        let settings = AskSettings {
            name_servers: Vec::new(),
            ip_api: base,
            reverse_dns_limits: AskLimits::reverse_dns(),
            ip_api_limits: limits,
            clock,
        };
        Self::start(Who::IpApi, settings)
    }

    fn start(who: Who, settings: AskSettings) -> Self {
        let turn = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        let locator = Locator::default();
        let (reverse_dns, ip_api) = locator.callers(settings);
        match who {
            Who::NameServer => thread::spawn(|| reverse_dns.run()),
            Who::IpApi => thread::spawn(|| ip_api.run()),
        };
        Self { locator, who, _turn: turn }
    }

    /// Turns asking on or off.
    pub(crate) fn turn(&self, on: bool) {
        match self.who {
            Who::NameServer => self.locator.set_lookups(Some(on), None),
            Who::IpApi => self.locator.set_lookups(None, Some(on)),
        }
    }

    /// Returns how it stands.
    pub(crate) fn standing(&self) -> Lookup {
        let Lookups { reverse_dns, ip_api } = self.locator.lookups();
        match self.who {
            Who::NameServer => reverse_dns,
            Who::IpApi => ip_api,
        }
    }

    /// Waits until it stands as wanted; the clock stands still.
    pub(crate) fn wait(&self, is_wanted: impl Fn(&Lookup) -> bool) -> Lookup {
        self.until(Duration::ZERO, is_wanted)
    }

    /// Moves the clock by steps, none while a question is under way, until it stands as wanted.
    pub(crate) fn until(&self, step: Duration, is_wanted: impl Fn(&Lookup) -> bool) -> Lookup {
        let began = real();
        loop {
            let standing = self.standing();
            if is_wanted(&standing) {
                return standing;
            }
            assert!(began.elapsed() < PATIENCE, "{standing:?}");
            if standing.asked == standing.answered + standing.failed && !step.is_zero() {
                SINCE_NOON.fetch_add(u64::try_from(step.as_millis()).expect("short"), Ordering::SeqCst);
                // That rings at the one who asks.
                self.turn(true);
            }
            thread::park_timeout(Duration::from_millis(1));
        }
    }

    /// Moves the clock until nobody waits any more, and checks that nothing was lost.
    pub(crate) fn until_all_is_done(&self, step: Duration) -> Lookup {
        let done = self.until(step, |lookup| {
            lookup.waiting == 0 && lookup.asked > 0 && lookup.asked == lookup.answered + lookup.failed
        });
        assert_eq!(done.asked, done.answered + done.failed);
        done
    }
}

/// An address of the Internet that is in no table, one for each number.
pub(crate) fn address(number: u8) -> IpAddr {
    IpAddr::from([5, 9, 77, number])
}

/// Returns the most stamps within any window of a length.
pub(crate) fn most_within(stamps: &[Duration], window: Duration) -> usize {
    let within = |from: &Duration| stamps.iter().filter(|at| *at >= from && **at < *from + window).count();
    stamps.iter().map(within).max().unwrap_or_default()
}
