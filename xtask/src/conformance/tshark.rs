//! tshark's judgement of a capture: one pass, the preferences it comes with.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, ensure};

use super::findings::{Findings, KINDS, SECONDS, fixed};
use super::program::run;

/// tshark with an empty profile.
#[derive(Clone, Debug)]
pub struct Tshark {
    /// A folder without settings, which takes the place of the user's.
    pub profile: PathBuf,
    /// How long one run may take.
    pub limit: Duration,
}

impl Tshark {
    /// Tells whether there is a tshark on this machine.
    pub fn is_here() -> bool {
        Command::new("tshark").arg("--version").output().is_ok_and(|output| output.status.success())
    }

    /// Returns TCP's findings in a capture; every frame with a stream number is in `streams`.
    ///
    /// # Errors
    ///
    /// When tshark does not start, fails, takes longer than the limit or writes what it does not say it does.
    pub fn findings(&self, capture: &Path) -> anyhow::Result<Findings> {
        let kinds = KINDS.iter().map(|kind| format!("tcp.analysis.{kind}"));
        let others = ["frame.number", "tcp.stream", "tcp.analysis.ack_rtt", "tcp.analysis.initial_rtt"];
        let fields = others.into_iter().map(str::to_owned).chain(kinds);
        let mut command = Command::new("tshark");
        command.env("WIRESHARK_CONFIG_DIR", &self.profile).env("TZ", "UTC");
        command.args(["-n", "-T", "fields", "-E", "separator=/t", "-r"]).arg(capture);
        command.args(fields.flat_map(|field| ["-e".to_owned(), field]));
        let ran = run(command, self.limit)?;
        ensure!(ran.status.success(), "tshark: {}: {}", ran.status, ran.problem.trim());
        let mut findings = Findings::default();
        for line in String::from_utf8(ran.output)?.lines() {
            add(&mut findings, line).with_context(|| format!("cannot read what tshark says: {line:?}"))?;
        }
        Ok(findings)
    }
}

/// Reads the fields of one frame.
fn add(findings: &mut Findings, line: &str) -> anyhow::Result<()> {
    let mut fields = line.split('\t');
    let mut field = || fields.next().unwrap_or_default();
    let frame: u64 = field().parse()?;
    let (stream, ack_rtt, initial_rtt) = (field(), field(), field());
    if !stream.is_empty() {
        let stream = stream.parse()?;
        findings.streams.insert(frame, stream);
        if !initial_rtt.is_empty() {
            findings.initial_rtt.insert(stream, fixed(initial_rtt, SECONDS)?);
        }
    }
    for sample in ack_rtt.split(',').filter(|sample| !sample.is_empty()) {
        findings.ack_rtt.entry(frame).or_default().push(fixed(sample, SECONDS)?);
    }
    for kind in KINDS {
        if !field().is_empty() {
            findings.insert(kind, frame);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_a_frame_are_read() {
        let mut findings = Findings::default();
        // Frame 7 of stream 2, a round trip of 20.000001 ms, and the first two kinds.
        add(&mut findings, "7\t2\t0.020000001\t0.011000000\t1\t1").unwrap();
        add(&mut findings, "8\t\t\t").unwrap();
        assert_eq!(findings.ack_rtt[&7], [20_000_001]);
        assert_eq!((findings.initial_rtt[&2], findings.streams[&7]), (11_000_000, 2));
        assert_eq!(findings.frames("fast_retransmission").collect::<Vec<_>>(), [7]);
        assert_eq!((findings.frames("spurious_retransmission").count(), findings.streams.len()), (0, 1));
    }
}
