//! RTCP (RFC 3550 section 6): what the ends of streams say of them.

use crate::{Payload, Wire};

/// A packet of RTCP; several stand in a datagram one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Which packet (IANA RTCP Control Packet Types).
    pub kind: u8,
    /// How many of whatever is in it.
    pub count: u8,
    /// Who speaks; none where it is too short to say.
    pub sender: Option<u32>,
    /// What was captured behind the header, without padding as far as that was captured.
    body: &'a [u8],
}

/// What a sender reports of itself (RFC 3550 section 6.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SenderInfo {
    /// When the report was sent, in seconds since 1900 in units of 2^-32.
    pub ntp: u64,
    /// The same in units of the stream's clock.
    pub timestamp: u32,
    /// Packets sent.
    pub packets: u32,
    /// Bytes of payload sent.
    pub octets: u32,
}

/// What a receiver reports of a stream (RFC 3550 section 6.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Whose stream.
    pub ssrc: u32,
    /// Packets lost since the last report in 256.
    pub fraction_lost: u8,
    /// Packets lost since the beginning, -2^23 to 2^23 - 1.
    pub lost: i32,
    /// The highest number received, extended.
    pub highest: u32,
    /// The interarrival jitter in units of the stream's clock.
    pub jitter: u32,
    /// The middle of [`SenderInfo::ntp`] of the latest report of its sender; 0 where there was none.
    pub last_report: u32,
    /// The time since that came, in units of 2^-16 s.
    pub delay: u32,
}

impl Packet<'_> {
    /// A sender's report.
    pub const SENDER_REPORT: u8 = 200;
    /// A receiver's report.
    pub const RECEIVER_REPORT: u8 = 201;
    /// Who the sources are.
    pub const DESCRIPTION: u8 = 202;
    /// Sources that leave.
    pub const BYE: u8 = 203;

    /// Returns what the sender reports of itself; none in other packets.
    pub fn sender_info(&self) -> Option<SenderInfo> {
        let mut wire = Wire(self.body.get(4..)?);
        let ntp = u64::from_be_bytes(wire.array()?);
        let info = SenderInfo { ntp, timestamp: wire.be32()?, packets: wire.be32()?, octets: wire.be32()? };
        (self.kind == Self::SENDER_REPORT).then_some(info)
    }

    /// Returns what is reported of streams that came.
    pub fn blocks(&self) -> impl Iterator<Item = Block> {
        let begin = match self.kind {
            Self::SENDER_REPORT => 24,
            Self::RECEIVER_REPORT => 4,
            _ => usize::MAX,
        };
        let blocks = self.body.get(begin..).unwrap_or_default();
        let (blocks, _) = blocks.as_chunks();
        blocks.iter().take(self.count.into()).filter_map(block)
    }
}

fn block(bytes: &[u8; 24]) -> Option<Block> {
    let mut wire = Wire(bytes);
    let ssrc = wire.be32()?;
    let [fraction_lost, lost @ ..] = wire.array::<4>()?;
    let [a, b, c] = lost;
    Some(Block {
        ssrc,
        fraction_lost,
        // Its 24 bits are shifted up and down again, for the sign.
        lost: i32::from_be_bytes([a, b, c, 0]) >> 8,
        highest: wire.be32()?,
        jitter: wire.be32()?,
        last_report: wire.be32()?,
        delay: wire.be32()?,
    })
}

/// The packets in a datagram. It ends where one is of another version, or longer than the datagram.
#[derive(Clone, Debug)]
pub struct Packets<'a> {
    bytes: &'a [u8],
    wire_len: u32,
}

/// Returns the packets in a datagram. Encrypted, only the header of the first one and its sender can be read (RFC 3711
/// section 3.4).
pub const fn packets(payload: Payload<'_>) -> Packets<'_> {
    Packets { bytes: payload.bytes, wire_len: payload.wire_len }
}

impl<'a> Iterator for Packets<'a> {
    type Item = Packet<'a>;

    fn next(&mut self) -> Option<Packet<'a>> {
        const VERSION: u8 = 0xc0;
        const VERSION_2: u8 = 0x80;
        const PADDING: u8 = 0x20;
        const COUNT: u8 = 0x1f;

        let mut wire = Wire(self.bytes);
        let [first, kind, high, low] = wire.array()?;
        let len = u32::from(u16::from_be_bytes([high, low])).checked_mul(4)?;
        let rest = self.wire_len.checked_sub(4)?.checked_sub(len)?;
        if first & VERSION != VERSION_2 || !matches!(kind, 192..=223) {
            return None;
        }
        let captured = wire.take_cut(usize::try_from(len).ok()?);
        let padding = captured.last().copied().filter(|_| first & PADDING != 0 && rest == 0);
        let body_len = captured.len().checked_sub(padding.unwrap_or_default().into());
        let body = body_len.and_then(|len| captured.get(..len)).unwrap_or(captured);
        *self = Self { bytes: wire.0, wire_len: rest };
        Some(Packet { kind, count: first & COUNT, sender: Wire(body).be32(), body })
    }
}

/// Tells whether a datagram is RTCP beyond doubt: it begins with a report whose length fits what it counts, and packets fill
/// all of it (RFC 3550 appendix A.2).
pub fn is_certain(payload: Payload<'_>) -> bool {
    let mut packets = packets(payload);
    let Some(first) = packets.next() else { return false };
    let fixed: usize = match first.kind {
        Packet::SENDER_REPORT => 24,
        Packet::RECEIVER_REPORT => 4,
        _ => return false,
    };
    let counted = usize::from(first.count).saturating_mul(24).saturating_add(fixed);
    let has_next = packets.wire_len > 0;
    if first.body.len() < counted || (!has_next && first.body.len() > counted) {
        return false;
    }
    while packets.next().is_some() {}
    packets.wire_len == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(bytes: &[u8]) -> Payload<'_> {
        Payload { bytes, wire_len: bytes.len().try_into().unwrap() }
    }

    /// A report of the sender 1 with one block about the source 2, and an empty description.
    fn compound() -> Vec<u8> {
        let mut bytes = vec![0x81, 200, 0, 12, 0, 0, 0, 1];
        bytes.extend([0, 0, 0, 9, 0x80, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 7]);
        bytes.extend([0, 0, 0, 2, 64, 0xff, 0xff, 0xfe, 0, 1, 0, 3, 0, 0, 0, 80, 0, 9, 0x80, 0, 0, 1, 0, 0]);
        bytes.extend([0x80, 202, 0, 0]);
        bytes
    }

    #[test]
    fn sender_report_tells_of_its_sender_and_of_what_came() {
        let bytes = compound();
        let mut packets = packets(payload(&bytes));
        let report = packets.next().unwrap();
        assert_eq!((report.kind, report.sender), (Packet::SENDER_REPORT, Some(1)));
        let info = SenderInfo { ntp: 0x9_8000_0000, timestamp: 5, packets: 6, octets: 7 };
        assert_eq!(report.sender_info(), Some(info));
        let block = Block {
            ssrc: 2,
            fraction_lost: 64,
            lost: -2,
            highest: 0x1_0003,
            jitter: 80,
            last_report: 0x9_8000,
            delay: 0x1_0000,
        };
        assert!(report.blocks().eq([block]));
        let description = packets.next().unwrap();
        assert_eq!((description.kind, description.blocks().count()), (Packet::DESCRIPTION, 0));
        assert_eq!(packets.next(), None);
        assert!(is_certain(payload(&bytes)));
    }

    #[test]
    fn receiver_report_has_no_sender_info_and_may_be_cut() {
        let mut bytes = vec![0x81, 201, 0, 7, 0, 0, 0, 1];
        bytes.extend([1; 24]);
        let whole = packets(payload(&bytes)).next().unwrap();
        assert_eq!((whole.sender_info(), whole.blocks().count()), (None, 1));
        let cut = packets(Payload { bytes: &bytes[..20], wire_len: 32 }).next().unwrap();
        assert_eq!((cut.sender, cut.blocks().count()), (Some(1), 0));
        assert!(is_certain(payload(&bytes)));
    }

    #[test]
    fn what_does_not_fill_its_datagram_is_not_certain() {
        let bytes = compound();
        assert!(!is_certain(payload(&bytes[..bytes.len() - 1])));
        assert!(!is_certain(payload(&[&bytes[..], &[0]].concat())));
        // Two blocks are counted and one is there; a description alone; another version.
        assert!(!is_certain(payload(&[&[0x82], &bytes[1..52]].concat())));
        assert!(!is_certain(payload(&[0x80, 202, 0, 0])));
        assert!(!is_certain(payload(&[&[0x41], &bytes[1..]].concat())));
        assert!(!is_certain(payload(&[])));
    }

    #[test]
    fn padding_of_the_last_packet_is_none_of_its_body() {
        let report = [0xa0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4];
        assert!(is_certain(payload(&report)));
    }
}
