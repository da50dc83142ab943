//! Two ports that talk over UDP, counted once.

use crate::path::{Path, Way};
use crate::tap::Tap;

/// Two ports, and which of them has spoken.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) path: Path,
    kind: Kind,
    seen: [bool; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// One conversation uses the ports.
    Own,
    /// SDP announced them, so that Wireshark numbers each way by itself.
    Announced,
    /// Other conversations use the same ports.
    Shared,
}

impl Pair {
    pub(crate) const fn new(path: Path) -> Self {
        Self { path, kind: Kind::Own, seen: [false; 2] }
    }

    pub(crate) const fn announced(path: Path) -> Self {
        Self { path, kind: Kind::Announced, seen: [false; 2] }
    }

    pub(crate) const fn shared(path: Path) -> Self {
        Self { path, kind: Kind::Shared, seen: [false; 2] }
    }

    /// Counts the pair when its first datagram passes.
    pub(crate) fn count(&mut self, way: Way, tap: &mut Tap) {
        let [up, down] = &mut self.seen;
        let (this, other) = match way {
            Way::Up => (up, *down),
            Way::Down => (down, *up),
        };
        if *this {
            return;
        }
        *this = true;
        let is_new = !other && (self.kind != Kind::Shared || tap.is_new_pair(&self.path));
        let udp = &mut tap.truth_mut().udp;
        udp.conversations += u64::from(is_new);
        udp.streams += u64::from(is_new || (other && self.kind == Kind::Announced));
    }
}
