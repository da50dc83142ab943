//! RTP and RTCP, and what else comes to their ports.

use netsonde_dissect::rtcp::{self, Block, Packet, SenderInfo};
use netsonde_dissect::rtp::{Rtp, Shared};
use netsonde_dissect::{Payload, Protocol};

use super::line::Line;
use super::{datagram, tls};

/// A datagram holds a report and a description; more are rare.
const MAX_PACKETS: usize = 6;

/// Writes a datagram of a conversation that carries media; none where it is nothing that does.
pub(super) fn describe(line: &mut Line, protocol: Protocol, payload: Payload<'_>) -> Option<()> {
    match Shared::of(payload.bytes) {
        Shared::Rtp => describe_rtp(line, payload),
        Shared::Rtcp => describe_rtcp(line, protocol == Protocol::Srtp, payload),
        Shared::Stun => datagram::describe_stun(line, payload.bytes),
        Shared::Dtls => tls::describe_datagram(line, payload.bytes),
        Shared::Zrtp | Shared::TurnChannel | Shared::Quic | Shared::Other => None,
    }
}

/// Writes payload type, source, number and time (RFC 3550 section 5.1).
fn describe_rtp(line: &mut Line, payload: Payload<'_>) -> Option<()> {
    let Rtp { marker, payload_type, sequence, timestamp, ssrc, payload_len } = Rtp::parse(payload)?;
    match payload_type.assigned() {
        Some(assigned) => write!(line, "PT={} {}", assigned.codec, payload_type.0),
        None => write!(line, "PT={}", payload_type.0),
    }
    write!(line, ", SSRC {ssrc:#010x}, seq {sequence}, time {timestamp}");
    if marker {
        write!(line, ", mark");
    }
    write!(line, ", {payload_len} bytes");
    Some(())
}

/// Writes what the packets of a datagram say; encrypted, only the first one and its source can be read (RFC 3711
/// section 3.4).
fn describe_rtcp(line: &mut Line, is_encrypted: bool, payload: Payload<'_>) -> Option<()> {
    let most = if is_encrypted { 1 } else { MAX_PACKETS };
    let mut count = 0;
    for packet in rtcp::packets(payload).take(most) {
        if count > 0 {
            write!(line, "; ");
        }
        count += 1;
        write!(line, "{}", name(packet.kind));
        if let Some(sender) = packet.sender {
            write!(line, ", SSRC {sender:#010x}");
        }
        if is_encrypted {
            write!(line, ", encrypted");
        } else {
            describe_report(line, &packet);
        }
    }
    (count > 0).then_some(())
}

/// Writes what a report says of its sender and of the streams that came to it (RFC 3550 section 6.4).
fn describe_report(line: &mut Line, packet: &Packet<'_>) {
    if let Some(SenderInfo { packets, octets, timestamp, .. }) = packet.sender_info() {
        write!(line, ", sent {packets} packets, {octets} bytes, time {timestamp}");
    }
    for Block { ssrc, lost, fraction_lost, jitter, .. } in packet.blocks() {
        write!(line, ", of {ssrc:#010x}: lost {lost} ({fraction_lost}/256), jitter {jitter}");
    }
}

/// IANA RTCP Control Packet Types.
const fn name(kind: u8) -> &'static str {
    match kind {
        Packet::SENDER_REPORT => "sender report",
        Packet::RECEIVER_REPORT => "receiver report",
        Packet::DESCRIPTION => "description",
        Packet::BYE => "goodbye",
        204 => "application's own",
        205 => "transport feedback",
        206 => "payload feedback",
        207 => "extended report",
        _ => "report of another kind",
    }
}
