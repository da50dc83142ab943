//! A metric over all captures.

use super::metrics::{Bar, Metric};
use super::right::Right;
use super::values::{Compared, Difference};

/// The share of a kind that may be listed as rightly different, judged frame by frame.
const LISTED_SHARE: f64 = 0.002;

/// The same for numbers of a whole capture: one of them is one value of the capture, however little differs.
const LISTED_SHARE_OF_NUMBERS: f64 = 0.01;

/// How many captures are named that differ most.
const WORST: usize = 3;

/// The sum of a metric over captures.
#[derive(Clone, Debug)]
pub struct Score {
    /// What was compared.
    pub metric: Metric,
    /// Captures that have a value on either side.
    pub files: u64,
    /// Captures without a difference, apart from listed ones.
    pub equal_files: u64,
    /// Our values.
    pub ours: u64,
    /// Values of the truth.
    pub theirs: u64,
    /// Values of ours that the truth does not have, apart from listed ones.
    pub surplus: u64,
    /// Values of the truth that we do not have, apart from listed ones.
    pub missing: u64,
    /// Values on one side only that are listed as rightly different.
    pub listed: u64,
    /// Whether a listed difference is about a whole capture.
    lists_numbers: bool,
    /// Captures with differences that are not listed, the worst first.
    pub worst: Vec<Worst>,
}

/// A capture in which we differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worst {
    /// Its file name.
    pub file: String,
    /// Values on one side only.
    pub values: u64,
    /// The differences, in order of frame.
    pub differences: Vec<Difference>,
}

impl Score {
    /// Begins with no capture.
    pub const fn new(metric: Metric) -> Self {
        Self {
            metric,
            files: 0,
            equal_files: 0,
            ours: 0,
            theirs: 0,
            surplus: 0,
            missing: 0,
            listed: 0,
            lists_numbers: false,
            worst: Vec::new(),
        }
    }

    /// Adds a capture.
    pub fn add(&mut self, file: &str, compared: Compared, right: &mut Right) {
        self.files += u64::from(compared.ours > 0 || compared.theirs > 0);
        self.ours += compared.ours;
        self.theirs += compared.theirs;
        let mut different = Vec::new();
        for difference in compared.differences {
            if right.holds(file, self.metric.name, &difference) {
                self.listed += difference.surplus + difference.missing;
                self.lists_numbers |= difference.frame.is_none();
                self.ours -= difference.surplus;
                self.theirs -= difference.missing;
            } else {
                different.push(difference);
            }
        }
        if different.is_empty() {
            self.equal_files += u64::from(compared.ours > 0 || compared.theirs > 0);
            return;
        }
        let (surplus, missing) = different.iter().fold((0, 0), |(surplus, missing), difference| {
            (surplus + difference.surplus, missing + difference.missing)
        });
        self.surplus += surplus;
        self.missing += missing;
        self.worst.push(Worst { file: file.to_owned(), values: surplus + missing, differences: different });
        self.worst
            .sort_by(|one, other| other.values.cmp(&one.values).then_with(|| one.file.cmp(&other.file)));
    }

    /// Returns the share of our values that the truth has, 0 to 1; 1 where we have none.
    pub fn precision(&self) -> f64 {
        share(self.ours - self.surplus, self.ours)
    }

    /// Returns the share of the truth's values that we have, 0 to 1; 1 where it has none.
    pub fn recall(&self) -> f64 {
        share(self.theirs - self.missing, self.theirs)
    }

    /// Returns the captures that differ most.
    pub fn worst(&self) -> &[Worst] {
        self.worst.get(..WORST).unwrap_or(&self.worst)
    }

    /// Says what is below the bar; none where nothing is.
    pub fn complaint(&self) -> Option<String> {
        let name = self.metric.name;
        let usual = if self.lists_numbers { LISTED_SHARE_OF_NUMBERS } else { LISTED_SHARE };
        let allowed = self.metric.most_listed.unwrap_or(usual);
        if share(self.listed, self.ours.max(self.theirs)) > allowed && self.listed > 0 {
            return Some(format!(
                "{name}: {} values are listed as rightly different, more than {} % of them",
                self.listed,
                allowed * 100.0
            ));
        }
        match self.metric.bar {
            Bar::Equal if self.surplus + self.missing > 0 => Some(format!(
                "{name}: differs in {} captures of {}",
                self.files - self.equal_files,
                self.files
            )),
            Bar::Share(least) if self.precision() < least || self.recall() < least => Some(format!(
                "{name}: precision {:.4}, recall {:.4}; both must be at least {least}",
                self.precision(),
                self.recall()
            )),
            Bar::Equal | Bar::Share(_) => None,
        }
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::super::metrics::metrics;
    use super::super::values::{Values, compare};
    use super::*;

    const LISTED: &str = r#"
        [[right]]
        file = "a.pcap"
        metric = "out_of_order"
        frame = 7
        ours = "yes"
        theirs = "none"
        why = "the capture shows it plainly"
    "#;

    fn score(metric: &str) -> Score {
        Score::new(metrics().into_iter().find(|one| one.name == metric).unwrap())
    }

    fn frames(ours: &[u64], theirs: &[u64]) -> Compared {
        let values = |frames: &[u64]| Values::Frames(frames.iter().copied().collect());
        compare(&values(ours), &values(theirs), 0)
    }

    #[test]
    fn precision_and_recall_are_over_all_captures() {
        let (mut score, mut right) = (score("out_of_order"), Right::default());
        // Ours 1 2 3 4, theirs 2 3 4 5 6: three agree; then one capture in which both say 1, one in which nobody does.
        score.add("a.pcap", frames(&[1, 2, 3, 4], &[2, 3, 4, 5, 6]), &mut right);
        score.add("b.pcap", frames(&[1], &[1]), &mut right);
        score.add("c.pcap", frames(&[], &[]), &mut right);
        assert_eq!((score.files, score.equal_files), (2, 1));
        // (3 + 1) of 4 + 1, and (3 + 1) of 5 + 1.
        assert!((score.precision() - 4.0 / 5.0).abs() < 1e-12 && (score.recall() - 4.0 / 6.0).abs() < 1e-12);
        assert_eq!((score.worst()[0].file.as_str(), score.worst()[0].values), ("a.pcap", 3));
        assert!(score.complaint().is_some());
    }

    #[test]
    fn a_thousandth_may_differ_and_no_more() {
        let (mut right, thousand) = (Right::default(), (1..=1_000).collect::<Vec<_>>());
        let mut within = score("out_of_order");
        within.add("a.pcap", frames(&thousand[1..], &thousand), &mut right);
        assert_eq!(within.complaint(), None);
        let mut beyond = score("out_of_order");
        beyond.add("a.pcap", frames(&thousand[2..], &thousand), &mut right);
        assert!(beyond.complaint().is_some());
    }

    #[test]
    fn a_listed_difference_counts_on_neither_side() {
        let (mut right, many) = (Right::parse(LISTED).unwrap(), (1..=1_000).collect::<Vec<_>>());
        let theirs: Vec<u64> = many.iter().copied().filter(|frame| *frame != 7).collect();
        let mut score = score("out_of_order");
        score.add("a.pcap", frames(&many, &theirs), &mut right);
        assert_eq!((score.listed, score.ours, score.theirs, score.surplus), (1, 999, 999, 0));
        assert_eq!((score.complaint(), score.equal_files), (None, 1));
    }

    #[test]
    fn a_list_that_excuses_too_much_is_a_complaint() {
        let (mut right, mut score) = (Right::parse(LISTED).unwrap(), score("out_of_order"));
        // One of 400 values is 0.25 %.
        let theirs: Vec<u64> = (100..500).collect();
        let ours: Vec<u64> = [7].into_iter().chain(100..500).collect();
        score.add("a.pcap", frames(&ours, &theirs), &mut right);
        assert!(score.complaint().unwrap().contains("listed"));
    }

    #[test]
    fn numbers_must_be_equal() {
        let (mut right, mut score) = (Right::default(), score("packets"));
        score.add("a.pcap", compare(&Values::Count(1_000_000), &Values::Count(1_000_001), 0), &mut right);
        assert!(score.complaint().is_some());
    }
}
