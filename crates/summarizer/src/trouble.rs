//! Each finding as a sentence, with its value and what it is about.

use std::cmp::Reverse;
use std::net::{IpAddr, SocketAddr};

use netsonde_messages::stream::FlowListed;
use netsonde_messages::{Calls, Fact, FactValue, Finding, FindingRule, Name, RtpStream, Subject, Unit};

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

/// What is said of the findings of a rule.
pub(crate) struct Said {
    pub(crate) rule: FindingRule,
    pub(crate) phrase: Phrase,
    /// How many findings it speaks of.
    pub(crate) findings: usize,
}

/// Says the findings of each rule together, in the order of the rules' first ones: many of one kind leave room for others.
pub(crate) fn phrases(figures: &Figures<'_>, facts: &mut Facts, findings: &[Finding]) -> Vec<Said> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let is_same = |group: &&mut Vec<&Finding>| group.iter().any(|other| other.rule == finding.rule);
        match groups.iter_mut().find(is_same) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    let said = |mut group: Vec<&Finding>| {
        group.sort_by(|one, other| {
            let order = |finding: &Finding| (Reverse(finding.severity), !finding.holds);
            let worse = || badness(facts, other).total_cmp(&badness(facts, one));
            order(one).cmp(&order(other)).then_with(worse)
        });
        let (worst, rest) = group.split_first()?;
        let phrase = together(figures, facts, worst, rest);
        Some(Said { rule: worst.rule, phrase, findings: group.len() })
    };
    groups.into_iter().filter_map(said).collect()
}

/// Returns the number that a rule looked at, so that more is worse.
fn badness(facts: &Facts, finding: &Finding) -> f64 {
    let first = numbers(facts, finding).into_iter().next();
    match first.and_then(|number| facts.get(number.id)).map(|fact| &fact.value) {
        Some(FactValue::Number { value, unit: Unit::Mos }) => -*value,
        Some(FactValue::Number { value, .. }) => *value,
        Some(FactValue::Text(_) | FactValue::Comparison { .. }) | None => 0.0,
    }
}

/// Says the worst finding of a rule, and the others with it: each, where there are few by nature, else how many.
fn together(figures: &Figures<'_>, facts: &mut Facts, worst: &Finding, rest: &[&Finding]) -> Phrase {
    let all = || std::iter::once(worst).chain(rest.iter().copied());
    match worst.rule {
        FindingRule::ClearText => {
            let volumes: Vec<_> = all().filter_map(|finding| volume(figures, facts, finding)).collect();
            let clear = Phrase::list(volumes).map(|all| all.then(" ", Phrase::words("went in clear text")));
            clear.unwrap_or_else(|| phrase(figures, facts, worst))
        }
        FindingRule::Dns => {
            let phrases = all().map(|finding| phrase(figures, facts, finding));
            phrases.reduce(|said, next| said.then("; ", next)).unwrap_or_default()
        }
        _ => phrase(figures, facts, worst).then_maybe("; ", more(facts, worst.rule, rest.len())),
    }
}

/// Says how many more findings of a rule there are.
fn more(facts: &mut Facts, rule: FindingRule, rest: usize) -> Option<Phrase> {
    let (label, template) = match rule {
        FindingRule::Credentials => {
            ("More services with passwords in clear text", "more went so to {} other {service|services}")
        }
        FindingRule::NoAnswer => {
            ("More services that do not answer", "so did many to {} more {service|services}")
        }
        FindingRule::Scan => ("More hosts that try in vain", "{} more {host|hosts} tried many in vain"),
        FindingRule::PoorCall => {
            ("More poor calls or streams", "{} more {call or stream was|calls or streams were} poor")
        }
        FindingRule::ZeroWindows => {
            ("More receivers without room", "{} more {connection|connections} had such a receiver")
        }
        FindingRule::LinkFilled => (
            "More conversations that fill the link",
            "{} more {conversation|conversations} had most of them at times",
        ),
        FindingRule::CaptureDrops
        | FindingRule::Retransmissions
        | FindingRule::RoundTripRose
        | FindingRule::Dns
        | FindingRule::ClearText => {
            ("More of the same kind", "{} more such {finding is|findings are} listed")
        }
    };
    let number = (rest > 0).then_some(rest as f64);
    let method = "found by the same rule";
    let id = facts.measured(label, Subject::Session, number, Unit::Count, method, see::findings());
    Phrase::of(facts, template, &[id])
}

/// Says how much of a protocol went in clear text, without a verb.
fn volume(figures: &Figures<'_>, facts: &mut Facts, finding: &Finding) -> Option<Phrase> {
    let [protocol, _] = place(figures, facts, finding);
    let value = numbers(facts, finding).first().map(|number| number.id);
    Phrase::of(facts, "{} of {}", &[value, protocol])
}

/// Says a finding: what is wrong, how much, and where.
pub(crate) fn phrase(figures: &Figures<'_>, facts: &mut Facts, finding: &Finding) -> Phrase {
    let [one, other] = place(figures, facts, finding);
    let numbers = numbers(facts, finding);
    let mut ids = numbers.iter().map(|number| number.id);
    let (value, second, third) = (ids.next(), ids.next(), ids.next());
    let names = [("value", value), ("second", second), ("third", third), ("one", one), ("other", other)];
    let said = numbers.first().and_then(|number| {
        let (unit, label) = (number.unit, number.label.as_ref());
        templates(finding.rule, unit, label)
            .iter()
            .find_map(|template| Phrase::named(facts, template, &names))
    });
    let said = said.unwrap_or_else(|| titled(facts, finding));
    // What is over is told as it was when it was worst; what only adds up was never better.
    let varies = matches!(
        finding.rule,
        FindingRule::Retransmissions
            | FindingRule::RoundTripRose
            | FindingRule::Dns
            | FindingRule::LinkFilled
    );
    if varies && !finding.holds { said.then(", ", Phrase::words("at worst")) } else { said }
}

/// The words for a rule whose number has a unit and a label, the first of which that can be filled in are said: `{value}`
/// is the number, `{second}` and `{third}` those behind it, `{one}` what it is about or who sends, `{other}` who receives.
fn templates(rule: FindingRule, unit: Unit, label: &str) -> &'static [&'static str] {
    match (rule, unit) {
        (FindingRule::CaptureDrops, _) => {
            &["{value} of the packets were dropped before netsonde saw them, so that all numbers are short"]
        }
        (FindingRule::Retransmissions, _) => &[
            "{value} of the TCP data segments between {one} and {other} were sent again",
            "{value} of the TCP data segments were sent again",
        ],
        (FindingRule::RoundTripRose, _) => &[
            "The median round trip was {value}, {third} the {second} of before",
            "The median round trip was {value}",
        ],
        (FindingRule::PoorCall, Unit::Mos) => &[
            "Between {one} and {other}, speech had a MOS of {value}, at a loss of {second} and a mean jitter of {third}",
            "Between {one} and {other}, speech had a MOS of {value}",
            "Speech had a MOS of {value}",
        ],
        (FindingRule::PoorCall, Unit::Percent) => {
            &["Between {one} and {other}, RTP lost {value} of its packets", "RTP lost {value} of its packets"]
        }
        (FindingRule::PoorCall, _) => &[
            "Between {one} and {other}, RTP came with a jitter of {value}",
            "RTP came with a jitter of {value}",
        ],
        (FindingRule::ZeroWindows, _) => &[
            "Between {one} and {other}, a receiver said {value} {time|times} that it had no room: it is slower than the network",
            "A receiver said {value} {time|times} that it had no room: it is slower than the network",
        ],
        (FindingRule::NoAnswer, _) => &[
            "{value} of {second} {connection|connections} to {one} came to nothing",
            "{value} {connection|connections} to {one} came to nothing",
        ],
        (FindingRule::Dns, Unit::Milliseconds | Unit::Seconds) => &["DNS took {value} to answer on average"],
        (FindingRule::Dns, _) if label.starts_with("DNS failures") => {
            &["{value} of the DNS answers were failures"]
        }
        (FindingRule::Dns, _) => &["{value} of the DNS questions stayed without an answer"],
        (FindingRule::ClearText, _) => &["{value} of {one} went in clear text"],
        (FindingRule::Credentials, _) => &[
            "{value} {login|logins} with {its|their} password in clear text went from {one} to {other}",
            "{value} {login|logins} with {its|their} password in clear text went to {one}",
        ],
        (FindingRule::Scan, _) if label.starts_with("Addresses") => {
            &["{one} tried {value} {address|addresses} in vain"]
        }
        (FindingRule::Scan, _) => &["{one} tried {value} {port|ports} in vain"],
        (FindingRule::LinkFilled, _) => &[
            "One conversation, {one} with {other}, had {value} of the bytes",
            "One conversation had {value} of the bytes",
        ],
    }
}

/// Says a finding by its title alone, which is a fact of its own: it may hold numbers and names.
fn titled(facts: &mut Facts, finding: &Finding) -> Phrase {
    let title = finding.title.trim_end_matches('.');
    let id = facts.text("Finding", finding.subject.clone(), title, "by a rule with a limit", see::findings());
    Phrase::of(facts, "{}", &[Some(id)]).unwrap_or_default()
}

/// A number that a finding stands on.
struct Number {
    id: u32,
    unit: Unit,
    label: Name,
}

/// Returns the numbers that a finding stands on, the one that its rule looked at first.
fn numbers(facts: &Facts, finding: &Finding) -> Vec<Number> {
    let number = |id: &u32| match facts.get(*id)? {
        Fact { id, text, value: FactValue::Number { unit, .. }, label, .. } => {
            Some((*text != finding.value, Number { id: *id, unit: *unit, label: label.clone() }))
        }
        _ => None,
    };
    let mut numbers: Vec<_> = finding.facts.iter().filter_map(number).collect();
    numbers.sort_by_key(|(is_other, _)| *is_other);
    numbers.into_iter().map(|(_, number)| number).collect()
}

/// Returns the names of what a finding is about, as facts: one, or who sends and who receives.
fn place(figures: &Figures<'_>, facts: &mut Facts, finding: &Finding) -> [Option<u32>; 2] {
    let subject = &finding.subject;
    let mut name = |label, name: &str| Some(named(facts, label, subject, name));
    let ends = match subject {
        Subject::Protocol(protocol) if finding.rule == FindingRule::ClearText => {
            return [name("Protocol", protocol), None];
        }
        Subject::Session | Subject::Protocol(_) => return [None; 2],
        Subject::App(app) => return [name("Application", app), None],
        Subject::Host(host) => return [name("Host", &host.to_string()), None],
        Subject::Service { address, port } => {
            let service = port.map(|port| SocketAddr::new(*address, port).to_string());
            return [name("Service", &service.unwrap_or_else(|| address.to_string())), None];
        }
        Subject::Pair(source, destination) => Some([source.to_string(), destination.to_string()]),
        Subject::Flow(id) => flow_ends(figures, *id).map(|ends| ends.told()),
        Subject::Stream(id) => stream_ends(figures, *id).map(|ends| ends.told()),
        Subject::Call(id) => call_ends(figures, *id).map(|ends| ends.told()),
    };
    match ends {
        Some([one, other]) => [name("One end", &one), name("Other end", &other)],
        None => own_names(facts, finding),
    }
}

/// The ends of a flow, stream or call.
struct Ends {
    hosts: [IpAddr; 2],
    ports: [Option<u16>; 2],
    /// Whether another one is between the same hosts.
    is_shared: bool,
}

impl Ends {
    /// Names both, with their ports where only these tell which one it is.
    fn told(&self) -> [String; 2] {
        let [one, other] = self.hosts;
        let [of_one, of_other] = self.ports;
        let name = |host: IpAddr, port: Option<u16>| match port.filter(|_| self.is_shared) {
            Some(port) => SocketAddr::new(host, port).to_string(),
            None => host.to_string(),
        };
        [name(one, of_one), name(other, of_other)]
    }
}

/// Returns the client and the server of a flow that shows something.
fn flow_ends(figures: &Figures<'_>, id: u64) -> Option<Ends> {
    let symptoms = &figures.measured.symptoms;
    let flows = || symptoms.resent.iter().chain(&symptoms.zero_windows).chain(&symptoms.largest);
    let hosts = |listed: &FlowListed| [listed.flow.client, listed.flow.server];
    let listed = &flows().find(|symptom| symptom.flow.id == id)?.flow;
    let is_shared = flows().any(|other| other.flow.id != id && hosts(&other.flow) == hosts(listed));
    let ports = [listed.flow.client_port, listed.flow.server_port];
    Some(Ends { hosts: hosts(listed), ports, is_shared })
}

/// Returns who sends a stream and who receives it.
fn stream_ends(figures: &Figures<'_>, id: u64) -> Option<Ends> {
    let streams = &figures.measured.calls.streams;
    let hosts = |stream: &RtpStream| [stream.src, stream.dst];
    let stream = streams.iter().find(|stream| stream.id == id)?;
    let is_shared = streams.iter().any(|other| other.id != id && hosts(other) == hosts(stream));
    let ports = [Some(stream.src_port), Some(stream.dst_port)];
    Some(Ends { hosts: hosts(stream), ports, is_shared })
}

/// Returns who calls and who is called; their ports are those of the call's sound.
fn call_ends(figures: &Figures<'_>, id: u64) -> Option<Ends> {
    let Calls { calls, streams, .. } = &figures.measured.calls;
    let call = calls.iter().find(|call| call.id == id)?;
    let hosts = [call.caller, call.callee];
    let is_shared = calls.iter().any(|other| {
        other.id != id && ([other.caller, other.callee] == hosts || [other.callee, other.caller] == hosts)
    });
    let port = |host: IpAddr| {
        let mut of_call = streams.iter().filter(|stream| stream.call == Some(id));
        of_call.find_map(|stream| {
            let ends = [(stream.src, stream.src_port), (stream.dst, stream.dst_port)];
            ends.into_iter().find_map(|(end, port)| (end == host).then_some(port))
        })
    };
    Some(Ends { hosts, ports: hosts.map(port), is_shared })
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
