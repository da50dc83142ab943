//! The rows of streams.

use super::Media;
use crate::{StreamRow, limits};

impl Media {
    /// Tells whether so many streams have ended that their last rows should be handed over.
    pub(crate) const fn wants_relief(&self) -> bool {
        self.ended.len() >= limits::STREAMS / 4
    }

    /// Hands over the last rows of the streams that have ended.
    pub(crate) fn ended_rows(&mut self, mut each: impl FnMut(&StreamRow<'_>)) {
        for number in self.ended.drain(..) {
            if let Some(stream) = self.streams.take(number)
                && let Some(row) = stream.row()
            {
                each(&row);
            }
        }
    }

    /// Hands over the rows of the streams touched since the last time.
    pub(crate) fn rows(&mut self, mut each: impl FnMut(&StreamRow<'_>)) {
        for number in self.touched.drain(..) {
            if let Some(stream) = self.streams.get_mut(number)
                && std::mem::take(&mut stream.is_touched)
                && let Some(row) = stream.row()
            {
                each(&row);
            }
        }
    }

    /// Forgets all streams, whose rows were handed over; what was announced stays.
    pub(crate) fn conclude(&mut self) {
        let Self { sessions, streams, ways, touched, ended, .. } = self;
        (*sessions, *streams) = Default::default();
        (*ways, *touched, *ended) = Default::default();
    }
}
