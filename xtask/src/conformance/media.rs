//! Streams of RTP and connections of QUIC beside tshark's.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use anyhow::Context as _;
use serde_json::Value;

use super::conversations::{Ends, Transport};
use super::names::SENT;
use super::values::Values;

/// How many packets make a stream that nobody announced real, with fewer than half of them lost.
const ENOUGH: u64 = 50;

/// A stream of ours that the truth lacks counts as invented from so many packets on: tshark's guess is no evidence below.
const INVENTED: u64 = 20;

/// How far two jitters may be apart, of the truth's.
const JITTER_SHARE: f64 = 0.01;

/// What the truth rounds to, in milliseconds.
const JITTER_DIGIT: f64 = 0.000_05;

/// Something about RTP or QUIC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// Which streams there are.
    Streams,
    /// Packets expected, lost, doubled and out of order of each.
    Counts,
    /// The mean and the largest jitter of those of one payload type with a fixed or announced clock and equal counts.
    Jitter,
    /// Packets of QUIC with a long header by version.
    Versions,
    /// The same by type, but for version 2.
    PacketTypes,
    /// How many connections of QUIC there are.
    Connections,
}

impl Media {
    /// Returns our values and those of the truth.
    ///
    /// # Errors
    ///
    /// When the report or the truth is not in its form.
    pub fn values(self, report: &Value, truth: &Value) -> anyhow::Result<(Values, Values)> {
        let both = || Ok::<_, anyhow::Error>((our_streams(report)?, their_streams(truth)?));
        match self {
            Self::Streams => both().map(|(ours, theirs)| streams(&ours, &theirs)),
            Self::Counts => both().map(|(ours, theirs)| counts(&ours, &theirs)),
            Self::Jitter => both().map(|(ours, theirs)| jitter(&ours, &theirs)),
            Self::Versions => long_headers(report, "/quic/versions", truth, "version ", str::to_owned),
            // Version 2 has types of its own, which are in no field of the truth.
            Self::PacketTypes if report.pointer("/quic/versions/0x6b3343cf").is_some() => {
                Ok((Values::Said(BTreeMap::new()), Values::Said(BTreeMap::new())))
            }
            Self::PacketTypes => long_headers(report, "/quic/packet_types", truth, "long type ", |number| {
                let names = ["initial", "0-rtt", "handshake", "retry"];
                let known = number.parse().ok().and_then(|number: usize| names.get(number));
                known.map_or_else(|| number.to_owned(), |name| (*name).to_owned())
            }),
            Self::Connections => {
                let ours = report.pointer("/quic/connections").and_then(Value::as_u64);
                let theirs =
                    truth.pointer("/quic/streams").and_then(Value::as_object).map_or(0, serde_json::Map::len);
                Ok((
                    Values::Count(ours.context("no /quic/connections")?),
                    Values::Count(u64::try_from(theirs)?),
                ))
            }
        }
    }
}

/// A stream by its sender, its receiver and its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    src: SocketAddr,
    dst: SocketAddr,
    ssrc: u64,
}

/// A stream, as far as both sides tell of it.
#[derive(Clone, Debug, PartialEq)]
struct Stream {
    packets: u64,
    expected: u64,
    lost: i64,
    duplicates: u64,
    out_of_order: u64,
    payload_types: usize,
    /// Its clock; of ours only where it is fixed or announced.
    clock: Option<u64>,
    /// The mean and the largest jitter, in milliseconds.
    jitter: Option<[f64; 2]>,
    /// Whether the truth takes it for one beyond doubt.
    is_real: bool,
}

impl Stream {
    fn counts(&self) -> String {
        let Self { expected, lost, duplicates, out_of_order, .. } = self;
        format!("expected {expected} lost {lost} twice {duplicates} out of order {out_of_order}")
    }
}

type Streams = BTreeMap<Name, Stream>;

fn number(entry: &Value, key: &str) -> anyhow::Result<u64> {
    entry.get(key).and_then(Value::as_u64).with_context(|| format!("a stream has no {key}"))
}

fn jitters(entry: &Value) -> Option<[f64; 2]> {
    let number = |key: &str| entry.get(key).and_then(Value::as_f64);
    Some([
        number("jitter_mean_ms").or(number("jitter_ms_mean"))?,
        number("jitter_max_ms").or(number("jitter_ms_max"))?,
    ])
}

fn name(entry: &Value, keys: [&str; 4], ssrc: u64) -> anyhow::Result<Name> {
    let ends = Ends::over(Transport::Udp, entry, keys)?;
    Ok(Name { src: ends.client, dst: ends.server, ssrc })
}

fn our_streams(report: &Value) -> anyhow::Result<Streams> {
    let streams =
        report.pointer("/rtp/streams").and_then(Value::as_array).context("no list at /rtp/streams")?;
    let read = |entry: &Value| {
        let is_told =
            matches!(entry.get("clock_by").and_then(Value::as_str), Some("signalling" | "payload_type"));
        let stream = Stream {
            packets: number(entry, "packets")?,
            expected: number(entry, "expected")?,
            lost: i64::try_from(number(entry, "lost")?)?,
            duplicates: number(entry, "duplicates")?,
            out_of_order: number(entry, "out_of_order")?,
            payload_types: entry.get("payload_types").and_then(Value::as_array).map_or(0, Vec::len),
            clock: entry.get("clock_rate").and_then(Value::as_u64).filter(|_| is_told),
            jitter: jitters(entry),
            is_real: true,
        };
        Ok((name(entry, ["src", "src_port", "dst", "dst_port"], number(entry, "ssrc")?)?, stream))
    };
    streams.iter().map(read).collect()
}

/// The streams of the truth's own arithmetic, and which of them are real: those that something announced, and those that
/// are long enough.
fn their_streams(truth: &Value) -> anyhow::Result<Streams> {
    let list = |key: &str| truth.get(key).and_then(Value::as_array).into_iter().flatten();
    let mut announced = BTreeSet::new();
    for entry in list("rtp_streams_default") {
        announced.insert(name(entry, SENT, hexadecimal(entry)?)?);
    }
    let read = |entry: &Value| {
        let name = name(entry, SENT, hexadecimal(entry)?)?;
        let (packets, expected) = (number(entry, "packets")?, number(entry, "expected")?);
        let lost = entry.get("lost").and_then(Value::as_i64).context("a stream has no lost")?;
        let types = entry.get("payload_types").and_then(Value::as_object).map_or(0, serde_json::Map::len);
        let is_long = packets >= ENOUGH && lost.saturating_mul(2) < i64::try_from(expected)?;
        let stream = Stream {
            packets,
            expected,
            lost,
            duplicates: number(entry, "duplicates")?,
            out_of_order: number(entry, "reordered")?,
            payload_types: types,
            clock: entry.get("clock_inferred").and_then(Value::as_u64),
            jitter: jitters(entry),
            is_real: is_long || announced.contains(&name),
        };
        Ok((name, stream))
    };
    list("rtp_own_rfc3550_heuristic").map(read).collect()
}

fn hexadecimal(entry: &Value) -> anyhow::Result<u64> {
    let text = entry.get("ssrc").and_then(Value::as_str).context("a stream has no ssrc")?;
    let digits = text.trim_start_matches("0x");
    u64::from_str_radix(digits, 16).with_context(|| format!("{text:?} is no source"))
}

fn said(name: &Name) -> String {
    format!("{} > {} {:#010x}", name.src, name.dst, name.ssrc)
}

/// What is real must be found; what is found and long must at least be among what tshark guessed, with most of it seen.
fn streams(ours: &Streams, theirs: &Streams) -> (Values, Values) {
    let is_backed = |name: &Name| {
        theirs.get(name).is_some_and(|one| {
            one.is_real || one.lost.saturating_mul(2) < i64::try_from(one.expected).unwrap_or(i64::MAX)
        })
    };
    let real: BTreeSet<&Name> = theirs.iter().filter(|(_, one)| one.is_real).map(|(name, _)| name).collect();
    let counted = ours
        .iter()
        .filter(|(name, one)| real.contains(name) || (one.packets >= INVENTED && !is_backed(name)));
    let names = |names: &mut dyn Iterator<Item = &Name>| Values::Names(names.map(said).collect());
    (names(&mut counted.map(|(name, _)| name)), names(&mut real.into_iter()))
}

/// The real streams that both sides have.
fn shared<'a>(
    ours: &'a Streams,
    theirs: &'a Streams,
) -> impl Iterator<Item = (&'a Name, &'a Stream, &'a Stream)> {
    let real = theirs.iter().filter(|(_, one)| one.is_real);
    real.filter_map(|(name, theirs)| Some((name, ours.get(name)?, theirs)))
}

fn counts(ours: &Streams, theirs: &Streams) -> (Values, Values) {
    let (ours, theirs) = shared(ours, theirs)
        .map(|(name, ours, theirs)| ((said(name), ours.counts()), (said(name), theirs.counts())))
        .unzip();
    (Values::Said(ours), Values::Said(theirs))
}

/// The jitter of streams of which both sides have the same packets.
fn jitter(ours: &Streams, theirs: &Streams) -> (Values, Values) {
    let line = |clock: Option<u64>, jitter: Option<[f64; 2]>| {
        let numbers =
            jitter.map_or_else(|| "unknown".to_owned(), |[mean, max]| format!("mean {mean:.4} max {max:.4}"));
        format!("{} Hz {numbers}", clock.unwrap_or_default())
    };
    let comparable = shared(ours, theirs).filter(|(_, ours, theirs)| {
        ours.clock.is_some()
            && theirs.clock.is_some()
            && theirs.payload_types == 1
            && ours.counts() == theirs.counts()
    });
    let (ours, theirs) = comparable
        .map(|(name, ours, theirs)| {
            let is_near = ours.clock == theirs.clock
                && ours.jitter.zip(theirs.jitter).is_some_and(|(ours, theirs)| {
                    ours.iter()
                        .zip(theirs)
                        .all(|(ours, theirs)| (ours - theirs).abs() <= theirs * JITTER_SHARE + JITTER_DIGIT)
                });
            let theirs = line(theirs.clock, theirs.jitter);
            let ours = if is_near { theirs.clone() } else { line(ours.clock, ours.jitter) };
            ((said(name), ours), (said(name), theirs))
        })
        .unzip();
    (Values::Said(ours), Values::Said(theirs))
}

/// How many packets with a long header there are by what is in it.
fn long_headers(
    report: &Value,
    ours: &str,
    truth: &Value,
    prefix: &str,
    call: impl Fn(&str) -> String,
) -> anyhow::Result<(Values, Values)> {
    let count = |value: &Value| value.as_u64().map(|count| count.to_string()).context("a count is no number");
    let known =
        report.pointer(ours).and_then(Value::as_object).with_context(|| format!("nothing at {ours}"))?;
    // tshark counts a packet that negotiates versions by its version 0 and by no type.
    let known = known.iter().filter(|(name, _)| *name != "version_negotiation");
    let known = known.map(|(name, value)| Ok((name.clone(), count(value)?)));
    let told = truth.pointer("/quic/counts").and_then(Value::as_object).into_iter().flatten();
    let told = told.filter_map(|(name, value)| Some((call(name.strip_prefix(prefix)?), value)));
    let told = told.map(|(name, value)| Ok((name, count(value)?)));
    Ok((
        Values::Said(known.collect::<anyhow::Result<_>>()?),
        Values::Said(told.collect::<anyhow::Result<_>>()?),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ours(ssrc: u64, packets: u64, lost: u64, jitter: f64) -> Value {
        json!({
            "src": "192.0.2.1", "src_port": 4000, "dst": "192.0.2.2", "dst_port": 5000, "ssrc": ssrc,
            "packets": packets, "expected": packets + lost, "lost": lost, "duplicates": 0, "out_of_order": 1,
            "payload_types": [{ "payload_type": 8, "packets": packets }], "clock_by": "payload_type",
            "clock_rate": 8000, "jitter_ms_mean": jitter, "jitter_ms_max": 2.0,
        })
    }

    fn theirs(ssrc: &str, packets: u64, lost: i64) -> Value {
        json!({
            "src": "192.0.2.1", "sport": 4000, "dst": "192.0.2.2", "dport": 5000, "ssrc": ssrc,
            "packets": packets, "expected": i64::try_from(packets).unwrap() + lost, "lost": lost, "duplicates": 0,
            "reordered": 1, "payload_types": { "8": packets }, "clock_inferred": 8000, "jitter_mean_ms": 1.0,
            "jitter_max_ms": 2.0,
        })
    }

    fn both(media: Media, ours: &[Value], theirs: &[Value], announced: &[Value]) -> (Values, Values) {
        let truth = json!({ "rtp_own_rfc3550_heuristic": theirs, "rtp_streams_default": announced });
        media.values(&json!({ "rtp": { "streams": ours } }), &truth).unwrap()
    }

    #[test]
    fn long_or_announced_streams_must_be_found_and_long_ones_of_ours_be_among_theirs() {
        let guessed = [theirs("0x00000001", 50, 49), theirs("0x00000002", 49, 0), theirs("0x00000003", 2, 0)];
        let announced = [theirs("0x00000003", 2, 0)];
        // 1 is long enough, 3 was announced; 2 is neither, and is no fault where it is found.
        let (mine, real) = both(Media::Streams, &[ours(2, 49, 0, 1.0)], &guessed, &announced);
        assert_eq!((mine.len(), real.len()), (0, 2));
        // 9 is nobody's: invented from 20 packets on.
        let found = [ours(1, 50, 49, 1.0), ours(3, 2, 0, 1.0), ours(9, 19, 0, 1.0)];
        let (mine, real) = both(Media::Streams, &found, &guessed, &announced);
        assert_eq!(mine, real);
        let (mine, _) = both(Media::Streams, &[ours(9, 20, 0, 1.0)], &guessed, &announced);
        assert_eq!(mine.len(), 1);
    }

    #[test]
    fn half_of_a_guess_lost_is_no_stream() {
        let (mine, real) = both(Media::Streams, &[ours(1, 50, 50, 1.0)], &[theirs("0x1", 50, 50)], &[]);
        assert_eq!((mine.len(), real.len()), (1, 0));
    }

    #[test]
    fn counts_are_equal_or_differ() {
        let (mine, real) = both(Media::Counts, &[ours(1, 50, 3, 1.0)], &[theirs("0x1", 50, 3)], &[]);
        assert_eq!((&mine, mine.len()), (&real, 1));
        let (mine, real) = both(Media::Counts, &[ours(1, 50, 4, 1.0)], &[theirs("0x1", 50, 3)], &[]);
        assert_ne!(mine, real);
    }

    #[test]
    fn jitter_may_be_a_hundredth_apart() {
        for (mean, is_equal) in [(1.009, true), (0.991, true), (1.011, false)] {
            let (mine, real) = both(Media::Jitter, &[ours(1, 50, 3, mean)], &[theirs("0x1", 50, 3)], &[]);
            assert_eq!((mine == real, mine.len()), (is_equal, 1), "{mean}");
        }
        // Of a clock that is guessed from the pace nothing is compared.
        let mut paced = ours(1, 50, 3, 7.0);
        paced["clock_by"] = json!("pace");
        assert!(both(Media::Jitter, &[paced], &[theirs("0x1", 50, 3)], &[]).0.is_empty());
    }

    #[test]
    fn long_headers_are_compared_by_version_and_type() {
        let report = json!({ "quic": {
            "connections": 2, "versions": { "0x00000001": 2, "0x00000000": 1 },
            "packet_types": { "initial": 1, "handshake": 1, "version_negotiation": 1 },
        } });
        let truth = json!({ "quic": {
            "counts": { "version 0x00000001": 2, "version 0x00000000": 1, "long type 0": 1, "long type 2": 1 },
            "streams": { "0": {}, "4": {} },
        } });
        for (media, values) in [(Media::Versions, 2), (Media::PacketTypes, 2), (Media::Connections, 2)] {
            let (mine, real) = media.values(&report, &truth).unwrap();
            assert_eq!((mine.len(), &mine), (values, &real), "{media:?}");
        }
    }
}
