//! Descriptions of streams: SDP (RFC 8866), with what RTP (RFC 3605, RFC 5761), encryption (RFC 4568, RFC 8122) and ICE
//! (RFC 8839) add.

mod media;

use crate::head::{Head, split_line, split_once};

pub use media::{Candidate, Media, Rtpmap};

/// What the type of a body with several parts begins with.
const MULTIPART: &[u8] = b"multipart/";
const BOUNDARY: &[u8] = b"boundary=";
/// What a description begins with (RFC 8866 section 5.1).
const BEGINNING: &[u8] = b"v=0";

/// A description of streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Description<'a> {
    /// What is said of all streams.
    session: &'a [u8],
    /// The lines of the streams.
    media: &'a [u8],
}

impl<'a> Description<'a> {
    /// Reads a description.
    pub fn new(body: &'a [u8]) -> Self {
        let (session, media) = split_before_media(body);
        Self { session, media }
    }

    /// Looks for a description in a body whose type is `kind`, which may have several parts (RFC 2046 section 5.1).
    pub fn within(kind: &[u8], body: &'a [u8]) -> Option<Self> {
        let is_multipart = kind.get(..MULTIPART.len()).is_some_and(|it| it.eq_ignore_ascii_case(MULTIPART));
        let found = if is_multipart { part(body, boundary(kind)?)? } else { body };
        let found = found.trim_ascii_start();
        found.starts_with(BEGINNING).then(|| Self::new(found))
    }

    /// Returns the streams, in order.
    pub const fn media(&self) -> Medias<'a> {
        Medias { session: self.session, left: self.media }
    }
}

/// The streams of a description.
#[derive(Clone, Debug)]
pub struct Medias<'a> {
    session: &'a [u8],
    left: &'a [u8],
}

impl<'a> Iterator for Medias<'a> {
    type Item = Media<'a>;

    fn next(&mut self) -> Option<Media<'a>> {
        loop {
            let (first, behind) = self.left.strip_prefix(b"m=").map(line_and_rest)?;
            let (lines, rest) = split_before_media(behind);
            self.left = rest;
            if let Some(media) = Media::parse(first, self.session, lines) {
                return Some(media);
            }
        }
    }
}

/// Returns the lines before the next stream, and what begins with that.
fn split_before_media(lines: &[u8]) -> (&[u8], &[u8]) {
    let mut left = lines;
    while !left.is_empty() && !left.starts_with(b"m=") {
        left = line_and_rest(left).1;
    }
    lines.split_at_checked(lines.len().saturating_sub(left.len())).unwrap_or((lines, &[]))
}

/// Splits off a line; the last one may have no end.
fn line_and_rest(bytes: &[u8]) -> (&[u8], &[u8]) {
    split_line(bytes).unwrap_or((bytes, &[]))
}

/// Returns what separates the parts of a body, by its type.
fn boundary(kind: &[u8]) -> Option<&[u8]> {
    let mut parameters = kind.split(|&byte| byte == b';').map(<[u8]>::trim_ascii);
    let value = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_at_checked(BOUNDARY.len())?;
        name.eq_ignore_ascii_case(BOUNDARY).then_some(value)
    })?;
    Some(value.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\"")).unwrap_or(value))
}

/// Returns the part of a body that is a description.
fn part<'a>(body: &'a [u8], boundary: &[u8]) -> Option<&'a [u8]> {
    let is_boundary = |line: &[u8]| line.strip_prefix(b"--").is_some_and(|it| it.starts_with(boundary));
    let mut left = body;
    while !left.is_empty() {
        let (line, behind) = line_and_rest(left);
        left = behind;
        if !is_boundary(line) {
            continue;
        }
        let mut end = behind;
        while !end.is_empty() && !is_boundary(line_and_rest(end).0) {
            end = line_and_rest(end).1;
        }
        let content = behind.get(..behind.len().saturating_sub(end.len()))?;
        left = end;
        // A part may have no headers; the empty line before it stays.
        let content = if content.starts_with(b"\r\n") || content.starts_with(b"\n") {
            content.trim_ascii_start()
        } else {
            Head::parse(content).map_or(content, |head| head.rest)
        };
        if content.starts_with(BEGINNING) {
            return Some(content);
        }
    }
    None
}

/// Returns the values of the lines of a kind, such as `a`.
fn values(lines: &[u8], kind: u8) -> impl Iterator<Item = &[u8]> {
    let every = lines.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end);
    every.filter_map(move |line| match line {
        [it, b'=', value @ ..] if *it == kind => Some(value),
        _ => None,
    })
}

/// Returns name and value of an attribute, such as `rtpmap:0 PCMU/8000`.
fn attribute(value: &[u8]) -> (&[u8], &[u8]) {
    split_once(value, b':').unwrap_or((value, &[]))
}

#[cfg(test)]
mod tests;
