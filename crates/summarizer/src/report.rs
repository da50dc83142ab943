//! The report of a session that has ended.

use std::cmp::Reverse;

use netsonde_messages::stream::State;
use netsonde_messages::{Finding, Findings, Sentence, SessionReport, Severity, Subject, Unit};

use crate::facts::{AppIds, ClassIds, Facts, SessionIds, WayIds, of_session};
use crate::figures::Figures;
use crate::findings::limits::{DATA_SEGMENTS, LOOKUPS};
use crate::say::{Page, Phrase, joined};
use crate::{parts, see, trouble};

/// So many rules are named with what they found, the most severe ones.
const NAMED_FINDINGS: usize = 4;
/// A class or an application with less than this share of the bytes, in percent, is not worth a word.
pub(crate) const WORTH_NAMING: f64 = 10.0;
/// The same of a single conversation.
const LARGE_CONVERSATION: f64 = 30.0;
/// Jitter below this many milliseconds is none.
const LEAST_JITTER_MS: f64 = 0.1;
/// Under this share, in percent, one decimal would be zero.
const LEAST_SHARE: f64 = 0.05;
/// A session shorter than this, in seconds, has no length worth a word.
const A_MOMENT: f64 = 0.001;

/// Writes the report of a session that has ended, or of a running one as it stands, from what was found out of it.
pub fn report(figures: &Figures<'_>, findings: &Findings) -> SessionReport {
    let (mut facts, ids) = of_session(figures);
    let mut findings = trouble::adopted(&mut facts, &findings.findings, &findings.facts);
    findings.sort_by_key(|finding| (Reverse(finding.severity), !finding.holds));
    let found = trouble::phrases(figures, &mut facts, &findings);
    let unnamed = found.iter().skip(NAMED_FINDINGS).map(|said| said.findings).sum();
    let found: Vec<_> = found.into_iter().map(|said| (said.rule, said.phrase.stop())).collect();
    let notes = Notes::of(figures, &mut facts, unnamed);
    let texts: Vec<_> = found.iter().map(|(rule, sentence)| (*rule, sentence.text())).collect();
    let mut writer = Writer { figures, ids: &ids, notes, page: Page::new(&facts), judged: false };
    writer.troubles(&findings, found.into_iter().map(|(_, sentence)| sentence));
    writer.measured();
    let sentences = writer.page.into_sentences();
    SessionReport {
        summary: joined(&sentences),
        sentences,
        severity: findings.iter().map(|finding| finding.severity).max().unwrap_or_default(),
        breakdown: parts::all(figures, &texts),
        findings,
        facts: facts.into_list(),
        ..SessionReport::default()
    }
}

/// Facts that only the report needs.
struct Notes {
    /// Findings that are not named.
    unnamed: Option<u32>,
    /// What ended the session early, or is missing from it.
    problem: Option<u32>,
    /// Packets that break the rules of their protocol.
    malformed: Option<u32>,
}

impl Notes {
    fn of(figures: &Figures<'_>, facts: &mut Facts, unnamed: usize) -> Self {
        let mut count = |label: &'static str, number: u64, method: &'static str, page: String| {
            let number = (number > 0).then_some(number as f64);
            facts.measured(label, Subject::Session, number, Unit::Count, method, page)
        };
        let unnamed =
            count("Findings not named here", unnamed as u64, "by rules with limits", see::findings());
        let malformed = figures.measured.totals.traffic.malformed_packets;
        let malformed =
            count("Malformed packets", malformed, "a layer breaks its own rules", see::dashboard());
        let problem = figures.status.problem.as_deref().map(|problem| {
            let problem = problem.trim_end_matches('.');
            facts.text("Problem", Subject::Session, problem, "as the source said", see::dashboard())
        });
        Self { unnamed, problem, malformed }
    }
}

struct Writer<'a> {
    figures: &'a Figures<'a>,
    ids: &'a SessionIds,
    notes: Notes,
    page: Page<'a>,
    /// Whether anything has been said of how well the network does.
    judged: bool,
}

impl Writer<'_> {
    /// Says what is wrong; that nothing is, with what that stands on.
    fn troubles(&mut self, findings: &[Finding], sentences: impl Iterator<Item = Sentence>) {
        self.judged = !findings.is_empty();
        if findings.iter().all(|finding| finding.severity < Severity::Warning) {
            self.nothing_wrong();
        }
        for sentence in sentences.take(NAMED_FINDINGS) {
            self.page.add(sentence);
        }
        self.page.say("{} more {finding is|findings are} listed.", &[self.notes.unnamed]);
    }

    fn nothing_wrong(&mut self) {
        let SessionIds { tcp, dns, rtp, quic, .. } = self.ids;
        // What is too little for the rules to judge says nothing of the network.
        let enough = |id: Option<u32>, least: u64| id.filter(|id| self.page.number(*id) >= least as f64);
        let judged = [
            ("{} TCP data {segment|segments}", enough(tcp.data_segments, DATA_SEGMENTS)),
            ("{} DNS {question|questions}", enough(dns.queries, LOOKUPS)),
            ("{} RTP {stream|streams}", rtp.streams),
            ("{} QUIC {connection|connections}", quic.connections),
        ];
        let judged: Vec<_> =
            judged.into_iter().filter_map(|(template, id)| self.page.phrase(template, &[id])).collect();
        if let Some(judged) = Phrase::list(judged) {
            self.judged = true;
            self.page.add(Phrase::words("Nothing was found that people would notice").stop());
            self.page.add(Phrase::words("That stands on").then(" ", judged).stop());
        }
    }

    /// Says what was measured: how much, which way, what, with whom, how well, how safely, and what is missing.
    fn measured(&mut self) {
        self.extent();
        if self.figures.total().bytes > 0 {
            self.ways();
            self.classes();
            self.largest();
            let so_far = self.page.len();
            self.tcp();
            self.others();
            if self.page.len() == so_far && !self.judged {
                self.page.add(Phrase::words("Nothing in it tells how well the network does").stop());
            }
            self.encrypted();
        }
        self.missing();
    }

    fn extent(&mut self) {
        let SessionIds { source, elapsed, packets, bytes, .. } = *self.ids;
        let [source, elapsed, packets, bytes] = [source, elapsed, packets, bytes].map(Some);
        let moment = self.figures.measured.totals.elapsed_s < A_MOMENT;
        match (self.figures.total().packets, moment) {
            (0, true) => self.page.say("No packet was seen on {}.", &[source]),
            (0, false) => self.page.say("No packet was seen on {} in {}.", &[source, elapsed]),
            (_, true) => self.page.say(
                "{} {packet|packets} with {} {was|were} measured on {}, all in one moment.",
                &[packets, bytes, source],
            ),
            (_, false) => self.page.say(
                "In {}, {} {packet|packets} with {} {was|were} measured on {}.",
                &[elapsed, packets, bytes, source],
            ),
        }
    }

    fn ways(&mut self) {
        let SessionIds { inbound, outbound, internal, transit, .. } = self.ids;
        let ways = [
            (inbound, "came in"),
            (outbound, "went out"),
            (internal, "stayed within the local networks"),
            (transit, "passed through"),
        ];
        let ways: Vec<_> = ways
            .into_iter()
            .filter_map(|(way, went)| {
                let WayIds { bytes, average, peak, .. } = (*way)?;
                let volume = self.page.phrase("{}", &[Some(bytes)])?.then(" ", Phrase::words(went));
                let both = self.page.phrase(" ({} on average, {} in the busiest second)", &[average, peak]);
                let rate = both.or_else(|| self.page.phrase(" ({} on average)", &[average]));
                Some(volume.then_maybe("", rate))
            })
            .collect();
        self.page.add_maybe(Phrase::list(ways));
    }

    fn classes(&mut self) {
        let worth = |class: &&ClassIds| self.page.number(class.share) >= WORTH_NAMING;
        let named: Vec<_> = self.ids.classes.iter().filter(worth).collect();
        self.page.add_maybe(contents(&self.page, &named));
    }

    /// Names the application, the far address and the conversation with the most bytes.
    fn largest(&mut self) {
        let worth = |share: &u32| self.page.number(*share) >= WORTH_NAMING;
        let app = self.ids.busiest_app.as_ref().filter(|app| app.share.as_ref().is_some_and(worth));
        // An application may go by the name of its protocol, of which that has been said.
        let named = |app: &&AppIds| {
            !self.ids.classes.iter().any(|class| self.page.text(class.name) == self.page.text(app.name))
        };
        if let Some(app) = app.filter(named) {
            let ids = [Some(app.name), Some(app.most), Some(app.bytes), app.share];
            self.page.say("Of the applications, {} carried {}: {}, {} of all bytes.", &ids);
        }
        let large = |share: &u32| self.page.number(*share) >= LARGE_CONVERSATION;
        let talk = self.ids.largest_conversation.as_ref();
        let talk = talk.filter(|talk| talk.share.as_ref().is_some_and(large));
        let text = |id: Option<u32>| id.map(|id| self.page.text(id));
        // Where one conversation is nearly all that a host had, it says as much.
        let is_its = |share| talk.is_some_and(|talk| text(talk.share) == text(share));
        if let Some(host) = self.ids.busiest_host.as_ref().filter(|host| !is_its(host.share)) {
            let names = [
                ("name", host.name),
                ("address", Some(host.address)),
                ("most", Some(host.most)),
                ("share", host.share),
            ];
            let template = match host.name {
                Some(_) => "Of the addresses elsewhere, {name} ({address}) had {most}: {share} of all bytes",
                None => "Of the addresses elsewhere, {address} had {most}: {share} of all bytes",
            };
            self.page.add_maybe(self.page.named(template, &names));
        }
        if let Some(talk) = talk {
            let ids = [Some(talk.most), Some(talk.client), Some(talk.server), Some(talk.kind), talk.share];
            self.page.say("One conversation had {}: {} with {} ({}), {} of all bytes.", &ids);
        }
    }

    fn tcp(&mut self) {
        let tcp = &self.ids.tcp;
        let (p50, p95) = (self.page.fresh(tcp.rtt_p50), self.page.fresh(tcp.rtt_p95));
        let round_trips = self
            .page
            .phrase("The median TCP round trip was {}, and nearly all took at most {}", &[p50, p95])
            .or_else(|| self.page.phrase("The median TCP round trip was {}", &[p50]));
        self.page.add_maybe(round_trips);
        let Some(loss) = self.page.fresh(tcp.loss) else { return };
        match self.page.number(loss) {
            none if none <= 0.0 => self.page.add(Phrase::words("No TCP data segment was sent again").stop()),
            little if little < LEAST_SHARE => {
                self.page.say("{} TCP {segment was|segments were} sent again.", &[tcp.resent]);
            }
            _ => self.page.say("{} of the TCP data segments were sent again.", &[Some(loss)]),
        }
    }

    /// Says how well streams, names and handshakes did.
    fn others(&mut self) {
        self.streams();
        self.names();
        let SessionIds { quic, tls, .. } = self.ids;
        let handshakes = [("{} over TLS", tls), ("{} over QUIC", quic)]
            .map(|(template, ids)| self.page.phrase(template, &[self.page.fresh(ids.handshake_p50)]));
        let handshakes = Phrase::list(handshakes.into_iter().flatten());
        self.page
            .add_maybe(handshakes.map(|took| Phrase::words("The median handshake took ").then("", took)));
    }

    fn streams(&mut self) {
        let rtp = &self.ids.rtp;
        if self.page.has_said("MOS") {
            return;
        }
        let (loss, jitter) = (self.page.fresh(rtp.loss), self.page.fresh(rtp.jitter));
        let jitter = jitter.filter(|jitter| self.page.number(*jitter) >= LEAST_JITTER_MS);
        let lost_none = loss.is_some_and(|loss| self.page.number(loss) <= 0.0);
        let said = match self.page.fresh(rtp.streams) {
            Some(_) if lost_none => "{streams} RTP {stream|streams} lost none of {its|their} packets",
            Some(_) => "{streams} RTP {stream|streams} lost {loss} of {its|their} packets",
            None if lost_none => "RTP lost none of its packets",
            None => "RTP lost {loss} of its packets",
        };
        let said = self.page.named(said, &[("streams", rtp.streams), ("loss", loss)]);
        let jitter = self.page.phrase(" at a mean jitter of {}", &[jitter]);
        self.page.add_maybe(said.filter(|_| loss.is_some()).map(|said| said.then_maybe("", jitter)));
    }

    fn names(&mut self) {
        let dns = &self.ids.dns;
        let [latency, timeouts, queries] =
            [dns.latency_p50, dns.timeouts, dns.queries].map(|id| self.page.fresh(id));
        // Where a finding says which part of them it is, the number alone adds nothing.
        let timeouts = timeouts.filter(|_| self.page.fresh(dns.timeouts_share).is_some());
        let unanswered = self
            .page
            .phrase("{} of {} DNS questions stayed unanswered", &[timeouts, queries])
            .or_else(|| self.page.phrase("{} DNS {question|questions} stayed unanswered", &[timeouts]));
        let latency = latency.filter(|_| !self.page.has_said("DNS latency"));
        let answered = self.page.phrase("The median DNS answer took {}", &[latency]);
        self.page.add_maybe(match answered {
            Some(answered) => Some(answered.then_maybe("; ", unanswered)),
            None => unanswered,
        });
    }

    fn encrypted(&mut self) {
        let share = self.ids.encrypted_share;
        if share.is_some_and(|share| self.page.number(share) <= 0.0) {
            self.page.add(Phrase::words("Nothing of it is known to be encrypted").stop());
        } else {
            self.page.say("{} of the packets belonged to encrypted conversations.", &[share]);
        }
    }

    /// Says what makes the numbers short.
    fn missing(&mut self) {
        let drops = self.page.fresh(self.ids.drops);
        let share = self.page.fresh(self.ids.drops_share);
        let template = "{} {packet|packets} ({}) {was|were} dropped before netsonde saw {it|them}, so that the numbers are short.";
        self.page.say(template, &[drops, share]);
        let template = "{} {packet breaks|packets break} the rules of {its|their} protocol and {counts|count} as far as {it|they} could be read.";
        self.page.say(template, &[self.notes.malformed]);
        let failed = self.figures.status.state == State::Failed;
        let template = if failed { "It ended early: {}." } else { "It is not complete: {}." };
        self.page.say(template, &[self.notes.problem]);
    }
}

/// Says which classes of protocols it was: the shares of these in the bytes.
pub(crate) fn contents(page: &Page<'_>, classes: &[&ClassIds]) -> Option<Phrase> {
    if let [ClassIds { name, share, .. }] = classes
        && page.number(*share) >= 100.0
    {
        return page.phrase("All of it was {}", &[Some(*name)]);
    }
    let templates = std::iter::once("{} were {}").chain(std::iter::repeat("{} {}"));
    let parts = classes.iter().zip(templates);
    let parts =
        parts.filter_map(|(class, template)| page.phrase(template, &[Some(class.share), Some(class.name)]));
    Some(Phrase::words("Of the bytes, ").then("", Phrase::list(parts)?))
}
