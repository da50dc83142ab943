//! The point of the network where packets are seen: they are built and counted here, one at a time.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use crate::frame::{self, ArpOperation, ip, tcp};
use crate::path::{Path, Tags, Way};
use crate::truth::{Note, Truth};

/// What a packet is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// The kind of traffic, for the truth's `classes`: `browsing`, `call`, `scan`.
    pub class: &'static str,
    /// The highest protocol of packets with payload, by its name in the report of `netsonde`.
    pub protocol: &'static str,
    /// Whether the conversation is encrypted above its transport.
    pub encrypted: bool,
}

impl Label {
    /// Labels traffic that anybody can read.
    pub const fn plain(class: &'static str, protocol: &'static str) -> Self {
        Self { class, protocol, encrypted: false }
    }

    /// Labels encrypted traffic.
    pub const fn encrypted(class: &'static str, protocol: &'static str) -> Self {
        Self { class, protocol, encrypted: true }
    }

    const fn bare_tcp(self) -> Self {
        Self { protocol: "TCP", ..self }
    }
}

/// The tap: holds the packet of the moment and the truth about all so far.
#[derive(Debug, Default)]
pub struct Tap {
    now: u64,
    bytes: Vec<u8>,
    /// Where datagrams are put together before they are cut into fragments.
    datagram: Vec<u8>,
    identification: u16,
    /// Pairs of ports that several conversations use.
    shared: BTreeSet<[(IpAddr, u16); 2]>,
    truth: Truth,
}

impl Tap {
    /// Makes a tap that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a moment, with no packet yet.
    pub fn begin(&mut self, now: u64) {
        self.now = now;
        self.bytes.clear();
    }

    /// Returns the packet of the moment; empty where there was none.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the truth about everything that passed.
    pub const fn truth(&self) -> &Truth {
        &self.truth
    }

    /// Returns the truth, for a conversation to count what only it knows.
    pub const fn truth_mut(&mut self) -> &mut Truth {
        &mut self.truth
    }

    /// Hands over the truth.
    pub fn into_truth(self) -> Truth {
        self.truth
    }

    /// Counts what a packet means above its transport.
    pub fn note(&mut self, note: &Note) {
        self.truth.note(note);
    }

    /// Tells whether a pair of ports that several conversations use is seen for the first time.
    pub(crate) fn is_new_pair(&mut self, path: &Path) -> bool {
        self.shared.insert([path.client, path.server].map(|end| (end.ip, end.port)))
    }

    /// Sends a segment of TCP; `fill` appends its payload of `len` bytes.
    pub fn tcp(
        &mut self,
        label: Label,
        path: &Path,
        way: Way,
        header: &tcp::Header,
        len: usize,
        fill: impl FnOnce(&mut Vec<u8>),
    ) {
        let (src, dst) = path.ends(way);
        let below = self.header(ip::protocol::TCP);
        ip::header(&mut self.bytes, src, dst, path.tags, below, header.len() + len);
        tcp::segment(&mut self.bytes, src, dst, header, fill);
        let counts = &mut self.truth.tcp;
        counts.packets += 1;
        counts.data_segments += u64::from(len > 0);
        for (flag, count) in [
            (tcp::flags::SYN, &mut counts.syn),
            (tcp::flags::FIN, &mut counts.fin),
            (tcp::flags::RST, &mut counts.rst),
        ] {
            *count += u64::from(header.flags & flag != 0);
        }
        self.passed(if len == 0 { label.bare_tcp() } else { label }, path);
    }

    /// Sends a datagram of UDP.
    pub fn udp(&mut self, label: Label, path: &Path, way: Way, payload: &[u8]) {
        let (src, dst) = path.ends(way);
        let below = self.header(ip::protocol::UDP);
        ip::header(&mut self.bytes, src, dst, path.tags, below, 8 + payload.len());
        ip::udp(&mut self.bytes, src, dst, payload);
        self.truth.udp.packets += 1;
        self.truth.udp.datagrams += 1;
        self.passed(label, path);
    }

    /// Sends the fragment of a datagram of UDP over IPv4 that begins at `offset` of its `size` byte parts.
    ///
    /// `offset` and `size` count bytes of the payload of IP, UDP's header included, and are multiples of 8. All
    /// fragments of a datagram have the same `identification`.
    pub fn udp_fragment(
        &mut self,
        label: Label,
        path: &Path,
        way: Way,
        payload: &[u8],
        identification: u16,
        (offset, size): (usize, usize),
    ) {
        let (src, dst) = path.ends(way);
        self.datagram.clear();
        ip::udp(&mut self.datagram, src, dst, payload);
        let rest = self.datagram.get(offset..).unwrap_or_default();
        let part = rest.get(..size).unwrap_or(rest);
        let fragment = ip::Fragment { offset, more: part.len() < rest.len() };
        let below = ip::Header {
            protocol: ip::protocol::UDP,
            identification,
            fragment: Some(fragment),
            ..ip::Header::default()
        };
        ip::header(&mut self.bytes, src, dst, path.tags, below, part.len());
        self.bytes.extend(part);
        self.truth.udp.packets += 1;
        self.truth.udp.datagrams += u64::from(!fragment.more);
        self.passed(label, path);
    }

    /// Sends a message of ICMP or ICMPv6, by the family of the addresses; its checksum is put in.
    pub fn icmp(&mut self, class: &'static str, path: &Path, way: Way, message: &[u8]) {
        let (protocol, name) = if path.client.ip.is_ipv4() {
            (ip::protocol::ICMP, "ICMP")
        } else {
            (ip::protocol::ICMPV6, "ICMPv6")
        };
        let below = self.header(protocol);
        self.message(below, path, way, message);
        self.truth.icmp.messages += 1;
        self.passed(Label::plain(class, name), path);
    }

    /// Sends a message of IGMP from the client to the server, a group; its checksum is put in.
    pub fn igmp(&mut self, class: &'static str, path: &Path, message: &[u8]) {
        let below = ip::Header { router_alert: true, ..self.header(ip::protocol::IGMP) };
        self.message(below, path, Way::Up, message);
        self.truth.igmp_messages += 1;
        self.passed(Label::plain(class, "IGMP"), path);
    }

    /// Sends a packet of ARP from `sender`, who asks for or answers `target`.
    pub fn arp(
        &mut self,
        class: &'static str,
        operation: ArpOperation,
        sender: Ipv4Addr,
        target: Ipv4Addr,
        tags: Tags,
    ) {
        frame::arp(&mut self.bytes, operation, sender, target, tags);
        match operation {
            ArpOperation::Request => self.truth.arp.requests += 1,
            ArpOperation::Reply => self.truth.arp.replies += 1,
        }
        self.count(Label::plain(class, "ARP"), tags);
    }

    fn message(&mut self, below: ip::Header, path: &Path, way: Way, message: &[u8]) {
        let (src, dst) = path.ends(way);
        ip::header(&mut self.bytes, src, dst, path.tags, below, message.len());
        ip::message(&mut self.bytes, src, dst, below.protocol, message);
    }

    fn header(&mut self, protocol: u8) -> ip::Header {
        self.identification = self.identification.wrapping_add(1);
        ip::Header { protocol, identification: self.identification, ..ip::Header::default() }
    }

    /// Counts a packet of IP, once it is whole.
    fn passed(&mut self, label: Label, path: &Path) {
        self.count(label, path.tags);
        let len = self.bytes.len();
        if path.client.ip.is_ipv4() && path.server.ip.is_ipv4() {
            self.truth.ipv4.add(len);
        } else {
            self.truth.ipv6.add(len);
        }
    }

    fn count(&mut self, label: Label, tags: Tags) {
        frame::pad(&mut self.bytes);
        let (len, truth) = (self.bytes.len(), &mut self.truth);
        truth.total.add(len);
        truth.first_nanos.get_or_insert(self.now);
        truth.last_nanos = Some(self.now);
        truth.vlan_packets += u64::from(tags != Tags::None);
        truth.classes.entry(label.class).or_default().add(len);
        truth.protocols.entry(label.protocol).or_default().add(len);
        if label.encrypted {
            truth.encrypted.add(len);
        }
    }
}
