//! The program itself: whether the pages are in it.

use std::path::Path;

use netsonde_messages::Check;

use super::{no, ok};

/// Judges whether there are pages to serve; `on_disk` is where a debug build reads them.
pub(super) fn check_pages(exist: bool, on_disk: Option<&Path>) -> Check {
    const NAME: &str = "pages";
    match on_disk {
        _ if !exist => no(NAME, "built without the dashboard", "run `make build` in the sources"),
        Some(folder) => {
            let folder = folder.canonicalize().unwrap_or_else(|_| folder.into());
            ok(NAME, format!("the dashboard is read from {}", folder.display()))
        }
        None => ok(NAME, "the dashboard is part of the program"),
    }
}

#[cfg(test)]
mod tests {
    use netsonde_messages::Outcome;

    use super::*;

    #[test]
    fn a_program_without_pages_says_no() {
        assert_eq!(check_pages(false, None).outcome, Outcome::No);
        assert_eq!(check_pages(true, None).outcome, Outcome::Ok);
    }
}
