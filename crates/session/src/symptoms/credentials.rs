//! Passwords that went in clear text.

use std::cmp::Reverse;
use std::hash::Hasher;
use std::net::IpAddr;

use netsonde_dissect::login::Login;
use netsonde_units::Timestamp;

use super::attempts::milliseconds;
use super::{Credential, CredentialKind};
use crate::largest::keep_first;
use crate::limits::{CREDENTIALS, TOLD_CREDENTIALS};
use crate::ranked::{Key, Ranked, Weight};

/// Who sends passwords to whom, and how often.
#[derive(Debug)]
pub(crate) struct Credentials {
    senders: Ranked<Sender, Sums>,
    pub(super) dropped: u64,
}

/// That a password was sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    pub(crate) sender: Sender,
    pub(crate) flow: u64,
    pub(crate) at: Timestamp,
}

/// Who sends passwords, how, and to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sender {
    pub(crate) kind: CredentialKind,
    pub(crate) client: IpAddr,
    pub(crate) server: IpAddr,
    pub(crate) server_port: u16,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    count: u64,
    first: Option<(Timestamp, u64)>,
    last: Option<Timestamp>,
}

impl Weight for Sums {
    fn weight(&self) -> u64 {
        self.count
    }
}

impl Key for Sender {
    fn feed(&self, hasher: &mut impl Hasher) {
        (self.client, self.server).feed(hasher);
        hasher.write_u16(self.server_port);
    }
}

impl From<Login> for CredentialKind {
    fn from(login: Login) -> Self {
        match login {
            Login::HttpBasic => Self::HttpBasic,
            Login::Ftp => Self::Ftp,
            Login::Pop3 => Self::Pop3,
            Login::Imap => Self::Imap,
            Login::Smtp => Self::Smtp,
        }
    }
}

impl Credentials {
    pub(super) fn new() -> Self {
        Self { senders: Ranked::new(CREDENTIALS), dropped: 0 }
    }

    /// Takes in that a password was sent.
    pub(crate) fn add(&mut self, sent: &Sent) {
        let (_, sums, dropped) = self.senders.entry(sent.sender, 0);
        self.dropped += u64::from(dropped.is_some());
        let Some(sums) = sums else { return };
        let this = (sent.at, sent.flow);
        sums.count += 1;
        sums.first = Some(sums.first.map_or(this, |first| first.min(this)));
        sums.last = sums.last.max(Some(sent.at));
    }

    /// Returns those who send most of them.
    pub(super) fn told(&self) -> Vec<Credential> {
        let mut senders: Vec<_> = self.senders.entries().iter().collect();
        let rank = |(sender, sums): &&(Sender, Sums)| (Reverse(sums.count), *sender);
        keep_first(&mut senders, TOLD_CREDENTIALS, rank);
        senders.sort_unstable_by_key(rank);
        senders.into_iter().filter_map(|(sender, sums)| told(sender, sums)).collect()
    }
}

fn told(sender: &Sender, sums: &Sums) -> Option<Credential> {
    let &Sender { kind, client, server, server_port } = sender;
    let (first, flow) = sums.first?;
    let (first_ms, last_ms) = (milliseconds(first), sums.last.and_then(milliseconds));
    Some(Credential { kind, client, server, server_port, count: sums.count, flow, first_ms, last_ms })
}
