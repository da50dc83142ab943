//! Traffic made up from a seed, together with the truth about it.
//!
//! A *plan* says which [conversations](Conversation) arrive when. [`Packets`] weaves them into one stream in order
//! of time, as a tap between clients and servers would see it, and needs memory for the open conversations only.
//! [`Tap`] builds each packet and counts what is true of it in a [`Truth`] at that moment. The stream becomes a
//! capture file with [`Capture`], or the bytes of one with [`PcapRead`].
//!
//! No clock, no environment, integers only: the same plan and seed give the same bytes on every machine.
//!
//! ```
//! use netsonde_synth::{Dialogue, Endpoint, Label, Note, Packets, Path, Way};
//!
//! let client = Endpoint::new([192, 168, 1, 10].into(), 5353);
//! let server = Endpoint::new([192, 168, 1, 1].into(), 123);
//! let (label, path) = (Label::plain("time", "NTP"), Path::new(client, server));
//! let asked = Dialogue::new().udp(1_000, label, path, Way::Up, vec![0x23; 48], Note::Ntp);
//! let mut packets = Packets::new([asked.arrival()].into_iter());
//! assert_eq!(packets.advance().map(|packet| packet.time), Some(1_000));
//! assert_eq!(packets.advance(), None);
//! assert_eq!(packets.truth().ntp_packets, 1);
//! ```

#![forbid(unsafe_code)]

pub mod demo;
pub mod frame;
pub mod media;
pub mod noise;
pub mod payload;
pub mod plan;
pub mod quic;
pub mod script;
pub mod tcp;
pub mod truth;

mod dialogue;
mod packets;
mod pair;
mod path;
mod pcap;
mod rng;
mod tap;

pub use dialogue::Dialogue;
pub use packets::{Arrival, Arrivals, Conversation, Packet, Packets};
pub use path::{Endpoint, Mac, Path, Tags, Way, mac_of};
pub use pcap::{Capture, PcapRead, Resolution};
pub use rng::{PARTS, Rng};
pub use tap::{Label, Tap};
pub use truth::{Hello, Note, Truth};
