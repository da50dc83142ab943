//! DHCP (RFC 2131, RFC 2132) and its sibling for IPv6 (RFC 8415): who asks, what it calls itself, what it is given.

mod name;
mod v6;

use std::net::Ipv4Addr;

use crate::{MacAddr, Wire};

pub use name::ClientName;
pub use v6::{MessageTypeV6, MessageV6};

/// What begins the options (RFC 2131 section 3).
const COOKIE: [u8; 4] = [99, 130, 83, 99];
/// Hardware address and what fills it up (RFC 2131 section 2).
const HARDWARE_LEN: usize = 16;
/// The server's name and the boot file, behind the hardware address.
const NAME_AND_FILE_LEN: usize = 64 + 128;

const PAD: u8 = 0;
const HOST_NAME: u8 = 12;
const REQUESTED_ADDRESS: u8 = 50;
const MESSAGE_TYPE: u8 = 53;
/// The client's name with its domain (RFC 4702).
const CLIENT_FQDN: u8 = 81;
const END: u8 = 255;
/// A message of 64 KiB could hold more, an honest one never does.
const MAX_OPTIONS: usize = 100;

/// What a message is for (RFC 2132 section 9.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageType(pub u8);

impl MessageType {
    /// A client looks for servers.
    pub const DISCOVER: Self = Self(1);
    /// A client asks for an address.
    pub const REQUEST: Self = Self(3);
    /// A server gives it.
    pub const ACK: Self = Self(5);
    /// A client that has an address asks for the rest.
    pub const INFORM: Self = Self(8);
}

/// A message for IPv4, BOOTP's included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Whether it is a client's.
    pub is_request: bool,
    /// The number that an answer repeats.
    pub transaction: u32,
    /// The address that the client has, or none: `ciaddr`.
    pub client_address: Ipv4Addr,
    /// The address that the client is given, or none: `yiaddr`.
    pub your_address: Ipv4Addr,
    /// The client's hardware address, filled up with what it likes: `chaddr`.
    pub hardware: [u8; HARDWARE_LEN],
    options: &'a [u8],
}

impl<'a> Message<'a> {
    /// Reads a message's header; none where it is too short for one. What stands behind it are options where it says so.
    pub fn parse(payload: &'a [u8]) -> Option<Self> {
        let mut wire = Wire(payload);
        let [operation, _, _, _] = wire.array()?;
        let transaction = wire.be32()?;
        // Seconds and flags.
        wire.take(4)?;
        let addresses = [wire.be32()?, wire.be32()?, wire.be32()?, wire.be32()?];
        let [client_address, your_address, _, _] = addresses.map(Ipv4Addr::from);
        let hardware = wire.array()?;
        wire.take(NAME_AND_FILE_LEN)?;
        let options = if wire.array()? == COOKIE { wire.0 } else { &[] };
        Some(Self {
            is_request: operation == 1,
            transaction,
            client_address,
            your_address,
            hardware,
            options,
        })
    }

    /// Returns what it is for; none for BOOTP.
    pub fn kind(&self) -> Option<MessageType> {
        let &[kind] = self.option(MESSAGE_TYPE)? else { return None };
        Some(MessageType(kind))
    }

    /// Returns the client's hardware address, as that of Ethernet.
    pub fn mac(&self) -> MacAddr {
        MacAddr(self.hardware.first_chunk().copied().unwrap_or_default())
    }

    /// Returns the address that a client asks for.
    pub fn requested_address(&self) -> Option<Ipv4Addr> {
        self.option(REQUESTED_ADDRESS).and_then(<[u8]>::as_array::<4>).copied().map(Ipv4Addr::from)
    }

    /// Returns the client's name as it stands in the message (RFC 2132 section 3.14).
    pub fn host_name(&self) -> Option<&'a [u8]> {
        self.option(HOST_NAME)
    }

    /// Returns what the client is called: its name with its domain (RFC 4702), else that without.
    pub fn client_name(&self) -> Option<ClientName<'a>> {
        let with_domain = || ClientName::with_flags(self.option(CLIENT_FQDN)?);
        with_domain().or_else(|| ClientName::of_text(self.host_name()?))
    }

    /// Returns the content of the first option of a kind.
    fn option(&self, wanted: u8) -> Option<&'a [u8]> {
        let mut wire = Wire(self.options);
        for _ in 0..MAX_OPTIONS {
            match wire.byte()? {
                PAD => {}
                END => return None,
                kind => {
                    let content = wire.short_piece()?;
                    if kind == wanted {
                        return Some(content);
                    }
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
