//! The report's list of conversations, written as it is walked.

use std::cmp::Reverse;
use std::sync::MutexGuard;

use netsonde_dissect::Protocol;
use netsonde_flow::{DelaySums, FlowRow, HandshakeRtt, LocalNetworks, State, TcpRow, TcpSent};
use netsonde_messages::{Evidence, Flow, FlowState, FlowTcp, FlowTcpSide, rfc3339};
use netsonde_units::Timestamp;
use serde::{Serialize, Serializer};

use crate::labels::words::describe;
use crate::largest::keep_first;
use crate::view::{FlowPlace, Listed, View};

/// Conversations in order of their first packets. Serialised one by one, never held as one text.
#[derive(Debug)]
pub struct Flows<'a> {
    view: MutexGuard<'a, View>,
    places: Vec<FlowPlace>,
}

impl<'a> Flows<'a> {
    /// Chooses the `most` conversations with the most bytes and puts them in order of their first packets.
    pub(crate) fn largest(view: MutexGuard<'a, View>, most: usize) -> Self {
        let mut chosen: Vec<_> = view
            .listed()
            .map(|(place, Listed { row, .. })| (Reverse(row.volume().bytes), row.id.serial, place))
            .collect();
        keep_first(&mut chosen, most, |&(bytes, serial, _)| (bytes, serial));
        chosen.sort_unstable_by_key(|&(_, serial, _)| serial);
        Self { view, places: chosen.into_iter().map(|(_, _, place)| place).collect() }
    }

    /// Returns how many there are.
    pub const fn len(&self) -> usize {
        self.places.len()
    }

    /// Tells whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Returns the conversations one by one.
    pub fn iter(&self) -> impl Iterator<Item = Flow> {
        self.places.iter().filter_map(|&place| Some(message(&self.view.at(place)?, &self.view)))
    }

    /// Returns where they are chosen from.
    pub(crate) fn view(&self) -> &View {
        &self.view
    }
}

impl Serialize for Flows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Puts a conversation into words.
pub(crate) fn message(listed: &Listed<'_>, view: &View) -> Flow {
    let Listed { row, identity, .. } = *listed;
    describe(volumes(row, &view.local), row, identity, &view.labels)
}

fn volumes(row: &FlowRow, local: &LocalNetworks) -> Flow {
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
        retransmissions: retransmissions(row),
        rtt_ms_mean: rtt_nanos(row, local).map(milliseconds),
        initial_rtt_ms: row
            .tcp()
            .and_then(|tcp| tcp.handshake)
            .map(|handshake| milliseconds(handshake.nanos)),
        app: None,
        category: None,
        evidence: Evidence::default(),
        hostname: None,
        sni: None,
        alpn: None,
        ja3: None,
        ja4: None,
        encrypted: Protocol::is_encrypted(row.protocol),
    }
}

/// Puts what TCP's analysis says of a conversation into words.
pub(crate) fn tcp(row: &TcpRow) -> FlowTcp {
    let TcpRow { up, down, handshake, response } = row;
    FlowTcp {
        up: side(up),
        down: side(down),
        handshake_server_ms: handshake.and_then(|handshake| handshake.server_nanos).map(milliseconds),
        handshake_client_ms: handshake.and_then(|handshake| handshake.client_nanos()).map(milliseconds),
        server_response_ms_mean: mean(response).map(milliseconds),
    }
}

fn side(sent: &TcpSent) -> FlowTcpSide {
    FlowTcpSide {
        data_segments: sent.data_segments.into(),
        resent: sent.resent.into(),
        spurious: sent.spurious.into(),
        out_of_order: sent.out_of_order.into(),
        lost: sent.lost.into(),
        duplicate_acks: sent.duplicate_acks.into(),
        zero_windows: sent.zero_windows.into(),
        rtt_ms_mean: mean(&sent.rtt).map(milliseconds),
        rtt_ms_min: sent.rtt.least_nanos().map(milliseconds),
        rtt_samples: sent.rtt.count.into(),
    }
}

/// Returns the mean round trip to the far side of a conversation, in nanoseconds: to the end that is not local, or,
/// where neither or each is, to both, as far as both are known.
pub(crate) fn rtt_nanos(row: &FlowRow, local: &LocalNetworks) -> Option<u64> {
    let TcpRow { up, down, handshake, .. } = row.tcp()?;
    // What an end acknowledges late where the capture sits is no way: there, as in latency, the handshake's half counts.
    let half = |sums: &DelaySums, told: fn(&HandshakeRtt) -> Option<u64>| {
        let near = handshake.and_then(|it| told(&it).filter(|&nanos| it.is_near(nanos)));
        near.or_else(|| mean(sums))
    };
    match (local.contains(row.client_address()), local.contains(row.server_address())) {
        (true, false) => mean(&down.rtt),
        (false, true) => mean(&up.rtt),
        (true, true) | (false, false) => {
            half(&up.rtt, HandshakeRtt::client_nanos)?.checked_add(half(&down.rtt, |it| it.server_nanos)?)
        }
    }
}

/// Counts segments sent again by both ends, for whatever reason.
pub(crate) fn retransmissions(row: &FlowRow) -> Option<u64> {
    row.tcp().map(|tcp| [tcp.up, tcp.down].iter().map(sent_again).sum())
}

fn sent_again(sent: &TcpSent) -> u64 {
    u64::from(sent.resent) + u64::from(sent.spurious)
}

/// Returns the mean of delays in nanoseconds; none without one.
pub(crate) fn mean(delays: &DelaySums) -> Option<u64> {
    delays.sum.checked_div(delays.count.into())
}

#[expect(clippy::cast_precision_loss, reason = "a double holds the nanoseconds of 104 days exactly")]
pub(crate) fn milliseconds(nanos: u64) -> f64 {
    nanos as f64 / 1e6
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
