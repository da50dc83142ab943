//! Who a conversation is with, by the hellos it begins with.

use netsonde_dissect::{Frame, Protocol};
use netsonde_units::Timestamp;

use crate::fact::Facts;
use crate::quic::{Heard, Quic, Said, SoughtId};
use crate::record::{Recognition, Record};
use crate::{ClientHello, Clue, Fact, FlowId, HelloOver, ServerHello, Side};

/// A packet as it is shown to what seeks hellos.
pub(super) struct Shown<'a> {
    pub(super) slot: u32,
    pub(super) side: Side,
    pub(super) frame: &'a Frame<'a>,
    pub(super) at: Timestamp,
}

/// Begins to seek the hellos of a conversation that was just recognised.
#[cold]
pub(super) fn begin(quic: &mut Quic, record: &mut Record, recognition: &Recognition) {
    if recognition.to == Protocol::Quic {
        record.sought = quic.begin(record.serial());
    }
}

/// Shows a packet to what seeks the hellos of its conversation.
#[cold]
#[inline(never)]
pub(super) fn show(quic: &mut Quic, facts: &mut Facts, record: &mut Record, id: SoughtId, shown: &Shown<'_>) {
    let &Shown { slot, side, frame, at } = shown;
    let heard = Heard { conversation: record.serial(), side, payload: frame.payload.bytes };
    let about = FlowId { slot, serial: record.serial() };
    let goes_on = quic.hear(id, &heard, |said| {
        if let Some(clue) = clue(said) {
            facts.push(Fact::Clue { about, clue, at });
        }
    });
    if !goes_on {
        record.sought = None;
    }
}

fn clue(said: Said<'_>) -> Option<Clue> {
    match said {
        Said::Client(body) => {
            ClientHello::read(body, HelloOver::Quic).map(|hello| Clue::Client(Box::new(hello)))
        }
        Said::GoogleClient(hello) => {
            let name = hello.server_name()?;
            Some(Clue::Client(Box::new(ClientHello::of_google(name))))
        }
        Said::Server(hello) => {
            Some(Clue::Server(ServerHello { version: hello.version, cipher: hello.cipher_suite }))
        }
    }
}
