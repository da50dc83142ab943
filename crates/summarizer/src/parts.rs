//! The nine parts of a report, always all of them: what did not occur says so.

use netsonde_messages::{KeyMetric, Name, ProtocolRates, Rates, ReportPart};
use netsonde_units::quantity::{
    bits_per_second, bytes, count, counted, duration, per_second, percentage, share,
};

use crate::figures::Figures;

/// Above this many times the average the busiest second is a burst worth a word.
const BURST: f64 = 5.0;
/// Under this share of payload in the bits on the wire, headers and repetitions are worth a word.
const LITTLE_PAYLOAD: f64 = 0.5;
/// From this share on something is nearly all there is, in percent.
const NEARLY_ALL: f64 = 99.5;

/// Writes the nine parts.
pub(crate) fn all(figures: &Figures<'_>) -> Vec<ReportPart> {
    vec![
        throughput(figures),
        ip(figures),
        encryption(figures),
        tcp(figures),
        rtp(figures),
        udp(figures),
        protocol(figures, "QUIC", |_| "QUIC is encrypted from its first packet on.".into()),
        protocol(figures, "DNS", |rates| {
            let encrypted = "names asked for over TLS, HTTPS or QUIC are not among them.";
            format!("{} of plain DNS; {encrypted}", counted(rates.packets, "packet"))
        }),
        protocol(figures, "IGMP", |_| "Hosts told the network which multicast groups they listen to.".into()),
    ]
}

fn part(name: &'static str, key_metrics: Vec<KeyMetric>, observations: String) -> ReportPart {
    ReportPart { name: Name::Borrowed(name), key_metrics, observations }
}

fn metric(key: &'static str, value: String) -> KeyMetric {
    KeyMetric { key: Name::Borrowed(key), value }
}

/// An average and the busiest second.
fn span(average: Option<f64>, peak: Option<f64>) -> String {
    format!("{} average, {} peak", bits_per_second(average), bits_per_second(peak))
}

fn throughput(figures: &Figures<'_>) -> ReportPart {
    let totals = &figures.measured.totals;
    let rates = &totals.throughput;
    let wire = |rates: &Rates| span(rates.throughput_bps_average, rates.throughput_bps_peak);
    let payload = |rates: &Rates| span(rates.goodput_bps_average, rates.goodput_bps_peak);
    let total = figures.total();
    let mut metrics = vec![
        metric("Duration", duration(Some(totals.elapsed_s))),
        metric("Packets", count(total.packets)),
        metric("Volume", bytes(total.bytes)),
        metric("Inbound throughput", wire(&rates.inbound)),
        metric("Outbound throughput", wire(&rates.outbound)),
        metric("Inbound goodput", payload(&rates.inbound)),
        metric("Outbound goodput", payload(&rates.outbound)),
        metric(
            "Packets per second",
            format!(
                "{} average, {} peak",
                per_second(rates.total.packets_per_second_average),
                per_second(rates.total.packets_per_second_peak)
            ),
        ),
    ];
    if totals.totals.internal.packets > 0 {
        metrics.push(metric("Within the local network", wire(&rates.internal)));
    }
    if totals.totals.transit.packets > 0 {
        metrics.push(metric("Passing through", wire(&rates.transit)));
    }
    if figures.dropped() > 0 {
        metrics.push(metric("Packets missed", count(figures.dropped())));
    }
    part("Overall Throughput", metrics, throughput_observed(figures))
}

fn throughput_observed(figures: &Figures<'_>) -> String {
    if figures.total().packets == 0 {
        return "Nothing was transferred.".into();
    }
    let totals = &figures.measured.totals;
    let (inbound, outbound) = (totals.totals.inbound.bytes, totals.totals.outbound.bytes);
    let mut sentences = vec![match (inbound, outbound) {
        (0, 0) => "Nothing came in or went out: all of it stayed within or passed through.".into(),
        _ if inbound >= outbound * 2 => {
            format!("Mostly inbound: {} of what came in or went out.", share(inbound, inbound + outbound))
        }
        _ if outbound >= inbound * 2 => {
            format!("Mostly outbound: {} of what came in or went out.", share(outbound, inbound + outbound))
        }
        _ => "About as much came in as went out.".into(),
    }];
    let Rates { throughput_bps_average, throughput_bps_peak, goodput_bps_average, .. } =
        totals.throughput.total;
    if let (Some(average), Some(peak)) = (throughput_bps_average, throughput_bps_peak)
        && average > 0.0
        && peak > average * BURST
    {
        sentences.push(format!(
            "It came in bursts: the busiest second had {:.0} times the average.",
            peak / average
        ));
    }
    if let (Some(wire), Some(payload)) = (throughput_bps_average, goodput_bps_average)
        && wire > 0.0
    {
        let part = percentage(Some(payload / wire * 100.0));
        sentences.push(if payload < wire * LITTLE_PAYLOAD {
            format!("Only {part} of the bits were new application data: small packets, or much that was sent again.")
        } else {
            format!("{part} of the bits were new application data.")
        });
    }
    sentences.join(" ")
}

fn ip(figures: &Figures<'_>) -> ReportPart {
    let ip = &figures.measured.totals.ip_composition;
    let one =
        |packets, percentage_of| format!("{} ({})", counted(packets, "packet"), percentage(percentage_of));
    let mut metrics = vec![
        metric("IPv4", one(ip.ipv4_packets, ip.ipv4_percentage)),
        metric("IPv6", one(ip.ipv6_packets, ip.ipv6_percentage)),
    ];
    if ip.other_packets > 0 {
        metrics.push(metric("Neither", counted(ip.other_packets, "packet")));
    }
    let observed = match (ip.ipv4_percentage, ip.ipv6_percentage) {
        (Some(ipv4), _) if ipv4 >= NEARLY_ALL => "IPv4 carried nearly everything.".into(),
        (_, Some(ipv6)) if ipv6 >= NEARLY_ALL => "IPv6 carried nearly everything.".into(),
        (Some(_), Some(_)) => {
            let all = ip.ipv4_bytes + ip.ipv6_bytes;
            format!("Both are in use: IPv6 carried {} of the bytes.", share(ip.ipv6_bytes, all))
        }
        _ => "No IP packet was seen.".into(),
    };
    part("IP Composition", metrics, observed)
}

fn encryption(figures: &Figures<'_>) -> ReportPart {
    let split = &figures.measured.totals.encryption_composition;
    let (clear, all) = (split.unencrypted_packets, split.encrypted_packets + split.unencrypted_packets);
    let one = |packets| format!("{} ({})", counted(packets, "packet"), share(packets, all));
    let metrics = vec![
        metric("Encrypted", one(split.encrypted_packets)),
        metric("Unencrypted", one(clear)),
        metric("Encrypted volume", bytes(split.encrypted_bytes)),
        metric("Unencrypted volume", bytes(split.unencrypted_bytes)),
    ];
    let observed = if all == 0 {
        "No packet was seen.".into()
    } else if clear == 0 {
        "Every conversation was encrypted.".into()
    } else {
        let bytes_of_all = split.encrypted_bytes + split.unencrypted_bytes;
        format!(
            "{} of the bytes belonged to conversations that are not known to be encrypted; name resolution and control \
             traffic are among them.",
            share(split.unencrypted_bytes, bytes_of_all)
        )
    };
    part("Encryption Composition", metrics, observed)
}

fn tcp(figures: &Figures<'_>) -> ReportPart {
    let connections = figures.measured.totals.flows.tcp_connections;
    let mut tcp = protocol(figures, "TCP", |rates| {
        let packets = (connections > 0).then(|| rates.packets / connections);
        let each = packets
            .map_or_else(String::new, |packets| format!(", {} each on average", counted(packets, "packet")));
        format!("{}{each}.", counted(connections, "connection"))
    });
    tcp.key_metrics.insert(0, metric("Connections", count(connections)));
    tcp
}

fn udp(figures: &Figures<'_>) -> ReportPart {
    let conversations = figures.measured.totals.flows.udp_conversations;
    let mut udp = protocol(figures, "UDP", |_| {
        format!("{}; QUIC, DNS and RTP are among them.", counted(conversations, "conversation"))
    });
    udp.key_metrics.insert(0, metric("Conversations", count(conversations)));
    udp
}

fn rtp(figures: &Figures<'_>) -> ReportPart {
    protocol(figures, "RTP", |_| "Audio or video was streamed in real time.".into())
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
    let metrics = vec![
        metric("Packets", count(rates.packets)),
        metric("Volume", format!("{} ({})", bytes(rates.bytes), share(rates.bytes, figures.total().bytes))),
        metric(
            "Packets per second",
            format!(
                "{} average, {} peak",
                per_second(rates.packets_per_second_average),
                per_second(rates.packets_per_second_peak)
            ),
        ),
        metric(
            "Inbound throughput",
            span(rates.inbound_throughput_bps_average, rates.inbound_throughput_bps_peak),
        ),
        metric(
            "Outbound throughput",
            span(rates.outbound_throughput_bps_average, rates.outbound_throughput_bps_peak),
        ),
    ];
    part(name, metrics, observe(&rates))
}
