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
        text.contains(&format!("\nExecStart=\"{prefix}/bin/netsonde\" serve\n"))
            && !text.contains("@bindir@"),
        "{text}"
    );
    verify(&unit);
    assert_eq!(make("uninstall", Path::new(""), prefix).status.code(), Some(0));
    assert!(!Path::new(prefix).exists());
}

#[test]
fn a_prefix_with_blanks_and_signs_is_taken_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let prefix = folder.path().join("a b&c|d;50%i");
    // The slash at the end is nobody's.
    let ended = make("install", Path::new(""), &format!("{}/", prefix.display()));
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    let unit = prefix.join("lib/systemd/system/netsonde.service").display().to_string();
    let line = format!("\nExecStart=\"{}/a b&c|d;50%%i/bin/netsonde\" serve\n", folder.path().display());
    assert!(fs::read_to_string(&unit).expect("the unit").contains(&line));
    verify(&unit);
    // What is to be typed means the same program to a shell.
    let doctor = ended.stdout.iter().find_map(|line| line.strip_prefix("Something does not work? "));
    let mut shell = Command::new("sh");
    shell.args(["-c", &doctor.expect("a hint").replace(" doctor", " --version")]).stdin(Stdio::null());
    assert_eq!(Program::start(&mut shell).end_within(PATIENCE).status.code(), Some(0), "{doctor:?}");

    assert_eq!(make("uninstall", Path::new(""), prefix.to_str().expect("text")).status.code(), Some(0));
    assert!(!prefix.exists());
}

#[test]
fn what_does_not_work_leaves_what_is_installed_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let prefix = folder.path().join("local");
    let text = prefix.to_str().expect("text");
    assert_eq!(make("install", Path::new(""), text).status.code(), Some(0));
    let installed = files(&prefix);
    // It works for its manual only: the program before it must be there still.
    let half = folder.path().join("half");
    let script = format!("#!/bin/sh\n[ \"$1\" = manual ] && exec '{NETSONDE}' \"$@\"\nexit 1\n");
    fs::write(&half, script).expect("the folder is writable");
    fs::set_permissions(&half, fs::Permissions::from_mode(0o755)).expect("it is ours");
    // One says nothing and that it went well, one is a folder, which may be "executed", too.
    for wrong in [Path::new("/bin/false"), Path::new("/bin/true"), &half, folder.path()] {
        let ended = install(wrong, &prefix);
        let wrong = wrong.display();
        assert_eq!(ended.status.code(), Some(1), "{wrong}: {:?}", ended.stderr);
        assert!(ended.stderr.concat().contains("scripts/install: "), "{wrong}: {:?}", ended.stderr);
        assert_eq!(files(&prefix), installed, "{wrong}");
        assert!(version(&prefix).status.success(), "{wrong}");
    }
}

#[test]
fn a_program_that_is_installed_may_be_installed_over_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let prefix = folder.path().join("local");
    assert_eq!(install(Path::new(NETSONDE), &prefix).status.code(), Some(0));
    let installed = files(&prefix);
    let ended = install(&prefix.join("bin/netsonde"), &prefix);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    assert_eq!(files(&prefix), installed);
    assert!(version(&prefix).status.success());
}

/// A disk that is full in the midst of it: what is there already is on the list, and goes again.
#[test]
fn what_breaks_off_can_be_taken_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let prefix = folder.path().join("local");
    // In the place of a file is a folder, which nothing is put over.
    fs::create_dir_all(prefix.join("share/doc/netsonde/LICENSE-MIT/LICENSE-MIT")).expect("it is writable");
    let ended = install(Path::new(NETSONDE), &prefix);
    assert_ne!(ended.status.code(), Some(0));
    assert!(prefix.join("bin/netsonde").exists());
    fs::remove_dir_all(prefix.join("share/doc/netsonde/LICENSE-MIT")).expect("it is ours");
    let ended = make("uninstall", Path::new(""), prefix.to_str().expect("text"));
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    assert_eq!(files(&prefix), BTreeMap::new());
}

/// Takes a system's folder of services for itself, out of sight of everybody else: root's may, others skip it.
#[test]
fn a_service_that_is_enabled_is_not_left_without_its_unit() {
    let folder = tempfile::tempdir().expect("a folder");
    let prefix = folder.path().join("local");
    let enabled = r#"mount -t tmpfs none /etc/systemd/system &&
        mkdir /etc/systemd/system/multi-user.target.wants &&
        ln -s "$PREFIX/lib/systemd/system/netsonde.service" /etc/systemd/system/multi-user.target.wants/ &&
        exec "$0" "$1""#;
    let script = format!("{SOURCES}/scripts/install");
    let run = |what: &str| {
        let mut unshare = Command::new("unshare");
        unshare.args(["--mount", "sh", "-c", enabled, &script, what]).env("PREFIX", &prefix);
        Program::start(unshare.stdin(Stdio::null())).end_within(PATIENCE)
    };
    let may = Command::new("unshare").args(["--mount", "test", "-d", "/etc/systemd/system"]).status();
    if !may.is_ok_and(|status| status.success()) {
        eprintln!("SERVICE NOT TESTED, needs root, unshare and systemd");
        return;
    }
    let ended = run(NETSONDE);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    assert!(ended.stdout.concat().contains("systemctl restart netsonde"), "{:?}", ended.stdout);
    let installed = files(&prefix);
    let ended = run("--uninstall");
    assert_eq!(ended.status.code(), Some(1), "{:?}", ended.stderr);
    assert!(ended.stderr[0].contains("first: sudo systemctl disable --now netsonde"), "{:?}", ended.stderr);
    assert_eq!(files(&prefix), installed);
    // Where it is not enabled, nothing is in the way.
    assert_eq!(make("uninstall", Path::new(""), prefix.to_str().expect("text")).status.code(), Some(0));
}

#[test]
fn a_program_that_is_missing_and_a_place_that_is_none_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = install(Path::new("/missing/netsonde"), folder.path());
    assert!(ended.status.code() == Some(1) && ended.stderr[0].contains("make build"), "{:?}", ended.stderr);
    let ended = make("install", Path::new(""), "usr");
    assert!(ended.status.code() != Some(0) && ended.stderr.concat().contains("PREFIX must begin with /"));
    let ended = make("install", Path::new(""), &format!("{}/a\"b", folder.path().display()));
    assert!(ended.status.code() != Some(0) && ended.stderr.concat().contains("without quotes"));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

/// Has systemd read the unit and look for its program.
fn verify(unit: &str) {
    let mut verify = Command::new("systemd-analyze");
    verify.args(["verify", unit]).stdin(Stdio::null());
    if verify.output().is_err() {
        eprintln!("UNIT NOT VERIFIED, needs systemd-analyze");
        return;
    }
    let ended = Program::start(&mut verify).end_within(PATIENCE);
    assert_eq!((ended.status.code(), ended.stderr), (Some(0), Vec::new()));
}

fn install(program: &Path, prefix: &Path) -> Ended {
    let mut install = Command::new(format!("{SOURCES}/scripts/install"));
    install.arg(program).env("PREFIX", prefix).env_remove("DESTDIR").stdin(Stdio::null());
    Program::start(&mut install).end_within(PATIENCE)
}

fn version(prefix: &Path) -> Ended {
    let mut version = Command::new(prefix.join("bin/netsonde"));
    Program::start(version.arg("--version").stdin(Stdio::null())).end_within(PATIENCE)
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
