//! IGMP (RFC 2236, RFC 3376), the checksum zero until a frame is put around.

use std::net::Ipv4Addr;

use super::bytes::{Bytes, len16};

/// Asks which groups are wanted, as a router of version 3 does every 125 s; hosts have 10 s to answer.
pub fn query_v3() -> Vec<u8> {
    let mut out = Bytes::new();
    // No group; robustness 2, 125 s between queries, no sources.
    out.put(&[0x11, 100, 0, 0]).u32(0).put(&[2, 125]).u16(0);
    out.into_vec()
}

/// Says in version 2 that a group is wanted.
pub fn report_v2(group: Ipv4Addr) -> Vec<u8> {
    [&[0x16, 0, 0, 0][..], &group.octets()].concat()
}

/// Says in version 2 that a group is not wanted any more.
pub fn leave_v2(group: Ipv4Addr) -> Vec<u8> {
    [&[0x17, 0, 0, 0][..], &group.octets()].concat()
}

/// Says in version 3 that groups are wanted from every source, as a change (RFC 3376 section 4.2.12).
pub fn report_v3(groups: &[Ipv4Addr]) -> Vec<u8> {
    let mut out = Bytes::new();
    out.put(&[0x22, 0, 0, 0]).u16s([0, len16(groups.len())]);
    for group in groups {
        // Change to exclude mode, with no source excluded.
        out.put(&[4, 0, 0, 0]).put(&group.octets());
    }
    out.into_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_have_the_lengths_of_their_versions() {
        let group = Ipv4Addr::new(239, 255, 255, 250);
        assert_eq!((query_v3().len(), report_v2(group).len(), leave_v2(group).len()), (12, 8, 8));
        let report = report_v3(&[group, group]);
        assert_eq!((report.len(), &report[6..8]), (8 + 2 * 8, &[0, 2][..]));
    }
}
