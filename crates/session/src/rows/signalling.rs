//! Messages of SIP (RFC 3261) and RTSP (RFC 7826).

use netsonde_dissect::head::Start;
use netsonde_dissect::sdp::Description;
use netsonde_dissect::{rtsp, sip};

use super::line::Line;

/// Streams of a description that are written.
const MAX_MEDIA: usize = 4;

/// Writes what a message of SIP asks for or answers, and the streams that it describes.
pub(super) fn describe_sip(line: &mut Line, payload: &[u8]) -> Option<()> {
    let message = sip::Message::parse(payload)?;
    describe_start(line, message.start);
    if let (Start::Response { .. }, Some((_, method))) = (message.start, message.sequence()) {
        write!(line, " to ");
        line.wire(method);
    }
    if let (Start::Request { method: b"INVITE", .. }, Some(from)) = (message.start, message.from()) {
        write!(line, ", from ");
        line.wire(from);
    }
    describe_media(line, message.description(), " refused");
    Some(())
}

/// Writes what a message of RTSP asks for or answers, the streams that it describes, and where one will go.
pub(super) fn describe_rtsp(line: &mut Line, payload: &[u8]) -> Option<()> {
    let message = rtsp::Message::parse(payload)?;
    describe_start(line, message.start);
    describe_media(line, message.description(), "");
    let transport = message.transports().next();
    if let Some((client, server)) = transport.map(|transport| (transport.client(), transport.server())) {
        for (end, port) in [("client", client.port), ("server", server.port)] {
            if let Some(port) = port {
                write!(line, ", {end} port {port}");
            }
        }
    }
    Some(())
}

fn describe_start(line: &mut Line, start: Start<'_>) {
    match start {
        Start::Request { method, target } => {
            write!(line, "Request: ");
            line.wire(method);
            write!(line, " ");
            line.wire(target);
        }
        Start::Response { code, reason } => {
            write!(line, "Status: {code}");
            if !reason.is_empty() {
                write!(line, " ");
                line.wire(reason);
            }
        }
    }
}

/// Writes streams; `portless` is what a port of 0 says of one.
fn describe_media(line: &mut Line, description: Option<Description<'_>>, portless: &str) {
    let Some(description) = description else { return };
    write!(line, ", with SDP");
    for media in description.media().take(MAX_MEDIA) {
        write!(line, ", ");
        line.wire(media.kind);
        match media.address() {
            _ if media.port == 0 => write!(line, "{portless}"),
            Some(address) => write!(line, " at {address} port {}", media.port),
            None => write!(line, " at port {}", media.port),
        }
    }
}
