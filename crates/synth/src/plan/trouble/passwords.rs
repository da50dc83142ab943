//! Passwords that anybody on the way can read, in every way that netsonde knows.

use std::net::Ipv4Addr;

use super::MILLISECOND;
use super::office::{self, DESKS, Life, STORE};
use super::stage::Stage;
use crate::path::Way;
use crate::payload::mail::{self, Speaker};
use crate::tap::Label;
use crate::tcp::{Piece, Setup};
use crate::truth::Note;

/// The password that is sent, so that a test can look whether it is told anywhere.
pub(super) const PASSWORD: &str = "correct-horse-17";

/// `anna:correct-horse-17`, as `Authorization: Basic` writes it (RFC 7617), and the same with zero bytes before and
/// between, as SASL's PLAIN does (RFC 4616).
const BASIC: &str = "YW5uYTpjb3JyZWN0LWhvcnNlLTE3";
const PLAIN: &str = "AGFubmEAY29ycmVjdC1ob3JzZS0xNw==";
/// Name and password alone, as `LOGIN` sends them.
const NAME_64: &str = "YW5uYQ==";
const PASSWORD_64: &str = "Y29ycmVjdC1ob3JzZS0xNw==";

const MAIL: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 25);

type Lines = Vec<(Speaker, String)>;

/// Sends them, each service once in some ten seconds.
pub(super) fn send(stage: &mut Stage) {
    office::live(stage, Life::default());
    let [first, second, third] = DESKS;
    // Two requests over one connection, and one over another; each carries it.
    talk(
        stage,
        10_200,
        first,
        STORE,
        (80, "HTTP"),
        &[http_request("/report"), http_request("/report/2")].concat(),
    );
    talk(stage, 19_200, second, STORE, (80, "HTTP"), &http_request("/report"));
    talk(stage, 28_200, first, STORE, (21, "FTP"), &ftp("anna", PASSWORD));
    // Whoever may come is no secret, whatever stands for a password.
    talk(stage, 37_200, third, STORE, (21, "FTP"), &ftp("anonymous", "guest@example.com"));
    talk(stage, 46_200, first, MAIL, (110, "POP3"), &pop3());
    talk(stage, 55_200, first, MAIL, (143, "IMAP"), &imap_login());
    talk(stage, 64_200, second, MAIL, (143, "IMAP"), &imap_plain());
    talk(stage, 73_200, first, MAIL, (587, "SMTP"), &smtp_plain());
    talk(stage, 82_200, third, MAIL, (587, "SMTP"), &smtp_login());
    // Mail between servers, without a password.
    talk(stage, 91_200, STORE, MAIL, (25, "SMTP"), &mail::smtp("office.example", "birch.example", 2_000));
}

fn talk(
    stage: &mut Stage,
    at: u64,
    client: Ipv4Addr,
    server: Ipv4Addr,
    (port, protocol): (u16, &'static str),
    lines: &[(Speaker, String)],
) {
    let path = stage.path(client, server, port);
    let mut setup = Setup::new(path, Label::plain("passwords", protocol));
    for (speaker, line) in lines {
        let way = if *speaker == Speaker::Client { Way::Up } else { Way::Down };
        let note = (protocol == "HTTP" && way == Way::Up).then_some(Note::HttpRequest);
        setup = setup.say(way, 4 * MILLISECOND, vec![Piece::Bytes(line.clone().into_bytes(), note)]);
    }
    stage.tcp(at, setup.close(Way::Up));
}

fn client(line: &str) -> (Speaker, String) {
    (Speaker::Client, format!("{line}\r\n"))
}

fn server(line: &str) -> (Speaker, String) {
    (Speaker::Server, format!("{line}\r\n"))
}

fn http_request(path: &str) -> Lines {
    let request = [
        &format!("GET {path} HTTP/1.1"),
        "Host: store.office.example",
        "User-Agent: curl/8.5.0",
        &format!("Authorization: Basic {BASIC}"),
        "Accept: */*",
        "",
    ];
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nfine";
    vec![client(&request.join("\r\n")), (Speaker::Server, answer.to_owned())]
}

fn ftp(user: &str, password: &str) -> Lines {
    vec![
        server("220 store FTP server ready"),
        client(&format!("USER {user}")),
        server("331 Password required"),
        client(&format!("PASS {password}")),
        server("230 Logged in"),
        client("QUIT"),
        server("221 Goodbye"),
    ]
}

fn pop3() -> Lines {
    vec![
        server("+OK mail.office.example POP3 server ready"),
        client("USER anna"),
        server("+OK"),
        client(&format!("PASS {PASSWORD}")),
        server("+OK Logged in."),
        client("QUIT"),
        server("+OK Logging out"),
    ]
}

fn imap_login() -> Lines {
    vec![
        server("* OK [CAPABILITY IMAP4rev1] mail.office.example ready."),
        client(&format!("a001 LOGIN anna {PASSWORD}")),
        server("a001 OK Logged in"),
        client("a002 LOGOUT"),
        server("* BYE Logging out"),
    ]
}

fn imap_plain() -> Lines {
    vec![
        server("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] mail.office.example ready."),
        client("a001 CAPABILITY"),
        server("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na001 OK done."),
        client("a002 AUTHENTICATE PLAIN"),
        server("+"),
        client(PLAIN),
        server("a002 OK Logged in"),
        client("a003 LOGOUT"),
        server("* BYE Logging out"),
    ]
}

fn smtp_plain() -> Lines {
    vec![
        server("220 mail.office.example ESMTP"),
        client("EHLO desk20.office.example"),
        server("250-mail.office.example\r\n250 AUTH PLAIN LOGIN"),
        client(&format!("AUTH PLAIN {PLAIN}")),
        server("235 2.7.0 Authentication successful"),
        client("QUIT"),
        server("221 2.0.0 Bye"),
    ]
}

fn smtp_login() -> Lines {
    vec![
        server("220 mail.office.example ESMTP"),
        client("EHLO desk22.office.example"),
        server("250-mail.office.example\r\n250 AUTH PLAIN LOGIN"),
        client("AUTH LOGIN"),
        server("334 VXNlcm5hbWU6"),
        client(NAME_64),
        server("334 UGFzc3dvcmQ6"),
        client(PASSWORD_64),
        server("235 2.7.0 Authentication successful"),
        client("QUIT"),
        server("221 2.0.0 Bye"),
    ]
}
