//! What is wrong or worth knowing, found by rules from what was measured.
//!
//! A rule reads a number and says what it means; whether that is a finding, and how bad, the table in [`limits`] decides;
//! how long it holds, what has been kept of the session.

mod changes;
mod course;
mod kept;
pub mod limits;
mod moment;
mod rules;

use netsonde_messages::stream::HistoryPoint;
use netsonde_messages::{Findings, Span};

use self::changes::Changes;
use self::course::{Sampled, Seconds, Sums};
use self::kept::{At, Kept};
use self::rules::{Context, calls, connections, network, open};
use crate::facts::Facts;
use crate::figures::Figures;

/// Two looks with no more than this between them, in milliseconds of the session, see when something begins.
const A_COURSE_MS: f64 = 5_000.0;

/// What findings of one session look back at. It belongs to the session that it was used for last.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    session: u64,
    /// When it was looked last, in milliseconds.
    looked_ms: Option<f64>,
    seconds: Seconds,
    sampled: Sampled,
    kept: Kept,
    changes: Changes,
    /// Seconds that were told and not yet looked at.
    waiting: Vec<HistoryPoint>,
}

impl Memory {
    /// Takes closed seconds of a session, oldest first, before the next look; those that were taken before are passed over.
    pub fn note(&mut self, session: u64, points: &[HistoryPoint]) {
        self.belong_to(session);
        self.waiting.extend(points);
    }

    fn belong_to(&mut self, session: u64) {
        if session != self.session {
            *self = Self { session, ..Self::default() };
        }
    }
}

/// Finds out what is wrong or worth knowing, as things stand; a session that runs is looked at once a second.
pub fn of(figures: &Figures<'_>, memory: &mut Memory) -> Findings {
    let (session, totals) = (figures.measured.session, &figures.measured.totals);
    memory.note(session, &totals.points);
    let has_stamps = totals.now_ms.is_some();
    let lasted_ms = totals.elapsed_s * 1_000.0;
    let ms = totals.now_ms.unwrap_or(lasted_ms);
    let before = memory.looked_ms.unwrap_or(ms - lasted_ms);
    let span = Span { from_ms: totals.now_ms.map(|now| now - lasted_ms), to_ms: totals.now_ms };
    let at = At { ms, is_course: ms - before <= A_COURSE_MS };
    let context = Context { figures: *figures, at, span };
    if memory.looked_ms.is_some_and(|looked| ms < looked) {
        memory.rewind(ms);
    }
    memory.looked_ms = Some(ms);
    memory.look(&context);

    let mut facts = Facts::new(span);
    let findings = memory.kept.told(has_stamps, &mut facts);
    let changes = memory.changes.told(has_stamps, &mut facts);
    let findings_omitted = memory.kept.omitted();
    Findings { session, findings, findings_omitted, changes, facts: facts.into_list() }
}

impl Memory {
    /// Follows stamps that have jumped back to `ms`: what was to come by the old ones begins to be waited for anew.
    fn rewind(&mut self, ms: f64) {
        self.sampled.rewind(ms);
        self.kept.rewind(ms);
        self.changes.rewind(ms);
    }

    fn look(&mut self, of: &Context<'_>) {
        for point in std::mem::take(&mut self.waiting) {
            if self.seconds.push(&point) {
                let at = At { ms: (point.second + 1) as f64 * 1_000.0, is_course: true };
                network::resent(of, at, &self.seconds, &mut self.kept);
                network::round_trip(of, at, &self.seconds, &mut self.kept);
                self.changes.push(of, &point);
            }
        }
        self.sampled.push(of.at.ms, Sums::of(&of.figures));
        let kept = &mut self.kept;
        network::drops(of, &self.sampled.window(|_| true), kept);
        network::dns(of, &self.sampled.window(|sums| sums.queries >= limits::LOOKUPS), kept);
        network::filled(of, &self.seconds, kept);
        connections::zero_windows(of, kept);
        connections::no_answer(of, kept);
        connections::scans(of, kept);
        calls::poor(of, kept);
        open::clear_text(of, kept);
        open::clear_streams(of, kept);
        open::credentials(of, kept);
        kept.sweep(of.at.ms);
        self.changes.turned(kept.drain_turns());
        self.changes.look(of);
    }
}
