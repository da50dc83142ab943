//! Captures of TCP that no honest stack would send, made up from a seed.
//!
//! Each step of a `talk` is a segment drawn at random, close enough to what its connection has sent to hit the
//! rules, or a scripted burst that leads to one of them. Sequence numbers begin where they wrap; gaps lie on both
//! sides of every limit; stamps step back, frames are cut, headers lie about their lengths.
//!
//! Left out: headers quoted by ICMP errors, which make no conversation here and do in tshark (METRICS.md); IPv6 that says
//! it has no payload, of which tshark reads nothing and we what was captured, as both do of IPv4 (offload); fragments,
//! tunnels and multipath TCP.

mod bursts;
mod talk;

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use netsonde_synth::frame::{self, ethertype, ip, tcp};
use netsonde_synth::{Endpoint, Rng, Tags, Way};

use talk::{Segment, Talk};

/// When every trace begins: 2026-01-01, in nanoseconds.
const BEGIN: u64 = 1_767_225_600_000_000_000;

/// Connections at a time.
const TALKS: u64 = 5;

/// How many segments a connection lasts at least and at most, unless a burst is longer.
const LENGTHS: (u64, u64) = (20, 160);

/// How often, in a million: the clock steps back, a frame is cut, a header lies.
const BACKWARDS: u32 = 10_000;
const CUT: u32 = 20_000;
const LYING: u32 = 8_000;

/// How far the clock steps back, in nanoseconds.
const STEPS: [u64; 4] = [1, 1_000, 1_000_000, 1_000_000_000];

/// Magic number of a pcap with nanoseconds, written little-endian.
const NANOSECONDS: u32 = 0xa1b2_3c4d;

/// The longest frame that the file header promises.
const SNAPLEN: u32 = 65_535;

const ETHERNET_LEN: usize = 14;
const IPV4_LEN: usize = 20;
const IPV6_LEN: usize = 40;

/// Where IPv4 and IPv6 say how long the packet is, from the beginning of their header.
const IPV4_TOTAL_LEN: usize = 2;
const IPV6_PAYLOAD_LEN: usize = 4;

/// Where TCP says where its data begins.
const DATA_OFFSET: usize = 12;

/// What the frames of a trace begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The IPv4 header itself.
    RawIpv4,
    /// Ethernet with IPv4, padded to its least length.
    EthernetIpv4,
    /// Ethernet with IPv6.
    EthernetIpv6,
}

/// A capture.
#[derive(Clone, Debug)]
pub struct Trace {
    link: Link,
    records: Vec<Record>,
}

#[derive(Clone, Debug)]
struct Record {
    time: u64,
    wire_len: usize,
    bytes: Vec<u8>,
}

impl Trace {
    /// Makes a trace of so many frames; the seed decides everything, the link type too.
    pub fn new(seed: u64, frames: usize) -> Self {
        let link = match seed % 3 {
            0 => Link::RawIpv4,
            1 => Link::EthernetIpv4,
            _ => Link::EthernetIpv6,
        };
        let mut weaver = Weaver { rng: Rng::new(seed, 0), link, now: BEGIN, talks: Vec::new(), begun: 0 };
        let mut records = Vec::new();
        while records.len() < frames {
            weaver.step(&mut records);
        }
        records.truncate(frames);
        Self { link, records }
    }

    /// Returns how many frames there are.
    pub const fn len(&self) -> usize {
        self.records.len()
    }

    /// Tells whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Writes the capture as a pcap with nanoseconds.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written to.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        // Raw IP and Ethernet, by their numbers in the format.
        let link: u32 = if self.link == Link::RawIpv4 { 101 } else { 1 };
        let version = 2 | 4 << 16;
        for word in [NANOSECONDS, version, 0, 0, SNAPLEN, link] {
            out.write_all(&word.to_le_bytes())?;
        }
        for record in &self.records {
            let (seconds, nanos) = (record.time / 1_000_000_000, record.time % 1_000_000_000);
            let (captured, wire) = (record.bytes.len() as u64, record.wire_len as u64);
            for word in [seconds, nanos, captured, wire] {
                let word = u32::try_from(word).map_err(io::Error::other)?;
                out.write_all(&word.to_le_bytes())?;
            }
            out.write_all(&record.bytes)?;
        }
        out.flush()
    }
}

/// Weaves connections into one capture.
struct Weaver {
    rng: Rng,
    link: Link,
    now: u64,
    talks: Vec<(Talk, u64)>,
    begun: u64,
}

impl Weaver {
    /// Lets one connection take a step; its segments follow each other without others between them.
    fn step(&mut self, records: &mut Vec<Record>) {
        let place = usize::try_from(self.rng.below(TALKS)).unwrap_or_default();
        while self.talks.len() <= place {
            let talk = self.begin();
            self.talks.push(talk);
        }
        let Some((talk, left)) = self.talks.get_mut(place) else { return };
        let segments = talk.step(&mut self.rng);
        let ends = (talk.endpoint(Way::Up), talk.endpoint(Way::Down));
        *left = left.saturating_sub(segments.len() as u64);
        if *left == 0 {
            let successor = self.successor(ends);
            self.talks.get_mut(place).into_iter().for_each(|slot| slot.clone_from(&successor));
        }
        for segment in segments {
            let record = self.record(ends, &segment);
            records.push(record);
        }
    }

    /// Begins another connection: some on the ports of the one that ended, some with its other end as client.
    fn successor(&mut self, (client, server): (Endpoint, Endpoint)) -> (Talk, u64) {
        let (talk, length) = self.begin();
        match self.rng.below(8) {
            0 => (Talk::new(client, server), length),
            1 => (Talk::new(server, client), length),
            _ => (talk, length),
        }
    }

    fn begin(&mut self) -> (Talk, u64) {
        self.begun += 1;
        let number = u16::try_from(self.begun % 10_000).unwrap_or_default();
        let [high, low] = number.to_be_bytes();
        let (client, server): (IpAddr, IpAddr) = if self.link == Link::EthernetIpv6 {
            let address = |side| Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, side, number).into();
            (address(1), address(2))
        } else {
            (Ipv4Addr::new(10, 0, high, low).into(), Ipv4Addr::new(198, 51, 100, low).into())
        };
        let (client, server) = (Endpoint::new(client, 40_000 + number), Endpoint::new(server, 39_999));
        // Both ends are the same one: a connection of a host with itself, on one port.
        let server = if self.rng.chance(10_000) { client } else { server };
        (Talk::new(client, server), self.rng.between(LENGTHS.0, LENGTHS.1))
    }

    fn record(&mut self, ends: (Endpoint, Endpoint), segment: &Segment) -> Record {
        let (src, dst) = if segment.way == Way::Up { ends } else { (ends.1, ends.0) };
        let mut bytes = Vec::new();
        let header = ip::Header { protocol: ip::protocol::TCP, ..ip::Header::default() };
        ip::header(&mut bytes, src, dst, Tags::None, header, segment.header.len() + segment.len);
        tcp::segment(&mut bytes, src, dst, &segment.header, |out| out.resize(out.len() + segment.len, 0));
        if self.rng.chance(LYING) {
            self.lie(&mut bytes);
        }
        if self.link == Link::RawIpv4 {
            drop(bytes.drain(..ETHERNET_LEN));
        } else {
            frame::pad(&mut bytes);
        }
        self.now += segment.gap;
        if self.rng.chance(BACKWARDS) {
            self.now -= self.rng.pick(&STEPS);
        }
        let wire_len = bytes.len();
        if self.rng.chance(CUT) {
            bytes.truncate(usize::try_from(self.rng.below(wire_len as u64)).unwrap_or_default().max(1));
        }
        Record { time: self.now, wire_len, bytes }
    }

    /// Makes a header say another length than it has.
    fn lie(&mut self, bytes: &mut [u8]) {
        let is_ipv6 = bytes.get(ETHERNET_LEN - 2..ETHERNET_LEN) == Some(&ethertype::IPV6.to_be_bytes());
        let (ip_len, at) = if is_ipv6 { (IPV6_LEN, IPV6_PAYLOAD_LEN) } else { (IPV4_LEN, IPV4_TOTAL_LEN) };
        let change = self.rng.below(40).to_be_bytes();
        match self.rng.below(3) {
            0 => {
                let words = u8::try_from(self.rng.below(16)).unwrap_or(5);
                bytes
                    .get_mut(ETHERNET_LEN + ip_len + DATA_OFFSET)
                    .into_iter()
                    .for_each(|byte| *byte = words << 4);
            }
            longer => {
                let Some([_, low]) = bytes.get_mut(ETHERNET_LEN + at..ETHERNET_LEN + at + 2) else { return };
                let [.., change] = change;
                let least = u8::from(is_ipv6);
                *low = if longer == 1 { low.wrapping_add(change) } else { low.saturating_sub(change) }
                    .max(least);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(seed: u64, frames: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        Trace::new(seed, frames).write(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_seed_gives_the_same_trace_and_another_one_another() {
        assert_eq!(written(1, 500), written(1, 500));
        assert_ne!(written(1, 500), written(4, 500));
    }

    #[test]
    fn a_trace_has_the_frames_that_were_asked_for() {
        for seed in 0..6 {
            assert_eq!(Trace::new(seed, 321).len(), 321);
        }
    }

    #[test]
    fn a_file_begins_with_its_link_type() {
        // The last word of the file header: raw IP for every third seed, Ethernet for the others.
        assert_eq!((written(3, 1)[20], written(4, 1)[20], written(5, 1)[20]), (101, 1, 1));
    }
}
