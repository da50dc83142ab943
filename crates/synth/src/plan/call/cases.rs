//! What befalls the calls.

use super::{Case, DOWN, MILLISECOND, PACKETS, UP};
use crate::path::Way;
use crate::payload::rtp::Codec;
use crate::rng::Rng;
use crate::script::{Script, Start};

/// Where a stream is in its middle, and a stream from there on has other numbers.
const MIDDLE: u64 = 1_000;

/// Numbers that are no continuation of the others (RFC 3550 appendix A.1): far before and far behind them.
const ANEW: Start = Start { sequence: 50_000, timestamp: 77_000_000, ..UP };
const BACK: Start = Start { sequence: 300, timestamp: 900, ..DOWN };

pub(super) fn all() -> Vec<Case> {
    [plain(), codecs(), losses(), delays(), places(), numbers(), silences()].concat()
}

/// A call over G.711, as most are.
fn call(name: &'static str) -> Case {
    Case::new(name, Codec::Pcma)
}

fn plain() -> Vec<Case> {
    let long = call("long headers").ways(|_, script| script.long_headers());
    let ipv6 = Case { is_ipv6: true, ..lossy(call("over IPv6")) };
    let beyond =
        Script::new(Codec::Pcma, PACKETS, UP).delay(|_| 3 * MILLISECOND).lose(|number| number % 100 == 50);
    let border = call("one source on two paths")
        .unsignalled()
        .ways(|_, script| script.lose(|number| number % 400 == 9));
    vec![
        call("all goes well"),
        lossy(call("without signalling").unsignalled()),
        long,
        ipv6,
        Case { beyond: Some(beyond), ..border },
    ]
}

/// Each codec with a loss in a hundred and up to 10 ms of jitter.
fn codecs() -> Vec<Case> {
    vec![
        lossy(Case::new("PCMU", Codec::Pcmu)),
        lossy(Case::new("G.722", Codec::G722)),
        lossy(Case::new("G.729", Codec::G729)),
        lossy(Case::new("Opus", Codec::Opus)),
        lossy(Case::new("Opus without signalling", Codec::Opus).unsignalled()),
    ]
}

fn lossy(case: Case) -> Case {
    case.ways(|way, script| uneven(way, script, 10).lose(|number| number % 100 == 37))
}

/// Losses: one by one on the way up, in runs on the way down.
fn losses() -> Vec<Case> {
    // Of 2,000 packets: how many are lost, and in runs of how many.
    [("lost 0.1 %", 2, 2), ("lost 1 %", 20, 4), ("lost 5 %", 100, 10)]
        .map(|(name, lost, run)| {
            call(name).ways(|way, script| {
                let run = if way == Way::Up { 1 } else { run };
                let runs = lost / run;
                // Evenly spread, and off the beginning, so that none is the first or the last packet.
                let apart = u64::from(PACKETS) / runs;
                script.lose(|number| (number + apart / 2) % apart < run)
            })
        })
        .into()
}

/// Delays that vary at random, at most by so much: in order on the way up, overtaking each other on the way down.
fn delays() -> Vec<Case> {
    [
        ("jitter 1 ms", 1),
        ("jitter 5 ms", 5),
        ("jitter 10 ms", 10),
        ("jitter 20 ms", 20),
        ("jitter 40 ms", 40),
        ("jitter 80 ms", 80),
    ]
    .map(|(name, most)| call(name).ways(|way, script| uneven(way, script, most)))
    .into()
}

fn uneven(way: Way, script: Script, most_ms: u64) -> Script {
    let mut rng = Rng::new(most_ms, if way == Way::Up { 1 } else { 2 });
    let script = script.delay(|_| rng.below(most_ms * MILLISECOND));
    if way == Way::Up { script.in_order() } else { script }
}

/// Places: where packets come, how often, and which are missing.
fn places() -> Vec<Case> {
    vec![
        // By one packet, then by five.
        call("overtaken").ways(|way, script| {
            let late = if way == Way::Up { 25 } else { 105 } * MILLISECOND;
            script.delay(|number| if number % 50 == 20 { late } else { 0 })
        }),
        // At once, then behind others.
        call("twice").ways(|way, script| {
            let behind = if way == Way::Up { MILLISECOND / 20 } else { 70 * MILLISECOND };
            script.copy(|number| (number % 40 == 20).then_some(behind))
        }),
        call("lost, overtaken and twice").ways(|way, script| {
            uneven(way, script, 30)
                .lose(|number| number % 30 == 7 || number % 31 == 7)
                .delay(|number| if number % 33 == 8 { 47 * MILLISECOND } else { 0 })
                .copy(|number| (number % 35 == 9).then_some(33 * MILLISECOND))
        }),
        // 50 packets are a second, 25 two ticks of 250 ms, 75 one of 1.5 s; with them those just before, the other way.
        call("lost on each second").ways(|way, script| {
            let offset = u64::from(way == Way::Down);
            script.lose(|number| number > 0 && (number + offset) % 50 == 0)
        }),
        call("lost on each tick").ways(|way, script| {
            let offset = u64::from(way == Way::Down);
            // The ticks between fall on the middle of a packet's time: the one behind is lost.
            script.lose(|number| number > 0 && [0, 13].contains(&((number + offset) % 25)))
        }),
        call("lost on each tick of 1.5 s").ways(|way, script| {
            let offset = u64::from(way == Way::Down);
            script.lose(|number| number > 0 && (number + offset) % 75 < 2)
        }),
        call("captured from the middle on").unsignalled().ways(|way, script| {
            let script = uneven(way, script, 10).lose(|number| number % 100 == 37).seen_from(777);
            // The first one that is seen was overtaken.
            if way == Way::Up {
                script
            } else {
                script.delay(|number| if number == 0 { 31 * MILLISECOND } else { 0 })
            }
        }),
    ]
}

/// Numbers: what wraps, and what begins anew.
fn numbers() -> Vec<Case> {
    let wrapping = |start: Start| {
        // Number 35 is 65,535 and 36 is 0; 536 packets later that of a stamp wraps.
        let start = Start { sequence: 65_500, timestamp: 0_u32.wrapping_sub(160 * 536), ..start };
        Script::new(Codec::Pcma, PACKETS, start)
    };
    let late = |number| if number == 35 { 25 * MILLISECOND } else { 0 };
    let wraps = |name, change: fn(Script) -> Script| {
        call(name).ways(|way, _| {
            let script = wrapping(if way == Way::Up { UP } else { DOWN });
            if way == Way::Up { script } else { change(script) }
        })
    };
    vec![
        wraps("numbers wrap", |script| script),
        wraps("lost where numbers wrap", |script| script.lose(|number| [35, 36, 536].contains(&number))),
        call("overtaken where numbers wrap").ways(move |way, _| {
            // The last number before the wrap comes behind the first one after it, then twice.
            let script = wrapping(if way == Way::Up { UP } else { DOWN }).delay(late);
            if way == Way::Up {
                script
            } else {
                script.copy(|number| (number == 35).then_some(15 * MILLISECOND))
            }
        }),
        call("numbers begin anew").ways(|way, script| {
            let script = script.lose(|number| number % 100 == 37);
            script.begin_anew(MIDDLE, if way == Way::Up { ANEW } else { BACK })
        }),
        call("another source").ways(|way, script| {
            let script = script.lose(|number| number % 100 == 37);
            let start = if way == Way::Up { ANEW } else { BACK };
            script.begin_anew(MIDDLE, Start { ssrc: start.ssrc + 0x100, ..start })
        }),
    ]
}

/// Silences: what is no sound, and what does not come because nobody speaks.
fn silences() -> Vec<Case> {
    let digits = call("digits").ways(|way, script| {
        // Six packets of a digit each two seconds; one of them is lost.
        let script = (1..20).fold(script, |script, digit| script.digit(digit * 100, 6));
        uneven(way, script, 10).lose(|number| number % 500 == 103)
    });
    vec![
        Case { has_digits: true, ..digits },
        call("talk spurts").ways(|way, script| {
            let script = (1..10).fold(script, |script, pause| script.pause(pause * 200, 60));
            uneven(way, script, 10).lose(|number| number % 100 == 37)
        }),
        call("comfort noise").ways(|way, script| {
            let script = (1..10).fold(script, |script, pause| script.hush(pause * 200, 60));
            uneven(way, script, 10).lose(|number| number % 100 == 37)
        }),
    ]
}
