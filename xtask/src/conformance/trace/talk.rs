//! A connection, as far as a made-up trace follows it.

use netsonde_synth::frame::tcp::{Header, MAX_SACKS, Options, flags};
use netsonde_synth::{Endpoint, Rng, Way};

/// Where sequence numbers begin: at the wraps of 32 bits and of serial comparison, and one before each.
const BEGINNINGS: [u32; 6] = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

/// Times between segments, in nanoseconds: on both sides of 3 ms and of 20 ms, where judgements change.
const GAPS: [u64; 9] =
    [0, 1_000, 1_000_000, 2_000_000, 3_000_000, 19_999_999, 20_000_000, 20_000_001, 1_000_000_000];

/// Windows, not shifted.
const WINDOWS: [u16; 3] = [0, 1, 64];

/// How far off a number is drawn, beside those that fit.
const OFFSETS: [i32; 10] = [-64, -33, -10, -2, -1, 1, 2, 10, 33, 64];

/// The longest payload.
pub(super) const MAX_LEN: u64 = 64;

/// A segment to be sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) way: Way,
    pub(super) header: Header,
    /// Payload, in bytes.
    pub(super) len: usize,
    /// Time since the segment before it, in nanoseconds.
    pub(super) gap: u64,
}

/// One end, as it has spoken so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    endpoint: Endpoint,
    /// The first sequence number.
    pub(super) first: u32,
    /// The highest sequence number after anything sent.
    pub(super) edge: u32,
    /// The last acknowledgement number.
    pub(super) ack: u32,
    /// The last window.
    pub(super) window: u16,
    /// What the window is shifted by.
    pub(super) shift: u8,
}

impl End {
    const fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, first: 0, edge: 0, ack: 0, window: 64, shift: 0 }
    }
}

/// A connection.
#[derive(Clone, Debug)]
pub(super) struct Talk {
    client: End,
    server: End,
    has_begun: bool,
    /// How long its handshake took, where one was made: a limit of its own.
    handshake: u64,
    said: Vec<Segment>,
}

impl Talk {
    /// Makes a connection that has not begun.
    pub(super) const fn new(client: Endpoint, server: Endpoint) -> Self {
        Self {
            client: End::new(client),
            server: End::new(server),
            has_begun: false,
            handshake: 0,
            said: Vec::new(),
        }
    }

    /// Returns the endpoint that sends that way.
    pub(super) const fn endpoint(&self, way: Way) -> Endpoint {
        self.end(way).endpoint
    }

    /// Goes on: one segment, or a burst.
    pub(super) fn step(&mut self, rng: &mut Rng) -> Vec<Segment> {
        if !self.has_begun {
            self.has_begun = true;
            self.begin(rng);
        } else if rng.below(10) < 6 {
            self.random(rng);
        } else {
            self.burst(rng);
        }
        std::mem::take(&mut self.said)
    }

    /// Returns the end that sends that way.
    pub(super) const fn end(&self, way: Way) -> &End {
        match way {
            Way::Up => &self.client,
            Way::Down => &self.server,
        }
    }

    /// Returns the end that sends that way, to change it.
    pub(super) const fn end_mut(&mut self, way: Way) -> &mut End {
        match way {
            Way::Up => &mut self.client,
            Way::Down => &mut self.server,
        }
    }

    /// Says that the handshake took so long.
    pub(super) const fn set_handshake(&mut self, nanos: u64) {
        self.handshake = nanos;
    }

    /// Draws a time between two segments.
    pub(super) fn gap(&self, rng: &mut Rng) -> u64 {
        match rng.below(12) {
            0 => self.handshake,
            1 => self.handshake.saturating_sub(1),
            2 => self.handshake + 1,
            _ => rng.pick(&GAPS),
        }
    }

    /// Returns a plain segment: what fits after what was said, with nothing new.
    pub(super) fn plain(&self, way: Way) -> Segment {
        let me = self.end(way);
        let header = Header {
            seq: me.edge,
            ack: me.ack,
            flags: flags::ACK,
            window: me.window,
            options: Options::default(),
        };
        Segment { way, header, len: 0, gap: 0 }
    }

    /// Returns the same with payload.
    pub(super) fn data(&self, way: Way, len: usize) -> Segment {
        let mut segment = self.plain(way);
        segment.header.ack = self.end(opposite(way)).edge;
        segment.header.flags |= flags::PSH;
        Segment { len, ..segment }
    }

    /// Returns an acknowledgement of everything the other end has sent.
    pub(super) fn acknowledge(&self, way: Way) -> Segment {
        let mut segment = self.plain(way);
        segment.header.ack = self.end(opposite(way)).edge;
        segment
    }

    /// Sends a segment after a time drawn.
    pub(super) fn say(&mut self, rng: &mut Rng, segment: Segment) {
        let gap = self.gap(rng);
        self.say_after(gap, segment);
    }

    /// Sends a segment after a time.
    pub(super) fn say_after(&mut self, gap: u64, segment: Segment) {
        let header = segment.header;
        let me = self.end_mut(segment.way);
        let counts = u32::from(header.flags & (flags::SYN | flags::FIN) != 0);
        let end =
            header.seq.wrapping_add(u32::try_from(segment.len).unwrap_or_default()).wrapping_add(counts);
        // Ahead in serial arithmetic; where a connection begins anew, wherever that is.
        if end.wrapping_sub(me.edge) < 0x8000_0000 || header.flags & flags::SYN != 0 {
            me.edge = end;
        }
        (me.ack, me.window) = (header.ack, header.window);
        if let Some(shift) = header.options.window_scale {
            me.shift = shift.min(14);
        }
        self.said.push(Segment { gap, ..segment });
    }

    /// Draws a first sequence number.
    pub(super) fn beginning(rng: &mut Rng) -> u32 {
        rng.pick(&BEGINNINGS)
    }

    /// Sends one segment that need not make sense.
    fn random(&mut self, rng: &mut Rng) {
        let way = if rng.chance(500_000) { Way::Up } else { Way::Down };
        let (me, peer) = (*self.end(way), *self.end(opposite(way)));
        let flags = random_flags(rng);
        let seq = match rng.below(100) {
            0 => rng.word(),
            1 => me.edge.wrapping_add(0x8000_0000),
            2 => 0,
            _ if flags & flags::SYN != 0 && rng.chance(500_000) => me.first,
            _ if flags & flags::SYN != 0 => Self::beginning(rng),
            3..30 => me.edge.wrapping_add_signed(rng.pick(&OFFSETS)),
            _ => me.edge,
        };
        let ack = match rng.below(100) {
            0 => rng.word(),
            1 => peer.edge.wrapping_add(0x8000_0000),
            2..5 => 0,
            5..20 => peer.edge.wrapping_add_signed(rng.pick(&OFFSETS)),
            20..60 => me.ack,
            _ => peer.edge,
        };
        let window = if rng.chance(250_000) { rng.pick(&WINDOWS) } else { me.window };
        let len = match rng.below(20) {
            0..9 => 0,
            9..12 => 1,
            _ => rng.between(1, MAX_LEN),
        };
        let header = Header { seq, ack, flags, window, options: random_options(rng, flags, ack) };
        let len = usize::try_from(len).unwrap_or_default();
        self.say(rng, Segment { way, header, len, gap: 0 });
    }
}

/// The other way.
pub(super) const fn opposite(way: Way) -> Way {
    match way {
        Way::Up => Way::Down,
        Way::Down => Way::Up,
    }
}

fn random_flags(rng: &mut Rng) -> u8 {
    match rng.below(100) {
        0..45 => flags::ACK,
        45..72 => flags::ACK | flags::PSH,
        72..77 => flags::ACK | flags::FIN,
        77..80 => flags::SYN,
        80..83 => flags::SYN | flags::ACK,
        83..85 => flags::RST,
        85..87 => flags::RST | flags::ACK,
        87..90 => 0,
        _ => u8::try_from(rng.below(64)).unwrap_or_default(),
    }
}

fn random_options(rng: &mut Rng, flags: u8, ack: u32) -> Options {
    let mut options = Options::default();
    if flags & flags::SYN != 0 && rng.chance(500_000) {
        options.window_scale = u8::try_from(rng.below(16)).ok();
        options.sack_permitted = rng.chance(500_000);
        options.mss = rng.chance(500_000).then_some(1460);
    }
    if rng.chance(5_000) {
        options.window_scale = u8::try_from(rng.below(16)).ok();
    }
    if rng.chance(100_000) {
        options.timestamps = Some((rng.word(), rng.word()));
    }
    if rng.chance(50_000) {
        let left = ack.wrapping_add(10);
        options.sacks = [Some((left, left.wrapping_add(10))); MAX_SACKS];
    }
    options
}
