//! The user's rules: what fits one is its application, whatever else is known.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use netsonde_app_detector::{Category, Transport};
use netsonde_messages::AppRule;

use crate::limits::MOST_RULES;

/// The longest name of an application, in letters.
const LONGEST_NAME: usize = 80;
/// The longest domain and its longest label (RFC 1035 section 2.3.4).
const LONGEST_DOMAIN: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Why a list of rules is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// More rules than are compared with every conversation.
    #[error("{count} rules are too many: {MOST_RULES} may be given")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// A rule without an application, or with one whose name is no name.
    #[error("rule {number}: {app:?} is no name of an application: 1 to {LONGEST_NAME} letters are")]
    App {
        /// Which rule, from 1.
        number: usize,
        /// What stands there.
        app: String,
    },
    /// A rule that fits nothing.
    #[error(
        "rule {number}: {matches:?} is neither a domain nor an address nor a port: write example.org (it stands for \
         all names below it too), 192.0.2.1, 192.0.2.0/24, tcp/8080 or udp/5004"
    )]
    Match {
        /// Which rule, from 1.
        number: usize,
        /// What stands there.
        matches: String,
    },
    /// A category that does not exist.
    #[error("rule {number}: {category:?} is no category: those are {}", categories())]
    Category {
        /// Which rule, from 1.
        number: usize,
        /// What stands there.
        category: String,
    },
}

/// The rules in their order; clones share them.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    read: Arc<Read>,
}

#[derive(Debug, Default)]
struct Read {
    given: Vec<AppRule>,
    rules: Vec<Rule>,
}

impl PartialEq for Rules {
    fn eq(&self, other: &Self) -> bool {
        self.given() == other.given()
    }
}

/// One rule.
#[derive(Debug)]
pub(crate) struct Rule {
    /// The application's name.
    pub(crate) app: String,
    /// What fits, as it was given.
    pub(crate) matches: String,
    pub(crate) category: Option<Category>,
    fits: Fits,
}

#[derive(Debug, PartialEq, Eq)]
enum Fits {
    /// In lower case.
    Domain(Box<str>),
    Network(IpNet),
    Port(Transport, u16),
}

/// What rules are compared with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Suspect<'a> {
    /// The best name of the server, in lower case.
    pub(crate) name: Option<&'a str>,
    /// Server and client.
    pub(crate) addresses: [IpAddr; 2],
    /// The port of the server; of either end where it is not told which is the server.
    pub(crate) ports: [Option<u16>; 2],
    /// None where they are no ports of TCP or UDP.
    pub(crate) transport: Option<Transport>,
}

impl Rules {
    /// Reads rules.
    ///
    /// # Errors
    ///
    /// [`RuleError`] for the first that cannot be taken.
    pub fn read(given: &[AppRule]) -> Result<Self, RuleError> {
        if given.len() > MOST_RULES {
            return Err(RuleError::TooMany { count: given.len() });
        }
        let rules = (1..).zip(given).map(|(number, rule)| Rule::read(number, rule));
        let rules: Vec<Rule> = rules.collect::<Result<_, _>>()?;
        let given = rules.iter().map(Rule::given).collect();
        Ok(Self { read: Arc::new(Read { given, rules }) })
    }

    /// Returns the rules as they were given, without blanks around what stands there.
    pub fn given(&self) -> &[AppRule] {
        &self.read.given
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.read.rules.iter()
    }
}

impl Rule {
    fn read(number: usize, given: &AppRule) -> Result<Self, RuleError> {
        let AppRule { app, matches, category } = given;
        let (app, matches) = (app.trim(), matches.trim());
        if app.is_empty() || app.chars().count() > LONGEST_NAME || app.chars().any(char::is_control) {
            return Err(RuleError::App { number, app: app.into() });
        }
        let fits = Fits::read(matches).ok_or_else(|| RuleError::Match { number, matches: matches.into() })?;
        let known = |name: &String| {
            let known =
                Category::ALL.into_iter().find(|category| category.name().eq_ignore_ascii_case(name.trim()));
            known.ok_or_else(|| RuleError::Category { number, category: name.clone() })
        };
        let category = category.as_ref().map(known).transpose()?;
        Ok(Self { app: app.into(), matches: matches.into(), category, fits })
    }

    fn given(&self) -> AppRule {
        let Self { app, matches, category, .. } = self;
        let category = category.map(|category| category.name().into());
        AppRule { app: app.clone(), matches: matches.clone(), category }
    }

    /// Tells whether a conversation is what the rule says.
    pub(crate) fn fits(&self, suspect: &Suspect<'_>) -> bool {
        match &self.fits {
            Fits::Domain(domain) => suspect.name.is_some_and(|name| is_at_or_below(name, domain)),
            Fits::Network(network) => suspect.addresses.iter().any(|address| network.contains(address)),
            Fits::Port(transport, port) => {
                suspect.transport == Some(*transport) && suspect.ports.contains(&Some(*port))
            }
        }
    }
}

impl Fits {
    fn read(text: &str) -> Option<Self> {
        if let Ok(network) = text.parse::<IpNet>() {
            return Some(Self::Network(network.trunc()));
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            // Packets have the address of IPv4 that one of IPv6 may be written around.
            return Some(Self::Network(address.to_canonical().into()));
        }
        if let Some((transport, port)) = text.split_once('/') {
            let transport = match transport.to_ascii_lowercase().as_str() {
                "tcp" => Transport::Tcp,
                "udp" => Transport::Udp,
                _ => return None,
            };
            return Some(Self::Port(transport, port.parse().ok().filter(|&port| port != 0)?));
        }
        let domain = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        is_domain(&domain).then(|| Self::Domain(domain.into()))
    }
}

/// Tells whether a text can be a domain: labels of letters, digits, `-` and `_`, the last one no number.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    text.len() <= LONGEST_DOMAIN
        && text.split('.').all(is_label)
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_at_or_below(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn categories() -> String {
    Category::ALL.map(Category::name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(app: &str, matches: &str, category: Option<&str>) -> AppRule {
        AppRule { app: app.into(), matches: matches.into(), category: category.map(Into::into) }
    }

    fn refused(app: &str, matches: &str, category: Option<&str>) -> String {
        Rules::read(&[rule("ok", "192.0.2.1", None), rule(app, matches, category)]).unwrap_err().to_string()
    }

    #[test]
    fn what_a_rule_fits_is_read_from_its_text() {
        let port = |transport, port| Fits::Port(transport, port);
        for (text, fits) in [
            ("example.org", Fits::Domain("example.org".into())),
            ("NAS", Fits::Domain("nas".into())),
            ("Example.ORG.", Fits::Domain("example.org".into())),
            ("192.0.2.77/24", Fits::Network("192.0.2.0/24".parse().unwrap())),
            ("192.0.2.1", Fits::Network("192.0.2.1/32".parse().unwrap())),
            ("::ffff:192.0.2.1", Fits::Network("192.0.2.1/32".parse().unwrap())),
            ("2001:db8::/32", Fits::Network("2001:db8::/32".parse().unwrap())),
            ("tcp/8080", port(Transport::Tcp, 8080)),
            ("UDP/5004", port(Transport::Udp, 5004)),
        ] {
            assert_eq!(Fits::read(text), Some(fits), "{text}");
        }
        for text in [
            "",
            "a b",
            "*.example.org",
            "example..org",
            "1.2.3",
            "443",
            "tcp/0",
            "tcp/x",
            "sctp/80",
            "192.0.2.0/33",
        ] {
            assert_eq!(Fits::read(text), None, "{text}");
        }
    }

    #[test]
    fn rules_that_cannot_be_taken_are_refused_in_a_sentence() {
        let sentence = refused("Backup", "some where", None);
        assert!(
            sentence
                .starts_with("rule 2: \"some where\" is neither a domain nor an address nor a port: write"),
            "{sentence}"
        );
        assert!(refused(" ", "example.org", None).starts_with("rule 2: \"\" is no name of an application"));
        assert!(refused("a\u{1b}[2J", "example.org", None).contains("is no name"));
        let sentence = refused("Backup", "example.org", Some("Backups"));
        assert!(
            sentence.starts_with("rule 2: \"Backups\" is no category: those are Video, Music, "),
            "{sentence}"
        );
        let many = vec![rule("Backup", "example.org", None); MOST_RULES + 1];
        assert_eq!(Rules::read(&many).unwrap_err(), RuleError::TooMany { count: MOST_RULES + 1 });
        assert!(Rules::read(&many[1..]).is_ok());
    }

    #[test]
    fn rules_are_given_back_as_they_were_taken() {
        let rules = Rules::read(&[rule(" Backup ", "Example.org", Some("file sharing"))]).unwrap();
        assert_eq!(rules.given(), [rule("Backup", "Example.org", Some("File Sharing"))]);
    }

    #[test]
    fn a_domain_fits_whole_labels_only() {
        let is_fit = |name| is_at_or_below(name, "example.org");
        assert_eq!(
            ["example.org", "www.example.org", "notexample.org", "example.org.uk", "org"].map(is_fit),
            [true, true, false, false, false]
        );
    }
}
