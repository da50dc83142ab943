//! Addresses of this machine, which tell inbound from outbound.

use std::fmt;
use std::net::Ipv4Addr;

use if_addrs::IfAddr;
use ipnet::IpNet;
use netsonde_units::{NANOS_PER_SECOND, Timestamp};

use crate::error::InterfacesError;
use crate::interfaces::host;

/// Returns the addresses of this machine as networks of one address each, sorted.
///
/// # Errors
///
/// [`InterfacesError`] when the operating system cannot list them.
pub fn local_addresses() -> Result<Vec<IpNet>, InterfacesError> {
    let mut addresses: Vec<IpNet> =
        if_addrs::get_if_addrs()?.iter().filter_map(|interface| host(interface.ip())).collect();
    addresses.sort_unstable();
    addresses.dedup();
    Ok(addresses)
}

/// Returns the broadcast addresses of the networks this machine is in, sorted.
///
/// # Errors
///
/// [`InterfacesError`] when the operating system cannot list them.
pub fn broadcast_addresses() -> Result<Vec<Ipv4Addr>, InterfacesError> {
    let mut addresses: Vec<Ipv4Addr> = if_addrs::get_if_addrs()?
        .iter()
        .filter_map(|interface| match &interface.addr {
            // Networks of one or two addresses have no broadcast address (RFC 3021).
            IfAddr::V4(v4) if v4.prefixlen < 31 => v4.broadcast,
            IfAddr::V4(_) | IfAddr::V6(_) => None,
        })
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    Ok(addresses)
}

/// Notices when the addresses of this machine change: a lease, a tunnel, a new temporary IPv6 address.
pub struct AddressWatch {
    read: Box<dyn FnMut() -> Result<Vec<IpNet>, InterfacesError> + Send>,
    known: Vec<IpNet>,
    looked: Option<Timestamp>,
}

impl AddressWatch {
    /// Starts to watch; the first poll answers with the addresses there are.
    pub fn new() -> Self {
        Self::with(local_addresses)
    }

    fn with(read: impl FnMut() -> Result<Vec<IpNet>, InterfacesError> + Send + 'static) -> Self {
        Self { read: Box::new(read), known: Vec::new(), looked: None }
    }

    /// Returns the addresses when they differ from those returned last.
    ///
    /// It looks at most once a second of `now`, which may be any clock; a clock that goes back makes it look.
    ///
    /// # Errors
    ///
    /// [`InterfacesError`] when the operating system cannot list them; what was known stays known.
    pub fn poll(&mut self, now: Timestamp) -> Result<Option<Vec<IpNet>>, InterfacesError> {
        if self.looked.is_some_and(|looked| now >= looked && now.nanos_since(looked) < NANOS_PER_SECOND) {
            return Ok(None);
        }
        self.looked = Some(now);
        let addresses = (self.read)()?;
        if addresses == self.known {
            return Ok(None);
        }
        self.known.clone_from(&addresses);
        Ok(Some(addresses))
    }
}

impl Default for AddressWatch {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for AddressWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddressWatch")
            .field("known", &self.known)
            .field("looked", &self.looked)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn nets(addresses: &[&str]) -> Vec<IpNet> {
        addresses.iter().map(|address| address.parse().unwrap()).collect()
    }

    #[test]
    fn a_watch_answers_changes_at_most_once_a_second() {
        let mut readings = vec![
            Ok(nets(&["192.0.2.1/32", "192.0.2.9/32"])),
            Ok(nets(&["192.0.2.1/32"])),
            Err(InterfacesError::Addresses(io::Error::other("busy"))),
            Ok(nets(&["192.0.2.1/32"])),
        ];
        let mut watch = AddressWatch::with(move || readings.pop().unwrap());
        let second = |n, nanos| Timestamp::from_parts(n, nanos);

        assert_eq!(watch.poll(second(10, 0)).unwrap(), Some(nets(&["192.0.2.1/32"])));
        assert_eq!(watch.poll(second(10, 999_999_999)).unwrap(), None);
        assert!(watch.poll(second(11, 0)).is_err());
        // The same addresses as before the failure are no change.
        assert_eq!(watch.poll(second(12, 0)).unwrap(), None);
        assert_eq!(watch.poll(second(5, 0)).unwrap(), Some(nets(&["192.0.2.1/32", "192.0.2.9/32"])));
    }

    #[test]
    fn this_machine_has_sorted_host_addresses() {
        let addresses = local_addresses().unwrap();
        assert!(addresses.is_sorted());
        assert!(addresses.iter().all(|net| net.prefix_len() == net.max_prefix_len()));
    }
}
