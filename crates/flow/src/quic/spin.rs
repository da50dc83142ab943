//! Round trips by the spin bit (RFC 9000 section 17.4), of connections where it behaves like one.
//!
//! A client sends the contrary of the bit it got last, a server repeats it: between the two the bit turns once a round
//! trip in either direction, first the client's, then the server's. An end that does not take part sends one value
//! for ever, or a random one in each packet; nothing announces that. So the turns of both sides are held against each
//! other until enough of them fit (RFC 9312 section 4.2.1 asks for such filters).

use netsonde_units::Timestamp;

/// Turns in order that prove the bit to be one; by chance two ends that ask and answer with random bits come this far
/// once in more than a hundred connections, all others hardly ever.
const PROVEN: u8 = 12;
/// More turns in order make up for no more disorder.
const SURE: u8 = 24;
/// Turns out of order in those in order, at most: what overtakes on its way disturbs a few.
const ORDER: u16 = 8;
/// Packets with the other bit right behind a turn in those that repeat their side's, at most: of random bits half are.
const STEADINESS: u16 = 4;
/// Counts are halved here, so that what was long ago weighs less.
const MUCH: u16 = 1 << 10;
/// A side turns again no sooner than this part of a round trip: what comes before was overtaken on its way.
const HOLD_OFF: u64 = 8;
/// No network has a shorter round trip.
const SHORTEST_NANOS: u64 = 20_000;

/// When one side showed what.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// When its latest packet came; the epoch before there was one.
    packet_at: Timestamp,
    /// When its bit turned last; the epoch where it has not.
    turned_at: Timestamp,
}

impl Seen {
    fn any(&self) -> bool {
        self.packet_at > Timestamp::EPOCH
    }
}

/// The spin bit of a connection, one cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
pub(super) struct Spin {
    client: Seen,
    server: Seen,
    client_bit: bool,
    server_bit: bool,
    /// Whether a side was doubted because it has not turned.
    overdue: bool,
    /// The latest time from one turn of the client to the next without a pause, in nanoseconds; 0 before there was one.
    latest: u32,
    /// The shortest of them lately, in nanoseconds; 0 before there was one.
    shortest: u32,
    /// How long both sides were silent before they turned, since the turn of the client that was told last, in nanoseconds.
    silence: u32,
    in_order: u16,
    out_of_order: u16,
    /// Packets that repeat the bit of their side.
    steady: u16,
    /// Packets that show the other bit right behind a turn.
    contrary: u16,
    score: u8,
}

const _: () = assert!(size_of::<Spin>() == 64);

impl Spin {
    /// Reads a field, to have the line at hand.
    #[inline]
    pub(super) const fn touched_line(&self) -> Timestamp {
        self.client.packet_at
    }

    /// Takes in the bit of a packet, and returns the round trip that it completes, in nanoseconds. No round trip is shorter
    /// than a part of that of the handshake, as far as that was seen.
    #[inline]
    pub(super) fn observe(
        &mut self,
        by_client: bool,
        bit: bool,
        at: Timestamp,
        handshake_nanos: u64,
    ) -> Option<u64> {
        let (mine, my_bit, other) = if by_client {
            (&mut self.client, &mut self.client_bit, self.server)
        } else {
            (&mut self.server, &mut self.server_bit, self.client)
        };
        let before = *mine;
        if !before.any() {
            (mine.packet_at, *my_bit) = (at, bit);
            return None;
        }
        if at < before.packet_at {
            return None;
        }
        if bit == *my_bit {
            mine.packet_at = at;
            count(&mut self.steady, &mut self.contrary);
            let due = other.turned_at.plus_nanos(2 * u64::from(self.latest));
            if at > due && self.latest > 0 && other.turned_at > before.turned_at && self.is_due(by_client) {
                self.doubt_delay();
            }
            return None;
        }
        let least = (u64::from(self.latest).max(handshake_nanos) / HOLD_OFF).max(SHORTEST_NANOS);
        if before.turned_at > Timestamp::EPOCH && at.nanos_since(before.turned_at) < least {
            count(&mut self.contrary, &mut self.steady);
            return None;
        }
        (*mine, *my_bit) = (Seen { packet_at: at, turned_at: at }, bit);
        // Each turn makes it due for the other side.
        let was_due = other.any() && !self.is_due(by_client);
        self.turn(by_client, was_due, before, at)
    }

    /// Tells whether a side is to turn: the client where both bits are alike, the server where they are not.
    const fn is_due(&self, by_client: bool) -> bool {
        (self.client_bit == self.server_bit) == by_client
    }

    /// Takes in that a side turned its bit.
    fn turn(&mut self, by_client: bool, was_due: bool, before: Seen, at: Timestamp) -> Option<u64> {
        self.overdue = false;
        if !was_due {
            self.doubt();
            return None;
        }
        count(&mut self.in_order, &mut self.out_of_order);
        self.score = SURE.min(self.score.saturating_add(1));
        let silence = u32::try_from(at.nanos_since(before.packet_at)).unwrap_or(u32::MAX);
        self.silence = self.silence.saturating_add(silence);
        if !by_client {
            return None;
        }
        let silence = std::mem::take(&mut self.silence);
        if before.turned_at == Timestamp::EPOCH {
            return None;
        }
        let nanos = u32::try_from(at.nanos_since(before.turned_at)).ok()?;
        // What makes it longer than others is that nobody sent anything.
        let usual = self.shortest.saturating_add(self.shortest / 4);
        let is_pause = self.shortest > 0 && nanos > usual && nanos.saturating_sub(silence) <= usual;
        // It forgets slowly, so that a way that has become longer is one after some round trips.
        let lately = self.shortest.saturating_add((self.shortest / 16).max(1));
        self.shortest = if self.shortest == 0 { nanos } else { nanos.min(lately) };
        if is_pause {
            return None;
        }
        self.latest = nanos;
        self.is_proven().then_some(nanos.into())
    }

    const fn is_proven(&self) -> bool {
        self.score >= PROVEN
            && self.out_of_order.saturating_mul(ORDER) <= self.in_order
            && self.contrary.saturating_mul(STEADINESS) <= self.steady.saturating_add(self.in_order)
    }

    /// Takes in that a side has not turned though it was to, once each time.
    #[cold]
    fn doubt_delay(&mut self) {
        if !std::mem::replace(&mut self.overdue, true) {
            self.doubt();
        }
    }

    /// Takes in something that no spin bit does.
    #[cold]
    fn doubt(&mut self) {
        count(&mut self.out_of_order, &mut self.in_order);
        self.score = (self.score / 2).saturating_sub(2);
    }
}

/// Counts one of two things, whose proportion is what matters.
#[inline]
const fn count(one: &mut u16, other: &mut u16) {
    *one += 1;
    if *one >= MUCH {
        *one /= 2;
        *other /= 2;
    }
}

#[cfg(test)]
mod tests;
