//! How well the network does: delays and losses, of a second and of all.

use netsonde_flow::{
    Direction, DnsEvent, DnsKind, EchoEvent, FlowEvent, LatencyChange, Observation, RtpEvent, RttSample,
    TcpEvent, TcpVerdict,
};
use netsonde_units::{Per, Ratio};

use crate::Distribution;
use crate::calculator::Protocol;

/// The weighted mean of the connections' latencies, as what it is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeightedLatency {
    /// Packets × mean round trip of their connection, in nanoseconds.
    nanos: i128,
    /// Packets of connections with a round trip.
    packets: i64,
}

impl WeightedLatency {
    /// Returns the mean in nanoseconds; none without a connection that had a round trip.
    pub fn mean(self) -> Option<f64> {
        (self.packets > 0 && self.nanos >= 0).then(|| self.nanos as f64 / self.packets as f64)
    }

    /// Tells whether a packet changed it.
    pub(crate) fn has_changed(self) -> bool {
        self != Self::default()
    }

    /// Returns the packets that the mean weighs: those of connections that had a round trip.
    pub fn packets(self) -> u64 {
        self.packets.try_into().unwrap_or(0)
    }

    /// Takes in what a packet changed.
    #[inline]
    fn change(&mut self, change: LatencyChange) {
        self.nanos += i128::from(change.weighted_nanos);
        self.packets += change.packets;
    }

    const fn add(&mut self, other: Self) {
        self.nanos += other.nanos;
        self.packets += other.packets;
    }
}

/// What is added up of a second, and of all seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// TCP segments by what they were judged to be; one may be several things.
    pub events: Per<TcpEvent, u64, { TcpEvent::COUNT }>,
    /// TCP segments with payload.
    pub data_segments: u64,
    /// TCP segments sent again, except those that had arrived (METRICS.md "Loss").
    pub resent: u64,
    /// Those of them that have payload.
    pub resent_data_segments: u64,
    /// The latency of TCP connections, each packet counting once.
    pub latency: WeightedLatency,
    /// Round trips to the side that is not local.
    pub far: Distribution,
    /// Round trips of both halves where both sides are local or neither is.
    pub between: Distribution,
    /// From DNS query to answer.
    pub dns: Distribution,
    /// The jitter of streams of RTP after each of their packets.
    pub jitter: Distribution,
    /// What the packets of those streams add up to.
    pub rtp: RtpSums,
    /// From the first Initial of QUIC's client to the server's first packet.
    pub quic: Distribution,
    /// Round trips by the spin bit of QUIC.
    pub spin: Distribution,
    /// From a client's hello of TLS to the end of the handshake.
    pub tls: Distribution,
}

/// What the packets of streams of RTP add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RtpSums {
    /// Packets that sequence numbers say were sent.
    pub expected: u64,
    /// Those of them that were seen, each once.
    pub received: u64,
    /// Packets seen again.
    pub duplicates: u64,
    /// Packets behind one with a later sequence number.
    pub out_of_order: u64,
}

impl RtpSums {
    /// Returns how many are missing; none where late ones make up for a time before.
    pub const fn lost(&self) -> u64 {
        self.expected.saturating_sub(self.received)
    }

    /// Returns the loss: packets that are missing in those expected; none without one.
    pub fn loss(&self) -> Option<Ratio> {
        Ratio::of(self.lost(), self.expected)
    }

    fn note(&mut self, event: &RtpEvent) {
        self.expected += u64::from(event.expected);
        self.received += u64::from(event.received);
        self.duplicates += u64::from(event.duplicates);
        self.out_of_order += u64::from(event.out_of_order);
    }

    const fn add(&mut self, other: &Self) {
        self.expected += other.expected;
        self.received += other.received;
        self.duplicates += other.duplicates;
        self.out_of_order += other.out_of_order;
    }
}

impl Quality {
    /// Adds another one.
    pub fn add(&mut self, other: &Self) {
        self.events.zip_with(&other.events, |mine, theirs| *mine += theirs);
        self.data_segments += other.data_segments;
        self.resent += other.resent;
        self.resent_data_segments += other.resent_data_segments;
        self.latency.add(other.latency);
        self.far.merge(&other.far);
        self.between.merge(&other.between);
        self.dns.merge(&other.dns);
        self.jitter.merge(&other.jitter);
        self.rtp.add(&other.rtp);
        self.quic.merge(&other.quic);
        self.spin.merge(&other.spin);
        self.tls.merge(&other.tls);
    }

    /// Forgets everything; the room of the distributions stays.
    pub(crate) fn clear(&mut self) {
        let Self { events, data_segments, resent, resent_data_segments, latency, far, between, dns, .. } =
            self;
        let Self { jitter, rtp, quic, spin, tls, .. } = self;
        (*data_segments, *resent, *resent_data_segments) = (0, 0, 0);
        (*events, *latency) = (Per::default(), WeightedLatency::default());
        *rtp = RtpSums::default();
        [far, between, dns, jitter, quic, spin, tls].into_iter().for_each(Distribution::clear);
    }

    /// Returns the loss: data segments sent again in data segments; none without one.
    pub fn loss(&self) -> Option<Ratio> {
        Ratio::of(self.resent_data_segments, self.data_segments)
    }

    /// Returns the round trips that percentiles are made of: those to the far side, or where the session has none, as
    /// on a mirror port, those between two sides.
    pub const fn round_trips(&self, has_far: bool) -> &Distribution {
        if has_far { &self.far } else { &self.between }
    }

    /// Takes in a DNS message.
    pub(crate) fn note_dns(&mut self, event: DnsEvent) {
        if let DnsEvent { kind: DnsKind::Dns, latency_nanos: Some(nanos), .. } = event {
            self.dns.observe(nanos);
        }
    }

    /// Takes in what a packet changes of the latency.
    #[inline]
    pub(crate) fn note_latency(&mut self, change: LatencyChange) {
        self.latency.change(change);
    }

    #[inline]
    fn segment(&mut self, verdict: &TcpVerdict, has_payload: bool) {
        self.data_segments += u64::from(has_payload);
        self.resent += u64::from(verdict.sent_again);
        self.resent_data_segments += u64::from(has_payload && verdict.sent_again);
        if !verdict.events.is_empty() {
            verdict.events.iter().for_each(|event| self.events[event] += 1);
        }
    }
}

/// What is added up of the whole session and of no second.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overall {
    /// Round trips to the local side: its delayed acknowledgements, which say nothing of the network.
    pub near: Distribution,
    /// Round trips to either side where both are local or neither is: one half of the way each.
    pub halves: Distribution,
    /// From SYN to the end of the handshake.
    pub handshake: Distribution,
    /// From the last byte of a request to the first byte of its answer.
    pub response: Distribution,
    /// From echo request to reply.
    pub echo: Distribution,
    /// From here to who receives a stream of RTP and back, by RTCP.
    pub rtcp: Distribution,
    /// Round trips left out because their segment was seen more than once (Karn).
    pub ambiguous: u64,
    /// Round trips left out because the capture's clock went back meanwhile.
    pub backwards: u64,
}

impl Overall {
    /// Adds another one.
    pub fn merge(&mut self, other: &Self) {
        self.near.merge(&other.near);
        self.halves.merge(&other.halves);
        self.handshake.merge(&other.handshake);
        self.response.merge(&other.response);
        self.echo.merge(&other.echo);
        self.rtcp.merge(&other.rtcp);
        self.ambiguous += other.ambiguous;
        self.backwards += other.backwards;
    }

    /// Takes in what a packet tells, in the second of its stamp or here.
    #[inline]
    pub(crate) fn note(&mut self, second: &mut Quality, seen: &Observation) {
        if seen.transport == Protocol::Tcp {
            second.segment(&seen.tcp, seen.has_tcp_payload);
            self.note_delays(second, seen);
        }
        match seen.event {
            Some(FlowEvent::Dns(event)) => second.note_dns(event),
            Some(FlowEvent::Echo(EchoEvent { rtt_nanos: Some(nanos), .. })) => self.echo.observe(nanos),
            Some(FlowEvent::Rtp(event)) => {
                second.rtp.note(&event);
                event.jitter_nanos.into_iter().for_each(|nanos| second.jitter.observe(nanos));
            }
            Some(FlowEvent::Rtcp(event)) => {
                event.round_trip_nanos.into_iter().for_each(|nanos| self.rtcp.observe(nanos));
            }
            Some(FlowEvent::Quic(event)) => {
                event.handshake_nanos.into_iter().for_each(|nanos| second.quic.observe(nanos));
                event.spin_nanos.into_iter().for_each(|nanos| second.spin.observe(nanos));
            }
            Some(FlowEvent::Tls(event)) => second.tls.observe(event.handshake_nanos),
            Some(FlowEvent::Echo(_) | FlowEvent::Group(_)) | None => {}
        }
    }

    /// An acknowledgement that comes in was sent by the far side, one that goes out by the near one.
    #[inline]
    fn note_delays(&mut self, second: &mut Quality, seen: &Observation) {
        let verdict = &seen.tcp;
        if let Some(nanos) = verdict.rtt.and_then(|sample| self.admit(sample)) {
            match seen.direction {
                Direction::Inbound => second.far.observe(nanos),
                Direction::Outbound => self.near.observe(nanos),
                Direction::Internal | Direction::Transit => {
                    self.halves.observe(nanos);
                    if let Some(nanos) = seen.latency.round_trip_nanos {
                        second.between.observe(nanos);
                    }
                }
            }
        }
        if let Some(handshake) = verdict.handshake {
            self.handshake.observe(handshake.nanos);
        }
        if let Some(nanos) = verdict.response_nanos {
            self.response.observe(nanos);
        }
    }

    /// Returns the round trip of a sample that is one, and counts one that is not.
    fn admit(&mut self, sample: RttSample) -> Option<u64> {
        if sample.ambiguous {
            self.ambiguous += 1;
            return None;
        }
        let nanos = u64::try_from(sample.nanos).ok();
        self.backwards += u64::from(nanos.is_none());
        nanos
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use netsonde_flow::{HandshakeRtt, TcpEvents};

    /// A TCP packet that says what `tcp` says; the other half of the way takes 1000 ns.
    fn segment(direction: Direction, tcp: TcpVerdict, has_tcp_payload: bool) -> Observation {
        Observation {
            slot: Some(0),
            direction,
            protocol: Protocol::Tcp,
            transport: Protocol::Tcp,
            has_tcp_payload,
            goodput_bytes: 0,
            encrypted: false,
            recognition: None,
            tcp,
            event: None,
            latency: LatencyChange {
                round_trip_nanos: tcp.rtt.and_then(|sample| u64::try_from(sample.nanos + 1_000).ok()),
                ..LatencyChange::default()
            },
        }
    }

    fn rtt(nanos: i64) -> TcpVerdict {
        TcpVerdict { rtt: Some(RttSample { nanos, ambiguous: false }), ..TcpVerdict::default() }
    }

    fn judged(event: TcpEvent, sent_again: bool) -> TcpVerdict {
        let mut events = TcpEvents::NONE;
        events.insert(event);
        TcpVerdict { events, sent_again, ..TcpVerdict::default() }
    }

    fn note(packets: &[(Direction, TcpVerdict, bool)]) -> (Overall, Quality) {
        let (mut overall, mut second) = (Overall::default(), Quality::default());
        for &(direction, verdict, has_payload) in packets {
            overall.note(&mut second, &segment(direction, verdict, has_payload));
        }
        (overall, second)
    }

    /// Fault 8 of the design's public implementation: it threw the round trips of both directions together.
    #[test]
    fn round_trips_are_told_apart_by_who_acknowledged() {
        let (overall, second) = note(&[
            (Direction::Inbound, rtt(60_000_000), false),
            (Direction::Outbound, rtt(40), false),
            (Direction::Transit, rtt(7), false),
            (Direction::Internal, rtt(9), false),
        ]);
        let counts = |it: &Quality| (it.far.count(), it.between.count());
        assert_eq!(counts(&second), (1, 2));
        assert_eq!((second.far.mean(), overall.near.mean()), (Some(60e6), Some(40.0)));
        // Between two ends each sample is a half, of 7 and of 9; with the other half they are 1007 and 1009.
        assert_eq!((overall.halves.mean(), second.between.mean()), (Some(8.0), Some(1_008.0)));
        // Percentiles are of the far side's, the others only where there are none.
        assert_eq!(second.round_trips(true), &second.far);
        assert_eq!(second.round_trips(false), &second.between);
    }

    #[test]
    fn samples_that_prove_nothing_are_counted_and_left_out() {
        let ambiguous = RttSample { nanos: 5, ambiguous: true };
        let unsure = TcpVerdict { rtt: Some(ambiguous), ..TcpVerdict::default() };
        let (overall, second) =
            note(&[(Direction::Inbound, unsure, false), (Direction::Inbound, rtt(-1), false)]);
        assert_eq!((overall.ambiguous, overall.backwards), (1, 1));
        assert!(second.far.is_empty());
    }

    /// Fault 9 of the design's public implementation: its loss was retransmissions of any kind in all packets, bare
    /// acknowledgements of both directions included.
    #[test]
    fn loss_is_what_was_sent_again_for_a_reason_in_data_segments() {
        let data = |verdict| (Direction::Inbound, verdict, true);
        let mut packets = vec![data(TcpVerdict::default()); 55];
        packets.extend([
            data(judged(TcpEvent::Retransmission, true)),
            data(judged(TcpEvent::FastRetransmission, true)),
            data(judged(TcpEvent::OutOfOrder, true)),
            data(judged(TcpEvent::OutOfOrder, false)),
            data(judged(TcpEvent::SpuriousRetransmission, false)),
        ]);
        packets.extend([(Direction::Outbound, TcpVerdict::default(), false); 60]);
        let (_, second) = note(&packets);
        // 3 of 60 data segments; the 60 acknowledgements, the spurious one and the overtaken one change nothing.
        assert_eq!((second.data_segments, second.resent), (60, 3));
        assert_eq!(second.events[TcpEvent::OutOfOrder], 2);
        assert_eq!(second.loss().map(Ratio::percentage), Some(5.0));
        assert_eq!(note(&[(Direction::Inbound, TcpVerdict::default(), false)]).1.loss(), None);
    }

    #[test]
    fn a_syn_sent_again_is_no_data_sent_again() {
        let again = judged(TcpEvent::Retransmission, true);
        let (_, second) = note(&[
            (Direction::Outbound, TcpVerdict::default(), false),
            (Direction::Outbound, again, false),
            (Direction::Outbound, again, false),
            (Direction::Outbound, TcpVerdict::default(), true),
            (Direction::Outbound, again, true),
        ]);
        // Two SYNs and a data segment again; of the two data segments one is a copy.
        assert_eq!((second.resent, second.resent_data_segments, second.data_segments), (3, 1, 2));
        assert_eq!(second.loss().map(Ratio::percentage), Some(50.0));
    }

    #[test]
    fn handshakes_answers_and_pings_have_distributions_of_their_own() {
        let handshake = HandshakeRtt { nanos: 30, server_nanos: Some(20), ambiguous: false };
        let tcp =
            TcpVerdict { handshake: Some(handshake), response_nanos: Some(90), ..TcpVerdict::default() };
        let (mut overall, mut second) = note(&[(Direction::Inbound, tcp, true)]);
        let ping = FlowEvent::Echo(EchoEvent { is_reply: true, rtt_nanos: Some(50) });
        let answer = |kind| DnsEvent { kind, id: 1, rcode: Some(0), latency_nanos: Some(70) };
        for event in [ping, FlowEvent::Dns(answer(DnsKind::Dns)), FlowEvent::Dns(answer(DnsKind::Mdns))] {
            let seen = Observation {
                transport: Protocol::Udp,
                event: Some(event),
                ..segment(Direction::Inbound, TcpVerdict::default(), false)
            };
            overall.note(&mut second, &seen);
        }
        let Overall { handshake, response, echo, .. } = &overall;
        let means = [handshake, response, echo, &second.dns].map(Distribution::mean);
        assert_eq!(means, [Some(30.0), Some(90.0), Some(50.0), Some(70.0)]);
        // Multicast DNS has no latency: many may answer.
        assert_eq!((second.dns.count(), second.data_segments), (1, 1));
    }

    #[test]
    fn latency_weighs_by_packets_and_merges() {
        let change =
            |weighted_nanos, packets| LatencyChange { weighted_nanos, packets, round_trip_nanos: None };
        let (mut one, mut other) = (WeightedLatency::default(), WeightedLatency::default());
        // 3 packets of 100 ns, of which a sample had been thought to be 250; 1 packet of 500.
        one.change(change(250, 1));
        one.change(change(50, 2));
        other.change(change(500, 1));
        assert_eq!((one.mean(), WeightedLatency::default().mean()), (Some(100.0), None));
        assert_eq!((one.packets(), WeightedLatency::default().packets()), (3, 0));
        one.add(other);
        assert_eq!(one.mean(), Some(200.0));
    }
}
