//! Captures through tshark: the same numbers, told apart when it fails, never left running.
//!
//! Needs tshark besides what the other live tests need.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use netsonde_messages::stream::{ReplyData, State};
use netsonde_messages::{CaptureEngine, Delays, Flow, InterfaceRow, Latency, Report, TcpCounts};

use crate::dashboard::{Dashboard, Viewing};
use crate::support::{NETSONDE, PATIENCE, Program};
use crate::wire::{HERE, LINK, THERE, Wire, must};
use crate::{faults, own_traffic, reports};

const THROUGH_TSHARK: [&str; 2] = ["env", "NETSONDE_ENGINE=tshark"];
/// Neighbours are asked for at times of the kernel's own, maybe between the ends of two captures.
const FILTER: &str = "not arp";
const DATAGRAMS: u64 = 1_000;
const CONNECTIONS: u64 = 20;

/// Lays the wire; none, with a loud line, where that or tshark is not to be had.
fn wire(test: &str) -> Option<Wire> {
    if Command::new("tshark").arg("--version").stdout(Stdio::null()).status().is_err() {
        assert!(std::env::var_os("CI").is_none(), "tests of tshark need it");
        eprintln!("LIVE TEST SKIPPED, needs tshark");
        return None;
    }
    Wire::new(test)
}

#[test]
fn both_engines_count_the_same_traffic() {
    let Some(wire) = wire("te") else { return };
    let mut captures = ["libpcap", "tshark"].map(|engine| {
        let command = ["watch", "--json", "--interface", LINK, "--filter", FILTER, "--engine", engine];
        let mut capture = Program::start(&mut wire.netsonde(&command));
        capture.stderr.wait_for(|line| line.contains("capturing on"));
        capture
    });
    wire.run_there("tshark::mixed_sender");
    captures[0].stdout.wait_for(|line| crate::report(line).totals.inbound.packets >= DATAGRAMS);
    let ends = captures.map(|capture| {
        capture.signal("TERM");
        let ended = capture.end_within(PATIENCE);
        assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
        reports(&ended).pop().expect("there is a final report")
    });

    let [libpcap, tshark] = &ends;
    assert_eq!(counts(tshark), counts(libpcap));
    let flows = |report: &Report<Vec<Flow>>| -> BTreeMap<_, _> {
        let key = |flow: &Flow| (flow.transport.clone(), flow.client, flow.client_port, flow.server_port);
        let of = |flow: &Flow| {
            (flow.protocol.clone(), flow.packets_up, flow.packets_down, flow.bytes_up, flow.bytes_down)
        };
        report.flows.iter().map(|flow| (key(flow), of(flow))).collect()
    };
    assert_eq!(flows(tshark), flows(libpcap));
    // Both against what was sent: of a refused connection its SYN and its RST.
    let (inbound, tcp) = (tshark.totals.inbound, &tshark.tcp);
    assert_eq!((inbound.packets, tcp.connections), (DATAGRAMS + CONNECTIONS, CONNECTIONS));
    assert_eq!((tcp.packets, tcp.refused), (2 * CONNECTIONS, CONNECTIONS));
    // It tells with its last words, which a machine that is too busy for them costs it.
    assert_eq!(tshark.capture.kernel_drops.unwrap_or(0), 0);
    assert!(tshark.capture.complete && libpcap.capture.complete);
    assert_eq!(tshark.capture.truncated_packets, 0);
}

/// What is counted, without what depends on when a capture began and ended, and when it stamped its packets.
fn counts(report: &Report<Vec<Flow>>) -> String {
    let capture = &report.capture;
    let no_delays = Delays::default();
    let tcp = TcpCounts {
        rtt_ms: no_delays,
        rtt_far_ms: no_delays,
        rtt_near_ms: no_delays,
        initial_rtt_ms: no_delays,
        server_response_ms: no_delays,
        latency: Latency::default(),
        ..report.tcp
    };
    format!(
        "{:?}",
        (
            (capture.packets, capture.bytes, &capture.link_types, capture.interface_drops),
            (&report.totals, &report.protocol_distribution, &report.protocols, &report.ip_composition),
            (&report.encryption_composition, &tcp, &report.udp, &report.top_talkers),
        )
    )
}

/// No test: sends datagrams of many sizes and tries connections that are refused.
#[test]
#[ignore = "sends from inside a namespace"]
fn mixed_sender() {
    let socket = UdpSocket::bind((THERE, 0)).expect("the namespace has the address");
    let payload = [0x55; 1400];
    for number in 0..DATAGRAMS {
        // A prime step visits all sizes in no simple order.
        let len = usize::try_from(number * 611 % 1400 + 1).expect("it is small");
        // Nobody listens over there, so some sends report the ICMP error to an earlier one instead of sending.
        while socket.send_to(&payload[..len], (HERE, 9)).is_err() {}
    }
    for _ in 0..CONNECTIONS {
        let refused = TcpStream::connect((HERE, 9)).expect_err("nobody listens");
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    }
}

#[test]
fn tshark_leaves_the_dashboards_own_traffic_out_too() {
    if let Some(wire) = wire("to") {
        wire.run_here("tshark::inside_loopback");
    }
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_loopback() {
    own_traffic::watch_loopback(&THROUGH_TSHARK);
}

/// Fault 40 of the design's public implementation: tshark died and the capture still called itself running.
#[test]
fn a_tshark_that_is_killed_fails_the_capture_and_leaves_nothing() {
    if let Some(wire) = wire("tk") {
        wire.run_here("tshark::inside_killed");
    }
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_killed() {
    let dashboard = Dashboard::start(&THROUGH_TSHARK);
    let (mut viewer, group) = running(&dashboard);
    signal("KILL", group[0]);
    let told = format!("interface {LINK} stopped delivering after packet 100: tshark was killed by signal 9");
    assert_eq!(viewer.until_state(State::Failed, faults::DATAGRAMS).problem, Some(told));
    assert_all_end(&group);

    // A failure is no dead end; this time the part of tshark dies that captures.
    let (mut viewer, group) = running(&dashboard);
    signal("KILL", group[1]);
    let failed = viewer.until_state(State::Failed, faults::DATAGRAMS);
    let told = failed.problem.expect("a reason");
    assert!(told.contains("Child dumpcap process died: Killed"), "{told}");
    assert_all_end(&group);

    // And this time the interface.
    let (mut viewer, group) = running(&dashboard);
    must(&["link", "delete", LINK]);
    let told = viewer.until_state(State::Failed, faults::DATAGRAMS).problem.expect("a reason");
    assert!(
        told.starts_with("interface sonde0 stopped delivering after packet 100: tshark says: "),
        "{told}"
    );
    assert!(told.contains("no longer attached"), "{told}");
    assert_all_end(&group);
    dashboard.end();
}

#[test]
fn a_tshark_that_is_stopped_is_said_to_be_until_it_goes_on() {
    if let Some(wire) = wire("tp") {
        wire.run_here("tshark::inside_stopped");
    }
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_stopped() {
    let dashboard = Dashboard::start(&THROUGH_TSHARK);
    let (mut viewer, group) = running(&dashboard);
    // tshark itself and its dumpcap.
    for process in &group {
        signal("STOP", *process);
        let told = format!(
            "{LINK} is not captured on, as tshark is stopped (process {process}): \
             continue it with `kill -CONT {process}` or stop the capture"
        );
        viewer.until("said", |status, _| status.problem.as_ref() == Some(&told));
        signal("CONT", *process);
        viewer.until("over", |status, _| status.problem.is_none());
    }
    faults::send();
    viewer.until_state(State::Running, 2 * faults::DATAGRAMS);
    // Stopped for good, it can be ended all the same.
    signal("STOP", group[1]);
    viewer.until("said", |status, _| status.problem.is_some());
    viewer.ask(r#""command":"stop_capture""#).expect("it is running");
    assert_all_end(&group);
    dashboard.end();
}

/// Fault 42 of the design's public implementation: a tshark with root's rights that nobody owned.
#[test]
fn no_tshark_is_left_whoever_ends_it() {
    if let Some(wire) = wire("tl") {
        wire.run_here("tshark::inside_ends");
    }
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_ends() {
    let dashboard = Dashboard::start(&THROUGH_TSHARK);
    let (mut viewer, group) = running(&dashboard);
    viewer.ask(r#""command":"stop_capture""#).expect("it is running");
    assert_eq!(viewer.until_state(State::Finished, faults::DATAGRAMS).problem, None);
    assert_eq!(members(group[0]), [0; 0]);

    // The end of the program, in order and not.
    let (_, group) = running(&dashboard);
    dashboard.end();
    assert_eq!(members(group[0]), [0; 0]);
    let dashboard = Dashboard::start(&THROUGH_TSHARK);
    let (_, group) = running(&dashboard);
    signal("KILL", dashboard.pid());
    assert_all_end(&group);
}

/// Fault 45 of the design's public implementation: tshark kept all packets in a temporary file, and itself in memory.
#[test]
fn a_capture_through_tshark_leaves_no_file() {
    if let Some(wire) = wire("tf") {
        wire.run_here("tshark::inside_files");
    }
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let temporary = format!("TMPDIR={}", folder.path().display());
    let dashboard = Dashboard::start(&["env", "NETSONDE_ENGINE=tshark", &temporary]);
    let files = || fs::read_dir(folder.path()).expect("a folder").count();
    let (mut viewer, group) = running(&dashboard);
    assert_eq!(files(), 0);
    for process in group {
        let open = fs::read_dir(format!("/proc/{process}/fd")).expect("it runs");
        let open = open.filter_map(|file| fs::read_link(file.ok()?.path()).ok());
        let written: Vec<_> = open.filter(|file| file.is_file()).collect();
        assert!(written.is_empty(), "{written:?}");
    }
    viewer.ask(r#""command":"stop_capture""#).expect("it is running");
    // The named pipe of a capture program is removed with it.
    viewer.start_capture("udpdump", "").expect("it listens on a port of its own");
    viewer.ask(r#""command":"stop_capture""#).expect("it is running");
    assert_eq!(files(), 0);
    dashboard.end();
}

/// Fault 41 of the design's public implementation: what failed later than 0.2 s was reported as started.
#[test]
fn a_tshark_that_cannot_capture_says_why() {
    if let Some(wire) = wire("tw") {
        wire.run_here("tshark::inside_refusing");
    }
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_refusing() {
    let dashboard = Dashboard::start(&THROUGH_TSHARK);
    let mut viewer = dashboard.viewer();
    // A filter that is not valid is a slip of the pen: nothing changes.
    let refused = viewer.start_capture(LINK, "port http and").expect_err("no filter");
    let words = "filter \"port http and\" is not valid: can't parse filter expression: syntax error";
    assert_eq!(refused, words);
    assert_eq!(viewer.until_state(State::Idle, 0).problem, None);
    // So is one that looks like an option.
    let refused = viewer.start_capture(LINK, "-w /tmp/x").expect_err("no filter");
    assert!(refused.starts_with("filter \"-w /tmp/x\" is not valid: "), "{refused}");
    must(&["link", "set", LINK, "down"]);
    let refused = viewer.start_capture(LINK, "").expect_err("it is down");
    assert!(refused.contains("tshark says: ") && refused.contains("is not up"), "{refused}");
    assert_eq!(viewer.until_state(State::Failed, 0).problem, Some(refused));
    must(&["link", "set", LINK, "up"]);
    dashboard.end();

    let dashboard = Dashboard::start(&["env", "NETSONDE_ENGINE=tshark", "PATH=/nonexistent"]);
    let mut viewer = dashboard.viewer();
    let refused = viewer.start_capture(LINK, "").expect_err("no tshark");
    assert!(
        refused.starts_with("tshark is not installed") && refused.contains("apt install tshark"),
        "{refused}"
    );
    assert_eq!(viewer.until_state(State::Failed, 0).problem, Some(refused.clone()));
    assert_eq!(viewer.ask(r#""command":"get_interfaces""#), Err(refused));
    dashboard.end();

    let no_rights = ["setpriv", "--bounding-set", "-net_raw,-net_admin"];
    let dashboard = Dashboard::start(&[&no_rights[..], &THROUGH_TSHARK].concat());
    let refused = dashboard.viewer().start_capture(LINK, "").expect_err("no right to capture");
    assert!(refused.starts_with("not allowed to capture on sonde0: tshark "), "{refused}");
    assert!(refused.contains("wireshark-common") && refused.contains("setcap"), "{refused}");
    dashboard.end();
    // A user without any right: tshark is asked, as its own part may have one.
    let nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all"];
    let watch = ["watch", "--interface", LINK];
    let mut command = Command::new("setpriv");
    command.args(&nobody[1..]).args(THROUGH_TSHARK).arg(NETSONDE).args(watch).current_dir("/");
    let ended = Program::start(command.stdin(Stdio::null())).end_within(PATIENCE);
    let said = ended.stderr.join("\n");
    assert!(
        said.contains("not allowed to capture on sonde0: tshark says: You do not have permission"),
        "{said}"
    );
}

/// Fault 55 of the design's public implementation: a page could have tshark connect to any host and read its packets.
#[test]
fn names_that_tshark_does_not_list_never_reach_it() {
    if let Some(wire) = wire("tn") {
        wire.run_here("tshark::inside_names");
    }
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_names() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a listener can look");
    let port = listener.local_addr().expect("an address").port();
    let dashboard = Dashboard::start(&THROUGH_TSHARK);
    let mut viewer = dashboard.viewer();
    let remote = [format!("TCP@127.0.0.1:{port}"), format!("rpcap://127.0.0.1:{port}/lo")];
    let others = ["-", "1", "", "/dev/stdin", "-i lo", "lo "];
    // tshark lists these; they are no networks, and an nfqueue takes packets away from their way.
    let buses = ["nfqueue", "dbus-system", "dbus-session", "bluetooth-monitor", "usbmon0"];
    for name in remote.iter().map(String::as_str).chain(others).chain(buses) {
        let refused = viewer.start_capture(name, "").expect_err("no interface");
        assert!(refused.starts_with("no interface is called "), "{name}: {refused}");
        viewer.until("failed", |status, _| status.state == State::Failed);
    }
    let nobody_came = listener.accept().expect_err("nobody connects").kind();
    assert_eq!(nobody_came, ErrorKind::WouldBlock);

    // An interface of this name is there, and is no capture program of tshark's.
    must(&["link", "add", "a@b", "type", "veth", "peer", "name", "b@a"]);
    let refused = viewer.start_capture("a@b", "").expect_err("tshark would look for a host");
    assert_eq!(refused, "cannot capture on a@b: tshark cannot be given this name");
    dashboard.end();
}

#[test]
fn interfaces_that_only_tshark_knows_are_listed_and_captured() {
    if let Some(wire) = wire("ti") {
        wire.run_here("tshark::inside_listing");
    }
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_listing() {
    let dashboard = Dashboard::start(&THROUGH_TSHARK);
    let mut viewer = dashboard.viewer();
    let Ok(Some(ReplyData::Interfaces(rows))) = viewer.ask(r#""command":"get_interfaces""#) else {
        panic!("no list")
    };
    let engines = |name: &str| {
        let row = rows.iter().find(|row| row.name == name);
        let row = row.unwrap_or_else(|| panic!("{name}: {rows:?}"));
        (row.engines.clone(), row.may_capture)
    };
    assert_eq!(engines(LINK), (vec![CaptureEngine::Libpcap, CaptureEngine::Tshark], Some(true)));
    // It makes a thousand packets and ends.
    assert_eq!(engines("randpkt"), (vec![CaptureEngine::Tshark], None));
    viewer.start_capture("randpkt", "").expect("tshark makes packets");
    assert_eq!(viewer.until_state(State::Finished, 1_000).problem, None);
    dashboard.end();

    let listed = Program::start(Command::new(NETSONDE).args(["interfaces", "--engine", "tshark"]));
    let page = listed.end_within(PATIENCE).stdout;
    assert!(page.iter().any(|line| line.ends_with("Random packet generator (tshark only)")), "{page:#?}");
}

/// The product starts it when it is asked to, and never else.
#[test]
fn without_the_option_tshark_is_never_started() {
    if let Some(wire) = wire("tx") {
        wire.run_here("tshark::inside_never");
    }
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_never() {
    let folder = tempfile::tempdir().expect("a folder");
    let (stand_in, trace) = (folder.path().join("tshark"), folder.path().join("trace"));
    fs::write(&stand_in, format!("#!/bin/sh\n: > '{}'\n", trace.display())).expect("the folder is ours");
    fs::set_permissions(&stand_in, Permissions::from_mode(0o755)).expect("the file is ours");
    let path = format!("PATH={}:/usr/bin:/bin", folder.path().display());

    let dashboard = Dashboard::start(&["env", &path]);
    let mut viewer = dashboard.viewer();
    let Ok(Some(ReplyData::Interfaces(rows))) = viewer.ask(r#""command":"get_interfaces""#) else {
        panic!("no list")
    };
    assert!(rows.iter().all(|row| row.engines == [CaptureEngine::Libpcap]), "{rows:?}");
    viewer.start_capture(LINK, "").expect("the interface is up");
    viewer.start_capture("sshdump", "").expect_err("a capture runs");
    viewer.ask(r#""command":"stop_capture""#).expect("it is running");
    viewer.start_capture("sshdump", "").expect_err("libpcap does not know it");
    dashboard.end();
    let mut command = Command::new("env");
    let ended = Program::start(command.args([&path, NETSONDE, "interfaces", "--json"])).end_within(PATIENCE);
    let rows: Vec<InterfaceRow> = serde_json::from_str(&ended.stdout.concat()).expect("rows");
    assert!(!rows.is_empty() && !trace.exists());

    // Asked for, the stand-in is started, so this test would have noticed.
    let asked = [&path, NETSONDE, "interfaces", "--engine", "tshark"];
    let ended = Program::start(Command::new("env").args(asked)).end_within(PATIENCE);
    assert!(trace.exists(), "{:?}", ended.stderr);
}

/// Captures what is sent, and returns a viewer that has seen it, and tshark's process with those that it started.
fn running(dashboard: &Dashboard) -> (Viewing, Vec<u32>) {
    let mut viewer = dashboard.viewer();
    // What an earlier capture counted must not be taken for the packets of this one.
    viewer.ask(r#""command":"reset""#).expect("no capture runs");
    viewer.until("empty", |status, traffic| status.state == State::Idle && traffic.packets == 0);
    viewer.start_capture(LINK, faults::FILTER).expect("the interface is up");
    faults::send();
    viewer.until_state(State::Running, faults::DATAGRAMS);
    let processes = processes();
    let tshark = processes.iter().find(|(_, parent, _)| *parent == dashboard.pid());
    let (tshark, ..) = tshark.unwrap_or_else(|| panic!("no tshark: {processes:?}"));
    let group = members(*tshark);
    assert!(group.len() >= 2 && group.first() == Some(tshark), "tshark and its dumpcap: {group:?}");
    (viewer, group)
}

/// Returns the processes of a group, its leader first.
fn members(group: u32) -> Vec<u32> {
    let mut members: Vec<u32> =
        processes().into_iter().filter(|(_, _, of)| *of == group).map(|(id, ..)| id).collect();
    members.sort_by_key(|id| (*id != group, *id));
    members
}

/// Returns number, parent and group of all processes (proc(5), stat).
fn processes() -> Vec<(u32, u32, u32)> {
    let of = |entry: fs::DirEntry| {
        let id = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(1);
        Some((id, fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    fs::read_dir("/proc").expect("Linux").filter_map(|entry| of(entry.ok()?)).collect()
}

fn assert_all_end(processes: &[u32]) {
    for process in processes {
        let wait = ["10", "tail", "-s", "0.05", "-f", "/dev/null"];
        let waited = Command::new("timeout").args(wait).arg(format!("--pid={process}")).status();
        assert!(waited.expect("timeout starts").success(), "process {process} is left");
    }
}

fn signal(name: &str, process: u32) {
    let sent = Command::new("kill").args(["-s", name, &process.to_string()]).status();
    assert!(sent.expect("kill starts").success(), "SIG{name} could not be sent");
}
