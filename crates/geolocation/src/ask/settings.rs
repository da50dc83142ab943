use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// The port of name servers.
pub(super) const DNS: u16 = 53;
/// How long an address is left alone that nobody could tell anything of.
const GIVEN_UP: Duration = Duration::from_hours(1);
/// The longest pause after failures.
const PAUSE_MAX: Duration = Duration::from_mins(10);

/// Who is asked, and how.
#[derive(Clone, Debug)]
pub struct AskSettings {
    /// The name servers, the first one first.
    pub name_servers: Vec<SocketAddr>,
    /// The address that ip-api.com's paths hang on, such as `http://ip-api.com`.
    pub ip_api: String,
    /// How reverse DNS is asked.
    pub reverse_dns_limits: AskLimits,
    /// How ip-api.com is asked.
    pub ip_api_limits: AskLimits,
    /// The clock that nobody sets.
    pub clock: fn() -> Instant,
}

/// How often somebody is asked, and how long is waited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskLimits {
    /// How many questions are under way at most.
    pub at_once: usize,
    /// How long is waited between the beginnings of two questions at least.
    pub pace: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
    /// How long is waited before each further try for an address that failed; as many tries, and the first.
    pub retries: Vec<Duration>,
    /// How long an address is left alone after its last try.
    pub given_up: Duration,
    /// How long everybody waits after [`Self::FAILURES`] failures in a row; after each further one twice as long.
    pub pause: Duration,
    /// The longest of these pauses.
    pub pause_max: Duration,
}

impl AskLimits {
    /// How many failures in a row are taken for a network that does not work.
    pub const FAILURES: u32 = 5;

    /// Returns those of reverse DNS: 20 questions a second, 8 at once.
    pub fn reverse_dns() -> Self {
        Self {
            at_once: 8,
            pace: Duration::from_millis(50),
            timeout: Duration::from_secs(3),
            // The first is for a datagram that got lost.
            retries: [1, 30, 120, 600].map(Duration::from_secs).into(),
            given_up: GIVEN_UP,
            pause: Duration::from_secs(5),
            pause_max: PAUSE_MAX,
        }
    }

    /// Returns those of ip-api.com: 40 questions a minute, of the 45 that it allows.
    pub fn ip_api() -> Self {
        Self {
            at_once: 1,
            pace: Duration::from_millis(1500),
            timeout: Duration::from_secs(10),
            retries: [2, 4, 8, 16].map(Duration::from_secs).into(),
            given_up: GIVEN_UP,
            pause: Duration::from_secs(5),
            pause_max: PAUSE_MAX,
        }
    }
}
