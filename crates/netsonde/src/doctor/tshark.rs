//! tshark, which nothing needs but the engine of that name.

use std::io::{self, Read as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use netsonde_messages::Check;
use rustix::process::{Pid, Signal, kill_process_group};

use super::{note, ok};
use crate::sandbox;

const NAME: &str = "tshark";
/// What a version begins with, as in `TShark (Wireshark) 4.0.17 (Git ...).`
const SIGN: &str = "TShark";
/// How long it may take to say its version: it loads some hundred libraries.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most that it says of itself that is read, in bytes.
const MAX_ANSWER: u64 = 64 << 10;

/// What tshark says of itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Its version.
    Version(String),
    /// There is none in PATH.
    Missing,
    /// It is no working tshark; why.
    Failed(String),
}

/// Asks tshark for its version, with no rights of ours.
pub(super) fn look() -> Asked {
    sandbox::without_capabilities(|| ask("tshark", PATIENCE)).unwrap_or_else(Asked::Failed)
}

/// Judges whether it is there and works.
pub(super) fn check(asked: &Asked) -> Check {
    match asked {
        Asked::Version(version) => ok(NAME, version),
        Asked::Missing => {
            note(NAME, "not in PATH; only --engine tshark takes it (the package is called tshark)")
        }
        Asked::Failed(problem) => {
            note(NAME, format!("the one in PATH does not answer: {problem}; only --engine tshark takes it"))
        }
    }
}

fn ask(program: &str, patience: Duration) -> Asked {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    // A group of its own: one that hangs is ended with all that it has started.
    let child = match command.process_group(0).spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Asked::Missing,
        Err(error) => return Asked::Failed(error.to_string()),
    };
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    answer(child, patience).unwrap_or_else(|problem| {
        if let Some(group) = group {
            // It may have ended at this moment, which is as good.
            let _ = kill_process_group(group, Signal::KILL);
        }
        Asked::Failed(problem)
    })
}

/// Waits for the end of the program and judges what it said; fails where that takes too long.
fn answer(mut child: Child, patience: Duration) -> Result<Asked, String> {
    let (sender, ends) = mpsc::channel();
    let wait = move || {
        let mut text = Vec::new();
        let read = child.stdout.take().map(|output| output.take(MAX_ANSWER).read_to_end(&mut text));
        let ended = child.wait();
        // Nobody waits any more where this took too long.
        let _ = sender.send((read.transpose().and(ended), text));
    };
    let waiting = thread::Builder::new().name("tshark".into()).spawn(wait);
    waiting.map_err(|error| error.to_string())?;
    let late = |_| format!("nothing within {} s", patience.as_secs());
    let (ended, text) = ends.recv_timeout(patience).map_err(late)?;
    let status = ended.map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&text);
    let first = text.lines().next().unwrap_or_default().trim().trim_end_matches('.');
    Ok(if !status.success() {
        Asked::Failed(status.to_string())
    } else if first.starts_with(SIGN) {
        Asked::Version(first.into())
    } else {
        Asked::Failed("what it says of itself is no version of tshark".into())
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use netsonde_messages::Outcome;

    use super::*;

    /// Asks a program that does what a shell is told.
    fn asked(folder: &Path, script: &str, patience: Duration) -> Asked {
        let program = folder.join("tshark");
        // Written anew by another process: one that is open for writing here, or in a test beside this, does not start.
        let write = r#"printf '#!/bin/sh\n%s\n' "$1" > "$0.new" && chmod 755 "$0.new" && mv "$0.new" "$0""#;
        let written = Command::new("sh").args(["-c", write]).arg(&program).arg(script).status();
        assert!(written.unwrap().success());
        assert_eq!(fs::metadata(&program).unwrap().permissions().mode() & 0o777, 0o755);
        ask(program.to_str().unwrap(), patience)
    }

    #[test]
    fn a_version_is_ok_and_all_else_is_a_note_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let asked = |script| asked(folder.path(), script, PATIENCE);
        let version = asked("echo 'TShark (Wireshark) 4.0.17 (Git v4.0.17).'; echo Copyright");
        assert_eq!(check(&version), ok(NAME, "TShark (Wireshark) 4.0.17 (Git v4.0.17)"));
        for (script, says) in [
            ("echo 'Segmentation fault'; exit 139", "does not answer: exit status: 139"),
            ("echo 'TShark (Wireshark) 4.0.17.'; exit 1", "exit status: 1"),
            ("kill -SEGV $$", "signal: 11"),
            ("echo 'cat (GNU coreutils) 9.1'", "no version of tshark"),
            ("exit 0", "no version of tshark"),
        ] {
            let judged = check(&asked(script));
            assert_eq!(judged.outcome, Outcome::Note, "{script}: {judged:?}");
            assert!(judged.finding.contains(says), "{script}: {judged:?}");
        }
    }

    #[test]
    fn a_missing_one_is_told_from_one_that_may_not_be_started() {
        assert_eq!(ask("no-such-program", PATIENCE), Asked::Missing);
        assert_eq!(check(&Asked::Missing).outcome, Outcome::Note);
        let file = tempfile::NamedTempFile::new().unwrap();
        let Asked::Failed(problem) = ask(file.path().to_str().unwrap(), PATIENCE) else {
            panic!("it is text")
        };
        assert!(problem.contains("denied"), "{problem}");
    }

    #[test]
    fn one_that_hangs_is_ended_with_what_it_has_started() {
        let folder = tempfile::tempdir().unwrap();
        // The one that it starts tells its number first.
        let script = format!("sh -c 'echo $$ > {0}/started; exec sleep 600' & wait", folder.path().display());
        let judged = asked(folder.path(), &script, Duration::from_secs(2));
        assert_eq!(judged, Asked::Failed("nothing within 2 s".into()));
        let started = fs::read_to_string(folder.path().join("started")).unwrap();
        let stat = format!("/proc/{}/stat", started.trim());
        // Whoever inherits it may take a while to bury it: until then it is a zombie.
        let is_over = || fs::read_to_string(&stat).map_or(true, |stat| stat.contains(") Z "));
        let deadline = crate::clock::monotonic() + PATIENCE;
        while !is_over() {
            assert!(crate::clock::monotonic() < deadline, "{started} goes on");
            thread::yield_now();
        }
    }
}
