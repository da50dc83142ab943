//! What a query asks for.

use netsonde_metrics::Kind;
use netsonde_units::Per;

use crate::parts;

/// A span of a session's charts, as asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistoryQuery {
    /// The first second wanted, since the epoch; the earliest kept where none is given.
    pub from: Option<u64>,
    /// The last second wanted; the latest where none is given.
    pub to: Option<u64>,
    /// The most buckets wanted of a continuous capture, from 1 to [`MAX_BUCKETS`](crate::limits::MAX_BUCKETS); that many
    /// where none are given. A stretch that ends inside a step adds one; beyond that bound in all the oldest are left out.
    pub points: Option<u64>,
    /// The protocols wanted beside the rest.
    pub protocols: Asked,
}

/// Some of the protocols that have rates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    kinds: Per<Kind, bool, { Kind::COUNT }>,
}

impl Asked {
    /// Returns those of a list of names as in the report, separated by commas, such as `TCP,DNS`.
    ///
    /// # Errors
    ///
    /// What is no such name.
    pub fn named(names: &str) -> Result<Self, &str> {
        let mut asked = Self::default();
        for name in names.split(',').filter(|name| !name.is_empty()) {
            let kind = Kind::ALL.into_iter().find(|&kind| parts::kind_name(kind) == name);
            asked.kinds[kind.ok_or(name)?] = true;
        }
        Ok(asked)
    }

    /// Returns the names there are.
    pub fn names() -> [&'static str; Kind::COUNT] {
        Kind::ALL.map(parts::kind_name)
    }

    pub(crate) fn is_empty(self) -> bool {
        !self.kinds.values().contains(&true)
    }

    pub(crate) fn contains(self, kind: Kind) -> bool {
        self.kinds[kind]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_report_and_nothing_else() {
        let asked = Asked::named("TCP,DNS").unwrap();
        assert!(asked.contains(Kind::Tcp) && asked.contains(Kind::Dns) && !asked.contains(Kind::Udp));
        assert!(Asked::named("").unwrap().is_empty());
        assert_eq!(Asked::named("TCP,tls"), Err("tls"));
    }
}
