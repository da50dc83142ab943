//! Captures on an interface through tshark (design document: `start_tshark`, `stop_tshark`).
//!
//! tshark writes pcapng to a pipe, which the reader of files reads: nothing of its text output is used, so that the
//! numbers are those of every other source. It can capture where libpcap cannot: its capture programs (extcap) reach
//! other machines.

mod list;
mod note;
mod process;
mod stamping;
mod stopped;
mod watch;
mod words;

use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use netsonde_dissect::{LinkType, Packet};
use netsonde_units::Timestamp;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pipe::fcntl_setpipe_size;

pub use self::list::TsharkInterfaces;
pub(crate) use self::list::{Listed, is_name};
use self::note::Note;
use self::process::{Ended, Process};
use self::stamping::Stamping;
use self::watch::{Cut, PATIENCE_S, Watch};
use crate::engine::Tshark;
use crate::error::{OpenError, ReadError};
use crate::file::FileSource;
use crate::interfaces::{self, lacks_permission};
use crate::live::{Drops, Link, LiveSettings, Outage};
use crate::pipe::Pipe;
use crate::polled::{Counters, Polled};

/// How long a read of the beginning waits: longer than the watch, which ends what it waits for.
const BEGIN_AT_MOST: Timespec = Timespec { tv_sec: 12, tv_nsec: 0 };
/// How long packets may be under way: dumpcap, which captures for tshark, has the kernel gather them for 250 ms.
const GATHERING_NANOS: u64 = 300_000_000;
/// Bytes of the pipe: the most that a user without rights may ask for. What does not fit stays in the kernel's ring.
const PIPE_LEN: usize = 1 << 20;

/// Why an interface that is there is not captured on: the check of a start and the list say the same.
pub(crate) const NAME_REFUSED: &str = "tshark cannot be given this name";

/// A capture that runs inside tshark.
#[derive(Debug)]
pub(crate) struct TsharkSource {
    name: String,
    file: FileSource,
    process: Process,
    clock: fn() -> Timestamp,
    drops: RefCell<Drops>,
    state: Link,
    stamping: Stamping,
    note: RefCell<Note>,
    ended: bool,
}

impl TsharkSource {
    pub(crate) fn open(
        tshark: &Tshark,
        settings: &LiveSettings,
        clock: fn() -> Timestamp,
        called_off: &Arc<AtomicBool>,
    ) -> Result<Self, OpenError> {
        let watch = Watch::start(called_off).map_err(|error| list::not_started(&error))?;
        let opened = Self::open_under(&watch, tshark, settings, clock);
        // What came of it says less than what cut it short; where it was open already the packets would soon end.
        match watch.end() {
            None => opened,
            Some(cut) => Err(OpenError::Live {
                interface: settings.interface.clone(),
                message: match cut {
                    Cut::Late => format!("tshark did not begin to capture within {PATIENCE_S} s"),
                    Cut::CalledOff => "the start was called off".into(),
                },
            }),
        }
    }

    fn open_under(
        watch: &Watch,
        tshark: &Tshark,
        settings: &LiveSettings,
        clock: fn() -> Timestamp,
    ) -> Result<Self, OpenError> {
        let name = settings.interface.clone();
        // Only listed names reach tshark: others it would take for remote hosts or pipes.
        let known: Vec<String> =
            tshark.interfaces_under(watch)?.0.into_iter().map(|listed| listed.name).collect();
        if !known.contains(&name) {
            return Err(unknown(name, &known, &interfaces::names().unwrap_or_default()));
        }
        settings.check_filter()?;
        let (mut process, output) = start(tshark, settings)?;
        watch.over(&process);
        if let Err(problem) = begins(&output) {
            process.ask_to_end();
            return Err(refusal(settings, &mut process, problem));
        }
        // A system that grants less grants enough.
        let _ = fcntl_setpipe_size(&output, PIPE_LEN);
        let (pipe, impatient) = Pipe::waiting(output, Some(BEGIN_AT_MOST), settings.wait());
        let file = match FileSource::open(name.clone(), Box::new(pipe), None) {
            Ok(file) => file,
            Err(error) => {
                process.ask_to_end();
                return Err(refusal(settings, &mut process, Some(error.to_string())));
            }
        };
        impatient.store(true, Ordering::Relaxed);
        process.note_beginning();
        let (drops, state) = (RefCell::new(Drops::start(&name)), Link::of(&name));
        let stamping = Stamping::of(&name, &interfaces::names().unwrap_or_default());
        let note = RefCell::default();
        Ok(Self { name, file, process, clock, drops, state, stamping, note, ended: false })
    }

    pub(crate) fn poll<F: FnMut(&[Packet<'_>])>(&mut self, mut each: F) -> Result<Polled, ReadError> {
        if self.ended {
            return Ok(Polled::End);
        }
        let mut stamp = None;
        let polled = self.file.poll(|packets| {
            stamp = packets.last().and_then(|packet| packet.at).or(stamp);
            each(packets);
        });
        match polled {
            Ok(Polled::Idle(_)) => Ok(Polled::Idle(self.stamping.idle((self.clock)()))),
            Ok(Polled::Packets(packets)) => {
                self.stamping.saw(stamp, (self.clock)());
                Ok(Polled::Packets(packets))
            }
            Ok(Polled::End) => self.over(None),
            // One that is killed leaves a packet half-written.
            Err(error @ ReadError::Cut { .. }) => self.over(Some(error)),
            Err(error) => {
                self.ended = true;
                Err(error)
            }
        }
    }

    /// Nothing more comes: tshark has ended, or has closed its output and is about to.
    fn over(&mut self, cut: Option<ReadError>) -> Result<Polled, ReadError> {
        self.ended = true;
        let ended = self.process.finish();
        // An interface that is gone ends it with exit code 0; only its words tell.
        let message = match (ended, cut) {
            (Ended::Asked, _) => return Ok(Polled::End),
            (Ended::Well, cut) => match (self.process.fatal(), cut) {
                (Some(said), _) => format!("tshark says: {said}"),
                (None, Some(cut)) => return Err(cut),
                (None, None) => return Ok(Polled::End),
            },
            (Ended::Badly(how) | Ended::Stays(how), _) => match self.process.message() {
                Some(said) => format!("{how}; it says: {said}"),
                None => how,
            },
        };
        Err(ReadError::InterfaceGone {
            interface: self.name.clone(),
            packets: self.file.counters().packets,
            message,
        })
    }

    /// Returns how long packets may be under way.
    pub(crate) const fn gathering() -> Duration {
        Duration::from_nanos(GATHERING_NANOS)
    }

    /// Has tshark end; what it has captured still comes, and then the end.
    pub(crate) fn stop(&mut self) {
        self.process.ask_to_end();
    }

    pub(crate) fn counters(&self) -> Counters {
        let mut counters = self.file.counters();
        counters.kernel_drops = self.file.reported_drops();
        // Never borrowed across a call.
        if let Ok(mut drops) = self.drops.try_borrow_mut() {
            drops.update(None);
            counters.interface_drops = drops.interface();
        }
        counters
    }

    pub(crate) fn outage(&self) -> Option<Outage> {
        self.process.stopped().map(Outage::Stopped).or_else(|| self.state.outage())
    }

    pub(crate) fn speed_bps(&self) -> Option<u64> {
        self.state.speed_bps()
    }

    /// Returns what tshark has reported in the last seconds, if anything.
    pub(crate) fn report(&self) -> Option<String> {
        // Never borrowed across a call.
        self.note.try_borrow_mut().ok()?.told(self.process.newest(), (self.clock)())
    }

    pub(crate) fn link_types(&self) -> Vec<LinkType> {
        self.file.link_types()
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// How to let others than root capture with tshark.
const GROUP_ADVICE: &str = "`sudo dpkg-reconfigure wireshark-common` lets the group wireshark capture";

/// Says why an interface is not among those that tshark knows; `ours` are those that libpcap does.
fn unknown(name: String, known: &[String], ours: &[String]) -> OpenError {
    if ours.contains(&name) && !is_name(&name) {
        return OpenError::Live { interface: name, message: NAME_REFUSED.into() };
    }
    // Its part that captures, dumpcap, lists them, and says nothing where it may not.
    if ours.contains(&name) && !ours.iter().any(|ours| known.contains(ours)) {
        let message =
            format!("tshark sees no network interface: its dumpcap lacks the right to ({GROUP_ADVICE})");
        return OpenError::NotPermitted { interface: name, message };
    }
    OpenError::NoSuchInterface { name, known: known.join(", ") }
}

/// Starts to capture.
fn start(tshark: &Tshark, settings: &LiveSettings) -> Result<(Process, File), OpenError> {
    let mut command = tshark.command();
    // No counting of packets, no names; a file without end, in our format, on standard output.
    command.args(["-q", "-n", "-F", "pcapng", "-w", "-"]);
    command.args(["-i", &settings.interface, "-s", &settings.snaplen.to_string()]);
    // Its own would be 2 MiB, which bursts do not fit into; it counts in MiB.
    command.args(["-B", &(settings.ring_bytes >> 20).max(1).to_string()]);
    if !settings.promiscuous {
        command.arg("-p");
    }
    if let Some(filter) = &settings.filter {
        command.args(["-f", filter]);
    }
    Process::start(command).map_err(|error| list::not_started(&error).into())
}

/// Waits until tshark writes the header of its capture, which it does once interface and filter are good; fails with the
/// reason where it ends.
fn begins(output: &File) -> Result<(), Option<String>> {
    loop {
        let mut look = [PollFd::new(output, PollFlags::IN)];
        match poll(&mut look, Some(&BEGIN_AT_MOST)) {
            Ok(0) => return Err(Some("tshark neither begins nor ends".into())),
            Ok(_) if look.iter().any(|look| look.revents().contains(PollFlags::IN)) => return Ok(()),
            // It closed its output: what it says tells more than we know.
            Ok(_) => return Err(None),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(Some(io::Error::from(error).to_string())),
        }
    }
}

/// Puts into words why tshark does not capture; `problem` is what we know without it.
fn refusal(settings: &LiveSettings, process: &mut Process, problem: Option<String>) -> OpenError {
    let ended = process.wait();
    let (on_the_filter, said) = (process.on_the_filter(), process.message());
    if let (Some(filter), Some(message)) = (&settings.filter, on_the_filter) {
        return OpenError::BadFilter { filter: filter.clone(), message };
    }
    let how = match ended {
        Ended::Badly(how) | Ended::Stays(how) => how,
        Ended::Well | Ended::Asked => "tshark ended without a word".into(),
    };
    let interface = settings.interface.clone();
    match (problem, said) {
        (_, Some(said)) if lacks_permission(&said) => {
            OpenError::NotPermitted { interface, message: format!("tshark says: {said} ({GROUP_ADVICE})") }
        }
        (Some(problem), Some(said)) => {
            OpenError::Live { interface, message: format!("{problem}; it says: {said}") }
        }
        (None, Some(said)) => OpenError::Live { interface, message: format!("tshark says: {said}") },
        (problem, None) => OpenError::Live { interface, message: problem.unwrap_or(how) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_whose_name_tshark_would_misread_is_refused_for_that() {
        let (known, ours) = (words(["lo"]), words(["lo", "a@b"]));
        let refused = |name: &str| unknown(name.into(), &known, &ours).to_string();
        assert_eq!(refused("a@b"), "cannot capture on a@b: tshark cannot be given this name");
        // One that is not there is said not to be.
        assert_eq!(refused("c@d"), "no interface is called \"c@d\"; there are: lo");
    }

    fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
        words.map(Into::into).to_vec()
    }

    #[test]
    fn a_tshark_that_sees_no_network_interface_lacks_a_right() {
        let ours = words(["lo", "eth0"]);
        let refused = |name: &str, known: &[String]| unknown(name.into(), known, &ours).to_string();
        assert_eq!(
            refused("lo", &words(["sshdump"])),
            "not allowed to capture on lo: tshark sees no network interface: its dumpcap lacks the right to \
             (`sudo dpkg-reconfigure wireshark-common` lets the group wireshark capture)"
        );
        assert_eq!(
            refused("eth9", &words(["sshdump"])),
            "no interface is called \"eth9\"; there are: sshdump"
        );
        assert_eq!(
            refused("eth0", &words(["lo", "sshdump"])),
            "no interface is called \"eth0\"; there are: lo, sshdump"
        );
    }
}
