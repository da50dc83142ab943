//! DHCP for IPv4 (RFC 2131, RFC 2132).

use std::net::Ipv4Addr;

use super::bytes::Bytes;

const COOKIE: u32 = 0x6382_5363;
const BOOT_REQUEST: u8 = 1;
const BOOT_REPLY: u8 = 2;
/// Where the options end in a message of the least length that every client takes (RFC 2131 section 2).
const MIN_LEN: usize = 300;

/// Options by number.
mod option {
    pub(super) const MASK: u8 = 1;
    pub(super) const ROUTER: u8 = 3;
    pub(super) const DNS: u8 = 6;
    pub(super) const HOST_NAME: u8 = 12;
    pub(super) const REQUESTED: u8 = 50;
    pub(super) const LEASE: u8 = 51;
    pub(super) const MESSAGE: u8 = 53;
    pub(super) const SERVER: u8 = 54;
    pub(super) const PARAMETERS: u8 = 55;
    pub(super) const END: u8 = 255;
}

/// What a message says (RFC 2132 section 9.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A client looks for servers.
    Discover,
    /// A server offers an address.
    Offer,
    /// A client asks for the offered address, or to keep its own.
    Request,
    /// A client that comes back asks whether it may keep the address that it had (RFC 2131 section 3.2).
    Reboot,
    /// A server agrees.
    Ack,
}

impl Kind {
    fn number(self) -> u8 {
        match self {
            Self::Discover => 1,
            Self::Offer => 2,
            Self::Request | Self::Reboot => 3,
            Self::Ack => 5,
        }
    }

    fn is_from_server(self) -> bool {
        matches!(self, Self::Offer | Self::Ack)
    }
}

/// A client, its server, and the exchange between them.
#[derive(Clone, Debug)]
pub struct Lease<'a> {
    /// Ties the messages of one exchange together.
    pub transaction: u32,
    /// The client's Ethernet address.
    pub mac: [u8; 6],
    /// The name that the client gives itself.
    pub host_name: &'a str,
    /// The address that is given.
    pub address: Ipv4Addr,
    /// The server, which also routes and resolves.
    pub server: Ipv4Addr,
    /// Whether the client has the address and asks to keep it.
    pub is_renewal: bool,
}

impl Lease<'_> {
    /// Returns one message of the exchange.
    pub fn message(&self, kind: Kind) -> Vec<u8> {
        let mut out = Bytes::new();
        let operation = if kind.is_from_server() { BOOT_REPLY } else { BOOT_REQUEST };
        // Ethernet with addresses of 6 bytes, no relay, no seconds, answers to the address.
        out.put(&[operation, 1, 6, 0]).u32(self.transaction).u32(0);
        let unspecified = Ipv4Addr::UNSPECIFIED;
        let client = if self.is_renewal { self.address } else { unspecified };
        let yours = if kind.is_from_server() { self.address } else { unspecified };
        let next = if kind.is_from_server() { self.server } else { unspecified };
        for address in [client, yours, next, unspecified] {
            out.put(&address.octets());
        }
        // Hardware address of 16 bytes, no server name (64), no boot file (128).
        out.put(&self.mac).zeros(10 + 64 + 128).u32(COOKIE);
        self.write_options(kind, &mut out);
        out.u8(option::END).pad_to(MIN_LEN);
        out.into_vec()
    }

    fn write_options(&self, kind: Kind, out: &mut Bytes) {
        let mut option = |number: u8, value: &[u8]| _ = out.u8(number).counted8(|body| _ = body.put(value));
        option(option::MESSAGE, &[kind.number()]);
        if kind.is_from_server() {
            let server = self.server.octets();
            option(option::SERVER, &server);
            option(option::LEASE, &86_400_u32.to_be_bytes());
            option(option::MASK, &[255, 255, 255, 0]);
            option(option::ROUTER, &server);
            option(option::DNS, &server);
            return;
        }
        if kind == Kind::Request && !self.is_renewal {
            option(option::REQUESTED, &self.address.octets());
            option(option::SERVER, &self.server.octets());
        }
        if kind == Kind::Reboot {
            option(option::REQUESTED, &self.address.octets());
        }
        option(option::HOST_NAME, self.host_name.as_bytes());
        option(option::PARAMETERS, &[option::MASK, option::ROUTER, option::DNS, 15, 28, 42, 119]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use netsonde_dissect::{Guess, Protocol, probe_udp};

    #[test]
    fn exchange_has_its_fields_in_place() {
        let address = Ipv4Addr::new(192, 168, 1, 23);
        let server = Ipv4Addr::new(192, 168, 1, 1);
        let lease = Lease {
            transaction: 0x0102_0304,
            mac: [2; 6],
            host_name: "laptop",
            address,
            server,
            is_renewal: false,
        };
        for (kind, ports) in [
            (Kind::Discover, (68, 67)),
            (Kind::Offer, (67, 68)),
            (Kind::Request, (68, 67)),
            (Kind::Reboot, (68, 67)),
            (Kind::Ack, (67, 68)),
        ] {
            let message = lease.message(kind);
            assert_eq!(message[4..8], [1, 2, 3, 4]);
            // 28 bytes of fields, 208 of address, names and file, then the cookie and option 53.
            assert_eq!(message[236..243], [0x63, 0x82, 0x53, 0x63, 53, 1, kind.number()]);
            let yours = if kind.is_from_server() { address } else { Ipv4Addr::UNSPECIFIED };
            assert_eq!(message[16..20], yours.octets());
            assert_eq!(probe_udp(&message, ports.0, ports.1), Guess::Certain(Protocol::Dhcp));
        }
    }
}
