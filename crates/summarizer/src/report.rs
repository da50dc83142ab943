//! The report of a session that has ended.

use netsonde_messages::SessionReport;
use netsonde_messages::stream::State;
use netsonde_units::quantity::{bytes, duration, percentage, share};

use crate::figures::{Figures, classes};
use crate::parts;
use crate::words::{list, measured, missed, way};

/// A class with less than this share of the bytes is not worth a word at the top.
const WORTH_NAMING: f64 = 0.1;
/// A session shorter than this, in seconds, has no length worth a word.
const A_MOMENT: f64 = 0.001;

/// Writes the report of a session that has ended.
pub fn report(figures: &Figures<'_>) -> SessionReport {
    SessionReport { summary: summary(figures), breakdown: parts::all(figures), ..SessionReport::default() }
}

/// Writes what matters most: how much was measured, what is wrong with it, then what it was.
fn summary(figures: &Figures<'_>) -> String {
    let mut sentences = vec![extent(figures)];
    sentences.extend(problems(figures));
    if figures.total().bytes > 0 {
        sentences.push(ways(figures));
        sentences.push(contents(figures));
        sentences.push(encrypted(figures));
        sentences.extend(busiest(figures));
    }
    sentences.join(" ")
}

fn extent(figures: &Figures<'_>) -> String {
    let (total, elapsed_s) = (figures.total(), figures.measured.totals.elapsed_s);
    let source = figures.source();
    let lasted = duration(Some(elapsed_s));
    if total.packets == 0 && elapsed_s < A_MOMENT {
        format!("No packet was seen on {source}.")
    } else if total.packets == 0 {
        format!("No packet was seen on {source} in {lasted}.")
    } else if elapsed_s < A_MOMENT {
        format!("{} on {source}, all in one moment.", measured(total.packets, total.bytes))
    } else {
        format!("In {lasted} {} on {source}.", measured(total.packets, total.bytes))
    }
}

/// Says what makes the numbers short, or ended the session early.
fn problems(figures: &Figures<'_>) -> Vec<String> {
    let mut problems = Vec::new();
    if let Some(problem) = &figures.status.problem {
        let ended =
            if figures.status.state == State::Failed { "It ended early" } else { "It is not complete" };
        problems.push(format!("{ended}: {problem}."));
    }
    let dropped = figures.dropped();
    if dropped > 0 {
        let all = figures.total().packets + dropped;
        problems.push(missed(dropped, Some(share(dropped, all))));
    }
    problems
}

fn ways(figures: &Figures<'_>) -> String {
    let totals = &figures.measured.totals;
    let (totals, rates) = (&totals.totals, &totals.throughput);
    let ways: Vec<_> = [
        (totals.inbound.bytes, "came in", &rates.inbound),
        (totals.outbound.bytes, "went out", &rates.outbound),
        (totals.internal.bytes, "stayed within the local networks", &rates.internal),
        (totals.transit.bytes, "passed through", &rates.transit),
    ]
    .into_iter()
    .filter(|(volume, ..)| *volume > 0)
    .map(|(volume, went, rates)| way(volume, went, rates))
    .collect();
    list(&ways) + "."
}

fn contents(figures: &Figures<'_>) -> String {
    let total = figures.total().bytes;
    let named: Vec<_> = classes(&figures.measured.protocols.distribution)
        .into_iter()
        .filter(|(_, volume)| volume.bytes as f64 >= total as f64 * WORTH_NAMING)
        .collect();
    match &named[..] {
        [(name, volume)] if volume.bytes == total => format!("All of it was {name}."),
        [(name, volume)] => format!("{} of the bytes were {name}.", share(volume.bytes, total)),
        several => {
            let parts: Vec<_> = several
                .iter()
                .map(|(name, volume)| format!("{} {name}", share(volume.bytes, total)))
                .collect();
            format!("The largest parts of the bytes were {}.", list(&parts))
        }
    }
}

fn encrypted(figures: &Figures<'_>) -> String {
    let split = &figures.measured.totals.encryption_composition;
    if split.encrypted_packets == 0 {
        return "Nothing of it is known to be encrypted.".into();
    }
    format!("{} of the packets belonged to encrypted conversations.", percentage(split.encrypted_percentage))
}

/// Names the address elsewhere with the most bytes. One among the largest hosts is the largest of its kind.
fn busiest(figures: &Figures<'_>) -> Option<String> {
    let host = figures.measured.hosts.hosts.iter().find(|host| !host.local)?;
    let volume = host.bytes_in + host.bytes_out;
    Some(format!(
        "The most was exchanged with {}: {}, {} of all.",
        host.address,
        bytes(volume),
        share(volume, figures.total().bytes)
    ))
}
