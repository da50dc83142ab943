//! The commands of a viewer that are being carried out.

use std::time::Duration;

use netsonde_messages::stream::{Command, RefusalCode, Reply, State};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::commands::Commands;

/// The most commands of one viewer that are carried out at a time: a page has two or three under way.
const MAX_PENDING: usize = 8;
/// How often a stop looks whether the start before it has begun.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Carries out commands beside one another, but for those that change what is going on: they keep their order.
pub(crate) struct Pending {
    commands: Commands,
    running: JoinSet<Reply>,
    /// Closed when the last command that changes something is done.
    changed: Option<oneshot::Receiver<()>>,
}

impl Pending {
    /// Makes the way of one viewer's commands.
    pub(crate) fn new(commands: Commands) -> Self {
        Self { commands, running: JoinSet::new(), changed: None }
    }

    /// Begins to carry out a command; returns its refusal where too many are under way, with room for one stop beyond.
    pub(crate) fn begin(&mut self, id: u64, command: Command) -> Option<Reply> {
        let is_stop = matches!(command, Command::StopCapture);
        if self.running.len() >= MAX_PENDING + usize::from(is_stop) {
            let sentence = format!("{MAX_PENDING} of your commands are under way: wait for an answer first");
            return Some(Reply::refused(id, RefusalCode::WrongState, sentence));
        }
        let changes = is_stop || matches!(command, Command::StartCapture { .. } | Command::Reset);
        let before = if changes { self.changed.take() } else { None };
        let (done, changed) = oneshot::channel::<()>();
        if changes {
            self.changed = Some(changed);
        }
        let commands = self.commands.clone();
        self.running.spawn(async move {
            match before {
                Some(before) if is_stop => has_begun(before, &commands).await,
                Some(before) => drop(before.await),
                None => {}
            }
            let reply = match commands.run(command).await {
                Ok(data) => Reply::done(id, data),
                Err(refused) => Reply::refused(id, refused.code, refused.sentence),
            };
            drop(done);
            reply
        });
        None
    }

    /// Returns the next reply; none while nothing is under way.
    pub(crate) async fn next(&mut self) -> Option<Reply> {
        loop {
            if let Ok(reply) = self.running.join_next().await? {
                return Some(reply);
            }
        }
    }
}

impl Drop for Pending {
    /// A viewer that leaves calls nothing off.
    fn drop(&mut self) {
        self.running.detach_all();
    }
}

/// Waits until there is something to stop, or the command before the stop is done.
///
/// A start that was asked for just before is stopped, though opening its source may take long.
async fn has_begun(mut before: oneshot::Receiver<()>, commands: &Commands) {
    let mut looks = tokio::time::interval(LOOK_EVERY);
    while !matches!(commands.status().state, State::Starting | State::Running) {
        tokio::select! {
            _ = &mut before => return,
            _ = looks.tick() => {}
        }
    }
}
