//! What the program and its dashboard say to each other over `/api/v1/stream`.
//!
//! The browser sends [`Request`]s, the program [`Message`]s. A `number` of JavaScript holds every count exactly up to
//! 2^53, which at a hundred gigabits per second is more than a week of bytes.

mod apps;
mod command;
mod flows;
mod history;
mod hosts;
mod status;
mod topics;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Calls, Findings, Summaries};

pub use apps::{AppRow, AppsTopic};
pub use command::{Command, RefusalCode, Reply, ReplyData, Request, SourceChoice};
pub use flows::{
    FindingCount, FlowColumn, FlowCourse, FlowDetail, FlowFinding, FlowListed, FlowQuery, FlowStep,
    FlowWindow,
};
pub use history::{History, HistoryBucket, HistoryKind, HistoryRates};
pub use hosts::{
    HostColumn, HostCourse, HostDetail, HostListed, HostPeer, HostProtocol, HostQuery, HostStep, HostWindow,
    PlaceSaid, PlacesTopic,
};
pub use status::{SourceKind, State, Status, StatusSource};
pub use topics::{
    ClearText, FlowTotals, HistoryPoint, HostsTopic, PacketRow, PacketWindow, PacketsTopic, ProtocolsTopic,
    Topic, TotalsTopic, TrafficTotals,
};

/// The version of the stream's messages: the dashboard reloads itself where it was built for another.
pub const STREAM_VERSION: u32 = 1;

/// One message from the program to a viewer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Message {
    /// Greets a viewer before anything else.
    Hello {
        /// Holds [`STREAM_VERSION`].
        stream_version: u32,
        /// The program's version.
        version: String,
        /// The commit it was built from; `None` where that is not known.
        commit: Option<String>,
    },
    /// Tells a viewer everything there is of the topics it subscribed to; also after a reset and at a new session.
    InitialState(Box<InitialState>),
    /// Tells what is going on, at every change.
    Status(Status),
    /// Holds the newest state of one topic.
    Update {
        /// Counts the publications of the session, from 1; the same for all topics of one.
        sequence: u64,
        /// Names the session, [`Status::session`].
        session: u64,
        /// Holds the topic's newest state.
        #[serde(flatten)]
        topic: TopicState,
    },
    /// Tells a viewer that it fell behind: what follows is the newest state, and this much was left out.
    Gap {
        /// Counts the publications left out.
        skipped: u64,
    },
    /// Answers a [`Request`].
    Reply(Reply),
    /// Says what was wrong with a message that could not be answered, because it has no readable `id`.
    Error {
        /// Says it in a sentence.
        message: String,
    },
}

/// Everything there is of the topics that a viewer subscribed to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct InitialState {
    /// Tells what is going on.
    pub status: Status,
    /// Holds the points of the charts so far, oldest first; empty unless `totals` is subscribed.
    pub history: Vec<HistoryPoint>,
    /// Holds the totals, if subscribed.
    pub totals: Option<TotalsTopic>,
    /// Holds the protocols, if subscribed.
    pub protocols: Option<ProtocolsTopic>,
    /// Holds hosts and talkers, if subscribed.
    pub hosts: Option<HostsTopic>,
    /// Holds the newest packets, if subscribed.
    pub packets: Option<PacketsTopic>,
    /// Holds the applications, if subscribed.
    pub apps: Option<AppsTopic>,
    /// Holds the newest calls and streams, if subscribed.
    pub calls: Option<Calls>,
    /// Holds where hosts are, if subscribed.
    pub places: Option<PlacesTopic>,
    /// Holds what was found out, if subscribed.
    pub findings: Option<Findings>,
    /// Holds what was said in words, the newest 20 summaries of it, if subscribed.
    pub summaries: Option<Summaries>,
}

/// The newest state of one topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "topic", content = "data", rename_all = "snake_case")]
pub enum TopicState {
    /// Rates, totals, composition, drops and the points of the charts that are new.
    Totals(Box<TotalsTopic>),
    /// Distribution, protocols and their rates.
    Protocols(Box<ProtocolsTopic>),
    /// Hosts and talkers.
    Hosts(HostsTopic),
    /// The newest packets.
    Packets(PacketsTopic),
    /// The applications.
    Apps(AppsTopic),
    /// The newest calls and streams.
    Calls(Calls),
    /// Where hosts are, at most once a second.
    Places(Box<PlacesTopic>),
    /// What was found out.
    Findings(Box<Findings>),
    /// What was said in words, the newest 20 summaries of it.
    Summaries(Box<Summaries>),
}
