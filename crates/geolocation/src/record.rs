//! What a record of a database says, whichever layout it has, and whatever a damaged one holds.
//!
//! MaxMind's layout nests (`country.iso_code`, `city.names.en`, `location.latitude`), that of ip-location-db is flat
//! (`country_code`, `city`, `latitude`). Values of another type than they should have are not there.

use std::fmt;

use netsonde_messages::{Name, Place, PlaceSource};
use netsonde_units::is_hidden;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

/// The longest text that is taken from a database, in characters.
const MAX_TEXT: usize = 128;
/// Coordinates of a circle larger than this, in kilometres, are the middle of a country.
const MAX_RADIUS_KM: f64 = 100.0;
/// Codes that are used where no country is meant: unknown, Europe, Asia and the Pacific, proxies, satellites.
const NO_COUNTRIES: [&str; 7] = ["ZZ", "XX", "EU", "AP", "AA", "QM", "QZ"];

/// A record.
#[derive(Debug, Default)]
pub(crate) struct Record<'a> {
    country: Node<'a>,
    country_code: Node<'a>,
    registered_country: Node<'a>,
    subdivisions: Node<'a>,
    state: Node<'a>,
    city: Node<'a>,
    location: Node<'a>,
    latitude: Node<'a>,
    longitude: Node<'a>,
    asn: Node<'a>,
    organization: Node<'a>,
}

/// A value of a record, with what matters of the values in it.
#[derive(Debug, Default)]
struct Node<'a> {
    /// Itself, where it is text; its English name, where it has one.
    text: Option<&'a str>,
    /// Itself, where it is a number.
    number: Option<f64>,
    iso_code: Option<&'a str>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    accuracy_radius: Option<f64>,
}

impl Record<'_> {
    /// Returns the place that it says, [`Place::UNKNOWN`] where nothing of it makes sense.
    pub(crate) fn place(&self, source: PlaceSource) -> Place {
        let codes = [
            self.country.iso_code,
            self.country_code.text,
            self.country.text,
            self.registered_country.iso_code,
        ];
        let country = codes.into_iter().flatten().find_map(country);
        let city = self.city.text.and_then(text);
        let radius = self.location.accuracy_radius;
        // Coordinates without a city are the middle of the country: where nobody need be.
        let exact = city.is_some() || radius.is_some_and(|radius| radius <= MAX_RADIUS_KM);
        let point = coordinates(
            self.location.latitude.or(self.latitude.any_number()),
            self.location.longitude.or(self.longitude.any_number()),
        )
        .filter(|_| exact);
        let known = country.is_some() || point.is_some();
        Place {
            country,
            region: self.subdivisions.text.or(self.state.text).and_then(text),
            city,
            latitude: point.map(|(latitude, _)| latitude),
            longitude: point.map(|(_, longitude)| longitude),
            asn: self.asn.as_number(),
            organization: self.organization.text.and_then(text),
            anycast: false,
            place_source: known.then_some(source),
        }
    }
}

impl Node<'_> {
    /// Returns a number, also one that is written out.
    fn any_number(&self) -> Option<f64> {
        self.number.or_else(|| self.text?.parse().ok())
    }

    /// Returns the number of an autonomous system, also as `AS64496`.
    fn as_number(&self) -> Option<u32> {
        if let Some(written) = self.text {
            return written.trim_start_matches("AS").parse().ok().filter(|&number| number > 0);
        }
        let number = self.number.filter(|number| (1.0..=f64::from(u32::MAX)).contains(number))?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "just looked at")]
        Some(number as u32)
    }
}

/// Makes text of strangers fit to be shown: without letters that do not show or turn the direction of writing, not
/// longer than [`MAX_TEXT`], not empty.
pub(crate) fn text(strange: &str) -> Option<String> {
    let plain = strange.chars().filter(|&char| !is_hidden(char)).take(MAX_TEXT);
    let plain: String = plain.collect();
    let plain = plain.trim();
    (!plain.is_empty()).then(|| plain.to_owned())
}

/// Returns the code of a country, where it is one: two letters, made capitals.
pub(crate) fn country(code: &str) -> Option<Name> {
    let is_code = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    let code = is_code.then(|| code.to_ascii_uppercase())?;
    if NO_COUNTRIES.contains(&code.as_str()) {
        return None;
    }
    Some(crate::country(&code).map_or(Name::Owned(code), |country| Name::Borrowed(country.code)))
}

/// Returns coordinates that are on the Earth, to about 10 m; none at 0, 0, which is how some say that they do not know.
pub(crate) fn coordinates(latitude: Option<f64>, longitude: Option<f64>) -> Option<(f64, f64)> {
    let rounded = |degrees: f64, bound: f64| {
        let rounded = (degrees * 1e4).round() / 1e4;
        (rounded.abs() <= bound).then_some(rounded)
    };
    let (latitude, longitude) = (rounded(latitude?, 90.0)?, rounded(longitude?, 180.0)?);
    (latitude != 0.0 || longitude != 0.0).then_some((latitude, longitude))
}

impl<'de> Deserialize<'de> for Record<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor)
    }
}

struct RecordVisitor;

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = Record<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut record = Record::default();
        while let Some(key) = map.next_key::<&str>()? {
            let field = match key {
                "country" => &mut record.country,
                "country_code" => &mut record.country_code,
                "registered_country" => &mut record.registered_country,
                "subdivisions" => &mut record.subdivisions,
                "state1" | "region" => &mut record.state,
                "city" => &mut record.city,
                "location" => &mut record.location,
                "latitude" => &mut record.latitude,
                "longitude" => &mut record.longitude,
                "autonomous_system_number" | "asn" => &mut record.asn,
                "autonomous_system_organization" | "as_name" => &mut record.organization,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *field = map.next_value_seed(Level::Field)?;
        }
        Ok(record)
    }
}

/// How deep a value lies; below the last level nothing is read, so that no file decides how deep this goes.
#[derive(Clone, Copy)]
enum Level {
    /// A value of the record.
    Field,
    /// A value of an array in that.
    Element,
    /// A value of an entity, which is a field or an element.
    Member,
    /// A value of a member.
    Leaf,
}

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Takes a value of any type.
impl<'de> Visitor<'de> for Level {
    type Value = Node<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("anything")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Node { text: Some(text), ..Node::default() })
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Node { number: Some(number), ..Node::default() })
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        self.visit_f64(number as f64)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        self.visit_f64(number as f64)
    }

    fn visit_u128<E: de::Error>(self, number: u128) -> Result<Self::Value, E> {
        self.visit_f64(number as f64)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Node::default())
    }

    fn visit_bytes<E: de::Error>(self, _: &[u8]) -> Result<Self::Value, E> {
        Ok(Node::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let first = match self {
            Self::Field => array.next_element_seed(Self::Element)?,
            Self::Element | Self::Member | Self::Leaf => None,
        };
        while array.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first.unwrap_or_default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut node = Node::default();
        while let Some(key) = map.next_key::<&str>()? {
            match (self, key) {
                (
                    Self::Field | Self::Element,
                    "iso_code" | "names" | "latitude" | "longitude" | "accuracy_radius",
                ) => {
                    let member = map.next_value_seed(Self::Member)?;
                    match key {
                        "iso_code" => node.iso_code = member.text,
                        "names" => node.text = member.text,
                        "latitude" => node.latitude = member.any_number(),
                        "longitude" => node.longitude = member.any_number(),
                        _ => node.accuracy_radius = member.any_number(),
                    }
                }
                (Self::Member, "en") => node.text = map.next_value_seed(Self::Leaf)?.text,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_no_letters_that_do_not_show_or_turn_it_around() {
        // An override that would make "Paris" of what is stored as "siraP".
        assert_eq!(text("\u{202e}siraP\u{202c}").as_deref(), Some("siraP"));
        let marks = ('\u{202a}'..='\u{202e}')
            .chain('\u{2066}'..='\u{2069}')
            .chain(['\u{200e}', '\u{200f}', '\u{61c}']);
        let others = ['\0', '\u{7f}', '\u{85}', '\u{ad}', '\u{200b}', '\u{2060}', '\u{feff}', '\u{e0041}'];
        for mark in marks.chain(others) {
            assert_eq!(text(&format!("a{mark}b")).as_deref(), Some("ab"), "{mark:?}");
            assert_eq!(text(&format!(" {mark} ")), None, "{mark:?}");
        }
        assert_eq!(text(" Île-de-France\u{a0}東京 ").as_deref(), Some("Île-de-France\u{a0}東京"));
    }

    #[test]
    fn text_is_cut_at_its_letters_that_show() {
        assert_eq!(text(&"\u{200f}é".repeat(MAX_TEXT + 1)), Some("é".repeat(MAX_TEXT)));
    }
}
