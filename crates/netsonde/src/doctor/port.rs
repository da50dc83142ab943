//! The address of the dashboard: free, or taken by whom.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use ipnet::IpNet;
use netsonde_messages::Check;

use super::{listed, no, note, ok};
use crate::clock;

const NAME: &str = "ports";
/// How long whoever has the port may take to say who it is.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest answer that is read, in bytes.
const MAX_ANSWER: u64 = 16 << 10;

/// What became of the wish to listen.
#[derive(Debug)]
pub(super) struct Tried {
    listen: SocketAddr,
    found: Found,
}

#[derive(Debug, PartialEq, Eq)]
enum Found {
    Free,
    /// A netsonde has it; its version.
    Ours(String),
    Taken,
    /// It is no address of this machine; those that are.
    Elsewhere(Vec<String>),
    /// A port that takes a right of its own.
    Denied,
    Failed(String),
}

/// Tries to listen, and asks whoever does.
pub(super) fn look(listen: SocketAddr) -> Tried {
    let found = match TcpListener::bind(listen) {
        Ok(_) => Found::Free,
        Err(error) => match error.kind() {
            ErrorKind::AddrInUse => ask(listen).map_or(Found::Taken, Found::Ours),
            ErrorKind::AddrNotAvailable => Found::Elsewhere(own_addresses()),
            ErrorKind::PermissionDenied => Found::Denied,
            _ => Found::Failed(error.to_string()),
        },
    };
    Tried { listen, found }
}

/// Judges whether the dashboard can be served there.
pub(super) fn check(tried: &Tried) -> Check {
    let Tried { listen, found } = tried;
    let another = "--listen ADDR:PORT chooses another";
    match found {
        Found::Free if listen.ip().is_loopback() => ok(NAME, format!("{listen} is free")),
        Found::Free => ok(NAME, format!("{listen} is free; who comes in there needs the token")),
        Found::Ours(version) => {
            note(NAME, format!("{listen} is served by netsonde {version}, which runs already"))
        }
        Found::Taken => no(
            NAME,
            format!("{listen} is taken by another program"),
            format!("{another}; `ss -ltnp 'sport = :{}'` as root tells which program it is", listen.port()),
        ),
        Found::Elsewhere(own) => {
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            no(
                NAME,
                format!("{} is no address of this machine", listen.ip()),
                format!("--listen with {}", listed(&own)),
            )
        }
        Found::Denied => no(
            NAME,
            format!("{listen} may not be listened on: ports below 1024 are the system's"),
            "--listen with a port from 1024, and a proxy in front where it must be lower",
        ),
        Found::Failed(problem) => no(NAME, format!("{listen} cannot be listened on: {problem}"), another),
    }
}

/// Asks for the version of the netsonde that listens there; none where it is something else.
///
/// Only this machine is asked, and only by loopback.
fn ask(listen: SocketAddr) -> Option<String> {
    let loopback = match listen.ip() {
        ip if ip.is_loopback() => ip,
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        _ => return None,
    };
    let answer = get(SocketAddr::new(loopback, listen.port()), netsonde_server::HEALTH)?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    let health: serde_json::Value = serde_json::from_str(body).ok()?;
    let is_ours = health.get("program")?.as_str()? == netsonde_server::PROGRAM;
    is_ours.then_some(health.get("version")?.as_str()?.to_owned())
}

/// Gets a page, for a bounded time.
fn get(address: SocketAddr, path: &str) -> Option<String> {
    let deadline = clock::monotonic() + PATIENCE;
    let mut socket = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    socket.set_write_timeout(Some(PATIENCE)).ok()?;
    socket.write_all(request.as_bytes()).ok()?;
    let (mut answer, mut part) = (Vec::new(), [0; 1024]);
    loop {
        let left = deadline.checked_duration_since(clock::monotonic()).filter(|left| !left.is_zero())?;
        socket.set_read_timeout(Some(left)).ok()?;
        let read = (&mut socket).take(MAX_ANSWER).read(&mut part).ok()?;
        if read == 0 || u64::try_from(answer.len()).ok()? > MAX_ANSWER {
            return String::from_utf8(answer).ok();
        }
        answer.extend(part.iter().take(read));
    }
}

fn own_addresses() -> Vec<String> {
    let own = netsonde_capture::own_addresses().unwrap_or_default().networks;
    own.iter().map(IpNet::addr).map(|ip| ip.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use netsonde_messages::Outcome;

    use super::*;

    #[test]
    fn a_port_that_another_program_holds_says_no_also_where_that_keeps_silent() {
        let held = TcpListener::bind("127.0.0.1:0").unwrap();
        let tried = look(held.local_addr().unwrap());
        assert_eq!(tried.found, Found::Taken);
        assert_eq!(check(&tried).outcome, Outcome::No);
    }

    #[test]
    fn an_address_of_others_says_no_and_names_those_of_this_machine() {
        // RFC 5737: nobody's.
        let tried = look("192.0.2.1:8765".parse().unwrap());
        let judged = check(&tried);
        assert_eq!(
            (judged.outcome, judged.finding.as_str()),
            (Outcome::No, "192.0.2.1 is no address of this machine")
        );
        assert!(judged.mend.unwrap().contains("127.0.0.1"));
    }

    #[test]
    fn a_free_address_is_ok_and_one_that_others_reach_mentions_the_token() {
        assert_eq!(check(&look("127.0.0.1:0".parse().unwrap())).outcome, Outcome::Ok);
        let everywhere = check(&look("0.0.0.0:0".parse().unwrap()));
        assert!(everywhere.finding.contains("token"), "{everywhere:?}");
    }

    #[test]
    fn a_low_port_and_what_has_no_name_say_no() {
        let listen = "127.0.0.1:80".parse().unwrap();
        for found in [Found::Denied, Found::Failed("broken".into())] {
            assert_eq!(check(&Tried { listen, found }).outcome, Outcome::No);
        }
    }
}
