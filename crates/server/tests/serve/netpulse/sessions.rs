//! The life of a session, as NetPulse's viewers are told it.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use netsonde_messages::stream::State;
use netsonde_messages::{KeyMetric, ReportPart, SessionReport, Summary};
use netsonde_session::{Origin, Start};
use serde_json::{Value, json};

use super::client::{Client, count, numbers};
use super::traffic;
use crate::support::{PATIENCE, Running, pcap, until};

/// A server with a demo, whose sessions wait for a report.
fn summarized() -> Running {
    with_report_patience(Duration::from_secs(30))
}

fn with_report_patience(patience: Duration) -> Running {
    Running::with_both(
        |settings| settings.patience.report = patience,
        |monitor| {
            monitor.demo = Some(traffic::nine);
            monitor.summarized = true;
        },
    )
    .unwrap()
}

fn with_demo(demo: netsonde_session::Demo) -> Running {
    Running::with_both(|_| {}, |monitor| monitor.demo = Some(demo)).unwrap()
}

/// Writes the report of the newest session, as the summarizer does.
fn conclude(server: &Running) {
    conclude_saying(server, "A quiet line.");
}

fn conclude_saying(server: &Running, summary: &str) {
    let metric = |key: &'static str, value: &str| KeyMetric { key: key.into(), value: value.into() };
    let report = SessionReport {
        summary: summary.into(),
        breakdown: vec![ReportPart {
            name: "DNS".into(),
            key_metrics: vec![metric("Queries", "1"), metric("Answers", "0")],
            observations: "Nobody answered.".into(),
        }],
        ..SessionReport::default()
    };
    server.monitor.conclude(server.monitor.status().session, report);
}

/// Waits until the newest session is over but for its report, and lets no task of the server run meanwhile.
fn await_end(server: &Running) {
    let (changed, changes) = mpsc::channel();
    server.monitor.subscribe(move || {
        let _ = changed.send(());
    });
    while !server.monitor.status().summarizing {
        changes.recv_timeout(PATIENCE).unwrap();
    }
}

/// Starts to read a capture of one packet.
fn read(server: &Running, name: &str) {
    let path = server.folder.path().join(name);
    std::fs::write(&path, pcap(1)).unwrap();
    let origin = Origin::File { path, name: name.into(), speed: None };
    let start = Start { origin, filter: None, duration: None, needs_viewers: false };
    server.monitor.start(&start).unwrap();
}

fn reported() -> Value {
    json!({
        "summary": "A quiet line.",
        "breakdown": [
            {"protocol": "DNS", "keyMetrics": "Queries: 1\nAnswers: 0", "observations": "Nobody answered."}
        ],
    })
}

/// Fault 64 of the design's public implementation: the report went only to the page that had pressed Stop.
/// Fault 72: a second stop was never answered.
#[tokio::test]
async fn a_stop_is_answered_at_once_and_the_report_goes_to_everybody_once() {
    let server = summarized();
    let (mut first, _) = Client::begin(&server).await;
    let (mut second, _) = Client::begin(&server).await;
    first.start("demo").await;
    second.until(|message| message["metrics"]["status"] == "running").await;
    for _ in 0..2 {
        first.say(r#"{"command":"stop_capture","duration":"soon"}"#).await;
        let acknowledged = first.answer_to("stop_capture_ack").await;
        assert_eq!(
            (&acknowledged["success"], &acknowledged["message"]),
            (&json!(true), &json!("Stopping the capture on demo"))
        );
    }
    until(|| server.monitor.status().summarizing).await;
    let refused = first.start("demo").await;
    assert_eq!(refused["success"], false);
    assert_eq!(refused["message"], "please wait, the previous session's summary is still being generated");
    conclude(&server);
    for client in [&mut first, &mut second] {
        let ended = client.answer_to("stop_capture").await;
        assert_eq!((&ended["success"], &ended["summary"]), (&json!(true), &reported()));
        assert_eq!(ended["message"], "The capture on demo has ended");
    }
    // Nothing comes twice: what follows is the answer to the next question.
    for client in [&mut first, &mut second] {
        client.command("get_status").await;
        assert_eq!(client.next().await["type"], "status_response");
    }
}

/// The client puts away the report that it shows when a stop is answered without one.
#[tokio::test]
async fn a_stop_of_what_is_over_is_refused_with_its_report() {
    let server = summarized();
    let (mut client, _) = Client::begin(&server).await;
    client.start("demo").await;
    client.command("stop_capture").await;
    until(|| server.monitor.status().summarizing).await;
    conclude(&server);
    client.answer_to("stop_capture").await;
    // Also for a page that was opened later.
    let (mut later, _) = Client::begin(&server).await;
    for page in [&mut client, &mut later] {
        page.command("stop_capture").await;
        let acknowledged = page.next().await;
        let refused = page.next().await;
        assert_eq!(acknowledged["command"], "stop_capture_ack");
        assert_eq!(refused["command"], "stop_capture");
        for answer in [&acknowledged, &refused] {
            assert_eq!(
                (&answer["success"], &answer["message"]),
                (&json!(false), &json!("no capture is running"))
            );
        }
        assert_eq!((&acknowledged["summary"], &refused["summary"]), (&Value::Null, &reported()));
    }
}

/// The server's tasks have one thread here, the test's own: between two awaits no viewer hears anything.
#[tokio::test]
async fn each_end_comes_with_its_report_though_the_next_sessions_have_begun_and_ended() {
    let server = summarized();
    let (mut client, _) = Client::begin(&server).await;
    let _endless = server.endless(3);
    client.until(|message| message["metrics"]["status"] == "running").await;
    server.monitor.stop(Duration::ZERO).unwrap();
    await_end(&server);
    conclude_saying(&server, "Of endless.");
    for name in ["a.pcap", "b.pcap"] {
        read(&server, name);
        await_end(&server);
        conclude_saying(&server, &format!("Of {name}."));
    }
    read(&server, "c.pcap");
    for name in ["endless", "a.pcap", "b.pcap"] {
        let ended = client.answer_to("stop_capture").await;
        assert_eq!(ended["message"], format!("The capture on {name} has ended"));
        assert_eq!(ended["summary"]["summary"], format!("Of {name}."), "{ended}");
    }
    // The one that came and went between has left no numbers; the newest begins anew, and ends as any.
    assert_eq!(client.next().await["type"], "initial_state");
    until(|| server.monitor.status().summarizing).await;
    conclude_saying(&server, "Of c.pcap.");
    assert_eq!(client.answer_to("stop_capture").await["summary"]["summary"], "Of c.pcap.");
}

#[tokio::test]
async fn a_start_that_fails_puts_no_words_into_the_end_before() {
    let server = summarized();
    let (mut client, _) = Client::begin(&server).await;
    let _endless = server.endless(3);
    client.until(|message| message["metrics"]["status"] == "running").await;
    server.monitor.stop(Duration::ZERO).unwrap();
    await_end(&server);
    conclude(&server);
    let origin = Origin::File { path: server.folder.path().join("no"), name: "no".into(), speed: None };
    let start = Start { origin, filter: None, duration: None, needs_viewers: false };
    server.monitor.start(&start).unwrap_err();
    assert_eq!(server.monitor.status().state, State::Failed);
    let ended = client.answer_to("stop_capture").await;
    assert_eq!(
        (&ended["message"], &ended["summary"]),
        (&json!("The capture on endless has ended"), &reported())
    );
}

#[tokio::test]
async fn what_a_reset_drops_before_its_end_is_told_is_said_to_be_dropped() {
    let server = summarized();
    let (mut client, _) = Client::begin(&server).await;
    let _endless = server.endless(3);
    client.until(|message| message["metrics"]["status"] == "running").await;
    server.monitor.stop(Duration::ZERO).unwrap();
    await_end(&server);
    conclude(&server);
    server.monitor.reset().unwrap();
    let ended = client.answer_to("stop_capture").await;
    assert_eq!(ended["message"], "The capture has ended, and what it measured was dropped");
    assert_eq!(ended["summary"], Value::Null);
    assert_eq!(client.next().await["type"], "initial_state");
}

#[tokio::test]
async fn a_start_while_stopping_is_asked_to_wait() {
    let server = with_demo(traffic::nine);
    let (mut client, _) = Client::begin(&server).await;
    client.start("demo").await;
    let stopping = server.hold_stopping().await;
    let refused = client.start("demo").await;
    assert_eq!(refused["success"], false);
    assert_eq!(refused["message"], "the capture on demo is being stopped: please wait a moment");
    stopping.end().await;
    assert_eq!(client.answer_to("stop_capture").await["message"], "The capture on demo has ended");
}

/// Fault 24: the numbers of the last moments of each session were never shown.
#[tokio::test]
async fn a_session_that_ends_by_itself_is_shown_to_its_last_packet() {
    let server = with_demo(traffic::short);
    let (mut client, _) = Client::begin(&server).await;
    assert_eq!(client.start("demo").await["success"], true);
    let (mut packets, mut total, mut stopped) = (Vec::new(), 0, Value::Null);
    let ended = loop {
        let message = client.next().await;
        match message["type"].as_str().unwrap() {
            "update" => {
                packets.extend(numbers(&message["new_packets"]));
                total += count(&message["metrics"]["totalPackets"]);
                stopped = message;
            }
            "command_response" => break message,
            kind => panic!("{kind}"),
        }
    };
    assert_eq!((packets, total), (vec![1, 2, 3], 3));
    assert_eq!(stopped["metrics"]["status"], "stopped");
    assert_eq!(stopped["metrics"]["protocol_distribution"]["UDP"], 3);
    // Nobody writes reports here: there is none to show.
    assert_eq!(
        ended,
        json!({"type": "command_response", "command": "stop_capture", "success": true,
               "message": "The capture on demo has ended"})
    );
}

#[tokio::test]
async fn a_session_that_the_dashboard_stops_is_told_as_ended() {
    let server = with_demo(traffic::nine);
    let (mut client, _) = Client::begin(&server).await;
    client.start("demo").await;
    let monitor = server.monitor.clone();
    tokio::task::spawn_blocking(move || monitor.stop(Duration::from_secs(30)).unwrap()).await.unwrap();
    let last = client.until(|message| message["metrics"]["status"] == "stopped").await;
    assert_eq!(last["type"], "update");
    assert_eq!(client.next().await["command"], "stop_capture");
}

/// A stop need not find what it is to stop: the source may be opening.
#[tokio::test]
async fn a_stop_right_behind_its_start_is_answered_in_full() {
    let server = with_demo(traffic::nine);
    let (mut client, _) = Client::begin(&server).await;
    client.say(r#"{"command":"start_capture","interface":"demo"}"#).await;
    client.command("stop_capture").await;
    let acknowledged = client.answer_to("stop_capture_ack").await;
    assert_eq!(acknowledged["success"], true);
    let ended = client.answer_to("stop_capture").await;
    assert_eq!(ended["success"], true, "{ended}");
    until(|| server.monitor.status().state != State::Running).await;
}

/// Fault 69: charts went on from the session before.
#[tokio::test]
async fn a_new_session_begins_with_an_empty_first_state_for_all() {
    let server = with_demo(traffic::short);
    let (mut starter, _) = Client::begin(&server).await;
    let (mut other, _) = Client::begin(&server).await;
    for _ in 0..2 {
        starter.say(r#"{"command":"start_capture","interface":"demo"}"#).await;
        // The one who starts it forgets everything once more at the answer: nothing may come in between.
        let anew = starter.next().await;
        assert_eq!((&anew["type"], &anew["packets"]), (&json!("initial_state"), &json!([])));
        assert_eq!(starter.next().await["command"], "start_capture");
        let anew = other.next().await;
        assert_eq!(
            (&anew["type"], &anew["packets"], &anew["new_packets"]),
            (&json!("initial_state"), &json!([]), &json!([]))
        );
        for client in [&mut starter, &mut other] {
            let mut packets = Vec::new();
            loop {
                let message = client.next().await;
                if message["command"] == "stop_capture" {
                    break;
                }
                packets.extend(numbers(&message["new_packets"]));
            }
            assert_eq!(packets, [1, 2, 3]);
        }
    }
    let monitor = server.monitor.clone();
    tokio::task::spawn_blocking(move || monitor.reset().unwrap()).await.unwrap();
    let anew = other.next().await;
    assert_eq!(
        (&anew["type"], &anew["metrics"]["protocol_distribution"]["UDP"]),
        (&json!("initial_state"), &json!(0))
    );
}

#[tokio::test]
async fn who_comes_while_a_session_stops_gets_the_first_state_after_it() {
    let server = with_demo(traffic::nine);
    let (mut first, _) = Client::begin(&server).await;
    first.start("demo").await;
    until(|| server.monitor.publication().totals.traffic.packets == 9).await;
    let stopping = server.hold_stopping().await;
    let mut late = Client::connect(&server).await;
    late.command("get_status").await;
    // One who is there is answered meanwhile.
    first.command("stop_capture").await;
    assert_eq!(first.answer_to("stop_capture_ack").await["success"], true);
    late.hears_nothing().await;
    stopping.end().await;
    let began = late.next().await;
    assert_eq!((&began["type"], &began["metrics"]["status"]), (&json!("initial_state"), &json!("stopped")));
    assert_eq!(numbers(&began["packets"]), (1..=9).collect::<Vec<_>>());
    assert_eq!(late.next().await["type"], "status_response");
    assert_eq!(first.answer_to("stop_capture").await["message"], "The capture on demo has ended");
}

#[tokio::test]
async fn who_comes_while_a_report_is_written_waits_for_it() {
    let server = summarized();
    let (mut first, _) = Client::begin(&server).await;
    first.start("demo").await;
    until(|| server.monitor.publication().totals.traffic.packets == 9).await;
    first.command("stop_capture").await;
    until(|| server.monitor.status().summarizing).await;
    let mut late = Client::connect(&server).await;
    late.command("get_interfaces").await;
    late.command("get_status").await;
    first.answer_to("stop_capture_ack").await;
    late.hears_nothing().await;
    conclude(&server);
    let began = late.next().await;
    assert_eq!((&began["type"], &began["metrics"]["status"]), (&json!("initial_state"), &json!("stopped")));
    assert_eq!(server.monitor.status().state, State::Finished);
    assert!(!server.monitor.status().summarizing);
    assert_eq!(numbers(&began["packets"]), (1..=9).collect::<Vec<_>>());
    let mut answers = [late.next().await, late.next().await].map(|answer| answer["type"].to_string());
    answers.sort();
    assert_eq!(answers, [r#""interfaces_response""#, r#""status_response""#]);
}

/// As long as a stop may take, and no longer.
#[tokio::test]
async fn who_comes_while_a_report_does_not_come_to_its_end_is_let_in_all_the_same() {
    let server = summarized();
    let (mut first, _) = Client::begin(&server).await;
    first.start("demo").await;
    first.command("stop_capture").await;
    until(|| server.monitor.status().summarizing).await;
    let began = Instant::now();
    let (mut late, state) = Client::begin(&server).await;
    let waited = began.elapsed();
    assert!(waited >= Duration::from_millis(2_900) && waited < Duration::from_secs(10), "{waited:?}");
    assert_eq!(state["metrics"]["status"], "stopped");
    // It came while the session was ending, so it hears of the report too.
    conclude(&server);
    assert_eq!(late.answer_to("stop_capture").await["summary"], reported());
}

#[tokio::test]
async fn a_report_that_does_not_come_is_said_to_be_missing() {
    let server = with_report_patience(Duration::from_millis(300));
    let (mut client, _) = Client::begin(&server).await;
    client.start("demo").await;
    client.command("stop_capture").await;
    let ended = client.answer_to("stop_capture").await;
    assert_eq!((&ended["success"], &ended["summary"]), (&json!(true), &Value::Null));
    assert_eq!(ended["message"], "The capture on demo was stopped, its report did not come");
    // Once it does, nobody is told a second time.
    conclude(&server);
    client.command("get_status").await;
    assert_eq!(client.next().await["type"], "status_response");
}

/// Fault 38: the last page closed stopped the capture at once and dropped everything.
#[tokio::test]
async fn a_session_ends_with_its_last_viewer_and_not_with_the_one_before() {
    let server = with_demo(traffic::nine);
    let (mut first, _) = Client::begin(&server).await;
    let (mut second, _) = Client::begin(&server).await;
    first.start("demo").await;
    second.until(|message| message["metrics"]["status"] == "running").await;
    // As the page leaves: without a word.
    drop(first);
    for _ in 0..2 {
        assert_eq!(second.of_type("update").await["metrics"]["status"], "running");
    }
    drop(second);
    until(|| server.monitor.status().state == State::Finished).await;
    // It keeps what it measured.
    let (_, state) = Client::begin(&server).await;
    assert_eq!(numbers(&state["packets"]), (1..=9).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_summary_of_the_running_session_is_told_to_each_viewer_once() {
    let server = with_demo(traffic::nine);
    let (mut first, _) = Client::begin(&server).await;
    first.start("demo").await;
    let session = server.monitor.status().session;
    let say = |text: &str, duration_s| {
        let at = "2026-01-02T03:04:05.000000000Z".to_owned();
        server
            .monitor
            .add_summary(session, Summary { at, duration_s, text: text.into(), ..Summary::default() });
    };
    let told = |text: &str, duration: u64| {
        json!({"type": "periodic_summary", "summary": {"summary": text,
               "timestamp": "2026-01-02T03:04:05.000000000Z", "duration_seconds": duration}})
    };
    say("Nine packets.", 60);
    assert_eq!(first.of_type("periodic_summary").await, told("Nine packets.", 60));
    // Who comes later hears of it with the first state.
    let (mut second, _) = Client::begin(&server).await;
    assert_eq!(second.next().await, told("Nine packets.", 60));
    say("Silence.", 120);
    for client in [&mut first, &mut second] {
        assert_eq!(client.of_type("periodic_summary").await, told("Silence.", 120));
    }
    for client in [&mut first, &mut second] {
        for _ in 0..2 {
            let message = client.next().await;
            assert_eq!(message["type"], "update", "{message}");
        }
    }
}

/// A page that comes to a long session gets the newest packets, and after them what is new.
#[tokio::test]
async fn who_comes_later_gets_the_newest_packets_and_then_the_new_ones() {
    let server = with_demo(traffic::lively);
    let (mut first, _) = Client::begin(&server).await;
    first.start("demo").await;
    first.until(|message| message["ip_composition"]["ipv4_packets_cumulative"].as_u64() > Some(600)).await;
    let (mut late, state) = Client::begin(&server).await;
    let held = numbers(&state["packets"]);
    assert_eq!((held.len(), &state["new_packets"]), (500, &json!([])));
    assert!(held.is_sorted_by(|one, next| one + 1 == *next), "{held:?}");
    let new = numbers(&late.of_type("update").await["new_packets"]);
    assert!(new.first() > held.last() && new.len() <= 500 && new.is_sorted(), "{held:?} {new:?}");
}

/// An update says what is new since the one before; the first state follows none.
#[tokio::test]
async fn the_first_page_of_a_session_is_told_what_it_holds_and_not_that_all_of_it_is_new() {
    let server = Running::start();
    let _endless = server.endless(700);
    until(|| server.monitor.publication().totals.traffic.packets == 700).await;
    let (mut client, first) = Client::begin(&server).await;
    assert_eq!(first["metrics"]["protocol_distribution"]["Others"], 700);
    assert_eq!(numbers(&first["packets"]), (201..=700).collect::<Vec<_>>());
    let plain = |message: &Value| {
        let (metrics, encryption) = (&message["metrics"], &message["encryption_composition"]);
        [&metrics["totalPackets"], &encryption["unencrypted_packets"], &encryption["total_packets"]]
            .map(count)
    };
    assert_eq!(plain(&first), [0, 0, 0]);
    let update = client.of_type("update").await;
    assert_eq!((plain(&update), &update["new_packets"]), ([0, 0, 0], &json!([])));
}

/// A file that the command line opened, at full speed.
#[tokio::test]
async fn a_file_that_was_opened_elsewhere_is_shown_as_any_session() {
    let server = Running::start();
    let (mut client, _) = Client::begin(&server).await;
    let path = server.folder.path().join("old.pcap");
    std::fs::write(&path, pcap(700)).unwrap();
    let origin = Origin::File { path, name: "old.pcap".into(), speed: None };
    let start = Start { origin, filter: None, duration: None, needs_viewers: false };
    server.monitor.start(&start).unwrap();
    assert_eq!(client.next().await["type"], "initial_state");
    let (mut total, mut packets) = (0, Vec::new());
    let ended = loop {
        let message = client.next().await;
        if message["command"] == "stop_capture" {
            break message;
        }
        total += count(&message["metrics"]["totalPackets"]);
        packets.extend(numbers(&message["new_packets"]));
        // The last packet's: 1,700,000,699 s are 699 s after 22:13:20.
        assert!(
            total < 700 || message["metrics"]["last_update"].as_str().unwrap().contains("22:24:59"),
            "{message}"
        );
    };
    assert_eq!(ended["message"], "The capture on old.pcap has ended");
    // All are counted; of what comes within one update the newest 500 are shown.
    assert_eq!((total, packets.last()), (700, Some(&700)));
    assert!(packets.len() >= 500 && packets.is_sorted(), "{packets:?}");
}
