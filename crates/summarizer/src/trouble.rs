//! Each finding as a sentence, with its value and what it is about.

use std::net::{IpAddr, SocketAddr};

use netsonde_messages::stream::FlowListed;
use netsonde_messages::{Fact, FactValue, Finding, FindingRule, Subject, Unit};

use crate::facts::Facts;
use crate::figures::Figures;
use crate::say::Phrase;
use crate::see;

/// How an address is known.
const ADDRESS: &str = "by its packets";

/// Puts the facts that findings stand on behind others, and returns the findings with the ids that these have there.
pub(crate) fn adopted<'a>(
    facts: &mut Facts,
    findings: impl IntoIterator<Item = &'a Finding>,
    stand_on: &[Fact],
) -> Vec<Finding> {
    let findings: Vec<_> = findings.into_iter().collect();
    let here = facts.adopt(stand_on, findings.iter().flat_map(|finding| finding.facts.iter().copied()));
    let adopt = |finding: &Finding| {
        let ids = finding.facts.iter().filter_map(|id| here.get(id).copied()).collect();
        Finding { facts: ids, ..finding.clone() }
    };
    findings.into_iter().map(adopt).collect()
}

/// Says a finding: what is wrong, how much, and where.
pub(crate) fn phrase(figures: &Figures<'_>, facts: &mut Facts, finding: &Finding) -> Phrase {
    let [one, other] = place(figures, facts, finding);
    let said = number(facts, finding).and_then(|(value, unit)| {
        let rose = finding.facts.iter().copied().find(|id| is_comparison(facts, *id));
        let names = [("value", Some(value)), ("one", one), ("other", other), ("rose", rose)];
        templates(finding.rule, unit).iter().find_map(|template| Phrase::named(facts, template, &names))
    });
    said.unwrap_or_else(|| titled(facts, finding))
}

/// The words for a rule whose number has a unit, the first of which that can be filled in are said: `{value}` is the
/// number, `{one}` what it is about or who sends, `{other}` who receives, `{rose}` how it compares with before.
const fn templates(rule: FindingRule, unit: Unit) -> &'static [&'static str] {
    match (rule, unit) {
        (FindingRule::CaptureDrops, Unit::Count) => &[
            "{value} {packet was|packets were} dropped before netsonde saw {it|them}, so that all numbers are short.",
        ],
        (FindingRule::CaptureDrops, _) => {
            &["{value} of the packets were dropped before netsonde saw them, so that all numbers are short."]
        }
        (FindingRule::Retransmissions, _) => &[
            "{value} of the TCP data segments between {one} and {other} were sent again.",
            "{value} of the TCP data segments of {one} were sent again.",
            "{value} of the TCP data segments were sent again.",
        ],
        (FindingRule::RoundTripRose, _) => &[
            "Round trips between {one} and {other} took {value}, {rose} as before.",
            "Round trips to {one} took {value}, {rose} as before.",
            "Round trips took {value}, {rose} as before.",
            "Round trips took {value}.",
        ],
        (FindingRule::PoorCall, Unit::Mos) => &["Speech from {one} to {other} had a MOS of {value}."],
        (FindingRule::PoorCall, Unit::Percent) => &[
            "The stream from {one} to {other} lost {value} of its packets.",
            "RTP lost {value} of its packets.",
        ],
        (FindingRule::PoorCall, _) => &["The stream from {one} to {other} had a jitter of {value}."],
        (FindingRule::ZeroWindows, Unit::Percent) => &[
            "Between {one} and {other} a receiver had no room in {value} of its segments: it is slower than the network.",
            "{one} had no room in {value} of its segments: it is slower than the network.",
        ],
        (FindingRule::ZeroWindows, _) => &[
            "Between {one} and {other} a receiver had no room {value} {time|times}: it is slower than the network.",
            "{one} had no room {value} {time|times}: it is slower than the network.",
            "Receivers had no room {value} {time|times}: they are slower than the network.",
        ],
        (FindingRule::NoAnswer, Unit::Count) => &[
            "{value} {connection|connections} to {one} came to nothing.",
            "{value} {connection|connections} came to nothing.",
        ],
        (FindingRule::NoAnswer, _) => &[
            "{value} of the connections to {one} came to nothing.",
            "{value} of the connections came to nothing.",
        ],
        (FindingRule::Dns, Unit::Milliseconds | Unit::Seconds) => {
            &["DNS at {one} took {value} to answer.", "DNS took {value} to answer."]
        }
        (FindingRule::Dns, _) => &[
            "{value} of the DNS questions to {one} failed or stayed unanswered.",
            "{value} of the DNS questions failed or stayed unanswered.",
        ],
        (FindingRule::ClearText, _) => &["{value} of {one} went in clear text."],
        (FindingRule::Credentials, _) => &[
            "{value} {password|passwords} went in clear text from {one} to {other}.",
            "{value} {password|passwords} went to {one} in clear text.",
        ],
        (FindingRule::Scan, _) => &["{one} tried {value} {port or address|ports or addresses} in vain."],
        (FindingRule::LinkFilled, _) => &[
            "The conversation of {one} with {other} had {value} of all bytes.",
            "{one} had {value} of all bytes.",
        ],
    }
}

/// Says a finding by its title alone, which is a fact of its own: it may hold numbers and names.
fn titled(facts: &mut Facts, finding: &Finding) -> Phrase {
    let title = finding.title.trim_end_matches('.');
    let id = facts.text("Finding", finding.subject.clone(), title, "by a rule with a limit", see::findings());
    Phrase::of(facts, "{}", &[Some(id)]).unwrap_or_default()
}

/// Returns the number that the rule looked at, with its unit.
fn number(facts: &Facts, finding: &Finding) -> Option<(u32, Unit)> {
    let numbers = || {
        let of = |id: &u32| match facts.get(*id)? {
            Fact { id, text, value: FactValue::Number { unit, .. }, .. } => Some((*id, text, *unit)),
            _ => None,
        };
        finding.facts.iter().filter_map(of)
    };
    let (id, _, unit) =
        numbers().find(|(_, text, _)| **text == finding.value).or_else(|| numbers().next())?;
    Some((id, unit))
}

fn is_comparison(facts: &Facts, id: u32) -> bool {
    matches!(facts.get(id), Some(Fact { value: FactValue::Comparison { .. }, .. }))
}

/// Returns the names of what a finding is about, as facts: one, or who sends and who receives.
fn place(figures: &Figures<'_>, facts: &mut Facts, finding: &Finding) -> [Option<u32>; 2] {
    let subject = &finding.subject;
    let mut name = |label, name: &str| Some(named(facts, label, subject, name));
    let ends = match subject {
        Subject::Session => return [None; 2],
        Subject::Protocol(protocol) => return [name("Protocol", protocol), None],
        Subject::App(app) => return [name("Application", app), None],
        Subject::Host(host) => return [name("Host", &host.to_string()), None],
        Subject::Service { address, port } => {
            let service = port.map(|port| SocketAddr::new(*address, port).to_string());
            return [name("Service", &service.unwrap_or_else(|| address.to_string())), None];
        }
        Subject::Pair(source, destination) => Some((*source, *destination)),
        Subject::Flow(id) => flow_ends(figures, *id),
        Subject::Stream(id) => {
            let stream = figures.measured.calls.streams.iter().find(|stream| stream.id == *id);
            stream.map(|stream| (stream.src, stream.dst))
        }
        Subject::Call(id) => {
            let call = figures.measured.calls.calls.iter().find(|call| call.id == *id);
            call.map(|call| (call.caller, call.callee))
        }
    };
    match ends {
        Some((one, other)) => [name("One end", &one.to_string()), name("Other end", &other.to_string())],
        None => own_names(facts, finding),
    }
}

/// Returns the client and the server of a flow that shows something.
fn flow_ends(figures: &Figures<'_>, id: u64) -> Option<(IpAddr, IpAddr)> {
    let symptoms = &figures.measured.symptoms;
    let mut flows = symptoms.resent.iter().chain(&symptoms.zero_windows).chain(&symptoms.largest);
    let FlowListed { flow, .. } = &flows.find(|symptom| symptom.flow.id == id)?.flow;
    Some((flow.client, flow.server))
}

/// Returns the names among the facts that a finding stands on, of what is not listed any more.
fn own_names(facts: &Facts, finding: &Finding) -> [Option<u32>; 2] {
    let is_name = |id: &u32| matches!(facts.get(*id), Some(Fact { value: FactValue::Text(_), .. }));
    let mut names = finding.facts.iter().copied().filter(is_name);
    [names.next(), names.next()]
}

/// Returns the fact that is a name already, or makes one.
fn named(facts: &mut Facts, label: &'static str, subject: &Subject, name: &str) -> u32 {
    let is_it = |fact: &&Fact| {
        fact.subject == *subject && matches!(&fact.value, FactValue::Text(text) if text == name)
    };
    let known = facts.list().iter().find(is_it).map(|fact| fact.id);
    known.unwrap_or_else(|| facts.text(label, subject.clone(), name, ADDRESS, see_of(subject)))
}

fn see_of(subject: &Subject) -> String {
    match subject {
        Subject::Session => see::dashboard(),
        Subject::Protocol(name) => see::protocol(name),
        Subject::App(name) => see::flows_of_app(name),
        Subject::Host(host) | Subject::Pair(host, _) => see::host(*host),
        Subject::Service { address, port } => see::service(*address, *port),
        Subject::Flow(id) => see::flow(*id),
        Subject::Stream(id) => see::stream(*id),
        Subject::Call(id) => see::call(*id),
    }
}
