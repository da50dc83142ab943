//! One measurement from start to report: a source is driven through the engine, the view adds up hosts and talkers,
//! and what people read is published.
//!
//! The only room that knows both packets and messages (design document: `shared_state`).

#![forbid(unsafe_code)]

mod active;
mod archive;
mod calls;
mod clear_text;
mod flows;
mod groups;
mod history;
mod hosts;
mod interfaces;
mod labels;
mod largest;
mod left_out;
pub mod limits;
mod listing;
mod lock;
mod monitor;
mod names;
mod pace;
mod packets;
mod parts;
mod places;
mod quality;
mod quic;
mod ranked;
mod report;
mod rights;
mod rows;
mod session;
mod sources;
mod streams;
mod symptoms;
mod tls;
mod tls_names;
mod top;
mod topics;
mod totals;
mod view;

pub use archive::{Asked, HistoryQuery};
pub use flows::Flows;
pub use interfaces::{interfaces, interfaces_of};
pub use labels::rules::{RuleError, Rules};
pub use limits::Limits;
pub use listing::FilterError;
pub use lock::lock;
pub use monitor::{
    Demo, Ended, Moment, Monitor, MonitorSettings, Origin, Publication, Refusal, Start, Viewer,
};
pub use netsonde_capture::Engine;
pub use netsonde_flow::{DnsEvent, DnsKind, RttSample, TcpEvent, TcpVerdict};
pub use netsonde_geolocation::country;
pub use packets::{PacketStore, Packets};
pub use report::FlowLimit;
pub use rights::advice;
pub use session::{Beat, Finding, Found, Session, Settings, Snapshot, Talker};
pub use symptoms::{Credential, CredentialKind, FlowSymptom, Scan, Symptoms, Unanswered};
