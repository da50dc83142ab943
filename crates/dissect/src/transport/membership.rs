//! What IGMP and multicast listener discovery say about groups.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What a record of IGMP version 3 says (RFC 3376 section 4.2.12), and one of MLD version 2 (RFC 3810 section 5.2.12).
const IS_INCLUDE: u8 = 1;
const IS_EXCLUDE: u8 = 2;
const TO_INCLUDE: u8 = 3;
const TO_EXCLUDE: u8 = 4;
const ALLOW_NEW: u8 = 5;

/// What a message says about groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Membership<'a> {
    /// Asks who listens.
    Query,
    /// Says what its sender listens to.
    Report(GroupChanges<'a>),
}

/// What a member does with a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It joins, or says that it is in.
    Joins,
    /// It leaves, or says that it is not in.
    Leaves,
    /// It says something else, such as whom it does not listen to.
    Neither,
}

/// What a report says of one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupChange {
    /// The group's address.
    pub group: IpAddr,
    /// What happens.
    pub change: Change,
}

/// What a report says, group by group, as far as it was captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupChanges<'a> {
    /// The one change of a message without records.
    only: Option<GroupChange>,
    records: &'a [u8],
    left: u16,
    is_v6: bool,
}

impl<'a> Membership<'a> {
    pub(super) const fn report_of(group: IpAddr, change: Change) -> Self {
        let only = Some(GroupChange { group, change });
        Self::Report(GroupChanges { only, records: &[], left: 0, is_v6: false })
    }

    pub(super) const fn report_v4(records: &'a [u8], count: u16) -> Self {
        Self::Report(GroupChanges { only: None, records, left: count, is_v6: false })
    }

    pub(super) const fn report_v6(records: &'a [u8], count: u16) -> Self {
        Self::Report(GroupChanges { only: None, records, left: count, is_v6: true })
    }
}

impl GroupChanges<'_> {
    /// Reads the next record: type, length of auxiliary words, number of sources, group, sources, auxiliary words.
    fn record(&mut self) -> Option<GroupChange> {
        let (&[kind, auxiliary, s0, s1], rest) = self.records.split_first_chunk()?;
        let sources = u16::from_be_bytes([s0, s1]);
        let (group, rest) = if self.is_v6 { group_v6(rest)? } else { group_v4(rest)? };
        let source_len = if self.is_v6 { 16_usize } else { 4 };
        let behind = usize::from(sources)
            .saturating_mul(source_len)
            .saturating_add(usize::from(auxiliary).saturating_mul(4));
        self.records = rest.get(behind..).unwrap_or_default();
        Some(GroupChange { group, change: change(kind, sources) })
    }
}

impl Iterator for GroupChanges<'_> {
    type Item = GroupChange;

    fn next(&mut self) -> Option<GroupChange> {
        if let Some(only) = self.only.take() {
            return Some(only);
        }
        self.left = self.left.checked_sub(1)?;
        self.record()
    }
}

/// To listen to no source of a group is not to be in it; to exclude none is to listen to all.
const fn change(kind: u8, sources: u16) -> Change {
    match (kind, sources) {
        (IS_INCLUDE | TO_INCLUDE, 0) => Change::Leaves,
        (ALLOW_NEW, 0) => Change::Neither,
        (IS_INCLUDE | TO_INCLUDE | ALLOW_NEW | IS_EXCLUDE | TO_EXCLUDE, _) => Change::Joins,
        _ => Change::Neither,
    }
}

fn group_v4(bytes: &[u8]) -> Option<(IpAddr, &[u8])> {
    let (&group, rest) = bytes.split_first_chunk::<4>()?;
    Some((Ipv4Addr::from(group).into(), rest))
}

fn group_v6(bytes: &[u8]) -> Option<(IpAddr, &[u8])> {
    let (&group, rest) = bytes.split_first_chunk::<16>()?;
    Some((Ipv6Addr::from(group).into(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Icmp, Igmp};

    fn changes(membership: Option<Membership<'_>>) -> Vec<(String, Change)> {
        let Some(Membership::Report(changes)) = membership else { panic!("no report: {membership:?}") };
        changes.map(|GroupChange { group, change }| (group.to_string(), change)).collect()
    }

    fn icmp(kind: u8, rest: [u8; 4], body: &[u8]) -> Icmp<'_> {
        Icmp { kind, code: 0, rest, body }
    }

    fn igmp(kind: u8, rest: [u8; 4], body: &[u8]) -> Igmp<'_> {
        Igmp { kind, rest, body }
    }

    #[test]
    fn older_messages_are_about_one_group() {
        let group = [239, 1, 2, 3];
        let of = |kind| igmp(kind, group, &[]).membership();
        assert_eq!(of(Igmp::QUERY), Some(Membership::Query));
        for kind in [Igmp::REPORT_V1, Igmp::REPORT_V2] {
            assert_eq!(changes(of(kind)), [("239.1.2.3".to_owned(), Change::Joins)]);
        }
        assert_eq!(changes(of(Igmp::LEAVE)), [("239.1.2.3".to_owned(), Change::Leaves)]);
        // DVMRP (RFC 1075).
        assert_eq!(of(0x13), None);
    }

    #[test]
    fn version_3_records_join_and_leave_by_type_and_sources() {
        let rows = [
            (IS_INCLUDE, 0, Change::Leaves),
            (IS_INCLUDE, 1, Change::Joins),
            (IS_EXCLUDE, 0, Change::Joins),
            (TO_INCLUDE, 0, Change::Leaves),
            (TO_INCLUDE, 2, Change::Joins),
            (TO_EXCLUDE, 0, Change::Joins),
            (ALLOW_NEW, 1, Change::Joins),
            (6, 1, Change::Neither),
            (7, 0, Change::Neither),
        ];
        let mut body = Vec::new();
        for (number, (kind, sources, _)) in (0_u8..).zip(rows) {
            // One auxiliary word, to be passed over.
            body.extend([kind, 1, 0, sources, 232, 0, 0, number]);
            body.extend(vec![9; usize::from(sources) * 4 + 4]);
        }
        let expected: Vec<_> =
            (0..).zip(rows).map(|(number, row)| (format!("232.0.0.{number}"), row.2)).collect();
        assert_eq!(changes(igmp(Igmp::REPORT_V3, [0, 0, 0, 9], &body).membership()), expected);
    }

    #[test]
    fn report_ends_where_its_records_do_whatever_it_announces() {
        let body = [IS_EXCLUDE, 0, 0, 0, 239, 0, 0, 1, IS_EXCLUDE, 0, 0, 0, 239];
        let report = igmp(Igmp::REPORT_V3, [0, 0, 0xff, 0xff], &body);
        assert_eq!(changes(report.membership()).len(), 1);
        let far = [IS_EXCLUDE, 0xff, 0xff, 0xff, 239, 0, 0, 1, IS_EXCLUDE, 0, 0, 0, 239, 0, 0, 2];
        assert_eq!(changes(igmp(Igmp::REPORT_V3, [0, 0, 0, 2], &far).membership()).len(), 1);
    }

    #[test]
    fn listener_discovery_says_the_same_of_ipv6() {
        let group: Ipv6Addr = "ff02::fb".parse().unwrap();
        let octets = group.octets();
        let of = |kind| icmp(kind, [0; 4], &octets).membership();
        assert_eq!(of(Icmp::V6_LISTENER_QUERY), Some(Membership::Query));
        assert_eq!(changes(of(Icmp::V6_LISTENER_REPORT)), [("ff02::fb".to_owned(), Change::Joins)]);
        assert_eq!(changes(of(Icmp::V6_LISTENER_DONE)), [("ff02::fb".to_owned(), Change::Leaves)]);
        assert_eq!(of(Icmp::V6_ECHO_REQUEST), None);
        assert_eq!(icmp(Icmp::V6_LISTENER_REPORT, [0; 4], &octets[..15]).membership(), None);
        let record = [&[TO_EXCLUDE, 0, 0, 1][..], &group.octets(), &[7; 16]].concat();
        let two = [&record[..], &record].concat();
        let report = icmp(Icmp::V6_LISTENER_REPORT_V2, [0, 0, 0, 2], &two);
        assert_eq!(changes(report.membership()).len(), 2);
    }
}
