//! What is wrong or worth knowing, at the top of the report.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use netsonde_messages::{Finding, Severity};

use super::printable;

/// The most findings of one rule that have a line: what a hundred hosts do alike is one thing to know.
const OF_A_RULE: usize = 3;

/// Returns a line for each finding, the gravest first, of equals those that held at the end, of each rule a few; one line
/// where there is none.
pub(super) fn lines(findings: &[Finding]) -> Vec<String> {
    if findings.is_empty() {
        return vec!["nothing wrong was found".into()];
    }
    let mut findings: Vec<_> = findings.iter().collect();
    findings.sort_by_key(|finding| (Reverse(finding.severity), !finding.holds));
    let mut shown = BTreeMap::<_, usize>::new();
    let all = findings.len();
    findings.retain(|finding| {
        let of_rule = shown.entry(finding.rule).or_default();
        *of_rule += 1;
        *of_rule <= OF_A_RULE
    });
    let left_out = all - findings.len();
    let more = (left_out > 0).then(|| format!("{left_out} more of the same kinds, which --json lists"));
    findings.into_iter().map(line).chain(more).collect()
}

fn line(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Critical => "critical",
    };
    let over = if finding.holds { "" } else { ", over" };
    let limit = finding.limit.as_ref().map_or_else(String::new, |limit| format!(" (limit {limit})"));
    let evidence = finding.evidence.first().map_or_else(String::new, |item| format!("; {}", item.text));
    let text = format!("{severity}{over}: {}: {}{limit}{evidence}", finding.title, finding.value);
    printable(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use netsonde_messages::{EvidenceItem, FindingRule, Subject};

    use super::*;

    #[test]
    fn a_finding_is_a_line_with_its_number_its_limit_and_its_best_evidence() {
        let text = "10.0.0.1 to a\nb port 443: 12 segments sent again".into();
        let evidence = EvidenceItem { text, flow: Some(3), packet: None, see: "/flows?sel=3".into() };
        let finding = Finding {
            id: 1,
            rule: FindingRule::Retransmissions,
            severity: Severity::Warning,
            title: "Many TCP segments are sent again".into(),
            subject: Subject::Protocol("TCP".into()),
            value: "2.4 %".into(),
            limit: Some("1.0 %".into()),
            meaning: String::new(),
            advice: String::new(),
            evidence: vec![evidence],
            facts: vec![1],
            first_ms: None,
            last_ms: None,
            holds: false,
            see: "/flows?sort=resent".into(),
        };
        // What strangers wrote cannot break a line.
        let line = "warning, over: Many TCP segments are sent again: 2.4 % (limit 1.0 %); 10.0.0.1 to a\\nb port 443: 12 \
                    segments sent again";
        assert_eq!(lines(std::slice::from_ref(&finding)), [line]);
        // What is worth knowing and holds stands below what was wrong and is over.
        let note = Finding { severity: Severity::Info, holds: true, ..finding.clone() };
        let said = lines(&[note, finding.clone()]);
        assert!(said[0].starts_with("warning, over: ") && said[1].starts_with("info: "), "{said:?}");
        assert_eq!(lines(&[]), ["nothing wrong was found"]);
        // Five of one rule: three of them, and how many there are besides.
        let said = lines(&vec![finding; OF_A_RULE + 2]);
        assert_eq!((said.len(), said[3].as_str()), (4, "2 more of the same kinds, which --json lists"));
    }
}
