//! Which names an answer gives to which addresses.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::Arc;

use netsonde_dissect::dns::{Message, Name, Record, Section};

use super::Heard;
use crate::fact::Facts;
use crate::{Credit, DnsKind, Fact};

/// Records of a message that are read: an answer of 4,096 bytes, what resolvers of old accepted, holds 255 addresses.
const MAX_RECORDS: usize = 256;
/// Names from the one asked for to the one with the address; resolvers give up sooner.
const MAX_CHAIN: usize = 16;
/// Times that the records are gone through for the chain: once where they are in order, as nearly all servers send them.
const MAX_PASSES: usize = 4;
/// Most names are no longer.
const USUAL_LEN: usize = 64;

/// Hands over the addresses in a message with the names they were asked for. What stands beside the answer of DNS, as what
/// nobody asked for, is told and has no credit: who answers for one name could speak of any other.
pub(super) fn learn(message: &Message<'_>, heard: &Heard, is_asked: bool, facts: &mut Facts) {
    let records = || message.records().flatten().take(MAX_RECORDS);
    // What the sender is not sure of is not for others to believe (RFC 4795 section 2.1.1).
    if heard.kind == DnsKind::Llmnr && message.is_tentative()
        || !records().any(|record| record.address().is_some())
    {
        return;
    }
    // Multicast DNS repeats no question; each record speaks for itself (RFC 6762 section 6).
    let asked = if heard.kind == DnsKind::Mdns { None } else { message.questions().flatten().next() };
    let chain = asked.map(|asked| Chain::new(asked.name, records));
    let client = (!heard.to.is_multicast()).then_some(heard.to);
    let by = heard.kind.names_by();
    let names_itself =
        heard.kind == DnsKind::Llmnr && records().any(|record| record.address() == Some(heard.from));
    let mut push = |name: &Arc<str>, address: IpAddr, ttl_s, is_answer| {
        let credit = match heard.kind {
            DnsKind::Dns if is_asked && is_answer => Credit::Asked,
            DnsKind::Mdns | DnsKind::Llmnr => credit_on_link(heard, address, names_itself),
            DnsKind::Dns => Credit::Nothing,
        };
        facts.push(Fact::Name { client, name: Arc::clone(name), address, ttl_s, at: heard.at, by, credit });
    };
    for record in records() {
        let Some(address) = record.address() else { continue };
        match &chain {
            Some(chain) if record.section == Section::Answer && chain.leads_to(&record.name) => {
                push(&chain.text, address, record.ttl, true);
            }
            _ if record.name.is_whole() => push(&text(&record.name), address, record.ttl, false),
            _ => {}
        }
    }
}

/// Returns what speaks for the name of an address that a host of the link is said to have.
fn credit_on_link(heard: &Heard, address: IpAddr, names_itself: bool) -> Credit {
    // A responder of LLMNR answers for its own addresses (RFC 4795 section 2.7): of the same family, the one that it speaks
    // from is among them.
    let is_anothers =
        heard.kind == DnsKind::Llmnr && address.is_ipv4() && heard.from.is_ipv4() && !names_itself;
    if !heard.is_of_link || is_anothers {
        Credit::Nothing
    } else if address == heard.from {
        Credit::Own
    } else {
        Credit::Other
    }
}

fn text(name: &Name<'_>) -> Arc<str> {
    let mut text = String::with_capacity(USUAL_LEN);
    // A string takes any text.
    let _ = write!(text, "{name}");
    text.into()
}

/// The name asked for and those it stands for (RFC 1034 section 3.6.2).
struct Chain<'a> {
    names: [Option<Name<'a>>; MAX_CHAIN],
    text: Arc<str>,
}

impl<'a> Chain<'a> {
    fn new<I: Iterator<Item = Record<'a>>>(asked: Name<'a>, records: impl Fn() -> I) -> Self {
        let mut chain = Self { names: [None; MAX_CHAIN], text: text(&asked) };
        chain.add(asked);
        for _ in 0..MAX_PASSES {
            let mut has_grown = false;
            for record in records().take_while(|record| record.section == Section::Answer) {
                let Some(target) = record.alias_of() else { continue };
                if chain.leads_to(&record.name) && !chain.leads_to(&target) {
                    has_grown |= chain.add(target);
                }
            }
            if !has_grown {
                break;
            }
        }
        chain
    }

    fn add(&mut self, name: Name<'a>) -> bool {
        let free = self.names.iter_mut().find(|place| place.is_none());
        free.map(|place| *place = Some(name)).is_some()
    }

    fn leads_to(&self, name: &Name<'_>) -> bool {
        self.names.iter().map_while(Option::as_ref).any(|held| held.is(name))
    }
}
