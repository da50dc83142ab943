//! What a message of SIP tells.

use netsonde_dissect::head::Start;
use netsonde_dissect::sip::Message;

use super::Spoken;
use super::announcing::announcements;
use super::wording::{name, text, words};
use crate::{SipKind, SipMessage, SipMethod};

/// Reads a message; none where it is none, or tells nothing of a call: whoever looks whether somebody is there asks
/// thousands of times a second.
pub(super) fn read(bytes: &[u8], spoken: &Spoken) -> Option<SipMessage> {
    let message = Message::parse(bytes)?;
    let call = name(message.call_id()?);
    let (sequence, method) = message.sequence()?;
    let method = method_of(method);
    let description = message.description();
    let media = description.map(|it| announcements(&it, Some(&call), spoken.at)).unwrap_or_default();
    let is_of_call = !matches!(method, SipMethod::Register | SipMethod::Other);
    if !is_of_call && media.is_empty() {
        return None;
    }
    let kind = match message.start {
        Start::Request { .. } => SipKind::Request,
        Start::Response { code, reason } => SipKind::Response { code, reason: words(reason) },
    };
    let &Spoken { source, destination, at, .. } = spoken;
    let (from, to) = (message.from().unwrap_or_default(), message.to().unwrap_or_default());
    Some(SipMessage {
        source,
        destination,
        at,
        call,
        kind,
        sequence,
        method,
        in_dialogue: message.has_to_tag(),
        from: text(from),
        to: text(to),
        media,
    })
}

fn method_of(name: &[u8]) -> SipMethod {
    match name {
        b"INVITE" => SipMethod::Invite,
        b"ACK" => SipMethod::Ack,
        b"BYE" => SipMethod::Bye,
        b"CANCEL" => SipMethod::Cancel,
        b"REGISTER" => SipMethod::Register,
        _ => SipMethod::Other,
    }
}
