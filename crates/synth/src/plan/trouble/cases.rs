//! What troubles the office.

use std::net::Ipv4Addr;

use super::office::{self, DESKS, FAR, Life, Outcome, STORE};
use super::stage::Stage;
use super::{Case, MILLISECOND, SECOND, passwords};
use crate::path::Way;
use crate::tap::Label;
use crate::tcp::{Fate, Open, Piece, Setup, Stack, Stall, Turn};

pub(super) const ALL: [Case; 12] = [
    Case {
        name: "quiet",
        about: "nothing is wrong: one connection is refused, one segment sent again, one name does not exist",
        set: quiet,
    },
    Case {
        name: "scan-ports",
        about: "192.168.1.66 tries 120 ports of 192.168.1.5 from second 20 on: 3 are open, 104 refuse, 13 do not answer",
        set: scan_ports,
    },
    Case {
        name: "scan-addresses",
        about: "192.168.1.66 tries port 445 of 100 addresses from second 20 on: 2 are open, 98 do not answer",
        set: scan_addresses,
    },
    Case { name: "refused", about: "192.168.1.5 refuses all of 15 connections to port 5432", set: refused },
    Case {
        name: "unanswered",
        about: "203.0.113.9 answers none of 12 connections to port 8443, each tried three times",
        set: unanswered,
    },
    Case {
        name: "zero-window",
        about: "192.168.1.20 stops reading a download from 203.0.113.80:9000 three times, for 4 s each",
        set: zero_window,
    },
    Case {
        name: "retransmissions",
        about: "each 16th of the 700 segments of a download from 203.0.113.80:9000 is lost: 43 are sent again",
        set: retransmissions,
    },
    Case {
        name: "rtt-rise",
        about: "the round trip is 20 ms for two minutes and 60 ms in the third one",
        set: rtt_rise,
    },
    Case { name: "dns-slow", about: "the resolver takes 700 ms for each of 50 answers", set: dns_slow },
    Case {
        name: "dns-failing",
        about: "of 50 questions the resolver answers 20, fails at 20 and is silent at 10",
        set: dns_failing,
    },
    Case {
        name: "clear-passwords",
        about: "passwords go in clear text by HTTP (3), FTP, POP3, IMAP (2) and SMTP (2); one FTP login is anonymous",
        set: passwords::send,
    },
    Case {
        name: "link-filled",
        about: "one download from 203.0.113.80:9000 carries more than nine tenths of all bytes, 1.5 Mbps for nearly two minutes",
        set: link_filled,
    },
];

/// Who looks for what is open.
const STRANGER: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 66);
/// Where downloads come from.
const ARCHIVE: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 80);
const ARCHIVE_PORT: u16 = 9_000;

const SCAN: Label = Label::plain("scan", "TCP");
const DOWNLOAD: Label = Label::plain("download", "TCP");
const ATTEMPT: Label = Label::plain("attempts", "TCP");

/// The desks and the store are on one wire.
fn neighbours(setup: Setup) -> Setup {
    Setup { near: 200_000, far: 200_000, ..setup }
}

fn quiet(stage: &mut Stage) {
    office::live(stage, Life::default());
    let [desk, other, _] = DESKS;
    let path = stage.path(desk, STORE, 8_080);
    stage.tcp(40_200, neighbours(Setup { open: Open::Refused, ..Setup::new(path, ATTEMPT) }));
    office::look_up(stage, 70_200, other, ("old.example.com", STORE), Outcome::NoSuchName);
    let setup = office::page(stage, other, ("www.example.com", Ipv4Addr::new(198, 51, 100, 10)), FAR);
    // A segment of the first answer, behind the two of the server's flight.
    stage.tcp(100_200, setup.fault(Way::Down, 3, Fate::LostBehind));
}

fn scan_ports(stage: &mut Stage) {
    /// The ports that are open, tried first; the others follow one by one.
    const OPEN: [u16; 3] = [22, 80, 443];
    office::live(stage, Life::default());
    for number in 0..120_u16 {
        let open = OPEN.get(usize::from(number)).copied();
        let path = stage.path(STRANGER, STORE, open.unwrap_or(1_000 + number));
        let setup = neighbours(Setup::new(path, SCAN));
        let setup = match open {
            Some(_) => setup.turn(Turn::Reset { way: Way::Up, think: 200_000 }),
            // 8, 17, .. 116: thirteen.
            None if number % 9 == 8 => Setup { open: Open::Unanswered(2), ..setup },
            None => Setup { open: Open::Refused, ..setup },
        };
        stage.tcp(20_000 + u64::from(number) * 500, setup);
    }
}

fn scan_addresses(stage: &mut Stage) {
    office::live(stage, Life::default());
    for number in 0..100_u8 {
        let path = stage.path(STRANGER, Ipv4Addr::new(192, 168, 1, 100 + number), 445);
        let setup = neighbours(Setup::new(path, SCAN));
        let setup = if number == 7 || number == 70 {
            setup.turn(Turn::Reset { way: Way::Up, think: 200_000 })
        } else {
            Setup { open: Open::Unanswered(1), ..setup }
        };
        stage.tcp(20_000 + u64::from(number) * 500, setup);
    }
}

fn refused(stage: &mut Stage) {
    office::live(stage, Life::default());
    attempts(stage, 15, STORE, 5_432, |setup| neighbours(Setup { open: Open::Refused, ..setup }));
}

fn unanswered(stage: &mut Stage) {
    office::live(stage, Life::default());
    attempts(stage, 12, Ipv4Addr::new(203, 0, 113, 9), 8_443, |setup| Setup {
        open: Open::Unanswered(3),
        ..setup
    });
}

/// Tries a service every eight seconds, from each desk in turn.
fn attempts(stage: &mut Stage, times: u64, server: Ipv4Addr, port: u16, change: fn(Setup) -> Setup) {
    for (number, desk) in (0..times).zip(DESKS.into_iter().cycle()) {
        let path = stage.path(desk, server, port);
        stage.tcp(5_200 + number * 8_000, change(Setup::new(path, ATTEMPT)));
    }
}

/// Begins a download of so many bytes.
fn download(stage: &mut Stage, bytes: u64) -> Setup {
    let [desk, ..] = DESKS;
    let path = stage.path(desk, ARCHIVE, ARCHIVE_PORT);
    Setup::new(path, DOWNLOAD).say(Way::Up, 0, vec![Piece::Noise(300)]).say(
        Way::Down,
        5 * MILLISECOND,
        vec![Piece::Noise(bytes)],
    )
}

fn zero_window(stage: &mut Stage) {
    office::live(stage, Life::default());
    let setup = download(stage, 600_000);
    let client = Stack { buffer: 32_768, scale: Some(4), ..Stack::default() };
    let stall = |after| Stall { way: Way::Down, after, lasting: 4 * SECOND };
    let stalls = vec![stall(100_000), stall(250_000), stall(400_000)];
    stage.tcp(30_000, Setup { client, stalls, ..setup }.close(Way::Down));
}

fn retransmissions(stage: &mut Stage) {
    office::live(stage, Life::default());
    // 1,448 bytes a segment: 1,460 less 12 of the clock.
    let setup = download(stage, 700 * 1_448);
    let server = Stack { pace: 300_000, ..Stack::default() };
    // 16, 32, .. 688: forty-three.
    let lost = (16..700).step_by(16);
    let setup = lost
        .fold(Setup { server, ..setup }, |setup, segment| setup.fault(Way::Down, segment, Fate::LostBehind));
    stage.tcp(30_000, setup.close(Way::Down));
}

fn rtt_rise(stage: &mut Stage) {
    let far = |second| if second < 120 { FAR } else { FAR + 40 * MILLISECOND };
    office::live(stage, Life { seconds: 180, far, ..Life::default() });
}

fn dns_slow(stage: &mut Stage) {
    office::live(stage, Life { outcome: |_| Outcome::Found(700), ..Life::default() });
}

fn dns_failing(stage: &mut Stage) {
    let outcome = |number: u64| match number % 5 {
        0 | 3 => Outcome::Found(12),
        1 | 4 => Outcome::Failed,
        _ => Outcome::Nothing,
    };
    office::live(stage, Life { outcome, ..Life::default() });
}

fn link_filled(stage: &mut Stage) {
    office::live(stage, Life { every_ms: 15_000, ..Life::default() });
    let setup = download(stage, 0);
    // 1.4 Mbps of payload for nearly two minutes: twelve segments each tenth of a second.
    let part = || vec![Piece::Noise(12 * 1_448)];
    let setup = (0..1_100).fold(setup, |setup, _| setup.say(Way::Down, 100 * MILLISECOND, part()));
    stage.tcp(10_000, setup.close(Way::Down));
}
