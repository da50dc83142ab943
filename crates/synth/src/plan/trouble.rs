//! Two or three minutes of a small office, each with one trouble that somebody would want to hear of.
//!
//! The office itself is in order: three machines look names up and visit pages over TLS. What befalls it is said in
//! [`Case::about`], with numbers that hold for every seed.

mod cases;
mod office;
mod passwords;
mod stage;

use std::fmt;

use crate::packets::Arrival;
use stage::Stage;

const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MILLISECOND;

/// An office and what troubles it.
#[derive(Clone, Copy)]
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// What is true of it, in a sentence.
    pub about: &'static str,
    set: fn(&mut Stage),
}

impl Case {
    /// Returns its conversations in order, for a plan that begins at `base`, in nanoseconds since the Unix epoch.
    pub fn arrivals(&self, base: u64, seed: u64) -> Vec<Arrival> {
        let mut stage = Stage::new(base, seed);
        (self.set)(&mut stage);
        stage.into_arrivals()
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Returns every case.
pub const fn all() -> &'static [Case] {
    &cases::ALL
}

/// Returns the case of that name.
pub fn named(name: &str) -> Option<Case> {
    all().iter().copied().find(|case| case.name == name)
}

/// Lists the cases, one a line: name, and what is true of it.
pub fn list() -> String {
    let lines: Vec<_> = all().iter().map(|case| format!("{:<16}  {}\n", case.name, case.about)).collect();
    lines.concat()
}
