//! What befalls single connections, services and hosts: no room, no answer, too many tries.

use std::collections::BTreeSet;

use netsonde_messages::{EvidenceItem, Subject, Unit};
use netsonde_session::{FlowSymptom, Scan, Unanswered};
use netsonde_units::quantity::{count, counted, share};

use super::super::kept::{Kept, Reading, Sign};
use super::super::limits::{MANY_FAILURES, Number, SCAN_BEGINS};
use super::super::moment::milliseconds;
use super::{Context, flow_evidence};
use crate::see;

/// Connections with an end that had no room.
pub(in super::super) fn zero_windows(of: &Context<'_>, kept: &mut Kept) {
    for symptom in &of.figures.measured.symptoms.zero_windows {
        let FlowSymptom { flow, count: windows, of: segments } = symptom;
        let subject = Subject::Flow(flow.id);
        let reading = Reading {
            grows: Some(*windows),
            last_ms: flow.flow.last_seen.as_deref().and_then(milliseconds),
            ..Reading::new(Number::ZeroWindows, subject.clone(), *windows as f64, *windows)
        };
        kept.read(of.at, &reading, |_| {
            let page = || see::flow(flow.id);
            let method = "segments that say there is no room";
            let fact = of.count("Zero windows", &subject, *windows, method, page());
            let what = format!(
                "{} without room ({} of that end's)",
                counted(*windows, "segment"),
                share(*windows, *segments)
            );
            Sign {
                title: "A receiver has no room".into(),
                value: fact.text.clone(),
                meaning: "One end told the other to stop, because its program did not fetch what had arrived. The \
                          network was not what held this transfer up."
                    .into(),
                advice: "Look at the machine that said so: how busy it is, its disk, and the program that receives."
                    .into(),
                evidence: vec![flow_evidence(flow, &what)],
                facts: vec![fact],
                see: page(),
            }
        });
    }
}

/// Services to which connections come to nothing. What a host that tries everything met is no fault of theirs.
pub(in super::super) fn no_answer(of: &Context<'_>, kept: &mut Kept) {
    let symptoms = &of.figures.measured.symptoms;
    let scanning = |scan: &&Scan| tried(scan) >= SCAN_BEGINS;
    let scanning: BTreeSet<_> = symptoms.scans.iter().filter(scanning).map(|scan| scan.host).collect();
    for service in &symptoms.unanswered {
        let Unanswered { address, port, tried, unanswered, refused, client, .. } = *service;
        let in_vain = unanswered + refused;
        if tried == 0 || scanning.contains(&client) {
            continue;
        }
        // A few tries that all failed may be one program that was told a wrong port.
        let few = in_vain < MANY_FAILURES;
        let share_in_vain = in_vain as f64 * 100.0 / tried as f64;
        let value = if few { share_in_vain.min(99.9) } else { share_in_vain.min(100.0) };
        let subject = Subject::Service { address, port: Some(port) };
        let reading = Reading {
            grows: Some(in_vain),
            first_ms: service.first_ms,
            last_ms: service.last_ms,
            ..Reading::new(Number::NoAnswer, subject.clone(), value, in_vain)
        };
        kept.read(of.at, &reading, |_| {
            let page = || see::service(address, Some(port));
            let method = "of those that were tried";
            let vain = of.count("Connections that came to nothing", &subject, in_vain, method, page());
            let all = of.count("Connections tried", &subject, tried, "SYN seen", page());
            let (title, meaning, advice) = told(service);
            let text = format!("{client} tried last: {}", outcome(service));
            Sign {
                title,
                value: format!("{} of {}", vain.text, counted(tried, "connection")),
                meaning: meaning.into(),
                advice: advice.into(),
                evidence: vec![EvidenceItem {
                    text,
                    flow: Some(service.flow),
                    packet: None,
                    see: see::flow(service.flow),
                }],
                facts: vec![vain, all],
                see: page(),
            }
        });
    }
}

fn told(service: &Unanswered) -> (String, &'static str, &'static str) {
    let Unanswered { address, port, unanswered, refused, .. } = service;
    if refused > unanswered {
        (
            format!("{address} refuses connections to port {port}"),
            "The machine is there, but nothing listens on that port, or it will not speak with this client. Whatever \
             needs the service fails at once.",
            "See whether the service runs and listens on that address. If it moved, tell the clients where.",
        )
    } else {
        (
            format!("{address} does not answer on port {port}"),
            "Programs try for many seconds before they give up. The machine is off, or something on the way throws \
             the packets away.",
            "Ping the address. If it answers, look at firewalls on the way and on the machine; if it does not, at the \
             machine and its route.",
        )
    }
}

fn outcome(service: &Unanswered) -> String {
    let (unanswered, refused) = (service.unanswered, service.refused);
    match (unanswered, refused) {
        (_, 0) => format!("{} without an answer", count(unanswered)),
        (0, _) => format!("{} refused", count(refused)),
        (_, _) => format!("{} without an answer, {} refused", count(unanswered), count(refused)),
    }
}

/// Hosts that try many services.
pub(in super::super) fn scans(of: &Context<'_>, kept: &mut Kept) {
    for scan in &of.figures.measured.symptoms.scans {
        // Who is answered as often as not is at work, however many it asks.
        if scan.failed <= scan.answered {
            continue;
        }
        let subject = Subject::Host(scan.host);
        let reading = Reading {
            grows: Some(scan.failed),
            first_ms: scan.first_ms,
            last_ms: scan.last_ms,
            ..Reading::new(Number::Scan, subject.clone(), tried(scan) as f64, scan.failed)
        };
        kept.read(of.at, &reading, |_| scan_sign(of, scan, &subject));
    }
}

fn scan_sign(of: &Context<'_>, scan: &Scan, subject: &Subject) -> Sign {
    let page = || see::host(scan.host);
    let number =
        |label, value: u64, method| of.number(label, subject, (value as f64, Unit::Count), method, page());
    let by_address = scan.addresses >= scan.ports;
    let (what, noun) =
        if by_address { ("Addresses tried in vain", "addresses") } else { ("Ports tried in vain", "ports") };
    let tried = number(what, tried(scan), "that did not answer, or refused");
    let failed = number("Tries in vain", scan.failed, "connections and datagrams that came to nothing");
    let value = format!("{} {noun}", tried.text);
    let text = if by_address {
        format!(
            "{} came to nothing, {} answered",
            counted(scan.failed, "try").replace("trys", "tries"),
            count(scan.answered)
        )
    } else {
        format!(
            "most of them at {}: {} in vain, {} answered",
            scan.target,
            count(scan.failed),
            count(scan.answered)
        )
    };
    Sign {
        title: format!("{} tries many {noun}", scan.host),
        value,
        meaning: "This is what a search for open services looks like: an inventory, a scanner, or malware that wants to \
                  spread. Hardly anything answered."
            .into(),
        advice: "Find out what runs on that host. If nobody scans from there on purpose, take it off the network first."
            .into(),
        evidence: vec![
            EvidenceItem { text, flow: Some(scan.flow), packet: None, see: see::flow(scan.flow) },
            EvidenceItem {
                text: format!("All flows of {}", scan.host),
                flow: None,
                packet: None,
                see: page(),
            },
        ],
        facts: vec![tried, failed],
        see: page(),
    }
}

fn tried(scan: &Scan) -> u64 {
    scan.addresses.max(scan.ports)
}
