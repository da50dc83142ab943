//! `POST /api/v1/captures`: takes a capture file, as it comes, never as a whole.

use std::path::{Path, PathBuf};

use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, StatusCode};
use futures_util::StreamExt as _;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use crate::commands::Upload;
use crate::random;

/// Bytes of an upload's id, so that nobody guesses one.
const ID_BYTES: usize = 16;
/// The longest name that is kept, in characters.
const NAME_LENGTH: usize = 200;

/// Why an upload was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// It is larger than allowed.
    #[error("the capture is larger than {most} bytes; --upload-max allows more")]
    TooLarge { most: u64 },
    /// It did not come whole.
    #[error("the upload broke off: {0}")]
    BrokeOff(axum::Error),
    /// It could not be kept.
    #[error("the capture cannot be kept in {}: {source}", folder.display())]
    NotKept { folder: PathBuf, source: std::io::Error },
}

impl Refused {
    /// Returns the HTTP status (RFC 9110 section 15).
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BrokeOff(_) => StatusCode::BAD_REQUEST,
            Self::NotKept { .. } => StatusCode::INSUFFICIENT_STORAGE,
        }
    }
}

/// Writes an upload into `folder` and returns its id and what is known of it; nothing stays of one that is refused.
pub(crate) async fn keep(
    body: Body,
    headers: &HeaderMap,
    folder: &Path,
    most: u64,
) -> Result<(String, Upload), Refused> {
    let id = random::text(ID_BYTES);
    let path = folder.join(&id);
    let kept = write(body.into_data_stream(), &path, folder, most).await;
    if let Err(refused) = kept {
        // It may never have been made.
        let _ = tokio::fs::remove_file(&path).await;
        return Err(refused);
    }
    Ok((id, Upload { path, name: name(headers) }))
}

async fn write(mut body: BodyDataStream, path: &Path, folder: &Path, most: u64) -> Result<(), Refused> {
    let not_kept = |source| Refused::NotKept { folder: folder.to_owned(), source };
    tokio::fs::create_dir_all(folder).await.map_err(not_kept)?;
    let mut file = File::create_new(path).await.map_err(not_kept)?;
    let mut length = 0_u64;
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(Refused::BrokeOff)?;
        length = length.saturating_add(piece.len() as u64);
        if length > most {
            return Err(Refused::TooLarge { most });
        }
        file.write_all(&piece).await.map_err(not_kept)?;
    }
    file.flush().await.map_err(not_kept)
}

/// Returns what the user calls the file: the last part of the name in the header, without control characters.
fn name(headers: &HeaderMap) -> String {
    let header = headers.get("x-file-name").map_or(&[][..], |value| value.as_bytes());
    let decoded = decode(header);
    let last = decoded.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|letter| !letter.is_control()).take(NAME_LENGTH).collect();
    if name.is_empty() { "uploaded capture".into() } else { name }
}

/// Decodes percent-encoding (RFC 3986 section 2.1).
fn decode(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, behind)) = rest.split_first() {
        let escaped = behind.first_chunk::<2>().filter(|_| first == b'%');
        let value = escaped.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(value.unwrap_or(first));
        rest = if value.is_some() { behind.get(2..).unwrap_or_default() } else { behind };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_stands_behind_the_last_slash() {
        for (header, expected) in [
            ("office.pcap", "office.pcap"),
            ("a%20day%2F..%2Fof%C3%A9.pcap", "ofé.pcap"),
            ("..\\..\\x.pcap", "x.pcap"),
            ("%0a%1b[31mred", "[31mred"),
            ("100%", "100%"),
            ("", "uploaded capture"),
            ("..%2F", "uploaded capture"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-file-name", header.parse().unwrap());
            assert_eq!(name(&headers), expected, "{header}");
        }
    }
}
