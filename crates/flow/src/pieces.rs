//! Datagrams that travel in several packets, put together (RFC 791 section 3.2, RFC 8200 section 4.5, RFC 815).

use netsonde_dissect::{Fragment, Payload};
use netsonde_units::Timestamp;

use crate::fragments::DatagramId;
use crate::gathered::Gathered;
use crate::limits;

/// What became of a piece.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// It waits for the others.
    Waits,
    /// It was the last one missing: the whole datagram. [`Pieces::give_back`] takes its room.
    Completes(Vec<u8>),
    /// It cannot be put together: the capture cut it, or it contradicts the others.
    Alone,
}

/// Datagrams of which pieces are missing.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    waiting: Vec<Datagram>,
    /// The room of a datagram that was put together, for the next one.
    spare: Vec<u8>,
    /// Datagrams given up: out of time, out of room, or contradicting themselves.
    given_up: u64,
}

#[derive(Debug)]
struct Datagram {
    id: DatagramId,
    began: Timestamp,
    /// How long it is, known once its last piece came.
    len: Option<usize>,
    gathered: Gathered,
    /// The capture cut one of its pieces.
    was_cut: bool,
}

impl Pieces {
    /// Returns how many datagrams were given up.
    pub(crate) const fn given_up(&self) -> u64 {
        self.given_up
    }

    /// Takes in a piece that lies at `fragment` of the datagram `id`.
    pub(crate) fn add(
        &mut self,
        id: DatagramId,
        fragment: Fragment,
        piece: Payload<'_>,
        at: Timestamp,
    ) -> Piece {
        let place = self.place(id, at);
        let Some(datagram) = self.waiting.get_mut(place) else { return Piece::Alone };
        let is_cut = u32::try_from(piece.bytes.len()) != Ok(piece.wire_len);
        datagram.was_cut |= is_cut;
        if datagram.was_cut {
            // Kept, so that what follows is not waited for.
            return Piece::Alone;
        }
        if datagram.add(fragment, piece.bytes).is_none() {
            self.given_up += 1;
            self.spare = self.waiting.swap_remove(place).gathered.into_room();
            return Piece::Alone;
        }
        if !datagram.is_whole() {
            return Piece::Waits;
        }
        Piece::Completes(self.waiting.swap_remove(place).gathered.into_room())
    }

    /// Takes back the room of a datagram that was put together.
    pub(crate) fn give_back(&mut self, bytes: Vec<u8>) {
        self.spare = bytes;
    }

    /// Finds a datagram that is waited for, or makes room for it.
    fn place(&mut self, id: DatagramId, at: Timestamp) -> usize {
        if let Some(place) = self.waiting.iter().position(|waiting| waiting.id == id) {
            if let Some(waiting) = self.waiting.get_mut(place)
                && at.nanos_since(waiting.began) > limits::FRAGMENT_LIFE_NANOS
            {
                // Its number came round again.
                self.given_up += u64::from(!waiting.was_cut);
                *waiting = Datagram::new(id, at, std::mem::take(&mut waiting.gathered).into_room());
            }
            return place;
        }
        if self.waiting.len() < limits::DATAGRAMS {
            let room = std::mem::take(&mut self.spare);
            self.waiting.push(Datagram::new(id, at, room));
            return self.waiting.len() - 1;
        }
        let oldest = self.waiting.iter().enumerate().min_by_key(|(_, waiting)| waiting.began);
        let place = oldest.map_or(0, |(place, _)| place);
        if let Some(waiting) = self.waiting.get_mut(place) {
            self.given_up += u64::from(!waiting.was_cut);
            *waiting = Datagram::new(id, at, std::mem::take(&mut waiting.gathered).into_room());
        }
        place
    }
}

impl Datagram {
    fn new(id: DatagramId, began: Timestamp, room: Vec<u8>) -> Self {
        Self { id, began, len: None, gathered: Gathered::in_room(room), was_cut: false }
    }

    /// Puts a piece in its place; bytes that are there already stay. None where it contradicts what is there, or
    /// there are too many gaps.
    fn add(&mut self, fragment: Fragment, piece: &[u8]) -> Option<()> {
        let begin = usize::try_from(fragment.offset).ok()?;
        let end = begin.checked_add(piece.len())?;
        if end > limits::LONGEST_DATAGRAM || self.len.is_some_and(|len| end > len) {
            return None;
        }
        if !fragment.more {
            if self.len.is_some_and(|len| len != end) || self.gathered.len() > end {
                return None;
            }
            self.len = Some(end);
        }
        self.gathered.put(begin, piece)?;
        (self.gathered.runs() <= limits::RUNS).then_some(())
    }

    fn is_whole(&self) -> bool {
        self.len.is_some_and(|len| self.gathered.front().len() == len)
    }
}

#[cfg(test)]
mod tests {
    use netsonde_dissect::IpProtocol;

    use super::*;

    fn id(number: u32) -> DatagramId {
        DatagramId {
            source: "192.0.2.1".parse().unwrap(),
            destination: "192.0.2.2".parse().unwrap(),
            protocol: IpProtocol::UDP,
            id: number,
        }
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_parts(1_000 + seconds, 0)
    }

    fn add(pieces: &mut Pieces, number: u32, offset: u32, more: bool, bytes: &[u8]) -> Piece {
        let piece = Payload { bytes, wire_len: u32::try_from(bytes.len()).unwrap() };
        pieces.add(id(number), Fragment { id: number, offset, more }, piece, at(0))
    }

    #[test]
    fn pieces_in_any_order_give_the_datagram() {
        let order = [[0_u32, 8, 16], [16, 8, 0], [8, 16, 0], [8, 0, 16], [16, 0, 8], [0, 16, 8]];
        for offsets in order {
            let mut pieces = Pieces::default();
            let mut add = |offset: u32| {
                let byte = u8::try_from(offset).unwrap();
                let len = if offset == 16 { 3 } else { 8 };
                add(&mut pieces, 1, offset, offset != 16, &vec![byte; len])
            };
            assert_eq!(add(offsets[0]), Piece::Waits);
            assert_eq!(add(offsets[1]), Piece::Waits);
            let whole = [&[0; 8][..], &[8; 8], &[16; 3]].concat();
            assert_eq!(add(offsets[2]), Piece::Completes(whole), "{offsets:?}");
        }
    }

    #[test]
    fn bytes_that_came_first_stay() {
        let mut pieces = Pieces::default();
        assert_eq!(add(&mut pieces, 1, 8, true, &[1; 8]), Piece::Waits);
        assert_eq!(add(&mut pieces, 1, 0, true, &[2; 16]), Piece::Waits);
        // From 8 on the first piece's bytes, from 16 on the last one's.
        let whole = [&[2; 8][..], &[1; 8], &[3; 8]].concat();
        assert_eq!(add(&mut pieces, 1, 8, false, &[3; 16]), Piece::Completes(whole));
    }

    #[test]
    fn datagrams_of_two_senders_do_not_mix() {
        let mut pieces = Pieces::default();
        assert_eq!(add(&mut pieces, 1, 0, true, &[1; 8]), Piece::Waits);
        assert_eq!(add(&mut pieces, 2, 8, false, &[2; 8]), Piece::Waits);
        assert_eq!(add(&mut pieces, 2, 0, true, &[2; 8]), Piece::Completes(vec![2; 16]));
    }

    #[test]
    fn what_contradicts_itself_is_given_up() {
        let mut pieces = Pieces::default();
        add(&mut pieces, 1, 8, false, &[1; 8]);
        assert_eq!(add(&mut pieces, 1, 16, true, &[1; 8]), Piece::Alone, "beyond the end");
        assert_eq!(add(&mut pieces, 1, 65_528, true, &[1; 8]), Piece::Alone, "longer than any datagram");
        add(&mut pieces, 1, 16, true, &[1; 8]);
        assert_eq!(add(&mut pieces, 1, 8, false, &[1; 8]), Piece::Alone, "ends before what is there");
        assert_eq!(pieces.given_up(), 3);
    }

    #[test]
    fn a_datagram_that_the_capture_cut_is_not_waited_for() {
        let mut pieces = Pieces::default();
        let cut = Payload { bytes: &[1; 4], wire_len: 8 };
        assert_eq!(pieces.add(id(1), Fragment { id: 1, offset: 0, more: true }, cut, at(0)), Piece::Alone);
        assert_eq!(add(&mut pieces, 1, 8, false, &[1; 8]), Piece::Alone);
        assert_eq!(pieces.given_up(), 0);
    }

    #[test]
    fn the_oldest_makes_room_and_an_old_one_begins_anew() {
        let mut pieces = Pieces::default();
        let numbers = 0..=u32::try_from(limits::DATAGRAMS).unwrap();
        for number in numbers {
            let began = at(number.into());
            let piece = Payload { bytes: &[1; 8], wire_len: 8 };
            let fragment = Fragment { id: number, offset: 0, more: true };
            assert_eq!(pieces.add(id(number), fragment, piece, began), Piece::Waits);
        }
        assert_eq!((pieces.waiting.len(), pieces.given_up()), (limits::DATAGRAMS, 1));
        // Number 0 was the oldest; number 5 is 100 s old when its number is used again.
        let fragment = Fragment { id: 5, offset: 8, more: false };
        let piece = Payload { bytes: &[1; 8], wire_len: 8 };
        assert_eq!(pieces.add(id(5), fragment, piece, at(105)), Piece::Waits);
    }

    #[test]
    fn scattered_pieces_are_bounded() {
        let mut pieces = Pieces::default();
        // Every second eight bytes: each begins a run.
        let scattered = (0..=u32::try_from(limits::RUNS).unwrap()).map(|number| number * 16);
        let last = scattered.map(|offset| add(&mut pieces, 1, offset, true, &[1; 8])).last();
        assert_eq!(last, Some(Piece::Alone));
    }
}
