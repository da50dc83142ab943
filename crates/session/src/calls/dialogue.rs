//! How far one call has come, by what was said of it in any order.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use netsonde_flow::{SipKind, SipMessage, SipMethod};
use netsonde_messages::CallState;
use netsonde_units::{NANOS_PER_SECOND, Timestamp};

/// How long an end that asks waits for any answer (timer B, RFC 3261 section 17.1.1.2).
const UNANSWERED_NANOS: u64 = 32 * NANOS_PER_SECOND;
/// How long it may ring without a word (timer C, RFC 3261 section 16.6).
const RINGING_NANOS: u64 = 180 * NANOS_PER_SECOND;
/// Requests that begin a call: with a password and to a handful of others.
const MAX_REQUESTS: usize = 16;

/// What was said of a call. Messages come in any order, and more than once where several stretches of their way are
/// captured: kept is the first or last of each kind, and the state follows from those.
#[derive(Debug)]
pub(super) struct Dialogue {
    /// Who takes part, by the first request that begins it, else by the first message.
    parties: Parties,
    /// When anything was said for the first time.
    first: Timestamp,
    /// And for the last time.
    last: Timestamp,
    /// The requests that begin it by number, each as it was first seen: again with a password, or to somebody else.
    invited: BTreeMap<u32, Timestamp>,
    /// The first sign that the other end rings: when, and the number of its request.
    rang: Option<(Timestamp, u32)>,
    /// The first answer that accepts, likewise.
    accepted: Option<(Timestamp, u32)>,
    /// The latest confirmation: its number, and when.
    confirmed: Option<(u32, Timestamp)>,
    /// The latest answer that refuses.
    refused: Option<Refusal>,
    /// The first request to give it up: when, and whose.
    given_up: Option<(Timestamp, Endpoint)>,
    /// The first request to end it.
    ended: Option<Timestamp>,
    /// Whether it was changed on its way.
    was_changed: bool,
}

/// Who takes part in a call.
#[derive(Clone, Debug)]
pub(super) struct Parties {
    pub(super) from: Arc<str>,
    pub(super) to: Arc<str>,
    pub(super) caller: Endpoint,
    pub(super) callee: Endpoint,
}

/// An address and a port.
type Endpoint = (IpAddr, u16);

/// An answer that refuses.
#[derive(Clone, Debug)]
struct Refusal {
    sequence: u32,
    at: Timestamp,
    code: u16,
    reason: Arc<str>,
}

impl Refusal {
    /// The code of what was given up (RFC 3261 section 21.4.25).
    const TERMINATED: u16 = 487;

    /// Tells whether a further request is expected to follow: with a password, or to somebody else (RFC 3261 sections
    /// 21.3, 21.4.2, 21.4.8).
    const fn is_followed(&self) -> bool {
        matches!(self.code, 300..=302 | 305 | 401 | 407)
    }
}

impl Dialogue {
    /// Begins with a message of it.
    pub(super) fn begin(message: &SipMessage) -> Self {
        let mut dialogue = Self {
            parties: Parties::of(message),
            first: message.at,
            last: message.at,
            invited: BTreeMap::new(),
            rang: None,
            accepted: None,
            confirmed: None,
            refused: None,
            given_up: None,
            ended: None,
            was_changed: false,
        };
        dialogue.take(message);
        dialogue
    }

    /// Takes in a message.
    pub(super) fn take(&mut self, message: &SipMessage) {
        let &SipMessage { at, sequence, in_dialogue, .. } = message;
        self.first = self.first.min(at);
        self.last = self.last.max(at);
        match (message.method, &message.kind) {
            (SipMethod::Invite, SipKind::Request) if in_dialogue => self.was_changed = true,
            (SipMethod::Invite, SipKind::Request) => self.invite(message),
            (SipMethod::Invite, &SipKind::Response { code, ref reason }) => match code {
                180 | 183 => note(&mut self.rang, (at, sequence)),
                200..=299 => note(&mut self.accepted, (at, sequence)),
                300.. => self.refuse(Refusal { sequence, at, code, reason: Arc::clone(reason) }),
                _ => {}
            },
            (SipMethod::Ack, SipKind::Request) => {
                self.confirmed = self.confirmed.max(Some((sequence, at)));
            }
            (SipMethod::Bye, _) => note(&mut self.ended, at),
            (SipMethod::Cancel, SipKind::Request) => note(&mut self.given_up, (at, message.source)),
            (SipMethod::Ack | SipMethod::Cancel, SipKind::Response { .. })
            | (SipMethod::Register | SipMethod::Other, _) => {}
        }
    }

    /// Returns who takes part.
    pub(super) const fn parties(&self) -> &Parties {
        &self.parties
    }

    /// Returns when it began, as far as that was seen.
    pub(super) fn started(&self) -> Timestamp {
        self.invited.values().min().copied().unwrap_or(self.first)
    }

    /// Returns how far it has come, as of `now`.
    pub(super) fn state(&self, now: Timestamp) -> CallState {
        if self.ended.is_some() {
            return CallState::Ended;
        }
        if self.accepted.is_some() {
            return CallState::Talking;
        }
        match self.refusal() {
            Some(refusal) if self.is_cancelled(refusal) => return CallState::Cancelled,
            Some(refusal) if refusal.is_followed() && !self.is_silent(now, UNANSWERED_NANOS) => {}
            Some(_) => return CallState::Failed,
            None if self.given_up.is_some() => return CallState::Cancelled,
            None if self.is_confirmed() || self.was_going_on() => return CallState::Talking,
            None => {}
        }
        match self.rang {
            Some(_) if self.is_silent(now, RINGING_NANOS) => CallState::Failed,
            Some(_) => CallState::Ringing,
            None if self.is_silent(now, UNANSWERED_NANOS) => CallState::Failed,
            None => CallState::Calling,
        }
    }

    /// Returns how it failed, in the words of the answer; none where nothing says.
    pub(super) fn result(&self, now: Timestamp) -> Option<String> {
        let is_over = matches!(self.state(now), CallState::Failed | CallState::Cancelled);
        let refusal = self.refusal().filter(|_| is_over)?;
        Some(format!("{} {}", refusal.code, refusal.reason).trim_end().to_owned())
    }

    /// Returns the time from the answer to the end, or to `now`, in seconds.
    pub(super) fn duration_s(&self, now: Timestamp) -> Option<f64> {
        let confirmed = self.confirmed.filter(|_| self.is_confirmed()).map(|(_, at)| at);
        let accepted = self.accepted.map(|(at, _)| at);
        let answered = accepted.or(confirmed).filter(|&at| at > Timestamp::EPOCH)?;
        Some(self.ended.unwrap_or(now).nanos_since(answered) as f64 / NANOS_PER_SECOND as f64)
    }

    /// Returns the time from the request that led to it to the first sign of ringing or the answer, in milliseconds: the
    /// session request delay of RFC 6076 section 4.3.1.
    pub(super) fn post_dial_delay_ms(&self) -> Option<f64> {
        let signs = [self.rang, self.accepted].into_iter().flatten();
        let (sign, sequence) = signs.min()?;
        let invited = self.invited.get(&sequence).filter(|&&at| at > Timestamp::EPOCH && at <= sign)?;
        Some(sign.nanos_since(*invited) as f64 / 1e6)
    }

    fn invite(&mut self, message: &SipMessage) {
        if self.invited.values().all(|&known| message.at < known) {
            self.parties = Parties::of(message);
        }
        let is_known = self.invited.contains_key(&message.sequence);
        if is_known || self.invited.len() < MAX_REQUESTS {
            let at = self.invited.entry(message.sequence).or_insert(message.at);
            *at = message.at.min(*at);
        }
    }

    /// Keeps the latest refusal: of several that were asked, the one that goes back all the way comes last.
    fn refuse(&mut self, refusal: Refusal) {
        let rank = |it: &Refusal| (it.sequence, it.at);
        if self.refused.as_ref().is_none_or(|known| rank(known) < rank(&refusal)) {
            self.refused = Some(refusal);
        }
    }

    /// Returns the refusal of the latest request; none where another one followed.
    fn refusal(&self) -> Option<&Refusal> {
        self.refused.as_ref().filter(|refusal| self.is_latest(refusal.sequence))
    }

    /// Tells whether who called had given up before the refusal. A proxy gives up other telephones, and what waits too
    /// long, on its own.
    fn is_cancelled(&self, refusal: &Refusal) -> bool {
        let is_own = |&(at, by): &(Timestamp, Endpoint)| by == self.parties.caller && at <= refusal.at;
        refusal.code == Refusal::TERMINATED || self.given_up.as_ref().is_some_and(is_own)
    }

    /// Tells whether no request to begin it has a higher number.
    fn is_latest(&self, sequence: u32) -> bool {
        self.invited.keys().next_back().is_none_or(|&latest| latest <= sequence)
    }

    /// Tells whether the latest request was confirmed, whose answer was not seen.
    fn is_confirmed(&self) -> bool {
        self.confirmed.is_some_and(|(confirmed, _)| {
            self.is_latest(confirmed)
                && self.refused.as_ref().is_none_or(|refusal| refusal.sequence != confirmed)
        })
    }

    /// Tells whether it had been agreed on before anything was seen of it.
    fn was_going_on(&self) -> bool {
        self.was_changed && self.invited.is_empty()
    }

    fn is_silent(&self, now: Timestamp, nanos: u64) -> bool {
        self.last > Timestamp::EPOCH && now.nanos_since(self.last) > nanos
    }
}

impl Parties {
    /// Who takes part, as far as a message tells: an answer goes back to who asked.
    fn of(message: &SipMessage) -> Self {
        let (asking, asked) = match message.kind {
            SipKind::Request => (message.source, message.destination),
            SipKind::Response { .. } => (message.destination, message.source),
        };
        let (from, to) = (Arc::clone(&message.from), Arc::clone(&message.to));
        Self { from, to, caller: asking, callee: asked }
    }
}

/// Takes note of when something was said for the first time.
fn note<T: Copy + Ord>(first: &mut Option<T>, said: T) {
    *first = Some(first.map_or(said, |first| first.min(said)));
}

#[cfg(test)]
mod tests;
