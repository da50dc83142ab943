//! Captures on an interface through libpcap.

use std::cell::RefCell;
use std::os::fd::AsFd;
use std::time::Duration;

use netsonde_dissect::{LinkType, Packet};
use netsonde_units::Timestamp;
use pcap::{Active, Capture, Precision};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::engine::Engine;
use crate::error::{OpenError, ReadError, text};
use crate::interfaces;
use crate::polled::{Counters, Polled};

mod drops;
mod link;

pub(crate) use self::drops::Drops;
pub(crate) use self::link::Link;
pub use self::link::Outage;

/// What to capture, and how much memory to give it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSettings {
    /// What captures.
    pub engine: Engine,
    /// The interface, by a name that [`interfaces_of`](crate::interfaces_of) lists for the engine.
    pub interface: String,
    /// A filter expression of libpcap (pcap-filter(7)); none captures everything.
    pub filter: Option<String>,
    /// The most bytes captured of a packet.
    ///
    /// Default 262,144: a 64 KiB segment that offloading joined is whole, and so is every libpcap tool's
    /// idea of an uncut packet. The ring stores packets at their own length, so the limit costs nothing.
    pub snaplen: u32,
    /// Size of the ring that the kernel fills, in bytes; default 64 MiB.
    ///
    /// At 10 Gb/s that is 50 ms in which the reader may be late; with 2 MiB bursts are lost.
    pub ring_bytes: u32,
    /// Whether to receive what is addressed to others; default true.
    pub promiscuous: bool,
    /// How long the kernel gathers packets before it hands over a block that is not full, and how long a
    /// poll of a quiet interface waits; default 50 ms.
    pub timeout: Duration,
}

impl Default for LiveSettings {
    fn default() -> Self {
        Self {
            engine: Engine::Libpcap,
            interface: String::new(),
            filter: None,
            snaplen: 262_144,
            ring_bytes: 64 << 20,
            promiscuous: true,
            timeout: Duration::from_millis(50),
        }
    }
}

impl LiveSettings {
    /// Refuses a filter that nobody should compile.
    pub(crate) fn check_filter(&self) -> Result<(), OpenError> {
        let Some(filter) = self.filter.as_ref().filter(|filter| filter.len() > MAX_FILTER_LEN) else {
            return Ok(());
        };
        let message = format!("it has {} bytes, and {MAX_FILTER_LEN} are the most", filter.len());
        let start: String = filter.chars().take(40).chain(['…']).collect();
        Err(OpenError::BadFilter { filter: start, message })
    }

    /// Returns how long a poll of a quiet interface waits.
    pub(crate) fn wait(&self) -> Timespec {
        Timespec::try_from(self.timeout).unwrap_or(Timespec { tv_sec: 1, tv_nsec: 0 })
    }
}

/// The most packets handed over at once.
///
/// Without a bound libpcap goes on while the ring has anything, which under overload is for ever: whoever
/// polls must get to tick and to stop. A batch takes a few milliseconds to measure.
const BATCH_MAX: usize = 4_096;

/// The longest filter expression, in bytes: libpcap takes seconds to compile one of some kilobytes, and its recursion
/// overflows the stack with one of some more.
const MAX_FILTER_LEN: usize = 1_024;

/// A capture that runs.
pub(crate) struct LiveSource {
    name: String,
    /// Reading the drop counters borrows libpcap's handle mutably, though nothing of the capture changes.
    capture: RefCell<Capture<Active>>,
    link: LinkType,
    clock: fn() -> Timestamp,
    timeout: Timespec,
    packets: u64,
    stamps_out_of_range: u64,
    drops: RefCell<Drops>,
    state: Link,
    /// Set once libpcap failed: there is no more to come.
    ended: bool,
}

impl std::fmt::Debug for LiveSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveSource")
            .field("name", &self.name)
            .field("link", &self.link)
            .field("packets", &self.packets)
            .finish_non_exhaustive()
    }
}

impl LiveSource {
    pub(crate) fn open(settings: &LiveSettings, clock: fn() -> Timestamp) -> Result<Self, OpenError> {
        let name = settings.interface.clone();
        // Only listed names reach libpcap: others could be remote hosts or pipes.
        let known = interfaces::names()?;
        if !known.contains(&name) {
            return Err(OpenError::NoSuchInterface { name, known: known.join(", ") });
        }
        settings.check_filter()?;
        let mut capture = activate(settings)?;
        let failed = |error: pcap::Error| OpenError::Live { interface: name.clone(), message: text(&error) };
        if let Some(filter) = &settings.filter {
            capture
                .filter(filter, true)
                .map_err(|error| OpenError::BadFilter { filter: filter.clone(), message: text(&error) })?;
        }
        // A blocking handle waits for ever on a quiet interface, because the kernel hands over no empty
        // block; so we wait ourselves, with a limit.
        let capture = capture.setnonblock().map_err(failed)?;
        let link = link_type(capture.get_datalink().0);
        let (drops, state) = (RefCell::new(Drops::start(&name)), Link::of(&name));
        Ok(Self {
            name,
            capture: RefCell::new(capture),
            link,
            clock,
            timeout: settings.wait(),
            packets: 0,
            stamps_out_of_range: 0,
            drops,
            state,
            ended: false,
        })
    }

    pub(crate) fn poll<F: FnMut(&[Packet<'_>])>(&mut self, mut each: F) -> Result<Polled, ReadError> {
        if self.ended {
            return Ok(Polled::End);
        }
        let mut packets = self.dispatch(&mut each)?;
        if packets == 0 {
            self.wait()?;
            packets = self.dispatch(&mut each)?;
        }
        if packets == 0 {
            return Ok(Polled::Idle(Some((self.clock)())));
        }
        Ok(Polled::Packets(packets))
    }

    /// Hands over what the ring holds, up to a batch.
    fn dispatch<F: FnMut(&[Packet<'_>])>(&mut self, each: &mut F) -> Result<usize, ReadError> {
        let link = self.link;
        let (mut packets, mut out_of_range) = (0, 0);
        let dispatched = self.capture.get_mut().dispatch(Some(BATCH_MAX), |captured| {
            let header = captured.header;
            // With nanosecond precision libpcap puts nanoseconds where the name says microseconds.
            let parts = (u64::try_from(header.ts.tv_sec), u64::try_from(header.ts.tv_usec));
            let at = if let (Ok(seconds), Ok(nanos)) = parts {
                Timestamp::from_parts(seconds, nanos)
            } else {
                out_of_range += 1;
                Timestamp::EPOCH
            };
            let wire_len = header.len.max(header.caplen);
            each(&[Packet { at: Some(at), link, interface: 0, wire_len, bytes: captured.data }]);
            packets += 1;
        });
        self.packets += packets as u64;
        self.stamps_out_of_range += out_of_range;
        match dispatched {
            Ok(_) => Ok(packets),
            Err(error) => Err(self.gone(text(&error))),
        }
    }

    /// Waits until the kernel hands over a block, or for the timeout.
    fn wait(&mut self) -> Result<(), ReadError> {
        let waited = {
            let capture = self.capture.get_mut();
            poll(&mut [PollFd::from_borrowed_fd(capture.as_fd(), PollFlags::IN)], Some(&self.timeout))
        };
        match waited {
            // A signal ends the wait early; whoever calls looks at its flags then.
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(self.gone(error.to_string())),
        }
    }

    fn gone(&mut self, message: String) -> ReadError {
        self.ended = true;
        ReadError::InterfaceGone { interface: self.name.clone(), packets: self.packets, message }
    }

    pub(crate) fn counters(&self) -> Counters {
        let mut counters = Counters {
            packets: self.packets,
            stamps_out_of_range: self.stamps_out_of_range,
            ..Counters::default()
        };
        // Neither is ever borrowed across a call.
        if let (Ok(mut capture), Ok(mut drops)) = (self.capture.try_borrow_mut(), self.drops.try_borrow_mut())
        {
            drops.update(capture.stats().ok());
            counters.kernel_drops = drops.kernel();
            counters.interface_drops = drops.interface();
        }
        counters
    }

    /// Returns why nothing can come at the moment, if so; the capture goes on.
    pub(crate) fn outage(&self) -> Option<Outage> {
        self.state.outage()
    }

    pub(crate) fn speed_bps(&self) -> Option<u64> {
        self.state.speed_bps()
    }

    pub(crate) fn link_type(&self) -> LinkType {
        self.link
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// Starts libpcap; where the interface cannot be promiscuous, without that.
fn activate(settings: &LiveSettings) -> Result<Capture<Active>, OpenError> {
    let first = match open(settings, settings.promiscuous) {
        Ok(capture) => return Ok(capture),
        Err(error) => error,
    };
    // The bindings take libpcap's warning "promiscuous mode not supported", as of `any`, for a failure.
    if settings.promiscuous
        && let Ok(capture) = open(settings, false)
    {
        return Ok(capture);
    }
    let (interface, message) = (settings.interface.clone(), text(&first));
    Err(if interfaces::lacks_permission(&message) {
        OpenError::NotPermitted { interface, message }
    } else {
        OpenError::Live { interface, message }
    })
}

fn open(settings: &LiveSettings, promiscuous: bool) -> Result<Capture<Active>, pcap::Error> {
    let timeout_ms = i32::try_from(settings.timeout.as_millis()).unwrap_or(i32::MAX).max(1);
    Capture::from_device(settings.interface.as_str())?
        .promisc(promiscuous)
        .snaplen(i32::try_from(settings.snaplen).unwrap_or(i32::MAX).max(1))
        .buffer_size(i32::try_from(settings.ring_bytes).unwrap_or(i32::MAX))
        .timeout(timeout_ms)
        // Immediate mode would make libpcap fall back from TPACKET_V3 to one frame slot a packet.
        .immediate_mode(false)
        .precision(Precision::Nano)
        .open()
}

/// Turns the system's number of a link type into that of capture files, where the two differ.
fn link_type(dlt: i32) -> LinkType {
    match u16::try_from(dlt).map(LinkType) {
        Ok(LinkType::RAW_BSD | LinkType::RAW_OPENBSD) => LinkType::RAW,
        Ok(link) => link,
        Err(_) => LinkType(u16::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(interface: &str) -> LiveSettings {
        LiveSettings { interface: interface.to_owned(), ..LiveSettings::default() }
    }

    #[test]
    fn names_that_are_not_listed_never_reach_libpcap() {
        for name in ["", "no-such-interface", "rpcap://127.0.0.1/eth0", "TCP@127.0.0.1:1", "/tmp/pipe", "-"] {
            let error = LiveSource::open(&settings(name), || Timestamp::EPOCH).unwrap_err();
            assert!(
                matches!(error, OpenError::NoSuchInterface { .. } | OpenError::Interfaces(_)),
                "{name}: {error}"
            );
        }
    }

    #[test]
    fn a_filter_that_would_take_for_ever_never_reaches_libpcap() {
        let ports: Vec<String> = (1..4_000).map(|port| format!("port {port}")).collect();
        let filter = Some(ports.join(" or "));
        let error =
            LiveSource::open(&LiveSettings { filter, ..settings("lo") }, || Timestamp::EPOCH).unwrap_err();
        let OpenError::BadFilter { filter, message } = error else { panic!("{error}") };
        assert_eq!(filter.chars().count(), 41);
        // 9 terms of 6 bytes, 90 of 7, 900 of 8 and 3,000 of 9, with 3,998 times " or " between.
        assert_eq!(message, "it has 50876 bytes, and 1024 are the most");
    }

    #[test]
    fn raw_ip_has_one_number() {
        assert_eq!(link_type(12), LinkType::RAW);
        assert_eq!(link_type(1), LinkType::ETHERNET);
        assert_eq!(link_type(-1), LinkType(u16::MAX));
    }
}
