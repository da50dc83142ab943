use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    FlowDetail, FlowQuery, FlowWindow, HostDetail, HostQuery, HostWindow, PacketWindow, Status, Topic,
};
use crate::{AppRule, InterfaceRow, StreamCourse};

/// One message from a viewer, answered once by a [`Reply`] with the same `id`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Request {
    /// The viewer's own number for it.
    pub id: u64,
    /// Says what is asked.
    #[serde(flatten)]
    pub command: Command,
}

/// What a viewer can ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Says what the viewer wants to see from now on; an `initial_state` of it follows.
    Subscribe {
        /// Lists the topics.
        topics: Vec<Topic>,
    },
    /// Asks for the capture interfaces.
    GetInterfaces,
    /// Asks what is going on.
    GetStatus,
    /// Begins a new session.
    StartCapture {
        /// Says where the packets come from.
        source: SourceChoice,
        /// A BPF filter; `None` or blank for every packet.
        #[serde(default)]
        filter: Option<String>,
        /// Ends the capture after so many seconds.
        #[serde(default)]
        duration_s: Option<u64>,
    },
    /// Ends the capture; everything measured stays.
    StopCapture,
    /// Drops everything measured.
    Reset,
    /// Asks for one packet with its bytes.
    GetPacket {
        /// Its number, from 1 in order of capture.
        number: u64,
    },
    /// Asks for rows of packets, in order of their numbers.
    FindPackets {
        /// The number to start at, upwards; `None` for the newest rows.
        #[serde(default)]
        from: Option<u64>,
        /// The most rows wanted, at most 200.
        limit: u32,
        /// Only rows that contain this text in any column, in any case.
        #[serde(default)]
        text: Option<String>,
        /// Only packets of this flow, by its id in the list of flows.
        #[serde(default)]
        flow: Option<u64>,
    },
    /// Asks for flows.
    FindFlows(FlowQuery),
    /// Asks for everything about one flow.
    GetFlow {
        /// Its id in the list of flows.
        flow: u64,
    },
    /// Asks for hosts.
    FindHosts(HostQuery),
    /// Asks for everything about one host.
    GetHost {
        /// Its address.
        address: IpAddr,
    },
    /// Asks how a stream of RTP fared over its time.
    GetStream {
        /// Its id, as `RtpStream::id`.
        stream: u64,
    },
    /// Says whether the configured language model may be asked, from now on.
    AllowAssistant {
        /// Whether it may.
        allowed: bool,
    },
    /// Says whether others may be asked about addresses over the network, from now on; what is not said stays.
    SetLookups {
        /// Whether this machine's name servers may be asked for names.
        #[serde(default)]
        reverse_dns: Option<bool>,
        /// Whether ip-api.com may be asked for places.
        #[serde(default)]
        ip_api: Option<bool>,
    },
    /// Replaces the user's rules; everything listed is labelled again.
    SetRules {
        /// The rules in their order.
        rules: Vec<AppRule>,
    },
}

/// Where packets come from. Never a path: a viewer names only what the program offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SourceChoice {
    /// An interface, by its name in the list.
    Interface(String),
    /// An uploaded capture, by the id that its upload was answered with.
    Upload(String),
    /// The traffic that the program makes itself, to be looked at.
    Demo,
}

/// The answer to a [`Request`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Reply {
    /// The request's `id`.
    pub id: u64,
    /// Tells whether it was done.
    pub ok: bool,
    /// Says why not and what to do; `None` where it was done.
    pub error: Option<String>,
    /// Names the kind of `error`, for who wants to show it where it belongs.
    pub code: Option<RefusalCode>,
    /// Holds what was asked for; `None` where there is nothing to tell.
    pub data: Option<ReplyData>,
}

impl Reply {
    /// Answers that it was done.
    pub const fn done(id: u64, data: Option<ReplyData>) -> Self {
        Self { id, ok: true, error: None, code: None, data }
    }

    /// Answers that it was not done, and why.
    pub const fn refused(id: u64, code: RefusalCode, error: String) -> Self {
        Self { id, ok: false, error: Some(error), code: Some(code), data: None }
    }
}

/// Why a [`Request`] was not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// The request was not understood.
    BadRequest,
    /// The BPF filter does not compile.
    BadFilter,
    /// The program may not capture there.
    NoPermission,
    /// There is no interface of that name.
    NoSuchInterface,
    /// What is asked for does not exist, or is not kept any more.
    NotFound,
    /// The source does not open for another reason.
    CannotOpen,
    /// It does not fit what is going on: a session runs, or none does.
    WrongState,
    /// The machine refused something the program needs.
    Failed,
}

/// What a [`Reply`] brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReplyData {
    /// The interfaces, each with its traffic as the system counts it.
    Interfaces(Vec<InterfaceRow>),
    /// What is going on.
    Status(Status),
    /// A packet: its row, and its captured bytes in hexadecimal.
    Packet {
        /// Its row in the list.
        row: super::PacketRow,
        /// Its captured bytes, two hexadecimal digits each.
        bytes: String,
    },
    /// Rows of packets.
    Packets(PacketWindow),
    /// Flows.
    Flows(FlowWindow),
    /// One flow.
    Flow(Box<FlowDetail>),
    /// Hosts.
    Hosts(HostWindow),
    /// One host.
    Host(Box<HostDetail>),
    /// One stream of RTP over its time.
    Stream(StreamCourse),
}
