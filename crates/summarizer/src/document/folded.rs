//! Findings that say the same of the same, told as one.

use netsonde_messages::{EvidenceItem, Fact, FactValue, Finding, Severity, Subject, Unit};

use super::severity;
use super::tables::{Cell, ROWS, Table, numbers, table, words};
use crate::see;

/// The most that are told in full: what fits beside the rest on a few pages.
const IN_FULL: usize = 6;
/// The most tails of titles that are named.
const NAMED: usize = 8;

/// What a document tells of findings.
pub(super) struct Told {
    /// Those told in full, the most severe first.
    pub(super) full: Vec<Finding>,
    /// The others, in a line each.
    pub(super) brief: Option<Table>,
}

/// Folds findings of one rule about the same host, about hosts that do the same, or with the same title,
/// where meaning and advice are the same too.
pub(super) fn of(findings: &[Finding], facts: &[Fact]) -> Told {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| is_alike(first, finding))) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    let full = groups.iter().take(IN_FULL).filter_map(|group| one(group, facts)).collect();
    let brief = groups.iter().skip(IN_FULL).take(ROWS).filter_map(|group| one(group, facts)).map(|finding| {
        let word = severity::of(finding.severity).word;
        vec![Cell::Text(finding.title), Cell::text(word), Cell::Text(finding.value)]
    });
    let left_out: usize = groups.iter().skip(IN_FULL + ROWS).map(Vec::len).sum();
    let rest = (left_out > 0).then(|| format!("{left_out} more, not more severe: the JSON lists them."));
    let columns = [words("Finding"), words("Severity"), numbers("Measured")];
    Told { full, brief: table("Also found", columns, brief.collect(), rest) }
}

fn is_alike(one: &Finding, other: &Finding) -> bool {
    let same_host = host(one).is_some() && host(one) == host(other);
    let both_hosts = matches!((&one.subject, &other.subject), (Subject::Host(_), Subject::Host(_)));
    let same_place = same_host || both_hosts || one.title == other.title;
    one.rule == other.rule && same_place && one.meaning == other.meaning && one.advice == other.advice
}

fn host(finding: &Finding) -> Option<std::net::IpAddr> {
    match finding.subject {
        Subject::Host(address) | Subject::Service { address, .. } => Some(address),
        _ => None,
    }
}

/// Makes one finding of a group: the worst stands for all, with the time and the evidence of all.
fn one(group: &[&Finding], facts: &[Fact]) -> Option<Finding> {
    let worse = |one: &&&Finding, other: &&&Finding| {
        let (one, other) = (badness(one, facts), badness(other, facts));
        one.0.cmp(&other.0).then(one.1.total_cmp(&other.1))
    };
    // Of equals the last would be taken, and the first is the better known.
    let worst = group.iter().rev().max_by(worse)?;
    let mut told = Finding::clone(worst);
    if group.len() > 1 {
        told.title = title(group, &worst.title);
        let is_same = group.iter().all(|finding| finding.value == worst.value);
        told.value = format!("{} {}", worst.value, if is_same { "each" } else { "at worst" });
        told.first_ms = group.iter().filter_map(|finding| finding.first_ms).min_by(f64::total_cmp);
        told.last_ms = group.iter().filter_map(|finding| finding.last_ms).max_by(f64::total_cmp);
        told.holds = group.iter().any(|finding| finding.holds);
        told.see = see::findings();
    }
    let mut evidence: Vec<EvidenceItem> = Vec::new();
    for item in group.iter().flat_map(|finding| &finding.evidence) {
        let text = capitalised(&item.text);
        // The same said of ten ports is said once; what one finding repeats is its own affair.
        if group.len() == 1 || evidence.iter().all(|told| told.text != text) {
            evidence.push(EvidenceItem { text, ..item.clone() });
        }
    }
    told.evidence = evidence;
    Some(told)
}

/// How bad a finding is: its severity, then its number, of which more is worse except for a score.
fn badness(finding: &Finding, facts: &[Fact]) -> (Severity, f64) {
    let fact = finding.facts.first().and_then(|id| facts.iter().find(|fact| fact.id == *id));
    let number = match fact.map(|fact| &fact.value) {
        Some(FactValue::Number { value, unit: Unit::Mos }) => -value,
        Some(FactValue::Number { value, .. }) => *value,
        _ => 0.0,
    };
    (finding.severity, number)
}

/// Names what the titles begin with in common and how each goes on: `refuses connections to port 80, 443 and 993`.
fn title(group: &[&Finding], worst: &str) -> String {
    let split = |finding: &&Finding| -> Vec<String> { finding.title.split(' ').map(Into::into).collect() };
    let titles: Vec<_> = group.iter().map(split).collect();
    let common = (0..).take_while(|place| {
        let first = titles.first().and_then(|title| title.get(*place));
        first.is_some() && titles.iter().all(|title| title.get(*place) == first)
    });
    let common = common.count();
    let mut tails: Vec<_> =
        titles.iter().map(|title| title.get(common..).unwrap_or_default().join(" ")).collect();
    let head = titles.first().and_then(|title| title.get(..common)).unwrap_or_default().join(" ");
    if head.is_empty() || tails.iter().any(String::is_empty) {
        return format!("{worst} ({} findings)", group.len());
    }
    let unnamed = tails.len().saturating_sub(NAMED);
    tails.truncate(NAMED);
    let last = if unnamed > 0 { Some(format!("{unnamed} more")) } else { tails.pop() };
    format!("{head} {} and {}", tails.join(", "), last.unwrap_or_default())
}

/// Begins with a capital, unless it begins with a name or a number.
fn capitalised(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        Some(letter) if first.chars().all(|letter| letter.is_ascii_lowercase()) => {
            format!("{}{}", letter.to_ascii_uppercase(), letters.as_str())
        }
        _ => text.to_owned(),
    }
}
