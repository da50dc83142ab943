//! The hellos of TLS and DTLS (RFC 8446 section 4.1): version, name of the server, cipher suite.

use super::line::Line;
use super::wire::Wire;

const RANDOM_LEN: usize = 32;
/// The random of a `ServerHello` that asks for another `ClientHello` (RFC 8446 section 4.1.3) begins so.
const RETRY_RANDOM: [u8; 4] = [0xcf, 0x21, 0xad, 0x74];

/// IANA TLS `ExtensionType` values.
const SERVER_NAME: u16 = 0;
const PROTOCOLS: u16 = 16;
const SUPPORTED_VERSIONS: u16 = 43;
const ENCRYPTED_HELLO: u16 = 0xfe0d;
/// A hello has a few dozen; 64 KiB of empty ones would be thousands.
const MAX_EXTENSIONS: usize = 100;

const HOST_NAME: u8 = 0;
const MAX_OFFERED: usize = 4;

/// Writes the highest version, the server's name and the protocols that a `ClientHello` offers, as far as it is here.
pub(super) fn describe_client(line: &mut Line, message: &[u8], is_datagram: bool) {
    let _ = read_client(line, message, is_datagram);
}

fn read_client(line: &mut Line, message: &[u8], is_datagram: bool) -> Option<()> {
    let mut wire = Wire(message);
    let legacy_version = wire.be16()?;
    wire.take(RANDOM_LEN)?;
    wire.short_piece()?;
    if is_datagram {
        // The cookie (RFC 6347 section 4.2.1).
        wire.short_piece()?;
    }
    wire.long_piece()?;
    wire.short_piece()?;
    let extensions_len = wire.be16().unwrap_or_default();
    let is_whole = usize::from(extensions_len) <= wire.0.len();
    let found =
        |wanted| extensions(wire.0).find(|(kind, _)| *kind == wanted).map(|(_, content)| Wire(content));
    match found(SUPPORTED_VERSIONS).and_then(|mut versions| highest_version(versions.short_piece()?)) {
        Some(version) => write_version(line, version),
        None if is_whole => write_version(line, legacy_version),
        None => {}
    }
    if let Some(mut names) = found(SERVER_NAME)
        && let Some(mut names) = names.long_piece().map(Wire)
        && let (Some(HOST_NAME), Some(name)) = (names.byte(), names.long_piece())
    {
        write!(line, ", for ");
        line.wire(name);
    }
    if found(ENCRYPTED_HELLO).is_some() {
        write!(line, " (outer)");
    }
    if let Some(mut offered) = found(PROTOCOLS)
        && let Some(mut offered) = offered.long_piece().map(Wire)
    {
        write!(line, ", offers");
        for name in std::iter::from_fn(|| offered.short_piece()).take(MAX_OFFERED) {
            write!(line, " ");
            line.wire(name);
        }
    }
    Some(())
}

/// Writes the version and the cipher suite that a `ServerHello` chose.
pub(super) fn describe_server(line: &mut Line, message: &[u8]) {
    let _ = read_server(line, message);
}

fn read_server(line: &mut Line, message: &[u8]) -> Option<()> {
    let mut wire = Wire(message);
    let legacy_version = wire.be16()?;
    if wire.take(RANDOM_LEN)?.starts_with(&RETRY_RANDOM) {
        write!(line, " (asks to try again)");
    }
    wire.short_piece()?;
    let cipher_suite = wire.be16()?;
    wire.byte()?;
    wire.be16();
    let chosen = extensions(wire.0).find(|(kind, _)| *kind == SUPPORTED_VERSIONS);
    write_version(line, chosen.and_then(|(_, version)| Wire(version).be16()).unwrap_or(legacy_version));
    match cipher_suite_name(cipher_suite) {
        Some(name) => write!(line, ", {name}"),
        None => write!(line, ", cipher suite {cipher_suite:#06x}"),
    }
    Some(())
}

fn extensions(list: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut wire = Wire(list);
    std::iter::from_fn(move || Some((wire.be16()?, wire.long_piece()?))).take(MAX_EXTENSIONS)
}

/// Returns the highest version in a list that some clients salt with versions that do not exist (RFC 8701).
///
/// The numbers of DTLS go down where those of TLS go up.
fn highest_version(list: &[u8]) -> Option<u16> {
    let mut wire = Wire(list);
    let known = std::iter::from_fn(|| wire.be16()).filter(|version| version_name(*version).is_some());
    known.max_by_key(|version| if *version < 0x8000 { *version } else { !*version })
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
