//! Which conversation a frame belongs to.

use std::net::IpAddr;

use netsonde_dissect::{Fragment, Frame, Inner, IpProtocol, Network, Transport};

use crate::{FlowKey, Side};

/// Addresses and IP protocol of a frame's outermost IP header.
#[derive(Clone, Copy)]
pub(crate) struct Ends {
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    pub(crate) protocol: IpProtocol,
    pub(crate) fragment: Option<Fragment>,
    /// Bytes on the wire behind the IP header.
    pub(crate) payload_len: u32,
}

impl Ends {
    #[inline]
    pub(crate) fn of(frame: &Frame<'_>) -> Option<Self> {
        match frame.network {
            Network::Ipv4(ip) => Some(Self {
                source: ip.source.into(),
                destination: ip.destination.into(),
                protocol: ip.protocol,
                fragment: ip.fragment,
                payload_len: ip.payload_len,
            }),
            Network::Ipv6(ip) => Some(Self {
                source: ip.source.into(),
                destination: ip.destination.into(),
                protocol: ip.protocol,
                fragment: ip.fragment,
                payload_len: ip.payload_len,
            }),
            Network::None | Network::Arp(_) | Network::Other(_) => None,
        }
    }
}

/// The ports that a frame itself shows.
#[inline]
pub(crate) const fn ports(frame: &Frame<'_>) -> Option<(u16, u16)> {
    match &frame.transport {
        Transport::Tcp(tcp) => Some((tcp.source, tcp.destination)),
        Transport::Udp(udp) => Some((udp.source, udp.destination)),
        _ => None,
    }
}

/// Which conversation a frame belongs to, and which end sent it.
#[derive(Clone, Copy, Debug)]
pub struct Conversation {
    pub(crate) key: FlowKey,
    pub(crate) side: Side,
    pub(crate) hash: u64,
}

impl FlowKey {
    /// Returns the key of the conversation that a frame shows by itself, and which end sent it; none for a later
    /// fragment, whose ports only the first one has, and for a frame that belongs to no conversation.
    pub fn of(frame: &Frame<'_>) -> Option<(Self, Side)> {
        if matches!(frame.transport, Transport::LaterFragment(_)) {
            return None;
        }
        let ends = Ends::of(frame)?;
        Some(Self::new(ends.protocol, ends.source, ends.destination, ports(frame)))
    }

    /// Returns which end of this conversation sent a packet that belongs to it, by [`innermost`]; where its ports do not
    /// show it, the one with its source address. None where neither has it, as in a piece of a tunnelled datagram.
    pub fn sender(&self, innermost: &Frame<'_>) -> Option<Side> {
        if let Some((key, side)) = Self::of(innermost)
            && key == *self
        {
            return Some(side);
        }
        let source = Ends::of(innermost)?.source;
        [Side::Low, Side::High].into_iter().find(|&side| self.address(side) == source)
    }
}

/// Returns the packet in the last of the tunnels that a frame opens, the one whose conversation it belongs to; the frame
/// itself where there is no tunnel. A piece of a datagram shows nothing beyond itself.
pub fn innermost<'a>(frame: &Frame<'a>) -> Frame<'a> {
    let mut innermost = *frame;
    for _ in 0..Inner::MAX_DEPTH {
        let Some(inner) = innermost.carried() else { break };
        innermost = inner.frame;
    }
    innermost
}
