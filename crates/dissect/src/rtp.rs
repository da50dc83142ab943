//! RTP (RFC 3550 section 5), and what else may come to its port (RFC 7983).

use crate::{Payload, Wire};

/// The fixed header of a packet of RTP, and how much it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rtp {
    /// Whether it is marked: sound after a silence, or the end of a picture (RFC 3551 section 4).
    pub marker: bool,
    /// What it carries.
    pub payload_type: PayloadType,
    /// Its number.
    pub sequence: u16,
    /// When its first sample was taken, in units of the stream's clock.
    pub timestamp: u32,
    /// Its synchronisation source.
    pub ssrc: u32,
    /// Bytes on the wire behind header, sources and extension, without the padding as far as that was captured.
    pub payload_len: u32,
}

impl Rtp {
    /// Bytes of the fixed header.
    pub const LEN: usize = 12;

    /// Reads a payload of UDP as RTP; only the fixed header must have been captured. None where it is no packet of
    /// version 2, is RTCP (RFC 5761 section 4), or ends within its own header.
    #[inline]
    pub fn parse(payload: Payload<'_>) -> Option<Self> {
        const VERSION: u8 = 0xc0;
        const VERSION_2: u8 = 0x80;
        const PADDING: u8 = 0x20;
        const EXTENSION: u8 = 0x10;
        const SOURCES: u8 = 0x0f;
        const MARKER: u8 = 0x80;

        let header: &[u8; Self::LEN] = payload.bytes.first_chunk()?;
        let &[first, second, s0, s1, t0, t1, t2, t3, i0, i1, i2, i3] = header;
        if first & VERSION != VERSION_2 || is_report(second) {
            return None;
        }
        let mut payload_len = payload.wire_len;
        if first & (PADDING | EXTENSION | SOURCES) == 0 {
            payload_len = payload_len.checked_sub(12)?;
        } else {
            let mut header_len = usize::from(first & SOURCES).checked_mul(4)?.checked_add(Self::LEN)?;
            if first & EXTENSION != 0 {
                let words = extension_words(payload.bytes, header_len).unwrap_or_default();
                header_len = header_len.checked_add(4)?.checked_add(usize::from(words).checked_mul(4)?)?;
            }
            payload_len = payload_len.checked_sub(u32::try_from(header_len).ok()?)?;
            if first & PADDING != 0 {
                // Encrypted, the last byte is none that could be read; what cannot be is not taken off.
                payload_len = padding(payload)
                    .map_or(payload_len, |len| payload_len.checked_sub(len).unwrap_or(payload_len));
            }
        }
        Some(Self {
            marker: second & MARKER != 0,
            payload_type: PayloadType(second & !MARKER),
            sequence: u16::from_be_bytes([s0, s1]),
            timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
            ssrc: u32::from_be_bytes([i0, i1, i2, i3]),
            payload_len,
        })
    }
}

/// Returns how many words of 32 bits the extension has whose header begins at `at`.
fn extension_words(bytes: &[u8], at: usize) -> Option<u16> {
    let mut wire = Wire(bytes.get(at..)?);
    wire.be16()?;
    wire.be16()
}

/// Returns how much of a payload is padding; none where its end was not captured.
fn padding(payload: Payload<'_>) -> Option<u32> {
    let is_whole = usize::try_from(payload.wire_len).is_ok_and(|len| len == payload.bytes.len());
    payload.bytes.last().filter(|_| is_whole).map(|&len| len.into())
}

/// Tells whether the second byte is that of a report rather than a marker and a payload type (RFC 5761 section 4).
const fn is_report(second: u8) -> bool {
    matches!(second, 192..=223)
}

/// What a packet carries (RFC 3551 section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PayloadType(pub u8);

/// What RFC 3551 assigns to a payload type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// The encoding's name.
    pub codec: &'static str,
    /// The clock of its timestamps, in hertz.
    pub clock_rate: u32,
    /// Whether it has moving pictures.
    pub is_video: bool,
}

impl PayloadType {
    /// Comfort noise (RFC 3389).
    pub const COMFORT_NOISE: Self = Self(13);
    /// Comfort noise as it was before it had a number.
    pub const FORMER_COMFORT_NOISE: Self = Self(19);

    /// Returns what it always means; none where it is for the ends to agree on, or not used.
    pub const fn assigned(self) -> Option<Assigned> {
        let (codec, clock_rate) = match self.0 {
            0 => ("PCMU", 8_000),
            3 => ("GSM", 8_000),
            4 => ("G723", 8_000),
            5 => ("DVI4", 8_000),
            6 => ("DVI4", 16_000),
            7 => ("LPC", 8_000),
            8 => ("PCMA", 8_000),
            // Its samples come at 16 kHz; the clock is a mistake that stayed (RFC 3551 section 4.5.2).
            9 => ("G722", 8_000),
            10 | 11 => ("L16", 44_100),
            12 => ("QCELP", 8_000),
            13 | 19 => ("CN", 8_000),
            14 => ("MPA", 90_000),
            15 => ("G728", 8_000),
            16 => ("DVI4", 11_025),
            17 => ("DVI4", 22_050),
            18 => ("G729", 8_000),
            25 => ("CelB", 90_000),
            26 => ("JPEG", 90_000),
            28 => ("nv", 90_000),
            31 => ("H261", 90_000),
            32 => ("MPV", 90_000),
            33 => ("MP2T", 90_000),
            34 => ("H263", 90_000),
            _ => return None,
        };
        Some(Assigned { codec, clock_rate, is_video: self.0 >= 25 })
    }

    /// Tells whether it is comfort noise, which is sent only when the noise changes.
    pub const fn is_comfort_noise(self) -> bool {
        matches!(self, Self::COMFORT_NOISE | Self::FORMER_COMFORT_NOISE)
    }

    /// Tells whether somebody may use it: it is assigned, or for the ends to agree on (RFC 3551 section 3, RFC 5761
    /// section 4).
    pub const fn is_usable(self) -> bool {
        matches!(self.0, 20..=24 | 27 | 29 | 30 | 35..=63 | 96..=127) || self.assigned().is_some()
    }
}

/// What a datagram is, on a port that RTP shares with others: told by its first byte (RFC 7983 section 7, RFC 9443
/// section 3), and reports by their second (RFC 5761 section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// STUN.
    Stun,
    /// ZRTP.
    Zrtp,
    /// DTLS.
    Dtls,
    /// A channel of TURN.
    TurnChannel,
    /// QUIC.
    Quic,
    /// RTP, also encrypted.
    Rtp,
    /// RTCP, also encrypted.
    Rtcp,
    /// Nothing that shares a port with RTP.
    Other,
}

impl Shared {
    /// Tells what a datagram is.
    #[inline]
    pub const fn of(datagram: &[u8]) -> Self {
        match datagram {
            [0..=3, ..] => Self::Stun,
            [16..=19, ..] => Self::Zrtp,
            [20..=63, ..] => Self::Dtls,
            [64..=79, ..] => Self::TurnChannel,
            [80..=127 | 192..=255, ..] => Self::Quic,
            [128..=191, second, ..] => {
                if is_report(*second) {
                    Self::Rtcp
                } else {
                    Self::Rtp
                }
            }
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PCMU, marked, number 1, time 2, source 3.
    const HEADER: [u8; 12] = [0x80, 0x80, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];

    fn read(bytes: &[u8], wire_len: u32) -> Option<Rtp> {
        Rtp::parse(Payload { bytes, wire_len })
    }

    fn with(first: u8, rest: &[u8]) -> Vec<u8> {
        [&[first], &HEADER[1..], rest].concat()
    }

    #[test]
    fn fixed_header_is_read_and_what_is_behind_it_counted_on_the_wire() {
        let rtp = read(&HEADER, 172).unwrap();
        let expected = Rtp {
            marker: true,
            payload_type: PayloadType(0),
            sequence: 1,
            timestamp: 2,
            ssrc: 3,
            payload_len: 160,
        };
        assert_eq!(rtp, expected);
        assert_eq!(read(&HEADER[..11], 172), None);
    }

    #[test]
    fn sources_extension_and_padding_are_no_payload() {
        // Two sources (8), an extension of one word (4 + 4), 5 bytes, 3 of padding: 36 bytes of which 5 count.
        let tail = [&[9; 8][..], &[0xbe, 0xde, 0, 1, 1, 1, 1, 1], &[7; 5], &[0, 0, 3]].concat();
        let bytes = with(0xb2, &tail);
        assert_eq!(bytes.len(), 36);
        assert_eq!(read(&bytes, 36).map(|rtp| rtp.payload_len), Some(5));
        // Cut behind the extension's header, the padding is not known: 36 less 28.
        assert_eq!(read(&bytes[..24], 36).map(|rtp| rtp.payload_len), Some(8));
    }

    #[test]
    fn padding_longer_than_the_payload_is_none_and_a_header_beyond_the_end_is_no_packet() {
        assert_eq!(read(&with(0xa0, &[1, 2, 200]), 15).map(|rtp| rtp.payload_len), Some(3));
        assert_eq!(read(&with(0x8f, &[0; 20]), 32), None);
        assert_eq!(read(&with(0x90, &[0xbe, 0xde, 0, 9, 0, 0, 0, 0]), 20), None);
        assert_eq!(read(&HEADER, 11), None);
    }

    #[test]
    fn other_versions_and_reports_are_no_packets() {
        assert_eq!(read(&with(0x40, &[]), 12), None);
        assert_eq!(read(&with(0xc0, &[]), 12), None);
        let mut report = HEADER;
        report[1] = 200;
        assert_eq!(read(&report, 12), None);
    }

    #[test]
    fn datagrams_are_told_apart_as_rfc_7983_says() {
        let told = |bytes: &[u8]| Shared::of(bytes);
        assert_eq!((told(&[0, 1]), told(&[3]), told(&[17])), (Shared::Stun, Shared::Stun, Shared::Zrtp));
        assert_eq!(
            (told(&[22]), told(&[63]), told(&[64])),
            (Shared::Dtls, Shared::Dtls, Shared::TurnChannel)
        );
        assert_eq!((told(&[0x40 | 0x30]), told(&[0xc3])), (Shared::Quic, Shared::Quic));
        assert_eq!((told(&[0x80, 8]), told(&[0xbf, 191])), (Shared::Rtp, Shared::Rtp));
        assert_eq!((told(&[0x80, 192]), told(&[0x81, 223])), (Shared::Rtcp, Shared::Rtcp));
        assert_eq!(
            (told(&[0x80, 224]), told(&[0x80]), told(&[])),
            (Shared::Rtp, Shared::Other, Shared::Other)
        );
        assert_eq!((told(&[4]), told(&[15])), (Shared::Other, Shared::Other));
    }

    #[test]
    fn payload_types_mean_what_rfc_3551_says() {
        let of = |number| PayloadType(number).assigned().map(|it| (it.codec, it.clock_rate, it.is_video));
        assert_eq!((of(0), of(9)), (Some(("PCMU", 8_000, false)), Some(("G722", 8_000, false))));
        assert_eq!((of(14), of(34)), (Some(("MPA", 90_000, false)), Some(("H263", 90_000, true))));
        assert_eq!((of(1), of(35), of(96)), (None, None, None));
        let usable = |number| PayloadType(number).is_usable();
        assert!(usable(35) && usable(96) && usable(127) && usable(18));
        assert!(!usable(1) && !usable(64) && !usable(72) && !usable(95));
    }
}
