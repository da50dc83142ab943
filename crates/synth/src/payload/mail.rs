//! Mail in clear text, without a credential: SMTP (RFC 5321), IMAP (RFC 9051), POP3 (RFC 1939).
//!
//! Each conversation is a list of turns: who speaks, and what.

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The side that connected.
    Client,
    /// The side that answers, which speaks first in all three.
    Server,
}
use Speaker::{Client, Server};

/// One turn of a conversation.
pub type Turn = (Speaker, String);

/// Delivers one mail of `len` bytes from one server to another.
pub fn smtp(from: &str, to: &str, len: usize) -> Vec<Turn> {
    let line = "The report of this week is attached to the usual page.\r\n";
    let body = line.repeat(len.div_ceil(line.len()));
    let turns = [
        (Server, format!("220 mx.{to} ESMTP\r\n")),
        (Client, format!("EHLO mail.{from}\r\n")),
        (Server, format!("250-mx.{to}\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250 8BITMIME\r\n")),
        (Client, format!("MAIL FROM:<reports@{from}>\r\nRCPT TO:<office@{to}>\r\nDATA\r\n")),
        (Server, "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n".to_owned()),
        (
            Client,
            format!("From: reports@{from}\r\nTo: office@{to}\r\nSubject: Weekly report\r\n\r\n{body}.\r\n"),
        ),
        (Server, "250 2.0.0 Ok: queued\r\n".to_owned()),
        (Client, "QUIT\r\n".to_owned()),
        (Server, "221 2.0.0 Bye\r\n".to_owned()),
    ];
    turns.into()
}

/// Asks an IMAP server what it can do, and leaves because it offers no encryption.
pub fn imap(server: &str) -> Vec<Turn> {
    let turns = [
        (Server, format!("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] {server} ready.\r\n")),
        (Client, "a001 CAPABILITY\r\n".to_owned()),
        (Server, "* CAPABILITY IMAP4rev1 ID ENABLE IDLE LOGINDISABLED\r\na001 OK done.\r\n".to_owned()),
        (Client, "a002 LOGOUT\r\n".to_owned()),
        (Server, "* BYE Logging out\r\na002 OK done.\r\n".to_owned()),
    ];
    turns.into()
}

/// Asks a POP3 server what it can do, and leaves without logging in.
pub fn pop3(server: &str) -> Vec<Turn> {
    let turns = [
        (Server, format!("+OK {server} POP3 server ready\r\n")),
        (Client, "CAPA\r\n".to_owned()),
        (Server, "+OK\r\nCAPA\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nPIPELINING\r\nSTLS\r\n.\r\n".to_owned()),
        (Client, "QUIT\r\n".to_owned()),
        (Server, "+OK Logging out\r\n".to_owned()),
    ];
    turns.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_greets_first_and_every_line_ends_in_crlf() {
        for turns in [smtp("example.org", "example.net", 3000), imap("mail.example"), pop3("mail.example")] {
            assert_eq!(turns[0].0, Server);
            for pair in turns.windows(2) {
                assert_ne!(pair[0].0, pair[1].0, "{:?}", pair[1].1);
            }
            assert!(turns.iter().all(|turn| turn.1.ends_with("\r\n")));
        }
    }

    #[test]
    fn mail_ends_with_a_dot_on_its_own_line() {
        let turns = smtp("example.org", "example.net", 3000);
        assert!(turns[5].1.len() > 3000);
        assert!(turns[5].1.ends_with("\r\n.\r\n"));
    }
}
