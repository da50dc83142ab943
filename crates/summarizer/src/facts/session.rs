//! The facts of a whole session.

use std::net::IpAddr;

use netsonde_messages::stream::FlowListed;
use netsonde_messages::{
    Delays, DirectionTotal, FactValue, Host, Rates, Relation, RtpStream, Span, Subject, Unit,
};

use super::Facts;
use super::ids::{
    AppIds, ClassIds, ConversationIds, DnsIds, HandshakeIds, HostIds, IgmpIds, RtpIds, SessionIds, TcpIds,
    WayIds,
};
use crate::figures::{Figures, classes};
use crate::see;

const VOLUME: &str = "bytes on the wire, every packet counted";
const AVERAGE: &str = "bits on the wire over the time measured, silence included";
const PEAK: &str = "bits on the wire in the busiest second";
const ROUND_TRIP: &str = "from a TCP segment to its acknowledgement, none that is ambiguous";

/// Gathers the facts of a session, of the whole time that was measured.
pub fn of_session(figures: &Figures<'_>) -> (Facts, SessionIds) {
    let totals = &figures.measured.totals;
    let span =
        Span { from_ms: totals.now_ms.map(|now| now - totals.elapsed_s * 1_000.0), to_ms: totals.now_ms };
    let mut facts = Facts::new(span);
    let ids = volumes(figures, &mut facts);
    let ids = SessionIds {
        encrypted_share: facts.measured(
            "Encrypted share of packets",
            Subject::Session,
            totals.encryption_composition.encrypted_percentage,
            Unit::Percent,
            "packets of conversations recognised as encrypted",
            see::composition_in_packets(),
        ),
        tcp: tcp(figures, &mut facts),
        rtp: rtp(figures, &mut facts),
        quic: quic(figures, &mut facts),
        tls: tls(figures, &mut facts),
        dns: dns(figures, &mut facts),
        igmp: igmp(figures, &mut facts),
        busiest_host: busiest_host(figures, &mut facts, ids.bytes),
        busiest_app: busiest_app(figures, &mut facts, ids.bytes),
        largest_conversation: largest_conversation(figures, &mut facts, ids.bytes),
        ..ids
    };
    (facts, ids)
}

fn volumes(figures: &Figures<'_>, facts: &mut Facts) -> SessionIds {
    let (totals, total) = (&figures.measured.totals, figures.total());
    let (page, rates, sums) = (see::dashboard, &totals.throughput, &totals.totals);
    let source = facts.text("Source", Subject::Session, figures.source(), "as it was asked for", page());
    let mut whole =
        |label, value, unit, method| facts.number(label, Subject::Session, value, unit, method, page());
    let elapsed = whole("Time measured", totals.elapsed_s, Unit::Seconds, "by the packets' stamps");
    let packets = whole("Packets", total.packets as f64, Unit::Count, "every packet counted");
    let bytes = whole("Bytes", total.bytes as f64, Unit::Bytes, VOLUME);
    let (average, peak) = pace(facts, "Throughput", &rates.total, &page());
    let mut way = |label, total: &DirectionTotal, rates| way(facts, label, (total, bytes), rates);
    let (inbound, outbound) =
        (way("In", &sums.inbound, &rates.inbound), way("Out", &sums.outbound, &rates.outbound));
    let internal = way("Within the local networks", &sums.internal, &rates.internal);
    let transit = way("Through", &sums.transit, &rates.transit);
    let (drops, drops_share) = drops(figures, facts);
    let ip = &totals.ip_composition;
    let mut family = |label, share: Option<f64>| {
        let method = "packets by their outermost network header";
        let share = share.filter(|share| *share > 0.0);
        facts.measured(label, Subject::Session, share, Unit::Percent, method, see::composition_in_packets())
    };
    let (ipv4_share, ipv6_share) =
        (family("IPv4 share", ip.ipv4_percentage), family("IPv6 share", ip.ipv6_percentage));
    let udp = &figures.measured.protocols.udp;
    let mut udp_count = |label, value| positive(facts, label, "UDP", value, "every packet looked at");
    let udp_conversations = udp_count("UDP conversations", udp.conversations);
    let udp_packets = udp_count("UDP packets", udp.packets);
    let classes = class_ids(figures, facts, bytes);
    SessionIds {
        source,
        elapsed,
        packets,
        bytes,
        average,
        peak,
        inbound,
        outbound,
        internal,
        transit,
        classes,
        ipv4_share,
        ipv6_share,
        drops,
        drops_share,
        udp_conversations,
        udp_packets,
        ..SessionIds::default()
    }
}

/// The mean and the busiest second of a rate; of the latter nothing where the capture was too short for whole seconds to
/// tell, so that it lies below the mean.
fn pace(facts: &mut Facts, label: &str, rates: &Rates, see: &str) -> (Option<u32>, Option<u32>) {
    let Rates { throughput_bps_average: average, throughput_bps_peak: peak, .. } = *rates;
    let peak = peak.filter(|peak| average.is_some_and(|average| *peak >= average));
    let mut rate = |what: &str, value, method: &'static str| {
        let label = format!("{label}, {what}");
        facts.measured(label, Subject::Session, value, Unit::BitsPerSecond, method, see.to_owned())
    };
    (rate("average", average, AVERAGE), rate("peak", peak, PEAK))
}

fn way(
    facts: &mut Facts,
    label: &'static str,
    (total, all): (&DirectionTotal, u32),
    rates: &Rates,
) -> Option<WayIds> {
    if total.packets == 0 {
        return None;
    }
    let page = see::dashboard();
    let packets = facts.number(
        format!("{label}, packets"),
        Subject::Session,
        total.packets as f64,
        Unit::Count,
        "every packet counted",
        page.clone(),
    );
    let bytes = facts.number(
        format!("{label}, bytes"),
        Subject::Session,
        total.bytes as f64,
        Unit::Bytes,
        VOLUME,
        page.clone(),
    );
    let share = share(facts, &format!("{label}, share of bytes"), bytes, all);
    let (average, peak) = pace(facts, label, rates, &page);
    Some(WayIds { packets, bytes, share, average, peak })
}

fn class_ids(figures: &Figures<'_>, facts: &mut Facts, all: u32) -> Vec<ClassIds> {
    let mut ids = Vec::new();
    let occurred = classes(&figures.measured.protocols.distribution);
    for (name, volume) in occurred.into_iter().filter(|(_, volume)| volume.bytes > 0) {
        let subject = || Subject::Protocol(name.into());
        let method = "by the highest protocol recognised";
        let label = facts.text("Class of protocols", subject(), name, method, see::composition());
        let bytes = facts.number(
            format!("{name}, bytes"),
            subject(),
            volume.bytes as f64,
            Unit::Bytes,
            method,
            see::composition(),
        );
        let share = share(facts, &format!("{name}, share of bytes"), bytes, all);
        ids.extend(share.map(|share| ClassIds { name: label, bytes, share, most: None }));
    }
    if ids.len() > 1
        && let Some(first) = ids.first_mut()
    {
        first.most = Some(facts.compare(first.bytes, all, Relation::Most));
    }
    ids
}

fn drops(figures: &Figures<'_>, facts: &mut Facts) -> (Option<u32>, Option<u32>) {
    let dropped = figures.dropped();
    if dropped == 0 {
        return (None, None);
    }
    let there = figures.total().packets + dropped;
    let percentage = dropped as f64 * 100.0 / there as f64;
    let mut drop = |label, value, unit| {
        let method = "counted by the system and the interface";
        Some(facts.number(label, Subject::Session, value, unit, method, see::findings()))
    };
    let count = drop("Packets dropped", dropped as f64, Unit::Count);
    (count, drop("Share of packets dropped", percentage, Unit::Percent))
}

fn tcp(figures: &Figures<'_>, facts: &mut Facts) -> TcpIds {
    let tcp = &figures.measured.protocols.tcp;
    let rtt = if tcp.rtt_far_ms.samples > 0 { &tcp.rtt_far_ms } else { &tcp.rtt_ms };
    let mut count = |label, value| positive(facts, label, "TCP", value, "judged as Wireshark does");
    let ids = TcpIds {
        connections: count("TCP connections", tcp.connections),
        data_segments: count("TCP data segments", tcp.data_segments),
        resent: count("TCP segments sent again", tcp.packet_loss),
        out_of_order: count("TCP segments out of order", tcp.out_of_order),
        zero_windows: count("Zero windows", tcp.zero_windows),
        resets: count("Connections reset", tcp.resets),
        refused: count("Connections refused", tcp.refused),
        unanswered: count("Connections without an answer", tcp.timed_out),
        ..TcpIds::default()
    };
    let mut share = |label, value, method| number_of(facts, label, "TCP", value, Unit::Percent, method);
    let loss = share("TCP loss", tcp.packet_loss_percentage, "data segments sent again, in all of them");
    let loss_peak = share("TCP loss, peak", tcp.loss.peak_percentage, "in the worst second");
    let mut delay = |label, value, method| number_of(facts, label, "TCP", value, Unit::Milliseconds, method);
    TcpIds {
        loss,
        loss_peak,
        rtt_p50: delay("Round trip p50", rtt.p50, ROUND_TRIP),
        rtt_p95: delay("Round trip p95", rtt.p95, ROUND_TRIP),
        rtt_average: delay(
            "Round trip, average",
            tcp.latency.average_ms,
            "each flow weighted by its packets",
        ),
        rtt_peak: delay("Round trip, peak", tcp.latency.peak_ms, "the mean of the worst second"),
        handshake_p50: delay("Handshake p50", tcp.initial_rtt_ms.p50, "from SYN to the handshake's end"),
        response_p50: delay(
            "Server response p50",
            tcp.server_response_ms.p50,
            "from a request's last byte to its answer's first",
        ),
        ..ids
    }
}

fn rtp(figures: &Figures<'_>, facts: &mut Facts) -> RtpIds {
    let (rtp, calls) = (&figures.measured.protocols.rtp, &figures.measured.calls);
    let mut count = |label, value| positive(facts, label, "RTP", value, "by sequence numbers (RFC 3550)");
    let streams = count("RTP streams", rtp.streams_seen);
    let lost = count("RTP packets lost", rtp.lost);
    let calls_seen = count("Calls", calls.calls.len() as u64 + calls.calls_omitted);
    let mut share = |label, value, method| number_of(facts, label, "RTP", value, Unit::Percent, method);
    let loss = share("RTP loss", rtp.lost_percentage, "by sequence numbers (RFC 3550)");
    let loss_peak = share("RTP loss, peak", rtp.loss.peak_percentage, "in the worst second");
    let mut delay = |label, value, method| number_of(facts, label, "RTP", value, Unit::Milliseconds, method);
    RtpIds {
        streams,
        loss,
        loss_peak,
        lost,
        jitter: delay(
            "Jitter, average",
            rtp.jitter.average_ms,
            "RFC 3550, streams weighted by their packets",
        ),
        jitter_peak: delay("Jitter, peak", rtp.jitter.peak_ms, "the mean of the worst second"),
        worst_mos: worst_mos(&calls.streams, facts),
        calls: calls_seen,
    }
}

fn worst_mos(streams: &[RtpStream], facts: &mut Facts) -> Option<u32> {
    let rated = streams.iter().filter_map(|stream| Some((stream.mos?, stream.id)));
    let (mos, id) = rated.min_by(|(mos, _), (other, _)| mos.total_cmp(other))?;
    let method = "ITU-T G.107 from codec, loss and delay";
    Some(facts.number("MOS, worst stream", Subject::Stream(id), mos, Unit::Mos, method, see::stream(id)))
}

fn quic(figures: &Figures<'_>, facts: &mut Facts) -> HandshakeIds {
    let quic = &figures.measured.protocols.quic;
    let connections = positive(
        facts,
        "QUIC connections",
        "QUIC",
        quic.connections + quic.google_connections,
        "by their ids",
    );
    let method = "from the client's first packet to the server's";
    handshakes(facts, "QUIC", connections, &quic.handshake_rtt_ms, method)
}

fn tls(figures: &Figures<'_>, facts: &mut Facts) -> HandshakeIds {
    let tls = &figures.measured.protocols.tls;
    let hellos =
        positive(facts, "TLS handshakes begun", "TLS", tls.client_hellos, "clients' hellos over TCP");
    handshakes(facts, "TLS", hellos, &tls.handshake_ms, "from the client's hello to the handshake's end")
}

fn handshakes(
    facts: &mut Facts,
    protocol: &'static str,
    connections: Option<u32>,
    delays: &Delays,
    method: &'static str,
) -> HandshakeIds {
    let mut delay = |part: &str, value| {
        let label = format!("{protocol} handshake {part}");
        facts.measured(
            label,
            Subject::Protocol(protocol.into()),
            value,
            Unit::Milliseconds,
            method,
            see::protocol(protocol),
        )
    };
    HandshakeIds {
        connections,
        handshake_p50: delay("p50", delays.p50),
        handshake_p95: delay("p95", delays.p95),
    }
}

fn dns(figures: &Figures<'_>, facts: &mut Facts) -> DnsIds {
    let dns = &figures.measured.protocols.dns;
    let code = |name: &str| dns.rcodes.get(name).copied().unwrap_or(0);
    let failed = crate::figures::dns_failures(dns);
    let mut count = |label, value, method| positive(facts, label, "DNS", value, method);
    let ids = DnsIds {
        queries: count("DNS questions", dns.queries, "over DNS"),
        answers: count("DNS answers", dns.responses, "over DNS"),
        timeouts: count("DNS questions without an answer", dns.timeouts, "nobody answered within 5 s"),
        failures: count("DNS failures", failed, "answers with neither NOERROR nor NXDOMAIN"),
        no_such_name: count("Names that do not exist", code("NXDOMAIN"), "answers with NXDOMAIN"),
        ..DnsIds::default()
    };
    let mut delay = |label, value| {
        number_of(facts, label, "DNS", value, Unit::Milliseconds, "from a question to its answer")
    };
    let (latency_p50, latency_p95) =
        (delay("DNS latency p50", dns.latency_ms.p50), delay("DNS latency p95", dns.latency_ms.p95));
    let timeouts_share = share_of(facts, "DNS questions without an answer, share", ids.timeouts, ids.queries);
    let failures_share = share_of(facts, "DNS failures, share", ids.failures, ids.answers);
    DnsIds { latency_p50, latency_p95, timeouts_share, failures_share, ..ids }
}

fn igmp(figures: &Figures<'_>, facts: &mut Facts) -> IgmpIds {
    let igmp = &figures.measured.protocols.igmp;
    let mut count = |label, value| positive(facts, label, "IGMP", value, "IGMP and MLD, every message read");
    IgmpIds {
        groups: count("Multicast groups", igmp.groups.len() as u64 + igmp.groups_omitted),
        joins: count("Joins", igmp.joins),
        leaves: count("Leaves", igmp.leaves),
        queries: count("Multicast queries", igmp.queries),
    }
}

/// The address elsewhere with the most bytes: one among the largest hosts is the largest of its kind.
fn busiest_host(figures: &Figures<'_>, facts: &mut Facts, all: u32) -> Option<HostIds> {
    let host = figures.measured.hosts.hosts.iter().find(|host| !host.local)?;
    Some(host_ids(facts, host, host.bytes_in + host.bytes_out, all))
}

/// Adds an address with its first name and its bytes, which are the most of its kind.
pub(super) fn host_ids(facts: &mut Facts, host: &Host, volume: u64, all: u32) -> HostIds {
    let subject = || Subject::Host(host.address);
    let page = || see::host(host.address);
    let address = facts.text("Host", subject(), &host.address.to_string(), "by its packets", page());
    let name = host
        .names
        .first()
        .map(|name| facts.text("Host name", subject(), name, "by hellos, requests and DNS answers", page()));
    let bytes = facts.number("Host, bytes", subject(), volume as f64, Unit::Bytes, VOLUME, page());
    let share = share(facts, "Host, share of bytes", bytes, all);
    let most = facts.compare(bytes, all, Relation::Most);
    HostIds { address, name, bytes, share, most }
}

fn busiest_app(figures: &Figures<'_>, facts: &mut Facts, all: u32) -> Option<AppIds> {
    let row = figures.measured.apps.apps.first().filter(|row| row.app.bytes > 0)?;
    Some(app_ids(facts, &row.app.app, row.app.bytes, all))
}

/// Adds an application with its bytes, which are the most.
pub(super) fn app_ids(facts: &mut Facts, name: &str, volume: u64, all: u32) -> AppIds {
    let subject = || Subject::App(name.to_owned());
    let page = || see::flows_of_app(name);
    let label = facts.text("Application", subject(), name, "by name, signature, address or port", page());
    let bytes = facts.number("Application, bytes", subject(), volume as f64, Unit::Bytes, VOLUME, page());
    let share = share(facts, "Application, share of bytes", bytes, all);
    let most = facts.compare(bytes, all, Relation::Most);
    AppIds { name: label, bytes, share, most }
}

fn largest_conversation(figures: &Figures<'_>, facts: &mut Facts, all: u32) -> Option<ConversationIds> {
    let symptom = figures.measured.symptoms.largest.first().filter(|symptom| symptom.count > 0)?;
    let FlowListed { id, flow, .. } = &symptom.flow;
    let (subject, page) = (|| Subject::Flow(*id), || see::flow(*id));
    let mut end = |label: &'static str, address: IpAddr| {
        facts.text(label, subject(), &address.to_string(), "by its packets", page())
    };
    let (client, server) = (end("Client", flow.client), end("Server", flow.server));
    let name = flow.hostname.as_deref().map(|name| {
        facts.text("Server name", subject(), name, "by the hello, the request or DNS answers", page())
    });
    let kind = flow.app.as_ref().unwrap_or(&flow.protocol);
    let kind = facts.text("Conversation", subject(), kind, "by what is known of it", page());
    let bytes =
        facts.number("Conversation, bytes", subject(), symptom.count as f64, Unit::Bytes, VOLUME, page());
    let share = share(facts, "Conversation, share of bytes", bytes, all);
    let most = facts.compare(bytes, all, Relation::Most);
    Some(ConversationIds { client, server, name, kind, bytes, share, most })
}

/// Adds a number of a protocol where it was measured.
fn number_of(
    facts: &mut Facts,
    label: &'static str,
    protocol: &'static str,
    value: Option<f64>,
    unit: Unit,
    method: &'static str,
) -> Option<u32> {
    facts.measured(label, Subject::Protocol(protocol.into()), value, unit, method, see::protocol(protocol))
}

/// Adds a count of a protocol where there is anything to count.
fn positive(
    facts: &mut Facts,
    label: &'static str,
    protocol: &'static str,
    value: u64,
    method: &'static str,
) -> Option<u32> {
    number_of(facts, label, protocol, (value > 0).then_some(value as f64), Unit::Count, method)
}

fn share_of(facts: &mut Facts, label: &str, part: Option<u32>, all: Option<u32>) -> Option<u32> {
    share(facts, label, part?, all?)
}

/// Adds the share of one number in another; none where there is no whole.
pub(super) fn share(facts: &mut Facts, label: &str, part: u32, all: u32) -> Option<u32> {
    let (part, all) = (facts.get(part)?, facts.get(all)?);
    let (FactValue::Number { value, .. }, FactValue::Number { value: whole, .. }) = (&part.value, &all.value)
    else {
        return None;
    };
    let percentage = (*whole > 0.0).then(|| value * 100.0 / whole)?;
    let (subject, see) = (part.subject.clone(), part.see.clone());
    Some(facts.number(label.to_owned(), subject, percentage, Unit::Percent, "a share of the whole", see))
}

#[cfg(test)]
mod tests {
    use netsonde_messages::stream::{State, Status};
    use netsonde_messages::{EncryptionComposition, Fact, TcpCounts, Volume};
    use netsonde_session::Publication;

    use super::*;

    fn status() -> Status {
        Status {
            state: State::Finished,
            problem: None,
            session: 1,
            source: None,
            filter: None,
            started_at: None,
            summarizing: true,
        }
    }

    fn texts(facts: &Facts, ids: &[Option<u32>]) -> Vec<String> {
        ids.iter().flatten().filter_map(|id| facts.get(*id)).map(|fact| fact.text.clone()).collect()
    }

    /// 1,000 packets with 1 MB in 10 s, three quarters of it TLS that came in.
    fn publication() -> Publication {
        let mut publication = Publication { session: 1, ..Publication::default() };
        let totals = &mut publication.totals;
        (totals.now_ms, totals.elapsed_s) = (Some(1_700_000_010_000.0), 10.0);
        (totals.traffic.packets, totals.traffic.bytes) = (1_000, 1_000_000);
        (totals.totals.inbound.packets, totals.totals.inbound.bytes) = (1_000, 1_000_000);
        totals.throughput.inbound.throughput_bps_average = Some(800_000.0);
        totals.throughput.inbound.throughput_bps_peak = Some(700_000.0);
        totals.encryption_composition =
            EncryptionComposition { encrypted_percentage: Some(75.0), ..EncryptionComposition::default() };
        let distribution = &mut publication.protocols.distribution;
        distribution.tls = Volume { packets: 750, bytes: 750_000 };
        distribution.udp = Volume { packets: 250, bytes: 250_000 };
        publication
    }

    #[test]
    fn a_session_is_told_by_what_was_measured_of_it_and_nothing_else() {
        let (status, measured) = (status(), publication());
        let (facts, ids) = of_session(&Figures { status: &status, measured: &measured });
        let texts = |ids: &[Option<u32>]| texts(&facts, ids);
        assert_eq!(
            texts(&[Some(ids.elapsed), Some(ids.packets), Some(ids.bytes)]),
            ["10.0 s", "1,000", "1.0 MB"]
        );
        let inbound = ids.inbound.unwrap();
        // The busiest whole second lies below the mean, so it says nothing.
        assert_eq!(texts(&[inbound.share, inbound.average, inbound.peak]), ["100.0 %", "800.0 kbps"]);
        assert_eq!((ids.outbound, ids.drops, ids.tcp.loss, ids.rtp.worst_mos), (None, None, None, None));
        assert_eq!(texts(&[ids.encrypted_share]), ["75.0 %"]);
        let [tls, udp] = ids.classes[..] else { panic!("{ids:?}") };
        assert_eq!(texts(&[Some(tls.name), Some(tls.share), tls.most]), ["TLS", "75.0 %", "the most"]);
        assert_eq!(texts(&[Some(udp.share), udp.most]), ["25.0 %"]);
        let span = Span { from_ms: Some(1_700_000_000_000.0), to_ms: Some(1_700_000_010_000.0) };
        assert!(facts.list().iter().all(|fact: &Fact| fact.span == span));
        assert!(facts.list().iter().all(|fact| fact.see.starts_with('/') && !fact.method.is_empty()));
    }

    #[test]
    fn the_round_trip_is_the_far_one_where_there_is_a_far_side() {
        let (status, mut measured) = (status(), publication());
        let delays = |samples, p50| Delays { samples, p50: Some(p50), ..Delays::default() };
        measured.protocols.tcp =
            TcpCounts { rtt_ms: delays(9, 4.0), rtt_far_ms: delays(5, 20.0), ..TcpCounts::default() };
        let (facts, ids) = of_session(&Figures { status: &status, measured: &measured });
        assert_eq!(texts(&facts, &[ids.tcp.rtt_p50]), ["20.0 ms"]);
        measured.protocols.tcp.rtt_far_ms = Delays::default();
        let (facts, ids) = of_session(&Figures { status: &status, measured: &measured });
        assert_eq!(texts(&facts, &[ids.tcp.rtt_p50]), ["4.0 ms"]);
    }
}
