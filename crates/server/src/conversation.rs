//! What every viewer's WebSocket has in common: what comes in, what goes out, and who is gone.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message as Frame, Utf8Bytes, WebSocket, close_code};
use futures_util::{Sink, SinkExt as _, Stream, StreamExt as _};
use netsonde_messages::stream::Reply;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

use crate::patience::Patience;
use crate::pending::Pending;

/// The largest message of a viewer, in bytes: a command with a long filter is far below.
pub(crate) const MAX_MESSAGE: usize = 64 << 10;
/// The longest reason that fits into a closing frame, in bytes (RFC 6455 section 5.5: 125, two of them the code).
const REASON_LENGTH: usize = 123;

/// Our side of a protocol, with what is known of one viewer.
pub(crate) trait Speaker {
    /// What the viewer follows.
    type News;

    /// Returns what is said before anything is heard.
    fn greet(&mut self) -> Vec<Utf8Bytes>;
    /// Returns what is said at once to a message of the viewer.
    fn answer(&mut self, request: &str) -> Vec<Utf8Bytes>;
    /// Says what is wrong with a message that is no text.
    fn wrong(&self, sentence: &str) -> Utf8Bytes;
    /// Returns what the newest state means to the viewer.
    fn follow(&mut self, newest: &Self::News) -> Vec<Utf8Bytes>;
    /// Returns the commands of the viewer that are being carried out.
    fn pending(&mut self) -> &mut Pending;
    /// Returns what is said of a command that has been carried out.
    fn hear(&mut self, reply: Reply) -> Vec<Utf8Bytes>;
    /// Returns when to say something though nothing happened.
    fn due(&self) -> Option<Instant>;
    /// Returns what is said then.
    fn overdue(&mut self) -> Vec<Utf8Bytes>;
}

/// Serves one viewer until it leaves, falls silent, or the program ends: when `ending` changes.
///
/// Nothing queues: at most the texts of one publication and a few answers wait for the viewer here, and what the
/// system buffers (`SEND_BUFFER`).
pub(crate) async fn hold<S: Speaker>(
    socket: WebSocket,
    mut speaker: S,
    mut news: watch::Receiver<Arc<S::News>>,
    patience: Patience,
    mut ending: watch::Receiver<()>,
) {
    let (out, mut coming) = socket.split();
    let mut out = Out { sink: out, patience: patience.send };
    let mut pings = interval_at(Instant::now() + patience.ping_every, patience.ping_every);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    let mut answers = speaker.greet();
    let farewell = loop {
        for answer in answers.drain(..) {
            if !out.send(Frame::Text(answer)).await {
                return;
            }
        }
        let due = speaker.due();
        tokio::select! {
            // What a viewer said while a text was on its way to it counts before it is judged silent.
            biased;
            _ = ending.changed() => break Some((close_code::AWAY, "netsonde is shutting down".into())),
            frame = coming.next() => {
                heard = Instant::now();
                match frame {
                    Some(Ok(Frame::Text(request))) => answers = speaker.answer(&request),
                    Some(Ok(Frame::Binary(_))) => answers.push(speaker.wrong("a message is text, in JSON")),
                    Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
                    // What follows in the connection has no beginning any more.
                    Some(Err(error)) => break fault(&error),
                    Some(Ok(Frame::Close(_))) | None => break None,
                }
            }
            Some(reply) = speaker.pending().next() => answers = speaker.hear(reply),
            changed = news.changed() => {
                if changed.is_err() {
                    return;
                }
                let newest = news.borrow_and_update().clone();
                answers = speaker.follow(&newest);
            }
            () = sleep_until(due.unwrap_or(heard)), if due.is_some() => answers = speaker.overdue(),
            _ = pings.tick() => {
                if heard.elapsed() > patience.silence || !out.send(Frame::Ping(Vec::new().into())).await {
                    return;
                }
            }
        }
    };
    if let Some((code, reason)) = farewell {
        out.say_why(code, &reason).await;
    }
    out.close(patience.farewell, &mut coming).await;
}

/// The way to a viewer.
struct Out<S> {
    sink: S,
    /// How long one frame may take.
    patience: Duration,
}

impl<S: Sink<Frame> + Unpin> Out<S> {
    /// Sends a frame; false where the viewer does not take it.
    async fn send(&mut self, frame: Frame) -> bool {
        matches!(tokio::time::timeout(self.patience, self.sink.send(frame)).await, Ok(Ok(())))
    }

    /// Says why the connection ends; a viewer that does not hear it is gone anyway.
    async fn say_why(&mut self, code: u16, reason: &str) {
        let reason = reason.get(..reason.floor_char_boundary(REASON_LENGTH)).unwrap_or_default();
        self.send(Frame::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
    }

    /// Ends the closing handshake (RFC 6455 section 5.5.1): answers the viewer's closing frame, or hears its answer.
    async fn close<T: Stream + Unpin>(&mut self, patience: Duration, coming: &mut T) {
        let closing = async {
            // The answer to a closing frame waits to be flushed.
            let _ = self.sink.close().await;
            while coming.next().await.is_some() {}
        };
        let _ = tokio::time::timeout(patience, closing).await;
    }
}

/// Returns what to say of a broken connection (RFC 6455 section 7.4.1); nothing where nobody is there to hear it.
fn fault(error: &axum::Error) -> Option<(u16, String)> {
    let error = error.to_string();
    // The kind of fault is only in its words, those of tungstenite.
    let code = match error.split_once(':').map_or(error.as_str(), |(kind, _)| kind) {
        "Space limit exceeded" => close_code::SIZE,
        "WebSocket protocol error" => close_code::PROTOCOL,
        "UTF-8 encoding error" => close_code::INVALID,
        _ => return None,
    };
    Some((code, format!("not understood: {error}")))
}
