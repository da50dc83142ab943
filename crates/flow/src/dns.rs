//! DNS, multicast DNS and LLMNR: who asked, how long the answer took, what it said.

mod names;
mod queries;
mod streams;

use std::net::IpAddr;

use netsonde_dissect::dns::{Message, Rcode};
use netsonde_dissect::{Frame, Tcp};
use netsonde_units::Timestamp;

use crate::counters::DnsCounters;
use crate::fact::Facts;
use crate::waiting::{Question, Waiting};
use crate::{Aside, DnsEvent, DnsKind, Side};

use queries::Queries;
use streams::Streams;

/// A packet of a conversation that speaks DNS.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heard {
    pub(crate) kind: DnsKind,
    /// Whether the conversation is known to be DNS: else only what makes sense as a whole is a message.
    pub(crate) is_recognised: bool,
    /// The conversation's serial number.
    pub(crate) conversation: u64,
    /// Who speaks.
    pub(crate) side: Side,
    /// From which address.
    pub(crate) from: IpAddr,
    /// To whom.
    pub(crate) to: IpAddr,
    /// Whether it can be of this link where only this link's hosts are to speak.
    pub(crate) is_of_link: bool,
    /// Whether it is for many hosts, none of which asked by itself.
    pub(crate) is_to_many: bool,
    pub(crate) at: Timestamp,
    pub(crate) now: Timestamp,
}

/// All that is followed of DNS.
#[derive(Debug, Default)]
pub(crate) struct Dns {
    streams: Streams,
    messages: Messages,
}

/// What follows from one message to another.
#[derive(Debug, Default)]
struct Messages {
    /// Queries by their number, which responses are timed by.
    waiting: Waiting,
    queries: Queries,
    counters: DnsCounters,
}

impl Dns {
    /// Reads a datagram, which is a message.
    pub(crate) fn datagram(&mut self, heard: &Heard, payload: &[u8], facts: &mut Facts) -> Option<DnsEvent> {
        self.messages.take(heard, payload, facts)
    }

    /// Reads a TCP segment: a part of a message, or several (RFC 1035 section 4.2.2). It tells the last one; those
    /// before it are `asides`.
    pub(crate) fn segment(
        &mut self,
        heard: &Heard,
        frame: &Frame<'_>,
        tcp: &Tcp<'_>,
        facts: &mut Facts,
        asides: &mut Vec<Aside>,
    ) -> Option<DnsEvent> {
        let Self { streams, messages } = self;
        let mut last = None;
        streams.push((heard.conversation, heard.side), frame, tcp, |message| {
            if let Some(event) = messages.take(heard, message, facts) {
                asides.extend(last.replace(event).map(Aside::Dns));
            }
        });
        last
    }

    /// Gives up what has waited for too long.
    pub(crate) fn expire(&mut self, now: Timestamp) {
        self.messages.waiting.expire(now);
        self.messages.queries.expire(now);
    }

    /// Takes note that time goes on elsewhere.
    pub(crate) fn leap(&mut self, ended: Timestamp, begun: Timestamp) {
        self.messages.waiting.leap(ended, begun);
        self.messages.queries.leap(ended, begun);
    }

    /// Returns the counters.
    pub(crate) const fn counters(&self) -> DnsCounters {
        let Messages { waiting, counters, .. } = &self.messages;
        DnsCounters { timeouts: waiting.unanswered(), forgotten: waiting.forgotten(), ..*counters }
    }
}

impl Messages {
    /// Counts a message and, where it is an answer, finds its query and learns its names; none where it has no header.
    fn take(&mut self, heard: &Heard, message: &[u8], facts: &mut Facts) -> Option<DnsEvent> {
        let &Heard { kind, is_recognised, conversation, side, to, at, now, .. } = heard;
        let message = Message::parse(message).ok()?;
        let is_message = is_recognised || (message.is_usual() && message.asks_plainly());
        if !is_message {
            return None;
        }
        let id = message.id();
        // Multicast DNS numbers nothing and LLMNR answers from another address, so there is nothing to wait for; nor is
        // there where nobody in particular was asked. A capture without time times nothing.
        let is_awaited = kind == DnsKind::Dns && !to.is_multicast();
        let is_timed = is_awaited && at > Timestamp::EPOCH;
        let question = |asker| Question { conversation, asker, id: id.into() };
        if !message.is_response() {
            self.counters.messages[kind].queries += 1;
            // What is no usual query, such as another protocol on this port, may never be answered.
            if is_awaited && message.is_usual() {
                self.queries.ask(&message, heard);
                if is_timed {
                    self.waiting.ask(question(side), at, now);
                }
            }
            return Some(DnsEvent { kind, id, rcode: None, latency_nanos: None });
        }
        self.counters.messages[kind].responses += 1;
        let Rcode(rcode) = message.rcode();
        if kind == DnsKind::Dns {
            self.counters.count_rcode(rcode);
        }
        let latency_nanos =
            if is_timed { self.waiting.answer(question(side.other()), at, now) } else { None };
        let is_asked = is_awaited && !heard.is_to_many && self.queries.is_answered_by(&message, heard);
        names::learn(&message, heard, is_asked, facts);
        Some(DnsEvent { kind, id, rcode: Some(rcode), latency_nanos })
    }
}
