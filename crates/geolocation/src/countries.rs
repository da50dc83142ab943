//! What is known of countries without asking anybody: names, middles, and about where their land lies.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

/// A country, or a territory with a code of its own.
#[derive(Clone, Debug)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: &'static str,
    /// What it is called in English.
    pub name: &'static str,
    /// Degrees north of the equator of its middle, which is on its land.
    pub latitude: f64,
    /// Degrees east of Greenwich of its middle.
    pub longitude: f64,
    /// Points of it, at least one; none of its land is farther than [`SLACK_KM`] from one.
    samples: Vec<Point>,
    /// Its place in the table.
    index: usize,
}

/// How far the land of a country is from the nearest of its sample points at most, in kilometres.
pub(crate) const SLACK_KM: f64 = 160.0;

/// The mean radius of the Earth in kilometres (IUGG).
const EARTH_KM: f64 = 6371.0;

/// A point on the Earth, as a vector of length 1 from its middle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point([f64; 3]);

impl Point {
    /// Makes one of degrees north and east; none where they are no numbers.
    pub(crate) fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let (latitude, longitude) = (latitude.to_radians(), longitude.to_radians());
        (latitude.is_finite() && longitude.is_finite()).then(|| {
            Self([latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()])
        })
    }

    /// Returns the square of the chord to another point, which grows with the distance.
    fn chord(self, other: Self) -> f64 {
        self.0.iter().zip(other.0).map(|(a, b)| (a - b) * (a - b)).sum()
    }

    /// Returns the length of the great circle to another point, in kilometres (the haversine formula, by its chord).
    pub(crate) fn distance_km(self, other: Self) -> f64 {
        arc_km(self.chord(other))
    }
}

impl Country {
    /// Returns how far its nearest sample is from a point, in kilometres.
    pub(crate) fn nearest_km(&self, point: Point) -> f64 {
        arc_km(self.samples.iter().map(|sample| sample.chord(point)).fold(4.0, f64::min))
    }

    /// Returns how far the nearest samples of two countries are from each other, in kilometres.
    ///
    /// Large countries have hundreds of samples, so that what was found is kept: at most a number for each two countries.
    pub(crate) fn apart_km(&self, other: &Self) -> f64 {
        static KNOWN: LazyLock<RwLock<HashMap<(usize, usize), f64>>> = LazyLock::new(RwLock::default);
        let key = (self.index.min(other.index), self.index.max(other.index));
        if let Some(&known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known;
        }
        let chords =
            self.samples.iter().flat_map(|here| other.samples.iter().map(|there| here.chord(*there)));
        let found = arc_km(chords.fold(4.0, f64::min));
        KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(key, found);
        found
    }
}

/// Returns a country by its code, ISO 3166-1 alpha-2 in capitals.
pub fn country(code: &str) -> Option<&'static Country> {
    let countries = countries();
    let found = countries.binary_search_by(|country| country.code.cmp(code)).ok()?;
    countries.get(found)
}

/// Returns all countries, in order of their codes.
pub fn countries() -> &'static [Country] {
    static COUNTRIES: LazyLock<Vec<Country>> = LazyLock::new(|| {
        let mut countries: Vec<_> = include_str!("../countries.tsv").lines().filter_map(parse).collect();
        countries.sort_by_key(|country| country.code);
        for (index, country) in countries.iter_mut().enumerate() {
            country.index = index;
        }
        countries
    });
    &COUNTRIES
}

/// Reads a line: code, name, latitude, longitude, and sample points as `latitude,longitude` with `;` between them, tabs
/// between the columns; none where it is anything else.
fn parse(line: &'static str) -> Option<Country> {
    let mut columns = line.split('\t');
    let mut column = || columns.next();
    let (code, name) = (column()?, column()?);
    let (latitude, longitude) = (degrees(column()?, 90.0)?, degrees(column()?, 180.0)?);
    let sample = |text: &str| {
        let (latitude, longitude) = text.split_once(',')?;
        Point::new(degrees(latitude, 90.0)?, degrees(longitude, 180.0)?)
    };
    let samples = column()?.split(';').map(sample).collect::<Option<Vec<_>>>()?;
    column().is_none().then_some(Country { code, name, latitude, longitude, samples, index: 0 })
}

/// Reads degrees up to a bound either way.
fn degrees(text: &str, bound: f64) -> Option<f64> {
    text.parse().ok().filter(|degrees: &f64| degrees.abs() <= bound)
}

/// Returns the arc on the Earth over the square of a chord of the unit sphere, in kilometres.
fn arc_km(chord: f64) -> f64 {
    2.0 * EARTH_KM * (chord.sqrt() / 2.0).min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_file_is_a_country() {
        let lines = include_str!("../countries.tsv").lines().count();
        assert_eq!(countries().len(), lines);
        assert!(lines >= 240, "ISO 3166-1 has 249 codes, and the file {lines}");
        assert!(countries().is_sorted_by(|a, b| a.code < b.code), "a code twice");
        for country in countries() {
            let code = country.code.as_bytes();
            assert!(code.len() == 2 && code.iter().all(u8::is_ascii_uppercase), "{}", country.code);
            let middle = country.nearest_km(Point::new(country.latitude, country.longitude).unwrap());
            assert!(
                middle <= SLACK_KM,
                "{}: its middle is {middle} km from its nearest sample",
                country.code
            );
        }
    }

    #[test]
    fn capitals_are_in_their_countries() {
        // Read off an atlas: latitude, longitude.
        let capitals = [
            ("AR", -34.60, -58.38),
            ("AU", -35.28, 149.13),
            ("BR", -15.79, -47.88),
            ("CL", -33.45, -70.67),
            ("DE", 52.52, 13.40),
            ("FJ", -18.14, 178.44),
            ("GB", 51.51, -0.13),
            ("JP", 35.68, 139.69),
            ("NL", 52.37, 4.90),
            ("NZ", -41.29, 174.78),
            ("RU", 55.76, 37.62),
            ("SG", 1.29, 103.85),
            ("US", 38.90, -77.04),
            ("ZA", -25.75, 28.19),
        ];
        for (code, latitude, longitude) in capitals {
            let away = country(code).unwrap().nearest_km(Point::new(latitude, longitude).unwrap());
            assert!(away <= SLACK_KM, "the capital of {code} is {away} km from its nearest sample");
        }
    }

    #[test]
    fn distances_are_those_of_great_circles() {
        let km = |a: (f64, f64), b: (f64, f64)| {
            Point::new(a.0, a.1).unwrap().distance_km(Point::new(b.0, b.1).unwrap())
        };
        // A degree of a great circle is 2 pi 6371 / 360 = 111.195 km.
        let about =
            |found: f64, expected: f64| assert!((found - expected).abs() < 0.5, "{found}, not {expected}");
        about(km((0.0, 0.0), (0.0, 1.0)), 111.195);
        about(km((-17.0, 179.0), (-18.0, 179.0)), 111.195);
        // Across the antimeridian, on the equator: 2 degrees.
        about(km((0.0, 179.0), (0.0, -179.0)), 222.39);
        // At a pole every longitude is the same point; from pole to pole is half the way around, 20,015.1 km.
        about(km((90.0, 0.0), (90.0, 123.0)), 0.0);
        about(km((90.0, 10.0), (-90.0, 70.0)), 20_015.1);
        // Antipodes.
        about(km((10.0, 20.0), (-10.0, -160.0)), 20_015.1);
        // One city twice.
        about(km((52.52, 13.40), (52.52, 13.40)), 0.0);
    }

    #[test]
    fn an_unknown_code_is_no_country() {
        for code in ["", "de", "ZZ", "DEU", "\u{1f1e9}"] {
            assert!(country(code).is_none(), "{code:?}");
        }
        assert_eq!(country("DE").unwrap().name, "Germany");
    }

    #[test]
    fn lines_that_are_damaged_are_left_out() {
        for line in [
            "",
            "XX\tname",
            "XX\tname\t91\t0\t0,0",
            "XX\tname\t0\t0\t",
            "XX\tname\t0\tNaN\t0,0",
            "XX\tn\t0\t0\t0,0\tx",
        ] {
            assert!(parse(line).is_none(), "{line:?}");
        }
    }
}
