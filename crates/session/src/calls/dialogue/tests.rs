use netsonde_flow::SipMethod::{Ack, Bye, Cancel, Invite};

use super::*;

/// A message `millis` after the first one: from caller to callee, or an answer back.
fn message(millis: u64, method: SipMethod, sequence: u32, code: Option<u16>) -> SipMessage {
    let (phone, proxy) = (("192.0.2.1".parse().unwrap(), 5060), ("198.51.100.1".parse().unwrap(), 5060));
    let (source, destination) = if code.is_none() { (phone, proxy) } else { (proxy, phone) };
    let reason = Arc::from(match code {
        Some(486) => "Busy Here",
        Some(401) => "Unauthorized",
        Some(487) => "Request Terminated",
        _ => "",
    });
    SipMessage {
        source,
        destination,
        at: Timestamp::from_parts(1_700_000_000, 0).plus_nanos(millis * 1_000_000),
        call: "one".into(),
        kind: code.map_or(SipKind::Request, |code| SipKind::Response { code, reason }),
        sequence,
        method,
        in_dialogue: matches!(method, Ack | Bye),
        from: "sip:a".into(),
        to: "sip:b".into(),
        media: Vec::new(),
    }
}

const fn ask(millis: u64, method: SipMethod, sequence: u32) -> (u64, SipMethod, u32, Option<u16>) {
    (millis, method, sequence, None)
}

const fn answer(millis: u64, code: u16, sequence: u32) -> (u64, SipMethod, u32, Option<u16>) {
    (millis, Invite, sequence, Some(code))
}

type Said = (u64, SipMethod, u32, Option<u16>);

/// What is known `seconds` after the first message, said in order, backwards, and twice: each the same.
fn known(said: &[Said], seconds: u64) -> (CallState, Option<String>, Option<f64>, Option<f64>) {
    let now = Timestamp::from_parts(1_700_000_000 + seconds, 0);
    let messages: Vec<_> = said
        .iter()
        .map(|&(millis, method, sequence, code)| message(millis, method, sequence, code))
        .collect();
    let orders = [
        messages.clone(),
        messages.iter().rev().cloned().collect(),
        messages.iter().chain(&messages).cloned().collect(),
    ];
    let mut all = orders.map(|order| {
        let mut dialogue = Dialogue::begin(&order[0]);
        order.iter().skip(1).for_each(|message| dialogue.take(message));
        (dialogue.state(now), dialogue.result(now), dialogue.post_dial_delay_ms(), dialogue.duration_s(now))
    });
    assert_eq!(all[0], all[1], "backwards");
    assert_eq!(all[0], all[2], "twice");
    std::mem::replace(&mut all[0], (CallState::Calling, None, None, None))
}

#[test]
fn call_goes_from_calling_over_ringing_and_talking_to_its_end() {
    let said = [
        ask(0, Invite, 1),
        answer(50, 100, 1),
        answer(300, 180, 1),
        answer(4_000, 200, 1),
        ask(4_100, Ack, 1),
        ask(10_000, Bye, 2),
    ];
    assert_eq!(known(&said[..2], 1), (CallState::Calling, None, None, None));
    assert_eq!(known(&said[..3], 1), (CallState::Ringing, None, Some(300.0), None));
    // Answered 4 s after the request: 2 s later it has lasted for 2 s.
    assert_eq!(known(&said[..5], 6), (CallState::Talking, None, Some(300.0), Some(2.0)));
    assert_eq!(known(&said, 60), (CallState::Ended, None, Some(300.0), Some(6.0)));
}

#[test]
fn challenge_is_no_failure_where_a_request_follows_or_still_may() {
    let said =
        [ask(0, Invite, 1), answer(50, 401, 1), ask(60, Ack, 1), ask(100, Invite, 2), answer(400, 183, 2)];
    assert_eq!(known(&said[..3], 1).0, CallState::Calling);
    assert_eq!(known(&said[..4], 1).0, CallState::Calling);
    // From the request on that has all that is needed.
    assert_eq!(known(&said, 1), (CallState::Ringing, None, Some(300.0), None));
    assert_eq!(known(&said[..3], 40), (CallState::Failed, Some("401 Unauthorized".into()), None, None));
}

#[test]
fn refusal_is_told_in_its_words() {
    let said = [ask(0, Invite, 1), answer(300, 180, 1), answer(900, 486, 1), ask(910, Ack, 1)];
    assert_eq!(known(&said, 2), (CallState::Failed, Some("486 Busy Here".into()), Some(300.0), None));
    assert_eq!(known(&[ask(0, Invite, 1), answer(5, 503, 1)], 2).1, Some("503".into()));
}

#[test]
fn call_given_up_before_the_answer_is_cancelled_and_not_failed() {
    let said =
        [ask(0, Invite, 1), answer(300, 180, 1), ask(900, Cancel, 1), answer(950, 487, 1), ask(960, Ack, 1)];
    let expected = (CallState::Cancelled, Some("487 Request Terminated".into()), Some(300.0), None);
    assert_eq!(known(&said, 2), expected);
    assert_eq!(known(&said[..3], 2).0, CallState::Cancelled);
    // Whatever is said to whoever has given up (Wireshark's sample of SIP has this).
    let late = [ask(0, Invite, 1), ask(900, Cancel, 1), answer(950, 408, 1)];
    assert_eq!(known(&late, 2), (CallState::Cancelled, Some("408".into()), None, None));
    // A proxy that waited too long gives up on its own, and says so.
    let mut dialogue = Dialogue::begin(&message(0, Invite, 1, None));
    let proxys =
        SipMessage { source: message(0, Invite, 1, Some(100)).source, ..message(900, Cancel, 1, None) };
    dialogue.take(&proxys);
    dialogue.take(&message(950, Invite, 1, Some(480)));
    assert_eq!(dialogue.state(proxys.at), CallState::Failed);
    // Whoever answers first wins; the other telephones are told to stop.
    let forked = [ask(0, Invite, 1), answer(400, 200, 1), ask(410, Cancel, 1), answer(420, 487, 1)];
    assert_eq!(known(&forked, 2).0, CallState::Talking);
}

#[test]
fn request_that_nobody_answers_fails_in_time() {
    assert_eq!(known(&[ask(0, Invite, 1)], 32).0, CallState::Calling);
    assert_eq!(known(&[ask(0, Invite, 1)], 33), (CallState::Failed, None, None, None));
    let rings = [ask(0, Invite, 1), answer(1_000, 180, 1)];
    assert_eq!(known(&rings, 181).0, CallState::Ringing);
    assert_eq!(known(&rings, 182).0, CallState::Failed);
}

#[test]
fn confirmation_shows_that_an_answer_was_there() {
    assert_eq!(
        known(&[ask(0, Invite, 1), ask(2_000, Ack, 1)], 5),
        (CallState::Talking, None, None, Some(3.0))
    );
    // That of a refusal does not.
    let refused = [ask(0, Invite, 1), answer(5, 486, 1), ask(10, Ack, 1)];
    assert_eq!(known(&refused, 5).0, CallState::Failed);
}

#[test]
fn call_changed_on_its_way_was_going_on_before() {
    let mut change = message(0, Invite, 7, None);
    change.in_dialogue = true;
    let mut dialogue = Dialogue::begin(&change);
    let now = message(500, Ack, 7, None).at;
    assert_eq!(dialogue.state(now), CallState::Talking);
    dialogue.take(&message(10, Invite, 7, Some(200)));
    assert_eq!((dialogue.state(now), dialogue.post_dial_delay_ms()), (CallState::Talking, None));
}
