//! IGMP (RFC 1112, RFC 2236, RFC 3376).

use std::net::Ipv4Addr;

use super::Igmp;
use super::membership::{Change, Membership};
use crate::span::Span;
use crate::{Layer, Malformed};

/// Every version begins with eight bytes.
const LEN: usize = 8;

impl<'a> Igmp<'a> {
    /// Membership query, of any version.
    pub const QUERY: u8 = 0x11;
    /// Membership report, version 1.
    pub const REPORT_V1: u8 = 0x12;
    /// Membership report, version 2.
    pub const REPORT_V2: u8 = 0x16;
    /// Leave group.
    pub const LEAVE: u8 = 0x17;
    /// Membership report, version 3.
    pub const REPORT_V3: u8 = 0x22;

    pub(crate) fn parse(span: Span<'a>) -> Result<Self, Malformed> {
        let (&[kind, _, _, _, r0, r1, r2, r3], body) = span.split::<LEN>(Layer::Igmp)?;
        Ok(Self { kind, rest: [r0, r1, r2, r3], body: body.bytes })
    }

    /// Returns what the message says about groups; none for types of other protocols.
    pub fn membership(&self) -> Option<Membership<'a>> {
        let group = Ipv4Addr::from(self.rest).into();
        match self.kind {
            Self::QUERY => Some(Membership::Query),
            Self::REPORT_V1 | Self::REPORT_V2 => Some(Membership::report_of(group, Change::Joins)),
            Self::LEAVE => Some(Membership::report_of(group, Change::Leaves)),
            Self::REPORT_V3 => {
                let [_, _, high, low] = self.rest;
                Some(Membership::report_v4(self.body, u16::from_be_bytes([high, low])))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_gives_its_type_and_seven_bytes_are_too_short() {
        let report = [0x16, 0, 0, 0, 239, 1, 2, 3];
        let parsed = Igmp { kind: Igmp::REPORT_V2, rest: [239, 1, 2, 3], body: &[] };
        assert_eq!(Igmp::parse(Span::of_bytes(&report)), Ok(parsed));
        assert!(Igmp::parse(Span::of_bytes(&report[..7])).is_err());
    }
}
