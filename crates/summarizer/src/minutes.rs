//! A few sentences about the last minute of a running session.

use netsonde_messages::stream::TotalsTopic;
use netsonde_messages::{ProtocolDistribution, Summary, Volume, rfc3339};
use netsonde_units::quantity::{bits_per_second, bytes, counted, duration, share};

use crate::figures::{Figures, classes};
use crate::report::list;

/// How much of a session is summed up at a time, in seconds of its own time.
const INTERVAL_S: f64 = 60.0;
/// How many classes are named.
const NAMED: usize = 2;
/// Between this and its inverse, two volumes are about the same.
const ABOUT: f64 = 1.25;

/// What had been measured when something was said last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Minutes {
    session: u64,
    elapsed_s: f64,
    total: Volume,
    inbound_bytes: u64,
    outbound_bytes: u64,
    dropped: u64,
    distribution: ProtocolDistribution,
    /// Bits per second of the minute before; none in the first one.
    before_bps: Option<f64>,
}

impl Minutes {
    /// Says something when a minute has passed since the last time, by the session's own clock.
    pub(crate) fn next(&mut self, figures: &Figures<'_>) -> Option<Summary> {
        let session = figures.measured.session;
        if session != self.session {
            *self = Self { session, ..Self::default() };
        }
        let TotalsTopic { elapsed_s, now_ms, totals, .. } = figures.measured.totals;
        let passed_s = elapsed_s - self.elapsed_s;
        if passed_s < INTERVAL_S {
            return None;
        }
        let text = self.sentences(figures, passed_s).join(" ");
        let total = figures.total();
        *self = Self {
            session,
            elapsed_s,
            total,
            inbound_bytes: totals.inbound.bytes,
            outbound_bytes: totals.outbound.bytes,
            dropped: figures.dropped(),
            distribution: figures.measured.protocols.distribution,
            before_bps: Some(bps(total.bytes - self.total.bytes, passed_s)),
        };
        Some(Summary { at: at(now_ms.unwrap_or(0.0)), duration_s: whole(elapsed_s), text })
    }

    fn sentences(&self, figures: &Figures<'_>, passed_s: f64) -> Vec<String> {
        let total = figures.total();
        let (packets, volume) = (total.packets - self.total.packets, total.bytes - self.total.bytes);
        let lasted = duration(Some(passed_s));
        let mut sentences = Vec::new();
        if packets == 0 {
            sentences.push(format!("In the last {lasted} no packet was seen on {}.", figures.source()));
        } else {
            let totals = &figures.measured.totals.totals;
            let way = |now: u64, then: u64| bits_per_second(Some(bps(now - then, passed_s)));
            sentences.push(format!(
                "In the last {lasted} {} with {} were measured on {}: {} in and {} out on average.",
                counted(packets, "packet"),
                bytes(volume),
                figures.source(),
                way(totals.inbound.bytes, self.inbound_bytes),
                way(totals.outbound.bytes, self.outbound_bytes)
            ));
            sentences.extend(self.before_bps.map(|before| change(before, bps(volume, passed_s))));
            sentences.extend(self.contents(figures, volume));
        }
        let dropped = figures.dropped().saturating_sub(self.dropped);
        if dropped > 0 {
            sentences.push(format!(
                "{} came too fast to be captured: the numbers are short by them.",
                counted(dropped, "packet")
            ));
        }
        let active = figures.measured.totals.flows.active;
        sentences.push(format!("{} spoke in the last second.", counted(active, "conversation")));
        sentences
    }

    fn contents(&self, figures: &Figures<'_>, volume: u64) -> Option<String> {
        let distribution = &figures.measured.protocols.distribution;
        let then = classes(&self.distribution);
        let mut grown: Vec<_> = classes(distribution)
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
