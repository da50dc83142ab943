//! The doctor in states in which it must say no.
//!
//! Those that take another user need root, setpriv and setcap; without them they say so and pass.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use netsonde_messages::{Check, DoctorReport, Outcome};
use tempfile::TempDir;

use crate::support::{NETSONDE, PATIENCE, Program};

/// A user without rights: nobody.
const NOBODY: u32 = 65_534;
/// An address that nobody has (RFC 5737).
const ELSEWHERE: &str = "192.0.2.1:8765";

/// A state that a test has made: the command to start in it, the check that is to notice, and how that judges.
struct State {
    name: &'static str,
    command: Command,
    check: &'static str,
    outcome: Outcome,
    says: String,
    mend: &'static str,
}

impl State {
    fn new(
        name: &'static str,
        command: Command,
        check: &'static str,
        says: &str,
        mend: &'static str,
    ) -> Self {
        Self { name, command, check, outcome: Outcome::No, says: says.into(), mend }
    }

    fn noted(self) -> Self {
        Self { outcome: Outcome::Note, ..self }
    }
}

#[test]
fn each_state_is_noticed_by_its_check() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").to_string();
    let (file, options) = (folder.path().join("file"), folder.path().join("options.toml"));
    fs::write(&file, "").expect("the folder is writable");
    fs::write(&options, "\nintreface = 'eth0'").expect("the folder is writable");
    let mut misspelt = doctor(&folder, &[]);
    misspelt.env("NETSONDE_INTREFACE", "eth0");
    let mut misfit = doctor(&folder, &[]);
    misfit.env("NETSONDE_GRACE", "soon");
    let mut no_programs = doctor(&folder, &[]);
    no_programs.env("PATH", folder.path());
    let mut few_files = Command::new("sh");
    few_files.args(["-c", "ulimit -n 100 && exec \"$0\" doctor --json", NETSONDE]);
    let file = file.display().to_string();
    let options = options.display().to_string();
    for state in [
        State::new("a port that is held", doctor(&folder, &["--listen", &port]), "ports", &port, "ss -ltnp"),
        State::new(
            "no own address",
            doctor(&folder, &["--listen", ELSEWHERE]),
            "ports",
            "192.0.2.1",
            "127.0.0.1",
        ),
        State::new(
            "a file for a folder",
            doctor(&folder, &["--data", &file]),
            "disk",
            "is no folder",
            "--data",
        ),
        State::new(
            "a key that is none",
            doctor(&folder, &["--config", &options]),
            "configuration",
            "line 2",
            "take it out",
        ),
        State::new(
            "no file",
            doctor(&folder, &["--config", "/missing"]),
            "configuration",
            "/missing: No such",
            "",
        ),
        State::new("a value that is none", misfit, "configuration", "NETSONDE_GRACE: \"soon\"", ""),
        State::new("a name that is none", misspelt, "configuration", "NETSONDE_INTREFACE", "").noted(),
        State::new("no tshark", no_programs, "tshark", "not in PATH", "").noted(),
        State::new(
            "no room",
            doctor(&folder, &["--upload-max", "9000000GiB"]),
            "disk",
            "free, less than",
            "",
        )
        .noted(),
        State::new(
            "a database that is none",
            doctor(&folder, &["--geo-database", &file]),
            "database",
            "file; it cannot be used: ",
            "geo install",
        ),
        State::new("few files", few_files, "limits", "100 open files", "ulimit -n"),
    ] {
        assert_noticed(state);
    }
}

/// What stops `serve` at once is no for the doctor, in the words of `serve`.
#[test]
fn choices_with_which_serve_does_not_begin_are_noticed() {
    let text = folder();
    fs::write(text.path().join("text.pcap"), "text").expect("the folder is writable");
    let capture = "read = 'text.pcap'\n";
    for (options, says) in [
        ("interface = 'eth9'", "no interface is called \"eth9\""),
        ("read = '/missing/x.pcap'", "/missing/x.pcap: "),
        (capture, "not a capture"),
        ("replay_speed = '2'", "--read FILE names it"),
        (&format!("{capture}filter = 'tcp'"), "works on interfaces"),
        // Who may not capture hears of that instead.
        ("interface = 'lo'\nfilter = 'garbage ('", "not "),
    ] {
        let file = text.path().join("netsonde.toml");
        fs::write(&file, options).expect("the folder is writable");
        let mut serve = Command::new(NETSONDE);
        serve.args(["serve", "--listen", "127.0.0.1:0", "--data", "data"]).current_dir(text.path());
        let ended = Program::start(serve.stdin(Stdio::null())).end_within(PATIENCE);
        assert!(!ended.status.success(), "{options}");
        let reason = ended.stderr.last().and_then(|line| line.strip_prefix("netsonde: ")).expect("a reason");
        assert!(reason.contains(says), "{reason}");
        let command = doctor(&text, &[]);
        let says = format!("stop at once: {reason} (netsonde.toml sets ");
        assert_noticed(State::new("a file of options", command, "configuration", &says, "correct that"));
    }
}

/// A filter that compiles, an interface that is there, a pipe that nobody writes into yet: with these `serve` begins.
#[test]
fn choices_with_which_serve_begins_are_ok() {
    let folder = folder();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts").success());
    for options in ["read = 'pipe'", "read = '-'", "interface = 'lo'\nfilter = 'tcp port 80'"] {
        fs::write(folder.path().join("netsonde.toml"), options).expect("the folder is writable");
        let check = noticed(&mut doctor(&folder, &[]), "configuration");
        // Who may not capture is told so here, too.
        assert!(check.outcome == Outcome::Ok || check.finding.contains("setcap"), "{options}: {check:?}");
    }
}

#[test]
fn states_of_another_user_are_noticed() {
    let Some((folder, program)) = root_folder() else { return };
    let theirs = folder.path().join("theirs");
    let closed = folder.path().join("closed");
    for path in [&theirs, &closed] {
        fs::create_dir(path).expect("the folder is writable");
        chown(path, Some(NOBODY), Some(NOBODY)).expect("root may");
    }
    fs::set_permissions(&closed, Permissions::from_mode(0o700)).expect("root may");
    let (theirs, below) = (theirs.display().to_string(), closed.join("data").display().to_string());
    let read_only = folder.path().join("read-only");
    fs::create_dir(&read_only).expect("the folder is writable");
    fs::set_permissions(&read_only, Permissions::from_mode(0o555)).expect("root may");
    let read_only = read_only.display().to_string();
    // One whose uploads came back from a copy that nobody may write in.
    let frozen = folder.path().join("frozen");
    fs::create_dir_all(frozen.join("uploads")).expect("the folder is writable");
    for path in [&frozen, &frozen.join("uploads")] {
        chown(path, Some(NOBODY), Some(NOBODY)).expect("root may");
    }
    fs::set_permissions(frozen.join("uploads"), Permissions::from_mode(0o500)).expect("root may");
    let frozen = frozen.display().to_string();
    // All rights, over everything but the network that was there before.
    let mut of_a_namespace = Command::new("unshare");
    of_a_namespace.args(["--user", "--map-root-user", NETSONDE, "doctor", "--json"]);
    let without = |arguments: &[&str]| as_nobody(&program, &[], arguments);
    for state in [
        State::new("no right", without(&[]), "privileges", "without CAP_NET_RAW", "sudo setcap"),
        State::new("no right", without(&[]), "capture", "opens none", "sudo setcap"),
        State::new(
            "a folder of another",
            doctor(&folder, &["--data", &theirs]),
            "disk",
            "belongs to user 65534",
            "--data",
        ),
        State::new(
            "closed to root without rights",
            doctor(&folder, &["--data", &below]),
            "disk",
            "denied",
            "--data",
        ),
        State::new("uploads that are read only", without(&["--data", &frozen]), "disk", "denied", "--data"),
        State::new(
            "a folder that is read only",
            without(&["--data", &read_only]),
            "disk",
            "denied",
            "--data",
        ),
    ] {
        assert_noticed(state);
    }
    // The port of the web, which kernels may open to everybody.
    let lowest = fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").expect("Linux");
    if lowest.trim().parse::<u16>().is_ok_and(|lowest| lowest > 80) {
        let low = without(&["--listen", "127.0.0.1:80"]);
        assert_noticed(State::new("a low port", low, "ports", "below 1024", "from 1024"));
    }
}

#[test]
fn a_right_of_the_file_that_takes_no_effect_is_told_from_one_that_is_missing() {
    let Some((_folder, program)) = root_folder() else { return };
    let given = Command::new("setcap").arg("cap_net_raw,cap_net_admin=eip").arg(&program).status();
    assert!(given.expect("setcap starts").success());
    let check = noticed(&mut as_nobody(&program, &[], &[]), "privileges");
    assert_eq!(check.outcome, Outcome::Ok, "{check:?}");
    // The inner one begins without the rights of root, which the outer one still has when it starts a program.
    let kept_back = as_nobody(&program, &["setpriv", "--no-new-privs"], &[]);
    assert_noticed(State::new(
        "no_new_privs",
        kept_back,
        "privileges",
        "did not take effect",
        "no_new_privs",
    ));
}

/// A debug build reads its pages from the sources: where they are covered it is a program without.
#[test]
fn a_program_without_pages_says_no() {
    let Some((folder, _)) = root_folder() else { return };
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    let mut command = doctor(&folder, &[]);
    if pages.exists() {
        let cover = "mount -t tmpfs none \"$1\" && exec \"$0\" doctor --json";
        command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", cover, NETSONDE]).arg(pages);
    }
    assert_noticed(State::new("no pages", command, "pages", "without the dashboard", "make build"));
}

#[test]
fn a_netsonde_that_runs_already_is_known_for_one() {
    let folder = folder();
    let mut serve = Command::new(NETSONDE);
    serve.args(["--listen", "127.0.0.1:0", "--data"]).arg(folder.path()).stdin(Stdio::null());
    let mut served = Program::start(&mut serve);
    let line = served.stdout.wait_for(|line| line.starts_with("netsonde is at http://"));
    let address = line.rsplit_once("http://").expect("an address").1;
    let running = doctor(&folder, &["--listen", address]);
    assert_noticed(State::new("one of us", running, "ports", "which runs already", "").noted());
    assert!(is_healthy(address));
    let address = address.to_owned();
    served.signal("TERM");
    assert_eq!(served.end_within(PATIENCE).status.code(), Some(0));
    assert!(!is_healthy(&address));
}

#[test]
fn text_has_a_line_a_check_and_the_mend_below_what_says_no() {
    let folder = folder();
    let mut command = Command::new(NETSONDE);
    command.args(["doctor", "--listen", ELSEWHERE]).stdin(Stdio::null()).current_dir(folder.path());
    let ended = Program::start(&mut command).end_within(PATIENCE);
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.stderr[0].ends_with("checks say no") || ended.stderr[0].ends_with("checks says no"));
    let at = ended.stdout.iter().position(|line| line.starts_with("no    ports "));
    let at = at.unwrap_or_else(|| panic!("{:#?}", ended.stdout));
    assert!(ended.stdout[at + 1].trim_start().starts_with("mend: --listen with "), "{:#?}", ended.stdout);
    // No colour where nobody looks.
    assert!(!ended.stdout.concat().contains('\x1b'));
}

/// Asks as a container does.
fn is_healthy(address: &str) -> bool {
    let mut health = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packaging/health"));
    health.env("NETSONDE_LISTEN", address).stdin(Stdio::null());
    Program::start(&mut health).end_within(PATIENCE).status.success()
}

fn assert_noticed(mut state: State) {
    let check = noticed(&mut state.command, state.check);
    let name = state.name;
    assert_eq!(check.outcome, state.outcome, "{name}: {check:?}");
    assert!(check.finding.contains(&state.says), "{name}: {check:?}");
    assert!(check.mend.as_deref().unwrap_or_default().contains(state.mend), "{name}: {check:?}");
    assert_eq!(check.mend.is_some(), check.outcome == Outcome::No, "{name}: {check:?}");
}

/// Runs the doctor and returns one of its checks.
fn noticed(command: &mut Command, name: &str) -> Check {
    let ended = Program::start(command.stdin(Stdio::null())).end_within(PATIENCE);
    let report: DoctorReport = serde_json::from_str(&ended.stdout.concat())
        .unwrap_or_else(|error| panic!("{error}: {:?} {:?}", ended.stdout, ended.stderr));
    let says_no = report.checks.iter().any(|check| check.outcome == Outcome::No);
    assert_eq!((report.ok, ended.status.code()), (!says_no, Some(i32::from(says_no))), "{report:?}");
    let check = report.checks.into_iter().find(|check| check.name == name);
    check.unwrap_or_else(|| panic!("{name} is no check"))
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn doctor(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(NETSONDE);
    command.args(["doctor", "--json"]).args(arguments).current_dir(folder.path());
    command
}

fn as_nobody(program: &Path, under: &[&str], arguments: &[&str]) -> Command {
    let nobody = NOBODY.to_string();
    let mut command = Command::new("setpriv");
    command.args(["--reuid", &nobody, "--regid", &nobody, "--clear-groups", "--inh-caps=-all"]).args(under);
    command.arg(program).args(["doctor", "--json"]).args(arguments).current_dir("/");
    command
}

/// Makes a folder through which everybody may pass, and a copy of the program in it; none, with a loud line, where this
/// is not root.
fn root_folder() -> Option<(TempDir, PathBuf)> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0);
    let has_tools =
        ["setpriv", "setcap", "unshare"].iter().all(|tool| Command::new(tool).arg("--help").output().is_ok());
    if !(is_root && has_tools) {
        eprintln!("DOCTOR TEST SKIPPED, needs root, setpriv, setcap and unshare");
        return None;
    }
    let folder = folder();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("the folder is ours");
    let program = folder.path().join("netsonde");
    fs::copy(NETSONDE, &program).expect("the folder is writable");
    Some((folder, program))
}
