//! The classic capture format, as it is written (draft-ietf-opsawg-pcap), little-endian.

use std::io::{self, Read, Write};

use crate::packets::{Arrivals, Packets};

/// The magic numbers of the two resolutions.
const MICROSECONDS: u32 = 0xa1b2_c3d4;
const NANOSECONDS: u32 = 0xa1b2_3c4d;

/// The version in use since 1998, major and minor.
const VERSION: [u16; 2] = [2, 4];

/// The longest packet that the file header promises.
const SNAPLEN: u32 = 262_144;

/// Link type of Ethernet.
const ETHERNET: u32 = 1;

/// How much [`PcapRead`] prepares at a time, in bytes.
const READ_AHEAD: usize = 64 * 1024;

/// What the fraction of a second in a record counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resolution {
    /// Millionths; what lies below is cut off.
    Microseconds,
    /// Billionths.
    #[default]
    Nanoseconds,
}

impl Resolution {
    pub(crate) fn file_header(self) -> Vec<u8> {
        let magic = match self {
            Self::Microseconds => MICROSECONDS,
            Self::Nanoseconds => NANOSECONDS,
        };
        let mut header = magic.to_le_bytes().to_vec();
        header.extend(VERSION.iter().flat_map(|number| number.to_le_bytes()));
        // Time zone and accuracy are zero in every file there is.
        header.extend([0; 8]);
        header.extend(SNAPLEN.to_le_bytes());
        header.extend(ETHERNET.to_le_bytes());
        header
    }

    pub(crate) fn record_header(self, time: u64, len: usize) -> [u8; 16] {
        let fraction = match self {
            Self::Microseconds => time % 1_000_000_000 / 1_000,
            Self::Nanoseconds => time % 1_000_000_000,
        };
        let word = |value: u64| u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes();
        let len = word(u64::try_from(len).unwrap_or(u64::MAX));
        let mut header = [0; 16];
        let fields = [word(time / 1_000_000_000), word(fraction), len, len];
        for (to, from) in header.iter_mut().zip(fields.as_flattened()) {
            *to = *from;
        }
        header
    }
}

/// Writes packets to a capture of the classic format.
#[derive(Debug)]
pub struct Capture<W> {
    out: W,
    resolution: Resolution,
}

impl<W: Write> Capture<W> {
    /// Writes the file header.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written to.
    pub fn new(mut out: W, resolution: Resolution) -> io::Result<Self> {
        out.write_all(&resolution.file_header())?;
        Ok(Self { out, resolution })
    }

    /// Writes one packet, `time` in nanoseconds since the Unix epoch.
    ///
    /// # Errors
    ///
    /// When the capture cannot be written to.
    pub fn write(&mut self, time: u64, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(&self.resolution.record_header(time, bytes.len()))?;
        self.out.write_all(bytes)
    }

    /// Hands back what was written to, flushed.
    ///
    /// # Errors
    ///
    /// When the last bytes cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Reads a stream of packets as the bytes of a capture file, made as they are asked for.
#[derive(Debug)]
pub struct PcapRead<A> {
    packets: Packets<A>,
    resolution: Resolution,
    ready: Vec<u8>,
    taken: usize,
}

impl<A: Arrivals> PcapRead<A> {
    /// Begins with the file header.
    pub fn new(packets: Packets<A>, resolution: Resolution) -> Self {
        Self { packets, resolution, ready: resolution.file_header(), taken: 0 }
    }

    /// Returns the packets that are not read yet, with the truth about those that are.
    pub const fn packets(&self) -> &Packets<A> {
        &self.packets
    }

    fn prepare(&mut self) {
        self.ready.clear();
        self.taken = 0;
        while self.ready.len() < READ_AHEAD
            && let Some(packet) = self.packets.advance()
        {
            self.ready.extend(self.resolution.record_header(packet.time, packet.bytes.len()));
            self.ready.extend(packet.bytes);
        }
    }
}

impl<A: Arrivals> Read for PcapRead<A> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.ready.len() {
            self.prepare();
        }
        let mut rest = self.ready.get(self.taken..).unwrap_or_default();
        let count = rest.read(buffer)?;
        self.taken += count;
        Ok(count)
    }
}
