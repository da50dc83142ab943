//! What is known of one end of a connection from what it sent.

use netsonde_units::{SeqNumber, Timestamp};

use super::flight::Flight;

/// One end of a connection as a sender.
///
/// As in Wireshark, 0 stands for "not known" in `edge`, `solid` and `acknowledged`: one segment in four thousand million
/// is judged by it where it is real, and alike by both.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
pub(crate) struct Sender {
    /// When `edge` came to be.
    pub(crate) edge_at: Timestamp,
    /// When its last segment was judged.
    pub(crate) last_at: Timestamp,
    /// The end of all it has sent.
    pub(crate) edge: SeqNumber,
    /// The end of what it has sent without a hole: what can be acknowledged.
    pub(crate) solid: SeqNumber,
    /// The acknowledgement field of its last segment, whether or not it counted.
    pub(crate) acknowledged: SeqNumber,
    /// Its initial sequence number, or what it must have been.
    pub(crate) base: SeqNumber,
    /// Segments with payload.
    pub(crate) data_segments: u32,
    /// What it has sent and the other end has not acknowledged.
    pub(crate) flight: Flight,
    last_window: u16,
    /// How often it repeated its acknowledgement.
    pub(crate) repeats: Repeats,
    pub(crate) scale: Scale,
    /// The operations of Multipath TCP as of its last segment.
    pub(crate) multipath_seen: u8,
    pub(crate) base_known: bool,
    pub(crate) has_sent_fin: bool,
    window_known: bool,
    /// The last window came with a SYN, which is never scaled.
    pub(crate) window_is_raw: bool,
    /// Its last segment was a keep-alive.
    pub(crate) kept_alive: bool,
    /// Its last segment probed a closed window.
    pub(crate) probed: bool,
}

/// One cache line: a packet touches both ends'.
const _: () = assert!(size_of::<Sender>() == 64);

impl Sender {
    /// Returns the window field of its last segment; before the first, one that no segment has.
    #[inline]
    pub(crate) fn window(&self) -> u32 {
        if self.window_known { self.last_window.into() } else { u32::MAX }
    }

    pub(crate) const fn set_window(&mut self, window: u16) {
        (self.last_window, self.window_known) = (window, true);
    }

    /// Returns how far the other end may send, none where nobody knows the scale.
    #[inline]
    pub(crate) fn window_end(&self) -> Option<SeqNumber> {
        let shift = match self.scale {
            Scale::Unknown => return None,
            Scale::None => 0,
            Scale::By(_) if self.window_is_raw => 0,
            Scale::By(shift) => shift,
        };
        Some(self.acknowledged.plus(self.window() << shift))
    }
}

/// What a window field is multiplied by (RFC 7323 section 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scale {
    /// The handshake was not seen.
    #[default]
    Unknown,
    /// The ends did not agree on one.
    None,
    /// A power of two.
    By(u8),
}

/// How often an end has repeated its acknowledgement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Repeats(u8);

impl Repeats {
    /// So many that the other end's acknowledgement of what was not seen is told once only.
    const MARK: Self = Self(u8::MAX);

    pub(crate) const fn none(self) -> bool {
        self.0 == 0
    }

    /// Tells whether they are enough to have the other end send again.
    pub(crate) const fn ask_for_more(self) -> bool {
        self.0 >= 2
    }

    pub(crate) const fn clear(&mut self) {
        self.0 = 0;
    }

    pub(crate) const fn mark(&mut self) {
        *self = Self::MARK;
    }

    /// Counts one; after the mark from the beginning.
    pub(crate) const fn count(&mut self) {
        self.0 = match self.0 {
            u8::MAX => 1,
            // Below the mark, and more than anybody asks for.
            repeats if repeats == u8::MAX - 1 => repeats,
            repeats => repeats + 1,
        };
    }
}
