//! The nine parts of a report, always all of them: what did not occur says so. How bad something is, the findings say
//! alone; the parts repeat those that they concern.

use netsonde_messages::{FindingRule, KeyMetric, Name, ProtocolRates, Rates, ReportPart};
use netsonde_units::quantity::{
    bits_per_second, bytes, count, counted, duration, per_second, percentage, share,
};

use crate::figures::Figures;
use crate::quality;
use crate::words::{list, pace};

/// Above this many times the average the busiest second is a burst worth a word.
const BURST: f64 = 5.0;
/// A session shorter than this, in seconds, is too short for such a word.
const LONG_ENOUGH_S: f64 = 10.0;
/// Under this share of payload in the bits on the wire the rest is worth a word.
const LITTLE_PAYLOAD: f64 = 0.5;
/// From this share on something is nearly all there is, in percent.
const NEARLY_ALL: f64 = 99.5;

/// So many findings are repeated in a part.
const REPEATED: usize = 3;

/// Writes the nine parts; `found` are the sentences of the findings, the most severe first.
pub(crate) fn all(figures: &Figures<'_>, found: &[(FindingRule, String)]) -> Vec<ReportPart> {
    let mut parts = vec![
        throughput(figures),
        ip(figures),
        encryption(figures),
        tcp(figures),
        rtp(figures),
        udp(figures),
        quic(figures),
        dns(figures),
        igmp(figures),
    ];
    for part in &mut parts {
        let concerned = found.iter().filter(|(rule, _)| concerns(*rule) == part.name);
        add_sentences(part, concerned.take(REPEATED).map(|(_, sentence)| sentence.clone()).collect());
    }
    parts
}

/// Names the part that a finding concerns.
const fn concerns(rule: FindingRule) -> &'static str {
    match rule {
        FindingRule::CaptureDrops | FindingRule::LinkFilled => "Overall Throughput",
        FindingRule::Retransmissions
        | FindingRule::RoundTripRose
        | FindingRule::ZeroWindows
        | FindingRule::NoAnswer
        | FindingRule::Scan => "TCP",
        FindingRule::PoorCall => "RTP",
        FindingRule::Dns => "DNS",
        FindingRule::ClearText | FindingRule::Credentials => "Encryption Composition",
    }
}

fn part(name: &'static str, key_metrics: Vec<KeyMetric>, observations: String) -> ReportPart {
    ReportPart { name: Name::Borrowed(name), key_metrics, observations }
}

pub(crate) fn metric(key: &'static str, value: String) -> KeyMetric {
    KeyMetric { key: Name::Borrowed(key), value }
}

fn throughput(figures: &Figures<'_>) -> ReportPart {
    let totals = &figures.measured.totals;
    let rates = &totals.throughput;
    let wire = |rates: &Rates| pace(rates.throughput_bps_average, rates.throughput_bps_peak, bits_per_second);
    let payload = |rates: &Rates| pace(rates.goodput_bps_average, rates.goodput_bps_peak, bits_per_second);
    let total = figures.total();
    let packets =
        pace(rates.total.packets_per_second_average, rates.total.packets_per_second_peak, per_second);
    let mut metrics = vec![
        metric("Duration", duration(Some(totals.elapsed_s))),
        metric("Packets", count(total.packets)),
        metric("Volume", bytes(total.bytes)),
        metric("Inbound throughput", wire(&rates.inbound)),
        metric("Outbound throughput", wire(&rates.outbound)),
        metric("Inbound goodput", payload(&rates.inbound)),
        metric("Outbound goodput", payload(&rates.outbound)),
        metric("Packets per second", packets),
    ];
    if totals.totals.internal.packets > 0 {
        metrics.push(metric("Throughput within the local networks", wire(&rates.internal)));
    }
    if totals.totals.transit.packets > 0 {
        metrics.push(metric("Throughput passing through", wire(&rates.transit)));
    }
    if figures.dropped() > 0 {
        metrics.push(metric("Packets missed", count(figures.dropped())));
    }
    part("Overall Throughput", metrics, throughput_observed(figures))
}

fn throughput_observed(figures: &Figures<'_>) -> String {
    if figures.total().bytes == 0 {
        return "Nothing was transferred.".into();
    }
    let totals = &figures.measured.totals;
    let mut sentences = vec![where_it_went(figures)];
    let Rates { throughput_bps_average, throughput_bps_peak, goodput_bps_average, .. } =
        totals.throughput.total;
    if let (Some(average), Some(peak)) = (throughput_bps_average, throughput_bps_peak)
        && totals.elapsed_s >= LONG_ENOUGH_S
        && peak > average * BURST
    {
        let times = peak / average;
        sentences.push(format!("It came in bursts: the busiest second had {times:.0} times the average."));
    }
    if let (Some(wire), Some(payload)) = (throughput_bps_average, goodput_bps_average)
        && wire > 0.0
    {
        let part = percentage(Some(payload / wire * 100.0));
        sentences.push(if payload <= 0.0 {
            "None of it was application data.".into()
        } else if payload < wire * LITTLE_PAYLOAD {
            format!("Only {part} of the bits were new application data; the rest was headers, control or repetition.")
        } else {
            format!("{part} of the bits were new application data.")
        });
    }
    sentences.join(" ")
}

fn where_it_went(figures: &Figures<'_>) -> String {
    let totals = &figures.measured.totals.totals;
    let (inbound, outbound) = (totals.inbound.bytes, totals.outbound.bytes);
    let (all, across) = (figures.total().bytes, inbound + outbound);
    if across * 2 < all {
        let (volume, what) = if totals.internal.bytes >= totals.transit.bytes {
            (totals.internal.bytes, "stayed within the local networks")
        } else {
            (totals.transit.bytes, "passed through, between addresses that are not local")
        };
        return format!("{} of the bytes {what}.", share(volume, all));
    }
    if inbound >= outbound * 2 {
        format!("Mostly inbound: {} of what came in or went out.", share(inbound, across))
    } else if outbound >= inbound * 2 {
        format!("Mostly outbound: {} of what came in or went out.", share(outbound, across))
    } else {
        "About as much came in as went out.".into()
    }
}

fn ip(figures: &Figures<'_>) -> ReportPart {
    let ip = &figures.measured.totals.ip_composition;
    let one = |packets, part_of| match part_of {
        Some(_) => format!("{} ({})", counted(packets, "packet"), percentage(part_of)),
        None => counted(packets, "packet"),
    };
    let mut metrics = vec![
        metric("IPv4", one(ip.ipv4_packets, ip.ipv4_percentage)),
        metric("IPv6", one(ip.ipv6_packets, ip.ipv6_percentage)),
    ];
    if ip.other_packets > 0 {
        metrics.push(metric("Neither", counted(ip.other_packets, "packet")));
    }
    let nearly = |percentage: f64| if percentage >= 100.0 { "All" } else { "Nearly all" };
    let observed = match (ip.ipv4_percentage, ip.ipv6_percentage) {
        (Some(ipv4), _) if ipv4 >= NEARLY_ALL => format!("{} IP packets were IPv4.", nearly(ipv4)),
        (_, Some(ipv6)) if ipv6 >= NEARLY_ALL => format!("{} IP packets were IPv6.", nearly(ipv6)),
        (Some(_), Some(_)) => {
            let all = ip.ipv4_bytes + ip.ipv6_bytes;
            format!("Both are in use: IPv6 carried {} of their bytes.", share(ip.ipv6_bytes, all))
        }
        _ => "No IP packet was seen.".into(),
    };
    part("IP Composition", metrics, observed)
}

fn encryption(figures: &Figures<'_>) -> ReportPart {
    let split = &figures.measured.totals.encryption_composition;
    let (clear, all) = (split.unencrypted_packets, split.encrypted_packets + split.unencrypted_packets);
    let one = |packets| match all {
        0 => counted(packets, "packet"),
        all => format!("{} ({})", counted(packets, "packet"), share(packets, all)),
    };
    let metrics = vec![
        metric("Encrypted", one(split.encrypted_packets)),
        metric("Unencrypted", one(clear)),
        metric("Encrypted volume", bytes(split.encrypted_bytes)),
        metric("Unencrypted volume", bytes(split.unencrypted_bytes)),
    ];
    let names = if figures.protocol("DNS").packets > 0 { ", name resolution among them" } else { "" };
    let observed = match (split.encrypted_packets, clear) {
        (0, 0) => "No packet was seen.".into(),
        (_, 0) => "Every packet belonged to an encrypted conversation.".into(),
        (0, _) => format!("Nothing is known to be encrypted{names}."),
        _ => {
            let bytes_of_all = split.encrypted_bytes + split.unencrypted_bytes;
            format!(
                "{} of the bytes are not known to be encrypted{names}.",
                share(split.unencrypted_bytes, bytes_of_all)
            )
        }
    };
    part("Encryption Composition", metrics, observed)
}

fn tcp(figures: &Figures<'_>) -> ReportPart {
    let connections = figures.measured.totals.flows.tcp_connections;
    let mut tcp = protocol(figures, "TCP", |rates| match connections {
        0 => "No connection could be told from its packets.".into(),
        1 => format!("One connection with {}.", counted(rates.packets, "packet")),
        several => {
            let each = counted(rates.packets / several, "packet");
            format!("{}, with {each} each on average.", counted(several, "connection"))
        }
    });
    tcp.key_metrics.insert(0, metric("Connections", count(connections)));
    let quality = &figures.measured.protocols.tcp;
    tcp.key_metrics.extend(quality::tcp_metrics(quality));
    add_sentences(&mut tcp, quality::tcp_observed(quality));
    tcp
}

fn rtp(figures: &Figures<'_>) -> ReportPart {
    let quality = &figures.measured.protocols.rtp;
    let mut rtp = protocol(figures, "RTP", |rates| match quality.streams_seen {
        0 => format!("{}.", counted(rates.packets, "packet")),
        streams => format!("{} with {}.", counted(streams, "stream"), counted(rates.packets, "packet")),
    });
    rtp.key_metrics.extend(quality::rtp_metrics(quality));
    add_sentences(&mut rtp, quality::rtp_observed(quality));
    rtp
}

fn quic(figures: &Figures<'_>) -> ReportPart {
    let quality = &figures.measured.protocols.quic;
    let mut quic =
        protocol(figures, "QUIC", |rates| match quality.connections + quality.google_connections {
            0 => "No connection could be told from its packets.".into(),
            several => {
                format!("{} with {}.", counted(several, "connection"), counted(rates.packets, "packet"))
            }
        });
    quic.key_metrics.extend(quality::quic_metrics(quality));
    add_sentences(&mut quic, quality::quic_observed(quality));
    quic
}

fn dns(figures: &Figures<'_>) -> ReportPart {
    let quality = &figures.measured.protocols.dns;
    let mut dns = protocol(figures, "DNS", |_| {
        let asked = [counted(quality.queries, "question"), counted(quality.responses, "answer")];
        format!("{} in clear text; what is asked over TLS, HTTPS or QUIC counts there.", list(&asked))
    });
    dns.key_metrics.extend(quality::dns_metrics(quality));
    add_sentences(&mut dns, quality::dns_observed(quality));
    dns
}

fn igmp(figures: &Figures<'_>) -> ReportPart {
    let quality = &figures.measured.protocols.igmp;
    let mut igmp = protocol(figures, "IGMP", |rates| format!("{}.", counted(rates.packets, "message")));
    igmp.key_metrics.extend(quality::igmp_metrics(quality));
    add_sentences(&mut igmp, quality::igmp_observed(quality));
    igmp
}

fn add_sentences(part: &mut ReportPart, sentences: Vec<String>) {
    for sentence in sentences {
        if !part.observations.is_empty() {
            part.observations.push(' ');
        }
        part.observations.push_str(&sentence);
    }
}

fn udp(figures: &Figures<'_>) -> ReportPart {
    let conversations = figures.measured.totals.flows.udp_conversations;
    let carried: Vec<String> = ["QUIC", "DNS", "RTP"]
        .into_iter()
        .filter(|name| figures.protocol(name).packets > 0)
        .map(Into::into)
        .collect();
    let mut udp = protocol(figures, "UDP", |_| {
        let conversations = counted(conversations, "conversation");
        match carried.len() {
            0 => format!("{conversations}."),
            1 => format!("{conversations}; {} is among them.", list(&carried)),
            _ => format!("{conversations}; {} are among them.", list(&carried)),
        }
    });
    udp.key_metrics.insert(0, metric("Conversations", count(conversations)));
    udp
}

/// Writes the part of a protocol; `observe` says something of one that occurred.
fn protocol(
    figures: &Figures<'_>,
    name: &'static str,
    observe: impl Fn(&ProtocolRates) -> String,
) -> ReportPart {
    let rates = figures.protocol(name);
    if rates.packets == 0 {
        return part(name, vec![metric("Packets", count(0))], format!("No {name} was recognised."));
    }
    let totals = &figures.measured.totals.totals;
    let stays = totals.internal.packets + totals.transit.packets > 0;
    let outward = if stays { "Throughput outbound, within and through" } else { "Outbound throughput" };
    let volume = format!("{} ({})", bytes(rates.bytes), share(rates.bytes, figures.total().bytes));
    let metrics = vec![
        metric("Packets", count(rates.packets)),
        metric("Volume", volume),
        metric(
            "Packets per second",
            pace(rates.packets_per_second_average, rates.packets_per_second_peak, per_second),
        ),
        metric(
            "Inbound throughput",
            pace(rates.inbound_throughput_bps_average, rates.inbound_throughput_bps_peak, bits_per_second),
        ),
        metric(
            outward,
            pace(rates.outward_throughput_bps_average, rates.outward_throughput_bps_peak, bits_per_second),
        ),
    ];
    part(name, metrics, observe(&rates))
}
