//! RTP and RTCP (RFC 3550).

use super::bytes::Bytes;
use crate::Rng;

const VERSION_2: u8 = 0x80;
const PADDED: u8 = 0x20;
const EXTENDED: u8 = 0x10;
const MARKER: u8 = 0x80;
/// The longest part of a picture, so that a packet has at most 1,200 bytes.
const MAX_PART: usize = 1188;

/// What a stream carries, which decides its packets' size and pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// G.711 mu-law, static type 0: 160 bytes each 20 ms at 8 kHz.
    Pcmu,
    /// G.711 A-law, static type 8.
    Pcma,
    /// G.722, static type 9, whose time stamps count at 8 kHz though it has twice as many samples (RFC 3551 section 4.5.2).
    G722,
    /// G.729 in frames of 20 bytes, static type 18.
    G729,
    /// Opus at about 32 kbit/s under type 111: each 20 ms at 48 kHz (RFC 7587).
    Opus,
    /// H.264 under type 96: pictures of several packets at 90 kHz (RFC 6184).
    H264,
}

impl Codec {
    /// Returns the number that packets carry.
    pub fn payload_type(self) -> u8 {
        match self {
            Self::Pcmu => 0,
            Self::Pcma => 8,
            Self::G722 => 9,
            Self::G729 => 18,
            Self::Opus => 111,
            Self::H264 => 96,
        }
    }

    /// Returns the rate of the time stamps, in Hz.
    pub fn clock_rate(self) -> u32 {
        match self {
            Self::Pcmu | Self::Pcma | Self::G722 | Self::G729 => 8000,
            Self::Opus => 48_000,
            Self::H264 => 90_000,
        }
    }

    /// Returns what SDP's `rtpmap` says.
    pub fn rtpmap(self) -> &'static str {
        match self {
            Self::Pcmu => "PCMU/8000",
            Self::Pcma => "PCMA/8000",
            Self::G722 => "G722/8000",
            Self::G729 => "G729/8000",
            Self::Opus => "opus/48000/2",
            Self::H264 => "H264/90000",
        }
    }

    /// Tells whether it is sound.
    pub fn is_audio(self) -> bool {
        self != Self::H264
    }

    /// Returns the length of a frame of sound, in bytes; of what varies, Opus and pictures, about the mean.
    pub fn frame_len(self) -> usize {
        match self {
            Self::Pcmu | Self::Pcma | Self::G722 => 160,
            Self::G729 => 20,
            Self::Opus => 82,
            Self::H264 => MAX_PART,
        }
    }

    /// Returns the time stamp's step from one frame to the next: 20 ms of sound, 1/25 s of pictures.
    pub fn step(self) -> u32 {
        self.clock_rate() / if self.is_audio() { 50 } else { 25 }
    }
}

/// What a packet of RTP begins with (RFC 3550 section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The marker.
    pub is_marked: bool,
    /// What the payload is.
    pub payload_type: u8,
    /// Its number.
    pub sequence: u16,
    /// Its time stamp.
    pub timestamp: u32,
    /// The synchronisation source.
    pub ssrc: u32,
    /// Whether two contributing sources and an extension of a word follow, and padding of a word ends the packet.
    pub is_long: bool,
}

impl Header {
    /// Returns a packet with so many bytes of payload.
    pub fn packet(&self, len: usize, rng: &mut Rng) -> Vec<u8> {
        let marker = if self.is_marked { MARKER } else { 0 };
        let flags = if self.is_long { PADDED | EXTENDED | 2 } else { 0 };
        let mut out = Bytes::new();
        out.u8(VERSION_2 | flags).u8(marker | self.payload_type).u16(self.sequence);
        out.u32(self.timestamp).u32(self.ssrc);
        if self.is_long {
            // One-byte elements of RFC 8285: the loudness of element 1, and two bytes that fill up the word.
            out.u32(0x0c0f_fee1).u32(0x0c0f_fee2).u16(0xbede).u16(1).put(&[0x10, 0xa0, 0, 0]);
        }
        out.noise(len, rng);
        if self.is_long {
            out.put(&[0, 0, 0, 4]);
        }
        out.into_vec()
    }
}

/// The sender's half of one stream.
#[derive(Clone, Debug)]
pub struct Stream {
    codec: Codec,
    /// The synchronisation source.
    ssrc: u32,
    sequence: u16,
    timestamp: u32,
    is_first: bool,
    packets: u32,
    bytes: u32,
}

impl Stream {
    /// Begins a stream with a random source, sequence number and time stamp.
    pub fn new(codec: Codec, rng: &mut Rng) -> Self {
        let sequence = rng.half_word();
        Self {
            codec,
            ssrc: rng.word(),
            sequence,
            timestamp: rng.word(),
            is_first: true,
            packets: 0,
            bytes: 0,
        }
    }

    /// Begins at a chosen sequence number, to see it wrap.
    #[must_use]
    pub fn starting_at(self, sequence: u16) -> Self {
        Self { sequence, ..self }
    }

    /// Returns the synchronisation source.
    pub fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// Returns the sequence number of the next packet.
    pub fn next_sequence(&self) -> u16 {
        self.sequence
    }

    /// Returns the time stamp of the next frame.
    pub fn next_timestamp(&self) -> u32 {
        self.timestamp
    }

    /// Returns the packets of the next frame: one of sound, `len` bytes of picture in as many as it takes.
    ///
    /// The first packet of a talk carries the marker, and so does the last of a picture (RFC 3551 section 4.1,
    /// RFC 6184 section 5.1).
    pub fn frame(&mut self, len: usize, rng: &mut Rng) -> Vec<Vec<u8>> {
        let packets = match self.codec {
            Codec::Pcmu | Codec::Pcma | Codec::G722 | Codec::G729 => {
                vec![self.packet(self.is_first, self.codec.frame_len(), rng)]
            }
            Codec::Opus => {
                let len = 70 + usize::try_from(rng.below(25)).unwrap_or(0);
                vec![self.packet(self.is_first, len, rng)]
            }
            Codec::H264 => {
                let mut packets = Vec::new();
                let mut left = len;
                // Parts of equal length, so that none is too short to be one.
                let size = len.div_ceil(len.div_ceil(MAX_PART).max(1));
                while left > 0 {
                    let part = left.min(size);
                    left -= part;
                    let mut packet = self.packet(left == 0, part, rng);
                    // The header of a fragmented unit of a plain picture: not 0 or 31 as noise could be.
                    if let Some([indicator, header]) = packet.get_mut(12..14) {
                        (*indicator, *header) = (0x7c, if left == 0 { 0x41 } else { 0x01 });
                    }
                    packets.push(packet);
                }
                packets
            }
        };
        self.is_first = false;
        self.timestamp = self.timestamp.wrapping_add(self.codec.step());
        packets
    }

    fn packet(&mut self, marker: bool, len: usize, rng: &mut Rng) -> Vec<u8> {
        let header = Header {
            is_marked: marker,
            payload_type: self.codec.payload_type(),
            sequence: self.sequence,
            timestamp: self.timestamp,
            ssrc: self.ssrc,
            is_long: false,
        };
        let packet = header.packet(len, rng);
        self.sequence = self.sequence.wrapping_add(1);
        self.packets = self.packets.wrapping_add(1);
        self.bytes = self.bytes.wrapping_add(u32::try_from(len).unwrap_or(u32::MAX));
        packet
    }

    /// Returns a compound RTCP packet: sender report, with a block about the peer's stream, and description.
    ///
    /// `now_nanos` is the time since the Unix epoch.
    pub fn sender_report(&self, now_nanos: u64, about: Reception, name: &str) -> Vec<u8> {
        let mut out = Bytes::new();
        let (seconds, fraction) = super::ntp::timestamp(now_nanos);
        write_rtcp(200, 1, &mut out, |report| {
            report.u32(self.ssrc).u32(seconds).u32(fraction).u32(self.timestamp);
            report.u32(self.packets).u32(self.bytes);
            about.write(report);
        });
        self.write_description(name, &mut out);
        out.into_vec()
    }

    /// Returns a compound RTCP packet of somebody who only listens.
    pub fn receiver_report(&self, about: Reception, name: &str) -> Vec<u8> {
        let mut out = Bytes::new();
        write_rtcp(201, 1, &mut out, |report| {
            report.u32(self.ssrc);
            about.write(report);
        });
        self.write_description(name, &mut out);
        out.into_vec()
    }

    /// Returns the compound RTCP packet that ends the stream.
    pub fn bye(&self, name: &str) -> Vec<u8> {
        let mut out = Bytes::new();
        write_rtcp(201, 0, &mut out, |report| _ = report.u32(self.ssrc));
        self.write_description(name, &mut out);
        write_rtcp(203, 1, &mut out, |bye| _ = bye.u32(self.ssrc));
        out.into_vec()
    }

    fn write_description(&self, name: &str, out: &mut Bytes) {
        write_rtcp(202, 1, out, |description| {
            // Item 1 is the canonical name; a zero ends the list, and padding to words follows.
            description.u32(self.ssrc).u8(1).counted8(|item| _ = item.put(name.as_bytes())).u8(0);
        });
    }
}

/// What a receiver says about a stream (RFC 3550 section 6.4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reception {
    /// The stream's source.
    pub ssrc: u32,
    /// Lost since the last report, in 1/256.
    pub fraction_lost: u8,
    /// Lost since the beginning.
    pub lost: u16,
    /// Highest sequence number, with the number of wraps in the high half.
    pub highest: u32,
    /// Interarrival jitter, in units of the stream's clock.
    pub jitter: u32,
    /// The middle half of the time stamp of NTP in the last report of the stream's sender; 0 where none came.
    pub last_report: u32,
    /// How long ago that came, in 1/65536 s.
    pub delay: u32,
}

impl Reception {
    fn write(self, out: &mut Bytes) {
        out.u32(self.ssrc).u8(self.fraction_lost).u8(0).u16(self.lost).u32(self.highest).u32(self.jitter);
        out.u32(self.last_report).u32(self.delay);
    }
}

/// Writes one packet of a compound, padded to words.
fn write_rtcp(packet_type: u8, count: u8, out: &mut Bytes, body: impl FnOnce(&mut Bytes)) {
    let mut content = Bytes::new();
    body(&mut content);
    let words = content.len().div_ceil(4);
    content.pad_to(words * 4);
    // The length counts words without the header's own.
    out.u8(VERSION_2 | count).u8(packet_type).u16(super::bytes::len16(words)).put(content.as_slice());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_packet_is_header_and_20_ms() {
        let mut rng = Rng::new(1, 0);
        let mut stream = Stream::new(Codec::Pcma, &mut rng).starting_at(0xffff);
        let first = stream.frame(0, &mut rng).remove(0);
        let second = stream.frame(0, &mut rng).remove(0);
        assert_eq!((first.len(), first[0], first[1], second[1]), (172, 0x80, 0x88, 0x08));
        // Sequence numbers wrap; the time stamp moves by 8,000 Hz * 20 ms.
        assert_eq!((&first[2..4], &second[2..4]), (&[0xff, 0xff][..], &[0, 0][..]));
        let timestamp = |packet: &[u8]| u32::from_be_bytes(*packet[4..].first_chunk().unwrap());
        assert_eq!(timestamp(&second).wrapping_sub(timestamp(&first)), 160);
        assert_eq!(first[8..12], stream.ssrc().to_be_bytes());
    }

    #[test]
    fn picture_shares_a_time_stamp_and_ends_with_the_marker() {
        let mut rng = Rng::new(1, 0);
        let mut stream = Stream::new(Codec::H264, &mut rng);
        let packets = stream.frame(3000, &mut rng);
        // Three parts of at most 1,188 bytes, each behind a header of 12.
        assert_eq!(packets.iter().map(Vec::len).collect::<Vec<_>>(), [1012, 1012, 1012]);
        assert_eq!(packets.iter().map(|packet| packet[1]).collect::<Vec<_>>(), [0x60, 0x60, 0xe0]);
        assert!(packets.iter().all(|packet| packet[4..8] == packets[0][4..8]));
        assert_eq!(
            stream.next_sequence(),
            u16::from_be_bytes([packets[2][2], packets[2][3]]).wrapping_add(1)
        );
    }

    #[test]
    fn compound_packets_are_as_long_as_their_lengths_say() {
        let mut rng = Rng::new(1, 0);
        let mut stream = Stream::new(Codec::Opus, &mut rng);
        stream.frame(0, &mut rng);
        let about = Reception { ssrc: 7, lost: 3, ..Reception::default() };
        for (packet, types) in [
            (stream.sender_report(1_700_000_000_000_000_000, about, "a@example"), vec![200, 202]),
            (stream.receiver_report(about, "a@example"), vec![201, 202]),
            (stream.bye("a@example"), vec![201, 202, 203]),
        ] {
            let (mut at, mut found) = (0, Vec::new());
            while at < packet.len() {
                found.push(packet[at + 1]);
                at += 4 * (1 + usize::from(u16::from_be_bytes([packet[at + 2], packet[at + 3]])));
            }
            assert_eq!((at, found), (packet.len(), types));
        }
    }
}
