//! Numbers that carry their unit: time stamps, sequence numbers, volumes, rates, tables by enumeration; and which letters show.

#![forbid(unsafe_code)]

mod letters;
mod per;
pub mod quantity;
mod seq;
mod time;
mod volume;

pub use letters::is_hidden;
pub use per::{Per, PerKey};
pub use seq::SeqNumber;
pub use time::{NANOS_PER_SECOND, Timestamp};
pub use volume::{BitsPerSecond, PacketsPerSecond, Ratio, Volume};
