//! Traces made up from seeds, judged by netsonde and by tshark.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::findings::{Findings, KINDS};
use super::program::{Netsonde, two_at_a_time};
use super::trace::Trace;
use super::tshark::Tshark;

/// Frames of one trace at most: enough for many connections, few enough to look at what differs.
const TRACE_FRAMES: usize = 5_000;

/// Traces at least: one of each link type.
const LEAST_TRACES: usize = 3;

/// How many frames of a difference are shown.
const SHOWN: usize = 5;

/// What is to be made up.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The first seed; each trace takes the next one.
    pub seed: u64,
    /// Frames of all traces together.
    pub frames: usize,
    /// Where the traces lie while they are compared; those that differ stay.
    pub folder: PathBuf,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Frames that were compared.
    pub frames: usize,
    /// What tshark found of each kind, to show that the traces have it.
    pub found: BTreeMap<&'static str, usize>,
    /// What differs: kind, whose it is alone, trace and first frames.
    pub differences: Vec<Difference>,
}

/// Frames of one trace in which a kind differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The kind of event, `ack_rtt`, `initial_rtt` or `stream`.
    pub kind: &'static str,
    /// The trace, which was kept.
    pub trace: PathBuf,
    /// Frames in which we alone say so.
    pub ours_only: Vec<u64>,
    /// Frames in which tshark alone says so, or both say something else.
    pub theirs_only: Vec<u64>,
}

/// Compares traces, two at a time.
///
/// # Errors
///
/// When a trace cannot be written or one of the programs fails on it.
pub fn compare_traces(plan: &Plan, netsonde: &Netsonde) -> anyhow::Result<Outcome> {
    fs::create_dir_all(&plan.folder).with_context(|| format!("cannot make {}", plan.folder.display()))?;
    let profile = plan.folder.join("profile");
    fs::create_dir_all(&profile)?;
    let tshark = Tshark { profile, limit: netsonde.limit };
    let longest = plan.frames.div_ceil(LEAST_TRACES).clamp(1, TRACE_FRAMES);
    let pieces: Vec<(u64, usize)> = (plan.seed..)
        .zip((0..plan.frames).step_by(longest))
        .map(|(seed, before)| (seed, longest.min(plan.frames - before)))
        .collect();
    let work = |(seed, frames)| one(&plan.folder, seed, frames, netsonde, &tshark);
    let mut outcome = Outcome::default();
    for result in two_at_a_time(pieces, work) {
        let (frames, theirs, differences) = result?;
        outcome.frames += frames;
        for (kind, frames) in &theirs.events {
            *outcome.found.entry(kind).or_default() += frames.len();
        }
        *outcome.found.entry("ack_rtt").or_default() += theirs.ack_rtt.len();
        *outcome.found.entry("initial_rtt").or_default() += theirs.initial_rtt.len();
        outcome.differences.extend(differences);
    }
    Ok(outcome)
}

impl Outcome {
    /// Says everything that must be mended; nothing where all is well.
    pub fn complaints(&self) -> Vec<String> {
        let missing = KINDS.iter().filter(|kind| !self.found.contains_key(**kind));
        let missing = missing.map(|kind| format!("made-up traces: none has a {kind}: make more frames"));
        let differing = self.differences.iter().map(|difference| {
            let count = difference.ours_only.len() + difference.theirs_only.len();
            format!(
                "made-up traces: {} differs in {count} frames of {}",
                difference.kind,
                difference.trace.display()
            )
        });
        missing.chain(differing).collect()
    }

    /// Writes what was compared and what differs, by kind.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written to.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "made-up traces: {} frames, judged by tshark and by netsonde", self.frames)?;
        for (kind, count) in &self.found {
            let differing = self.differences.iter().filter(|difference| difference.kind == *kind);
            let (ours, theirs) = differing.fold((0, 0), |(ours, theirs), difference| {
                (ours + difference.ours_only.len(), theirs + difference.theirs_only.len())
            });
            writeln!(
                out,
                "{kind:<28} tshark {count:>7}   netsonde alone {ours:>5}   tshark alone {theirs:>5}"
            )?;
        }
        for difference in &self.differences {
            let first = |frames: &[u64]| format!("{:?}", frames.get(..SHOWN).unwrap_or(frames));
            writeln!(
                out,
                "differs: {}: {}: netsonde alone {}, tshark alone {}",
                difference.trace.display(),
                difference.kind,
                first(&difference.ours_only),
                first(&difference.theirs_only)
            )?;
        }
        Ok(())
    }
}

fn one(
    folder: &Path,
    seed: u64,
    frames: usize,
    netsonde: &Netsonde,
    tshark: &Tshark,
) -> anyhow::Result<(usize, Findings, Vec<Difference>)> {
    let file = folder.join(format!("made-up-{seed}-{frames}.pcap"));
    let trace = Trace::new(seed, frames);
    trace.write(&mut BufWriter::new(File::create(&file)?))?;
    let (ours, theirs) = (netsonde.findings(&file)?, tshark.findings(&file)?);
    let differences = differences(&file, &ours, &theirs);
    if differences.is_empty() {
        fs::remove_file(&file)?;
    }
    Ok((trace.len(), theirs, differences))
}

/// Compares frame by frame: every kind, every round trip, and the streams of the frames with a finding of ours.
///
/// A handshake's round trip is compared where tshark shows it, which in a trace with cut headers it does not always,
/// and where it is no negative time, which we do not call a round trip.
fn differences(trace: &Path, ours: &Findings, theirs: &Findings) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut differ = |kind, ours_only: Vec<u64>, theirs_only: Vec<u64>| {
        if !ours_only.is_empty() || !theirs_only.is_empty() {
            differences.push(Difference { kind, trace: trace.to_owned(), ours_only, theirs_only });
        }
    };
    for kind in KINDS {
        let (one, other): (BTreeSet<u64>, BTreeSet<u64>) =
            (ours.frames(kind).collect(), theirs.frames(kind).collect());
        differ(kind, one.difference(&other).copied().collect(), other.difference(&one).copied().collect());
    }
    let surplus = ours.ack_rtt.keys().filter(|frame| !theirs.ack_rtt.contains_key(frame)).copied().collect();
    let missing = theirs.ack_rtt.iter().filter(|(frame, times)| ours.ack_rtt.get(frame) != Some(times));
    differ("ack_rtt", surplus, missing.map(|(frame, _)| *frame).collect());
    let shown = theirs.initial_rtt.iter().filter(|(_, time)| **time > 0);
    let handshakes = shown.filter(|(stream, time)| ours.initial_rtt.get(stream) != Some(time));
    differ("initial_rtt", Vec::new(), handshakes.map(|(stream, _)| *stream).collect());
    let streams = ours.streams.iter().filter(|(frame, stream)| theirs.streams.get(frame) != Some(stream));
    differ("stream", streams.map(|(frame, _)| *frame).collect(), Vec::new());
    differences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(events: &[(&'static str, u64)]) -> Findings {
        let mut findings = Findings::default();
        for (kind, frame) in events {
            findings.insert(kind, *frame);
        }
        findings
    }

    #[test]
    fn what_differs_is_told_by_kind_and_side() {
        let (mut ours, mut theirs) =
            (findings(&[("keep_alive", 3), ("out_of_order", 9)]), findings(&[("keep_alive", 4)]));
        theirs.insert("out_of_order", 9);
        ours.ack_rtt = BTreeMap::from([(1, vec![10]), (2, vec![20]), (5, vec![50])]);
        theirs.ack_rtt = BTreeMap::from([(1, vec![10]), (2, vec![21])]);
        ours.streams = BTreeMap::from([(1, 0), (3, 1)]);
        theirs.streams = BTreeMap::from([(1, 0), (2, 0), (3, 2)]);
        let told: Vec<_> = differences(Path::new("trace"), &ours, &theirs)
            .into_iter()
            .map(|difference| (difference.kind, difference.ours_only, difference.theirs_only))
            .collect();
        // A time that differs is theirs, one where they have none is ours.
        let expected =
            [("keep_alive", vec![3], vec![4]), ("ack_rtt", vec![5], vec![2]), ("stream", vec![3], vec![])];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_handshake_that_tshark_does_not_show_is_no_difference() {
        let ours = Findings { initial_rtt: BTreeMap::from([(0, 11), (1, 12)]), ..Findings::default() };
        let theirs = Findings { initial_rtt: BTreeMap::from([(0, 11)]), ..Findings::default() };
        assert!(differences(Path::new("trace"), &ours, &theirs).is_empty());
        let theirs = Findings { initial_rtt: BTreeMap::from([(0, 11), (2, -1)]), ..Findings::default() };
        assert!(differences(Path::new("trace"), &ours, &theirs).is_empty());
        let theirs = Findings { initial_rtt: BTreeMap::from([(0, 10)]), ..Findings::default() };
        assert_eq!(differences(Path::new("trace"), &ours, &theirs)[0].theirs_only, [0]);
    }

    #[test]
    fn traces_without_a_kind_are_a_complaint() {
        assert_eq!(Outcome::default().complaints().len(), KINDS.len());
    }
}
