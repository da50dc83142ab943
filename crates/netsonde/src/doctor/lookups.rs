//! Who is asked about addresses over the network, and whether they may be. Nothing is sent to find out more.

use std::net::SocketAddr;

use netsonde_messages::Check;

use super::{no, note, ok};
use crate::config::Lookups;

const REVERSE_DNS: &str = "reverse DNS";
const IP_API: &str = "ip-api";
const OFF: &str = "off: nothing is asked before somebody turns it on";

/// Judges reverse DNS by the name servers that would be asked.
pub(super) fn check_reverse_dns(lookups: &Lookups, servers: &[SocketAddr]) -> Check {
    let listed = servers.iter().map(|server| server.ip().to_string()).collect::<Vec<_>>().join(", ");
    match (lookups.reverse_dns, servers) {
        (true, []) => no(
            REVERSE_DNS,
            "on, and no name server is known",
            "name one in /etc/resolv.conf or with --name-servers, or turn it off with --reverse-dns=false",
        ),
        (true, _) => ok(REVERSE_DNS, format!("on: {listed} learns the addresses of the hosts that are seen")),
        (false, []) => ok(REVERSE_DNS, format!("{OFF}; no name server is known that could be")),
        (false, _) => {
            ok(REVERSE_DNS, format!("{OFF}, by --reverse-dns or on the Hosts page; then {listed} is"))
        }
    }
}

/// Judges ip-api.com.
pub(super) fn check_ip_api(lookups: &Lookups) -> Check {
    let base = &lookups.ip_api_url.base;
    if lookups.ip_api {
        let finding = format!(
            "on: {base} learns the addresses of the hosts that are seen, and so does everybody on the way"
        );
        note(IP_API, finding)
    } else {
        ok(IP_API, format!("{OFF}, by --ip-api or on the Hosts page; then {base} is"))
    }
}

#[cfg(test)]
mod tests {
    use netsonde_messages::Outcome;

    use super::*;
    use crate::config::IpApiAddress;

    fn lookups(on: bool) -> Lookups {
        Lookups { reverse_dns: on, name_servers: None, ip_api: on, ip_api_url: IpApiAddress::default() }
    }

    #[test]
    fn what_is_off_is_fine_and_what_is_on_says_who_learns_what() {
        let servers = ["192.0.2.53:53".parse().unwrap()];
        for (on, servers, outcome, finding) in [
            (
                false,
                &servers[..],
                Outcome::Ok,
                "off: nothing is asked before somebody turns it on, by --reverse-dns",
            ),
            (
                false,
                &[],
                Outcome::Ok,
                "off: nothing is asked before somebody turns it on; no name server is known",
            ),
            (true, &servers[..], Outcome::Ok, "on: 192.0.2.53 learns the addresses"),
            (true, &[], Outcome::No, "on, and no name server is known"),
        ] {
            let check = check_reverse_dns(&lookups(on), servers);
            assert!(check.outcome == outcome && check.finding.starts_with(finding), "{check:?}");
        }
        let off = check_ip_api(&lookups(false));
        assert!(off.outcome == Outcome::Ok && off.finding.ends_with("then http://ip-api.com is"), "{off:?}");
        let on = check_ip_api(&lookups(true));
        assert!(
            on.outcome == Outcome::Note && on.finding.starts_with("on: http://ip-api.com learns"),
            "{on:?}"
        );
    }
}
