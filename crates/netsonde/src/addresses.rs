//! The addresses that a user can open.

use std::net::{IpAddr, SocketAddr};

/// Returns the addresses to open, the one for a browser of this machine first.
///
/// Where the server listens on all addresses (`0.0.0.0`, `[::]`) that is one for each of this machine's own of the same
/// family: no browser can go to the one that stands for all.
pub(crate) fn start_urls(start_url: &str, listens_at: SocketAddr, own: &[IpAddr]) -> Vec<String> {
    if !listens_at.ip().is_unspecified() {
        return vec![start_url.into()];
    }
    let mut reachable: Vec<IpAddr> =
        own.iter().copied().filter(|ip| ip.is_ipv4() == listens_at.is_ipv4() && can_be_opened(*ip)).collect();
    // Loopback first, the rest as it comes.
    reachable.sort_by_key(|ip| !ip.is_loopback());
    reachable.dedup();
    if reachable.is_empty() {
        return vec![start_url.into()];
    }
    let for_all = listens_at.to_string();
    let at = |ip| start_url.replacen(&for_all, &SocketAddr::new(ip, listens_at.port()).to_string(), 1);
    reachable.into_iter().map(at).collect()
}

/// Tells whether an address can stand in a URL: a link-local one of IPv6 means nothing without its interface.
fn can_be_opened(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(_) => true,
        IpAddr::V6(v6) => !v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(start_url: &str, listens_at: &str) -> Vec<String> {
        let own = ["192.0.2.7", "127.0.0.1", "::1", "2001:db8::7", "fe80::1"].map(|ip| ip.parse().unwrap());
        start_urls(start_url, listens_at.parse().unwrap(), &own)
    }

    #[test]
    fn one_that_listens_everywhere_is_at_each_own_address_of_the_family() {
        assert_eq!(
            urls("http://0.0.0.0:80/#token=x", "0.0.0.0:80"),
            ["http://127.0.0.1:80/#token=x", "http://192.0.2.7:80/#token=x"]
        );
        assert_eq!(
            urls("http://[::]:80/#token=x", "[::]:80"),
            ["http://[::1]:80/#token=x", "http://[2001:db8::7]:80/#token=x"]
        );
        let unknown = start_urls("http://0.0.0.0:80", "0.0.0.0:80".parse().unwrap(), &[]);
        assert_eq!(unknown, ["http://0.0.0.0:80"]);
    }

    #[test]
    fn one_that_listens_at_an_address_is_there() {
        assert_eq!(urls("http://127.0.0.1:80", "127.0.0.1:80"), ["http://127.0.0.1:80"]);
        assert_eq!(urls("http://192.0.2.7:80/#token=x", "192.0.2.7:80"), ["http://192.0.2.7:80/#token=x"]);
    }
}
