//! The outcome as text.

use std::io::{self, Write};

use super::corpus::Outcome;
use super::metrics::Bar;
use super::score::{Score, Worst};
use super::values::Difference;

/// How many differences of a capture are shown.
const SHOWN: usize = 3;

/// Writes the table of metrics, what was not compared, and the differences.
///
/// # Errors
///
/// When `out` cannot be written to.
pub fn write(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    writeln!(
        out,
        "{:<28} {:>5} {:>10} {:>9} {:>9} {:>9} {:>6}  worst captures",
        "metric", "files", "values", "precision", "recall", "at least", "listed"
    )?;
    for score in &outcome.scores {
        row(out, score)?;
    }
    writeln!(out, "{} captures compared", outcome.compared)?;
    outcome.applications.write(out)?;
    for file in &outcome.without_truth {
        writeln!(out, "not compared: {file}: no truth about it")?;
    }
    for (file, reason) in &outcome.refused {
        writeln!(out, "not compared: {file}: refused: {}", reason.lines().last().unwrap_or_default())?;
    }
    for right in &outcome.right {
        writeln!(out, "rightly different: {}", right.trim())?;
    }
    for score in &outcome.scores {
        for worst in score.worst() {
            differences(out, score.metric.name, worst)?;
        }
    }
    Ok(())
}

fn row(out: &mut impl Write, score: &Score) -> io::Result<()> {
    let bar = match score.metric.bar {
        Bar::Share(least) => format!("{least}"),
        Bar::Equal => "equal".to_owned(),
    };
    let worst: Vec<String> =
        score.worst().iter().map(|worst| format!("{} ({})", worst.file, worst.values)).collect();
    writeln!(
        out,
        "{:<28} {:>5} {:>10} {:>9} {:>9} {:>9} {:>6}  {}",
        score.metric.name,
        score.files,
        score.theirs,
        share(score.ours, score.precision()),
        share(score.theirs, score.recall()),
        bar,
        score.listed,
        if worst.is_empty() { "-".to_owned() } else { worst.join(", ") }
    )
}

/// Without a value there is nothing to be precise about.
fn share(values: u64, share: f64) -> String {
    if values == 0 { "-".to_owned() } else { format!("{share:.4}") }
}

fn differences(out: &mut impl Write, metric: &str, worst: &Worst) -> io::Result<()> {
    let shown: Vec<String> = worst.differences.iter().take(SHOWN).map(said).collect();
    let more = worst.differences.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    writeln!(out, "differs: {}: {metric}: {}{more}", worst.file, shown.join("; "))
}

fn said(difference: &Difference) -> String {
    let frame = difference.frame.map(|frame| format!("{frame}: ")).unwrap_or_default();
    format!("{frame}ours {}, theirs {}", difference.ours, difference.theirs)
}

#[cfg(test)]
mod tests {
    use super::super::metrics::metrics;
    use super::super::right::Right;
    use super::super::values::{Values, compare};
    use super::*;

    #[test]
    fn the_table_names_what_differs_and_what_was_not_compared() {
        let mut score = Score::new(metrics().into_iter().find(|metric| metric.name == "keep_alive").unwrap());
        let frames = |frames: &[u64]| Values::Frames(frames.iter().copied().collect());
        // Of four of ours three are theirs, of the five of theirs we have three.
        let compared = compare(&frames(&[1, 2, 3, 4]), &frames(&[2, 3, 4, 8, 9]), 0);
        score.add("a.pcap", compared, &mut Right::default());
        let outcome = Outcome {
            scores: vec![score],
            compared: 1,
            without_truth: vec!["b.pcap".to_owned()],
            refused: vec![("c.pcap".to_owned(), "error: not a capture".to_owned())],
            ..Outcome::default()
        };
        let mut text = Vec::new();
        write(&mut text, &outcome).unwrap();
        let text = String::from_utf8(text).unwrap();
        let row = "keep_alive                       1          5    0.7500    0.6000     0.999      0  a.pcap (3)\n";
        assert!(text.contains(row), "{text}");
        for part in
            ["b.pcap: no truth", "c.pcap: refused: error: not a capture", "a.pcap: keep_alive: 1: ours yes"]
        {
            assert!(text.contains(part), "{text}");
        }
    }
}
