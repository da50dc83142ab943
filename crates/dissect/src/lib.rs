//! The bytes of one packet, understood: link, network, transport, application layer.
//!
//! Pure, without allocation, and total: any bytes give a [`Frame`]; a broken or cut layer stops the frame
//! there ([`Frame::stopped`]) and keeps what came before.
//!
//! ```
//! use netsonde_dissect::{Frame, LinkType, Network, Packet, Transport};
//! use netsonde_units::Timestamp;
//!
//! let bytes = [
//!     0x45, 0, 0, 30, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, // IPv4, UDP inside
//!     0x30, 0x39, 0, 7, 0, 10, 0, 0, // ports 12345 and 7, length 10
//!     b'h', b'i',
//! ];
//! let packet =
//!     Packet { at: None, link: LinkType::RAW, interface: 0, wire_len: 30, bytes: &bytes };
//! let frame = Frame::parse(&packet);
//! assert!(matches!(frame.network, Network::Ipv4(_)));
//! assert!(matches!(frame.transport, Transport::Udp(udp) if udp.destination == 7));
//! assert_eq!(frame.payload.bytes, b"hi");
//! ```

#![forbid(unsafe_code)]
#![warn(clippy::arithmetic_side_effects)]

pub mod dhcp;
pub mod dns;
mod escaped;
mod frame;
pub mod head;
pub mod hello;
pub mod http;
mod link;
pub mod login;
mod malformed;
pub mod netbios;
mod network;
mod packet;
mod probe;
mod protocol;
pub mod quic;
pub mod rtcp;
pub mod rtp;
pub mod rtsp;
pub mod sdp;
pub mod sip;
mod span;
mod transport;
mod tunnel;
mod wire;

pub use escaped::Escaped;
pub use frame::{Frame, Inside, Payload};
pub use link::{Cast, EtherType, Link, MacAddr, Travel, Vlans};
pub use malformed::{Layer, Malformed, Reason};
pub use network::{Arp, Fragment, IpProtocol, Ipv4, Ipv6, Network};
pub use packet::{LinkType, Packet};
pub use probe::{Guess, probe_tcp, probe_udp};
pub use protocol::{Class, Protocol};
pub use transport::{
    Change, Echo, GroupChange, GroupChanges, Icmp, Igmp, Membership, Quoted, Tcp, TcpExtent, TcpFlags,
    TcpOption, TcpOptions, Transport, Udp,
};
pub use tunnel::{Inner, Tunnel};
pub use wire::Wire;
