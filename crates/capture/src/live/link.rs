//! Whether an interface can carry packets at all.

use std::fs;
use std::path::{Path, PathBuf};

/// Why nothing can come from an interface at the moment, though it exists.
///
/// A capture goes on through all of them: packets come again as soon as the interface is up and connected, and who
/// captures goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// It is switched off (`ip link set NAME down`).
    Down,
    /// It is switched on and has no carrier: no cable, no radio, or the other end is off.
    NoCarrier,
    /// The program that captures, or one that it started, is stopped by a signal (`kill -STOP`); its process.
    Stopped(u32),
}

impl std::fmt::Display for Outage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Down => f.write_str("is down"),
            Self::NoCarrier => f.write_str("has no carrier"),
            Self::Stopped(process) => {
                write!(f, "is not captured on, as tshark is stopped (process {process})")
            }
        }
    }
}

/// Reads the state of one interface from the system.
#[derive(Debug)]
pub(crate) struct Link {
    folder: PathBuf,
}

/// The flag of an interface that is switched on (`IFF_UP`, netdevice(7)).
const IFF_UP: u32 = 1;

impl Link {
    pub(crate) fn of(interface: &str) -> Self {
        // A name with a slash would lead elsewhere; no interface of this machine has one.
        Self { folder: Path::new("/sys/class/net").join(interface.replace('/', "_")) }
    }

    /// Returns what keeps packets away; none where nothing does or the system does not tell, as for `any`.
    pub(crate) fn outage(&self) -> Option<Outage> {
        let flags = self.read("flags")?;
        let flags = u32::from_str_radix(flags.trim().trim_start_matches("0x"), 16).ok()?;
        if flags & IFF_UP == 0 {
            return Some(Outage::Down);
        }
        (self.read("carrier")?.trim() == "0").then_some(Outage::NoCarrier)
    }

    /// Returns how many bits a second it can carry, each way; none where the system does not tell: radio, tunnels, most virtual
    /// ones, and whatever is not connected.
    pub(crate) fn speed_bps(&self) -> Option<u64> {
        // In Mbit/s; -1 where it is not known (sysfs-class-net).
        let megabits = self.read("speed")?.trim().parse::<u32>().ok()?;
        (megabits > 0 && megabits < u32::MAX).then(|| u64::from(megabits) * 1_000_000)
    }

    fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.folder.join(name)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outages_are_read_from_flags_and_carrier() {
        let folder = tempfile::tempdir().unwrap();
        let link = Link { folder: folder.path().to_owned() };
        // 0x1003: UP, BROADCAST, MULTICAST; 0x1002: the same without UP.
        for (flags, carrier, outage) in [
            ("0x1003\n", Some("1\n"), None),
            ("0x1003\n", Some("0\n"), Some(Outage::NoCarrier)),
            ("0x1002\n", Some("1\n"), Some(Outage::Down)),
            // The system refuses to read the carrier of what is switched off.
            ("0x1002\n", None, Some(Outage::Down)),
            ("0x1003\n", None, None),
            ("nonsense", Some("0\n"), None),
        ] {
            let _ = fs::remove_file(folder.path().join("carrier"));
            fs::write(folder.path().join("flags"), flags).unwrap();
            if let Some(carrier) = carrier {
                fs::write(folder.path().join("carrier"), carrier).unwrap();
            }
            assert_eq!(link.outage(), outage, "{flags:?} {carrier:?}");
        }
        assert_eq!(Link::of("no-such-interface").outage(), None);
    }

    #[test]
    fn speed_is_told_in_bits_a_second_where_it_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let link = Link { folder: folder.path().to_owned() };
        assert_eq!(link.speed_bps(), None);
        for (speed, bps) in [
            ("1000\n", Some(1_000_000_000)),
            ("-1\n", None),
            ("0\n", None),
            // Minus one without its sign, as some drivers write it.
            ("4294967295\n", None),
            ("nonsense\n", None),
        ] {
            fs::write(folder.path().join("speed"), speed).unwrap();
            assert_eq!(link.speed_bps(), bps, "{speed:?}");
        }
    }
}
