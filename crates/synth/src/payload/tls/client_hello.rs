//! Client hellos of a few kinds of program, with the cipher suites and extensions these offer.

use super::{
    CLIENT_HELLO, HANDSHAKE, SECP256R1, SSL_3_1, TLS_1_2, TLS_1_3, X25519, X25519_MLKEM768, handshake, record,
};
use crate::Rng;
use crate::payload::bytes::Bytes;

/// Numbers of extensions (IANA, TLS `ExtensionType` Values).
mod extension {
    pub(super) const SERVER_NAME: u16 = 0;
    pub(super) const STATUS_REQUEST: u16 = 5;
    pub(super) const SUPPORTED_GROUPS: u16 = 10;
    pub(super) const POINT_FORMATS: u16 = 11;
    pub(super) const SIGNATURES: u16 = 13;
    pub(super) const ALPN: u16 = 16;
    pub(super) const CERTIFICATE_TIMESTAMP: u16 = 18;
    pub(super) const PADDING: u16 = 21;
    pub(super) const ENCRYPT_THEN_MAC: u16 = 22;
    pub(super) const EXTENDED_SECRET: u16 = 23;
    pub(super) const COMPRESS_CERTIFICATE: u16 = 27;
    pub(super) const RECORD_SIZE_LIMIT: u16 = 28;
    pub(super) const SESSION_TICKET: u16 = 35;
    pub(super) const PRE_SHARED_KEY: u16 = 41;
    pub(super) const SUPPORTED_VERSIONS: u16 = 43;
    pub(super) const KEY_MODES: u16 = 45;
    pub(super) const KEY_SHARE: u16 = 51;
    pub(super) const QUIC_PARAMETERS: u16 = 57;
    pub(super) const APPLICATION_SETTINGS: u16 = 17_613;
    pub(super) const ENCRYPTED_HELLO: u16 = 0xfe0d;
    pub(super) const RENEGOTIATION: u16 = 0xff01;
}
use extension as ext;

/// Which program says hello.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// A browser of the Chromium family: GREASE, extensions in a new order each time.
    Chromium,
    /// A browser of the Firefox family: fixed order, also a share for P-256.
    Firefox,
    /// A command-line program over OpenSSL: many suites, few extensions.
    Curl,
    /// A small device that speaks TLS 1.2 only.
    Device,
}

/// The protocol above, by the name that is negotiated (RFC 7301).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alpn {
    /// `h2`, with `http/1.1` as the second choice.
    Http2,
    /// `http/1.1` only.
    Http1,
    /// `h3`, over QUIC.
    Http3,
    /// `dot`, DNS over TLS (RFC 7858).
    Dot,
}

impl Alpn {
    /// Returns the names offered, in order.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Http2 => &["h2", "http/1.1"],
            Self::Http1 => &["http/1.1"],
            Self::Http3 => &["h3"],
            Self::Dot => &["dot"],
        }
    }

    fn write_all(self, out: &mut Bytes) {
        write_names(self.names(), out);
    }

    /// Writes the one that a server chooses.
    pub(super) fn write_first(self, out: &mut Bytes) {
        write_names(self.names().get(..1).unwrap_or_default(), out);
    }
}

fn write_names(names: &[&str], out: &mut Bytes) {
    out.counted16(|list| {
        for name in names {
            list.counted8(|entry| _ = entry.put(name.as_bytes()));
        }
    });
}

/// What a client says first.
#[derive(Clone, Debug)]
pub struct ClientHello<'a> {
    /// The program, which decides on suites and extensions.
    pub client: Client,
    /// The name of the server, which no client sends where it was given an address (RFC 6066 section 3).
    pub server_name: Option<&'a str>,
    /// The protocols offered above.
    pub alpn: Option<Alpn>,
    /// Whether a share of X25519MLKEM768 (1,216 bytes) is offered, so that the hello needs two segments.
    pub post_quantum: bool,
    /// The legacy session identifier; 32 bytes in TLS 1.3 over TCP, empty over QUIC.
    pub session_id: &'a [u8],
    /// Whether an earlier session is resumed: a pre-shared key in TLS 1.3, a ticket in TLS 1.2.
    pub resumed: bool,
    /// The transport parameters of a hello inside QUIC.
    pub quic_parameters: Option<&'a [u8]>,
}

impl ClientHello<'_> {
    /// Returns the hello in its record, as it begins a TCP stream.
    pub fn record(&self, rng: &mut Rng) -> Vec<u8> {
        let mut out = Bytes::new();
        record(&mut out, HANDSHAKE, SSL_3_1, &self.message(rng));
        out.into_vec()
    }

    /// Returns the hello as a handshake message, as QUIC carries it.
    pub fn message(&self, rng: &mut Rng) -> Vec<u8> {
        let grease = Grease::draw(rng);
        let mut out = Bytes::new();
        handshake(&mut out, CLIENT_HELLO, |hello| {
            hello.u16(TLS_1_2).noise(32, rng);
            hello.counted8(|id| _ = id.put(self.session_id));
            hello.counted16(|suites| _ = suites.u16s(self.suites(grease)));
            // No compression.
            hello.u16(0x0100);
            let before = hello.len();
            hello.counted16(|extensions| self.write_extensions(before, grease, extensions, rng));
        });
        out.into_vec()
    }

    fn suites(&self, grease: Grease) -> Vec<u16> {
        // The names of each number: IANA, TLS Cipher Suites.
        const MODERN: [u16; 3] = [0x1301, 0x1302, 0x1303];
        let older: &[u16] = match self.client {
            _ if self.quic_parameters.is_some() => &[],
            Client::Chromium => &[
                0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f,
                0x0035,
            ],
            Client::Firefox => &[
                0xc02b, 0xc02f, 0xcca9, 0xcca8, 0xc02c, 0xc030, 0xc00a, 0xc009, 0xc013, 0xc014, 0x009c,
                0x009d, 0x002f, 0x0035,
            ],
            Client::Curl => &[
                0xc02c, 0xc030, 0x009f, 0xcca9, 0xcca8, 0xccaa, 0xc02b, 0xc02f, 0x009e, 0xc024, 0xc028,
                0x006b, 0xc023, 0xc027, 0x0067, 0xc00a, 0xc014, 0x0039, 0xc009, 0xc013, 0x0033, 0x009d,
                0x009c, 0x003d, 0x003c, 0x0035, 0x002f, 0x00ff,
            ],
            Client::Device => return vec![0xc02b, 0xc02f, 0xc02c, 0xc030, 0xc013, 0xc014, 0x00ff],
        };
        let first = self.is_greased().then_some(grease.suite);
        first.into_iter().chain(MODERN).chain(older.iter().copied()).collect()
    }

    fn is_greased(&self) -> bool {
        self.client == Client::Chromium
    }

    /// Writes the extensions; `before` is the length of the hello up to them, which padding needs.
    fn write_extensions(&self, before: usize, grease: Grease, out: &mut Bytes, rng: &mut Rng) {
        let mut kinds = self.extensions();
        if self.is_greased() {
            shuffle(&mut kinds, rng);
            out.u16s([grease.first_extension, 0]);
        }
        for kind in kinds {
            out.u16(kind).counted16(|body| self.write_extension(kind, grease, body, rng));
        }
        if self.is_greased() {
            out.u16s([grease.last_extension, 1]).u8(0);
            self.pad(before, out);
        }
        // The pre-shared key must be the last one (RFC 8446 section 4.2.11).
        if self.resumed && self.client != Client::Device {
            out.u16(ext::PRE_SHARED_KEY).counted16(|body| {
                body.counted16(|identities| {
                    identities.counted16(|ticket| _ = ticket.noise(208, rng)).noise(4, rng);
                });
                body.counted16(|binders| _ = binders.counted8(|binder| _ = binder.noise(32, rng)));
            });
        }
    }

    /// Lifts a hello of 256 to 511 bytes to 512, which some old servers do not survive otherwise (RFC 7685).
    fn pad(&self, before: usize, out: &mut Bytes) {
        // Header of the message, what lies before the extensions, their length, the extensions.
        let len = 4 + before + 2 + out.len();
        if !self.resumed && self.quic_parameters.is_none() && (256..512).contains(&len) {
            out.u16(ext::PADDING).counted16(|padding| _ = padding.zeros(512_usize.saturating_sub(len + 4)));
        }
    }

    /// The extensions of the program in its order, without those whose place is fixed.
    fn extensions(&self) -> Vec<u16> {
        let order: &[u16] = match self.client {
            Client::Chromium if self.quic_parameters.is_some() => &[
                ext::SERVER_NAME,
                ext::SUPPORTED_GROUPS,
                ext::ALPN,
                ext::SIGNATURES,
                ext::KEY_SHARE,
                ext::KEY_MODES,
                ext::SUPPORTED_VERSIONS,
                ext::COMPRESS_CERTIFICATE,
                ext::QUIC_PARAMETERS,
                ext::APPLICATION_SETTINGS,
                ext::ENCRYPTED_HELLO,
            ],
            Client::Chromium => &[
                ext::SERVER_NAME,
                ext::EXTENDED_SECRET,
                ext::RENEGOTIATION,
                ext::SUPPORTED_GROUPS,
                ext::POINT_FORMATS,
                ext::SESSION_TICKET,
                ext::ALPN,
                ext::STATUS_REQUEST,
                ext::SIGNATURES,
                ext::CERTIFICATE_TIMESTAMP,
                ext::KEY_SHARE,
                ext::KEY_MODES,
                ext::SUPPORTED_VERSIONS,
                ext::COMPRESS_CERTIFICATE,
                ext::APPLICATION_SETTINGS,
                ext::ENCRYPTED_HELLO,
            ],
            Client::Firefox => &[
                ext::SERVER_NAME,
                ext::EXTENDED_SECRET,
                ext::RENEGOTIATION,
                ext::SUPPORTED_GROUPS,
                ext::POINT_FORMATS,
                ext::SESSION_TICKET,
                ext::ALPN,
                ext::STATUS_REQUEST,
                ext::KEY_SHARE,
                ext::SUPPORTED_VERSIONS,
                ext::SIGNATURES,
                ext::KEY_MODES,
                ext::RECORD_SIZE_LIMIT,
                ext::QUIC_PARAMETERS,
                ext::ENCRYPTED_HELLO,
            ],
            Client::Curl => &[
                ext::SERVER_NAME,
                ext::POINT_FORMATS,
                ext::SUPPORTED_GROUPS,
                ext::ALPN,
                ext::ENCRYPT_THEN_MAC,
                ext::EXTENDED_SECRET,
                ext::SIGNATURES,
                ext::SUPPORTED_VERSIONS,
                ext::KEY_MODES,
                ext::KEY_SHARE,
                ext::QUIC_PARAMETERS,
            ],
            Client::Device => &[
                ext::SERVER_NAME,
                ext::POINT_FORMATS,
                ext::SUPPORTED_GROUPS,
                ext::SESSION_TICKET,
                ext::SIGNATURES,
            ],
        };
        let has_body = |kind: &u16| match *kind {
            ext::SERVER_NAME => self.server_name.is_some(),
            ext::ALPN => self.alpn.is_some(),
            ext::APPLICATION_SETTINGS => matches!(self.alpn, Some(Alpn::Http2 | Alpn::Http3)),
            ext::QUIC_PARAMETERS => self.quic_parameters.is_some(),
            _ => true,
        };
        order.iter().copied().filter(has_body).collect()
    }

    fn write_extension(&self, kind: u16, grease: Grease, out: &mut Bytes, rng: &mut Rng) {
        match kind {
            ext::SERVER_NAME => {
                let name = self.server_name.unwrap_or_default();
                out.counted16(|list| _ = list.u8(0).counted16(|entry| _ = entry.put(name.as_bytes())));
            }
            // OCSP, with neither responders nor extensions named.
            ext::STATUS_REQUEST => _ = out.put(&[1, 0, 0, 0, 0]),
            ext::SUPPORTED_GROUPS => _ = out.counted16(|list| _ = list.u16s(self.groups(grease))),
            // Uncompressed only; OpenSSL still names the two compressed forms.
            ext::POINT_FORMATS if self.client == Client::Curl => _ = out.put(&[3, 0, 1, 2]),
            ext::POINT_FORMATS => _ = out.put(&[1, 0]),
            ext::SIGNATURES => {
                let schemes = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601];
                out.counted16(|list| _ = list.u16s(schemes));
            }
            ext::ALPN => {
                if let Some(alpn) = self.alpn {
                    alpn.write_all(out);
                }
            }
            // Brotli.
            ext::COMPRESS_CERTIFICATE => _ = out.put(&[2, 0, 2]),
            ext::RECORD_SIZE_LIMIT => _ = out.u16(0x4001),
            ext::SESSION_TICKET if self.resumed && self.client == Client::Device => _ = out.noise(192, rng),
            ext::SUPPORTED_VERSIONS => _ = out.counted8(|list| _ = list.u16s(self.versions(grease))),
            // A key with ephemeral exchange.
            ext::KEY_MODES => _ = out.put(&[1, 1]),
            ext::KEY_SHARE => _ = out.counted16(|list| self.write_shares(grease, list, rng)),
            ext::QUIC_PARAMETERS => _ = out.put(self.quic_parameters.unwrap_or_default()),
            ext::APPLICATION_SETTINGS => {
                let name = if self.alpn == Some(Alpn::Http3) { "h3" } else { "h2" };
                write_names(&[name], out);
            }
            // The GREASE form (draft-ietf-tls-esni section 6.2): outer, HKDF-SHA256 with AES-128-GCM.
            ext::ENCRYPTED_HELLO => {
                out.u8(0).u16s([1, 1]).noise(1, rng);
                out.counted16(|key| _ = key.noise(32, rng)).counted16(|payload| _ = payload.noise(144, rng));
            }
            ext::RENEGOTIATION => _ = out.u8(0),
            // Extended secret, encrypt then MAC, certificate time stamps, a first ticket: empty.
            _ => {}
        }
    }

    fn groups(&self, grease: Grease) -> Vec<u16> {
        let first = self.is_greased().then_some(grease.group);
        let hybrid = self.post_quantum.then_some(X25519_MLKEM768);
        // P-384.
        first.into_iter().chain(hybrid).chain([X25519, SECP256R1, 0x0018]).collect()
    }

    fn versions(&self, grease: Grease) -> Vec<u16> {
        let first = self.is_greased().then_some(grease.version);
        let older = self.quic_parameters.is_none().then_some(TLS_1_2);
        first.into_iter().chain([TLS_1_3]).chain(older).collect()
    }

    fn write_shares(&self, grease: Grease, out: &mut Bytes, rng: &mut Rng) {
        if self.is_greased() {
            out.u16s([grease.group, 1]).u8(0);
        }
        let mut share = |group: u16, len: usize| {
            out.u16(group).counted16(|key| _ = key.noise(len, rng));
        };
        if self.post_quantum {
            share(X25519_MLKEM768, 1184 + 32);
        }
        share(X25519, 32);
        if self.client == Client::Firefox {
            // 4 says that both coordinates follow (RFC 8446 section 4.2.8.2).
            out.u16(SECP256R1).counted16(|key| _ = key.u8(4).noise(64, rng));
        }
    }
}

/// Reserved values that keep servers tolerant of what they do not know (RFC 8701).
#[derive(Clone, Copy, Debug)]
struct Grease {
    suite: u16,
    group: u16,
    version: u16,
    first_extension: u16,
    last_extension: u16,
}

impl Grease {
    fn draw(rng: &mut Rng) -> Self {
        let mut value = || 0x0a0a + 0x1010 * u16::try_from(rng.below(16)).unwrap_or(0);
        let first_extension = value();
        let last_extension = first_extension ^ 0x1010;
        Self { suite: value(), group: value(), version: value(), first_extension, last_extension }
    }
}

fn shuffle(kinds: &mut [u16], rng: &mut Rng) {
    for len in (2..=kinds.len()).rev() {
        let other = usize::try_from(rng.below(u64::try_from(len).unwrap_or(1))).unwrap_or(0);
        kinds.swap(len - 1, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use netsonde_dissect::{Guess, Protocol, probe_tcp};

    fn hello(client: Client, post_quantum: bool) -> Vec<u8> {
        let hello = ClientHello {
            client,
            server_name: Some("www.example.org"),
            alpn: Some(Alpn::Http2),
            post_quantum,
            session_id: &[9; 32],
            resumed: false,
            quic_parameters: None,
        };
        hello.record(&mut Rng::new(3, 0))
    }

    /// Reads the extensions of a hello in its record: number and body, in order.
    fn extensions(record: &[u8]) -> Vec<(u16, Vec<u8>)> {
        let be = |at: usize| usize::from(u16::from_be_bytes([record[at], record[at + 1]]));
        assert_eq!(be(3), record.len() - 5, "the record is as long as it says");
        // Record, message, version and random; then the session identifier, suites, compression.
        let session = 5 + 4 + 2 + 32;
        let suites = session + 1 + usize::from(record[session]);
        let compression = suites + 2 + be(suites);
        let mut at = compression + 2;
        assert_eq!(at + 2 + be(at), record.len(), "the extensions end the hello");
        at += 2;
        let mut extensions = Vec::new();
        while at < record.len() {
            let kind = u16::from_be_bytes([record[at], record[at + 1]]);
            let end = at + 4 + be(at + 2);
            extensions.push((kind, record[at + 4..end].to_vec()));
            at = end;
        }
        extensions
    }

    #[test]
    fn server_name_and_protocols_read_back_from_every_client() {
        for client in [Client::Chromium, Client::Firefox, Client::Curl, Client::Device] {
            let record = hello(client, false);
            let extensions = extensions(&record);
            let name = &extensions.iter().find(|extension| extension.0 == 0).unwrap().1;
            // List of 18 bytes, type 0, name of 15 bytes.
            assert_eq!(name[..5], [0, 18, 0, 0, 15], "{client:?}");
            assert_eq!(&name[5..], b"www.example.org");
            let alpn = extensions.iter().find(|extension| extension.0 == 16);
            // `h2` and `http/1.1`, each with its length: 3 + 9 = 12.
            let expected = (client != Client::Device).then(|| b"\x00\x0c\x02h2\x08http/1.1".to_vec());
            assert_eq!(alpn.map(|extension| extension.1.clone()), expected, "{client:?}");
            assert_eq!(probe_tcp(&record, 50_000, 443), Guess::Certain(Protocol::Tls));
        }
    }

    #[test]
    fn post_quantum_share_makes_the_hello_longer_than_a_segment() {
        for client in [Client::Chromium, Client::Firefox, Client::Curl] {
            assert!(hello(client, false).len() < 1000, "{client:?}");
            assert!(hello(client, true).len() > 1460, "{client:?}");
        }
    }

    #[test]
    fn chromium_pads_to_512_and_shuffles_between_grease() {
        let record = hello(Client::Chromium, false);
        let kinds: Vec<u16> = extensions(&record).iter().map(|extension| extension.0).collect();
        assert_eq!(kinds.first().unwrap() & 0x0f0f, 0x0a0a);
        assert_ne!(kinds.first(), kinds.get(kinds.len() - 2));
        let mut sorted: Vec<u16> = kinds.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), kinds.len(), "no extension comes twice");
    }

    #[test]
    fn pre_shared_key_is_the_last_extension() {
        let hello = ClientHello {
            client: Client::Chromium,
            server_name: None,
            alpn: None,
            post_quantum: false,
            session_id: &[],
            resumed: true,
            quic_parameters: None,
        };
        let extensions = extensions(&hello.record(&mut Rng::new(4, 0)));
        assert_eq!(extensions.last().unwrap().0, 41);
        assert!(extensions.iter().all(|extension| extension.0 != 0));
    }
}
