//! The interfaces that tshark knows.

use std::io::{self, Read as _};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rustix::event::Timespec;

use super::process::{Ended, Process};
use super::watch::{Cut, PATIENCE_S, Watch};
use crate::engine::Tshark;
use crate::error::InterfacesError;
use crate::interfaces::is_other_bus;
use crate::pipe::Pipe;

/// The most that is read of the list, in bytes: some thousand interfaces.
const MAX_LIST_LEN: u64 = 256 << 10;
/// How long a read waits: longer than the watch, which ends what it waits for.
const AT_MOST: Timespec = Timespec { tv_sec: 12, tv_nsec: 0 };

/// An interface as tshark lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
}

/// The interfaces that tshark knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TsharkInterfaces(pub(crate) Vec<Listed>);

impl Tshark {
    /// Asks tshark for its interfaces (`tshark -D`), those of its capture programs (extcap) too.
    ///
    /// # Errors
    ///
    /// [`InterfacesError`] when tshark is missing, fails, or does not answer within 10 s.
    pub fn interfaces(&self) -> Result<TsharkInterfaces, InterfacesError> {
        self.interfaces_unless(&Arc::default())
    }

    /// Asks tshark as [`Self::interfaces`] does, until the flag is set: then it ends within half a second.
    ///
    /// # Errors
    ///
    /// Those of [`Self::interfaces`], and one when it was called off.
    pub fn interfaces_unless(
        &self,
        called_off: &Arc<AtomicBool>,
    ) -> Result<TsharkInterfaces, InterfacesError> {
        let watch = Watch::start(called_off).map_err(|error| not_started(&error))?;
        let listed = self.interfaces_under(&watch);
        cut_short(watch.end(), listed)
    }

    /// Asks tshark as part of something that is watched.
    pub(super) fn interfaces_under(&self, watch: &Watch) -> Result<TsharkInterfaces, InterfacesError> {
        ask(self, watch).map(|list| TsharkInterfaces(parse(&list)))
    }
}

/// Says what cut a listing short rather than what it led to: a list that looks whole may not be.
fn cut_short<T>(cut: Option<Cut>, listed: Result<T, InterfacesError>) -> Result<T, InterfacesError> {
    let why = match cut {
        None => return listed,
        Some(Cut::Late) => format!("no answer within {PATIENCE_S} s"),
        Some(Cut::CalledOff) => "it was called off".into(),
    };
    Err(InterfacesError::Tshark(why))
}

fn ask(tshark: &Tshark, watch: &Watch) -> Result<String, InterfacesError> {
    let mut command = tshark.command();
    command.arg("-D");
    let (mut process, output) = Process::start(command).map_err(|error| not_started(&error))?;
    watch.over(&process);
    let (pipe, _) = Pipe::waiting(output, Some(AT_MOST), AT_MOST);
    let mut list = Vec::new();
    let failed = |problem: String| InterfacesError::Tshark(problem);
    if let Err(error) = pipe.take(MAX_LIST_LEN).read_to_end(&mut list) {
        let problem = match error.kind() {
            io::ErrorKind::WouldBlock => "it does not end".into(),
            _ => error.to_string(),
        };
        return Err(failed(problem));
    }
    if let Ended::Badly(how) | Ended::Stays(how) = process.wait() {
        let message = process.message();
        return Err(failed(message.unwrap_or(how)));
    }
    Ok(String::from_utf8_lossy(&list).into_owned())
}

/// Says why tshark did not start.
pub(super) fn not_started(error: &io::Error) -> InterfacesError {
    match error.kind() {
        io::ErrorKind::NotFound => InterfacesError::TsharkMissing,
        _ => InterfacesError::Tshark(error.to_string()),
    }
}

/// Reads lines such as `12. sshdump (SSH remote capture)`.
fn parse(list: &str) -> Vec<Listed> {
    let listed = |line: &str| {
        let (number, rest) = line.trim().split_once(". ")?;
        number.parse::<u32>().ok()?;
        let described = rest.strip_suffix(')').and_then(|rest| rest.split_once(" ("));
        let (name, description) = described.map_or((rest, None), |(name, words)| (name, Some(words)));
        Some(Listed { name: name.to_owned(), description: description.map(Into::into) })
    };
    let is_interface = |listed: &Listed| is_name(&listed.name) && !is_other_bus(&listed.name);
    list.lines().filter_map(listed).filter(is_interface).collect()
}

/// Tells whether tshark takes a name for that of an interface: others it would take for a remote host, a pipe, standard
/// input, or the number of an interface.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('-')
        && !name.contains(['/', '@'])
        && !name.contains("://")
        && !name.chars().all(|letter| letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_descriptions_are_taken_apart() {
        let list =
            "1. eth0\n2. lo (Loopback)\n12. sshdump (SSH remote capture)\n3. odd (one (two))\nnonsense\n";
        let listed = |name: &str, description: Option<&str>| Listed {
            name: name.into(),
            description: description.map(Into::into),
        };
        let wanted = [
            listed("eth0", None),
            listed("lo", Some("Loopback")),
            listed("sshdump", Some("SSH remote capture")),
            listed("odd", Some("one (two)")),
        ];
        assert_eq!(parse(list), wanted);
    }

    #[test]
    fn what_is_no_network_is_no_interface() {
        let list = "1. nfqueue (Linux netfilter queue (NFQUEUE) interface)\n2. dbus-system (D-Bus system bus)\n\
            3. bluetooth-monitor (Bluetooth Linux Monitor)\n4. usbmon1\n5. dbus0\n";
        // A name that only begins like one of them stays.
        assert_eq!(parse(list), [Listed { name: "dbus0".into(), description: None }]);
    }

    #[test]
    fn what_tshark_would_take_for_something_else_is_no_interface() {
        let list =
            "1. -\n2. TCP@192.0.2.1:19000\n3. rpcap://192.0.2.1/eth0\n4. /tmp/pipe\n5. 3\n6. \n7. -w\n";
        assert_eq!(parse(list), []);
    }
}
