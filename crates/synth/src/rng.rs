//! Chance as an input: the same seed gives the same numbers on every machine.

/// The increment of `SplitMix64`: 2^64 divided by the golden ratio.
const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// How many parts [`Rng::chance`] divides certainty into.
pub const PARTS: u64 = 1_000_000;

/// A stream of pseudo-random numbers: xoshiro256** of Blackman and Vigna, integers only.
///
/// Not for secrets. A seed has as many independent streams as wanted, so that each conversation draws from its
/// own and what one draws changes no other.
#[derive(Clone, Debug)]
pub struct Rng {
    state: [u64; 4],
}

impl Rng {
    /// Makes stream number `stream` of a seed; the state comes from `SplitMix64`, as its authors advise.
    pub const fn new(seed: u64, stream: u64) -> Self {
        let mut mixer = Mixer(seed.rotate_left(32) ^ stream.wrapping_mul(GOLDEN_GAMMA));
        Self { state: [mixer.next(), mixer.next(), mixer.next(), mixer.next()] }
    }

    /// Returns the next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        result
    }

    /// Returns a number from 0 to `bound - 1`; 0 where `bound` is 0.
    ///
    /// The bias of scaling instead of rejecting is below `bound` / 2^64.
    pub fn below(&mut self, bound: u64) -> u64 {
        let scaled = (u128::from(self.bits()) * u128::from(bound)) >> 64;
        u64::try_from(scaled).unwrap_or_default()
    }

    /// Returns a number from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// Returns a number from `low` to `high` whose magnitude, not its value, is even: small ones are frequent.
    pub fn magnitude(&mut self, low: u64, high: u64) -> u64 {
        let ceiling = self.between(u64::from(low.max(1).ilog2()), u64::from(high.max(1).ilog2()) + 1);
        let top = 1_u64.checked_shl(u32::try_from(ceiling).unwrap_or(u32::MAX)).unwrap_or(u64::MAX);
        self.between(low, high.min(top).max(low))
    }

    /// Answers yes `parts` times in a million.
    pub fn chance(&mut self, parts: u32) -> bool {
        self.below(PARTS) < u64::from(parts)
    }

    /// Picks one of a list; the default of the type where the list is empty.
    pub fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let count = u64::try_from(list.len()).unwrap_or_default();
        let index = usize::try_from(self.below(count)).unwrap_or_default();
        list.get(index).copied().unwrap_or_default()
    }

    /// Returns the next 32 bits.
    pub fn word(&mut self) -> u32 {
        u32::try_from(self.bits() >> 32).unwrap_or_default()
    }

    /// Returns the next 16 bits.
    pub fn half_word(&mut self) -> u16 {
        u16::try_from(self.bits() >> 48).unwrap_or_default()
    }

    /// Fills a buffer with random bytes.
    pub fn fill(&mut self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            for (to, from) in chunk.iter_mut().zip(self.bits().to_le_bytes()) {
                *to = from;
            }
        }
    }

    /// Returns an array of random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

/// `SplitMix64`, which spreads seeds that lie close together.
struct Mixer(u64);

impl Mixer {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN_GAMMA);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix_gives_the_published_numbers() {
        // The first outputs of the authors' program from state 0.
        let mut mixer = Mixer(0);
        assert_eq!(mixer.next(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(mixer.next(), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn xoshiro_steps_as_worked_by_hand() {
        // From state 1, 2, 3, 4: rotl(2 * 5, 7) * 9 = 1280 * 9 = 11520; the state becomes
        // 1 ^ (4 ^ 2), 2 ^ (3 ^ 1), (3 ^ 1) ^ (2 << 17), rotl(4 ^ 2, 45): its second word is 0, and so the next output.
        let mut rng = Rng { state: [1, 2, 3, 4] };
        assert_eq!(rng.bits(), 11_520);
        assert_eq!(rng.state, [7, 0, 2 ^ (2 << 17), 6 << 45]);
        assert_eq!(rng.bits(), 0);
    }

    #[test]
    fn streams_of_a_seed_differ_and_repeat() {
        let draw = |seed, stream| Rng::new(seed, stream).bits();
        assert_eq!(draw(1, 1), draw(1, 1));
        assert_ne!(draw(1, 1), draw(1, 2));
        assert_ne!(draw(1, 1), draw(2, 1));
    }

    #[test]
    fn numbers_stay_in_their_range() {
        let mut rng = Rng::new(7, 0);
        for _ in 0..10_000 {
            assert!((5..=9).contains(&rng.between(5, 9)));
            assert!((100..=70_000).contains(&rng.magnitude(100, 70_000)));
            assert!(rng.below(3) < 3);
        }
        assert!(!rng.chance(0));
        assert!(rng.chance(1_000_000));
        assert_eq!(rng.pick::<u8>(&[]), 0);
    }
}
