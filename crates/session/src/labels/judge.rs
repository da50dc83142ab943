//! Which application a conversation is, by everything known of it (METRICS.md "Application").

use std::fmt;

use ipnet::IpNet;
use netsonde_app_detector::{Catalogue, Transport};
use netsonde_dissect::Protocol;
use netsonde_flow::{FlowRow, State};
use netsonde_messages::{Evidence, EvidenceKind, EvidenceLink, EvidenceVerdict, rfc3339};
use netsonde_units::PerKey as _;

use super::apps::Apps;
use super::known::{Known, Label, Name};
use super::rules::{Rule, Rules, Suspect};
use super::{AppNumber, Identity};

/// Ports from here on are handed out to whoever asks for one: none says what is behind it.
const FIRST_EPHEMERAL_PORT: u16 = 32_768;
/// Ports below are services' own (RFC 6335 section 6).
const FIRST_USER_PORT: u16 = 1_024;

/// Everything that says which application something is.
#[derive(Debug)]
pub(crate) struct Judge {
    catalogue: &'static Catalogue,
    pub(crate) apps: Apps,
    rules: Rules,
    /// The application of each rule, in their order.
    of_rules: Vec<AppNumber>,
    /// The application that each protocol is by itself, by the protocol's number.
    of_protocols: [Option<AppNumber>; Protocol::COUNT],
}

impl Judge {
    pub(crate) fn new(catalogue: &'static Catalogue) -> Self {
        let of_protocol = |protocol: Protocol| catalogue.by_protocol(protocol.name()).map(AppNumber::from);
        Self {
            catalogue,
            apps: Apps::new(catalogue),
            rules: Rules::default(),
            of_rules: Vec::new(),
            of_protocols: Protocol::ALL.map(of_protocol),
        }
    }

    /// Replaces the user's rules. Numbers of applications that no catalogue knows are used again where they are free.
    pub(crate) fn set_rules(&mut self, rules: Rules, is_free: impl Fn(AppNumber) -> bool) {
        self.apps.restore_categories();
        self.of_rules.clear();
        // The first rule says what an application is for; those after it only what else is that application.
        for rule in rules.iter() {
            let is_free = |number| is_free(number) && !self.of_rules.contains(&number);
            let Some(app) = self.apps.enter(&rule.app, is_free) else { break };
            if let Some(category) = rule.category
                && !self.of_rules.contains(&app)
            {
                self.apps.set_category(app, category);
            }
            self.of_rules.push(app);
        }
        self.rules = rules;
    }

    /// Returns the user's rules.
    pub(crate) const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Decides which application a conversation is.
    pub(crate) fn decide(&self, row: &FlowRow, known: Option<&Known>) -> Label {
        if let Some((_, app)) = self.fitting_rules(row, known).next() {
            return Label { app: Some(app), kind: EvidenceKind::Rule };
        }
        let signature = self.of_signature(row);
        if is_its_own_service(row) {
            return signature.unwrap_or_default();
        }
        // A name that nobody knows contradicts the weaker ones.
        let names = known.into_iter().flat_map(Known::names);
        let names = names.map_while(|name| Some(label(self.of_name(name)?.0, name.kind)));
        let range = std::iter::once_with(|| Some(label(self.of_range(row)?.0, EvidenceKind::AddressRange)));
        let mut carrier = None;
        for label in names.chain(signature).chain(range.flatten()) {
            if !label.app.is_some_and(|app| self.apps.is_carrier(app)) {
                return label;
            }
            carrier.get_or_insert(label);
        }
        let port = || Some(label(self.of_port(row)?.0, EvidenceKind::Port));
        carrier.or_else(port).unwrap_or_default()
    }

    /// Returns everything known of who a conversation is with, the strongest first, and what it is worth.
    pub(crate) fn chain(&self, row: &FlowRow, identity: &Identity) -> Vec<EvidenceLink> {
        let known = identity.known.as_deref();
        let mut chain: Vec<Seen> = Vec::new();
        for (rule, app) in self.fitting_rules(row, known) {
            let matches = &rule.matches;
            chain.push(Seen::new(EvidenceKind::Rule, matches.clone(), Some((app, matches.clone()))));
        }
        for name in known.into_iter().flat_map(Known::names) {
            let found = self.of_name(name).map(|(app, rule)| (app, rule.to_owned()));
            let at = Some(rfc3339(name.at.nanos()));
            chain.push(Seen { learned_at: at, ..Seen::new(name.kind, name.text.to_string(), found) });
        }
        if let Some(app) = self.of_signature(row).and_then(|label| label.app) {
            let protocol = row.protocol.name().to_owned();
            chain.push(Seen::new(EvidenceKind::Signature, protocol.clone(), Some((app, protocol))));
        }
        if let Some((app, network)) = self.of_range(row) {
            let address = row.server_address().to_string();
            chain.push(Seen::new(EvidenceKind::AddressRange, address, Some((app, network.to_string()))));
        }
        if let Some((app, port)) = self.of_port(row) {
            chain.push(Seen::new(EvidenceKind::Port, port.to_string(), Some((app, port.to_string()))));
        }
        let mut has_decided = false;
        chain.into_iter().map(|seen| self.link(seen, identity.label, &mut has_decided)).collect()
    }

    fn link(&self, seen: Seen, label: Label, has_decided: &mut bool) -> EvidenceLink {
        let Seen { kind, value, learned_at, found } = seen;
        let (app, rule) = found.unzip();
        let is_carrier = |app: Option<AppNumber>| app.is_some_and(|app| self.apps.is_carrier(app));
        let decides = !*has_decided && label.app.is_some() && (kind, app) == (label.kind, label.app);
        *has_decided |= decides;
        let verdict = match app {
            None => EvidenceVerdict::NotInCatalogue,
            Some(_) if decides => EvidenceVerdict::Decides,
            Some(_) if app == label.app => EvidenceVerdict::Agrees,
            Some(_) if is_carrier(app) && !is_carrier(label.app) => EvidenceVerdict::OnlyCarrier,
            Some(_) => EvidenceVerdict::Overruled,
        };
        EvidenceLink {
            evidence: Evidence { kind, value: Some(value), learned_at },
            app: app.map(|app| self.apps.name(app).to_string().into()),
            rule,
            verdict,
        }
    }

    /// Says what a conversation's label was told by.
    pub(crate) fn evidence(&self, row: &FlowRow, identity: &Identity) -> Evidence {
        let Identity { label, known } = identity;
        let known = known.as_deref();
        let (value, at) = match label.kind {
            EvidenceKind::None => (None, None),
            EvidenceKind::Rule => {
                (self.fitting_rules(row, known).next().map(|(rule, _)| rule.matches.clone()), None)
            }
            EvidenceKind::Signature => (Some(row.protocol.name().to_owned()), None),
            EvidenceKind::AddressRange => (self.of_range(row).map(|(_, network)| network.to_string()), None),
            EvidenceKind::Port => (self.of_port(row).map(|(_, port)| port.to_string()), None),
            EvidenceKind::TlsSni | EvidenceKind::QuicSni | EvidenceKind::HttpHost | EvidenceKind::Dns => {
                let name = known.into_iter().flat_map(Known::names).find(|name| name.kind == label.kind);
                name.map(|name| (name.text.to_string(), rfc3339(name.at.nanos()))).unzip()
            }
        };
        Evidence { kind: label.kind, value, learned_at: at }
    }

    fn fitting_rules(
        &self,
        row: &FlowRow,
        known: Option<&Known>,
    ) -> impl Iterator<Item = (&Rule, AppNumber)> {
        let server = row.key.port(row.client.other());
        let client = row.key.port(row.client).filter(|_| server_port(row).is_none());
        let suspect = Suspect {
            name: known.and_then(|known| known.names().next()).map(|name| &**name.text),
            addresses: [row.server_address(), row.client_address()],
            ports: [server, client],
            transport: transport(row),
        };
        let rules = self.rules.iter().zip(self.of_rules.iter().copied());
        rules.filter(move |(rule, _)| rule.fits(&suspect))
    }

    fn of_name(&self, name: Name<'_>) -> Option<(AppNumber, &str)> {
        self.catalogue.by_name(name.text).map(|found| (found.app.into(), found.rule))
    }

    fn of_signature(&self, row: &FlowRow) -> Option<Label> {
        let app = self.of_protocols.get(row.protocol.number()).copied().flatten()?;
        Some(label(app, EvidenceKind::Signature))
    }

    fn of_range(&self, row: &FlowRow) -> Option<(AppNumber, IpNet)> {
        self.catalogue.by_address(row.server_address()).map(|(app, network)| (app.into(), network))
    }

    fn of_port(&self, row: &FlowRow) -> Option<(AppNumber, ServerPort)> {
        // Whatever was recognised on a port, it is not what the port is for; but some carry anything.
        let may_be_anything =
            matches!(row.protocol, Protocol::Tls | Protocol::Dtls | Protocol::Quic | Protocol::Http);
        if (row.protocol != row.transport && !may_be_anything) || !is_accepted(row) {
            return None;
        }
        let port = ServerPort { transport: transport(row)?, port: server_port(row)? };
        Some((self.catalogue.by_port(port.transport, port.port)?.into(), port))
    }
}

/// A port, written as `tcp/443`.
#[derive(Clone, Copy, Debug)]
struct ServerPort {
    transport: Transport,
    port: u16,
}

impl fmt::Display for ServerPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let transport = match self.transport {
            Transport::Tcp => "tcp",
            Transport::Udp => "udp",
        };
        write!(f, "{transport}/{}", self.port)
    }
}

/// One thing known of a conversation.
#[derive(Debug)]
struct Seen {
    kind: EvidenceKind,
    value: String,
    learned_at: Option<String>,
    /// The application that it speaks for, and the entry that says so.
    found: Option<(AppNumber, String)>,
}

impl Seen {
    const fn new(kind: EvidenceKind, value: String, found: Option<(AppNumber, String)>) -> Self {
        Self { kind, value, learned_at: None, found }
    }
}

const fn label(app: AppNumber, kind: EvidenceKind) -> Label {
    Label { app: Some(app), kind }
}

fn transport(row: &FlowRow) -> Option<Transport> {
    match row.transport {
        Protocol::Tcp => Some(Transport::Tcp),
        Protocol::Udp => Some(Transport::Udp),
        _ => None,
    }
}

/// Tells whether a conversation is a service of the network itself, which is no other for being asked about one: a DNS
/// server is not what it is asked for, nor is a host that answers a ping what else it serves.
const fn is_its_own_service(row: &FlowRow) -> bool {
    row.key.port(row.client).is_none()
        || matches!(
            row.protocol,
            Protocol::Dns
                | Protocol::Mdns
                | Protocol::Llmnr
                | Protocol::NetBios
                | Protocol::Ssdp
                | Protocol::Dhcp
                | Protocol::Dhcpv6
                | Protocol::Ntp
        )
}

/// Returns the port that a conversation's server listens on; none where it is not told which end is the server, or the
/// port is one that is handed out to whoever asks.
fn server_port(row: &FlowRow) -> Option<u16> {
    let (client, server) = (row.key.port(row.client)?, row.key.port(row.client.other())?);
    let has_asked = matches!(row.state, Some(State::Opening | State::Refused | State::TimedOut));
    let is_told = has_asked
        || row.tcp().is_some_and(|tcp| tcp.handshake.is_some())
        || likelihood(server) > likelihood(client)
        || server == client;
    (is_told && server < FIRST_EPHEMERAL_PORT).then_some(server)
}

/// Tells whether the server took the connection, as far as seen: a port that refuses or stays silent offers nothing, and who
/// tries all of them in turn uses nothing.
pub(crate) const fn is_accepted(row: &FlowRow) -> bool {
    !matches!(row.state, Some(State::Opening | State::Refused | State::TimedOut))
}

/// How likely a port is to be a service's.
const fn likelihood(port: u16) -> u8 {
    match port {
        0..FIRST_USER_PORT => 2,
        FIRST_USER_PORT..FIRST_EPHEMERAL_PORT => 1,
        FIRST_EPHEMERAL_PORT.. => 0,
    }
}
