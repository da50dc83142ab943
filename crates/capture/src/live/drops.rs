//! Counts packets lost before they reached us.

use std::fs;
use std::path::PathBuf;

/// Lost packets since the capture began.
#[derive(Debug)]
pub(crate) struct Drops {
    kernel: Option<Growing>,
    /// What libpcap says of the interface; it reads fewer of the system's counters than we do.
    libpcap_interface: Option<Growing>,
    statistics: PathBuf,
    /// The system's count when the capture began; none where it is not readable, as for `any`.
    before: Option<u64>,
    system_interface: Option<u64>,
}

impl Drops {
    pub(crate) fn start(interface: &str) -> Self {
        // A name with a slash would lead elsewhere; no interface of this machine has one.
        let statistics = PathBuf::from("/sys/class/net").join(interface.replace('/', "_")).join("statistics");
        let mut drops =
            Self { kernel: None, libpcap_interface: None, statistics, before: None, system_interface: None };
        drops.before = drops.system_count();
        drops
    }

    /// Takes in libpcap's counters, where it gave any, and reads the system's.
    pub(crate) fn update(&mut self, stat: Option<pcap::Stat>) {
        if let Some(stat) = stat {
            self.kernel.get_or_insert_default().update(stat.dropped);
            self.libpcap_interface.get_or_insert_default().update(stat.if_dropped);
        }
        if let (Some(before), Some(after)) = (self.before, self.system_count()) {
            self.system_interface = Some(after.saturating_sub(before));
        }
    }

    /// Returns what did not fit into the ring.
    pub(crate) fn kernel(&self) -> Option<u64> {
        self.kernel.as_ref().map(|drops| drops.total)
    }

    /// Returns what the interface lost.
    ///
    /// The system's count comes first; libpcap's is part of it, so the two are not added.
    pub(crate) fn interface(&self) -> Option<u64> {
        self.system_interface.or_else(|| self.libpcap_interface.as_ref().map(|drops| drops.total))
    }

    /// Reads packets without a buffer and packets that the device could not take in.
    fn system_count(&self) -> Option<u64> {
        let read = |name| fs::read_to_string(self.statistics.join(name)).ok()?.trim().parse::<u64>().ok();
        Some(read("rx_dropped")?.saturating_add(read("rx_missed_errors")?))
    }
}

/// A 32-bit counter of libpcap, which wraps after minutes of heavy loss.
#[derive(Debug, Default)]
struct Growing {
    last: u32,
    total: u64,
}

impl Growing {
    fn update(&mut self, count: u32) {
        self.total = self.total.saturating_add(u64::from(count.wrapping_sub(self.last)));
        self.last = count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_that_wraps_goes_on() {
        let mut drops = Growing::default();
        drops.update(u32::MAX);
        drops.update(4);
        // 5 steps from the last value before the wrap to 4.
        assert_eq!(drops.total, u64::from(u32::MAX) + 5);
    }
}
