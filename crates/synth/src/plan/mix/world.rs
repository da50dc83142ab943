//! Who lives in the office, and whom they talk to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::names;
use crate::path::{Endpoint, Mac, Path, Tags};
use crate::rng::Rng;

/// The router of the office.
const ROUTER: Mac = [0x02, 0xff, 0x00, 0x00, 0x00, 0x01];

/// The resolver of the office; also its server of time and of addresses.
const RESOLVER: Ipv4Addr = Ipv4Addr::new(10, 1, 0, 1);
const RESOLVER_V6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0xff, 0, 0, 0, 0x53);

/// Packets for each client, so that none runs out of ports.
const PACKETS_PER_CLIENT: u64 = 8_000;

/// Fewest and most clients.
const CLIENTS: (u64, u64) = (250, 60_000);

/// How many servers there are.
const SERVERS: u64 = 4_000;

/// Ports that clients use, as Linux does.
const FIRST_PORT: u16 = 32_768;
const LAST_PORT: u16 = 60_999;

/// How many in a million conversations are IPv6.
const IPV6: u32 = 250_000;

/// The hosts of a mix.
#[derive(Debug)]
pub(super) struct World {
    /// The next port of each client.
    ports: Vec<u16>,
}

/// A client, a server, and how far away each is from the tap.
#[derive(Clone, Debug)]
pub(super) struct Peers {
    /// The client's number.
    pub(super) number: u64,
    /// The path, its server at port 0.
    pub(super) path: Path,
    /// The server's name.
    pub(super) name: String,
    /// From the client to the tap, one way, in nanoseconds.
    pub(super) near: u64,
    /// From the tap to the server, one way, in nanoseconds.
    pub(super) far: u64,
}

impl World {
    pub(super) fn new(packets: u64) -> Self {
        let (least, most) = CLIENTS;
        let clients = (packets / PACKETS_PER_CLIENT).clamp(least, most);
        Self { ports: vec![FIRST_PORT; usize::try_from(clients).unwrap_or_default()] }
    }

    fn clients(&self) -> u64 {
        u64::try_from(self.ports.len()).unwrap_or_default()
    }

    /// Picks a client.
    pub(super) fn client(&self, rng: &mut Rng) -> u64 {
        rng.below(self.clients())
    }

    /// Returns the next port of a client: none comes again before all were used.
    pub(super) fn port(&mut self, client: u64) -> u16 {
        let Some(port) = usize::try_from(client).ok().and_then(|client| self.ports.get_mut(client)) else {
            return FIRST_PORT;
        };
        let this = *port;
        *port = if this >= LAST_PORT { FIRST_PORT } else { this + 1 };
        this
    }

    /// Picks a client and a server, over IPv6 now and then.
    pub(super) fn peers(&mut self, server_port: u16, rng: &mut Rng) -> Peers {
        let is_ipv6 = rng.chance(IPV6);
        self.peers_over(is_ipv6, server_port, rng)
    }

    /// Picks a client and a server that talk over IPv4.
    pub(super) fn peers_v4(&mut self, server_port: u16, rng: &mut Rng) -> Peers {
        self.peers_over(false, server_port, rng)
    }

    fn peers_over(&mut self, is_ipv6: bool, server_port: u16, rng: &mut Rng) -> Peers {
        let client = self.client(rng);
        // Few servers have most of the visitors.
        let number = rng.magnitude(1, SERVERS);
        let server = server_address(number, is_ipv6);
        let port = self.port(client);
        let path = Path {
            client: endpoint(client, is_ipv6, port),
            server: Endpoint::new(server, server_port).behind(ROUTER),
            tags: tags(client),
        };
        let mut place = Rng::new(0x7274_7421, number);
        let far = place.magnitude(1_000_000, 60_000_000);
        Peers {
            number: client,
            path,
            name: names::server(number),
            near: rng.between(200_000, 2_000_000),
            far,
        }
    }

    /// Returns a path from a client to the office's resolver.
    pub(super) fn path_to_resolver(&mut self, client: u64, is_ipv6: bool, server_port: u16) -> Path {
        let port = self.port(client);
        let resolver: IpAddr = if is_ipv6 { RESOLVER_V6.into() } else { RESOLVER.into() };
        let server = Endpoint::new(resolver, server_port).behind(ROUTER);
        Path { client: endpoint(client, is_ipv6, port), server, tags: tags(client) }
    }
}

/// Returns a client's end.
pub(super) fn endpoint(client: u64, is_ipv6: bool, port: u16) -> Endpoint {
    Endpoint::new(if is_ipv6 { client_v6(client).into() } else { client_v4(client).into() }, port)
}

/// Returns the addresses that a server has, by its number.
pub(super) fn server_address(number: u64, is_ipv6: bool) -> IpAddr {
    let [.., high, low] = number.to_be_bytes();
    if is_ipv6 {
        Ipv6Addr::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, u16::from_be_bytes([high, low])).into()
    } else {
        // The network for measuring devices (RFC 2544).
        Ipv4Addr::new(198, 18, high, low).into()
    }
}

/// Returns the address of a client, none of which ends in 0, 1 or 255.
pub(super) fn client_v4(client: u64) -> Ipv4Addr {
    let low = u8::try_from(client % 250 + 2).unwrap_or_default();
    let high = u8::try_from(client / 250 % 250 + 2).unwrap_or_default();
    Ipv4Addr::new(10, 1, high, low)
}

pub(super) fn client_v6(client: u64) -> Ipv6Addr {
    let low = u16::try_from(client % 0xffff).unwrap_or_default();
    Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, low + 0x10)
}

/// Returns the router that a client sees.
pub(super) fn router_v4(client: u64) -> Ipv4Addr {
    let [a, b, c, _] = client_v4(client).octets();
    Ipv4Addr::new(a, b, c, 1)
}

/// Returns the tags of a client's frames: a fifth of the office is on VLANs, a few behind a provider's.
pub(super) fn tags(client: u64) -> Tags {
    let vlan = u16::try_from(10 + client / 5 % 8).unwrap_or_default();
    match client {
        _ if client.is_multiple_of(100) => Tags::QinQ(200, vlan),
        _ if client.is_multiple_of(5) => Tags::Vlan(vlan),
        _ => Tags::None,
    }
}
