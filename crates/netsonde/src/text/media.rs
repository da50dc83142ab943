//! Calls and streams of RTP, the worst ones first.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::net::SocketAddr;

use netsonde_messages::{Call, Report, RtpCounts, RtpStream};
use netsonde_units::quantity::{count, counted, delay, duration, mos, percentage};

use super::quality::percentiles;
use super::table::{Side, Table};
use super::{WIDTH, printable};

/// How many calls are listed, and streams; the others are counted.
const LISTED: usize = 10;
/// What a MOS rests on, without which it says nothing.
const MOS_BASIS: &str =
    "MOS by ITU-T G.107 from codec, loss and delay; the way is taken as 0 where no RTCP tells it";
/// How much of the name of a party is shown.
const PARTY: usize = 40;

/// Says what all streams of RTP did; none where there were none.
pub(super) fn rtp(rtp: &RtpCounts) -> Option<String> {
    if rtp.streams_seen == 0 {
        return None;
    }
    let mut text = format!(
        "{}, {}, {} lost ({})",
        counted(rtp.streams_seen, "stream"),
        counted(rtp.packets, "packet"),
        count(rtp.lost),
        percentage(rtp.lost_percentage)
    );
    if rtp.out_of_order > 0 {
        // Writing to a String cannot fail.
        let _ = write!(text, ", {} out of order", count(rtp.out_of_order));
    }
    match rtp.duplicates {
        0 => {}
        1 => text.push_str(", 1 copy"),
        copies => {
            let _ = write!(text, ", {} copies", count(copies));
        }
    }
    if let Some(jitter) = percentiles(&rtp.jitter_ms) {
        let _ = write!(text, "; jitter {jitter}");
    }
    Some(text)
}

/// Renders the calls; none where there were none.
pub(super) fn calls<F>(report: &Report<F>) -> Option<String> {
    let mut calls: Vec<_> = report.calls.iter().collect();
    calls.sort_by(|one, other| worst_first((one.mos, None), (other.mos, None)));
    let mut table = Table::new([
        ("Calls", Side::Left),
        ("lasted", Side::Right),
        ("rang after", Side::Right),
        ("codecs", Side::Left),
        ("MOS", Side::Right),
    ]);
    let omitted = calls.len().saturating_sub(LISTED) as u64 + report.calls_omitted;
    calls.truncate(LISTED);
    for call in &calls {
        table.row([
            call.result.as_deref().map_or_else(|| call.state.word().into(), |it| shortened(&printable(it))),
            duration(call.duration_s),
            delay(call.post_dial_delay_ms),
            shortened(&printable(&call.codecs.join(", "))),
            mos(call.mos),
        ]);
    }
    let ends = calls.iter().map(|call| parties(call)).collect();
    (!calls.is_empty()).then(|| page(&table.to_string(), "from > to", ends, omitted, "more call"))
}

/// Renders the streams of RTP; none where there were none.
pub(super) fn streams<F>(report: &Report<F>) -> Option<String> {
    let mut streams: Vec<_> = report.rtp.streams.iter().collect();
    streams.sort_by(|one, other| {
        let order = worst_first((one.mos, one.lost_percentage), (other.mos, other.lost_percentage));
        order.then(other.packets.cmp(&one.packets))
    });
    let mut table = Table::new([
        ("RTP streams", Side::Left),
        ("packets", Side::Right),
        ("lost", Side::Right),
        ("jitter", Side::Right),
        ("largest", Side::Right),
        ("MOS", Side::Right),
    ]);
    let omitted = streams.len().saturating_sub(LISTED) as u64 + report.rtp.streams_omitted;
    streams.truncate(LISTED);
    for stream in &streams {
        table.row([
            codec(stream),
            count(stream.packets),
            percentage(stream.lost_percentage),
            delay(stream.jitter_ms_mean),
            delay(stream.jitter_ms_max),
            mos(stream.mos),
        ]);
    }
    if streams.is_empty() {
        return None;
    }
    let ends = streams.iter().map(|stream| ends(stream)).collect();
    let mut text = page(&table.to_string(), "source > destination", ends, omitted, "more stream");
    if streams.iter().any(|stream| stream.mos.is_some()) {
        let _ = writeln!(text, "{MOS_BASIS}");
    }
    Some(text)
}

/// Puts what listeners like least first, by MOS and loss in percent, and what has no MOS last.
fn worst_first((mos, lost): (Option<f64>, Option<f64>), other: (Option<f64>, Option<f64>)) -> Ordering {
    let score = |mos: Option<f64>| mos.unwrap_or(f64::INFINITY);
    let order = score(mos).total_cmp(&score(other.0));
    order.then(other.1.unwrap_or_default().total_cmp(&lost.unwrap_or_default()))
}

/// Puts the ends beside the rows of a table, or below where they do not fit.
fn page(table: &str, title: &str, ends: Vec<String>, omitted: u64, noun: &str) -> String {
    let mut lines = table.lines();
    let mut page = String::new();
    let _ = writeln!(page, "{}  {title}", lines.next().unwrap_or_default());
    for (line, ends) in lines.zip(ends) {
        let fits = line.chars().count() + 2 + ends.chars().count() <= WIDTH;
        let _ = writeln!(page, "{line}{}{ends}", if fits { "  " } else { "\n  " });
    }
    if omitted > 0 {
        let _ = writeln!(page, "and {}", counted(omitted, noun));
    }
    page
}

fn codec(stream: &RtpStream) -> String {
    let codec = stream.codec.as_deref().map(printable);
    let codec = codec.map_or_else(|| format!("type {}", stream.payload_type), |codec| shortened(&codec));
    if stream.encrypted { format!("{codec}, encrypted") } else { codec }
}

fn ends(stream: &RtpStream) -> String {
    let RtpStream { src, src_port, dst, dst_port, .. } = *stream;
    format!("{} > {}", SocketAddr::new(src, src_port), SocketAddr::new(dst, dst_port))
}

fn parties(call: &Call) -> String {
    let party = |name: &Option<String>, address: String| match name {
        Some(name) => shortened(&printable(name)),
        None => address,
    };
    let (caller, callee) = (call.caller.to_string(), call.callee.to_string());
    format!("{} > {}", party(&call.from, caller), party(&call.to, callee))
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= PARTY {
        return name.into();
    }
    name.chars().take(PARTY - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_worst_calls_and_streams_come_first_with_their_ends() {
        let report = sample::calls();
        // The second party's name has 80 characters, of which 40 are shown.
        let expected = format!(
            "\
Calls                lasted  rang after  codecs   MOS  from > to
ended                42.5 s    180.0 ms  PCMA    2.91  sip:alice@example.org > sip:bob@example.net
486 Busy\\u{{1b}} Here       -    180.0 ms             -
  10.0.0.1 > sip:{}…
and 1 more call
",
            "b".repeat(35)
        );
        assert_eq!(calls(&report).unwrap(), expected);
        let long = "[2001:db81:1111:2222:3333:4444:5555:6666]";
        let expected = format!(
            "\
RTP streams         packets   lost  jitter  largest   MOS  source > destination
PCMA                  2,000  6.0 %  2.5 ms  31.0 ms  2.91  192.0.2.80:6000 > 10.0.0.1:7000
PCMA                  2,000  0.0 %  2.5 ms  31.0 ms  4.38  10.0.0.1:6000 > 192.0.2.80:7000
type 97, encrypted    2,000  0.0 %       -        -     -
  {long}:6000 > {long}:7000
and 7 more streams
MOS by ITU-T G.107 from codec, loss and delay; the way is taken as 0 where no RTCP tells it
"
        );
        assert_eq!(streams(&report).unwrap(), expected);
        let expected = "3 streams, 4,600 packets, 120 lost (2.5 %), 4 out of order, 5 copies; jitter p50 2.0 ms, p95 14.5 ms, p99 31.0 ms";
        assert_eq!(rtp(&report.rtp.counts).unwrap(), expected);
    }

    #[test]
    fn nothing_is_said_of_media_where_there_is_none() {
        let report = sample::empty();
        assert_eq!((rtp(&report.rtp.counts), calls(&report), streams(&report)), (None, None, None));
    }
}
