//! Every message the program writes for others to read: the JSON report, the interface list, what the doctor found.
//!
//! The types are plain numbers and texts with the unit in the field name. Names and meanings stay,
//! fields are added; what is unknown is `None` and reads `null`, never 0.

#![forbid(unsafe_code)]

mod app;
mod capture;
mod doctor;
mod fact;
mod finding;
mod flow;
mod interface;
mod media;
mod place;
mod quality;
mod rates;
mod report;
pub mod stream;
mod summary;
mod time;

use std::borrow::Cow;

pub use app::{
    App, AppRule, Evidence, EvidenceKind, EvidenceLink, EvidenceVerdict, FlowTls, HostApp, ToldBy, Unlabelled,
};
pub use capture::{Capture, Local, LocalRule, MalformedCount};
pub use doctor::{Check, DoctorReport, Outcome};
pub use fact::{Author, Fact, FactValue, Piece, Relation, Sentence, Span, Subject, Unit};
pub use finding::{Change, EvidenceItem, Finding, FindingRule, Findings, Severity};
pub use flow::{Flow, FlowState};
pub use interface::{CaptureEngine, InterfaceRow, InterfaceState};
pub use media::{
    Call, CallState, Calls, ClockSource, FlowQuic, MosBasis, MosMissing, PayloadType, QuicCounts,
    ReportedQuality, RtpCounts, RtpReport, RtpStream, StreamCourse, StreamKind, StreamSign, StreamStep,
    TlsCounts,
};
pub use place::{
    Attribution, CategorySums, CountrySums, DoubtReason, Here, HereSource, HostGroup, HostName, Lookup,
    Lookups, NameSource, Place, PlaceDatabase, PlaceDoubt, PlaceHost, PlaceSource, PlaceSums, Places, Scope,
};
pub use quality::{
    Delays, DnsCounts, FlowTcp, FlowTcpSide, IcmpCounts, IgmpCounts, Latency, LearnedNames, Loss, Messages,
    MulticastGroup, TcpCounts,
};
pub use rates::{ProtocolRates, Rates, Throughput};
pub use report::{
    DirectionTotal, EncryptionComposition, FlowTable, Host, IpComposition, Protocol, ProtocolDistribution,
    Report, SCHEMA, TopTalker, Totals, UdpCounts, Volume,
};
pub use summary::{
    Assistant, AssistantPreview, AssistantState, KeyMetric, ReportFile, ReportPart, SessionReport, Summaries,
    Summary,
};
pub use time::rfc3339;

/// A name out of our own vocabulary, such as a protocol's: borrowed when written, owned when read.
pub type Name = Cow<'static, str>;
