//! Calls: dialogues of SIP with their streams (RFC 3261), and streams of sound both ways without one.

mod dialogue;
mod told;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;
use netsonde_flow::{SipMessage, SipMethod};
use netsonde_messages::CallState;
use netsonde_units::Timestamp;

use self::dialogue::Dialogue;
use crate::limits::CALLS;

pub(crate) use self::told::Which;

/// How many of the oldest calls are looked at to find one that is over: a flood of calls that nobody answers has none.
const OLDEST: usize = 64;

/// All calls.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    /// Those of dialogues by number, which is their order.
    dialogues: BTreeMap<u64, Named>,
    /// Their numbers by what names them.
    numbers: HashMap<Arc<str>, u64, RandomState>,
    /// The numbers of those without a dialogue, by that of their conversation.
    paired: BTreeMap<u64, u64>,
    next_number: u64,
    /// How many gave way to others.
    given_up: u64,
}

/// A dialogue and its `Call-ID`.
#[derive(Debug)]
struct Named {
    name: Arc<str>,
    dialogue: Dialogue,
}

impl Calls {
    /// Takes in a message. At the bound one of the oldest calls that is over gives way; where none is, the oldest one.
    pub(crate) fn take(&mut self, message: &SipMessage) {
        if let Some(number) = self.numbers.get(&message.call)
            && let Some(named) = self.dialogues.get_mut(number)
        {
            named.dialogue.take(message);
            return;
        }
        if matches!(message.method, SipMethod::Register | SipMethod::Other) {
            return;
        }
        if self.dialogues.len() >= CALLS {
            self.make_room(message.at);
        }
        let number = self.take_number();
        let name = Arc::clone(&message.call);
        self.numbers.insert(Arc::clone(&name), number);
        self.dialogues.insert(number, Named { name, dialogue: Dialogue::begin(message) });
    }

    fn make_room(&mut self, now: Timestamp) {
        let is_over = |named: &Named| {
            let state = named.dialogue.state(now);
            matches!(state, CallState::Ended | CallState::Cancelled | CallState::Failed)
        };
        let mut oldest_ones = self.dialogues.iter().take(OLDEST);
        let over = oldest_ones.find(|(_, named)| is_over(named)).map(|(&number, _)| number);
        let oldest = self.dialogues.keys().next().copied();
        if let Some(named) = over.or(oldest).and_then(|number| self.dialogues.remove(&number)) {
            self.numbers.remove(&named.name);
            self.given_up += 1;
        }
    }

    const fn take_number(&mut self) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        number
    }
}

#[cfg(test)]
mod tests;
