//! What hosts call themselves when they ask for an address (DHCP) and on their link (`NetBIOS`).

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use netsonde_dissect::dhcp::{ClientName, Message, MessageType, MessageTypeV6, MessageV6};
use netsonde_dissect::dns;
use netsonde_dissect::netbios::{self, Claim};
use netsonde_units::Timestamp;

use crate::fact::{DhcpExchange, DhcpPart, DhcpTells, Facts};
use crate::hello::of_host;
use crate::{Credit, Fact, NamedBy, limits};

/// Hands over what a message of DHCP tells: what its client is called, or which address it was given.
pub(crate) fn dhcp(payload: &[u8], source: IpAddr, at: Timestamp, facts: &mut Facts) {
    let Some((message, kind)) = Message::parse(payload).and_then(|it| Some((it, it.kind()?))) else { return };
    let exchange = || DhcpExchange {
        is_v6: false,
        transaction: message.transaction,
        client: message.hardware.to_vec().into(),
    };
    match kind {
        MessageType::DISCOVER | MessageType::REQUEST if message.is_request => {
            if let Some(name) = message.client_name().and_then(text) {
                push(facts, exchange(), DhcpTells::Name(name), at);
            }
        }
        // Who asks for no address has one; nobody confirms it, but that it speaks from there.
        MessageType::INFORM if message.is_request && source == message.client_address => {
            let name = message.client_name().and_then(text);
            if let Some(name) = name.filter(|_| is_a_hosts(message.client_address)) {
                push_name(facts, name, source, at, (NamedBy::Dhcp, Credit::Own));
            }
        }
        MessageType::ACK if !message.is_request && is_a_hosts(message.your_address) => {
            push(facts, exchange(), DhcpTells::Address(message.your_address.into()), at);
        }
        _ => {}
    }
}

/// Hands over the same of a message of DHCP for IPv6.
pub(crate) fn dhcp_v6(payload: &[u8], at: Timestamp, facts: &mut Facts) {
    let Some(message) = MessageV6::parse(payload).and_then(MessageV6::innermost) else { return };
    let Some((transaction, client)) = message.transaction.zip(message.client()) else { return };
    if client.len() > limits::DHCP_CLIENT {
        return;
    }
    let exchange = || DhcpExchange { is_v6: true, transaction, client: client.into() };
    match message.kind {
        MessageTypeV6::SOLICIT | MessageTypeV6::REQUEST | MessageTypeV6::RENEW | MessageTypeV6::REBIND => {
            if let Some(name) = message.client_name().and_then(text) {
                push(facts, exchange(), DhcpTells::Name(name), at);
            }
        }
        MessageTypeV6::REPLY => {
            for address in message.addresses().take(limits::NAMED_AT_ONCE) {
                push(facts, exchange(), DhcpTells::Address(address.into()), at);
            }
        }
        _ => {}
    }
}

/// Hands over whose names are by a message of the name service. Whether its sender `may_answer` for others: no network has
/// its server of names far away.
pub(crate) fn netbios_names(
    payload: &[u8],
    source: IpAddr,
    may_answer: bool,
    at: Timestamp,
    facts: &mut Facts,
) {
    let mut told = 0;
    let is_answer = may_answer && dns::Message::parse(payload).is_ok_and(|message| message.is_response());
    netbios::claims(payload, |claim| {
        if told < limits::NAMED_AT_ONCE {
            told += usize::from(take_claim(&claim, is_answer, source, at, facts));
        }
    });
}

/// Hands over who sent a datagram of the datagram service.
pub(crate) fn netbios_datagram(payload: &[u8], source: IpAddr, at: Timestamp, facts: &mut Facts) {
    if let Some(claim) = netbios::sender(payload) {
        take_claim(&claim, false, source, at, facts);
    }
}

/// Hands over a name that is one host's; tells whether it is. A server of names answers for others; what is no answer is said
/// of oneself.
fn take_claim(claim: &Claim, is_answer: bool, source: IpAddr, at: Timestamp, facts: &mut Facts) -> bool {
    let address = claim.address.map_or(source, IpAddr::from);
    let credit = if address == source { Credit::Own } else { Credit::Other };
    if credit != Credit::Own && !is_answer {
        return false;
    }
    let is_hosts = claim.name.is_host() && !claim.is_group;
    let is_at_a_host = matches!(address, IpAddr::V4(address) if is_a_hosts(address));
    let Some(name) = of_host(claim.name.letters()).filter(|_| is_hosts && is_at_a_host) else { return false };
    push_name(facts, name, address, at, (NamedBy::Netbios, credit));
    true
}

/// Hands over a name that everybody may know, for as long as nothing else is said.
fn push_name(
    facts: &mut Facts,
    name: Arc<str>,
    address: IpAddr,
    at: Timestamp,
    (by, credit): (NamedBy, Credit),
) {
    facts.push(Fact::Name { client: None, name, address, ttl_s: 0, at, by, credit });
}

fn push(facts: &mut Facts, exchange: DhcpExchange, tells: DhcpTells, at: Timestamp) {
    facts.push(Fact::Dhcp(Box::new(DhcpPart { exchange, tells, at })));
}

/// Tells whether an address may be one host's.
const fn is_a_hosts(address: Ipv4Addr) -> bool {
    !(address.is_unspecified() || address.is_multicast() || address.is_broadcast() || address.is_loopback())
}

/// Writes a client's name as names of hosts are written.
fn text(name: ClientName<'_>) -> Option<Arc<str>> {
    if let ClientName::Text(text) = name {
        return of_host(text);
    }
    let mut whole = Vec::with_capacity(limits::DHCP_CLIENT);
    for part in name.parts() {
        if !whole.is_empty() {
            whole.push(b'.');
        }
        whole.extend(part);
    }
    of_host(&whole)
}
