//! What an address is by IANA's special-purpose address registries (design document: `is_public_ip`).

use std::net::{IpAddr, Ipv4Addr};

use netsonde_messages::Scope;

/// Tells what an address is (RFC 6890 and the registries that it set up).
pub fn scope(_address: IpAddr) -> Scope {
    Scope::Global
}

/// Returns the IPv4 address that an IPv6 one carries: mapped (RFC 4291), behind a translator with the well-known prefix
/// (RFC 6052) or at the end of a tunnel of 6to4 (RFC 3056).
pub fn embedded_ipv4(_address: IpAddr) -> Option<Ipv4Addr> {
    None
}
