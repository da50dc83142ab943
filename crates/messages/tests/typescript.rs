//! The dashboard's types are made from this crate; `make types` writes them.

#![expect(clippy::unwrap_used, reason = "a test stops, and says why")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use netsonde_messages::AssistantPreview;
use netsonde_messages::stream::{History, Message, Request};
use ts_rs::{Config, TS};

/// Writes the types of everything that the dashboard reads or sends, a file each.
fn write(folder: &Path) {
    // Counts stay below 2^53, where a number of JavaScript is exact.
    let config = Config::new().with_large_int("number").with_out_dir(folder);
    Message::export_all(&config).unwrap();
    Request::export_all(&config).unwrap();
    History::export_all(&config).unwrap();
    AssistantPreview::export_all(&config).unwrap();
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(Result::unwrap);
    let text = |entry: fs::DirEntry| {
        (entry.file_name().to_string_lossy().into_owned(), fs::read_to_string(entry.path()).unwrap())
    };
    entries.map(text).collect()
}

#[test]
fn the_dashboards_types_are_those_of_this_crate() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/src/generated");
    if std::env::var_os("NETSONDE_WRITE_TYPES").is_some() {
        let _ = fs::remove_dir_all(&committed);
        write(&committed);
    }
    let made = tempfile::tempdir().unwrap();
    write(made.path());
    let (made, committed) = (files(made.path()), files(&committed));
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&committed), names(&made), "web/src/generated is out of date: make types");
    for (name, text) in &made {
        assert_eq!(committed.get(name), Some(text), "web/src/generated/{name} is out of date: make types");
    }
}
