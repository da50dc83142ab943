//! Passwords in clear text: that one was sent, by whom and to whom.

use netsonde_dissect::login::{self, Login};
use netsonde_dissect::{Frame, Protocol, Transport};

use super::telling::Told;
use super::{FlowTable, Observation};
use crate::conversation::Ends;
use crate::{Fact, limits};

/// Tells whether a packet may carry a password: a request of HTTP, or something new that a client says to one of the services
/// that take some in clear text.
#[inline]
pub(super) fn may_carry(frame: &Frame<'_>, observation: &Observation) -> bool {
    let Transport::Tcp(tcp) = &frame.transport else { return false };
    if observation.goodput_bytes == 0 {
        return false;
    }
    match observation.protocol {
        Protocol::Http => matches!(frame.payload.bytes, [b'A'..=b'Z', ..]),
        Protocol::Tcp => Login::at_port(tcp.destination).is_some(),
        _ => false,
    }
}

impl FlowTable {
    /// Takes in a packet that may carry a password. Not inlined: few may.
    #[inline(never)]
    pub(super) fn tell_password(&mut self, packet: &Told<'_>, protocol: Protocol, ends: &Ends) {
        let &Told { slot, side, frame, at, .. } = packet;
        let (Some(record), Transport::Tcp(tcp)) = (self.records.get_mut(slot), &frame.transport) else {
            return;
        };
        let bytes = frame.payload.bytes;
        let (login, has_password) = if protocol == Protocol::Http {
            (Login::HttpBasic, login::request_has_password(bytes))
        } else {
            let Some(login) = Login::at_port(tcp.destination) else { return };
            if record.packets_of(side) > limits::LOGIN_PACKETS {
                return;
            }
            let (step, has_password) = login.hear(record.login, bytes);
            record.login = step;
            (login, has_password)
        };
        if has_password {
            let (client, server, server_port) = (ends.source, ends.destination, tcp.destination);
            let flow = record.serial();
            self.facts.push(Fact::Password { login, client, server, server_port, flow, at });
        }
    }
}
