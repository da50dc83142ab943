use netsonde_flow::{SipKind, SipMessage};

use super::*;

fn message(call: &str, seconds: u64, method: SipMethod) -> SipMessage {
    SipMessage {
        source: ("192.0.2.1".parse().unwrap(), 5060),
        destination: ("192.0.2.2".parse().unwrap(), 5060),
        at: Timestamp::from_parts(1_700_000_000 + seconds, 0),
        call: call.into(),
        kind: SipKind::Request,
        sequence: 1,
        method,
        in_dialogue: false,
        from: "sip:a".into(),
        to: "sip:b".into(),
        media: Vec::new(),
    }
}

fn told(calls: &Calls, which: Which) -> (Vec<u64>, u64) {
    let now = message("", 1, SipMethod::Invite).at;
    let (calls, omitted) = calls.told(which, std::iter::empty(), &HashMap::default(), |_| None, now);
    (calls.iter().map(|call| call.id).collect(), omitted)
}

#[test]
fn newest_or_first_calls_are_told_and_the_others_counted() {
    let mut calls = Calls::default();
    for name in ["a", "b", "c", "a"] {
        calls.take(&message(name, 0, SipMethod::Invite));
    }
    calls.take(&message("d", 0, SipMethod::Register));
    assert_eq!(told(&calls, Which::Newest(2)), (vec![2, 1], 1));
    assert_eq!(told(&calls, Which::First(2)), (vec![0, 1], 1));
}

#[test]
fn who_is_not_named_is_known_by_address_alone() {
    let mut calls = Calls::default();
    calls.take(&SipMessage { from: "".into(), ..message("a", 0, SipMethod::Invite) });
    let now = message("", 1, SipMethod::Invite).at;
    let (calls, _) = calls.told(Which::First(1), std::iter::empty(), &HashMap::default(), |_| None, now);
    assert_eq!((calls[0].from.as_deref(), calls[0].to.as_deref()), (None, Some("sip:b")));
    assert_eq!(calls[0].caller.to_string(), "192.0.2.1");
}

#[test]
fn oldest_call_that_is_over_gives_way() {
    let mut calls = Calls::default();
    calls.take(&message("talks", 0, SipMethod::Invite));
    calls.take(&message("over", 0, SipMethod::Invite));
    calls.take(&message("over", 0, SipMethod::Bye));
    for number in 2..=CALLS {
        calls.take(&message(&format!("{number}"), 0, SipMethod::Invite));
    }
    assert_eq!(told(&calls, Which::First(2)), (vec![0, 2], CALLS as u64 - 1));
    // None is over: the oldest one goes.
    calls.take(&message("more", 0, SipMethod::Invite));
    assert_eq!(told(&calls, Which::First(1)), (vec![2], CALLS as u64 + 1));
    assert_eq!((calls.dialogues.len(), calls.numbers.len()), (CALLS, CALLS));
}
