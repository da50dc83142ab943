//! What the program says of captures, against tshark: the parts of `make conformance` that are quick.

#![expect(clippy::print_stderr, reason = "a test stops, and says why it compared nothing")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use xtask::conformance::program::Netsonde;
use xtask::conformance::tshark::Tshark;
use xtask::conformance::{corpus, fuzz, table};

/// A part of what `make conformance` makes up; a trace of each link type.
const FRAMES: usize = 3_000;

fn netsonde() -> Netsonde {
    Netsonde { program: env!("CARGO_BIN_EXE_netsonde").into(), limit: Duration::from_mins(2) }
}

/// Says that nothing was compared, which is allowed on a machine where somebody works, and nowhere else.
fn skip(reason: &str) {
    eprintln!("NOT COMPARED: {reason}");
    assert!(std::env::var_os("CI").is_none(), "nothing was compared: {reason}");
}

#[test]
fn made_up_traces_are_judged_as_tshark_judges_them() {
    if !Tshark::is_here() {
        skip("there is no tshark");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let plan = fuzz::Plan { seed: 1, frames: FRAMES, folder: folder.path().to_owned() };
    let outcome = fuzz::compare_traces(&plan, &netsonde()).unwrap();
    let mut text = Vec::new();
    outcome.write(&mut text).unwrap();
    assert_eq!(outcome.frames, FRAMES);
    assert!(outcome.complaints().is_empty(), "{}", String::from_utf8(text).unwrap());
}

/// The captures lie outside the project; without them the test says so and passes.
#[test]
fn what_is_said_of_real_captures_is_the_truth_about_them() {
    let named = std::env::var_os("NETSONDE_CORPUS").map(PathBuf::from);
    let corpus =
        named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"));
    let folder = corpus.join("dev");
    if !folder.is_dir() {
        eprintln!("NOT COMPARED WITH REAL CAPTURES: no corpus at {}", corpus.display());
        return;
    }
    let outcome = corpus::compare_folder(&folder, &netsonde()).unwrap();
    let mut text = Vec::new();
    table::write(&mut text, &outcome).unwrap();
    let complaints = outcome.complaints();
    assert!(complaints.is_empty(), "{}\n{}", String::from_utf8(text).unwrap(), complaints.join("\n"));
}
