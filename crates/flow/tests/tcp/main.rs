//! TCP's analysis on whole packets: tables of segments, and what each is found to be.
//!
//! The verdicts of the examples are tshark's (4.0.17) for the same segments.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's own tables are sound"
)]

mod borders;
mod examples;
mod odd;
mod sums;
mod trace;
