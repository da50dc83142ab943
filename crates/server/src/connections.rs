//! Connections: how many there may be, and how long one may keep us waiting for its request.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// The most connections that ask for something, or may yet; viewers are counted apart.
///
/// Together they stay far below the 1,024 files that a system usually lets a program have open.
pub const MAX_CONNECTIONS: usize = 256;
/// The most viewers.
pub const MAX_VIEWERS: usize = 200;
/// The longest head of a request, in bytes; a browser's is a tenth of it.
const MAX_HEAD: usize = 32 << 10;
/// How often it is logged that there are too many.
const LOG_EVERY: Duration = Duration::from_mins(1);
/// How long nothing is taken after the system could not hand over a connection, so that this does not spin.
const PAUSE: Duration = Duration::from_millis(100);
/// What a connection beyond the bound is told.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nconnection: close\r\n\
    retry-after: 1\r\ncontent-length: 65\r\n\r\n{\"error\":\"too many connections at the moment: try again shortly\"}";

/// The address of this machine that a connection came in at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrived(pub(crate) IpAddr);

/// Answers connections until the program ends; those that it has taken go on for themselves.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    head: Duration,
    mut ending: watch::Receiver<()>,
) {
    let mut room = Room::default();
    loop {
        let accepted = tokio::select! {
            biased;
            _ = ending.changed() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((socket, _)) => match room.place() {
                Some(place) => {
                    tokio::spawn(answer(socket, router.clone(), place, head, ending.clone()));
                }
                // Whoever does not take it at once hears nothing.
                None => drop(SockRef::from(&socket).send(FULL)),
            },
            Err(error) if is_gone(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "cannot take a connection");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Answers the requests of one connection.
async fn answer(
    socket: TcpStream,
    router: Router,
    place: Arc<Place>,
    head: Duration,
    mut ending: watch::Receiver<()>,
) {
    // Where the system does not tell, the connection is gone.
    let arrived = Arrived(socket.local_addr().map_or(Ipv4Addr::UNSPECIFIED.into(), |address| address.ip()));
    let router = TowerToHyperService::new(router);
    let asking = Arc::clone(&place);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        asking.asked.store(true, Ordering::Relaxed);
        request.extensions_mut().insert(ConnectInfo(arrived));
        router.call(request.map(Body::new))
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(MAX_HEAD);
    let mut connection = pin!(http.serve_connection(TokioIo::new(socket), service).with_upgrades());
    let mut is_ending = false;
    loop {
        tokio::select! {
            // What breaks a connection is its peer's affair.
            _ = connection.as_mut() => return,
            () = place.leave.notified() => {
                if !place.asked.load(Ordering::Relaxed) {
                    return;
                }
            }
            _ = ending.changed(), if !is_ending => {
                is_ending = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// The connections that are there.
#[derive(Debug, Default)]
struct Room {
    /// Oldest first; those that ended are swept out when there is no more room.
    places: VecDeque<Weak<Place>>,
    logged: Option<Instant>,
}

/// What is known of one connection.
#[derive(Debug, Default)]
struct Place {
    /// Whether a whole head of a request has come in.
    asked: AtomicBool,
    leave: Notify,
}

impl Room {
    /// Returns a place for a new connection, if need be that of the oldest that has not asked for anything.
    fn place(&mut self) -> Option<Arc<Place>> {
        if self.places.len() >= MAX_CONNECTIONS {
            self.places.retain(|place| place.strong_count() > 0);
        }
        if self.places.len() >= MAX_CONNECTIONS {
            self.log();
            let silent = |place: &Place| !place.asked.load(Ordering::Relaxed);
            let oldest =
                self.places.iter().position(|place| place.upgrade().is_some_and(|at| silent(&at)))?;
            if let Some(place) = self.places.remove(oldest).and_then(|place| place.upgrade()) {
                place.leave.notify_one();
            }
        }
        let place = Arc::<Place>::default();
        self.places.push_back(Arc::downgrade(&place));
        Some(place)
    }

    fn log(&mut self) {
        if self.logged.is_none_or(|logged| logged.elapsed() >= LOG_EVERY) {
            self.logged = Some(Instant::now());
            tracing::warn!(
                connections = MAX_CONNECTIONS,
                "as many connections as there may be: some are closed"
            );
        }
    }
}

/// Tells whether only the one connection is at fault.
fn is_gone(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_room_lets_the_oldest_that_has_not_asked_go() {
        let mut room = Room::default();
        let places: Vec<_> = (0..MAX_CONNECTIONS).map(|_| room.place().unwrap()).collect();
        places[0].asked.store(true, Ordering::Relaxed);
        let another = room.place().unwrap();
        assert_eq!(room.places.len(), MAX_CONNECTIONS);
        let stay = |place: &Arc<Place>| room.places.iter().any(|held| held.as_ptr() == Arc::as_ptr(place));
        assert!(stay(&places[0]) && !stay(&places[1]) && stay(&places[2]) && stay(&another));
        for place in places.iter().chain([&another]) {
            place.asked.store(true, Ordering::Relaxed);
        }
        assert!(room.place().is_none());
        drop(places);
        assert!(room.place().is_some());
    }

    #[test]
    fn the_refusal_is_as_long_as_it_says() {
        let text = str::from_utf8(FULL).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("content-length: {}", body.len())), "{}", body.len());
    }
}
