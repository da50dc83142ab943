//! What happens between the two stacks, in order of time.

use std::cmp::Ordering;

use crate::frame::tcp::Sacks;
use crate::path::Way;
use crate::tcp::Fate;
use crate::tcp::side::Sent;

/// A segment on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) way: Way,
    /// The place of its first byte in the sender's stream.
    pub(super) begin: u64,
    pub(super) len: u32,
    pub(super) flags: u8,
    /// The place awaited in the receiver's stream.
    pub(super) ack: u64,
    /// The window as it is written.
    pub(super) window: u16,
    pub(super) sacks: Sacks,
    /// The sender's clock and the echo.
    pub(super) clock: (u32, u32),
    /// A segment that only asks whether the other is there.
    pub(super) probe: bool,
    /// A segment with data that were sent before.
    pub(super) again: bool,
    pub(super) fate: Option<Fate>,
}

#[derive(Debug)]
pub(super) enum What {
    Cross(Segment),
    Arrive(Segment),
    SendAgain(Way, Sent),
}

#[derive(Debug)]
pub(super) struct Event {
    pub(super) at: u64,
    pub(super) number: u64,
    pub(super) what: What,
}

impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Event {}
