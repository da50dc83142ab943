//! The dashboard on one port: pages, the stream, uploads, and who may come in (design document: `websocket_server`).
//!
//! It knows no packets: what it says comes from the session's monitor, in the types of the messages.

#![forbid(unsafe_code)]

mod access;
mod commands;
mod connections;
mod conversation;
mod csv;
mod documents;
mod hosts;
mod hub;
mod netpulse;
mod pages;
mod patience;
mod pending;
mod random;
mod stream;
mod tools;
mod uploads;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State, WebSocketUpgrade};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::{any, get, post};
use axum::{Json, Router};
use netsonde_session::Monitor;
use socket2::{Domain, Socket, Type};
use tokio::sync::{Semaphore, watch};

pub use self::access::HEALTH;
use self::access::{Access, Asked, LOGIN, NETPULSE};
use self::commands::Commands;
use self::connections::Arrived;
pub use self::connections::{MAX_CONNECTIONS, MAX_VIEWERS};
use self::conversation::Speaker;
pub use self::documents::{DocumentForm, Documents, Written};
use self::hub::Hub;
use self::netpulse::Pulse;
pub use self::patience::Patience;
use self::uploads::Uploads;

/// The commit the program was built from, where the build knew it.
pub(crate) const COMMIT: Option<&str> = match option_env!("NETSONDE_COMMIT") {
    Some(commit) if !commit.is_empty() => Some(commit),
    // Sources without their history know none.
    _ => None,
};

/// What a server calls itself at [`HEALTH`], by which another program knows it for one of us.
pub const PROGRAM: &str = "netsonde";

/// Bytes of a token or a cookie's secret.
const SECRET_BYTES: usize = 24;
/// What the system may buffer for each connection, in bytes; Linux takes twice as much for what it notes beside.
///
/// Left to itself it buffers megabytes: a viewer that comes back from a pause would be shown the past first.
const SEND_BUFFER: usize = 128 << 10;
/// What is read of a viewer at a time, in bytes; its commands are small.
const READ_BUFFER: usize = 4 << 10;
/// The largest body of a login, in bytes; a token is a hundredth of it.
const MAX_LOGIN: usize = 4 << 10;
/// How many connections may wait to be taken.
const BACKLOG: i32 = 1024;

/// Returns the folder that the pages are read from while they are worked on; none where they are inside the program,
/// as in every release.
pub fn pages_on_disk() -> Option<&'static Path> {
    cfg!(debug_assertions).then_some(Path::new(pages::FOLDER))
}

/// Tells whether there are pages to serve: a program may be built without them.
pub fn has_pages() -> bool {
    pages::exist()
}

/// What a server is told.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Names beside this machine's own that requests may be addressed to, each `NAME` or `NAME:PORT`.
    pub allowed_hosts: Vec<String>,
    /// What strangers must show; one is made where none is given. Unused while only this machine can connect.
    pub token: Option<String>,
    /// The folder for uploaded captures.
    pub uploads: PathBuf,
    /// The largest upload, in bytes; all that are kept together may take four times as much.
    pub upload_max: u64,
    /// How long others may take.
    pub patience: Patience,
}

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    access: Arc<Access>,
    settings: ServerSettings,
    documents: Option<Arc<dyn Documents>>,
}

#[derive(Clone, Debug)]
struct Shared {
    hub: Hub,
    pulse: Pulse,
    commands: Commands,
    uploads: Uploads,
    documents: Option<Arc<dyn Documents>>,
    access: Arc<Access>,
    patience: Patience,
    /// One permit a viewer.
    viewers: Arc<Semaphore>,
    /// Changes when the program ends, for viewers to be told.
    ending: watch::Receiver<()>,
}

impl Server {
    /// Listens: who connects waits until the server runs.
    ///
    /// # Errors
    ///
    /// When the address cannot be had, because another program has it, for instance.
    pub fn listen(settings: ServerSettings) -> io::Result<Self> {
        let listener = listener(settings.listen)?;
        let address = listener.local_addr()?;
        let token = settings.token.clone().unwrap_or_else(|| random::text(SECRET_BYTES));
        let secret = random::text(SECRET_BYTES);
        let access = Arc::new(Access::new(address, &settings.allowed_hosts, token, secret));
        Ok(Self { listener, address, access, settings, documents: None })
    }

    /// Hands over what writes documents; without it there are none.
    #[must_use]
    pub fn with_documents(self, documents: Arc<dyn Documents>) -> Self {
        Self { documents: Some(documents), ..self }
    }

    /// Returns the port.
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns the address to open, with the token that it takes.
    pub fn start_url(&self) -> String {
        match self.access.token() {
            Some(token) => format!("http://{}/#token={token}", self.address),
            None => format!("http://{}", self.address),
        }
    }

    /// Answers until `stop` is done; what is being answered then has a moment to be finished.
    ///
    /// # Errors
    ///
    /// When listening breaks.
    pub async fn run(
        self,
        monitor: Monitor,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let ServerSettings { uploads, upload_max, patience, .. } = self.settings;
        let (end, ending) = watch::channel(());
        let uploads = Uploads::new(uploads, upload_max, patience.upload_pause);
        let shared = Shared {
            hub: Hub::start(monitor.clone()),
            pulse: Pulse::start(monitor.clone()),
            commands: Commands::new(monitor, uploads.clone()),
            uploads,
            documents: self.documents,
            access: self.access,
            patience,
            viewers: Arc::new(Semaphore::new(MAX_VIEWERS)),
            ending: ending.clone(),
        };
        let served = async {
            connections::serve(listener, router(shared), patience.head, ending).await;
            // The viewers are told meanwhile; each holds a receiver until it is.
            end.closed().await;
        };
        let too_long = async {
            stop.await;
            end.send_replace(());
            tokio::time::sleep(patience.farewell).await;
        };
        tokio::select! {
            () = served => {}
            () = too_long => {}
        }
        Ok(())
    }
}

/// Listens; connections inherit what is set on the socket.
fn listener(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // A program that ended a moment ago must not keep the port.
    socket.set_reuse_address(true)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    // Replies are small and must not wait for one another.
    socket.set_tcp_nodelay(true)?;
    // The runtime that will answer never blocks on it.
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn router(shared: Shared) -> Router {
    Router::new()
        .route(NETPULSE, get(root))
        .route(HEALTH, get(healthz))
        .route("/api/v1/stream", any(stream))
        .route("/api/v1/status", get(tools::status))
        .route("/api/v1/interfaces", get(tools::interfaces))
        .route("/api/v1/metrics/history", get(tools::history))
        .route("/api/v1/summaries", get(tools::summaries))
        .route("/api/v1/findings", get(tools::findings))
        .route("/api/v1/report.html", get(documents::html))
        .route("/api/v1/report.md", get(documents::markdown))
        .route("/api/v1/report.json", get(documents::data))
        .route("/api/v1/report.csv", get(documents::table))
        .route("/api/v1/assistant/preview", get(documents::preview))
        .route("/api/v1/apps", get(tools::apps))
        .route("/api/v1/calls", get(tools::calls))
        .route("/api/v1/streams/{id}", get(tools::stream))
        .route("/api/v1/rules", get(tools::rules))
        .route("/api/v1/flows", get(tools::flows))
        .route("/api/v1/flows/{id}", get(tools::flow))
        .route("/api/v1/hosts", get(hosts::hosts))
        .route("/api/v1/hosts.csv", get(hosts::table))
        .route("/api/v1/hosts/{address}", get(hosts::host))
        .route("/api/v1/places", get(hosts::places))
        .route("/api/v1/captures", post(upload).layer(DefaultBodyLimit::disable()))
        .route(LOGIN, post(login))
        .route("/api", any(nothing))
        .route("/api/", any(nothing))
        .route("/api/{*rest}", any(nothing))
        .method_not_allowed_fallback(wrong_method)
        .fallback(get(page))
        .layer(middleware::from_fn_with_state(shared.clone(), guard))
        .with_state(shared)
}

/// Lets requests in, and puts the headers on every answer.
async fn guard(
    State(shared): State<Shared>,
    ConnectInfo(Arrived(arrived_at)): ConnectInfo<Arrived>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let asked = Asked { target: request.uri(), headers: request.headers(), arrived_at };
    let mut response = match shared.access.judge(&asked) {
        Ok(()) => next.run(request).await,
        Err(denied) => {
            let status = StatusCode::from_u16(denied.status()).unwrap_or(StatusCode::FORBIDDEN);
            if access::is_interface(asked.target.path()) {
                problem(status, &denied.to_string())
            } else {
                pages::text(status, format!("{denied}\n"))
            }
        }
    };
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ] {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // The report is shown in a frame of ours, and says so itself.
    response.headers_mut().entry(header::X_FRAME_OPTIONS).or_insert(HeaderValue::from_static("DENY"));
    response
}

async fn healthz() -> Response<Body> {
    let health = serde_json::json!({
        "program": PROGRAM, "version": env!("CARGO_PKG_VERSION"), "commit": COMMIT
    });
    json(StatusCode::OK, health)
}

async fn page(uri: Uri, headers: HeaderMap) -> Response<Body> {
    pages::page(uri.path(), &headers)
}

/// Two live here: NetPulse's client asks for a WebSocket, browsers for a page.
async fn root(
    State(shared): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response<Body> {
    if !access::asks_for_websocket(&headers) {
        return pages::page(uri.path(), &headers);
    }
    let (pulse, commands, patience) = (shared.pulse.clone(), shared.commands.clone(), shared.patience.report);
    let news = pulse.watch();
    viewer(shared, upgrade, news, move || netpulse::Viewer::new(pulse, commands, patience))
}

async fn nothing() -> Response<Body> {
    problem(StatusCode::NOT_FOUND, "there is nothing at this path of the interface")
}

async fn wrong_method() -> Response<Body> {
    problem(
        StatusCode::METHOD_NOT_ALLOWED,
        "this path does not answer to that method; Allow lists those it does",
    )
}

async fn stream(
    State(shared): State<Shared>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response<Body> {
    let (hub, commands) = (shared.hub.clone(), shared.commands.clone());
    let news = hub.watch();
    viewer(shared, upgrade, news, || stream::Viewer::new(hub, commands))
}

/// Takes in a viewer, whatever protocol it speaks.
fn viewer<S: Speaker<News: Send + Sync> + Send + 'static>(
    shared: Shared,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    news: watch::Receiver<Arc<S::News>>,
    speaker: impl FnOnce() -> S + Send + 'static,
) -> Response<Body> {
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade
            .max_message_size(conversation::MAX_MESSAGE)
            .max_frame_size(conversation::MAX_MESSAGE)
            .read_buffer_size(READ_BUFFER),
        Err(rejection) => return problem(rejection.status(), "this path speaks WebSocket (RFC 6455) only"),
    };
    let Shared { commands, patience, viewers, ending, .. } = shared;
    let Ok(place) = viewers.try_acquire_owned() else {
        let sentence = format!("{MAX_VIEWERS} viewers are here, as many as there may be: close one first");
        return problem(StatusCode::SERVICE_UNAVAILABLE, &sentence);
    };
    upgrade.on_upgrade(async move |socket| {
        let counted = commands.viewer();
        conversation::hold(socket, speaker(), news, patience, ending).await;
        drop((counted, place));
    })
}

async fn upload(State(shared): State<Shared>, headers: HeaderMap, body: Body) -> Response<Body> {
    match shared.uploads.take(&headers, body).await {
        Ok(id) => json(StatusCode::CREATED, serde_json::json!({ "id": id })),
        Err(refused) => problem(refused.status(), &refused.to_string()),
    }
}

async fn login(State(shared): State<Shared>, body: Body) -> Response<Body> {
    let body = match tokio::time::timeout(shared.patience.head, to_bytes(body, MAX_LOGIN)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => {
            return problem(
                StatusCode::PAYLOAD_TOO_LARGE,
                "a login is a JSON object with the token, at most 4 KiB",
            );
        }
        Err(_) => return problem(StatusCode::REQUEST_TIMEOUT, "the login did not come to its end in time"),
    };
    let offered = serde_json::from_slice::<serde_json::Value>(&body).unwrap_or_default();
    let offered = offered.get("token").and_then(serde_json::Value::as_str).unwrap_or_default();
    if !shared.access.is_token(offered) {
        return problem(StatusCode::UNAUTHORIZED, "that is not the token");
    }
    let (name, secret) = (shared.access.cookie(), shared.access.secret());
    let cookie = format!("{name}={secret}; Path=/; HttpOnly; SameSite=Strict");
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

fn problem(status: StatusCode, sentence: &str) -> Response<Body> {
    json(status, serde_json::json!({ "error": sentence }))
}

/// Answers in JSON that nobody may keep: the next answer differs.
fn json<T>(status: StatusCode, value: T) -> Response<Body>
where
    Json<T>: IntoResponse,
{
    let mut response = (status, Json(value)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
