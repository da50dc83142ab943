//! Puts measurements into words (design document: `llm_summarizer`): a report when a session has ended, a few sentences
//! every minute while it runs. Every number in them is one that was measured: a fact.

#![forbid(unsafe_code)]

mod assistant;
mod document;
pub mod facts;
mod figures;
pub mod findings;
pub mod ground;
mod minutes;
mod parts;
pub mod prompt;
mod provider;
mod quality;
pub mod redact;
mod report;
mod say;
pub mod see;
mod trouble;
mod words;
mod worker;

pub use assistant::{Api, Assistant, AssistantSettings, Caller, TimeLimits};
pub use document::{CHART_BUCKETS, CONTENT_POLICY, Document, Links};
pub use figures::Figures;
pub use minutes::Minutes;
pub use provider::{Endpoint, Key, tls, trusted_authorities};
pub use report::report;
pub use worker::follow;
