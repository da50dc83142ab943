//! What is bounded: connections, the time they may take, viewers, commands under way, and how often viewers hear.

use std::os::fd::AsRawFd as _;
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use netsonde_messages::stream::{Message, ReplyData, State, TopicState};
use netsonde_session::{Origin, Start};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::hostile::upgrade;
use crate::support::{PATIENCE, Running, answer, pcap, until};

const STATUS: &str = "GET /api/v1/status HTTP/1.1\r\nHost: HOST";

/// 1,020 idle connections took every file that the program may have open, and nobody else came in.
#[tokio::test]
async fn idle_connections_lock_nobody_out() {
    let server = Running::start();
    let mut idle = Vec::new();
    // Twice as many as there may be.
    for _ in 0..512 {
        idle.push(TcpStream::connect(server.address).await.unwrap());
    }
    assert!(server.http(STATUS, b"").await.starts_with("HTTP/1.1 200 "));
    let mut viewer = server.viewer().await;
    viewer.watch_totals().await;
    // The oldest made room for the newer ones.
    assert_eq!(answer(&mut idle[0]).await, "");
}

#[tokio::test]
async fn a_connection_that_sends_no_head_is_closed() {
    let server = Running::with(|settings| settings.patience.head = Duration::from_millis(200)).unwrap();
    for begin in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\n"] {
        let mut socket = TcpStream::connect(server.address).await.unwrap();
        socket.write_all(begin.as_bytes()).await.unwrap();
        assert!(!answer(&mut socket).await.contains("200"), "{begin}");
    }
    // A viewer is no such connection: it may be silent for longer.
    let mut viewer = server.viewer().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(viewer.ask(r#""command":"get_status""#).await.is_ok());
}

#[tokio::test]
async fn viewers_beyond_the_bound_are_refused_with_a_sentence() {
    let server = Running::start();
    let mut viewers = Vec::new();
    for _ in 0..200 {
        viewers.push(server.viewer().await);
    }
    let refused = connect_async(format!("ws://{}/api/v1/stream", server.address)).await.unwrap_err();
    let tokio_tungstenite::tungstenite::Error::Http(refused) = refused else { panic!("{refused}") };
    assert_eq!(refused.status(), 503);
    let sentence = String::from_utf8_lossy(refused.body().as_deref().unwrap_or_default()).into_owned();
    assert!(sentence.contains("as many as there may be"), "{sentence}");
    viewers.truncate(100);
    // Their places are free once the server has heard that they left.
    let came =
        async { while connect_async(format!("ws://{}/api/v1/stream", server.address)).await.is_err() {} };
    tokio::time::timeout(PATIENCE, came).await.unwrap();
}

/// A command that waited for the system made its viewer deaf and dumb: no reply, no update, no stop.
#[tokio::test]
async fn a_viewer_is_served_while_its_own_command_runs() {
    let mut server = Running::start();
    let (silent, held) = std::io::pipe().unwrap();
    let path = format!("/proc/self/fd/{}", silent.as_raw_fd()).into();
    let origin = Origin::File { path, name: "silent".into(), speed: None };
    let start = Start { origin, filter: None, duration: None, needs_viewers: false };
    let mut viewer = server.viewer().await;
    viewer.watch_totals().await;
    let monitor = server.monitor.clone();
    let starting = tokio::task::spawn_blocking(move || monitor.start(&start));
    until(|| server.monitor.status().state == State::Starting).await;
    // Each looks through what there is on a thread of its own; none holds up the one after it.
    for id in 100..108 {
        viewer.say(&format!(r#"{{"id":{id},"command":"get_interfaces"}}"#)).await;
    }
    let refused = viewer.ask(r#""command":"get_interfaces""#).await.unwrap_err();
    assert!(refused.contains("8 of your commands are under way"), "{refused}");
    let status = viewer.ask(r#""command":"get_status""#).await.unwrap();
    assert!(matches!(status, Some(ReplyData::Status(status)) if status.state == State::Starting));
    viewer.ask(r#""command":"stop_capture""#).await.unwrap();
    drop(held);
    assert!(starting.await.unwrap().is_err());
    // Nor is the end of the program kept from it.
    viewer.say(r#"{"id":200,"command":"get_interfaces"}"#).await;
    server.stop.take().unwrap().send(()).unwrap();
    let told = Instant::now();
    while !matches!(
        tokio::time::timeout(PATIENCE, viewer.socket.next()).await.unwrap(),
        Some(Ok(Frame::Close(_))) | None
    ) {}
    assert!(told.elapsed() < Duration::from_secs(1), "{:?}", told.elapsed());
}

/// The last two publications of a short file come back to back: viewers that read were told of a gap.
#[tokio::test]
async fn a_viewer_that_reads_has_no_gap_and_every_second_of_twenty_short_files() {
    let server = Running::start();
    let path = server.folder.path().join("short.pcap");
    std::fs::write(&path, pcap(40)).unwrap();
    let mut viewer = server.viewer().await;
    viewer.watch_totals().await;
    let began = Instant::now();
    let mut updates = 0;
    for session in 1..=20 {
        let origin = Origin::File { path: path.clone(), name: "short".into(), speed: None };
        server.monitor.start(&Start { origin, filter: None, duration: None, needs_viewers: false }).unwrap();
        let mut seconds = Vec::new();
        let mut finished = false;
        viewer
            .until(|message| {
                match message {
                    Message::Gap { skipped } => panic!("this viewer reads and misses nothing: {skipped}"),
                    Message::Status(status) => {
                        finished = status.state == State::Finished && status.session == session;
                    }
                    Message::InitialState(state) if state.status.session == session => {
                        seconds = state.history.iter().map(|point| point.second).collect();
                        finished |= state.status.state == State::Finished;
                    }
                    Message::Update { session: of, topic: TopicState::Totals(totals), .. } => {
                        updates += 1;
                        if *of == session {
                            seconds.extend(totals.points.iter().map(|point| point.second));
                        }
                    }
                    _ => {}
                }
                (finished && seconds.len() >= 40).then_some(())
            })
            .await;
        assert_eq!(seconds, (1_700_000_000..1_700_000_040).collect::<Vec<_>>(), "session {session}");
    }
    let most = began.elapsed().as_secs() * 4 + 5;
    assert!(updates <= most, "{updates} updates in {:?}", began.elapsed());
}

/// A state from the middle of a stop would be old as soon as it is there.
#[tokio::test]
async fn who_comes_while_a_session_stops_gets_the_first_state_after_it() {
    let server = Running::start();
    let _endless = server.endless(100);
    let mut viewer = server.viewer().await;
    let stopping = server.hold_stopping().await;
    viewer.say(r#"{"id":1,"command":"subscribe","topics":["totals"]}"#).await;
    viewer.until(|message| matches!(message, Message::Reply(_)).then_some(())).await;
    let ending = tokio::spawn(stopping.end());
    let state = viewer
        .until(|message| if let Message::InitialState(state) = message { Some(state.clone()) } else { None })
        .await;
    assert_eq!(state.status.state, State::Finished);
    assert_eq!(state.totals.unwrap().traffic.packets, 100);
    ending.await.unwrap();
}

/// RFC 6455 section 5.5.1: a closing frame is answered by one.
#[tokio::test]
async fn a_closing_frame_is_answered_by_one() {
    let server = Running::start();
    let mut socket = upgrade(&server).await;
    socket.write_all(&[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]).await.unwrap();
    let mut heard = Vec::new();
    let reading = tokio::io::AsyncReadExt::read_to_end(&mut socket, &mut heard);
    tokio::time::timeout(PATIENCE, reading).await.unwrap().unwrap();
    // Opcode 8 with the code 1000.
    assert!(heard.ends_with(&[0x88, 0x02, 0x03, 0xe8]), "{heard:02x?}");
}

#[tokio::test]
async fn what_is_wrong_below_api_is_said_in_json() {
    let server = Running::start();
    for (head, status) in [
        ("DELETE /api/v1/status HTTP/1.1\r\nHost: HOST", "405"),
        ("GET /api/v1/captures HTTP/1.1\r\nHost: HOST", "405"),
        ("GET /api HTTP/1.1\r\nHost: HOST", "404"),
        ("GET /api/ HTTP/1.1\r\nHost: HOST", "404"),
    ] {
        let answer = server.http(head, b"").await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
        assert!(answer.contains(r#"{"error":""#), "{head}: {answer}");
        assert_eq!(answer.contains("\r\nallow: "), status == "405", "{head}: {answer}");
    }
    let answer = server.http("POST /api/v1/login HTTP/1.1\r\nHost: HOST", &vec![b'x'; 4097]).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("at most 4 KiB"), "{answer}");
}

/// A message that is too long is 1009, what breaks the protocol 1002 (RFC 6455 section 7.4.1).
#[tokio::test]
async fn a_broken_connection_is_closed_with_the_code_of_its_fault() {
    let server = Running::start();
    for (what, code) in [(Frame::text("x".repeat(70_000)), 1009), (Frame::text("x"), 1002)] {
        let mut viewer = server.viewer().await;
        if code == 1002 {
            let tokio_tungstenite::MaybeTlsStream::Plain(socket) = viewer.socket.get_mut() else { panic!() };
            // A frame of an unknown kind.
            socket.write_all(&[0x83, 0x80, 0, 0, 0, 0]).await.unwrap();
        } else {
            viewer.socket.send(what).await.unwrap();
        }
        let closed = loop {
            match tokio::time::timeout(PATIENCE, viewer.socket.next()).await.unwrap() {
                Some(Ok(Frame::Close(Some(frame)))) => break u16::from(frame.code),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(closed, code);
    }
}
