//! DNS (RFC 1035), multicast DNS (RFC 6762) and LLMNR (RFC 4795).

use std::net::{Ipv4Addr, Ipv6Addr};

use super::line::Line;
use super::wire::Wire;

const RESPONSE: u16 = 0x8000;
const TRUNCATED: u16 = 0x0200;
/// IANA DNS parameters.
const OPERATIONS: [&str; 7] = ["", "inverse query", "status", "operation 3", "notify", "update", "session"];
const RESPONSE_CODES: [&str; 12] = [
    "",
    "FORMERR",
    "SERVFAIL",
    "NXDOMAIN",
    "NOTIMP",
    "REFUSED",
    "YXDOMAIN",
    "YXRRSET",
    "NXRRSET",
    "NOTAUTH",
    "NOTZONE",
    "DSOTYPENI",
];

/// As many as could be shown in a line.
const MAX_SHOWN: u16 = 12;
/// A name of 255 bytes has at most 127 labels and the root (RFC 1035 section 3.1).
const MAX_LABELS: usize = 128;
const POINTER: u8 = 0xc0;
/// The top bit of a class asks for a unicast answer or says that old ones are void (RFC 6762 sections 5.4, 10.2).
const INTERNET: u16 = 1;
const CLASS: u16 = 0x7fff;

const A: u16 = 1;
const NS: u16 = 2;
const CNAME: u16 = 5;
const SOA: u16 = 6;
const PTR: u16 = 12;
const MX: u16 = 15;
const TXT: u16 = 16;
const AAAA: u16 = 28;
const SRV: u16 = 33;
const DNAME: u16 = 39;
const SVCB: u16 = 64;
const HTTPS: u16 = 65;
const TYPES: [(u16, &str); 22] = [
    (A, "A"),
    (NS, "NS"),
    (CNAME, "CNAME"),
    (SOA, "SOA"),
    (PTR, "PTR"),
    (13, "HINFO"),
    (MX, "MX"),
    (TXT, "TXT"),
    (AAAA, "AAAA"),
    (SRV, "SRV"),
    (35, "NAPTR"),
    (DNAME, "DNAME"),
    (41, "OPT"),
    (43, "DS"),
    (46, "RRSIG"),
    (47, "NSEC"),
    (48, "DNSKEY"),
    (SVCB, "SVCB"),
    (HTTPS, "HTTPS"),
    (252, "AXFR"),
    (255, "ANY"),
    (257, "CAA"),
];

/// Writes the first message of a TCP segment, which its length precedes (RFC 1035 section 4.2.2).
pub(super) fn describe_in_stream(line: &mut Line, payload: &[u8]) -> Option<()> {
    let mut wire = Wire(payload);
    let len = wire.be16()?;
    describe(line, wire.take_cut(len.into()))
}

/// Writes a message; none where it has no header.
pub(super) fn describe(line: &mut Line, message: &[u8]) -> Option<()> {
    let mut wire = Wire(message);
    let (id, flags, questions, answers) = (wire.be16()?, wire.be16()?, wire.be16()?, wire.be16()?);
    wire.take(4)?;
    write!(line, "{} {id:#06x}", if flags & RESPONSE == 0 { "query" } else { "answer" });
    let (operation, code) = (usize::from((flags >> 11) & 0x0f), usize::from(flags & 0x0f));
    match OPERATIONS.get(operation) {
        Some(&"") => {}
        Some(name) => write!(line, " {name}"),
        None => write!(line, " operation {operation}"),
    }
    let asked = describe_questions(line, message, &mut wire, questions);
    if flags & RESPONSE != 0 {
        match RESPONSE_CODES.get(code) {
            Some(&"") if answers == 0 => write!(line, ": nothing"),
            Some(&"") => {}
            Some(name) => write!(line, ": {name}"),
            None => write!(line, ": code {code}"),
        }
    }
    match asked {
        Some(asked) => describe_answers(line, message, &mut wire, asked, answers),
        None => write!(line, " …"),
    }
    if flags & TRUNCATED != 0 {
        write!(line, ", truncated");
    }
    Some(())
}

/// What the questions of a message ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// Records of one type with one name.
    One(u16),
    /// Several things, or nothing.
    Otherwise,
}

/// Writes what is asked; none where the questions go on beyond what was read.
fn describe_questions(line: &mut Line, message: &[u8], wire: &mut Wire<'_>, count: u16) -> Option<Asked> {
    let mut asked = Asked::Otherwise;
    for number in 0..count.min(MAX_SHOWN) {
        let name = wire.0;
        skip_name(wire)?;
        let (kind, class) = (wire.be16()?, wire.be16()?);
        write!(line, "{}", if number == 0 { " " } else { ", " });
        write_type(line, kind);
        if class & CLASS != INTERNET {
            write!(line, " class {}", class & CLASS);
        }
        write!(line, " ");
        write_name(line, message, name);
        asked = if count == 1 { Asked::One(kind) } else { Asked::Otherwise };
    }
    if count > MAX_SHOWN {
        write!(line, " and {} more", count - MAX_SHOWN);
        return None;
    }
    Some(asked)
}

/// Writes the answers; those to one question without the name and type that it asks for.
fn describe_answers(line: &mut Line, message: &[u8], wire: &mut Wire<'_>, asked: Asked, count: u16) {
    for number in 0..count.min(MAX_SHOWN) {
        let Some(record) = Record::read(wire) else { return };
        write!(line, "{}", if number == 0 { ": " } else { ", " });
        if asked != Asked::One(record.kind) {
            write_type(line, record.kind);
            write!(line, " ");
        }
        if asked == Asked::Otherwise {
            write_name(line, message, record.name);
            write!(line, " ");
        }
        if record.describe(line, message).is_none() {
            write!(line, "{} bytes", record.content.len());
        }
    }
    if count > MAX_SHOWN {
        write!(line, " and {} more", count - MAX_SHOWN);
    }
}

/// A resource record (RFC 1035 section 3.2.1); its name begins where `name` does.
struct Record<'a> {
    name: &'a [u8],
    kind: u16,
    content: &'a [u8],
}

impl<'a> Record<'a> {
    fn read(wire: &mut Wire<'a>) -> Option<Self> {
        let name = wire.0;
        skip_name(wire)?;
        let kind = wire.be16()?;
        // Class and time to live.
        wire.take(6)?;
        Some(Self { name, kind, content: wire.long_piece()? })
    }

    /// Writes what the record says; none for a type that is not read.
    fn describe(&self, line: &mut Line, message: &[u8]) -> Option<()> {
        let mut wire = Wire(self.content);
        match self.kind {
            A => write!(line, "{}", Ipv4Addr::from(wire.array()?)),
            AAAA => write!(line, "{}", Ipv6Addr::from(wire.array()?)),
            NS | CNAME | PTR | DNAME | SOA => write_name(line, message, self.content),
            MX | SVCB | HTTPS => {
                write!(line, "{} ", wire.be16()?);
                write_name(line, message, wire.0);
            }
            SRV => {
                wire.take(4)?;
                let port = wire.be16()?;
                write_name(line, message, wire.0);
                write!(line, " port {port}");
            }
            TXT => {
                write!(line, "\"");
                line.wire(wire.short_piece()?);
                write!(line, "\"");
            }
            _ => return None,
        }
        Some(())
    }
}

fn write_type(line: &mut Line, kind: u16) {
    match TYPES.iter().find(|(number, _)| *number == kind) {
        Some((_, name)) => write!(line, "{name}"),
        None => write!(line, "TYPE{kind}"),
    }
}

/// Passes a name, which ends at its root or at a pointer.
fn skip_name(wire: &mut Wire<'_>) -> Option<()> {
    for _ in 0..MAX_LABELS {
        let len = wire.byte()?;
        if len & POINTER == POINTER {
            return wire.byte().map(|_| ());
        }
        wire.take(len.into())?;
        if len == 0 {
            return Some(());
        }
    }
    None
}

/// Writes a name as labels and dots.
///
/// A pointer may lead to any place of the message (RFC 1035 section 4.1.4), so one can lead in circles: labels and
/// pointers together are counted, and those beyond the most that a name has are left out, as is what was cut.
fn write_name(line: &mut Line, message: &[u8], name: &[u8]) {
    let mut wire = Wire(name);
    let mut is_root = true;
    for _ in 0..MAX_LABELS {
        match wire.byte() {
            None => return write!(line, "…"),
            Some(0) => return write!(line, "{}", if is_root { "." } else { "" }),
            Some(len) if len & POINTER == POINTER => {
                let place = wire.byte().map(|low| usize::from(u16::from_be_bytes([len & !POINTER, low])));
                match place.and_then(|place| message.get(place..)) {
                    Some(target) => wire = Wire(target),
                    None => return write!(line, "…"),
                }
            }
            Some(len) => {
                write!(line, "{}", if is_root { "" } else { "." });
                write_label(line, wire.take_cut(len.into()));
                is_root = false;
            }
        }
    }
    write!(line, "…");
}

/// Writes a label; a dot inside it is no end of it (RFC 1035 section 5.1).
fn write_label(line: &mut Line, label: &[u8]) {
    for (number, part) in label.split(|byte| *byte == b'.').enumerate() {
        write!(line, "{}", if number == 0 { "" } else { "\\." });
        line.wire(part);
    }
}
