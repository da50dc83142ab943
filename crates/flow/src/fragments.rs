//! Remembers the ports of first fragments for the fragments after them.

use std::net::IpAddr;

use netsonde_dissect::IpProtocol;
use netsonde_units::Timestamp;

use crate::limits;

/// What tells one fragmented datagram from another (RFC 791 section 3.2, RFC 8200 section 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DatagramId {
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    pub(crate) protocol: IpProtocol,
    pub(crate) id: u32,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    datagram: DatagramId,
    ports: (u16, u16),
    at: Timestamp,
}

/// A small direct-mapped table: a newer datagram takes the place of an older one.
#[derive(Debug)]
pub(crate) struct Fragments {
    entries: Vec<Option<Entry>>,
}

impl Fragments {
    pub(crate) fn new() -> Self {
        Self { entries: vec![None; limits::FRAGMENTS] }
    }

    pub(crate) fn remember(&mut self, hash: u64, datagram: DatagramId, ports: (u16, u16), at: Timestamp) {
        if let Some(entry) = self.entries.get_mut(place(hash)) {
            *entry = Some(Entry { datagram, ports, at });
        }
    }

    pub(crate) fn ports_of(&self, hash: u64, datagram: &DatagramId, now: Timestamp) -> Option<(u16, u16)> {
        let entry = self.entries.get(place(hash))?.as_ref()?;
        let fresh = now.nanos_since(entry.at) <= limits::FRAGMENT_LIFE_NANOS;
        (entry.datagram == *datagram && fresh).then_some(entry.ports)
    }
}

/// The table's place for a hash: its low bits.
fn place(hash: u64) -> usize {
    usize::try_from(hash % limits::FRAGMENTS as u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_fragments_find_the_ports_while_they_are_fresh() {
        let datagram = DatagramId {
            source: "192.0.2.1".parse().unwrap(),
            destination: "192.0.2.2".parse().unwrap(),
            protocol: IpProtocol(17),
            id: 77,
        };
        let mut fragments = Fragments::new();
        let at = Timestamp::from_parts(100, 0);
        fragments.remember(5, datagram, (1000, 53), at);
        assert_eq!(fragments.ports_of(5, &datagram, at), Some((1000, 53)));
        assert_eq!(fragments.ports_of(5, &DatagramId { id: 78, ..datagram }, at), None);
        assert_eq!(fragments.ports_of(5, &datagram, Timestamp::from_parts(161, 0)), None);
    }
}
