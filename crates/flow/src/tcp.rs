//! TCP as far as volume and state need it: which bytes are new, where a connection begins and ends.

use netsonde_dissect::TcpFlags;
use netsonde_units::SeqNumber;

use crate::limits;

/// Where a TCP connection stands, as a third party sees it (METRICS.md "TCP").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// SYN seen, no answer yet.
    Opening,
    /// Both ends talk, or the capture began after the handshake.
    Established,
    /// One end sent FIN.
    Closing,
    /// Both ends sent FIN.
    Closed,
    /// RST ended it.
    Reset,
    /// RST answered the SYN.
    Refused,
    /// Nothing answered the SYN.
    TimedOut,
}

/// What a packet (or silence) means for the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// SYN without ACK.
    Syn,
    /// Anything that shows both ends agree: SYN with ACK, or an ACK.
    Agreement,
    /// A segment that says nothing of the handshake.
    Other,
    /// The first FIN.
    FirstFin,
    /// FIN of the other end too.
    BothFins,
    /// RST from the end that was asked.
    ResetByServer,
    /// RST from the end that asked.
    ResetByClient,
    /// No packet for longer than an answer takes.
    Silence,
}

impl State {
    /// Returns the state of a connection whose first captured packet is this event.
    pub(crate) const fn first(event: Event) -> Self {
        match event {
            Event::Syn => Self::Opening,
            Event::Agreement | Event::Other | Event::Silence => Self::Established,
            Event::FirstFin => Self::Closing,
            Event::BothFins => Self::Closed,
            Event::ResetByServer | Event::ResetByClient => Self::Reset,
        }
    }

    /// Returns the state after an event.
    #[expect(clippy::match_same_arms, reason = "one arm for each rule, rather than one for each outcome")]
    pub(crate) const fn after(self, event: Event) -> Self {
        match (self, event) {
            (Self::Opening | Self::TimedOut, Event::ResetByServer) => Self::Refused,
            (Self::Opening, Event::Silence) => Self::TimedOut,
            (Self::Refused, Event::ResetByServer | Event::ResetByClient) => Self::Refused,
            // A reset after both ends have ended the connection takes nothing back.
            (Self::Closed, Event::ResetByServer | Event::ResetByClient) => Self::Closed,
            (_, Event::ResetByServer | Event::ResetByClient) => Self::Reset,
            (Self::Refused | Self::Reset | Self::TimedOut | Self::Opening, Event::Syn) => Self::Opening,
            (Self::Established | Self::Closing | Self::Closed, Event::Syn) => self,
            (Self::Opening | Self::TimedOut | Self::Established, Event::Agreement) => Self::Established,
            (Self::Closing | Self::Closed | Self::Reset | Self::Refused, Event::Agreement) => self,
            (_, Event::Other) => self,
            (Self::Opening | Self::TimedOut | Self::Established | Self::Closing, Event::FirstFin) => {
                Self::Closing
            }
            (Self::Closed | Self::Reset | Self::Refused, Event::FirstFin | Event::BothFins) => self,
            (Self::Opening | Self::TimedOut | Self::Established | Self::Closing, Event::BothFins) => {
                Self::Closed
            }
            (
                Self::Established
                | Self::Closing
                | Self::Closed
                | Self::Reset
                | Self::Refused
                | Self::TimedOut,
                Event::Silence,
            ) => self,
        }
    }

    /// Tells whether nothing more is expected.
    pub(crate) const fn is_over(self) -> bool {
        match self {
            Self::Closed | Self::Reset | Self::Refused | Self::TimedOut => true,
            Self::Opening | Self::Established | Self::Closing => false,
        }
    }
}

/// One direction of a connection: its initial sequence number and how far its bytes reach.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four facts, each true from some packet on; kept narrow")]
pub(crate) struct TcpSide {
    base: SeqNumber,
    next: SeqNumber,
    holes: HolesId,
    /// Where the last segment far from all others ended.
    stray_end: SeqNumber,
    has_strayed: bool,
    base_known: bool,
    started: bool,
    fin: bool,
}

impl TcpSide {
    /// Tells whether a SYN with this sequence number begins another connection.
    pub(crate) fn is_reused_by(&self, flags: TcpFlags, sequence: SeqNumber) -> bool {
        self.base_known && flags.syn() && !flags.ack() && sequence != self.base
    }

    /// Learns the initial sequence number from what this end sends; guessed where the capture began later.
    pub(crate) fn learn_base(&mut self, flags: TcpFlags, sequence: SeqNumber) {
        let repeats_with_another = self.base_known && flags.syn() && flags.ack();
        if !self.base_known || repeats_with_another {
            self.base = if flags.syn() { sequence } else { sequence.minus(1) };
            self.base_known = true;
        }
    }

    /// Learns it from what the other end acknowledges.
    pub(crate) fn learn_base_from_ack(&mut self, flags: TcpFlags, acknowledgement: SeqNumber) {
        if !self.base_known && flags.ack() {
            self.base = acknowledgement.minus(1);
            self.base_known = true;
        }
    }

    pub(crate) const fn has_sent_fin(&self) -> bool {
        self.fin
    }

    pub(crate) const fn note_fin(&mut self) {
        self.fin = true;
    }

    /// Returns how many bytes of a segment were never sent before (as far as holes are remembered), and takes
    /// note of them. SYN and FIN take sequence space but carry no byte.
    #[inline]
    pub(crate) fn new_bytes(
        &mut self,
        pool: &mut HolePool,
        flags: TcpFlags,
        sequence: SeqNumber,
        payload_len: u32,
    ) -> u32 {
        let first = if flags.syn() { sequence.plus(1) } else { sequence };
        let end = first.plus(payload_len);
        if !self.started {
            self.started = true;
            self.next = end;
            return payload_len;
        }
        if first == self.next {
            self.next = end;
            return payload_len;
        }
        if payload_len == 0 && !flags.syn() {
            return 0;
        }
        self.new_bytes_out_of_order(pool, first, end, payload_len)
    }

    fn new_bytes_out_of_order(
        &mut self,
        pool: &mut HolePool,
        first: SeqNumber,
        end: SeqNumber,
        payload_len: u32,
    ) -> u32 {
        let is_ahead = first.is_after(self.next);
        let distance = if is_ahead { first.distance_from(self.next) } else { self.next.distance_from(first) };
        if distance > limits::WIDEST_HOLE {
            return self.new_bytes_far_away(pool, first, end, payload_len);
        }
        if is_ahead {
            pool.open(&mut self.holes, self.next, first);
            self.next = end;
            return payload_len;
        }
        let filled = pool.fill(&mut self.holes, first, end);
        if end.is_after(self.next) {
            let beyond = end.distance_from(self.next);
            self.next = end;
            return filled.saturating_add(beyond);
        }
        filled
    }

    /// One segment far away is a stray, after which the stream goes on; a second one that continues it means that
    /// the capture missed a great deal.
    fn new_bytes_far_away(
        &mut self,
        pool: &mut HolePool,
        first: SeqNumber,
        end: SeqNumber,
        payload_len: u32,
    ) -> u32 {
        if self.has_strayed && first == self.stray_end {
            pool.release(&mut self.holes);
            self.next = end;
        }
        self.has_strayed = true;
        self.stray_end = end;
        payload_len
    }

    /// Gives back what the pool holds for this direction.
    pub(crate) fn release(&mut self, pool: &mut HolePool) {
        pool.release(&mut self.holes);
    }
}

/// Which list of the pool belongs to a direction; 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct HolesId(u32);

/// A stretch of sequence space that was passed over: from `first` up to `end`.
#[derive(Clone, Copy, Debug, Default)]
struct Hole {
    first: SeqNumber,
    end: SeqNumber,
}

#[derive(Clone, Copy, Debug, Default)]
struct Holes {
    count: u8,
    holes: [Hole; limits::HOLES],
}

/// The lists of holes of all connections; few have any, so they are kept apart from the flow records.
#[derive(Debug, Default)]
pub(crate) struct HolePool {
    lists: Vec<Holes>,
    free: Vec<u32>,
    forgotten: u64,
}

impl HolePool {
    /// Returns how many holes were forgotten because a direction had too many.
    pub(crate) const fn forgotten(&self) -> u64 {
        self.forgotten
    }

    fn open(&mut self, id: &mut HolesId, first: SeqNumber, end: SeqNumber) {
        if *id == HolesId(0) {
            *id = self.reserve();
        }
        let Some(list) = slot(id.0).and_then(|at| self.lists.get_mut(at)) else { return };
        if usize::from(list.count) == list.holes.len() {
            list.holes.copy_within(1.., 0);
            list.count -= 1;
            self.forgotten += 1;
        }
        if let Some(hole) = list.holes.get_mut(usize::from(list.count)) {
            *hole = Hole { first, end };
            list.count += 1;
        }
    }

    /// Takes `first..end` out of the holes and returns how many bytes of them it covered.
    fn fill(&mut self, id: &mut HolesId, first: SeqNumber, end: SeqNumber) -> u32 {
        let Some(list) = slot(id.0).and_then(|at| self.lists.get_mut(at)) else { return 0 };
        let mut filled: u32 = 0;
        let mut left = Holes::default();
        for hole in list.holes.iter().take(usize::from(list.count)) {
            let from = if first.is_after(hole.first) { first } else { hole.first };
            let to = if end.is_before(hole.end) { end } else { hole.end };
            if !from.is_before(to) {
                self.forgotten += u64::from(!left.keep(*hole));
                continue;
            }
            filled = filled.saturating_add(to.distance_from(from));
            for rest in [Hole { first: hole.first, end: from }, Hole { first: to, end: hole.end }] {
                if rest.first != rest.end {
                    self.forgotten += u64::from(!left.keep(rest));
                }
            }
        }
        *list = left;
        if left.count == 0 {
            self.release(id);
        }
        filled
    }

    fn reserve(&mut self) -> HolesId {
        if let Some(free) = self.free.pop() {
            return HolesId(free);
        }
        let Ok(number) = u32::try_from(self.lists.len().saturating_add(1)) else { return HolesId(0) };
        self.lists.push(Holes::default());
        HolesId(number)
    }

    fn release(&mut self, id: &mut HolesId) {
        if let Some(list) = slot(id.0).and_then(|at| self.lists.get_mut(at)) {
            *list = Holes::default();
            self.free.push(id.0);
        }
        *id = HolesId(0);
    }
}

impl Holes {
    /// Keeps a hole; false where there is no room.
    fn keep(&mut self, hole: Hole) -> bool {
        let Some(place) = self.holes.get_mut(usize::from(self.count)) else { return false };
        *place = hole;
        self.count += 1;
        true
    }
}

fn slot(id: u32) -> Option<usize> {
    usize::try_from(id).ok()?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACK: TcpFlags = TcpFlags(0x10);
    const SYN: TcpFlags = TcpFlags(0x02);

    fn feed(segments: &[(u32, u32)]) -> (Vec<u32>, HolePool) {
        let (mut side, mut pool) = (TcpSide::default(), HolePool::default());
        let new = segments
            .iter()
            .map(|&(seq, len)| side.new_bytes(&mut pool, ACK, SeqNumber::new(seq), len))
            .collect();
        (new, pool)
    }

    #[test]
    fn a_stray_segment_is_passed_by_and_a_stream_that_goes_on_far_away_is_followed() {
        const FAR: u32 = 0x6000_0000;
        // 100 bytes, a stray 10, then the stream goes on; a copy of its first segment is nothing new.
        let (new, _) = feed(&[(1, 100), (FAR, 10), (101, 1_000), (1_101, 1_000), (101, 1_000)]);
        assert_eq!(new, [100, 10, 1_000, 1_000, 0]);
        // Two segments in a row far ahead, or far behind: the capture missed a great deal.
        for start in [FAR, FAR.wrapping_neg()] {
            let (new, _) = feed(&[(1, 100), (start, 10), (start.wrapping_add(10), 20), (start, 10)]);
            assert_eq!(new, [100, 10, 20, 0], "{start}");
        }
    }

    #[test]
    fn a_segment_sent_twice_is_new_once() {
        assert_eq!(feed(&[(100, 1000), (100, 1000), (1100, 10)]).0, [1000, 0, 10]);
    }

    #[test]
    fn late_segments_fill_their_holes_once() {
        // 100..200, hole 200..400, 400..500; then 300..450 brings 300..400; then 150..400 brings 200..300.
        assert_eq!(
            feed(&[(100, 100), (400, 100), (300, 150), (150, 250), (200, 200)]).0,
            [100, 100, 100, 100, 0]
        );
    }

    #[test]
    fn a_segment_may_fill_a_hole_and_go_beyond() {
        // 0..10, hole 10..20, 20..30; 5..40 brings 10..20 and 30..40.
        assert_eq!(feed(&[(0, 10), (20, 10), (5, 35)]).0, [10, 10, 20]);
    }

    #[test]
    fn sequence_space_wraps() {
        let top = u32::MAX - 9;
        assert_eq!(feed(&[(top, 10), (0, 10), (top, 10), (20, 5), (10, 10)]).0, [10, 10, 0, 5, 10]);
    }

    #[test]
    fn the_oldest_of_too_many_holes_is_forgotten() {
        let mut segments = vec![(0, 10)];
        segments.extend((1..=7).map(|n| (n * 20, 10)));
        segments.extend([(10, 10), (30, 10)]);
        let (new, pool) = feed(&segments);
        assert_eq!(pool.forgotten(), 1);
        assert_eq!(new.last_chunk::<2>(), Some(&[0, 10]));
    }

    #[test]
    fn emptied_lists_return_to_the_pool() {
        let (_, pool) = feed(&[(0, 10), (20, 10), (10, 10), (40, 10), (30, 10)]);
        assert_eq!((pool.lists.len(), pool.free.len()), (1, 1));
    }

    #[test]
    fn a_syn_takes_a_number_but_no_byte() {
        let (mut side, mut pool) = (TcpSide::default(), HolePool::default());
        assert_eq!(side.new_bytes(&mut pool, SYN, SeqNumber::new(99), 0), 0);
        assert_eq!(side.new_bytes(&mut pool, ACK, SeqNumber::new(100), 50), 50);
        assert_eq!(side.new_bytes(&mut pool, SYN, SeqNumber::new(99), 0), 0);
    }

    #[test]
    fn only_a_syn_with_another_number_reuses_the_ports() {
        let mut side = TcpSide::default();
        assert!(!side.is_reused_by(SYN, SeqNumber::new(5)));
        side.learn_base(ACK, SeqNumber::new(6));
        assert!(!side.is_reused_by(SYN, SeqNumber::new(5)));
        assert!(side.is_reused_by(SYN, SeqNumber::new(6)));
        assert!(!side.is_reused_by(TcpFlags(0x12), SeqNumber::new(6)));
    }

    #[test]
    fn a_connection_opens_talks_and_closes() {
        let state = State::first(Event::Syn).after(Event::Agreement).after(Event::Other);
        assert_eq!(state, State::Established);
        assert_eq!(state.after(Event::FirstFin).after(Event::BothFins), State::Closed);
    }

    #[test]
    fn a_reset_of_an_unanswered_syn_is_a_refusal() {
        assert_eq!(State::Opening.after(Event::ResetByServer), State::Refused);
        assert_eq!(State::Opening.after(Event::ResetByClient), State::Reset);
        assert_eq!(State::Opening.after(Event::Silence), State::TimedOut);
        assert_eq!(State::Established.after(Event::Silence), State::Established);
    }
}
