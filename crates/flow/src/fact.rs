//! What one conversation teaches about others.

use std::net::IpAddr;
use std::sync::Arc;

use netsonde_dissect::login::Login;
use netsonde_units::Timestamp;

use crate::{Announcement, Clue, FlowId, FlowKey, SipMessage, limits};

/// Something learned from one conversation that concerns others, perhaps with another worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// An ICMP or ICMPv6 error quotes a packet of the conversation (RFC 792, RFC 4443).
    IcmpError {
        /// The conversation that the quoted packet belongs to.
        about: FlowKey,
        /// Type of the ICMP message.
        kind: u8,
        /// Its code.
        code: u8,
    },
    /// A name was given an address.
    Name {
        /// Who was told; none where everybody on the link was, or nobody in particular.
        client: Option<IpAddr>,
        /// The name that was asked for and led to the address, perhaps by way of others; where the address answers no
        /// question, the name of its record. In lower case, escaped, without a trailing dot.
        name: Arc<str>,
        /// The address.
        address: IpAddr,
        /// For how long the answer holds, in seconds; 0 where nothing says so, and where multicast DNS takes it back (RFC 6762
        /// section 10.1).
        ttl_s: u32,
        /// When it was told.
        at: Timestamp,
        /// By what.
        by: NamedBy,
        /// Why it may be so.
        credit: Credit,
    },
    /// A part of an exchange of DHCP: which address its client's name belongs to, another part tells.
    Dhcp(Box<DhcpPart>),
    /// A conversation's payload says who it is with.
    Clue {
        /// Which conversation; its row may come later.
        about: FlowId,
        /// What it says.
        clue: Clue,
        /// When it was said.
        at: Timestamp,
    },
    /// A member of a multicast group came or went (IGMP, MLD).
    Member {
        /// The group.
        group: IpAddr,
        /// Who.
        member: IpAddr,
        /// Whether it joins, or says that it is in; else it leaves.
        joins: bool,
    },
    /// SDP announces where a stream will come to.
    Media(Box<Announcement>),
    /// A message of SIP (RFC 3261).
    Sip(Box<SipMessage>),
    /// A password went in clear text; which one is not kept.
    Password {
        /// How.
        login: Login,
        /// Who sent it.
        client: IpAddr,
        /// To whom.
        server: IpAddr,
        /// To which port.
        server_port: u16,
        /// The serial number of the conversation.
        flow: u64,
        /// When.
        at: Timestamp,
    },
    /// Somebody asks who listens to multicast groups (IGMP, MLD).
    Querier {
        /// Who.
        address: IpAddr,
    },
}

/// What gave an address a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamedBy {
    /// An answer of DNS.
    Dns,
    /// An answer of multicast DNS, which hosts give of themselves (RFC 6762).
    Mdns,
    /// An answer of link-local multicast name resolution, likewise (RFC 4795).
    Llmnr,
    /// A client of DHCP, of itself (RFC 2132 section 3.14, RFC 4702).
    Dhcp,
    /// `NetBIOS`: the host itself, or a server of names that knows it (RFC 1002).
    Netbios,
}

/// Why a name may be that of its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Credit {
    /// The address says it of itself: the packet came from there.
    Own,
    /// DNS answers what its client asked, as far as was seen.
    Asked,
    /// Somebody says it of another address.
    Other,
    /// Nothing speaks for it: nobody asked, or it is not for the sender to say.
    Nothing,
}

/// What a message of DHCP tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DhcpPart {
    /// What it belongs to.
    pub exchange: DhcpExchange,
    /// What it tells.
    pub tells: DhcpTells,
    /// When.
    pub at: Timestamp,
}

/// What a client of DHCP and a server say to each other until it has an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DhcpExchange {
    /// Whether it is of the sibling for IPv6.
    pub is_v6: bool,
    /// The client's number for it.
    pub transaction: u32,
    /// What tells the client from others: its hardware address with what fills it up, or its identifier (RFC 8415 section
    /// 11).
    pub client: Box<[u8]>,
}

/// The part of an exchange that matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DhcpTells {
    /// What the client calls itself; as names of [`Fact::Name`].
    Name(Arc<str>),
    /// The address that it was given.
    Address(IpAddr),
}

/// The facts that wait to be handed over.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) held: Vec<Fact>,
    pub(crate) dropped: u64,
}

impl Default for Facts {
    fn default() -> Self {
        Self { held: Vec::with_capacity(limits::FACTS + limits::FACTS_FOR_CLUES), dropped: 0 }
    }
}

impl Facts {
    /// Takes a fact; beyond the bound, which is higher for clues, it is dropped and counted.
    pub(crate) fn push(&mut self, fact: Fact) {
        let more = if matches!(fact, Fact::Clue { .. }) { limits::FACTS_FOR_CLUES } else { 0 };
        if self.held.len() < limits::FACTS + more {
            self.held.push(fact);
        } else {
            self.dropped += 1;
        }
    }
}
