//! DNS (RFC 1035), multicast DNS (RFC 6762) and LLMNR (RFC 4795).

use netsonde_dissect::dns::{Class, Message, Name, Question, Rcode, Record, RecordType, Section};

use super::line::Line;
use netsonde_dissect::Wire;

/// IANA DNS parameters.
const OPERATIONS: [&str; 7] = ["", "inverse query", "status", "operation 3", "notify", "update", "session"];

/// As many as could be shown in a line.
const MAX_SHOWN: u16 = 12;

const TYPES: [(RecordType, &str); 22] = [
    (RecordType::A, "A"),
    (RecordType::NS, "NS"),
    (RecordType::CNAME, "CNAME"),
    (RecordType::SOA, "SOA"),
    (RecordType::PTR, "PTR"),
    (RecordType(13), "HINFO"),
    (RecordType::MX, "MX"),
    (RecordType::TXT, "TXT"),
    (RecordType::AAAA, "AAAA"),
    (RecordType::SRV, "SRV"),
    (RecordType(35), "NAPTR"),
    (RecordType::DNAME, "DNAME"),
    (RecordType::OPT, "OPT"),
    (RecordType(43), "DS"),
    (RecordType(46), "RRSIG"),
    (RecordType(47), "NSEC"),
    (RecordType(48), "DNSKEY"),
    (RecordType::SVCB, "SVCB"),
    (RecordType::HTTPS, "HTTPS"),
    (RecordType(252), "AXFR"),
    (RecordType(255), "ANY"),
    (RecordType(257), "CAA"),
];

/// Writes the first message of a TCP segment, which its length precedes (RFC 1035 section 4.2.2).
pub(super) fn describe_in_stream(line: &mut Line, payload: &[u8]) -> Option<()> {
    let mut wire = Wire(payload);
    let len = wire.be16()?;
    describe(line, wire.take_cut(len.into()))
}

/// Writes a message; none where it has no header.
pub(super) fn describe(line: &mut Line, message: &[u8]) -> Option<()> {
    let message = Message::parse(message).ok()?;
    write!(line, "{} {:#06x}", if message.is_response() { "answer" } else { "query" }, message.id());
    let operation = usize::from(message.operation());
    match OPERATIONS.get(operation) {
        Some(&"") => {}
        Some(name) => write!(line, " {name}"),
        None => write!(line, " operation {operation}"),
    }
    let asked = describe_questions(line, &message);
    if message.is_response() {
        describe_code(line, message.rcode(), message.answer_count());
    }
    match asked {
        Some(asked) => describe_answers(line, &message, asked),
        None => write!(line, " …"),
    }
    if message.is_truncated() {
        write!(line, ", truncated");
    }
    Some(())
}

fn describe_code(line: &mut Line, code: Rcode, answers: u16) {
    match code.name() {
        Some(_) if code == Rcode::NO_ERROR && answers == 0 => write!(line, ": nothing"),
        Some(_) if code == Rcode::NO_ERROR => {}
        Some(name) => write!(line, ": {name}"),
        None => write!(line, ": code {}", code.0),
    }
}

/// What the questions of a message ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// Records of one type with one name.
    One(RecordType),
    /// Several things, or nothing.
    Otherwise,
}

/// Writes what is asked; none where the questions go on beyond what was read.
fn describe_questions(line: &mut Line, message: &Message<'_>) -> Option<Asked> {
    let count = message.question_count();
    let mut asked = Asked::Otherwise;
    for (number, question) in message.questions().take(MAX_SHOWN.into()).enumerate() {
        let Question { name, kind, class } = question.ok()?;
        write!(line, "{}", if number == 0 { " " } else { ", " });
        write_type(line, kind);
        if class != Class::INTERNET {
            write!(line, " class {}", class.0);
        }
        write!(line, " ");
        write_name(line, &name);
        asked = if count == 1 { Asked::One(kind) } else { Asked::Otherwise };
    }
    if count > MAX_SHOWN {
        write!(line, " and {} more", count - MAX_SHOWN);
        return None;
    }
    Some(asked)
}

/// Writes the answers; those to one question without the name and type that it asks for.
fn describe_answers(line: &mut Line, message: &Message<'_>, asked: Asked) {
    let count = message.answer_count();
    let answers = message
        .records()
        .take_while(|record| record.as_ref().is_ok_and(|record| record.section == Section::Answer));
    let mut shown = 0;
    for record in answers.flatten().take(MAX_SHOWN.into()) {
        write!(line, "{}", if shown == 0 { ": " } else { ", " });
        shown += 1;
        if asked != Asked::One(record.kind) {
            write_type(line, record.kind);
            write!(line, " ");
        }
        if asked == Asked::Otherwise {
            write_name(line, &record.name);
            write!(line, " ");
        }
        if describe_record(line, &record).is_none() {
            write!(line, "{} bytes", record.content.len());
        }
    }
    if shown == MAX_SHOWN && count > MAX_SHOWN {
        write!(line, " and {} more", count - MAX_SHOWN);
    }
}

/// Writes what a record says; none for a type that is not read.
fn describe_record(line: &mut Line, record: &Record<'_>) -> Option<()> {
    let mut wire = Wire(record.content);
    match record.kind {
        RecordType::A | RecordType::AAAA => write!(line, "{}", record.address()?),
        RecordType::NS | RecordType::CNAME | RecordType::PTR | RecordType::DNAME | RecordType::SOA => {
            write_name(line, &record.name_in_content(0));
        }
        RecordType::MX | RecordType::SVCB | RecordType::HTTPS => {
            write!(line, "{} ", wire.be16()?);
            write_name(line, &record.name_in_content(2));
        }
        RecordType::SRV => {
            wire.take(4)?;
            let port = wire.be16()?;
            write_name(line, &record.name_in_content(6));
            write!(line, " port {port}");
        }
        RecordType::TXT => {
            write!(line, "\"");
            line.wire(wire.short_piece()?);
            write!(line, "\"");
        }
        _ => return None,
    }
    Some(())
}

fn write_type(line: &mut Line, kind: RecordType) {
    match TYPES.iter().find(|(number, _)| *number == kind) {
        Some((_, name)) => write!(line, "{name}"),
        None => write!(line, "TYPE{}", kind.0),
    }
}

/// Writes a name as labels and dots; an ellipsis stands for what is cut or broken.
fn write_name(line: &mut Line, name: &Name<'_>) {
    let mut is_root = true;
    for label in name.labels() {
        let Ok(label) = label else { return write!(line, "…") };
        write!(line, "{}", if is_root { "" } else { "." });
        write_label(line, label);
        is_root = false;
    }
    if is_root {
        write!(line, ".");
    }
}

/// Writes a label; a dot inside it is no end of it (RFC 1035 section 5.1).
fn write_label(line: &mut Line, label: &[u8]) {
    for (number, part) in label.split(|byte| *byte == b'.').enumerate() {
        write!(line, "{}", if number == 0 { "" } else { "\\." });
        line.wire(part);
    }
}
