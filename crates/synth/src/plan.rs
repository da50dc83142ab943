//! Plans: which conversations arrive when.

pub mod few;
pub mod mix;
pub mod scenario;
pub mod small;
