//! Whose an address is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::{AppId, Problem};

/// A published range and whose it is.
#[derive(Debug)]
struct Range {
    net: IpNet,
    /// Its first and last address, those of IPv4 mapped into IPv6 (RFC 4291 section 2.5.5.2).
    first: u128,
    last: u128,
    app: AppId,
    /// The place of the narrowest range around it.
    around: Option<usize>,
}

/// The ranges that are being read.
#[derive(Debug, Default)]
pub(super) struct RangesBuilder {
    ranges: Vec<Range>,
}

impl RangesBuilder {
    /// Reads and enters a range.
    pub(super) fn add(&mut self, text: &str, app: AppId) -> Result<(), Problem> {
        let parsed: Option<IpNet> = text.parse().ok();
        // Bits beyond the length are a slip of the pen: the range that was meant is another one.
        let net = parsed.filter(|net| net.trunc() == *net).ok_or_else(|| Problem::Range(text.to_owned()))?;
        if self.ranges.iter().any(|range| range.net == net) {
            return Err(Problem::RangeTaken(text.to_owned()));
        }
        let (first, last) = (number(net.network()), number(net.broadcast()));
        self.ranges.push(Range { net, first, last, app, around: None });
        Ok(())
    }
}

/// The ranges in order of their first address, each before those inside it.
#[derive(Debug)]
pub(super) struct Ranges {
    ranges: Vec<Range>,
}

impl From<RangesBuilder> for Ranges {
    fn from(builder: RangesBuilder) -> Self {
        let mut sorted = builder.ranges;
        sorted.sort_by_key(|range| (range.first, std::cmp::Reverse(range.last)));
        let mut ranges: Vec<Range> = Vec::with_capacity(sorted.len());
        // The ranges that may be around the next one, the widest first.
        let mut open: Vec<(usize, u128)> = Vec::new();
        for range in sorted {
            while open.pop_if(|(_, last)| *last < range.first).is_some() {}
            let around = open.last().map(|(place, _)| *place);
            open.push((ranges.len(), range.last));
            ranges.push(Range { around, ..range });
        }
        Self { ranges }
    }
}

impl Ranges {
    /// Finds the narrowest range that holds `address`.
    ///
    /// Ranges lie inside each other or apart. So the narrowest is the last one that begins at or before the
    /// address, or one of those around it.
    pub(super) fn find(&self, address: IpAddr) -> Option<(AppId, IpNet)> {
        let address = number(address);
        let behind = self.ranges.partition_point(|range| range.first <= address);
        let mut place = behind.checked_sub(1);
        loop {
            let range = self.ranges.get(place?)?;
            if address <= range.last {
                return Some((range.app, range.net));
            }
            place = range.around;
        }
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => Ipv4Addr::to_ipv6_mapped(&address).to_bits(),
        IpAddr::V6(address) => Ipv6Addr::to_bits(address),
    }
}
