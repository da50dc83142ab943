//! What Wireshark's rules call a segment, judged from what the simulation knows of it.
//!
//! The rules: sections 3 to 6 of the behavioural specification of Wireshark 4.0's TCP analysis that METRICS.md names.
//! Only what decides a name is kept; round-trip times and bytes in flight are not. Tests hold the outcome against
//! tshark's reading of the captures.

use super::Judged;
use crate::frame::tcp::flags::{ACK, FIN, RST, SYN};
use crate::path::Way;

/// The largest age of the peer's last frame for a fast retransmission, in nanoseconds.
const FAST_LIMIT: u64 = 20_000_000;

/// How late a segment may come to be out of order where no handshake was timed, in nanoseconds.
const LATE_LIMIT: u64 = 3_000_000;

/// Mark of a counter of duplicate ACKs: the peer acknowledged what was never seen.
const ACKED_UNSEEN: u32 = u32::MAX;

/// A segment as it passes.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// When, in nanoseconds since the Unix epoch.
    pub time: u64,
    /// Which way.
    pub way: Way,
    /// The number of its first byte.
    pub seq: u32,
    /// The number of the byte awaited.
    pub ack: u32,
    /// The bits of its header.
    pub flags: u8,
    /// Length of the payload, in bytes.
    pub len: u32,
    /// The window as it is written.
    pub window: u16,
    /// The option of a SYN that shifts windows.
    pub scale: Option<u8>,
}

impl Seen {
    const fn has(&self, any: u8) -> bool {
        self.flags & any != 0
    }

    /// Returns the number behind its payload, SYN and FIN not counted.
    const fn end(&self) -> u32 {
        self.seq.wrapping_add(self.len)
    }

    /// Returns the number behind everything that it takes.
    fn whole_end(&self) -> u32 {
        self.end().wrapping_add(u32::from(self.has(SYN | FIN)))
    }
}

/// How the windows of a direction are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Scale {
    #[default]
    Unknown,
    None,
    Shift(u8),
}

/// What is remembered of a direction; 0 means "not yet" for `edge`, `solid` and `ack`, as in the rules.
#[derive(Clone, Copy, Debug, Default)]
struct Direction {
    /// The highest number sent, and when it was.
    edge: u32,
    edge_time: u64,
    /// The end of what was sent without a hole.
    solid: u32,
    ack: u32,
    last_time: u64,
    window: Option<u16>,
    /// Whether that window came with a SYN.
    window_raw: bool,
    scale: Scale,
    duplicates: u32,
    kept_alive: bool,
    probed: bool,
}

/// The judge of one conversation.
#[derive(Clone, Debug, Default)]
pub struct Judge {
    up: Direction,
    down: Direction,
    syn_time: Option<u64>,
    handshake: u64,
}

/// What a segment is called.
#[derive(Clone, Copy, Debug, Default)]
struct Names {
    zero_window_probe: bool,
    keep_alive: bool,
}

impl Judge {
    /// Names a segment and counts its names.
    pub fn judge(&mut self, seen: &Seen, counts: &mut Judged) {
        let (me, peer) = match seen.way {
            Way::Up => (&mut self.up, &mut self.down),
            Way::Down => (&mut self.down, &mut self.up),
        };
        let first_syn = seen.has(SYN) && !seen.has(ACK);
        if first_syn && me.edge != 0 {
            // The SYN of a conversation comes again with the same number; another number is another conversation.
            me.edge = me.solid;
        }
        let names = name_by_window(me, peer, seen, counts);
        if seen.ack != me.ack {
            me.duplicates = 0;
        }
        if seen.has(ACK) && peer.solid != 0 && after(seen.ack, peer.solid) {
            judge_unseen_ack(peer, counts);
        }
        let late = if self.handshake == 0 { LATE_LIMIT } else { self.handshake };
        if (seen.len > 0 || seen.has(SYN | FIN)) && !names.keep_alive {
            name_repeats(me, peer, seen, late, counts);
        }
        remember(me, seen, names);
        if first_syn {
            self.syn_time = Some(seen.time);
        }
        if seen.has(ACK) && !seen.has(SYN) && self.handshake == 0 {
            self.handshake = self.syn_time.map_or(0, |syn| seen.time - syn);
        }
        learn_scale(me, peer, seen);
    }
}

/// Gives the names that depend on windows and on what is awaited.
fn name_by_window(me: &mut Direction, peer: &Direction, seen: &Seen, counts: &mut Judged) -> Names {
    let mut names = Names::default();
    if seen.len == 1 && seen.seq == me.edge && peer.window == Some(0) {
        counts.zero_window_probe += 1;
        names.zero_window_probe = true;
        return names;
    }
    let plain = !seen.has(SYN | FIN | RST);
    if seen.window == 0 && plain {
        counts.zero_window += 1;
    }
    if me.edge != 0 && after(seen.seq, me.edge) && !seen.has(RST) {
        counts.lost_segment += 1;
    }
    if seen.len <= 1 && seen.seq == me.edge.wrapping_sub(1) && plain {
        counts.keep_alive += 1;
        names.keep_alive = true;
    }
    let (same_window, bare) = (me.window == Some(seen.window), seen.len == 0 && plain);
    let nothing_new = bare && seen.seq == me.edge && seen.ack == me.ack;
    if nothing_new && seen.window != 0 && !same_window {
        counts.window_update += 1;
    }
    if seen.len > 0 && plain && Some(seen.end()) == peer_window_end(peer) {
        counts.window_full += 1;
    }
    if nothing_new && same_window && seen.window != 0 && peer.kept_alive {
        counts.keep_alive_ack += 1;
    } else if nothing_new && same_window && seen.window == 0 && peer.probed {
        counts.zero_window_probe_ack += 1;
    } else if nothing_new && same_window && seen.window != 0 {
        me.duplicates = if me.duplicates == ACKED_UNSEEN { 1 } else { me.duplicates + 1 };
        counts.duplicate_ack += 1;
    }
    names
}

/// Returns the number at which the peer's window ends, where it can be known.
fn peer_window_end(peer: &Direction) -> Option<u32> {
    let shift = match peer.scale {
        Scale::Unknown => return None,
        Scale::Shift(shift) if !peer.window_raw => shift,
        Scale::None | Scale::Shift(_) => 0,
    };
    Some(peer.ack.wrapping_add(u32::from(peer.window?) << shift))
}

/// Judges an acknowledgement of more than was seen.
fn judge_unseen_ack(peer: &mut Direction, counts: &mut Judged) {
    if before(peer.solid, peer.edge) {
        peer.solid = peer.edge;
        counts.ack_lost_segment += 1;
    } else {
        counts.ack_lost_segment += u64::from(peer.duplicates == 0);
        peer.duplicates = ACKED_UNSEEN;
    }
}

/// Names what was sent before, or should have been.
fn name_repeats(me: &Direction, peer: &Direction, seen: &Seen, late: u64, counts: &mut Judged) {
    let behind_probe = seen.len > 1 && seen.seq == me.edge.wrapping_sub(1);
    let back = me.edge != 0 && before(seen.seq, me.edge) && !behind_probe;
    if seen.len > 0 && peer.ack != 0 && !after(seen.end(), peer.ack) {
        counts.spurious_retransmission += 1;
    } else if back && peer.duplicates >= 2 && peer.ack == seen.seq && seen.time - peer.last_time < FAST_LIMIT
    {
        counts.fast_retransmission += 1;
    } else if back && seen.time - me.edge_time < late && seen.whole_end() != me.edge {
        counts.out_of_order += 1;
    } else if back {
        counts.retransmission += 1;
    }
}

fn remember(me: &mut Direction, seen: &Seen, names: Names) {
    let end = if seen.len > 0 || seen.has(SYN | FIN) { seen.whole_end() } else { seen.seq };
    if (after(end, me.edge) || me.edge == 0) && !names.zero_window_probe {
        (me.edge, me.edge_time) = (end, seen.time);
    }
    if (seen.seq == me.solid || me.solid == 0) && !names.zero_window_probe {
        me.solid = me.edge;
    }
    (me.window, me.ack, me.last_time) = (Some(seen.window), seen.ack, seen.time);
    (me.kept_alive, me.probed) = (names.keep_alive, names.zero_window_probe);
}

fn learn_scale(me: &mut Direction, peer: &mut Direction, seen: &Seen) {
    me.window_raw = if seen.has(SYN) { true } else { me.window_raw && !seen.has(ACK) };
    if !seen.has(SYN) {
        return;
    }
    if let Some(shift) = seen.scale {
        me.scale = Scale::Shift(shift);
    }
    if me.scale == Scale::Unknown {
        (me.scale, peer.scale) = (Scale::None, Scale::None);
    } else if seen.has(ACK) && peer.scale == Scale::None {
        me.scale = Scale::None;
    }
}

/// Tells whether a number comes before another, by serial arithmetic (RFC 1982).
const fn before(this: u32, other: u32) -> bool {
    this.wrapping_sub(other) >> 31 == 1
}

/// Tells whether a number comes after another.
const fn after(this: u32, other: u32) -> bool {
    before(other, this)
}
