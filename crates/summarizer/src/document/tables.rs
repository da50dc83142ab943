//! The tables of a document: the largest of each kind, and how many are left out.

use netsonde_messages::stream::{AppsTopic, ClearText};
use netsonde_messages::{Host, TopTalker};
use netsonde_units::quantity::{bytes, count, counted, share};
use std::net::IpAddr;

use crate::figures::Figures;

/// The most rows of a table: what fits beside the rest on a few pages.
pub(super) const ROWS: usize = 8;

/// The most of what takes a line and is one of many alike: calls, streams, services in clear text.
pub(super) const FEW: usize = 4;

/// A table. Each row has as many cells as there are columns; the first names the row.
pub(super) struct Table {
    pub(super) caption: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// Says what is left out.
    pub(super) rest: Option<String>,
}

/// A column's head, and whether numbers stand in it.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub(super) head: &'static str,
    pub(super) is_number: bool,
}

/// A cell.
pub(super) enum Cell {
    /// Words or a number, as people read it.
    Text(String),
    /// An address, with the name that is known of it.
    Address(String, Option<String>),
    /// A share, and the same as 0 to 1 for a bar.
    Share(String, f64),
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn share(part: u64, whole: u64) -> Self {
        let ratio = if whole > 0 { (part as f64 / whole as f64).min(1.0) } else { 0.0 };
        Self::Share(share(part, whole), ratio)
    }
}

/// A column of words.
pub(super) const fn words(head: &'static str) -> Column {
    Column { head, is_number: false }
}

/// A column of numbers.
pub(super) const fn numbers(head: &'static str) -> Column {
    Column { head, is_number: true }
}

/// The pairs with the most bytes; none without any.
pub(super) fn talkers(figures: &Figures<'_>) -> Option<Table> {
    let topic = &figures.measured.hosts;
    let total = figures.total().bytes;
    let cell = |address| Cell::Address(address_text(address), name(&topic.hosts, address));
    let row = |talker: &TopTalker| {
        vec![
            cell(talker.source),
            cell(talker.destination),
            Cell::Text(count(talker.packets)),
            Cell::Text(bytes(talker.bytes)),
            Cell::share(talker.bytes, total),
        ]
    };
    let rows: Vec<_> = topic.talkers.iter().take(ROWS).map(row).collect();
    // Where some addresses are local and some are not, only what the local ones sent is ranked.
    let from_local = !rows.is_empty() && topic.talkers.iter().all(|talker| talker.source_local);
    let caption = if from_local {
        "Sent by local addresses, the most bytes first"
    } else {
        "From whom to whom, the most bytes first"
    };
    let seen = format!("{} seen in all; the JSON lists more of them.", addresses(topic.hosts_seen));
    table(
        caption,
        [words("From"), words("To"), numbers("Packets"), numbers("Bytes"), numbers("Of all bytes")],
        rows,
        Some(seen),
    )
}

/// The applications with the most bytes, and what is not known of any; none where no flow was seen.
pub(super) fn apps(figures: &Figures<'_>) -> Option<Table> {
    let AppsTopic { apps, omitted, unlabelled, .. } = &figures.measured.apps;
    let total = figures.total().bytes;
    let row = |name: &str, flows, volume| {
        vec![
            Cell::text(name),
            Cell::Text(count(flows)),
            Cell::Text(bytes(volume)),
            Cell::share(volume, total),
        ]
    };
    let named = apps.iter().take(ROWS).map(|row| &row.app);
    let mut rows: Vec<_> = named.map(|app| row(&app.app, app.flows, app.bytes)).collect();
    if unlabelled.bytes > 0 && !rows.is_empty() {
        rows.push(row("not known", unlabelled.flows, unlabelled.bytes));
    }
    let left_out = apps.len().saturating_sub(ROWS) as u64 + omitted;
    table(
        "Which applications moved the most",
        [words("Application"), numbers("Flows"), numbers("Bytes"), numbers("Of all bytes")],
        rows,
        rest(left_out, "application"),
    )
}

/// The highest protocols with the most bytes; none without a packet.
pub(super) fn protocols(figures: &Figures<'_>) -> Option<Table> {
    let protocols = &figures.measured.protocols.protocols;
    let total = figures.total().bytes;
    let rows = protocols.iter().take(ROWS).map(|protocol| {
        vec![
            Cell::text(protocol.name.as_ref()),
            Cell::Text(count(protocol.packets)),
            Cell::Text(bytes(protocol.bytes)),
            Cell::share(protocol.bytes, total),
        ]
    });
    table(
        "By the highest protocol recognised in a packet",
        [words("Protocol"), numbers("Packets"), numbers("Bytes"), numbers("Of all bytes")],
        rows.collect(),
        rest(protocols.len().saturating_sub(ROWS) as u64, "protocol"),
    )
}

/// What anybody on the way can read, with the most bytes first; none where there is nothing.
pub(super) fn clear_text(figures: &Figures<'_>) -> Option<Table> {
    let clear = &figures.measured.protocols.clear_text;
    let hosts = &figures.measured.hosts.hosts;
    let row = |clear: &ClearText| {
        let protocol = match clear.server_port {
            Some(port) => format!("{}, port {port}", clear.protocol),
            None => clear.protocol.to_string(),
        };
        vec![
            Cell::Text(protocol),
            Cell::Address(address_text(clear.largest_client), name(hosts, clear.largest_client)),
            Cell::Address(address_text(clear.largest_server), name(hosts, clear.largest_server)),
            Cell::Text(count(clear.flows)),
            Cell::Text(bytes(clear.bytes)),
        ]
    };
    table(
        "What anybody on the way can read",
        [
            words("Protocol"),
            words("Largest: client"),
            words("Largest: server"),
            numbers("Conversations"),
            numbers("Bytes"),
        ],
        clear.iter().take(FEW).map(row).collect(),
        rest(clear.len().saturating_sub(FEW) as u64, "protocol"),
    )
}

/// Makes a table; none without a row.
pub(super) fn table<const N: usize>(
    caption: &'static str,
    columns: [Column; N],
    rows: Vec<Vec<Cell>>,
    rest: Option<String>,
) -> Option<Table> {
    (!rows.is_empty()).then(|| Table { caption, columns: columns.into(), rows, rest })
}

/// Says how many are left out; none where all are there.
pub(super) fn rest(left_out: u64, noun: &str) -> Option<String> {
    (left_out > 0).then(|| format!("{} more.", counted(left_out, noun)))
}

fn addresses(number: u64) -> String {
    if number == 1 { "1 address".into() } else { format!("{} addresses", count(number)) }
}

fn address_text(address: IpAddr) -> String {
    address.to_string()
}

/// The first name that is known of an address, of the hosts that are listed.
fn name(hosts: &[Host], address: IpAddr) -> Option<String> {
    hosts.iter().find(|host| host.address == address)?.names.first().cloned()
}
