//! Writes a capture that was made up from a seed, and the truth about it beside it.

#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use netsonde_synth::plan::{call, few, mix, small, trouble};
use netsonde_synth::{Arrivals, Capture, Packets, Resolution};

/// When the captures begin: 2026-01-05 09:00:00 UTC, a Monday, in nanoseconds since the Unix epoch.
const BASE: u64 = 1_767_603_600_000_000_000;

/// Room for what waits to be written.
const BUFFER: usize = 1 << 20;

/// Makes captures of traffic that was never sent, with the truth about each in OUT.pcap.truth.json.
///
/// The same plan, number of packets and seed give the same bytes on every machine.
#[derive(Debug, Parser)]
#[command(version, after_help = "Example: netsonde-synth mix office.pcap --packets 100000 --seed 7")]
struct Command {
    #[command(subcommand)]
    plan: Plan,
}

#[derive(Debug, Subcommand)]
enum Plan {
    /// An office at its uplink: pages, films, calls, names, and what goes wrong
    Mix(Output),
    /// Ten packets of the least length for each of many conversations, interleaved at random
    Small(Output),
    /// Fifty conversations of packets as long as they may be
    Few(Output),
    /// A call of forty seconds and one thing that befalls it
    Call(Call),
    /// Two or three minutes of a small office and one trouble of it
    #[command(after_help = format!("Cases:\n{}", trouble::list()))]
    Trouble(Trouble),
}

#[derive(Debug, Args)]
struct Trouble {
    /// The capture to write
    #[arg(required_unless_present = "list")]
    file: Option<PathBuf>,
    /// What troubles it, by its name below
    #[arg(long, default_value = "quiet")]
    case: String,
    /// Lists the cases, each with what is true of it, and writes nothing
    #[arg(long)]
    list: bool,
    /// Where chance begins
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, Args)]
struct Call {
    /// The capture to write
    file: PathBuf,
    /// What befalls it; a name that is none lists all
    #[arg(long, default_value = "all goes well")]
    case: String,
    /// Where chance begins
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Plan {
    fn file(&self) -> &Path {
        match self {
            Self::Mix(output) | Self::Small(output) | Self::Few(output) => &output.file,
            Self::Call(call) => &call.file,
            Self::Trouble(trouble) => trouble.file.as_deref().unwrap_or(Path::new("the list")),
        }
    }
}

#[derive(Debug, Args)]
struct Output {
    /// The capture to write
    file: PathBuf,
    /// How many packets; by default 5,000,000 of mix, 10,000,000 of small, 3,000,000 of few
    #[arg(long)]
    packets: Option<u64>,
    /// Where chance begins
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    let plan = Command::parse().plan;
    match make(&plan) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // Nothing can be done where standard error is closed.
            _ = writeln!(io::stderr(), "cannot write {}: {problem}", plan.file().display());
            ExitCode::FAILURE
        }
    }
}

fn make(plan: &Plan) -> io::Result<()> {
    match plan {
        Plan::Mix(Output { file, packets, seed }) => {
            let packets = packets.unwrap_or(mix::DEFAULT_PACKETS);
            write(file, packets, mix::Mix::new(BASE, packets, *seed))
        }
        Plan::Small(Output { file, packets, seed }) => {
            let packets = packets.unwrap_or(small::DEFAULT_PACKETS);
            write(file, packets, small::arrivals(BASE, packets, *seed))
        }
        Plan::Few(Output { file, packets, seed }) => {
            let packets = packets.unwrap_or(few::DEFAULT_PACKETS);
            write(file, packets, few::arrivals(BASE, packets, *seed))
        }
        Plan::Call(Call { file, case, seed }) => {
            let case = call::named(case).ok_or_else(|| {
                let names: Vec<&str> = call::all().iter().map(|case| case.name).collect();
                io::Error::other(format!("a case is one of these: {}", names.join("; ")))
            })?;
            write(file, u64::MAX, case.arrivals(BASE, *seed).into_iter())
        }
        Plan::Trouble(trouble) => make_trouble(trouble),
    }
}

fn make_trouble(asked: &Trouble) -> io::Result<()> {
    let Some(file) = asked.file.as_deref().filter(|_| !asked.list) else {
        return write!(io::stdout(), "{}", trouble::list());
    };
    let case = trouble::named(&asked.case).ok_or_else(|| {
        let names: Vec<&str> = trouble::all().iter().map(|case| case.name).collect();
        io::Error::other(format!("a case is one of these: {}", names.join("; ")))
    })?;
    write(file, u64::MAX, case.arrivals(BASE, asked.seed).into_iter())
}

fn write(file: &Path, packets: u64, plan: impl Arrivals) -> io::Result<()> {
    let mut packets = Packets::new(plan).limit(packets);
    let out = BufWriter::with_capacity(BUFFER, File::create(file)?);
    let mut capture = Capture::new(out, Resolution::Nanoseconds)?;
    while let Some(packet) = packets.advance() {
        capture.write(packet.time, packet.bytes)?;
    }
    capture.finish()?;
    let truth = packets.into_truth();
    let mut out = BufWriter::new(File::create(beside(file))?);
    serde_json::to_writer_pretty(&mut out, &truth)?;
    writeln!(out)?;
    out.flush()?;
    writeln!(io::stdout(), "{} packets, {} bytes", truth.total.packets, truth.total.bytes)
}

/// Returns where the truth about a capture stands.
fn beside(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".truth.json");
    name.into()
}
