//! tshark, asked about a capture.

use std::path::Path;
use std::process::Command;

use netsonde_synth::{Arrival, Capture, Packets, Resolution, Truth};

/// The moment at which the captures of these tests begin: 2026-01-01, in nanoseconds.
pub(crate) const BASE: u64 = 1_767_225_600_000_000_000;

/// Writes a plan to a file of a folder; returns the truth about it.
pub(crate) fn write(file: &Path, arrivals: Vec<Arrival>) -> Truth {
    let mut packets = Packets::new(arrivals.into_iter());
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

/// Asks for fields of every packet: one row for each, one cell for each field; what occurs twice is joined by commas.
pub(crate) fn fields(file: &Path, arguments: &[&str], names: &[&str]) -> Vec<Vec<String>> {
    let mut all = vec!["-T", "fields", "-E", "separator=/t"];
    all.extend(arguments);
    for name in names {
        all.extend(["-e", name]);
    }
    lines(file, &all).iter().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}
