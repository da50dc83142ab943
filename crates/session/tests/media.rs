//! Streams of RTP as people are shown them: in the report, however the session was ticked, and on demand.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test's own clock and files; it stops, and says why"
)]

use std::fs;
use std::ops::ControlFlow;
use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use netsonde_capture::Source;
use netsonde_dissect::{LinkType, Packet};
use netsonde_messages::stream::{FlowQuery, State};
use netsonde_messages::{MosBasis, MosMissing, RtpStream, StreamSign};
use netsonde_session::{FlowLimit, Monitor, MonitorSettings, Origin, Session, Settings, Start};
use netsonde_synth::plan::call;
use netsonde_synth::{Capture, Packets, Resolution};
use netsonde_units::Timestamp;
use serde_json::Value;

/// When the calls begin: 2026-01-01, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_767_225_600_000_000_000;

/// Far more than any step takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Makes the packets of a call, each with its time.
fn packets(name: &str) -> Vec<(u64, Vec<u8>)> {
    let mut packets = Packets::new(call::named(name).unwrap().arrivals(BASE, 1).into_iter());
    let mut made = Vec::new();
    while let Some(packet) = packets.advance() {
        made.push((packet.time, packet.bytes.to_vec()));
    }
    made
}

fn capture(packets: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut capture = Capture::new(Vec::new(), Resolution::Nanoseconds).unwrap();
    for (at, bytes) in packets {
        capture.write(*at, bytes).unwrap();
    }
    capture.finish().unwrap()
}

/// Measures packets one by one, with a tick behind each so many of them.
fn ticked(packets: &[(u64, Vec<u8>)], every: usize) -> Value {
    let mut session = Session::new(Settings::default());
    for (number, (at, bytes)) in packets.iter().enumerate() {
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let at = Some(Timestamp::from_nanos(*at));
        session.push_all(&[Packet { at, link: LinkType::ETHERNET, interface: 0, wire_len, bytes }]);
        if number % every == every - 1 {
            session.tick();
        }
    }
    session.finish();
    serde_json::to_value(session.report(FlowLimit::All)).unwrap()
}

/// Measures packets as a file is.
fn read(packets: &[(u64, Vec<u8>)]) -> Value {
    let mut session = Session::new(Settings::default());
    let mut source = Source::reader("calls", Box::new(std::io::Cursor::new(capture(packets)))).unwrap();
    session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).unwrap();
    session.finish();
    serde_json::to_value(session.report(FlowLimit::All)).unwrap()
}

#[test]
fn ticks_change_nothing_of_streams_and_calls() {
    for name in
        ["lost, overtaken and twice", "without signalling", "numbers begin anew", "digits", "long headers"]
    {
        let packets = packets(name);
        let whole = read(&packets);
        assert_eq!(whole["rtp"]["streams_seen"], 2, "{name}");
        for every in [1, 13, 700, usize::MAX] {
            let ticked = ticked(&packets, every);
            for part in ["rtp", "calls", "protocols", "flows"] {
                assert_eq!(ticked[part], whole[part], "{part} of {name}, ticked every {every}");
            }
        }
    }
}

fn clock() -> Timestamp {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    Timestamp::from_parts(now.as_secs(), now.subsec_nanos().into())
}

/// Has a monitor measure packets to their end.
fn monitored(packets: &[(u64, Vec<u8>)]) -> Monitor {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.pcap");
    fs::write(&path, capture(packets)).unwrap();
    let monitor = Monitor::new(MonitorSettings::new(clock)).unwrap();
    let (sender, changes) = mpsc::channel();
    monitor.subscribe(move || {
        let _ = sender.send(());
    });
    let origin = Origin::File { path, name: "calls.pcap".into(), speed: None };
    monitor.start(&Start { origin, filter: None, duration: None, needs_viewers: false }).unwrap();
    while monitor.status().state != State::Finished {
        changes.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("still {:?}", monitor.status()));
    }
    monitor
}

#[test]
fn a_call_is_shown_in_topics_flows_and_step_by_step() {
    let monitor = monitored(&packets("lost, overtaken and twice"));
    let shown = monitor.publication();
    let rtp = &shown.protocols.rtp;
    assert_eq!((rtp.streams_seen, rtp.streams_active), (2, 2));
    // Both ways have 2,000 packets.
    assert_eq!(rtp.expected, 4_000);
    assert!(rtp.lost > 0 && rtp.out_of_order > 0 && rtp.duplicates > 0, "{rtp:?}");
    assert_eq!(rtp.packets, rtp.expected - rtp.lost + rtp.duplicates);
    assert_eq!(shown.totals.rtp_loss.average_percentage, rtp.lost_percentage);
    assert_eq!(shown.totals.jitter.average_ms, rtp.jitter_ms.mean);

    // The newest come first, but for those of calls.
    let streams = &shown.calls.streams;
    assert_eq!((streams.len(), shown.calls.streams_omitted), (2, 0));
    assert_eq!(streams.iter().map(|stream| stream.lost).sum::<u64>(), rtp.lost);
    for stream in streams {
        assert_eq!((stream.found_by, stream.codec.as_deref()), (StreamSign::Signalling, Some("PCMA")));
        assert!(stream.mos.is_some_and(|mos| (1.0..4.4).contains(&mos)), "{:?}", stream.mos);
        // 20 ms in a packet, and a buffer of twice the jitter.
        let delay = 20.0 + (2.0 * stream.jitter_ms_mean.unwrap()).max(20.0);
        assert!(stream.mos_basis.delay_ms.is_some_and(|told| (told - delay).abs() < 1e-6), "{delay}");
        let course = monitor.stream(stream.id).unwrap();
        assert_eq!(course.steps.iter().map(|step| step.packets).sum::<u64>(), stream.packets);
        assert!(course.steps.iter().all(|step| step.packets == 0 || step.mos.is_some()), "{course:?}");
        // 2,000 packets of 20 ms.
        let lasted = course.step_s * f64::from(u32::try_from(course.steps.len()).unwrap());
        assert!((40.0..=80.0).contains(&lasted), "{lasted} s");
    }
    let flows =
        monitor.find_flows(&FlowQuery { protocol: Some("RTP".into()), limit: 5, ..FlowQuery::default() });
    let [flow] = flows.unwrap().rows.try_into().unwrap();
    let detail = monitor.flow(flow.id).unwrap();
    assert_eq!(detail.streams.iter().map(|stream| stream.id).collect::<Vec<_>>(), [0, 1]);

    // The seconds of the charts add up.
    let (_, points) = monitor.moment_with_points();
    assert_eq!(points.iter().map(|point| point.rtp_expected).sum::<u64>(), rtp.expected);

    monitor.reset().unwrap();
    assert_eq!((monitor.stream(0), monitor.publication().calls.streams.len()), (None, 0));
}

#[test]
fn what_nothing_tells_the_codec_of_has_no_mos_and_says_so() {
    // A type that the ends agree on, without the SDP in which they do.
    let mut packets = packets("without signalling");
    for (_, bytes) in &mut packets {
        // Behind Ethernet, IPv4 and UDP, in the second byte; its marker stays.
        bytes[43] = bytes[43] & 0x80 | 0x69;
    }
    let mut report = read(&packets);
    let streams: Vec<RtpStream> = serde_json::from_value(report["rtp"]["streams"].take()).unwrap();
    assert_eq!(streams.len(), 2);
    for RtpStream { codec, mos, mos_basis, found_by, .. } in streams {
        assert_eq!((codec, mos, found_by), (None, None, StreamSign::Shape));
        let expected = MosBasis { missing: Some(MosMissing::UnknownCodec), ..MosBasis::default() };
        assert_eq!(mos_basis, expected);
    }
}
