//! What the engine makes of a scenario, in the words of its file.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use netsonde_dissect::{LinkType, Packet};
use netsonde_flow::limits::Limits;
use netsonde_flow::{Fact, FlowEvent, FlowRow, GroupEvent, LocalNetworks, StreamRow, TcpEvent};
use netsonde_metrics::{Delay, MetricsCalculator, Peaks, Second, Snapshot, Tick, Verdict};
use netsonde_synth::payload::icmp::{self, Echo};
use netsonde_synth::payload::igmp;
use netsonde_synth::{Endpoint, Label, Path, Tap, Way};
use netsonde_units::Timestamp;

use crate::line::{Line, Payload, Sent};
use crate::messages::Message;

/// When scenarios begin, in nanoseconds since the epoch: a whole second.
const BEGIN: u64 = 1_700_000_000_000_000_000;
/// Local by the rule for files, and not.
const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 168, 1, 10));
const SERVER: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 5));

const LABEL: Label = Label::plain("scenario", "any");
const PING_IDENTIFIER: u16 = 77;

/// The engine, and the tap that makes its packets.
pub(crate) struct Measurement<'a> {
    tap: Tap,
    path: Path,
    messages: &'a BTreeMap<String, Message>,
    engine: MetricsCalculator,
    told: Told,
}

/// What ticks hand over.
#[derive(Default)]
struct Told {
    rows: Vec<FlowRow>,
    facts: Vec<Fact>,
    peaks: Peaks,
}

impl Tick for Told {
    fn second(&mut self, second: &Second) {
        self.peaks.observe(second);
    }
    fn row(&mut self, row: &FlowRow) {
        self.rows.push(*row);
    }
    fn stream(&mut self, _: &StreamRow<'_>) {}

    fn fact(&mut self, fact: Fact) {
        self.facts.push(fact.clone());
    }
}

impl<'a> Measurement<'a> {
    pub(crate) fn new([client, server]: [u16; 2], messages: &'a BTreeMap<String, Message>) -> Self {
        Self {
            tap: Tap::new(),
            path: Path::new(Endpoint::new(CLIENT, client), Endpoint::new(SERVER, server)),
            messages,
            engine: MetricsCalculator::new(Limits::default(), LocalNetworks::default()),
            told: Told::default(),
        }
    }

    /// Makes a line's packet, shows it to the engine, and writes what that says.
    pub(crate) fn push(&mut self, line: &Line<'_>) -> String {
        self.make(line);
        let bytes = self.tap.bytes();
        let at = Some(Timestamp::from_nanos(BEGIN + line.at));
        let wire_len = u32::try_from(bytes.len()).unwrap();
        let packet = Packet { at, link: LinkType::ETHERNET, interface: 0, wire_len, bytes };
        written(&self.engine.push(&packet))
    }

    fn make(&mut self, line: &Line<'_>) {
        let (tap, path) = (&mut self.tap, &self.path);
        tap.begin(BEGIN + line.at);
        match &line.packet {
            Sent::Segment(header, payload) => {
                let payload = match payload {
                    Payload::Zeros(len) => vec![0; *len],
                    Payload::Part(name, from, to) => self.messages[*name].in_stream()[*from..*to].to_vec(),
                };
                tap.tcp(LABEL, path, line.way, header, payload.len(), |out| out.extend(&payload));
            }
            Sent::Datagram(name) => tap.udp(LABEL, path, line.way, &self.messages[*name].datagram()),
            Sent::Ping(number) => {
                tap.icmp("ping", path, line.way, &icmp::echo_v4(Echo::Request, PING_IDENTIFIER, *number));
            }
            Sent::Pong(number) => {
                tap.icmp("ping", path, line.way, &icmp::echo_v4(Echo::Reply, PING_IDENTIFIER, *number));
            }
            Sent::Igmp(what, groups) => {
                let groups: Vec<Ipv4Addr> = groups.iter().map(|group| group.parse().unwrap()).collect();
                let (message, to) = igmp_message(what, &groups);
                let sender = if line.way == Way::Up { path.client } else { path.server };
                tap.igmp("group", &Path::new(sender, Endpoint::new(to.into(), 0)), &message);
            }
        }
    }

    /// Ends the scenario and returns its numbers by name.
    pub(crate) fn numbers(mut self, until_ms: Option<u64>) -> BTreeMap<&'static str, String> {
        if let Some(until_ms) = until_ms {
            self.engine.witness(Timestamp::from_nanos(BEGIN + until_ms * 1_000_000));
        }
        self.engine.finish();
        self.engine.tick(&mut self.told);
        let told = self.told;
        let snapshot = Snapshot::new(&self.engine.tally(), &told.peaks);
        let mut numbers: BTreeMap<_, _> =
            TcpEvent::ALL.map(|event| (event.name(), snapshot.tcp.events[event].to_string())).into();
        tcp(&snapshot, &mut numbers);
        rows(&told.rows, &mut numbers);
        others(&snapshot, &mut numbers);
        numbers.insert("told", told.facts.iter().filter_map(fact).collect::<Vec<_>>().join(", "));
        numbers
    }
}

/// Makes a message of IGMP with the address that it goes to (RFC 2236 section 9, RFC 3376 sections 4.1.12 and 4.2.14).
fn igmp_message(what: &str, groups: &[Ipv4Addr]) -> (Vec<u8>, Ipv4Addr) {
    match what {
        "query" => (igmp::query_v3(), Ipv4Addr::new(224, 0, 0, 1)),
        "join2" => (igmp::report_v2(groups[0]), groups[0]),
        "leave2" => (igmp::leave_v2(groups[0]), Ipv4Addr::new(224, 0, 0, 2)),
        "join3" => (igmp::report_v3(groups), Ipv4Addr::new(224, 0, 0, 22)),
        other => panic!("no message {other}"),
    }
}

/// Writes nanoseconds as milliseconds.
fn milliseconds(nanos: i64) -> String {
    let text = format!("{}.{:06}", nanos / 1_000_000, nanos.unsigned_abs() % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn unsigned_milliseconds(nanos: u64) -> String {
    milliseconds(i64::try_from(nanos).unwrap())
}

/// Writes a verdict as lines do.
fn written(verdict: &Verdict) -> String {
    let tcp = &verdict.tcp;
    let mut parts: Vec<String> = tcp.events.iter().map(|event| event.name().to_owned()).collect();
    if let Some(rtt) = tcp.rtt {
        parts.push(format!("rtt{} {}", if rtt.ambiguous { "?" } else { "" }, milliseconds(rtt.nanos)));
    }
    if let Some(handshake) = tcp.handshake {
        parts.push(format!("irtt {}", unsigned_milliseconds(handshake.nanos)));
    }
    if let Some(nanos) = tcp.response_nanos {
        parts.push(format!("response {}", unsigned_milliseconds(nanos)));
    }
    parts.extend(verdict.event.map(told));
    parts.join(", ")
}

/// Writes what a packet that is not TCP's own business tells.
fn told(event: FlowEvent) -> String {
    let with = |name: &str, nanos: Option<u64>| {
        nanos.map_or_else(|| name.to_owned(), |nanos| format!("{name} {}", unsigned_milliseconds(nanos)))
    };
    match event {
        FlowEvent::Dns(dns) => match dns.rcode {
            None => "asked".to_owned(),
            Some(rcode) => with(&format!("rcode {rcode}, answered"), dns.latency_nanos),
        },
        FlowEvent::Echo(echo) => with(if echo.is_reply { "pong" } else { "ping" }, echo.rtt_nanos),
        FlowEvent::Group(GroupEvent::Query) => "who listens".to_owned(),
        FlowEvent::Group(GroupEvent::Report { joins, leaves }) => format!("joins {joins}, leaves {leaves}"),
        FlowEvent::Rtp(rtp) => with("media", rtp.jitter_nanos),
        FlowEvent::Rtcp(rtcp) => with("report", rtcp.round_trip_nanos),
        FlowEvent::Quic(quic) => with("connection", quic.handshake_nanos.or(quic.spin_nanos)),
        FlowEvent::Tls(tls) => with("handshake", Some(tls.handshake_nanos)),
    }
}

/// Writes a fact; none of those that no scenario is about.
fn fact(fact: &Fact) -> Option<String> {
    match fact {
        Fact::Name { client, name, address, ttl_s, .. } => {
            let client = client.map_or_else(|| "all".to_owned(), |client| client.to_string());
            Some(format!("{client}: {name} is {address} for {ttl_s} s"))
        }
        Fact::Member { group, member, joins } => {
            Some(format!("{member} {} {group}", if *joins { "joins" } else { "leaves" }))
        }
        Fact::Querier { address } => Some(format!("{address} asks")),
        Fact::IcmpError { .. }
        | Fact::Password { .. }
        | Fact::Clue { .. }
        | Fact::Dhcp(_)
        | Fact::Media(_)
        | Fact::Sip(_) => None,
    }
}

/// Writes the mean of delays in milliseconds, to the nanosecond; `none` without any.
fn mean(delay: &Delay) -> String {
    let round =
        |nanos: f64| format!("{:.6}", nanos / 1e6).trim_end_matches('0').trim_end_matches('.').to_owned();
    delay.percentiles.map_or_else(|| "none".to_owned(), |figures| round(figures.mean))
}

fn tcp(snapshot: &Snapshot, numbers: &mut BTreeMap<&'static str, String>) {
    let (tcp, flows) = (&snapshot.tcp, &snapshot.flows);
    let loss = tcp.loss.average.map_or_else(|| "none".to_owned(), |ratio| ratio.percentage().to_string());
    numbers.extend([
        ("connections", flows.tcp_connections.to_string()),
        ("resets", flows.tcp_resets.to_string()),
        ("refused", flows.tcp_refused.to_string()),
        ("timed_out", flows.tcp_timed_out.to_string()),
        ("data_segments", tcp.data_segments.to_string()),
        ("resent", tcp.resent.to_string()),
        ("loss_percentage", loss),
        ("goodput_bytes", snapshot.total.goodput_bytes.to_string()),
        ("far_samples", tcp.rtt_far.samples.to_string()),
        ("far_mean", mean(&tcp.rtt_far)),
        ("near_samples", tcp.rtt_near.samples.to_string()),
        ("near_mean", mean(&tcp.rtt_near)),
        ("ambiguous", tcp.ambiguous.to_string()),
        ("backwards", tcp.backwards.to_string()),
        ("handshakes", tcp.handshake.samples.to_string()),
        ("handshake_mean", mean(&tcp.handshake)),
        ("responses", tcp.response.samples.to_string()),
        ("response_mean", mean(&tcp.response)),
    ]);
}

/// Adds what the last row tells: the state, and the halves of the handshake.
fn rows(rows: &[FlowRow], numbers: &mut BTreeMap<&'static str, String>) {
    let Some(row) = rows.last() else { return };
    numbers.insert("state", row.state.map_or_else(|| "none".to_owned(), |state| format!("{state:?}")));
    let handshake = row.tcp().and_then(|tcp| tcp.handshake);
    let halves = [
        ("server_half", handshake.and_then(|handshake| handshake.server_nanos)),
        ("client_half", handshake.and_then(|handshake| handshake.client_nanos())),
    ];
    for (name, nanos) in halves {
        numbers.insert(name, nanos.map_or_else(|| "none".to_owned(), unsigned_milliseconds));
    }
}

fn others(snapshot: &Snapshot, numbers: &mut BTreeMap<&'static str, String>) {
    let flows = &snapshot.flows;
    let dns = flows
        .dns
        .messages
        .values()
        .iter()
        .fold((0, 0), |sum, counts| (sum.0 + counts.queries, sum.1 + counts.responses));
    numbers.extend([
        ("dns_queries", dns.0.to_string()),
        ("dns_answers", dns.1.to_string()),
        ("dns_timeouts", flows.dns.timeouts.to_string()),
        ("dns_samples", snapshot.dns.samples.to_string()),
        ("dns_mean", mean(&snapshot.dns)),
        ("pings", flows.icmp.echo_requests.to_string()),
        ("pongs", flows.icmp.echo_replies.to_string()),
        ("pings_lost", flows.icmp.echo_lost.to_string()),
        ("ping_mean", mean(&snapshot.echo)),
        ("group_queries", flows.groups.queries.to_string()),
        ("joins", flows.groups.joins.to_string()),
        ("leaves", flows.groups.leaves.to_string()),
    ]);
}
