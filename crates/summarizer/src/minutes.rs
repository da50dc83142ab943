//! A few sentences about the last minute of a running session.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use netsonde_messages::stream::HistoryPoint;
use netsonde_messages::{Finding, Findings, Relation, Severity, Subject, Summary, Unit, rfc3339};

use crate::facts::{Compared, Facts, Mark, MinuteIds, of_minute, whole};
use crate::figures::Figures;
use crate::report::{WORTH_NAMING, contents};
use crate::say::{Page, Phrase, joined};
use crate::{see, trouble};

/// How much of a session is summed up at a time, in seconds of its own time.
const INTERVAL_S: f64 = 60.0;
/// So many findings are named.
const NAMED_FINDINGS: usize = 2;
/// So many classes are named.
const NAMED_CLASSES: usize = 2;

/// Under this share, in percent, one decimal would be zero.
const LEAST_SHARE: f64 = 0.05;
/// Jitter below this many milliseconds is not worth a word.
const LEAST_JITTER_MS: f64 = 10.0;
/// Names that take less than this many milliseconds are not worth a word.
const SLOW_DNS_MS: f64 = 100.0;

/// Says something of every minute of a session; of another one it begins anew.
#[derive(Clone, Debug)]
pub struct Minutes {
    session: u64,
    /// Counts what was said of the session.
    count: u64,
    /// When something is due, in seconds of the session.
    due_s: f64,
    /// What had been measured when something was said last.
    since: Mark,
    /// The findings that have been named, by their ids.
    named: BTreeSet<u64>,
}

impl Default for Minutes {
    fn default() -> Self {
        Self { session: 0, count: 0, due_s: INTERVAL_S, since: Mark::default(), named: BTreeSet::new() }
    }
}

impl Minutes {
    /// Tells whether a minute has passed since something was said.
    pub fn are_due(&self, figures: &Figures<'_>) -> bool {
        let due_s = if figures.measured.session == self.session { self.due_s } else { INTERVAL_S };
        figures.measured.totals.elapsed_s >= due_s
    }

    /// Says something when a minute has passed since the last time, by the session's own clock. `seconds` are its closed
    /// seconds, oldest first, as far back as the last time at least.
    pub fn next(
        &mut self,
        figures: &Figures<'_>,
        findings: &Findings,
        seconds: &[HistoryPoint],
    ) -> Option<Summary> {
        let session = figures.measured.session;
        if session != self.session {
            *self = Self { session, ..Self::default() };
        }
        if !self.are_due(figures) {
            return None;
        }
        let elapsed_s = figures.measured.totals.elapsed_s;
        let (mut facts, ids, now) = of_minute(figures, &self.since, seconds);
        let told = Told::of(self, figures, &mut facts, findings);
        let summary = Summary { severity: told.severity, ..self.summary(figures, facts, &ids, told) };
        self.since = now;
        // A capture that is read faster than it was taken may be minutes ahead.
        let missed = ((elapsed_s - self.due_s) / INTERVAL_S).floor();
        self.due_s += (missed + 1.0) * INTERVAL_S;
        Some(summary)
    }

    fn summary(&mut self, figures: &Figures<'_>, facts: Facts, ids: &MinuteIds, told: Told) -> Summary {
        self.count += 1;
        let mut writer = Writer { ids, page: Page::new(&facts) };
        writer.troubles(told);
        writer.amount();
        writer.contents();
        writer.quality();
        writer.missing();
        let sentences = writer.page.into_sentences();
        let totals = &figures.measured.totals;
        Summary {
            id: self.count,
            at: rfc3339(whole(totals.now_ms.unwrap_or(0.0)).saturating_mul(1_000_000)),
            duration_s: whole(totals.elapsed_s),
            span: facts.span(),
            text: joined(&sentences),
            sentences,
            facts: facts.into_list(),
            ..Summary::default()
        }
    }
}

/// What of the findings is told of a minute.
struct Told {
    /// The worst of those that held in it.
    severity: Severity,
    /// The sentences.
    phrases: Vec<Phrase>,
    /// How many more there are of it.
    more: Option<u32>,
}

impl Told {
    /// Chooses the findings that are new, and those that hold on and are no mere notes; the most severe first, of those
    /// the new ones.
    fn of(minutes: &mut Minutes, figures: &Figures<'_>, facts: &mut Facts, findings: &Findings) -> Self {
        let from = facts.span().from_ms;
        let is_new = |finding: &Finding| !minutes.named.contains(&finding.id);
        let is_of_it = |finding: &Finding| {
            finding.holds || finding.last_ms.zip(from).is_some_and(|(last, from)| last >= from)
        };
        let mut chosen: Vec<_> = findings
            .findings
            .iter()
            .filter(|finding| is_of_it(finding) && (is_new(finding) || finding.severity > Severity::Info))
            .collect();
        chosen.sort_by_key(|finding| (Reverse(finding.severity), !is_new(finding)));
        let severity = chosen.iter().map(|finding| finding.severity).max().unwrap_or_default();
        let more = chosen.len().saturating_sub(NAMED_FINDINGS);
        chosen.truncate(NAMED_FINDINGS);
        let mut phrases = Vec::new();
        for finding in trouble::adopted(facts, chosen, &findings.facts) {
            let said = trouble::phrase(figures, facts, &finding);
            let is_new = minutes.named.insert(finding.id);
            phrases.push(match (is_new, finding.holds) {
                (true, _) => said,
                (false, true) => Phrase::words("Still: ").then("", said),
                (false, false) => Phrase::words("Over: ").then("", said),
            });
        }
        let number = (more > 0).then_some(more as f64);
        let page = see::findings();
        let more = facts.measured(
            "Findings not named here",
            Subject::Session,
            number,
            Unit::Count,
            "by rules with limits",
            page,
        );
        Self { severity, phrases, more }
    }
}

struct Writer<'a> {
    ids: &'a MinuteIds,
    page: Page<'a>,
}

impl Writer<'_> {
    fn troubles(&mut self, told: Told) {
        for phrase in told.phrases {
            self.page.add(phrase.stop());
        }
        self.page.say("{} more {finding is|findings are} listed.", &[told.more]);
    }

    /// Says how much it was, and how much more or less than in the time before.
    fn amount(&mut self) {
        let MinuteIds { source, elapsed, packets, bytes, throughput, .. } = *self.ids;
        let [source, elapsed, packets, bytes] = [source, elapsed, packets, bytes].map(Some);
        if packets.is_some_and(|packets| self.page.number(packets) <= 0.0) {
            return self.page.say("In the last {}, no packet was seen on {}.", &[elapsed, source]);
        }
        let template = "In the last {}, {} {packet|packets} with {} {was|were} measured on {}";
        let Some(measured) = self.page.phrase(template, &[elapsed, packets, bytes, source]) else { return };
        let ways = [
            (self.ids.inbound, "{} in"),
            (self.ids.outbound, "{} out"),
            (self.ids.internal, "{} within the local networks"),
            (self.ids.transit, "{} passing through"),
        ];
        let ways = ways.map(|(rate, template)| self.page.phrase(template, &[rate]));
        let ways =
            Phrase::list(ways.into_iter().flatten()).map(|ways| ways.then("", Phrase::words(" on average")));
        let change = throughput.and_then(|throughput| self.change(&throughput));
        self.page.add(measured.then_maybe(": ", ways).then_maybe(", ", change).stop());
    }

    /// Says how a number is to that of the time before: `2.0 times as much as in the time before`.
    fn change(&self, number: &Compared) -> Option<Phrase> {
        let template = match self.page.relation(number.change?)? {
            Relation::Rose if self.page.number(number.before?) <= 0.0 => {
                return Some(Phrase::words("after silence"));
            }
            Relation::Fell => "{} of the time before",
            _ => "{} as in the time before",
        };
        self.page.phrase(template, &[number.change])
    }

    fn contents(&mut self) {
        let worth = |share: &u32| self.page.number(*share) >= WORTH_NAMING;
        let classes = self.ids.classes.iter().filter(|class| worth(&class.share));
        let classes: Vec<_> = classes.take(NAMED_CLASSES).collect();
        let app = self.ids.busiest_app.as_ref().filter(|app| app.share.as_ref().is_some_and(worth));
        let is_class = |name| classes.iter().any(|class| self.page.text(class.name) == self.page.text(name));
        let app = app.filter(|app| !is_class(app.name)).and_then(|app| {
            let ids = [Some(app.name), Some(app.most), Some(app.bytes)];
            self.page.phrase("of the applications, {} carried {} ({})", &ids)
        });
        self.page.add_maybe(contents(&self.page, &classes).map(|parts| parts.then_maybe("; ", app)));
    }

    /// Says how well it did, as far as it was measured: one sentence.
    fn quality(&mut self) {
        let MinuteIds { rtt_p50, loss, rtp_loss, jitter, dns_latency, dns_timeouts, .. } = *self.ids;
        let now = |number: Option<Compared>| number.map(|number| number.now);
        let round_trip = rtt_p50.and_then(|rtt| {
            let said = self.page.phrase("the median round trip was {}", &[self.page.fresh(Some(rtt.now))])?;
            let change = rtt.change.and_then(|change| self.page.relation(change));
            let moved = matches!(change, Some(Relation::Rose | Relation::Fell));
            Some(said.then_maybe(", ", self.change(&rtt).filter(|_| moved)))
        });
        let some =
            |id: Option<u32>, least: f64| self.page.fresh(id).filter(|id| self.page.number(*id) >= least);
        let rest = [
            ("{} of the TCP data segments were sent again", some(now(loss), LEAST_SHARE)),
            ("RTP lost {} of its packets", some(rtp_loss, LEAST_SHARE)),
            ("the mean jitter was {}", some(now(jitter), LEAST_JITTER_MS)),
            ("DNS took {} to answer on average", some(dns_latency, SLOW_DNS_MS)),
            ("{} DNS {question|questions} stayed unanswered", some(dns_timeouts, 1.0)),
        ];
        let rest = rest.into_iter().filter_map(|(template, id)| self.page.phrase(template, &[id]));
        let said = round_trip.into_iter().chain(rest).reduce(|said, next| said.then("; ", next));
        self.page.add_maybe(said.map(Phrase::capitalised));
    }

    /// Says what makes the numbers short.
    fn missing(&mut self) {
        let drops = self.page.fresh(self.ids.drops);
        let template = "{} {packet|packets} {was|were} dropped before netsonde saw {it|them}, so that the numbers are short.";
        self.page.say(template, &[drops]);
    }
}

#[cfg(test)]
mod tests {
    use netsonde_messages::stream::{SourceKind, State, Status, StatusSource};
    use netsonde_session::Publication;

    use super::*;

    fn status() -> Status {
        let source =
            StatusSource { kind: SourceKind::Interface, name: "eth0".into(), progress_percentage: None };
        Status {
            state: State::Running,
            problem: None,
            session: 1,
            source: Some(source),
            filter: None,
            started_at: None,
            summarizing: false,
        }
    }

    /// So many packets of 1,000 bytes came in within so many seconds, all of them TLS.
    fn publication(elapsed_s: f64, packets: u64) -> Publication {
        let mut publication = Publication { session: 1, ..Publication::default() };
        let totals = &mut publication.totals;
        totals.elapsed_s = elapsed_s;
        totals.now_ms = Some(1_700_000_000_000.0 + elapsed_s * 1_000.0);
        (totals.traffic.packets, totals.traffic.bytes) = (packets, packets * 1_000);
        totals.totals.inbound.bytes = packets * 1_000;
        totals.flows.active = 3;
        publication.protocols.distribution.tls.bytes = packets * 1_000;
        publication
    }

    fn next(minutes: &mut Minutes, measured: &Publication) -> Option<Summary> {
        minutes.next(&Figures { status: &status(), measured }, &Findings::default(), &[])
    }

    /// What is said of a second minute, after one of 600 packets.
    fn second(measured: &Publication) -> String {
        let mut minutes = Minutes::default();
        next(&mut minutes, &publication(60.0, 600)).unwrap();
        next(&mut minutes, measured).unwrap().text
    }

    #[test]
    fn every_minute_of_a_session_has_its_sentences() {
        let mut minutes = Minutes::default();
        assert_eq!(next(&mut minutes, &publication(59.9, 600)), None);
        // 600,000 B in 60.2 s are 79.7 kbps.
        let first = next(&mut minutes, &publication(60.2, 600)).unwrap();
        assert_eq!((first.at.as_str(), first.duration_s), ("2023-11-14T22:14:20.200000000Z", 60));
        assert_eq!(
            first.text,
            "In the last 1 m 00 s, 600 packets with 600.0 kB were measured on eth0: 79.7 kbps in on average. All of it was TLS."
        );
        // What came late does not put off the next one.
        assert_eq!(next(&mut minutes, &publication(119.9, 1_200)), None);
        let second = next(&mut minutes, &publication(120.2, 1_200)).unwrap();
        assert!(second.text.contains("on average, about as much as in the time before."), "{second:?}");
        // Minutes that were not looked at are one, and the next is due at the fourth.
        assert!(next(&mut minutes, &publication(230.0, 1_300)).is_some());
        assert_eq!(next(&mut minutes, &publication(239.0, 1_400)), None);
        assert!(next(&mut minutes, &publication(240.0, 1_400)).is_some());
        // Another session begins anew.
        let other = Publication { session: 2, ..publication(61.0, 5) };
        assert!(!next(&mut minutes, &other).unwrap().text.contains("time before"));
    }

    #[test]
    fn silence_drops_and_changes_are_said() {
        let silent = second(&publication(120.0, 600));
        assert_eq!(silent, "In the last 1 m 00 s, no packet was seen on eth0.");
        // 1,200 after 600 are twice as much, 150 a quarter.
        let more = second(&publication(120.0, 1_800));
        assert!(more.contains(", 2.0 times as much as in the time before."), "{more}");
        let less = second(&publication(120.0, 750));
        assert!(less.contains(", 25.0 % of that of the time before."), "{less}");
        let mut short = publication(120.0, 601);
        short.totals.traffic.kernel_drops = Some(1);
        let short = second(&short);
        assert!(short.contains("1 packet with 1.0 kB was measured"), "{short}");
        let words = "1 packet was dropped before netsonde saw it, so that the numbers are short.";
        assert!(short.contains(words), "{short}");
    }

    #[test]
    fn silence_before_is_nothing_to_compare_with() {
        let mut minutes = Minutes::default();
        next(&mut minutes, &publication(60.0, 0)).unwrap();
        let text = next(&mut minutes, &publication(120.0, 10)).unwrap().text;
        assert!(text.contains("on average, after silence."), "{text}");
    }

    #[test]
    fn what_recognition_moves_is_no_growth_below_zero() {
        let mut moved = publication(120.0, 700);
        // All of it is QUIC now, 600,000 B of which were counted as TLS before: at most the 100,000 B that came.
        let distribution = &mut moved.protocols.distribution;
        distribution.quic = std::mem::take(&mut distribution.tls);
        let text = second(&moved);
        assert!(text.contains("All of it was QUIC."), "{text}");
    }
}
