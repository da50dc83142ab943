//! The streams of one worker.

use super::announced::Announced;
use crate::Announcement;

/// The streams of one worker, and what was announced of them.
#[derive(Debug, Default)]
pub(crate) struct Media {
    announced: Announced,
}

impl Media {
    /// Takes in what SDP says of a stream: one that is here already, or one that will come.
    pub(crate) fn announce(&mut self, announcement: &Announcement) {
        self.announced.announce(announcement);
    }
}
