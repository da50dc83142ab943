//! A line of our own: it carries frames over a cut wire, later by plan, and loses some of them by plan.

#![expect(clippy::indexing_slicing, reason = "a line that does not know its frames fails its test")]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pcap::{Active, Capture, Direction};

use crate::support::{PATIENCE, Program};
use crate::wire::{CUT, Wire};

/// How long a frame is on its way, in each direction.
pub(crate) const ONE_WAY: Duration = Duration::from_millis(5);
/// Of each `OF` segments with data from the first namespace, these are lost: 2 %, two of them in a row.
const LOST: [u64; 4] = [37, 81, 82, 150];
const OF: u64 = 200;

const TCP: u8 = 6;
const UDP: u8 = 17;
const ETHERNET: usize = 14;
/// Of IPv4 without options, as Linux sends TCP.
const IP: usize = 20;
/// All that is sent fits, so that nothing is lost but by plan.
const BUFFER: i32 = 32 << 20;
const LARGEST_FRAME: usize = ETHERNET + 1500;

/// What the line did to the segments with data from the first namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Log {
    /// Counts those that came to it.
    pub(crate) came: u64,
    /// Counts those of them that it lost.
    pub(crate) lost: u64,
}

/// A line in a process of its own.
pub(crate) struct Forwarder(Program);

impl Forwarder {
    /// Puts the line that loses segments of TCP between the ends of a cut wire.
    pub(crate) fn start(wire: &Wire) -> Self {
        Self::of(wire, "forwarder::inside_forwarding")
    }

    /// Puts the line of a test that is ignored elsewhere between the ends of a cut wire.
    pub(crate) fn of(wire: &Wire, test: &str) -> Self {
        let mut program = wire.start_between(test);
        program.stderr.wait_for(|line| line == "forwarding");
        Self(program)
    }

    /// Takes the line away, and returns what it said.
    pub(crate) fn log(mut self) -> Vec<String> {
        drop(self.0.child.stdin.take());
        let ended = self.0.end_within(PATIENCE);
        assert!(ended.status.success(), "{:?}", ended.stderr);
        ended.stderr
    }

    /// Takes the line away, and returns what it did.
    pub(crate) fn end(self) -> Log {
        let log = self.log();
        let numbers = log.iter().find_map(|line| line.strip_prefix("came and lost: ")?.split_once(' '));
        let (came, lost) = numbers.expect("it says what it did");
        Log { came: came.parse().expect("a number"), lost: lost.parse().expect("a number") }
    }
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_forwarding() {
    let mut out = Log { came: 0, lost: 0 };
    let mut fate = |_, frame: &[u8]| {
        if is(TCP, frame) && has_payload(frame) {
            out.came += 1;
            if LOST.contains(&(out.came % OF)) {
                out.lost += 1;
                return Vec::new();
            }
        }
        vec![ONE_WAY]
    };
    forward([
        Lane { fate: &mut fate, left: &mut |_, _| () },
        Lane { fate: &mut |_, _| vec![ONE_WAY], left: &mut |_, _| () },
    ]);
    eprintln!("came and lost: {} {}", out.came, out.lost);
}

/// Says of a frame that came then, after the epoch, how long it is on its way: of each copy of it, and nothing where it is lost.
pub(crate) type Fate<'a> = &'a mut (dyn FnMut(Duration, &[u8]) -> Vec<Duration> + Send);

/// Hears of a frame that has left, and when.
pub(crate) type Left<'a> = &'a mut (dyn FnMut(Duration, &[u8]) + Send);

/// One direction of a line.
pub(crate) struct Lane<'a> {
    pub(crate) fate: Fate<'a>,
    pub(crate) left: Left<'a>,
}

/// Carries frames over the cut, from the first namespace and back, until the input is closed; what is under way by then still
/// arrives.
pub(crate) fn forward(lanes: [Lane<'_>; 2]) {
    let [here, there] = CUT;
    thread::scope(|scope| {
        let mut ends = Vec::new();
        for (Lane { fate, left }, (from, to)) in lanes.into_iter().zip([(here, there), (there, here)]) {
            let (mut from, mut to) = (open(from), open(to));
            from.direction(Direction::In).expect("only what comes from outside is carried");
            let (sender, receiver) = mpsc::channel();
            ends.push(from.breakloop_handle());
            scope.spawn(move || receive(&mut from, fate, &sender));
            scope.spawn(move || send(&mut to, &receiver, left));
        }
        eprintln!("forwarding");
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        for end in ends {
            end.breakloop();
        }
    });
}

fn open(link: &str) -> Capture<Active> {
    let capture = Capture::from_device(link).expect("the wire ends here");
    let capture = capture.immediate_mode(true).snaplen(65_535).buffer_size(BUFFER);
    capture.open().expect("root may capture")
}

/// A frame and when it is to leave, after the epoch.
type Late = (Duration, Vec<u8>);

fn receive(from: &mut Capture<Active>, fate: Fate<'_>, line: &Sender<Late>) {
    loop {
        let packet = match from.next_packet() {
            Ok(packet) => packet,
            // What leaves by this end woke it up and is not wanted.
            Err(pcap::Error::TimeoutExpired) => continue,
            Err(pcap::Error::NoMorePackets) => return,
            Err(error) => panic!("{error}"),
        };
        assert!(packet.len() <= LARGEST_FRAME, "a frame of {} bytes is on no wire", packet.len());
        // The kernel's stamp: that this thread wakes up late delays no frame.
        let stamp = packet.header.ts;
        let came = Duration::from_secs(stamp.tv_sec.try_into().expect("after 1970"))
            + Duration::from_micros(stamp.tv_usec.try_into().expect("part of a second"));
        let mut frame = packet.data.to_vec();
        if is(TCP, &frame) || is(UDP, &frame) {
            mend_checksum(&mut frame);
        }
        for way in fate(came, &frame) {
            line.send((came + way, frame.clone())).expect("the other half is there");
        }
    }
}

fn send(to: &mut Capture<Active>, line: &Receiver<Late>, left: Left<'_>) {
    // By when it is due; of two that are due at once the first that came is first.
    let mut waiting: BTreeMap<(Duration, u64), Vec<u8>> = BTreeMap::new();
    for number in 0_u64.. {
        let wait = waiting.keys().next().map(|(due, _)| due.saturating_sub(clock()));
        match line.recv_timeout(wait.unwrap_or(PATIENCE)) {
            Ok((due, frame)) => drop(waiting.insert((due, number), frame)),
            Err(RecvTimeoutError::Timeout) => (),
            Err(RecvTimeoutError::Disconnected) => match wait {
                Some(wait) => thread::park_timeout(wait),
                None => return,
            },
        }
        while let Some(first) = waiting.first_entry().filter(|first| first.key().0 <= clock()) {
            let frame = first.remove();
            to.sendpacket(&*frame).expect("the wire takes it");
            left(clock(), &frame);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "who sends in time lives in that of its machine")]
pub(crate) fn clock() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970")
}

fn is(protocol: u8, frame: &[u8]) -> bool {
    frame.len() > ETHERNET + IP && frame[12..14] == [8, 0] && frame[ETHERNET + 9] == protocol
}

fn has_payload(frame: &[u8]) -> bool {
    let header = usize::from(frame[ETHERNET + IP + 12] >> 4) * 4;
    frame.len() > ETHERNET + IP + header
}

/// Computes the checksum that Linux leaves to the card, which a virtual one does not do (RFC 9293 section 3.1, RFC 768).
fn mend_checksum(frame: &mut [u8]) {
    let (network, segment) = frame.split_at_mut(ETHERNET + IP);
    let protocol = network[ETHERNET + 9];
    let place = if protocol == TCP { 16 } else { 6 };
    segment[place..place + 2].fill(0);
    let addresses = &network[ETHERNET + 12..];
    let mut sum = u32::from(protocol) + u32::try_from(segment.len()).expect("a frame is short");
    for pair in addresses.chunks(2).chain(segment.chunks(2)) {
        sum += u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0));
    }
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    let checksum = !u16::try_from(sum).expect("it was folded");
    segment[place..place + 2].copy_from_slice(&checksum.to_be_bytes());
}
