//! What the numbers of TLS and DTLS are called (IANA TLS parameters).

use netsonde_messages::Name;

/// The upper byte of drafts' versions (RFC 8446, its drafts, section 4.2.1.1).
const TLS13_DRAFTS: u16 = 0x7f;
/// The same of those that Facebook numbered itself, whose lower byte is the draft's number too.
const FACEBOOKS_DRAFTS: u16 = 0xfb;

/// Returns the name of a version.
pub(crate) fn version(version: u16) -> Name {
    known_version(version).unwrap_or_else(|| number(version))
}

/// Returns the name of a version that is known, or of a draft of one.
pub(crate) fn known_version(version: u16) -> Option<Name> {
    let is_draft = matches!(version >> 8, TLS13_DRAFTS | FACEBOOKS_DRAFTS);
    let draft = || format!("TLS 1.3 draft {}", version & 0xff).into();
    version_name(version).map(Name::from).or_else(|| is_draft.then(draft))
}

/// Returns the name of a cipher suite, as its registry has it but for the `TLS_` before it.
pub(crate) fn cipher_suite(suite: u16) -> Name {
    cipher_suite_name(suite).map_or_else(|| number(suite), Name::from)
}

/// Returns the name of a group for the key exchange.
pub(crate) fn group(group: u16) -> Name {
    group_name(group).map_or_else(|| number(group), Name::from)
}

fn number(number: u16) -> Name {
    format!("{number:#06x}").into()
}

const fn version_name(version: u16) -> Option<&'static str> {
    Some(match version {
        0x0002 => "SSL 2.0",
        0x0300 => "SSL 3.0",
        0x0301 => "TLS 1.0",
        0x0302 => "TLS 1.1",
        0x0303 => "TLS 1.2",
        0x0304 => "TLS 1.3",
        0xfeff => "DTLS 1.0",
        0xfefd => "DTLS 1.2",
        0xfefc => "DTLS 1.3",
        _ => return None,
    })
}

/// Returns the name of a cipher suite that servers choose, today or not long ago.
pub(crate) const fn cipher_suite_name(suite: u16) -> Option<&'static str> {
    Some(match suite {
        0x0004 => "RSA_WITH_RC4_128_MD5",
        0x0005 => "RSA_WITH_RC4_128_SHA",
        0x000a => "RSA_WITH_3DES_EDE_CBC_SHA",
        0x002f => "RSA_WITH_AES_128_CBC_SHA",
        0x0033 => "DHE_RSA_WITH_AES_128_CBC_SHA",
        0x0035 => "RSA_WITH_AES_256_CBC_SHA",
        0x0039 => "DHE_RSA_WITH_AES_256_CBC_SHA",
        0x003c => "RSA_WITH_AES_128_CBC_SHA256",
        0x003d => "RSA_WITH_AES_256_CBC_SHA256",
        0x0067 => "DHE_RSA_WITH_AES_128_CBC_SHA256",
        0x006b => "DHE_RSA_WITH_AES_256_CBC_SHA256",
        0x009c => "RSA_WITH_AES_128_GCM_SHA256",
        0x009d => "RSA_WITH_AES_256_GCM_SHA384",
        0x009e => "DHE_RSA_WITH_AES_128_GCM_SHA256",
        0x009f => "DHE_RSA_WITH_AES_256_GCM_SHA384",
        0x00a8 => "PSK_WITH_AES_128_GCM_SHA256",
        0x1301 => "AES_128_GCM_SHA256",
        0x1302 => "AES_256_GCM_SHA384",
        0x1303 => "CHACHA20_POLY1305_SHA256",
        0x1304 => "AES_128_CCM_SHA256",
        0x1305 => "AES_128_CCM_8_SHA256",
        0xc007 => "ECDHE_ECDSA_WITH_RC4_128_SHA",
        0xc009 => "ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        0xc00a => "ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
        0xc011 => "ECDHE_RSA_WITH_RC4_128_SHA",
        0xc012 => "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
        0xc013 => "ECDHE_RSA_WITH_AES_128_CBC_SHA",
        0xc014 => "ECDHE_RSA_WITH_AES_256_CBC_SHA",
        0xc023 => "ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        0xc024 => "ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
        0xc027 => "ECDHE_RSA_WITH_AES_128_CBC_SHA256",
        0xc028 => "ECDHE_RSA_WITH_AES_256_CBC_SHA384",
        0xc02b => "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        0xc02c => "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        0xc02f => "ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        0xc030 => "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        0xc0a8 => "PSK_WITH_AES_128_CCM_8",
        0xc0ac => "ECDHE_ECDSA_WITH_AES_128_CCM",
        0xc0ae => "ECDHE_ECDSA_WITH_AES_128_CCM_8",
        0xcca8 => "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        0xcca9 => "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        0xccaa => "DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        _ => return None,
    })
}

const fn group_name(group: u16) -> Option<&'static str> {
    Some(match group {
        19 => "secp192r1",
        21 => "secp224r1",
        22 => "secp256k1",
        23 => "secp256r1",
        24 => "secp384r1",
        25 => "secp521r1",
        26 => "brainpoolP256r1",
        27 => "brainpoolP384r1",
        28 => "brainpoolP512r1",
        29 => "x25519",
        30 => "x448",
        256 => "ffdhe2048",
        257 => "ffdhe3072",
        258 => "ffdhe4096",
        259 => "ffdhe6144",
        260 => "ffdhe8192",
        512 => "MLKEM512",
        513 => "MLKEM768",
        514 => "MLKEM1024",
        0x11eb => "SecP256r1MLKEM768",
        0x11ec => "X25519MLKEM768",
        0x11ed => "SecP384r1MLKEM1024",
        0x6399 => "X25519Kyber768Draft00",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_is_told_by_its_number() {
        let versions = [version(0x0304), version(0x7f1c), version(0xfb1a)];
        assert_eq!(versions, ["TLS 1.3", "TLS 1.3 draft 28", "TLS 1.3 draft 26"]);
        assert_eq!(cipher_suite(0x1301), "AES_128_GCM_SHA256");
        assert_eq!(group(0x11ec), "X25519MLKEM768");
        assert_eq!([version(0x0305), cipher_suite(0xfafa), group(7)], ["0x0305", "0xfafa", "0x0007"]);
    }
}
