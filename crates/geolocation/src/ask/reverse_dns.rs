use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts, ServerOrderingStrategy,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::{Resolver, TokioResolver};

use super::desk::{Outcome, Step};
use super::{Line, NameServers, lock};

/// How long an answer holds: a name that changes every second is no name, and one that is old may be another's.
const TTL: [Duration; 2] = [Duration::from_mins(1), Duration::from_hours(24)];
/// How long it holds that an address has no name.
const NEGATIVE: Duration = Duration::from_hours(1);
/// The longest name (RFC 1035 section 2.3.4, without the root's length).
const NAME_MAX: usize = 253;
/// The longest label (RFC 1035 section 2.3.4).
const LABEL_MAX: usize = 63;

/// Asks name servers what addresses are called (RFC 1035 section 3.5), on the thread that runs it.
pub struct ReverseDns {
    line: Line<Arc<str>>,
    servers: NameServers,
}

impl ReverseDns {
    pub(super) const fn new(line: Line<Arc<str>>, servers: NameServers) -> Self {
        Self { line, servers }
    }

    /// Asks until nobody is left who could want to know.
    pub fn run(self) {
        let Self { mut line, servers } = self;
        let mailbox = line.mailbox();
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return mailbox.give_up(format!("the thread that asks cannot wait: {error}")),
        };
        let mut speaker = None;
        runtime.block_on(async {
            loop {
                match line.next() {
                    Step::Ask(address) => match Speaker::to(&servers, speaker.take(), line.timeout) {
                        Ok(one) => {
                            drop(tokio::spawn(ask(Arc::clone(&one.resolver), address, &line)));
                            speaker = Some(one);
                        }
                        Err(error) => return mailbox.give_up(error.to_string()),
                    },
                    Step::Wait(limit) => {
                        if !line.wait(limit).await {
                            return;
                        }
                    }
                }
            }
        });
    }
}

/// What speaks to certain name servers.
struct Speaker {
    servers: Arc<[SocketAddr]>,
    resolver: Arc<TokioResolver>,
}

impl Speaker {
    /// Returns the one of before while the name servers are the same, else another.
    fn to(servers: &NameServers, before: Option<Self>, timeout: Duration) -> Result<Self, NetError> {
        let servers = Arc::clone(&lock(servers));
        match before {
            Some(before) if before.servers == servers => Ok(before),
            _ => Ok(Self { resolver: Arc::new(resolver(&servers, timeout)?), servers }),
        }
    }
}

/// Asks for one address and leaves the answer.
fn ask(
    resolver: Arc<TokioResolver>,
    address: IpAddr,
    line: &Line<Arc<str>>,
) -> impl Future<Output = ()> + Send + 'static {
    let mailbox = line.mailbox();
    async move {
        // A task of its own, so that one that breaks off is answered too.
        let lookup = tokio::spawn(async move { lookup(&resolver, address).await });
        let outcome = lookup.await.unwrap_or_else(|_| Outcome::Failed("asking broke off".into()));
        mailbox.leave(address, outcome);
    }
}

/// Makes what speaks DNS: one try at each server, because further ones are the desk's to allow; no search list, no file of
/// hosts, and no cache beside ours.
fn resolver(servers: &[SocketAddr], timeout: Duration) -> Result<TokioResolver, NetError> {
    let servers = servers.iter().map(|server| {
        let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()];
        let connections = connections.map(|mut connection| {
            connection.port = server.port();
            connection
        });
        NameServerConfig::new(server.ip(), true, connections.into())
    });
    let config = ResolverConfig::from_parts(None, Vec::new(), servers.collect());
    let mut options = ResolverOpts::default();
    options.timeout = timeout;
    options.attempts = 0;
    options.cache_size = 0;
    options.use_hosts_file = ResolveHosts::Never;
    options.num_concurrent_reqs = 1;
    // One that failed comes after the others.
    options.server_ordering_strategy = ServerOrderingStrategy::QueryStatistics;
    let builder = Resolver::builder_with_config(config, TokioRuntimeProvider::default());
    builder.with_options(options).build()
}

async fn lookup(resolver: &TokioResolver, address: IpAddr) -> Outcome<Arc<str>> {
    let lookup = match resolver.lookup(Name::from(address), RecordType::PTR).await {
        Ok(lookup) => lookup,
        Err(error) => return outcome(&error),
    };
    let records = lookup.answers().iter();
    let pointers = records.filter_map(|record| match &record.data {
        RData::PTR(pointer) => Some((record.ttl, hostname(&pointer.0.to_ascii()))),
        _ => None,
    });
    let (mut ttl, mut first) = (None, None);
    for (lives, name) in pointers {
        ttl = Some(ttl.map_or(lives, |ttl: u32| ttl.min(lives)));
        // Servers turn the order of several names round; it is to be the same one each time.
        first = match (first, name) {
            (Some(first), Some(name)) => Some(String::min(first, name)),
            (first, name) => first.or(name),
        };
    }
    let [least, most] = TTL;
    match (first, ttl) {
        (Some(name), Some(ttl)) => {
            Outcome::Known(name.into(), Duration::from_secs(ttl.into()).clamp(least, most))
        }
        _ => Outcome::Nothing(NEGATIVE),
    }
}

/// Judges what kept a name from being found.
fn outcome<T>(error: &NetError) -> Outcome<T> {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(_)) => Outcome::Nothing(NEGATIVE),
        NetError::Dns(_) => Outcome::Refused,
        NetError::Timeout => Outcome::Failed("no name server answers in time".into()),
        NetError::Io(error) => Outcome::Failed(format!("no name server is reached: {}", error.kind())),
        NetError::Proto(_) => Outcome::Failed("a name server's answer is not understood".into()),
        _ => Outcome::Failed("no name server answers".into()),
    }
}

/// Reads the name of a host as it is shown: letters, digits, hyphens and underscores between dots, in lower case and
/// without the dot of the root; none where it is something else, or looks like an address.
fn hostname(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let is_label = |label: &str| {
        (1..=LABEL_MAX).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    let is_number = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = name.len() <= NAME_MAX
        && name.split('.').all(is_label)
        // RFC 3696 section 2: the last label of a name is not all digits, which those of an address are.
        && !name.rsplit('.').next().is_some_and(is_number);
    is_name.then_some(name)
}

impl std::fmt::Debug for ReverseDns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReverseDns").field("servers", &lock(&self.servers)).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_hosts_and_all_else_is_none() {
        let long = ["a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(61)].join(".");
        assert_eq!(long.len(), 253);
        for (text, name) in [
            ("Mail.Example.ORG.", Some("mail.example.org")),
            ("host-1_a.example", Some("host-1_a.example")),
            ("xn--bcher-kva.example.", Some("xn--bcher-kva.example")),
            (&long, Some(long.as_str())),
            ("192.0.2.1", None),
            ("7.", None),
            ("", None),
            (".", None),
            ("a..b.", None),
            ("<script>.example.", None),
            ("two words.example.", None),
            ("a\\032b.example.", None),
            ("b\u{fc}cher.example", None),
            ("a/26.example.", None),
            (&"a".repeat(64), None),
            (&(long.clone() + "d"), None),
        ] {
            assert_eq!(hostname(text).as_deref(), name, "{text}");
        }
    }
}
