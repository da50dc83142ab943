//! Every capture of a folder against the truth about it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::apps::{Applications, Judged, Mapping, judge};
use super::findings::Findings;
use super::metrics::{Capture, Metric, metrics};
use super::program::{Netsonde, Reading, two_at_a_time};
use super::right::Right;
use super::score::Score;
use super::values::{Compared, compare};
use crate::tree::entries;

/// Formats that netsonde reads, and how they may be compressed, as capinfos calls them; of another format it may refuse
/// a capture.
const FORMATS: [&str; 3] = ["pcap", "nsecpcap", "pcapng"];
const COMPRESSED: [&str; 3] = ["", "(gzip compressed)", "(zstd compressed)"];

/// What came of a folder.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The metrics, in the order of the table.
    pub scores: Vec<Score>,
    /// Captures that were compared.
    pub compared: u64,
    /// Captures without a truth.
    pub without_truth: Vec<String>,
    /// Captures that netsonde refuses, with the reason, because it does not read their format.
    pub refused: Vec<(String, String)>,
    /// What went wrong with a capture, or with the list.
    pub problems: Vec<String>,
    /// The differences in which we are right that occurred: file, metric, frame, ours, theirs, reason.
    pub right: Vec<String>,
    /// Our applications beside nDPI's.
    pub applications: Applications,
}

/// What came of one capture.
enum One {
    Compared(Vec<(Metric, Compared)>, Judged),
    Refused(String),
    WithoutTruth,
}

/// Compares all captures of a folder.
///
/// # Errors
///
/// When there is no such folder, it holds no capture, or a committed list is not in its form.
pub fn compare_folder(folder: &Path, netsonde: &Netsonde) -> anyhow::Result<Outcome> {
    ensure!(folder.is_dir(), "no captures to compare: {} is no folder", folder.display());
    let folder = &folder.canonicalize()?;
    let captures: Vec<PathBuf> = entries(folder)?.into_iter().filter(|path| is_capture(path)).collect();
    ensure!(!captures.is_empty(), "no captures to compare: {} holds none", folder.display());
    let files: BTreeSet<String> = captures.iter().map(|path| file_name(path)).collect();
    let mapping = Mapping::committed()?;
    let results = two_at_a_time(captures, |path| (file_name(&path), one(folder, &path, netsonde, &mapping)));
    let mut right = Right::committed()?;
    let scores = metrics().into_iter().map(Score::new).collect();
    let mut outcome = Outcome { scores, applications: Applications::new(mapping), ..Outcome::default() };
    for (file, result) in results {
        match result {
            Ok(One::Compared(values, judged)) => {
                outcome.compared += 1;
                outcome.applications.add(&file, judged);
                for (metric, compared) in values {
                    let score = outcome.scores.iter_mut().find(|score| score.metric.name == metric.name);
                    score.context("a metric has no score")?.add(&file, compared, &mut right);
                }
            }
            Ok(One::Refused(reason)) => outcome.refused.push((file, reason)),
            Ok(One::WithoutTruth) => outcome.without_truth.push(file),
            Err(problem) => outcome.problems.push(format!("{file}: {problem:#}")),
        }
    }
    let unused = right.unused(&files);
    outcome.problems.extend(unused.map(|entry| {
        format!(
            "{}: {} of frame {} is listed as rightly different, and is not",
            entry.file, entry.metric, entry.frame
        )
    }));
    outcome.right.extend(right.used().map(|entry| {
        let (ours, theirs) = (&entry.ours, &entry.theirs);
        format!(
            "{}: {} at frame {}: ours {ours}, theirs {theirs}. {}",
            entry.file, entry.metric, entry.frame, entry.why
        )
    }));
    Ok(outcome)
}

impl Outcome {
    /// Says everything that must be mended; nothing where all is well.
    pub fn complaints(&self) -> Vec<String> {
        let mut complaints = self.problems.clone();
        if self.compared == 0 {
            complaints.push("no capture was compared".to_owned());
        }
        complaints.extend(self.scores.iter().filter_map(Score::complaint));
        complaints.extend(self.applications.complaints());
        complaints
    }
}

fn one(folder: &Path, path: &Path, netsonde: &Netsonde, mapping: &Mapping) -> anyhow::Result<One> {
    let Some(truth) = truth_file(folder, &file_name(path)) else { return Ok(One::WithoutTruth) };
    let truth: Value = serde_json::from_slice(&fs::read(&truth)?).context("the truth is no JSON")?;
    let measured = match netsonde.read(path)? {
        Reading::Measured(measured) => measured,
        Reading::Refused(reason) => {
            ensure!(may_refuse(&truth), "refused although tshark reads it: {reason}");
            return Ok(One::Refused(reason));
        }
    };
    let findings = Findings::from_truth(&truth)?;
    let fingerprints = fingerprints(folder, &file_name(path))?;
    let fingerprints = fingerprints.as_ref();
    let capture = Capture { measured: &measured, truth: &truth, findings: &findings, fingerprints };
    let mut values = Vec::new();
    for metric in metrics() {
        let both = metric.values(&capture).with_context(|| metric.name)?;
        values.extend(both.map(|(ours, theirs)| (metric, compare(&ours, &theirs, metric.tolerance))));
    }
    let judged = judge(mapping, &measured.conversations, &truth).context("applications")?;
    Ok(One::Compared(values, judged))
}

/// Finds the truth about a capture: in `truth` beside the folder, in `truth` inside it, or beside the capture.
fn truth_file(folder: &Path, name: &str) -> Option<PathBuf> {
    let name = format!("{name}.json");
    let beside = folder.parent().unwrap_or(folder).join("truth");
    [beside.join(&name), folder.join("truth").join(&name), folder.join(&name)]
        .into_iter()
        .find(|path| path.is_file())
}

/// Reads the fingerprints of hellos that the authors of JA4 expect of a capture, in `expected/ja4-expected` beside the
/// folder; none where they list no such capture.
fn fingerprints(folder: &Path, name: &str) -> anyhow::Result<Option<Value>> {
    let file = folder.parent().unwrap_or(folder).join("expected/ja4-expected").join(format!("{name}.json"));
    if !file.is_file() {
        return Ok(None);
    }
    serde_json::from_slice(&fs::read(&file)?).context("the expected fingerprints are no JSON").map(Some)
}

/// Tells whether a capture is of a format that we do not read, or has no packet that anybody could read.
fn may_refuse(truth: &Value) -> bool {
    let format = truth.pointer("/capinfos/file_type").and_then(Value::as_str).unwrap_or_default();
    let (format, compressed) = format.split_once(' ').unwrap_or((format, ""));
    !FORMATS.contains(&format)
        || !COMPRESSED.contains(&compressed)
        || truth.get("packets").and_then(Value::as_u64) == Some(0)
}

fn is_capture(path: &Path) -> bool {
    path.is_file()
        && path.extension().is_none_or(|end| !matches!(end.to_str(), Some("json" | "md" | "tsv" | "txt")))
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let netsonde = Netsonde { program: "netsonde".into(), limit: Duration::from_secs(1) };
        let problem = compare_folder(Path::new("no such folder"), &netsonde).unwrap_err();
        assert!(problem.to_string().contains("is no folder"), "{problem}");
    }

    #[test]
    fn a_format_that_we_read_may_not_be_refused() {
        let truth = |format: &str, packets: u64| serde_json::json!({ "capinfos": { "file_type": format }, "packets": packets });
        assert!(!may_refuse(&truth("pcap (gzip compressed)", 1)));
        assert!(!may_refuse(&truth("pcapng", 1)));
        assert!(may_refuse(&truth("modpcap", 1)) && may_refuse(&truth("pcap (lz4 compressed)", 1)));
        assert!(may_refuse(&truth("pcap", 0)));
    }
}
