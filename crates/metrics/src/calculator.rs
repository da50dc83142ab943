//! The engine of one worker.

use std::net::IpAddr;
use std::sync::Arc;

/// The vocabulary that the rest of the room counts by; of packets themselves it knows nothing.
pub(crate) use netsonde_dissect::{Class, Layer, Protocol, Reason};
use netsonde_dissect::{EtherType, Frame, Malformed, Network, Packet, Transport};
use netsonde_flow::limits::Limits;
use netsonde_flow::{
    Aside, Conversation, Direction, DnsEvent, Fact, FlowEvent, FlowRow, FlowTable, LocalNetworks,
    Observation, StreamRow, TcpVerdict,
};
use netsonde_units::{Timestamp, Volume};

use crate::clock::{Arrival, Clock};
use crate::quarters::{Quarters, Second};
use crate::tally::{Moved, Oddities, Tally};
use crate::{Kind, Overall, Sums};

/// Frames longer than any Ethernet jumbo frame (9,216 bytes and tags) were joined by offload.
const LONGEST_FRAME: u32 = 9_234;

/// What one packet was found to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The protocol it counts as.
    pub protocol: Protocol,
    /// Which way it went.
    pub direction: Direction,
    /// Place of its conversation in the flow table; none for a frame that belongs to none.
    pub flow: Option<u32>,
    /// Whether it is this program's own traffic, which is left out of everything else.
    pub own: bool,
    /// What TCP's analysis says of it.
    pub tcp: TcpVerdict,
    /// What else it tells; of several messages in a segment the last one.
    pub event: Option<FlowEvent>,
}

/// Receives what a tick hands over.
pub trait Tick {
    /// Takes a closed second in which anything was counted; in order of time.
    fn second(&mut self, second: &Second);
    /// Takes the row of a conversation touched since the last tick; the last row of an ended one comes before the
    /// first row of the one that takes its place.
    fn row(&mut self, row: &FlowRow);
    /// Takes the row of a stream of RTP touched since the last tick, and the last row of one whose conversation has ended.
    fn stream(&mut self, row: &StreamRow<'_>);
    /// Takes a fact that every worker is to learn.
    fn fact(&mut self, fact: Fact);
}

/// Packets in, numbers out: dissects, tracks conversations, counts (design document: `metrics_calculator`).
#[derive(Debug)]
pub struct MetricsCalculator {
    clock: Clock,
    quarters: Quarters,
    overall: Overall,
    table: FlowTable,
    moved: Moved,
    odd: Oddities,
    own: Option<OwnService>,
    /// DNS messages of the latest packet before the one that its verdict tells.
    messages: Vec<DnsEvent>,
}

/// Where this program serves its dashboard.
#[derive(Debug)]
struct OwnService {
    port: u16,
    /// The addresses of this machine, beside its loopback ones.
    addresses: Vec<IpAddr>,
}

impl MetricsCalculator {
    /// Makes an engine that has seen nothing.
    pub fn new(limits: Limits, local: LocalNetworks) -> Self {
        Self {
            clock: Clock::default(),
            quarters: Quarters::new(),
            overall: Overall::default(),
            table: FlowTable::new(limits, local),
            moved: Moved::default(),
            odd: Oddities::default(),
            own: None,
            messages: Vec::new(),
        }
    }

    /// Leaves out this program's own traffic: TCP to or from `port` of this machine, whose addresses are `addresses`
    /// and the loopback ones. It is counted, and nothing else is made of it: each update of a dashboard that is watched
    /// would make the next one larger.
    pub fn leave_out(&mut self, port: u16, addresses: Vec<IpAddr>) {
        self.own = Some(OwnService { port, addresses });
    }

    /// Takes in one packet.
    #[inline]
    pub fn push(&mut self, packet: &Packet<'_>) -> Verdict {
        let frame = Frame::parse(packet);
        let conversation = self.table.conversation(&frame);
        self.settle(packet, &frame, conversation)
    }

    /// Takes in packets as [`Self::push`] does, faster where there are many conversations: the records of some
    /// packets ahead are fetched while others are counted. `each` is handed the packet, what it was found to be, and
    /// the DNS messages in it before the one that the verdict tells.
    #[inline]
    pub fn push_all(
        &mut self,
        packets: &[Packet<'_>],
        mut each: impl FnMut(&Packet<'_>, Verdict, &[DnsEvent]),
    ) {
        let mut frames = [Frame::default(); FlowTable::FETCHED];
        for batch in packets.chunks(FlowTable::FETCHED) {
            let mut conversations = [None; FlowTable::FETCHED];
            for ((packet, frame), conversation) in batch.iter().zip(&mut frames).zip(&mut conversations) {
                frame.read(packet);
                *conversation = self.table.conversation(frame);
            }
            self.table.fetch(&conversations);
            for ((packet, frame), conversation) in batch.iter().zip(&frames).zip(conversations) {
                let verdict = self.settle(packet, frame, conversation);
                each(packet, verdict, &self.messages);
            }
        }
    }

    /// Takes note that time has come to `now`: the source was idle, or another worker saw a packet.
    pub fn witness(&mut self, now: Timestamp) {
        let before = self.clock.now();
        if let Arrival::Leaps(now) = self.clock.witness(now) {
            self.leap(before, now);
        }
        self.quarters.advance(self.clock.now(), self.clock.stretch());
    }

    /// Returns the engine's time: the latest moment of the present stretch.
    pub const fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Tells whether so much waits to be handed over that [`Self::relieve`] is due.
    #[inline]
    pub const fn wants_relief(&self) -> bool {
        self.quarters.wants_relief() || self.table.wants_relief()
    }

    /// Hands over what must not wait for long: closed seconds, last rows of ended conversations, facts.
    pub fn relieve(&mut self, tick: &mut impl Tick) {
        self.quarters.hand_over(|second| tick.second(second));
        let facts = self.table.relieve(self.clock.now(), |row| tick.row(row));
        for fact in facts {
            tick.fact(fact);
        }
        self.table.ended_streams(|row| tick.stream(row));
    }

    /// Ends a tick: hands over closed seconds, facts, and the rows of all conversations and streams touched since the last
    /// one.
    pub fn tick(&mut self, tick: &mut impl Tick) {
        self.relieve(tick);
        self.table.tick(|row| tick.row(row));
        self.table.streams(|row| tick.stream(row));
    }

    /// Ends the last tick as [`Self::tick`] does, and gives back the memory of the conversations whose rows are handed
    /// over. A packet after it may begin another conversation.
    pub fn conclude(&mut self, tick: &mut impl Tick) {
        self.relieve(tick);
        self.table.conclude(|row| tick.row(row));
        self.table.conclude_streams(|row| tick.stream(row));
    }

    /// Takes in a fact that some worker's conversation taught.
    pub fn learn(&mut self, fact: &Fact) {
        self.table.learn(fact);
    }

    /// Closes the open seconds at the end of a capture.
    pub fn finish(&mut self) {
        self.quarters.close_all(self.clock.stretch());
    }

    /// Returns the local networks.
    pub const fn local(&self) -> &Arc<LocalNetworks> {
        self.table.local()
    }

    /// Replaces the local networks; packets from here on are judged by them.
    pub fn set_local(&mut self, local: LocalNetworks) {
        self.table.set_local(local);
    }

    /// Returns everything accumulated so far.
    pub fn tally(&self) -> Tally {
        Tally {
            span: self.clock.span(),
            judged: self.quarters.total(),
            window: self.quarters.window(self.clock.now()),
            quality: self.quarters.quality_total(),
            overall: self.overall.clone(),
            recent: self.quarters.recent(),
            moved: self.moved,
            flows: self.table.counters(),
            records: self.table.len().into(),
            open: self.table.open().into(),
            odd: self.odd,
        }
    }

    /// Counts one packet.
    #[inline]
    fn settle(
        &mut self,
        packet: &Packet<'_>,
        frame: &Frame<'_>,
        conversation: Option<Conversation>,
    ) -> Verdict {
        self.messages.clear();
        let before = self.clock.now();
        let at = match self.clock.admit(packet.at) {
            Arrival::Flows(at) => at,
            Arrival::Leaps(at) => self.leap(before, at),
        };
        let now = self.clock.now();
        self.quarters.advance(now, self.clock.stretch());
        if self.own.as_ref().is_some_and(|own| Self::is_own(frame, own)) {
            self.odd.own += 1;
            return Verdict {
                protocol: Protocol::Tcp,
                direction: Direction::Internal,
                flow: None,
                own: true,
                tcp: TcpVerdict::default(),
                event: None,
            };
        }
        note_oddities(&mut self.odd, packet, frame);
        let seen = self.table.observe(frame, conversation, packet.wire_len, at, now);
        if self.table.has_asides() {
            self.note_asides(at);
        }
        if let Some(recognition) = &seen.recognition {
            self.moved.apply(recognition);
        }
        count(self.quarters.at(at), packet.wire_len, outermost(frame), &seen);
        self.overall.note(self.quarters.quality(at), &seen);
        self.quarters.newest_quality().note_latency(seen.latency);
        Verdict {
            protocol: seen.protocol,
            direction: seen.direction,
            flow: seen.slot,
            own: false,
            tcp: seen.tcp,
            event: seen.event,
        }
    }

    /// Takes note of what packets inside packets and further messages told. Not inlined: few frames have any.
    #[inline(never)]
    fn note_asides(&mut self, at: Timestamp) {
        for aside in self.table.take_asides() {
            match aside {
                Aside::Recognised(recognition) => self.moved.apply(&recognition),
                Aside::Stopped(Malformed { layer, reason, .. }) => self.odd.stopped[layer][reason] += 1,
                Aside::Dns(event) => {
                    self.quarters.quality(at).note_dns(event);
                    self.messages.push(event);
                }
            }
        }
    }

    /// Tells whether one end of a frame is this program. Not inlined: only live captures ask.
    #[inline(never)]
    fn is_own(frame: &Frame<'_>, own: &OwnService) -> bool {
        let &OwnService { port, ref addresses } = own;
        let Transport::Tcp(tcp) = &frame.transport else { return false };
        if tcp.source != port && tcp.destination != port {
            return false;
        }
        let (source, destination): (IpAddr, IpAddr) = match &frame.network {
            Network::Ipv4(ip) => (ip.source.into(), ip.destination.into()),
            Network::Ipv6(ip) => (ip.source.into(), ip.destination.into()),
            Network::None | Network::Arp(_) | Network::Other(_) => return false,
        };
        let is_ours = |address: IpAddr| address.is_loopback() || addresses.contains(&address);
        (tcp.source == port && is_ours(source)) || (tcp.destination == port && is_ours(destination))
    }

    /// Capture time has leapt: what was open closes, timers start anew.
    #[cold]
    fn leap(&mut self, ended: Timestamp, now: Timestamp) -> Timestamp {
        self.quarters.leap(now, self.clock.stretch().saturating_sub(1));
        self.table.leap(ended, now);
        now
    }
}

/// Takes note of what is odd about a packet.
#[inline]
fn note_oddities(odd: &mut Oddities, packet: &Packet<'_>, frame: &Frame<'_>) {
    if (packet.bytes.len() as u64) < u64::from(packet.wire_len) {
        odd.truncated += 1;
    }
    if packet.wire_len > LONGEST_FRAME {
        odd.super_packets += 1;
    }
    if let Some(Malformed { layer, reason, .. }) = frame.stopped {
        odd.stopped[layer][reason] += 1;
    }
}

/// Returns which IP a frame's outermost network header is, by its `EtherType` even where the header is broken.
#[inline]
const fn outermost(frame: &Frame<'_>) -> Option<Kind> {
    match (&frame.network, frame.link.ether_type) {
        (Network::Ipv4(_), _) | (Network::None, EtherType::IPV4) => Some(Kind::Ipv4),
        (Network::Ipv6(_), _) | (Network::None, EtherType::IPV6) => Some(Kind::Ipv6),
        (Network::None | Network::Arp(_) | Network::Other(_), _) => None,
    }
}

/// Adds one packet to the sums.
#[inline]
fn count(sums: &mut Sums, wire_len: u32, network: Option<Kind>, seen: &Observation) {
    let volume = Volume::packet(u64::from(wire_len));
    let direction = seen.direction;
    let traffic = &mut sums.traffic[direction];
    traffic.volume += volume;
    traffic.goodput_bytes += u64::from(seen.goodput_bytes);
    sums.protocols[seen.protocol] += volume;
    if seen.encrypted {
        sums.encrypted += volume;
    }
    let kinds = [network, Kind::of_transport(seen.transport), Kind::of_class(seen.protocol.class())];
    for kind in kinds.into_iter().flatten() {
        sums.kinds[kind][direction] += volume;
    }
}
