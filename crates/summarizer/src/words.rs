//! Parts of sentences.

use netsonde_messages::Rates;
use netsonde_units::quantity::{bits_per_second, bytes, counted};

/// Joins words as a sentence does: `a, b and c`.
pub(crate) fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Says how many packets with how many bytes were measured, with the verb that fits.
pub(crate) fn measured(packets: u64, volume: u64) -> String {
    let verb = if packets == 1 { "was" } else { "were" };
    format!("{} with {} {verb} measured", counted(packets, "packet"), bytes(volume))
}

/// Says that packets are missing from the numbers; `share` tells which part of all they were.
pub(crate) fn missed(packets: u64, share: Option<String>) -> String {
    let (verb, them) = if packets == 1 { ("was", "it") } else { ("were", "them") };
    let share = share.map_or_else(String::new, |share| format!(" ({share})"));
    let packets = counted(packets, "packet");
    format!("{packets}{share} {verb} dropped before netsonde saw {them}: the numbers are short by {them}.")
}

/// Writes an average and the busiest second of some rate; the latter is left out where the capture was too short for
/// whole seconds to tell, so that it lies below the average.
pub(crate) fn pace(average: Option<f64>, peak: Option<f64>, write: impl Fn(Option<f64>) -> String) -> String {
    match (average, peak) {
        (None, _) => "unknown".into(),
        (Some(value), Some(busiest)) if busiest >= value => {
            format!("{} average, {} peak", write(average), write(peak))
        }
        (Some(_), _) => format!("{} average", write(average)),
    }
}

/// Says which way bytes went and how fast: `810.0 kB came in (51.8 kbps on average, 518.4 kbps in the busiest second)`.
pub(crate) fn way(volume: u64, went: &str, rates: &Rates) -> String {
    let Rates { throughput_bps_average: average, throughput_bps_peak: peak, .. } = *rates;
    let volume = bytes(volume);
    match (average, peak) {
        (None, _) => format!("{volume} {went}"),
        (Some(value), Some(busiest)) if busiest >= value => format!(
            "{volume} {went} ({} on average, {} in the busiest second)",
            bits_per_second(average),
            bits_per_second(peak)
        ),
        (Some(_), _) => format!("{volume} {went} ({} on average)", bits_per_second(average)),
    }
}
