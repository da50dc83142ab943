//! Numbers that carry their unit: time stamps, sequence numbers, volumes, rates, tables by enumeration.

#![forbid(unsafe_code)]

mod per;
pub mod quantity;
mod seq;
mod time;
mod volume;

pub use per::{Per, PerKey};
pub use seq::SeqNumber;
pub use time::{NANOS_PER_SECOND, Timestamp};
pub use volume::{BitsPerSecond, PacketsPerSecond, Ratio, Volume};
