//! Which flows are wanted: words parsed once, then compared without a text being made of any flow.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};
use netsonde_dissect::Protocol;
use netsonde_flow::{FlowRow, Side, State};
use netsonde_messages::stream::FlowQuery;

use super::spoke_lately;
use crate::labels::{AppNumber, Identity};
use crate::view::{Listed, View};

/// The most words of a filter: each is compared with every flow.
pub(super) const MOST_WORDS: usize = 16;

/// Why a filter of flows or hosts was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// A word that means nothing.
    #[error(
        "{word:?} is no address, port, protocol, state or name{hint}: write 192.0.2.1, 192.0.2.0/24, :443, \
         192.0.2.1:443, TCP, established, netflix or example.org, and ! before what must not fit"
    )]
    Unknown {
        /// The word.
        word: String,
        /// What was probably meant.
        hint: String,
    },
    /// A word that means nothing of hosts.
    #[error(
        "{word:?} is no address, number of a network or name: write 192.0.2.1, 192.0.2.0/24, AS64496, netflix, berlin \
         or example.org, and ! before what must not fit"
    )]
    UnknownOfHost {
        /// The word.
        word: String,
    },
    /// More words than are compared.
    #[error("{count} words are too many for a filter: {MOST_WORDS} may be given")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// A protocol that is not known by that name.
    #[error("{name:?} is no protocol that is recognised here")]
    NoProtocol {
        /// The name.
        name: String,
    },
}

/// Which flows are wanted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    words: Vec<Word>,
    protocol: Option<Protocol>,
    app: Option<WantedApp>,
    active: bool,
}

/// Which application's flows are wanted.
#[derive(Clone, Debug, PartialEq)]
enum WantedApp {
    /// Those of which it is not known.
    Unknown,
    Named(String),
}

/// A filter whose names are looked up in one view.
#[derive(Debug)]
pub(super) struct InView {
    filter: Filter,
    /// The application that is wanted by its name; none where there is none of that name.
    app: Option<AppNumber>,
    /// The applications whose name has the text of a word in it, by word.
    apps: Vec<Vec<bool>>,
}

/// One word of it.
#[derive(Clone, Debug, PartialEq)]
struct Word {
    /// Whether what fits it is not wanted.
    negated: bool,
    meaning: Meaning,
}

#[derive(Clone, Debug, PartialEq)]
enum Meaning {
    Address(IpAddr),
    Network(IpNet),
    Port(u16),
    End(IpAddr, u16),
    Protocol(Protocol),
    State(State),
    /// A part of the application's or the server's name, in lower case.
    Text(String),
}

impl Filter {
    pub(super) fn new(query: &FlowQuery) -> Result<Self, FilterError> {
        let text = query.text.as_deref().unwrap_or_default();
        let count = text.split_whitespace().count();
        if count > MOST_WORDS {
            return Err(FilterError::TooMany { count });
        }
        let words = text.split_whitespace().map(Word::parse).collect::<Result<_, _>>()?;
        let name = query.protocol.as_deref().filter(|name| !name.is_empty());
        let known = |name: &str| protocol(name).ok_or_else(|| FilterError::NoProtocol { name: name.into() });
        let app = query.app.as_deref().map(str::trim).map(|name| match name {
            "" => WantedApp::Unknown,
            name => WantedApp::Named(name.into()),
        });
        Ok(Self { words, protocol: name.map(known).transpose()?, app, active: query.active })
    }

    /// Looks up the filter's names.
    pub(super) fn in_view(self, view: &View) -> InView {
        let apps = &view.labels.judge.apps;
        let app = match &self.app {
            Some(WantedApp::Named(name)) => apps.find(name),
            Some(WantedApp::Unknown) | None => None,
        };
        let having =
            |text: &str| apps.iter().map(|(_, app)| app.name.to_lowercase().contains(text)).collect();
        let apps = self.words.iter().map(|word| match &word.meaning {
            Meaning::Text(text) => having(text),
            _ => Vec::new(),
        });
        InView { app, apps: apps.collect(), filter: self }
    }
}

impl InView {
    pub(super) fn fits(&self, listed: Listed<'_>, view: &View) -> bool {
        let Self { filter, app, apps } = self;
        let Listed { row, identity, .. } = listed;
        let fits = |(word, apps): (&Word, &Vec<bool>)| match &word.meaning {
            Meaning::Text(text) => has_text(identity, text, apps),
            meaning => meaning.fits(row),
        } != word.negated;
        let is_app = match &filter.app {
            None => true,
            Some(WantedApp::Unknown) => identity.label.app.is_none(),
            Some(WantedApp::Named(_)) => app.is_some() && identity.label.app == *app,
        };
        (!filter.active || spoke_lately(row.last_seen, view.now))
            && filter.protocol.is_none_or(|protocol| speaks(row, protocol))
            && is_app
            && filter.words.iter().zip(apps).all(fits)
    }
}

/// Tells whether a text is in the name of a flow's application, one of `apps`, or in that of its server.
fn has_text(identity: &Identity, text: &str, apps: &[bool]) -> bool {
    let app = identity.label.app.and_then(|app| apps.get(app.place()));
    app.is_some_and(|&has| has) || identity.name().is_some_and(|name| name.text.contains(text))
}

impl Word {
    fn parse(word: &str) -> Result<Self, FilterError> {
        let (negated, rest) = word.strip_prefix('!').map_or((false, word), |rest| (true, rest));
        match Meaning::of(rest) {
            Some(meaning) => Ok(Self { negated, meaning }),
            None => Err(FilterError::Unknown { word: word.into(), hint: hint(rest) }),
        }
    }
}

/// Says what a word that means nothing was probably meant to be.
fn hint(word: &str) -> String {
    if word.parse::<u16>().is_ok() { format!("; a port is written :{word}") } else { String::new() }
}

impl Meaning {
    fn of(word: &str) -> Option<Self> {
        if let Ok(address) = word.parse() {
            return Some(Self::Address(address));
        }
        if let Some(port) = word.strip_prefix(':') {
            return port.parse().ok().map(Self::Port);
        }
        if let Some((address, port)) = word.rsplit_once(':')
            && let Some(end) = end(address, port)
        {
            return Some(end);
        }
        let network = word.parse().ok().or_else(|| first_octets(word));
        network
            .map(|network: IpNet| Self::Network(network.trunc()))
            .or_else(|| protocol(word).map(Self::Protocol))
            .or_else(|| state(word).map(Self::State))
            .or_else(|| may_be_in_a_name(word).then(|| Self::Text(word.to_lowercase())))
    }

    fn fits(&self, row: &FlowRow) -> bool {
        let key = &row.key;
        let either = |fits: &dyn Fn(Side) -> bool| fits(Side::Low) || fits(Side::High);
        match *self {
            Self::Address(address) => either(&|side| key.address(side) == address),
            Self::Network(network) => either(&|side| network.contains(&key.address(side))),
            Self::Port(port) => either(&|side| key.port(side) == Some(port)),
            Self::End(address, port) => {
                either(&|side| key.port(side) == Some(port) && key.address(side) == address)
            }
            Self::Protocol(protocol) => speaks(row, protocol),
            Self::State(state) => row.state == Some(state),
            Self::Text(_) => false,
        }
    }
}

/// Tells whether a word can be a part of a name: what has a mark of addresses and ports in it, or nothing but digits, was
/// meant to be one of those.
pub(super) fn may_be_in_a_name(word: &str) -> bool {
    !word.is_empty()
        && !word.starts_with('!')
        && !word.contains([':', '/', '[', ']'])
        && !word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Reads an address with its port; one of IPv6 stands in brackets (RFC 3986 section 3.2.2).
fn end(address: &str, port: &str) -> Option<Meaning> {
    let bracketed = address.strip_prefix('[').and_then(|address| address.strip_suffix(']'));
    let address = match bracketed {
        Some(address) => IpAddr::V6(address.parse().ok()?),
        None => IpAddr::V4(address.parse().ok()?),
    };
    Some(Meaning::End(address, port.parse().ok()?))
}

/// Reads the beginning of an IPv4 address: `192.168.` stands for the network.
pub(super) fn first_octets(word: &str) -> Option<IpNet> {
    let octets = word.strip_suffix('.')?.split('.').map(|octet| octet.parse().ok());
    let octets: Vec<u8> = octets.collect::<Option<_>>()?;
    let bits = u8::try_from(octets.len()).ok().filter(|&count| count < 4)? * 8;
    let mut address = [0; 4];
    address.iter_mut().zip(&octets).for_each(|(to, &octet)| *to = octet);
    Some(IpNet::V4(Ipv4Net::new(address.into(), bits).ok()?))
}

fn protocol(name: &str) -> Option<Protocol> {
    Protocol::ALL.into_iter().find(|protocol| protocol.name().eq_ignore_ascii_case(name))
}

fn state(name: &str) -> Option<State> {
    let states = [
        (State::Opening, "opening"),
        (State::Established, "established"),
        (State::Closing, "closing"),
        (State::Closed, "closed"),
        (State::Reset, "reset"),
        (State::Refused, "refused"),
        (State::TimedOut, "timed_out"),
        (State::TimedOut, "timed-out"),
    ];
    states.into_iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(state, _)| state)
}

/// Tells whether a flow is of a protocol, or on top of it.
fn speaks(row: &FlowRow, protocol: Protocol) -> bool {
    row.protocol == protocol || row.transport == protocol
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Filter, FilterError> {
        Filter::new(&FlowQuery { text: Some(text.into()), ..FlowQuery::default() })
    }

    #[test]
    fn each_word_means_one_thing() {
        let address = |text: &str| Meaning::Address(text.parse().unwrap());
        let network = |text: &str| Meaning::Network(text.parse().unwrap());
        let end = |text: &str, port| Meaning::End(text.parse().unwrap(), port);
        for (word, meaning) in [
            ("192.0.2.1", address("192.0.2.1")),
            ("::1", address("::1")),
            ("2001:db8::443", address("2001:db8::443")),
            ("192.0.2.0/24", network("192.0.2.0/24")),
            ("192.0.2.77/24", network("192.0.2.0/24")),
            ("2001:db8::/32", network("2001:db8::/32")),
            ("10.", network("10.0.0.0/8")),
            ("192.168.", network("192.168.0.0/16")),
            ("192.168.7.", network("192.168.7.0/24")),
            (":443", Meaning::Port(443)),
            ("192.0.2.1:443", end("192.0.2.1", 443)),
            ("[2001:db8::1]:53", end("2001:db8::1", 53)),
            ("tls", Meaning::Protocol(Protocol::Tls)),
            ("TCP", Meaning::Protocol(Protocol::Tcp)),
            ("Established", Meaning::State(State::Established)),
            ("timed_out", Meaning::State(State::TimedOut)),
            ("Netflix", Meaning::Text("netflix".into())),
            ("example.org", Meaning::Text("example.org".into())),
            ("9gag", Meaning::Text("9gag".into())),
        ] {
            assert_eq!(Meaning::of(word), Some(meaning), "{word}");
            let negated = parse(&format!("!{word}")).unwrap().words;
            assert_eq!(negated, [Word { negated: true, meaning: Meaning::of(word).unwrap() }]);
        }
        assert_eq!(parse("  tcp   !:22 ").unwrap().words.len(), 2);
        assert_eq!(parse(" ").unwrap().words, []);
    }

    #[test]
    fn what_means_nothing_is_named() {
        for word in ["443", ":x", ":70000", "192.0.2.1:", "192.0.2.0/33", "1.2.3.4.", ".", "!", "!!tcp"] {
            let error = parse(&format!("tcp {word}")).unwrap_err();
            assert!(matches!(&error, FilterError::Unknown { word: named, .. } if named == word), "{error}");
        }
        assert!(parse("443").unwrap_err().to_string().contains("a port is written :443"));
        assert_eq!(parse(&"tcp ".repeat(17)), Err(FilterError::TooMany { count: 17 }));
        let query = FlowQuery { protocol: Some("Gopher".into()), ..FlowQuery::default() };
        assert_eq!(Filter::new(&query), Err(FilterError::NoProtocol { name: "Gopher".into() }));
    }
}
