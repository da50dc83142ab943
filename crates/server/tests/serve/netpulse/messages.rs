//! What the client says, and what is said back.

use futures_util::SinkExt as _;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message as Frame};

use super::client::Client;
use super::traffic;
use crate::support::Running;

fn with_demo() -> Running {
    Running::with_both(|_| {}, |monitor| monitor.demo = Some(traffic::nine)).unwrap()
}

/// As the page does it: both questions at once, before anything is heard.
/// Fault 49 of the design's public implementation: an interface was its place in a list that changes.
#[tokio::test]
async fn what_a_page_asks_on_opening_is_answered_after_its_first_state() {
    let server = with_demo();
    let mut client = Client::connect(&server).await;
    client.command("get_interfaces").await;
    client.command("get_status").await;
    let first = client.next().await;
    assert_eq!(first["type"], "initial_state");
    let mut answers = [client.next().await, client.next().await];
    answers.sort_by_key(|answer| answer["type"].to_string());
    let [interfaces, status] = answers;
    assert_eq!(
        (&interfaces["type"], &status["type"]),
        (&json!("interfaces_response"), &json!("status_response"))
    );
    assert_eq!(interfaces["interfaces"], first["interfaces"]);
    let entries = interfaces["interfaces"].as_array().unwrap();
    let lo = entries.iter().find(|entry| entry["id"] == "lo").unwrap();
    assert_eq!(lo["full_path"], "lo");
    // The client starts nothing that does not speak of Wi-Fi.
    assert!(entries.iter().all(|entry| entry["name"].as_str().unwrap().contains("Wi-Fi")), "{entries:?}");
    let demo = json!({"id": "demo", "name": "Demo traffic (Wi-Fi not required)", "full_path": "demo"});
    assert_eq!(entries.last(), Some(&demo));
    assert_eq!(status["metrics"]["status"], "stopped");
}

/// Fault 39: a start that did not fit was answered as an unknown command, and the page waited for ever.
/// Fault 55: what a page sent as an interface reached the capture tool.
#[tokio::test]
async fn a_start_that_does_not_fit_is_answered_with_the_reason() {
    let server = with_demo();
    let (mut client, _) = Client::begin(&server).await;
    for name in ["no-such-link", "TCP@127.0.0.1:9", "rpcap://127.0.0.1/lo", "/tmp/pipe", "-", "1"] {
        let refused = client.start(name).await;
        assert_refused(&refused, &format!("no interface is called {name:?}"));
    }
    client.say(r#"{"command":"start_capture","interface":2}"#).await;
    assert_refused(&client.answer_to("start_capture").await, r#"no interface is called "2""#);
    for nothing in ["", r#","interface":null"#, r#","interface":"""#, r#","interface":["lo"]"#] {
        client.say(&format!(r#"{{"command":"start_capture"{nothing}}}"#)).await;
        assert_refused(&client.answer_to("start_capture").await, "a start needs the id of an interface");
    }
    let started = client.start("demo").await;
    assert_eq!(
        started,
        json!({"type": "command_response", "command": "start_capture", "success": true,
               "message": "Capture started on demo"})
    );
    for name in ["demo", "lo", "no-such-link"] {
        assert_refused(&client.start(name).await, "capture already running on demo");
    }
}

#[track_caller]
fn assert_refused(answer: &Value, begin: &str) {
    assert_eq!(answer["success"], false, "{answer}");
    assert!(answer["message"].as_str().unwrap().starts_with(begin), "{answer}");
}

/// Without a demo its id names nothing.
#[tokio::test]
async fn a_program_without_a_demo_offers_none() {
    let server = Running::start();
    let (mut client, first) = Client::begin(&server).await;
    assert!(first["interfaces"].as_array().unwrap().iter().all(|entry| entry["id"] != "demo"));
    assert_refused(&client.start("demo").await, r#"no interface is called "demo""#);
}

/// Fault 73: a stop was a success even with nothing to stop.
#[tokio::test]
async fn a_stop_with_nothing_running_is_refused_twice_and_shows_no_report() {
    let server = with_demo();
    let (mut client, _) = Client::begin(&server).await;
    client.say(r#"{"command":"stop_capture","duration":12}"#).await;
    for command in ["stop_capture_ack", "stop_capture"] {
        let answer = client.next().await;
        let expected = json!({"type": "command_response", "command": command, "success": false,
                              "message": "no capture is running"});
        assert_eq!(answer, expected);
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_answered_and_the_connection_stays() {
    let server = with_demo();
    let (mut client, _) = Client::begin(&server).await;
    let deep = "[".repeat(60_000);
    for message in [
        "",
        "hello",
        &deep,
        "7",
        "null",
        "[]",
        "{}",
        r#"{"command":7}"#,
        r#"{"command":["get_status"]}"#,
        r#"{"command":"launch"}"#,
        r#"{"command":"GET_STATUS"}"#,
    ] {
        client.say(message).await;
        let answer = client.next().await;
        assert_eq!(answer["type"], "error", "{message}: {answer}");
        assert!(
            answer["message"].as_str().is_some_and(|sentence| sentence.len() > 20),
            "{message}: {answer}"
        );
    }
    client.socket.send(Frame::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(client.next().await, json!({"type": "error", "message": "a message is text, in JSON"}));
    client.command("get_status").await;
    assert_eq!(client.next().await["type"], "status_response");
    // One byte more than is read.
    client.say(&" ".repeat((64 << 10) + 1)).await;
    assert_eq!(client.closed().await.unwrap().code, CloseCode::Size);
}

#[tokio::test]
async fn a_page_that_floods_before_its_first_state_is_told_to_wait() {
    let server = with_demo();
    let mut client = Client::connect(&server).await;
    for _ in 0..100 {
        client.command("get_status").await;
    }
    let mut answers = [0, 0, 0];
    for _ in 0..101 {
        let answer = client.next().await;
        let place =
            ["initial_state", "status_response", "error"].iter().position(|kind| answer["type"] == **kind);
        answers[place.unwrap()] += 1;
    }
    // Eight may wait; how many come before the interfaces are listed is a matter of time.
    assert_eq!((answers[0], answers[1] + answers[2]), (1, 100));
    assert!(answers[1] >= 8, "{answers:?}");
}

/// Fault 54: any page could read every packet and start captures.
#[tokio::test]
async fn a_page_from_elsewhere_is_refused() {
    let server = with_demo();
    for origin in ["http://evil.example", "null", "http://localhost.evil.example:5173"] {
        let mut request = format!("ws://{}/", server.address).into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        let Error::Http(refused) = connect_async(request).await.unwrap_err() else { panic!("{origin}") };
        assert_eq!(refused.status(), 403, "{origin}");
    }
}

/// Whoever can reach the page from elsewhere reaches NetPulse's protocol from nowhere: it asks for no token.
#[tokio::test]
async fn off_this_machine_the_protocol_is_refused_even_with_the_token() {
    let server = Running::with(|settings| {
        settings.listen = "0.0.0.0:0".parse().unwrap();
        settings.token = Some("the-token".into());
    })
    .unwrap();
    let mut request = format!("ws://127.0.0.1:{}/", server.address.port()).into_client_request().unwrap();
    request.headers_mut().insert("authorization", "Bearer the-token".parse().unwrap());
    let Error::Http(refused) = connect_async(request).await.unwrap_err() else { panic!("let in") };
    let sentence = String::from_utf8_lossy(refused.body().as_deref().unwrap_or_default()).into_owned();
    assert_eq!(refused.status(), 403);
    assert!(sentence.contains("spoken on this machine only"), "{sentence}");
}

/// What asks for another version of HTTP, or for nothing, gets the page.
#[tokio::test]
async fn the_root_without_a_websocket_is_the_dashboard() {
    let server = Running::start();
    for more in ["", "\r\nUpgrade: h2c"] {
        let answer = server.http(&format!("GET / HTTP/1.1\r\nHost: HOST{more}"), b"").await;
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("content-type: text/"), "{answer}");
    }
}

#[tokio::test]
async fn at_the_end_of_the_program_clients_are_told_goodbye() {
    let mut server = with_demo();
    let (mut client, _) = Client::begin(&server).await;
    client.start("demo").await;
    server.stop.take().unwrap().send(()).unwrap();
    let farewell = client.closed().await.unwrap();
    assert_eq!((farewell.code, farewell.reason.as_str()), (CloseCode::Away, "netsonde is shutting down"));
    server.ended.await.unwrap().unwrap();
}
