use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use netsonde_messages::Place;
use ureq::http::Response;
use ureq::{Agent, Body, Error};

use super::desk::{Outcome, Step};
use super::{Line, Mailbox};

mod answer;

/// How long an answer holds.
const TTL: Duration = Duration::from_hours(24);
/// The most that an answer may be: one is a fiftieth of it.
const ANSWER_MAX: u64 = 16 << 10;
/// The fields that are asked for.
const FIELDS: &str = "status,message,countryCode,regionName,city,lat,lon,isp,org,as,query";
/// How long is waited where it wants to be left alone and does not say for how long: its minute.
const MINUTE: Duration = Duration::from_mins(1);
/// The longest that it may ask to be left alone.
const PATIENCE_MAX: Duration = Duration::from_hours(1);
/// Who we say we are.
const NAME: &str = concat!("netsonde/", env!("CARGO_PKG_VERSION"));

/// Asks ip-api.com where addresses are, on the thread that runs it.
pub struct IpApi {
    line: Line<Arc<Place>>,
    base: String,
}

impl IpApi {
    pub(super) const fn new(line: Line<Arc<Place>>, base: String) -> Self {
        Self { line, base }
    }

    /// Asks until nobody is left who could want to know.
    pub fn run(self) {
        let Self { mut line, base } = self;
        let mailbox = line.mailbox();
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_time().build() {
            Ok(runtime) => runtime,
            Err(error) => return mailbox.give_up(format!("the thread that asks cannot wait: {error}")),
        };
        let agent = agent(line.timeout);
        loop {
            match line.next() {
                Step::Ask(address) => {
                    let asked = catch_unwind(AssertUnwindSafe(|| ask(&agent, &base, address, &mailbox)));
                    let broke_off = |_| Outcome::Failed("asking broke off".into());
                    mailbox.leave(address, asked.unwrap_or_else(broke_off));
                }
                Step::Wait(limit) => {
                    if !runtime.block_on(line.wait(limit)) {
                        return;
                    }
                }
            }
        }
    }
}

fn agent(timeout: Duration) -> Agent {
    Agent::config_builder()
        .user_agent(NAME)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_idle_connections(0)
        // What is in the environment of a server is not what its owner has agreed to.
        .proxy(None)
        .timeout_global(Some(timeout))
        .build()
        .new_agent()
}

/// Asks for one address.
fn ask(agent: &Agent, base: &str, address: IpAddr, mailbox: &Mailbox<Arc<Place>>) -> Outcome<Arc<Place>> {
    let asked = agent.get(format!("{base}/json/{address}?fields={FIELDS}")).call();
    let mut answered = match asked {
        Ok(answered) => answered,
        Err(error) => return Outcome::Failed(problem(&error)),
    };
    let left_alone = patience(&answered);
    match answered.status().as_u16() {
        200 => {}
        429 => return Outcome::Busy(left_alone.unwrap_or(MINUTE)),
        status => return Outcome::Failed(format!("it answers with status {status}")),
    }
    if has_none_left(&answered) {
        mailbox.rest(left_alone.unwrap_or(MINUTE));
    }
    let body = answered.body_mut().with_config().limit(ANSWER_MAX).read_to_vec();
    match body {
        Ok(body) => match answer::read(&body, address) {
            Ok(Some(place)) => Outcome::Known(Arc::new(place), TTL),
            Ok(None) => Outcome::Nothing(TTL),
            Err(why) => Outcome::Failed(why.into()),
        },
        Err(error) => Outcome::Failed(problem(&error)),
    }
}

/// Tells whether no further question is allowed for the moment (`X-Rl`).
fn has_none_left(answered: &Response<Body>) -> bool {
    number(answered, "x-rl") == Some(0)
}

/// Reads for how long it wants to be left alone (`X-Ttl`, in seconds).
fn patience(answered: &Response<Body>) -> Option<Duration> {
    number(answered, "x-ttl").map(|seconds| Duration::from_secs(seconds).min(PATIENCE_MAX))
}

fn number(answered: &Response<Body>, field: &str) -> Option<u64> {
    answered.headers().get(field)?.to_str().ok()?.trim().parse().ok()
}

fn problem(error: &Error) -> String {
    match error {
        Error::Timeout(_) => "it does not answer in time".into(),
        Error::HostNotFound => "its name is not known here".into(),
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => "its answer is too long".into(),
        Error::Io(error) => format!("it is not reached: {}", error.kind()),
        Error::ConnectionFailed => "it is not reached".into(),
        _ => "its answer is not understood".into(),
    }
}

impl std::fmt::Debug for IpApi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IpApi").field("base", &self.base).finish_non_exhaustive()
    }
}
