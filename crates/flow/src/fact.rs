//! What one conversation teaches about others.

use crate::FlowKey;

/// Something learned from one conversation that concerns another one, perhaps with another worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// An ICMP or ICMPv6 error quotes a packet of the conversation (RFC 792, RFC 4443).
    IcmpError {
        /// The conversation that the quoted packet belongs to.
        about: FlowKey,
        /// Type of the ICMP message.
        kind: u8,
        /// Its code.
        code: u8,
    },
}
