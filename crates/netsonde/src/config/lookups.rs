//! Who may be asked about addresses over the network.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use netsonde_summarizer::Endpoint;
use serde::Deserialize;

/// The port of name servers.
const DNS: u16 = 53;
/// Where ip-api.com is.
const IP_API: &str = "http://ip-api.com";

/// Who may be asked about addresses over the network, from the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lookups {
    /// Whether name servers are asked for the names of addresses.
    pub(crate) reverse_dns: bool,
    /// Those that are asked in place of this machine's.
    pub(crate) name_servers: Option<Vec<SocketAddr>>,
    /// Whether ip-api.com is asked where addresses are.
    pub(crate) ip_api: bool,
    /// Where it is, or what answers as it does.
    pub(crate) ip_api_url: IpApiAddress,
}

/// A name server: its address, with a port where that is not the usual one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct NameServer(pub(crate) SocketAddr);

impl FromStr for NameServer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let address = text.parse::<IpAddr>().map(|address| SocketAddr::new(address, DNS));
        address.or_else(|_| text.parse()).map(Self).map_err(|_| {
            format!("{text:?} is no address of a name server: write such as 192.0.2.53 or [2001:db8::1]:5353")
        })
    }
}

impl TryFrom<String> for NameServer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Where ip-api.com is, or what answers as it does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct IpApiAddress {
    /// The address that its paths hang on.
    pub(crate) base: String,
    /// The port that is connected to.
    pub(crate) port: u16,
    /// Whether its address must be looked up.
    pub(crate) is_named: bool,
}

impl Default for IpApiAddress {
    fn default() -> Self {
        Self { base: IP_API.into(), port: 80, is_named: true }
    }
}

impl FromStr for IpApiAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let endpoint = Endpoint::parse(text, true)?;
        if endpoint.is_encrypted() {
            return Err(format!("{text:?}: ip-api.com answers without a key over http:// only"));
        }
        let base = text.trim_end_matches('/').to_owned();
        Ok(Self { base, port: endpoint.port(), is_named: endpoint.is_named() })
    }
}

impl TryFrom<String> for IpApiAddress {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_servers_have_the_usual_port_or_another() {
        for (text, address) in [
            ("192.0.2.53", "192.0.2.53:53"),
            ("2001:db8::1", "[2001:db8::1]:53"),
            ("127.0.0.1:5353", "127.0.0.1:5353"),
        ] {
            assert_eq!(text.parse(), Ok(NameServer(address.parse().unwrap())));
        }
        let refused = "resolver.example".parse::<NameServer>().unwrap_err();
        assert!(refused.starts_with("\"resolver.example\" is no address of a name server"), "{refused}");
    }

    #[test]
    fn ip_api_is_where_it_is_or_where_somebody_says() {
        assert_eq!(IP_API.parse(), Ok(IpApiAddress::default()));
        let expected = IpApiAddress { base: "http://127.0.0.1:8080/x".into(), port: 8080, is_named: false };
        assert_eq!("http://127.0.0.1:8080/x/".parse(), Ok(expected));
        let refused = "https://pro.ip-api.com".parse::<IpApiAddress>().unwrap_err();
        assert!(refused.contains("over http:// only"), "{refused}");
        assert!("ip-api.com".parse::<IpApiAddress>().is_err());
    }
}
