//! Who may come in, over real sockets.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{PATIENCE, Running};

/// The rows that the unit tests of the rules judge as well.
const TABLE: &str = include_str!("access.txt");
const TOKEN: &str = "the-token";

/// Fault 54 of the design's public implementation: any page could open the stream, read every packet and start captures.
/// Fault 57: a browser elsewhere could not be let in at all, because there was nothing to show.
#[tokio::test]
async fn every_row_of_the_access_table_is_answered_as_it_says() {
    let mut rows = 0;
    for section in TABLE.split("\nlisten ").skip(1) {
        let (listen, section) = section.split_once('\n').unwrap();
        let started = Running::with(|settings| {
            settings.listen = format!("{listen}:0").parse().unwrap();
            settings.allowed_hosts =
                ["probe.example", "", "  ", "proxy.example:8443", "tls.example:443"].map(Into::into).into();
            settings.token = Some(TOKEN.into());
        });
        let server = match started {
            Ok(server) => server,
            Err(error) if error.kind() == std::io::ErrorKind::AddrNotAvailable => {
                eprintln!("ACCESS TABLE NOT TESTED on {listen}: {error}");
                continue;
            }
            Err(error) => panic!("{listen}: {error}"),
        };
        let secret = secret(&server).await;
        let port = server.address.port().to_string();
        for row in section.lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
            let filled = row.replace("PORT", &port).replace("TOKEN", TOKEN).replace("SECRET", &secret);
            let columns: Vec<&str> = filled.split('|').map(str::trim).collect();
            let [at, request, host, origin, shows, expected] = columns[..] else {
                panic!("six columns: {row}")
            };
            let (status, word) = expected.split_once(' ').unwrap_or((expected, ""));
            let answer = ask(&format!("{at}:{port}"), request, host, origin, shows).await;
            assert!(answer.split(' ').nth(1) == Some(status), "{row}\n{answer}");
            let sentence = match word {
                "host" => "does not answer to that host name",
                "origin" => "pages of another origin",
                "netpulse" => "NetPulse's protocol is spoken on this machine only",
                "token" => "the token is missing or wrong",
                _ => "",
            };
            assert!(request.starts_with("HEAD") || answer.contains(sentence), "{row}\n{answer}");
            assert!(answer.contains("x-content-type-options: nosniff"), "{row}\n{answer}");
            assert!(!answer.contains("access-control-allow"), "{row}\n{answer}");
            let is_page = answer.contains("text/html") || answer.contains("text/plain");
            assert!(!request.contains("%61pi") || is_page || status != "200", "{row}\n{answer}");
            rows += 1;
        }
    }
    assert!(rows > 80, "{rows}");
}

/// Sends what a row says and returns the head of the answer, and its body where it has one.
async fn ask(at: &str, request: &str, host: &str, origin: &str, shows: &str) -> String {
    let (method, target) = request.split_once(' ').unwrap();
    let (method, version) = method.strip_suffix("/1.0").map_or((method, "1.1"), |method| (method, "1.0"));
    let (method, upgrade) = if method == "UPGRADE" { ("GET", true) } else { (method, false) };
    let mut head = format!("{method} {target} HTTP/{version}\r\n");
    for (name, values) in [("Host: ", host), ("Origin: ", origin), ("", shows)] {
        for value in values.split(" & ").filter(|value| *value != "-") {
            head.extend([name, value, "\r\n"]);
        }
    }
    head += if upgrade {
        "Connection: upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    } else {
        "Content-Length: 0\r\nConnection: close\r\n\r\n"
    };
    let mut socket = TcpStream::connect(at).await.unwrap();
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // An upgraded connection stays open: its head is the answer.
    while !(answer.starts_with(b"HTTP/1.1 101") && answer.windows(4).any(|end| end == b"\r\n\r\n")) {
        let read = tokio::time::timeout(PATIENCE, socket.read_buf(&mut answer)).await.unwrap().unwrap();
        if read == 0 {
            break;
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// Logs in and returns what the cookie holds.
async fn secret(server: &Running) -> String {
    let body = format!(r#"{{"token":"{TOKEN}"}}"#);
    let head = format!("POST /api/v1/login HTTP/1.1\r\nHost: localhost:{}", server.address.port());
    let answer = server.http(&head, body.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    let name = format!("set-cookie: netsonde-{}=", server.address.port());
    let (_, cookie) = answer.split_once(&name).unwrap();
    let (secret, attributes) = cookie.split_once("\r\n").unwrap().0.split_once(';').unwrap();
    // No script reads it, and no page of another site sends it.
    assert_eq!(attributes, " Path=/; HttpOnly; SameSite=Strict");
    // 24 random bytes in hexadecimal.
    assert_eq!(secret.len(), 48);
    secret.to_owned()
}

#[tokio::test]
async fn a_login_takes_the_token_that_the_start_address_holds_and_no_other() {
    let server = Running::with(|settings| settings.listen = "0.0.0.0:0".parse().unwrap()).unwrap();
    let (_, token) = server.start_url.split_once("/#token=").unwrap();
    let head = format!("POST /api/v1/login HTTP/1.1\r\nHost: localhost:{}", server.address.port());
    for (body, status) in [
        (format!(r#"{{"token":"{token}"}}"#), 204),
        (format!(r#"{{"token":"{token}x"}}"#), 401),
        (r#"{"token":""}"#.into(), 401),
        (r#"{"token":7}"#.into(), 401),
        (r#"{"token":["#.into(), 401),
        (token.to_owned(), 401),
        (String::new(), 401),
    ] {
        let answer = server.http(&head, body.as_bytes()).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{body}: {answer}");
        assert_eq!(answer.contains("set-cookie"), status == 204, "{body}: {answer}");
    }
    let other = Running::with(|settings| settings.listen = "0.0.0.0:0".parse().unwrap()).unwrap();
    assert_ne!(other.start_url.split_once("/#token=").unwrap().1, token);
}
