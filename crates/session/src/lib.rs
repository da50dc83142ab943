//! One measurement from start to report: a source is driven through the engine, the view adds up hosts and talkers,
//! and what people read is published.
//!
//! The only room that knows both packets and messages (design document: `shared_state`).

#![forbid(unsafe_code)]

mod flows;
pub mod limits;
mod ranked;
mod report;
mod session;
mod sources;
mod view;

pub use flows::Flows;
pub use limits::Limits;
pub use report::FlowLimit;
pub use session::{Beat, Session, Settings, Snapshot, Talker};
