//! The server as programs and browsers meet it: a real socket, a real capture file.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test's own clock, and it stops")]

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use futures_util::{SinkExt as _, StreamExt as _};
use netsonde_messages::InterfaceRow;
use netsonde_messages::stream::{History, Message, ReplyData, State, Status, TopicState};
use netsonde_server::{Server, ServerSettings};
use netsonde_session::{Limits, Monitor, MonitorSettings};
use netsonde_units::Timestamp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Far more than any step takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
const UPLOAD_MAX: u64 = 100_000;

struct Running {
    port: u16,
    stop: Option<oneshot::Sender<()>>,
    ended: JoinHandle<std::io::Result<()>>,
    folder: tempfile::TempDir,
}

impl Running {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = ServerSettings {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            allowed_hosts: Vec::new(),
            token: None,
            uploads: folder.path().join("uploads"),
            upload_max: UPLOAD_MAX,
        };
        let server = Server::listen(settings).await.unwrap();
        let port = server.port();
        assert_eq!(server.start_url(), format!("http://127.0.0.1:{port}"));
        let monitor = Monitor::new(MonitorSettings {
            local: Vec::new(),
            limits: Limits::default(),
            own_port: Some(port),
            grace: None,
            clock,
        });
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            let _ = stopped.await;
        };
        let ended = tokio::spawn(server.run(monitor.unwrap(), stopped));
        Self { port, stop: Some(stop), ended, folder }
    }

    /// Sends one HTTP request and returns status line, headers and body as one text.
    async fn http(&self, head: &str, body: &[u8]) -> String {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let head = head.replace("HOST", &format!("127.0.0.1:{}", self.port));
        let length = body.len();
        let request = format!("{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
        socket.write_all(request.as_bytes()).await.unwrap();
        // The server may refuse before it has read all.
        let _ = socket.write_all(body).await;
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(PATIENCE, socket.read_to_end(&mut answer)).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    async fn viewer(&self) -> Viewing {
        let (socket, _) = connect_async(format!("ws://127.0.0.1:{}/api/v1/stream", self.port)).await.unwrap();
        let mut viewer = Viewing { socket, id: 0 };
        assert!(matches!(viewer.next().await, Message::Hello { stream_version: 1, .. }));
        viewer
    }
}

struct Viewing {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    id: u64,
}

impl Viewing {
    async fn say(&mut self, text: &str) {
        self.socket.send(Frame::text(text)).await.unwrap();
    }

    async fn next(&mut self) -> Message {
        loop {
            let frame = tokio::time::timeout(PATIENCE, self.socket.next()).await.unwrap().unwrap().unwrap();
            if let Frame::Text(text) = frame {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    async fn until<T>(&mut self, mut wanted: impl FnMut(&Message) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(&self.next().await) {
                return found;
            }
        }
    }

    /// Asks, and returns what the reply brings, or its error.
    async fn ask(&mut self, command: &str) -> Result<Option<ReplyData>, String> {
        self.id += 1;
        let id = self.id;
        self.say(&format!(r#"{{"id":{id},{command}}}"#)).await;
        self.until(|message| match message {
            Message::Reply(reply) if reply.id == id => {
                Some(if reply.ok { Ok(reply.data.clone()) } else { Err(reply.error.clone().unwrap()) })
            }
            _ => None,
        })
        .await
    }
}

fn clock() -> Timestamp {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp::from_nanos(u64::try_from(now.as_nanos()).unwrap())
}

/// A microsecond pcap of packets of 60 bytes, one a second: Ethernet of an unknown type.
fn pcap(packets: u32) -> Vec<u8> {
    let mut file = [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat();
    for number in 0..packets {
        file.extend([1_700_000_000 + number, 0, 60, 60].map(u32::to_le_bytes).concat());
        file.extend([&[2; 12], &[0x88, 0xb5][..], &[7; 46]].concat());
    }
    file
}

#[tokio::test]
async fn a_capture_is_uploaded_measured_looked_at_and_dropped() {
    let server = Running::start().await;
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

#[tokio::test]
async fn tools_read_state_interfaces_and_charts_over_http() {
    let running = Running::start().await;
    let get = async |path: &str| running.http(&format!("GET {path} HTTP/1.1\r\nHost: HOST"), b"").await;
    let body = |answer: &str| answer.split_once("\r\n\r\n").unwrap().1.to_owned();
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
    let interfaces: Vec<InterfaceRow> =
        serde_json::from_str(&body(&get("/api/v1/interfaces").await)).unwrap();
    assert!(interfaces.iter().any(|row| row.loopback));
}

#[tokio::test]
async fn what_is_not_understood_is_answered_and_the_rest_goes_on() {
    let server = Running::start().await;
    let mut viewer = server.viewer().await;
    viewer.say("what is this").await;
    assert!(matches!(viewer.next().await, Message::Error { .. }));
    viewer.say(r#"{"id":7,"command":"launch"}"#).await;
    assert!(matches!(viewer.next().await, Message::Reply(reply) if reply.id == 7 && !reply.ok));
    viewer.socket.send(Frame::binary(vec![1, 2, 3])).await.unwrap();
    assert!(matches!(viewer.next().await, Message::Error { .. }));
    let refused = viewer.ask(r#""command":"stop_capture""#).await;
    assert_eq!(refused, Err("no capture is running".into()));
    let refused = viewer.ask(r#""command":"start_capture","source":{"interface":"no-such-link"}"#).await;
    assert!(refused.unwrap_err().starts_with("no interface is called \"no-such-link\""));
    let found = viewer.ask(r#""command":"get_interfaces""#).await;
    assert!(matches!(found, Ok(Some(ReplyData::Interfaces(rows))) if rows.iter().any(|row| row.loopback)));

    // Larger than any command: this viewer is let go, another is not touched.
    let mut other = server.viewer().await;
    let _ = viewer.socket.send(Frame::text("x".repeat(100_000))).await;
    while let Some(Ok(_)) = viewer.socket.next().await {}
    assert!(other.ask(r#""command":"get_status""#).await.is_ok());
}

#[tokio::test]
async fn an_upload_that_is_too_large_is_refused_and_leaves_nothing() {
    let server = Running::start().await;
    let head = "POST /api/v1/captures HTTP/1.1\r\nHost: HOST";
    let answer = server.http(head, &vec![0; 100_001]).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("--upload-max"), "{answer}");
    let kept = std::fs::read_dir(server.folder.path().join("uploads")).unwrap().count();
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn strangers_are_refused_on_a_real_socket() {
    let server = Running::start().await;
    for (head, status) in [
        ("GET / HTTP/1.1\r\nHost: evil.example", "200"),
        ("GET /healthz HTTP/1.1\r\nHost: evil.example", "200"),
        ("GET /api/v1/nothing HTTP/1.1\r\nHost: HOST", "404"),
        ("GET /api/v1/stream HTTP/1.1\r\nHost: evil.example", "403"),
        ("POST /api/v1/captures HTTP/1.1\r\nHost: HOST\r\nOrigin: http://evil.example", "403"),
        ("POST /api/v1/captures HTTP/1.1\r\nHost: HOST\r\nOrigin: null", "403"),
    ] {
        let answer = server.http(head, b"").await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
        assert!(answer.contains("x-content-type-options: nosniff"), "{head}: {answer}");
    }
    let mut request = tokio_tungstenite::tungstenite::client::IntoClientRequest::into_client_request(
        format!("ws://127.0.0.1:{}/api/v1/stream", server.port),
    )
    .unwrap();
    request.headers_mut().insert("origin", "http://evil.example".parse().unwrap());
    assert!(connect_async(request).await.is_err());
}

#[tokio::test]
async fn viewers_are_told_when_the_program_ends() {
    let mut server = Running::start().await;
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
