//! Names are asked for before they are used; some are not found, and now and then nobody answers.

use super::MILLISECOND;
use super::cast::{
    CLOUDFLARE_DNS, DESK, GOOGLE_DNS, Host, LAPTOP, PHONE, QUAD9, ROUTER, Service, TELEVISION,
};
use super::stage::Stage;
use crate::dialogue::Dialogue;
use crate::path::{Path, Way};
use crate::payload::dns::{Answer, Message, Rcode, Record, RecordType};
use crate::tap::Label;
use crate::truth::Note;

const DNS: Label = Label::plain("names", "DNS");
const DNS_PORT: u16 = 53;
/// How long a resolver thinks that knows the answer, in nanoseconds.
const THINK: u64 = 400_000;
/// A question without an answer is given up then.
const TIME_OUT: u64 = 5_000;

/// What is asked, and what comes of it.
#[derive(Clone, Debug)]
pub(super) struct Question {
    name: String,
    kind: RecordType,
    outcome: Outcome,
}

#[derive(Clone, Debug)]
enum Outcome {
    Found(Vec<Answer>),
    /// There is no such name in this zone.
    Missing(&'static str),
    /// The resolver could not find out.
    Failed,
    /// Nobody answers.
    Silent,
}

impl Question {
    /// Asks for the IPv4 address of a service.
    pub(super) fn address(service: &Service) -> Self {
        Self::found(service, RecordType::A, Some(Record::A(service.v4)))
    }

    /// Asks for the address that is used then, and for the server's abilities.
    pub(super) fn of_family(service: &Service, wants_v6: bool) -> Self {
        match service.v6 {
            Some(address) if wants_v6 => Self::found(service, RecordType::AAAA, Some(Record::Aaaa(address))),
            _ => Self::address(service),
        }
    }

    /// Asks how to reach a web server.
    pub(super) fn abilities(service: &Service) -> Self {
        let protocols = ["h3", "h2"].map(str::to_owned).to_vec();
        Self::found(service, RecordType::HTTPS, service.alias.is_none().then_some(Record::Https(protocols)))
    }

    fn found(service: &Service, kind: RecordType, record: Option<Record>) -> Self {
        let alias = service.alias.map(|alias| Answer::new(service.name, Record::Cname(alias.to_owned())));
        let owner = service.alias.unwrap_or(service.name);
        let answers = alias.into_iter().chain(record.map(|record| Answer::new(owner, record))).collect();
        Self { name: service.name.to_owned(), kind, outcome: Outcome::Found(answers) }
    }

    fn bad(name: &str, outcome: Outcome) -> Self {
        Self { name: name.to_owned(), kind: RecordType::A, outcome }
    }

    fn message(&self, id: u16) -> (Message, Option<(Message, Rcode)>) {
        let query = Message::query(id, &self.name, self.kind);
        let answer = match &self.outcome {
            Outcome::Found(answers) => {
                Some((query.answer(Rcode::NO_ERROR, answers.clone()), Rcode::NO_ERROR))
            }
            Outcome::Missing(zone) => Some((query.no_such_name(zone), Rcode::NX_DOMAIN)),
            Outcome::Failed => Some((query.answer(Rcode::SERVER_FAILURE, Vec::new()), Rcode::SERVER_FAILURE)),
            Outcome::Silent => None,
        };
        (query, answer)
    }
}

/// Asks the resolver of the router, which is a neighbour, at a moment in milliseconds of the round; returns when the
/// answer is there, in the same.
pub(super) fn resolve(stage: &mut Stage, at: u64, host: Host, resolver: Host, question: Question) -> u64 {
    let path = stage.path_home(host, resolver, DNS_PORT);
    // What the router has to ask its provider for takes longer.
    let think = THINK + stage.rng().below(14) * MILLISECOND;
    ask(stage, at, path, think, question)
}

/// Asks a resolver on the Internet.
pub(super) fn resolve_far(stage: &mut Stage, at: u64, host: Host, question: Question) -> u64 {
    let (service, wants_v6) = match host {
        PHONE => (CLOUDFLARE_DNS, false),
        TELEVISION => (GOOGLE_DNS, false),
        LAPTOP => (CLOUDFLARE_DNS, true),
        _ => (QUAD9, true),
    };
    let path = stage.path(host, &service, DNS_PORT, wants_v6);
    let think = 2 * service.far + THINK + stage.rng().below(3) * MILLISECOND;
    ask(stage, at, path, think, question)
}

fn ask(stage: &mut Stage, at: u64, path: Path, think: u64, question: Question) -> u64 {
    stage.cue(stage.at(at), move |at, rng| {
        let (query, answer) = question.message(rng.half_word());
        let asked = Dialogue::new().udp(at, DNS, path, Way::Up, query.encode(), Note::DnsQuery);
        Box::new(match answer {
            Some((answer, rcode)) => {
                asked.udp(at + think, DNS, path, Way::Down, answer.encode(), Note::DnsAnswer(rcode.0))
            }
            None => asked.silence(at + TIME_OUT * MILLISECOND, Note::DnsTimeout),
        })
    });
    at + think / MILLISECOND + 3
}

/// Sets the scenes in which names are not found.
pub(super) fn stage(stage: &mut Stage) {
    let missing = [
        (1_700, LAPTOP, "printer.office.example", "example"),
        (21_300, DESK, "wpad.home.arpa", "home.arpa"),
        (52_800, LAPTOP, "www.wikipedla.org", "org"),
        (74_100, DESK, "intranet.example.com", "example.com"),
        (101_600, PHONE, "metrics.app.invalid", "."),
    ];
    for (at, host, name, zone) in missing {
        resolve(stage, at, host, ROUTER, Question::bad(name, Outcome::Missing(zone)));
    }
    for (at, host) in [(14_900, DESK), (58_200, TELEVISION), (88_700, LAPTOP)] {
        resolve(stage, at, host, ROUTER, Question::bad("dnssec-failed.org", Outcome::Failed));
    }
    for (at, host, name) in
        [(33_400, LAPTOP, "slow.example.net"), (64_500, TELEVISION, "telemetry.example.com")]
    {
        // It is asked again when nobody has answered.
        resolve_far(stage, at, host, Question::bad(name, Outcome::Silent));
        resolve_far(stage, at + TIME_OUT, host, Question::bad(name, Outcome::Silent));
    }
}
