//! Systems without capabilities and Landlock: everything stays as it is, and the user is told so.

use super::{Reach, Rights};

/// Does nothing.
pub(super) fn keep_capabilities(_rights: Rights) -> Result<(), String> {
    Ok(())
}

/// Does nothing, and says so.
pub(super) fn confine(_rights: Rights, _reach: &Reach<'_>) -> Result<Vec<&'static str>, String> {
    Ok(vec!["anything that its user may do"])
}
