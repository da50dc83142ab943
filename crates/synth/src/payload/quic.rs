//! QUIC version 1 (RFC 9000, RFC 9001): handshakes whose Initial packets decrypt, then noise.
//!
//! Handshake and 1-RTT packets are what an observer without keys sees: headers, lengths, noise.

mod protection;

pub use protection::{InitialKeys, Side};

use super::bytes::Bytes;
use super::tls::{self, ClientHello};
use crate::Rng;

const VERSION_1: u32 = 1;
const LONG_FORM: u8 = 0x80;
const FIXED_BIT: u8 = 0x40;
const SPIN_BIT: u8 = 0x20;
/// Type bits of a long header (RFC 9000 section 17.2).
const INITIAL: u8 = 0x00;
const HANDSHAKE: u8 = 0x20;
const RETRY: u8 = 0x30;

const FRAME_ACK: u8 = 0x02;
const FRAME_CRYPTO: u8 = 0x06;

/// Datagrams that carry an Initial are at least this long (RFC 9000 section 14.1).
pub const MIN_INITIAL: usize = 1200;
/// Packet numbers are written in two bytes throughout.
const NUMBER_LEN: usize = 2;
const TAG_LEN: usize = 16;
/// Room for frames in a padded Initial with two identifiers of eight bytes: 1,200 less the long header
/// (1 + 4 + 9 + 9 + 1 + 2 + 2) and the tag.
const INITIAL_ROOM: usize = MIN_INITIAL - 28 - TAG_LEN;

/// How a client writes its Initial packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The hello in one CRYPTO frame a packet, in order.
    Plain,
    /// The hello cut into small CRYPTO frames in another order, as Chromium does against middleboxes that look at the
    /// first bytes only.
    Shuffled,
}

/// One connection, seen from between its peers.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The identifier that the client chose for its first packets, which the Initial keys come from.
    original: Vec<u8>,
    client: Vec<u8>,
    server: Vec<u8>,
    next_number: [u16; 2],
    client_hello_len: usize,
}

impl Connection {
    /// Draws the identifiers of a connection.
    pub fn new(rng: &mut Rng) -> Self {
        Self {
            original: super::noise(8, rng),
            // Chromium's clients take none, which leaves eight bytes more; Firefox's take three to eight.
            client: super::noise(8, rng),
            server: super::noise(8, rng),
            next_number: [0; 2],
            client_hello_len: 0,
        }
    }

    /// Returns the datagrams that carry the client's hello: one, or two where a post-quantum share makes it too long.
    ///
    /// `hello.quic_parameters` is replaced by parameters that fit this connection.
    pub fn client_initials(&mut self, hello: &ClientHello<'_>, order: Order, rng: &mut Rng) -> Vec<Vec<u8>> {
        let parameters = self.transport_parameters();
        let hello = ClientHello { quic_parameters: Some(&parameters), ..hello.clone() };
        let message = hello.message(rng);
        self.client_hello_len = message.len();
        let mut datagrams = Vec::new();
        let mut offset = 0;
        // Frame headers take at most 5 bytes each; a dozen pieces fit in 64.
        for part in message.chunks(INITIAL_ROOM - 64) {
            let mut frames = Bytes::new();
            let pieces = match order {
                Order::Plain => vec![(offset, part)],
                Order::Shuffled => shuffled(part, offset, rng),
            };
            for (offset, piece) in pieces {
                write_crypto(offset, piece, &mut frames);
            }
            frames.pad_to(INITIAL_ROOM);
            datagrams.push(self.initial(Side::Client, frames.as_slice()));
            offset += part.len();
        }
        datagrams
    }

    /// Returns the server's answer: its Initial with the rest of the handshake behind it, as long as `certificates_len`
    /// needs it, in datagrams of at most 1,252 bytes.
    pub fn server_handshake(&mut self, certificates_len: usize, rng: &mut Rng) -> Vec<Vec<u8>> {
        let mut frames = Bytes::new();
        // Largest acknowledged, delay, no further ranges, first range: both Initials where there were two.
        let last = self.number(Side::Client).saturating_sub(1);
        frames.u8(FRAME_ACK);
        write_variable(usize::from(last), &mut frames);
        frames.put(&[0, 0]);
        write_variable(usize::from(last), &mut frames);
        let version = if last > 0 { tls::Version::Tls13PostQuantum } else { tls::Version::Tls13 };
        write_crypto(0, &tls::server_hello(version, &[], None, rng), &mut frames);
        if version == tls::Version::Tls13PostQuantum {
            frames.pad_to(INITIAL_ROOM);
        }
        let mut datagram = self.initial(Side::Server, frames.as_slice());
        let mut datagrams = Vec::new();
        // Encrypted extensions, certificate, signature, finished.
        let mut left = 100 + certificates_len + 264 + 36;
        while left > 0 {
            // 1,252 bytes with the header (27) and the tag; a piece of fewer than 60 is not worth a packet.
            let room = 1252_usize.saturating_sub(datagram.len() + 27 + TAG_LEN);
            let part = left.min(room);
            if part >= 60.min(left) && part > 0 {
                datagram.extend(self.handshake(Side::Server, part, rng));
                left -= part;
            }
            datagrams.push(std::mem::take(&mut datagram));
        }
        datagrams
    }

    /// Returns the datagram that ends the client's handshake: acknowledgements, Finished, and its first 1-RTT packet.
    pub fn client_finished(&mut self, request_len: usize, rng: &mut Rng) -> Vec<u8> {
        // Largest acknowledged 0, delay 0, no further ranges, first range 0; padding that the sample needs is there.
        let mut datagram = self.initial(Side::Client, &[FRAME_ACK, 0, 0, 0, 0]);
        datagram.extend(self.handshake(Side::Client, 36 + 5, rng));
        let rest = request_len.max(MIN_INITIAL.saturating_sub(datagram.len() + 11 + TAG_LEN));
        datagram.extend(self.short(Side::Client, rest, false, rng));
        datagram
    }

    /// Returns a 1-RTT packet with `len` bytes of frames inside, its spin bit as given (RFC 9000 section 17.4).
    pub fn short(&mut self, from: Side, len: usize, spin: bool, rng: &mut Rng) -> Vec<u8> {
        let number = self.count(from);
        // Reserved bits, key phase and number length are protected, so that they look like chance.
        let protected = u8::try_from(rng.below(32)).unwrap_or(0);
        let spin = if spin { SPIN_BIT } else { 0 };
        let mut out = Bytes::new();
        out.u8(FIXED_BIT | spin | protected).put(self.id(from.peer()));
        // The number is protected too: its value shows nowhere, but it makes equal packets differ.
        out.u16(number ^ u16::try_from(rng.below(1 << 16)).unwrap_or(0)).noise(len + TAG_LEN, rng);
        out.into_vec()
    }

    /// Returns a Retry that sends the client on with a token (RFC 9000 section 17.2.5); its integrity tag is noise.
    pub fn retry(&mut self, rng: &mut Rng) -> Vec<u8> {
        let mut out = Bytes::new();
        out.u8(LONG_FORM | FIXED_BIT | RETRY).u32(VERSION_1);
        self.write_ids(Side::Server, &mut out);
        out.noise(40 + TAG_LEN, rng);
        out.into_vec()
    }

    fn transport_parameters(&self) -> Vec<u8> {
        let mut out = Bytes::new();
        // Idle time-out 30 s, datagrams to 1,472, data 15 MiB, streams 6 MiB each way, 100 and 103 streams.
        for (id, value) in [
            (0x01, 30_000),
            (0x03, 1472),
            (0x04, 15 << 20),
            (0x05, 6 << 20),
            (0x06, 6 << 20),
            (0x07, 6 << 20),
        ] {
            out.u8(id).counted8(|body| write_variable(value, body));
        }
        out.u8(0x08).counted8(|body| write_variable(100, body));
        out.u8(0x09).counted8(|body| write_variable(103, body));
        out.u8(0x0f).counted8(|body| _ = body.put(&self.client));
        out.into_vec()
    }

    /// Builds and protects an Initial (RFC 9001 section 5).
    fn initial(&mut self, from: Side, frames: &[u8]) -> Vec<u8> {
        let number = self.count(from);
        let mut header = Bytes::new();
        let number_bits = u8::try_from(NUMBER_LEN - 1).unwrap_or(0);
        header.u8(LONG_FORM | FIXED_BIT | INITIAL | number_bits).u32(VERSION_1);
        self.write_ids(from, &mut header);
        // No token; the length in the two-byte form.
        header.u8(0).u16(0x4000 | super::bytes::len16(NUMBER_LEN + frames.len() + TAG_LEN)).u16(number);
        InitialKeys::derive(&self.original, from).protect(
            header.as_slice(),
            NUMBER_LEN,
            number.into(),
            frames,
        )
    }

    /// Builds what a Handshake packet looks like to somebody without its keys.
    fn handshake(&mut self, from: Side, len: usize, rng: &mut Rng) -> Vec<u8> {
        self.count(from);
        let mut out = Bytes::new();
        let protected = u8::try_from(rng.below(16)).unwrap_or(0);
        out.u8(LONG_FORM | FIXED_BIT | HANDSHAKE | protected).u32(VERSION_1);
        self.write_ids(from, &mut out);
        let rest = NUMBER_LEN + len + TAG_LEN;
        out.u16(0x4000 | super::bytes::len16(rest)).noise(rest, rng);
        out.into_vec()
    }

    /// Writes the destination's identifier, then the source's; the client's first packets go to the original one.
    fn write_ids(&self, from: Side, out: &mut Bytes) {
        let is_first = from == Side::Client && self.number(Side::Server) == 0;
        let destination = if is_first { &self.original } else { self.id(from.peer()) };
        out.counted8(|id| _ = id.put(destination));
        out.counted8(|id| _ = id.put(self.id(from)));
    }

    fn id(&self, side: Side) -> &[u8] {
        match side {
            Side::Client => &self.client,
            Side::Server => &self.server,
        }
    }

    fn number(&self, side: Side) -> u16 {
        let [client, server] = self.next_number;
        match side {
            Side::Client => client,
            Side::Server => server,
        }
    }

    fn count(&mut self, side: Side) -> u16 {
        let [client, server] = &mut self.next_number;
        let next = match side {
            Side::Client => client,
            Side::Server => server,
        };
        let number = *next;
        *next = number.wrapping_add(1);
        number
    }
}

/// Returns a server's list of versions for a client that spoke another one (RFC 9000 section 17.2.1).
pub fn version_negotiation(client_id: &[u8], server_id: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut out = Bytes::new();
    let unused = u8::try_from(rng.below(64)).unwrap_or(0);
    out.u8(LONG_FORM | FIXED_BIT | unused).u32(0);
    out.counted8(|id| _ = id.put(client_id)).counted8(|id| _ = id.put(server_id));
    out.u32(VERSION_1).u32(0x6b33_43cf);
    out.into_vec()
}

/// Cuts a part into a dozen pieces and puts them in another order.
fn shuffled<'a>(part: &'a [u8], offset: usize, rng: &mut Rng) -> Vec<(usize, &'a [u8])> {
    let len = part.len().div_ceil(12).max(1);
    let starts = (offset..).step_by(len);
    let mut pieces: Vec<(usize, &[u8])> = starts.zip(part.chunks(len)).collect();
    for len in (2..=pieces.len()).rev() {
        let other = usize::try_from(rng.below(u64::try_from(len).unwrap_or(1))).unwrap_or(0);
        pieces.swap(len - 1, other);
    }
    pieces
}

fn write_crypto(offset: usize, piece: &[u8], out: &mut Bytes) {
    out.u8(FRAME_CRYPTO);
    write_variable(offset, out);
    write_variable(piece.len(), out);
    out.put(piece);
}

/// Writes a variable-length integer in its shortest form (RFC 9000 section 16), saturating at 2^30 - 1.
fn write_variable(value: usize, out: &mut Bytes) {
    let value = u32::try_from(value).unwrap_or(u32::MAX).min((1 << 30) - 1);
    let [_, _, high, low] = value.to_be_bytes();
    match value {
        0..=0x3f => _ = out.u8(low),
        0x40..=0x3fff => _ = out.put(&[0x40 | high, low]),
        _ => _ = out.u32(0x8000_0000 | value),
    }
}

#[cfg(test)]
mod tests;
