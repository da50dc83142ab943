//! What descriptions announce.

use std::net::IpAddr;
use std::sync::Arc;

use netsonde_dissect::sdp::{Description, Media};
use netsonde_units::Timestamp;

use super::wording::text;
use crate::{Announcement, Format, MediaKind};

/// Announcements taken of a message: a call of many with pictures has some ten streams.
const MAX_ANNOUNCEMENTS: usize = 32;
/// Streams of one line, on ports that follow each other; layered encodings have a few.
const MAX_PORTS: u16 = 8;
/// Candidates of a stream: a host with several networks and relays has some twenty.
const MAX_CANDIDATES: usize = 24;
/// What the payload types of a stream mean, of at most 128.
const MAX_FORMATS: usize = 32;
/// The component of RTP among the candidates (RFC 8839 section 5.1).
const RTP: u16 = 1;

/// Returns where the streams of a description will come to. Those that are refused, on hold or at a name are left out.
pub(super) fn announcements(
    description: &Description<'_>,
    call: Option<&Arc<str>>,
    at: Timestamp,
) -> Vec<Announcement> {
    let mut told = Vec::new();
    for media in description.media().filter(|media| media.is_rtp() && !media.is_inactive()) {
        let announced = Announced { kind: kind(media.kind), formats: formats(&media), call, at };
        let is_protected = media.is_protected();
        let mut add = |address: IpAddr, port, rtcp_port| {
            if port != 0 && !address.is_unspecified() {
                add(&mut told, announced.at_place(address, port, rtcp_port, is_protected));
            }
        };
        if let Some(address) = media.address() {
            for number in 0..media.count.clamp(1, MAX_PORTS) {
                let Some(port) = media.port_of(number).filter(|_| media.port != 0) else { break };
                // A port of its own for RTCP is that of the first stream.
                let rtcp_port = if number == 0 { media.rtcp_port() } else { port.saturating_add(1) };
                add(address, port, rtcp_port);
            }
        }
        let shares_port = media.rtcp_port() == media.port;
        for candidate in media.candidates().take(MAX_CANDIDATES).filter(|it| it.component == RTP) {
            let next = if shares_port { candidate.port } else { candidate.port.saturating_add(1) };
            add(candidate.address, candidate.port, next);
        }
    }
    told
}

/// What is said of a stream wherever it comes to.
struct Announced<'a> {
    kind: MediaKind,
    formats: Vec<Format>,
    call: Option<&'a Arc<str>>,
    at: Timestamp,
}

impl Announced<'_> {
    fn at_place(&self, address: IpAddr, port: u16, rtcp_port: u16, is_protected: bool) -> Announcement {
        Announcement {
            address,
            port,
            rtcp_port,
            kind: self.kind,
            is_protected,
            formats: self.formats.clone(),
            call: self.call.cloned(),
            at: self.at,
        }
    }
}

/// Adds an announcement; streams that share a port (RFC 9143) are one.
fn add(told: &mut Vec<Announcement>, one: Announcement) {
    let same = told.iter_mut().find(|it| (it.address, it.port) == (one.address, one.port));
    let Some(same) = same else {
        if told.len() < MAX_ANNOUNCEMENTS {
            told.push(one);
        }
        return;
    };
    if same.kind != one.kind {
        same.kind = MediaKind::Other;
    }
    for format in one.formats {
        let is_known = same.formats.iter().any(|it| it.payload_type == format.payload_type);
        if !is_known && same.formats.len() < MAX_FORMATS {
            same.formats.push(format);
        }
    }
}

/// Returns what a kind of stream carries.
pub(super) fn kind(written: &[u8]) -> MediaKind {
    match written {
        b"audio" => MediaKind::Audio,
        b"video" => MediaKind::Video,
        _ => MediaKind::Other,
    }
}

/// Returns what the payload types of a stream mean, as far as it says.
pub(super) fn formats(media: &Media<'_>) -> Vec<Format> {
    let maps = media.rtpmaps().take(MAX_FORMATS);
    maps.map(|map| Format {
        payload_type: map.payload_type,
        codec: text(map.encoding),
        clock_rate: map.clock_rate,
    })
    .collect()
}
