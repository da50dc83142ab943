//! Questions over the wire, to providers that answer well, badly, or not at all.
#![expect(clippy::disallowed_methods, reason = "deadlines of a test are real ones")]

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::stage::{Act, PATIENCE, Stage};
use super::*;
use crate::assistant::Budget;
use crate::prompt::Kind;

const KEY: &str = "key-of-a-test";
const SAID: &str = r#"{"sentences":[]}"#;

fn endpoint(stage: &Stage, path: &str) -> Endpoint {
    Endpoint::parse(&format!("http://{}{path}", stage.address), false).unwrap()
}

fn question() -> Question {
    let schema = json!({ "type": "object", "additionalProperties": false });
    Question { instructions: "Be brief.".into(), material: "facts".into(), schema }
}

fn openai(stage: &Stage) -> OpenAi {
    OpenAi::new(&endpoint(stage, "/v1"), "small", Some(Key::new(KEY).unwrap()))
}

fn completion() -> Act {
    Stage::json(&json!({ "choices": [{ "message": { "content": SAID }, "finish_reason": "stop" }] }))
}

/// Asks with so much time, and as many calls.
fn ask_within(
    stage: &Stage,
    provider: &dyn Provider,
    limit: Duration,
    calls: u32,
) -> Result<String, ProviderError> {
    let budget = Arc::new(Mutex::new(Budget::new(calls)));
    let network = Network::new(&endpoint(stage, ""), budget, Instant::now);
    let (line, _handset) = network.line(Kind::Final, limit);
    ask(provider, &question(), &line)
}

fn ask_patiently(stage: &Stage, provider: &dyn Provider) -> Result<String, ProviderError> {
    ask_within(stage, provider, PATIENCE, 30)
}

/// Returns head and body of a request.
fn parts(request: &str) -> (&str, Value) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    (head, serde_json::from_str(body).unwrap())
}

#[test]
fn gemini_is_asked_in_its_words_with_the_key_in_a_header() {
    let answer = json!({ "candidates": [{ "content": { "parts": [{ "text": SAID }] } }] });
    let stage = Stage::play(vec![Stage::json(&answer)]);
    let gemini = Gemini::new(&endpoint(&stage, ""), "flash", Some(Key::new(KEY).unwrap()));
    assert_eq!(ask_patiently(&stage, &gemini), Ok(SAID.into()));
    let request = stage.request();
    let (head, body) = parts(&request);
    assert!(head.starts_with("POST /v1beta/models/flash:generateContent HTTP/1.1\r\n"), "{head}");
    assert!(head.to_ascii_lowercase().contains(&format!("x-goog-api-key: {KEY}")), "{head}");
    assert_eq!(request.matches(KEY).count(), 1);
    assert_eq!(body.pointer("/systemInstruction/parts/0/text"), Some(&json!("Be brief.")));
    assert_eq!(body.pointer("/contents/0/parts/0/text"), Some(&json!("facts")));
    assert_eq!(body.pointer("/generationConfig/responseMimeType"), Some(&json!("application/json")));
    assert_eq!(body.pointer("/generationConfig/responseSchema"), Some(&json!({ "type": "OBJECT" })));
}

#[test]
fn others_are_asked_in_the_words_of_openai() {
    let stage = Stage::play(vec![completion()]);
    assert_eq!(ask_patiently(&stage, &openai(&stage)), Ok(SAID.into()));
    let request = stage.request();
    let (head, body) = parts(&request);
    assert!(head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{head}");
    assert!(head.to_ascii_lowercase().contains(&format!("authorization: bearer {KEY}")), "{head}");
    assert_eq!(body.get("model"), Some(&json!("small")));
    assert_eq!(body.pointer("/messages/0/content"), Some(&json!("Be brief.")));
    assert_eq!(body.pointer("/messages/1/content"), Some(&json!("facts")));
    assert_eq!(body.pointer("/response_format/json_schema/schema"), Some(&question().schema));
    assert_eq!(stage.others(), [""; 0]);
}

#[test]
fn a_server_that_refuses_the_schema_is_told_it_in_words_from_then_on() {
    let stage = Stage::play(vec![Act::Answer(400, "X: y", "no".into()), completion()]);
    let provider = openai(&stage);
    assert_eq!(ask_patiently(&stage, &provider), Ok(SAID.into()));
    assert_eq!(ask_patiently(&stage, &provider), Ok(SAID.into()));
    let formats = [stage.request(), stage.request(), stage.request()]
        .map(|request| parts(&request).1.pointer("/response_format/type").cloned());
    let [schema, object] = ["json_schema", "json_object"].map(|kind| Some(json!(kind)));
    assert_eq!(formats, [schema, object.clone(), object]);
}

#[test]
fn a_refusal_is_not_asked_again() {
    for (status, problem) in [
        (401, ProviderError::KeyRefused(401)),
        (403, ProviderError::KeyRefused(403)),
        (404, ProviderError::NotUnderstood(404)),
    ] {
        let stage = Stage::play(vec![Act::Answer(status, "X: y", format!("{{\"no\":\"{KEY}\"}}"))]);
        let refused = ask_patiently(&stage, &openai(&stage)).unwrap_err();
        assert_eq!(refused, problem);
        assert!(!refused.to_string().contains(KEY));
        stage.request();
        assert_eq!(stage.others(), [""; 0]);
    }
}

#[test]
fn a_failure_is_asked_again_twice() {
    let failure = || Act::Answer(500, "X: y", String::new());
    let stage = Stage::play(vec![failure(), Act::Close, completion()]);
    assert_eq!(ask_patiently(&stage, &openai(&stage)), Ok(SAID.into()));
    let stage = Stage::play(vec![failure()]);
    assert_eq!(ask_patiently(&stage, &openai(&stage)), Err(ProviderError::Failed(500)));
    assert_eq!(stage.others().len(), 3);
}

#[test]
fn whoever_is_busy_is_left_alone_as_long_as_it_says_if_there_is_time() {
    let busy = |field| Act::Answer(429, field, String::new());
    let stage = Stage::play(vec![busy("Retry-After: 1"), completion()]);
    let begun = Instant::now();
    assert_eq!(ask_patiently(&stage, &openai(&stage)), Ok(SAID.into()));
    assert!(begun.elapsed() >= Duration::from_secs(1));
    let stage = Stage::play(vec![busy("Retry-After: 3600")]);
    let hour = Some(Duration::from_hours(1));
    assert_eq!(ask_patiently(&stage, &openai(&stage)), Err(ProviderError::Busy(hour)));
    assert_eq!(stage.others().len(), 1);
}

#[test]
fn an_answer_that_does_not_come_or_does_not_end_takes_no_longer_than_it_may() {
    let limit = Duration::from_millis(300);
    for act in [Act::Hang, Act::Trickle] {
        let stage = Stage::play(vec![act.clone()]);
        let begun = Instant::now();
        let late = ask_within(&stage, &openai(&stage), limit, 30);
        assert_eq!(late, Err(ProviderError::Late(limit)), "{act:?}");
        assert!(begun.elapsed() < PATIENCE / 2, "{act:?}");
        stage.wait_for_end();
    }
    assert_eq!(ProviderError::Late(limit).to_string(), "The model did not answer within 0.3 s.");
}

#[test]
fn what_is_no_answer_is_said_to_be_none() {
    for (act, problem) in [
        (Act::Endless, ProviderError::TooLong),
        (Act::Half, ProviderError::Lost),
        (Stage::json(&"<html>"), ProviderError::Strange),
        (Stage::json(&"{}"), ProviderError::Strange),
        (Act::Answer(307, "Location: http://127.0.0.1:1/", String::new()), ProviderError::SentElsewhere(307)),
        (Act::Answer(302, "Location: /elsewhere", String::new()), ProviderError::SentElsewhere(302)),
    ] {
        let stage = Stage::play(vec![act.clone()]);
        assert_eq!(ask_patiently(&stage, &openai(&stage)), Err(problem), "{act:?}");
        let requests = stage.others();
        assert!(requests.iter().all(|request| request.starts_with("POST /v1/chat/")), "{act:?}");
        assert_eq!(requests.len(), if problem.passes() { 3 } else { 1 }, "{act:?}");
    }
}

#[test]
fn nobody_there_is_said_at_once() {
    let stage = Stage::play(vec![completion()]);
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let elsewhere = Endpoint::parse(&format!("http://{free}"), false).unwrap();
    let problem = ask_patiently(&stage, &OpenAi::new(&elsewhere, "small", None)).unwrap_err();
    assert_eq!(problem.to_string(), "The provider cannot be reached: nobody listens at its address.");
}

#[test]
fn every_try_counts_against_the_calls_of_an_hour() {
    let stage = Stage::play(vec![Act::Answer(500, "X: y", String::new())]);
    let problem = ask_within(&stage, &openai(&stage), PATIENCE, 2);
    assert_eq!(problem, Err(ProviderError::NoCallsLeft { most: 2, kept: 0 }));
    assert_eq!(stage.others().len(), 2);
}

#[test]
fn who_is_not_waited_for_is_hung_up_on() {
    for act in [Act::Hang, Act::Answer(429, "Retry-After: 15", String::new())] {
        let stage = Stage::play(vec![act]);
        let budget = Arc::new(Mutex::new(Budget::new(30)));
        let network = Network::new(&endpoint(&stage, ""), budget, Instant::now);
        let (line, handset) = network.line(Kind::Final, PATIENCE);
        let provider = openai(&stage);
        let begun = Instant::now();
        let call = thread::spawn(move || ask(&provider, &question(), &line));
        stage.request();
        drop(handset);
        assert_eq!(call.join().unwrap(), Err(ProviderError::HungUp));
        assert!(begun.elapsed() < PATIENCE / 2);
        stage.wait_for_end();
    }
}
