//! SSH (RFC 4253): banners, the lists of algorithms, then packets that say nothing to an observer.

use super::bytes::Bytes;
use crate::Rng;

const MSG_KEXINIT: u8 = 20;
const MSG_NEWKEYS: u8 = 21;
const MSG_KEX_ECDH_INIT: u8 = 30;
const MSG_KEX_ECDH_REPLY: u8 = 31;
/// Packets before encryption are padded to this.
const BLOCK: usize = 8;
const MIN_PADDING: usize = 4;

/// The name lists of KEXINIT in order (RFC 4253 section 7.1).
const ALGORITHMS: [&str; 10] = [
    "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,diffie-hellman-group16-sha512",
    "ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256",
    "chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com",
    "chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com",
    "umac-64-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com",
    "umac-64-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com",
    "none,zlib@openssh.com",
    "none,zlib@openssh.com",
    "",
    "",
];

/// Returns the line that either side begins with.
pub fn banner(software: &str) -> Vec<u8> {
    format!("SSH-2.0-{software}\r\n").into_bytes()
}

/// Returns the lists of algorithms, which either side sends after its line.
pub fn key_exchange_init(rng: &mut Rng) -> Vec<u8> {
    packet(rng, |body, rng| {
        body.u8(MSG_KEXINIT).noise(16, rng);
        for list in ALGORITHMS {
            write_string(list.as_bytes(), body);
        }
        // No guessed packet follows; reserved.
        body.u8(0).u32(0);
    })
}

/// Returns the client's share of the key exchange (RFC 8731).
pub fn exchange_request(rng: &mut Rng) -> Vec<u8> {
    packet(rng, |body, rng| {
        body.u8(MSG_KEX_ECDH_INIT);
        write_string(&super::noise(32, rng), body);
    })
}

/// Returns the server's share with its host key and signature, and the change to new keys.
pub fn exchange_reply(rng: &mut Rng) -> Vec<u8> {
    let reply = packet(rng, |body, rng| {
        body.u8(MSG_KEX_ECDH_REPLY);
        write_string(&ed25519(32, rng), body);
        write_string(&super::noise(32, rng), body);
        write_string(&ed25519(64, rng), body);
    });
    [reply, new_keys(rng)].concat()
}

/// Returns the change to new keys.
pub fn new_keys(rng: &mut Rng) -> Vec<u8> {
    packet(rng, |body, _| _ = body.u8(MSG_NEWKEYS))
}

/// Returns encrypted packets of about `len` bytes: a multiple of the block, and the authentication code.
pub fn encrypted(len: usize, rng: &mut Rng) -> Vec<u8> {
    super::noise(4 + len.next_multiple_of(BLOCK) + 16, rng)
}

/// Returns a key of 32 bytes or a signature of 64 (RFC 8709 sections 4 and 6).
fn ed25519(len: usize, rng: &mut Rng) -> Vec<u8> {
    let mut out = Bytes::new();
    write_string(b"ssh-ed25519", &mut out);
    write_string(&super::noise(len, rng), &mut out);
    out.into_vec()
}

fn packet(rng: &mut Rng, write: impl FnOnce(&mut Bytes, &mut Rng)) -> Vec<u8> {
    let mut body = Bytes::new();
    write(&mut body, rng);
    // Length and padding length count towards the block (RFC 4253 section 6).
    let unpadded = 4 + 1 + body.len();
    let padding = (unpadded + MIN_PADDING).next_multiple_of(BLOCK) - unpadded;
    let mut out = Bytes::new();
    out.u32(u32::try_from(1 + body.len() + padding).unwrap_or(u32::MAX));
    out.u8(u8::try_from(padding).unwrap_or(u8::MAX)).put(body.as_slice()).noise(padding, rng);
    out.into_vec()
}

fn write_string(string: &[u8], out: &mut Bytes) {
    out.u32(u32::try_from(string.len()).unwrap_or(u32::MAX)).put(string);
}

#[cfg(test)]
mod tests {
    use super::*;
    use netsonde_dissect::{Guess, Protocol, probe_tcp};

    #[test]
    fn packets_fill_blocks_and_are_as_long_as_they_say() {
        let mut rng = Rng::new(1, 0);
        for packet in [key_exchange_init(&mut rng), exchange_request(&mut rng), new_keys(&mut rng)] {
            assert_eq!(packet.len() % BLOCK, 0);
            let len = u32::from_be_bytes(*packet.first_chunk().unwrap());
            assert_eq!(usize::try_from(len).unwrap() + 4, packet.len());
            assert!(packet[4] >= 4);
        }
    }

    #[test]
    fn banner_is_recognised() {
        assert_eq!(probe_tcp(&banner("OpenSSH_9.6"), 50_000, 22), Guess::Certain(Protocol::Ssh));
    }
}
