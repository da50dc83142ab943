//! Who talks to whom, and on which wire.

use std::net::IpAddr;

/// An address of Ethernet.
pub type Mac = [u8; 6];

/// One end of a conversation: a port of an address of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The address of Ethernet, of the host or of the router before it.
    pub mac: Mac,
    /// The address of IP.
    pub ip: IpAddr,
    /// The port; 0 where the protocol has none.
    pub port: u16,
}

impl Endpoint {
    /// Makes an end; its address of Ethernet is made from `ip`, locally administered.
    pub const fn new(ip: IpAddr, port: u16) -> Self {
        Self { mac: mac_of(ip), ip, port }
    }

    /// Returns the same host at another port.
    #[must_use]
    pub const fn at_port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Returns the same end behind another address of Ethernet.
    #[must_use]
    pub const fn behind(self, mac: Mac) -> Self {
        Self { mac, ..self }
    }
}

/// Makes a locally administered unicast address from the last bytes of an address of IP; the multicast one where
/// `ip` is a group (RFC 1112 section 6.4, RFC 2464 section 7), and broadcast for 255.255.255.255.
pub const fn mac_of(ip: IpAddr) -> Mac {
    match ip {
        IpAddr::V4(ip) => match ip.octets() {
            [255, 255, 255, 255] => [0xff; 6],
            [224..=239, b, c, d] => [0x01, 0x00, 0x5e, b & 0x7f, c, d],
            [a, b, c, d] => [0x02, 0x04, a, b, c, d],
        },
        IpAddr::V6(ip) => {
            let [group, _, _, _, _, _, _, _, _, _, _, _, a, b, c, d] = ip.octets();
            if group == 0xff { [0x33, 0x33, a, b, c, d] } else { [0x02, 0x06, a, b, c, d] }
        }
    }
}

/// The tags of a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tags {
    /// Plain Ethernet.
    #[default]
    None,
    /// One tag of IEEE 802.1Q: the number of the VLAN, 1 to 4094.
    Vlan(u16),
    /// Two tags, IEEE 802.1ad around 802.1Q: the provider's number, then the customer's.
    QinQ(u16, u16),
}

/// The two ends of a conversation and the tags between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    /// Who speaks first.
    pub client: Endpoint,
    /// Who is spoken to.
    pub server: Endpoint,
    /// The tags of every frame, both ways.
    pub tags: Tags,
}

impl Path {
    /// Makes a path without tags.
    pub const fn new(client: Endpoint, server: Endpoint) -> Self {
        Self { client, server, tags: Tags::None }
    }

    /// Returns the sender and the receiver of one way.
    pub const fn ends(&self, way: Way) -> (Endpoint, Endpoint) {
        match way {
            Way::Up => (self.client, self.server),
            Way::Down => (self.server, self.client),
        }
    }

    /// Returns the same hosts at other ports.
    #[must_use]
    pub const fn at_ports(self, client: u16, server: u16) -> Self {
        Self { client: self.client.at_port(client), server: self.server.at_port(server), tags: self.tags }
    }
}

/// One of the two directions of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// From the client to the server.
    Up,
    /// From the server to the client.
    Down,
}

impl Way {
    /// Returns the other direction.
    #[must_use]
    pub const fn back(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}
