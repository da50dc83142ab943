//! Captures on other machines, whose clocks are not ours.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use std::fs::{self, Permissions};
use std::ops::ControlFlow;
use std::os::unix::fs::PermissionsExt as _;
use std::thread;
use std::time::{Duration, SystemTime};

use etherparse::PacketBuilder;
use netsonde_capture::{Engine, LiveSettings, Source, Tshark};
use netsonde_messages::Capture;
use netsonde_session::{FlowLimit, Session, Settings};
use netsonde_units::Timestamp;

/// A little further apart than they are sent, and the last by much: a busy machine may hold each up, and none is late.
const STAMPS_S: [u64; 4] = [0, 1, 2, 7];

fn now() -> Timestamp {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    Timestamp::from_parts(since.as_secs(), u64::from(since.subsec_nanos()))
}

/// A little-endian pcapng block.
fn block(kind: u32, body: &[u8]) -> Vec<u8> {
    let body = [body, &vec![0; body.len().next_multiple_of(4) - body.len()]].concat();
    let length = u32::try_from(body.len() + 12).unwrap().to_le_bytes();
    [&kind.to_le_bytes()[..], &length, &body, &length].concat()
}

/// An enhanced packet block (type 6) with a datagram, stamped in microseconds.
fn stamped(at: Timestamp) -> Vec<u8> {
    let mut datagram = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 0, 0, 1], [203, 0, 113, 7], 64);
    ip.udp(40_000, 9).write(&mut datagram, &[0; 60]).unwrap();
    let (micros, length) = (at.nanos() / 1_000, u32::try_from(datagram.len()).unwrap());
    let [high, low] = [micros >> 32, micros & 0xffff_ffff].map(|half| u32::try_from(half).unwrap());
    let head = [0, high, low, length, length].map(u32::to_le_bytes).concat();
    block(6, &[&head[..], &datagram].concat())
}

/// Measures packets that a stand-in for tshark hands over 0.7 s apart, stamped by a clock that is so far ahead; the last
/// when it is asked to end.
fn measured(ahead_s: i64) -> Capture {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let section = [&0x1a2b_3c4d_u32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat();
    let interface = [1, 0, 0, 0, 0, 0, 4, 0];
    fs::write(path("header"), [block(0x0a0d_0d0a, &section), block(1, &interface)].concat()).unwrap();
    let theirs = now().nanos().checked_add_signed(ahead_s * 1_000_000_000).unwrap();
    for (number, after_s) in STAMPS_S.into_iter().enumerate() {
        let at = Timestamp::from_nanos(theirs + after_s * 1_000_000_000);
        fs::write(path(&number.to_string()), stamped(at)).unwrap();
    }
    let script = "#!/bin/sh\n\
        if [ \"$1\" = -D ]; then echo '1. elsewhere (Another machine)'; exit; fi\n\
        cd \"${0%/*}\"\n\
        trap 'cat 3; exit' TERM\n\
        cat header 0; sleep 0.7; cat 1; sleep 0.7; cat 2; : > done\n\
        while :; do sleep 0.05; done\n";
    fs::write(path("tshark"), script).unwrap();
    fs::set_permissions(path("tshark"), Permissions::from_mode(0o755)).unwrap();

    let environment = format!("{}:/usr/bin:/bin", folder.path().display());
    let engine = Engine::Tshark(Tshark::new([("PATH".into(), environment.into())]));
    let settings = LiveSettings { engine, interface: "elsewhere".into(), ..LiveSettings::default() };
    let mut source = Source::live(&settings, now).unwrap();
    let mut session = Session::new(Settings { live: true, ..Settings::default() });
    let until = now().plus_nanos(30_000_000_000);
    let mut quiet = None;
    let beat = &mut |_: &mut Session, _| {
        // The last packet is followed by silence like those before.
        let is_over = path("done").exists()
            && now().since(*quiet.get_or_insert_with(now)) >= Duration::from_millis(700);
        if is_over || now() > until { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    session.drive(&mut source, beat).unwrap();
    session.conclude(&mut source, now).unwrap();
    session.finish();
    session.report(FlowLimit::All).capture
}

#[test]
fn sparse_packets_of_a_clock_that_is_wrong_are_one_stretch_to_the_last() {
    thread::scope(|scope| {
        let measuring = [-10, -2, 2, 10].map(|ahead_s| (ahead_s, scope.spawn(move || measured(ahead_s))));
        for (ahead_s, measured) in measuring {
            let capture = measured.join().unwrap();
            assert_eq!((capture.packets, capture.stretches, capture.late_packets), (4, 1, 0), "{ahead_s}");
        }
    });
}
