//! Network namespaces of a test's own.

use std::ffi::OsStr;
use std::net::Ipv4Addr;
use std::process::{Command, Stdio};

use crate::support::{NETSONDE, Program};

/// What both ends of the wire are called.
pub(crate) const LINK: &str = "sonde0";
pub(crate) const HERE: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 1);
pub(crate) const THERE: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 2);

/// Two namespaces joined by a wire that carries nothing but what the test sends.
pub(crate) struct Wire {
    here: String,
    there: String,
    /// Where both ends of a wire that is cut in the middle can be reached.
    between: Option<String>,
}

/// The ends of a cut wire in the namespace between: the one towards the first namespace, and the other.
pub(crate) const CUT: [&str; 2] = ["towards-here", "towards-there"];

impl Wire {
    /// Lays the wire; `None`, with a loud line, where the system does not let us.
    pub(crate) fn new(test: &str) -> Option<Self> {
        let wire = Self::ends(test, false)?;
        must(&[
            "-n",
            &wire.here,
            "link",
            "add",
            LINK,
            "type",
            "veth",
            "peer",
            "name",
            LINK,
            "netns",
            &wire.there,
        ]);
        wire.connect();
        Some(wire)
    }

    /// Lays a wire that is cut in the middle: nothing passes but what a program between carries over.
    ///
    /// TCP hands it segments as a wire would see them: none that a card would still have to cut up.
    pub(crate) fn cut(test: &str) -> Option<Self> {
        let wire = Self::ends(test, true)?;
        let between = wire.between.as_deref().expect("it was asked for");
        for (namespace, cut) in [&wire.here, &wire.there].into_iter().zip(CUT) {
            must(&[
                "-n", namespace, "link", "add", LINK, "type", "veth", "peer", "name", cut, "netns", between,
            ]);
            must(&["-n", namespace, "link", "set", LINK, "gso_max_segs", "1"]);
            must(&["-n", between, "link", "set", cut, "up"]);
            // The one that every Linux has; others would send more than a program can carry over.
            must(&["netns", "exec", namespace, "sysctl", "-qw", "net.ipv4.tcp_congestion_control=reno"]);
        }
        wire.connect();
        Some(wire)
    }

    fn ends(test: &str, is_cut: bool) -> Option<Self> {
        let name = |end| format!("sonde-{}-{test}-{end}", std::process::id());
        let wire =
            Self { here: name("here"), there: name("there"), between: is_cut.then(|| name("between")) };
        for namespace in wire.namespaces() {
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
        Some(wire)
    }

    fn connect(&self) {
        for (namespace, address) in [(&self.here, HERE), (&self.there, THERE)] {
            must(&["-n", namespace, "addr", "add", &format!("{address}/24"), "dev", LINK]);
            must(&["-n", namespace, "link", "set", LINK, "up"]);
        }
    }

    fn namespaces(&self) -> impl Iterator<Item = &String> {
        [&self.here, &self.there].into_iter().chain(&self.between)
    }

    /// Makes a command of the program in the first namespace.
    pub(crate) fn netsonde(&self, arguments: &[&str]) -> Command {
        let mut command = inside(&self.here, NETSONDE);
        command.args(arguments).stdin(Stdio::null());
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

    /// Starts a test that is ignored elsewhere in the first namespace; it goes on until its input is closed.
    pub(crate) fn start_here(&self, test: &str) -> Program {
        start(&self.here, test)
    }

    /// Starts a test that is ignored elsewhere in the second namespace; it goes on until its input is closed.
    pub(crate) fn start_there(&self, test: &str) -> Program {
        start(&self.there, test)
    }

    /// Starts a test that is ignored elsewhere where the wire is cut; it goes on until its input is closed.
    pub(crate) fn start_between(&self, test: &str) -> Program {
        start(self.between.as_deref().expect("the wire is cut"), test)
    }

    /// Returns what a command of the system says in the first namespace.
    pub(crate) fn ask_here(&self, command: &str, arguments: &[&str]) -> String {
        let output = inside(&self.here, command).args(arguments).output().expect("the command starts");
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Sets the near end of the wire `up` or `down`.
    pub(crate) fn set(&self, state: &str) {
        must(&["-n", &self.here, "link", "set", LINK, state]);
    }
}

fn run(namespace: &str, test: &str) {
    let ran = ignored_test(namespace, test).output().expect("the test starts");
    let text = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && text.contains("1 passed"), "{text}");
}

fn start(namespace: &str, test: &str) -> Program {
    Program::start(ignored_test(namespace, test).arg("--nocapture").stdin(Stdio::piped()))
}

fn ignored_test(namespace: &str, test: &str) -> Command {
    let this = std::env::current_exe().expect("a test knows its program");
    let mut command = inside(namespace, this);
    command.args(["--exact", test, "--ignored"]);
    command
}

fn inside(namespace: &str, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("ip");
    command.args(["netns", "exec", namespace]).arg(program);
    command
}

impl Drop for Wire {
    fn drop(&mut self) {
        // A namespace that was never made cannot be deleted; the wire goes with its ends.
        for namespace in self.namespaces() {
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
