//! TLS (RFC 8446, RFC 5246) and DTLS (RFC 6347, RFC 9147) records, as far as they are in clear.

use netsonde_dissect::hello::Form;

use super::line::Line;
use super::tls_hello;
use netsonde_dissect::Wire;

const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;

const HELLO_REQUEST: u8 = 0;
const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
/// IANA TLS `HandshakeType`.
const HANDSHAKE_TYPES: [(u8, &str); 17] = [
    (HELLO_REQUEST, "HelloRequest"),
    (CLIENT_HELLO, "ClientHello"),
    (SERVER_HELLO, "ServerHello"),
    (3, "HelloVerifyRequest"),
    (4, "NewSessionTicket"),
    (5, "EndOfEarlyData"),
    (8, "EncryptedExtensions"),
    (11, "Certificate"),
    (12, "ServerKeyExchange"),
    (13, "CertificateRequest"),
    (14, "ServerHelloDone"),
    (15, "CertificateVerify"),
    (16, "ClientKeyExchange"),
    (20, "Finished"),
    (21, "CertificateURL"),
    (22, "CertificateStatus"),
    (24, "KeyUpdate"),
];
/// IANA TLS Alerts.
const ALERTS: [(u8, &str); 26] = [
    (0, "close notify"),
    (10, "unexpected message"),
    (20, "bad record MAC"),
    (22, "record overflow"),
    (40, "handshake failure"),
    (42, "bad certificate"),
    (43, "unsupported certificate"),
    (44, "certificate revoked"),
    (45, "certificate expired"),
    (46, "certificate unknown"),
    (47, "illegal parameter"),
    (48, "unknown CA"),
    (49, "access denied"),
    (50, "decode error"),
    (51, "decrypt error"),
    (70, "protocol version"),
    (71, "insufficient security"),
    (80, "internal error"),
    (86, "inappropriate fallback"),
    (90, "user cancelled"),
    (109, "missing extension"),
    (110, "unsupported extension"),
    (112, "unrecognised name"),
    (113, "bad certificate status"),
    (116, "certificate required"),
    (120, "no application protocol"),
];

/// More than these do not fit a line.
const MAX_RECORDS: usize = 8;
const MAX_MESSAGES: usize = 8;
/// A chain of certificates is the longest message, and far shorter.
const MAX_MESSAGE: u32 = 1 << 20;
/// Where a datagram's handshake message says that it is a part: sequence, offset, length (RFC 6347 section 4.2.2).
const FRAGMENT_LEN: usize = 8;

/// Writes the records that begin in a segment; none where the segment does not begin with one.
pub(super) fn describe(line: &mut Line, payload: &[u8]) -> Option<()> {
    let mut wire = Wire(payload);
    let mut is_changed = false;
    for number in 0..MAX_RECORDS {
        let Some([kind, 3, 0..=4, high, low]) = wire.array::<5>() else { return (number > 0).then_some(()) };
        if !(CHANGE_CIPHER_SPEC..=APPLICATION_DATA).contains(&kind) {
            return (number > 0).then_some(());
        }
        write!(line, "{}", if number == 0 { "" } else { "; " });
        let len = u16::from_be_bytes([high, low]);
        let record = wire.take_cut(len.into());
        // Encryption begins there, except where a client of TLS 1.3 tries again (RFC 8446 appendix D.4).
        if kind == HANDSHAKE && is_changed && record.first() != Some(&CLIENT_HELLO) {
            write!(line, "encrypted handshake, {len} bytes");
        } else {
            describe_record(line, kind, len, record, false);
        }
        is_changed |= kind == CHANGE_CIPHER_SPEC;
    }
    Some(())
}

/// Writes the records of a datagram; none where it does not begin with one.
pub(super) fn describe_datagram(line: &mut Line, payload: &[u8]) -> Option<()> {
    let mut wire = Wire(payload);
    for number in 0..MAX_RECORDS {
        let Some([kind, 0xfe, _, epoch @ .., high, low]) = wire.array::<13>() else {
            return (number > 0).then_some(());
        };
        write!(line, "{}", if number == 0 { "" } else { "; " });
        let len = u16::from_be_bytes([high, low]);
        let record = wire.take_cut(len.into());
        match (kind, epoch) {
            // From the second epoch on all is encrypted.
            (HANDSHAKE, [0, 0, ..]) => describe_record(line, kind, len, record, true),
            (HANDSHAKE, _) => write!(line, "encrypted handshake, {len} bytes"),
            _ => describe_record(line, kind, len, record, true),
        }
    }
    Some(())
}

fn describe_record(line: &mut Line, kind: u8, len: u16, record: &[u8], is_datagram: bool) {
    match kind {
        CHANGE_CIPHER_SPEC => write!(line, "ChangeCipherSpec"),
        ALERT => describe_alert(line, len, record),
        HANDSHAKE => describe_handshake(line, len, record, is_datagram),
        APPLICATION_DATA => write!(line, "application data, {len} bytes"),
        other => write!(line, "record of type {other}, {len} bytes"),
    }
}

fn describe_alert(line: &mut Line, len: u16, record: &[u8]) {
    let &[level @ (1 | 2), description] = record else { return write!(line, "encrypted alert, {len} bytes") };
    write!(line, "{} alert: ", if level == 1 { "warning" } else { "fatal" });
    match ALERTS.iter().find(|(number, _)| *number == description) {
        Some((_, name)) => write!(line, "{name}"),
        None => write!(line, "number {description}"),
    }
}

/// Writes the messages of a handshake record.
///
/// Encrypted ones look like noise: a type that nobody uses or a length that no message has tells them.
fn describe_handshake(line: &mut Line, record_len: u16, record: &[u8], is_datagram: bool) {
    let mut wire = Wire(record);
    for number in 0..MAX_MESSAGES {
        let (Some(kind), Some(len)) = (wire.byte(), wire.be24()) else { break };
        let name = HANDSHAKE_TYPES.iter().find(|(known, _)| *known == kind).map(|(_, name)| name);
        // Nonces that count begin with zeros; a request for a hello is nothing but its header.
        let is_sane = len <= MAX_MESSAGE && (kind != HELLO_REQUEST || wire.0.is_empty() || is_datagram);
        let Some(name) = name.filter(|_| is_sane) else {
            let rest = if number == 0 { "encrypted handshake" } else { "; encrypted handshake" };
            return write!(line, "{rest}, {record_len} bytes");
        };
        write!(line, "{}{name}", if number == 0 { "" } else { ", " });
        if is_datagram && wire.take(FRAGMENT_LEN).is_none() {
            return;
        }
        let whole_len = usize::try_from(len).unwrap_or(usize::MAX);
        let is_whole = whole_len <= wire.0.len();
        let message = wire.take_cut(whole_len);
        let form = if is_datagram { Form::Datagram } else { Form::Stream };
        match kind {
            CLIENT_HELLO => tls_hello::describe_client(line, message, form),
            SERVER_HELLO => tls_hello::describe_server(line, message),
            _ => {}
        }
        if !is_whole {
            return write!(line, " (first {} of {len} bytes)", message.len());
        }
    }
}
