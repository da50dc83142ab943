//! `/api/v1/stream`: one viewer.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message as Frame, Utf8Bytes, WebSocket, close_code};
use futures_util::{Sink, SinkExt as _, StreamExt as _};
use netsonde_messages::stream::{Command, Message, RefusalCode, Reply, Request, STREAM_VERSION, Topic};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::commands::Commands;
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
}

/// Serves one viewer until it leaves, falls silent, or the program ends: when the sender of `ending` is dropped.
///
/// Nothing queues: at most the texts of one publication wait for the viewer here, and what the system buffers
/// (`SEND_BUFFER`).
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
    let mut viewer = Viewer { topics: Vec::new(), seen: (0, 0), status: Utf8Bytes::default() };
    let mut pings = interval_at(Instant::now() + patience.ping_every, patience.ping_every);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    let mut answers = vec![text(&hello())];
    loop {
        for answer in answers.drain(..) {
            if !out.send(Frame::Text(answer)).await {
                return;
            }
        }
        tokio::select! {
            // What a viewer said while a text was on its way to it counts before it is judged silent.
            biased;
            _ = ending.changed() => {
                out.close(close_code::AWAY, "netsonde is shutting down").await;
                return;
            }
            frame = coming.next() => {
                heard = Instant::now();
                match frame {
                    Some(Ok(Frame::Text(request))) => answers = viewer.answer(&request, &hub, &commands).await,
                    Some(Ok(Frame::Binary(_))) => answers.push(wrong("a message is text, in JSON")),
                    Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
                    Some(Err(error)) => {
                        // What follows in the connection has no beginning any more.
                        out.close(close_code::POLICY, &format!("not understood: {error}")).await;
                        return;
                    }
                    Some(Ok(Frame::Close(_))) | None => return,
                }
            }
            changed = frames.changed() => {
                if changed.is_err() {
                    return;
                }
                let newest = frames.borrow_and_update().clone();
                answers = viewer.follow(&newest, &hub);
            }
            _ = pings.tick() => {
                if heard.elapsed() > patience.silence || !out.send(Frame::Ping(Vec::new().into())).await {
                    return;
                }
            }
        }
    }
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
    async fn close(&mut self, code: u16, reason: &str) {
        let reason = reason.get(..reason.floor_char_boundary(REASON_LENGTH)).unwrap_or_default();
        self.send(Frame::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
    }
}

impl Viewer {
    /// Returns what the newest publication means to the viewer.
    fn follow(&mut self, newest: &Frames, hub: &Hub) -> Vec<Utf8Bytes> {
        let mut answers = Vec::new();
        if self.status != newest.status {
            self.status = newest.status.clone();
            answers.push(newest.status.clone());
        }
        let at = (newest.session, newest.sequence);
        if self.topics.is_empty() || at == self.seen {
            return answers;
        }
        let (session, sequence) = self.seen;
        if newest.session != session {
            answers.push(self.begin(hub));
        } else if newest.sequence > sequence + 1 {
            // The points of the charts in what was missed are only in the whole.
            answers.push(text(&Message::Gap { skipped: newest.sequence - sequence - 1 }));
            answers.push(self.begin(hub));
        } else if newest.sequence > sequence {
            self.seen = at;
            answers.extend(self.topics.iter().filter_map(|&topic| newest.topic(topic).cloned()));
        }
        answers
    }

    fn begin(&mut self, hub: &Hub) -> Utf8Bytes {
        let (state, session, sequence) = hub.initial_state(&self.topics);
        self.seen = (session, sequence);
        state
    }

    async fn answer(&mut self, request: &str, hub: &Hub, commands: &Commands) -> Vec<Utf8Bytes> {
        let Request { id, command } = match serde_json::from_str(request) {
            Ok(request) => request,
            Err(error) => return vec![unreadable(request, &error)],
        };
        if let Command::Subscribe { mut topics } = command {
            topics.sort_unstable();
            topics.dedup();
            self.topics = topics;
            return vec![text(&Message::Reply(Reply::done(id, None))), self.begin(hub)];
        }
        let reply = match commands.run(command).await {
            Ok(data) => Reply::done(id, data),
            Err(refused) => Reply::refused(id, refused.code, refused.sentence),
        };
        vec![text(&Message::Reply(reply))]
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
