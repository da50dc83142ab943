//! What tshark says of calls: its losses and its jitter, where it has the clock.

use std::collections::BTreeMap;

use netsonde_synth::plan::call;

use crate::mix::{rtp_of, rtp_streams};
use crate::tshark::{BASE, lines, write};

/// Where tshark 4.0 counts otherwise: two streams of one source are two rows; numbers that begin anew are a gap to it; what was sent before
/// the packet that it saw first is not expected; a packet that is late over the wrap is 65,536 lost ones; and
/// sound is compared with the digit before it.
const ELSEWHERE: [&str; 5] = [
    "one source on two paths",
    "numbers begin anew",
    "captured from the middle on",
    "overtaken where numbers wrap",
    "digits",
];

/// Says what tshark calls the mean and the largest jitter of each source, in milliseconds.
fn jitter(table: &[String]) -> BTreeMap<u32, (f64, f64)> {
    let rows = table.iter().filter(|line| line.contains("0x"));
    rows.map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ssrc = words.iter().find_map(|word| u32::from_str_radix(word.strip_prefix("0x")?, 16).ok());
        // Behind the share of losses: three distances, then the least, the mean and the largest jitter.
        let share = words.iter().position(|word| word.starts_with('(')).unwrap();
        let number = |place: usize| words[share + place].parse().unwrap();
        (ssrc.unwrap(), (number(5), number(6)))
    })
    .collect()
}

#[test]
fn losses_and_jitter_of_calls_are_those_of_tshark() {
    let folder = tempfile::tempdir().unwrap();
    let (mut compared, mut wrong) = (0, Vec::new());
    for case in call::all() {
        if ELSEWHERE.contains(&case.name) {
            continue;
        }
        let file = folder.path().join("call.pcap");
        let truth = write(&file, case.arrivals(BASE, 1).into_iter(), u64::MAX);
        let table = lines(&file, &["-q", "--enable-heuristic", "rtp_udp", "-z", "rtp,streams"]);
        if rtp_streams(&table) != rtp_of(&truth) {
            wrong.push(format!(
                "{}: tshark {:?}, truth {:?}",
                case.name,
                rtp_streams(&table),
                rtp_of(&truth)
            ));
        }
        let told = jitter(&table);
        for stream in &truth.rtp {
            let Some((mean, max)) = told.get(&stream.ssrc).copied() else { continue };
            let ours = stream.jitter.unwrap();
            let near = |told: f64, nanos: u64| (told - nanos as f64 / 1e6).abs() <= 0.002 + told / 200.0;
            // It knows no clock of a type that nobody announced.
            let has_clock = case.is_signalled || stream.payload_type < 96;
            compared += u64::from(has_clock);
            if has_clock && !(near(mean, ours.mean) && near(max, ours.max)) {
                wrong.push(format!("{}: tshark {mean} and {max} ms, truth {ours:?}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(compared > 50, "{compared}");
}
