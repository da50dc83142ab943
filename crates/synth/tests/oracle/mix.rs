//! Everything that tshark can count in a mix.

use std::collections::{BTreeMap, BTreeSet};

use netsonde_synth::Arrivals;
use netsonde_synth::plan::mix::Mix;
use netsonde_synth::truth::{Hello, Truth};

use crate::tcp::{JUDGEMENTS, judged};
use crate::tshark::{BASE, Frames, frames, frames_with, lines, write};

/// Enough for every kind of conversation to have begun and most to have ended.
const PACKETS: u64 = 40_000;

const FIELDS: [&str; 24] = [
    "frame.len",
    "frame.protocols",
    "tcp.stream",
    "tcp.len",
    "tcp.flags.syn",
    "tcp.flags.fin",
    "tcp.flags.reset",
    "udp.stream",
    "dns.flags.response",
    "dns.flags.rcode",
    "tls.handshake.type",
    "tls.handshake.extensions_server_name",
    "tls.handshake.extensions_alpn_str",
    "ip.src",
    "ipv6.src",
    "sip.Method",
    "sip.Status-Code",
    "http.request.method",
    "icmp.type",
    "icmpv6.type",
    "arp.opcode",
    "rtcp.pt",
    "dhcp.option.dhcp",
    "ip.reassembled_in",
];

/// Collects what two sides count differently.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn compare<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, tshark: &T, truth: &T) {
        if tshark != truth {
            self.0.push(format!("{what}: tshark {tshark:?}, truth {truth:?}"));
        }
    }
}

#[test]
fn every_count_of_a_mix_is_that_of_tshark() {
    let truth = assert_every_count(Mix::new(BASE, PACKETS, 1), PACKETS);
    assert_nothing_is_missing(&truth);
}

/// Compares everything about the first packets of a plan; returns the truth.
pub(crate) fn assert_every_count(plan: impl Arrivals, packets: u64) -> Truth {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.pcap");
    let truth = write(&file, plan, packets);
    let names: Vec<&str> = FIELDS.into_iter().chain(JUDGEMENTS).collect();
    let frames = frames(&file, &names);
    let mut differences = Differences::default();
    compare_volume(&frames, &truth, &mut differences);
    compare_transport(&frames, &truth, &mut differences);
    compare_names(&frames, &truth, &mut differences);
    compare_calls(&frames, &truth, &mut differences);
    compare_chores(&frames, &truth, &mut differences);
    let streams = rtp_streams(&lines(&file, &["-q", "-z", "rtp,streams"]));
    differences.compare("streams of RTP", &streams, &rtp_of(&truth));
    assert!(differences.0.is_empty(), "{:#?}", differences.0);
    truth
}

/// What a mix does not have would be equal without being compared.
fn assert_nothing_is_missing(truth: &Truth) {
    let judged = &truth.tcp.judged;
    let counts = [
        truth.vlan_packets,
        truth.ipv6.packets,
        truth.tcp.refused,
        truth.tcp.resets,
        judged.retransmission,
        judged.fast_retransmission,
        judged.spurious_retransmission,
        judged.out_of_order,
        judged.lost_segment,
        judged.duplicate_ack,
        truth.udp.packets - truth.udp.datagrams,
        truth.udp.streams - truth.udp.conversations,
        truth.dns.timeouts,
        truth.mdns_messages,
        truth.tls_hellos.iter().filter(|hello| hello.split).count() as u64,
        truth.quic_hellos.iter().filter(|hello| hello.split).count() as u64,
        truth.rtp.iter().map(|stream| stream.lost).sum(),
        truth.rtp.iter().map(|stream| stream.reordered).sum(),
        truth.rtp.iter().map(|stream| stream.duplicated).sum(),
        truth.rtcp_packets,
        truth.http_requests,
        truth.icmp.errors,
        truth.igmp_messages,
        truth.ntp_packets,
        truth.dhcp_messages,
        u64::from(truth.classes.len() == 26),
    ];
    let missing: Vec<usize> = (0..counts.len()).filter(|place| counts[*place] == 0).collect();
    assert!(missing.is_empty(), "of these counts, those numbered {missing:?} are zero: {counts:?}");
}

fn compare_volume(frames: &Frames, truth: &Truth, differences: &mut Differences) {
    let bytes: u64 = frames.column("frame.len").map(|len| len.parse::<u64>().unwrap()).sum();
    let layered = |layer: &str| {
        let protocols = frames.column("frame.protocols");
        protocols.filter(|protocols| protocols.split(':').any(|one| one == layer)).count() as u64
    };
    differences.compare("packets", &(frames.len() as u64), &truth.total.packets);
    differences.compare("bytes", &bytes, &truth.total.bytes);
    differences.compare("IPv4", &layered("ip"), &truth.ipv4.packets);
    differences.compare("IPv6", &layered("ipv6"), &truth.ipv6.packets);
    differences.compare("VLAN", &layered("vlan"), &truth.vlan_packets);
    differences.compare("NTP", &layered("ntp"), &truth.ntp_packets);
    differences.compare("DHCP", &layered("dhcp"), &truth.dhcp_messages);
    differences.compare("mDNS", &layered("mdns"), &truth.mdns_messages);
    differences.compare("IGMP", &layered("igmp"), &truth.igmp_messages);
    differences.compare("ICMP", &(layered("icmp") + layered("icmpv6")), &truth.icmp.messages);
    differences.compare("RTCP", &layered("rtcp"), &truth.rtcp_packets);
}

fn compare_transport(frames: &Frames, truth: &Truth, differences: &mut Differences) {
    let set = |name: &str| frames.column(name).filter(|value| *value == "1").count() as u64;
    let distinct = |name: &str| frames.values(name).collect::<BTreeSet<_>>().len() as u64;
    let segments: Vec<&str> = frames.column("tcp.len").filter(|len| !len.is_empty()).collect();
    differences.compare("TCP", &(segments.len() as u64), &truth.tcp.packets);
    let with_data = segments.iter().filter(|len| **len != "0").count() as u64;
    differences.compare("data segments", &with_data, &truth.tcp.data_segments);
    differences.compare("connections", &distinct("tcp.stream"), &truth.tcp.connections);
    differences.compare("SYN", &set("tcp.flags.syn"), &truth.tcp.syn);
    differences.compare("FIN", &set("tcp.flags.fin"), &truth.tcp.fin);
    differences.compare("RST", &set("tcp.flags.reset"), &truth.tcp.rst);
    differences.compare("judgements", &judged(frames), &truth.tcp.judged);
    differences.compare("streams of UDP", &distinct("udp.stream"), &truth.udp.streams);
    // A datagram in fragments has its header in the frame that completes it; a quoted one is no datagram.
    let outer = frames.rows(&["frame.protocols"]);
    let datagrams = outer.filter(|row| row[0].contains(":udp") && !row[0].contains(":icmp")).count() as u64;
    differences.compare("UDP", &datagrams, &truth.udp.datagrams);
}

fn compare_names(frames: &Frames, truth: &Truth, differences: &mut Differences) {
    let dns = || {
        frames
            .rows(&["frame.protocols", "dns.flags.response", "dns.flags.rcode"])
            .filter(|row| row[0].ends_with(":dns"))
    };
    let queries = dns().filter(|row| ["0", "False"].contains(&row[1])).count() as u64;
    differences.compare("questions of DNS", &queries, &truth.dns.queries);
    let mut rcodes = BTreeMap::new();
    for row in dns().filter(|row| ["1", "True"].contains(&row[1])) {
        *rcodes.entry(row[2].parse::<u8>().unwrap()).or_default() += 1;
    }
    differences.compare("answers of DNS", &rcodes.values().sum(), &truth.dns.answers);
    differences.compare("codes of DNS", &rcodes, &truth.dns.rcodes);

    let hellos = |layer: &str| {
        let columns = [
            "frame.protocols",
            "tls.handshake.extensions_server_name",
            "tls.handshake.extensions_alpn_str",
            "ip.src",
            "ipv6.src",
        ];
        let rows = frames.rows(&columns);
        let rows = rows.filter(|row| !row[1].is_empty() && row[0].contains(layer));
        let mut found: Vec<String> =
            rows.map(|row| format!("{}{} {} {}", row[3], row[4], row[1], row[2])).collect();
        found.sort();
        found
    };
    let said = |hellos: &[Hello]| {
        let line = |hello: &Hello| format!("{} {} {}", hello.client, hello.name, hello.alpn.join(","));
        let mut lines: Vec<String> = hellos.iter().map(line).collect();
        lines.sort();
        lines
    };
    differences.compare("hellos of TLS", &hellos(":tcp:"), &said(&truth.tls_hellos));
    differences.compare("hellos of QUIC", &hellos(":quic"), &said(&truth.quic_hellos));
}

fn compare_calls(frames: &Frames, truth: &Truth, differences: &mut Differences) {
    let requests: BTreeMap<&str, u64> = tally(frames.values("sip.Method"));
    differences.compare("requests of SIP", &requests, &truth.sip.requests);
    let answers: BTreeMap<u16, u64> =
        tally(frames.values("sip.Status-Code").map(|code| code.parse().unwrap()));
    differences.compare("answers of SIP", &answers, &truth.sip.answers);
}

fn compare_chores(frames: &Frames, truth: &Truth, differences: &mut Differences) {
    let requests = frames.values("http.request.method").filter(|method| *method == "GET").count() as u64;
    differences.compare("requests of HTTP", &requests, &truth.http_requests);
    let first = |name: &str, values: &[&str]| {
        frames.column(name).filter(|value| values.contains(value)).count() as u64
    };
    differences.compare(
        "echo requests",
        &(first("icmp.type", &["8"]) + first("icmpv6.type", &["128"])),
        &truth.icmp.echo_requests,
    );
    differences.compare(
        "echo replies",
        &(first("icmp.type", &["0"]) + first("icmpv6.type", &["129"])),
        &truth.icmp.echo_replies,
    );
    differences.compare("errors of ICMP", &first("icmp.type", &["3"]), &truth.icmp.errors);
    differences.compare("requests of ARP", &first("arp.opcode", &["1"]), &truth.arp.requests);
    differences.compare("replies of ARP", &first("arp.opcode", &["2"]), &truth.arp.replies);
}

fn tally<T: Ord>(values: impl Iterator<Item = T>) -> BTreeMap<T, u64> {
    let mut counts = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

/// Reads tshark's table: source, its port, destination, its port, SSRC, type, packets, lost (with its share), and more.
pub(crate) fn rtp_streams(table: &[String]) -> BTreeMap<u32, (u64, i64)> {
    let rows = table.iter().filter(|line| line.contains("0x"));
    rows.map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let place = words.iter().position(|word| word.starts_with("0x")).unwrap();
        let ssrc = u32::from_str_radix(words[place].trim_start_matches("0x"), 16).unwrap();
        let lost = words.iter().position(|word| word.starts_with('(')).unwrap() - 1;
        (ssrc, (words[lost - 1].parse().unwrap(), words[lost].parse().unwrap()))
    })
    .collect()
}

/// Says what tshark would: it counts copies as received, so that they hide losses.
pub(crate) fn rtp_of(truth: &Truth) -> BTreeMap<u32, (u64, i64)> {
    let lost = |sent: u64, seen: u64| i64::try_from(sent).unwrap() - i64::try_from(seen).unwrap();
    truth.rtp.iter().map(|stream| (stream.ssrc, (stream.seen, lost(stream.sent, stream.seen)))).collect()
}

#[test]
fn every_checksum_of_a_mix_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mix.pcap");
    let truth = write(&file, Mix::new(BASE, PACKETS, 2), PACKETS);
    let statuses = [
        "ip.checksum.status",
        "tcp.checksum.status",
        "udp.checksum.status",
        "icmp.checksum.status",
        "icmpv6.checksum.status",
        "igmp.checksum.status",
    ];
    let checks =
        ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"];
    let frames = frames_with(&file, &checks, &statuses);
    for status in statuses {
        // 1 is good, 0 bad; 2 is not checked, as the quotes of errors and what is in fragments are not.
        let wrong = frames.values(status).filter(|status| !["1", "2"].contains(status)).count();
        assert_eq!(wrong, 0, "{status}");
    }
    let good = |status: &str| frames.values(status).filter(|status| *status == "1").count() as u64;
    assert_eq!(good("tcp.checksum.status"), truth.tcp.packets);
    assert_eq!(good("ip.checksum.status"), truth.ipv4.packets + truth.icmp.errors);
}
