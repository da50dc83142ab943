//! What people read: rates, peaks, averages, shares.

use std::time::Duration;

use netsonde_flow::{Direction, FlowCounters, TcpEvent};
use netsonde_units::{BitsPerSecond, PacketsPerSecond, Per, Ratio, Volume};

use crate::calculator::{Class, Protocol};
use crate::{
    Distribution, Kind, Oddities, Overall, Peaks, Percentiles, Quality, RtpSums, Sums, Tally, TimeSpan,
    Traffic,
};

/// The window of a rate.
const WINDOW: Duration = Duration::from_secs(1);

/// A rate over the last second, its largest second and its average over the whole time. None where nothing was
/// measured yet.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate<T> {
    /// Over the last second.
    pub now: Option<T>,
    /// Largest closed second.
    pub peak: Option<T>,
    /// Over all elapsed time, silence included.
    pub average: Option<T>,
}

/// The rates of one direction, or of all together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DirectionRates {
    /// Bits on the wire.
    pub throughput: Rate<BitsPerSecond>,
    /// Application bits, each once.
    pub goodput: Rate<BitsPerSecond>,
    /// Packets.
    pub packets: Rate<PacketsPerSecond>,
}

/// The rates of one protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ProtocolRates {
    /// Its packets and bytes, inclusive, with those that came before it was recognised; its rates are as judged when
    /// each packet came.
    pub volume: Volume,
    /// Packets in any direction.
    pub packets: Rate<PacketsPerSecond>,
    /// Bits on the wire, inbound.
    pub inbound: Rate<BitsPerSecond>,
    /// Bits on the wire, outbound.
    pub outbound: Rate<BitsPerSecond>,
    /// Bits on the wire that are not inbound.
    pub outward: Rate<BitsPerSecond>,
}

/// A delay over the session.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Delay {
    /// Samples.
    pub samples: u64,
    /// None without a sample.
    pub percentiles: Option<Percentiles>,
}

/// A delay as it stands, in nanoseconds. None where there was no sample.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// Mean of the window.
    pub now: Option<f64>,
    /// Mean of the worst closed second.
    pub peak: Option<f64>,
    /// Mean of the session.
    pub average: Option<f64>,
    /// Percentiles of the window's samples.
    pub percentiles: Option<Percentiles>,
}

/// A share of losses as it stands. None where nothing was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Losses {
    /// Of the window.
    pub now: Option<Ratio>,
    /// Of the worst closed second with enough segments to tell.
    pub peak: Option<Ratio>,
    /// Of the session.
    pub average: Option<Ratio>,
}

/// How well TCP does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TcpQuality {
    /// Segments by what they were judged to be.
    pub events: Per<TcpEvent, u64, { TcpEvent::COUNT }>,
    /// Segments with payload.
    pub data_segments: u64,
    /// Segments sent again, SYN and FIN too, except those that had arrived.
    pub resent: u64,
    /// Round trips, whoever acknowledged.
    pub rtt: Delay,
    /// Those that the side that is not local acknowledged.
    pub rtt_far: Delay,
    /// Those that the local side acknowledged.
    pub rtt_near: Delay,
    /// From SYN to the end of the handshake.
    pub handshake: Delay,
    /// From the last byte of a request to the first byte of its answer.
    pub response: Delay,
    /// Round trips left out because their segment was seen more than once.
    pub ambiguous: u64,
    /// Round trips left out because the capture's clock went back meanwhile.
    pub backwards: u64,
    /// The weighted mean of the connections' round trips; percentiles of the round trips.
    pub latency: Standing,
    /// Data segments sent again in data segments.
    pub loss: Losses,
}

/// How the streams of RTP do.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RtpQuality {
    /// What their packets add up to.
    pub sums: RtpSums,
    /// Their jitter after each packet.
    pub jitter: Measured,
    /// Packets that are missing in those expected.
    pub loss: Losses,
    /// From here to who receives a stream and back, by RTCP.
    pub round_trip: Delay,
}

/// A delay over the session and as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// Over the session.
    pub all: Delay,
    /// As it stands.
    pub standing: Standing,
}

/// The numbers of a session at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// When was measured.
    pub span: TimeSpan,
    /// All traffic.
    pub total: Traffic,
    /// Traffic by direction.
    pub traffic: Per<Direction, Traffic, { Direction::COUNT }>,
    /// Rates of all traffic.
    pub total_rates: DirectionRates,
    /// Rates of all traffic that is not inbound.
    pub outward_rates: DirectionRates,
    /// Rates by direction.
    pub rates: Per<Direction, DirectionRates, { Direction::COUNT }>,
    /// Rates by protocol, inclusive.
    pub kinds: Per<Kind, ProtocolRates, { Kind::COUNT }>,
    /// The eight classes; they sum to the total.
    pub classes: Per<Class, Volume, { Class::COUNT }>,
    /// Protocols that occur, largest first; they sum to the total.
    pub protocols: Vec<(Protocol, Volume)>,
    /// Packets whose outermost network header is IPv4.
    pub ipv4: Volume,
    /// Packets whose outermost network header is IPv6.
    pub ipv6: Volume,
    /// Packets of encrypted conversations.
    pub encrypted: Volume,
    /// How well TCP does.
    pub tcp: TcpQuality,
    /// From DNS query to answer.
    pub dns: Delay,
    /// The same as it stands.
    pub dns_latency: Standing,
    /// From echo request to reply.
    pub echo: Delay,
    /// How the streams of RTP do.
    pub rtp: RtpQuality,
    /// From the first Initial of QUIC's client to the server's first packet.
    pub quic: Measured,
    /// Round trips by QUIC's spin bit.
    pub spin: Measured,
    /// From a client's hello of TLS to the end of the handshake.
    pub tls: Measured,
    /// What the flow tables counted.
    pub flows: FlowCounters,
    /// Records in the flow tables.
    pub records: u64,
    /// Those of them that are open: their conversations spoke within their time-outs.
    pub open: u64,
    /// What was odd.
    pub odd: Oddities,
}

impl Snapshot {
    /// Makes the numbers from what all workers have accumulated.
    pub fn new(tally: &Tally, peaks: &Peaks) -> Self {
        let measure = Measure { tally, peaks, elapsed: tally.span.elapsed };
        let mut rates = Per::<Direction, DirectionRates, { Direction::COUNT }>::default();
        for direction in Direction::ALL {
            let window = tally.window.as_ref().map(|window| window.traffic[direction]);
            let all = &tally.judged.traffic[direction];
            rates[direction] = measure.direction(all, window, &peaks.directions[direction]);
        }
        let mut kinds = Per::<Kind, ProtocolRates, { Kind::COUNT }>::default();
        for kind in Kind::ALL {
            kinds[kind] = measure.kind(kind);
        }
        let protocols = protocols(tally);
        let mut classes = Per::<Class, Volume, { Class::COUNT }>::default();
        for (protocol, volume) in &protocols {
            classes[protocol.class()] += *volume;
        }
        let total = tally.judged.total();
        Self {
            span: tally.span,
            total,
            traffic: tally.judged.traffic,
            total_rates: measure.direction(&total, tally.window.as_ref().map(Sums::total), &peaks.total),
            outward_rates: measure.direction(
                &tally.judged.outward(),
                tally.window.as_ref().map(Sums::outward),
                &peaks.outward,
            ),
            rates,
            kinds,
            classes,
            protocols,
            ipv4: tally.judged.kind(Kind::Ipv4),
            ipv6: tally.judged.kind(Kind::Ipv6),
            encrypted: tally.encrypted(),
            tcp: TcpQuality::new(tally, peaks),
            dns: delay(&tally.quality.dns),
            dns_latency: standing(tally, peaks.quality.dns, |quality| &quality.dns),
            echo: delay(&tally.overall.echo),
            rtp: RtpQuality::new(tally, peaks),
            quic: measured(tally, peaks.quality.quic, |quality| &quality.quic),
            spin: measured(tally, peaks.quality.spin, |quality| &quality.spin),
            tls: measured(tally, peaks.quality.tls, |quality| &quality.tls),
            flows: tally.flows,
            records: tally.records,
            open: tally.open,
            odd: tally.odd,
        }
    }

    /// Returns the packets whose outermost network header is neither IPv4 nor IPv6.
    pub fn other_network(&self) -> Volume {
        self.total.volume - self.ipv4 - self.ipv6
    }

    /// Returns the packets of conversations not known to be encrypted.
    pub fn unencrypted(&self) -> Volume {
        self.total.volume - self.encrypted
    }

    /// Returns IPv4's part of IPv4 and IPv6 packets.
    pub fn ipv4_ratio(&self) -> Option<Ratio> {
        Ratio::of(self.ipv4.packets, self.ipv4.packets + self.ipv6.packets)
    }

    /// Returns IPv6's part of IPv4 and IPv6 packets.
    pub fn ipv6_ratio(&self) -> Option<Ratio> {
        Ratio::of(self.ipv6.packets, self.ipv4.packets + self.ipv6.packets)
    }

    /// Returns the encrypted part of all packets.
    pub fn encrypted_ratio(&self) -> Option<Ratio> {
        Ratio::of(self.encrypted.packets, self.total.volume.packets)
    }
}

impl TcpQuality {
    fn new(tally: &Tally, peaks: &Peaks) -> Self {
        let Tally { quality, overall, recent, .. } = tally;
        let Overall { near, halves, handshake, response, ambiguous, backwards, .. } = overall;
        let Quality { events, data_segments, resent, latency, far, .. } = quality;
        let mut all = far.clone();
        all.merge(halves);
        all.merge(near);
        Self {
            events: *events,
            data_segments: *data_segments,
            resent: *resent,
            rtt: delay(&all),
            rtt_far: delay(far),
            rtt_near: delay(near),
            handshake: delay(handshake),
            response: delay(response),
            ambiguous: *ambiguous,
            backwards: *backwards,
            latency: Standing {
                now: recent.latency.mean(),
                peak: peaks.quality.latency,
                average: latency.mean(),
                percentiles: recent.round_trips(!far.is_empty()).percentiles(),
            },
            loss: Losses { now: recent.loss(), peak: peaks.quality.loss, average: quality.loss() },
        }
    }
}

impl RtpQuality {
    fn new(tally: &Tally, peaks: &Peaks) -> Self {
        let Tally { quality, overall, recent, .. } = tally;
        let sums = quality.rtp;
        Self {
            sums,
            jitter: measured(tally, peaks.quality.jitter, |quality| &quality.jitter),
            loss: Losses { now: recent.rtp.loss(), peak: peaks.quality.rtp_loss, average: sums.loss() },
            round_trip: delay(&overall.rtcp),
        }
    }
}

fn measured(tally: &Tally, peak: Option<f64>, part: fn(&Quality) -> &Distribution) -> Measured {
    Measured { all: delay(part(&tally.quality)), standing: standing(tally, peak, part) }
}

fn standing(tally: &Tally, peak: Option<f64>, part: fn(&Quality) -> &Distribution) -> Standing {
    let recent = part(&tally.recent);
    Standing {
        now: recent.mean(),
        peak,
        average: part(&tally.quality).mean(),
        percentiles: recent.percentiles(),
    }
}

fn delay(distribution: &Distribution) -> Delay {
    Delay { samples: distribution.count(), percentiles: distribution.percentiles() }
}

/// The protocols that occur, most bytes first, then by name's order.
fn protocols(tally: &Tally) -> Vec<(Protocol, Volume)> {
    let mut protocols: Vec<_> = Protocol::ALL
        .iter()
        .map(|&protocol| (protocol, tally.protocol(protocol)))
        .filter(|(_, volume)| !volume.is_zero())
        .collect();
    protocols.sort_by_key(|&(protocol, volume)| (std::cmp::Reverse(volume.bytes), protocol));
    protocols
}

/// What rates are made from.
struct Measure<'a> {
    tally: &'a Tally,
    peaks: &'a Peaks,
    elapsed: Duration,
}

impl Measure<'_> {
    fn direction(&self, all: &Traffic, window: Option<Traffic>, peak: &Traffic) -> DirectionRates {
        let now = |count: fn(&Traffic) -> u64| window.as_ref().map(count);
        DirectionRates {
            throughput: self.bits(all.volume.bytes, now(|it| it.volume.bytes), peak.volume.bytes),
            goodput: self.bits(all.goodput_bytes, now(|it| it.goodput_bytes), peak.goodput_bytes),
            packets: self.packets(all.volume.packets, now(|it| it.volume.packets), peak.volume.packets),
        }
    }

    fn kind(&self, kind: Kind) -> ProtocolRates {
        let (judged, window) = (&self.tally.judged, self.tally.window.as_ref());
        let peak = &self.peaks.kinds[kind];
        let bits = |direction: Direction, peak| {
            let now = window.map(|window| window.kinds[kind][direction].bytes);
            self.bits(judged.kinds[kind][direction].bytes, now, peak)
        };
        let now = window.map(|window| window.kind(kind).packets);
        ProtocolRates {
            volume: self.tally.kind(kind),
            packets: self.packets(judged.kind(kind).packets, now, peak.packets),
            inbound: bits(Direction::Inbound, peak.inbound_bytes),
            outbound: bits(Direction::Outbound, peak.outbound_bytes),
            outward: self.bits(
                judged.outward_kind(kind).bytes,
                window.map(|window| window.outward_kind(kind).bytes),
                peak.outward_bytes,
            ),
        }
    }

    fn bits(&self, all: u64, window: Option<u64>, peak: u64) -> Rate<BitsPerSecond> {
        Rate {
            now: window.and_then(|window| BitsPerSecond::of(window, WINDOW)),
            peak: self.has_peak().then(|| BitsPerSecond::of(peak, WINDOW)).flatten(),
            average: BitsPerSecond::of(all, self.elapsed),
        }
    }

    fn packets(&self, all: u64, window: Option<u64>, peak: u64) -> Rate<PacketsPerSecond> {
        Rate {
            now: window.and_then(|window| PacketsPerSecond::of(window, WINDOW)),
            peak: self.has_peak().then(|| PacketsPerSecond::of(peak, WINDOW)).flatten(),
            average: PacketsPerSecond::of(all, self.elapsed),
        }
    }

    const fn has_peak(&self) -> bool {
        self.peaks.seconds > 0
    }
}
