//! Bytes whose pieces come in any order, twice, or overlapping.

/// What has come of some bytes: each as it came first, and which ones are there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gathered {
    bytes: Vec<u8>,
    /// Which bytes are there: ranges in order that do not touch.
    present: Vec<(usize, usize)>,
}

impl Gathered {
    /// Begins anew, in room that was used before.
    pub(crate) fn in_room(mut bytes: Vec<u8>) -> Self {
        bytes.clear();
        Self { bytes, present: Vec::new() }
    }

    /// Puts a piece in its place; bytes that are there already stay. None where its end cannot be counted.
    pub(crate) fn put(&mut self, begin: usize, piece: &[u8]) -> Option<()> {
        let end = begin.checked_add(piece.len())?;
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        self.write(begin, piece)?;
        self.cover(begin, end);
        Some(())
    }

    /// Returns how far the last byte is from the beginning, with the gaps before it.
    pub(crate) const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Returns how many runs of bytes there are, with gaps between.
    pub(crate) const fn runs(&self) -> usize {
        self.present.len()
    }

    /// Returns the bytes up to the first gap.
    pub(crate) fn front(&self) -> &[u8] {
        let end = self.present.first().filter(|run| run.0 == 0).map_or(0, |run| run.1);
        self.bytes.get(..end).unwrap_or_default()
    }

    /// Tells whether bytes are missing before some that are there.
    pub(crate) fn has_gap(&self) -> bool {
        self.front().len() < self.bytes.len()
    }

    /// Returns where the first gap ends; where there is none, where the bytes end.
    pub(crate) fn behind_gap(&self) -> usize {
        self.present.iter().map(|run| run.0).find(|&begin| begin > 0).unwrap_or(self.bytes.len())
    }

    /// Lets go of the first `len` bytes, whether they are there or not; those behind move up.
    pub(crate) fn cut_front(&mut self, len: usize) {
        let len = len.min(self.bytes.len());
        self.bytes.drain(..len);
        self.present.retain_mut(|(begin, end)| {
            (*begin, *end) = (begin.saturating_sub(len), end.saturating_sub(len));
            begin < end
        });
    }

    /// Returns the room that it took.
    pub(crate) fn into_room(self) -> Vec<u8> {
        self.bytes
    }

    /// Writes a piece between the runs that are there already.
    fn write(&mut self, begin: usize, piece: &[u8]) -> Option<()> {
        let end = begin + piece.len();
        let mut from = begin;
        let runs = self.present.iter().copied().chain([(end, end)]);
        for (run_begin, run_end) in runs.filter(|&(_, run_end)| run_end >= begin) {
            let to = run_begin.clamp(from, end);
            self.bytes.get_mut(from..to)?.copy_from_slice(piece.get(from - begin..to - begin)?);
            from = run_end.clamp(to, end);
        }
        Some(())
    }

    /// Joins a run with those that it touches.
    fn cover(&mut self, begin: usize, end: usize) {
        let (mut begin, mut end) = (begin, end);
        self.present.retain(|&(run_begin, run_end)| {
            let touches = run_begin <= end && begin <= run_end;
            if touches {
                begin = begin.min(run_begin);
                end = end.max(run_end);
            }
            !touches
        });
        let place = self.present.partition_point(|&(run_begin, _)| run_begin < begin);
        self.present.insert(place, (begin, end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_grows_up_to_the_first_gap() {
        let mut gathered = Gathered::default();
        gathered.put(4, b"efgh").unwrap();
        assert_eq!((gathered.front(), gathered.len(), gathered.runs()), (&b""[..], 8, 1));
        gathered.put(10, b"kl").unwrap();
        gathered.put(0, b"abcd").unwrap();
        assert_eq!((gathered.front(), gathered.runs()), (&b"abcdefgh"[..], 2));
        gathered.put(7, b"-ij-").unwrap();
        assert_eq!((gathered.front(), gathered.runs()), (&b"abcdefghijkl"[..], 1));
    }

    #[test]
    fn what_is_cut_off_the_front_moves_the_rest_up() {
        let mut gathered = Gathered::default();
        gathered.put(0, b"abcd").unwrap();
        gathered.put(6, b"gh").unwrap();
        gathered.cut_front(3);
        assert_eq!((gathered.front(), gathered.len(), gathered.behind_gap()), (&b"d"[..], 5, 3));
        gathered.cut_front(2);
        assert_eq!((gathered.front(), gathered.has_gap(), gathered.behind_gap()), (&b""[..], true, 1));
        gathered.cut_front(9);
        assert_eq!((gathered.len(), gathered.runs(), gathered.has_gap()), (0, 0, false));
    }

    #[test]
    fn piece_whose_end_cannot_be_counted_is_refused() {
        assert_eq!(Gathered::default().put(usize::MAX, b"a"), None);
    }
}
