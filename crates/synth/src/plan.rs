//! Plans: which conversations arrive when.

pub mod scenario;
