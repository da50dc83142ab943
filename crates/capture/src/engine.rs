//! What captures packets from interfaces.

use std::ffi::{OsStr, OsString};
use std::process::Command;

/// The variables that tshark finds its programs, settings and temporary files by; `SSH_AUTH_SOCK` is for its remote captures.
const KEPT: [&str; 9] = [
    "PATH",
    "HOME",
    "USER",
    "TMPDIR",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
    "WIRESHARK_CONFIG_DIR",
    "WIRESHARK_EXTCAP_DIR",
    "SSH_AUTH_SOCK",
];

/// What captures packets from interfaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// libpcap, inside this program.
    #[default]
    Libpcap,
    /// tshark, a program of its own that hands its packets over a pipe.
    Tshark(Tshark),
}

/// How tshark is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tshark {
    environment: Vec<(OsString, OsString)>,
}

impl Tshark {
    /// Takes what tshark needs of an environment; of all else it is told nothing.
    pub fn new(environment: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let is_kept = |name: &OsStr| KEPT.iter().any(|kept| name == *kept);
        Self { environment: environment.into_iter().filter(|(name, _)| is_kept(name)).collect() }
    }

    /// Returns the command without arguments; it speaks English, which its messages are recognised by.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new("tshark");
        let environment = self.environment.iter().map(|(name, value)| (name, value));
        command.env_clear().envs(environment).env("LC_ALL", "C");
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tshark_is_told_what_it_needs_and_nothing_else() {
        let variables = [("PATH", "/opt/bin"), ("NETSONDE_TOKEN", "5ecret"), ("HOME", "/homes/me")];
        let tshark = Tshark::new(variables.map(|(name, value)| (name.into(), value.into())));
        let command = tshark.command();
        let mut told: Vec<_> = command.get_envs().collect();
        told.sort();
        let wanted = [("HOME", "/homes/me"), ("LC_ALL", "C"), ("PATH", "/opt/bin")];
        assert_eq!(told, wanted.map(|(name, value)| (OsStr::new(name), Some(OsStr::new(value)))));
    }
}
