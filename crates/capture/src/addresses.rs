//! Addresses of this machine, which tell inbound from outbound.

use std::path::Path;
use std::{fmt, fs};

use if_addrs::IfAddr;
use ipnet::IpNet;
use netsonde_dissect::MacAddr;
use netsonde_units::{NANOS_PER_SECOND, Timestamp};

use crate::error::InterfacesError;

/// What this machine is called on its networks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnAddresses {
    /// The addresses of all interfaces, each with the prefix of its network, sorted.
    pub networks: Vec<IpNet>,
    /// The hardware addresses of all interfaces, sorted; none where the system does not list them.
    pub hardware: Vec<MacAddr>,
}

/// Returns the addresses of this machine.
///
/// # Errors
///
/// [`InterfacesError`] when the operating system cannot list them.
pub fn own_addresses() -> Result<OwnAddresses, InterfacesError> {
    let interfaces = if_addrs::get_if_addrs()?;
    let mut networks: Vec<IpNet> = interfaces.iter().filter_map(|it| network(&it.addr)).collect();
    networks.sort_unstable();
    networks.dedup();
    Ok(OwnAddresses { networks, hardware: hardware_in(Path::new("/sys/class/net")) })
}

fn network(address: &IfAddr) -> Option<IpNet> {
    match address {
        IfAddr::V4(v4) => IpNet::new(v4.ip.into(), v4.prefixlen).ok(),
        IfAddr::V6(v6) => IpNet::new(v6.ip.into(), v6.prefixlen).ok(),
    }
}

/// Reads what Linux lists: a folder for each interface, its hardware address in the file `address`.
///
/// Loopback and tunnels have none or one of zeros. An interface that vanishes meanwhile is no error.
fn hardware_in(folder: &Path) -> Vec<MacAddr> {
    let interfaces = fs::read_dir(folder).into_iter().flatten().flatten();
    let texts = interfaces.filter_map(|interface| fs::read_to_string(interface.path().join("address")).ok());
    let mut hardware: Vec<MacAddr> =
        texts.filter_map(|text| hardware_address(text.trim_end())).filter(|mac| mac.0 != [0; 6]).collect();
    hardware.sort_unstable();
    hardware.dedup();
    hardware
}

/// Parses six octets in hexadecimal with colons between.
fn hardware_address(text: &str) -> Option<MacAddr> {
    let mut octets = text.split(':').map(|octet| u8::from_str_radix(octet, 16).ok());
    let mut address = [0; 6];
    for octet in &mut address {
        *octet = octets.next()??;
    }
    octets.next().is_none().then_some(MacAddr(address))
}

/// Notices when the addresses of this machine change: a lease, a tunnel, a new temporary IPv6 address.
pub struct AddressWatch {
    read: Box<dyn FnMut() -> Result<OwnAddresses, InterfacesError> + Send>,
    known: OwnAddresses,
    looked: Option<Timestamp>,
}

impl AddressWatch {
    /// Starts to watch; the first poll answers with the addresses there are.
    pub fn new() -> Self {
        Self::with(own_addresses)
    }

    fn with(read: impl FnMut() -> Result<OwnAddresses, InterfacesError> + Send + 'static) -> Self {
        Self { read: Box::new(read), known: OwnAddresses::default(), looked: None }
    }

    /// Returns the addresses when they differ from those returned last.
    ///
    /// It looks at most once a second of `now`, which may be any clock; a clock that goes back makes it look.
    ///
    /// # Errors
    ///
    /// [`InterfacesError`] when the operating system cannot list them; what was known stays known.
    pub fn poll(&mut self, now: Timestamp) -> Result<Option<OwnAddresses>, InterfacesError> {
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

    fn nets(addresses: &[&str]) -> OwnAddresses {
        let networks = addresses.iter().map(|address| address.parse().unwrap()).collect();
        OwnAddresses { networks, hardware: Vec::new() }
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
    fn this_machine_has_sorted_addresses_among_them_its_loopback() {
        let OwnAddresses { networks, hardware } = own_addresses().unwrap();
        assert!(networks.is_sorted() && hardware.is_sorted());
        assert!(networks.contains(&"127.0.0.1/8".parse().unwrap()), "{networks:?}");
    }

    #[test]
    fn hardware_addresses_are_read_and_those_of_no_hardware_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("eth0", "02:00:5e:10:00:ff\n"),
            ("lo", "00:00:00:00:00:00\n"),
            ("ib0", "80:00:00:48:fe:80:00:00:00:00:00:00:00:02:c9:03:00:0e:8a:d1\n"),
            ("tun0", "\n"),
        ] {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join("address"), text).unwrap();
        }
        fs::create_dir(folder.path().join("gone")).unwrap();
        assert_eq!(hardware_in(folder.path()), [MacAddr([2, 0, 0x5e, 0x10, 0, 0xff])]);
        assert_eq!(hardware_in(&folder.path().join("nothing")), []);
    }
}
