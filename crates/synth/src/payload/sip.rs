//! SIP (RFC 3261) with SDP (RFC 8866): registrations and calls over UDP.

use std::net::IpAddr;

use super::rtp::Codec;

/// One side of a call.
#[derive(Clone, Debug)]
pub struct Party {
    /// The name before the `@`.
    pub user: String,
    /// The domain that it is registered with.
    pub domain: String,
    /// Its address.
    pub address: IpAddr,
    /// Its port for signalling.
    pub port: u16,
    /// Its ports for media, one for each codec of the call, in order.
    pub media_ports: Vec<u16>,
}

impl Party {
    fn uri(&self) -> String {
        format!("sip:{}@{}", self.user, self.domain)
    }

    fn contact(&self) -> String {
        format!("<sip:{}@{}>", self.user, self.socket())
    }

    fn socket(&self) -> String {
        format!("{}:{}", host(self.address), self.port)
    }
}

/// A call between two parties, with the identifiers that keep its messages together.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who calls.
    pub caller: Party,
    /// Who is called.
    pub callee: Party,
    /// The media offered and accepted.
    pub codecs: Vec<Codec>,
    /// Whether digits may be sent beside sound, as telephone events under type 101 (RFC 4733).
    pub has_digits: bool,
    /// Number of the dialogue: the identifiers of its messages come from it.
    pub id: u64,
}

/// A request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Calls, with the caller's media.
    Invite,
    /// Confirms an answer.
    Ack,
    /// Hangs up.
    Bye,
    /// Tells a registrar where one is.
    Register,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Self::Invite => "INVITE",
            Self::Ack => "ACK",
            Self::Bye => "BYE",
            Self::Register => "REGISTER",
        }
    }

    /// The number of the transaction; an ACK has that of what it confirms.
    fn sequence(self) -> u32 {
        match self {
            Self::Invite | Self::Ack | Self::Register => 1,
            Self::Bye => 2,
        }
    }
}

/// How a request was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Being worked on.
    Trying,
    /// The telephone rings.
    Ringing,
    /// Done; with the callee's media where it answers an INVITE.
    Ok,
    /// Who are you?
    Unauthorized,
    /// Talking to somebody else.
    BusyHere,
}

impl Status {
    fn line(self) -> &'static str {
        match self {
            Self::Trying => "100 Trying",
            Self::Ringing => "180 Ringing",
            Self::Ok => "200 OK",
            Self::Unauthorized => "401 Unauthorized",
            Self::BusyHere => "486 Busy Here",
        }
    }
}

impl Call {
    /// Returns a request from the caller.
    pub fn request(&self, method: Method) -> Vec<u8> {
        // Before the callee has answered, requests go to its public name.
        let target = match method {
            Method::Invite => self.callee.uri(),
            Method::Register => format!("sip:{}", self.callee.domain),
            Method::Ack | Method::Bye => format!("sip:{}@{}", self.callee.user, self.callee.socket()),
        };
        let is_answered = matches!(method, Method::Ack | Method::Bye);
        let mut lines = vec![format!("{} {target} SIP/2.0", method.name())];
        lines.extend(self.common(method, is_answered));
        lines.push("Max-Forwards: 70".to_owned());
        if method != Method::Bye {
            lines.push(format!("Contact: {}", self.caller.contact()));
        }
        if method == Method::Register {
            lines.push("Expires: 3600".to_owned());
        }
        lines.push("User-Agent: Softphone/4.2".to_owned());
        let media = (method == Method::Invite).then(|| self.sdp(&self.caller));
        finish(lines, media.as_deref())
    }

    /// Returns the callee's answer to a request.
    pub fn response(&self, status: Status, method: Method) -> Vec<u8> {
        let mut lines = vec![format!("SIP/2.0 {}", status.line())];
        lines.extend(self.common(method, status != Status::Trying));
        match status {
            Status::Unauthorized => lines.push(format!(
                "WWW-Authenticate: Digest realm=\"{}\", nonce=\"{:016x}\", algorithm=MD5, qop=\"auth\"",
                self.callee.domain,
                self.id.rotate_left(17)
            )),
            Status::Ok | Status::Ringing => lines.push(format!("Contact: {}", self.callee.contact())),
            Status::Trying | Status::BusyHere => {}
        }
        let media = (status == Status::Ok && method == Method::Invite).then(|| self.sdp(&self.callee));
        finish(lines, media.as_deref())
    }

    /// The lines that a request and its responses share (RFC 3261 section 8.2.6.2).
    fn common(&self, method: Method, has_tag: bool) -> [String; 5] {
        let tag = if has_tag {
            format!(";tag={:08x}", self.id.rotate_left(40) & 0xffff_ffff)
        } else {
            String::new()
        };
        // A registration is about oneself.
        let to = if method == Method::Register { &self.caller } else { &self.callee };
        // The ACK of an answered call is a transaction of its own (RFC 3261 section 17).
        let branch = format!("z9hG4bK{:012x}{}", self.id & 0xffff_ffff_ffff, method.name().len());
        [
            format!("Via: SIP/2.0/UDP {};rport;branch={branch}", self.caller.socket()),
            format!("From: <{}>;tag={:08x}", self.caller.uri(), self.id & 0xffff_ffff),
            format!("To: <{}>{tag}", to.uri()),
            format!("Call-ID: {:016x}@{}", self.id, host(self.caller.address)),
            format!("CSeq: {} {}", method.sequence(), method.name()),
        ]
    }

    /// Describes where a party wants its media.
    fn sdp(&self, party: &Party) -> String {
        let family = if party.address.is_ipv6() { "IP6" } else { "IP4" };
        let address = party.address;
        let session = self.id & 0xffff_ffff;
        let mut lines = vec![
            "v=0".to_owned(),
            format!("o=- {session} 1 IN {family} {address}"),
            "s=call".to_owned(),
            format!("c=IN {family} {address}"),
            "t=0 0".to_owned(),
        ];
        for (codec, port) in self.codecs.iter().zip(&party.media_ports) {
            let (kind, number) = (if codec.is_audio() { "audio" } else { "video" }, codec.payload_type());
            let digits = self.has_digits && codec.is_audio();
            lines.push(format!("m={kind} {port} RTP/AVP {number}{}", if digits { " 101" } else { "" }));
            lines.push(format!("a=rtpmap:{number} {}", codec.rtpmap()));
            if digits {
                lines.push(format!("a=rtpmap:101 telephone-event/{}", codec.clock_rate()));
            }
            if codec.is_audio() {
                lines.push("a=ptime:20".to_owned());
            }
            lines.push("a=sendrecv".to_owned());
        }
        lines.join("\r\n") + "\r\n"
    }
}

/// Writes an address where a port may follow.
fn host(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

fn finish(mut lines: Vec<String>, body: Option<&str>) -> Vec<u8> {
    if body.is_some() {
        lines.push("Content-Type: application/sdp".to_owned());
    }
    let body = body.unwrap_or_default();
    lines.push(format!("Content-Length: {}", body.len()));
    format!("{}\r\n\r\n{body}", lines.join("\r\n")).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use netsonde_dissect::{Guess, Protocol, probe_udp};

    fn call() -> Call {
        let party = |user: &str, address: &str, port: u16| Party {
            user: user.to_owned(),
            domain: "example.org".to_owned(),
            address: address.parse().unwrap(),
            port,
            media_ports: vec![40_000, 40_002],
        };
        Call {
            caller: party("alice", "192.0.2.1", 5060),
            callee: party("bob", "2001:db8::2", 5062),
            codecs: vec![Codec::Pcma, Codec::H264],
            has_digits: false,
            id: 0x1122_3344_5566_7788,
        }
    }

    fn text(message: &[u8]) -> String {
        String::from_utf8(message.to_vec()).unwrap()
    }

    /// Returns the value of a header field.
    fn field<'a>(message: &'a str, name: &str) -> &'a str {
        message.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap()
    }

    #[test]
    fn every_message_is_recognised_and_as_long_as_it_says() {
        let call = call();
        for message in [
            call.request(Method::Invite),
            call.response(Status::Trying, Method::Invite),
            call.response(Status::Ringing, Method::Invite),
            call.response(Status::Ok, Method::Invite),
            call.request(Method::Ack),
            call.request(Method::Bye),
            call.response(Status::Ok, Method::Bye),
            call.request(Method::Register),
            call.response(Status::Unauthorized, Method::Register),
            call.response(Status::BusyHere, Method::Invite),
        ] {
            assert_eq!(probe_udp(&message, 5060, 5062), Guess::Certain(Protocol::Sip));
            let text = text(&message);
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            assert_eq!(field(head, "Content-Length"), body.len().to_string());
        }
    }

    #[test]
    fn responses_repeat_what_names_the_transaction() {
        let call = call();
        let (invite, ok) =
            (text(&call.request(Method::Invite)), text(&call.response(Status::Ok, Method::Invite)));
        for name in ["Via", "From", "Call-ID", "CSeq"] {
            assert_eq!(field(&invite, name), field(&ok, name));
        }
        assert!(!field(&invite, "To").contains("tag="));
        assert!(field(&ok, "To").contains("tag="));
        assert_ne!(field(&invite, "Via"), field(&text(&call.request(Method::Ack)), "Via"));
    }

    #[test]
    fn answer_says_where_each_medium_goes() {
        let ok = text(&call().response(Status::Ok, Method::Invite));
        assert!(ok.contains("c=IN IP6 2001:db8::2\r\n"));
        assert!(ok.contains("m=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"));
        assert!(ok.contains("m=video 40002 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"));
        assert!(ok.contains("Contact: <sip:bob@[2001:db8::2]:5062>\r\n"));
    }
}
