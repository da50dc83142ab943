use std::net::IpAddr;

use netsonde_messages::{Place, PlaceSource};
use netsonde_units::is_hidden;
use serde::Deserialize;

use crate::record;

/// The longest text that is kept, in letters: the longest names of places are half of it.
const TEXT_MAX: usize = 120;

/// An answer of ip-api.com, as it is sent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status: String,
    message: Option<String>,
    query: Option<String>,
    country_code: Option<String>,
    region_name: Option<String>,
    city: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    isp: Option<String>,
    org: Option<String>,
    #[serde(rename = "as")]
    system: Option<String>,
}

/// Reads what is said of an address; nothing where it says that there is nothing to know.
///
/// # Errors
///
/// What is wrong with the answer.
pub(super) fn read(body: &[u8], address: IpAddr) -> Result<Option<Place>, &'static str> {
    let answer: Answer = serde_json::from_slice(body).map_err(|_| "its answer is not understood")?;
    if answer.query.as_deref().and_then(|query| query.parse().ok()) != Some(address) {
        return Err("it answered for another address");
    }
    match (answer.status.as_str(), answer.message.as_deref()) {
        ("success", _) => place(answer).map(Some),
        ("fail", Some("private range" | "reserved range" | "invalid query")) => Ok(None),
        _ => Err("it says that it failed"),
    }
}

fn place(answer: Answer) -> Result<Place, &'static str> {
    let country = answer.country_code.filter(|code| !code.is_empty());
    if country
        .as_ref()
        .is_some_and(|code| code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()))
    {
        return Err("it names a country that is none");
    }
    let country = country.as_deref().and_then(record::country);
    match (answer.lat, answer.lon) {
        (Some(lat), Some(lon)) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => (),
        (None, None) => (),
        _ => return Err("it names a point that is nowhere"),
    }
    let [region, city, isp, org, system] =
        [answer.region_name, answer.city, answer.isp, answer.org, answer.system]
            .map(|text| text.and_then(|text| legible(&text)));
    // Coordinates without a city are the middle of the country.
    let point = record::coordinates(answer.lat, answer.lon).filter(|_| city.is_some());
    let (latitude, longitude) = point.unzip();
    let number =
        system.as_deref().and_then(|system| system.split(' ').next()?.strip_prefix("AS")?.parse().ok());
    Ok(Place {
        place_source: (country.is_some() || latitude.is_some()).then_some(PlaceSource::IpApi),
        country,
        region,
        city,
        latitude,
        longitude,
        asn: number,
        organization: org.or(isp),
        anycast: false,
    })
}

/// Returns what shows of a text, if anything does.
fn legible(text: &str) -> Option<String> {
    let shown: String = text.chars().filter(|letter| !is_hidden(*letter)).take(TEXT_MAX).collect();
    let shown = shown.trim();
    (!shown.is_empty()).then(|| shown.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "192.0.2.7";

    fn said(body: &str) -> Result<Option<Place>, &'static str> {
        read(body.as_bytes(), ADDRESS.parse().unwrap())
    }

    #[test]
    fn an_answer_is_read_with_all_that_it_says() {
        let body = r#"{"status":"success","countryCode":"DE","regionName":"Hesse","city":"Frankfurt am Main","lat":50.11,
            "lon":8.68,"isp":"Carrier","org":"Example GmbH","as":"AS64500 Example Networks","query":"192.0.2.7"}"#;
        let expected = Place {
            country: Some("DE".into()),
            region: Some("Hesse".into()),
            city: Some("Frankfurt am Main".into()),
            latitude: Some(50.11),
            longitude: Some(8.68),
            asn: Some(64_500),
            organization: Some("Example GmbH".into()),
            anycast: false,
            place_source: Some(PlaceSource::IpApi),
        };
        assert_eq!(said(body), Ok(Some(expected)));
    }

    #[test]
    fn what_is_empty_or_does_not_show_is_left_out_and_the_provider_stands_for_the_owner() {
        let long = "x".repeat(500);
        let body = format!(
            r#"{{"status":"success","countryCode":"","regionName":"","city":"{long}","isp":" A\u202eB\u0000 ","org":"","as":"AS",
            "query":"{ADDRESS}"}}"#
        );
        let expected =
            Place { city: Some("x".repeat(120)), organization: Some("AB".into()), ..Place::UNKNOWN };
        assert_eq!(said(&body), Ok(Some(expected)));
    }

    #[test]
    fn the_middle_of_a_country_is_no_point_and_no_country_is_none() {
        for (fields, country, latitude) in [
            (r#""countryCode":"DE","lat":51.0,"lon":9.0"#, Some("DE"), None),
            (r#""countryCode":"DE","city":"Kassel","lat":0,"lon":0"#, Some("DE"), None),
            (r#""countryCode":"EU","city":"Kassel","lat":51.3,"lon":9.5"#, None, Some(51.3)),
            (r#""countryCode":"ZZ""#, None, None),
        ] {
            let body = format!(r#"{{"status":"success",{fields},"query":"{ADDRESS}"}}"#);
            let place = said(&body).unwrap().unwrap();
            assert_eq!((place.country.as_deref(), place.latitude), (country, latitude), "{fields}");
        }
    }

    #[test]
    fn nothing_is_known_of_what_it_says_is_no_address_of_the_internet() {
        for message in ["private range", "reserved range", "invalid query"] {
            let body = format!(r#"{{"status":"fail","message":"{message}","query":"{ADDRESS}"}}"#);
            assert_eq!(said(&body), Ok(None));
        }
    }

    #[test]
    fn what_cannot_be_so_is_no_answer() {
        for (body, why) in [
            ("", "its answer is not understood"),
            ("[]", "its answer is not understood"),
            (r#"{"status":"success","countr"#, "its answer is not understood"),
            (r#"{"status":"success","lat":"north","query":"192.0.2.7"}"#, "its answer is not understood"),
            (r#"{"status":"success","countryCode":"DE"}"#, "it answered for another address"),
            (r#"{"status":"success","query":"192.0.2.8"}"#, "it answered for another address"),
            (r#"{"status":"fail","message":"out of order","query":"192.0.2.7"}"#, "it says that it failed"),
            (r#"{"status":"well","query":"192.0.2.7"}"#, "it says that it failed"),
            (
                r#"{"status":"success","countryCode":"de","query":"192.0.2.7"}"#,
                "it names a country that is none",
            ),
            (
                r#"{"status":"success","countryCode":"DEU","query":"192.0.2.7"}"#,
                "it names a country that is none",
            ),
            (
                r#"{"status":"success","lat":90.5,"lon":0,"query":"192.0.2.7"}"#,
                "it names a point that is nowhere",
            ),
            (r#"{"status":"success","lat":50,"query":"192.0.2.7"}"#, "it names a point that is nowhere"),
        ] {
            assert_eq!(said(body), Err(why), "{body}");
        }
    }
}
