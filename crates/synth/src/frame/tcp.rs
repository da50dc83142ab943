//! TCP with its options (RFC 9293, RFC 7323, RFC 2018).

use super::ip::{protocol, pseudo_sum};
use super::{fold, patch, sum};
use crate::path::Endpoint;

/// The bits of the header.
pub mod flags {
    /// No more data from the sender.
    pub const FIN: u8 = 0x01;
    /// Sequence numbers begin.
    pub const SYN: u8 = 0x02;
    /// The connection is off.
    pub const RST: u8 = 0x04;
    /// The receiver shall hand the data over at once.
    pub const PSH: u8 = 0x08;
    /// The acknowledgement number counts.
    pub const ACK: u8 = 0x10;
}

/// Where the checksum stands.
const CHECKSUM: usize = 16;

/// Length of the header without options, in bytes.
const MIN_HEADER_LEN: usize = 20;

/// Most blocks that fit beside time stamps (RFC 2018 section 3).
pub const MAX_SACKS: usize = 3;

const NOP: u8 = 1;

/// Blocks of data that arrived beyond a hole: left edge and the one after the right, newest first.
pub type Sacks = [Option<(u32, u32)>; MAX_SACKS];

/// The options of a segment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Largest segment that the sender takes; on a SYN only.
    pub mss: Option<u16>,
    /// Whether selective acknowledgements may be sent; on a SYN only.
    pub sack_permitted: bool,
    /// How far the windows that follow are to be shifted; on a SYN only.
    pub window_scale: Option<u8>,
    /// The sender's clock and the echo of the receiver's.
    pub timestamps: Option<(u32, u32)>,
    /// Selective acknowledgements.
    pub sacks: Sacks,
}

impl Options {
    /// Returns the length that the options take in a header, in bytes: a multiple of 4.
    pub fn len(&self) -> usize {
        let sacks = self.sacks.iter().flatten().count();
        let first = self.mss.map_or(0, |_| 4) + self.window_scale.map_or(0, |_| 4);
        // A permission fills the two bytes that would else align the time stamps.
        let clock = match (self.timestamps.is_some(), self.sack_permitted) {
            (true, _) => 12,
            (false, true) => 4,
            (false, false) => 0,
        };
        first + clock + if sacks == 0 { 0 } else { 4 + 8 * sacks }
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn write(&self, out: &mut Vec<u8>) {
        if let Some(mss) = self.mss {
            out.extend([2, 4]);
            out.extend(mss.to_be_bytes());
        }
        match (self.sack_permitted, self.timestamps.is_some()) {
            (true, true) => out.extend([4, 2]),
            (true, false) => out.extend([NOP, NOP, 4, 2]),
            (false, true) => out.extend([NOP, NOP]),
            (false, false) => {}
        }
        if let Some((value, echo)) = self.timestamps {
            out.extend([8, 10]);
            out.extend(value.to_be_bytes());
            out.extend(echo.to_be_bytes());
        }
        if let Some(shift) = self.window_scale {
            out.extend([NOP, 3, 3, shift]);
        }
        let count = self.sacks.iter().flatten().count();
        if count > 0 {
            out.extend([NOP, NOP, 5, u8::try_from(2 + 8 * count).unwrap_or_default()]);
            for (left, right) in self.sacks.iter().flatten() {
                out.extend(left.to_be_bytes());
                out.extend(right.to_be_bytes());
            }
        }
    }
}

/// What varies in the header of TCP.
#[derive(Clone, Copy, Debug, Default)]
pub struct Header {
    /// The number of the first byte.
    pub seq: u32,
    /// The number of the byte that is awaited.
    pub ack: u32,
    /// The bits, as in [`flags`].
    pub flags: u8,
    /// The window as it is written, not shifted.
    pub window: u16,
    /// The options.
    pub options: Options,
}

impl Header {
    /// Returns the length of the header with its options, in bytes.
    pub fn len(&self) -> usize {
        MIN_HEADER_LEN + self.options.len()
    }

    /// Tells whether the header has no bytes, which never holds.
    pub const fn is_empty(&self) -> bool {
        false
    }
}

/// Appends a segment: header and the payload that `fill` appends, without the layers below.
pub fn segment(
    out: &mut Vec<u8>,
    src: Endpoint,
    dst: Endpoint,
    header: &Header,
    fill: impl FnOnce(&mut Vec<u8>),
) {
    let begin = out.len();
    out.extend(src.port.to_be_bytes());
    out.extend(dst.port.to_be_bytes());
    out.extend(header.seq.to_be_bytes());
    out.extend(header.ack.to_be_bytes());
    let words = u8::try_from(header.len() / 4).unwrap_or(5);
    out.extend([words << 4, header.flags]);
    out.extend(header.window.to_be_bytes());
    out.extend([0; 4]);
    header.options.write(out);
    fill(out);
    let segment = out.get(begin..).unwrap_or_default();
    let pseudo = pseudo_sum(src.ip, dst.ip, protocol::TCP, segment.len());
    let checksum = fold(sum(pseudo, segment));
    patch(out, begin + CHECKSUM, checksum.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_take_the_length_they_say() {
        let plain = Options::default();
        let syn = Options {
            mss: Some(1460),
            sack_permitted: true,
            window_scale: Some(7),
            timestamps: Some((1, 2)),
            ..plain
        };
        let sacks = [Some((1, 2)), Some((3, 4)), None];
        for (options, len) in [
            (plain, 0),
            (syn, 20), // 4 + 2 + 10 + 4
            (Options { timestamps: None, ..syn }, 12),
            (Options { timestamps: Some((1, 2)), ..plain }, 12),
            (Options { timestamps: Some((1, 2)), sacks, ..plain }, 32), // 12 + 4 + 2 * 8
        ] {
            let mut out = Vec::new();
            options.write(&mut out);
            assert_eq!((options.len(), out.len()), (len, len), "{options:?}");
        }
    }
}
