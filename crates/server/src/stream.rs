//! `/api/v1/stream`: one viewer.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use netsonde_messages::stream::{
    Command, Message, RefusalCode, Reply, ReplyData, Request, STREAM_VERSION, Topic,
};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::commands::{Commands, STOP_PATIENCE};
use crate::conversation::Speaker;
use crate::hub::{Frames, Hub, text};
use crate::pending::Pending;

/// What is known of one viewer.
pub(crate) struct Viewer {
    hub: Hub,
    /// Where the newest texts are.
    frames: watch::Receiver<Arc<Frames>>,
    pending: Pending,
    topics: Vec<Topic>,
    /// The publication it saw last: session and number.
    seen: (u64, u64),
    status: Utf8Bytes,
    /// What it was told last of each topic that is put into words.
    words: Vec<(Topic, Utf8Bytes)>,
    /// Until when its first state may be held back for a session to end: as long as a stop may take.
    held_until: Option<Instant>,
}

impl Viewer {
    /// A viewer that has not said what it wants to see.
    pub(crate) fn new(hub: Hub, commands: Commands) -> Self {
        Self {
            frames: hub.watch(),
            hub,
            pending: Pending::new(commands),
            topics: Vec::new(),
            seen: (0, 0),
            status: Utf8Bytes::default(),
            words: Vec::new(),
            held_until: None,
        }
    }

    fn begin(&mut self, newest: &Frames) -> Utf8Bytes {
        self.held_until = None;
        self.seen = (newest.session, newest.sequence);
        self.words = words(&self.topics, newest);
        newest.whole(&self.topics)
    }

    /// Returns what is put into words and was not told before.
    fn new_words(&mut self, newest: &Frames) -> Vec<Utf8Bytes> {
        let words = words(&self.topics, newest);
        let is_new = |word: &&(Topic, Utf8Bytes)| !self.words.contains(word);
        let new = words.iter().filter(is_new).map(|(_, text)| text.clone()).collect();
        self.words = words;
        new
    }
}

impl Speaker for Viewer {
    type News = Frames;

    fn greet(&mut self) -> Vec<Utf8Bytes> {
        vec![text(&hello())]
    }

    fn wrong(&self, sentence: &str) -> Utf8Bytes {
        wrong(sentence)
    }

    fn pending(&mut self) -> &mut Pending {
        &mut self.pending
    }

    fn due(&self) -> Option<Instant> {
        self.held_until
    }

    fn overdue(&mut self) -> Vec<Utf8Bytes> {
        let newest = Arc::clone(&self.frames.borrow());
        self.follow(&newest)
    }

    fn follow(&mut self, newest: &Frames) -> Vec<Utf8Bytes> {
        let mut answers = Vec::new();
        if self.status != newest.status {
            self.status = newest.status.clone();
            answers.push(newest.status.clone());
        }
        if let Some(until) = self.held_until {
            if !self.hub.is_stopping(newest) || Instant::now() >= until {
                answers.push(self.begin(newest));
            }
            return answers;
        }
        let at = (newest.session, newest.sequence);
        if self.topics.is_empty() {
            return answers;
        }
        let (session, sequence) = self.seen;
        if newest.session != session {
            answers.push(self.begin(newest));
        } else if newest.follows > sequence {
            // The points of the charts in what was missed are only in the whole.
            answers.push(text(&Message::Gap { skipped: newest.follows - sequence }));
            answers.push(self.begin(newest));
        } else {
            if newest.sequence > sequence {
                self.seen = at;
                answers.extend(self.topics.iter().filter_map(|&topic| newest.measured(topic).cloned()));
            }
            answers.extend(self.new_words(newest));
        }
        answers
    }

    /// A session may end before the reply to its start is on its way: what is going on is said anew, behind it.
    fn hear(&mut self, mut reply: Reply) -> Vec<Utf8Bytes> {
        let Some(ReplyData::Status(status)) = &mut reply.data else {
            return vec![text(&Message::Reply(reply))];
        };
        *status = self.hub.status();
        self.status = self.frames.borrow().status.clone();
        vec![text(&Message::Reply(reply)), self.status.clone()]
    }

    /// Answers what is answered at once; the reply to everything else comes with `pending`.
    fn answer(&mut self, request: &str) -> Vec<Utf8Bytes> {
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
                let newest = Arc::clone(&self.frames.borrow());
                if self.hub.is_stopping(&newest) {
                    self.held_until = Some(Instant::now() + STOP_PATIENCE);
                    return vec![reply];
                }
                return vec![reply, self.begin(&newest)];
            }
            Command::GetStatus => Some(Reply::done(id, Some(ReplyData::Status(self.hub.status())))),
            command => self.pending.begin(id, command),
        };
        reply.map(|reply| text(&Message::Reply(reply))).into_iter().collect()
    }
}

/// Returns the texts of those of the topics that are put into words.
fn words(topics: &[Topic], newest: &Frames) -> Vec<(Topic, Utf8Bytes)> {
    topics.iter().filter_map(|&topic| Some((topic, newest.words(topic)?.clone()))).collect()
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
