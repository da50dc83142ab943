//! The largest second of everything.

use netsonde_flow::Direction;
use netsonde_units::Per;

use crate::{Kind, Second, Sums, Traffic};

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

/// Peaks over closed seconds. A peak of a sum is not the largest of peaks, so seconds of all workers are merged
/// before they come here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Peaks {
    pub(crate) seconds: u64,
    pub(crate) directions: Per<Direction, Peak, { Direction::COUNT }>,
    pub(crate) total: Peak,
    /// Of everything but what is inbound.
    pub(crate) outward: Peak,
    pub(crate) kinds: Per<Kind, KindPeak, { Kind::COUNT }>,
}

impl Peaks {
    /// Takes in one closed second, merged from all workers.
    pub fn observe(&mut self, second: &Second) {
        self.seconds += 1;
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
