//! The hellos of TLS and DTLS (RFC 8446 section 4.1): version, name of the server, cipher suite.

use netsonde_dissect::hello::{ClientHello, Form, ServerHello};

use super::line::Line;
use crate::tls_names;

const MAX_OFFERED: usize = 4;

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
    match tls_names::cipher_suite_name(hello.cipher_suite) {
        Some(name) => write!(line, ", {name}"),
        None => write!(line, ", cipher suite {:#06x}", hello.cipher_suite),
    }
}

fn write_version(line: &mut Line, version: u16) {
    match tls_names::known_version(version) {
        Some(name) => write!(line, ", {name}"),
        None => write!(line, ", version {version:#06x}"),
    }
}
