//! Capturing: which interfaces open.

use netsonde_capture::{Interface, Permission, interfaces, libpcap};
use netsonde_messages::Check;

use super::privileges::Standing;
use super::{listed, no, note, ok};

const NAME: &str = "capture";
/// What to do where no interface is seen at all.
const SHOW_INTERFACES: &str =
    "start it where the interfaces are seen: a container needs the network of its host";

/// What libpcap opens here.
#[derive(Debug)]
pub(super) struct Tried {
    /// What the library is called, where that is known.
    library: Option<String>,
    /// The interfaces, each tried, or why they cannot be listed.
    interfaces: Result<Vec<Interface>, String>,
}

/// Tries every interface.
pub(super) fn look() -> Tried {
    Tried { library: libpcap(), interfaces: interfaces().map_err(|error| error.to_string()) }
}

/// Judges what opened and what did not.
pub(super) fn check(tried: &Tried, standing: &Standing) -> Check {
    let library = tried.library.as_deref().unwrap_or("libpcap");
    let interfaces = match &tried.interfaces {
        Ok(interfaces) if interfaces.is_empty() => {
            return no(NAME, format!("{library} lists no interface"), SHOW_INTERFACES);
        }
        Ok(interfaces) => interfaces,
        Err(problem) => return no(NAME, problem.clone(), SHOW_INTERFACES),
    };
    let (mut open, mut denied, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for Interface { name, may_capture, .. } in interfaces {
        match may_capture {
            Permission::Yes => open.push(name.as_str()),
            Permission::Denied(reason) => denied.push((name.as_str(), reason.as_str())),
            Permission::Failed(reason) => failed.push((name.as_str(), reason.as_str())),
            Permission::Unknown => failed.push((name.as_str(), "no reason given")),
        }
    }
    if open.is_empty() {
        let reason = denied.iter().chain(&failed).next().map_or("", |(_, reason)| reason);
        let mend = if denied.is_empty() { SHOW_INTERFACES.into() } else { standing.mend() };
        return no(NAME, format!("{library} opens none of {}: {reason}", interfaces.len()), mend);
    }
    let opens = format!("{library} opens {}", listed(&open));
    // nflog wants a right of its own, a wireless one may be off: the others are enough to work with.
    let shut: Vec<_> = denied.into_iter().chain(failed).collect();
    match shut.first() {
        None => ok(NAME, opens),
        Some((_, reason)) => {
            let names: Vec<&str> = shut.iter().map(|(name, _)| *name).collect();
            note(NAME, format!("{opens}; not {}: {reason}", listed(&names)))
        }
    }
}

#[cfg(test)]
mod tests {
    use netsonde_capture::{ByteCounters, LinkState};
    use netsonde_messages::Outcome;

    use super::super::privileges;
    use super::*;

    fn judged(interfaces: &[(&str, Permission)]) -> Check {
        let interface = |(name, may_capture): &(&str, Permission)| Interface {
            name: (*name).into(),
            description: None,
            addresses: Vec::new(),
            state: LinkState::Up,
            loopback: false,
            may_capture: may_capture.clone(),
            bytes: ByteCounters::default(),
            by_libpcap: true,
            by_tshark: false,
        };
        let interfaces = Ok(interfaces.iter().map(interface).collect());
        let tried = Tried { library: Some("libpcap.so.1".into()), interfaces };
        check(&tried, &privileges::look(None))
    }

    #[test]
    fn all_open_is_ok_one_that_does_not_is_noted_and_none_is_no() {
        let denied = || Permission::Denied("not permitted".into());
        let all = judged(&[("lo", Permission::Yes), ("eth0", Permission::Yes)]);
        assert_eq!((all.outcome, all.finding.as_str()), (Outcome::Ok, "libpcap.so.1 opens lo, eth0"));
        let some = judged(&[("lo", Permission::Yes), ("nflog", denied())]);
        assert_eq!(some.outcome, Outcome::Note);
        assert_eq!(some.finding, "libpcap.so.1 opens lo; not nflog: not permitted");
        let none = judged(&[("wlan0", Permission::Failed("is down".into())), ("lo", denied())]);
        assert_eq!(none.outcome, Outcome::No);
        assert_eq!(none.finding, "libpcap.so.1 opens none of 2: not permitted");
        assert!(none.mend.is_some());
    }

    #[test]
    fn no_interface_and_no_list_say_no() {
        assert_eq!(judged(&[]).outcome, Outcome::No);
        let broken = Tried { library: None, interfaces: Err("cannot list interfaces: broken".into()) };
        let broken = check(&broken, &privileges::look(None));
        assert_eq!(
            (broken.outcome, broken.finding.as_str()),
            (Outcome::No, "cannot list interfaces: broken")
        );
    }
}
