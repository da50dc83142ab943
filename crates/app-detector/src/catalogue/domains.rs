//! Whose a host name is.

use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::{AppId, Match};

/// The longest name in text, without the root's dot (RFC 1035 section 2.3.4: 255 octets on the wire).
const MAX_NAME: usize = 253;

/// The longest label (RFC 1035 section 2.3.4).
const MAX_LABEL: usize = 63;

/// The longest part of a name that is looked at: a rule and the dot before it.
const MAX_TAIL: usize = MAX_NAME + 1;

/// A domain and whose it is; nobody's, where it is an exception.
#[derive(Debug)]
struct Rule {
    domain: Box<str>,
    app: Option<AppId>,
}

/// The rules by domain.
///
/// The hash has a fixed seed: strangers choose what is looked up, never what is in the table.
#[derive(Debug, Default)]
pub(super) struct Domains {
    rules: HashTable<Rule>,
    /// The length of the longest rule, at most [`MAX_NAME`].
    longest: usize,
    /// The most labels a rule has.
    most_labels: usize,
}

impl Domains {
    /// Enters a rule, for which [`is_domain`] holds; false if its domain is listed.
    pub(super) fn add(&mut self, domain: &str, app: Option<AppId>) -> bool {
        if self.rule(domain.as_bytes()).is_some() {
            return false;
        }
        self.longest = self.longest.max(domain.len());
        self.most_labels = self.most_labels.max(domain.split('.').count());
        let rule = Rule { domain: domain.into(), app };
        self.rules.insert_unique(hash(domain.as_bytes()), rule, |rule| hash(rule.domain.as_bytes()));
        true
    }

    /// Finds the longest rule that `host` equals or lies below.
    ///
    /// Only as much of the name is read as the longest rule has, and only as many labels: however long the name
    /// is, the work is the same.
    pub(super) fn find(&self, host: &[u8]) -> Option<Match<'_>> {
        let host = host.strip_suffix(b".").unwrap_or(host);
        let mut lower = [0; MAX_TAIL];
        let len = host.len().min(self.longest.saturating_add(1));
        let (cut, tail) = host.split_at_checked(host.len().saturating_sub(len))?;
        let lower = lower.get_mut(..len)?;
        lower.copy_from_slice(tail);
        lower.make_ascii_lowercase();

        let mut longest = None;
        let mut before = &*lower;
        for _ in 0..self.most_labels {
            let dot = before.iter().rposition(|&byte| byte == b'.');
            // Without a dot the label begins where the name does, or is cut and belongs to no rule.
            if dot.is_none() && !cut.is_empty() {
                break;
            }
            let start = dot.map_or(0, |dot| dot.saturating_add(1));
            longest = lower.get(start..).and_then(|suffix| self.rule(suffix)).or(longest);
            let Some(dot) = dot else { break };
            before = before.get(..dot)?;
        }
        let rule = longest?;
        Some(Match { app: rule.app?, rule: &rule.domain })
    }

    fn rule(&self, domain: &[u8]) -> Option<&Rule> {
        self.rules.find(hash(domain), |rule| rule.domain.as_bytes() == domain)
    }
}

/// Tells whether `text` can be a rule: labels of lower-case letters, digits, `-` and `_`, the last one no number.
pub(super) fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=MAX_LABEL).contains(&label.len())
            && label.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    text.len() <= MAX_NAME && text.split('.').all(is_label) && !last.bytes().all(|byte| byte.is_ascii_digit())
}

/// Tells whether `name` lies below `domain`.
pub(super) fn is_below(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|before| before.ends_with('.'))
}

fn hash(domain: &[u8]) -> u64 {
    FixedState::default().hash_one(domain)
}
