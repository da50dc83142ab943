//! What the user calls an upload.

use axum::http::HeaderMap;

/// The longest name that is kept, in characters.
const NAME_LENGTH: usize = 200;

/// Returns what the user calls the file: the last part of the name in the header, without control characters.
pub(super) fn name(headers: &HeaderMap) -> String {
    let header = headers.get("x-file-name").map_or(&[][..], |value| value.as_bytes());
    let decoded = decode(header);
    let last = decoded.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|letter| !letter.is_control()).take(NAME_LENGTH).collect();
    if name.is_empty() { "the upload".into() } else { name }
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
            ("", "the upload"),
            ("..%2F", "the upload"),
            ("/etc/passwd", "passwd"),
            ("%00", "the upload"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-file-name", header.parse().unwrap());
            assert_eq!(name(&headers), expected, "{header}");
        }
    }
}
