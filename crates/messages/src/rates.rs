use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Holds the rates of each direction and of all packets together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Throughput {
    /// The rates of packets from elsewhere to a local address.
    pub inbound: Rates,
    /// The rates of packets from a local address to elsewhere.
    pub outbound: Rates,
    /// The rates of packets between local addresses.
    pub internal: Rates,
    /// The rates of packets between addresses that are not local.
    pub transit: Rates,
    /// The rates of all packets but the inbound ones, for who tells apart only two ways: outbound, internal and transit.
    pub outward: Rates,
    /// The rates of all packets.
    pub total: Rates,
}

/// Holds the rates of one direction: latest window, peak and average.
///
/// The latest value is over the last second of packet time, the peak is the largest closed second, the
/// average is over the elapsed time with silence included. `None` where no second has closed yet or no time elapsed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Rates {
    /// Bits on the wire per second over the last second.
    pub throughput_bps: Option<f64>,
    /// Bits on the wire in the busiest second.
    pub throughput_bps_peak: Option<f64>,
    /// Bits on the wire per second over the elapsed time.
    pub throughput_bps_average: Option<f64>,
    /// Application payload bits per second over the last second, each byte once.
    pub goodput_bps: Option<f64>,
    /// Application payload bits in the best second.
    pub goodput_bps_peak: Option<f64>,
    /// Application payload bits per second over the elapsed time.
    pub goodput_bps_average: Option<f64>,
    /// Packets per second over the last second.
    pub packets_per_second: Option<f64>,
    /// Packets in the busiest second.
    pub packets_per_second_peak: Option<f64>,
    /// Packets per second over the elapsed time.
    pub packets_per_second_average: Option<f64>,
}

/// Holds volume and rates of one protocol, its carried protocols included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ProtocolRates {
    /// Counts the packets.
    pub packets: u64,
    /// Sums the wire lengths, in bytes.
    pub bytes: u64,
    /// Packets per second over the last second.
    pub packets_per_second: Option<f64>,
    /// Packets in the busiest second.
    pub packets_per_second_peak: Option<f64>,
    /// Packets per second over the elapsed time.
    pub packets_per_second_average: Option<f64>,
    /// Inbound bits on the wire per second over the last second.
    pub inbound_throughput_bps: Option<f64>,
    /// Inbound bits on the wire in the busiest second.
    pub inbound_throughput_bps_peak: Option<f64>,
    /// Inbound bits on the wire per second over the elapsed time.
    pub inbound_throughput_bps_average: Option<f64>,
    /// Outbound bits on the wire per second over the last second.
    pub outbound_throughput_bps: Option<f64>,
    /// Outbound bits on the wire in the busiest second.
    pub outbound_throughput_bps_peak: Option<f64>,
    /// Outbound bits on the wire per second over the elapsed time.
    pub outbound_throughput_bps_average: Option<f64>,
    /// Bits on the wire per second over the last second, all but the inbound ones.
    pub outward_throughput_bps: Option<f64>,
    /// Bits on the wire in the busiest second, all but the inbound ones.
    pub outward_throughput_bps_peak: Option<f64>,
    /// Bits on the wire per second over the elapsed time, all but the inbound ones.
    pub outward_throughput_bps_average: Option<f64>,
}
