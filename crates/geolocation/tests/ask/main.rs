//! Those who are asked, played on loopback: right, wrong, slow, in a hurry and not at all.
//!
//! Callers go by a clock that the tests move; what servers get is stamped by the same clock.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod hands;
mod ip_api;
#[path = "../support/mmdb.rs"]
#[expect(dead_code, clippy::panic, reason = "made for tests of databases, too")]
mod mmdb;
mod name_server;
mod reverse_dns;
mod web_server;
