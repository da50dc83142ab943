//! The real captures outside the project, and how one is measured.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use netsonde_capture::{OpenError, Source};
use netsonde_session::{FlowLimit, Session, Settings};
use serde_json::Value;

/// Finds the captures; says so where there are none.
pub(crate) fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("NETSONDE_CORPUS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let corpus = named.unwrap_or(beside);
    if corpus.join("dev").is_dir() {
        return Some(corpus);
    }
    eprintln!("NOT COMPARED WITH REAL CAPTURES: no corpus at {}", corpus.display());
    None
}

/// Lists the captures in order of name.
pub(crate) fn captures(corpus: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        std::fs::read_dir(corpus.join("dev")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Measures a capture and returns its report.
pub(crate) fn measured(path: &Path) -> Result<Value, OpenError> {
    let mut session = Session::new(Settings::default());
    let mut source = Source::file(path)?;
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    Ok(serde_json::to_value(session.report(FlowLimit::All)).unwrap())
}

/// Reads what tshark says of a capture.
pub(crate) fn truth(corpus: &Path, name: &str) -> Value {
    let truth = std::fs::read(corpus.join("truth").join(format!("{name}.json"))).unwrap();
    serde_json::from_slice(&truth).unwrap()
}
