//! Standard output: reports as JSON or text, written as they are made.

use std::io::{self, BufWriter, StdoutLock, Write};

use netsonde_session::{FlowLimit, Session};

use crate::text;

/// How many of the largest flows a person reads.
const FLOWS_IN_TEXT: usize = 10;
/// Holds enough JSON that a write is rare beside the making of it.
const BUFFER_BYTES: usize = 256 * 1024;

/// Opens standard output, buffered.
pub(crate) fn standard() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock())
}

/// Writes the report as one line of JSON, flow by flow.
///
/// # Errors
///
/// The output cannot be written.
pub(crate) fn json(out: &mut impl Write, session: &mut Session, flows: FlowLimit) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &session.report(flows))?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Renders the report for a person.
pub(crate) fn text(session: &mut Session) -> String {
    let report = session.report(FlowLimit::Largest(FLOWS_IN_TEXT));
    text::report(&report, report.flows.iter().collect())
}
