//! How far the time of a capture has come while no packet comes.

use netsonde_units::Timestamp;

use super::GATHERING_NANOS;
use crate::steady::Steady;

/// Whose clock stamps the packets.
#[derive(Debug)]
pub(super) enum Stamping {
    /// This machine's.
    Here,
    /// Another one's, or a program's, of which only the stamps tell: the last one, and how long ago it came.
    Elsewhere(Option<(Timestamp, Steady)>),
}

impl Stamping {
    /// Tells for an interface; `ours` are those that the kernel of this machine has.
    pub(super) fn of(interface: &str, ours: &[String]) -> Self {
        if ours.iter().any(|ours| ours == interface) { Self::Here } else { Self::Elsewhere(None) }
    }

    /// Takes note of the last stamp of packets that came `now`.
    pub(super) fn saw(&mut self, stamp: Option<Timestamp>, now: Timestamp) {
        if let (Self::Elsewhere(last), Some(stamp)) = (self, stamp) {
            *last = Some((stamp, Steady::starting(now)));
        }
    }

    /// Returns the moment up to which no packet can come any more, or it would be late; none where nothing tells.
    pub(super) fn idle(&mut self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Here => Some(Timestamp::from_nanos(now.nanos().saturating_sub(GATHERING_NANOS))),
            Self::Elsewhere(None) => None,
            Self::Elsewhere(Some((stamp, since))) => {
                let passed = u64::try_from(since.read(now).as_nanos()).unwrap_or(u64::MAX);
                Some(stamp.plus_nanos(passed.saturating_sub(GATHERING_NANOS)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: u64) -> Timestamp {
        Timestamp::from_nanos(millis * 1_000_000)
    }

    #[test]
    fn an_interface_of_this_machine_goes_by_its_clock() {
        let mut stamping = Stamping::of("eth0", &["lo".into(), "eth0".into()]);
        assert_eq!(stamping.idle(at(5_000)), Some(at(4_700)));
    }

    /// One packet every 2 s, which takes 50 ms to come, and a look every 100 ms.
    #[test]
    fn another_machines_time_goes_on_from_its_last_stamp_however_its_clock_is_set() {
        for ahead in [-10_000, -2_000, 2_000, 10_000] {
            let theirs = |ours: u64| at(ours.checked_add_signed(ahead).unwrap());
            let mut stamping = Stamping::of("sshdump", &["lo".into(), "eth0".into()]);
            assert_eq!(stamping.idle(at(99_900)), None, "before its first stamp nothing tells");
            for sent in [100_000, 102_000, 104_000] {
                stamping.saw(Some(theirs(sent)), at(sent + 50));
                for look in (100..=1_900).step_by(100) {
                    // So long ago the packet came; up to 300 ms packets may be under way.
                    let passed = look - 50_u64;
                    let wanted = theirs(sent + passed.saturating_sub(300));
                    assert_eq!(stamping.idle(at(sent + look)), Some(wanted), "{ahead} {sent} {look}");
                }
            }
        }
    }

    #[test]
    fn a_clock_that_is_set_here_moves_no_time_elsewhere() {
        let mut stamping = Stamping::of("sshdump", &[]);
        stamping.saw(Some(at(7_000)), at(100_000));
        assert_eq!(stamping.idle(at(101_000)), Some(at(7_700)));
        assert_eq!(stamping.idle(at(3_701_000)), Some(at(7_700)));
        assert_eq!(stamping.idle(at(3_702_000)), Some(at(8_700)));
    }
}
