//! Where SDP says that streams will come to.

use std::net::IpAddr;
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use crate::{Announcement, limits};

/// An address and a port.
pub(crate) type Endpoint = (IpAddr, u16);

/// What was announced for an endpoint.
#[derive(Clone, Debug)]
enum Comes {
    Stream(Arc<Announcement>),
    /// The reports about a stream that comes to another port.
    Reports,
}

/// The announcements by the endpoints that they are for, in a ring: at the bound the oldest endpoint gives way.
#[derive(Debug, Default)]
pub(crate) struct Announced {
    /// What comes to an endpoint, and its place in the ring.
    endpoints: HashMap<Endpoint, (Comes, usize), RandomState>,
    ring: Vec<Endpoint>,
    next: usize,
    generation: u32,
}

impl Announced {
    /// Takes in an announcement; a later one for the same endpoint replaces it.
    pub(crate) fn announce(&mut self, announcement: &Announcement) {
        let &Announcement { address, port, rtcp_port, .. } = announcement;
        if port == 0 || address.is_unspecified() {
            // Refused, or on hold (RFC 3264 sections 6 and 8.4): nothing will come.
            return;
        }
        if self.stream((address, port)).is_some_and(|known| announcement.repeats(known)) {
            return;
        }
        self.put((address, port), Comes::Stream(Arc::new(announcement.clone())));
        if rtcp_port != port && rtcp_port != 0 && self.stream((address, rtcp_port)).is_none() {
            self.put((address, rtcp_port), Comes::Reports);
        }
        self.generation = self.generation.wrapping_add(1);
    }

    /// Returns a number that changes with every announcement, so that who has looked need not look again.
    pub(crate) const fn generation(&self) -> u32 {
        self.generation
    }

    /// Returns what was announced of the stream to or from an endpoint.
    pub(crate) fn stream(&self, endpoint: Endpoint) -> Option<&Arc<Announcement>> {
        match self.endpoints.get(&endpoint) {
            Some((Comes::Stream(announcement), _)) => Some(announcement),
            Some((Comes::Reports, _)) | None => None,
        }
    }

    /// Tells whether reports of RTCP, and no stream, were announced for an endpoint.
    pub(crate) fn has_reports(&self, endpoint: Endpoint) -> bool {
        matches!(self.endpoints.get(&endpoint), Some((Comes::Reports, _)))
    }

    fn put(&mut self, endpoint: Endpoint, comes: Comes) {
        if let Some((known, _)) = self.endpoints.get_mut(&endpoint) {
            *known = comes;
            return;
        }
        let place = self.next;
        self.next = (place + 1) % limits::ANNOUNCED;
        match self.ring.get_mut(place) {
            Some(oldest) => {
                let given_up = std::mem::replace(oldest, endpoint);
                self.endpoints.remove(&given_up);
            }
            None => self.ring.push(endpoint),
        }
        self.endpoints.insert(endpoint, (comes, place));
    }
}

#[cfg(test)]
mod tests {
    use netsonde_units::Timestamp;

    use super::*;
    use crate::MediaKind;

    fn announcement(port: u16, rtcp_port: u16) -> Announcement {
        Announcement {
            address: "192.0.2.7".parse().unwrap(),
            port,
            rtcp_port,
            kind: MediaKind::Audio,
            is_protected: false,
            formats: Vec::new(),
            call: None,
            at: Timestamp::EPOCH,
        }
    }

    #[test]
    fn a_stream_and_its_reports_are_found_by_their_ports() {
        let mut announced = Announced::default();
        announced.announce(&announcement(4000, 4001));
        announced.announce(&announcement(4002, 4002));
        let at = |port| (announcement(port, port).address, port);
        assert_eq!(announced.stream(at(4000)).map(|known| known.rtcp_port), Some(4001));
        assert!(announced.has_reports(at(4001)) && announced.stream(at(4001)).is_none());
        // The same port carries both (RFC 5761).
        assert!(announced.stream(at(4002)).is_some() && !announced.has_reports(at(4002)));
        assert!(announced.stream(at(4003)).is_none());
    }

    #[test]
    fn what_is_said_again_changes_nothing_and_what_is_refused_or_held_is_not_taken() {
        let mut announced = Announced::default();
        announced.announce(&announcement(4000, 4001));
        let generation = announced.generation();
        // A message sent again comes later.
        announced.announce(&Announcement { at: Timestamp::from_nanos(9), ..announcement(4000, 4001) });
        announced.announce(&announcement(0, 1));
        announced.announce(&Announcement { address: "0.0.0.0".parse().unwrap(), ..announcement(5000, 5001) });
        assert_eq!(announced.generation(), generation);
        announced.announce(&announcement(4000, 4000));
        assert_ne!(announced.generation(), generation);
    }

    #[test]
    fn at_the_bound_the_oldest_endpoint_gives_way() {
        let mut announced = Announced::default();
        let bound = u16::try_from(limits::ANNOUNCED).unwrap();
        for port in 1..=bound + 1 {
            announced.announce(&announcement(port, port));
        }
        let at = |port| (announcement(port, port).address, port);
        assert!(announced.stream(at(1)).is_none());
        assert!(announced.stream(at(2)).is_some() && announced.stream(at(bound + 1)).is_some());
        assert_eq!(announced.endpoints.len(), limits::ANNOUNCED);
    }
}
