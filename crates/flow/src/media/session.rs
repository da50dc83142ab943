//! The streams of one conversation.

use std::net::IpAddr;
use std::sync::Arc;

use netsonde_units::Volume;

use super::announced::{Announced, Endpoint};
use crate::{Announcement, FlowId, FlowKey, Side};

/// A conversation in which a packet had the shape of RTP or RTCP.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) flow: FlowId,
    pub(super) key: FlowKey,
    /// Its streams and candidates, in order of first packets.
    pub(super) members: Vec<Member>,
    /// Whether a stream was found in it: from then on each of its packets is told apart.
    pub(super) is_media: bool,
    /// Whether what it carries is known to be encrypted.
    pub(super) is_protected: bool,
    /// Whether silence has retired its conversation.
    pub(super) is_retired: bool,
    /// Packets with the shape of RTP, until a stream is found.
    pub(super) shaped: Volume,
    /// Packets with the shape of RTCP, likewise.
    pub(super) reports: Volume,
    /// What was announced of the streams that each side sends.
    announced: [Option<Arc<Announcement>>; 2],
    /// Which generation of announcements was asked.
    asked: Option<u32>,
}

/// A stream of a conversation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) sender: Side,
    pub(super) ssrc: u32,
    pub(super) stream: u32,
    pub(super) is_found: bool,
}

impl Session {
    pub(super) const fn new(flow: FlowId, key: FlowKey) -> Self {
        Self {
            flow,
            key,
            members: Vec::new(),
            is_media: false,
            is_protected: false,
            is_retired: false,
            shaped: Volume::ZERO,
            reports: Volume::ZERO,
            announced: [None, None],
            asked: None,
        }
    }

    /// Returns where a side sends from, or is sent to; none without ports.
    pub(super) fn endpoint(&self, side: Side) -> Option<Endpoint> {
        Some((self.key.address(side), self.key.port(side)?))
    }

    /// Returns where a stream of `sender` comes from and goes to, by which reports on other ports find it.
    pub(super) fn way(&self, sender: Side) -> (IpAddr, IpAddr) {
        (self.key.address(sender), self.key.address(sender.other()))
    }

    /// Returns which member a packet belongs to.
    #[inline]
    pub(super) fn member(&self, sender: Side, ssrc: u32) -> Option<Member> {
        self.members.iter().find(|member| member.ssrc == ssrc && member.sender == sender).copied()
    }

    /// Returns what was announced of the streams that a side sends.
    pub(super) const fn announced(&self, sender: Side) -> Option<&Arc<Announcement>> {
        let [low, high] = &self.announced;
        match sender {
            Side::Low => low.as_ref(),
            Side::High => high.as_ref(),
        }
    }

    /// Tells whether something was announced since this was last asked.
    #[inline]
    pub(super) fn may_learn(&self, announced: &Announced) -> bool {
        self.asked != Some(announced.generation())
    }

    /// Asks what was announced: for where the streams go, else for where they come from, since the ends of a call send from
    /// where they receive and mean the same by a payload type (RFC 4961, RFC 3264 section 6.1). Tells whether it is news.
    pub(super) fn learn(&mut self, announced: &Announced) -> bool {
        self.asked = Some(announced.generation());
        let of = |endpoint: Option<Endpoint>| endpoint.and_then(|it| announced.stream(it)).cloned();
        let (low, high) = (of(self.endpoint(Side::Low)), of(self.endpoint(Side::High)));
        let known = [high.clone().or_else(|| low.clone()), low.or(high)];
        self.is_protected |= known.iter().flatten().any(|it| it.is_protected);
        let is_news = self.announced != known;
        self.announced = known;
        is_news
    }
}
