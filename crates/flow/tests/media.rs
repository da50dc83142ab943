//! Streams of RTP, by whole packets: how they are found, what is measured of them, what their conversation counts as.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's own packets are sound")]

use std::net::IpAddr;

use etherparse::PacketBuilder;
use netsonde_dissect::{Frame, LinkType, Packet, Protocol};
use netsonde_flow::limits::{self, Limits};
use netsonde_flow::{
    Announcement, Aside, ClockBy, Fact, FlowEvent, FlowTable, Format, FoundBy, LocalNetworks, MediaKind,
    Observation, Recognition, RtcpEvent, RtpEvent, StreamRow,
};
use netsonde_units::{Timestamp, Volume};

type End = ([u8; 4], u16);

const HERE: End = ([192, 168, 1, 2], 40_000);
const THERE: End = ([203, 0, 113, 5], 5_004);
const MILLISECOND: u64 = 1_000_000;
/// Of Ethernet, IPv4 and UDP.
const HEADERS: usize = 42;
/// PCMU, and a type that nobody has fixed.
const PCMU: u8 = 0;
const DYNAMIC: u8 = 96;

/// What is kept of a stream's row.
#[derive(Clone, Debug, Default, PartialEq)]
struct Kept {
    ssrc: u32,
    found_by: Option<FoundBy>,
    is_protected: bool,
    packets: u64,
    payload_bytes: u64,
    /// Expected, received, duplicates, out of order.
    counts: [u64; 4],
    restarts: u32,
    talk_spurts: u32,
    types: Vec<(u8, u32)>,
    codec: Option<String>,
    kind: Option<MediaKind>,
    clock: Option<(u32, ClockBy)>,
    jitter_micros: Option<u64>,
    round_trip_micros: Option<u64>,
    steps: Vec<u32>,
    call: Option<String>,
    ended: bool,
}

impl Kept {
    fn of(row: &StreamRow<'_>) -> Self {
        let round_trip = row.reported.map(|reported| reported.round_trip).filter(|it| it.count > 0);
        Self {
            ssrc: row.ssrc,
            found_by: Some(row.found_by),
            is_protected: row.is_protected,
            packets: row.packets,
            payload_bytes: row.payload_bytes,
            counts: [row.expected, row.received, row.duplicates, row.out_of_order],
            restarts: row.restarts,
            talk_spurts: row.talk_spurts,
            types: row.payload_types.to_vec(),
            codec: row.codec.map(str::to_owned),
            kind: row.kind,
            clock: row.clock_rate.zip(row.clock_by),
            jitter_micros: row.jitter_nanos.map(|nanos| nanos / 1_000),
            round_trip_micros: round_trip.map(|it| it.sum / u64::from(it.count) / 1_000),
            steps: row.course.iter().map(|step| step.packets).collect(),
            call: row.call.map(str::to_owned),
            ended: row.ended,
        }
    }
}

struct Tap {
    table: FlowTable,
    /// Packets and bytes by protocol, with what was recognised later moved.
    sums: Vec<(Protocol, Volume)>,
    encrypted: Volume,
    total: Volume,
    events: Vec<FlowEvent>,
}

impl Tap {
    fn new() -> Self {
        Self::with(64)
    }

    fn with(flows: u32) -> Self {
        let mut table = FlowTable::new(Limits { flows, departed: 64 }, LocalNetworks::default());
        table.leap(at(0), at(0));
        let (encrypted, total) = (Volume::ZERO, Volume::ZERO);
        Self { table, sums: Vec::new(), encrypted, total, events: Vec::new() }
    }

    fn sum(&mut self, protocol: Protocol) -> &mut Volume {
        if !self.sums.iter().any(|(known, _)| *known == protocol) {
            self.sums.push((protocol, Volume::ZERO));
        }
        &mut self.sums.iter_mut().find(|(known, _)| *known == protocol).unwrap().1
    }

    fn move_over(&mut self, recognition: &Recognition) {
        *self.sum(recognition.from) -= recognition.moved;
        *self.sum(recognition.to) += recognition.moved;
        self.encrypted += recognition.encrypted;
    }

    /// Sees a datagram; the sums hold whatever is found.
    fn see(&mut self, nanos: u64, from: End, to: End, payload: &[u8]) -> Observation {
        let mut bytes = Vec::new();
        let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(from.0, to.0, 64);
        ip.udp(from.1, to.1).write(&mut bytes, payload).unwrap();
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let packet = Packet { at: None, link: LinkType::ETHERNET, interface: 0, wire_len, bytes: &bytes };
        let frame = Frame::parse(&packet);
        let conversation = self.table.conversation(&frame);
        let seen = self.table.observe(&frame, conversation, wire_len, at(nanos), at(nanos));
        let asides: Vec<Aside> = self.table.take_asides().collect();
        let volume = Volume::packet(wire_len.into());
        *self.sum(seen.protocol) += volume;
        self.total += volume;
        if seen.encrypted {
            self.encrypted += volume;
        }
        if let Some(recognition) = &seen.recognition {
            self.move_over(recognition);
        }
        for aside in &asides {
            let Aside::Recognised(recognition) = aside else { panic!("{aside:?}") };
            self.move_over(recognition);
        }
        self.events.extend(seen.event);
        assert_eq!(self.sums.iter().map(|(_, volume)| *volume).sum::<Volume>(), self.total);
        // No class is less than nothing: a difference modulo 2^64 would be far above the total.
        assert!(self.sums.iter().all(|(_, volume)| volume.bytes <= self.total.bytes), "{:?}", self.sums);
        seen
    }

    fn packets(&self, protocol: Protocol) -> u64 {
        self.sums.iter().find(|(known, _)| *known == protocol).map_or(0, |(_, volume)| volume.packets)
    }

    /// The streams touched since the last time, with the last rows of those that have ended before them.
    fn streams(&mut self) -> Vec<Kept> {
        let mut kept = Vec::new();
        self.table.ended_streams(|row| kept.push(Kept::of(row)));
        self.table.streams(|row| kept.push(Kept::of(row)));
        kept
    }

    fn stream(&mut self) -> Kept {
        let streams = self.streams();
        assert_eq!(streams.len(), 1, "{streams:?}");
        streams.into_iter().next().unwrap()
    }

    /// What the packets of all streams told, added up.
    fn told(&self) -> RtpEvent {
        self.events.iter().fold(RtpEvent::default(), |sum, event| {
            let FlowEvent::Rtp(event) = event else { return sum };
            RtpEvent {
                expected: sum.expected + event.expected,
                received: sum.received + event.received,
                duplicates: sum.duplicates + event.duplicates,
                out_of_order: sum.out_of_order + event.out_of_order,
                jitter_nanos: event.jitter_nanos,
            }
        })
    }
}

fn at(nanos: u64) -> Timestamp {
    Timestamp::from_parts(1_700_000_000, 0).plus_nanos(nanos)
}

/// A packet of a stream; its time is that of its number, 20 ms at 8 kHz each, and 20 bytes of payload.
fn rtp(kind: u8, number: u16, ssrc: u32) -> Vec<u8> {
    rtp_with(0x80, kind, number, u32::from(number) * 160, ssrc, &[0xd5; 20])
}

fn rtp_with(first: u8, kind: u8, number: u16, ticks: u32, ssrc: u32, rest: &[u8]) -> Vec<u8> {
    let [s0, s1] = number.to_be_bytes();
    [&[first, kind, s0, s1][..], &ticks.to_be_bytes(), &ssrc.to_be_bytes(), rest].concat()
}

/// Sends `numbers` of a stream from `HERE` to `THERE`, 20 ms apart.
fn send(tap: &mut Tap, kind: u8, numbers: impl IntoIterator<Item = u16>) {
    for number in numbers {
        tap.see(u64::from(number) * 20 * MILLISECOND, HERE, THERE, &rtp(kind, number, 7));
    }
}

fn announcement(end: End) -> Announcement {
    Announcement {
        address: IpAddr::from(end.0),
        port: end.1,
        rtcp_port: end.1 + 1,
        kind: MediaKind::Audio,
        is_protected: false,
        formats: Vec::new(),
        call: Some("a call".into()),
        at: at(0),
    }
}

fn announce(tap: &mut Tap, announcement: Announcement) {
    tap.table.learn(&Fact::Media(Box::new(announcement)));
}

#[test]
fn a_run_of_packets_is_a_stream_since_its_first_one() {
    let mut tap = Tap::new();
    send(&mut tap, PCMU, 0..8);
    assert_eq!((tap.streams(), tap.packets(Protocol::Udp)), (vec![], 8));
    // The ninth packet is the eighth that follows another.
    send(&mut tap, PCMU, 8..9);
    assert_eq!((tap.packets(Protocol::Udp), tap.packets(Protocol::Rtp)), (0, 9));
    assert_eq!(
        tap.told(),
        RtpEvent { expected: 9, received: 9, jitter_nanos: Some(0), ..RtpEvent::default() }
    );
    send(&mut tap, PCMU, 9..100);
    let stream = tap.stream();
    let expected = Kept {
        ssrc: 7,
        found_by: Some(FoundBy::Shape),
        packets: 100,
        payload_bytes: 2_000,
        counts: [100, 100, 0, 0],
        types: vec![(PCMU, 100)],
        codec: Some("PCMU".to_owned()),
        kind: Some(MediaKind::Audio),
        clock: Some((8_000, ClockBy::PayloadType)),
        jitter_micros: Some(0),
        steps: vec![50, 50],
        ..Kept::default()
    };
    assert_eq!(stream, expected);
    assert_eq!((tap.told().expected, tap.told().received), (100, 100));
    // Nothing was touched since.
    assert_eq!(tap.streams(), []);
}

/// Fault 11 of the design's public implementation: its goodput took every header for twelve bytes and could be negative.
#[test]
fn goodput_is_the_payload_behind_sources_and_extension() {
    let mut tap = Tap::new();
    send(&mut tap, PCMU, 0..20);
    assert_eq!(tap.see(20, HERE, THERE, &rtp(PCMU, 20, 7)).goodput_bytes, 20);
    // A source of four bytes, an extension of four and four, two bytes, two of padding.
    let rest = [0, 0, 0, 9, 0xbe, 0xde, 0, 1, 0, 0, 0, 0, 1, 2, 0, 2];
    assert_eq!(tap.see(21, HERE, THERE, &rtp_with(0xb1, PCMU, 21, 21 * 160, 7, &rest)).goodput_bytes, 2);
    assert_eq!(tap.see(22, HERE, THERE, &rtp_with(0x80, PCMU, 22, 22 * 160, 7, &[])).goodput_bytes, 0);
    // Padding longer than all of the packet.
    let padded = rtp_with(0xa0, PCMU, 23, 23 * 160, 7, &[200]);
    assert_eq!(tap.see(23, HERE, THERE, &padded).goodput_bytes, 1);
}

/// Fault 3 of the design's public implementation: what was lost between two ticks was not lost.
#[test]
fn losses_where_a_tick_ends_are_lost() {
    let mut tap = Tap::new();
    // Every hundredth packet is the first one of a tick, and missing: 19 of 1,950.
    let mut rows = Vec::new();
    for tick in 0..20_u16 {
        let first = tick * 100;
        let end = if tick == 19 { first + 50 } else { first + 100 };
        send(&mut tap, PCMU, (first..end).filter(|&number| number % 100 != 0 || number == 0));
        rows = tap.streams();
    }
    assert_eq!(rows[0].counts, [1_950, 1_931, 0, 0]);
    assert_eq!((tap.told().expected, tap.told().received), (1_950, 1_931));
}

/// Fault 6 of the design's public implementation: a source was known by its number alone.
#[test]
fn one_source_between_two_pairs_of_ends_is_two_streams() {
    let mut tap = Tap::new();
    let elsewhere = ([203, 0, 113, 5], 6_004);
    for number in 0..40 {
        tap.see(u64::from(number), HERE, THERE, &rtp(PCMU, number, 7));
        if number % 2 == 0 {
            // Another one, with numbers of its own.
            tap.see(u64::from(number), HERE, elsewhere, &rtp(PCMU, 9_000 + number / 2, 7));
        }
        tap.see(u64::from(number), THERE, HERE, &rtp(PCMU, 30_000 + number, 7));
    }
    let counts: Vec<_> = tap.streams().iter().map(|stream| (stream.ssrc, stream.counts)).collect();
    assert_eq!(counts, [(7, [40, 40, 0, 0]), (7, [40, 40, 0, 0]), (7, [20, 20, 0, 0])]);
}

#[test]
fn tones_and_comfort_noise_begin_no_stream_and_stay_out_of_the_jitter() {
    let mut tap = Tap::new();
    send(&mut tap, PCMU, 0..50);
    for number in 50..60_u16 {
        // A digit: all its packets have the time of its beginning. And noise, at any time.
        let nanos = u64::from(number) * 20 * MILLISECOND;
        let (kind, ticks) = if number < 55 { (101, 50 * 160) } else { (13, 77_777) };
        tap.see(nanos, HERE, THERE, &rtp_with(0x80, kind, number, ticks, 7, &[1, 2, 3, 4]));
    }
    send(&mut tap, PCMU, 60..70);
    let stream = tap.stream();
    assert_eq!(stream.types, [(PCMU, 60), (101, 5), (13, 5)]);
    assert_eq!((stream.counts, stream.jitter_micros), ([70, 70, 0, 0], Some(0)));
}

#[test]
fn clock_by_pace_measures_the_packets_before_too() {
    let mut tap = Tap::new();
    // 20 ms at 48 kHz each, every second one 8 ms late: |D| is 8 ms each time.
    for number in 0..200_u16 {
        let late = u64::from(number % 2) * 8 * MILLISECOND;
        let packet = rtp_with(0x80, DYNAMIC, number, u32::from(number) * 960, 7, &[1; 60]);
        tap.see(u64::from(number) * 20 * MILLISECOND + late, HERE, THERE, &packet);
        if number == 40 {
            let early = tap.stream();
            assert_eq!((early.clock, early.jitter_micros, early.kind), (None, None, None));
        }
    }
    let stream = tap.stream();
    assert_eq!((stream.clock, stream.kind), (Some((48_000, ClockBy::Pace)), Some(MediaKind::Audio)));
    // It nears 8 ms: after 199 packets 8 (1 - (15/16)^199) ms.
    assert!((7_990..8_001).contains(&stream.jitter_micros.unwrap()), "{:?}", stream.jitter_micros);
}

#[test]
fn what_is_announced_is_found_at_once_and_named() {
    let mut tap = Tap::new();
    let format = Format { payload_type: DYNAMIC, codec: "opus".into(), clock_rate: Some(48_000) };
    announce(&mut tap, Announcement { formats: vec![format], ..announcement(THERE) });
    let packet = |number: u16| rtp_with(0x80, DYNAMIC, number, u32::from(number) * 960, 7, &[1; 60]);
    assert_eq!(tap.see(0, HERE, THERE, &packet(0)).protocol, Protocol::Rtp);
    tap.see(20 * MILLISECOND, HERE, THERE, &packet(1));
    let stream = tap.stream();
    assert_eq!((stream.found_by, stream.codec.as_deref()), (Some(FoundBy::Signalling), Some("opus")));
    assert_eq!((stream.clock, stream.jitter_micros), (Some((48_000, ClockBy::Signalling)), Some(0)));
    assert_eq!(stream.call.as_deref(), Some("a call"));
    // The other way goes from where the stream comes to.
    assert_eq!(tap.see(0, THERE, HERE, &packet(7)).protocol, Protocol::Rtp);
}

#[test]
fn what_is_no_stream_on_the_ports_of_a_call_is_none() {
    let mut tap = Tap::new();
    let format = Format { payload_type: DYNAMIC, codec: "opus".into(), clock_rate: Some(48_000) };
    announce(&mut tap, Announcement { formats: vec![format], ..announcement(THERE) });
    // The right version, and each of another source and a type that was not announced.
    for number in 0..50 {
        tap.see(0, HERE, THERE, &rtp(PCMU, number, number.into()));
    }
    assert_eq!((tap.streams(), tap.packets(Protocol::Udp)), (vec![], 50));
    // A stream of a type that was not announced is one by its third packet.
    for number in 0..3 {
        tap.see(0, THERE, HERE, &rtp(PCMU, number, 7));
    }
    assert_eq!(tap.stream().found_by, Some(FoundBy::Signalling));
}

#[test]
fn what_is_announced_late_is_found_since_its_first_packet() {
    let mut tap = Tap::new();
    send(&mut tap, PCMU, [0, 500, 1_000]);
    assert_eq!(tap.streams(), []);
    announce(&mut tap, announcement(THERE));
    send(&mut tap, PCMU, [1_500]);
    assert_eq!((tap.packets(Protocol::Udp), tap.packets(Protocol::Rtp)), (0, 4));
    assert_eq!(tap.stream().counts, [1_501, 4, 0, 0]);
    assert_eq!(tap.told().expected, 1_501);
    // One that was found by its shape before is one of the call all the same.
    let elsewhere = ([203, 0, 113, 9], 5_004);
    for number in 0..20 {
        tap.see(0, HERE, elsewhere, &rtp(PCMU, number, 9));
    }
    assert_eq!(tap.stream().found_by, Some(FoundBy::Shape));
    announce(&mut tap, announcement(elsewhere));
    tap.see(0, HERE, elsewhere, &rtp(PCMU, 20, 9));
    let stream = tap.stream();
    assert_eq!((stream.found_by, stream.call.as_deref()), (Some(FoundBy::Signalling), Some("a call")));
}

#[test]
fn a_call_on_the_ports_of_another_takes_none_of_its_streams() {
    let mut tap = Tap::new();
    let call_of = |tap: &mut Tap, ssrc: u32| {
        let streams = tap.streams();
        streams.into_iter().find(|stream| stream.ssrc == ssrc).and_then(|stream| stream.call)
    };
    announce(&mut tap, announcement(THERE));
    tap.see(0, HERE, THERE, &rtp(PCMU, 0, 7));
    announce(&mut tap, Announcement { call: Some("the next".into()), ..announcement(THERE) });
    tap.see(0, HERE, THERE, &rtp(PCMU, 0, 8));
    tap.see(0, HERE, THERE, &rtp(PCMU, 1, 7));
    assert_eq!(call_of(&mut tap, 7).as_deref(), Some("a call"));
    tap.see(0, HERE, THERE, &rtp(PCMU, 1, 8));
    assert_eq!(call_of(&mut tap, 8).as_deref(), Some("the next"));
    // What the same call says anew holds.
    let formats = vec![Format { payload_type: PCMU, codec: "X".into(), clock_rate: Some(8_000) }];
    announce(&mut tap, Announcement { call: Some("the next".into()), formats, ..announcement(THERE) });
    tap.see(0, HERE, THERE, &rtp(PCMU, 2, 8));
    tap.see(0, HERE, THERE, &rtp(PCMU, 2, 7));
    let codecs: Vec<_> = tap.streams().into_iter().map(|stream| stream.codec.unwrap()).collect();
    assert_eq!(codecs, ["X", "PCMU"]);
}

#[test]
fn streams_are_numbered_as_they_are_found() {
    let mut tap = Tap::new();
    // Two candidates that nothing follows.
    tap.see(0, HERE, (THERE.0, 9_000), &rtp(PCMU, 0, 1));
    tap.see(0, HERE, (THERE.0, 9_002), &rtp(PCMU, 0, 2));
    send(&mut tap, PCMU, 0..20);
    let mut serials = Vec::new();
    tap.table.streams(|row| serials.push((row.ssrc, row.serial)));
    assert_eq!(serials, [(7, 0)]);
}

#[test]
fn sources_that_begin_together_in_turn_are_all_found() {
    let mut tap = Tap::new();
    for number in 0..20 {
        for ssrc in 0..12 {
            tap.see(u64::from(number) * 20 * MILLISECOND, HERE, THERE, &rtp(PCMU, number, ssrc));
        }
    }
    let streams = tap.streams();
    assert_eq!(streams.len(), 12);
    assert!(streams.iter().all(|stream| stream.counts == [20, 20, 0, 0]), "{streams:?}");
}

#[test]
fn random_datagrams_are_no_streams_and_are_left_alone() {
    let mut tap = Tap::new();
    let mut noise = 0x9e37_79b9_7f4a_7c15_u64;
    for number in 0..20_000_u64 {
        let mut payload = [0; 48];
        for byte in &mut payload {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            *byte = noise.to_le_bytes()[0];
        }
        // 200 conversations, of which a hundred begin as RTP would.
        let port = u16::try_from(number % 200).unwrap();
        if port < 100 {
            payload[0] = 0x80;
        }
        tap.see(number, HERE, (THERE.0, 5_000 + port), &payload);
    }
    assert_eq!(tap.streams(), []);
    assert_eq!(tap.packets(Protocol::Rtp) + tap.packets(Protocol::Srtp), 0);
}

const STUN: [u8; 20] = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/// A handshake record of DTLS 1.2, and what encryption leaves of others.
const DTLS: [u8; 15] = [20, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0];
/// A receiver's report that says nothing.
const REPORT: [u8; 8] = [0x80, 201, 0, 1, 0, 0, 0, 9];

#[test]
fn what_shares_the_port_is_told_apart() {
    let mut tap = Tap::new();
    tap.see(0, HERE, THERE, &STUN);
    tap.see(0, HERE, THERE, &DTLS[..14]);
    // Four packets that follow another: the ends have searched a way.
    for number in 0..5 {
        tap.see(0, HERE, THERE, &rtp(DYNAMIC, number, 7));
        tap.see(0, THERE, HERE, &[&[0x81, 201, 0, 7][..], &[1; 40]].concat());
    }
    // The keys make it SRTP, and the whole conversation encrypted; the four reports before it was found are reports.
    assert_eq!(tap.packets(Protocol::Srtp), 5);
    assert_eq!((tap.packets(Protocol::Rtcp), tap.packets(Protocol::Stun)), (5, 2));
    assert_eq!(tap.encrypted, tap.total);
    assert_eq!(tap.see(0, HERE, THERE, &STUN).protocol, Protocol::Stun);
    assert_eq!(tap.see(0, HERE, THERE, &DTLS).protocol, Protocol::Dtls);
    assert_eq!(tap.see(0, THERE, HERE, &REPORT).protocol, Protocol::Rtcp);
    assert_eq!(tap.see(0, THERE, HERE, &[0xc0, 1, 2, 3]).protocol, Protocol::Udp);
    assert_eq!(tap.see(0, THERE, HERE, &[0x80; 5]).protocol, Protocol::Udp);
    // A channel of TURN with three bytes, padded; a message of fax (ITU-T T.38) and what keeps a port open begin alike.
    assert_eq!(tap.see(0, THERE, HERE, &[0x40, 0, 0, 3, 1, 2, 3, 0]).protocol, Protocol::Stun);
    assert_eq!(tap.see(0, THERE, HERE, &[0x40, 0, 0, 3, 1, 2]).protocol, Protocol::Udp);
    assert_eq!(tap.see(0, THERE, HERE, &[0, 1, 6, 0xc0, 1, 0x80, 0, 0, 0xff]).protocol, Protocol::Udp);
    assert_eq!(tap.see(0, THERE, HERE, &[0]).protocol, Protocol::Udp);
    assert!(tap.stream().is_protected);
    assert_eq!(tap.encrypted, tap.total);
}

#[test]
fn keys_that_are_made_later_make_it_encrypted() {
    let mut tap = Tap::new();
    send(&mut tap, PCMU, 0..20);
    assert_eq!((tap.packets(Protocol::Rtp), tap.encrypted), (20, Volume::ZERO));
    tap.see(0, THERE, HERE, &DTLS);
    send(&mut tap, PCMU, 20..21);
    assert_eq!((tap.packets(Protocol::Rtp), tap.packets(Protocol::Srtp)), (0, 21));
    assert_eq!(tap.encrypted, tap.total);
    assert!(tap.stream().is_protected);
}

#[test]
fn announced_keys_make_it_encrypted() {
    let mut tap = Tap::new();
    announce(&mut tap, Announcement { is_protected: true, ..announcement(THERE) });
    assert_eq!(tap.see(0, HERE, THERE, &rtp(PCMU, 0, 7)).protocol, Protocol::Srtp);
    assert!(tap.stream().is_protected);
}

/// A sender's report of the stream 7, and a receiver's of it, which answers it after a quarter of a second.
fn sender_report() -> Vec<u8> {
    let mut report = vec![0x80, 200, 0, 6, 0, 0, 0, 7, 0, 0, 0, 9, 0x80, 0, 0, 0];
    report.extend([0; 12]);
    report
}

fn receiver_report() -> Vec<u8> {
    let mut report = vec![0x81, 201, 0, 7, 0, 0, 0, 9, 0, 0, 0, 7, 64, 0, 0, 5];
    report.extend([0, 0, 0, 99, 0, 0, 0, 80, 0, 9, 0x80, 0, 0, 0, 0x40, 0]);
    report
}

#[test]
fn reports_on_the_next_port_tell_the_round_trip_and_what_the_receiver_lost() {
    let mut tap = Tap::new();
    send(&mut tap, PCMU, 0..20);
    let (here, there) = ((HERE.0, HERE.1 + 1), (THERE.0, THERE.1 + 1));
    let second = 1_000 * MILLISECOND;
    assert_eq!(tap.see(second, here, there, &sender_report()).protocol, Protocol::Rtcp);
    let seen = tap.see(second + 290 * MILLISECOND, there, here, &receiver_report());
    // 290 ms less the 250 that the receiver waited.
    let expected = RtcpEvent { round_trip_nanos: Some(40 * MILLISECOND) };
    assert_eq!(seen.event, Some(FlowEvent::Rtcp(expected)));
    let stream = tap.stream();
    assert_eq!((stream.round_trip_micros, stream.found_by), (Some(40_000), Some(FoundBy::Rtcp)));
    // One that answers nothing that was seen tells no round trip.
    let mut other = receiver_report();
    other[24] = 5;
    let seen = tap.see(second, there, here, &other);
    assert_eq!(seen.event, Some(FlowEvent::Rtcp(RtcpEvent { round_trip_nanos: None })));
}

#[test]
fn a_source_that_reports_speak_of_is_found_by_its_second_packet() {
    let mut tap = Tap::new();
    tap.see(0, (HERE.0, HERE.1 + 1), (THERE.0, THERE.1 + 1), &sender_report());
    send(&mut tap, PCMU, 0..2);
    assert_eq!(tap.stream().found_by, Some(FoundBy::Rtcp));
    // And in its own conversation, where its packets follow each other too far apart for anything else.
    let mut tap = Tap::new();
    send(&mut tap, PCMU, [0]);
    tap.see(0, HERE, THERE, &sender_report());
    send(&mut tap, PCMU, [100]);
    assert_eq!(tap.stream().counts, [101, 2, 0, 0]);
    // The report had its own class already.
    assert_eq!((tap.packets(Protocol::Rtcp), tap.packets(Protocol::Rtp)), (1, 2));
}

#[test]
fn streams_end_with_their_conversation_and_return_with_it() {
    let mut tap = Tap::new();
    send(&mut tap, PCMU, 0..20);
    assert!(!tap.stream().ended);
    let idle = limits::OTHER_IDLE_NANOS;
    tap.table.relieve(at(idle + 1_000 * MILLISECOND), |_| {});
    let stream = tap.stream();
    assert!(stream.ended && stream.packets == 20);
    // It speaks again, and is the same stream: what it sent meanwhile is lost.
    tap.see(idle + 2_000 * MILLISECOND, HERE, THERE, &rtp(PCMU, 30, 7));
    let stream = tap.stream();
    assert!(!stream.ended && stream.counts == [31, 21, 0, 0], "{stream:?}");
}

#[test]
fn the_stream_of_an_evicted_conversation_has_a_last_row() {
    let mut tap = Tap::with(1);
    send(&mut tap, PCMU, 0..20);
    tap.streams();
    send(&mut tap, PCMU, 20..21);
    tap.see(0, HERE, (THERE.0, 9), b"another conversation");
    let rows = tap.streams();
    assert!(rows.len() == 1 && rows[0].ended && rows[0].packets == 21, "{rows:?}");
    assert_eq!(tap.streams(), []);
}

#[test]
fn too_many_sources_give_way_to_the_next() {
    let mut tap = Tap::new();
    let sources = u32::try_from(limits::STREAMS_EACH).unwrap() + 3;
    for ssrc in 0..sources {
        for number in 0..10 {
            tap.see(u64::from(ssrc) * MILLISECOND, HERE, THERE, &rtp(PCMU, number, ssrc));
        }
    }
    let rows = tap.streams();
    let ended: Vec<_> = rows.iter().filter(|row| row.ended).map(|row| row.ssrc).collect();
    // The first three have been silent for longest.
    assert_eq!((ended, rows.len()), (vec![0, 1, 2], limits::STREAMS_EACH + 3));
    assert_eq!(tap.table.counters().streams_given_up, 3);
    assert!(rows.iter().all(|row| row.counts == [10, 10, 0, 0]));
}

#[test]
fn a_packet_without_a_stamp_is_counted_and_has_no_jitter() {
    let mut tap = Tap::new();
    let mut table = FlowTable::new(Limits { flows: 64, departed: 64 }, LocalNetworks::default());
    std::mem::swap(&mut tap.table, &mut table);
    for number in 0..20 {
        let mut bytes = Vec::new();
        let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(HERE.0, THERE.0, 64);
        ip.udp(HERE.1, THERE.1).write(&mut bytes, &rtp(PCMU, number, 7)).unwrap();
        let wire_len = u32::try_from(bytes.len()).unwrap();
        assert_eq!(bytes.len(), HEADERS + 32);
        let packet = Packet { at: None, link: LinkType::ETHERNET, interface: 0, wire_len, bytes: &bytes };
        let frame = Frame::parse(&packet);
        let conversation = tap.table.conversation(&frame);
        tap.table.observe(&frame, conversation, wire_len, Timestamp::EPOCH, Timestamp::EPOCH);
        tap.table.take_asides();
    }
    let stream = tap.stream();
    assert_eq!((stream.counts, stream.jitter_micros), ([20, 20, 0, 0], None));
}

#[test]
fn after_the_last_tick_another_packet_begins_anew() {
    let mut tap = Tap::new();
    send(&mut tap, PCMU, 0..20);
    let mut rows = 0;
    tap.table.conclude(|_| {});
    tap.table.conclude_streams(|_| rows += 1);
    assert_eq!((rows, tap.streams()), (1, vec![]));
    send(&mut tap, PCMU, 20..22);
    assert_eq!(tap.streams(), []);
}
