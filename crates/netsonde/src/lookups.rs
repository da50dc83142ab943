//! The threads that ask name servers and ip-api.com about addresses, each of which may connect to those alone.

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use netsonde_geolocation::{AskLimits, AskSettings, Locator};

use crate::clock;
use crate::config::Lookups;
use crate::ending::Failure;
use crate::sandbox::{self, Reach};

/// What says which name servers this machine asks (resolv.conf(5)).
const RESOLV_CONF: &str = "/etc/resolv.conf";
/// The port of name servers that the file names.
const DNS: u16 = 53;
/// How many of them are asked: as many as the C library does.
const SERVERS_MAX: usize = 3;

/// Starts them, with the rights of the calling thread to begin with: the name servers are read, and then everything given
/// up but to connect to them, and to ip-api.com. Nothing is sent before somebody turns it on, here or on a page.
///
/// # Errors
///
/// When the rights cannot be given up, or the system refuses a thread.
pub(crate) fn start(locator: &Locator, lookups: &Lookups) -> Result<(), Failure> {
    let name_servers = name_servers(lookups);
    let servers = Reach::services(ports(lookups, &name_servers));
    let address = &lookups.ip_api_url;
    let (reverse_dns, ip_api) = locator.callers(AskSettings {
        name_servers,
        ip_api: address.base.clone(),
        reverse_dns_limits: AskLimits::reverse_dns(),
        ip_api_limits: AskLimits::ip_api(),
        clock: clock::monotonic,
    });
    sandbox::start("reverse DNS", "asks name servers", servers, || reverse_dns.run())?;
    let service = Reach::service(address.port, address.is_named);
    sandbox::start("ip-api", "asks ip-api.com", service, || ip_api.run())?;
    locator.set_lookups(Some(lookups.reverse_dns), Some(lookups.ip_api));
    Ok(())
}

/// Returns the name servers that are asked: those that were chosen, else this machine's.
pub(crate) fn name_servers(lookups: &Lookups) -> Vec<SocketAddr> {
    // Without the file, and in one that is not understood, there are none, which is said where it matters.
    lookups.name_servers.clone().unwrap_or_else(|| read(&fs::read_to_string(RESOLV_CONF).unwrap_or_default()))
}

/// Returns the ports of name servers. Those of the file may be others later, at the usual one.
fn ports(lookups: &Lookups, name_servers: &[SocketAddr]) -> impl Iterator<Item = u16> {
    name_servers.iter().map(SocketAddr::port).chain(ResolvConf::of(lookups).map(|_| DNS))
}

/// The file that says which name servers this machine asks.
#[derive(Debug)]
pub(crate) struct ResolvConf(PathBuf);

impl ResolvConf {
    /// Returns it where the user chose no others.
    pub(crate) fn of(lookups: &Lookups) -> Option<Self> {
        lookups.name_servers.is_none().then(|| Self(RESOLV_CONF.into()))
    }

    /// Returns one that lies elsewhere.
    #[cfg(test)]
    pub(crate) const fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Returns the folder that must be read to see that it was replaced, or that it is there at last: that of the file that
    /// it leads to. What is not there yet, as before the network is, is sought where the link leads, else at its own place.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        let target = || Some(self.0.parent()?.join(fs::read_link(&self.0).ok()?));
        let file = self.0.canonicalize().ok().or_else(target).unwrap_or_else(|| self.0.clone());
        Some(file.parent()?.to_owned())
    }

    /// Has the name servers asked that it names by now. One that cannot be read says nothing: those of before stay.
    pub(crate) fn follow(&self, locator: &Locator) {
        let Ok(text) = fs::read_to_string(&self.0) else { return };
        let servers = read(&text);
        if locator.set_name_servers(&servers) {
            tracing::info!("name servers of {} have changed: {} in use", self.0.display(), servers.len());
        }
    }
}

/// Reads the name servers of a resolv.conf(5). One whose address holds for one link only cannot be asked.
fn read(text: &str) -> Vec<SocketAddr> {
    let address = |line: &str| {
        let mut words = line.split_whitespace();
        let is_server = words.next() == Some("nameserver");
        let address: IpAddr = words.next().filter(|_| is_server)?.parse().ok()?;
        Some(SocketAddr::new(address, DNS))
    };
    text.lines().filter_map(address).take(SERVERS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::IpApiAddress;

    #[test]
    fn the_usual_port_is_in_reach_only_where_a_file_is_followed_or_who_was_chosen_has_it() {
        let reached = |chosen: Option<&[&str]>| -> Vec<u16> {
            let chosen: Option<Vec<_>> =
                chosen.map(|chosen| chosen.iter().map(|server| server.parse().unwrap()).collect());
            let servers = chosen.clone().unwrap_or_default();
            let lookups = Lookups {
                reverse_dns: true,
                name_servers: chosen,
                ip_api: true,
                ip_api_url: IpApiAddress::default(),
            };
            ports(&lookups, &servers).collect()
        };
        assert_eq!(reached(None), [53]);
        assert_eq!(reached(Some(&["192.0.2.1:5353"])), [5353]);
        assert_eq!(reached(Some(&["192.0.2.1:5353", "192.0.2.2:53"])), [5353, 53]);
    }

    #[test]
    fn the_first_three_name_servers_are_read_and_nothing_else_is_taken_for_one() {
        let text = "# nameserver 192.0.2.1\nsearch example.org\noptions edns0\nnameserver fe80::1%eth0\n\
            nameserver\t192.0.2.53 # ours\n  nameserver 2001:db8::53\nnameserver resolver.example\n\
            nameservers 192.0.2.2\nnameserver\nnameserver 127.0.0.53\nnameserver 192.0.2.3\n";
        let expected = ["192.0.2.53:53", "[2001:db8::53]:53", "127.0.0.53:53"];
        assert_eq!(read(text), expected.map(|server| server.parse().unwrap()));
        assert_eq!(read(""), []);
    }
}
