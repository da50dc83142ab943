//! Checks the shape of the workspace, so that what the documents claim stays true.
//!
//! Each check returns complaints: sentences that say where something is and what to change. The tests in
//! `tests/tidy.rs` run the checks on this workspace and fail with the complaints.

#![forbid(unsafe_code)]

pub mod conformance;
pub mod container;
pub mod faults;
pub mod fuzzing;
pub mod invariants;
pub mod licences;
pub mod marks;
pub mod metadata;
pub mod rooms;
pub mod sources;
pub mod tree;
