//! All conversations of a plan, woven into one stream of packets in order of time.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fmt;

use crate::tap::Tap;
use crate::truth::Truth;

/// Something that sends packets: a small state machine that is woken when its next packet passes the tap.
pub trait Conversation: fmt::Debug + Send {
    /// Sends the packet of this moment, or none, and says when to be woken again; `None` ends the conversation.
    ///
    /// `now` is the moment asked for, in nanoseconds since the Unix epoch. At most one packet may be sent.
    fn step(&mut self, now: u64, tap: &mut Tap) -> Option<u64>;
}

/// A conversation and the moment it is first woken, in nanoseconds since the Unix epoch.
pub type Arrival = (u64, Box<dyn Conversation>);

/// What a plan is to the queue: conversations in order of arrival, made when their time comes.
pub trait Arrivals: Iterator<Item = Arrival> + Send {}

impl<I: Iterator<Item = Arrival> + Send> Arrivals for I {}

/// A packet as the tap saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// When, in nanoseconds since the Unix epoch.
    pub time: u64,
    /// What: a frame of Ethernet without its checksum.
    pub bytes: &'a [u8],
}

/// The packets of a plan in order of time; the memory taken is that of the conversations that are open.
///
/// Of two packets of one moment, the one of the conversation that arrived first is first.
#[derive(Debug)]
pub struct Packets<A> {
    arrivals: A,
    /// The arrival that is next, taken out to see its time.
    awaited: Option<Arrival>,
    open: BinaryHeap<Reverse<Due>>,
    arrived: u64,
    now: u64,
    left: u64,
    tap: Tap,
}

impl<A: Arrivals> Packets<A> {
    /// Begins the stream of a plan.
    pub fn new(mut arrivals: A) -> Self {
        let awaited = arrivals.next();
        Self {
            arrivals,
            awaited,
            open: BinaryHeap::new(),
            arrived: 0,
            now: 0,
            left: u64::MAX,
            tap: Tap::new(),
        }
    }

    /// Ends the stream after so many packets, wherever the conversations are.
    #[must_use]
    pub const fn limit(mut self, packets: u64) -> Self {
        self.left = packets;
        self
    }

    /// Makes the next packet; `None` when every conversation has ended.
    pub fn advance(&mut self) -> Option<Packet<'_>> {
        self.left = self.left.checked_sub(1)?;
        let time = loop {
            self.admit();
            let Some(mut first) = self.open.peek_mut() else {
                self.left = 0;
                return None;
            };
            let now = first.0.at;
            self.now = now;
            self.tap.begin(now);
            match first.0.conversation.step(now, &mut self.tap) {
                Some(next) => first.0.at = next.max(now),
                None => drop(PeekMut::pop(first)),
            }
            if !self.tap.bytes().is_empty() {
                break now;
            }
        };
        Some(Packet { time, bytes: self.tap.bytes() })
    }

    /// Returns the truth about the packets made so far.
    pub const fn truth(&self) -> &Truth {
        self.tap.truth()
    }

    /// Ends the stream and hands over the truth about it.
    pub fn into_truth(self) -> Truth {
        self.tap.into_truth()
    }

    /// Opens the conversations whose time has come.
    fn admit(&mut self) {
        while let Some((at, _)) = &self.awaited
            && self.open.peek().is_none_or(|Reverse(first)| *at <= first.at)
            && let Some((at, conversation)) = self.awaited.take()
        {
            // A plan that is out of order must not turn time back.
            let at = at.max(self.now);
            self.open.push(Reverse(Due { at, id: self.arrived, conversation }));
            self.arrived += 1;
            self.awaited = self.arrivals.next();
        }
    }
}

/// An open conversation, in order of when it is due.
#[derive(Debug)]
struct Due {
    at: u64,
    id: u64,
    conversation: Box<dyn Conversation>,
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.id).cmp(&(other.at, other.id))
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Due {}
