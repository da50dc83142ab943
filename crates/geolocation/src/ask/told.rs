use std::collections::VecDeque;
use std::net::IpAddr;

/// Whoever is behind by more looks everything up again.
const KEPT: usize = 4096;

/// The addresses of which something new became known, in the course of things.
#[derive(Debug, Default)]
pub(super) struct Told {
    newest: VecDeque<IpAddr>,
    /// Counts those before them.
    before: u64,
}

impl Told {
    /// Adds an address.
    pub(super) fn tell(&mut self, address: IpAddr) {
        if self.newest.len() == KEPT {
            self.newest.pop_front();
            self.before += 1;
        }
        self.newest.push_back(address);
    }

    /// Returns the addresses since a moment, which moves on; none where they are no longer kept.
    pub(super) fn since(&self, moment: &mut u64) -> Option<Vec<IpAddr>> {
        let seen = moment.checked_sub(self.before);
        *moment = self.before + self.newest.len() as u64;
        let seen = usize::try_from(seen?).unwrap_or(usize::MAX);
        Some(self.newest.iter().skip(seen).copied().collect())
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn everybody_is_told_each_address_once_and_that_too_many_have_gone() {
        let (mut told, mut early, mut late) = (Told::default(), 0, 0);
        let address = |number: u32| IpAddr::from(Ipv4Addr::from(number));
        told.tell(address(1));
        told.tell(address(2));
        assert_eq!(told.since(&mut early), Some(vec![address(1), address(2)]));
        assert_eq!(told.since(&mut early), Some(vec![]));
        for number in 3..=u32::try_from(KEPT).unwrap() + 1 {
            told.tell(address(number));
        }
        // The first has gone: who has seen two misses nothing, who has seen none cannot know.
        assert_eq!(told.since(&mut early).map(|new| new.len()), Some(KEPT - 1));
        assert_eq!(told.since(&mut late), None);
        assert_eq!(told.since(&mut late), Some(vec![]));
    }
}
