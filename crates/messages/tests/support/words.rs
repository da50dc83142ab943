//! Findings, summaries and a report with every kind of part.

use netsonde_messages::{
    Assistant, AssistantState, Author, Change, EvidenceItem, Fact, FactValue, Finding, FindingRule, Findings,
    KeyMetric, Piece, Relation, ReportPart, Sentence, SessionReport, Severity, Span, Subject, Summaries,
    Summary, Unit, rfc3339,
};

use super::{LOCAL, REMOTE};

fn span() -> Span {
    Span { from_ms: Some(1_000.0), to_ms: Some(61_000.0) }
}

fn fact(id: u32, subject: Subject, value: FactValue, text: &str) -> Fact {
    Fact {
        id,
        label: "TCP loss".into(),
        subject,
        value,
        text: text.into(),
        span: span(),
        method: "segments sent again in data segments".into(),
        see: "/protocols?tab=TCP".into(),
    }
}

/// A fact of every kind, about every kind of thing.
fn facts() -> Vec<Fact> {
    let number = |value, unit| FactValue::Number { value, unit };
    let compared = FactValue::Comparison { of: 1, with: 2, relation: Relation::Rose };
    let service = Subject::Service { address: REMOTE, port: Some(443) };
    vec![
        fact(1, Subject::Session, number(5.25, Unit::Percent), "5.3 %"),
        fact(2, Subject::Protocol("TCP".into()), number(1.5, Unit::Percent), "1.5 %"),
        fact(3, Subject::Host(REMOTE), compared, "3.5 times as much"),
        fact(4, Subject::App("Netflix".into()), FactValue::Text("Netflix".into()), "Netflix"),
        fact(5, Subject::Pair(LOCAL, REMOTE), number(6.0, Unit::Count), "6"),
        fact(6, service, number(7.0, Unit::Milliseconds), "7.00 ms"),
        fact(7, Subject::Flow(8), number(9.0, Unit::Bytes), "9 B"),
        fact(8, Subject::Stream(10), number(3.5, Unit::Mos), "3.5"),
        fact(9, Subject::Call(11), number(12.0, Unit::Seconds), "12 s"),
    ]
}

fn sentence(author: Author) -> Sentence {
    let words = |text: &str| Piece { text: text.into(), fact: None };
    let pieces = vec![words("TCP lost "), Piece { text: "5.3 %".into(), fact: Some(1) }, words(".")];
    Sentence { pieces, author }
}

fn finding() -> Finding {
    Finding {
        id: 13,
        rule: FindingRule::Retransmissions,
        severity: Severity::Warning,
        title: "Many segments are sent again".into(),
        subject: Subject::Session,
        value: "5.3 %".into(),
        limit: Some("2 %".into()),
        meaning: "Downloads are slow.".into(),
        advice: "Look at the way.".into(),
        evidence: vec![EvidenceItem {
            text: "21 of 40".into(),
            flow: Some(14),
            packet: Some(15),
            see: "/flows?sel=14".into(),
        }],
        facts: vec![1],
        first_ms: Some(16.0),
        last_ms: None,
        holds: true,
        see: "/protocols?tab=TCP".into(),
    }
}

/// What was found out.
pub(crate) fn findings() -> Findings {
    let change = Change {
        at_ms: Some(17.0),
        subject: Subject::Host(REMOTE),
        sentence: sentence(Author::Rules),
        see: "/flows?text=203.0.113.7".into(),
    };
    Findings {
        session: 2,
        findings: vec![finding()],
        findings_omitted: 18,
        changes: vec![change],
        facts: facts(),
    }
}

/// What was said.
pub(crate) fn summaries() -> Summaries {
    let periodic = Summary {
        id: 19,
        at: rfc3339(1_000_000_000_000_000_000),
        duration_s: 60,
        span: span(),
        severity: Severity::Warning,
        text: "TCP lost 5.3 %.".into(),
        sentences: vec![sentence(Author::Model("model".into()))],
        facts: facts(),
        author: Author::Model("model".into()),
        notice: None,
    };
    let report = SessionReport {
        summary: "TCP lost 5.3 %.".into(),
        sentences: vec![sentence(Author::Rules)],
        severity: Severity::Critical,
        breakdown: vec![ReportPart {
            name: "TCP".into(),
            key_metrics: vec![KeyMetric { key: "Packets".into(), value: "31".into() }],
            observations: "1 connection.".into(),
        }],
        findings: vec![finding()],
        facts: facts(),
        author: Author::Rules,
        notice: Some("The model did not answer within 20 s.".into()),
    };
    let assistant = Assistant {
        state: AssistantState::Waiting,
        provider: Some("Gemini".into()),
        model: Some("gemini".into()),
        host: Some("example.org".into()),
        redacted: true,
        calls_left: Some(20),
        problem: None,
    };
    Summaries { session: 2, periodic: vec![periodic], report: Some(Box::new(report)), assistant }
}
