//! A few sentences about the last minute of a running session.

use netsonde_messages::{ProtocolDistribution, Summary, Totals, Volume, rfc3339};
use netsonde_units::quantity::{bits_per_second, counted, duration, share};

use crate::figures::{Figures, classes};
use crate::words::{list, measured, missed};

/// How much of a session is summed up at a time, in seconds of its own time.
const INTERVAL_S: f64 = 60.0;
/// How many classes are named.
const NAMED: usize = 2;
/// Between this and its inverse, two volumes are about the same.
const ABOUT: f64 = 1.25;

/// What had been measured when something was said last.
#[derive(Clone, Debug)]
pub(crate) struct Minutes {
    session: u64,
    /// Counts what was said of the session.
    count: u64,
    /// When something is due, in seconds of the session.
    due_s: f64,
    said: Said,
    /// Bits per second of the time before; none at first.
    before_bps: Option<f64>,
}

/// The sums of a moment.
#[derive(Clone, Copy, Debug, Default)]
struct Said {
    elapsed_s: f64,
    total: Volume,
    /// Inbound, outbound, internal, transit.
    ways: [u64; 4],
    dropped: u64,
    distribution: ProtocolDistribution,
}

impl Default for Minutes {
    fn default() -> Self {
        Self { session: 0, count: 0, due_s: INTERVAL_S, said: Said::default(), before_bps: None }
    }
}

impl Said {
    fn of(figures: &Figures<'_>) -> Self {
        let totals = &figures.measured.totals;
        let Totals { inbound, outbound, internal, transit } = &totals.totals;
        Self {
            elapsed_s: totals.elapsed_s,
            total: figures.total(),
            ways: [inbound, outbound, internal, transit].map(|way| way.bytes),
            dropped: figures.dropped(),
            distribution: figures.measured.protocols.distribution,
        }
    }
}

impl Minutes {
    /// Says something when a minute has passed since the last time, by the session's own clock.
    pub(crate) fn next(&mut self, figures: &Figures<'_>) -> Option<Summary> {
        let session = figures.measured.session;
        if session != self.session {
            *self = Self { session, ..Self::default() };
        }
        let now = Said::of(figures);
        if now.elapsed_s < self.due_s {
            return None;
        }
        let passed_s = now.elapsed_s - self.said.elapsed_s;
        let volume = now.total.bytes.saturating_sub(self.said.total.bytes);
        let text = self.sentences(figures, &now, volume, passed_s).join(" ");
        // A capture that is read faster than it was taken may be minutes ahead.
        let missed = ((now.elapsed_s - self.due_s) / INTERVAL_S).floor();
        self.due_s += (missed + 1.0) * INTERVAL_S;
        self.before_bps = Some(bps(volume, passed_s));
        self.said = now;
        let at = at(figures.measured.totals.now_ms.unwrap_or(0.0));
        self.count += 1;
        Some(Summary { id: self.count, at, duration_s: whole(now.elapsed_s), text, ..Summary::default() })
    }

    fn sentences(&self, figures: &Figures<'_>, now: &Said, volume: u64, passed_s: f64) -> Vec<String> {
        let packets = now.total.packets.saturating_sub(self.said.total.packets);
        let (lasted, source) = (duration(Some(passed_s)), figures.source());
        let mut sentences = Vec::new();
        if packets == 0 {
            sentences.push(format!("In the last {lasted} no packet was seen on {source}."));
        } else {
            let ways = self.ways(now, passed_s);
            sentences.push(format!("In the last {lasted} {} on {source}{ways}.", measured(packets, volume)));
            sentences.extend(self.before_bps.map(|before| change(before, bps(volume, passed_s))));
            sentences.extend(self.contents(now, volume));
        }
        let dropped = now.dropped.saturating_sub(self.said.dropped);
        if dropped > 0 {
            sentences.push(missed(dropped, None));
        }
        let active = figures.measured.totals.flows.active;
        sentences.push(format!("{} spoke in the last second.", counted(active, "conversation")));
        sentences
    }

    /// Says how fast bytes went which way, of the ways that any went.
    fn ways(&self, now: &Said, passed_s: f64) -> String {
        let ways: Vec<_> = ["in", "out", "within the local networks", "through"]
            .into_iter()
            .zip(now.ways.iter().zip(self.said.ways))
            .map(|(way, (now, then))| (way, now.saturating_sub(then)))
            .filter(|(_, volume)| *volume > 0)
            .map(|(way, volume)| format!("{} {way}", bits_per_second(Some(bps(volume, passed_s)))))
            .collect();
        if ways.is_empty() { String::new() } else { format!(": {} on average", list(&ways)) }
    }

    fn contents(&self, now: &Said, volume: u64) -> Option<String> {
        let then = classes(&self.said.distribution);
        let mut grown: Vec<_> = classes(&now.distribution)
            .into_iter()
            .map(|(name, now)| {
                let then = then.iter().find(|(other, _)| *other == name).map_or(0, |(_, then)| then.bytes);
                // Recognition moves what was counted elsewhere before.
                (name, now.bytes.saturating_sub(then).min(volume))
            })
            .filter(|(_, grown)| *grown > 0)
            .collect();
        grown.sort_by_key(|(_, grown)| std::cmp::Reverse(*grown));
        let named: Vec<_> = grown
            .iter()
            .take(NAMED)
            .map(|(name, grown)| format!("{name} ({} of the bytes)", share(*grown, volume)))
            .collect();
        (!named.is_empty()).then(|| format!("Most of it was {}.", list(&named)))
    }
}

/// Compares with the minute before.
fn change(before: f64, now: f64) -> String {
    let times = now / before;
    if before <= 0.0 {
        "There was nothing in the time before.".into()
    } else if times > ABOUT {
        format!("That is {times:.1} times as much as in the time before.")
    } else if times < 1.0 / ABOUT {
        format!("That is {} of what it was in the time before.", share(whole(times * 1_000.0), 1_000))
    } else {
        "That is about as much as in the time before.".into()
    }
}

fn bps(volume: u64, seconds: f64) -> f64 {
    volume as f64 * 8.0 / seconds
}

/// The whole part of a number that is not negative.
fn whole(value: f64) -> u64 {
    std::time::Duration::try_from_secs_f64(value).unwrap_or_default().as_secs()
}

/// A moment in milliseconds since the epoch, as text.
fn at(ms: f64) -> String {
    rfc3339(whole(ms).saturating_mul(1_000_000))
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
        minutes.next(&Figures { status: &status(), measured })
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
            "In the last 1 m 00 s 600 packets with 600.0 kB were measured on eth0: 79.7 kbps in on average. Most of it was \
             TLS (100.0 % of the bytes). 3 conversations spoke in the last second."
        );
        // What came late does not put off the next one.
        assert_eq!(next(&mut minutes, &publication(119.9, 1_200)), None);
        let second = next(&mut minutes, &publication(120.2, 1_200)).unwrap();
        assert!(second.text.contains("That is about as much as in the time before."), "{second:?}");
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
        let words =
            "In the last 1 m 00 s no packet was seen on eth0. 3 conversations spoke in the last second.";
        assert_eq!(silent, words);
        // 1,200 after 600 are twice as much, 150 a quarter.
        assert!(
            second(&publication(120.0, 1_800)).contains("That is 2.0 times as much as in the time before.")
        );
        let less = second(&publication(120.0, 750));
        assert!(less.contains("That is 25.0 % of what it was in the time before."), "{less}");
        let mut short = publication(120.0, 601);
        short.totals.traffic.kernel_drops = Some(1);
        let short = second(&short);
        assert!(short.contains("1 packet with 1.0 kB was measured"), "{short}");
        let words = "1 packet was dropped before netsonde saw it: the numbers are short by it.";
        assert!(short.contains(words), "{short}");
    }

    #[test]
    fn silence_before_is_nothing_to_compare_with() {
        let mut minutes = Minutes::default();
        next(&mut minutes, &publication(60.0, 0)).unwrap();
        let text = next(&mut minutes, &publication(120.0, 10)).unwrap().text;
        assert!(text.contains("There was nothing in the time before."), "{text}");
    }

    #[test]
    fn what_recognition_moves_is_no_growth_below_zero() {
        let mut moved = publication(120.0, 700);
        // All of it is QUIC now, 600,000 B of which were counted as TLS before: at most the 100,000 B that came.
        let distribution = &mut moved.protocols.distribution;
        distribution.quic = std::mem::take(&mut distribution.tls);
        let text = second(&moved);
        assert!(text.contains("Most of it was QUIC (100.0 % of the bytes)."), "{text}");
    }
}
