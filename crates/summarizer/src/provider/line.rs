use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use netsonde_session::lock;
use serde_json::Value;
use ureq::http::{HeaderName, HeaderValue, Response, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Body, Error, Timeout};

use super::{Endpoint, ProviderError};
use crate::assistant::Budget;
use crate::prompt::Kind;

/// How long connecting may take, and looking up the name.
const CONNECTING: Duration = Duration::from_secs(5);
/// The most that an answer may be: some sentences are a hundredth of it.
const ANSWER_MAX: u64 = 256 << 10;
/// Who we say we are.
const NAME: &str = concat!("netsonde/", env!("CARGO_PKG_VERSION"));

/// Counts the authorities whose certificates this system trusts.
pub fn trusted_authorities() -> usize {
    rustls_native_certs::load_native_certs().certs.len()
}

/// Returns how connections are encrypted: with the authorities that this system trusts, those of its owner among them.
/// Where none is to be encrypted, they are not read.
pub fn tls(is_encrypted: bool) -> TlsConfig {
    // Another part of the program may have chosen, and as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let trusted = if is_encrypted { rustls_native_certs::load_native_certs().certs } else { Vec::new() };
    let trusted: Vec<_> =
        trusted.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
    TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(trusted))).build()
}

/// What lines to a provider are made from.
#[derive(Debug)]
pub(crate) struct Network {
    tls: TlsConfig,
    budget: Arc<Mutex<Budget>>,
    clock: fn() -> Instant,
}

impl Network {
    /// Reads the authorities that this system trusts, those of its owner among them.
    pub(crate) fn new(endpoint: &Endpoint, budget: Arc<Mutex<Budget>>, clock: fn() -> Instant) -> Self {
        let tls = tls(endpoint.is_encrypted());
        Self { tls, budget, clock }
    }

    /// Makes a line for what is to be written, used up after `limit`, and what it is hung up with.
    pub(crate) fn line(&self, kind: Kind, limit: Duration) -> (Line, Handset) {
        let agent = Agent::config_builder()
            .tls_config(self.tls.clone())
            .user_agent(NAME)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            // What is in the environment of a server is not what its owner has agreed to.
            .proxy(None)
            .timeout_resolve(Some(CONNECTING))
            .timeout_connect(Some(CONNECTING))
            .build()
            .new_agent();
        let (holds, held) = channel();
        let line = Line {
            agent: agent.clone(),
            kind,
            budget: Arc::clone(&self.budget),
            clock: self.clock,
            until: (self.clock)() + limit,
            limit,
            held,
        };
        (line, Handset { agent: Some(agent), _holds: holds })
    }
}

/// A line to a provider, for one question and its tries.
#[derive(Debug)]
pub(crate) struct Line {
    agent: Agent,
    /// What its calls count as.
    kind: Kind,
    budget: Arc<Mutex<Budget>>,
    clock: fn() -> Instant,
    until: Instant,
    limit: Duration,
    held: Receiver<()>,
}

/// What a [`Line`] hangs on: dropped, it ends what goes on there.
#[derive(Debug)]
pub(crate) struct Handset {
    agent: Option<Agent>,
    _holds: Sender<()>,
}

impl Drop for Handset {
    fn drop(&mut self) {
        if let Some(agent) = self.agent.take() {
            agent.shutdown();
        }
    }
}

impl Line {
    /// Sends JSON and returns the JSON that is answered. Every call counts, whatever comes of it.
    pub(super) fn post(
        &self,
        url: &str,
        secret: Option<(HeaderName, HeaderValue)>,
        body: &Value,
    ) -> Result<Value, ProviderError> {
        self.check()?;
        lock(&self.budget).take(self.kind, (self.clock)())?;
        let left = self.until.saturating_duration_since((self.clock)());
        let request = self.agent.post(url).config().timeout_global(Some(left)).build();
        let mut request = request.header(header::CONTENT_TYPE, "application/json");
        if let Some((name, value)) = secret {
            request = request.header(name, value);
        }
        let answered = request.send(body.to_string()).map_err(|error| self.problem(&error))?;
        let text = self.body(answered)?;
        serde_json::from_slice(&text).map_err(|_| ProviderError::Strange)
    }

    /// Waits before another try; false where there is no time for one.
    pub(super) fn wait(&self, pause: Duration) -> Result<bool, ProviderError> {
        if (self.clock)() + pause >= self.until {
            return Ok(false);
        }
        match self.held.recv_timeout(pause) {
            Err(RecvTimeoutError::Timeout) | Ok(()) => Ok(true),
            Err(RecvTimeoutError::Disconnected) => Err(ProviderError::HungUp),
        }
    }

    fn check(&self) -> Result<(), ProviderError> {
        if matches!(self.held.try_recv(), Err(TryRecvError::Disconnected)) {
            Err(ProviderError::HungUp)
        } else if (self.clock)() >= self.until {
            Err(ProviderError::Late(self.limit))
        } else {
            Ok(())
        }
    }

    fn body(&self, mut answered: Response<Body>) -> Result<Vec<u8>, ProviderError> {
        let status = answered.status().as_u16();
        match status {
            200..=299 => {
                let body = answered.body_mut().with_config().limit(ANSWER_MAX);
                body.read_to_vec().map_err(|error| self.problem(&error))
            }
            300..=399 => Err(ProviderError::SentElsewhere(status)),
            401 | 403 => Err(ProviderError::KeyRefused(status)),
            429 => Err(ProviderError::Busy(patience(&answered))),
            400..=499 => Err(ProviderError::NotUnderstood(status)),
            _ => Err(ProviderError::Failed(status)),
        }
    }

    fn problem(&self, error: &Error) -> ProviderError {
        use std::io::ErrorKind;
        if let Err(ended) = self.check() {
            return ended;
        }
        match error {
            Error::Timeout(Timeout::Connect | Timeout::Resolve) => {
                ProviderError::Unreachable("nobody answers at its address")
            }
            Error::Timeout(_) => ProviderError::Late(self.limit),
            Error::HostNotFound => ProviderError::Unreachable("its name is not known here"),
            Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => ProviderError::TooLong,
            Error::Tls(_) | Error::Rustls(_) => ProviderError::Unreachable("it is not known to be who it is"),
            Error::Io(error) => match error.kind() {
                ErrorKind::ConnectionRefused => ProviderError::Unreachable("nobody listens at its address"),
                ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
                    ProviderError::Unreachable("no way leads to its address")
                }
                ErrorKind::PermissionDenied => {
                    ProviderError::Unreachable("the program may not connect to its address")
                }
                // That is how TLS says what it does not like.
                ErrorKind::InvalidData => ProviderError::Unreachable("it is not known to be who it is"),
                _ => ProviderError::Lost,
            },
            Error::ConnectionFailed => ProviderError::Lost,
            _ => ProviderError::Strange,
        }
    }
}

/// Reads how long the provider wants to be left alone, in seconds (RFC 9110 section 10.2.3); one that says a date instead
/// is asked again as if it had said nothing.
fn patience(answered: &Response<Body>) -> Option<Duration> {
    let seconds = answered.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}
