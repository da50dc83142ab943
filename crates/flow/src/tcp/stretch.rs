//! Which bytes of a direction are new.

use netsonde_dissect::TcpFlags;
use netsonde_units::SeqNumber;

use super::holes::{HolePool, HolesId};
use crate::limits;

/// How far the bytes of one direction reach (METRICS.md "Goodput").
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stretch {
    next: SeqNumber,
    holes: HolesId,
    /// Where the last segment far from all others ended.
    stray_end: SeqNumber,
    has_strayed: bool,
    started: bool,
}

impl Stretch {
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

#[cfg(test)]
mod tests {
    use super::*;

    const ACK: TcpFlags = TcpFlags(0x10);
    const SYN: TcpFlags = TcpFlags(0x02);

    fn feed(segments: &[(u32, u32)]) -> (Vec<u32>, HolePool) {
        let (mut side, mut pool) = (Stretch::default(), HolePool::default());
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
        assert_eq!((pool.lists_held(), pool.lists_free()), (1, 1));
    }

    #[test]
    fn a_syn_takes_a_number_but_no_byte() {
        let (mut side, mut pool) = (Stretch::default(), HolePool::default());
        assert_eq!(side.new_bytes(&mut pool, SYN, SeqNumber::new(99), 0), 0);
        assert_eq!(side.new_bytes(&mut pool, ACK, SeqNumber::new(100), 50), 50);
        assert_eq!(side.new_bytes(&mut pool, SYN, SeqNumber::new(99), 0), 0);
    }
}
