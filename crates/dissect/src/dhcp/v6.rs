//! DHCP for IPv6 (RFC 8415).

use std::net::Ipv6Addr;

use super::{ClientName, MAX_OPTIONS};
use crate::Wire;

const CLIENT_ID: u16 = 1;
/// An address for as long as the client likes to keep it (RFC 8415 section 21.4).
const ASSOCIATION: u16 = 3;
const ADDRESS: u16 = 5;
/// What a relay passes on (RFC 8415 section 21.10).
const RELAYED: u16 = 9;
/// The client's name with its domain (RFC 4704).
const CLIENT_FQDN: u16 = 39;

/// Number of the association, and when to ask again.
const ASSOCIATION_HEADER: usize = 12;
/// Hops, link and peer of a relay's message, behind the type.
const RELAY_HEADER: usize = 33;
/// Messages that are unwrapped: as many as relays may stand in a row (`HOP_COUNT_LIMIT`, RFC 8415 section 7.6).
const MAX_HOPS: usize = 8;

/// What a message is for (RFC 8415 section 7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageTypeV6(pub u8);

impl MessageTypeV6 {
    /// A client looks for servers.
    pub const SOLICIT: Self = Self(1);
    /// A client asks for addresses.
    pub const REQUEST: Self = Self(3);
    /// A client asks the same server for more time.
    pub const RENEW: Self = Self(5);
    /// A client asks any server for more time.
    pub const REBIND: Self = Self(6);
    /// A server gives them.
    pub const REPLY: Self = Self(7);
    /// A relay passes on what a client says.
    pub const RELAY_FORWARD: Self = Self(12);
    /// A server answers through a relay.
    pub const RELAY_REPLY: Self = Self(13);
}

/// A message for IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageV6<'a> {
    /// What it is for.
    pub kind: MessageTypeV6,
    /// The number that an answer repeats; relays have none.
    pub transaction: Option<u32>,
    options: &'a [u8],
}

impl<'a> MessageV6<'a> {
    /// Reads a message's header; none where it is too short for one.
    pub fn parse(payload: &'a [u8]) -> Option<Self> {
        let mut wire = Wire(payload);
        let kind = MessageTypeV6(wire.byte()?);
        let transaction = if matches!(kind, MessageTypeV6::RELAY_FORWARD | MessageTypeV6::RELAY_REPLY) {
            wire.take_cut(RELAY_HEADER);
            None
        } else {
            Some(wire.be24()?)
        };
        Some(Self { kind, transaction, options: wire.0 })
    }

    /// Returns what client and server say, whatever relays it has come through.
    pub fn innermost(self) -> Option<Self> {
        let mut message = self;
        for _ in 0..MAX_HOPS {
            if message.transaction.is_some() {
                return Some(message);
            }
            message = Self::parse(option(message.options, RELAYED)?)?;
        }
        None
    }

    /// Returns what tells the client from others (RFC 8415 section 11).
    pub fn client(&self) -> Option<&'a [u8]> {
        option(self.options, CLIENT_ID)
    }

    /// Returns what the client calls itself (RFC 4704 section 4).
    pub fn client_name(&self) -> Option<ClientName<'a>> {
        let (_flags, name) = option(self.options, CLIENT_FQDN)?.split_first()?;
        ClientName::of_labels(name)
    }

    /// Returns the addresses that are given, or asked for; those that are taken back are left out.
    pub fn addresses(&self) -> impl Iterator<Item = Ipv6Addr> + use<'a> {
        let associations = options(self.options).filter(|&(code, _)| code == ASSOCIATION);
        let inside = associations.filter_map(|(_, content)| content.get(ASSOCIATION_HEADER..));
        inside.flat_map(options).filter(|&(code, _)| code == ADDRESS).filter_map(|(_, content)| {
            let mut wire = Wire(content);
            let address: [u8; 16] = wire.array()?;
            let [_preferred, valid_s] = [wire.be32()?, wire.be32()?];
            (valid_s > 0).then(|| address.into())
        })
    }
}

/// Returns code and content of options, up to what is cut.
fn options(bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut wire = Wire(bytes);
    std::iter::from_fn(move || Some((wire.be16()?, wire.long_piece()?))).take(MAX_OPTIONS)
}

/// Returns the content of the first option of a kind.
fn option(bytes: &[u8], wanted: u16) -> Option<&[u8]> {
    options(bytes).find(|&(code, _)| code == wanted).map(|(_, content)| content)
}
