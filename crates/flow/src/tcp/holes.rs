//! Stretches of sequence space that were passed over.

use netsonde_units::SeqNumber;

use crate::limits;

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

    pub(crate) fn open(&mut self, id: &mut HolesId, first: SeqNumber, end: SeqNumber) {
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
    pub(crate) fn fill(&mut self, id: &mut HolesId, first: SeqNumber, end: SeqNumber) -> u32 {
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

    pub(crate) fn release(&mut self, id: &mut HolesId) {
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
impl HolePool {
    pub(crate) const fn lists_held(&self) -> usize {
        self.lists.len()
    }

    pub(crate) const fn lists_free(&self) -> usize {
        self.free.len()
    }
}
