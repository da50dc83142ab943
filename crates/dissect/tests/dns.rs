//! Any bytes read as DNS or as a report of groups end, within what RFC 1035 allows.

use netsonde_dissect::dns::{Message, Name};
use netsonde_dissect::{Icmp, Igmp, Membership};
use proptest::prelude::*;

/// Bytes that are more often a message than noise is: small counts, labels and pointers.
fn message() -> impl Strategy<Value = Vec<u8>> {
    let small = prop_oneof![Just(0_u8), Just(1), Just(2), Just(3), Just(0xc0), Just(12), any::<u8>()];
    prop::collection::vec(small, 0..400)
}

fn check_name(name: &Name<'_>) -> Result<(), TestCaseError> {
    let len = name.labels().flatten().map(|label| label.len() + 1).sum::<usize>() + 1;
    prop_assert!(len <= 255);
    let text = name.to_string();
    prop_assert!(text.chars().all(|letter| letter.is_ascii_graphic() || letter == '…'));
    prop_assert_eq!(name.is_whole(), !text.ends_with('…'));
    prop_assert_eq!(name.is_whole(), name.is(name));
    Ok(())
}

fn members(membership: Option<Membership<'_>>) -> usize {
    match membership {
        Some(Membership::Report(changes)) => changes.count(),
        Some(Membership::Query) | None => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn any_bytes_are_a_message_that_ends(bytes in message()) {
        let Ok(message) = Message::parse(&bytes) else {
            prop_assert!(bytes.len() < 4);
            return Ok(());
        };
        let _ = (message.rcode(), message.asks_plainly());
        let questions: Vec<_> = message.questions().collect();
        let records: Vec<_> = message.records().collect();
        // A question takes five bytes at least, a record eleven.
        prop_assert!(questions.len() <= bytes.len() / 5 + 1);
        prop_assert!(records.len() <= bytes.len() / 11 + 1);
        for question in questions.iter().flatten() {
            check_name(&question.name)?;
        }
        for record in records.iter().flatten() {
            check_name(&record.name)?;
            check_name(&record.name_in_content(0))?;
        }
        // Only the last one can be at fault.
        prop_assert!(records.iter().rev().skip(1).all(Result::is_ok));
    }

    #[test]
    fn any_bytes_are_a_report_that_ends(kind in any::<u8>(), rest in any::<[u8; 4]>(), body in message()) {
        let igmp = Igmp { kind, rest, body: &body };
        prop_assert!(members(igmp.membership()) <= (body.len() / 8).max(1));
        let icmp = Icmp { kind, code: 0, rest, body: &body };
        prop_assert!(members(icmp.membership()) <= (body.len() / 20).max(1));
    }
}
