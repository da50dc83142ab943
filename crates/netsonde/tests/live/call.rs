//! A call over a line that loses, delays, overtakes and doubles by plan: what the dashboard says of it, and what the line did.

#![expect(clippy::indexing_slicing, reason = "a frame that is too short fails its test")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

use netsonde_messages::stream::{State, TotalsTopic};
use netsonde_messages::{CallState, Calls, RtpStream};
use netsonde_synth::Rng;
use netsonde_synth::payload::rtp::{Codec, Header};
use netsonde_synth::payload::sip::{Call, Method, Party, Status};

use crate::dashboard::Dashboard;
use crate::forwarder::{Forwarder, Lane, ONE_WAY, clock, forward};
use crate::support::PATIENCE;
use crate::wire::{HERE, LINK, THERE, Wire};

const SIP_PORT: u16 = 5060;
const MEDIA_PORT: u16 = 40_030;
/// Each way: 8 s.
const PACKETS: u64 = 400;
const PACE: Duration = Duration::from_millis(20);
/// What either side sends.
const SOURCES: [u32; 2] = [0x0c0f_fee0, 0x0c0f_fee1];
/// Their numbers wrap on the way.
const FIRST: u16 = 65_400;

/// Where the headers of Ethernet, IPv4 and UDP end.
const PAYLOAD: usize = 14 + 20 + 8;

/// What the plan does to the packet of that number among those that come from the other end.
fn planned(number: u64) -> Vec<Duration> {
    let late = Duration::from_millis(number * 7 % 11);
    match number % 100 {
        // One alone, two in a row.
        17 | 58 | 59 => Vec::new(),
        // Behind two others.
        30 => vec![ONE_WAY + Duration::from_millis(50)],
        75 => vec![ONE_WAY + late, ONE_WAY + late + Duration::from_millis(3)],
        _ => vec![ONE_WAY + late],
    }
}

/// Number and time stamp of a frame of sound.
fn sound(frame: &[u8]) -> Option<(u16, u32)> {
    let port = u16::from_be_bytes([*frame.get(36)?, *frame.get(37)?]);
    let header = frame.get(PAYLOAD..PAYLOAD + 12).filter(|_| frame[12..14] == [8, 0] && frame[23] == 17)?;
    let word = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    (port == MEDIA_PORT).then(|| (u16::from_be_bytes([header[2], header[3]]), word(4)))
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_forwarding() {
    let line = |what: &str, at: Duration, frame: &[u8]| {
        sound(frame).map(|(number, stamp)| format!("{what} {} {number} {stamp}", at.as_nanos()))
    };
    let (mut came, mut lost, mut left, mut number) = (Vec::new(), Vec::new(), Vec::new(), 0);
    let mut out = |at, frame: &[u8]| {
        came.extend(line("came", at, frame));
        vec![ONE_WAY]
    };
    let mut back = |at, frame: &[u8]| {
        if sound(frame).is_none() {
            return vec![ONE_WAY];
        }
        number += 1;
        let ways = planned(number);
        lost.extend(line("lost", at, frame).filter(|_| ways.is_empty()));
        ways
    };
    let mut arrives = |at, frame: &[u8]| left.extend(line("left", at, frame));
    forward([Lane { fate: &mut out, left: &mut |_, _| () }, Lane { fate: &mut back, left: &mut arrives }]);
    for line in [came, lost, left].concat() {
        eprintln!("{line}");
    }
}

/// The two ends, as their signalling names them.
fn call() -> Call {
    let party = |user: &str, address: Ipv4Addr| Party {
        user: user.to_owned(),
        domain: "example.org".to_owned(),
        address: address.into(),
        port: SIP_PORT,
        media_ports: vec![MEDIA_PORT],
    };
    Call {
        caller: party("alice", HERE),
        callee: party("bob", THERE),
        codecs: vec![Codec::Pcma],
        has_digits: false,
        id: 0xca11,
    }
}

fn socket(address: Ipv4Addr, port: u16) -> UdpSocket {
    let socket = UdpSocket::bind((address, port)).expect("the namespace has the address");
    socket.set_read_timeout(Some(PATIENCE)).expect("a time to wait");
    socket
}

/// Sends sound at its pace, and takes what the other end sends from its socket's queue.
fn talk(socket: &UdpSocket, to: Ipv4Addr, ssrc: u32) {
    let (mut rng, begin) = (Rng::new(u64::from(ssrc), 1), clock());
    for number in 0..PACKETS {
        let due = begin + PACE * u32::try_from(number).expect("few packets");
        while let Some(left) = due.checked_sub(clock()).filter(|left| !left.is_zero()) {
            thread::park_timeout(left);
        }
        let number = u32::try_from(number).expect("few packets");
        let header = Header {
            is_marked: number == 0,
            payload_type: Codec::Pcma.payload_type(),
            sequence: FIRST.wrapping_add(u16::try_from(number).expect("few packets")),
            timestamp: number * Codec::Pcma.step(),
            ssrc,
            is_long: false,
        };
        socket.send_to(&header.packet(160, &mut rng), (to, MEDIA_PORT)).expect("the wire takes it");
    }
}

fn hears(socket: &UdpSocket, beginning: &str) -> SocketAddr {
    let mut message = [0; 2_000];
    loop {
        let (len, from) = socket.recv_from(&mut message).expect("the other end speaks in time");
        if message[..len].starts_with(beginning.as_bytes()) {
            return from;
        }
    }
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_answering() {
    let (signals, media, call) = (socket(THERE, SIP_PORT), socket(THERE, MEDIA_PORT), call());
    eprintln!("at the telephone");
    let caller = hears(&signals, "INVITE");
    for status in [Status::Ringing, Status::Ok] {
        signals.send_to(&call.response(status, Method::Invite), caller).expect("the wire takes it");
    }
    hears(&signals, "ACK");
    talk(&media, HERE, SOURCES[1]);
    hears(&signals, "BYE");
    signals.send_to(&call.response(Status::Ok, Method::Bye), caller).expect("the wire takes it");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

/// Frames that netsonde sees: six of signalling, all that leave, and of those that come what the plan lets through.
fn frames() -> u64 {
    let come: usize = (1..=PACKETS).map(|number| planned(number).len()).sum();
    6 + PACKETS + u64::try_from(come).expect("few packets")
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_calling() {
    let dashboard = Dashboard::start(&[]);
    let mut viewer = dashboard.viewer();
    viewer.ask(r#""command":"subscribe","topics":["totals","calls"]"#).expect("a page may subscribe");
    viewer.start_capture(LINK, "udp").expect("the interface is up");
    let (signals, media, call) = (socket(HERE, SIP_PORT), socket(HERE, MEDIA_PORT), call());
    let callee = (THERE, SIP_PORT);
    signals.send_to(&call.request(Method::Invite), callee).expect("the wire takes it");
    hears(&signals, "SIP/2.0 200");
    signals.send_to(&call.request(Method::Ack), callee).expect("the wire takes it");
    talk(&media, THERE, SOURCES[0]);
    // The last ones of the other end are still under way.
    viewer.until("heard to the end", |_, traffic| traffic.packets >= frames() - 2);
    signals.send_to(&call.request(Method::Bye), callee).expect("the wire takes it");
    hears(&signals, "SIP/2.0 200");
    viewer.until_state(State::Running, frames());
    viewer.ask(r#""command":"stop_capture""#).expect("it is running");
    viewer.until_state(State::Finished, frames());
    // What a page that comes afterwards is shown.
    let mut late = dashboard.viewer();
    late.ask(r#""command":"subscribe","topics":["totals","calls"]"#).expect("a page may subscribe");
    while late.calls.is_none() {
        late.hear();
    }
    let (totals, calls) = (late.totals.expect("totals were heard"), late.calls.expect("calls were heard"));
    eprintln!("totals: {}", serde_json::to_string(&totals).expect("JSON"));
    eprintln!("calls: {}", serde_json::to_string(&calls).expect("JSON"));
    dashboard.end();
}

/// What the line's log says of a stream, by RFC 3550 appendix A.3 and A.8.
#[derive(Debug, Default)]
struct Logged {
    expected: u64,
    lost: u64,
    duplicates: u64,
    late: u64,
    /// The jitter after each packet but the first, in milliseconds.
    jitter: Vec<f64>,
}

/// Reads the lines of one kind: when, number, time stamp.
fn entries(log: &[String], kind: &str) -> Vec<(f64, u16, f64)> {
    let of = |line: &String| -> Option<(f64, u16, f64)> {
        let mut words = line.strip_prefix(kind)?.split_whitespace();
        Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?, words.next()?.parse().ok()?))
    };
    log.iter().filter_map(of).collect()
}

fn logged(passed: &[(f64, u16, f64)]) -> Logged {
    let mut logged = Logged::default();
    let (mut seen, mut jitter) = (BTreeSet::new(), 0.0);
    let mut last: Option<(f64, f64)> = None;
    for (at, number, stamp) in passed {
        // The place of a packet: all numbers are behind the first one.
        let place = number.wrapping_sub(FIRST);
        let highest = seen.last().copied().unwrap_or_default();
        if seen.insert(place) {
            logged.late += u64::from(place < highest);
        } else {
            logged.duplicates += 1;
        }
        // At 8 kHz a step of the stamp is an eighth of a millisecond.
        let (at, stamp) = (at / 1e6, stamp / 8.0);
        if let Some((before, stamp_before)) = last.replace((at, stamp)) {
            let difference: f64 = (at - before) - (stamp - stamp_before);
            jitter += (difference.abs() - jitter) / 16.0;
            logged.jitter.push(jitter);
        }
    }
    let highest = seen.last().copied().unwrap_or_default();
    logged.expected = u64::from(highest) + 1;
    logged.lost = logged.expected - u64::try_from(seen.len()).expect("few packets");
    logged
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn assert_near(what: &str, told: Option<f64>, is: f64) {
    let told = told.unwrap_or_else(|| panic!("{what}: nothing is told"));
    assert!((told - is).abs() < 1.0, "{what}: {told} ms is not {is} ms");
}

fn assert_stream(stream: &RtpStream, is: &Logged) {
    let told = (stream.expected, stream.lost, stream.duplicates, stream.out_of_order);
    assert_eq!(told, (is.expected, is.lost, is.duplicates, is.late), "{stream:?}");
    assert_eq!((stream.restarts, stream.clock_rate, stream.codec.as_deref()), (0, Some(8_000), Some("PCMA")));
    let last = is.jitter.last().copied().expect("there is jitter");
    assert_near("the last jitter", stream.jitter_ms, last);
    assert_near("the mean jitter", stream.jitter_ms_mean, mean(&is.jitter));
    assert_near("the largest jitter", stream.jitter_ms_max, is.jitter.iter().copied().fold(0.0, f64::max));
}

#[test]
fn a_call_over_a_bad_line_is_what_the_line_did_to_it() {
    let Some(wire) = Wire::cut("m") else { return };
    let forwarder = Forwarder::of(&wire, "call::inside_forwarding");
    let mut callee = wire.start_there("call::inside_answering");
    callee.stderr.wait_for(|line| line == "at the telephone");
    let caller = wire.start_here("call::inside_calling").end_within(2 * PATIENCE);
    assert!(caller.status.success(), "{:?} {:?}", caller.stdout, caller.stderr);
    drop(callee.child.stdin.take());
    assert!(callee.end_within(PATIENCE).status.success());
    let log = forwarder.log();

    let told = |what: &str| {
        caller.stderr.iter().find_map(|line| line.strip_prefix(what)).unwrap_or_else(|| panic!("no {what}"))
    };
    let totals: TotalsTopic = serde_json::from_str(told("totals: ")).expect("totals");
    let calls: Calls = serde_json::from_str(told("calls: ")).expect("calls");
    let streams: BTreeMap<u32, &RtpStream> = calls.streams.iter().map(|one| (one.ssrc, one)).collect();
    assert_eq!(streams.keys().copied().collect::<Vec<_>>(), SOURCES);

    let [up, down] = [logged(&entries(&log, "came ")), logged(&entries(&log, "left "))];
    // The plan was carried out: of 400 three, one and one in a hundred.
    let lost: BTreeSet<u16> = entries(&log, "lost ").iter().map(|(_, number, _)| *number).collect();
    assert_eq!((lost.len(), down.lost, down.duplicates, up.lost), (12, 12, 4, 0));
    assert!(down.late > 0, "{down:?}");
    assert_stream(streams[&SOURCES[0]], &up);
    assert_stream(streams[&SOURCES[1]], &down);

    let share = 100.0 * 12.0 / (2.0 * PACKETS as f64);
    let average = totals.rtp_loss.average_percentage.expect("there were packets");
    assert!((average - share).abs() < 1e-9, "{average} %, lost {share} %");
    assert_near(
        "the dashboard's jitter",
        totals.jitter.average_ms,
        mean(&[&up.jitter[..], &down.jitter].concat()),
    );

    let [call] = &calls.calls[..] else { panic!("{:?}", calls.calls) };
    assert_eq!(
        (call.state, call.streams.len(), &*call.codecs),
        (CallState::Ended, 2, &["PCMA".to_owned()][..])
    );
    assert_eq!((call.from.as_deref(), call.caller), (Some("sip:alice@example.org"), HERE.into()));
    // Ringing comes after the line's way there and back; the callee may be slow to answer on a busy machine.
    let ringing = call.post_dial_delay_ms.expect("it rang");
    assert!((9.9..1_000.0).contains(&ringing), "{ringing} ms");
    eprintln!(
        "lost {} of {}, late {}, jitter {:.3} ms",
        down.lost,
        down.expected,
        down.late,
        mean(&down.jitter)
    );
}
