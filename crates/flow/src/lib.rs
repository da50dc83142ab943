//! Conversations: which packet belongs to which, in which direction, in what state.
//!
//! Sans-IO: frames and time go in, counters, rows and facts come out. Every table has a bound and an eviction
//! rule in [`limits`].

#![forbid(unsafe_code)]

mod clue;
mod conversation;
mod counted;
mod counters;
mod departed;
mod dns;
mod event;
mod fact;
mod fragments;
mod gathered;
mod hello;
mod index;
mod key;
mod latency;
pub mod limits;
mod local;
mod media;
mod naming;
mod pieces;
mod quic;
mod record;
mod row;
mod signalling;
mod slab;
mod table;
mod tcp;
mod timers;
mod waiting;

pub use clue::{ClientHello, Clue, HelloOver, ServerHello};
pub use conversation::{Conversation, innermost};
pub use counted::Counted;
pub use counters::{
    DnsCounters, FlowCounters, GroupCounters, IcmpCounters, LongType, MessageCounters, QuicCounters,
    TlsCounters,
};
pub use event::{
    DelaySums, DnsEvent, DnsKind, EchoEvent, FlowEvent, GroupEvent, HandshakeRtt, QuicEvent, RtcpEvent,
    RtpEvent, RttSample, TcpEvent, TcpEvents, TcpRow, TcpSent, TcpVerdict, TlsEvent,
};
pub use fact::{Credit, DhcpExchange, DhcpPart, DhcpTells, Fact, NamedBy};
pub use hello::{Fingerprints, Offer};
pub use index::Index;
pub use key::{FlowKey, Side};
pub use latency::LatencyChange;
pub use local::{Direction, LocalNetworks, LocalRule};
pub use media::{ClockBy, FoundBy, MediaKind, Reported, StreamRow, StreamStep};
pub use record::Recognition;
pub use row::{ConnectionRow, FlowId, FlowRow, QuicRow, Sent};
pub use signalling::{Announcement, Format, SipKind, SipMessage, SipMethod};
pub use slab::Slab;
pub use table::{Aside, FlowTable, Observation};
pub use tcp::State;
