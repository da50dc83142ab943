//! What is known of who one conversation is with.

use std::net::IpAddr;
use std::sync::Arc;

use netsonde_flow::{ClientHello, Clue, HelloOver, ServerHello};
use netsonde_messages::{EvidenceKind, NameSource};
use netsonde_units::Timestamp;

use super::AppNumber;
use crate::names::Named;

/// What a conversation is told to be, and what it is known by.
#[derive(Debug, Default)]
pub(crate) struct Identity {
    pub(crate) label: Label,
    /// Most conversations are short and nameless: they keep nothing.
    pub(crate) known: Option<Box<Known>>,
}

/// Kept a million times beside the rows.
const _: () = assert!(size_of::<Identity>() <= 16);

impl Identity {
    /// Returns the best name of the server, and what told it.
    pub(crate) fn name(&self) -> Option<Name<'_>> {
        self.known.as_deref()?.names().next()
    }
}

/// The application of a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Label {
    /// None where it is not known.
    pub(crate) app: Option<AppNumber>,
    /// What told it.
    pub(crate) kind: EvidenceKind,
}

/// A name of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name<'a> {
    pub(crate) text: &'a Arc<str>,
    pub(crate) kind: EvidenceKind,
    pub(crate) at: Timestamp,
}

impl Name<'_> {
    /// Returns who said it where it was the client, of the server that it spoke to.
    pub(super) const fn source(&self) -> Option<NameSource> {
        match self.kind {
            EvidenceKind::TlsSni => Some(NameSource::TlsSni),
            EvidenceKind::QuicSni => Some(NameSource::QuicSni),
            EvidenceKind::HttpHost => Some(NameSource::HttpHost),
            _ => None,
        }
    }
}

/// The clues of one conversation.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// The client's first hello.
    pub(crate) hello: Option<(Box<ClientHello>, Timestamp)>,
    /// The server's.
    pub(crate) server: Option<(ServerHello, Timestamp)>,
    /// How long its handshake took, in nanoseconds.
    pub(crate) handshake: Option<(u64, Timestamp)>,
    /// The host that the first request asks for.
    pub(crate) host: Option<(Arc<str>, Timestamp)>,
    /// The name that DNS gave the server.
    pub(crate) dns: Option<Named>,
}

impl Known {
    /// Takes a clue. Of several of a kind the earliest counts, in whichever order they come.
    pub(crate) fn add(&mut self, clue: Clue, at: Timestamp) {
        match clue {
            Clue::Client(hello) => keep_first(&mut self.hello, hello, at),
            Clue::Server(hello) => keep_first(&mut self.server, hello, at),
            Clue::Handshake(nanos) => keep_first(&mut self.handshake, nanos, at),
            Clue::HttpHost(host) => keep_first(&mut self.host, host, at),
        }
    }

    /// Returns the names of the server, the strongest first. An address in the place of a name is none.
    pub(crate) fn names(&self) -> impl Iterator<Item = Name<'_>> {
        let sni = self.hello.as_ref().and_then(|(hello, at)| {
            let name = hello.server_name.as_ref()?;
            Some(Name { text: name, kind: sni_kind(hello.over), at: *at })
        });
        let host = self.host.as_ref();
        let host = host.map(|(text, at)| Name { text, kind: EvidenceKind::HttpHost, at: *at });
        let dns = self.dns.as_ref();
        let dns = dns.map(|Named { name, at, .. }| Name { text: name, kind: EvidenceKind::Dns, at: *at });
        [sni, host, dns].into_iter().flatten().filter(|name| !is_address(name.text))
    }
}

fn keep_first<T>(held: &mut Option<(T, Timestamp)>, clue: T, at: Timestamp) {
    if held.as_ref().is_none_or(|(_, held)| at < *held) {
        *held = Some((clue, at));
    }
}

const fn sni_kind(over: HelloOver) -> EvidenceKind {
    match over {
        HelloOver::Tls | HelloOver::Dtls => EvidenceKind::TlsSni,
        HelloOver::Quic | HelloOver::GoogleQuic => EvidenceKind::QuicSni,
    }
}

fn is_address(name: &str) -> bool {
    // Most names have a letter that no address has among their first.
    if name.bytes().any(|byte| !(byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':' | b'[' | b']'))) {
        return false;
    }
    let unbracketed = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    unbracketed.parse::<IpAddr>().is_ok()
}
