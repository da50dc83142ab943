//! What sessions are told: by whoever runs the program, and by whoever starts one.

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use netsonde_capture::{Engine, ReplaySpeed, Source};
use netsonde_geolocation::{Locator, Standpoint};
use netsonde_units::Timestamp;

use super::Refusal;
use crate::{Limits, Rules};

/// What every session of a monitor is told.
#[derive(Clone, Debug)]
pub struct MonitorSettings {
    /// Networks that the user calls local; empty for the rule that fits the source.
    pub local: Vec<IpNet>,
    /// Bounds of a session.
    pub limits: Limits,
    /// The port of this program's dashboard, whose traffic is left out of live captures.
    pub own_port: Option<u16>,
    /// How long a session that was started from the dashboard goes on without a viewer; none for ever.
    pub grace: Option<Duration>,
    /// Makes the demo's traffic; none where there is no demo.
    pub demo: Option<Demo>,
    /// Where the demo's story happens; none where it does not say.
    pub demo_here: Option<Standpoint>,
    /// Whether somebody writes the reports: a session that has ended then waits for its own.
    pub summarized: bool,
    /// Whether a configured language model may be asked without anybody having said so in the dashboard.
    pub assistant_allowed: bool,
    /// The user's rules of what is which application, until others are set.
    pub rules: Rules,
    /// Who says where addresses are.
    pub places: Arc<Locator>,
    /// Where captures are taken, as the user says; none where nobody says so.
    pub here: Option<Standpoint>,
    /// Where this machine is by its time zone, for captures that it takes itself; none where that is not known.
    pub time_zone: Option<Standpoint>,
    /// What captures on interfaces.
    pub engine: Engine,
    /// The file that the program runs from, for advice about a missing right; none where it is not known.
    pub program: Option<PathBuf>,
    /// The wall clock.
    pub clock: fn() -> Timestamp,
}

impl MonitorSettings {
    /// Returns those of a monitor that nobody has chosen anything for but its clock: libpcap, sessions without an end
    /// for want of viewers, no demo, no reports, no rules, and a
    /// locator that knows nothing.
    pub fn new(clock: fn() -> Timestamp) -> Self {
        Self {
            local: Vec::new(),
            limits: Limits::default(),
            own_port: None,
            grace: None,
            demo: None,
            demo_here: None,
            summarized: false,
            assistant_allowed: false,
            rules: Rules::default(),
            places: Arc::default(),
            here: None,
            time_zone: None,
            engine: Engine::Libpcap,
            program: None,
            clock,
        }
    }

    /// Returns where packets of that origin are taken, as far as that is known without the user's word.
    pub(super) fn here_of(&self, origin: &Origin) -> Option<Standpoint> {
        match origin {
            Origin::Interface(_) => self.time_zone.clone(),
            Origin::File { .. } => None,
            Origin::Demo => self.demo_here.clone(),
        }
    }
}

/// Makes the demo's traffic from a moment on: a capture without end, whose stamps go on from there.
pub type Demo = fn(Timestamp) -> Box<dyn Read + Send>;

/// What the demo's traffic is called.
pub(crate) const DEMO: &str = "demo";

/// Where the packets of a new session come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An interface, by its name.
    Interface(String),
    /// A capture file, and what to call it.
    File {
        /// Where it lies.
        path: PathBuf,
        /// The name that the user knows it by.
        name: String,
        /// Plays it back at its own pace or a multiple of it; none reads it as fast as the machine can.
        speed: Option<ReplaySpeed>,
    },
    /// The traffic that the program makes itself.
    Demo,
}

impl Origin {
    /// Tells whether a file is a capture: its beginning is read. Of an interface only opening it can tell.
    ///
    /// # Errors
    ///
    /// [`Refusal::Open`].
    pub fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Interface(_) | Self::Demo => {}
            Self::File { path, name, .. } => {
                drop(Source::file_called(path, name.clone()).map_err(Refusal::Open)?);
            }
        }
        Ok(())
    }
}

/// What a new session is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Where its packets come from.
    pub origin: Origin,
    /// A BPF filter for a live capture.
    pub filter: Option<String>,
    /// Ends the capture after so long.
    pub duration: Option<Duration>,
    /// Whether it ends when nobody watches: started from the dashboard, not by the command line.
    pub needs_viewers: bool,
}
