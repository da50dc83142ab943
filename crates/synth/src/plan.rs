//! Plans: which conversations arrive when.

pub mod call;
pub mod few;
pub mod mix;
pub mod scenario;
pub mod small;
pub mod trouble;
