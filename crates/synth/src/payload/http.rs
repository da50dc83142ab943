//! HTTP/1.1 in clear text (RFC 9112).

use crate::Rng;

/// Returns a request without content, as a small program sends it.
pub fn request(method: &str, host: &str, path: &str, agent: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\nAccept: */*\r\n\
         Connection: keep-alive\r\n\r\n"
    )
    .into_bytes()
}

/// Returns a response whose content is a page of `len` bytes of plain words.
pub fn response(status: &str, content_type: &str, len: usize, rng: &mut Rng) -> Vec<u8> {
    let mut out = format!(
        "HTTP/1.1 {status}\r\nServer: nginx\r\nContent-Type: {content_type}\r\nContent-Length: {len}\r\n\
         Cache-Control: max-age=600\r\nConnection: keep-alive\r\n\r\n"
    )
    .into_bytes();
    let end = out.len() + len;
    while out.len() < end {
        out.extend(rng.pick(&WORDS).as_bytes());
        out.push(b' ');
    }
    out.truncate(end);
    out
}

const WORDS: [&str; 8] = ["packet", "window", "segment", "and", "the", "round", "trip", "queue"];

#[cfg(test)]
mod tests {
    use super::*;
    use netsonde_dissect::{Guess, Protocol, probe_tcp};

    #[test]
    fn content_is_as_long_as_it_says() {
        let response = response("200 OK", "text/html", 1234, &mut Rng::new(1, 0));
        let text = String::from_utf8(response.clone()).unwrap();
        let (head, content) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("Content-Length: 1234"));
        assert_eq!(content.len(), 1234);
        assert_eq!(probe_tcp(&response, 80, 50_000), Guess::Certain(Protocol::Http));
        let request = request("GET", "example.org", "/", "curl/8.5.0");
        assert_eq!(probe_tcp(&request, 50_000, 80), Guess::Certain(Protocol::Http));
    }
}
