//! How far one side of a conversation has been listened to.

use netsonde_dissect::Protocol;

use super::Greeting;
use crate::Clue;

/// One byte of a record: how many payloads are still looked at, and what has become of those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Watch(u8);

impl Watch {
    const COLLECTING: u8 = 0x80;
    const TOLD: u8 = 0x40;
    const LOOKS: u8 = 0x3f;

    /// Watches a side of a TCP connection. Mail, directories and telephone switches ask for encryption within so many
    /// segments; who begins later is known by what came before.
    const STREAM: Self = Self(8);
    /// Watches a side that sends datagrams: it may search a way through address translation first.
    const DATAGRAMS: Self = Self(32);
    /// Watches a side no longer, or not at all.
    pub(crate) const SETTLED: Self = Self(0);

    /// Returns how a side of a conversation is watched at its beginning.
    pub(crate) const fn of(transport: Protocol) -> Self {
        match transport {
            Protocol::Tcp => Self::STREAM,
            Protocol::Udp => Self::DATAGRAMS,
            _ => Self::SETTLED,
        }
    }

    /// Tells whether the next payload is to be looked at.
    #[inline]
    pub(crate) const fn is_open(self) -> bool {
        self.0 != Self::SETTLED.0
    }

    /// Tells whether something of it is held.
    pub(crate) const fn is_collecting(self) -> bool {
        self.0 & Self::COLLECTING != 0
    }

    /// Tells whether this is a stream of which nothing was looked at before.
    pub(super) const fn is_fresh(self) -> bool {
        self.0 == Self::STREAM.0
    }

    /// Something of it is held from here on.
    pub(super) const fn collect(&mut self) {
        self.0 |= Self::COLLECTING;
    }

    /// Nothing of it is held from here on.
    pub(crate) const fn let_go(&mut self) {
        self.0 &= !Self::COLLECTING;
    }

    /// One look was for nothing; with the last one it is settled.
    pub(super) const fn look(&mut self) {
        let left = (self.0 & Self::LOOKS).saturating_sub(1);
        self.0 = if left == 0 { 0 } else { self.0 & !Self::LOOKS | left };
    }

    /// Nothing is expected any more.
    pub(crate) const fn settle(&mut self) {
        *self = Self::SETTLED;
    }

    /// Hands a clue on; a hello after another one only where it says a name.
    pub(super) fn tell(&mut self, greeting: Greeting) -> Option<Greeting> {
        let was_told = self.0 & Self::TOLD != 0;
        self.look();
        if self.is_open() {
            self.0 |= Self::TOLD;
        }
        let says_no_name = matches!(&greeting.clue, Clue::Client(hello) if hello.server_name.is_none());
        (!was_told || !says_no_name).then_some(greeting)
    }
}
