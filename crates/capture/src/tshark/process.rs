//! A running tshark and the thread that owns it.

use std::fs::File;
use std::io::{self, PipeReader, PipeWriter, Read as _};
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid};

use super::stopped::stopped;
use super::words::Words;
use crate::sys;

/// How often it is looked whether the program has ended, where nothing else tells.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Looks until a program that was asked to end is made to: 1 s, in which it writes its last packets.
const LOOKS: usize = 50;
/// Looks until one is that has not begun: 0.3 s, less than the whole program may take to end.
const LOOKS_BEFORE_IT_BEGAN: usize = 15;
/// How long a program that has closed its output may take to end by itself, which tells how it fared.
const OWN_END: Duration = Duration::from_secs(1);
/// How long whoever waits for the end waits at most: what the thread needs, and some more on a busy machine.
const END_PATIENCE: Duration = Duration::from_secs(4);

/// A running program. One thread owns it from its start to its end; it ends at the latest when this value is dropped,
/// which waits for that.
#[derive(Debug)]
pub(super) struct Process {
    order: Order,
    /// Set once it is worth more time to end: it captures.
    has_begun: Arc<AtomicBool>,
    ends: Receiver<Ended>,
    ended: Option<Ended>,
    /// The process of it that is stopped by a signal; 0 for none.
    stopped: Arc<AtomicU32>,
    words: Arc<Mutex<Words>>,
}

/// The way to have a program end.
#[derive(Clone, Debug)]
pub(super) struct Order(Arc<Mutex<Option<PipeWriter>>>);

impl Order {
    /// Asks the program to end.
    pub(super) fn give(&self) {
        // Closing is what tells.
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn is_given(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// By itself, with exit code 0.
    Well,
    /// By itself, otherwise; how.
    Badly(String),
    /// It was asked to.
    Asked,
    /// It cannot be ended; why.
    Stays(String),
}

impl Process {
    /// Starts a program and returns its standard output.
    ///
    /// # Errors
    ///
    /// What the system says where there is no such program or it may not be started.
    pub(super) fn start(mut command: Command) -> io::Result<(Self, File)> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A group of its own: those that it starts can be ended with it, and Ctrl-C on the terminal is for us.
        command.process_group(0);
        sys::end_with_starter(&mut command);
        let (asked, order) = io::pipe()?;
        let words = Arc::new(Mutex::new(Words::default()));
        let (start, starts) = mpsc::channel();
        let (end, ends) = mpsc::channel();
        let has_begun = Arc::<AtomicBool>::default();
        let stopped = Arc::<AtomicU32>::default();
        let seen = Seen {
            words: Arc::clone(&words),
            has_begun: Arc::clone(&has_begun),
            stopped: Arc::clone(&stopped),
        };
        // The system ends the program with this thread, so the thread that owns it must be the one that starts it.
        thread::Builder::new()
            .name("tshark".into())
            .spawn(move || own(command, &asked, &seen, &start, &end))?;
        let output = starts.recv().unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()))?;
        let order = Order(Arc::new(Mutex::new(Some(order))));
        Ok((Self { order, has_begun, ends, ended: None, stopped, words }, output))
    }

    /// Returns the way to have it end that others may hold.
    pub(super) fn order(&self) -> Order {
        self.order.clone()
    }

    /// Returns the newest thing that it reports, in one line.
    pub(super) fn message(&self) -> Option<String> {
        lock(&self.words).message()
    }

    /// Returns the newest thing that it reports while it runs, and the count of lines up to that.
    pub(super) fn newest(&self) -> Option<(u64, String)> {
        lock(&self.words).newest()
    }

    /// Returns what it says to tell why a capture is over.
    pub(super) fn fatal(&self) -> Option<String> {
        lock(&self.words).fatal()
    }

    /// Returns the process that is stopped by a signal, if it or one that it started is.
    pub(super) fn stopped(&self) -> Option<u32> {
        Some(self.stopped.load(Ordering::Relaxed)).filter(|process| *process > 0)
    }

    /// Returns what it says against a filter.
    pub(super) fn on_the_filter(&self) -> Option<String> {
        lock(&self.words).on_the_filter()
    }

    /// Takes note that it has begun: what it has said so far did not keep it from that.
    pub(super) fn note_beginning(&self) {
        self.has_begun.store(true, Ordering::Relaxed);
        lock(&self.words).forget();
    }

    /// Asks the program to end, which lets it write its last words and packets.
    pub(super) fn ask_to_end(&self) {
        self.order.give();
    }

    /// Waits until the program has ended, and tells how.
    pub(super) fn wait(&mut self) -> Ended {
        self.ends_within(END_PATIENCE).unwrap_or_else(|| Ended::Stays("tshark does not end".into()))
    }

    /// Waits for a program that has closed its output, as [`Self::wait`] does; one that stays is asked to end.
    pub(super) fn finish(&mut self) -> Ended {
        if self.order.is_given() {
            return self.wait();
        }
        self.ends_within(OWN_END).unwrap_or_else(|| {
            self.ask_to_end();
            Ended::Stays("tshark closed its output and did not end".into())
        })
    }

    fn ends_within(&mut self, time: Duration) -> Option<Ended> {
        if self.ended.is_none() {
            self.ended = self.ends.recv_timeout(time).ok();
        }
        self.ended.clone()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.ask_to_end();
        self.wait();
    }
}

fn lock(words: &Mutex<Words>) -> MutexGuard<'_, Words> {
    words.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts the program and stays until it has ended.
fn own(
    mut command: Command,
    asked: &PipeReader,
    seen: &Seen,
    start: &Sender<io::Result<File>>,
    end: &Sender<Ended>,
) {
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return drop(start.send(Err(error))),
    };
    let output = child.stdout.take().map(|output| File::from(OwnedFd::from(output)));
    // Whoever asked waits for it.
    let _ = start.send(output.ok_or_else(|| io::ErrorKind::BrokenPipe.into()));
    let (pid, stderr) = (Pid::from_child(&child), child.stderr.take());
    let ended = Owner { pid, stderr, seen }.stay(child, asked);
    let _ = end.send(ended);
}

/// What the thread that owns the program shares with whoever asked for it.
struct Seen {
    words: Arc<Mutex<Words>>,
    has_begun: Arc<AtomicBool>,
    stopped: Arc<AtomicU32>,
}

/// What the thread holds while the program runs.
struct Owner<'a> {
    pid: Pid,
    stderr: Option<ChildStderr>,
    seen: &'a Seen,
}

impl Owner<'_> {
    fn stay(mut self, mut child: Child, asked: &PipeReader) -> Ended {
        let mut is_asked = false;
        while !self.has_ended() && !is_asked {
            is_asked = self.listen(asked);
            // This thread may look where those that measure may not.
            self.seen.stopped.store(stopped(self.pid).unwrap_or(0), Ordering::Relaxed);
        }
        // Before it is waited for nobody else can have its number.
        let signals = [Signal::TERM, Signal::KILL].into_iter().filter(|_| is_asked);
        for signal in signals {
            let _ = kill_process(self.pid, signal);
            if self.ends_soon() {
                break;
            }
        }
        // What it started and left behind: it ends those itself, unless it was killed.
        let _ = kill_process_group(self.pid, Signal::KILL);
        if !self.has_ended() {
            return Ended::Stays("tshark does not end".into());
        }
        self.hear_rest();
        match child.wait() {
            _ if is_asked => Ended::Asked,
            Ok(status) if status.success() => Ended::Well,
            Ok(status) => Ended::Badly(how(status)),
            Err(error) => Ended::Badly(format!("tshark cannot be waited for: {error}")),
        }
    }

    /// Tells whether the program has ended; it is not waited for, so that its number stays its own.
    fn has_ended(&self) -> bool {
        let looked = waitid(
            WaitId::Pid(self.pid),
            WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT,
        );
        // Without an answer there is nothing to wait for either.
        !matches!(looked, Ok(None) | Err(rustix::io::Errno::INTR))
    }

    fn ends_soon(&self) -> bool {
        let looks = if self.seen.has_begun.load(Ordering::Relaxed) { LOOKS } else { LOOKS_BEFORE_IT_BEGAN };
        for _ in 0..looks {
            if self.has_ended() {
                return true;
            }
            thread::park_timeout(LOOK_EVERY);
        }
        self.has_ended()
    }

    /// Waits a moment for words or for the order to end; tells whether that has come.
    fn listen(&mut self, asked: &PipeReader) -> bool {
        /// While it runs: a program that ends closes its standard error, which is heard at once.
        const MOMENT: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
        let order = PollFd::new(asked, PollFlags::IN);
        let is_ready = |of: &PollFd<'_>| !of.revents().is_empty();
        let (is_asked, is_speaking) = if let Some(stderr) = &self.stderr {
            let mut both = [order, PollFd::new(stderr, PollFlags::IN)];
            // Interrupted, it is looked again.
            let _ = poll(&mut both, Some(&MOMENT));
            let [order, stderr] = &both;
            (is_ready(order), is_ready(stderr))
        } else {
            let mut one = [order];
            let _ = poll(&mut one, Some(&MOMENT));
            let [order] = &one;
            (is_ready(order), false)
        };
        if is_speaking {
            self.hear();
        }
        is_asked
    }

    /// Takes in what was said; once it is closed nothing more is.
    fn hear(&mut self) {
        let mut bytes = [0; 4096];
        match self.stderr.as_mut().map(|stderr| stderr.read(&mut bytes)) {
            Some(Ok(count)) if count > 0 => {
                lock(&self.seen.words).hear(bytes.get(..count).unwrap_or_default());
            }
            Some(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {}
            _ => self.stderr = None,
        }
    }

    /// Takes in the last words, as far as they are there: what the program started may hold the pipe open.
    fn hear_rest(&mut self) {
        const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
        /// Far more than the words that are kept.
        const MAX_READS: usize = 64;
        for _ in 0..MAX_READS {
            let Some(stderr) = &self.stderr else { return };
            if !matches!(poll(&mut [PollFd::new(stderr, PollFlags::IN)], Some(&AT_ONCE)), Ok(1)) {
                return;
            }
            self.hear();
        }
    }
}

fn how(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(signal), _) => format!("tshark was killed by signal {signal}"),
        (None, Some(code)) => format!("tshark ended with code {code}"),
        (None, None) => "tshark ended".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> (Process, File) {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Process::start(command).unwrap()
    }

    fn read(mut output: File) -> String {
        let mut text = String::new();
        output.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_program_that_ends_by_itself_is_told_by_its_code_and_words() {
        for (script, ended) in [
            ("echo said; echo 'tshark: because' >&2", Ended::Well),
            (
                "echo said; echo 'tshark: because' >&2; exit 3",
                Ended::Badly("tshark ended with code 3".into()),
            ),
            (
                "echo said; echo 'tshark: because' >&2; kill -9 $$",
                Ended::Badly("tshark was killed by signal 9".into()),
            ),
        ] {
            let (mut process, output) = shell(script);
            assert_eq!(read(output), "said\n");
            assert_eq!(process.wait(), ended, "{script}");
            assert_eq!(process.message().as_deref(), Some("because"), "{script}");
        }
    }

    #[test]
    fn a_program_that_is_asked_to_end_may_still_speak() {
        let (mut process, output) =
            shell("trap 'echo last; exit 1' TERM; echo first; while :; do sleep 0.01; done");
        let (mut pipe, mut bytes) = (output, [0; 6]);
        pipe.read_exact(&mut bytes).unwrap();
        process.ask_to_end();
        assert_eq!(read(pipe), "last\n");
        assert_eq!(process.wait(), Ended::Asked);
    }

    /// The output closes only when everything that holds it has ended.
    #[test]
    fn one_that_does_not_listen_is_killed_with_all_that_it_started() {
        let (process, mut output) =
            shell("trap '' TERM; sleep 600 & echo started; while :; do sleep 600; done");
        let mut bytes = [0; 8];
        output.read_exact(&mut bytes).unwrap();
        drop(process);
        assert_eq!(read(output), "");
    }

    #[test]
    fn one_that_closes_its_output_and_stays_is_ended() {
        let (mut process, output) = shell("exec >&-; while :; do sleep 0.01; done");
        assert_eq!(read(output), "");
        assert_eq!(process.finish(), Ended::Stays("tshark closed its output and did not end".into()));
        // It stays no longer than it takes to be asked.
        assert_eq!(process.wait(), Ended::Asked);
    }

    #[test]
    fn one_that_is_stopped_by_a_signal_is_known_until_it_goes_on() {
        // The shell and the one that it starts, by turns; each says its number.
        let (process, mut output) = shell("sh -c 'echo $$; exec sleep 600' & echo $$; wait");
        let mut bytes = [0; 64];
        let mut numbers = String::new();
        while numbers.lines().count() < 2 || !numbers.ends_with('\n') {
            let count = output.read(&mut bytes).unwrap();
            numbers.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        }
        assert_eq!(process.stopped(), None);
        for number in numbers.lines().map(|number| number.parse::<i32>().unwrap()) {
            let pid = Pid::from_raw(number).unwrap();
            let is_within = |wanted: Option<u32>| {
                (0..500).any(|_| {
                    thread::park_timeout(Duration::from_millis(10));
                    process.stopped() == wanted
                })
            };
            kill_process(pid, Signal::STOP).unwrap();
            assert!(is_within(u32::try_from(number).ok()), "{number}");
            kill_process(pid, Signal::CONT).unwrap();
            assert!(is_within(None), "{number}");
        }
    }

    /// As tshark's dumpcap is.
    #[test]
    fn what_a_killed_program_leaves_behind_is_ended() {
        let (mut process, output) = shell("sleep 600 & kill -9 $$");
        assert_eq!(read(output), "");
        assert_eq!(process.wait(), Ended::Badly("tshark was killed by signal 9".into()));
    }

    #[test]
    fn a_program_that_is_not_there_is_no_process() {
        let error = Process::start(Command::new("no-such-program")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
