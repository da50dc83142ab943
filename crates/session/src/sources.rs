//! What the sources of a session say of themselves.

use netsonde_capture::{Counters, Outage, Source};
use netsonde_dissect::LinkType;

/// One source, as last asked.
#[derive(Clone, Debug)]
struct Asked {
    name: String,
    counters: Counters,
    link_types: Vec<LinkType>,
    outage: Option<Outage>,
    speed_bps: Option<u64>,
    report: Option<String>,
}

/// All sources of a session, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    finished: Vec<Asked>,
    current: Option<Asked>,
}

impl Sources {
    /// Asks the source that is being driven.
    pub(crate) fn ask(&mut self, source: &Source) {
        let (name, counters, link_types) = (source.name().to_owned(), source.counters(), source.link_types());
        let (outage, report) = (source.outage(), source.report());
        let speed_bps = source.speed_bps();
        self.current = Some(Asked { name, counters, link_types, outage, speed_bps, report });
    }

    /// The source being driven has ended.
    pub(crate) fn finish(&mut self) {
        self.finished.extend(self.current.take());
    }

    /// The source that ended last is driven once more.
    pub(crate) fn go_on(&mut self) {
        self.current = self.finished.pop();
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.all().map(|asked| asked.name.clone()).collect()
    }

    pub(crate) fn link_types(&self) -> Vec<LinkType> {
        let mut all: Vec<_> = self.all().flat_map(|asked| asked.link_types.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Returns what kernel and interface dropped; none where no source can tell.
    pub(crate) fn drops(&self) -> (Option<u64>, Option<u64>) {
        let sum = |count: fn(&Counters) -> Option<u64>| {
            self.all().filter_map(|asked| count(&asked.counters)).reduce(|a, b| a + b)
        };
        (sum(|counters| counters.kernel_drops), sum(|counters| counters.interface_drops))
    }

    /// Returns how many stamps were moved into the range of time.
    pub(crate) fn stamps_out_of_range(&self) -> u64 {
        self.all().map(|asked| asked.counters.stamps_out_of_range).sum()
    }

    /// Returns how many packets had no stamp.
    pub(crate) fn stamps_missing(&self) -> u64 {
        self.all().map(|asked| asked.counters.stamps_missing).sum()
    }

    /// Returns how many bits a second the interface can carry; none where nobody can tell.
    pub(crate) fn speed_bps(&self) -> Option<u64> {
        self.all().last()?.speed_bps
    }

    /// Says what keeps packets of the source that is being driven away at the moment, if anything.
    pub(crate) fn outage(&self) -> Option<String> {
        let Asked { name, outage, .. } = self.current.as_ref()?;
        outage.map(|outage| match outage {
            Outage::Stopped(process) => {
                format!("{name} {outage}: continue it with `kill -CONT {process}` or stop the capture")
            }
            Outage::Down | Outage::NoCarrier => {
                format!("{name} {outage}; the capture goes on when it comes back")
            }
        })
    }

    /// Says what the program that captures has reported in the last seconds, if anything.
    pub(crate) fn note(&self) -> Option<String> {
        let said = self.current.as_ref()?.report.as_ref()?;
        Some(format!("tshark says: {said}"))
    }

    fn all(&self) -> impl Iterator<Item = &Asked> {
        self.finished.iter().chain(&self.current)
    }
}
