//! The report's list of conversations, written as it is walked.

use netsonde_dissect::Protocol;
use netsonde_flow::{FlowRow, State};
use netsonde_messages::{Flow, FlowState, rfc3339};
use netsonde_units::Timestamp;
use serde::{Serialize, Serializer};

use crate::largest::keep_first;

/// Conversations in order of their first packets. Serialised one by one, never held as one text.
#[derive(Clone, Debug)]
pub struct Flows<'a> {
    rows: Vec<&'a FlowRow>,
}

impl<'a> Flows<'a> {
    /// Chooses the `most` conversations with the most bytes and puts them in order of their first packets.
    pub(crate) fn largest(rows: impl Iterator<Item = &'a FlowRow>, most: usize) -> Self {
        let mut rows: Vec<_> = rows.collect();
        keep_first(&mut rows, most, |row| (std::cmp::Reverse(row.volume().bytes), row.id.serial));
        rows.sort_unstable_by_key(|row| row.id.serial);
        Self { rows }
    }

    /// Returns how many there are.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Tells whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the conversations one by one.
    pub fn iter(&self) -> impl Iterator<Item = Flow> {
        self.rows.iter().map(|row| message(row))
    }
}

impl Serialize for Flows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

fn message(row: &FlowRow) -> Flow {
    let seen = Some((row.first_seen, row.last_seen)).filter(|&(first, _)| first > Timestamp::EPOCH);
    Flow {
        protocol: row.protocol.name().into(),
        transport: row.transport.name().into(),
        client: row.client_address(),
        client_port: row.key.port(row.client),
        server: row.server_address(),
        server_port: row.key.port(row.client.other()),
        first_seen: seen.map(|(first, _)| rfc3339(first.nanos())),
        last_seen: seen.map(|(_, last)| rfc3339(last.nanos())),
        duration_s: seen.map(|(first, last)| last.since(first).as_secs_f64()),
        state: row.state.map(state),
        packets_up: row.up.volume.packets,
        packets_down: row.down.volume.packets,
        bytes_up: row.up.volume.bytes,
        bytes_down: row.down.volume.bytes,
        goodput_bytes_up: row.up.goodput_bytes,
        goodput_bytes_down: row.down.goodput_bytes,
        icmp_errors: row.icmp_errors.into(),
        retransmissions: None,
        rtt_ms_mean: None,
        initial_rtt_ms: None,
        encrypted: Protocol::is_encrypted(row.protocol),
    }
}

const fn state(state: State) -> FlowState {
    match state {
        State::Opening => FlowState::Opening,
        State::Established => FlowState::Established,
        State::Closing => FlowState::Closing,
        State::Closed => FlowState::Closed,
        State::Reset => FlowState::Reset,
        State::Refused => FlowState::Refused,
        State::TimedOut => FlowState::TimedOut,
    }
}
