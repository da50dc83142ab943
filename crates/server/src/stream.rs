//! `/api/v1/stream`: one viewer.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message as Frame, Utf8Bytes, WebSocket, close_code};
use futures_util::{SinkExt as _, StreamExt as _};
use netsonde_messages::stream::{Command, Message, RefusalCode, Reply, Request, STREAM_VERSION, Topic};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::commands::Commands;
use crate::hub::{Frames, Hub, text};

/// The largest message of a viewer, in bytes: a command with a long filter is far below.
pub(crate) const MAX_MESSAGE: usize = 64 << 10;
/// How often a viewer is asked whether it still is there.
const PING_EVERY: Duration = Duration::from_secs(10);
/// How long a viewer may say nothing, not even answer a ping, before it is gone.
const GONE_AFTER: Duration = Duration::from_secs(30);
/// How long one text may take to be sent before the viewer is gone.
const SEND_PATIENCE: Duration = Duration::from_secs(20);

/// What is known of one viewer.
struct Viewer {
    topics: Vec<Topic>,
    /// The publication it saw last: session and number.
    seen: (u64, u64),
    status: Utf8Bytes,
}

/// Serves one viewer until it leaves, falls silent, or the program ends: when the sender of `ending` is dropped.
pub(crate) async fn serve(socket: WebSocket, hub: Hub, commands: Commands, mut ending: watch::Receiver<()>) {
    let _counted = commands.viewer();
    let (mut out, mut coming) = socket.split();
    let mut frames = hub.watch();
    let mut viewer = Viewer { topics: Vec::new(), seen: (0, 0), status: Utf8Bytes::default() };
    let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    let mut answers = vec![text(&hello())];
    loop {
        for answer in answers.drain(..) {
            if !send(&mut out, Frame::Text(answer)).await {
                return;
            }
        }
        tokio::select! {
            changed = frames.changed() => {
                if changed.is_err() {
                    return;
                }
                let newest = frames.borrow_and_update().clone();
                answers = viewer.follow(&newest, &hub);
            }
            frame = coming.next() => {
                heard = Instant::now();
                match frame {
                    Some(Ok(Frame::Text(request))) => answers = viewer.answer(&request, &hub, &commands).await,
                    Some(Ok(Frame::Binary(_))) => answers.push(wrong("a message is text, in JSON")),
                    Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
                    Some(Ok(Frame::Close(_)) | Err(_)) | None => return,
                }
            }
            _ = ending.changed() => {
                let farewell = CloseFrame { code: close_code::AWAY, reason: "netsonde is shutting down".into() };
                send(&mut out, Frame::Close(Some(farewell))).await;
                return;
            }
            _ = pings.tick() => {
                if heard.elapsed() > GONE_AFTER || !send(&mut out, Frame::Ping(Vec::new().into())).await {
                    return;
                }
            }
        }
    }
}

async fn send(out: &mut (impl futures_util::Sink<Frame> + Unpin), frame: Frame) -> bool {
    matches!(tokio::time::timeout(SEND_PATIENCE, out.send(frame)).await, Ok(Ok(())))
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
