//! Runs the program as a user does: exit codes, what goes to which stream, configuration, signals.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use netsonde_messages::stream::{Message, State};
use netsonde_messages::{Flow, Report};
use support::{Ended, NETSONDE, PATIENCE, Program};
use tungstenite::Message as Frame;

const DATAGRAM_PAYLOAD: usize = 100;
/// Ethernet, IPv4, UDP and payload.
const DATAGRAM_BYTES: usize = 14 + 20 + 8 + DATAGRAM_PAYLOAD;

#[test]
fn help_has_an_example_and_goes_to_standard_output() {
    for command in ["serve", "demo", "analyze", "watch", "interfaces", "doctor", "completions", "manual"] {
        let ended = run(&[command, "--help"]);
        assert_eq!(ended.status.code(), Some(0));
        assert!(ended.stdout.join("\n").contains("Example"), "{:#?}", ended.stdout);
    }
}

#[test]
fn wrong_usage_is_code_2() {
    for arguments in [
        &["analyse"][..],
        &["serve", "--listen", "nowhere"],
        &["--upload-max", "much"],
        &["--replay-speed", "fast"],
        &["--replay-speed", "2"],
        &["--read", "a.pcap", "--filter", "tcp"],
        &["analyze"],
        &["watch"],
        &["watch", "--interface", "lo", "--duration", "0"],
        &["analyze", "a.pcap", "--local", "home"],
        &["analyze", "a.pcap", "--html", "-"],
        &["analyze", "a.pcap", "--html", "/"],
        &["analyze", "a.pcap", "--markdown", "/dev/null"],
        &["analyze", "a.pcap", "--html", "a", "--markdown", "a"],
        &["analyze", "a.pcap", "--html", "a.pcap"],
    ] {
        let ended = run(arguments);
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}");
        assert!(ended.stdout.is_empty() && !ended.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn whole_file_is_code_0_with_nothing_on_standard_error() {
    let folder = Folder::new("whole");
    let file = folder.file("two.pcap", &pcap(2));
    let ended = run(&["analyze", &file, "--json"]);
    let report = report(&ended);
    assert_eq!((ended.status.code(), ended.stderr.len()), (Some(0), 0), "{:?}", ended.stderr);
    assert_eq!(report.capture.packets, 2);
    assert_eq!(report.capture.bytes, 2 * DATAGRAM_BYTES as u64);
    assert_eq!(report.totals.outbound.goodput_bytes, 2 * DATAGRAM_PAYLOAD as u64);
    assert_eq!(report.capture.first_seen.as_deref(), Some("2001-09-09T01:46:40.000000000Z"));
    assert_eq!(report.capture.last_seen.as_deref(), Some("2001-09-09T01:46:40.001000000Z"));
    assert!(report.capture.complete);
    assert_eq!(report.flows.len(), 1);
}

#[test]
fn documents_are_written_beside_the_report_and_leave_nothing_else() {
    let folder = Folder::new("documents");
    let file = folder.file("two.pcap", &pcap(2));
    // One that is there is replaced.
    let (html, markdown) = (folder.file("out.html", b"before"), folder.0.join("out.md"));
    let (html, markdown) = (Path::new(&html), markdown.as_path());
    let documents = [html, markdown].map(|path| path.to_str().expect("a plain name"));
    let ended = run(&["analyze", &file, "--json", "--html", documents[0], "--markdown", documents[1]]);
    assert_eq!((ended.status.code(), ended.stderr.len()), (Some(0), 0), "{:?}", ended.stderr);
    assert_eq!(report(&ended).capture.packets, 2);
    let (html, markdown) = (fs::read_to_string(html), fs::read_to_string(markdown));
    let (html, markdown) = (html.expect("a page"), markdown.expect("a text"));
    // The first second of them is told in the cover, and the chart of it is drawn.
    for part in
        ["<!doctype html>", "Network report: two.pcap", "2001-09-09 01:46:40 UTC", "<path class=\"area out\""]
    {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(markdown.starts_with("# Network report: two.pcap\n"), "{markdown}");
    let left = fs::read_dir(&folder.0).expect("the folder").count();
    assert_eq!(left, 3, "the capture and two documents");
}

#[test]
fn what_cannot_be_written_is_told_before_anything_is_read() {
    let folder = Folder::new("nowhere");
    let file = folder.file("two.pcap", &pcap(2));
    let nowhere = folder.0.join("nowhere/out.html");
    let ended = run(&["analyze", &file, "--html", nowhere.to_str().expect("a plain name")]);
    assert_eq!((ended.status.code(), ended.stdout.len()), (Some(1), 0));
    assert!(ended.stderr.concat().contains("nowhere/out.html: No such file"), "{:?}", ended.stderr);
}

#[test]
fn no_document_replaces_another_when_nothing_could_be_read() {
    let folder = Folder::new("unread");
    let file = folder.file("none.pcap", b"this is no capture");
    let html = folder.file("out.html", b"before");
    assert_eq!(run(&["analyze", &file, "--html", &html]).status.code(), Some(1));
    assert_eq!(fs::read(&html).expect("the page"), b"before");
    assert_eq!(fs::read_dir(&folder.0).expect("the folder").count(), 2);
}

#[test]
fn several_files_are_one_capture() {
    let folder = Folder::new("several");
    let (first, second) = (folder.file("first.pcap", &pcap(2)), folder.file("second.pcap", &pcap(3)));
    let ended = run(&["analyze", &first, &second, "--json"]);
    let report = report(&ended);
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!((report.capture.packets, report.udp.conversations), (5, 1));
    assert_eq!(report.capture.files, [first, second]);
}

#[test]
fn cut_file_is_code_3_and_says_where() {
    let folder = Folder::new("cut");
    let bytes = pcap(3);
    let file = folder.file("cut.pcap", &bytes[..bytes.len() - 1]);
    let ended = run(&["analyze", &file, "--json"]);
    let report = report(&ended);
    assert_eq!((ended.status.code(), ended.stderr.len()), (Some(3), 1), "{:?}", ended.stderr);
    assert_eq!((report.capture.packets, report.capture.complete), (2, false));
    let problem = report.capture.problem.expect("an incomplete capture has a problem");
    assert!(problem.contains("cut.pcap"), "{problem}");
}

#[test]
fn unreadable_file_among_others_is_code_3() {
    let folder = Folder::new("among");
    let file = folder.file("two.pcap", &pcap(2));
    let missing = folder.path("missing.pcap");
    for files in [[&file, &missing], [&missing, &file]] {
        let ended = run(&["analyze", files[0], files[1], "--json"]);
        let report = report(&ended);
        assert_eq!((ended.status.code(), ended.stderr.len()), (Some(3), 1), "{:?}", ended.stderr);
        assert_eq!(report.capture.packets, 2);
        assert!(report.capture.problem.is_some_and(|problem| problem.contains("missing.pcap")));
    }
}

#[test]
fn nothing_readable_is_code_1_with_one_line() {
    let folder = Folder::new("nothing");
    let text = folder.file("notes.txt", b"not a capture, though long enough to be one's header");
    for arguments in [
        &["analyze", &folder.path("missing.pcap")][..],
        &["analyze", &text, "--json"],
        &["watch", "--interface", "no-such-link"],
    ] {
        let ended = run(arguments);
        assert_eq!((ended.status.code(), ended.stderr.len()), (Some(1), 1), "{:?}", ended.stderr);
        assert!(ended.stdout.is_empty());
    }
}

#[test]
fn text_report_names_the_file_and_its_volume() {
    let folder = Folder::new("text");
    let file = folder.file("two.pcap", &pcap(2));
    let ended = run(&["analyze", &file]);
    assert_eq!(ended.status.code(), Some(0));
    assert!(ended.stdout.join("\n").contains("2 packets, 284 B"), "{:#?}", ended.stdout);
    assert!(ended.stdout.join("\n").contains("10.0.0.1:40000 > 192.0.2.80:9999"), "{:#?}", ended.stdout);
}

#[test]
fn standard_input_is_a_file() {
    let mut command = netsonde(&["analyze", "-", "--json"]);
    let ended = fed(&mut command, &pcap(2));
    assert_eq!((ended.status.code(), report(&ended).capture.packets), (Some(0), 2));
}

#[test]
fn flag_beats_environment_beats_file() {
    let folder = Folder::new("precedence");
    let file = folder.file("two.pcap", &pcap(2));
    folder.file("netsonde.toml", b"json = true\nlocal = ['198.51.100.1']\nflows = 0");
    let networks = |ended: &Ended| report(ended).local.networks;

    let mut command = netsonde(&["analyze", &file]);
    let from_file = Program::start(command.current_dir(&folder.0)).end_within(PATIENCE);
    assert_eq!(networks(&from_file), ["198.51.100.1/32"]);
    assert_eq!((report(&from_file).flows.len(), report(&from_file).flows_omitted), (0, 1));

    command.env("NETSONDE_LOCAL", "198.51.100.2");
    assert_eq!(networks(&Program::start(&mut command).end_within(PATIENCE)), ["198.51.100.2/32"]);

    command.args(["--local", "198.51.100.3"]);
    assert_eq!(networks(&Program::start(&mut command).end_within(PATIENCE)), ["198.51.100.3/32"]);
}

#[test]
fn unknown_key_in_the_options_file_is_code_2() {
    let folder = Folder::new("unknown-key");
    let options = folder.file("options.toml", b"\nintreface = 'eth0'");
    let ended = run(&["interfaces", "--config", &options]);
    assert_eq!(ended.status.code(), Some(2));
    assert!(
        ended.stderr[0].contains("options.toml: line 2: unknown field `intreface`"),
        "{:?}",
        ended.stderr
    );
}

#[test]
fn closed_pipe_ends_quietly() {
    let folder = Folder::new("closed-pipe");
    let file = folder.file("many.pcap", &pcap(20_000));
    let mut child = netsonde(&["analyze", &file, "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("the program ends");
    assert_eq!((ended.status.code(), String::from_utf8_lossy(&ended.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn signal_ends_the_reading_of_a_pipe_that_fell_silent_with_a_report_of_what_came() {
    let mut command = netsonde(&["analyze", "-", "--json", "--log", "debug"]);
    command.stdin(Stdio::piped());
    let mut child = Program::start(&mut command);
    let mut input = child.child.stdin.take().expect("stdin is piped");
    input.write_all(&pcap(2)).and_then(|()| input.flush()).expect("the program reads");
    child.stderr.wait_for(|line| line.contains("reading"));
    child.signal("TERM");
    let ended = child.end_within(Duration::from_secs(3));
    drop(input);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    let report = report(&ended);
    assert_eq!((report.capture.packets, report.capture.complete), (2, false));
    assert_eq!(report.capture.problem.as_deref(), Some("standard input: stopped by a signal"));
    let log = ended.stderr.join("\n");
    assert!(log.contains("stopping") && log.contains("shutdown complete"), "{log}");
}

#[test]
fn signal_ends_the_wait_for_a_pipe_that_says_nothing() {
    let mut command = netsonde(&["analyze", "-", "--log", "debug"]);
    command.stdin(Stdio::piped());
    let mut child = Program::start(&mut command);
    let input = child.child.stdin.take();
    child.stderr.wait_for(|line| line.contains("opening"));
    child.signal("TERM");
    let ended = child.end_within(Duration::from_secs(3));
    drop(input);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
}

#[test]
fn dashboard_is_served_until_a_signal_comes_and_leaves_nothing() {
    let folder = Folder::new("serve");
    let file = folder.file("two.pcap", &pcap(2));
    let data = folder.path("data");
    let mut command = netsonde(&["--listen", "127.0.0.1:0", "--read", &file, "--data", &data]);
    let mut child = Program::start(&mut command);
    let line = child.stdout.wait_for(|line| line.starts_with("netsonde is at http://127.0.0.1:"));
    let address = line.rsplit_once("http://").expect("an address").1.to_owned();
    let get = |address: &str, path: &str| http(address, &format!("GET {path}"), b"");
    let health = get(&address, "/healthz");
    assert!(health.starts_with("HTTP/1.1 200 ") && health.contains("\"version\""), "{health}");
    assert!(get(&address, "/").starts_with("HTTP/1.1 200 "));
    assert!(get(&address, "/api/v1/nothing").starts_with("HTTP/1.1 404 "));
    child.signal("TERM");
    let ended = child.end_within(Duration::from_secs(3));
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    assert!(ended.stderr.join("\n").contains("shutdown complete"), "{:?}", ended.stderr);
    assert!(
        !Path::new(&data).join("uploads").exists()
            || fs::read_dir(Path::new(&data).join("uploads")).expect("a folder").next().is_none()
    );
}

#[test]
fn viewers_see_the_session_finish_before_the_program_ends() {
    let folder = Folder::new("end");
    // 100 s at its own pace.
    let file = folder.file("long.pcap", &pcap(100_000));
    let data = folder.path("data");
    let play = ["--listen", "127.0.0.1:0", "--read", &file, "--replay-speed", "1", "--data", &data];
    let mut child = Program::start(&mut netsonde(&play));
    let line = child.stdout.wait_for(|line| line.starts_with("netsonde is at http://"));
    let address = line.rsplit_once("http://").expect("an address").1.to_owned();
    let socket = std::net::TcpStream::connect(&address).expect("the program listens");
    socket.set_read_timeout(Some(PATIENCE)).expect("a time above 0");
    let (mut viewer, _) =
        tungstenite::client(format!("ws://{address}/api/v1/stream"), socket).expect("a viewer");
    let subscribe = r#"{"id":1,"command":"subscribe","topics":["totals"]}"#;
    viewer.send(Frame::text(subscribe)).expect("the program reads");
    let mut states = Vec::new();
    let mut last_is_numbers = false;
    loop {
        match viewer.read().expect("the program says farewell") {
            Frame::Text(text) => match serde_json::from_str(&text).expect("a message") {
                Message::InitialState(state) => {
                    states.push(state.status.state);
                    child.signal("TERM");
                }
                Message::Status(status) => states.push(status.state),
                Message::Update { .. } => last_is_numbers = states.last() != Some(&State::Running),
                _ => {}
            },
            Frame::Close(_) => break,
            _ => {}
        }
    }
    assert_eq!(states.last(), Some(&State::Finished), "{states:?}");
    assert!(last_is_numbers, "the last numbers come with or after the end");
    let ended = child.end_within(Duration::from_secs(3));
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    let at = |what: &str| ended.stderr.iter().position(|line| line.contains(what));
    assert!(at("stopping").is_some() && at("stopping") < at("shutdown complete"), "{:?}", ended.stderr);
}

#[test]
fn uploads_of_a_killed_run_are_removed_by_the_next() {
    let folder = Folder::new("killed");
    let data = folder.path("data");
    let _ = fs::remove_dir_all(&data);
    let uploads = || {
        let listing = fs::read_dir(Path::new(&data).join("uploads")).expect("a folder");
        listing.map(|entry| entry.expect("an entry").path()).collect::<Vec<_>>()
    };
    let serve = || {
        let mut child = Program::start(&mut netsonde(&["--listen", "127.0.0.1:0", "--data", &data]));
        let line = child.stdout.wait_for(|line| line.starts_with("netsonde is at http://"));
        (child, line.rsplit_once("http://").expect("an address").1.to_owned())
    };
    let (child, address) = serve();
    let answer = http(&address, "POST /api/v1/captures", &pcap(1));
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    let killed = uploads().pop().expect("the run's own folder");
    // The lock and the capture, which nobody else may look at.
    let files: Vec<PathBuf> =
        fs::read_dir(&killed).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    assert_eq!(files.len(), 2, "{files:?}");
    for file in &files {
        assert_eq!(fs::metadata(file).expect("a file").permissions().mode() & 0o777, 0o600, "{files:?}");
    }
    child.signal("KILL");
    child.end_within(PATIENCE);
    assert!(killed.exists());

    let (first, _) = serve();
    assert!(!killed.exists());
    // A run that goes on keeps its folder.
    let (second, _) = serve();
    assert_eq!(uploads().len(), 2);
    for child in [first, second] {
        child.signal("TERM");
        assert_eq!(child.end_within(PATIENCE).status.code(), Some(0));
    }
    assert!(uploads().is_empty());
}

#[test]
fn missing_file_is_named_as_it_was_given() {
    for arguments in [&["serve", "--read", "/missing/x.pcap"][..], &["--read", "missing/x.pcap"]] {
        let ended = run(&[arguments, &["--listen", "127.0.0.1:0", "--data", "missing-file"]].concat());
        assert_eq!((ended.status.code(), ended.stderr.len()), (Some(1), 1), "{:?}", ended.stderr);
        assert!(ended.stderr[0].contains(arguments[arguments.len() - 1]), "{:?}", ended.stderr);
    }
}

#[test]
fn address_that_is_taken_is_code_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let ended = run(&["serve", "--listen", &address]);
    assert_eq!((ended.status.code(), ended.stderr.len()), (Some(1), 1), "{:?}", ended.stderr);
}

/// Sends a request and returns the whole answer.
fn http(address: &str, request: &str, body: &[u8]) -> String {
    let mut socket = std::net::TcpStream::connect(address).expect("the program listens");
    let length = body.len();
    let head = format!(
        "{request} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    socket.write_all(&[head.as_bytes(), body].concat()).expect("the program reads");
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut socket, &mut answer).expect("the program answers in text");
    answer
}

#[test]
fn interfaces_are_listed_as_json() {
    let ended = run(&["interfaces", "--json"]);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    let rows: Vec<netsonde_messages::InterfaceRow> =
        serde_json::from_str(&ended.stdout.concat()).expect("rows");
    assert!(rows.iter().any(|row| row.loopback), "{rows:?}");
}

/// A folder of one test's own.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        fs::create_dir_all(&path).expect("the folder of temporary files is writable");
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.path(name);
        fs::write(&path, content).expect("the folder is writable");
        path
    }
}

/// Makes a command that sees none of the tester's own configuration.
fn netsonde(arguments: &[&str]) -> Command {
    let mut command = Command::new(NETSONDE);
    command.args(arguments).env_clear().current_dir(env!("CARGO_TARGET_TMPDIR")).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Ended {
    Program::start(&mut netsonde(arguments)).end_within(PATIENCE)
}

fn fed(command: &mut Command, input: &[u8]) -> Ended {
    let mut child = Program::start(command.stdin(Stdio::piped()));
    let mut pipe = child.child.stdin.take().expect("stdin is piped");
    pipe.write_all(input).expect("the program reads");
    drop(pipe);
    child.end_within(PATIENCE)
}

fn report(ended: &Ended) -> Report<Vec<Flow>> {
    serde_json::from_str(&ended.stdout.concat()).unwrap_or_else(|error| panic!("{error}: {:?}", ended.stdout))
}

/// Makes a capture of datagrams from 10.0.0.1 to 192.0.2.80, one each millisecond.
fn pcap(packets: u32) -> Vec<u8> {
    // Microsecond magic, version 2.4, zone, accuracy, snaplen 65535, Ethernet.
    let mut file = 0xa1b2_c3d4_u32.to_le_bytes().to_vec();
    file.extend([2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0]);
    let length = u32::try_from(DATAGRAM_BYTES).expect("a short packet");
    for number in 0..packets {
        let (second, micros) = (1_000_000_000 + number / 1000, number % 1000 * 1000);
        for field in [second, micros, length, length] {
            file.extend(field.to_le_bytes());
        }
        file.extend(datagram());
    }
    file
}

fn datagram() -> Vec<u8> {
    let ip_length = u16::try_from(DATAGRAM_BYTES - 14).expect("a short packet");
    // Two hardware addresses and the type IPv4.
    let mut packet = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0];
    packet.extend([0x45, 0]);
    packet.extend(ip_length.to_be_bytes());
    // Identification, flags, time to live 64, UDP, no checksum, source, destination.
    packet.extend([0, 0, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, 1, 192, 0, 2, 80]);
    packet.extend(40_000_u16.to_be_bytes());
    packet.extend(9_999_u16.to_be_bytes());
    packet.extend((ip_length - 20).to_be_bytes());
    packet.extend([0, 0]);
    packet.resize(DATAGRAM_BYTES, 0);
    packet
}
