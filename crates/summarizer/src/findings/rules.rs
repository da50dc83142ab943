//! The rules: what each reads, and what it says of it.

pub(super) mod calls;
pub(super) mod connections;
pub(super) mod network;
pub(super) mod open;

use netsonde_messages::stream::FlowListed;
use netsonde_messages::{EvidenceItem, Fact, FactValue, Name, Span, Subject, Unit};

use super::kept::At;
use crate::facts::{shown, written};
use crate::figures::Figures;
use crate::see;

/// What every rule looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) figures: Figures<'a>,
    pub(super) at: At,
    /// The time measured.
    pub(super) span: Span,
}

impl Context<'_> {
    /// Makes the fact of a number; its id is given where it is told.
    pub(super) fn number(
        &self,
        label: &'static str,
        subject: &Subject,
        (value, unit): (f64, Unit),
        method: &'static str,
        see: String,
    ) -> Fact {
        Fact {
            id: 0,
            label: Name::Borrowed(label),
            subject: subject.clone(),
            value: FactValue::Number { value, unit },
            text: written(value, unit),
            span: self.span,
            method: Name::Borrowed(method),
            see,
        }
    }

    /// Makes the fact of a count.
    pub(super) fn count(
        &self,
        label: &'static str,
        subject: &Subject,
        count: u64,
        method: &'static str,
        see: String,
    ) -> Fact {
        self.number(label, subject, (count as f64, Unit::Count), method, see)
    }
}

/// Names both ends of a flow as evidence, the server by its name where it has one.
pub(super) fn flow_evidence(listed: &FlowListed, what: &str) -> EvidenceItem {
    let flow = &listed.flow;
    let server = flow.hostname.as_deref().map_or_else(|| flow.server.to_string(), shown);
    let port = flow.server_port.map_or_else(String::new, |port| format!(" port {port}"));
    // Two connections to the same service differ by their clients' ports.
    let client_port = flow.client_port.map_or_else(String::new, |port| format!(" port {port}"));
    let text = format!("{}{client_port} to {server}{port}: {what}", flow.client);
    EvidenceItem { text, flow: Some(listed.id), packet: None, see: see::flow(listed.id) }
}
