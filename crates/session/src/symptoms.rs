//! What speaks for trouble in a session: the conversations, services and hosts that show it most.

mod attempts;
mod credentials;
mod scans;
mod signs;

use std::net::IpAddr;

use netsonde_messages::stream::FlowListed;

pub(crate) use self::attempts::Change;
pub(crate) use self::credentials::{Sender, Sent};
pub(crate) use self::signs::Signs;

#[cfg(test)]
mod tests;

/// The signs of trouble as they stand, each list with the worst first.
#[derive(Clone, Debug, Default)]
pub struct Symptoms {
    /// Connections whose segments were sent again, at most 10; `count` of `of` data segments.
    pub resent: Vec<FlowSymptom>,
    /// Connections with an end that had no room, at most 10; `count` of its segments said so of `of`.
    pub zero_windows: Vec<FlowSymptom>,
    /// Conversations with the most bytes, at most 10; `count` bytes of `of` in the session.
    pub largest: Vec<FlowSymptom>,
    /// Services that did not answer or refused, at most 20.
    pub unanswered: Vec<Unanswered>,
    /// Hosts that tried many services or addresses in vain, at most 10.
    pub scans: Vec<Scan>,
    /// Passwords that went in clear text, at most 50.
    pub credentials: Vec<Credential>,
    /// How many bits a second the interface can carry; none where nobody says.
    pub link_bps: Option<u64>,
    /// Services, hosts and passwords that gave way to others, because their tables are bounded.
    pub dropped: u64,
}

/// A conversation that shows something.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowSymptom {
    /// The conversation.
    pub flow: FlowListed,
    /// How many times it shows it.
    pub count: u64,
    /// Of how many.
    pub of: u64,
}

/// A service to which connections came to nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Unanswered {
    /// Its address.
    pub address: IpAddr,
    /// Its port.
    pub port: u16,
    /// Connections that were tried, and conversations of UDP that were answered or refused.
    pub tried: u64,
    /// Those of them that nobody answered.
    pub unanswered: u64,
    /// Those of them that were refused.
    pub refused: u64,
    /// Who tried last in vain.
    pub client: IpAddr,
    /// The last flow that came to nothing, by its id in the list of flows.
    pub flow: u64,
    /// When the first came to nothing, in milliseconds since the epoch.
    pub first_ms: Option<f64>,
    /// When the last did.
    pub last_ms: Option<f64>,
}

/// A host that tried many services or addresses, most of them in vain.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// The host.
    pub host: IpAddr,
    /// Addresses that it tried in vain; at least so many from [`crate::limits::TRIED_EACH`] on.
    pub addresses: u64,
    /// Ports that it tried in vain, each counted once though at several addresses; at least so many from
    /// [`crate::limits::TRIED_EACH`] on.
    pub ports: u64,
    /// Connections and datagrams that came to nothing.
    pub failed: u64,
    /// Connections, and conversations of UDP, that were answered.
    pub answered: u64,
    /// The address that it tried most ports of.
    pub target: IpAddr,
    /// The last flow that came to nothing, by its id in the list of flows.
    pub flow: u64,
    /// When it began, in milliseconds since the epoch.
    pub first_ms: Option<f64>,
    /// When it tried last.
    pub last_ms: Option<f64>,
}

/// A password that anybody on the way can read. It is not kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Credential {
    /// How it was sent.
    pub kind: CredentialKind,
    /// Who sent it.
    pub client: IpAddr,
    /// To whom.
    pub server: IpAddr,
    /// To which port.
    pub server_port: u16,
    /// How many times.
    pub count: u64,
    /// The first flow that carried it, by its id in the list of flows.
    pub flow: u64,
    /// When it was sent first, in milliseconds since the epoch.
    pub first_ms: Option<f64>,
    /// When it was sent last.
    pub last_ms: Option<f64>,
}

/// How a password is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CredentialKind {
    /// `Authorization: Basic` of HTTP (RFC 7617).
    HttpBasic,
    /// `PASS` of FTP (RFC 959).
    Ftp,
    /// `PASS` of POP3 (RFC 1939).
    Pop3,
    /// `LOGIN`, or `AUTHENTICATE PLAIN` or `LOGIN`, of IMAP (RFC 3501).
    Imap,
    /// `AUTH PLAIN` or `LOGIN` of SMTP (RFC 4954).
    Smtp,
}

impl CredentialKind {
    /// Names the protocol and the way.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HttpBasic => "HTTP basic authentication",
            Self::Ftp => "FTP password",
            Self::Pop3 => "POP3 password",
            Self::Imap => "IMAP login",
            Self::Smtp => "SMTP login",
        }
    }
}
