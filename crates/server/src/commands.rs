//! What a viewer can have done.

use std::collections::HashSet;
use std::time::Duration;

use netsonde_messages::stream::{
    AppsTopic, Command, FlowListed, FlowQuery, History, PlacesTopic, RefusalCode, ReplyData, SourceChoice,
    Status,
};
use netsonde_messages::{AppRule, Calls, Findings, Summaries};
use netsonde_session::{HistoryQuery, Monitor, Origin, Refusal, Start, Viewer};

use crate::uploads::Uploads;

/// How long the answer to a stop may wait for the session's last numbers.
pub(crate) const STOP_PATIENCE: Duration = Duration::from_secs(3);

/// How many flows are looked up at a time.
const FLOWS_AT_ONCE: u32 = 200;

/// Why a command was not carried out.
#[derive(Debug)]
pub(crate) struct Refused {
    /// The kind of reason.
    pub(crate) code: RefusalCode,
    /// The reason and what to do, in a sentence.
    pub(crate) sentence: String,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.code(), sentence: refusal.to_string() }
    }
}

/// Carries out commands.
#[derive(Clone, Debug)]
pub(crate) struct Commands {
    monitor: Monitor,
    uploads: Uploads,
    /// How long the answer to a stop may wait for the end.
    stop_patience: Duration,
}

impl Commands {
    /// Commands that go to `monitor` and may name `uploads`.
    pub(crate) const fn new(monitor: Monitor, uploads: Uploads) -> Self {
        Self { monitor, uploads, stop_patience: STOP_PATIENCE }
    }

    /// The same for who hears of the end by itself: a stop is answered when it is on its way.
    pub(crate) fn with_stops_answered_at_once(self) -> Self {
        Self { stop_patience: Duration::ZERO, ..self }
    }

    /// Counts a viewer in until the value is dropped.
    pub(crate) fn viewer(&self) -> Viewer {
        self.monitor.viewer()
    }

    /// Returns what was said of the session in words.
    pub(crate) fn summaries(&self) -> Summaries {
        self.monitor.summaries()
    }

    /// Returns the applications as last published.
    pub(crate) fn apps(&self) -> AppsTopic {
        self.monitor.publication().apps.clone()
    }

    /// Returns where hosts are, as last published.
    pub(crate) fn places(&self) -> PlacesTopic {
        (*self.monitor.publication().places).clone()
    }

    /// Returns the calls and streams as last published.
    pub(crate) fn calls(&self) -> Calls {
        self.monitor.publication().calls.clone()
    }

    /// Returns what was found out of the session.
    pub(crate) fn findings(&self) -> Findings {
        Findings::clone(&self.monitor.moment().findings)
    }

    /// Returns the flows with the most bytes, at most `most`, largest first.
    pub(crate) fn largest_flows(&self, most: u64) -> Vec<FlowListed> {
        let mut flows: Vec<FlowListed> = Vec::new();
        let mut seen = HashSet::new();
        let mut offset = 0;
        while offset < most {
            let query = FlowQuery { descending: true, offset, limit: FLOWS_AT_ONCE, ..FlowQuery::default() };
            let rows = self.monitor.find_flows(&query).map(|window| window.rows).unwrap_or_default();
            if rows.is_empty() {
                break;
            }
            // Of a session that runs one may change its place between two pages.
            flows.extend(rows.into_iter().filter(|row| seen.insert(row.id)));
            offset += u64::from(FLOWS_AT_ONCE);
        }
        flows
    }

    /// Returns the user's rules.
    pub(crate) fn rules(&self) -> Vec<AppRule> {
        self.monitor.rules()
    }

    /// Returns what is going on.
    pub(crate) fn status(&self) -> Status {
        self.monitor.status()
    }

    /// Tells whether the demo can be started.
    pub(crate) fn has_demo(&self) -> bool {
        self.monitor.has_demo()
    }

    /// Returns the charts of a span of the session.
    pub(crate) fn history(&self, query: HistoryQuery) -> History {
        self.monitor.history(query)
    }

    /// Carries out a command. What may wait for the system is done on a thread of its own.
    ///
    /// # Errors
    ///
    /// Says why not, and what to do.
    pub(crate) async fn run(&self, command: Command) -> Result<Option<ReplyData>, Refused> {
        let commands = self.clone();
        let done = tokio::task::spawn_blocking(move || commands.run_blocking(command)).await;
        done.unwrap_or_else(|error| Err(refused(RefusalCode::Failed, format!("the command broke: {error}"))))
    }

    fn run_blocking(&self, command: Command) -> Result<Option<ReplyData>, Refused> {
        let monitor = &self.monitor;
        match command {
            // The stream answers it itself.
            Command::Subscribe { .. } => Ok(None),
            Command::FindHosts(query) => monitor
                .find_hosts(&query)
                .map(|window| Some(ReplyData::Hosts(window)))
                .map_err(|error| refused(RefusalCode::BadRequest, error.to_string())),
            Command::GetHost { address } => monitor
                .host(address)
                .map(|detail| Some(ReplyData::Host(Box::new(detail))))
                .ok_or_else(|| refused(RefusalCode::NotFound, format!("no host {address} is listed"))),
            Command::SetLookups { reverse_dns, ip_api } => {
                monitor.set_lookups(reverse_dns, ip_api);
                Ok(None)
            }
            Command::GetInterfaces => monitor
                .interfaces()
                .map(|rows| Some(ReplyData::Interfaces(rows)))
                .map_err(|error| refused(RefusalCode::Failed, error.to_string())),
            Command::GetStatus => Ok(Some(ReplyData::Status(monitor.status()))),
            Command::StartCapture { source, filter, duration_s } => {
                let start = Start {
                    origin: self.origin(source)?,
                    filter: filter.filter(|filter| !filter.trim().is_empty()),
                    duration: duration_s.map(Duration::from_secs),
                    needs_viewers: true,
                };
                monitor.start(&start)?;
                Ok(Some(ReplyData::Status(monitor.status())))
            }
            Command::StopCapture => {
                monitor.stop(self.stop_patience)?;
                Ok(Some(ReplyData::Status(monitor.status())))
            }
            Command::Reset => {
                monitor.reset()?;
                self.uploads.drop_all();
                Ok(Some(ReplyData::Status(monitor.status())))
            }
            Command::GetPacket { number } => {
                let found = monitor.packets().and_then(|packets| packets.packet(number));
                let sentence = || {
                    format!("packet {number} does not exist, is not kept any more, or its file has changed")
                };
                let (row, bytes) = found.ok_or_else(|| refused(RefusalCode::NotFound, sentence()))?;
                Ok(Some(ReplyData::Packet { row, bytes: hex(&bytes) }))
            }
            Command::FindFlows(query) => monitor
                .find_flows(&query)
                .map(|window| Some(ReplyData::Flows(window)))
                .map_err(|error| refused(RefusalCode::BadRequest, error.to_string())),
            Command::GetFlow { flow } => {
                let detail = monitor.flow(flow).ok_or_else(|| no_flow(flow))?;
                Ok(Some(ReplyData::Flow(Box::new(detail))))
            }
            Command::GetStream { stream } => {
                let course = monitor.stream(stream).ok_or_else(|| no_stream(stream))?;
                Ok(Some(ReplyData::Stream(course)))
            }
            Command::AllowAssistant { allowed } => {
                monitor.allow_assistant(allowed);
                Ok(None)
            }
            Command::SetRules { rules } => monitor
                .set_rules(&rules)
                .map(|()| None)
                .map_err(|error| refused(RefusalCode::BadRequest, error.to_string())),
            Command::FindPackets { from, limit, text, flow } => {
                let text = text.as_deref().filter(|text| !text.is_empty());
                let window = monitor.find_packets(from, limit, text, flow);
                match (window, flow) {
                    (None, Some(flow)) => Err(no_flow(flow)),
                    (window, _) => Ok(Some(ReplyData::Packets(window.unwrap_or_default()))),
                }
            }
        }
    }

    fn origin(&self, source: SourceChoice) -> Result<Origin, Refused> {
        match source {
            SourceChoice::Interface(name) => Ok(Origin::Interface(name)),
            SourceChoice::Demo => Ok(Origin::Demo),
            SourceChoice::Upload(id) => {
                let gone = || {
                    refused(RefusalCode::NotFound, "that capture is not here any more: open it again".into())
                };
                Ok(self.uploads.of(&id).ok_or_else(gone)?.into())
            }
        }
    }
}

const fn refused(code: RefusalCode, sentence: String) -> Refused {
    Refused { code, sentence }
}

fn no_flow(flow: u64) -> Refused {
    refused(RefusalCode::NotFound, format!("flow {flow} does not exist, or is not listed any more"))
}

fn no_stream(stream: u64) -> Refused {
    refused(RefusalCode::NotFound, format!("stream {stream} does not exist, or is not listed any more"))
}

/// Two digits for each byte.
fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use netsonde_session::MonitorSettings;

    use super::*;

    /// Fault 48 of the design's public implementation: listing interfaces held up everybody, at every connect.
    #[tokio::test]
    async fn what_asks_the_system_leaves_the_event_loop_at_once() {
        let monitor = Monitor::new(MonitorSettings::new(|| netsonde_units::Timestamp::EPOCH));
        let folder = tempfile::tempdir().unwrap();
        let uploads = Uploads::new(folder.path().into(), 1, Duration::ZERO);
        let commands = Commands::new(monitor.unwrap(), uploads);
        // Opening a capture on every interface takes longer than handing that to another thread.
        let mut asked = Box::pin(commands.run(Command::GetInterfaces));
        assert!(asked.as_mut().now_or_never().is_none());
        assert!(matches!(asked.await, Ok(Some(ReplyData::Interfaces(rows))) if !rows.is_empty()));
    }
}
