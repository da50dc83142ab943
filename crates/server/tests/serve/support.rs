//! A running server and those who talk to it.

use std::io::{PipeReader, PipeWriter, Write as _};
use std::net::SocketAddr;
use std::os::fd::AsRawFd as _;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, SystemTime};

use futures_util::{SinkExt as _, StreamExt as _};
use netsonde_messages::AssistantPreview;
use netsonde_messages::stream::{Message, ReplyData, State};
use netsonde_server::{DocumentForm, Documents, Patience, Server, ServerSettings, Written};
use netsonde_session::{Monitor, MonitorSettings, Origin, Start};
use netsonde_units::Timestamp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Far more than any step takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// The largest upload, in bytes.
pub(crate) const UPLOAD_MAX: u64 = 100_000;

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) start_url: String,
    pub(crate) monitor: Monitor,
    pub(crate) stop: Option<oneshot::Sender<()>>,
    pub(crate) ended: JoinHandle<std::io::Result<()>>,
    pub(crate) folder: tempfile::TempDir,
}

impl Running {
    /// Starts a server at a free port of 127.0.0.1.
    pub(crate) fn start() -> Self {
        Self::with(|_| {}).unwrap()
    }

    /// Starts a server with other settings than the usual ones.
    pub(crate) fn with(change: impl FnOnce(&mut ServerSettings)) -> std::io::Result<Self> {
        Self::with_both(change, |_| {})
    }

    /// Starts a server with other settings, and a monitor with others.
    pub(crate) fn with_both(
        change: impl FnOnce(&mut ServerSettings),
        change_monitor: impl FnOnce(&mut MonitorSettings),
    ) -> std::io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut settings = ServerSettings {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            allowed_hosts: Vec::new(),
            token: None,
            uploads: folder.path().join("uploads"),
            upload_max: UPLOAD_MAX,
            patience: Patience::default(),
        };
        change(&mut settings);
        std::fs::create_dir(&settings.uploads)?;
        let server = Server::listen(settings.clone())?.with_documents(Arc::new(Papers));
        let (address, start_url) = (SocketAddr::new(settings.listen.ip(), server.port()), server.start_url());
        let mut sessions = MonitorSettings {
            own_port: Some(address.port()),
            // A session that needs viewers ends with its last one.
            grace: Some(Duration::ZERO),
            ..MonitorSettings::new(clock)
        };
        change_monitor(&mut sessions);
        let monitor = Monitor::new(sessions)?;
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            let _ = stopped.await;
        };
        let ended = tokio::spawn(server.run(monitor.clone(), stopped));
        Ok(Self { address, start_url, monitor, stop: Some(stop), ended, folder })
    }

    /// Sends one HTTP request and returns status line, headers and body as one text.
    pub(crate) async fn http(&self, head: &str, body: &[u8]) -> String {
        let head = format!("{head}\r\nContent-Length: {}", body.len());
        self.say(&head, body).await
    }

    /// Sends a head, to which only `Connection` is added, and whatever follows it; returns the whole answer.
    pub(crate) async fn say(&self, head: &str, rest: &[u8]) -> String {
        let mut socket = self.begin(head).await;
        // The server may refuse before it has read all.
        let _ = socket.write_all(rest).await;
        answer(&mut socket).await
    }

    /// Sends a head only.
    pub(crate) async fn begin(&self, head: &str) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let head = head.replace("HOST", &self.address.to_string());
        socket.write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
        socket
    }

    pub(crate) async fn viewer(&self) -> Viewing {
        let (socket, _) = connect_async(format!("ws://{}/api/v1/stream", self.address)).await.unwrap();
        let mut viewer = Viewing { socket, id: 0 };
        assert!(matches!(viewer.next().await, Message::Hello { stream_version: 1, .. }));
        viewer
    }

    /// Begins a session that goes on until the value is dropped, with `packets` packets for its beginning.
    pub(crate) fn endless(&self, packets: u32) -> Endless {
        self.endless_for(packets, false)
    }

    /// Begins such a session, one that may need viewers.
    pub(crate) fn endless_for(&self, packets: u32, needs_viewers: bool) -> Endless {
        let (reader, mut writer) = std::io::pipe().unwrap();
        let path = format!("/proc/self/fd/{}", reader.as_raw_fd()).into();
        // More than a pipe holds, so the session must read meanwhile.
        let written = thread::spawn(move || {
            writer.write_all(&pcap(packets)).unwrap();
            writer
        });
        let origin = Origin::File { path, name: "endless".into(), speed: None };
        let start = Start { origin, filter: None, duration: None, needs_viewers };
        self.monitor.start(&start).unwrap();
        Endless { _writer: written.join().unwrap(), _reader: reader }
    }

    /// Stops the session and holds it there, with its last numbers told, until the value is dropped.
    pub(crate) async fn hold_stopping(&self) -> Stopping {
        let (let_go, held) = mpsc::channel();
        let (held, monitor) = (Mutex::new(held), self.monitor.clone());
        self.monitor.subscribe(move || {
            // The session says that it has ended once it has told of its last numbers.
            if monitor.status().state == State::Stopping {
                let _ = held.lock().unwrap().recv();
            }
        });
        let monitor = self.monitor.clone();
        let stopped = tokio::task::spawn_blocking(move || monitor.stop(PATIENCE).unwrap());
        until(|| self.monitor.status().state == State::Stopping).await;
        Stopping { let_go, stopped }
    }

    /// Lists what lies in the folder of uploads.
    pub(crate) fn uploads(&self) -> Vec<String> {
        let Ok(listing) = std::fs::read_dir(self.folder.path().join("uploads")) else { return Vec::new() };
        listing.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

/// Documents that say their form.
#[derive(Debug)]
struct Papers;

impl Documents for Papers {
    fn report(&self, form: DocumentForm) -> Option<Written> {
        Some(Written { name: "netsonde-office".into(), text: format!("{form:?}") })
    }

    fn content_policy(&self) -> &'static str {
        "default-src 'none'"
    }

    fn preview(&self) -> AssistantPreview {
        AssistantPreview { instructions: "say it".into(), ..AssistantPreview::default() }
    }
}

/// Reads until the server closes.
pub(crate) async fn answer(socket: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, socket.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Waits until something is so.
pub(crate) async fn until(is_so: impl Fn() -> bool) {
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    let looking = async {
        while !is_so() {
            looks.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.unwrap();
}

/// A session that is held while it stops.
pub(crate) struct Stopping {
    let_go: mpsc::Sender<()>,
    stopped: JoinHandle<()>,
}

impl Stopping {
    /// Lets it end, and waits until it has.
    pub(crate) async fn end(self) {
        drop(self.let_go);
        self.stopped.await.unwrap();
    }
}

/// A session that goes on.
pub(crate) struct Endless {
    _writer: PipeWriter,
    /// Until the session has opened its own.
    _reader: PipeReader,
}

pub(crate) struct Viewing {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    id: u64,
}

impl Viewing {
    pub(crate) async fn say(&mut self, text: &str) {
        self.socket.send(Frame::text(text)).await.unwrap();
    }

    pub(crate) async fn next(&mut self) -> Message {
        loop {
            let frame = tokio::time::timeout(PATIENCE, self.socket.next()).await.unwrap().unwrap().unwrap();
            if let Frame::Text(text) = frame {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    pub(crate) async fn until<T>(&mut self, mut wanted: impl FnMut(&Message) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(&self.next().await) {
                return found;
            }
        }
    }

    /// Asks, and returns what the reply brings, or its error.
    pub(crate) async fn ask(&mut self, command: &str) -> Result<Option<ReplyData>, String> {
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

    /// Subscribes to the totals.
    pub(crate) async fn watch_totals(&mut self) {
        self.ask(r#""command":"subscribe","topics":["totals"]"#).await.unwrap();
        self.until(|message| matches!(message, Message::InitialState(_)).then_some(())).await;
    }

    /// Waits for `count` updates, none of which may be missing.
    pub(crate) async fn follow(&mut self, count: u64) {
        let mut first = None;
        self.until(|message| match message {
            Message::Update { sequence, .. } => {
                let first = *first.get_or_insert(*sequence);
                (*sequence + 1 >= first + count).then_some(())
            }
            Message::Gap { .. } => panic!("this viewer reads and misses nothing"),
            _ => None,
        })
        .await;
    }
}

pub(crate) fn clock() -> Timestamp {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp::from_nanos(u64::try_from(now.as_nanos()).unwrap())
}

/// A microsecond pcap of packets of 60 bytes, one a second: Ethernet of an unknown type.
pub(crate) fn pcap(packets: u32) -> Vec<u8> {
    let mut file = [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat();
    for number in 0..packets {
        file.extend([1_700_000_000 + number, 0, 60, 60].map(u32::to_le_bytes).concat());
        file.extend([&[2; 12], &[0x88, 0xb5][..], &[7; 46]].concat());
    }
    file
}
