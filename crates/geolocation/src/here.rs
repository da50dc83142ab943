//! How far places are from where the capture was taken, and which of them cannot be true.

use netsonde_messages::{DoubtReason, Here, HereSource, Name, Place, PlaceDoubt};

use crate::countries::{Point, SLACK_KM, country};

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

/// How far from a city's coordinates its hosts may be, in kilometres.
const CITY_SLACK_KM: f64 = 50.0;
/// How far light in fibre comes while one millisecond of a round trip passes: 200 km a millisecond, half of them there.
const REACH_KM_PER_MS: f64 = 100.0;
const NANOS_PER_MS: f64 = 1e6;

impl Standpoint {
    /// Returns it as it is told; none where the country is none that is known.
    pub fn told(&self) -> Option<Here> {
        let (known, latitude, longitude) = match &self.extent {
            Extent::Point(latitude, longitude) => (None, *latitude, *longitude),
            Extent::Country(code) => {
                let country = country(code)?;
                (Some(Name::Borrowed(country.code)), country.latitude, country.longitude)
            }
        };
        Some(Here { country: known, latitude, longitude, source: self.source })
    }

    /// Says why an address with that shortest round trip, in nanoseconds, is not at a place; none where nothing speaks
    /// against it (METRICS.md "Places").
    pub fn doubt(&self, place: &Place, rtt_nanos: Option<u64>) -> Option<PlaceDoubt> {
        doubt(Some(self), place, rtt_nanos)
    }

    /// Returns how far a place is at least, in kilometres; none where one of the two is nowhere that is known.
    fn distance_km(&self, place: &Place) -> Option<f64> {
        let there = match (place.latitude, place.longitude, &place.country) {
            (Some(latitude), Some(longitude), _) => Extent::Point(latitude, longitude),
            (_, _, Some(code)) => Extent::Country(code.clone()),
            _ => return None,
        };
        let here_slack = match (&self.extent, self.source) {
            (Extent::Country(code), _) if Some(code) == place.country.as_ref() => return Some(0.0),
            (Extent::Country(_), _) => SLACK_KM,
            (Extent::Point(..), HereSource::Configured | HereSource::Demo) => 0.0,
            (Extent::Point(..), HereSource::LocalAddress | HereSource::TimeZone) => CITY_SLACK_KM,
        };
        let there_slack = if matches!(there, Extent::Point(..)) { CITY_SLACK_KM } else { SLACK_KM };
        let nearest = match (&self.extent, &there) {
            (&Extent::Point(north, east), &Extent::Point(latitude, longitude)) => {
                Point::new(north, east)?.distance_km(Point::new(latitude, longitude)?)
            }
            (&Extent::Point(latitude, longitude), Extent::Country(code))
            | (Extent::Country(code), &Extent::Point(latitude, longitude)) => {
                country(code)?.nearest_km(Point::new(latitude, longitude)?)
            }
            (Extent::Country(here), Extent::Country(there)) => country(here)?.apart_km(country(there)?),
        };
        Some((nearest - here_slack - there_slack).max(0.0))
    }
}

/// Says why an address with that shortest round trip, in nanoseconds, is not at a place, seen from where the capture was
/// taken; where that is not known, only what is announced from many places is doubted.
pub fn doubt(here: Option<&Standpoint>, place: &Place, rtt_nanos: Option<u64>) -> Option<PlaceDoubt> {
    let rtt_ms = rtt_nanos.map(|nanos| nanos as f64 / NANOS_PER_MS);
    let reach_km = rtt_ms.map(|rtt| rtt * REACH_KM_PER_MS);
    if place.anycast {
        return Some(PlaceDoubt { reason: DoubtReason::Anycast, rtt_ms, reach_km, distance_km: None });
    }
    let distance = here?.distance_km(place)?;
    (distance > reach_km?).then_some(PlaceDoubt {
        reason: DoubtReason::TooFar,
        rtt_ms,
        reach_km,
        distance_km: Some(distance),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BERLIN: Extent = Extent::Point(52.52, 13.40);

    fn configured(extent: Extent) -> Standpoint {
        Standpoint { extent, source: HereSource::Configured }
    }

    fn by_time_zone(code: &'static str) -> Standpoint {
        Standpoint { extent: Extent::Country(code.into()), source: HereSource::TimeZone }
    }

    fn in_country(code: &'static str) -> Place {
        Place { country: Some(code.into()), ..Place::UNKNOWN }
    }

    fn in_city(code: &'static str, latitude: f64, longitude: f64) -> Place {
        Place { latitude: Some(latitude), longitude: Some(longitude), ..in_country(code) }
    }

    fn reason(here: &Standpoint, place: &Place, rtt_ms: f64) -> Option<DoubtReason> {
        let nanos = std::time::Duration::from_secs_f64(rtt_ms / 1e3).as_nanos();
        here.doubt(place, Some(nanos.try_into().unwrap())).map(|doubt| doubt.reason)
    }

    #[test]
    fn a_city_beyond_the_reach_of_light_is_doubted() {
        // Berlin 52.52 N 13.40 E, Mountain View 37.39 N 122.08 W. Haversine: sin^2(7.565) = 0.017332,
        // cos 52.52 cos 37.39 sin^2(67.74) = 0.60848 x 0.79452 x 0.85650 = 0.41407; their sum is 0.43140, its root
        // 0.65681; 2 x 6371 x asin(0.65681) = 12742 x 0.71658 = 9,131 km. Less 50 km: 9,081 km, or 90.8 ms.
        let place = in_city("US", 37.39, -122.08);
        let here = configured(BERLIN);
        let doubt = here.doubt(&place, Some(10_000_000)).unwrap();
        assert_eq!(doubt.reason, DoubtReason::TooFar);
        assert_eq!((doubt.rtt_ms, doubt.reach_km), (Some(10.0), Some(1000.0)));
        let distance = doubt.distance_km.unwrap();
        assert!((distance - 9081.0).abs() < 5.0, "{distance}");
        assert_eq!(reason(&here, &place, 90.0), Some(DoubtReason::TooFar));
        assert_eq!(reason(&here, &place, 91.5), None);
    }

    #[test]
    fn a_country_is_as_far_as_its_nearest_part() {
        // From Berlin, Poland begins after about 70 km and is never doubted. From Tokyo to the nearest part of the United
        // States is far: Attu in the Aleutians, 52.9 N 172.9 E, is about 3,300 km off (33.2 degrees east, 17.2 north:
        // sin^2(8.6) + cos 35.68 cos 52.9 sin^2(16.6) = 0.02236 + 0.81229 x 0.60321 x 0.08162 = 0.06235, root 0.24971,
        // 12742 x 0.25238 = 3,216 km), so that 20 ms, 2,000 km, are too few and 40 ms enough.
        assert_eq!(reason(&configured(BERLIN), &in_country("PL"), 0.01), None);
        let tokyo = configured(Extent::Point(35.68, 139.69));
        assert_eq!(reason(&tokyo, &in_country("US"), 20.0), Some(DoubtReason::TooFar));
        assert_eq!(reason(&tokyo, &in_country("US"), 40.0), None);
    }

    #[test]
    fn anycast_is_doubted_whatever_the_round_trip_and_wherever_here_is() {
        let place = Place { anycast: true, ..in_country("DE") };
        let doubt = configured(BERLIN).doubt(&place, None).unwrap();
        assert_eq!(doubt.reason, DoubtReason::Anycast);
        assert_eq!((doubt.rtt_ms, doubt.reach_km, doubt.distance_km), (None, None, None));
        let doubt = super::doubt(None, &place, Some(2_000_000)).unwrap();
        assert_eq!((doubt.rtt_ms, doubt.reach_km, doubt.distance_km), (Some(2.0), Some(200.0), None));
        assert_eq!(super::doubt(None, &in_country("US"), Some(1)), None);
    }

    #[test]
    fn nothing_is_doubted_without_a_round_trip() {
        for code in crate::countries().iter().map(|country| country.code) {
            assert_eq!(configured(BERLIN).doubt(&in_country(code), None), None, "{code}");
            assert_eq!(by_time_zone("NZ").doubt(&in_country(code), None), None, "{code}");
        }
    }

    #[test]
    fn nothing_is_doubted_within_the_own_country() {
        for country in crate::countries() {
            let here = by_time_zone(country.code);
            assert_eq!(reason(&here, &in_country(country.code), 0.0), None, "{}", country.code);
            let middle = in_city(country.code, country.latitude, country.longitude);
            assert_eq!(reason(&here, &middle, 0.0), None, "{}", country.code);
            let at_its_middle = configured(Extent::Point(country.latitude, country.longitude));
            assert_eq!(reason(&at_its_middle, &in_country(country.code), 0.0), None, "{}", country.code);
        }
    }

    #[test]
    fn a_nearby_country_across_the_antimeridian_is_near() {
        // Fiji lies on both sides of it. Apia in Samoa, 13.83 S 171.76 W, is about 750 km from Fiji's eastern islands (19 S
        // 178.5 W: 6.7 degrees of longitude and 5.2 of latitude); the long way round would be 20,000 km.
        let apia = configured(Extent::Point(-13.83, -171.76));
        assert_eq!(reason(&apia, &in_country("FJ"), 10.0), None);
        // New Zealand's Auckland to Samoa is 2,900 km: 10 ms reach 1,000.
        let auckland = configured(Extent::Point(-36.85, 174.76));
        assert_eq!(reason(&auckland, &in_country("WS"), 10.0), Some(DoubtReason::TooFar));
        assert_eq!(reason(&auckland, &in_country("WS"), 30.0), None);
    }

    #[test]
    fn at_the_poles_every_longitude_is_the_same_place() {
        let pole = configured(Extent::Point(-90.0, 45.0));
        assert_eq!(reason(&pole, &in_city("AQ", -90.0, -135.0), 0.0), None);
        assert_eq!(reason(&pole, &in_country("AQ"), 0.0), None);
        // From pole to pole: 20,015 km less 50, 199.65 ms.
        let north = Place { latitude: Some(90.0), longitude: Some(0.0), ..Place::UNKNOWN };
        assert_eq!(reason(&pole, &north, 199.6), Some(DoubtReason::TooFar));
        assert_eq!(reason(&pole, &north, 199.7), None);
    }

    #[test]
    fn what_is_nowhere_is_not_doubted() {
        let here = configured(BERLIN);
        assert_eq!(reason(&here, &Place::UNKNOWN, 0.0), None);
        assert_eq!(reason(&here, &in_country("ZZ"), 0.0), None);
        assert_eq!(reason(&here, &in_city("US", f64::NAN, 0.0), 0.0), None);
        assert_eq!(reason(&by_time_zone("ZZ"), &in_country("US"), 0.0), None);
    }

    #[test]
    fn here_is_told_as_a_point_or_the_middle_of_its_country() {
        let here = configured(BERLIN).told().unwrap();
        assert_eq!((here.country, here.latitude, here.longitude), (None, 52.52, 13.40));
        let here = by_time_zone("DE").told().unwrap();
        assert_eq!((here.country.as_deref(), here.source), (Some("DE"), HereSource::TimeZone));
        assert!((47.0..55.1).contains(&here.latitude) && (5.8..15.1).contains(&here.longitude));
        assert_eq!(by_time_zone("ZZ").told(), None);
    }
}
