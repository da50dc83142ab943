//! tshark, which nothing needs but the engine of that name.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use netsonde_messages::Check;

use super::{note, ok};
use crate::sandbox;

const NAME: &str = "tshark";
/// How long it may take to say its version: it loads some hundred libraries.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most that it says of itself that is read, in bytes.
const MAX_ANSWER: u64 = 64 << 10;

/// Asks tshark for its version, with no rights of ours; none where there is none in PATH, or where it does not answer.
pub(super) fn look() -> Option<String> {
    sandbox::without_capabilities(|| ask("tshark")).ok().flatten()
}

/// Judges whether it is there.
pub(super) fn check(version: Option<&str>) -> Check {
    match version {
        Some(version) => ok(NAME, version),
        None => note(NAME, "not in PATH; only --engine tshark takes it (the package is called tshark)"),
    }
}

fn ask(program: &str) -> Option<String> {
    let mut command = Command::new(program);
    let started =
        command.arg("--version").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = started.ok()?;
    let answer = answer(&mut child);
    // One that has ended is not hurt, and one that hangs must not stay.
    let _ = child.kill();
    let _ = child.wait();
    // The first line is `TShark (Wireshark) 4.0.17 (Git ...).`
    let first = answer?.lines().next()?.trim().trim_end_matches('.').to_owned();
    (!first.is_empty()).then_some(first)
}

/// Reads what the program says, for a bounded time.
fn answer(child: &mut Child) -> Option<String> {
    let output = child.stdout.take()?;
    let (sender, said) = mpsc::channel();
    let read = move || {
        let mut text = Vec::new();
        let read = output.take(MAX_ANSWER).read_to_end(&mut text);
        // Nobody waits any more where this took too long.
        let _ = sender.send(read.map(|_| String::from_utf8_lossy(&text).into_owned()));
    };
    thread::Builder::new().name("tshark".into()).spawn(read).ok()?;
    said.recv_timeout(PATIENCE).ok()?.ok()
}

#[cfg(test)]
mod tests {
    use netsonde_messages::Outcome;

    use super::*;

    #[test]
    fn a_missing_one_is_a_note_and_a_present_one_says_its_version() {
        assert_eq!(ask("no-such-program"), None);
        assert_eq!(check(None).outcome, Outcome::Note);
        // Any program that says its version in the first line.
        let version = ask("cat").unwrap();
        assert!(version.starts_with("cat "), "{version}");
        assert_eq!(check(Some(&version)), ok(NAME, version));
    }
}
