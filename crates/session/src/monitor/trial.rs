//! Opening a source for the sake of knowing whether it opens.

use std::fs::File;
use std::path::Path;

use netsonde_capture::{Engine, LiveSettings, Source};
use netsonde_units::Timestamp;

use super::{Origin, Refusal, Start};

/// Bytes of the ring of a trial, which reads no packet: the least that both engines take.
const TRIAL_RING: u32 = 1 << 20;

impl Start {
    /// Opens its source as a session would, on the calling thread, and closes it again. Nobody else notices a trial of
    /// an interface: it is not promiscuous.
    ///
    /// `held` is the file of its origin where that is open already, `program` the file that the program runs from.
    ///
    /// # Errors
    ///
    /// [`Refusal`] with what [`Monitor::start`](super::Monitor::start) would say.
    pub fn try_out(
        &self,
        held: Option<File>,
        engine: &Engine,
        program: Option<&Path>,
        clock: fn() -> Timestamp,
    ) -> Result<(), Refusal> {
        let opened = match (&self.origin, held) {
            (Origin::Demo, _) => return Ok(()),
            (Origin::File { name, .. }, Some(file)) => Source::opened(name.clone(), file),
            (Origin::File { path, name, .. }, None) => Source::file_called(path, name.clone()),
            (Origin::Interface(name), _) => {
                let settings = LiveSettings {
                    engine: engine.clone(),
                    interface: name.clone(),
                    filter: self.filter.clone(),
                    ring_bytes: TRIAL_RING,
                    promiscuous: false,
                    ..LiveSettings::default()
                };
                Source::live(&settings, clock)
            }
        };
        opened.map(drop).map_err(|error| Refusal::to_open(error, program))
    }
}
