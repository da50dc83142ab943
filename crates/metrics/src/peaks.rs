//! The largest second of everything.

use netsonde_flow::Direction;
use netsonde_units::{Per, Ratio};

use crate::{Kind, Quality, Second, Sums, Traffic};

/// Largest second of some traffic: packets, bytes and application bytes each for themselves.
pub(crate) type Peak = Traffic;

/// Largest second of a protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct KindPeak {
    pub(crate) packets: u64,
    pub(crate) inbound_bytes: u64,
    pub(crate) outbound_bytes: u64,
    pub(crate) outward_bytes: u64,
}

/// So many data segments make a second's loss a share that says something.
const ENOUGH_SEGMENTS: u64 = 20;

/// Worst second of how well the network does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct QualityPeaks {
    /// Mean latency, in nanoseconds.
    pub(crate) latency: Option<f64>,
    /// Of seconds with [`ENOUGH_SEGMENTS`].
    pub(crate) loss: Option<Ratio>,
    /// Mean time from DNS query to answer, in nanoseconds.
    pub(crate) dns: Option<f64>,
    /// Mean jitter of RTP, in nanoseconds.
    pub(crate) jitter: Option<f64>,
    /// Of seconds with [`ENOUGH_SEGMENTS`] packets of RTP.
    pub(crate) rtp_loss: Option<Ratio>,
    /// Mean time from the client's Initial to the server's, in nanoseconds.
    pub(crate) quic: Option<f64>,
    /// Mean round trip by QUIC's spin bit, in nanoseconds.
    pub(crate) spin: Option<f64>,
    /// Mean time of a handshake of TLS, in nanoseconds.
    pub(crate) tls: Option<f64>,
}

impl QualityPeaks {
    fn observe(&mut self, quality: &Quality) {
        raise_to(&mut self.latency, quality.latency.mean());
        raise_to(&mut self.dns, quality.dns.mean());
        raise_to(&mut self.jitter, quality.jitter.mean());
        raise_to(&mut self.quic, quality.quic.mean());
        raise_to(&mut self.spin, quality.spin.mean());
        raise_to(&mut self.tls, quality.tls.mean());
        if quality.rtp.expected >= ENOUGH_SEGMENTS {
            raise_to(&mut self.rtp_loss, quality.rtp.loss());
        }
        if quality.data_segments >= ENOUGH_SEGMENTS {
            raise_to(&mut self.loss, quality.loss());
        }
    }
}

/// Peaks over closed seconds. A peak of a sum is not the largest of peaks, so seconds of all workers are merged
/// before they come here.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Peaks {
    pub(crate) seconds: u64,
    pub(crate) directions: Per<Direction, Peak, { Direction::COUNT }>,
    pub(crate) total: Peak,
    /// Of everything but what is inbound.
    pub(crate) outward: Peak,
    pub(crate) kinds: Per<Kind, KindPeak, { Kind::COUNT }>,
    pub(crate) quality: QualityPeaks,
    has_far: bool,
}

impl Peaks {
    /// Tells whether any second had a round trip to a far side.
    pub const fn has_far(&self) -> bool {
        self.has_far
    }

    /// Takes in one closed second, merged from all workers.
    pub fn observe(&mut self, second: &Second) {
        self.seconds += 1;
        self.has_far |= !second.quality.far.is_empty();
        self.quality.observe(&second.quality);
        let Sums { traffic, kinds, .. } = &second.sums;
        self.directions.zip_with(traffic, raise);
        raise(&mut self.total, &second.sums.total());
        raise(&mut self.outward, &second.sums.outward());
        for kind in Kind::ALL {
            let peak = &mut self.kinds[kind];
            peak.packets = peak.packets.max(second.sums.kind(kind).packets);
            peak.inbound_bytes = peak.inbound_bytes.max(kinds[kind][Direction::Inbound].bytes);
            peak.outbound_bytes = peak.outbound_bytes.max(kinds[kind][Direction::Outbound].bytes);
            peak.outward_bytes = peak.outward_bytes.max(second.sums.outward_kind(kind).bytes);
        }
    }
}

fn raise(peak: &mut Peak, second: &Traffic) {
    peak.volume.packets = peak.volume.packets.max(second.volume.packets);
    peak.volume.bytes = peak.volume.bytes.max(second.volume.bytes);
    peak.goodput_bytes = peak.goodput_bytes.max(second.goodput_bytes);
}

fn raise_to<T: PartialOrd>(peak: &mut Option<T>, second: Option<T>) {
    // Nothing is below something.
    if second > *peak {
        *peak = second;
    }
}
