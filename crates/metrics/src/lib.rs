//! From packets to numbers: dissects, tracks, counts.
//!
//! Sans-IO and without a clock: [`MetricsCalculator::push`] takes packets, [`MetricsCalculator::tick`] ends a tick
//! and hands over closed seconds, touched rows and facts, [`MetricsCalculator::learn`] takes facts in. A [`Tally`]
//! is what accumulates and merges; a [`Snapshot`] is what people read, made from the merged tally by one pure
//! function.

#![forbid(unsafe_code)]

mod calculator;
mod clock;
mod distribution;
pub mod mos;
mod peaks;
mod quality;
mod quarters;
mod snapshot;
mod sums;
mod tally;

pub use calculator::{MetricsCalculator, Tick, Verdict};
pub use clock::TimeSpan;
pub use distribution::{Distribution, Percentiles};
pub use peaks::Peaks;
pub use quality::{Overall, Quality, RtpSums, WeightedLatency};
pub use quarters::Second;
pub use snapshot::{
    Delay, DirectionRates, Losses, Measured, ProtocolRates, Rate, RtpQuality, Snapshot, Standing, TcpQuality,
};
pub use sums::{ByDirection, Kind, Sums, Traffic};
pub use tally::{Oddities, Tally};
