//! TCP's analysis of real captures against tshark's: what it says of every frame.
//!
//! The captures live outside the project; without them the test says so and passes.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test stops, and says why")]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use netsonde_capture::Source;
use netsonde_session::{Finding, Found, Session, Settings, TcpEvent};
use serde_json::Value;

/// How far samples may lie apart, in seconds: tshark writes six decimals.
const TOLERANCE_S: f64 = 1e-6;

/// Frames with one kind of event, by its name in tshark.
type Frames = BTreeMap<&'static str, BTreeSet<u64>>;

/// What is told of a capture.
#[derive(Default)]
struct Told {
    events: Frames,
    /// Seconds, by frame.
    samples: BTreeMap<u64, f64>,
    /// Microseconds, smallest first: streams of packets quoted in ICMP errors are numbered by tshark only.
    handshakes: Vec<u64>,
}

/// Names of events that each of ours counts as in tshark.
fn names(event: TcpEvent) -> Vec<&'static str> {
    match event {
        TcpEvent::FastRetransmission | TcpEvent::SpuriousRetransmission => {
            vec!["retransmission", event.name()]
        }
        TcpEvent::PortReused => vec!["reused_ports"],
        other => vec![other.name()],
    }
}

impl Told {
    #[expect(clippy::cast_precision_loss, reason = "a round trip in nanoseconds is far below 2^53")]
    fn add(&mut self, finding: &Finding) {
        let Found::Tcp { verdict, .. } = finding.found else { return };
        for name in verdict.events.iter().flat_map(names) {
            self.events.entry(name).or_default().insert(finding.packet);
        }
        if let Some(rtt) = verdict.rtt {
            self.samples.insert(finding.packet, rtt.nanos as f64 / 1e9);
        }
        if let Some(handshake) = verdict.handshake {
            self.handshakes.push((handshake.nanos + 500) / 1_000);
        }
    }
}

fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("NETSONDE_CORPUS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let corpus = named.unwrap_or(beside);
    if corpus.join("dev").is_dir() {
        return Some(corpus);
    }
    eprintln!("NOT COMPARED WITH REAL CAPTURES: no corpus at {}", corpus.display());
    None
}

fn ours(path: &Path) -> Option<Told> {
    let mut source = Source::file(path).ok()?;
    let mut session = Session::new(Settings::default());
    session.keep_findings();
    let mut told = Told::default();
    session
        .drive(&mut source, &mut |session, _| {
            session.drain_findings().for_each(|finding| told.add(&finding));
            ControlFlow::Continue(())
        })
        .unwrap();
    session.drain_findings().for_each(|finding| told.add(&finding));
    told.handshakes.sort_unstable();
    Some(told)
}

/// What tshark says; samples only where the truth lists them.
fn theirs(truth: &Value) -> Told {
    let events = TcpEvent::ALL.into_iter().flat_map(names).map(|name| {
        let frames = truth
            .pointer(&format!("/tcp_analysis_frames/{name}"))
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        (name, frames.filter_map(Value::as_u64).collect())
    });
    let samples = truth["ack_rtt_samples"].as_array().into_iter().flatten();
    let streams = truth["tcp_stream_list"].as_object().into_iter().flat_map(|streams| streams.values());
    let mut handshakes: Vec<_> = streams
        .filter_map(|stream| stream["initial_rtt"].as_f64())
        .map(|seconds| format!("{:.0}", seconds * 1e6).parse().unwrap())
        .collect();
    handshakes.sort_unstable();
    Told {
        events: events.collect(),
        samples: samples.map(|pair| (pair[0].as_u64().unwrap(), pair[1].as_f64().unwrap())).collect(),
        handshakes,
    }
}

/// Says what differs, and counts what was compared.
fn differences(ours: &Told, theirs: &Told, lists_samples: bool, values: &mut usize) -> Vec<String> {
    let mut differences = Vec::new();
    for (name, frames) in &theirs.events {
        let found = ours.events.get(name).cloned().unwrap_or_default();
        *values += frames.len();
        if found != *frames {
            let (more, missing): (Vec<_>, Vec<_>) =
                (found.difference(frames).collect(), frames.difference(&found).collect());
            differences.push(format!("{name}: too many at {more:?}, missing at {missing:?}"));
        }
    }
    if lists_samples {
        *values += theirs.samples.len();
        let is_same = |frame: &u64| match (ours.samples.get(frame), theirs.samples.get(frame)) {
            (Some(ours), Some(theirs)) => (ours - theirs).abs() <= TOLERANCE_S,
            _ => false,
        };
        let frames: BTreeSet<_> = ours.samples.keys().chain(theirs.samples.keys()).collect();
        let other: Vec<_> = frames.into_iter().filter(|frame| !is_same(frame)).collect();
        if !other.is_empty() {
            differences.push(format!("ack_rtt: other samples at {other:?}"));
        }
    }
    *values += theirs.handshakes.len();
    let are_same = ours.handshakes.len() == theirs.handshakes.len()
        && ours.handshakes.iter().zip(&theirs.handshakes).all(|(ours, theirs)| ours.abs_diff(*theirs) <= 1);
    if !are_same {
        differences.push(format!("initial_rtt: ours {:?}, theirs {:?}", ours.handshakes, theirs.handshakes));
    }
    differences
}

#[test]
fn every_frame_of_real_captures_is_judged_as_tshark_judges_it() {
    let Some(corpus) = corpus() else { return };
    let (mut values, mut wrong) = (0, Vec::new());
    let mut files: Vec<_> =
        std::fs::read_dir(corpus.join("dev")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(ours) = ours(&path) else { continue };
        let truth = std::fs::read(corpus.join("truth").join(format!("{name}.json"))).unwrap();
        let truth: Value = serde_json::from_slice(&truth).unwrap();
        let lists_samples = truth["ack_rtt_samples"].is_array();
        let found = differences(&ours, &theirs(&truth), lists_samples, &mut values);
        wrong.extend(found.into_iter().map(|difference| format!("{name}: {difference}")));
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert!(values > 10_000, "only {values} values were compared");
}
