//! Conversations whose every packet is known when they begin: a question and its answer, a call being set up.

use std::net::Ipv4Addr;
use std::sync::Arc;

use crate::frame::ArpOperation;
use crate::packets::Conversation;
use crate::pair::Pair;
use crate::path::{Path, Tags, Way};
use crate::tap::{Label, Tap};
use crate::truth::Note;

/// The payload of a fragment of a datagram: what fits below an Ethernet of 1500 bytes, a multiple of 8.
const FRAGMENT_LEN: usize = 1480;

/// A list of packets, each at its time.
#[derive(Debug, Default)]
pub struct Dialogue {
    /// Latest first, so that the next is at the end.
    lines: Vec<Line>,
    pairs: Vec<Pair>,
    is_shared: bool,
}

#[derive(Debug)]
struct Line {
    at: u64,
    act: Act,
    note: Option<Note>,
}

#[derive(Debug)]
enum Act {
    Udp { label: Label, path: Path, way: Way, payload: Vec<u8> },
    Fragment { label: Label, path: Path, way: Way, payload: Arc<[u8]>, identification: u16, offset: usize },
    Icmp { class: &'static str, path: Path, way: Way, message: Vec<u8> },
    Igmp { class: &'static str, path: Path, message: Vec<u8> },
    Arp { class: &'static str, operation: ArpOperation, sender: Ipv4Addr, target: Ipv4Addr, tags: Tags },
    Silence,
}

impl Dialogue {
    /// Makes a dialogue in which nothing is said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a datagram of UDP at a moment, in nanoseconds since the Unix epoch.
    #[must_use]
    pub fn udp(
        self,
        at: u64,
        label: Label,
        path: Path,
        way: Way,
        payload: Vec<u8>,
        note: impl Into<Option<Note>>,
    ) -> Self {
        self.line(at, Act::Udp { label, path, way, payload }, note.into())
    }

    /// Adds a datagram of UDP over IPv4 in as many fragments as it needs, `gap` nanoseconds apart.
    #[must_use]
    pub fn fragments(
        mut self,
        (at, gap): (u64, u64),
        label: Label,
        path: Path,
        way: Way,
        payload: Vec<u8>,
        identification: u16,
    ) -> Self {
        let payload: Arc<[u8]> = payload.into();
        let mut time = at;
        for offset in (0..payload.len() + 8).step_by(FRAGMENT_LEN) {
            let payload = Arc::clone(&payload);
            self = self.line(time, Act::Fragment { label, path, way, payload, identification, offset }, None);
            time += gap;
        }
        self
    }

    /// Adds a message of ICMP or ICMPv6.
    #[must_use]
    pub fn icmp(
        self,
        at: u64,
        class: &'static str,
        path: Path,
        way: Way,
        message: Vec<u8>,
        note: impl Into<Option<Note>>,
    ) -> Self {
        self.line(at, Act::Icmp { class, path, way, message }, note.into())
    }

    /// Adds a message of IGMP to the server of a path, a group.
    #[must_use]
    pub fn igmp(self, at: u64, class: &'static str, path: Path, message: Vec<u8>) -> Self {
        self.line(at, Act::Igmp { class, path, message }, None)
    }

    /// Adds a packet of ARP from `sender`, who asks for or answers `target`.
    #[must_use]
    pub fn arp(
        self,
        at: u64,
        class: &'static str,
        operation: ArpOperation,
        (sender, target): (Ipv4Addr, Ipv4Addr),
        tags: Tags,
    ) -> Self {
        self.line(at, Act::Arp { class, operation, sender, target, tags }, None)
    }

    /// Adds a moment at which nothing is sent and something becomes true.
    #[must_use]
    pub fn silence(self, at: u64, note: Note) -> Self {
        self.line(at, Act::Silence, Some(note))
    }

    /// Says that SDP announced the ports of a path, so that Wireshark numbers each way by itself.
    #[must_use]
    pub fn announced(mut self, path: Path) -> Self {
        self.pairs.push(Pair::announced(path));
        self
    }

    /// Says that others use the same addresses and ports, which are to be counted once for all: multicast, DHCP.
    #[must_use]
    pub const fn shared(mut self) -> Self {
        self.is_shared = true;
        self
    }

    /// Returns when the first packet is due; `None` where nothing is said.
    pub fn begin(&self) -> Option<u64> {
        self.lines.last().map(|line| line.at)
    }

    /// Makes an arrival of it, for a plan; one in which nothing is said ends as soon as it begins.
    pub fn arrival(self) -> (u64, Box<dyn Conversation>) {
        (self.begin().unwrap_or_default(), Box::new(self))
    }

    fn line(mut self, at: u64, act: Act, note: Option<Note>) -> Self {
        // Behind, that is before, all that is due later; of two at one moment the one added first goes first.
        let place = self.lines.partition_point(|line| line.at > at);
        self.lines.insert(place, Line { at, act, note });
        self
    }

    fn count_pair(&mut self, path: &Path, way: Way, tap: &mut Tap) {
        let known = self.pairs.iter().position(|pair| pair.path == *path);
        let place = known.unwrap_or_else(|| {
            self.pairs.push(if self.is_shared { Pair::shared(*path) } else { Pair::new(*path) });
            self.pairs.len() - 1
        });
        if let Some(pair) = self.pairs.get_mut(place) {
            pair.count(way, tap);
        }
    }
}

impl Conversation for Dialogue {
    fn step(&mut self, _now: u64, tap: &mut Tap) -> Option<u64> {
        let line = self.lines.pop()?;
        match line.act {
            Act::Udp { label, path, way, payload } => {
                tap.udp(label, &path, way, &payload);
                self.count_pair(&path, way, tap);
            }
            Act::Fragment { label, path, way, payload, identification, offset } => {
                tap.udp_fragment(label, &path, way, &payload, identification, (offset, FRAGMENT_LEN));
                self.count_pair(&path, way, tap);
            }
            Act::Icmp { class, path, way, message } => tap.icmp(class, &path, way, &message),
            Act::Igmp { class, path, message } => tap.igmp(class, &path, &message),
            Act::Arp { class, operation, sender, target, tags } => {
                tap.arp(class, operation, sender, target, tags);
            }
            Act::Silence => {}
        }
        if let Some(note) = &line.note {
            tap.note(note);
        }
        self.begin()
    }
}
