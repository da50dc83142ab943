//! The truth beside a capture equals tshark's reading of it.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod calls;
mod demo;
mod mix;
mod tcp;
mod tshark;
