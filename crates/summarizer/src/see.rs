//! Where the dashboard shows what: its paths with their searches, as its router reads them.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

/// The page that is shown first: rates, volumes, composition, delays.
pub fn dashboard() -> String {
    "/".into()
}

/// A packet's details among the newest packets, by its number from 1.
pub fn packet(number: u64) -> String {
    format!("/live?packet={number}")
}

/// A flow's sheet, by its id in the list of flows.
pub fn flow(id: u64) -> String {
    format!("/flows?sel={id}")
}

/// The flows whose segments were sent again, those with the most first.
pub fn resent_flows() -> String {
    "/flows?sort=resent".into()
}

/// The flows of an application.
pub fn flows_of_app(name: &str) -> String {
    format!("/flows?app={}", encoded(name))
}

/// The flows of a protocol.
pub fn flows_of_protocol(name: &str) -> String {
    format!("/flows?protocol={}", encoded(name))
}

/// The flows of an address.
pub fn host(address: IpAddr) -> String {
    format!("/flows?filter={}", encoded(&address.to_string()))
}

/// The flows of a service.
pub fn service(address: IpAddr, port: Option<u16>) -> String {
    port.map_or_else(
        || host(address),
        |port| format!("/flows?filter={}", encoded(&SocketAddr::new(address, port).to_string())),
    )
}

/// The flows with a port at either end.
pub fn port(port: u16) -> String {
    format!("/flows?filter={}", encoded(&format!(":{port}")))
}

/// The page of applications.
pub fn apps() -> String {
    "/apps".into()
}

/// The page of a protocol with numbers of its own: `TCP`, `UDP`, `QUIC`, `DNS`, `TLS`, `RTP`, `ICMP`, `IGMP`.
pub fn protocol(name: &str) -> String {
    format!("/protocols?protocols={}", encoded(name))
}

/// A stream's sheet, by its id.
pub fn stream(id: u64) -> String {
    format!("/protocols?protocols=RTP&stream={id}")
}

/// The list of calls.
pub fn calls() -> String {
    "/protocols?view=calls".into()
}

/// A call's sheet, by its id.
pub fn call(id: u64) -> String {
    format!("/protocols?view=calls&call={id}")
}

/// What the traffic is made of: classes, address families, encrypted and in clear text.
pub fn composition() -> String {
    "/composition".into()
}

/// The same in packets.
pub fn composition_in_packets() -> String {
    "/composition?unit=packets".into()
}

/// The page of findings.
pub fn findings() -> String {
    "/findings".into()
}

/// Writes a value of a search: what has a meaning in an address is written in hexadecimal (RFC 3986 section 2.1).
fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_in_an_address_is_written_in_hexadecimal() {
        // "&" is 0x26, the space 0x20, "é" 0xC3 0xA9 in UTF-8.
        assert_eq!(flows_of_app("A&B é"), "/flows?app=A%26B%20%C3%A9");
    }

    #[test]
    fn a_service_of_ipv6_stands_in_brackets() {
        let address: IpAddr = "2001:db8::1".parse().unwrap();
        assert_eq!(service(address, Some(53)), "/flows?filter=%5B2001:db8::1%5D:53");
        assert_eq!(service(address, None), "/flows?filter=2001:db8::1");
    }
}
