//! One type for every origin of packets.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use netsonde_dissect::{LinkType, Packet};
use netsonde_units::Timestamp;

use crate::engine::Engine;
use crate::error::{OpenError, ReadError};
use crate::file::{FileSource, FileSpan};
use crate::format::{Compression, Format};
use crate::live::{LiveSettings, LiveSource, Outage};
use crate::pipe::Pipe;
use crate::polled::{Counters, Polled, Progress};
use crate::replay::{Replay, ReplaySpeed};
use crate::tshark::TsharkSource;

/// Where packets come from: a capture file, a reader, or a live interface.
#[derive(Debug)]
pub struct Source {
    origin: Origin,
}

#[derive(Debug)]
enum Origin {
    File(Box<FileSource>),
    Replay(Box<Replay>),
    Live(Box<LiveSource>),
    Tshark(Box<TsharkSource>),
}

impl Source {
    /// Opens a capture file: pcap or pcapng, bare or in gzip or zstd; `-` is standard input.
    ///
    /// # Errors
    ///
    /// [`OpenError`] when there is no such file, it is no capture, or it ends inside its header.
    pub fn file(path: &Path) -> Result<Self, OpenError> {
        let is_standard_input = path == Path::new("-");
        let name = if is_standard_input { "standard input".into() } else { path.display().to_string() };
        Self::file_called(path, name)
    }

    /// Opens a capture file as [`Self::file`] does; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// Those of [`Self::file`].
    pub fn file_called(path: &Path, name: String) -> Result<Self, OpenError> {
        Ok(Self { origin: Origin::File(Box::new(open(path, name)?)) })
    }

    /// Opens a capture file as [`Self::file_called`] does, to hand over its packets at the pace of their stamps; `clock`
    /// is the wall clock that paces it.
    ///
    /// # Errors
    ///
    /// Those of [`Self::file`].
    pub fn replay(
        path: &Path,
        name: String,
        speed: ReplaySpeed,
        clock: fn() -> Timestamp,
    ) -> Result<Self, OpenError> {
        Ok(Self { origin: Origin::Replay(Box::new(Replay::new(open(path, name)?, speed, clock))) })
    }

    /// Reads a capture from a file that is open already; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// [`OpenError`] when it is no capture or ends inside its header.
    pub fn opened(name: String, file: File) -> Result<Self, OpenError> {
        Ok(Self { origin: Origin::File(Box::new(read(name, file, true)?)) })
    }

    /// Plays back, as [`Self::replay`] does, a file that is open already; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// Those of [`Self::opened`].
    pub fn replay_opened(
        name: String,
        file: File,
        speed: ReplaySpeed,
        clock: fn() -> Timestamp,
    ) -> Result<Self, OpenError> {
        Ok(Self { origin: Origin::Replay(Box::new(Replay::new(read(name, file, true)?, speed, clock))) })
    }

    /// Opens a capture that comes from any reader; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// [`OpenError`] when the bytes are no capture or end inside its header.
    pub fn reader(name: &str, input: Box<dyn Read + Send>) -> Result<Self, OpenError> {
        let source = FileSource::open(name.to_owned(), input, None)?;
        Ok(Self { origin: Origin::File(Box::new(source)) })
    }

    /// Plays back, as [`Self::replay`] does, a capture that comes from any reader; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// Those of [`Self::reader`].
    pub fn replay_reader(
        name: &str,
        input: Box<dyn Read + Send>,
        speed: ReplaySpeed,
        clock: fn() -> Timestamp,
    ) -> Result<Self, OpenError> {
        let source = FileSource::open(name.to_owned(), input, None)?;
        Ok(Self { origin: Origin::Replay(Box::new(Replay::new(source, speed, clock))) })
    }

    /// Starts to capture on an interface; `clock` tells the time in [`Polled::Idle`].
    ///
    /// # Errors
    ///
    /// [`OpenError`] when the interface does not exist, may not be captured on, the filter is not valid, or the engine
    /// is not there.
    pub fn live(settings: &LiveSettings, clock: fn() -> Timestamp) -> Result<Self, OpenError> {
        Self::live_unless(settings, clock, &Arc::default())
    }

    /// Starts to capture as [`Self::live`] does, until the flag is set: then tshark is ended within half a second.
    /// libpcap goes on to its answer.
    ///
    /// # Errors
    ///
    /// Those of [`Self::live`], and one when it was called off.
    pub fn live_unless(
        settings: &LiveSettings,
        clock: fn() -> Timestamp,
        called_off: &Arc<AtomicBool>,
    ) -> Result<Self, OpenError> {
        let origin = match &settings.engine {
            Engine::Libpcap => Origin::Live(Box::new(LiveSource::open(settings, clock)?)),
            Engine::Tshark(tshark) => {
                Origin::Tshark(Box::new(TsharkSource::open(tshark, settings, clock, called_off)?))
            }
        };
        Ok(Self { origin })
    }

    /// Hands the next packets to `each`, a few at a time: for a file all whole records read so far, at least one.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when reading stops early. All packets before that were delivered by this and earlier
    /// calls; later calls answer [`Polled::End`].
    pub fn poll<F: FnMut(&[Packet<'_>])>(&mut self, each: F) -> Result<Polled, ReadError> {
        match &mut self.origin {
            Origin::File(source) => source.poll(each),
            Origin::Replay(source) => source.poll(each),
            Origin::Live(source) => source.poll(each),
            Origin::Tshark(source) => source.poll(each),
        }
    }

    /// Tells whether the packets can be read again from where they are stored: a file that is not compressed.
    pub const fn can_read_again(&self) -> bool {
        match &self.origin {
            Origin::File(source) => source.can_read_again(),
            // What it hands over at once is no part of the file.
            Origin::Replay(_) | Origin::Live(_) | Origin::Tshark(_) => false,
        }
    }

    /// Takes where the packets lie that the last [`Self::poll`] handed over, if they can be read again.
    pub fn take_span(&mut self) -> Option<FileSpan> {
        match &mut self.origin {
            Origin::File(source) => source.take_handed(),
            Origin::Replay(_) | Origin::Live(_) | Origin::Tshark(_) => None,
        }
    }

    /// Returns what has been counted; of a live capture it asks libpcap and the system for drops.
    pub fn counters(&self) -> Counters {
        match &self.origin {
            Origin::File(source) => source.counters(),
            Origin::Replay(source) => source.file().counters(),
            Origin::Live(source) => source.counters(),
            Origin::Tshark(source) => source.counters(),
        }
    }

    /// Returns why nothing can come from the interface at the moment, if so; none for files.
    pub fn outage(&self) -> Option<Outage> {
        match &self.origin {
            Origin::File(_) | Origin::Replay(_) => None,
            Origin::Live(source) => source.outage(),
            Origin::Tshark(source) => source.outage(),
        }
    }

    /// Returns how many bits a second the interface can carry, each way; none where the system does not tell, and for files.
    pub fn speed_bps(&self) -> Option<u64> {
        match &self.origin {
            Origin::File(_) | Origin::Replay(_) => None,
            Origin::Live(source) => source.speed_bps(),
            Origin::Tshark(source) => source.speed_bps(),
        }
    }

    /// Returns what the program that captures has reported in the last 10 s, if there is one and anything to report.
    pub fn report(&self) -> Option<String> {
        match &self.origin {
            Origin::File(_) | Origin::Replay(_) | Origin::Live(_) => None,
            Origin::Tshark(source) => source.report(),
        }
    }

    /// Returns how long packets may be under way between an interface and [`Self::poll`]: the kernel gathers them for a
    /// moment before it hands them over. None for files.
    pub const fn gathering(&self) -> Option<Duration> {
        match &self.origin {
            Origin::File(_) | Origin::Replay(_) => None,
            // A little more than the moment of our settings.
            Origin::Live(_) => Some(Duration::from_millis(60)),
            Origin::Tshark(_) => Some(TsharkSource::gathering()),
        }
    }

    /// Has the program that captures end, if there is one; tells whether there is. What it has captured still comes,
    /// and then [`Polled::End`], in some 100 ms.
    pub fn stop(&mut self) -> bool {
        match &mut self.origin {
            Origin::File(_) | Origin::Replay(_) | Origin::Live(_) => false,
            Origin::Tshark(source) => {
                source.stop();
                true
            }
        }
    }

    /// Returns the link types that the source has announced so far, sorted, each once.
    pub fn link_types(&self) -> Vec<LinkType> {
        match &self.origin {
            Origin::File(source) => source.link_types(),
            Origin::Replay(source) => source.file().link_types(),
            Origin::Live(source) => vec![source.link_type()],
            Origin::Tshark(source) => source.link_types(),
        }
    }

    /// Returns the file or interface as messages name it.
    pub fn name(&self) -> &str {
        match &self.origin {
            Origin::File(source) => source.name(),
            Origin::Replay(source) => source.file().name(),
            Origin::Live(source) => source.name(),
            Origin::Tshark(source) => source.name(),
        }
    }

    /// Returns how far a file has been read; none for standard input, readers and interfaces.
    pub fn progress(&self) -> Option<Progress> {
        match &self.origin {
            Origin::File(source) => source.progress(),
            Origin::Replay(source) => source.progress(),
            Origin::Live(_) | Origin::Tshark(_) => None,
        }
    }

    /// Returns the format of a file; none for interfaces.
    pub fn format(&self) -> Option<Format> {
        match &self.origin {
            Origin::File(source) => Some(source.format()),
            Origin::Replay(source) => Some(source.file().format()),
            Origin::Live(_) | Origin::Tshark(_) => None,
        }
    }

    /// Returns how a file is compressed, if it is.
    pub fn compression(&self) -> Option<Compression> {
        match &self.origin {
            Origin::File(source) => source.compression(),
            Origin::Replay(source) => source.file().compression(),
            Origin::Live(_) | Origin::Tshark(_) => None,
        }
    }
}

/// Opens a capture file.
fn open(path: &Path, name: String) -> Result<FileSource, OpenError> {
    let is_standard_input = path == Path::new("-");
    let opened = if is_standard_input {
        io::stdin().as_fd().try_clone_to_owned().map(File::from)
    } else {
        File::open(path)
    };
    match opened {
        // Standard input may stand anywhere in its file.
        Ok(file) => read(name, file, !is_standard_input),
        Err(source) => Err(OpenError::File { name, source }),
    }
}

/// Reads an open file; a pipe or a device is read as its bytes come. `is_whole` is one that stands at its beginning.
fn read(name: String, file: File, is_whole: bool) -> Result<FileSource, OpenError> {
    let not_opened = |source| OpenError::File { name: name.clone(), source };
    let metadata = file.metadata().map_err(not_opened)?;
    if !metadata.is_file() {
        let (pipe, impatient) = Pipe::new(file);
        let source = FileSource::open(name, Box::new(pipe), None)?;
        impatient.store(true, Ordering::Relaxed);
        return Ok(source);
    }
    let again = file.try_clone().map_err(not_opened)?;
    let mut source = FileSource::open(name, Box::new(file), Some(metadata.len()))?;
    if is_whole {
        source.read_again_from(again);
    }
    Ok(source)
}
