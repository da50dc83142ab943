//! The dashboard on one port: pages, the stream, uploads, and who may come in (design document: `websocket_server`).
//!
//! It knows no packets: what it says comes from the session's monitor, in the types of the messages.

#![forbid(unsafe_code)]

mod access;
mod commands;
mod hub;
mod pages;
mod random;
mod stream;
mod tools;
mod uploads;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request, State, WebSocketUpgrade};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::{any, get, post};
use axum::{Json, Router};
use netsonde_session::Monitor;
use tokio::net::TcpListener;
use tokio::sync::watch;

use self::access::{Access, Asked, LOGIN};
use self::commands::Commands;
use self::hub::Hub;

/// The commit the program was built from, where the build knew it.
pub(crate) const COMMIT: Option<&str> = option_env!("NETSONDE_COMMIT");

/// The name of the cookie that a login sets.
const COOKIE: &str = "netsonde";
/// Bytes of a token or a cookie's secret.
const SECRET_BYTES: usize = 24;

/// What a server is told.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Names beside this machine's own that requests may be addressed to.
    pub allowed_hosts: Vec<String>,
    /// What strangers must show; one is made where none is given. Unused while only this machine can connect.
    pub token: Option<String>,
    /// The folder for uploaded captures.
    pub uploads: PathBuf,
    /// The largest upload, in bytes.
    pub upload_max: u64,
}

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    access: Arc<Access>,
    settings: ServerSettings,
}

#[derive(Clone, Debug)]
struct Shared {
    hub: Hub,
    commands: Commands,
    access: Arc<Access>,
    settings: Arc<ServerSettings>,
    /// Ends with the program, for viewers to be told.
    ending: watch::Receiver<()>,
}

impl Server {
    /// Listens.
    ///
    /// # Errors
    ///
    /// When the address cannot be had, because another program has it, for instance.
    pub async fn listen(settings: ServerSettings) -> io::Result<Self> {
        let listener = TcpListener::bind(settings.listen).await?;
        let address = listener.local_addr()?;
        let token = settings.token.clone().unwrap_or_else(|| random::text(SECRET_BYTES));
        let secret = random::text(SECRET_BYTES);
        let access = Arc::new(Access::new(address, settings.allowed_hosts.clone(), token, secret));
        Ok(Self { listener, address, access, settings })
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

    /// Answers until `stop` is done; what is being answered then is finished.
    ///
    /// # Errors
    ///
    /// When listening breaks.
    pub async fn run(
        self,
        monitor: Monitor,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let (running, ending) = watch::channel(());
        let shared = Shared {
            hub: Hub::start(monitor.clone()),
            commands: Commands::new(monitor),
            access: self.access,
            settings: Arc::new(self.settings),
            ending,
        };
        let stopped = async move {
            stop.await;
            drop(running);
        };
        axum::serve(self.listener, router(shared)).with_graceful_shutdown(stopped).await
    }
}

fn router(shared: Shared) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/api/v1/stream", any(stream))
        .route("/api/v1/status", get(tools::status))
        .route("/api/v1/interfaces", get(tools::interfaces))
        .route("/api/v1/metrics/history", get(tools::history))
        .route("/api/v1/captures", post(upload).layer(DefaultBodyLimit::disable()))
        .route(LOGIN, post(login))
        .route("/api/{*rest}", any(nothing))
        .fallback(get(page))
        .layer(middleware::from_fn_with_state(shared.clone(), guard))
        .with_state(shared)
}

/// Lets requests in, and puts the headers on every answer.
async fn guard(State(shared): State<Shared>, request: Request, next: Next) -> Response<Body> {
    let headers = request.headers();
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let asked = Asked {
        path: request.uri().path(),
        is_upgrade: headers.contains_key(header::UPGRADE),
        host: text(header::HOST),
        // One that is no text is no origin of ours.
        origin: headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or("")),
        bearer: text(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer ")),
        cookie: text(header::COOKIE).and_then(cookie),
    };
    let mut response = match shared.access.judge(&asked) {
        Ok(()) => next.run(request).await,
        Err(denied) => {
            let status = StatusCode::from_u16(denied.status()).unwrap_or(StatusCode::FORBIDDEN);
            problem(status, &denied.to_string())
        }
    };
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ] {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

async fn healthz() -> Response<Body> {
    json(StatusCode::OK, serde_json::json!({ "version": env!("CARGO_PKG_VERSION"), "commit": COMMIT }))
}

async fn page(uri: Uri, headers: HeaderMap) -> Response<Body> {
    pages::page(uri.path(), &headers)
}

async fn nothing() -> Response<Body> {
    problem(StatusCode::NOT_FOUND, "there is nothing at this path of the interface")
}

async fn stream(State(shared): State<Shared>, upgrade: WebSocketUpgrade) -> Response<Body> {
    let upgrade = upgrade.max_message_size(stream::MAX_MESSAGE).max_frame_size(stream::MAX_MESSAGE);
    upgrade.on_upgrade(move |socket| stream::serve(socket, shared.hub, shared.commands, shared.ending))
}

async fn upload(State(shared): State<Shared>, headers: HeaderMap, body: Body) -> Response<Body> {
    let settings = &shared.settings;
    match uploads::keep(body, &headers, &settings.uploads, settings.upload_max).await {
        Ok((id, upload)) => {
            shared.commands.add_upload(id.clone(), upload);
            json(StatusCode::CREATED, serde_json::json!({ "id": id }))
        }
        Err(refused) => problem(refused.status(), &refused.to_string()),
    }
}

async fn login(State(shared): State<Shared>, body: Bytes) -> Response<Body> {
    let offered = serde_json::from_slice::<serde_json::Value>(&body).unwrap_or_default();
    let offered = offered.get("token").and_then(serde_json::Value::as_str).unwrap_or_default();
    if !shared.access.is_token(offered) {
        return problem(StatusCode::UNAUTHORIZED, "that is not the token");
    }
    let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict", shared.access.secret());
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Returns the value of our cookie.
fn cookie(header: &str) -> Option<&str> {
    header.split(';').find_map(|one| one.trim().strip_prefix(COOKIE)?.strip_prefix('='))
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
