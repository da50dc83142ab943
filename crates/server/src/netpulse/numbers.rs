//! A moment of the monitor in NetPulse's numbers.

use std::time::Duration;

use netsonde_messages::stream::State as Stage;
use netsonde_messages::{ProtocolRates, SessionReport, Summary, rfc3339};
use netsonde_session::{Moment, Publication};

use super::messages::{
    EncryptionComposition, IpComposition, Loss, Metrics, PacketRow, PeriodicSummary, ProtocolDistribution,
    ProtocolMetrics, Report, ReportPart, RtpMetrics, State, TcpMetrics,
};
use super::talkers::top_talkers;

/// How far a viewer has come in a session: what is new to it begins there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// The session, as `Status::session`.
    pub(super) session: u64,
    /// The publication of the session.
    pub(super) sequence: u64,
    /// Whether it was said to be running.
    pub(super) is_running: bool,
    /// The number of the newest packet.
    pub(super) newest_packet: u64,
    /// How many addresses were located.
    pub(super) located: usize,
    packets: u64,
    ipv4_packets: u64,
    ipv6_packets: u64,
    encrypted_packets: u64,
}

impl Marks {
    /// Returns how far a moment is, its packets up to a number, and so many of its addresses located.
    pub(super) fn of(moment: &Moment, newest_packet: u64, located: usize) -> Self {
        let Publication { session, sequence, totals, .. } = &*moment.publication;
        Self {
            session: *session,
            sequence: *sequence,
            is_running: is_running(moment),
            newest_packet,
            located,
            packets: totals.traffic.packets,
            ipv4_packets: totals.ip_composition.ipv4_packets,
            ipv6_packets: totals.ip_composition.ipv6_packets,
            encrypted_packets: totals.encryption_composition.encrypted_packets,
        }
    }

    /// Returns the beginning of the same session.
    pub(super) fn at_the_beginning(self) -> Self {
        Self { session: self.session, is_running: self.is_running, ..Self::default() }
    }

    /// Returns these of a viewer that has been told of no place.
    pub(super) fn knowing_no_place(self) -> Self {
        Self { located: 0, ..self }
    }

    /// Returns how far a viewer is after an update of a moment, which tells of so many places at most.
    pub(super) fn after_update(self, moment: Self, most: usize) -> Self {
        Self { located: moment.located.min(self.located.saturating_add(most)), ..moment }
    }

    /// Tells whether an update is due to whoever has come as far as the others.
    pub(super) fn is_news_to(self, seen: Self) -> bool {
        let told = |marks: Self| (marks.sequence, marks.is_running, marks.newest_packet, marks.located);
        told(self) != told(seen)
    }

    /// Returns these where they are of the session, else its beginning.
    pub(super) fn in_session(self, session: u64) -> Self {
        if self.session == session { self } else { Self { session, ..Self::default() } }
    }
}

/// Tells whether NetPulse would call it running.
fn is_running(moment: &Moment) -> bool {
    matches!(moment.status.state, Stage::Starting | Stage::Running)
}

/// Returns everything that both large messages hold, plain counts being those since the marks; `last_update` is
/// nanoseconds since the epoch.
pub(super) fn state<'a>(
    moment: &Moment,
    since: Marks,
    new_packets: &'a [PacketRow],
    last_update: u64,
) -> State<'a> {
    let publication = &*moment.publication;
    let since = since.in_session(publication.session);
    let rates = |name| protocol(publication.protocols.rates.get(name));
    let metrics = metrics(moment, since, last_update);
    State {
        packets_per_second: metrics.packets_per_second,
        metrics,
        new_packets,
        tcp_metrics: tcp(publication, rates("TCP")),
        rtp_metrics: rtp(publication, rates("RTP")),
        quic_metrics: rates("QUIC"),
        udp_metrics: rates("UDP"),
        dns_metrics: rates("DNS"),
        igmp_metrics: rates("IGMP"),
        ipv4_metrics: rates("IPv4"),
        ipv6_metrics: rates("IPv6"),
        ip_composition: ip_composition(publication, since),
        encryption_composition: encryption_composition(publication, since),
        top_talkers: top_talkers(&publication.hosts.talkers),
    }
}

/// Returns the numbers of the whole session's traffic, those of its packets since the marks.
pub(super) fn metrics(moment: &Moment, since: Marks, last_update: u64) -> Metrics {
    let Publication { session, totals, protocols, .. } = &*moment.publication;
    // Its in and out have no third way: what stays inside or passes by counts as out, so that no byte is lost.
    let (inbound, outbound) = (&totals.throughput.inbound, &totals.throughput.outward);
    let since = since.in_session(*session);
    let distribution = &protocols.distribution;
    Metrics {
        status: if is_running(moment) { "running" } else { "stopped" },
        last_update: rfc3339(totals.now_ms.and_then(nanos).unwrap_or(last_update)),
        inbound_throughput: number(inbound.throughput_bps),
        inbound_throughput_peak: number(inbound.throughput_bps_peak),
        inbound_throughput_avg: number(inbound.throughput_bps_average),
        outbound_throughput: number(outbound.throughput_bps),
        outbound_throughput_peak: number(outbound.throughput_bps_peak),
        outbound_throughput_avg: number(outbound.throughput_bps_average),
        inbound_goodput: number(inbound.goodput_bps),
        inbound_goodput_peak: number(inbound.goodput_bps_peak),
        inbound_goodput_avg: number(inbound.goodput_bps_average),
        outbound_goodput: number(outbound.goodput_bps),
        outbound_goodput_peak: number(outbound.goodput_bps_peak),
        outbound_goodput_avg: number(outbound.goodput_bps_average),
        latency: number(totals.latency.now_ms),
        jitter: number(totals.jitter.now_ms),
        packets_per_second: number(totals.throughput.total.packets_per_second),
        protocol_distribution: ProtocolDistribution {
            tcp: distribution.tcp.packets,
            udp: distribution.udp.packets,
            rtp: distribution.rtp.packets,
            tls: distribution.tls.packets,
            quic: distribution.quic.packets,
            dns: distribution.dns.packets,
            igmp: distribution.igmp.packets,
            others: distribution.others.packets,
        },
        stream_count: totals.flows.active,
        total_packets: totals.traffic.packets.saturating_sub(since.packets),
    }
}

/// Returns TCP's numbers. Its client shows the lost packets as a sum and the percentage beside it, so both are of the
/// session.
fn tcp(publication: &Publication, rates: ProtocolMetrics) -> TcpMetrics {
    let Publication { totals, protocols, .. } = publication;
    let latency = &totals.latency;
    TcpMetrics {
        rates,
        latency: number(latency.now_ms),
        latency_peak: number(latency.peak_ms),
        latency_avg: number(latency.average_ms),
        loss: Loss {
            packet_loss: protocols.tcp.packet_loss,
            packet_loss_percentage: number(protocols.tcp.packet_loss_percentage),
        },
    }
}

/// Returns RTP's numbers, in the same way.
fn rtp(publication: &Publication, rates: ProtocolMetrics) -> RtpMetrics {
    let Publication { totals, protocols, .. } = publication;
    let jitter = &totals.jitter;
    RtpMetrics {
        rates,
        jitter: number(jitter.now_ms),
        jitter_peak: number(jitter.peak_ms),
        jitter_avg: number(jitter.average_ms),
        loss: Loss {
            packet_loss: protocols.rtp.lost,
            packet_loss_percentage: number(protocols.rtp.lost_percentage),
        },
    }
}

fn protocol(rates: Option<&ProtocolRates>) -> ProtocolMetrics {
    let rates = rates.copied().unwrap_or_default();
    ProtocolMetrics {
        packets_per_second: number(rates.packets_per_second),
        inbound_throughput: number(rates.inbound_throughput_bps),
        inbound_throughput_peak: number(rates.inbound_throughput_bps_peak),
        inbound_throughput_avg: number(rates.inbound_throughput_bps_average),
        outbound_throughput: number(rates.outward_throughput_bps),
        outbound_throughput_peak: number(rates.outward_throughput_bps_peak),
        outbound_throughput_avg: number(rates.outward_throughput_bps_average),
    }
}

fn ip_composition(publication: &Publication, since: Marks) -> IpComposition {
    let all = &publication.totals.ip_composition;
    let ipv4_packets = all.ipv4_packets.saturating_sub(since.ipv4_packets);
    let ipv6_packets = all.ipv6_packets.saturating_sub(since.ipv6_packets);
    IpComposition {
        ipv4_packets,
        ipv6_packets,
        ipv4_packets_cumulative: all.ipv4_packets,
        ipv6_packets_cumulative: all.ipv6_packets,
        total_packets: ipv4_packets.saturating_add(ipv6_packets),
        ipv4_percentage: number(all.ipv4_percentage),
        ipv6_percentage: number(all.ipv6_percentage),
    }
}

/// Splits what is new. A conversation that turns out to be encrypted takes its older packets along, more perhaps than
/// there are new ones: then all new ones count as encrypted.
fn encryption_composition(publication: &Publication, since: Marks) -> EncryptionComposition {
    let all = &publication.totals.encryption_composition;
    let total_packets = publication.totals.traffic.packets.saturating_sub(since.packets);
    let encrypted_packets = all.encrypted_packets.saturating_sub(since.encrypted_packets).min(total_packets);
    EncryptionComposition {
        encrypted_packets,
        unencrypted_packets: total_packets - encrypted_packets,
        encrypted_packets_cumulative: all.encrypted_packets,
        unencrypted_packets_cumulative: all.unencrypted_packets,
        total_packets,
        encrypted_percentage: number(all.encrypted_percentage),
        unencrypted_percentage: number(all.encrypted_percentage.map(|encrypted| 100.0 - encrypted)),
    }
}

/// Returns the hours to milliseconds in UTC of milliseconds since the epoch: the client compares nothing with its own
/// clock.
pub(super) fn time_of_day(milliseconds: f64) -> Option<String> {
    // YYYY-MM-DDTHH:MM:SS.mmm and what is finer.
    Some(rfc3339(nanos(milliseconds)?).get(11..23)?.to_owned())
}

/// Returns nanoseconds for milliseconds since the epoch, which are whole microseconds; `None` beyond the year 2554.
fn nanos(milliseconds: f64) -> Option<u64> {
    // A double of seconds is off by less than half a microsecond until the year 2106.
    let half = Duration::from_nanos(500);
    let micros = Duration::try_from_secs_f64(milliseconds / 1_000.0).ok()?.saturating_add(half).as_micros();
    u64::try_from(micros).ok()?.checked_mul(1_000)
}

/// Returns a number that a message can hold: unknown is 0 to NetPulse.
fn number(value: Option<f64>) -> f64 {
    value.filter(|value| value.is_finite()).unwrap_or(0.0)
}

/// Writes a report in NetPulse's form.
pub(super) fn report(report: &SessionReport) -> Report {
    let part = |part: &netsonde_messages::ReportPart| {
        let lines: Vec<_> =
            part.key_metrics.iter().map(|metric| format!("{}: {}", metric.key, metric.value)).collect();
        ReportPart {
            protocol: part.name.to_string(),
            key_metrics: lines.join("\n"),
            observations: part.observations.clone(),
        }
    };
    Report { summary: report.summary.clone(), breakdown: report.breakdown.iter().map(part).collect() }
}

/// Writes a summary in NetPulse's form.
pub(super) fn periodic_summary(summary: &Summary) -> PeriodicSummary {
    PeriodicSummary {
        summary: summary.text.clone(),
        timestamp: summary.at.clone(),
        duration_seconds: summary.duration_s,
    }
}

#[cfg(test)]
mod tests {
    use netsonde_messages::stream::TotalsTopic;

    use super::*;

    fn published(total: u64, encrypted: u64) -> Publication {
        let mut totals = TotalsTopic::default();
        totals.traffic.packets = total;
        totals.encryption_composition.encrypted_packets = encrypted;
        totals.encryption_composition.unencrypted_packets = total - encrypted;
        Publication { totals, ..Publication::default() }
    }

    #[test]
    fn packets_that_turn_out_to_be_encrypted_leave_no_negative_count() {
        let split = |since: Marks, publication: &Publication| {
            let new = encryption_composition(publication, since);
            (new.encrypted_packets, new.unencrypted_packets, new.total_packets)
        };
        // Of 100 packets none was known to be encrypted; then 10 came, and 60 of all 110 are.
        let since = Marks { packets: 100, ..Marks::default() };
        assert_eq!(split(since, &published(110, 60)), (10, 0, 10));
        // 3 of the 10 new ones are encrypted.
        assert_eq!(split(since, &published(110, 3)), (3, 7, 10));
        // Nothing is new, but 5 were moved over.
        assert_eq!(split(since, &published(100, 5)), (0, 0, 0));
        assert_eq!(split(Marks::default(), &published(0, 0)), (0, 0, 0));
    }

    #[test]
    fn a_time_of_day_is_that_of_the_packet_to_the_millisecond() {
        // 1,700,000,000 s are 19,675 days and 80,000 s: 22:13:20.
        for (milliseconds, time) in [
            (1_700_000_000_123.0, "22:13:20.123"),
            (1_700_000_000_123.999, "22:13:20.123"),
            (1_700_000_000_000.001, "22:13:20.000"),
            (0.0, "00:00:00.000"),
            (86_399_999.999, "23:59:59.999"),
        ] {
            assert_eq!(time_of_day(milliseconds).as_deref(), Some(time), "{milliseconds}");
        }
        assert_eq!((nanos(-1.0), nanos(f64::NAN), nanos(1e300)), (None, None, None));
    }

    #[test]
    fn latency_and_loss_are_those_of_the_dashboard_and_zero_before_there_are_any() {
        let mut publication = Publication::default();
        let shown = |publication: &Publication| {
            let TcpMetrics { latency, latency_peak, latency_avg, loss, .. } =
                tcp(publication, protocol(None));
            let figures = [latency, latency_peak, latency_avg, loss.packet_loss_percentage];
            (figures.map(|figure| figure.to_string()), loss.packet_loss)
        };
        assert_eq!(shown(&publication), (["0", "0", "0", "0"].map(Into::into), 0));
        let latency = &mut publication.totals.latency;
        (latency.now_ms, latency.peak_ms, latency.average_ms) = (Some(20.5), Some(80.0), Some(31.25));
        let loss = &mut publication.protocols.tcp;
        (loss.packet_loss, loss.packet_loss_percentage) = (3, Some(1.5));
        assert_eq!(shown(&publication), (["20.5", "80", "31.25", "1.5"].map(Into::into), 3));
    }

    #[test]
    fn jitter_and_loss_of_media_are_those_of_the_dashboard_and_zero_before_there_are_any() {
        let mut publication = Publication::default();
        let shown = |publication: &Publication| {
            let RtpMetrics { jitter, jitter_peak, jitter_avg, loss, .. } = rtp(publication, protocol(None));
            let figures = [jitter, jitter_peak, jitter_avg, loss.packet_loss_percentage];
            (figures.map(|figure| figure.to_string()), loss.packet_loss)
        };
        assert_eq!(shown(&publication), (["0", "0", "0", "0"].map(Into::into), 0));
        let jitter = &mut publication.totals.jitter;
        (jitter.now_ms, jitter.peak_ms, jitter.average_ms) = (Some(3.25), Some(12.5), Some(4.0));
        let loss = &mut publication.protocols.rtp;
        (loss.lost, loss.lost_percentage) = (19, Some(0.5));
        assert_eq!(shown(&publication), (["3.25", "12.5", "4", "0.5"].map(Into::into), 19));
    }

    #[test]
    fn what_is_unknown_is_zero() {
        let shown = [None, Some(f64::NAN), Some(f64::INFINITY), Some(2.5)].map(number);
        assert_eq!(shown.map(|number| number.to_string()), ["0", "0", "0", "2.5"]);
    }
}
