//! Everything about one flow equals what the analysis of the whole capture says of it.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "a test's own clock and files"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, SystemTime};

use etherparse::{IpFragOffset, Ipv4Header, PacketBuilder};
use netsonde_dissect::{LinkType, Packet};
use netsonde_flow::limits::Limits;
use netsonde_flow::{Fact, FlowRow, LocalNetworks, StreamRow};
use netsonde_messages::stream::{FlowColumn, FlowQuery, State};
use netsonde_metrics::{MetricsCalculator, Second, Tick};
use netsonde_session::{Monitor, MonitorSettings, Origin, Start};
use netsonde_synth::plan::mix::Mix;
use netsonde_synth::{Capture, Packets, Resolution};
use netsonde_units::Timestamp;

/// Far more than any step takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);
/// When the capture begins: 2026-01-01, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_767_225_600_000_000_000;
const PACKETS: u64 = 30_000;

fn clock() -> Timestamp {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp::from_nanos(u64::try_from(now.as_nanos()).unwrap())
}

/// What the analysis of the whole capture says of one flow.
#[derive(Debug, Default)]
struct Whole {
    /// The numbers of its packets.
    packets: Vec<u64>,
    /// What was found, with the packet's number.
    findings: Vec<(u64, &'static str)>,
}

/// Keeps the number of the conversation that the last packet was of.
#[derive(Default)]
struct Last(BTreeMap<u32, u64>);

impl Tick for Last {
    fn second(&mut self, _: &Second) {}
    fn row(&mut self, row: &FlowRow) {
        self.0.insert(row.id.slot, row.id.serial);
    }
    fn stream(&mut self, _: &StreamRow<'_>) {}

    fn fact(&mut self, _: Fact) {}
}

/// A capture while it is written, with the analysis of all of it.
struct Making {
    capture: Capture<Vec<u8>>,
    engine: MetricsCalculator,
    last: Last,
    flows: BTreeMap<u64, Whole>,
    number: u64,
}

impl Making {
    fn new() -> Self {
        Self {
            capture: Capture::new(Vec::new(), Resolution::Nanoseconds).unwrap(),
            engine: MetricsCalculator::new(Limits::default(), LocalNetworks::default()),
            last: Last::default(),
            flows: BTreeMap::new(),
            number: 0,
        }
    }

    fn add(&mut self, time: u64, bytes: &[u8]) {
        self.capture.write(time, bytes).unwrap();
        self.number += 1;
        let number = self.number;
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let at = Some(Timestamp::from_nanos(time));
        let packet = Packet { at, link: LinkType::ETHERNET, interface: 0, wire_len, bytes };
        let verdict = self.engine.push(&packet);
        self.engine.tick(&mut self.last);
        let Some(slot) = verdict.flow else { return };
        let flow = self.flows.entry(self.last.0[&slot]).or_default();
        flow.packets.push(number);
        flow.findings.extend(verdict.tcp.events.iter().map(|event| (number, event.name())));
    }

    fn finish(self) -> (Vec<u8>, BTreeMap<u64, Whole>) {
        (self.capture.finish().unwrap(), self.flows)
    }
}

/// Makes the capture, and analyses all of it.
fn made() -> (Vec<u8>, BTreeMap<u64, Whole>) {
    let mut packets = Packets::new(Mix::new(BASE, PACKETS, 11)).limit(PACKETS);
    let mut making = Making::new();
    while let Some(packet) = packets.advance() {
        making.add(packet.time, packet.bytes);
    }
    making.finish()
}

/// A segment between 192.168.7.2 and port 80 of 203.0.113.7.
fn segment(port: u16, from_client: bool, is_syn: bool, sequence: u32, payload: &[u8]) -> Vec<u8> {
    let (client, server) = ([192, 168, 7, 2], [203, 0, 113, 7]);
    let (source, destination) = if from_client { (client, server) } else { (server, client) };
    let (from, to) = if from_client { (port, 80) } else { (80, port) };
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(source, destination, 64);
    let built = ip.tcp(from, to, sequence, 512);
    let built = if is_syn { built.syn() } else { built };
    let built = if is_syn && from_client { built } else { built.ack(if from_client { 501 } else { 101 }) };
    let mut frame = Vec::new();
    built.write(&mut frame, payload).unwrap();
    frame
}

/// Puts a frame into a VXLAN.
fn tunnelled(frame: &[u8]) -> Vec<u8> {
    let payload = [&[8, 0, 0, 0, 0, 0, 7, 0], frame].concat();
    let mut packet = Vec::new();
    let ip = PacketBuilder::ethernet2([6; 6], [8; 6]).ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64);
    ip.udp(50_000, 4_789).write(&mut packet, &payload).unwrap();
    packet
}

/// Cuts an Ethernet frame with IPv4 in two, behind 64 bytes of what its IP header carries.
fn halves(frame: &[u8], id: u16) -> [Vec<u8>; 2] {
    let (header, payload) = Ipv4Header::from_slice(&frame[14..]).unwrap();
    let half = |bytes: &[u8], is_first: bool| {
        let mut header = header.clone();
        header.set_payload_len(bytes.len()).unwrap();
        (header.identification, header.dont_fragment, header.more_fragments) = (id, false, is_first);
        header.fragment_offset = IpFragOffset::try_new(if is_first { 0 } else { 64 / 8 }).unwrap();
        [&frame[..14], &header.to_bytes(), bytes].concat()
    };
    [half(&payload[..64], true), half(&payload[64..], false)]
}

/// Three connections, each a handshake and 100 bytes that are sent again 300 ms later: in a tunnel, the bytes in two
/// pieces, and both of it.
fn nested() -> (Vec<u8>, BTreeMap<u64, Whole>) {
    let mut making = Making::new();
    for (second, is_tunnelled, is_in_pieces) in [(0, true, false), (1, false, true), (2, true, true)] {
        let port = 40_000 + second;
        let begin = BASE + u64::from(second) * 1_000_000_000;
        let data = segment(port, true, false, 101, &[7; 100]);
        let copies = |id| if is_in_pieces { halves(&data, id).to_vec() } else { vec![data.clone()] };
        let steps = [
            (0, vec![segment(port, true, true, 100, &[])]),
            (20, vec![segment(port, false, true, 500, &[])]),
            (21, vec![segment(port, true, false, 101, &[])]),
            (30, copies(1)),
            (330, copies(2)),
        ];
        for (millis, frames) in steps {
            for frame in frames {
                let frame = if is_tunnelled { tunnelled(&frame) } else { frame };
                making.add(begin + millis * 1_000_000, &frame);
            }
        }
    }
    making.finish()
}

/// Measures a capture to its end.
fn measured(path: &Path) -> Monitor {
    let monitor = Monitor::new(MonitorSettings::new(clock)).unwrap();
    let (sender, changes) = mpsc::channel();
    monitor.subscribe(move || {
        let _ = sender.send(());
    });
    let origin = Origin::File { path: path.to_owned(), name: "made up".into(), speed: None };
    monitor.start(&Start { origin, filter: None, duration: None, needs_viewers: false }).unwrap();
    while monitor.status().state != State::Finished {
        changes.recv_timeout(PATIENCE).unwrap();
    }
    monitor
}

fn assert_every_flow_is_told_as_in(monitor: &Monitor, whole: &BTreeMap<u64, Whole>) {
    let query = FlowQuery { sort: FlowColumn::FirstSeen, limit: 200, ..FlowQuery::default() };
    let window = monitor.find_flows(&query).unwrap();
    assert_eq!(window.total, u64::try_from(whole.len()).unwrap());
    let with_findings = whole.iter().filter(|(_, flow)| !flow.findings.is_empty()).map(|(&id, _)| id);
    let ids: Vec<u64> = window.rows.iter().map(|listed| listed.id).chain(with_findings.take(200)).collect();
    assert!(ids.len() > 200, "{} flows with findings", ids.len() - 200);
    for id in ids {
        assert_told_as_in(monitor, id, &whole[&id]);
    }
}

fn assert_told_as_in(monitor: &Monitor, id: u64, whole: &Whole) {
    let detail = monitor.flow(id).unwrap();
    let course = &detail.course;
    assert_eq!(course.packets, u64::try_from(whole.packets.len()).unwrap(), "flow {id}");
    assert_eq!(course.first_packet, whole.packets.first().copied());
    assert_eq!(course.last_packet, whole.packets.last().copied());
    assert!(!course.is_cut && course.steps.len() <= 120);
    let sum = |of: fn(&netsonde_messages::stream::FlowStep) -> f64| {
        course.steps.iter().map(of).sum::<f64>() * course.step_s / 8.0
    };
    let flow = &detail.listed.flow;
    for (told, bytes) in
        [(sum(|step| step.up_bps), flow.bytes_up), (sum(|step| step.down_bps), flow.bytes_down)]
    {
        assert!((told - bytes as f64).abs() < 0.5, "flow {id}: {told} of {bytes} bytes");
    }
    let newest = whole.findings.len().saturating_sub(200);
    let findings = detail.findings.iter().map(|found| (found.number, found.event.as_ref()));
    assert!(findings.eq(whole.findings[newest..].iter().copied()), "flow {id}");
    let mut counts = BTreeMap::<&str, u64>::new();
    for (_, event) in &whole.findings {
        *counts.entry(event).or_default() += 1;
    }
    assert!(detail.counts.iter().all(|found| counts[found.event.as_ref()] == found.count), "flow {id}");
    assert_eq!(detail.counts.len(), counts.len());
    if let Some(resent) = flow.retransmissions {
        let named = ["retransmission", "fast_retransmission", "spurious_retransmission"];
        let least = named.iter().filter_map(|event| counts.get(event)).sum::<u64>();
        let most = least + counts.get("out_of_order").unwrap_or(&0);
        assert!((least..=most).contains(&resent), "flow {id}: {resent} of {least} to {most}");
    }
    // Where packets are read again, a later fragment is known by the first one before it in the page.
    if flow.transport == "TCP" {
        assert_eq!(packets_of(monitor, id), whole.packets, "flow {id}");
    }
}

/// Reads the packets of a flow page by page.
fn packets_of(monitor: &Monitor, id: u64) -> Vec<u64> {
    let (mut numbers, mut from) = (Vec::new(), Some(1));
    while from.is_some() {
        let window = monitor.find_packets(from, 50, None, Some(id)).unwrap();
        numbers.extend(window.rows.iter().map(|row| row.number));
        from = window.next;
    }
    numbers
}

#[test]
fn a_flow_of_a_file_is_told_as_the_whole_capture_has_it() {
    let (capture, whole) = made();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made-up.pcap");
    fs::write(&path, capture).unwrap();
    assert_every_flow_is_told_as_in(&measured(&path), &whole);
}

/// Hands over a capture through a pipe, which cannot be read again, and measures it.
fn measured_from_pipe(capture: Vec<u8>) -> Monitor {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let path: PathBuf = format!("/proc/self/fd/{}", reader.as_raw_fd()).into();
    let written = thread::spawn(move || writer.write_all(&capture).unwrap());
    let monitor = measured(&path);
    written.join().unwrap();
    monitor
}

#[test]
fn a_flow_in_a_tunnel_or_in_pieces_is_told_with_its_packets_and_findings() {
    let (capture, whole) = nested();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nested.pcap");
    fs::write(&path, &capture).unwrap();
    // Five packets, the last one sent again; where the data come in pieces seven, the last piece completing the copy.
    let expected =
        [(1..=5, (5, "retransmission")), (6..=12, (12, "retransmission")), (13..=19, (19, "retransmission"))];
    for monitor in [measured(&path), measured_from_pipe(capture)] {
        let told: Vec<_> = whole.values().map(|flow| (flow.packets.clone(), flow.findings.clone())).collect();
        assert_eq!(told, expected.clone().map(|(packets, found)| (packets.collect(), vec![found])));
        for (&id, flow) in &whole {
            assert_told_as_in(&monitor, id, flow);
            let course = monitor.flow(id).unwrap().course;
            let resent: u64 = course.steps.iter().map(|step| step.resent).sum();
            assert_eq!(resent, 1, "flow {id}");
        }
    }
}

#[test]
fn a_flow_whose_packets_are_copied_is_told_as_the_whole_capture_has_it() {
    let (capture, whole) = made();
    let monitor = measured_from_pipe(capture);
    assert_every_flow_is_told_as_in(&monitor, &whole);
    // The newest packets of a flow, a text beside it, and flows that are not there.
    let (&id, flow) = whole.iter().max_by_key(|(_, flow)| flow.packets.len()).unwrap();
    let newest = monitor.find_packets(None, 10, None, Some(id)).unwrap();
    assert!(
        newest.rows.iter().map(|row| row.number).eq(flow.packets[flow.packets.len() - 10..].iter().copied())
    );
    let none = monitor.find_packets(Some(1), 10, Some("nowhere to be found"), Some(id)).unwrap();
    assert_eq!((none.rows.len(), none.next), (0, None));
    assert!(monitor.find_packets(Some(1), 10, None, Some(u64::MAX)).is_none());
    assert!(monitor.flow(u64::MAX).is_none());
}

#[test]
fn flows_stay_until_reset() {
    let (capture, _) = made();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made-up.pcap");
    fs::write(&path, capture).unwrap();
    let monitor = measured(&path);
    let query = FlowQuery { limit: 1, ..FlowQuery::default() };
    let window = monitor.find_flows(&query).unwrap();
    // A file has no pace: how fast it is read is no throughput.
    assert_eq!((window.rows[0].up_bps, window.rows[0].recent_bps.len()), (None, 0));
    monitor.reset().unwrap();
    assert_eq!(monitor.find_flows(&query).unwrap(), netsonde_messages::stream::FlowWindow::default());
    let wrong = FlowQuery { text: Some(":nonsense".into()), ..query };
    assert!(monitor.find_flows(&wrong).unwrap_err().to_string().starts_with("\":nonsense\" is no address"));
    assert!(monitor.flow(0).is_none());
}
