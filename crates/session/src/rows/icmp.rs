//! ICMP (RFC 792) and ICMPv6 (RFC 4443) with neighbour discovery (RFC 4861).

use std::net::{Ipv4Addr, Ipv6Addr};

use netsonde_dissect::{Icmp, MacAddr, Quoted};

use super::line::Line;
use netsonde_dissect::Wire;

/// Types that only this description knows (IANA ICMP and ICMPv6 parameters).
const ROUTER_ADVERTISEMENT: u8 = 9;
const ROUTER_SOLICITATION: u8 = 10;
const TIMESTAMP: u8 = 13;
const TIMESTAMP_REPLY: u8 = 14;
const V6_ROUTER_SOLICITATION: u8 = 133;
const V6_ROUTER_ADVERTISEMENT: u8 = 134;
const V6_NEIGHBOUR_SOLICITATION: u8 = 135;
const V6_NEIGHBOUR_ADVERTISEMENT: u8 = 136;
const V6_REDIRECT: u8 = 137;

const UNREACHABLE_CODES: [&str; 16] = [
    "network",
    "host",
    "protocol",
    "port",
    "fragmentation needed",
    "source route failed",
    "network unknown",
    "host unknown",
    "source isolated",
    "network prohibited",
    "host prohibited",
    "network for this service",
    "host for this service",
    "filtered",
    "host precedence",
    "precedence cut-off",
];
const FRAGMENTATION_NEEDED: u8 = 4;
const V6_UNREACHABLE_CODES: [&str; 9] = [
    "no route",
    "prohibited",
    "beyond scope",
    "address",
    "port",
    "source policy",
    "route rejected",
    "source route error",
    "headers too long",
];
const REDIRECT_CODES: [&str; 4] =
    ["for the network", "for the host", "for service and network", "for service and host"];
const TIME_EXCEEDED_CODES: [&str; 2] = ["in transit", "in reassembly"];
const V6_PARAMETER_CODES: [&str; 4] =
    ["bad header field", "unknown next header", "unknown option", "incomplete header chain"];

/// Writes an ICMP message.
pub(super) fn describe(line: &mut Line, icmp: &Icmp<'_>) {
    if describe_echo(line, icmp, false) {
        return;
    }
    let [r0, _, r2, r3] = icmp.rest;
    let code = icmp.code;
    match icmp.kind {
        Icmp::UNREACHABLE => {
            write!(line, "unreachable: ");
            name_code(line, code, &UNREACHABLE_CODES);
            if code == FRAGMENTATION_NEEDED {
                // RFC 1191 section 4.
                write!(line, ", MTU {}", u16::from_be_bytes([r2, r3]));
            }
        }
        Icmp::SOURCE_QUENCH => write!(line, "source quench"),
        Icmp::REDIRECT => {
            write!(line, "redirect ");
            name_code(line, code, &REDIRECT_CODES);
            write!(line, " to {}", Ipv4Addr::from(icmp.rest));
        }
        Icmp::TIME_EXCEEDED => {
            write!(line, "time exceeded ");
            name_code(line, code, &TIME_EXCEEDED_CODES);
        }
        Icmp::PARAMETER_PROBLEM => write!(line, "parameter problem at byte {r0}"),
        ROUTER_ADVERTISEMENT => write!(line, "router advertisement"),
        ROUTER_SOLICITATION => write!(line, "router solicitation"),
        TIMESTAMP => write!(line, "timestamp request"),
        TIMESTAMP_REPLY => write!(line, "timestamp reply"),
        other => write!(line, "type {other} code {code}"),
    }
    describe_quoted(line, icmp.quoted(false));
}

/// Writes an ICMPv6 message.
pub(super) fn describe_v6(line: &mut Line, icmp: &Icmp<'_>) {
    if describe_echo(line, icmp, true) {
        return;
    }
    let value = u32::from_be_bytes(icmp.rest);
    let code = icmp.code;
    let mut body = Wire(icmp.body);
    match icmp.kind {
        Icmp::V6_UNREACHABLE => {
            write!(line, "unreachable: ");
            name_code(line, code, &V6_UNREACHABLE_CODES);
        }
        Icmp::V6_PACKET_TOO_BIG => write!(line, "packet too big, MTU {value}"),
        Icmp::V6_TIME_EXCEEDED => {
            write!(line, "time exceeded ");
            name_code(line, code, &TIME_EXCEEDED_CODES);
        }
        Icmp::V6_PARAMETER_PROBLEM => {
            write!(line, "parameter problem: ");
            name_code(line, code, &V6_PARAMETER_CODES);
            write!(line, ", at byte {value}");
        }
        Icmp::V6_LISTENER_QUERY => describe_group(line, "listener query", body.array()),
        Icmp::V6_LISTENER_REPORT => describe_group(line, "listener report", body.array()),
        Icmp::V6_LISTENER_DONE => describe_group(line, "listener done", body.array()),
        Icmp::V6_LISTENER_REPORT_V2 => describe_listener_records(line, icmp),
        V6_ROUTER_SOLICITATION => write!(line, "router solicitation"),
        V6_ROUTER_ADVERTISEMENT => describe_router(line, icmp),
        V6_NEIGHBOUR_SOLICITATION => match body.array::<16>() {
            Some(target) => write!(line, "who has {}?", Ipv6Addr::from(target)),
            None => write!(line, "neighbour solicitation"),
        },
        V6_NEIGHBOUR_ADVERTISEMENT => describe_neighbour(line, body),
        V6_REDIRECT => match (body.array::<16>(), body.array::<16>()) {
            (Some(target), Some(destination)) => {
                write!(line, "redirect: {} by {}", Ipv6Addr::from(destination), Ipv6Addr::from(target));
            }
            _ => write!(line, "redirect"),
        },
        other => write!(line, "type {other} code {code}"),
    }
    describe_quoted(line, icmp.quoted(true));
}

fn describe_echo(line: &mut Line, icmp: &Icmp<'_>, v6: bool) -> bool {
    let Some(echo) = icmp.echo(v6) else { return false };
    let name = if echo.is_reply { "echo reply" } else { "echo request" };
    write!(line, "{name} id {} seq {}, {} bytes", echo.identifier, echo.sequence, icmp.body.len());
    true
}

fn name_code(line: &mut Line, code: u8, names: &[&str]) {
    match names.get(usize::from(code)) {
        Some(name) => write!(line, "{name}"),
        None => write!(line, "code {code}"),
    }
}

fn describe_quoted(line: &mut Line, quoted: Option<Quoted>) {
    let Some(Quoted { protocol, source, destination, source_port, destination_port }) = quoted else {
        return;
    };
    match (source_port, destination_port) {
        (Some(from), Some(to)) => {
            write!(line, "; about {protocol} {source} port {from} → {destination} port {to}");
        }
        _ => write!(line, "; about {protocol} {source} → {destination}"),
    }
}

fn describe_group(line: &mut Line, name: &str, group: Option<[u8; 16]>) {
    match group.map(Ipv6Addr::from) {
        Some(group) if group.is_unspecified() => write!(line, "{name}: all groups"),
        Some(group) => write!(line, "{name}: {group}"),
        None => write!(line, "{name}"),
    }
}

/// Writes the first group of a version 2 report and how many more there are (RFC 3810 section 5.2).
fn describe_listener_records(line: &mut Line, icmp: &Icmp<'_>) {
    let [_, _, high, low] = icmp.rest;
    let first = icmp.body.get(4..).and_then(<[u8]>::first_chunk::<16>);
    describe_group(line, "version 2 listener report", first.copied());
    let records = u16::from_be_bytes([high, low]);
    if records > 1 {
        write!(line, " and {} more", records - 1);
    }
}

/// Options of neighbour discovery (RFC 4861 section 4.6), in units of eight bytes.
const TARGET_HARDWARE: u8 = 2;
const PREFIX: u8 = 3;
/// A packet holds few; a wrong length of 1 in a long one would make many.
const MAX_OPTIONS: usize = 16;

fn options(mut wire: Wire<'_>) -> impl Iterator<Item = (u8, &[u8])> {
    let next = move || {
        let [kind, units] = wire.array()?;
        let len = (usize::from(units) << 3).checked_sub(2)?;
        Some((kind, wire.take(len)?))
    };
    std::iter::from_fn(next).take(MAX_OPTIONS)
}

fn describe_neighbour(line: &mut Line, mut body: Wire<'_>) {
    let Some(target) = body.array::<16>() else { return write!(line, "neighbour advertisement") };
    let hardware = options(body).find(|(kind, _)| *kind == TARGET_HARDWARE);
    match hardware.and_then(|(_, value)| value.first_chunk().copied()) {
        Some(address) => write!(line, "{} is at {}", Ipv6Addr::from(target), MacAddr(address)),
        None => write!(line, "{} is here", Ipv6Addr::from(target)),
    }
}

/// Writes a router's lifetime and its prefixes (RFC 4861 section 4.2).
fn describe_router(line: &mut Line, icmp: &Icmp<'_>) {
    let [hop_limit, _, high, low] = icmp.rest;
    let lifetime = u16::from_be_bytes([high, low]);
    write!(line, "router advertisement: lifetime {lifetime} s, hop limit {hop_limit}");
    let mut body = Wire(icmp.body);
    // Reachable time and retransmission timer.
    if body.take(8).is_none() {
        return;
    }
    for (_, value) in options(body).filter(|(kind, _)| *kind == PREFIX) {
        let prefix = value.get(14..).and_then(<[u8]>::first_chunk::<16>);
        if let (Some(len), Some(prefix)) = (value.first(), prefix) {
            write!(line, ", {}/{len}", Ipv6Addr::from(*prefix));
        }
    }
}
