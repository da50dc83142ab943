//! STUN bindings (RFC 8489).

use std::net::SocketAddrV4;

use super::bytes::Bytes;

const COOKIE: u32 = 0x2112_a442;
const BINDING_REQUEST: u16 = 0x0001;
const BINDING_SUCCESS: u16 = 0x0101;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;
const SOFTWARE: u16 = 0x8022;

/// Asks under which address the client is seen.
pub fn binding_request(transaction: [u8; 12]) -> Vec<u8> {
    message(BINDING_REQUEST, transaction, |attributes| {
        // A length that is a multiple of 4 needs no padding.
        attributes.u16(SOFTWARE).counted16(|name| _ = name.put(b"softphone-20"));
    })
}

/// Answers with the client's address, hidden from translators by the cookie (RFC 8489 section 14.2).
pub fn binding_response(transaction: [u8; 12], seen: SocketAddrV4) -> Vec<u8> {
    message(BINDING_SUCCESS, transaction, |attributes| {
        let [_, _, high, low] = (COOKIE >> 16).to_be_bytes();
        let port = seen.port() ^ u16::from_be_bytes([high, low]);
        attributes.u16(XOR_MAPPED_ADDRESS).counted16(|address| {
            address.put(&[0, 1]).u16(port).u32(seen.ip().to_bits() ^ COOKIE);
        });
    })
}

fn message(kind: u16, transaction: [u8; 12], attributes: impl FnOnce(&mut Bytes)) -> Vec<u8> {
    let mut body = Bytes::new();
    attributes(&mut body);
    let mut out = Bytes::new();
    out.u16(kind).u16(super::bytes::len16(body.len())).u32(COOKIE).put(&transaction).put(body.as_slice());
    out.into_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use netsonde_dissect::{Guess, Protocol, probe_udp};

    #[test]
    fn address_is_combined_with_the_cookie() {
        // RFC 5769 section 2.2: 192.0.2.1 port 32853 reads 0001 a147 e112 a643.
        let response = binding_response([1; 12], "192.0.2.1:32853".parse().unwrap());
        assert_eq!(response[24..], [0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43]);
        assert_eq!(probe_udp(&response, 3478, 50_000), Guess::Certain(Protocol::Stun));
        assert_eq!(probe_udp(&binding_request([2; 12]), 50_000, 3478), Guess::Certain(Protocol::Stun));
    }
}
