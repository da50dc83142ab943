//! Application bytes: what conversations say to each other.
//!
//! Pure builders: the same input and the same chance give the same bytes, and nothing is read or sent. Every
//! message is one that its protocol's specification allows, so that any analyser understands it; what a real
//! peer would encrypt is noise of the right length, except in QUIC's Initial packets, whose keys everybody
//! can derive and which therefore must decrypt.

mod bytes;
pub mod dhcp;
pub mod dns;
pub mod http;
pub mod icmp;
pub mod igmp;
pub mod mail;
pub mod ntp;
pub mod quic;
pub mod rtp;
pub mod sip;
pub mod ssdp;
pub mod ssh;
pub mod stun;
pub mod tls;

pub use bytes::noise;
