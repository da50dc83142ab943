//! Lists the interfaces one can capture on.

use std::fs;
use std::net::IpAddr;
use std::path::Path;

use ipnet::IpNet;
use pcap::{Capture, ConnectionStatus, Device};

use crate::engine::Engine;
use crate::error::{InterfacesError, text};
use crate::tshark::{Listed, NAME_REFUSED, TsharkInterfaces, is_name};

/// An interface that one can capture on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// The name to capture by; it stays the same while others come and go.
    pub name: String,
    /// What libpcap, or tshark where only that knows it, says about it in words.
    pub description: Option<String>,
    /// Its addresses, each with the prefix of its network.
    pub addresses: Vec<IpNet>,
    /// Whether it carries traffic.
    pub state: LinkState,
    /// Whether it connects the machine with itself.
    pub loopback: bool,
    /// Whether this process may capture on it.
    pub may_capture: Permission,
    /// What the system has counted on it.
    pub bytes: ByteCounters,
    /// Whether libpcap knows it.
    pub by_libpcap: bool,
    /// Whether tshark knows it; false too where tshark was not asked.
    pub by_tshark: bool,
}

/// What the system has counted on an interface since it came up; none where it does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByteCounters {
    /// Bytes received.
    pub received: Option<u64>,
    /// Bytes sent.
    pub sent: Option<u64>,
}

impl ByteCounters {
    /// Reads what Linux keeps for an interface.
    pub fn of(interface: &str) -> Self {
        // A name with a slash would lead elsewhere; no interface has one.
        let folder = Path::new("/sys/class/net").join(interface.replace('/', "_")).join("statistics");
        let count = |name| fs::read_to_string(folder.join(name)).ok()?.trim().parse().ok();
        Self { received: count("rx_bytes"), sent: count("tx_bytes") }
    }
}

/// Whether an interface carries traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It is switched on and connected.
    Up,
    /// It is switched off or has no carrier.
    Down,
    /// The system does not say.
    Unknown,
}

/// Whether this process may capture on an interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Permission {
    /// A capture was opened and closed again.
    Yes,
    /// A capture could not be opened for want of a right; libpcap's words.
    Denied(String),
    /// A capture could not be opened for another reason; libpcap's words.
    Failed(String),
    /// A capture could not be opened, and libpcap gave no reason.
    Unknown,
}

/// Lists the network interfaces, and tries on each whether a capture opens.
///
/// Trying is the only truthful answer: capabilities, user namespaces, and security modules all have a say.
/// A try takes a small ring and is not promiscuous, so that nobody else notices it; it takes about a
/// millisecond for each interface.
///
/// # Errors
///
/// [`InterfacesError`] when libpcap cannot list them.
pub fn interfaces() -> Result<Vec<Interface>, InterfacesError> {
    Ok(devices()?.into_iter().map(Interface::from).collect())
}

/// Returns the name of the libpcap that this program runs with, such as `libpcap.so.1.10.3`; none where the system does
/// not tell, or where it is part of the program.
///
/// Asking the library itself would take unsafe code, for one line that a person reads.
pub fn libpcap() -> Option<String> {
    libpcap_among(&fs::read_to_string("/proc/self/maps").ok()?)
}

/// Finds libpcap among the mapped files (`proc_pid_maps(5)`: the path is what follows the blanks of a line).
fn libpcap_among(maps: &str) -> Option<String> {
    let names = maps.lines().filter_map(|line| line.rsplit_once('/').map(|(_, name)| name.trim_end()));
    names.into_iter().find(|name| name.starts_with("libpcap.so")).map(Into::into)
}

/// Lists the interfaces as [`interfaces`] does; with tshark, also those that only it knows, behind the others.
///
/// Whether tshark may capture is not tried, because starting it takes half a second: a user of another group may have
/// that right where this program has not, so a missing right of ours says nothing.
///
/// # Errors
///
/// [`InterfacesError`] when libpcap or tshark cannot list them.
pub fn interfaces_of(engine: &Engine) -> Result<Vec<Interface>, InterfacesError> {
    match engine {
        Engine::Libpcap => interfaces(),
        Engine::Tshark(tshark) => interfaces_with(&tshark.interfaces()?),
    }
}

/// Lists the interfaces as [`interfaces_of`] does, with what tshark listed before: it takes half a second for that.
///
/// # Errors
///
/// [`InterfacesError`] when libpcap cannot list them.
pub fn interfaces_with(listed: &TsharkInterfaces) -> Result<Vec<Interface>, InterfacesError> {
    Ok(joined(interfaces()?, &listed.0))
}

/// Puts what tshark lists beside what libpcap does.
fn joined(mut interfaces: Vec<Interface>, listed: &[Listed]) -> Vec<Interface> {
    for Listed { name, description } in listed.iter().cloned() {
        if let Some(known) = interfaces.iter_mut().find(|interface| interface.name == name) {
            known.by_tshark = true;
            if matches!(known.may_capture, Permission::Denied(_)) {
                known.may_capture = Permission::Unknown;
            }
        } else {
            interfaces.push(Interface {
                bytes: ByteCounters::of(&name),
                name,
                description,
                addresses: Vec::new(),
                state: LinkState::Unknown,
                loopback: false,
                may_capture: Permission::Unknown,
                by_libpcap: false,
                by_tshark: true,
            });
        }
    }
    // A capture of ours may open on them; it is tshark that would be given their names.
    for interface in interfaces.iter_mut().filter(|interface| !is_name(&interface.name)) {
        interface.may_capture = Permission::Failed(NAME_REFUSED.into());
    }
    interfaces
}

/// Returns the names that one can capture by.
pub(crate) fn names() -> Result<Vec<String>, InterfacesError> {
    Ok(devices()?.into_iter().map(|device| device.name).collect())
}

/// Says whether libpcap's message is about a missing right.
pub(crate) fn lacks_permission(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["permission", "not permitted", "cap_net_raw"].iter().any(|sign| message.contains(sign))
}

fn devices() -> Result<Vec<Device>, InterfacesError> {
    let mut devices = Device::list().map_err(|error| InterfacesError::Libpcap(text(&error)))?;
    devices.retain(|device| !is_other_bus(&device.name));
    Ok(devices)
}

/// Tells whether a name is of what libpcap lists beside network interfaces, and tshark does too.
pub(crate) fn is_other_bus(name: &str) -> bool {
    const OTHER_BUSES: [&str; 4] = ["bluetooth", "dbus-", "nfqueue", "usbmon"];
    OTHER_BUSES.iter().any(|bus| name.starts_with(bus))
}

impl From<Device> for Interface {
    fn from(device: Device) -> Self {
        Self {
            may_capture: permission(&device.name),
            state: state(&device),
            loopback: device.flags.is_loopback(),
            addresses: device.addresses.iter().filter_map(network).collect(),
            bytes: ByteCounters::of(&device.name),
            name: device.name,
            description: device.desc,
            by_libpcap: true,
            by_tshark: false,
        }
    }
}

fn state(device: &Device) -> LinkState {
    let flags = &device.flags;
    match flags.connection_status {
        _ if !flags.is_up() => LinkState::Down,
        ConnectionStatus::Disconnected => LinkState::Down,
        ConnectionStatus::Connected | ConnectionStatus::NotApplicable => LinkState::Up,
        ConnectionStatus::Unknown if flags.is_running() => LinkState::Up,
        ConnectionStatus::Unknown => LinkState::Unknown,
    }
}

/// Joins address and mask; an address without a mask stands for itself.
fn network(address: &pcap::Address) -> Option<IpNet> {
    let net = match address.netmask {
        Some(mask) if !mask.is_unspecified() => IpNet::with_netmask(address.addr, mask).ok(),
        _ => None,
    };
    net.or_else(|| host(address.addr))
}

/// Returns the network that is one address.
fn host(address: IpAddr) -> Option<IpNet> {
    let bits = if address.is_ipv4() { 32 } else { 128 };
    IpNet::new(address, bits).ok()
}

fn permission(name: &str) -> Permission {
    /// Bytes of the ring; libpcap rounds them up to what it needs.
    const TRIAL_RING: i32 = 1 << 16;
    /// Bytes of a packet; a trial reads none.
    const TRIAL_SNAPLEN: i32 = 64;
    let opened = Capture::from_device(name)
        .and_then(|trial| trial.buffer_size(TRIAL_RING).snaplen(TRIAL_SNAPLEN).timeout(1).open());
    match opened {
        Ok(_) => Permission::Yes,
        Err(error) => {
            let message = text(&error);
            if lacks_permission(&message) {
                Permission::Denied(message)
            } else if message.is_empty() {
                Permission::Unknown
            } else {
                Permission::Failed(message)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_prefix() {
        let mut address = pcap::Address {
            addr: "192.0.2.5".parse().unwrap(),
            netmask: Some("255.255.255.0".parse().unwrap()),
            broadcast_addr: None,
            dst_addr: None,
        };
        assert_eq!(network(&address), Some("192.0.2.5/24".parse().unwrap()));
        address.netmask = None;
        assert_eq!(network(&address), Some("192.0.2.5/32".parse().unwrap()));
    }

    #[test]
    fn libpcap_is_found_among_the_mapped_files() {
        let maps = "7f00-7f01 r-xp 00000000 08:01 12 /usr/lib/libc.so.6\n7f02-7f03 rw-p 00000000 00:00 0 \n\
            7f04-7f05 r--p 00000000 08:01 13                  /usr/lib/x86_64-linux-gnu/libpcap.so.1.10.3\n";
        assert_eq!(libpcap_among(maps).as_deref(), Some("libpcap.so.1.10.3"));
        assert_eq!(libpcap_among("7f00-7f01 r-xp 00000000 08:01 12 /opt/netsonde\n"), None);
    }

    fn libpcap(name: &str, may_capture: Permission) -> Interface {
        Interface {
            name: name.into(),
            description: None,
            addresses: Vec::new(),
            state: LinkState::Up,
            loopback: false,
            may_capture,
            bytes: ByteCounters::default(),
            by_libpcap: true,
            by_tshark: false,
        }
    }

    #[test]
    fn interfaces_of_tshark_stand_behind_those_of_libpcap() {
        let denied = Permission::Denied("not permitted".into());
        let ours =
            vec![libpcap("eth0", Permission::Yes), libpcap("lo", denied.clone()), libpcap("nflog", denied)];
        let listed = ["lo", "sshdump", "eth0"]
            .map(|name| Listed { name: name.into(), description: Some("words".into()) });
        let seen: Vec<_> = joined(ours, &listed)
            .into_iter()
            .map(|row| {
                (row.name, row.by_libpcap, row.by_tshark, matches!(row.may_capture, Permission::Unknown))
            })
            .collect();
        let wanted = [
            ("eth0", true, true, false),
            // tshark may have a right that we have not.
            ("lo", true, true, true),
            ("nflog", true, false, false),
            ("sshdump", false, true, true),
        ];
        assert_eq!(
            seen,
            wanted.map(|(name, ours, theirs, unknown)| (name.to_owned(), ours, theirs, unknown))
        );
    }

    #[test]
    fn a_name_that_tshark_cannot_be_given_is_said_to_be_one() {
        let names = ["eth0", "a@b", "123", "-x"];
        let ours = names.map(|name| libpcap(name, Permission::Yes)).to_vec();
        let refused: Vec<_> =
            joined(ours, &[]).into_iter().map(|row| row.may_capture != Permission::Yes).collect();
        assert_eq!(refused, [false, true, true, true]);
        let [row] = &joined(vec![libpcap("a@b", Permission::Yes)], &[])[..] else { panic!("one row") };
        assert_eq!(row.may_capture, Permission::Failed("tshark cannot be given this name".into()));
    }

    #[test]
    fn messages_about_rights_are_recognised() {
        assert!(lacks_permission("Attempt to create packet socket failed - CAP_NET_RAW may be required"));
        assert!(lacks_permission("socket: Operation not permitted"));
        assert!(!lacks_permission("That device is not up"));
    }
}
