//! What SIP, RTSP and the descriptions in them tell of calls and streams.

mod announcing;
mod rtsp;
mod sip;
mod streams;
#[cfg(test)]
mod tests;
mod wording;

use std::net::IpAddr;
use std::sync::Arc;

use netsonde_dissect::Protocol;
use netsonde_units::Timestamp;

use self::rtsp::Sessions;
use self::streams::Streams;
use crate::{MediaKind, Side};

pub(crate) use self::streams::Segment;

/// Where SDP says that a stream will come to (RFC 8866 section 5.14).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The address that it comes to.
    pub address: IpAddr,
    /// The port.
    pub port: u16,
    /// The port of RTCP: the next one, the same (RFC 5761), or another (RFC 3605).
    pub rtcp_port: u16,
    /// What it carries.
    pub kind: MediaKind,
    /// Whether it will be encrypted (RFC 3711, RFC 5763).
    pub is_protected: bool,
    /// What its payload types mean, at most 32.
    pub formats: Vec<Format>,
    /// The call that it belongs to, by its `Call-ID`; none in RTSP.
    pub call: Option<Arc<str>>,
    /// When it was said.
    pub at: Timestamp,
}

impl Announcement {
    /// Tells whether another one says the same, at whatever time.
    pub(crate) fn repeats(&self, other: &Self) -> bool {
        let Self { address, port, rtcp_port, kind, is_protected, formats, call, at: _ } = self;
        (address, port, rtcp_port, kind) == (&other.address, &other.port, &other.rtcp_port, &other.kind)
            && (is_protected, call, formats) == (&other.is_protected, &other.call, &other.formats)
    }
}

/// What a payload type means (RFC 8866 section 6.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// The payload type.
    pub payload_type: u8,
    /// The encoding's name as written, escaped.
    pub codec: Arc<str>,
    /// The clock of its timestamps, in hertz; none where it is not said.
    pub clock_rate: Option<u32>,
}

/// A message of SIP, as far as calls are concerned (RFC 3261). Texts are as written: UTF-8 where it
/// shows, the rest escaped; those of more than 128 bytes end in an ellipsis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipMessage {
    /// Who sent it.
    pub source: (IpAddr, u16),
    /// To whom.
    pub destination: (IpAddr, u16),
    /// When.
    pub at: Timestamp,
    /// Names the call: `Call-ID`, one of more than 256 bytes cut, with its hash behind.
    pub call: Arc<str>,
    /// What it is.
    pub kind: SipKind,
    /// The number of its request: that of `CSeq`.
    pub sequence: u32,
    /// The method of its request: that of `CSeq`.
    pub method: SipMethod,
    /// Whether it is a part of a dialogue that both ends agreed on: `To` has a tag (RFC 3261 section 12.2).
    pub in_dialogue: bool,
    /// Who the dialogue is from: the address in `From`, such as `sip:a@example.org`.
    pub from: Arc<str>,
    /// Who it is to: the address in `To`.
    pub to: Arc<str>,
    /// What it announces.
    pub media: Vec<Announcement>,
}

/// A request, or the answer to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SipKind {
    /// A request; which one, [`SipMessage::method`] says.
    Request,
    /// An answer.
    Response {
        /// Its status code, 100 to 699.
        code: u16,
        /// What it says in words.
        reason: Arc<str>,
    },
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SipMethod {
    /// Begins a call, or changes one.
    Invite,
    /// Confirms that one has begun.
    Ack,
    /// Ends it.
    Bye,
    /// Gives it up before it was answered.
    Cancel,
    /// Tells where somebody is.
    Register,
    /// Anything else.
    Other,
}

/// A packet of a conversation that speaks SIP or RTSP.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spoken {
    /// The conversation's serial number.
    pub(crate) conversation: u64,
    pub(crate) side: Side,
    pub(crate) source: (IpAddr, u16),
    pub(crate) destination: (IpAddr, u16),
    pub(crate) at: Timestamp,
}

/// What a message tells.
#[derive(Debug)]
pub(crate) enum Told {
    /// One of SIP.
    Sip(Box<SipMessage>),
    /// One of RTSP: where streams will come to.
    Rtsp(Vec<Announcement>),
}

impl Told {
    /// Returns what was spoken.
    pub(crate) const fn protocol(&self) -> Protocol {
        match self {
            Self::Sip(_) => Protocol::Sip,
            Self::Rtsp(_) => Protocol::Rtsp,
        }
    }
}

/// All that is followed of signalling.
#[derive(Debug, Default)]
pub(crate) struct Signalling {
    streams: Streams,
    sessions: Sessions,
}

impl Signalling {
    /// Reads a datagram, which is a message.
    pub(crate) fn datagram(&mut self, spoken: &Spoken, payload: &[u8]) -> Option<Told> {
        read(&mut self.sessions, spoken, payload)
    }

    /// Reads a segment of TCP: a part of a message, or several.
    pub(crate) fn segment(&mut self, spoken: &Spoken, segment: &Segment<'_>, mut each: impl FnMut(Told)) {
        let Self { streams, sessions } = self;
        streams.push((spoken.conversation, spoken.side), segment, |message| {
            if let Some(told) = read(sessions, spoken, message) {
                each(told);
            }
        });
    }
}

fn read(sessions: &mut Sessions, spoken: &Spoken, message: &[u8]) -> Option<Told> {
    if let Some(message) = sip::read(message, spoken) {
        return Some(Told::Sip(Box::new(message)));
    }
    sessions.read(message, spoken).map(Told::Rtsp)
}

/// Returns the place of a number in a direct-mapped table of so many.
fn place<T>(places: &mut Vec<Option<T>>, most: usize, number: u64) -> Option<&mut Option<T>> {
    if places.is_empty() {
        places.resize_with(most, || None);
    }
    // Lossless: usize has at most 64 bits.
    places.get_mut(usize::try_from(number % most as u64).ok()?)
}
