//! How delays are distributed: counts by size, fine enough for percentiles, that merge.

/// Equal parts of an octave: 128, so that a bucket is at most 1/128 (0.8 %) as wide as the values in it are large.
const PARTS: usize = 1 << PART_BITS;
const PART_BITS: u32 = 7;
/// Values below [`PARTS`] have a bucket each; then there is an octave for each higher bit of 64.
const OCTAVES: usize = 58;

/// The counts of one octave.
type Parts = Box<[u64; PARTS]>;

/// A distribution of delays in nanoseconds: exact count, least, greatest and sum; percentiles within 1 %.
///
/// Merging is the same in any order. Room is made for an octave when its first value comes and stays when the
/// distribution is emptied, so that one that is used again and again allocates nothing.
#[derive(Debug)]
pub struct Distribution {
    count: u64,
    /// Wide enough for 2^64 samples of 2^64 nanoseconds.
    sum: u128,
    min: u64,
    max: u64,
    /// The octaves that hold anything, a bit each.
    held: u64,
    octaves: [Option<Parts>; OCTAVES],
}

/// What people read of a distribution, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentiles {
    /// The least.
    pub min: u64,
    /// The mean.
    pub mean: f64,
    /// The least value that at least half of all do not exceed.
    pub p50: u64,
    /// The same of 95 in 100.
    pub p95: u64,
    /// The same of 99 in 100.
    pub p99: u64,
    /// The greatest.
    pub max: u64,
}

impl Default for Distribution {
    fn default() -> Self {
        Self { count: 0, sum: 0, min: u64::MAX, max: 0, held: 0, octaves: [const { None }; OCTAVES] }
    }
}

impl Clone for Distribution {
    fn clone(&self) -> Self {
        let mut copy = Self::default();
        copy.merge(self);
        copy
    }
}

/// Equal are those of equal samples, as far as buckets tell, whatever room they have.
impl PartialEq for Distribution {
    fn eq(&self, other: &Self) -> bool {
        let figures = |it: &Self| (it.count, it.sum, it.min, it.max, it.held);
        figures(self) == figures(other)
            && held(self.held).all(|octave| self.octaves.get(octave) == other.octaves.get(octave))
    }
}

impl Eq for Distribution {}

impl Distribution {
    /// Takes in a delay of so many nanoseconds.
    #[inline]
    pub fn observe(&mut self, nanos: u64) {
        self.count += 1;
        self.sum += u128::from(nanos);
        self.min = self.min.min(nanos);
        self.max = self.max.max(nanos);
        let (octave, part) = bucket_of(nanos);
        self.held |= 1 << octave;
        if let Some(count) = self.octave(octave).and_then(|parts| parts.get_mut(part)) {
            *count += 1;
        }
    }

    /// Takes in all samples of another one.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.held |= other.held;
        for octave in held(other.held) {
            let theirs = other.octaves.get(octave).and_then(Option::as_ref);
            for (mine, theirs) in self.octave(octave).into_iter().zip(theirs) {
                for (count, more) in mine.iter_mut().zip(theirs.iter()) {
                    *count += more;
                }
            }
        }
    }

    /// Forgets all samples; the room for them stays.
    pub fn clear(&mut self) {
        for octave in held(self.held) {
            self.octave(octave).into_iter().for_each(|parts| parts.fill(0));
        }
        (self.count, self.sum, self.min, self.max, self.held) = (0, 0, u64::MAX, 0, 0);
    }

    /// Returns how many samples there are.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Tells whether there is no sample.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the mean in nanoseconds; none without a sample.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// Returns the least value that at least `part` of `whole` samples do not exceed, within 1 %; none without a
    /// sample.
    pub fn percentile(&self, part: u64, whole: u64) -> Option<u64> {
        let rank = (u128::from(self.count) * u128::from(part)).div_ceil(u128::from(whole.max(1)));
        let rank = u64::try_from(rank).unwrap_or(u64::MAX).clamp(1, self.count.max(1));
        let mut before = 0;
        for octave in held(self.held) {
            let parts = self.octaves.get(octave).and_then(Option::as_ref)?;
            for (part, &count) in parts.iter().enumerate() {
                if before + count >= rank {
                    let within = between(octave, part, rank - before, count);
                    return Some(within.clamp(self.min, self.max));
                }
                before += count;
            }
        }
        None
    }

    /// Returns what people read; none without a sample.
    pub fn percentiles(&self) -> Option<Percentiles> {
        Some(Percentiles {
            min: self.min,
            mean: self.mean()?,
            p50: self.percentile(50, 100)?,
            p95: self.percentile(95, 100)?,
            p99: self.percentile(99, 100)?,
            max: self.max,
        })
    }

    /// Returns the counts of an octave, with room made for them.
    #[inline]
    fn octave(&mut self, octave: usize) -> Option<&mut [u64; PARTS]> {
        let parts = self.octaves.get_mut(octave)?;
        Some(parts.get_or_insert_with(|| Box::new([0; PARTS])))
    }
}

/// Returns the octave and the part of it that a value belongs to.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the octave is below 58 and the part below 128")]
const fn bucket_of(nanos: u64) -> (usize, usize) {
    let Some(highest) = nanos.checked_ilog2() else { return (0, 0) };
    if highest < PART_BITS {
        return (0, nanos as usize);
    }
    let shift = highest - PART_BITS;
    ((shift + 1) as usize, ((nanos >> shift) as usize) & (PARTS - 1))
}

/// Returns the value of the `place`th of `count` samples in a bucket, taken to be spread evenly.
fn between(octave: usize, part: usize, place: u64, count: u64) -> u64 {
    let (first, width) = match octave.checked_sub(1) {
        None => (part as u128, 1_u128),
        Some(shift) => (((PARTS + part) as u128) << shift, 1 << shift),
    };
    // The middle of the sample's share, in halves; the first value of a bucket that is one value wide.
    let middle = width * (2 * u128::from(place) - 1) / (2 * u128::from(count.max(1)));
    u64::try_from(first + middle).unwrap_or(u64::MAX)
}

/// Returns the numbers of the bits that are set.
fn held(bits: u64) -> impl Iterator<Item = usize> {
    (0..OCTAVES).filter(move |octave| bits & (1 << octave) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(samples: &[u64]) -> Distribution {
        let mut distribution = Distribution::default();
        for &nanos in samples {
            distribution.observe(nanos);
        }
        distribution
    }

    /// Delays of every size, from none to centuries.
    fn delays() -> impl Strategy<Value = Vec<u64>> {
        let any_size = (0_u32..64, any::<u64>()).prop_map(|(shift, bits)| bits >> shift);
        proptest::collection::vec(any_size, 1..400)
    }

    #[test]
    fn every_value_is_in_a_bucket_of_its_size() {
        let values = (0..64).flat_map(|bit| [(1_u64 << bit) - 1, 1 << bit, (1 << bit) + 1]).chain([u64::MAX]);
        for value in values {
            let (octave, part) = bucket_of(value);
            assert!(octave < OCTAVES && part < PARTS, "{value}");
            // The bucket's only sample is its middle: at most half of its width away.
            let middle = between(octave, part, 1, 1);
            assert!(middle.abs_diff(value) <= value / 128, "{value} is taken for {middle}");
        }
    }

    #[test]
    fn a_distribution_without_a_sample_says_nothing() {
        let mut emptied = of(&[5, 1_000_000]);
        emptied.clear();
        assert_eq!(emptied, Distribution::default());
        assert_eq!((emptied.percentiles(), emptied.mean(), emptied.percentile(1, 2)), (None, None, None));
    }

    #[test]
    fn a_few_samples_have_exact_ends_and_mean() {
        // 10, 20, 30 and 100 ms: the mean is 40; half of four are two, 95 % and 99 % need all four.
        let millis = 1_000_000;
        let percentiles = of(&[30 * millis, 10 * millis, 100 * millis, 20 * millis]).percentiles().unwrap();
        assert_eq!((percentiles.min, percentiles.max), (10 * millis, 100 * millis));
        assert!((percentiles.mean - 40e6).abs() < 1e-6);
        assert!(percentiles.p50.abs_diff(20 * millis) <= millis / 5, "{}", percentiles.p50);
        assert!(percentiles.p99.abs_diff(100 * millis) <= millis, "{}", percentiles.p99);
    }

    #[test]
    fn a_used_distribution_allocates_nothing() {
        let mut distribution = of(&[1_200, 2_000_000, 3_000_000_000]);
        let allocations = allocation_counter::measure(|| {
            for round in 0..100_u64 {
                distribution.clear();
                for nanos in [1_200, 2_000_000, 3_000_000_000] {
                    distribution.observe(nanos + round);
                }
            }
        });
        assert_eq!(allocations.count_total, 0);
    }

    proptest! {
        #[test]
        fn percentiles_are_those_of_the_sorted_samples(mut samples in delays(), percent in 1_u64..=100) {
            let distribution = of(&samples);
            samples.sort_unstable();
            // Of n samples the one that `percent` of them do not exceed is the ceil(n * percent / 100)th.
            let rank = (samples.len() as u64 * percent).div_ceil(100);
            let exact = samples[usize::try_from(rank).unwrap() - 1];
            let found = distribution.percentile(percent, 100).unwrap();
            prop_assert!(found.abs_diff(exact) <= exact / 100, "{} for {}", found, exact);
            let sum: u128 = samples.iter().map(|&nanos| u128::from(nanos)).sum();
            prop_assert_eq!(distribution.sum, sum);
            prop_assert_eq!(distribution.count(), samples.len() as u64);
            let ends = (samples.first().copied(), samples.last().copied());
            let percentiles = distribution.percentiles().unwrap();
            prop_assert_eq!((Some(percentiles.min), Some(percentiles.max)), ends);
        }

        #[test]
        fn merged_is_as_if_observed_by_one(samples in delays(), cut in 0_usize..400) {
            let (left, right) = samples.split_at(cut.min(samples.len()));
            let (mut one, mut other) = (of(left), of(right));
            one.merge(&of(right));
            other.merge(&of(left));
            prop_assert_eq!(&one, &of(&samples));
            prop_assert_eq!(&other, &one);
            prop_assert_eq!(&one.clone(), &one);
        }
    }
}
