//! Standard output: reports as JSON or text, written as they are made.

use std::fmt;
use std::io::{self, BufWriter, StdoutLock, Write};

use indicatif::{ProgressBar, ProgressStyle};
use netsonde_messages::{Findings, Report};
use netsonde_session::{DnsEvent, DnsKind, Finding, FlowLimit, Found, RttSample, Session, TcpVerdict};

use crate::config::Events;
use crate::text::{self, printable};

/// How many of the largest flows a person reads.
const FLOWS_IN_TEXT: usize = 10;
/// Holds enough JSON that a write is rare beside the making of it.
const BUFFER_BYTES: usize = 256 * 1024;

/// Opens standard output, buffered.
pub(crate) fn standard() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock())
}

/// Writes the report and what was found as one line of JSON, flow by flow.
///
/// # Errors
///
/// The output cannot be written.
pub(crate) fn json(
    out: &mut impl Write,
    session: &mut Session,
    found: Findings,
    flows: FlowLimit,
) -> io::Result<()> {
    let report = Report { findings: found.findings, facts: found.facts, ..session.report(flows) };
    serde_json::to_writer(&mut *out, &report)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes what was found of the kind that is wanted, one line of JSON for each finding (docs/METRICS.md "TCP", "DNS").
///
/// # Errors
///
/// The output cannot be written.
pub(crate) fn findings(
    out: &mut impl Write,
    wanted: Events,
    findings: impl Iterator<Item = Finding>,
) -> io::Result<()> {
    for Finding { packet, found } in findings {
        match (wanted, found) {
            (Events::Tcp, Found::Tcp { stream, verdict }) => tcp_finding(out, packet, stream, &verdict)?,
            (Events::Dns, Found::Dns(event)) => dns_finding(out, packet, event)?,
            (Events::Tcp, Found::Dns(_)) | (Events::Dns, Found::Tcp { .. }) => {}
        }
    }
    Ok(())
}

fn tcp_finding(out: &mut impl Write, packet: u64, stream: u32, verdict: &TcpVerdict) -> io::Result<()> {
    let place = format!("\"frame\":{packet},\"stream\":{stream}");
    for event in verdict.events.iter() {
        writeln!(out, "{{{place},\"event\":\"{}\"}}", event.name())?;
    }
    if let Some(RttSample { nanos, ambiguous }) = verdict.rtt {
        let ms = Milliseconds { negative: nanos < 0, nanos: nanos.unsigned_abs() };
        writeln!(out, "{{{place},\"event\":\"ack_rtt\",\"ms\":{ms},\"ambiguous\":{ambiguous}}}")?;
    }
    if let Some(handshake) = verdict.handshake {
        let ms = Milliseconds { negative: false, nanos: handshake.nanos };
        writeln!(out, "{{{place},\"event\":\"initial_rtt\",\"ms\":{ms}}}")?;
    }
    Ok(())
}

fn dns_finding(out: &mut impl Write, packet: u64, event: DnsEvent) -> io::Result<()> {
    let DnsEvent { kind, id, rcode, latency_nanos } = event;
    let kind = match kind {
        DnsKind::Dns => "dns",
        DnsKind::Mdns => "mdns",
        DnsKind::Llmnr => "llmnr",
    };
    let name = if rcode.is_some() { "dns_response" } else { "dns_query" };
    write!(out, "{{\"frame\":{packet},\"event\":\"{name}\",\"kind\":\"{kind}\",\"id\":{id}")?;
    if let Some(rcode) = rcode {
        write!(out, ",\"rcode\":{rcode}")?;
    }
    if let Some(nanos) = latency_nanos {
        write!(out, ",\"ms\":{}", Milliseconds { negative: false, nanos })?;
    }
    writeln!(out, "}}")
}

/// Writes nanoseconds as milliseconds with six decimals: no digit is lost.
struct Milliseconds {
    negative: bool,
    nanos: u64,
}

impl fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NANOS: u64 = 1_000_000;
        let sign = if self.negative { "-" } else { "" };
        write!(f, "{sign}{}.{:06}", self.nanos / NANOS, self.nanos % NANOS)
    }
}

/// Renders the report and what was found for a person.
pub(crate) fn text(session: &mut Session, found: Findings) -> String {
    let report = session.report(FlowLimit::Largest(FLOWS_IN_TEXT));
    let report = Report { findings: found.findings, facts: found.facts, ..report };
    text::report(&report, report.flows.iter().collect())
}

/// Shows how far something is on standard error, and nothing where that is no terminal. It is gone with it.
#[derive(Debug, Default)]
pub(crate) struct Bar(Option<ProgressBar>);

impl Bar {
    /// Draws it: so many bytes of so many.
    pub(crate) fn advance(&mut self, name: &str, read: u64, total: u64) {
        self.0.get_or_insert_with(|| bar(name, total)).set_position(read);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = self.0.take() {
            bar.finish_and_clear();
        }
    }
}

fn bar(name: &str, total: u64) -> ProgressBar {
    let style = ProgressStyle::with_template(
        "{msg} [{bar:40}] {decimal_bytes}/{decimal_total_bytes}, {decimal_bytes_per_sec}, {eta}",
    );
    ProgressBar::new(total)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "))
        .with_message(printable(name).into_owned())
}
