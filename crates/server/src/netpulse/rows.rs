//! The newest packets of a session, as rows that all viewers share.

use std::sync::Arc;

use netsonde_messages::stream;
use netsonde_session::Packets;

use super::messages::PacketRow;
use super::numbers::time_of_day;

/// The most packets of a message.
const MOST: u64 = 500;

/// The newest packets, made once: reading them may mean reading a file again.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// The session they are of, as `Status::session`.
    pub(super) session: u64,
    /// The number of the newest packet when they were made.
    pub(super) newest: u64,
    /// In order of their numbers; those that were not held any more are missing.
    list: Arc<[PacketRow]>,
}

impl Rows {
    /// Makes the rows of the newest packets of a session, up to `newest`. It may wait for the disk.
    pub(super) fn read(session: u64, packets: &Packets, newest: u64) -> Self {
        let mut list = Vec::new();
        let mut next = Some(newest.saturating_sub(MOST).saturating_add(1));
        while let Some(from) = next.filter(|from| *from <= newest) {
            let window = packets.find(Some(from), Packets::MAX_ROWS, None);
            list.extend(window.rows.into_iter().take_while(|row| row.number <= newest).map(packet));
            // Where nothing is held any more, nothing comes.
            next = window.next.filter(|next| *next > from);
        }
        Self { session, newest, list: list.into() }
    }

    /// Rows of packets of which none can be shown.
    pub(super) fn none(session: u64, newest: u64) -> Self {
        Self { session, newest, list: Arc::default() }
    }

    /// Returns those behind a number.
    pub(super) fn behind(&self, seen: u64) -> &[PacketRow] {
        let place = self.list.partition_point(|row| row.no <= seen);
        self.list.get(place..).unwrap_or_default()
    }
}

fn packet(row: stream::PacketRow) -> PacketRow {
    PacketRow {
        no: row.number,
        time: row.time_ms.and_then(time_of_day).unwrap_or_default(),
        source: row.source,
        destination: row.destination,
        protocol: row.protocol.into_owned(),
        length: row.length.to_string(),
        info: row.info,
    }
}
