//! Network namespaces of a test's own.

use std::net::Ipv4Addr;
use std::process::{Command, Stdio};

use crate::support::NETSONDE;

/// What both ends of the wire are called.
pub(crate) const LINK: &str = "sonde0";
pub(crate) const HERE: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 1);
pub(crate) const THERE: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 2);

/// Two namespaces joined by a wire that carries nothing but what the test sends.
pub(crate) struct Wire {
    here: String,
    there: String,
}

impl Wire {
    /// Lays the wire; `None`, with a loud line, where the system does not let us.
    pub(crate) fn new(test: &str) -> Option<Self> {
        let id = std::process::id();
        let wire =
            Self { here: format!("sonde-{id}-{test}-here"), there: format!("sonde-{id}-{test}-there") };
        for namespace in [&wire.here, &wire.there] {
            if let Err(problem) = ip(&["netns", "add", namespace]) {
                assert!(
                    std::env::var_os("CI").is_none(),
                    "live tests need root and the ip command: {problem}"
                );
                eprintln!("LIVE TEST SKIPPED, needs root and the ip command: {problem}");
                return None;
            }
            must(&["-n", namespace, "link", "set", "lo", "up"]);
            // IPv6 would speak first: router solicitations, multicast reports.
            let quiet = ["net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"];
            must(&[&["netns", "exec", namespace, "sysctl", "-qw"], &quiet[..]].concat());
        }
        let (here, there) = (wire.here.as_str(), wire.there.as_str());
        must(&["-n", here, "link", "add", LINK, "type", "veth", "peer", "name", LINK, "netns", there]);
        for (namespace, address) in [(here, HERE), (there, THERE)] {
            must(&["-n", namespace, "addr", "add", &format!("{address}/24"), "dev", LINK]);
            must(&["-n", namespace, "link", "set", LINK, "up"]);
        }
        Some(wire)
    }

    /// Makes a command of the program in the first namespace.
    pub(crate) fn netsonde(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.here, NETSONDE]).args(arguments).stdin(Stdio::null());
        command
    }

    /// Makes the command that watches the wire for datagrams from a port.
    pub(crate) fn watch(&self, port: u16, more: &[&str]) -> Command {
        let mut command = self.netsonde(&["watch", "--json", "--interface", LINK]);
        command.args(["--filter", &format!("udp and src port {port}")]).args(more);
        command
    }

    /// Runs a test that is ignored elsewhere in the first namespace.
    pub(crate) fn run_here(&self, test: &str) {
        run(&self.here, test);
    }

    /// Runs a test that is ignored elsewhere in the second namespace.
    pub(crate) fn run_there(&self, test: &str) {
        run(&self.there, test);
    }

    /// Sets the near end of the wire `up` or `down`.
    pub(crate) fn set(&self, state: &str) {
        must(&["-n", &self.here, "link", "set", LINK, state]);
    }
}

fn run(namespace: &str, test: &str) {
    let this = std::env::current_exe().expect("a test knows its program");
    let ran = Command::new("ip")
        .args(["netns", "exec", namespace])
        .arg(this)
        .args(["--exact", test, "--ignored"])
        .output()
        .expect("the test starts");
    let text = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && text.contains("1 passed"), "{text}");
}

impl Drop for Wire {
    fn drop(&mut self) {
        // A namespace that was never made cannot be deleted; the wire goes with its ends.
        for namespace in [&self.here, &self.there] {
            let _ = ip(&["netns", "delete", namespace]);
        }
    }
}

pub(crate) fn must(arguments: &[&str]) {
    ip(arguments).unwrap_or_else(|problem| panic!("ip {}: {problem}", arguments.join(" ")));
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("ip").args(arguments).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}
