//! How far places are from where the capture was taken, and which of them cannot be true.

use netsonde_messages::{Here, HereSource, Name, Place, PlaceDoubt};

/// What is known of where something is.
#[derive(Clone, Debug, PartialEq)]
pub enum Extent {
    /// At a point, in degrees north and east.
    Point(f64, f64),
    /// Somewhere in a country, ISO 3166-1 alpha-2.
    Country(Name),
}

/// Where the capture was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Standpoint {
    /// Where.
    pub extent: Extent,
    /// By what that is known.
    pub source: HereSource,
}

impl Standpoint {
    /// Returns it as it is told; none where the country is none that is known.
    pub fn told(&self) -> Option<Here> {
        None
    }

    /// Says why an address with that shortest round trip, in nanoseconds, is not at a place; none where nothing speaks
    /// against it (METRICS.md "Places").
    pub fn doubt(&self, _place: &Place, _rtt_nanos: Option<u64>) -> Option<PlaceDoubt> {
        None
    }
}
