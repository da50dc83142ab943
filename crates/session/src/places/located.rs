//! Hosts in the order in which it became known where they are.

use std::collections::HashSet;
use std::net::IpAddr;

use foldhash::fast::RandomState;

use crate::limits::LOCATED;

/// The hosts that were located, each once.
#[derive(Debug, Default)]
pub(crate) struct Log {
    order: Vec<IpAddr>,
    held: HashSet<IpAddr, RandomState>,
}

impl Log {
    /// Takes note that it is known where a host is; beyond the bound nothing is noted.
    pub(super) fn add(&mut self, address: IpAddr) {
        if self.order.len() < LOCATED && self.held.insert(address) {
            self.order.push(address);
        }
    }

    /// Returns those from the `from`th on, at most `most`.
    pub(crate) fn from(&self, from: usize, most: usize) -> impl Iterator<Item = IpAddr> + use<'_> {
        self.order.iter().skip(from).take(most).copied()
    }
}
