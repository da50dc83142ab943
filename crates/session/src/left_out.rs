//! Addresses for which a table had no room.

use std::collections::HashSet;
use std::net::IpAddr;

use foldhash::fast::RandomState;

use crate::limits::LEFT_OUT;

/// Addresses that a full table leaves out, each counted once however often it is spoken of.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    told_apart: HashSet<IpAddr, RandomState>,
}

impl LeftOut {
    /// Takes note that there was no room for an address.
    pub(crate) fn count(&mut self, address: IpAddr) {
        if self.told_apart.len() < LEFT_OUT {
            self.told_apart.insert(address);
        }
    }

    /// Returns how many addresses there were, at most [`LEFT_OUT`].
    pub(crate) fn addresses(&self) -> u64 {
        self.told_apart.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_spoken_of_again_counts_once_and_the_count_is_bounded() {
        let mut left_out = LeftOut::default();
        let address = |number: u32| IpAddr::V4(number.into());
        for number in [1, 2, 1, 1] {
            left_out.count(address(number));
        }
        assert_eq!(left_out.addresses(), 2);
        for number in 0..100_000 {
            left_out.count(address(number));
        }
        assert_eq!(left_out.addresses(), LEFT_OUT as u64);
    }
}
