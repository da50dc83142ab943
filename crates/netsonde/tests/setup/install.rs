//! `make install` puts down what it should and nothing else, and `make uninstall` takes that away and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Ended, NETSONDE, PATIENCE, Program};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

#[test]
fn what_is_installed_is_the_list_and_uninstalling_leaves_what_was_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("opt/netsonde");
    // Somebody else's, in a folder that is ours too.
    let theirs = root.join("share/man/man1/other.1");
    fs::create_dir_all(root.join("share/man/man1")).expect("the folder is writable");
    fs::write(&theirs, "").expect("the folder is writable");

    let ended = make("install", folder.path(), "/opt/netsonde");
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    let mut expected: BTreeMap<String, u32> = [
        "share/man/man1/other.1",
        "share/bash-completion/completions/netsonde",
        "share/zsh/site-functions/_netsonde",
        "share/fish/vendor_completions.d/netsonde.fish",
        "lib/systemd/system/netsonde.service",
        "share/doc/netsonde/CHANGELOG.md",
        "share/doc/netsonde/LICENSE-APACHE",
        "share/doc/netsonde/LICENSE-MIT",
        "share/doc/netsonde/installed",
        "share/doc/netsonde/netsonde.toml",
    ]
    .map(|path| (path.to_owned(), 0o644))
    .into();
    expected.extend(pages().into_iter().map(|page| (format!("share/man/man1/{page}"), 0o644)));
    expected.insert("bin/netsonde".into(), 0o755);
    let mode = |path: &Path| path.metadata().expect("a file").permissions().mode() & 0o777;
    let mut installed = files(&root);
    let others = mode(&theirs);
    installed.insert("share/man/man1/other.1".into(), 0o644);
    assert_eq!(installed, expected);

    // An earlier version had a page that this one has not.
    let page = root.join("share/man/man1/netsonde-former.1");
    let list = root.join("share/doc/netsonde/installed");
    fs::write(&page, "").expect("the folder is writable");
    let former =
        format!("share/man/man1/netsonde-former.1\n{}", fs::read_to_string(&list).expect("the list"));
    fs::write(&list, former).expect("the folder is writable");
    assert_eq!(make("install", folder.path(), "/opt/netsonde").status.code(), Some(0));
    assert!(!page.exists() && files(&root).len() == expected.len());

    let ended = make("uninstall", folder.path(), "/opt/netsonde");
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    assert_eq!(files(&root), BTreeMap::from([("share/man/man1/other.1".to_owned(), others)]));
    assert!(!root.join("bin").exists() && !root.join("lib").exists() && !root.join("share/doc").exists());
    // A second time there is nothing, and that is said.
    let ended = make("uninstall", folder.path(), "/opt/netsonde");
    assert!(ended.status.code() != Some(0) && ended.stderr.concat().contains("nothing is installed"));
}

#[test]
fn a_prefix_of_ones_own_takes_no_root_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let prefix = folder.path().join("local");
    let prefix = prefix.to_str().expect("a path in text");
    let ended = make("install", Path::new(""), prefix);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    let setcap = format!("sudo setcap cap_net_raw,cap_net_admin=eip {prefix}/bin/netsonde");
    assert!(ended.stdout.iter().any(|line| line.trim() == setcap), "{:?}", ended.stdout);

    let unit = format!("{prefix}/lib/systemd/system/netsonde.service");
    let text = fs::read_to_string(&unit).expect("the unit");
    assert!(
        text.contains(&format!("\nExecStart={prefix}/bin/netsonde serve\n")) && !text.contains("@bindir@"),
        "{text}"
    );
    let mut verify = Command::new("systemd-analyze");
    verify.args(["verify", "--man=no", &unit]).stdin(Stdio::null());
    if verify.output().is_ok() {
        let ended = Program::start(&mut verify).end_within(PATIENCE);
        assert_eq!((ended.status.code(), ended.stderr), (Some(0), Vec::new()));
    } else {
        eprintln!("UNIT NOT VERIFIED, needs systemd-analyze");
    }
    assert_eq!(make("uninstall", Path::new(""), prefix).status.code(), Some(0));
    assert!(!Path::new(prefix).exists());
}

#[test]
fn a_program_that_is_missing_and_a_place_that_is_none_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut missing = Command::new(format!("{SOURCES}/scripts/install"));
    missing.arg("/missing/netsonde").env("PREFIX", folder.path());
    let ended = Program::start(missing.stdin(Stdio::null())).end_within(PATIENCE);
    assert!(ended.status.code() == Some(1) && ended.stderr[0].contains("make build"), "{:?}", ended.stderr);
    let ended = make("install", Path::new(""), "usr");
    assert!(ended.status.code() != Some(0) && ended.stderr.concat().contains("PREFIX must begin with /"));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

/// Lists the pages of the manual, of which every command has one.
fn pages() -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut manual = Command::new(NETSONDE);
    manual.args(["manual", "--to"]).arg(folder.path()).stdin(Stdio::null());
    assert_eq!(Program::start(&mut manual).end_within(PATIENCE).status.code(), Some(0));
    files(folder.path()).into_keys().collect()
}

fn make(target: &str, destination: &Path, prefix: &str) -> Ended {
    let mut make = Command::new("make");
    make.args(["--silent", "--directory", SOURCES, target, &format!("PROGRAM={NETSONDE}")]);
    make.arg(format!("PREFIX={prefix}")).arg(format!("DESTDIR={}", destination.display()));
    // What a make around this test was told is not for this one.
    make.env_remove("MAKEFLAGS").env_remove("MAKELEVEL").stdin(Stdio::null());
    Program::start(&mut make).end_within(PATIENCE)
}

/// Lists the files below a folder, with their modes.
fn files(root: &Path) -> BTreeMap<String, u32> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let below = path.strip_prefix(root).expect("it is below").display().to_string();
            files.insert(below, path.metadata().expect("a file").permissions().mode() & 0o777);
        }
    }
    files
}
