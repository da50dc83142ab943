//! tshark, asked about a capture.

use std::path::Path;
use std::process::Command;

use netsonde_synth::{Arrivals, Capture, Packets, Resolution, Truth};

/// The moment at which the captures of these tests begin: 2026-01-01, in nanoseconds.
pub(crate) const BASE: u64 = 1_767_225_600_000_000_000;

/// Writes so many packets of a plan to a file; returns the truth about them.
pub(crate) fn write(file: &Path, plan: impl Arrivals, packets: u64) -> Truth {
    let mut packets = Packets::new(plan).limit(packets);
    let out = std::io::BufWriter::new(std::fs::File::create(file).unwrap());
    let mut capture = Capture::new(out, Resolution::Nanoseconds).unwrap();
    while let Some(packet) = packets.advance() {
        capture.write(packet.time, packet.bytes).unwrap();
    }
    capture.finish().unwrap();
    packets.into_truth()
}

/// Runs tshark over a capture and returns its lines.
pub(crate) fn lines(file: &Path, arguments: &[&str]) -> Vec<String> {
    let output = Command::new("tshark").arg("-n").arg("-r").arg(file).args(arguments).output();
    let output = output.unwrap_or_else(|problem| {
        panic!("cannot run tshark ({problem}): install the package tshark, as `make test` does")
    });
    assert!(output.status.success(), "tshark failed: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Fields of every frame of a capture.
pub(crate) struct Frames {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Asks for fields of every frame; what occurs twice in a frame is joined by commas.
pub(crate) fn frames(file: &Path, names: &[&str]) -> Frames {
    frames_with(file, &[], names)
}

/// Asks for fields of every frame, with preferences of tshark.
pub(crate) fn frames_with(file: &Path, preferences: &[&str], names: &[&str]) -> Frames {
    let mut arguments = vec!["-T", "fields", "-E", "separator=/t"];
    arguments.extend(preferences);
    for name in names {
        arguments.extend(["-e", name]);
    }
    let split = |line: &String| line.split('\t').map(str::to_owned).collect();
    let rows = lines(file, &arguments).iter().map(split).collect();
    Frames { names: names.iter().map(|name| (*name).to_owned()).collect(), rows }
}

impl Frames {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns some fields of every frame.
    pub(crate) fn rows<'a>(&'a self, names: &[&str]) -> impl Iterator<Item = Vec<&'a str>> {
        let places: Vec<usize> = names.iter().map(|name| self.place(name)).collect();
        self.rows.iter().map(move |row| places.iter().map(|place| row[*place].as_str()).collect())
    }

    /// Returns a field of every frame; empty where it has none.
    pub(crate) fn column<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let place = self.place(name);
        self.rows.iter().map(move |row| row[place].as_str())
    }

    /// Returns every value of a field, also several of one frame.
    pub(crate) fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.column(name).filter(|value| !value.is_empty()).flat_map(|values| values.split(','))
    }

    fn place(&self, name: &str) -> usize {
        self.names.iter().position(|known| known == name).unwrap()
    }
}
