//! IGMP (RFC 1112, RFC 2236, RFC 3376).

use super::Igmp;
use crate::span::Span;
use crate::{Layer, Malformed};

/// Every version begins with eight bytes.
const LEN: usize = 8;

impl Igmp {
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

    pub(crate) fn parse(span: Span<'_>) -> Result<Self, Malformed> {
        let &[kind, ..] = span.header::<LEN>(Layer::Igmp)?;
        Ok(Self { kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_gives_its_type_and_seven_bytes_are_too_short() {
        let report = [0x16, 0, 0, 0, 239, 1, 2, 3];
        assert_eq!(Igmp::parse(Span::of_bytes(&report)), Ok(Igmp { kind: Igmp::REPORT_V2 }));
        assert!(Igmp::parse(Span::of_bytes(&report[..7])).is_err());
    }
}
