//! Systems without capabilities and Landlock: everything stays as it is, and the user is told so.

use std::path::Path;

use super::{Reach, Rehearsal, Rights};

/// Does nothing.
pub(super) fn keep_capabilities(_rights: Rights) -> Result<(), String> {
    Ok(())
}

/// Takes every thread for one with rights.
pub(super) fn has_rights() -> Result<bool, String> {
    Ok(true)
}

/// Does nothing, and says so.
pub(super) fn confine(_rights: Rights, _reach: &Reach<'_>) -> Result<Vec<&'static str>, String> {
    Ok(vec!["anything that its user may do"])
}

/// Says that nothing confines the program.
pub(super) fn rehearse(reach: &Reach<'_>) -> Result<Rehearsal, String> {
    Ok(Rehearsal { by: None, gaps: confine(Rights::Nothing, reach)? })
}

/// Says that there are no such rights to be named.
pub(super) fn rights_to_capture() -> Result<Vec<String>, String> {
    Err("this system does not name them".into())
}

/// Files give no rights.
pub(super) fn gives_rights(_program: &Path) -> bool {
    false
}
