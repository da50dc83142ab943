//! Multicast groups and who is in them, as IGMP and MLD tell.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use netsonde_messages::MulticastGroup;

use crate::left_out::LeftOut;
use crate::limits::{GROUP_MEMBERS, GROUPS, QUERIERS};

/// Who is in a group and who has left it, as far as told.
#[derive(Debug, Default)]
struct Group {
    members: BTreeSet<IpAddr>,
    left: BTreeSet<IpAddr>,
    joins: u64,
    leaves: u64,
}

impl Group {
    /// Takes note of a report and tells whether it changes anything: members say again what they are, when asked and
    /// because a report may be lost. Of whom there is no room to remember nothing is known to change.
    fn change(&mut self, member: IpAddr, joins: bool) -> bool {
        let Self { members, left, .. } = self;
        let (to, from, count) =
            if joins { (members, left, &mut self.joins) } else { (left, members, &mut self.leaves) };
        from.remove(&member);
        let is_change = to.len() < GROUP_MEMBERS && to.insert(member);
        *count += u64::from(is_change);
        is_change
    }
}

/// All groups that were spoken of, in a bounded table.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    held: BTreeMap<IpAddr, Group>,
    queriers: BTreeSet<IpAddr>,
    joins: u64,
    leaves: u64,
    /// Groups for which there was no room.
    left_out: LeftOut,
}

impl Groups {
    /// Takes note that a member is in a group, or not.
    pub(crate) fn change(&mut self, address: IpAddr, member: IpAddr, joins: bool) {
        if self.held.len() >= GROUPS && !self.held.contains_key(&address) {
            self.left_out.count(address);
            return;
        }
        let is_change = self.held.entry(address).or_default().change(member, joins);
        let count = if joins { &mut self.joins } else { &mut self.leaves };
        *count += u64::from(is_change);
    }

    /// Returns how often somebody came to be in a group.
    pub(crate) const fn joins(&self) -> u64 {
        self.joins
    }

    /// Returns how often somebody ceased to be in a group.
    pub(crate) const fn leaves(&self) -> u64 {
        self.leaves
    }

    /// Takes note that somebody asks who listens.
    pub(crate) fn query(&mut self, address: IpAddr) {
        if self.queriers.len() < QUERIERS {
            self.queriers.insert(address);
        }
    }

    /// Returns who asked, in order of address.
    pub(crate) fn queriers(&self) -> Vec<IpAddr> {
        self.queriers.iter().copied().collect()
    }

    /// Returns the first groups in order of address, and how many are left out.
    pub(crate) fn first(&self, most: usize) -> (Vec<MulticastGroup>, u64) {
        let message = |(&address, group): (&IpAddr, &Group)| MulticastGroup {
            address,
            members: group.members.len() as u64,
            joins: group.joins,
            leaves: group.leaves,
        };
        let listed: Vec<_> = self.held.iter().take(most).map(message).collect();
        let omitted = (self.held.len() - listed.len()) as u64 + self.left_out.addresses();
        (listed, omitted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::LEFT_OUT;

    fn address(number: u32) -> IpAddr {
        IpAddr::V4((0xc000_0200 + number).into())
    }

    #[test]
    fn members_are_those_that_joined_and_have_not_left() {
        let mut groups = Groups::default();
        let group: IpAddr = "239.1.2.3".parse().unwrap();
        for (member, joins) in [(1, true), (2, true), (2, false), (3, false)] {
            groups.change(group, address(member), joins);
        }
        // Member 3 was in it before anything was seen.
        let expected = MulticastGroup { address: group, members: 1, joins: 2, leaves: 2 };
        assert_eq!(groups.first(10), (vec![expected], 0));
        assert_eq!(groups.first(0), (Vec::new(), 1));
    }

    #[test]
    fn report_said_again_is_no_further_join_and_no_further_leave() {
        let mut groups = Groups::default();
        let [one, other]: [IpAddr; 2] = ["239.1.2.3", "239.1.2.4"].map(|group| group.parse().unwrap());
        // Joins, answers two queries, leaves and says so twice (version 3 does), joins again.
        for joins in [true, true, true, false, false, true] {
            groups.change(one, address(1), joins);
        }
        groups.change(other, address(1), true);
        let group = |address, joins, leaves| MulticastGroup { address, members: 1, joins, leaves };
        assert_eq!(groups.first(10).0, [group(one, 2, 1), group(other, 1, 0)]);
        assert_eq!((groups.joins(), groups.leaves()), (3, 1));
    }

    #[test]
    fn queriers_are_listed_once() {
        let mut groups = Groups::default();
        for number in [2, 1, 2] {
            groups.query(address(number));
        }
        assert_eq!(groups.queriers(), [address(1), address(2)]);
    }

    #[test]
    fn flood_of_groups_members_and_queriers_is_held_to_the_bounds() {
        let mut groups = Groups::default();
        for number in 0..100_000 {
            groups.change(address(number), address(1), true);
            groups.change(address(0), address(number), true);
            groups.change(address(1), address(number), false);
            groups.query(address(number));
        }
        assert_eq!((groups.held.len(), groups.queriers.len()), (GROUPS, QUERIERS));
        assert_eq!(groups.held[&address(0)].members.len(), GROUP_MEMBERS);
        assert_eq!(groups.held[&address(1)].left.len(), GROUP_MEMBERS);
        assert_eq!(groups.left_out.addresses(), (100_000 - GROUPS as u64).min(LEFT_OUT as u64));
    }

    #[test]
    fn group_left_out_counts_once_however_often_it_is_joined() {
        let mut groups = Groups::default();
        let room = u32::try_from(GROUPS).unwrap();
        for number in 0..room + 2 {
            groups.change(address(number), address(1), true);
        }
        for joins in [false, true, true] {
            groups.change(address(room), address(2), joins);
        }
        assert_eq!(groups.first(GROUPS).1, 2);
    }
}
