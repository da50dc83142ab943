//! NetPulse's protocol, spoken as its client speaks it.

mod client;
mod fields;
mod messages;
mod pins;
mod sessions;
mod slow;
pub(crate) mod traffic;
