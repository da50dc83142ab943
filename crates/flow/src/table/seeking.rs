//! Who a conversation is with, by the hellos it begins with.

use super::telling::Told;
use crate::fact::Facts;
use crate::quic::{Heard, Quic, Said, SoughtId};
use crate::record::Record;
use crate::{ClientHello, Clue, Fact, FlowId, HelloOver, ServerHello};

/// Shows a packet to what seeks the hellos of its conversation.
pub(super) fn show(quic: &mut Quic, facts: &mut Facts, record: &mut Record, id: SoughtId, packet: &Told<'_>) {
    let &Told { slot, side, frame, at, .. } = packet;
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
            let resumed = hello.is_resumed();
            Some(Clue::Server(ServerHello { version: hello.version, cipher: hello.cipher_suite, resumed }))
        }
    }
}
