//! True and measured numbers of RTP beside each other, for each thing that can befall a call.
//!
//! Every call lasts 40 s, 2,000 packets each way; what befalls each packet is written down before it is sent, and what is true of the
//! streams is counted by arithmetic of its own. What is measured stands in the report. `media_matrix.txt` holds both, a stream a row, by the case
//! (`netsonde-synth call OUT.pcap --case NAME` writes it) and the way; jitter in milliseconds, its mean and its maximum.
//!
//! Whatever the plan says of packets must be measured exactly, jitter within 1 %. A stream whose clock nobody tells has its
//! jitter from where its pace shows the clock: the plan has it from the first packet on.

#![expect(clippy::unwrap_used, reason = "a test stops where its own captures do not fit")]

use std::fmt::Write as _;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path as FilePath;

use netsonde_capture::Source;
use netsonde_messages::{Flow, Report, RtpStream};
use netsonde_session::{FlowLimit, Session, Settings};
use netsonde_synth::plan::call::{self, Case};
use netsonde_synth::truth::Rtp;
use netsonde_synth::{Capture, Packets, Resolution, Truth};

/// When the captures begin: 2026-01-01, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_767_225_600_000_000_000;

const HEADINGS: &str = "\
case                         way    true: sent lost late copies new  spurts  jitter      max   measured: sent lost late copies new  spurts  jitter      max";

/// How far jitter may be from the truth, of it; and below which it is none.
const SHARE: f64 = 0.01;
const NOTHING_MS: f64 = 0.001;

/// Makes the capture of a case, and the truth about it.
fn made(case: &Case) -> (Vec<u8>, Truth) {
    let mut packets = Packets::new(case.arrivals(BASE, 1).into_iter());
    let mut capture = Capture::new(Vec::new(), Resolution::Nanoseconds).unwrap();
    while let Some(packet) = packets.advance() {
        capture.write(packet.time, packet.bytes).unwrap();
    }
    (capture.finish().unwrap(), packets.into_truth())
}

fn measured(capture: Vec<u8>) -> Report<Vec<Flow>> {
    let mut session = Session::new(Settings::default());
    let mut source = Source::reader("made up", Box::new(Cursor::new(capture))).unwrap();
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    serde_json::from_value(serde_json::to_value(session.report(FlowLimit::All)).unwrap()).unwrap()
}

/// Sent, lost, late, copies, how often numbers began anew, talk spurts; the mean and the largest jitter in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Numbers {
    counts: [u64; 6],
    jitter: [f64; 2],
}

impl Numbers {
    fn planned(stream: &Rtp) -> Self {
        let Rtp { sent, lost, reordered, duplicated, restarts, talk_spurts, .. } = *stream;
        let ms = |nanos: u64| nanos as f64 / 1e6;
        let jitter = stream.jitter.map_or([f64::NAN; 2], |jitter| [ms(jitter.mean), ms(jitter.max)]);
        Self { counts: [sent, lost, reordered, duplicated, restarts, talk_spurts], jitter }
    }

    fn told(stream: &RtpStream) -> Self {
        let RtpStream { expected, lost, out_of_order, duplicates, restarts, talk_spurts, .. } = *stream;
        let jitter = [stream.jitter_ms_mean, stream.jitter_ms_max].map(|ms| ms.unwrap_or(f64::NAN));
        Self { counts: [expected, lost, out_of_order, duplicates, restarts, talk_spurts], jitter }
    }

    fn row(&self) -> String {
        let Self { counts: [sent, lost, late, copies, anew, spurts], jitter: [mean, max] } = self;
        format!("{sent:>10} {lost:>4} {late:>4} {copies:>6} {anew:>3} {spurts:>7} {mean:>7.3} {max:>8.3}")
    }
}

/// Writes the rows of a case, and lists what is measured and is not so.
fn rows(case: &Case, wrong: &mut Vec<String>) -> String {
    let (capture, truth) = made(case);
    let report = measured(capture);
    let name = case.name;
    let mut rows = String::new();
    let streams = &report.rtp.streams;
    let mut differ = |what: &str, ours: String, is: String| {
        if ours != is {
            wrong.push(format!("{name}: {what}: {ours} is not {is}"));
        }
    };
    differ("streams", streams.len().to_string(), truth.rtp.len().to_string());
    for planned in &truth.rtp {
        let ends = (planned.ssrc, planned.src, planned.src_port, planned.dst, planned.dst_port);
        let is_it = |one: &&RtpStream| (one.ssrc, one.src, one.src_port, one.dst, one.dst_port) == ends;
        let Some(told) = streams.iter().find(is_it) else {
            differ("a stream", "none".to_owned(), format!("{ends:?}"));
            continue;
        };
        let (is, ours) = (Numbers::planned(planned), Numbers::told(told));
        differ("counts", format!("{:?}", ours.counts), format!("{:?}", is.counts));
        differ("packets", told.packets.to_string(), planned.seen.to_string());
        differ("clock", format!("{:?}", told.clock_rate), format!("{:?}", Some(planned.clock_rate)));
        for (ours, is) in ours.jitter.into_iter().zip(is.jitter) {
            // Of one that is not told nothing is near.
            let is_near = (ours - is).abs() <= SHARE * is + NOTHING_MS;
            differ("jitter", if is_near { is } else { ours }.to_string(), is.to_string());
        }
        let way = if planned.src_port == 16_384 { "up" } else { "down" };
        writeln!(rows, "{name:<28} {way:<5} {} {}", is.row(), ours.row()).unwrap();
    }
    let sum = |part: fn(&Rtp) -> u64| truth.rtp.iter().map(part).sum::<u64>();
    let counts = &report.rtp.counts;
    let ours = [counts.expected, counts.lost, counts.duplicates, counts.out_of_order, counts.packets];
    let is: [fn(&Rtp) -> u64; 5] =
        [|one| one.sent, |one| one.lost, |one| one.duplicated, |one| one.reordered, |one| one.seen];
    differ("the sums", format!("{ours:?}"), format!("{:?}", is.map(sum)));
    rows
}

#[test]
fn what_is_measured_of_a_call_is_what_befell_it() {
    let (mut matrix, mut wrong) = (format!("{HEADINGS}\n"), Vec::new());
    for case in call::all() {
        matrix.push_str(&rows(&case, &mut wrong));
    }
    assert!(wrong.is_empty(), "{wrong:#?}\n{matrix}");
    let path = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("tests/media_matrix.txt");
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if matrix != expected {
        let found = FilePath::new(env!("CARGO_TARGET_TMPDIR")).join("media_matrix.txt");
        std::fs::write(&found, &matrix).unwrap();
        panic!("{} is another matrix than {}:\n{matrix}", found.display(), path.display());
    }
}

#[test]
fn headers_sources_extension_and_padding_are_no_goodput() {
    let (capture, truth) = made(&call::named("long headers").unwrap());
    let report = measured(capture);
    // The flow with two ports of media; the other one is SIP's.
    let flow = report.flows.iter().find(|flow| flow.client_port == Some(16_384)).unwrap();
    let goodput = [flow.goodput_bytes_up, flow.goodput_bytes_down];
    let payload = |port| {
        let sent = truth.rtp.iter().filter(|stream| stream.src_port == port);
        sent.map(|stream| stream.payload_bytes).sum::<u64>()
    };
    assert_eq!(goodput, [payload(16_384), payload(20_000)]);
}
