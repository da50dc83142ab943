//! What the running program may still do: the rights of its threads, and that everything works without them.
//!
//! The tests of rights need root, setpriv and setcap; without them they say so and pass.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

mod support;

use std::fs::{self, Permissions};
use std::io::{Read as _, Write as _};
use std::net::{TcpStream, UdpSocket};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use netsonde_messages::stream::{Message, ReplyData, State, Status, TopicState};
use netsonde_messages::{Flow, InterfaceRow, Report};
use support::{Ended, NETSONDE, PATIENCE, Program};
use tempfile::TempDir;
use tungstenite::{Message as Frame, WebSocket};

/// A user without rights: nobody.
const NOBODY: u32 = 65_534;
/// Bits of the capability sets (linux/capability.h).
const NET_ADMIN: u64 = 1 << 12;
const NET_RAW: u64 = 1 << 13;
/// How often is looked at most before a thread has to be gone, and the pause in between.
const LOOKS: u32 = 600;
const PAUSE: Duration = Duration::from_millis(50);
const SUBSCRIBE: &str = r#""command":"subscribe","topics":["totals"]"#;

#[test]
fn only_the_opener_keeps_rights_and_only_those_to_capture() {
    let Some(folder) = root_folder() else { return };
    drill(Command::new(NETSONDE), &folder, NET_RAW | NET_ADMIN);
}

#[test]
fn a_user_with_one_right_keeps_it_in_the_opener_alone() {
    let Some(folder) = root_folder() else { return };
    let program = copy(&folder);
    let mut command = as_nobody(&["--inh-caps=-all,+net_raw", "--ambient-caps=-all,+net_raw"]);
    command.arg(program);
    drill(command, &folder, NET_RAW);
}

#[test]
fn a_program_file_with_rights_keeps_them_in_the_opener_alone() {
    let Some(folder) = root_folder() else { return };
    drill(with_rights_of_its_file(&folder), &folder, NET_RAW | NET_ADMIN);
}

/// With tshark one more thread has rights: the one that owns it. tshark has those, and no other.
#[test]
fn with_tshark_its_owner_and_the_opener_keep_rights_and_only_those_to_capture() {
    let (Some(folder), true) = (root_folder(), has_tshark()) else { return };
    for (program, kept) in [
        (Command::new(NETSONDE), NET_RAW | NET_ADMIN),
        (with_rights_of_its_file(&folder), NET_RAW | NET_ADMIN),
    ] {
        let keeping = |name: &str| Thread { name: name.into(), sets: [kept; 4], no_new_privs: true };
        let started = ["--interface", "lo", "--engine", "tshark"];
        let mut served = Dashboard::start(&mut serve(program, &folder, &started));
        assert!(served.live_packets() > 0);
        assert_eq!(rights_beside_opener(&served.child), [keeping("opener"), keeping("tshark")]);
        let tshark = thread_of(&child_status(served.child.child.id(), "tshark"));
        // A program of root's has no use for inheriting and effective ones; permitted is what counts.
        assert_eq!((tshark.sets[1], tshark.no_new_privs), (kept, true));
        served.ask(r#""command":"stop_capture""#).expect("a capture runs");
        // What owned tshark has told its end then, and is about to end itself.
        let is_gone = (0..LOOKS).any(|_| {
            thread::park_timeout(PAUSE);
            rights_beside_opener(&served.child) == [keeping("opener")]
        });
        assert!(is_gone, "{:?}", rights_beside_opener(&served.child));
        assert_eq!(served.end().status.code(), Some(0));
    }
}

/// Wireshark's own part that captures may have a right that the user has not; `no_new_privs` would take it.
#[test]
fn a_user_without_rights_captures_by_those_that_tshark_has() {
    let (Some(folder), true) = (root_folder(), has_tshark()) else { return };
    // The rights are given to a copy in a place of its own: others look at the installed one.
    let (programs, dumpcap) = (folder.path().join("bin"), folder.path().join("bin/dumpcap"));
    fs::create_dir(&programs).expect("the folder is writable");
    for program in ["tshark", "dumpcap"] {
        fs::copy(format!("/usr/bin/{program}"), programs.join(program)).expect("it is installed");
    }
    let given = Command::new("setcap").arg("cap_net_raw,cap_net_admin=eip").arg(&dumpcap).status();
    assert!(given.expect("setcap starts").success());
    let mut command = as_nobody(&["--inh-caps=-all"]);
    command.arg(copy(&folder)).env("PATH", format!("{}:/usr/bin:/bin", programs.display()));
    command.env("HOME", folder.path());
    let mut served = Dashboard::start(&mut serve(command, &folder, &["--engine", "tshark"]));
    let started = r#""command":"start_capture","source":{"interface":"lo"}"#;
    served.ask(started).expect("dumpcap has the right");
    assert!(served.live_packets() > 0);
    let unconfined = rights_beside_opener(&served.child);
    let names: Vec<&str> = unconfined.iter().map(|thread| thread.name.as_str()).collect();
    assert_eq!(names, ["opener", "tshark"]);
    assert!(unconfined.iter().all(|thread| thread.sets == [0; 4]));
    assert_eq!(served.end().status.code(), Some(0));
}

#[test]
fn a_user_without_rights_is_told_the_command_that_gives_them() {
    let Some(folder) = root_folder() else { return };
    let program = copy(&folder);
    let mut command = as_nobody(&["--inh-caps=-all"]);
    command.arg(&program).args(["interfaces", "--json"]);
    let ended = Program::start(&mut command).end_within(PATIENCE);
    let rows: Vec<InterfaceRow> = serde_json::from_str(&ended.stdout.concat()).expect("rows");
    let lo = rows.iter().find(|row| row.loopback).expect("there is a loopback interface");
    let remedy = format!("sudo setcap cap_net_raw,cap_net_admin=eip {}", program.display());
    assert_eq!((lo.may_capture, lo.remedy.as_deref()), (Some(false), Some(remedy.as_str())));

    let mut command = as_nobody(&["--inh-caps=-all"]);
    command.arg(&program).args(["watch", "--interface", "lo"]);
    let ended = Program::start(&mut command).end_within(PATIENCE);
    assert_eq!((ended.status.code(), ended.stderr.len()), (Some(1), 1), "{:?}", ended.stderr);
    assert!(ended.stderr[0].contains(&remedy), "{:?}", ended.stderr);

    // Who is served is shown a way without.
    let mut command = as_nobody(&["--inh-caps=-all"]);
    command.arg(&program);
    let mut program = Program::start(&mut serve(command, &folder, &[]));
    program.stdout.wait_for(|line| line.contains(&remedy));
    program.stdout.wait_for(|line| line.ends_with("and so does `netsonde demo`."));
}

#[test]
fn reading_files_and_watching_take_no_rights() {
    let Some(_folder) = root_folder() else { return };
    let mut analyze = netsonde(&["analyze", "-", "--log", "debug"]);
    let mut child = Program::start(analyze.stdin(Stdio::piped()));
    child.stderr.wait_for(|line| line.contains("opening"));
    assert_eq!(rights_beside_opener(&child), Vec::<Thread>::new());
    child.signal("TERM");
    assert_eq!(child.end_within(PATIENCE).status.code(), Some(0));

    let mut child = Program::start(&mut netsonde(&["watch", "--interface", "lo", "--json"]));
    child.stderr.wait_for(|line| line.contains("capturing on"));
    UdpSocket::bind("127.0.0.1:0")
        .and_then(|socket| socket.send_to(b"x", "127.0.0.1:9"))
        .expect("it is sent");
    child.stdout.wait_for(|line| report(line).capture.packets > 0);
    assert_eq!(rights_beside_opener(&child), Vec::<Thread>::new());
    child.signal("TERM");
    assert_eq!(child.end_within(PATIENCE).status.code(), Some(0));
}

#[test]
fn root_reads_files_that_only_its_rights_open() {
    let Some(folder) = root_folder() else { return };
    let closed = folder.path().join("closed");
    let file = closed.join("two.pcap");
    fs::create_dir(&closed).expect("the folder is writable");
    fs::write(&file, pcap(2)).expect("the folder is writable");
    for (path, mode) in [(&file, 0o600), (&closed, 0o700)] {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("root may");
        chown(path, Some(NOBODY), Some(NOBODY)).expect("root may");
    }
    let file = file.display().to_string();
    let ended = Program::start(&mut netsonde(&["analyze", &file, "--json"])).end_within(PATIENCE);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    assert_eq!(report(&ended.stdout.concat()).capture.packets, 2);
    let mut served = Dashboard::start(&mut serve(Command::new(NETSONDE), &folder, &["--read", &file]));
    assert_eq!(served.finished_packets(), 2);
}

#[test]
fn a_capture_comes_from_standard_input_or_a_named_pipe() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = serve(Command::new(NETSONDE), &folder, &["--read", "-"]);
    let mut child = Program::start(command.stdin(Stdio::piped()));
    let mut input = child.child.stdin.take().expect("stdin is piped");
    input.write_all(&pcap(3)).expect("the program reads");
    drop(input);
    assert_eq!(Dashboard::of(child).finished_packets(), 3);

    let pipe = named_pipe(&folder);
    let path = pipe.display().to_string();
    let child = Program::start(&mut serve(Command::new(NETSONDE), &folder, &["--read", &path]));
    fs::write(&pipe, pcap(4)).expect("the program reads");
    assert_eq!(Dashboard::of(child).finished_packets(), 4);
}

#[test]
fn a_browser_is_opened_once_the_address_is_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = browser(&folder);
    let mut command = serve(Command::new(NETSONDE), &folder, &["--open"]);
    let served = Dashboard::start(command.env("PATH", folder.path()));
    assert_eq!(opened(), format!("http://{}", served.address));
    assert!(served.http("GET /", b"").starts_with("HTTP/1.1 200 "));
}

/// Every user of a machine can read the arguments of all programs.
#[test]
fn a_browser_is_told_the_token_in_a_file_that_nobody_else_may_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = browser(&folder);
    let mut command = Command::new(NETSONDE);
    command.args(["--listen", "0.0.0.0:0", "--open", "--data"]).arg(folder.path().join("data"));
    let path = folder.path();
    let command = command.current_dir(path).env("PATH", path).env("NETSONDE_TOKEN", "5ecret");
    let mut child = Program::start(command.stdin(Stdio::null()));
    // All addresses of this machine are shown; the browser goes to its own.
    let line = child.stdout.wait_for(|line| line.starts_with("netsonde is at http://127.0.0.1:"));
    let url = line.rsplit_once(' ').expect("an address").1;
    assert!(url.ends_with("/#token=5ecret"), "{url}");
    let page = PathBuf::from(opened());
    let text = fs::read_to_string(&page).expect("the browser is told a file");
    assert!(text.contains(&format!("content=\"0;url={url}\"")), "{text}");
    assert_eq!(fs::metadata(&page).expect("a file").permissions().mode() & 0o777, 0o600);
    child.signal("TERM");
    assert_eq!(child.end_within(PATIENCE).status.code(), Some(0));
    assert!(!page.exists());
}

#[test]
fn a_data_folder_that_cannot_be_made_leaves_all_but_uploads() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, pcap(1)).expect("the folder is writable");
    let mut command = Command::new(NETSONDE);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&file).arg("--read").arg(&file);
    let mut served = Dashboard::start(command.env_clear().stdin(Stdio::null()));
    served.child.stderr.wait_for(|line| line.contains("captures cannot be uploaded"));
    assert!(served.http("POST /api/v1/captures", &pcap(2)).starts_with("HTTP/1.1 507 "));
    assert_eq!(served.finished_packets(), 1);
}

/// Runs a dashboard through all that needs rights, files or threads, and looks at its rights in between.
fn drill(program: Command, folder: &TempDir, kept: u64) {
    let mut served = Dashboard::start(&mut serve(program, folder, &["--interface", "lo"]));
    let expected = [Thread { name: "opener".into(), sets: [0, kept, kept, 0], no_new_privs: true }];
    assert_eq!(rights_beside_opener(&served.child), expected);
    assert!(served.live_packets() > 0);
    served.ask(r#""command":"stop_capture""#).expect("a capture runs");

    let interfaces = served.ask(r#""command":"get_interfaces""#);
    let Ok(Some(ReplyData::Interfaces(rows))) = interfaces else { panic!("{interfaces:?}") };
    let lo = rows.iter().find(|row| row.name == "lo").expect("there is a loopback interface");
    assert_eq!((lo.may_capture, &lo.remedy), (Some(true), &None), "{lo:?}");

    let started = r#""command":"start_capture","source":{"interface":"lo"},"filter":"udp port discard""#;
    served.ask(started).expect("a second capture starts");
    assert!(served.live_packets() > 0);
    assert_eq!(rights_beside_opener(&served.child), expected);
    served.ask(r#""command":"stop_capture""#).expect("a capture runs");

    let answer = served.http("POST /api/v1/captures", &pcap(5));
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    let id = answer.rsplit_once(r#""id":""#).and_then(|(_, rest)| rest.split_once('"')).expect("an id").0;
    served
        .ask(&format!(r#""command":"start_capture","source":{{"upload":"{id}"}}"#))
        .expect("the upload is read");
    assert_eq!(served.finished_packets(), 5);

    let ended = served.end();
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    assert_eq!(fs::read_dir(folder.path().join("data/uploads")).expect("a folder").count(), 0);
}

/// What the kernel says of a thread that is not as all but the opener must be.
#[derive(Debug, PartialEq, Eq)]
struct Thread {
    name: String,
    /// Inheritable, permitted, effective, ambient.
    sets: [u64; 4],
    no_new_privs: bool,
}

/// Returns the threads of a program that may do anything; one that ends meanwhile may not.
fn rights_beside_opener(program: &Program) -> Vec<Thread> {
    let tasks = fs::read_dir(format!("/proc/{}/task", program.child.id())).expect("the program runs");
    let status = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("status")).ok());
    let threads: Vec<Thread> = status.map(|status| thread_of(&status)).collect();
    assert!(!threads.is_empty());
    let mut able: Vec<Thread> =
        threads.into_iter().filter(|thread| thread.sets != [0; 4] || !thread.no_new_privs).collect();
    // While a capture is opened there is a second opener, with the rights of the first.
    able.dedup();
    able
}

fn thread_of(status: &str) -> Thread {
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(":\t"));
        line.unwrap_or_else(|| panic!("{name} is missing in {status}"))
    };
    let set = |name| u64::from_str_radix(field(name), 16).expect("a set is a hexadecimal number");
    Thread {
        name: field("Name").into(),
        sets: ["CapInh", "CapPrm", "CapEff", "CapAmb"].map(set),
        no_new_privs: field("NoNewPrivs") == "1",
    }
}

/// A running dashboard and one viewer.
struct Dashboard {
    child: Program,
    address: String,
    viewer: WebSocket<TcpStream>,
    asked: u64,
}

impl Dashboard {
    fn start(command: &mut Command) -> Self {
        Self::of(Program::start(command))
    }

    fn of(mut child: Program) -> Self {
        let line = child.stdout.wait_for(|line| line.starts_with("netsonde is at http://"));
        let address = line.rsplit_once("http://").expect("an address").1.to_owned();
        let socket = TcpStream::connect(&address).expect("the program listens");
        socket.set_read_timeout(Some(PATIENCE)).expect("a time above 0");
        let (viewer, _) =
            tungstenite::client(format!("ws://{address}/api/v1/stream"), socket).expect("a viewer");
        let mut dashboard = Self { child, address, viewer, asked: 0 };
        assert_eq!(dashboard.ask(SUBSCRIBE), Ok(None));
        dashboard
    }

    fn next(&mut self) -> Message {
        loop {
            if let Frame::Text(text) = self.viewer.read().expect("the program sends") {
                return serde_json::from_str(&text).expect("a message");
            }
        }
    }

    /// Asks, and returns what the reply brings, or its error.
    fn ask(&mut self, command: &str) -> Result<Option<ReplyData>, String> {
        self.asked += 1;
        let request = format!(r#"{{"id":{},{command}}}"#, self.asked);
        self.viewer.send(Frame::text(request)).expect("the program reads");
        loop {
            match self.next() {
                Message::Reply(reply) if reply.id == self.asked => {
                    return if reply.ok { Ok(reply.data) } else { Err(reply.error.unwrap_or_default()) };
                }
                _ => {}
            }
        }
    }

    fn status(&mut self) -> Status {
        let answer = self.ask(r#""command":"get_status""#);
        let Ok(Some(ReplyData::Status(status))) = answer else { panic!("{answer:?}") };
        status
    }

    /// Sends datagrams over the loopback interface until the running session has counted some.
    fn live_packets(&mut self) -> u64 {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let session = self.status().session;
        loop {
            // Nobody listens there; that a send reports it is no matter.
            let _ = socket.send_to(b"x", "127.0.0.1:9");
            if let Some((of, packets)) = totals(&self.next())
                && of == session
                && packets > 0
            {
                return packets;
            }
        }
    }

    /// Waits until the session has read its source to the end, and returns what it has counted.
    fn finished_packets(&mut self) -> u64 {
        // Who subscribes right after a start may be shown the end of the session before.
        let session = self.status().session;
        loop {
            self.ask(SUBSCRIBE).expect("topics that exist");
            let state = loop {
                if let Message::InitialState(state) = self.next() {
                    break state;
                }
            };
            if state.status.state == State::Finished && state.status.session >= session {
                return state.totals.expect("a topic that was asked for").traffic.packets;
            }
            // A change after the answer is announced after it.
            self.next();
        }
    }

    /// Sends one HTTP request and returns the whole answer.
    fn http(&self, request: &str, body: &[u8]) -> String {
        let mut socket = TcpStream::connect(&self.address).expect("the program listens");
        let head = format!(
            "{request} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.address,
            body.len()
        );
        socket.write_all(&[head.as_bytes(), body].concat()).expect("the program reads");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("the program answers in text");
        answer
    }

    fn end(self) -> Ended {
        self.child.signal("TERM");
        self.child.end_within(PATIENCE)
    }
}

/// Returns session and packets where a message tells them.
fn totals(message: &Message) -> Option<(u64, u64)> {
    match message {
        Message::InitialState(state) => Some((state.status.session, state.totals.as_ref()?.traffic.packets)),
        Message::Update { session, topic: TopicState::Totals(totals), .. } => {
            Some((*session, totals.traffic.packets))
        }
        _ => None,
    }
}

/// Tells whether tshark is there; says loudly where it is not.
fn has_tshark() -> bool {
    let has = Command::new("tshark").arg("--version").output().is_ok();
    if !has {
        eprintln!("SANDBOX TEST SKIPPED, needs tshark");
    }
    has
}

/// Returns what the kernel says of the first process that a program started and that has this name.
fn child_status(parent: u32, name: &str) -> String {
    let processes = fs::read_dir("/proc").expect("Linux");
    let mut statuses =
        processes.filter_map(|process| fs::read_to_string(process.ok()?.path().join("status")).ok());
    let (name, parent) = (format!("Name:\t{name}\n"), format!("\nPPid:\t{parent}\n"));
    let found = statuses.find(|status| status.starts_with(&name) && status.contains(&parent));
    found.unwrap_or_else(|| panic!("there is no {name}"))
}

/// Makes a folder in which everybody may pass and write; none, with a loud line, where this is not root.
fn root_folder() -> Option<TempDir> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0);
    let has_tools =
        ["setpriv", "setcap"].iter().all(|tool| Command::new(tool).arg("--help").output().is_ok());
    let has_rights = thread_of(&fs::read_to_string("/proc/self/status").expect("Linux")).sets[1]
        & (NET_RAW | NET_ADMIN)
        == NET_RAW | NET_ADMIN;
    if !(is_root && has_tools && has_rights) {
        eprintln!("SANDBOX TEST SKIPPED, needs root, setpriv and setcap");
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).expect("the folder is ours");
    Some(folder)
}

/// Copies the program to where everybody may start it.
fn copy(folder: &TempDir) -> PathBuf {
    let program = folder.path().join("netsonde");
    fs::copy(NETSONDE, &program).expect("the folder is writable");
    program
}

/// Makes the command of a user without rights whose program file has those to capture.
fn with_rights_of_its_file(folder: &TempDir) -> Command {
    let program = copy(folder);
    let given = Command::new("setcap").arg("cap_net_raw,cap_net_admin=eip").arg(&program).status();
    assert!(given.expect("setcap starts").success());
    let mut command = as_nobody(&["--inh-caps=-all"]);
    command.arg(program);
    command
}

fn as_nobody(more: &[&str]) -> Command {
    let nobody = NOBODY.to_string();
    let mut command = Command::new("setpriv");
    command.args(["--reuid", &nobody, "--regid", &nobody, "--clear-groups"]).args(more);
    command
}

fn netsonde(arguments: &[&str]) -> Command {
    let mut command = Command::new(NETSONDE);
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

/// Makes a program serve, with its data in `folder`.
fn serve(mut program: Command, folder: &TempDir, more: &[&str]) -> Command {
    program.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path().join("data")).args(more);
    program.current_dir(folder.path()).stdin(Stdio::null());
    program
}

fn report(line: &str) -> Report<Vec<Flow>> {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// Puts a browser into the folder; what is returned waits until it is started, and tells what it was told.
fn browser(folder: &TempDir) -> impl FnOnce() -> String {
    let pipe = named_pipe(folder);
    let browser = folder.path().join("xdg-open");
    fs::write(&browser, format!("#!/bin/sh\nprintf %s \"$1\" > '{}'\n", pipe.display()))
        .expect("the folder is writable");
    fs::set_permissions(&browser, Permissions::from_mode(0o755)).expect("the file is ours");
    move || {
        let (sender, opened) = mpsc::channel();
        thread::spawn(move || sender.send(fs::read_to_string(pipe)));
        let opened = opened.recv_timeout(PATIENCE).expect("the browser is started");
        opened.expect("the pipe is readable")
    }
}

fn named_pipe(folder: &TempDir) -> PathBuf {
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts").success());
    pipe
}

/// A microsecond pcap of packets of 60 bytes, one a second: Ethernet of an unknown type.
fn pcap(packets: u32) -> Vec<u8> {
    let mut file = [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat();
    for number in 0..packets {
        file.extend([1_700_000_000 + number, 0, 60, 60].map(u32::to_le_bytes).concat());
        file.extend([&[2; 12], &[0x88, 0xb5][..], &[7; 46]].concat());
    }
    file
}
