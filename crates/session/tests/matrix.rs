//! True and measured numbers of TCP beside each other, for each place of the tap and each kind of trouble.
//!
//! A client uploads 3,000 full segments, then the server answers with 300. What is true is known from the plan and counted by
//! the simulation; what is measured stands in the report. `matrix.txt` holds both: by the place of the tap and the round trip from
//! end to end, the true round trips to either side, the segments sent `again` and which of them the tap had `seen` before, and
//! the segments lost; then what the report says.
//!
//! What a place can not see: a loss before the tap is a hole there, and no copy. A segment sent again within the handshake's round
//! trip of the highest byte, as most are after the first of a burst, is called out of order by Wireshark's rules. Where the tap had
//! seen its bytes before it counts as sent again nevertheless, so "loss" beside the sender is what was lost; where it fills a hole
//! it may as well have been overtaken, so elsewhere "loss" is less, the more the longer the round trip is. Beside the receiver
//! the far round trip is the receiver's alone, and says nothing of the way.

#![expect(clippy::unwrap_used, reason = "a test stops where its own captures do not fit")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path as FilePath;

use netsonde_capture::Source;
use netsonde_session::{FlowLimit, Session, Settings};
use netsonde_synth::tcp::{Chances, Piece, Setup, Tcp};
use netsonde_synth::{Capture, Endpoint, Label, Packets, Path, Resolution, Rng, Truth, Way};
use serde_json::Value;

/// When the captures begin: 2026-01-01, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_767_225_600_000_000_000;
/// From a tap to the end that it stands beside, one way: a round trip of 0.5 ms.
const BESIDE: u64 = 250_000;
/// Payload of a full segment with time-stamps, in bytes.
const FULL: u64 = 1_448;
const UPLOADED: u64 = 3_000;
const ANSWERED: u64 = 300;

const HEADINGS: &str = "\
place          trouble        true:                                    measured:                                                            round trips, ms
                              far ms near ms again  seen loss %        resent spurious   ooo holes loss %    far min     p50     p95    mean near min   shake";

/// Where the tap stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Sender,
    Middle,
    Receiver,
}

/// What befalls the upload, in parts of a million of its segments.
#[derive(Clone, Copy, Debug, Default)]
struct Trouble {
    lost: u32,
    late: u32,
    twice: u32,
}

/// One row.
struct Case {
    place: Place,
    /// From end to end, one way, in nanoseconds.
    way: u64,
    trouble: Trouble,
}

impl Case {
    /// Returns the delays before and behind the tap.
    const fn delays(&self) -> (u64, u64) {
        match self.place {
            Place::Sender => (BESIDE, self.way),
            Place::Middle => (self.way / 2, self.way - self.way / 2),
            Place::Receiver => (self.way, BESIDE),
        }
    }

    /// Returns how likely what is: in the middle half of the losses come before the tap.
    const fn chances(&self) -> Chances {
        let Trouble { lost, late, twice } = self.trouble;
        let before = match self.place {
            Place::Sender => 0,
            Place::Middle => lost / 2,
            Place::Receiver => lost,
        };
        Chances { spared: 0, lost_before: before, lost_behind: lost - before, late, sent_again: twice }
    }

    fn name(&self) -> String {
        let Trouble { lost, late, twice } = self.trouble;
        let percent = |parts: u32| f64::from(parts) / 10_000.0;
        let trouble = match (lost, late, twice) {
            (lost, 0, 0) => format!("lost {} %", percent(lost)),
            (_, late, 0) => format!("late {} %", percent(late)),
            (_, _, twice) => format!("twice {} %", percent(twice)),
        };
        format!("{:<14} {trouble:<12}", format!("{:?} {}", self.place, self.way / 500_000))
    }

    /// Makes the connection: the capture, the truth, and how many data segments had passed the tap before.
    fn make(&self) -> (Vec<u8>, Truth, u64) {
        let client = Endpoint::new([192, 168, 1, 10].into(), 40_000);
        let server = Endpoint::new([203, 0, 113, 5].into(), 9_000);
        let mut setup = Setup::new(Path::new(client, server), Label::plain("matrix", "TCP"));
        (setup.near, setup.far) = self.delays();
        setup.client_chances = self.chances();
        let setup = setup
            .say(Way::Up, 1_000_000, vec![Piece::Noise(UPLOADED * FULL)])
            .say(Way::Down, 20_000_000, vec![Piece::Noise(ANSWERED * FULL)])
            .close(Way::Up);
        let mut packets = Packets::new([Tcp::new(setup, Rng::new(7, 1)).arrival(BASE)].into_iter());
        let mut capture = Capture::new(Vec::new(), Resolution::Nanoseconds).unwrap();
        let (mut begins, mut seen_before) = (BTreeSet::new(), 0);
        while let Some(packet) = packets.advance() {
            capture.write(packet.time, packet.bytes).unwrap();
            // Ethernet and IPv4 take 34 bytes; 32 of TCP with time-stamps go before data. What is sent again is cut as before.
            let is_upload = packet.bytes.get(34..36) == Some(&40_000_u16.to_be_bytes()[..]);
            if is_upload && packet.bytes.len() > 34 + 40 {
                let begin = packet.bytes.get(38..42).map(<[u8]>::to_vec);
                seen_before += u64::from(!begins.insert(begin));
            }
        }
        (capture.finish().unwrap(), packets.into_truth(), seen_before)
    }
}

fn measured(capture: Vec<u8>) -> Value {
    let mut session = Session::new(Settings::default());
    let mut source = Source::reader("made up", Box::new(Cursor::new(capture))).unwrap();
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    serde_json::to_value(session.report(FlowLimit::All)).unwrap()
}

/// A number of the report; NaN where there is none.
fn number(report: &Value, path: &str) -> f64 {
    report.pointer(path).and_then(Value::as_f64).unwrap_or(f64::NAN)
}

/// Writes the row of a case, and holds what is measured against what is true.
fn row(case: &Case) -> String {
    let (capture, truth, seen_before) = case.make();
    let report = measured(capture);
    let of = |name: &str| number(&report, &format!("/tcp/{name}"));
    let simulated = truth.tcp.simulated;
    let lost = simulated.lost_before_tap + simulated.lost_behind_tap;
    let true_loss = lost as f64 * 100.0 / (UPLOADED + ANSWERED) as f64;
    let (near, far) = case.delays();
    let (near_ms, far_ms) = (near as f64 / 500_000.0, far as f64 / 500_000.0);
    let (spurious, ooo) = (of("spurious_retransmissions"), of("out_of_order"));
    let told = of("packet_loss") + spurious;

    let name = case.name();
    let within = |found: f64, planned: f64| (found - planned).abs() <= 0.001;
    // The round trips of full segments are those of the plan; what is behind a hole waits longer, nothing is faster.
    assert!(within(of("rtt_far_ms/min"), far_ms), "{name}: {} is not {far_ms}", of("rtt_far_ms/min"));
    assert!(within(of("rtt_near_ms/min"), near_ms), "{name}: {} is not {near_ms}", of("rtt_near_ms/min"));
    assert!(within(of("initial_rtt_ms/mean"), near_ms + far_ms), "{name}: the handshake");
    if lost == 0 {
        // Percentiles are those of buckets, within 1 %.
        assert!((of("rtt_far_ms/p50") / far_ms - 1.0).abs() <= 0.01, "{name}: the median");
    }
    // Whatever was seen twice is told, whatever its name; beside the sender that is all that is sent again.
    assert!(told >= seen_before as f64, "{name}: {told} told of {seen_before} copies");
    if case.place == Place::Sender {
        assert_eq!((told, seen_before), (simulated.sent_again as f64, simulated.sent_again), "{name}");
    }
    format!(
        "{name}   {far_ms:>6} {near_ms:>7} {:>5} {seen_before:>5} {true_loss:>6.3}        {:>6} {spurious:>8} {ooo:>5} {:>5} {:>6.3} {:>10.3} {:>7.3} {:>7.3} {:>7.3} {:>8.3} {:>7.3}",
        simulated.sent_again,
        of("packet_loss"),
        of("lost_segments"),
        of("packet_loss_percentage"),
        of("rtt_far_ms/min"),
        of("rtt_far_ms/p50"),
        of("rtt_far_ms/p95"),
        of("rtt_far_ms/mean"),
        of("rtt_near_ms/min"),
        of("initial_rtt_ms/mean"),
    )
}

/// Returns every case: round trips of 5 and 50 ms, each place, each loss; then reordering and copies, at 50 ms.
fn cases() -> Vec<Case> {
    let places = [Place::Sender, Place::Middle, Place::Receiver];
    let mut cases = Vec::new();
    for way in [2_500_000, 25_000_000] {
        for place in places {
            for lost in [0, 1_000, 10_000, 50_000] {
                cases.push(Case { place, way, trouble: Trouble { lost, ..Trouble::default() } });
            }
        }
    }
    let others =
        [Trouble { late: 10_000, ..Trouble::default() }, Trouble { twice: 10_000, ..Trouble::default() }];
    for (place, trouble) in places.into_iter().flat_map(|place| others.map(|trouble| (place, trouble))) {
        // Before a tap beside the sender nothing is overtaken.
        if place != Place::Sender || trouble.late == 0 {
            cases.push(Case { place, way: 25_000_000, trouble });
        }
    }
    cases
}

#[test]
fn what_is_measured_is_what_is_true_as_far_as_the_place_lets_see() {
    let mut matrix = format!("{HEADINGS}\n");
    for case in cases() {
        writeln!(matrix, "{}", row(&case)).unwrap();
    }
    let path = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrix.txt");
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if matrix != expected {
        let found = FilePath::new(env!("CARGO_TARGET_TMPDIR")).join("matrix.txt");
        std::fs::write(&found, &matrix).unwrap();
        panic!("{} is another matrix than {}:\n{matrix}", found.display(), path.display());
    }
}
