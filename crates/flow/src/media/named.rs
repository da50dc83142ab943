//! Sources that RTCP has spoken of on another port than theirs.

use std::net::IpAddr;

use foldhash::fast::RandomState;
use hashbrown::HashSet;

use crate::limits;

/// Who sends to whom, and its source.
pub(super) type Way = (IpAddr, IpAddr, u32);

/// The sources, in a ring: at the bound the oldest gives way.
#[derive(Debug, Default)]
pub(super) struct Named {
    known: HashSet<Way, RandomState>,
    ring: Vec<Way>,
    next: usize,
}

impl Named {
    /// Takes note of a source.
    pub(super) fn insert(&mut self, way: Way) {
        if !self.known.insert(way) {
            return;
        }
        let place = self.next;
        self.next = (place + 1) % limits::NAMED_SOURCES;
        match self.ring.get_mut(place) {
            Some(oldest) => _ = self.known.remove(&std::mem::replace(oldest, way)),
            None => self.ring.push(way),
        }
    }

    /// Tells whether RTCP has spoken of a source.
    pub(super) fn contains(&self, way: &Way) -> bool {
        self.known.contains(way)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_the_bound_the_oldest_gives_way() {
        let mut named = Named::default();
        let address: IpAddr = "192.0.2.1".parse().unwrap();
        let bound = u32::try_from(limits::NAMED_SOURCES).unwrap();
        for ssrc in 0..=bound {
            named.insert((address, address, ssrc));
            named.insert((address, address, ssrc));
        }
        assert!(!named.contains(&(address, address, 0)));
        assert!(named.contains(&(address, address, 1)) && named.contains(&(address, address, bound)));
    }
}
