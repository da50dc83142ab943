//! The report of a session that has ended.

use netsonde_messages::SessionReport;
use netsonde_messages::stream::State;
use netsonde_units::quantity::{bits_per_second, bytes, counted, duration, percentage, share};

use crate::figures::{Figures, classes};
use crate::parts;

/// A class with less than this share of the bytes is not worth a word at the top.
const WORTH_NAMING: f64 = 0.1;

/// Writes the report of a session that has ended.
pub fn report(figures: &Figures<'_>) -> SessionReport {
    SessionReport { summary: summary(figures), breakdown: parts::all(figures) }
}

/// Writes what matters most, the gravest first behind what was measured.
fn summary(figures: &Figures<'_>) -> String {
    let mut sentences = vec![extent(figures)];
    sentences.extend(problems(figures));
    if figures.total().packets > 0 {
        sentences.push(directions(figures));
        sentences.push(contents(figures));
        sentences.extend(busiest(figures));
    }
    sentences.join(" ")
}

fn extent(figures: &Figures<'_>) -> String {
    let total = figures.total();
    let lasted = duration(Some(figures.measured.totals.elapsed_s));
    let source = figures.source();
    if total.packets == 0 {
        return format!("No packet was seen on {source} in {lasted}.");
    }
    let packets = counted(total.packets, "packet");
    format!("In {lasted} {packets} with {} were measured on {source}.", bytes(total.bytes))
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
        let (packets, seen) = (counted(dropped, "packet"), figures.total().packets);
        problems.push(format!(
            "{packets} ({}) came too fast to be captured: the numbers are short by them.",
            share(dropped, seen + dropped)
        ));
    }
    problems
}

fn directions(figures: &Figures<'_>) -> String {
    let totals = &figures.measured.totals;
    let (totals, rates) = (&totals.totals, &totals.throughput);
    let way = |bytes_of: u64, rates: &netsonde_messages::Rates| {
        let average = bits_per_second(rates.throughput_bps_average);
        match rates.throughput_bps_peak {
            Some(_) => {
                let peak = bits_per_second(rates.throughput_bps_peak);
                format!("{} ({average} on average, {peak} in the busiest second)", bytes(bytes_of))
            }
            None => format!("{} ({average} on average)", bytes(bytes_of)),
        }
    };
    let between = [(totals.internal.bytes, "stayed within"), (totals.transit.bytes, "passed through")];
    let between: String = between
        .into_iter()
        .filter(|(volume, _)| *volume > 0)
        .flat_map(|(volume, what)| ["; ".into(), bytes(volume), format!(" {what}")])
        .collect();
    format!(
        "{} came in and {} went out{between}.",
        way(totals.inbound.bytes, &rates.inbound),
        way(totals.outbound.bytes, &rates.outbound)
    )
}

fn contents(figures: &Figures<'_>) -> String {
    let total = figures.total().bytes;
    let named: Vec<_> = classes(&figures.measured.protocols.distribution)
        .into_iter()
        .filter(|(_, volume)| volume.bytes as f64 >= total as f64 * WORTH_NAMING)
        .map(|(name, volume)| format!("{} {name}", share(volume.bytes, total)))
        .collect();
    let encrypted = percentage(figures.measured.totals.encryption_composition.encrypted_percentage);
    format!(
        "Of the bytes {} were {}; {encrypted} of the packets belonged to encrypted conversations.",
        if named.len() > 1 { "the largest parts" } else { "most" },
        list(&named)
    )
}

fn busiest(figures: &Figures<'_>) -> Option<String> {
    let talker = figures.measured.hosts.talkers.first()?;
    Some(format!(
        "The most was sent by {} to {}: {}, {} of all.",
        talker.source,
        talker.destination,
        bytes(talker.bytes),
        share(talker.bytes, figures.total().bytes)
    ))
}

/// Joins words as a sentence does: `a, b and c`.
pub(crate) fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
