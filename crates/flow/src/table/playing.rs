//! What conversations carry that is played as it comes: RTP, and RTCP beside it.

use netsonde_dissect::Frame;
use netsonde_units::Volume;

use super::telling::Told;
use super::{Aside, FlowTable, Observation};
use crate::StreamRow;
use crate::media::Heard;
use crate::record::Record;

/// Tells whether a packet may be one of a stream; most are not.
#[inline]
pub(super) const fn may_play(record: &Record, frame: &Frame<'_>) -> bool {
    record.may_have_media(frame.payload.bytes)
}

impl FlowTable {
    /// Hands over the rows of the streams touched since the last time. Last rows must have been handed over before.
    pub fn streams(&mut self, each: impl FnMut(&StreamRow<'_>)) {
        self.media.rows(each);
    }

    /// Hands over the rows of the streams touched since the last time as [`Self::streams`] does, and gives back the memory of
    /// all streams. A packet after it may begin another one.
    pub fn conclude_streams(&mut self, each: impl FnMut(&StreamRow<'_>)) {
        self.media.rows(each);
        self.media.conclude();
    }

    /// Hands over the last rows of streams whose conversations have ended.
    pub fn ended_streams(&mut self, each: impl FnMut(&StreamRow<'_>)) {
        self.media.ended_rows(each);
    }

    /// Takes in a packet that may be one of a stream, and was counted as what its conversation is: what it is found to be
    /// replaces that. Not inlined: most packets are none.
    #[inline(never)]
    pub(super) fn play(&mut self, packet: &Told<'_>, wire_len: u32, observation: &mut Observation) {
        let &Told { slot, side, frame, at, .. } = packet;
        let Some(record) = self.records.get_mut(slot) else { return };
        let heard = Heard { slot, side, payload: frame.payload, wire_len, at };
        let Some(told) = self.media.take_in(record, &heard) else { return };
        let no_goodput = observation.goodput_bytes.saturating_sub(told.goodput_bytes);
        let is_classed = told.protocol == record.protocol;
        record.recount(side, Volume::packet(wire_len.into()), is_classed, no_goodput);
        observation.protocol = told.protocol;
        observation.goodput_bytes -= no_goodput;
        observation.encrypted = record.protocol.is_encrypted();
        observation.event = told.event;
        self.asides.extend(told.moved.into_iter().flatten().map(Aside::Recognised));
    }
}
