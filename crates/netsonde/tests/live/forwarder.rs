//! A line of our own: it carries frames over a cut wire, later by plan, and loses some of them by plan.

#![expect(clippy::indexing_slicing, reason = "a line that does not know its frames fails its test")]

use std::io::Read as _;
use std::sync::mpsc::{self, Receiver, Sender};
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
    /// Puts the line between the ends of a cut wire.
    pub(crate) fn start(wire: &Wire) -> Self {
        let mut program = wire.start_between("forwarder::inside_forwarding");
        program.stderr.wait_for(|line| line == "forwarding");
        Self(program)
    }

    /// Takes the line away, and returns what it did.
    pub(crate) fn end(mut self) -> Log {
        drop(self.0.child.stdin.take());
        let ended = self.0.end_within(PATIENCE);
        assert!(ended.status.success(), "{:?}", ended.stderr);
        let numbers =
            ended.stderr.iter().find_map(|line| line.strip_prefix("came and lost: ")?.split_once(' '));
        let (came, lost) = numbers.expect("it says what it did");
        Log { came: came.parse().expect("a number"), lost: lost.parse().expect("a number") }
    }
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_forwarding() {
    let [here, there] = CUT;
    let (mut out, mut back) = (Log { came: 0, lost: 0 }, Log { came: 0, lost: 0 });
    thread::scope(|scope| {
        let mut ends = Vec::new();
        for (log, from, to, lost) in [(&mut out, here, there, &LOST[..]), (&mut back, there, here, &[])] {
            let (mut from, mut to) = (open(from), open(to));
            from.direction(Direction::In).expect("only what comes from outside is carried");
            let (sender, receiver) = mpsc::channel();
            ends.push(from.breakloop_handle());
            scope.spawn(move || receive(&mut from, log, lost, &sender));
            scope.spawn(move || send(&mut to, &receiver));
        }
        eprintln!("forwarding");
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        for end in ends {
            end.breakloop();
        }
    });
    eprintln!("came and lost: {} {}", out.came, out.lost);
}

fn open(link: &str) -> Capture<Active> {
    let capture = Capture::from_device(link).expect("the wire ends here");
    let capture = capture.immediate_mode(true).snaplen(65_535).buffer_size(BUFFER);
    capture.open().expect("root may capture")
}

/// A frame and when it is to leave, after the epoch.
type Late = (Duration, Vec<u8>);

fn receive(from: &mut Capture<Active>, log: &mut Log, lost: &[u64], line: &Sender<Late>) {
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
        if is_tcp(&frame) {
            mend_checksum(&mut frame);
            if has_payload(&frame) {
                log.came += 1;
                if lost.contains(&(log.came % OF)) {
                    log.lost += 1;
                    continue;
                }
            }
        }
        line.send((came + ONE_WAY, frame)).expect("the other half is there");
    }
}

fn send(to: &mut Capture<Active>, line: &Receiver<Late>) {
    for (due, frame) in line {
        while let Some(left) = due.checked_sub(now()).filter(|left| !left.is_zero()) {
            thread::park_timeout(left);
        }
        to.sendpacket(frame).expect("the wire takes it");
    }
}

#[expect(clippy::disallowed_methods, reason = "a line that delays lives in the time of its machine")]
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970")
}

fn is_tcp(frame: &[u8]) -> bool {
    frame.len() > ETHERNET + IP && frame[12..14] == [8, 0] && frame[ETHERNET + 9] == 6
}

fn has_payload(frame: &[u8]) -> bool {
    let header = usize::from(frame[ETHERNET + IP + 12] >> 4) * 4;
    frame.len() > ETHERNET + IP + header
}

/// Computes the checksum that Linux leaves to the card, which a virtual one does not do (RFC 9293 section 3.1).
fn mend_checksum(frame: &mut [u8]) {
    let (network, segment) = frame.split_at_mut(ETHERNET + IP);
    segment[16..18].fill(0);
    let addresses = &network[ETHERNET + 12..];
    let mut sum = 6 + u32::try_from(segment.len()).expect("a frame is short");
    for pair in addresses.chunks(2).chain(segment.chunks(2)) {
        sum += u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0));
    }
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    let checksum = !u16::try_from(sum).expect("it was folded");
    segment[16..18].copy_from_slice(&checksum.to_be_bytes());
}
