//! Values of one metric in one capture: ours beside those of the truth.

use std::collections::{BTreeMap, BTreeSet};

use super::findings::{SECONDS, fixed};

/// What a metric says of one capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// A number of the whole capture.
    Count(u64),
    /// The frames that it names.
    Frames(BTreeSet<u64>),
    /// The names that it holds.
    Names(BTreeSet<String>),
    /// What it says of each name.
    Said(BTreeMap<String, String>),
    /// Times in nanoseconds, by frame or by stream; a frame may have several.
    Times(BTreeMap<u64, Vec<i64>>),
}

/// Where ours and the truth differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The frame, or the stream of a time that belongs to a stream; none where it is about the whole capture.
    pub frame: Option<u64>,
    /// What we say.
    pub ours: String,
    /// What the truth says.
    pub theirs: String,
    /// Values of ours that the truth does not have.
    pub surplus: u64,
    /// Values of the truth that we do not have.
    pub missing: u64,
}

/// One metric in one capture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Values of ours.
    pub ours: u64,
    /// Values of the truth.
    pub theirs: u64,
    /// Where they differ, in order of frame.
    pub differences: Vec<Difference>,
}

/// What stands for a side that has nothing.
pub const NOTHING: &str = "none";

/// Compares values; times may be `tolerance` nanoseconds apart.
///
/// Values of two different sorts have nothing in common; a metric makes both of the same sort.
pub fn compare(ours: &Values, theirs: &Values, tolerance: u64) -> Compared {
    let differences = match (ours, theirs) {
        (Values::Count(ours), Values::Count(theirs)) => counts(*ours, *theirs),
        (Values::Frames(ours), Values::Frames(theirs)) => {
            sets(ours, theirs, |frame| (Some(*frame), "yes".to_owned()))
        }
        (Values::Names(ours), Values::Names(theirs)) => sets(ours, theirs, |name| (None, name.clone())),
        (Values::Said(ours), Values::Said(theirs)) => sayings(ours, theirs),
        (Values::Times(ours), Values::Times(theirs)) => times(ours, theirs, tolerance),
        _ => counts(ours.len(), theirs.len()),
    };
    Compared { ours: ours.len(), theirs: theirs.len(), differences }
}

impl Values {
    /// Returns how many values these are; a number counts as that many.
    pub fn len(&self) -> u64 {
        let len = match self {
            Self::Count(count) => return *count,
            Self::Frames(frames) => frames.len(),
            Self::Names(names) => names.len(),
            Self::Said(said) => said.len(),
            Self::Times(times) => times.values().map(Vec::len).sum(),
        };
        u64::try_from(len).unwrap_or(u64::MAX)
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn counts(ours: u64, theirs: u64) -> Vec<Difference> {
    if ours == theirs {
        return Vec::new();
    }
    vec![Difference {
        frame: None,
        ours: ours.to_string(),
        theirs: theirs.to_string(),
        surplus: ours.saturating_sub(theirs),
        missing: theirs.saturating_sub(ours),
    }]
}

fn sets<T: Ord>(
    ours: &BTreeSet<T>,
    theirs: &BTreeSet<T>,
    say: impl Fn(&T) -> (Option<u64>, String),
) -> Vec<Difference> {
    ours.symmetric_difference(theirs)
        .map(|item| {
            let ((frame, said), is_ours) = (say(item), ours.contains(item));
            let nothing = NOTHING.to_owned();
            let (ours, theirs) = if is_ours { (said, nothing) } else { (nothing, said) };
            Difference { frame, ours, theirs, surplus: u64::from(is_ours), missing: u64::from(!is_ours) }
        })
        .collect()
}

fn sayings(ours: &BTreeMap<String, String>, theirs: &BTreeMap<String, String>) -> Vec<Difference> {
    let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let differing = names.into_iter().filter(|name| ours.get(*name) != theirs.get(*name));
    differing
        .map(|name| {
            let side = |side: &BTreeMap<String, String>| {
                side.get(name).map_or_else(|| NOTHING.to_owned(), |said| format!("{name} {said}"))
            };
            Difference {
                frame: None,
                ours: side(ours),
                theirs: side(theirs),
                surplus: u64::from(ours.contains_key(name)),
                missing: u64::from(theirs.contains_key(name)),
            }
        })
        .collect()
}

fn times(
    ours: &BTreeMap<u64, Vec<i64>>,
    theirs: &BTreeMap<u64, Vec<i64>>,
    tolerance: u64,
) -> Vec<Difference> {
    let mut differences = Vec::new();
    let frames: BTreeSet<u64> = ours.keys().chain(theirs.keys()).copied().collect();
    for frame in frames {
        let of = |side: &BTreeMap<u64, Vec<i64>>| side.get(&frame).cloned().unwrap_or_default();
        let (ours, theirs) = (of(ours), of(theirs));
        for place in 0..ours.len().max(theirs.len()) {
            let (one, other) = (ours.get(place).copied(), theirs.get(place).copied());
            if one.zip(other).is_some_and(|(one, other)| one.abs_diff(other) <= tolerance) {
                continue;
            }
            differences.push(Difference {
                frame: Some(frame),
                ours: said(one),
                theirs: said(other),
                surplus: u64::from(one.is_some()),
                missing: u64::from(other.is_some()),
            });
        }
    }
    differences
}

/// Writes a time in seconds with nine decimals.
fn said(nanos: Option<i64>) -> String {
    let Some(nanos) = nanos else { return NOTHING.to_owned() };
    let sign = if nanos < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", nanos.unsigned_abs(), width = SECONDS + 1);
    let (whole, fraction) = digits.split_at_checked(digits.len() - SECONDS).unwrap_or((&digits, ""));
    let text = format!("{sign}{whole}.{fraction}");
    debug_assert_eq!(fixed(&text, SECONDS).ok(), Some(nanos), "a time reads as it is written");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(frames: &[u64]) -> Values {
        Values::Frames(frames.iter().copied().collect())
    }

    fn sums(compared: &Compared) -> (u64, u64, u64, u64) {
        let surplus = compared.differences.iter().map(|one| one.surplus).sum();
        let missing = compared.differences.iter().map(|one| one.missing).sum();
        (compared.ours, compared.theirs, surplus, missing)
    }

    #[test]
    fn frames_of_one_side_only_are_surplus_or_missing() {
        // 2 and 4 on both sides; 5 is ours alone, 1 and 9 are theirs alone.
        let compared = compare(&frames(&[2, 4, 5]), &frames(&[1, 2, 4, 9]), 0);
        assert_eq!(sums(&compared), (3, 4, 1, 2));
        let (first, second) = (&compared.differences[0], &compared.differences[1]);
        assert_eq!((first.frame, &*first.ours, &*first.theirs), (Some(1), "none", "yes"));
        assert_eq!((second.frame, &*second.ours, &*second.theirs), (Some(5), "yes", "none"));
    }

    #[test]
    fn a_number_differs_by_what_lies_between() {
        assert_eq!(sums(&compare(&Values::Count(5), &Values::Count(12), 0)), (5, 12, 0, 7));
        assert_eq!(sums(&compare(&Values::Count(12), &Values::Count(5), 0)), (12, 5, 7, 0));
        assert!(compare(&Values::Count(7), &Values::Count(7), 0).differences.is_empty());
    }

    #[test]
    fn times_agree_within_the_tolerance_and_not_a_nanosecond_beyond() {
        let ours = Values::Times(BTreeMap::from([(1, vec![1_000]), (2, vec![5_000]), (3, vec![-7])]));
        let theirs = Values::Times(BTreeMap::from([(1, vec![2_000]), (2, vec![6_001]), (4, vec![9])]));
        let compared = compare(&ours, &theirs, 1_000);
        // Frame 1: 1000 apart, agreed. Frame 2: 1001 apart, wrong on both sides. 3 is ours alone, 4 theirs.
        assert_eq!(sums(&compared), (3, 3, 2, 2));
        assert_eq!(compared.differences[1].ours, "-0.000000007");
        assert_eq!(compared.differences[0].theirs, "0.000006001");
    }

    #[test]
    fn names_are_told_as_they_are() {
        let names = |name: &str| Values::Names(BTreeSet::from([name.to_owned()]));
        let compared = compare(&names("192.0.2.1 a.example"), &names("192.0.2.1 b.example"), 0);
        assert_eq!(sums(&compared), (1, 1, 1, 1));
        assert_eq!(
            (compared.differences[0].frame, &*compared.differences[0].ours),
            (None, "192.0.2.1 a.example")
        );
    }

    #[test]
    fn what_is_said_of_a_name_differs_once() {
        let side = |said: &[(&str, &str)]| {
            Values::Said(said.iter().map(|(name, said)| ((*name).to_owned(), (*said).to_owned())).collect())
        };
        let compared =
            compare(&side(&[("a", "1"), ("b", "2")]), &side(&[("a", "1"), ("b", "3"), ("c", "4")]), 0);
        let texts: Vec<_> = compared.differences.iter().map(|one| (&*one.ours, &*one.theirs)).collect();
        assert_eq!(texts, [("b 2", "b 3"), (NOTHING, "c 4")]);
        let sums = compared.differences.iter().map(|one| (one.surplus, one.missing));
        assert_eq!((compared.ours, compared.theirs, sums.collect::<Vec<_>>()), (2, 3, vec![(1, 1), (0, 1)]));
    }
}
