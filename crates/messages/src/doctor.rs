use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Name;

/// What `netsonde doctor --json` writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoctorReport {
    /// The version of this shape: [`crate::SCHEMA`].
    pub schema: u32,
    /// Tells whether no check says no.
    pub ok: bool,
    /// Lists the checks in the order in which they stand in the text.
    pub checks: Vec<Check>,
}

/// What one check of `netsonde doctor` found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Names what was looked at, in one word.
    pub name: Name,
    /// Tells whether it is as it should be.
    pub outcome: Outcome,
    /// Says what was found.
    pub finding: String,
    /// Says what to do about it, where something is to be done.
    pub mend: Option<String>,
}

/// Whether what was looked at is as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is.
    Ok,
    /// Everything works, but there is something to know.
    Note,
    /// Something will not work.
    No,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::No => "no",
        })
    }
}
