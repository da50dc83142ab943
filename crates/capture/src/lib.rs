//! Turns network interfaces and capture files into packets.
//!
//! One type, [`Source`], stands for every origin: a file, standard input, any reader, a live interface.
//! Whoever measures calls [`Source::poll`] in a loop and does not know the difference.
//!
//! ```
//! use netsonde_capture::{Polled, Source};
//!
//! // A classic capture file without packets: magic, version 2.4, zone, accuracy, snaplen, Ethernet.
//! let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0];
//! file.extend_from_slice(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0]);
//!
//! let mut source = Source::reader("example", Box::new(std::io::Cursor::new(file)))?;
//! let mut bytes = 0;
//! while let Polled::Packets(_) = source.poll(|packets| bytes += packets[0].bytes.len())? {}
//! assert_eq!(bytes, 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![deny(unsafe_code)]

mod addresses;
mod engine;
mod error;
mod file;
mod format;
mod interfaces;
mod live;
mod pipe;
mod polled;
mod replay;
mod source;
mod steady;
mod sys;
mod tshark;

pub use addresses::{AddressWatch, OwnAddresses, own_addresses};
pub use engine::{Engine, Tshark};
pub use error::{Damage, InterfacesError, OpenError, ReadError};
pub use file::FileSpan;
pub use format::{Compression, Format};
pub use interfaces::{
    ByteCounters, Interface, LinkState, Permission, interfaces, interfaces_of, interfaces_with, libpcap,
};
pub use live::{LiveSettings, Outage};
pub use polled::{Counters, Polled, Progress};
pub use replay::ReplaySpeed;
pub use source::Source;
pub use steady::Steady;
pub use tshark::TsharkInterfaces;
