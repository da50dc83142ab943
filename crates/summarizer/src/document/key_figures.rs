//! The numbers that a reader looks for first.

use netsonde_messages::stream::ProtocolsTopic;
use netsonde_messages::{Rates, Volume};
use netsonde_session::Publication;
use netsonde_units::quantity::{
    UNKNOWN, bits_per_second, bytes, count, counted, delay, per_second, percentage, share,
};

/// One of them.
pub(super) struct KeyFigure {
    pub(super) name: &'static str,
    pub(super) value: String,
    /// What belongs to it: the peak, the volume.
    pub(super) note: String,
}

/// Returns ten of them, always: five of how much, five of how well.
pub(super) fn of(measured: &Publication) -> Vec<KeyFigure> {
    let mut figures = amounts(measured);
    figures.extend(qualities(measured));
    figures
}

fn amounts(measured: &Publication) -> Vec<KeyFigure> {
    let totals = &measured.totals;
    let (ways, rates) = (&totals.totals, &totals.throughput);
    let rate = |name, rates: &Rates, volume: u64| KeyFigure {
        name,
        value: bits_per_second(rates.throughput_bps_average),
        note: format!("peak {}, {}", bits_per_second(rates.throughput_bps_peak), bytes(volume)),
    };
    let elsewhere = Volume {
        packets: ways.internal.packets + ways.transit.packets,
        bytes: ways.internal.bytes + ways.transit.bytes,
    };
    let third = if elsewhere.bytes > 0 {
        let average = [&rates.internal, &rates.transit].map(|rates| rates.throughput_bps_average);
        let average = average.into_iter().flatten().reduce(|one, other| one + other);
        KeyFigure {
            name: "Within and through",
            value: bits_per_second(average),
            note: bytes(elsewhere.bytes),
        }
    } else {
        rate("In and out", &rates.total, totals.traffic.bytes)
    };
    vec![
        rate("In", &rates.inbound, ways.inbound.bytes),
        rate("Out", &rates.outbound, ways.outbound.bytes),
        third,
        KeyFigure {
            name: "Goodput",
            value: bits_per_second(rates.total.goodput_bps_average),
            note: format!("peak {}", bits_per_second(rates.total.goodput_bps_peak)),
        },
        KeyFigure {
            name: "Packets per second",
            value: per_second(rates.total.packets_per_second_average),
            note: format!(
                "peak {}, {} in all",
                per_second(rates.total.packets_per_second_peak),
                count(totals.traffic.packets)
            ),
        },
    ]
}

fn qualities(measured: &Publication) -> Vec<KeyFigure> {
    let (totals, protocols) = (&measured.totals, &measured.protocols);
    let tcp = &protocols.tcp;
    let round_trip = if tcp.rtt_far_ms.samples > 0 { &tcp.rtt_far_ms } else { &tcp.rtt_ms };
    let encryption = &totals.encryption_composition;
    let flows = &totals.flows;
    vec![
        KeyFigure {
            name: "Round trip",
            value: delay(round_trip.p50),
            note: match round_trip.p95 {
                Some(_) => format!("median; 95 % within {}", delay(round_trip.p95)),
                None => "no sample".into(),
            },
        },
        KeyFigure {
            name: "Sent again",
            value: percentage(tcp.packet_loss_percentage),
            note: match tcp.loss.peak_percentage {
                Some(_) => format!("worst second {}", percentage(tcp.loss.peak_percentage)),
                None => format!("of {}", counted(tcp.data_segments, "segment")),
            },
        },
        slowest(protocols),
        KeyFigure {
            name: "Conversations",
            value: count(flows.tcp_connections + flows.udp_conversations),
            note: format!("{} TCP, {} UDP", count(flows.tcp_connections), count(flows.udp_conversations)),
        },
        KeyFigure {
            name: "Encrypted",
            value: percentage(encryption.encrypted_percentage),
            note: format!(
                "of the packets; {} of the bytes",
                share(encryption.encrypted_bytes, encryption.encrypted_bytes + encryption.unencrypted_bytes)
            ),
        },
    ]
}

/// The jitter where anybody talks, else how long DNS takes.
fn slowest(protocols: &ProtocolsTopic) -> KeyFigure {
    let (name, latency) = if protocols.rtp.streams_seen > 0 {
        ("RTP jitter", &protocols.rtp.jitter)
    } else {
        ("DNS answer", &protocols.dns.latency)
    };
    let note = match latency.peak_ms {
        Some(_) => format!("average; worst second {}", delay(latency.peak_ms)),
        None if latency.average_ms.is_some() => "average".into(),
        None => UNKNOWN.into(),
    };
    KeyFigure { name, value: delay(latency.average_ms), note }
}
