//! Runs the program and waits for it, for a bounded time.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// Bounds every wait: far more than any test needs on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The program under test.
pub(crate) const NETSONDE: &str = env!("CARGO_BIN_EXE_netsonde");

/// A running program whose output is collected in the background.
pub(crate) struct Program {
    pub(crate) child: Child,
    pub(crate) stdout: Lines,
    pub(crate) stderr: Lines,
}

/// A program that has ended, with the lines it wrote.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Vec<String>,
    pub(crate) stderr: Vec<String>,
}

/// One output of a program, line by line.
pub(crate) struct Lines {
    seen: Vec<String>,
    coming: Receiver<String>,
    closed: Receiver<()>,
}

impl Program {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let stdout = Lines::of(child.stdout.take().expect("stdout is piped"));
        let stderr = Lines::of(child.stderr.take().expect("stderr is piped"));
        Self { child, stdout, stderr }
    }

    /// Sends a signal by name, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(sent.expect("kill starts").success(), "SIG{name} could not be sent");
    }

    /// Waits for the end, which must come within `limit`.
    pub(crate) fn end_within(mut self, limit: Duration) -> Ended {
        self.stdout.wait_for_end(limit);
        self.stderr.wait_for_end(limit);
        let status = self.child.wait().expect("the program can be waited for");
        Ended { status, stdout: self.stdout.take(), stderr: self.stderr.take() }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Does nothing to a program that has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Lines {
    fn of(output: impl Read + Send + 'static) -> Self {
        let (line_sender, coming) = mpsc::channel();
        let (close_sender, closed) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = line_sender.send(line);
            }
            close_sender.send(())
        });
        Self { seen: Vec::new(), coming, closed }
    }

    /// Waits for a line that is what the caller looks for, and returns it.
    pub(crate) fn wait_for(&mut self, is_wanted: impl Fn(&str) -> bool) -> String {
        loop {
            let line = self.coming.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|error| panic!("{error} after {:#?}", self.seen));
            self.seen.push(line.clone());
            if is_wanted(&line) {
                return line;
            }
        }
    }

    fn wait_for_end(&self, limit: Duration) {
        self.closed.recv_timeout(limit).expect("the program ends in time");
    }

    fn take(&mut self) -> Vec<String> {
        self.seen.extend(self.coming.try_iter());
        std::mem::take(&mut self.seen)
    }
}
