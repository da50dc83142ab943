//! What the beginnings of conversations say of who they are with.

use netsonde_dissect::{Frame, Protocol, Transport};
use netsonde_units::{SeqNumber, Timestamp};

use super::telling::Told;
use super::{Aside, FlowTable, seeking};
use crate::counters::TlsCounters;
use crate::hello::{Greeting, Handshakes, Segment, Step, Terms};
use crate::record::Record;
use crate::{Clue, Fact, FlowId, ServerHello, Side, TlsEvent};

/// The last version of TLS whose hellos name sessions.
const TLS_12: u16 = 0x0303;

/// Tells whether a packet is one of a beginning; most are not.
#[inline]
pub(super) const fn may_be_heard(record: &Record, side: Side, frame: &Frame<'_>) -> bool {
    (record.watch(side).is_open() || record.sought.is_some() || record.handshake.is_some())
        && !frame.payload.bytes.is_empty()
}

/// Tells whether a conversation may still show a hello or a request: nothing is known of it, or nothing that rules both
/// out. Who searches a way through address translation goes on to DTLS.
const fn may_show(protocol: Protocol) -> bool {
    matches!(
        protocol,
        Protocol::Tcp | Protocol::Tls | Protocol::Http | Protocol::Udp | Protocol::Dtls | Protocol::Stun
    )
}

/// Returns what a conversation speaks that gives such a clue.
const fn spoken(clue: &Clue, transport: Protocol) -> Protocol {
    match (clue, transport) {
        (Clue::HttpHost(_), _) => Protocol::Http,
        (Clue::Client(_) | Clue::Server(_), Protocol::Udp) => Protocol::Dtls,
        (Clue::Client(_) | Clue::Server(_) | Clue::Handshake(_), _) => Protocol::Tls,
    }
}

impl FlowTable {
    /// Takes in a packet of a conversation's beginning, which may be what it is recognised by. Not inlined: most packets
    /// are none.
    #[inline(never)]
    pub(super) fn hear(&mut self, packet: &Told<'_>, becomes_quic: bool) -> Option<TlsEvent> {
        let &Told { slot, side, frame, at, .. } = packet;
        let record = self.records.get_mut(slot)?;
        if becomes_quic {
            record.sought = self.quic.begin(record.serial());
        }
        if let Some(id) = record.sought {
            seeking::show(&mut self.quic, &mut self.facts, record, id, packet);
        }
        if !may_show(record.protocol) {
            if record.settle() {
                self.hellos.forget_both(slot);
            }
            return None;
        }
        let speaker = (slot, side);
        let greeting = match &frame.transport {
            _ if !record.watch(side).is_open() => None,
            Transport::Tcp(tcp) => {
                let first = if tcp.flags.syn() { tcp.sequence.plus(1) } else { tcp.sequence };
                let start = record.connection.and_then(|connection| self.connections.start(connection, side));
                let segment = Segment { first, start, payload: frame.payload };
                self.hellos.segment(speaker, record.watch_mut(side), &segment)
            }
            Transport::Udp(_) => self.hellos.datagram(speaker, record.watch_mut(side), frame.payload),
            _ => None,
        };
        let about = FlowId { slot, serial: record.serial() };
        let mut push = |clue| self.facts.push(Fact::Clue { about, clue, at });
        if let Some(Greeting { mut clue, terms }) = greeting {
            self.asides.extend(record.show(spoken(&clue, record.transport)).map(Aside::Recognised));
            if let Transport::Tcp(tcp) = &frame.transport {
                let acknowledged = tcp.flags.ack().then_some(tcp.acknowledgement);
                let follows = Follows { side, at, terms, acknowledged };
                follow_hello(&mut self.handshakes, &mut self.counters.tls, record, &mut clue, &follows);
            }
            push(clue);
        }
        let (Some(id), Transport::Tcp(tcp)) = (record.handshake, &frame.transport) else { return None };
        let step = self.handshakes.segment(id, record.serial(), side, tcp.sequence, frame.payload, at);
        let Step::Ended(nanos) = step else { return None };
        record.handshake = None;
        let handshake_nanos = nanos?;
        push(Clue::Handshake(handshake_nanos));
        Some(TlsEvent { handshake_nanos })
    }
}

/// A hello over TCP, as it concerns the handshake.
struct Follows {
    side: Side,
    at: Timestamp,
    terms: Terms,
    /// The next byte that its sender waits for.
    acknowledged: Option<SeqNumber>,
}

/// Counts a hello over TCP, and begins to time the handshake with the client's; what only both hellos tell is added to the
/// server's.
fn follow_hello(
    handshakes: &mut Handshakes,
    counters: &mut TlsCounters,
    record: &mut Record,
    clue: &mut Clue,
    hello: &Follows,
) {
    let &Follows { side, at, terms, acknowledged } = hello;
    match clue {
        // One that is asked for another hello has said its first before.
        Clue::Client(hello) if record.handshake.is_none() => {
            counters.client_hellos += 1;
            counters.encrypted_hellos += u64::from(hello.has_encrypted_hello);
            record.handshake = handshakes.begin(record.serial(), side, at, terms, acknowledged);
        }
        Clue::Server(server) => {
            if let Some(id) = record.handshake {
                let ServerHello { version, .. } = *server;
                let is_named =
                    handshakes.answer(id, record.serial(), version, &terms.session_id, acknowledged);
                // Before TLS 1.3 the names of the sessions tell.
                if terms.is_whole && version <= TLS_12 {
                    server.resumed = is_named;
                }
            }
            counters.count_server(*server);
        }
        Clue::Client(_) | Clue::Handshake(_) | Clue::HttpHost(_) => {}
    }
}
