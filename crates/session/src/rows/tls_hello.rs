//! The hellos of TLS and DTLS (RFC 8446 section 4.1): version, name of the server, cipher suite.

use netsonde_dissect::hello::{ClientHello, Form, ServerHello};

use super::line::Line;

const MAX_OFFERED: usize = 4;
/// The upper byte of drafts' versions (RFC 8446, its drafts, section 4.2.1.1).
const TLS13_DRAFTS: u16 = 0x7f;

/// Writes the highest version, the server's name and the protocols that a `ClientHello` offers, as far as it is here.
pub(super) fn describe_client(line: &mut Line, message: &[u8], form: Form) {
    let Ok(hello) = ClientHello::parse(message, form) else { return };
    if hello.is_whole || hello.supported_versions().next().is_some() {
        write_version(line, hello.highest_version());
    }
    if let Some(name) = hello.server_name() {
        write!(line, ", for ");
        line.wire(name);
    }
    if hello.has_encrypted_hello() {
        write!(line, " (outer)");
    }
    let mut offered = hello.protocols().take(MAX_OFFERED).peekable();
    if offered.peek().is_some() {
        write!(line, ", offers");
        for name in offered {
            write!(line, " ");
            line.wire(name);
        }
    }
}

/// Writes the version and the cipher suite that a `ServerHello` chose.
pub(super) fn describe_server(line: &mut Line, message: &[u8]) {
    let Ok(hello) = ServerHello::parse(message) else { return };
    if hello.is_retry {
        write!(line, " (asks to try again)");
    }
    write_version(line, hello.version);
    match cipher_suite_name(hello.cipher_suite) {
        Some(name) => write!(line, ", {name}"),
        None => write!(line, ", cipher suite {:#06x}", hello.cipher_suite),
    }
}

const fn version_name(version: u16) -> Option<&'static str> {
    Some(match version {
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

fn write_version(line: &mut Line, version: u16) {
    match version_name(version) {
        Some(name) => write!(line, ", {name}"),
        None if version >> 8 == TLS13_DRAFTS => write!(line, ", TLS 1.3 draft {}", version & 0xff),
        None => write!(line, ", version {version:#06x}"),
    }
}

/// The suites that servers choose today (IANA TLS Cipher Suites).
const fn cipher_suite_name(suite: u16) -> Option<&'static str> {
    Some(match suite {
        0x1301 => "AES_128_GCM_SHA256",
        0x1302 => "AES_256_GCM_SHA384",
        0x1303 => "CHACHA20_POLY1305_SHA256",
        0xc02b => "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        0xc02c => "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        0xc02f => "ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        0xc030 => "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        0xcca8 => "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        0xcca9 => "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        _ => return None,
    })
}
