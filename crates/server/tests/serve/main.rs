//! The server as programs and browsers meet it: a real socket, a real capture file.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test's own clock, and it stops"
)]

mod access;
mod bounds;
mod documents;
mod hostile;
mod hosts;
#[path = "../../../geolocation/tests/support/mmdb.rs"]
#[expect(dead_code, clippy::expect_used, reason = "made for tests of databases, too")]
mod mmdb;
mod netpulse;
mod support;
mod uploads;
mod viewers;
mod words;

use futures_util::StreamExt as _;
use netsonde_messages::stream::{FlowWindow, History, Message, ReplyData, State, Status, TopicState};
use netsonde_messages::{Calls, InterfaceRow, Summaries};
use tokio_tungstenite::tungstenite::Message as Frame;

use support::{PATIENCE, Running, pcap};

#[tokio::test]
async fn a_capture_is_uploaded_measured_looked_at_and_dropped() {
    let server = Running::start();
    let (mut first, mut second) = (server.viewer().await, server.viewer().await);
    let head = "POST /api/v1/captures HTTP/1.1\r\nHost: HOST\r\nX-File-Name: my%20office.pcap";
    let answer = server.http(head, &pcap(300)).await;
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    let id = answer.rsplit_once(r#""id":""#).unwrap().1.split('"').next().unwrap().to_owned();

    assert_eq!(second.ask(r#""command":"subscribe","topics":["totals","packets"]"#).await, Ok(None));
    assert!(matches!(second.next().await, Message::InitialState(state) if state.status.state == State::Idle));
    let started = first.ask(&format!(r#""command":"start_capture","source":{{"upload":"{id}"}}"#)).await;
    let Ok(Some(ReplyData::Status(status))) = started else { panic!("{started:?}") };
    assert_eq!((status.session, status.source.unwrap().name.as_str()), (1, "my office.pcap"));

    // The one who only watches sees all of it, whatever it missed in between.
    let mut finished = false;
    let mut packets = 0;
    second
        .until(|message| {
            match message {
                Message::Status(status) => finished |= status.state == State::Finished,
                Message::InitialState(state) => {
                    finished |= state.status.state == State::Finished;
                    packets = state.totals.as_ref().unwrap().traffic.packets;
                }
                Message::Update { topic: TopicState::Totals(totals), .. } => packets = totals.traffic.packets,
                _ => {}
            }
            (finished && packets == 300).then_some(())
        })
        .await;

    let found = first.ask(r#""command":"find_packets","from":299,"limit":200"#).await;
    let Ok(Some(ReplyData::Packets(window))) = found else { panic!("{found:?}") };
    assert_eq!(window.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [299, 300]);
    let found = first.ask(r#""command":"get_packet","number":300"#).await;
    let Ok(Some(ReplyData::Packet { row, bytes })) = found else { panic!("{found:?}") };
    assert_eq!((row.length, bytes.len()), (60, 120));
    assert!(bytes.starts_with("02020202020202020202020288b5"), "{bytes}");

    first.ask(r#""command":"reset""#).await.unwrap();
    second
        .until(|message| {
            matches!(message, Message::InitialState(state) if state.status.session == 0).then_some(())
        })
        .await;
    let refused = first.ask(&format!(r#""command":"start_capture","source":{{"upload":"{id}"}}"#)).await;
    assert_eq!(refused, Err("that capture is not here any more: open it again".into()));
}

/// Fault 47 of the design's public implementation: every packet of a tick went to every viewer.
/// Fault 75: the first message held the packets twice.
#[tokio::test]
async fn however_many_packets_there_are_a_viewer_is_sent_the_newest_once() {
    let server = Running::start();
    let _endless = server.endless(5_000);
    let mut viewer = server.viewer().await;
    viewer.say(r#"{"id":1,"command":"subscribe","topics":["packets"]}"#).await;
    let newest = viewer
        .until(|message| match message {
            Message::InitialState(state) => state.packets.clone(),
            Message::Update { topic: TopicState::Packets(packets), .. } => Some(packets.clone()),
            _ => None,
        })
        .await;
    assert!(newest.rows.len() <= 200, "{}", newest.rows.len());
    let newest = viewer
        .until(|message| match message {
            Message::Update { topic: TopicState::Packets(packets), .. } if packets.newest == Some(5_000) => {
                Some(packets.rows.clone())
            }
            _ => None,
        })
        .await;
    assert_eq!(newest.iter().map(|row| row.number).collect::<Vec<_>>(), (4_801..=5_000).collect::<Vec<_>>());
    // Nor does asking bring more.
    let found = viewer.ask(r#""command":"find_packets","from":1,"limit":4294967295"#).await;
    assert!(matches!(found, Ok(Some(ReplyData::Packets(window))) if window.rows.len() == 200));
}

#[tokio::test]
async fn tools_read_state_interfaces_and_charts_over_http() {
    let running = Running::start();
    let get = async |path: &str| running.http(&format!("GET {path} HTTP/1.1\r\nHost: HOST"), b"").await;
    let body = |answer: &str| answer.split_once("\r\n\r\n").unwrap().1.to_owned();
    let silent: Summaries = serde_json::from_str(&body(&get("/api/v1/summaries").await)).unwrap();
    assert_eq!(silent, Summaries::default());
    let nothing: History = serde_json::from_str(&body(&get("/api/v1/metrics/history").await)).unwrap();
    assert_eq!((nothing.session, nothing.earliest), (0, None));

    let mut viewer = running.viewer().await;
    let upload = running.http("POST /api/v1/captures HTTP/1.1\r\nHost: HOST", &pcap(100)).await;
    let upload: serde_json::Value = serde_json::from_str(&body(&upload)).unwrap();
    let start = format!(r#""command":"start_capture","source":{{"upload":{}}}"#, upload["id"]);
    viewer.ask(&start).await.unwrap();
    let finished =
        |message: &Message| matches!(message, Message::Status(status) if status.state == State::Finished);
    viewer.until(|message| finished(message).then_some(())).await;

    let status: Status = serde_json::from_str(&body(&get("/api/v1/status").await)).unwrap();
    assert_eq!(status.state, State::Finished);
    // 100 packets, one a second: the last twenty seconds in five buckets of 4 s, each with four packets.
    let path = "/api/v1/metrics/history?from=1700000080&to=1700000099&points=5";
    let history: History = serde_json::from_str(&body(&get(path).await)).unwrap();
    assert_eq!((history.session, history.step_s, history.buckets.len()), (1, 4, 5));
    assert_eq!((history.earliest, history.latest), (Some(1_700_000_000), Some(1_700_000_099)));
    assert!(history.buckets.iter().all(|bucket| (bucket.mean.packets_per_second - 1.0).abs() < 1e-9));

    let refused = get("/api/v1/metrics/history?from=now").await;
    assert!(refused.starts_with("HTTP/1.1 400") && refused.contains("not a whole number"), "{refused}");
    // The packets are of no IP, so they make no flows.
    let flows: FlowWindow = serde_json::from_str(&body(&get("/api/v1/flows?sort=rtt").await)).unwrap();
    assert_eq!((flows.total, flows.now_ms), (0, Some(1_700_000_099_000.0)));
    let refused = get("/api/v1/flows?text=tcp%20443").await;
    assert!(refused.starts_with("HTTP/1.1 400") && refused.contains("a port is written :443"), "{refused}");
    let refused = get("/api/v1/flows/first").await;
    assert!(refused.starts_with("HTTP/1.1 400") && refused.contains("is no number of a flow"), "{refused}");
    assert!(get("/api/v1/flows/0").await.contains("flow 0 does not exist"));
    let calls: Calls = serde_json::from_str(&body(&get("/api/v1/calls").await)).unwrap();
    assert_eq!(calls, Calls::default());
    assert!(get("/api/v1/streams/0").await.contains("stream 0 does not exist"));
    let refused = get("/api/v1/streams/first").await;
    assert!(refused.starts_with("HTTP/1.1 400") && refused.contains("is no number of a stream"), "{refused}");

    let interfaces: Vec<InterfaceRow> =
        serde_json::from_str(&body(&get("/api/v1/interfaces").await)).unwrap();
    assert!(interfaces.iter().any(|row| row.loopback));
}

#[tokio::test]
async fn viewers_are_told_when_the_program_ends() {
    let mut server = Running::start();
    let mut viewer = server.viewer().await;
    server.stop.take().unwrap().send(()).unwrap();
    let farewell = loop {
        match tokio::time::timeout(PATIENCE, viewer.socket.next()).await.unwrap() {
            // What the program said before it was told to end.
            Some(Ok(Frame::Text(_) | Frame::Ping(_))) => {}
            other => break other,
        }
    };
    assert!(
        matches!(&farewell, Some(Ok(Frame::Close(Some(frame)))) if frame.reason.contains("shutting down")),
        "{farewell:?}"
    );
    tokio::time::timeout(PATIENCE, server.ended).await.unwrap().unwrap().unwrap();
}
