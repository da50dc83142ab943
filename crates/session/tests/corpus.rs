//! Real captures against what tshark and capinfos say of them.
//!
//! The captures live outside the project; without them the test says so and passes.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test stops, and says why")]

#[path = "support/corpus.rs"]
mod support;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;

use netsonde_capture::{Polled, Source};
use netsonde_session::{Session, Settings};
use serde_json::Value;

use support::{captures, corpus, measured, truth};

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Packets,
    Bytes,
    Ipv4,
    Ipv6,
    Tcp,
    Udp,
}

use Kind::{Ipv4, Ipv6, Tcp, Udp};

/// Formats that are not read.
const REFUSED: &[(&str, &str)] = &[("fmt_pcapparser_modified.pcap", "Kuznetsov's modified pcap")];

/// Where the truth and we differ and we are right, or the truth counts something else: file, what, ours, theirs.
const DIFFERENT: &[(&str, Kind, u64, u64, &str)] = &[
    (
        "bad_ndpi_fuzz_2006_06_26.pcap",
        Udp,
        221,
        219,
        "frame 631 goes to 214.242.33.36, another address than frames 626 to 630; tshark joins them because SDP \
         announced the port without an address. Frame 642 is a first fragment with ports, which tshark leaves \
         undissected because the rest never comes",
    ),
    (
        "bad_ndpi_quic_fuzz_overflow.pcapng",
        Udp,
        1,
        0,
        "frame 1 is a first fragment with ports; tshark leaves it undissected because the rest never comes",
    ),
    (
        "bad_zeek_mpls_6in6_broken.pcap.gz",
        Ipv4,
        24,
        36,
        "noise behind labels: in 13 frames (217, 342, 417, 427, 535, 674, 685, 948, 1220, 1501, 1660, 1722, 1735) tshark reads \
         17 to 23 labels before a half-byte that is 4, where a stack ends at 16 here; frame 1088 has that half-byte behind \
         14 labels, and tshark leaves it undissected because its header does not fit",
    ),
    (
        "bad_zeek_quic_decrypt_crash.pcap",
        Ipv6,
        2,
        0,
        "frames 2 and 5 have the EtherType of IPv6 and a broken header: composition goes by EtherType",
    ),
    (
        "enc_zeek_teredo.pcap",
        Udp,
        7,
        6,
        "frame 6 is a router solicitation that Teredo carries: the truth takes a datagram with ICMP inside for one that ICMP \
         quotes, and leaves its conversation, 192.168.2.16 with 65.55.158.80, out",
    ),
    (
        "rtp_arkime_gtp_volte_amr.pcap",
        Udp,
        7,
        8,
        "tshark numbers a stream anew for every SDP that announces it: streams 4 and 6 are both ways of one pair of addresses \
         and ports, [fd01::183]:19956 and [fd00:183:1:1:1886:9040:8605:32b8]:49120",
    ),
    (
        "rtp_ndpi_sip_fax_t38.pcap",
        Udp,
        5,
        12,
        "tshark numbers a stream anew for every SDP that announces it: streams 4 to 11 are one pair of addresses \
         and ports, 10.35.60.100:15580 and 10.23.1.52:16756",
    ),
];

/// Packets and bytes of a capture's first bytes, and whether reading them broke; none where they do not open.
fn measured_cut(bytes: &[u8]) -> Option<(u64, u64, bool)> {
    let mut source = Source::reader("cut", Box::new(Cursor::new(bytes.to_vec()))).ok()?;
    let mut session = Session::new(Settings::default());
    let broke = session.drive(&mut source, &mut |_, _| ControlFlow::Continue(())).is_err();
    session.finish();
    let total = session.snapshot().metrics.total.volume;
    Some((total.packets, total.bytes, broke))
}

/// The bytes of a whole capture's first packets: none of them, the first, the first two, ...
fn running_sums(path: &Path) -> Option<Vec<u64>> {
    let mut source = Source::file(path).ok()?;
    let mut sums = vec![0];
    while !matches!(
        source.poll(|packets| {
            for packet in packets {
                sums.push(sums.last().unwrap() + u64::from(packet.wire_len));
            }
        }),
        Ok(Polled::End) | Err(_)
    ) {}
    Some(sums)
}

fn number(value: &Value, path: &str) -> u64 {
    value.pointer(path).and_then(Value::as_u64).unwrap_or_else(|| panic!("no number at {path}"))
}

/// Ours and theirs for everything that is compared.
fn compared(report: &Value, truth: &Value) -> BTreeMap<Kind, (u64, u64)> {
    let streams = |all, quoted| number(truth, all) - number(truth, quoted);
    BTreeMap::from([
        (Kind::Packets, (number(report, "/capture/packets"), number(truth, "/packets"))),
        (Kind::Bytes, (number(report, "/capture/bytes"), number(truth, "/bytes_wire"))),
        (Ipv4, (number(report, "/ip_composition/ipv4_packets"), number(truth, "/l3_outer/ipv4"))),
        (Ipv6, (number(report, "/ip_composition/ipv6_packets"), number(truth, "/l3_outer/ipv6"))),
        (Tcp, (number(report, "/tcp/connections"), streams("/tcp_streams", "/icmp_only_streams/tcp"))),
        (Udp, (number(report, "/udp/conversations"), streams("/udp_streams", "/icmp_only_streams/udp"))),
    ])
}

#[test]
fn volumes_and_conversations_of_real_captures_are_those_of_tshark() {
    let Some(corpus) = corpus() else { return };
    let (mut values, mut wrong) = (0, Vec::new());
    for path in captures(&corpus) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let report = match measured(&path) {
            Ok(report) => report,
            Err(error) if REFUSED.iter().any(|(file, _)| *file == name) => {
                eprintln!("{name}: refused: {error}");
                continue;
            }
            Err(error) => panic!("{name}: {error}"),
        };
        let truth = truth(&corpus, &name);
        for (kind, (ours, theirs)) in compared(&report, &truth) {
            let listed = DIFFERENT
                .iter()
                .any(|row| (row.0, row.1, row.2, row.3) == (name.as_str(), kind, ours, theirs));
            if listed {
                continue;
            }
            values += 1;
            if ours != theirs {
                wrong.push(format!("{name}: {kind:?}: ours {ours}, truth {theirs}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {values} values differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(values > 600, "only {values} values were compared");
}

#[test]
fn a_capture_cut_anywhere_is_measured_up_to_the_cut() {
    const CUTS: usize = 20;
    let Some(corpus) = corpus() else { return };
    let mut broken = 0;
    for path in captures(&corpus) {
        let Some(sums) = running_sums(&path) else { continue };
        let file = std::fs::read(&path).unwrap();
        let mut before = 0;
        for cut in 1..=CUTS {
            let Some((packets, bytes, broke)) = measured_cut(&file[..file.len() * cut / (CUTS + 1)]) else {
                continue;
            };
            let at = format!("{}: cut {cut} of {CUTS}", path.display());
            let whole = sums.get(usize::try_from(packets).unwrap());
            assert_eq!(whole, Some(&bytes), "{at}: other bytes than those of the first {packets} packets");
            assert!(packets >= before, "{at}: fewer packets than a shorter cut");
            before = packets;
            broken += usize::from(broke);
        }
    }
    assert!(broken > 2_000, "only {broken} cuts were noticed");
}
