//! What packets tell beyond their volume: DNS, echoes, errors, multicast groups.

use netsonde_dissect::{Cast, Change, Frame, GroupChange, Icmp, Membership, Protocol, Tcp, Transport, Udp};
use netsonde_units::Timestamp;

use super::{FlowTable, signalling};
use crate::conversation::Ends;
use crate::dns::Heard;
use crate::naming;
use crate::waiting::Question;
use crate::{DnsKind, EchoEvent, Fact, FlowEvent, FlowKey, GroupEvent, IcmpCounters, Side};

/// The port of DNS (RFC 1035 section 4.2).
const DNS_PORT: u16 = 53;
/// The port of `NetBIOS`'s datagrams (RFC 1002 section 4.4).
const NETBIOS_DATAGRAM_PORT: u16 = 138;

/// A packet and the conversation it was counted in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) slot: u32,
    pub(super) side: Side,
    pub(super) frame: &'a Frame<'a>,
    pub(super) at: Timestamp,
    pub(super) now: Timestamp,
}

/// Tells whether a packet is of a kind that tells something; most are not.
#[inline]
pub(super) const fn may_tell(frame: &Frame<'_>, protocol: Protocol) -> bool {
    matches!(
        protocol,
        Protocol::Dns
            | Protocol::Mdns
            | Protocol::Llmnr
            | Protocol::NetBios
            | Protocol::Dhcp
            | Protocol::Dhcpv6
            | Protocol::Sip
            | Protocol::Rtsp
    ) || match &frame.transport {
        Transport::Icmp(_) | Transport::Icmpv6(_) | Transport::Igmp(_) => true,
        Transport::Tcp(tcp) => {
            matches!(protocol, Protocol::Tcp) && (may_become_dns(tcp) || signalling::may_become(tcp))
        }
        _ => false,
    }
}

/// Tells whether a conversation that is not recognised may prove to be DNS: its first segments may be too short to tell,
/// and hold the length of its first message all the same.
const fn may_become_dns(tcp: &Tcp<'_>) -> bool {
    tcp.source == DNS_PORT || tcp.destination == DNS_PORT
}

/// Tells whether an ICMP error says that a host, a port or a protocol cannot be reached (RFC 792, RFC 4443 section 3.1). That a
/// packet is too large for the way says nothing of its end.
pub(super) const fn is_unreachable(kind: u8, code: u8, is_v6: bool) -> bool {
    const UNREACHABLE: u8 = 3;
    const FRAGMENTATION_NEEDED: u8 = 4;
    const UNREACHABLE_V6: u8 = 1;
    if is_v6 { kind == UNREACHABLE_V6 } else { kind == UNREACHABLE && code != FRAGMENTATION_NEEDED }
}

impl FlowTable {
    /// Takes in what a packet tells.
    #[inline(never)]
    pub(super) fn tell(&mut self, packet: &Told<'_>, protocol: Protocol, ends: &Ends) -> Option<FlowEvent> {
        match &packet.frame.transport {
            Transport::Udp(_) | Transport::Tcp(_) if signalling::may_speak(packet.frame, protocol) => {
                self.tell_signalling(packet, ends);
                None
            }
            Transport::Udp(udp)
                if matches!(protocol, Protocol::NetBios | Protocol::Dhcp | Protocol::Dhcpv6) =>
            {
                self.tell_naming(packet, protocol, *udp, ends);
                None
            }
            Transport::Udp(_) | Transport::Tcp(_) => self.tell_dns(packet, protocol, ends),
            Transport::Icmp(icmp) => self.tell_icmp(packet, ends, icmp, false),
            Transport::Icmpv6(icmp) => self.tell_icmp(packet, ends, icmp, true).or_else(|| {
                let membership = icmp.membership()?;
                self.counters.groups.mld_messages += 1;
                Some(self.tell_membership(ends, membership))
            }),
            Transport::Igmp(igmp) => {
                igmp.membership().map(|membership| self.tell_membership(ends, membership))
            }
            Transport::None | Transport::LaterFragment(_) | Transport::Other(_) => None,
        }
    }

    /// Returns what ICMP was counted to say.
    pub(super) const fn icmp_counters(&self) -> IcmpCounters {
        IcmpCounters {
            echo_lost: self.echoes.unanswered(),
            echo_forgotten: self.echoes.forgotten(),
            ..self.counters.icmp
        }
    }

    fn tell_dns(&mut self, packet: &Told<'_>, protocol: Protocol, ends: &Ends) -> Option<FlowEvent> {
        let &Told { slot, side, frame, at, now } = packet;
        let kind = match protocol {
            Protocol::Mdns => DnsKind::Mdns,
            Protocol::Llmnr => DnsKind::Llmnr,
            _ => DnsKind::Dns,
        };
        let conversation = self.records.get(slot)?.serial();
        let is_recognised = protocol != Protocol::Tcp;
        let (from, to) = (ends.source, ends.destination);
        let is_of_link = kind == DnsKind::Dns || to.is_multicast() || self.local.is_near(from);
        let is_to_many = self.local.is_to_many(to, frame.link.cast);
        let heard =
            Heard { kind, is_recognised, conversation, side, from, to, is_of_link, is_to_many, at, now };
        let event = match &frame.transport {
            Transport::Tcp(tcp) => self.dns.segment(&heard, frame, tcp, &mut self.facts, &mut self.asides),
            _ => self.dns.datagram(&heard, frame.payload.bytes, &mut self.facts),
        };
        event.map(FlowEvent::Dns)
    }

    /// Takes in what a host calls itself; none of it is an event.
    fn tell_naming(&mut self, packet: &Told<'_>, protocol: Protocol, udp: Udp, ends: &Ends) {
        let (payload, at, facts) = (packet.frame.payload.bytes, packet.at, &mut self.facts);
        let is_datagram = udp.source == NETBIOS_DATAGRAM_PORT || udp.destination == NETBIOS_DATAGRAM_PORT;
        match protocol {
            Protocol::Dhcp => naming::dhcp(payload, ends.source, at, facts),
            Protocol::Dhcpv6 => naming::dhcp_v6(payload, at, facts),
            _ if is_datagram => naming::netbios_datagram(payload, ends.source, at, facts),
            _ => {
                let may_answer = self.local.is_near(ends.source);
                naming::netbios_names(payload, ends.source, may_answer, at, facts);
            }
        }
    }

    fn tell_icmp(
        &mut self,
        packet: &Told<'_>,
        ends: &Ends,
        icmp: &Icmp<'_>,
        is_v6: bool,
    ) -> Option<FlowEvent> {
        if icmp.is_error(is_v6) {
            self.counters.icmp.errors += 1;
        }
        if let Some(quoted) = icmp.quoted(is_v6) {
            let ports = quoted.source_port.zip(quoted.destination_port);
            let (about, _) = FlowKey::new(quoted.protocol, quoted.source, quoted.destination, ports);
            self.facts.push(Fact::IcmpError { about, kind: icmp.kind, code: icmp.code });
        }
        let echo = icmp.echo(is_v6)?;
        let &Told { slot, side, frame, at, now } = packet;
        let conversation = self.records.get(slot)?.serial();
        let [i0, i1, s0, s1] = icmp.rest;
        let question = |asker| Question { conversation, asker, id: u32::from_be_bytes([i0, i1, s0, s1]) };
        let mut rtt_nanos = None;
        if echo.is_reply {
            self.counters.icmp.echo_replies += 1;
            rtt_nanos = self.echoes.answer(question(side.other()), at, now);
        } else {
            self.counters.icmp.echo_requests += 1;
            // Who is asked as one of many answers from an address of its own; without time nothing can be timed.
            let is_many = ends.destination.is_multicast()
                || matches!(frame.link.cast, Cast::Multicast | Cast::Broadcast);
            if !is_many && at > Timestamp::EPOCH {
                self.echoes.ask(question(side), at, now);
            }
        }
        Some(FlowEvent::Echo(EchoEvent { is_reply: echo.is_reply, rtt_nanos }))
    }

    fn tell_membership(&mut self, ends: &Ends, membership: Membership<'_>) -> FlowEvent {
        let member = ends.source;
        let changes = match membership {
            Membership::Query => {
                self.counters.groups.queries += 1;
                // A switch that asks for others has no address (RFC 4541 section 2.1.1).
                if !member.is_unspecified() {
                    self.facts.push(Fact::Querier { address: member });
                }
                return FlowEvent::Group(GroupEvent::Query);
            }
            Membership::Report(changes) => changes,
        };
        let (mut joins, mut leaves) = (0_u16, 0_u16);
        for GroupChange { group, change } in changes {
            let counted = match change {
                Change::Joins => &mut joins,
                Change::Leaves => &mut leaves,
                Change::Neither => continue,
            };
            *counted = counted.saturating_add(1);
            self.facts.push(Fact::Member { group, member, joins: change == Change::Joins });
        }
        self.counters.groups.joins += u64::from(joins);
        self.counters.groups.leaves += u64::from(leaves);
        FlowEvent::Group(GroupEvent::Report { joins, leaves })
    }
}
