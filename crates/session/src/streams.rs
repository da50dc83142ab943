//! The streams of RTP as last published, kept from the rows that each tick touches.

pub(crate) mod words;

use std::collections::btree_map::{BTreeMap, Entry};
use std::collections::{BTreeSet, HashMap, HashSet};

use foldhash::fast::RandomState;
use netsonde_flow::{StreamRow, StreamStep};
use netsonde_messages::{Call, RtpStream, StreamCourse};
use netsonde_units::Timestamp;

use crate::limits::STREAMS;
use crate::listing::spoke_lately;

/// A stream as last published: its row, and what that only points at.
#[derive(Debug)]
struct Kept {
    row: StreamRow<'static>,
    payload_types: Vec<(u8, u32)>,
    codec: Option<Box<str>>,
    call: Option<Box<str>>,
    course: Vec<StreamStep>,
}

impl Kept {
    fn of(row: &StreamRow<'_>) -> Self {
        let StreamRow { codec, call, payload_types, course, .. } = *row;
        Self {
            row: owned(row),
            payload_types: payload_types.to_vec(),
            codec: codec.map(Into::into),
            call: call.map(Into::into),
            course: course.to_vec(),
        }
    }

    /// Takes in a later row. Streams are told of many times a second: room is used again.
    fn renew(&mut self, row: &StreamRow<'_>) {
        self.row = owned(row);
        self.payload_types.clear();
        self.payload_types.extend_from_slice(row.payload_types);
        self.course.clear();
        self.course.extend_from_slice(row.course);
        for (kept, new) in [(&mut self.codec, row.codec), (&mut self.call, row.call)] {
            if kept.as_deref() != new {
                *kept = new.map(Into::into);
            }
        }
    }

    fn row(&self) -> StreamRow<'_> {
        StreamRow {
            payload_types: &self.payload_types,
            codec: self.codec.as_deref(),
            call: self.call.as_deref(),
            course: &self.course,
            ..self.row
        }
    }
}

/// Returns what a row holds itself.
const fn owned(row: &StreamRow<'_>) -> StreamRow<'static> {
    StreamRow { payload_types: &[], codec: None, call: None, course: &[], ..*row }
}

/// The calls that streams belong to, both by their numbers.
pub(crate) type CallOf = HashMap<u64, u64, RandomState>;

/// All streams as last published, at most [`STREAMS`].
#[derive(Debug, Default)]
pub(crate) struct Streams {
    kept: BTreeMap<u64, Kept>,
    /// Those of them whose conversations have ended: they give way first.
    ended: BTreeSet<u64>,
    seen: u64,
}

impl Streams {
    /// Takes in a row. At the bound the first stream that has ended gives way; where none has, the new one is left out.
    pub(crate) fn update(&mut self, row: &StreamRow<'_>) {
        let serial = row.serial;
        self.seen = self.seen.max(serial + 1);
        if self.kept.len() >= STREAMS && !self.kept.contains_key(&serial) {
            let Some(first) = self.ended.pop_first() else { return };
            self.kept.remove(&first);
        }
        if row.ended {
            self.ended.insert(serial);
        } else {
            self.ended.remove(&serial);
        }
        match self.kept.entry(serial) {
            Entry::Vacant(place) => {
                place.insert(Kept::of(row));
            }
            Entry::Occupied(mut kept) => kept.get_mut().renew(row),
        }
    }

    /// Returns how many there have been.
    pub(crate) const fn seen(&self) -> u64 {
        self.seen
    }

    /// Returns how many had a packet in the last 5 s.
    pub(crate) fn active(&self, now: Timestamp) -> u64 {
        let active = self.kept.values().filter(|kept| spoke_lately(kept.row.last_seen, now));
        // Lossless: usize has at most 64 bits.
        active.count() as u64
    }

    /// Returns the rows of those kept, in the order in which they were found.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = StreamRow<'_>> {
        self.kept.values().map(Kept::row)
    }

    /// Lists the first `most`, and counts the others.
    pub(crate) fn first(&self, most: usize, call_of: &CallOf, now: Timestamp) -> (Vec<RtpStream>, u64) {
        let mut rows: Vec<_> = self.rows().collect();
        rows.sort_by_key(|row| (row.first_seen, row.serial));
        let streams: Vec<_> = rows.iter().take(most).map(|row| words::message(row, call_of, now)).collect();
        let omitted = self.seen - streams.len() as u64;
        (streams, omitted)
    }

    /// Lists those of calls, then the newest others, at most `most`, and counts the rest.
    pub(crate) fn newest(
        &self,
        most: usize,
        calls: &[Call],
        call_of: &CallOf,
        now: Timestamp,
    ) -> (Vec<RtpStream>, u64) {
        let mut told = HashSet::<u64, RandomState>::default();
        let of_calls = calls.iter().flat_map(|call| &call.streams).filter_map(|serial| self.kept.get(serial));
        let others = self.kept.values().rev();
        let streams: Vec<_> = of_calls
            .chain(others)
            .filter(|kept| told.insert(kept.row.serial))
            .take(most)
            .map(|kept| words::message(&kept.row(), call_of, now))
            .collect();
        let omitted = self.seen - streams.len() as u64;
        (streams, omitted)
    }

    /// Lists those of a flow, in the order in which they were found.
    pub(crate) fn of_flow(&self, flow: u64, call_of: &CallOf, now: Timestamp) -> Vec<RtpStream> {
        let rows = self.rows().filter(|row| row.conversation.serial == flow);
        rows.map(|row| words::message(&row, call_of, now)).collect()
    }

    /// Returns how a stream fared over its time; none where it is not kept.
    pub(crate) fn course(&self, stream: u64) -> Option<StreamCourse> {
        self.kept.get(&stream).map(|kept| words::course(&kept.row()))
    }
}

#[cfg(test)]
mod tests;
