//! Scenarios: packets in, numbers out, a file for each rule. `fixtures/scenario/README.md` tells how one is written.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at a file that is wrong, and says why"
)]

mod line;
mod measured;
mod messages;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use netsonde_flow::TcpEvent;
use serde::Deserialize;

use crate::line::Line;
use crate::measured::Measurement;
use crate::messages::Message;

/// A file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    /// What it is about, in a sentence.
    rule: String,
    /// The client's port and the server's.
    #[serde(default = "usual_ports")]
    ports: [u16; 2],
    /// Messages of DNS by the names that lines call them.
    #[serde(default)]
    messages: BTreeMap<String, Message>,
    /// A line for each packet and what it is found to be.
    packets: String,
    /// Until when nothing more happens, in milliseconds.
    until: Option<u64>,
    /// Numbers at the end, by name.
    end: BTreeMap<String, toml::Value>,
}

const fn usual_ports() -> [u16; 2] {
    [40_000, 80]
}

impl Scenario {
    /// Returns the table's lines without their comments.
    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let texts = self.packets.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
        texts.filter(|text| !text.is_empty()).map(Line::read)
    }

    /// Tells where what is measured is not what the file says.
    fn differences(&self) -> String {
        let mut differences = String::new();
        let mut measurement = Measurement::new(self.ports, &self.messages);
        for line in self.lines() {
            let found = measurement.push(&line);
            if found != line.expected {
                writeln!(differences, "  {}: found `{found}`", line.text).unwrap();
            }
        }
        let numbers = measurement.numbers(self.until);
        for event in TcpEvent::ALL {
            let told = self.lines().filter(|line| line.tells(event.name())).count();
            self.compare(&mut differences, &numbers, event.name(), &told.to_string());
        }
        for (name, value) in &self.end {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            self.compare(&mut differences, &numbers, name, &value);
        }
        differences
    }

    fn compare(
        &self,
        differences: &mut String,
        numbers: &BTreeMap<&'static str, String>,
        name: &str,
        expected: &str,
    ) {
        let found = numbers.get(name).map_or("no such number", String::as_str);
        if found != expected {
            writeln!(differences, "  at the end {name} = {expected}: found {found} ({})", self.rule).unwrap();
        }
    }
}

#[test]
fn every_scenario_gives_the_numbers_that_its_file_derives() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scenario");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    assert!(!paths.is_empty());
    let mut report = String::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let scenario: Scenario = match toml::from_str(&std::fs::read_to_string(&path).unwrap()) {
            Ok(scenario) => scenario,
            Err(error) => panic!("{name}: {error}"),
        };
        let differences = scenario.differences();
        if !differences.is_empty() {
            writeln!(report, "{name}:\n{differences}").unwrap();
        }
    }
    assert!(report.is_empty(), "\n{report}");
}
