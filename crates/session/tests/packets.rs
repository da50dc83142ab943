//! What the packet store promises: bounded memory, no allocation, rows that stay as they are, text that is harmless.

#![expect(clippy::unwrap_used, reason = "a test's own packets are sound")]

use std::thread;

use netsonde_capture::Source;
use netsonde_dissect::{LinkType, Packet, Protocol};
use netsonde_flow::Direction;
use netsonde_messages::stream::PacketRow;
use netsonde_metrics::Verdict;
use netsonde_session::{PacketStore, Packets, Session, Settings};
use netsonde_units::Timestamp;
use proptest::prelude::*;

/// The smallest store: five chunks, two of them full.
const SMALL: usize = 5 << 20;
/// What a store allocates beside its chunks: lists of a few pointers.
const LISTS: u64 = 4096;

fn verdict(protocol: Protocol) -> Verdict {
    Verdict { protocol, direction: Direction::Inbound, flow: None, own: false, ..Verdict::default() }
}

fn packet(link: LinkType, bytes: &[u8]) -> Packet<'_> {
    let wire_len = u32::try_from(bytes.len()).unwrap();
    Packet { at: Some(Timestamp::from_parts(1, 0)), link, interface: 0, wire_len, bytes }
}

/// A datagram whose destination tells its number.
fn numbered(number: u32) -> Vec<u8> {
    let mut bytes = vec![0x45, 0, 0, 60, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1];
    bytes.extend(number.to_be_bytes());
    bytes.extend([0x9c, 0x40, 0, 7, 0, 40, 0, 0]);
    bytes.resize(60, 7);
    bytes
}

fn is_numbered_right(row: &PacketRow) -> bool {
    let number = u32::try_from(row.number).unwrap();
    row.destination == std::net::Ipv4Addr::from(number).to_string() && row.info == "40000 → 7 len 32"
}

#[test]
fn quiet_ticks_stay_within_the_bound_and_keep_every_packet() {
    let ticks = 10_000;
    let mut kept = None;
    let allocations = allocation_counter::measure(|| {
        let (mut store, packets) = PacketStore::new(SMALL);
        for number in 1..=ticks {
            store.keep(&packet(LinkType::RAW, &numbered(number)), verdict(Protocol::Udp));
            store.seal();
        }
        kept = Some((store, packets));
    });
    assert!(allocations.bytes_max <= (SMALL as u64) + LISTS, "{allocations:?}");
    let (_store, packets) = kept.unwrap();
    assert_eq!((packets.oldest(), packets.newest()), (Some(1), Some(ticks.into())));
    for number in 1..=u64::from(ticks) {
        let (row, bytes) = packets.packet(number).unwrap();
        assert!(row.number == number && is_numbered_right(&row), "{row:?}");
        assert_eq!(bytes, numbered(u32::try_from(number).unwrap()));
    }
}

#[test]
fn busy_line_stays_within_the_bound_and_fills_it() {
    let bytes = [0x45; 1400];
    let mut held = 0;
    let allocations = allocation_counter::measure(|| {
        let (mut store, packets) = PacketStore::new(4 * SMALL);
        for number in 1..=40_000_u32 {
            store.keep(&packet(LinkType::RAW, &bytes), verdict(Protocol::Udp));
            if number % 333 == 0 {
                store.seal();
            }
        }
        held = packets.newest().unwrap() - packets.oldest().unwrap();
    });
    let bound = 4 * (SMALL as u64);
    assert!(allocations.bytes_max <= bound + LISTS, "{allocations:?}");
    // All but three chunks are full of packets and their entries.
    assert!(held * (1400 + 32) > bound - (4 << 20), "{held} packets held");
}

#[test]
fn keeping_and_sealing_allocate_nothing_once_the_bound_is_reached() {
    let (mut store, packets) = PacketStore::new(SMALL);
    let bytes = numbered(1);
    let mut rounds = |count: u32| {
        for round in 0..count {
            store.keep(&packet(LinkType::RAW, &bytes), verdict(Protocol::Udp));
            if round % 1000 == 0 {
                store.seal();
            }
        }
    };
    rounds(200_000);
    assert!(packets.oldest() > Some(1));
    let allocations = allocation_counter::measure(|| rounds(200_000));
    assert_eq!(allocations.count_total, 0, "{allocations:?}");
}

#[test]
fn readers_see_whole_packets_while_the_writer_goes_on() {
    const COUNT: u32 = 300_000;
    let (mut store, packets) = PacketStore::new(SMALL);
    store.keep(&packet(LinkType::RAW, &numbered(1)), verdict(Protocol::Udp));
    store.seal();
    thread::scope(|scope| {
        for _ in 0..2 {
            let packets = packets.clone();
            scope.spawn(move || read_until(&packets, COUNT.into()));
        }
        for number in 2..=COUNT {
            store.keep(&packet(LinkType::RAW, &numbered(number)), verdict(Protocol::Udp));
            if number % 100 == 0 {
                store.seal();
            }
        }
    });
}

/// Reads in every way until the packet `last` has come.
fn read_until(packets: &Packets, last: u64) {
    let mut newest = 0;
    while newest < last {
        let topic = packets.newest_rows(20);
        assert!(topic.newest.unwrap() >= newest, "packets never go back");
        newest = topic.newest.unwrap();
        assert!(topic.rows.iter().all(is_numbered_right));
        assert!(topic.rows.is_sorted_by(|a, b| a.number < b.number));
        let window = packets.find(topic.oldest, 20, Some("len 32"));
        assert!(window.rows.iter().all(is_numbered_right));
        assert!(window.oldest >= topic.oldest);
        if let Some((row, bytes)) = packets.packet(newest / 2) {
            assert!(is_numbered_right(&row));
            assert_eq!(bytes, numbered(u32::try_from(row.number).unwrap()));
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Keep { len: usize, fill: u8 },
    Seal,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let keep =
        |lens: std::ops::Range<usize>| (lens, any::<u8>()).prop_map(|(len, fill)| Step::Keep { len, fill });
    let step = prop_oneof![
        6 => keep(0..2_000),
        4 => keep(50_000..400_000),
        1 => keep((1 << 20) - 40..(1 << 20) + 40),
        3 => Just(Step::Seal),
    ];
    prop::collection::vec(step, 1..120)
}

/// What is kept at most of one packet: a chunk less its entry.
const MOST_KEPT: usize = (1 << 20) - 32;

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn packets_stay_as_they_were_until_they_are_dropped(steps in steps()) {
        let (mut store, packets) = PacketStore::new(SMALL);
        let mut kept = Vec::new();
        let mut oldest = 0;
        for step in steps {
            match step {
                Step::Keep { len, fill } => {
                    kept.push((len, fill));
                    store.keep(&packet(LinkType::RAW, &vec![fill; len]), verdict(Protocol::Gre));
                    prop_assert!(packets.newest() <= u64::try_from(kept.len()).ok());
                }
                Step::Seal => {
                    store.seal();
                    prop_assert_eq!(packets.newest(), u64::try_from(kept.len()).ok().filter(|count| *count > 0));
                }
            }
            let Some((first, last)) = packets.oldest().zip(packets.newest()) else { continue };
            prop_assert!(first >= oldest && first <= last);
            oldest = first;
            for number in [first, first.midpoint(last), last] {
                let (len, fill) = kept[usize::try_from(number).unwrap() - 1];
                let (row, bytes) = packets.packet(number).unwrap();
                prop_assert_eq!((row.number, row.length), (number, u32::try_from(len).unwrap()));
                prop_assert_eq!(row.info.starts_with("[kept "), len > MOST_KEPT);
                prop_assert_eq!(bytes.len(), len.min(MOST_KEPT));
                prop_assert!(bytes.iter().all(|byte| *byte == fill));
            }
            prop_assert!(first == 1 || packets.packet(first - 1).is_none());
        }
    }
}

fn link_type() -> impl Strategy<Value = LinkType> {
    prop_oneof![
        6 => Just(LinkType::RAW),
        4 => Just(LinkType::ETHERNET),
        1 => Just(LinkType::LINUX_SLL),
        1 => Just(LinkType::LINUX_SLL2),
        1 => Just(LinkType::NULL),
        1 => any::<u16>().prop_map(LinkType),
    ]
}

/// Headers that lead into each describer; what follows them is noise or the beginning of a message.
fn header() -> impl Strategy<Value = Vec<u8>> {
    let ipv4 = |protocol, behind: &[u8]| {
        let header = [0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
        Just([&header[..], behind].concat()).boxed()
    };
    let icmp_v6 = |kind| {
        let mut header = vec![0x60, 0, 0, 0, 1, 0, 58, 255];
        header.extend([2; 32]);
        header.push(kind);
        header
    };
    prop_oneof![
        2 => Just(vec![]),
        6 => ipv4(17, &[0, 53, 0, 53, 1, 0, 0, 0]),
        6 => ipv4(6, &[0, 53, 0, 53, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0x10, 0, 0, 0, 0, 0, 0]),
        2 => ipv4(6, &[0, 53, 0, 53, 0, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0xff, 0, 0, 0, 0, 0, 0]),
        1 => ipv4(1, &[]),
        1 => ipv4(2, &[]),
        1 => ipv4(2, &[0x22, 0, 0, 0, 0, 0]),
        1 => ipv4(50, &[]),
        3 => any::<u8>().prop_map(icmp_v6),
        2 => (130_u8..144).prop_map(icmp_v6),
        1 => Just([&[2; 12], &[8, 6, 0, 1, 8, 0, 6, 4][..]].concat()),
    ]
}

fn message() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(vec![]),
        Just([&[0, 0, 0x80, 0, 0, 1, 0, 9, 0, 0, 0, 0], &b"\x03www\xc0\x0c\0\x01\0\x01"[..]].concat()),
        Just([&[0, 0, 0x84, 0, 0, 0, 0, 9, 0, 0, 0, 0], &b"\0\0\x10\0\x01\0\0\0\0\0\x28\x20"[..]].concat()),
        Just(vec![22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3]),
        Just(vec![22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 99, 2, 0, 0, 87]),
        Just(vec![0xc0, 0, 0, 0, 1, 8]),
        Just(vec![0x80, 0, 0, 0, 0]),
        Just(b"GET /".to_vec()),
        Just(b"HTTP/1.1 ".to_vec()),
        Just(b"SSH-".to_vec()),
        Just([&[1, 1, 6, 0], &[0; 232][..], &[99, 130, 83, 99, 12]].concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_bounded_line_of_plain_text(
        link in link_type(),
        parts in (header(), message(), prop::collection::vec(any::<u8>(), 0..300)),
        protocol in prop::sample::select(Protocol::ALL.as_slice()),
        lacking in 0..100_u32,
    ) {
        let bytes = [parts.0, parts.1, parts.2].concat();
        let mut packet = packet(link, &bytes);
        packet.wire_len += lacking;
        let (mut store, packets) = PacketStore::new(0);
        store.keep(&packet, verdict(protocol));
        store.seal();
        let (row, captured) = packets.packet(1).unwrap();
        prop_assert_eq!(&captured, &bytes);
        prop_assert!(row.info.chars().count() <= 200, "{}", row.info);
        for text in [&row.info, &row.source, &row.destination] {
            // Zero-width characters and those that turn the direction of writing hide what is there.
            let hides = |letter: char| {
 letter.is_control() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
 };
            prop_assert!(!text.chars().any(hides), "{}", text);
        }
        prop_assert_eq!(packets.newest_rows(1).rows, [row]);
    }
}

/// A capture of `count` numbered packets, in microsecond pcap of raw IP.
fn file_of(count: u32) -> tempfile::NamedTempFile {
    let mut bytes =
        [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 101, 0, 0, 0]].concat();
    for number in 1..=count {
        bytes.extend([1_700_000_000 + number / 1_000, 0, 60, 60].map(u32::to_le_bytes).concat());
        bytes.extend(numbered(number));
    }
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, &bytes).unwrap();
    file
}

fn measured(file: &tempfile::NamedTempFile, bound_bytes: usize) -> Packets {
    let mut source = Source::file(file.path()).unwrap();
    let mut session = Session::new(Settings::default());
    let (store, packets) = PacketStore::of_source(&source, bound_bytes);
    session.keep_packets(store);
    session.drive(&mut source, &mut |_, _| std::ops::ControlFlow::Continue(())).unwrap();
    session.finish();
    packets
}

#[test]
fn packets_of_a_file_are_read_where_they_lie_and_none_is_dropped() {
    // 100,000 records of 76 bytes are more than seven parts of a mebibyte.
    let packets = measured(&file_of(100_000), PacketStore::DEFAULT_BOUND_BYTES);
    assert_eq!((packets.oldest(), packets.newest()), (Some(1), Some(100_000)));
    for number in [1, 13_796, 13_797, 13_798, 50_000, 99_999, 100_000] {
        let (row, bytes) = packets.packet(number).unwrap();
        assert!(row.number == number && is_numbered_right(&row), "{row:?}");
        assert_eq!(bytes, numbered(u32::try_from(number).unwrap()));
        assert_eq!(row.protocol, "UDP");
    }
    assert!(packets.packet(0).is_none() && packets.packet(100_001).is_none());
    let rows = packets.newest_rows(200).rows;
    assert!(rows.len() == 200 && rows.iter().all(is_numbered_right));
    // Destinations are numbers: 0.1.134.159 is 99,999.
    let window = packets.find(Some(90_000), 10, Some("0.1.134.159"));
    assert_eq!(window.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [99_999]);
}

#[test]
fn what_is_noted_of_a_file_is_bounded() {
    // A byte for each packet: two parts of 13,797 are above 20,000.
    let packets = measured(&file_of(100_000), 20_000);
    assert_eq!(packets.newest(), Some(100_000));
    assert!(packets.oldest().is_some_and(|oldest| oldest > 80_000), "{:?}", packets.oldest());
    assert!(packets.packet(1).is_none());
    assert!(packets.packet(100_000).is_some_and(|(row, _)| is_numbered_right(&row)));
}

#[test]
fn a_file_that_was_removed_is_still_read_and_one_that_was_cut_shows_what_is_left() {
    let file = file_of(100_000);
    let packets = measured(&file, PacketStore::DEFAULT_BOUND_BYTES);
    file.as_file().set_len(4 << 20).unwrap();
    drop(file);
    assert!(packets.packet(1).is_some_and(|(row, _)| is_numbered_right(&row)));
    assert!(packets.packet(100_000).is_none());
    assert_eq!(packets.newest_rows(10).rows, []);
}

#[test]
fn a_bar_in_what_a_stranger_sends_shifts_no_column() {
    let mut bytes = Vec::new();
    let ip = etherparse::PacketBuilder::ipv4([192, 0, 2, 1], [192, 0, 2, 2], 64);
    ip.tcp(40_000, 80, 1, 512)
        .psh()
        .ack(1)
        .write(&mut bytes, b"GET /a|b|c HTTP/1.1\r\nHost: x|y\r\n\r\n")
        .unwrap();
    let (mut store, packets) = PacketStore::new(SMALL);
    store.keep(&packet(LinkType::RAW, &bytes), verdict(Protocol::Http));
    store.seal();
    let (row, kept) = packets.packet(1).unwrap();
    assert_eq!((row.source.as_str(), row.destination.as_str()), ("192.0.2.1", "192.0.2.2"));
    assert_eq!(
        (row.protocol, row.length),
        (Protocol::Http.name().into(), u32::try_from(bytes.len()).unwrap())
    );
    assert!(row.info.contains("/a|b|c"), "{}", row.info);
    assert_eq!(kept, bytes);
}
