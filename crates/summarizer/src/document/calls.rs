//! The tables of calls and of streams of RTP.

use netsonde_messages::{Call, RtpStream};
use netsonde_units::quantity::{UNKNOWN, count, delay, duration, mos, percentage};

use super::tables::{Cell, FEW, Table, numbers, rest, table, words};
use crate::figures::Figures;

/// The newest calls; none without any.
pub(super) fn calls(figures: &Figures<'_>) -> Option<Table> {
    let topic = &figures.measured.calls;
    let row = |call: &Call| {
        let party = |name: &Option<String>, address: std::net::IpAddr| match name {
            Some(name) => Cell::Address(name.clone(), None),
            None => Cell::Address(address.to_string(), None),
        };
        let codecs = if call.codecs.is_empty() { UNKNOWN.into() } else { call.codecs.join(", ") };
        vec![
            party(&call.from, call.caller),
            party(&call.to, call.callee),
            Cell::Text(outcome(call)),
            Cell::Text(codecs),
            Cell::Text(duration(call.duration_s)),
            Cell::Text(mos(call.mos)),
        ]
    };
    let left_out = topic.calls.len().saturating_sub(FEW) as u64 + topic.calls_omitted;
    table(
        "Calls, the newest first",
        [
            words("From"),
            words("To"),
            words("Outcome"),
            words("Codec"),
            numbers("Talked"),
            numbers("MOS (1 to 4.5)"),
        ],
        topic.calls.iter().take(FEW).map(row).collect(),
        rest(left_out, "call"),
    )
}

/// The streams that fare worst: by MOS, then by loss; none without any.
pub(super) fn streams(figures: &Figures<'_>) -> Option<Table> {
    let topic = &figures.measured.calls;
    let mut streams: Vec<_> = topic.streams.iter().collect();
    let lost = |stream: &RtpStream| stream.lost_percentage.unwrap_or(0.0);
    let score = |stream: &RtpStream| stream.mos.unwrap_or(f64::INFINITY);
    streams.sort_by(|one, other| {
        score(one).total_cmp(&score(other)).then_with(|| lost(other).total_cmp(&lost(one)))
    });
    let row = |stream: &&RtpStream| {
        vec![
            Cell::Address(format!("{}:{}", bracketed(stream.src), stream.src_port), None),
            Cell::Address(format!("{}:{}", bracketed(stream.dst), stream.dst_port), None),
            Cell::text(stream.codec.as_deref().unwrap_or(UNKNOWN)),
            Cell::Text(count(stream.packets)),
            Cell::Text(percentage(stream.lost_percentage)),
            Cell::Text(delay(stream.jitter_ms_mean)),
            Cell::Text(mos(stream.mos)),
        ]
    };
    let left_out = streams.len().saturating_sub(FEW) as u64 + topic.streams_omitted;
    table(
        "Streams of RTP, the poorest first",
        [
            words("From"),
            words("To"),
            words("Codec"),
            numbers("Packets"),
            numbers("Lost"),
            numbers("Jitter"),
            numbers("MOS"),
        ],
        streams.iter().take(FEW).map(row).collect(),
        rest(left_out, "stream"),
    )
}

fn outcome(call: &Call) -> String {
    let state = call.state.word();
    match &call.result {
        Some(result) => format!("{state}: {result}"),
        None => state.into(),
    }
}

/// An address before a port (RFC 5952 section 6).
fn bracketed(address: std::net::IpAddr) -> String {
    if address.is_ipv6() { format!("[{address}]") } else { address.to_string() }
}
