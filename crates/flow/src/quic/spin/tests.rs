use super::*;

const MS: u64 = 1_000_000;

/// Two ends that take part, and a tap between them: each packet passes it once, `near` before the client gets it or after
/// it sent it, `far` likewise.
struct Path {
    near: u64,
    far: u64,
    /// When the bit of the client, and of the server, took another value as it passed the tap.
    turns: [Vec<(u64, bool)>; 2],
}

impl Path {
    const fn new(near: u64, far: u64) -> Self {
        Self { near, far, turns: [Vec::new(), Vec::new()] }
    }

    /// Returns the bit of a packet that passes the tap.
    fn bit(&mut self, by_client: bool, now: u64) -> bool {
        let (own, other, way) = if by_client { (0, 1, self.near) } else { (1, 0, self.far) };
        // What its sender had got passed the tap the way there and back before.
        let got = self.turns[other].iter().rev().find(|(since, _)| since + 2 * way <= now);
        let bit = got.is_some_and(|(_, bit)| bit ^ by_client);
        if self.turns[own].last().is_none_or(|(_, last)| *last != bit) {
            self.turns[own].push((now, bit));
        }
        bit
    }
}

fn at(nanos: u64) -> Timestamp {
    Timestamp::from_nanos(1_700_000_000_000_000_000 + nanos)
}

/// Shows packets of both ends every `gap` for `time`, and returns the round trips.
fn dense(path: &mut Path, gap: u64, time: u64) -> Vec<u64> {
    let mut spin = Spin::default();
    let mut told = Vec::new();
    for step in 0..time / gap {
        let now = step * gap;
        for by_client in [true, false] {
            let bit = path.bit(by_client, now);
            told.extend(spin.observe(by_client, bit, at(now), 2 * path.far));
        }
    }
    told
}

/// Numbers that are no pattern (Marsaglia's xorshift).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[test]
fn round_trips_are_those_of_the_path_once_the_bit_is_proven() {
    // 2 · (5 + 15) = 40 ms, on a grid of 1 ms.
    let told = dense(&mut Path::new(5 * MS, 15 * MS), MS, 2_000 * MS);
    assert!(told.iter().all(|&nanos| nanos == 40 * MS), "{told:?}");
    // Fifty in two seconds, less the first half round trip and the six that prove it.
    assert!((40..=44).contains(&told.len()), "{}", told.len());
}

#[test]
fn one_side_alone_or_bits_that_never_turn_give_nothing() {
    let mut path = Path::new(5 * MS, 15 * MS);
    let mut spin = Spin::default();
    for now in (0..5_000).map(|step| step * MS) {
        // The server sends ones whatever it gets: the client turns once.
        let turned = path.bit(true, now);
        assert_eq!(spin.observe(true, turned, at(now), 0), None);
        assert_eq!(spin.observe(false, true, at(now), 0), None);
    }
    let mut spin = Spin::default();
    for now in (0..5_000).map(|step| step * MS) {
        // Only the client is seen.
        assert_eq!(spin.observe(true, (now / (20 * MS)).is_multiple_of(2), at(now), 0), None);
    }
}

#[test]
fn random_bits_give_next_to_nothing() {
    let mut noise = Noise(42);
    let (mut connections, mut samples) = (0_u32, 0_usize);
    for _ in 0..1_000 {
        // They ask and answer every 10 ms, the pattern that is most like a bit that spins.
        let mut spin = Spin::default();
        let told = (0..2_000_u64).filter(|&step| {
            let bit = noise.next() >> 40 & 1 == 1;
            spin.observe(step % 2 == 0, bit, at(step * 10 * MS), 10 * MS).is_some()
        });
        let told = told.count();
        connections += u32::from(told > 0);
        samples += told;
    }
    // Of a thousand connections with a million packets.
    assert!(connections <= 10 && samples <= 30, "{connections} connections, {samples} samples");
}

#[test]
fn random_bits_of_a_download_give_nothing() {
    let mut noise = Noise(7);
    for _ in 0..200 {
        let mut spin = Spin::default();
        for step in 0..5_000_u64 {
            let bit = noise.next() >> 40 & 1 == 1;
            assert_eq!(spin.observe(step % 3 == 0, bit, at(step * MS / 10), 20 * MS), None);
        }
    }
}

#[test]
fn packets_that_were_overtaken_do_not_disturb() {
    let mut path = Path::new(5 * MS, 15 * MS);
    let mut spin = Spin::default();
    let mut told = Vec::new();
    let mut before = [false; 2];
    for step in 0..2_000_u64 {
        let now = step * MS;
        for (side, by_client) in [(0, true), (1, false)] {
            let bit = path.bit(by_client, now);
            told.extend(spin.observe(by_client, bit, at(now), 30 * MS));
            // Right behind each turn comes a packet from before it.
            told.extend(spin.observe(by_client, before[side], at(now + MS / 2), 30 * MS));
            before[side] = bit;
        }
    }
    assert!(told.len() > 40 && told.iter().all(|&nanos| nanos == 40 * MS), "{told:?}");
}

#[test]
fn pauses_of_the_application_are_no_round_trips() {
    let mut path = Path::new(5 * MS, 15 * MS);
    let mut spin = Spin::default();
    let mut told = Vec::new();
    // A second of packets, then nothing for 300 ms, and so on.
    for step in (0..20_000_u64).filter(|step| step % 1_300 < 1_000) {
        let now = step * MS;
        for by_client in [true, false] {
            let bit = path.bit(by_client, now);
            told.extend(spin.observe(by_client, bit, at(now), 30 * MS));
        }
    }
    // What ends a pause is left out; all others are exact.
    assert!(told.len() > 200 && told.iter().all(|&nanos| nanos == 40 * MS), "{told:?}");
}

#[test]
fn longer_way_is_followed() {
    let mut path = Path::new(5 * MS, 15 * MS);
    let mut spin = Spin::default();
    let mut told = Vec::new();
    for step in 0..6_000_u64 {
        // In the third second a queue grows on the way to the server, until it takes four times as long.
        path.far = 15 * MS + step.clamp(2_000, 3_000).saturating_sub(2_000) * MS * 45 / 1_000;
        let now = step * MS;
        for by_client in [true, false] {
            let bit = path.bit(by_client, now);
            told.extend(spin.observe(by_client, bit, at(now), 30 * MS));
        }
    }
    // 2 · (5 + 60) ms.
    assert!(told.iter().rev().take(10).all(|&nanos| nanos == 130 * MS), "{told:?}");
}
