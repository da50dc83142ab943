//! `/api/v1/stream`: one viewer.

mod pending;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message as Frame, Utf8Bytes, WebSocket, close_code};
use futures_util::{Sink, SinkExt as _, Stream, StreamExt as _};
use netsonde_messages::stream::{
    Command, Message, RefusalCode, Reply, ReplyData, Request, STREAM_VERSION, Topic,
};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

use self::pending::Pending;
use crate::commands::{Commands, STOP_PATIENCE};
use crate::hub::{Frames, Hub, text};
use crate::patience::Patience;

/// The largest message of a viewer, in bytes: a command with a long filter is far below.
pub(crate) const MAX_MESSAGE: usize = 64 << 10;
/// The longest reason that fits into a closing frame, in bytes (RFC 6455 section 5.5: 125, two of them the code).
const REASON_LENGTH: usize = 123;

/// What is known of one viewer.
struct Viewer {
    topics: Vec<Topic>,
    /// The publication it saw last: session and number.
    seen: (u64, u64),
    status: Utf8Bytes,
    /// Until when its first state may be held back for a session to end: as long as a stop may take.
    held_until: Option<Instant>,
}

/// Serves one viewer until it leaves, falls silent, or the program ends: when `ending` changes.
///
/// Nothing queues: at most the texts of one publication and a few answers wait for the viewer here, and what the
/// system buffers (`SEND_BUFFER`).
pub(crate) async fn serve(
    socket: WebSocket,
    hub: Hub,
    commands: Commands,
    patience: Patience,
    mut ending: watch::Receiver<()>,
) {
    let _counted = commands.viewer();
    let (out, mut coming) = socket.split();
    let mut out = Out { sink: out, patience: patience.send };
    let mut frames = hub.watch();
    let mut viewer =
        Viewer { topics: Vec::new(), seen: (0, 0), status: Utf8Bytes::default(), held_until: None };
    let mut pending = Pending::new(commands, hub.clone());
    let mut pings = interval_at(Instant::now() + patience.ping_every, patience.ping_every);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    let mut answers = vec![text(&hello())];
    let farewell = loop {
        for answer in answers.drain(..) {
            if !out.send(Frame::Text(answer)).await {
                return;
            }
        }
        let held_until = viewer.held_until;
        tokio::select! {
            // What a viewer said while a text was on its way to it counts before it is judged silent.
            biased;
            _ = ending.changed() => break Some((close_code::AWAY, "netsonde is shutting down".into())),
            frame = coming.next() => {
                heard = Instant::now();
                match frame {
                    Some(Ok(Frame::Text(request))) => {
                        answers = viewer.answer(&request, &hub, &mut frames, &mut pending);
                    }
                    Some(Ok(Frame::Binary(_))) => answers.push(wrong("a message is text, in JSON")),
                    Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
                    // What follows in the connection has no beginning any more.
                    Some(Err(error)) => break fault(&error),
                    Some(Ok(Frame::Close(_))) | None => break None,
                }
            }
            Some(reply) = pending.next() => answers = viewer.hear(reply, &hub, &frames),
            changed = frames.changed() => {
                if changed.is_err() {
                    return;
                }
                let newest = frames.borrow_and_update().clone();
                answers = viewer.follow(&newest, &hub);
            }
            () = sleep_until(held_until.unwrap_or(heard)), if held_until.is_some() => {
                let newest = frames.borrow_and_update().clone();
                answers = viewer.follow(&newest, &hub);
            }
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

impl Viewer {
    /// Returns what the newest publication means to the viewer.
    fn follow(&mut self, newest: &Frames, hub: &Hub) -> Vec<Utf8Bytes> {
        let mut answers = Vec::new();
        if self.status != newest.status {
            self.status = newest.status.clone();
            answers.push(newest.status.clone());
        }
        if let Some(until) = self.held_until {
            if !hub.is_stopping() || Instant::now() >= until {
                answers.push(self.begin(newest));
            }
            return answers;
        }
        let at = (newest.session, newest.sequence);
        if self.topics.is_empty() || at == self.seen {
            return answers;
        }
        let (session, sequence) = self.seen;
        if newest.session != session {
            answers.push(self.begin(newest));
        } else if newest.follows > sequence {
            // The points of the charts in what was missed are only in the whole.
            answers.push(text(&Message::Gap { skipped: newest.follows - sequence }));
            answers.push(self.begin(newest));
        } else if newest.sequence > sequence {
            self.seen = at;
            answers.extend(self.topics.iter().filter_map(|&topic| newest.topic(topic).cloned()));
        }
        answers
    }

    /// Returns the reply to a command that has been carried out.
    ///
    /// A session may end before the reply to its start is on its way: what is going on is said anew, behind it.
    fn hear(&mut self, mut reply: Reply, hub: &Hub, frames: &watch::Receiver<Arc<Frames>>) -> Vec<Utf8Bytes> {
        let Some(ReplyData::Status(status)) = &mut reply.data else {
            return vec![text(&Message::Reply(reply))];
        };
        *status = hub.status();
        self.status = frames.borrow().status.clone();
        vec![text(&Message::Reply(reply)), self.status.clone()]
    }

    fn begin(&mut self, newest: &Frames) -> Utf8Bytes {
        self.held_until = None;
        self.seen = (newest.session, newest.sequence);
        newest.whole(&self.topics)
    }

    /// Answers what is answered at once; the reply to everything else comes with `pending`.
    fn answer(
        &mut self,
        request: &str,
        hub: &Hub,
        frames: &mut watch::Receiver<Arc<Frames>>,
        pending: &mut Pending,
    ) -> Vec<Utf8Bytes> {
        let Request { id, command } = match serde_json::from_str(request) {
            Ok(request) => request,
            Err(error) => return vec![unreadable(request, &error)],
        };
        let reply = match command {
            Command::Subscribe { mut topics } => {
                topics.sort_unstable();
                topics.dedup();
                self.topics = topics;
                let reply = text(&Message::Reply(Reply::done(id, None)));
                if hub.is_stopping() {
                    self.held_until = Some(Instant::now() + STOP_PATIENCE);
                    return vec![reply];
                }
                let newest = frames.borrow_and_update().clone();
                return vec![reply, self.begin(&newest)];
            }
            Command::GetStatus => Some(Reply::done(id, Some(ReplyData::Status(hub.status())))),
            command => pending.begin(id, command),
        };
        reply.map(|reply| text(&Message::Reply(reply))).into_iter().collect()
    }
}

fn hello() -> Message {
    Message::Hello {
        stream_version: STREAM_VERSION,
        version: env!("CARGO_PKG_VERSION").into(),
        commit: crate::COMMIT.map(Into::into),
    }
}

/// Answers what cannot be read, with its `id` where that can.
fn unreadable(request: &str, error: &serde_json::Error) -> Utf8Bytes {
    let id =
        serde_json::from_str::<serde_json::Value>(request).ok().and_then(|value| value.get("id")?.as_u64());
    let sentence = format!("this message was not understood: {error}");
    match id {
        Some(id) => text(&Message::Reply(Reply::refused(id, RefusalCode::BadRequest, sentence))),
        None => wrong(&sentence),
    }
}

fn wrong(sentence: &str) -> Utf8Bytes {
    text(&Message::Error { message: sentence.into() })
}
