//! What anybody on the way can read.

use netsonde_messages::stream::ClearText;
use netsonde_messages::{EvidenceItem, RtpStream, StreamSign, Subject, Unit};
use netsonde_session::Credential;
use netsonde_units::quantity::{bytes, counted};

use super::super::kept::{Kept, Reading, Sign};
use super::super::limits::{EVIDENCE, Number};
use super::Context;
use crate::see;

/// The protocols whose clear text is worth a finding: names asked for in DNS are in every network. Of streams of RTP that
/// nothing announced it is not known whether they are encrypted.
const WORTH: [&str; 3] = ["HTTP", "SIP", "RTSP"];

/// Conversations in clear text, one finding a protocol.
pub(in super::super) fn clear_text(of: &Context<'_>, kept: &mut Kept) {
    for protocol in WORTH {
        let all = of.figures.measured.protocols.clear_text.iter();
        let services: Vec<_> = all.filter(|service| service.protocol == protocol).collect();
        let sum = |part: fn(&ClearText) -> u64| services.iter().map(|service| part(service)).sum::<u64>();
        let (packets, volume) = (sum(|service| service.packets), sum(|service| service.bytes));
        let subject = Subject::Protocol(protocol.into());
        let reading = Reading {
            grows: Some(packets),
            ..Reading::new(Number::ClearText, subject.clone(), packets as f64, packets)
        };
        kept.read(of.at, &reading, |_| {
            let page = || see::flows_of_protocol(protocol);
            let method = "conversations recognised, nothing of them encrypted";
            let fact = of.number("In clear text", &subject, (volume as f64, Unit::Bytes), method, page());
            let (meaning, advice) = if protocol == "HTTP" {
                (
                    "Anybody on the way can read what is asked for and answered, and change it.",
                    "Use HTTPS. What cannot, a printer or a camera, belongs into a network of its own.",
                )
            } else {
                (
                    "Anybody on the way can read who calls whom, or what is watched.",
                    "Switch signalling to TLS where both ends know it.",
                )
            };
            Sign {
                title: format!("{protocol} is in clear text"),
                value: fact.text.clone(),
                meaning: meaning.into(),
                advice: advice.into(),
                evidence: services.iter().take(EVIDENCE).map(|service| evidence(service)).collect(),
                facts: vec![fact],
                see: page(),
            }
        });
    }
}

/// Streams that signalling announced, and not as encrypted.
pub(in super::super) fn clear_streams(of: &Context<'_>, kept: &mut Kept) {
    let is_clear = |stream: &&RtpStream| stream.found_by == StreamSign::Signalling && !stream.encrypted;
    let streams: Vec<_> = of.figures.measured.calls.streams.iter().filter(is_clear).collect();
    let sum = |part: fn(&RtpStream) -> u64| streams.iter().map(|stream| part(stream)).sum::<u64>();
    let (packets, volume) = (sum(|stream| stream.packets), sum(|stream| stream.bytes));
    let subject = Subject::Protocol("RTP".into());
    let reading = Reading {
        grows: Some(packets),
        ..Reading::new(Number::ClearText, subject.clone(), packets as f64, packets)
    };
    kept.read(of.at, &reading, |_| {
        let method = "streams that SDP announced without encryption";
        let fact = of.number("In clear text", &subject, (volume as f64, Unit::Bytes), method, see::calls());
        Sign {
            title: "RTP is in clear text".into(),
            value: fact.text.clone(),
            meaning: "Anybody on the way can hear and see what is said and shown.".into(),
            advice: "Switch sound and pictures to SRTP where both ends know it.".into(),
            evidence: streams.iter().take(EVIDENCE).map(|stream| heard(stream)).collect(),
            facts: vec![fact],
            see: see::calls(),
        }
    });
}

fn heard(stream: &RtpStream) -> EvidenceItem {
    let text = format!("{} to {}: {}", stream.src, stream.dst, bytes(stream.bytes));
    EvidenceItem { text, flow: Some(stream.flow), packet: None, see: see::stream(stream.id) }
}

fn evidence(service: &ClearText) -> EvidenceItem {
    let ClearText { server_port, flows, largest_server, largest_client, .. } = service;
    let port = server_port.map_or_else(String::new, |port| format!(" port {port}"));
    let text = format!(
        "{largest_client} to {largest_server}{port}: {} with {} at this port",
        counted(*flows, "flow"),
        bytes(service.bytes)
    );
    EvidenceItem { text, flow: None, packet: None, see: see::service(*largest_server, *server_port) }
}

/// Passwords in clear text, one finding a service.
pub(in super::super) fn credentials(of: &Context<'_>, kept: &mut Kept) {
    let all = &of.figures.measured.symptoms.credentials;
    let service = |one: &Credential| (one.server, one.server_port);
    for (place, one) in all.iter().enumerate() {
        if all.iter().take(place).any(|other| service(other) == service(one)) {
            continue;
        }
        let same: Vec<_> = all.iter().filter(|other| service(other) == service(one)).collect();
        let times = same.iter().map(|other| other.count).sum();
        let subject = Subject::Service { address: one.server, port: Some(one.server_port) };
        let earliest = same.iter().filter_map(|other| other.first_ms).min_by(f64::total_cmp);
        let latest = same.iter().filter_map(|other| other.last_ms).max_by(f64::total_cmp);
        let reading = Reading {
            grows: Some(times),
            first_ms: earliest,
            last_ms: latest,
            ..Reading::new(Number::Credentials, subject.clone(), times as f64, times)
        };
        kept.read(of.at, &reading, |_| {
            let page = || see::service(one.server, Some(one.server_port));
            let method = "logins seen; the passwords are not kept";
            let fact = of.count("Passwords in clear text", &subject, times, method, page());
            let evidence = same.iter().take(EVIDENCE).map(|other| EvidenceItem {
                text: format!(
                    "{} to {} port {}: {}, {}",
                    other.client,
                    other.server,
                    other.server_port,
                    other.kind.name(),
                    counted(other.count, "time")
                ),
                flow: Some(other.flow),
                packet: None,
                see: see::flow(other.flow),
            });
            Sign {
                title: "A password went over the network in clear text".into(),
                value: counted(times, "time"),
                meaning: "Whoever could see these packets can log in with it. The password itself is not kept here."
                    .into(),
                advice: "Change the password. Then let the service take logins over TLS only.".into(),
                evidence: evidence.collect(),
                facts: vec![fact],
                see: page(),
            }
        });
    }
}
