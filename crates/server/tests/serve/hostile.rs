//! Messages that are not what they should be: each is answered, and others are not touched.

use futures_util::{SinkExt as _, StreamExt as _};
use netsonde_messages::stream::{Message, ReplyData};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as Fragment;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::support::{PATIENCE, Running, Viewing};

#[tokio::test]
async fn what_is_not_understood_is_answered_and_the_rest_goes_on() {
    let server = Running::start();
    let _endless = server.endless(1);
    let (mut viewer, mut other) = (server.viewer().await, server.viewer().await);
    other.watch_totals().await;
    let deep = format!(r#"{{"id":1,"command":{}"#, "[".repeat(50_000));
    for (message, id) in [
        ("", None),
        ("what is this", None),
        (deep.as_str(), None),
        ("7", None),
        ("[]", None),
        (r#"{"command":"get_status"}"#, None),
        (r#"{"id":null,"command":"get_status"}"#, None),
        (r#"{"id":-1,"command":"get_status"}"#, None),
        (r#"{"id":1.5,"command":"get_status"}"#, None),
        (r#"{"id":"7","command":"get_status"}"#, None),
        // One more than 64 bits hold.
        (r#"{"id":18446744073709551616,"command":"get_status"}"#, None),
        (r#"{"id":18446744073709551615,"command":"launch"}"#, Some(u64::MAX)),
        (r#"{"id":7,"command":"launch"}"#, Some(7)),
        (r#"{"id":8}"#, Some(8)),
        (r#"{"id":9,"command":{"get_status":{}}}"#, Some(9)),
        (r#"{"id":10,"command":"subscribe","topics":["everything"]}"#, Some(10)),
        (r#"{"id":11,"command":"find_packets","limit":-1}"#, Some(11)),
        (r#"{"id":12,"command":"start_capture","source":{"path":"/etc/passwd"}}"#, Some(12)),
        (r#"{"id":13,"command":"start_capture","source":{"interface":"a"},"duration_s":1e99}"#, Some(13)),
    ] {
        viewer.say(message).await;
        match (answer(&mut viewer).await, id) {
            (Message::Error { message: sentence }, None) => {
                assert!(sentence.starts_with("this message was not understood: "), "{message}: {sentence}");
            }
            (Message::Reply(reply), Some(id)) => {
                let sentence = reply.error.unwrap_or_default();
                assert!(
                    reply.id == id && sentence.starts_with("this message was not understood: "),
                    "{message}"
                );
            }
            (answer, _) => panic!("{message}: {answer:?}"),
        }
    }
    viewer.socket.send(Frame::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(answer(&mut viewer).await, Message::Error { message: "a message is text, in JSON".into() });
    assert!(matches!(viewer.ask(r#""command":"get_status""#).await, Ok(Some(ReplyData::Status(_)))));
    other.follow(3).await;
}

/// Returns what a viewer without topics is told next, beside what is going on, which all are told.
async fn answer(viewer: &mut Viewing) -> Message {
    viewer.until(|message| (!matches!(message, Message::Status(_))).then(|| message.clone())).await
}

/// Fault 39 of the design's public implementation: a command that did not fit was never answered as one.
/// Fault 55: what a page sent as an interface reached the capture tool, which opens remote hosts and pipes.
#[tokio::test]
async fn commands_that_do_not_fit_are_refused_with_the_reason() {
    let server = Running::start();
    let mut viewer = server.viewer().await;
    let refused = viewer.ask(r#""command":"stop_capture""#).await;
    assert_eq!(refused, Err("no capture is running".into()));
    for name in ["no-such-link", "TCP@127.0.0.1:9", "rpcap://127.0.0.1/lo", "/tmp/pipe", "-", "1"] {
        let start = format!(r#""command":"start_capture","source":{{"interface":"{name}"}}"#);
        let refused = viewer.ask(&start).await.unwrap_err();
        assert!(refused.starts_with(&format!("no interface is called {name:?}")), "{refused}");
    }
    let _endless = server.endless(1);
    for start in [r#"{"interface":"lo"}"#, r#"{"interface":"no-such-link"}"#] {
        let refused = viewer.ask(&format!(r#""command":"start_capture","source":{start}"#)).await;
        assert_eq!(refused, Err("capture already running on endless".into()));
    }
    let refused = viewer.ask(r#""command":"reset""#).await;
    assert_eq!(refused, Err("the capture on endless is running: stop it before you reset".into()));
    let found = viewer.ask(r#""command":"get_interfaces""#).await;
    assert!(matches!(found, Ok(Some(ReplyData::Interfaces(rows))) if rows.iter().any(|row| row.loopback)));
}

#[tokio::test]
async fn a_message_in_fragments_is_one_message() {
    let server = Running::start();
    let mut viewer = server.viewer().await;
    let last = 2;
    for (number, (part, kind)) in
        [(r#"{"id":7,"#, Data::Text), (r#""command":"get"#, Data::Continue), (r#"_status"}"#, Data::Continue)]
            .into_iter()
            .enumerate()
    {
        let fragment = Fragment::message(part.as_bytes().to_vec(), OpCode::Data(kind), number == last);
        viewer.socket.send(Frame::Frame(fragment)).await.unwrap();
    }
    assert!(matches!(answer(&mut viewer).await, Message::Reply(reply) if reply.id == 7 && reply.ok));
}

/// A frame as a browser would send it, with a mask of zeros, which changes nothing (RFC 6455 section 5.2).
fn frame(first: u8, length: u64, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first, 0x80 | 127];
    frame.extend(length.to_be_bytes());
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

/// What breaks the connection itself is told in its closing frame, as far as it is still read.
#[tokio::test]
async fn a_connection_that_makes_no_sense_is_closed_with_the_reason() {
    const TEXT: u8 = 0x81;
    let server = Running::start();
    let _endless = server.endless(1);
    let mut other = server.viewer().await;
    other.watch_totals().await;
    let ten_megabytes = 10_000_000;
    for (what, bytes, reason) in [
        ("invalid UTF-8", frame(TEXT, 2, &[0xc3, 0x28]), "utf-8"),
        ("10 MB", frame(TEXT, ten_megabytes, &vec![b'x'; 10_000_000]), "too long"),
        ("more than there is", frame(TEXT, u64::MAX, b"x"), "too long"),
        // Two halves of 40,000 bytes are more than 64 KiB.
        (
            "fragments",
            [frame(0x01, 40_000, &vec![b'x'; 40_000]), frame(0x80, 40_000, &vec![b'x'; 40_000])].concat(),
            "too long",
        ),
        ("no mask", vec![TEXT, 2, b'{', b'}'], "unmasked"),
        ("a reserved bit", frame(TEXT | 0x40, 2, b"{}"), "reserved bits"),
        ("an unknown kind", frame(0x83, 2, b"{}"), "opcode"),
        ("a continuation of nothing", frame(0x80, 2, b"{}"), "continue"),
        ("a long ping", frame(0x89, 126, &[0; 126]), "control frame"),
    ] {
        let mut socket = upgrade(&server).await;
        // The server may close before it has read all.
        let _ = socket.write_all(&bytes).await;
        let mut heard = Vec::new();
        let _ = tokio::time::timeout(PATIENCE, socket.read_to_end(&mut heard)).await.unwrap();
        let heard = String::from_utf8_lossy(&heard).to_lowercase();
        assert!(heard.contains("not understood: ") && heard.contains(reason), "{what}: {heard}");
    }
    // Gone in the middle of a message.
    let mut socket = upgrade(&server).await;
    socket.write_all(&frame(TEXT, 100, b"half")).await.unwrap();
    drop(socket);
    other.follow(3).await;
}

/// Opens the stream by hand and reads the greeting's beginning.
pub(crate) async fn upgrade(server: &Running) -> TcpStream {
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "GET /api/v1/stream HTTP/1.1\r\nHost: {}\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        server.address
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    while !heard.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = tokio::time::timeout(PATIENCE, socket.read_buf(&mut heard)).await.unwrap().unwrap();
        assert!(read > 0, "the server answers");
    }
    socket
}

#[tokio::test]
async fn the_largest_command_is_taken_and_one_byte_more_ends_its_viewer_only() {
    let server = Running::start();
    let (mut viewer, mut other) = (server.viewer().await, server.viewer().await);
    let command = r#"{"id":7,"command":"get_status"}"#;
    let most = 64 << 10;
    viewer.say(&format!("{command}{}", " ".repeat(most - command.len()))).await;
    assert!(matches!(answer(&mut viewer).await, Message::Reply(reply) if reply.id == 7 && reply.ok));
    viewer.say(&format!("{command}{}", " ".repeat(most + 1 - command.len()))).await;
    let closed = loop {
        match tokio::time::timeout(PATIENCE, viewer.socket.next()).await.unwrap() {
            // What was on its way.
            Some(Ok(Frame::Text(_) | Frame::Ping(_))) => {}
            other => break other,
        }
    };
    assert!(
        matches!(&closed, Some(Ok(Frame::Close(Some(frame)))) if frame.reason.contains("too long")),
        "{closed:?}"
    );
    assert!(other.ask(r#""command":"get_status""#).await.is_ok());
}
