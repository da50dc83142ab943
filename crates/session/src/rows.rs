//! A packet in a line: what the list of packets shows.
//!
//! Made when somebody asks, out of the packet alone. What strangers wrote is escaped ([`line::Line`]).

mod datagram;
mod dhcp;
mod dns;
mod icmp;
mod ip;
mod line;
mod link;
mod media;
mod quic;
mod signalling;
mod start_line;
mod tcp;
mod tls;
mod tls_hello;

use netsonde_dissect::{
    Fragment, Frame, Inner, IpProtocol, Layer, Network, Packet, Payload, Protocol, Reason, Transport,
};
use netsonde_messages::stream::PacketRow;

use crate::packets::Kept;
use crate::parts;
use line::Line;

/// Makes the row of a packet.
pub(crate) fn row(kept: &Kept<'_>) -> PacketRow {
    let mut line = Line::default();
    if kept.cut {
        write!(line, "[kept {} of {} bytes] ", kept.packet.bytes.len(), kept.packet.wire_len);
    }
    let (packet, frame) = innermost(&mut line, kept.packet);
    let (source, destination) = addresses(&frame);
    describe_frame(&mut line, &Kept { packet, ..*kept }, &frame);
    PacketRow {
        number: kept.number,
        time_ms: kept.packet.at.map(parts::milliseconds),
        source,
        destination,
        protocol: kept.protocol.name().into(),
        length: kept.packet.wire_len,
        info: line.into_text(),
    }
}

/// Opens the tunnels that a packet travels in and writes how it is carried: the innermost packet, behind the header of
/// its tunnel, and what is read of it.
fn innermost<'a>(line: &mut Line, packet: Packet<'a>) -> (Packet<'a>, Frame<'a>) {
    let mut packet = packet;
    let mut frame = Frame::parse(&packet);
    for _ in 0..Inner::MAX_DEPTH {
        let Some(inner) = frame.carried() else { break };
        match inner.id {
            Some(id) => write!(line, "{} {id} | ", inner.tunnel.name()),
            None => write!(line, "{} | ", inner.tunnel.name()),
        }
        packet = Packet { bytes: frame.payload.bytes, wire_len: frame.payload.wire_len, ..packet };
        frame = inner.frame;
    }
    (packet, frame)
}

/// The addresses of the innermost network layer, else of the link layer, else blanks.
fn addresses(frame: &Frame<'_>) -> (String, String) {
    let hardware = |address: Option<_>| address.map(|mac| format!("{mac}")).unwrap_or_default();
    match frame.network {
        Network::Ipv4(ip) => (ip.source.to_string(), ip.destination.to_string()),
        Network::Ipv6(ip) => (ip.source.to_string(), ip.destination.to_string()),
        Network::Arp(arp) => (arp.sender.to_string(), arp.target.to_string()),
        Network::None | Network::Other(_) => (hardware(frame.link.source), hardware(frame.link.destination)),
    }
}

fn describe_frame(line: &mut Line, kept: &Kept<'_>, frame: &Frame<'_>) {
    if let Some(fragment) = fragment(frame) {
        describe_fragment(line, fragment);
    }
    describe_layers(line, kept, frame);
    if let Some(stopped) = frame.stopped {
        line.separate("; ");
        match (stopped.layer, stopped.reason) {
            (Layer::Link, Reason::NotSupported) => {
                write!(line, "link type {} is not supported", kept.packet.link);
            }
            (layer, Reason::NotSupported) => write!(line, "this kind of {} is not supported", layer.name()),
            _ => write!(line, "{stopped}"),
        }
    }
}

/// Returns which part of its datagram a frame holds; none where it holds all.
pub(crate) const fn fragment(frame: &Frame<'_>) -> Option<Fragment> {
    match &frame.network {
        Network::Ipv4(ip) => ip.fragment,
        Network::Ipv6(ip) => ip.fragment,
        Network::None | Network::Arp(_) | Network::Other(_) => None,
    }
}

fn describe_fragment(line: &mut Line, fragment: Fragment) {
    let Fragment { id, offset, more } = fragment;
    let place = match (offset, more) {
        // IPv6 knows fragments that are the whole (RFC 6946).
        (0, false) => "only",
        (0, true) => "first",
        (_, true) => "middle",
        (_, false) => "last",
    };
    write!(line, "[{place} fragment, id {id:#x}, from byte {offset}] ");
}

fn describe_layers(line: &mut Line, kept: &Kept<'_>, frame: &Frame<'_>) {
    let payload = frame.payload;
    match &frame.transport {
        Transport::Tcp(tcp) => {
            if !line.attempt(|line| in_stream(line, kept.protocol, payload.bytes)) {
                tcp::describe(line, tcp, payload.wire_len);
            }
        }
        Transport::Udp(udp) => {
            if !line.attempt(|line| in_datagram(line, kept.protocol, payload)) {
                write!(line, "{} → {} len {}", udp.source, udp.destination, payload.wire_len);
            }
        }
        Transport::Icmp(icmp) => icmp::describe(line, icmp),
        Transport::Icmpv6(icmp) => icmp::describe_v6(line, icmp),
        Transport::Igmp(igmp) => ip::describe_igmp(line, igmp.kind, ip::payload(&kept.packet, frame)),
        Transport::LaterFragment(protocol) => write!(line, "{protocol}, {} bytes", payload.wire_len),
        Transport::Other(protocol) => ip::describe(line, *protocol, payload),
        Transport::None => describe_below_transport(line, kept, frame),
    }
}

/// Describes what a conversation says over TCP; none where the segment does not begin a message of its protocol.
fn in_stream(line: &mut Line, protocol: Protocol, payload: &[u8]) -> Option<()> {
    match protocol {
        Protocol::Tls => tls::describe(line, payload),
        Protocol::Dns | Protocol::Mdns | Protocol::Llmnr => dns::describe_in_stream(line, payload),
        Protocol::Sip => signalling::describe_sip(line, payload),
        Protocol::Rtsp => signalling::describe_rtsp(line, payload),
        Protocol::Http => start_line::describe(line, payload),
        Protocol::Ssh => start_line::describe_ssh(line, payload),
        Protocol::Stun => datagram::describe_stun(line, payload),
        _ => None,
    }
}

/// Describes what a conversation says over UDP; none where the payload is no message of its protocol.
fn in_datagram(line: &mut Line, protocol: Protocol, datagram: Payload<'_>) -> Option<()> {
    let payload = datagram.bytes;
    match protocol {
        Protocol::Dns | Protocol::Mdns | Protocol::Llmnr => dns::describe(line, payload),
        Protocol::Quic => quic::describe(line, payload),
        Protocol::Dtls => tls::describe_datagram(line, payload),
        Protocol::Dhcp => dhcp::describe(line, payload),
        Protocol::Dhcpv6 => dhcp::describe_v6(line, payload),
        Protocol::Rtp | Protocol::Srtp | Protocol::Rtcp => media::describe(line, protocol, datagram),
        Protocol::Ntp => datagram::describe_ntp(line, payload),
        Protocol::Stun => datagram::describe_stun(line, payload),
        Protocol::WireGuard => datagram::describe_wireguard(line, payload),
        Protocol::Sip => signalling::describe_sip(line, payload),
        Protocol::Rtsp => signalling::describe_rtsp(line, payload),
        Protocol::Ssdp => start_line::describe(line, payload),
        _ => None,
    }
}

fn describe_below_transport(line: &mut Line, kept: &Kept<'_>, frame: &Frame<'_>) {
    let cut_off = |line: &mut Line, protocol: IpProtocol| write!(line, "{protocol}");
    match frame.network {
        Network::Arp(arp) => link::describe_arp(line, &arp, kept.packet.bytes),
        Network::Ipv4(ip) => cut_off(line, ip.protocol),
        Network::Ipv6(ip) => cut_off(line, ip.protocol),
        Network::Other(ether_type) => link::describe(line, ether_type, kept.packet.wire_len),
        Network::None if frame.stopped.is_some() => {}
        Network::None => write!(line, "{} bytes", kept.packet.wire_len),
    }
}

#[cfg(test)]
mod tests;
