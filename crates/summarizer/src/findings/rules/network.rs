//! What befalls all traffic: drops, segments sent again, round trips, DNS.

use netsonde_messages::{EvidenceItem, Severity, Subject, Unit};
use netsonde_units::quantity::{bits_per_second, bytes, counted, delay, percentage, share};

use super::super::course::{RoundTrip, Seconds, Sums};
use super::super::kept::{At, Kept, Reading, Sign};
use super::super::limits::{
    DATA_SEGMENTS, EVIDENCE, FULL, LEAST_FULL_BPS, LEAST_FULL_S, LOOKUPS, Number, ROUND_TRIP_ABOVE_MS,
    ROUND_TRIPS, SHARE_SEGMENTS, WINDOW_S,
};
use super::{Context, flow_evidence};
use crate::see;

/// Packets that were there and are missing from the numbers.
pub(in super::super) fn drops(of: &Context<'_>, sums: &Sums, kept: &mut Kept) {
    let there = sums.packets + sums.dropped;
    if there == 0 {
        return;
    }
    let value = sums.dropped as f64 * 100.0 / there as f64;
    let reading = Reading::new(Number::Drops, Subject::Session, value, sums.dropped);
    kept.read(of.at, &reading, |_| {
        let method = "dropped by the system and the interface, in all packets that were there";
        let fact = of.number(
            "Share of packets dropped",
            &Subject::Session,
            (value, Unit::Percent),
            method,
            see::dashboard(),
        );
        let traffic = &of.figures.measured.totals.traffic;
        let counted_by = [(traffic.kernel_drops, "the system"), (traffic.interface_drops, "the interface")];
        let evidence = counted_by.into_iter().filter_map(|(drops, by)| {
            let drops = drops.filter(|drops| *drops > 0)?;
            let text = format!("{} dropped by {by}", counted(drops, "packet"));
            Some(EvidenceItem { text, flow: None, packet: None, see: see::dashboard() })
        });
        Sign {
            title: "Packets were dropped before they were measured".into(),
            value: fact.text.clone(),
            meaning: "Every volume and rate of that time is too low by what was dropped. Segments that look lost may \
                      only have been missed here."
                .into(),
            advice: "Capture less with a filter, or leave the machine more room. Do not judge loss by these numbers."
                .into(),
            evidence: evidence.collect(),
            facts: vec![fact],
            see: see::dashboard(),
        }
    });
}

/// Segments that are sent again.
pub(in super::super) fn resent(of: &Context<'_>, at: At, seconds: &Seconds, kept: &mut Kept) {
    let (course, _) = seconds.window(|course| course.data_segments >= DATA_SEGMENTS);
    let Some(value) = course.loss_percentage.filter(|_| course.data_segments >= DATA_SEGMENTS) else {
        return;
    };
    let subject = Subject::Protocol("TCP".into());
    let reading = Reading::new(Number::Resent, subject.clone(), value, course.resent_segments);
    kept.read(at, &reading, |_| {
        let method = "data segments sent again, in all of them";
        let fact = of.number("TCP loss", &subject, (value, Unit::Percent), method, see::protocol("TCP"));
        let worst = of.figures.measured.symptoms.resent.iter().take(EVIDENCE);
        let evidence = worst.map(|symptom| {
            let again = format!("{} sent again", counted(symptom.count, "segment"));
            let what = match symptom.of {
                SHARE_SEGMENTS.. => format!("{again} ({} of its data)", share(symptom.count, symptom.of)),
                _ => again,
            };
            flow_evidence(&symptom.flow, &what)
        });
        Sign {
            title: "Many TCP segments are sent again".into(),
            value: fact.text.clone(),
            meaning: "What was sent did not arrive, or not in time, and transfers wait for it. People notice it as \
                      pages that stop and downloads that slow down."
                .into(),
            advice: "Look at the connections that suffer most: what they have in common, a host or a way, is where to \
                     search. There, check the radio's signal, the cable, and errors counted at the switch's port."
                .into(),
            evidence: evidence.collect(),
            facts: vec![fact],
            see: see::resent_flows(),
        }
    });
}

/// The round trip beside the session's usual one.
pub(in super::super) fn round_trip(of: &Context<'_>, at: At, seconds: &Seconds, kept: &mut Kept) {
    let tcp = &of.figures.measured.protocols.tcp;
    if tcp.rtt_far_ms.samples.max(tcp.rtt_ms.samples) < ROUND_TRIPS {
        return;
    }
    let Some(RoundTrip { now_ms, usual_ms }) = seconds.round_trip().filter(|rtt| rtt.usual_ms > 0.0) else {
        return;
    };
    // What lies little above the usual one is as good as it.
    let above = now_ms - usual_ms >= ROUND_TRIP_ABOVE_MS;
    let value = if above { now_ms / usual_ms } else { 1.0 };
    let subject = Subject::Protocol("TCP".into());
    let reading = Reading::new(Number::RoundTrip, subject.clone(), value, 0);
    kept.read(at, &reading, |_| {
        let page = || see::protocol("TCP");
        let milliseconds = |value| (value, Unit::Milliseconds);
        let method = "the median of the seconds' medians, of the last 30 s";
        let fact = of.number("Round trip p50", &subject, milliseconds(now_ms), method, page());
        let method = "the median of the seconds' medians, of all before";
        let usual = of.number("Round trip p50, before", &subject, milliseconds(usual_ms), method, page());
        let method = "one beside the other";
        let times = of.number("Round trip beside before", &subject, (value, Unit::Times), method, page());
        let text = format!("p50 {} after {}", delay(Some(now_ms)), delay(Some(usual_ms)));
        Sign {
            title: "The round trip is longer than before".into(),
            value: format!("{:.1} times {}", value, delay(Some(usual_ms))),
            meaning: "Whatever waits for an answer takes longer than it usually did in this session. Pages open more \
                      slowly, and calls lag."
                .into(),
            advice: "See whether throughput rose at the same time: then a queue fills on the way, and whoever sends \
                     most should be slowed down. If it did not, the way itself has changed, or a far side is busy."
                .into(),
            evidence: vec![EvidenceItem { text, flow: None, packet: None, see: page() }],
            facts: vec![fact, usual, times],
            see: page(),
        }
    });
}

/// How DNS fares.
pub(in super::super) fn dns(of: &Context<'_>, sums: &Sums, kept: &mut Kept) {
    if sums.latencies >= LOOKUPS {
        let mean = sums.latency_ms_sum / sums.latencies as f64;
        lookup(
            of,
            kept,
            (Number::DnsLatency, mean, 0),
            &Lookup {
                title: "DNS is slow",
                label: "DNS latency",
                method: "the mean from a question to its answer",
                meaning: "Before anything opens, its name is looked up, and that takes this long. Every first click waits \
                      for it.",
                advice: "Ask the server from next to it: if it is fast there, the way is long, and a nearer server \
                     helps. If it is slow there too, look at what it asks in turn.",
                evidence: format!(
                    "{} answered, on average within {}",
                    counted(sums.latencies, "question"),
                    delay(Some(mean))
                ),
            },
        );
    }
    if sums.queries >= LOOKUPS {
        let value = sums.timeouts as f64 * 100.0 / sums.queries as f64;
        lookup(
            of,
            kept,
            (Number::DnsUnanswered, value, sums.timeouts),
            &Lookup {
                title: "DNS questions stay without an answer",
                label: "DNS questions without an answer, share",
                method: "nobody answered within 5 s",
                meaning: "Programs wait for seconds and ask again, or give up: pages do not open at the first try. The \
                      server does not answer, or its answers get lost.",
                advice: "Ping the DNS server and ask it by hand. If other traffic to it is well, its DNS service is the \
                     place to look.",
                evidence: format!(
                    "{} of {} without an answer",
                    sums.timeouts,
                    counted(sums.queries, "question")
                ),
            },
        );
    }
    if sums.answers >= LOOKUPS {
        let value = sums.failures as f64 * 100.0 / sums.answers as f64;
        lookup(
            of,
            kept,
            (Number::DnsFailed, value, sums.failures),
            &Lookup {
                title: "DNS answers with failures",
                label: "DNS failures, share",
                method: "answers with neither NOERROR nor NXDOMAIN",
                meaning: "The server says that it cannot or will not answer. What was asked for cannot be reached by its \
                      name.",
                advice: "Look which answers they are: SERVFAIL speaks of a broken zone or of a server behind it, REFUSED of \
                     a server that does not serve these clients.",
                evidence: codes(of),
            },
        );
    }
}

/// What is said of DNS.
struct Lookup {
    title: &'static str,
    label: &'static str,
    method: &'static str,
    meaning: &'static str,
    advice: &'static str,
    evidence: String,
}

fn lookup(of: &Context<'_>, kept: &mut Kept, (number, value, bad): (Number, f64, u64), words: &Lookup) {
    let subject = Subject::Protocol("DNS".into());
    kept.read(of.at, &Reading::new(number, subject.clone(), value, bad), |_| {
        let page = || see::protocol("DNS");
        let fact = of.number(words.label, &subject, (value, number.limit().unit), words.method, page());
        let text = words.evidence.clone();
        let counts = EvidenceItem { text, flow: None, packet: None, see: page() };
        let text = "The flows of DNS".into();
        let flows = EvidenceItem { text, flow: None, packet: None, see: see::flows_of_protocol("DNS") };
        Sign {
            title: words.title.into(),
            value: fact.text.clone(),
            meaning: words.meaning.into(),
            advice: words.advice.into(),
            evidence: vec![counts, flows],
            facts: vec![fact],
            see: page(),
        }
    });
}

/// The failures of the session by name, the commonest first.
fn codes(of: &Context<'_>) -> String {
    let mut codes: Vec<_> = of.figures.measured.protocols.dns.rcodes.iter().collect();
    codes.retain(|(name, _)| !matches!(name.as_ref(), "NOERROR" | "NXDOMAIN"));
    codes.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
    let named: Vec<_> =
        codes.into_iter().take(EVIDENCE).map(|(name, count)| format!("{name} {count}")).collect();
    named.join(", ")
}

/// One conversation that takes most of a full link.
pub(in super::super) fn filled(of: &Context<'_>, seconds: &Seconds, kept: &mut Kept) {
    let measured = of.figures.measured;
    let totals = &measured.totals;
    let Some(largest) = measured.symptoms.largest.first() else { return };
    // Live, what a flow moves is told by the newest seconds; of a file only the whole is known.
    let recent: f64 = largest.flow.recent_bps.iter().rev().take(15).sum::<f64>() * 2.0 / 8.0;
    let (part, all, lasted_s) = if largest.flow.recent_bps.is_empty() {
        (largest.count as f64, largest.of as f64, totals.elapsed_s)
    } else {
        let bits: u64 = seconds
            .newest()
            .map(|point| point.inbound_bits + point.outbound_bits + point.internal_bits + point.transit_bits)
            .sum();
        (recent, bits as f64 / 8.0, totals.elapsed_s.min(WINDOW_S as f64))
    };
    let rates = &totals.throughput.total;
    let capacity = measured.symptoms.link_bps.map(|bps| bps as f64).or(rates.throughput_bps_peak);
    let Some(capacity) = capacity.filter(|_| all > 0.0 && lasted_s >= LEAST_FULL_S) else { return };
    let throughput = all * 8.0 / lasted_s;
    let is_full = throughput >= FULL * capacity && throughput >= LEAST_FULL_BPS;
    // What was counted a moment later may be a little more than all.
    let value = if is_full { (part * 100.0 / all).min(100.0) } else { 0.0 };
    let number = if measured.symptoms.link_bps.is_some() { Number::Filled } else { Number::FilledUnknown };
    let subject = Subject::Flow(largest.flow.id);
    let reading = Reading::new(number, subject.clone(), value, 0);
    kept.read(of.at, &reading, |severity| {
        let page = || see::flow(largest.flow.id);
        let fact = of.number(
            "Share of bytes",
            &subject,
            (value, Unit::Percent),
            "its bytes on the wire, in those of all",
            page(),
        );
        let rate = of.number(
            "Throughput",
            &Subject::Session,
            (throughput, Unit::BitsPerSecond),
            "bits on the wire over the time",
            see::dashboard(),
        );
        let what = format!(
            "{} of all bytes at {} in all",
            percentage(Some(value)),
            bits_per_second(Some(throughput))
        );
        let total = format!("{} in the session", bytes(largest.count));
        Sign {
            title: if severity == Severity::Info {
                "One conversation takes nearly everything".into()
            } else {
                "One conversation fills the link".into()
            },
            value: fact.text.clone(),
            meaning: "What else wants to pass waits behind it: pages and calls at the same time get slow. If it is \
                      meant to run now, that is its price."
                .into(),
            advice: "Find out what it is by its hosts and application. A backup or an update can run at night, or be \
                     given an upper limit."
                .into(),
            evidence: vec![flow_evidence(&largest.flow, &what), flow_evidence(&largest.flow, &total)],
            facts: vec![fact, rate],
            see: page(),
        }
    });
}
