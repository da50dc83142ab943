//! What comes before the first packet: the doctor, completions, installing.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

mod completions;
#[cfg(target_os = "linux")]
mod doctor;
mod install;
#[path = "../support.rs"]
mod support;
