//! Conversations that anybody on the way can read, by protocol and server port.

use std::hash::Hasher;
use std::net::IpAddr;

use netsonde_dissect::Protocol;
use netsonde_flow::FlowRow;
use netsonde_messages::stream::ClearText as Message;
use netsonde_units::{PerKey as _, Volume};

use crate::largest::keep_first;
use crate::ranked::{Key, Ranked, Weight};

/// How many are told.
const TOLD: usize = 50;
/// Services held; beyond it small ones are dropped. Ports are chosen by strangers.
const SERVICES: u32 = 4_096;
/// Servers of them held.
const SERVERS: u32 = 1 << 16;
/// Pairs of server and client held.
const PAIRS: u32 = 1 << 18;

/// What conversations in clear text have sent, kept from the rows that each tick touches.
#[derive(Debug)]
pub(crate) struct ClearText {
    services: Ranked<Service, ServiceSums>,
    servers: Ranked<(Service, IpAddr), ServerSums>,
    pairs: Ranked<(Service, (IpAddr, IpAddr)), u64>,
}

/// A protocol at a server's port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Service {
    protocol: Protocol,
    port: Option<u16>,
}

#[derive(Clone, Copy, Debug, Default)]
struct ServiceSums {
    flows: u64,
    volume: Volume,
    /// The server with the most bytes, and its client with the most.
    largest: Option<(IpAddr, IpAddr)>,
    largest_bytes: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct ServerSums {
    bytes: u64,
    largest_client: Option<IpAddr>,
    largest_bytes: u64,
}

impl ClearText {
    pub(crate) fn new() -> Self {
        Self { services: Ranked::new(SERVICES), servers: Ranked::new(SERVERS), pairs: Ranked::new(PAIRS) }
    }

    /// Takes in a conversation that is told of: what it has sent since the row before, or all where it was not in clear
    /// text by that. What is recognised as something else later stays counted as what it was taken for.
    #[inline]
    pub(crate) fn add(&mut self, before: Option<&FlowRow>, row: &FlowRow) {
        if is_clear_text(row.protocol) {
            let before = before.filter(|before| before.protocol == row.protocol);
            let volume = before.map_or(row.volume(), |before| row.volume() - before.volume());
            self.add_volume(before.is_none(), volume, row);
        }
    }

    fn add_volume(&mut self, is_new: bool, volume: Volume, row: &FlowRow) {
        let (server, client) = (row.server_address(), row.client_address());
        let service = Service { protocol: row.protocol, port: row.key.port(row.client.other()) };
        let (_, pair, _) = self.pairs.entry((service, (server, client)), 0);
        let Some(pair_bytes) = pair else { return };
        *pair_bytes += volume.bytes;
        let (_, at_server, _) = self.servers.entry((service, server), 0);
        let Some(at_server) = at_server else { return };
        at_server.bytes += volume.bytes;
        if at_server.largest_client.is_none() || *pair_bytes >= at_server.largest_bytes {
            (at_server.largest_client, at_server.largest_bytes) = (Some(client), *pair_bytes);
        }
        let (_, sums, _) = self.services.entry(service, 0);
        let Some(sums) = sums else { return };
        sums.flows += u64::from(is_new);
        sums.volume += volume;
        if sums.largest.is_none() || at_server.bytes >= sums.largest_bytes {
            sums.largest = at_server.largest_client.map(|client| (server, client));
            sums.largest_bytes = at_server.bytes;
        }
    }

    /// Returns the services with the most bytes, largest first.
    pub(crate) fn told(&self) -> Vec<Message> {
        let mut services: Vec<_> = self.services.entries().iter().collect();
        let rank =
            |(service, sums): &&(Service, ServiceSums)| (std::cmp::Reverse(sums.volume.bytes), *service);
        keep_first(&mut services, TOLD, rank);
        services.sort_unstable_by_key(rank);
        services.into_iter().filter_map(|(service, sums)| message(*service, sums)).collect()
    }
}

fn message(service: Service, sums: &ServiceSums) -> Option<Message> {
    let (largest_server, largest_client) = sums.largest?;
    Some(Message {
        protocol: service.protocol.name().into(),
        server_port: service.port,
        flows: sums.flows,
        packets: sums.volume.packets,
        bytes: sums.volume.bytes,
        largest_server,
        largest_client,
    })
}

/// Tells whether a protocol was recognised and says in clear text what somebody would want to know: names asked for,
/// pages, calls. What is not recognised is unknown, not clear; time, address and path services carry nothing of anybody.
const fn is_clear_text(protocol: Protocol) -> bool {
    matches!(
        protocol,
        Protocol::Dns
            | Protocol::Mdns
            | Protocol::Llmnr
            | Protocol::NetBios
            | Protocol::Http
            | Protocol::Ssdp
            | Protocol::Sip
            | Protocol::Rtsp
            | Protocol::Rtp
            | Protocol::Rtcp
    )
}

impl Weight for ServiceSums {
    fn weight(&self) -> u64 {
        self.volume.bytes
    }
}

impl Weight for ServerSums {
    fn weight(&self) -> u64 {
        self.bytes
    }
}

impl Weight for u64 {
    fn weight(&self) -> u64 {
        *self
    }
}

impl Key for Service {
    fn feed(&self, hasher: &mut impl Hasher) {
        hasher.write_usize(self.protocol.number());
        hasher.write_u32(self.port.map_or(u32::MAX, u32::from));
    }
}

impl<T: Key> Key for (Service, T) {
    fn feed(&self, hasher: &mut impl Hasher) {
        self.0.feed(hasher);
        self.1.feed(hasher);
    }
}

#[cfg(test)]
mod tests {
    use etherparse::PacketBuilder;
    use netsonde_dissect::{LinkType, Packet};
    use netsonde_units::Timestamp;

    use crate::{Session, Settings};

    /// Pushes a segment of 54 bytes and a payload from 10.0.0.`client` to 203.0.113.`server`.
    fn push(session: &mut Session, client: u8, server: u8, port: u16, payload: &[u8]) {
        let mut bytes = Vec::new();
        PacketBuilder::ethernet2([2; 6], [4; 6])
            .ipv4([10, 0, 0, client], [203, 0, 113, server], 64)
            .tcp(40_000, port, 1, 512)
            .ack(1)
            .write(&mut bytes, payload)
            .unwrap();
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let (at, link) = (Some(Timestamp::from_parts(1_700_000_000, 0)), LinkType::ETHERNET);
        session.push_all(&[Packet { at, link, interface: 0, wire_len, bytes: &bytes }]);
    }

    #[test]
    fn services_are_told_with_their_largest_server_and_its_largest_client() {
        let get = b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n";
        let mut session = Session::new(Settings::default());
        // Before its first payload nobody knows what it is; then all it sent counts.
        push(&mut session, 1, 1, 80, &[]);
        session.tick();
        assert_eq!(session.topics().protocols.clear_text, []);
        push(&mut session, 1, 1, 80, get);
        push(&mut session, 2, 2, 80, get);
        push(&mut session, 3, 2, 80, get);
        session.tick();
        push(&mut session, 3, 2, 80, get);
        push(&mut session, 4, 4, 8_080, get);
        // Not recognised, so unknown.
        push(&mut session, 5, 5, 9_999, &[0xee; 60]);
        session.tick();
        let told = session.topics().protocols.clear_text;
        // Packets of 54 + 37 bytes; on port 80 four of them and one of 54.
        assert_eq!(get.len(), 37);
        let summary: Vec<_> =
            told.iter().map(|it| (it.server_port, it.flows, it.packets, it.bytes)).collect();
        assert_eq!(summary, [(Some(80), 3, 5, 4 * 91 + 54), (Some(8_080), 1, 1, 91)]);
        assert!(told.iter().all(|it| it.protocol == "HTTP"));
        // Server 2 has 273 bytes, 182 of them with client 3; server 1 has 145.
        assert_eq!(told[0].largest_server.to_string(), "203.0.113.2");
        assert_eq!(told[0].largest_client.to_string(), "10.0.0.3");
    }
}
