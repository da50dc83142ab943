//! Conversations that a name told later may still name, by client and server.

use std::collections::HashMap;
use std::net::IpAddr;

use foldhash::fast::RandomState;
use netsonde_flow::FlowId;

use crate::limits::UNNAMED;

/// Client and server of conversations.
pub(crate) type Ends = (IpAddr, IpAddr);

/// The conversations, in two generations: when the younger one is full the older one is dropped. So the newest are kept,
/// at no cost for those that need no name any more.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    young: Generation,
    old: Generation,
}

#[derive(Debug, Default)]
struct Generation {
    of_ends: HashMap<Ends, Vec<FlowId>, RandomState>,
    len: usize,
}

impl Waiting {
    /// Takes note that a conversation waits.
    pub(crate) fn add(&mut self, ends: Ends, flow: FlowId) {
        if self.young.len >= UNNAMED {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.of_ends.entry(ends).or_insert_with(|| Vec::with_capacity(1)).push(flow);
        self.young.len += 1;
    }

    /// Hands over the conversations of two ends, none of which waits any more.
    pub(crate) fn take(&mut self, ends: &Ends) -> impl Iterator<Item = FlowId> + use<> {
        self.young.take(ends).into_iter().chain(self.old.take(ends))
    }

    /// Returns the ends of conversations with one of these servers.
    pub(crate) fn ends_of(&self, is_wanted: impl Fn(IpAddr) -> bool) -> Vec<Ends> {
        let ends = [&self.young, &self.old].into_iter().flat_map(|held| held.of_ends.keys()).copied();
        ends.filter(|&(_, server)| is_wanted(server)).collect()
    }
}

impl Generation {
    fn take(&mut self, ends: &Ends) -> Vec<FlowId> {
        let taken = self.of_ends.remove(ends).unwrap_or_default();
        self.len = self.len.saturating_sub(taken.len());
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(number: u32) -> Ends {
        (IpAddr::V4(number.into()), [192, 0, 2, 1].into())
    }

    fn flow(number: u32) -> FlowId {
        FlowId { slot: number, serial: number.into() }
    }

    #[test]
    fn conversations_are_handed_over_once_and_the_oldest_give_way() {
        let mut waiting = Waiting::default();
        let full = u32::try_from(UNNAMED).unwrap();
        for number in 0..full * 2 {
            waiting.add(ends(number), flow(number));
        }
        assert!(waiting.take(&ends(0)).eq([flow(0)]));
        assert!(waiting.take(&ends(0)).eq([]));
        waiting.add(ends(7), flow(0));
        // The older generation, up to `full`, is gone.
        assert!(waiting.take(&ends(7)).eq([flow(0)]));
        assert!(waiting.take(&ends(full)).eq([flow(full)]));
        assert_eq!(waiting.ends_of(|server| server == ends(0).1).len(), UNNAMED - 1);
        assert_eq!(waiting.ends_of(|server| server.is_loopback()), []);
    }
}
