//! One conversation whose hellos are sought.

use netsonde_dissect::hello::{MessageHeader, ServerHello};
use netsonde_dissect::quic::{self, Fault, Frame, Frames, Packet, PacketType, Version, google};

use super::Said;
use super::keys::{Keys, Peer, Room};
use crate::gathered::Gathered;
use crate::{Side, limits};

/// Where the search stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Search {
    /// It goes on.
    GoesOn,
    /// Both hellos were seen.
    Ended,
    /// They are too long, too many, or none.
    GivenUp,
}

/// What is known of a conversation until its hellos were seen.
#[derive(Debug)]
pub(super) struct Sought {
    /// The conversation's serial number.
    pub(super) serial: u64,
    datagrams_left: u8,
    derivations_left: u8,
    connection: Option<Connection>,
    client: Gathered,
    server: Gathered,
    has_client_hello: bool,
}

/// A connection whose client is known by an Initial that could be opened.
#[derive(Debug)]
struct Connection {
    client: Side,
    version: Version,
    /// The identifier that its keys are made from.
    destination: Box<[u8]>,
    client_keys: Keys,
    /// Made when the server answers; it may have chosen another version (RFC 9368).
    server_keys: Option<(Version, Keys)>,
}

impl Sought {
    pub(super) fn new(serial: u64) -> Self {
        Self {
            serial,
            datagrams_left: limits::QUIC_DATAGRAMS,
            derivations_left: limits::QUIC_DERIVATIONS,
            connection: None,
            client: Gathered::default(),
            server: Gathered::default(),
            has_client_hello: false,
        }
    }

    /// Returns how many bytes it holds.
    pub(super) const fn buffered(&self) -> usize {
        self.client.len() + self.server.len()
    }

    /// Tells whether a hello had begun that is not whole.
    pub(super) const fn is_begun(&self) -> bool {
        self.client.len() > 0
    }

    /// Takes in a datagram that may hold a part of a hello; `room` is room to open it.
    pub(super) fn hear(
        &mut self,
        side: Side,
        datagram: &[u8],
        room: &mut Room,
        said: &mut impl FnMut(Said<'_>),
    ) -> Search {
        if let Ok(hello) = google::Hello::find(datagram) {
            said(Said::GoogleClient(hello));
            return Search::Ended;
        }
        for packet in quic::packets(datagram) {
            if packet.kind != PacketType::Initial || packet.is_cut() {
                continue;
            }
            let search = self.hear_initial(side, &packet, room, said);
            if search != Search::GoesOn {
                return search;
            }
        }
        self.datagrams_left = self.datagrams_left.saturating_sub(1);
        if self.datagrams_left == 0 { Search::GivenUp } else { Search::GoesOn }
    }

    fn hear_initial(
        &mut self,
        side: Side,
        packet: &Packet<'_>,
        room: &mut Room,
        said: &mut impl FnMut(Said<'_>),
    ) -> Search {
        let is_servers = self.connection.as_ref().is_some_and(|connection| connection.client != side);
        if is_servers != self.has_client_hello {
            // The server's answer before the question, or what else the client sends.
            return Search::GoesOn;
        }
        let opened =
            if is_servers { self.open_servers(packet, room) } else { self.open_clients(side, packet, room) };
        if opened.is_none() {
            return Search::GoesOn;
        }
        if is_servers {
            gather(&mut self.server, packet.version, room.opened());
            self.read_server(said)
        } else {
            gather(&mut self.client, packet.version, room.opened());
            self.read_client(packet.version, said)
        }
    }

    /// Opens an Initial of the client: with the keys that there are, else with those that its own destination gives. It
    /// has others after a Retry and in another version, and begins its handshake anew.
    fn open_clients(&mut self, side: Side, packet: &Packet<'_>, room: &mut Room) -> Option<()> {
        let &Packet { version, destination, .. } = packet;
        if let Some(connection) = &self.connection
            && connection.version == version
        {
            if connection.client_keys.open(packet, room).is_some() {
                return Some(());
            }
            if *connection.destination == *destination {
                return None;
            }
        }
        if destination.is_empty() {
            return None;
        }
        // What is sent to provoke negotiation is protected like the version of its day.
        let of_its_day = version.is_greased().then_some(Version::DRAFT_29);
        for protected_like in std::iter::once(version).chain(of_its_day) {
            self.derivations_left = self.derivations_left.checked_sub(1)?;
            let client_keys = Keys::derive(protected_like, destination, Peer::Client)?;
            if client_keys.open(packet, room).is_some() {
                self.client = Gathered::default();
                let destination = destination.into();
                self.connection =
                    Some(Connection { client: side, version, destination, client_keys, server_keys: None });
                return Some(());
            }
        }
        None
    }

    /// Opens an Initial of the server.
    fn open_servers(&mut self, packet: &Packet<'_>, room: &mut Room) -> Option<()> {
        let connection = self.connection.as_mut()?;
        let known = connection.server_keys.take_if(|(version, _)| *version == packet.version);
        let keys = if let Some((_, keys)) = known {
            keys
        } else {
            self.derivations_left = self.derivations_left.checked_sub(1)?;
            Keys::derive(packet.version, &connection.destination, Peer::Server)?
        };
        let (_, keys) = connection.server_keys.insert((packet.version, keys));
        keys.open(packet, room)
    }

    /// Reads the client's hello once it is whole.
    fn read_client(&mut self, version: Version, said: &mut impl FnMut(Said<'_>)) -> Search {
        let front = self.client.front();
        if version.google().is_some() {
            return match google::Hello::parse(front) {
                Ok(hello) if hello.server_name().is_some() => {
                    said(Said::GoogleClient(hello));
                    Search::Ended
                }
                Ok(_) | Err(Fault::Cut) => Search::GoesOn,
                Err(_) => Search::GivenUp,
            };
        }
        let Some((header, body)) = message(front) else { return Search::GoesOn };
        if header.kind != MessageHeader::CLIENT_HELLO || end_of(header) > limits::QUIC_HELLO {
            return Search::GivenUp;
        }
        let Some(body) = body else { return Search::GoesOn };
        said(Said::Client(body));
        self.client = Gathered::default();
        self.has_client_hello = true;
        self.datagrams_left = self.datagrams_left.min(limits::QUIC_ANSWERS);
        Search::GoesOn
    }

    /// Reads the server's hello once it is whole, behind a request for another hello where there is one.
    fn read_server(&self, said: &mut impl FnMut(Said<'_>)) -> Search {
        let mut front = self.server.front();
        while let Some((header, body)) = message(front) {
            if header.kind != MessageHeader::SERVER_HELLO || end_of(header) > limits::QUIC_HELLO {
                return Search::GivenUp;
            }
            let Some(hello) = body.map(ServerHello::parse) else { break };
            match hello {
                Ok(hello) if hello.is_retry => front = front.get(end_of(header)..).unwrap_or_default(),
                Ok(hello) => {
                    said(Said::Server(hello));
                    return Search::Ended;
                }
                Err(_) => return Search::GivenUp,
            }
        }
        Search::GoesOn
    }
}

/// Puts the pieces of the handshake that were in a packet in their places; those beyond the bound are left out.
fn gather(stream: &mut Gathered, version: Version, opened: &[u8]) {
    for frame in Frames::new(version, opened) {
        // What is behind a fault cannot be read; what was before it is authentic.
        let Ok(frame) = frame else { break };
        let Frame::Crypto { offset, bytes } = frame else { continue };
        let begin = usize::try_from(offset).unwrap_or(usize::MAX);
        let fits = begin.saturating_add(bytes.len()) <= limits::QUIC_HELLO;
        if fits && !bytes.is_empty() && stream.runs() < limits::QUIC_RUNS {
            // Its end was counted above.
            let _ = stream.put(begin, bytes);
        }
    }
}

/// Returns the header of the message that some bytes begin with, and its body once it is there.
fn message(bytes: &[u8]) -> Option<(MessageHeader, Option<&[u8]>)> {
    let header = MessageHeader::parse(bytes)?;
    Some((header, bytes.get(MessageHeader::LEN..end_of(header))))
}

/// Returns where a message ends that begins at 0.
fn end_of(header: MessageHeader) -> usize {
    usize::try_from(header.len).unwrap_or(usize::MAX).saturating_add(MessageHeader::LEN)
}
