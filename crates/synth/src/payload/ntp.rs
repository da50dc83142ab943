//! NTP version 4 (RFC 5905): one question, one answer.

use super::bytes::Bytes;

/// Length of a message without extensions.
const LEN: usize = 48;
/// Seconds from 1900, where NTP begins, to 1970.
const TO_UNIX_EPOCH: u64 = 2_208_988_800;
/// Version 4, mode 3 (client) and mode 4 (server).
const CLIENT: u8 = 0x23;
const SERVER: u8 = 0x24;

/// Returns a moment since the Unix epoch as seconds since 1900, modulo 2^32, and binary fractions of a second.
pub fn timestamp(nanos: u64) -> (u32, u32) {
    let seconds = (nanos / 1_000_000_000 + TO_UNIX_EPOCH) & 0xffff_ffff;
    let fraction = ((nanos % 1_000_000_000) << 32) / 1_000_000_000;
    (u32::try_from(seconds).unwrap_or(0), u32::try_from(fraction).unwrap_or(0))
}

/// Asks for the time; `now` is in nanoseconds since the Unix epoch.
pub fn request(now: u64) -> Vec<u8> {
    let mut out = Bytes::new();
    out.u8(CLIENT).pad_to(LEN - 8);
    write_timestamp(now, &mut out);
    out.into_vec()
}

/// Answers [`request`] of `sent` as a server of stratum 2 whose own time is `now`.
pub fn response(sent: u64, now: u64) -> Vec<u8> {
    let mut out = Bytes::new();
    // Stratum 2, poll every 64 s, precision 2^-24 s, root delay 11 ms and dispersion 15 ms in 1/65536 s.
    out.put(&[SERVER, 2, 6, 0xe8]).u32(0x0000_02d1).u32(0x0000_03d7).put(&[17, 253, 34, 123]);
    write_timestamp(now.saturating_sub(40_000_000_000), &mut out);
    write_timestamp(sent, &mut out);
    write_timestamp(now, &mut out);
    write_timestamp(now.saturating_add(30_000), &mut out);
    out.into_vec()
}

fn write_timestamp(nanos: u64, out: &mut Bytes) {
    let (seconds, fraction) = timestamp(nanos);
    out.u32(seconds).u32(fraction);
}

#[cfg(test)]
mod tests {
    use super::*;
    use netsonde_dissect::{Guess, Protocol, probe_udp};

    #[test]
    fn moment_counts_from_1900_with_binary_fractions() {
        // RFC 5905 figure 4: 1 January 1970 is 2,208,988,800; half a second is 2^31.
        assert_eq!(timestamp(500_000_000), (2_208_988_800, 1 << 31));
    }

    #[test]
    fn answer_repeats_the_moment_of_the_question() {
        let (asked, answered) = (request(1_000_000_000), response(1_000_000_000, 1_010_000_000));
        assert_eq!((asked.len(), answered.len()), (48, 48));
        assert_eq!(asked[40..], answered[24..32]);
        assert_eq!(probe_udp(&asked, 123, 123), Guess::Certain(Protocol::Ntp));
        assert_eq!(probe_udp(&answered, 123, 123), Guess::Certain(Protocol::Ntp));
    }
}
