//! What hellos and requests say of who a conversation is with.

mod fingerprint;
mod name;

use netsonde_dissect::Escaped;
use netsonde_dissect::hello::{self, Form, is_grease};

use crate::{ClientHello, HelloOver};

/// More than any client offers; a list may hold thousands.
const MAX_PROTOCOLS: usize = 32;

impl ClientHello {
    /// Reads the body of a client's hello, without the header of its message; none where it is none.
    ///
    /// One that the capture cut is a clue where the server's name was kept; it has no fingerprints.
    pub fn read(body: &[u8], over: HelloOver) -> Option<Self> {
        let form = if over == HelloOver::Dtls { Form::Datagram } else { Form::Stream };
        let hello = hello::ClientHello::parse(body, form).ok()?;
        let server_name = hello.server_name().and_then(name::of_host);
        if !hello.is_whole && server_name.is_none() {
            return None;
        }
        let protocols = hello.protocols().take(MAX_PROTOCOLS);
        Some(Self {
            over,
            server_name,
            alpn: protocols.map(|name| Escaped(name).to_string().into()).collect(),
            version: hello.highest_version(),
            groups: hello.groups().filter(|&group| !is_grease(group)).collect(),
            has_encrypted_hello: hello.has_encrypted_hello(),
            ja3: hello.is_whole.then(|| fingerprint::ja3(&hello)),
            ja4: hello.is_whole.then(|| fingerprint::ja4(&hello, over)),
        })
    }
}
