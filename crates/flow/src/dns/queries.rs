//! Which queries of DNS are open: what answers none of them names nobody (RFC 5452 section 9.1).

use std::collections::HashSet;
use std::hash::{BuildHasher as _, Hasher as _};
use std::net::IpAddr;

use foldhash::fast::RandomState;
use netsonde_dissect::dns::Message;
use netsonde_units::Timestamp;

use super::Heard;
use crate::limits;
use crate::waiting::{Question, Waiting};

/// Queries by all that their answers repeat, and who asked any.
#[derive(Debug, Default)]
pub(super) struct Queries {
    open: Waiting,
    clients: HashSet<IpAddr, RandomState>,
    hasher: RandomState,
}

impl Queries {
    /// Takes a query.
    pub(super) fn ask(&mut self, message: &Message<'_>, heard: &Heard) {
        if self.clients.len() < limits::DNS_CLIENTS {
            self.clients.insert(heard.from);
        }
        if let Some(id) = self.mark(message) {
            let question = Question { conversation: heard.conversation, asker: heard.side, id };
            self.open.ask(question, heard.now, heard.now);
        }
    }

    /// Tells whether a response answers a query that is open: number, name and type are those that were asked, and so are
    /// both ends. Of a client that was not seen to ask nobody knows what it asked: the capture may show only answers, or have
    /// begun in between.
    pub(super) fn is_answered_by(&mut self, message: &Message<'_>, heard: &Heard) -> bool {
        let Some(id) = self.mark(message) else { return false };
        let asker = heard.side.other();
        let question = Question { conversation: heard.conversation, asker, id };
        self.open.close_answered(question, heard.now).is_some() || !self.may_have_asked(heard.to)
    }

    /// Gives up what has waited for too long.
    pub(super) fn expire(&mut self, now: Timestamp) {
        self.open.expire(now);
    }

    /// Takes note that time goes on elsewhere, where others may ask.
    pub(super) fn leap(&mut self, ended: Timestamp, begun: Timestamp) {
        self.open.leap(ended, begun);
        self.clients.clear();
    }

    fn may_have_asked(&self, client: IpAddr) -> bool {
        self.clients.len() >= limits::DNS_CLIENTS || self.clients.contains(&client)
    }

    /// Makes one number of a message's number and its question, upper case or lower; none where that is not whole.
    fn mark(&self, message: &Message<'_>) -> Option<u32> {
        let question = message.questions().next()?.ok()?;
        let mut hash = self.hasher.build_hasher();
        hash.write_u16(message.id());
        hash.write_u16(question.kind.0);
        for label in question.name.labels() {
            for byte in label.ok()? {
                hash.write_u8(byte.to_ascii_lowercase());
            }
            hash.write_u8(b'.');
        }
        u32::try_from(hash.finish() >> u32::BITS).ok()
    }
}
