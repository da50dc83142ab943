//! Databases that the test makes: both layouts, apart and together, damaged, swapped and missing.

#![expect(clippy::unwrap_used, reason = "a test stops, and says why")]

#[path = "support/mmdb.rs"]
#[expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "what a test makes")]
mod mmdb;

use std::net::IpAddr;

use mmdb::{Value, Writer, asn, flat_city, flat_country, map, nested_city, nested_country};
use netsonde_geolocation::{Changes, Cursor, DatabaseFile, Locator, check};
use netsonde_messages::{Place, PlaceDatabase, PlaceSource};
use proptest::prelude::*;

/// Addresses that no database but the test's knows: nobody has been given them yet.
const V4: &str = "241.0.0.1";
const V6: &str = "2aff::1";
/// Public, and in no table of services.
const PUBLIC: &str = "193.0.6.139";

fn file(name: &str, writer: &Writer) -> DatabaseFile {
    DatabaseFile { name: name.to_owned(), content: Ok(writer.bytes()) }
}

fn knowing(files: Vec<DatabaseFile>) -> Locator {
    let locator = Locator::default();
    locator.set_databases(files);
    locator
}

fn place(locator: &Locator, address: &str) -> Option<Place> {
    locator.locate(address.parse().unwrap()).map(|place| Place::clone(&place))
}

fn told(locator: &Locator, name: &str) -> PlaceDatabase {
    locator.databases().into_iter().find(|database| database.file.as_deref() == Some(name)).unwrap()
}

/// Everything that may be known of an address.
fn potsdam(source: PlaceSource) -> Place {
    Place {
        country: Some("DE".into()),
        region: Some("Brandenburg".to_owned()),
        city: Some("Potsdam".to_owned()),
        latitude: Some(52.4),
        longitude: Some(13.0667),
        place_source: Some(source),
        ..Place::UNKNOWN
    }
}

#[test]
fn both_layouts_say_the_same_with_records_of_every_size() {
    for record_size in [24, 28, 32] {
        for record in [
            flat_city("de", "Brandenburg", "Potsdam", 52.4, 13.066_68),
            nested_city("DE", "Brandenburg", "Potsdam", 52.4, 13.066_68),
        ] {
            let mut writer =
                Writer::new("City").with("193.0.0.0/20", record.clone()).with("2aff::/16", record);
            writer.record_size = record_size;
            let locator = knowing(vec![file("city.mmdb", &writer)]);
            for address in [PUBLIC, V6] {
                assert_eq!(
                    place(&locator, address).as_ref(),
                    Some(&potsdam(PlaceSource::Database)),
                    "{address}"
                );
            }
            assert_eq!(place(&locator, "2afe::1"), None);
        }
    }
}

#[test]
fn coordinates_of_four_bytes_or_written_out_are_coordinates_too() {
    let written = map([
        ("city", "Potsdam".into()),
        ("country_code", "DE".into()),
        ("latitude", Value::Float(52.4)),
        ("longitude", "13.0667".into()),
        ("state1", "Brandenburg".into()),
    ]);
    let locator = knowing(vec![file("a", &Writer::new("City").with("2aff::/16", written))]);
    assert_eq!(place(&locator, V6), Some(potsdam(PlaceSource::Database)));
}

#[test]
fn databases_of_one_protocol_each_lie_beside_each_other() {
    let mut v4 = Writer::new("v4").with("193.0.0.0/20", flat_country("NL"));
    v4.ip_version = 4;
    let v6 = Writer::new("v6").with("2aff::/16", flat_country("SE"));
    let locator = knowing(vec![file("4.mmdb", &v4), file("6.mmdb", &v6)]);
    let country = |address| place(&locator, address).and_then(|place| place.country);
    assert_eq!(country(PUBLIC).as_deref(), Some("NL"));
    assert_eq!(country(V6).as_deref(), Some("SE"));
    assert!(locator.databases().iter().all(|database| database.file.is_none() || database.problem.is_none()));
}

#[test]
fn a_city_counts_before_a_country_and_organisations_are_added() {
    let countries = Writer::new("Country").with("2aff::/16", nested_country("FR"));
    let numbers = Writer::new("ASN").with("2aff::/16", asn(64_496, "An operator"));
    let cities =
        Writer::new("City").with("2aff::/16", nested_city("DE", "Brandenburg", "Potsdam", 52.4, 13.0667));
    let locator = knowing(vec![file("country", &countries), file("asn", &numbers), file("city", &cities)]);
    let expected = Place {
        asn: Some(64_496),
        organization: Some("An operator".to_owned()),
        ..potsdam(PlaceSource::Database)
    };
    assert_eq!(place(&locator, V6), Some(expected));
    let said = locator.said(V6.parse().unwrap());
    let files: Vec<_> = said.iter().map(|said| said.file.as_deref().unwrap()).collect();
    assert_eq!(files, ["city", "country", "asn"]);
    assert_eq!(said[1].place.country.as_deref(), Some("FR"));
}

#[test]
fn of_two_as_exact_the_first_counts_and_the_users_before_the_built_in() {
    let one = Writer::new("1").with("193.0.0.0/20", flat_country("IS"));
    let two = Writer::new("2").with("193.0.0.0/20", flat_country("FR"));
    let locator = knowing(vec![file("1", &one), file("2", &two)]);
    let found = place(&locator, PUBLIC).unwrap();
    assert_eq!((found.country.as_deref(), found.place_source), (Some("IS"), Some(PlaceSource::Database)));
}

#[test]
fn the_middle_of_a_country_is_no_place_in_it() {
    let location = |radius: u32| {
        map([
            ("accuracy_radius", radius.into()),
            ("latitude", 37.751.into()),
            ("longitude", Value::Double(-97.822)),
        ])
    };
    let country = || map([("iso_code", "US".into())]);
    let writer = Writer::new("City")
        .with("2aff::/32", map([("country", country()), ("location", location(1000))]))
        .with("2aff:1::/32", map([("country", country()), ("location", location(20))]));
    let locator = knowing(vec![file("city", &writer)]);
    assert_eq!(place(&locator, V6).unwrap().latitude, None);
    assert_eq!(place(&locator, "2aff:1::1").unwrap().latitude, Some(37.751));
}

#[test]
fn what_makes_no_sense_is_unknown() {
    let long = "x".repeat(10_000);
    let rows = [
        map([("country_code", "Germany".into())]),
        map([("country_code", "ZZ".into())]),
        map([("country_code", Value::Double(1.0)), ("city", Value::Bool(true))]),
        map([("country", map([("iso_code", Value::Array(vec![]))])), ("city", Value::Uint64(7))]),
        map([("latitude", f64::NAN.into()), ("longitude", 1.0.into())]),
        map([("latitude", 91.0.into()), ("longitude", 1.0.into()), ("location", Value::Bool(false))]),
        map([("latitude", 1.0.into()), ("longitude", f64::INFINITY.into())]),
        map([
            ("autonomous_system_number", "ASx".into()),
            ("autonomous_system_organization", "\u{7}\n".into()),
        ]),
        map([("autonomous_system_number", Value::Double(-1.0))]),
        map([("subdivisions", Value::Array(vec![Value::Array(vec![]), "x".into()]))]),
        Value::Array(vec!["DE".into()]),
        Value::Uint32(1),
        map([]),
    ];
    for row in rows {
        let locator = knowing(vec![file("a", &Writer::new("City").with("2aff::/16", row.clone()))]);
        assert_eq!(place(&locator, V6), None, "{row:?}");
        assert_eq!(locator.said(V6.parse().unwrap()), [], "{row:?}");
    }
    // A city at a place that is none is a city still, and no text is longer than 128 characters.
    let row = flat_city("DE", "\u{1b}[31mred", &long, 52.4, 200.0);
    let locator = knowing(vec![file("a", &Writer::new("City").with("2aff::/16", row))]);
    let found = place(&locator, V6).unwrap();
    assert_eq!((found.latitude, found.longitude), (None, None));
    assert_eq!(found.city.map(|city| city.len()), Some(128));
    assert_eq!(found.region.as_deref(), Some("[31mred"));
}

#[test]
fn addresses_that_are_nowhere_are_not_looked_for() {
    let everywhere =
        Writer::new("Country").with("0.0.0.0/1", flat_country("DE")).with("8000::/1", flat_country("DE"));
    let locator = knowing(vec![file("all", &everywhere)]);
    for address in ["10.0.0.1", "100.64.0.1", "127.0.0.1", "fe80::1", "ff02::1", V4] {
        assert_eq!(place(&locator, address), None, "{address}");
        assert_eq!(locator.said(address.parse().unwrap()), [], "{address}");
    }
    assert!(place(&locator, "9.1.2.3").is_some());
}

#[test]
fn an_anycast_service_has_a_name_and_an_operator_and_a_country_at_most() {
    let cities =
        Writer::new("City").with("8.0.0.0/8", flat_city("US", "California", "Mountain View", 37.4, -122.1));
    let numbers = Writer::new("ASN").with("8.0.0.0/8", asn(15_169, "GOOGLE-AS"));
    let locator = knowing(vec![file("city", &cities), file("asn", &numbers)]);
    let expected = Place {
        country: Some("US".into()),
        asn: Some(15_169),
        organization: Some("Google".to_owned()),
        anycast: true,
        place_source: Some(PlaceSource::Database),
        ..Place::UNKNOWN
    };
    assert_eq!(place(&locator, "8.8.8.8"), Some(expected));
    assert_eq!(locator.service("8.8.8.8".parse().unwrap()).as_deref(), Some("dns.google"));
    assert_eq!(locator.said("8.8.8.8".parse().unwrap())[0].source, PlaceSource::Table);
    // Without any database the table speaks alone.
    let alone = place(&Locator::default(), "8.8.8.8").unwrap();
    assert_eq!((alone.country, alone.anycast, alone.place_source), (None, true, None));
}

#[test]
fn a_database_tells_what_it_is_when_it_was_made_and_whom_to_name() {
    let of = |name: &str, kind: &str| {
        let writer = Writer::new(kind).with("2aff::/16", flat_country("DE"));
        told(&knowing(vec![file(name, &writer)]), name)
    };
    let database = of("dbip-city-lite.mmdb", "DBIP-City-Lite");
    assert_eq!(database.kind, "DBIP-City-Lite");
    assert_eq!(database.built.as_deref(), Some("2026-01-01T00:00:00.000000000Z"));
    let attribution = database.attribution.unwrap();
    assert_eq!(
        (attribution.text.as_str(), attribution.url.as_str()),
        ("IP Geolocation by DB-IP", "https://db-ip.com")
    );
    assert!(of("x.mmdb", "GeoLite2-City").attribution.unwrap().text.contains("created by MaxMind"));
    // That of ip-location-db is called by its file only.
    assert_eq!(of("dbip-city.mmdb", "city ipvAll").attribution.unwrap().url, "https://db-ip.com");
    assert_eq!(of("own.mmdb", "Our-Offices").attribution, None);
}

#[test]
fn databases_are_swapped_while_somebody_asks() {
    let french = Writer::new("Country").with("2aff::/16", flat_country("FR"));
    let german = Writer::new("Country").with("2aff::/16", flat_country("DE"));
    let locator = knowing(vec![file("a", &french)]);
    let mut seen = Cursor::default();
    assert_eq!(locator.changes(&mut seen), Changes::All);
    assert_eq!(locator.changes(&mut seen), Changes::These(Vec::new()));
    let before = locator.locate(V6.parse().unwrap()).unwrap();
    let again = locator.locate("2aff::2".parse().unwrap()).unwrap();
    assert!(std::sync::Arc::ptr_eq(&before, &again), "one place is one");

    locator.set_databases(vec![file("a", &german)]);
    assert_eq!(locator.changes(&mut seen), Changes::All);
    assert_eq!(place(&locator, V6).unwrap().country.as_deref(), Some("DE"));
    assert_eq!(before.country.as_deref(), Some("FR"), "what somebody holds stays");

    locator.set_databases(Vec::new());
    assert_eq!(place(&locator, V6), None);

    std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            for _ in 0..2000 {
                let found = place(&locator, V6).and_then(|place| place.country);
                assert!(found.is_none_or(|code| code == "DE" || code == "FR"));
            }
        });
        for _ in 0..50 {
            locator.set_databases(vec![file("a", &french)]);
            locator.set_databases(vec![file("a", &german)]);
        }
        asking.join().unwrap();
    });
}

#[test]
fn a_file_that_cannot_be_read_says_so_and_the_others_are_used() {
    let good = Writer::new("Country").with("2aff::/16", flat_country("DE"));
    let locator = knowing(vec![
        DatabaseFile { name: "gone".to_owned(), content: Err("permission denied".to_owned()) },
        DatabaseFile { name: "text".to_owned(), content: Ok(b"<html>not found</html>".to_vec()) },
        DatabaseFile { name: "empty".to_owned(), content: Ok(Vec::new()) },
        file("good", &good),
    ]);
    assert_eq!(told(&locator, "gone").problem.as_deref(), Some("permission denied"));
    for name in ["text", "empty"] {
        assert!(told(&locator, name).problem.is_some(), "{name}");
    }
    assert_eq!(told(&locator, "good").problem, None);
    assert_eq!(place(&locator, V6).unwrap().country.as_deref(), Some("DE"));
}

#[test]
fn one_that_cannot_be_opened_leaves_the_one_of_its_name_in_use() {
    let first = Writer::new("First").with("193.0.0.0/8", flat_country("nl"));
    let locator = knowing(vec![file("a", &first)]);
    let broken = |name: &str| DatabaseFile { name: name.to_owned(), content: Ok(b"no database".to_vec()) };
    for _ in 0..2 {
        locator.set_databases(vec![broken("a"), broken("b")]);
        let (a, b) = (told(&locator, "a"), told(&locator, "b"));
        assert_eq!((a.kind.as_str(), b.kind.as_str()), ("First", ""));
        assert!(a.problem.is_some() && a.problem == b.problem);
        assert_eq!(place(&locator, PUBLIC).unwrap().place_source, Some(PlaceSource::Database));
    }
    let next = Writer::new("Second").with("193.0.0.0/8", flat_country("nl"));
    locator.set_databases(vec![file("a", &next)]);
    assert_eq!((told(&locator, "a").kind.as_str(), told(&locator, "a").problem), ("Second", None));
    locator.set_databases(vec![broken("c")]);
    assert_ne!(place(&locator, PUBLIC).and_then(|place| place.place_source), Some(PlaceSource::Database));
}

#[test]
fn more_databases_than_are_asked_are_told_to_be_left_out() {
    let writer = Writer::new("Country").with("2aff::/16", flat_country("DE"));
    let files = (0..20).map(|n| file(&n.to_string(), &writer)).collect();
    let locator = knowing(files);
    assert_eq!(told(&locator, "14").problem, None);
    assert!(told(&locator, "15").problem.unwrap().contains("left out"));
    assert!(place(&locator, V6).is_some());
}

#[test]
fn a_file_that_is_cut_anywhere_is_refused_or_says_less() {
    let whole = city().bytes();
    for length in 0..whole.len() {
        survives(&whole[..length]);
    }
    assert!(check("whole", &whole).is_ok());
    assert!(check("half", &whole[..whole.len() / 2]).is_err());
}

#[test]
fn a_tree_that_leads_in_circles_or_out_of_the_file_is_found() {
    // Every record of 24 bits leads to the first node, or far behind the end.
    for record in [[0, 0, 0], [0xff, 0xff, 0xff]] {
        let mut writer = city();
        writer.record_size = 24;
        let mut bytes = writer.bytes();
        let tree = bytes.windows(16).position(|window| window == [0; 16]).unwrap() / 6;
        for at in 0..tree * 2 {
            bytes[at * 3..at * 3 + 3].copy_from_slice(&record);
        }
        survives(&bytes);
        assert!(check("circles", &bytes).is_err(), "{record:?}");
        let circles = DatabaseFile { name: "circles".into(), content: Ok(bytes) };
        let problem = told(&knowing(vec![circles]), "circles").problem.unwrap();
        assert!(problem.starts_with("none of its records can be read"), "{problem}");
    }
}

/// Values that are none (MaxMind DB 2.0, data section): the type in the upper three bits of the first byte, the size in the
/// lower five.
fn damaged() -> [(&'static str, Value); 5] {
    let raw = |bytes: &[u8]| Value::Raw(bytes.to_vec());
    [
        // A pointer (type 1) of two bytes to the first byte of the section, which is itself.
        ("itself", raw(&[1 << 5, 0])),
        // One of five bytes, far behind the end.
        ("far", raw(&[1 << 5 | 3 << 3, 0x7f, 0xff, 0xff, 0xff])),
        // A map (type 7) of 65,821 + 2^24 - 1 entries that has none.
        ("map", raw(&[7 << 5 | 31, 0xff, 0xff, 0xff])),
        // Text, where a map of names and values has to be.
        ("text", "Amsterdam".into()),
        // A map whose only value is text (type 2) that goes on beyond the end.
        ("end", raw(&[7 << 5 | 1, 2 << 5 | 4, b'c', b'i', b't', b'y', 2 << 5 | 31, 0xff, 0xff, 0xff])),
    ]
}

#[test]
fn a_database_of_which_no_record_can_be_read_is_refused_and_those_beside_it_are_used() {
    let whole = Writer::new("Whole").with("193.0.0.0/8", flat_country("NL"));
    for (what, value) in damaged() {
        for ip_version in [4, 6] {
            let mut writer =
                Writer::new("Damaged").with("0.0.0.0/1", value.clone()).with("128.0.0.0/1", value.clone());
            writer.ip_version = ip_version;
            let locator = knowing(vec![file("damaged", &writer), file("whole", &whole)]);
            let problem = told(&locator, "damaged").problem.unwrap_or_else(|| panic!("{what} is used"));
            assert!(problem.starts_with("none of its records can be read: "), "{what}: {problem}");
            assert_eq!(told(&locator, "whole").problem, None);
            let found = place(&locator, PUBLIC).unwrap();
            assert_eq!(found.country.as_deref(), Some("NL"), "{what}");
            assert!(check(what, &writer.bytes()).is_err(), "{what}");
            survives(&writer.bytes());
        }
    }
    // One of IPv6 alone is found out likewise.
    let writer = Writer::new("Damaged").with("2aff::/16", Value::Raw(vec![1 << 5, 0]));
    assert!(told(&knowing(vec![file("six", &writer)]), "six").problem.is_some());
}

#[test]
fn a_database_of_which_no_record_can_be_read_leaves_the_one_before_it_in_use() {
    let whole = Writer::new("Whole").with("193.0.0.0/8", flat_country("NL"));
    let damaged = Writer::new("Damaged").with("193.0.0.0/8", Value::Raw(vec![1 << 5, 0]));
    let locator = knowing(vec![file("a", &whole)]);
    locator.set_databases(vec![file("a", &damaged)]);
    assert_eq!(told(&locator, "a").kind, "Whole");
    assert!(told(&locator, "a").problem.unwrap().starts_with("none of its records can be read"));
    assert_eq!(place(&locator, PUBLIC).unwrap().country.as_deref(), Some("NL"));
}

#[test]
fn a_database_of_which_some_records_can_be_read_or_that_has_none_is_used() {
    // Of 41 records 40 lead to themselves: the first at the beginning of the section, and the others to it.
    let writer = (0..40).fold(Writer::new("Holes"), |writer, number| {
        writer.with(&format!("10.{number}.0.0/16"), Value::Raw(vec![1 << 5, 0]))
    });
    let writer = writer.with("193.0.0.0/16", flat_country("NL"));
    let locator = knowing(vec![file("holes", &writer), file("empty", &Writer::new("Empty"))]);
    assert_eq!((told(&locator, "holes").problem, told(&locator, "empty").problem), (None, None));
    assert_eq!(place(&locator, PUBLIC).unwrap().country.as_deref(), Some("NL"));
}

#[test]
fn a_database_of_something_else_is_refused_by_the_check() {
    let writer = Writer::new("Prices").with("2aff::/16", map([("price", 7.into())]));
    assert_eq!(check("prices.mmdb", &writer.bytes()), Err("it says nothing about places".to_owned()));
}

#[test]
fn the_countries_that_the_program_brings_know_both_protocols() {
    let locator = Locator::built_in();
    let [database] = locator.databases().try_into().unwrap();
    if let Some(problem) = database.problem {
        eprintln!("NOT TESTED: no database of countries: {problem}");
        return;
    }
    assert_eq!((database.file, database.kind.as_str()), (None, "geo-whois-asn-country"));
    assert_eq!(database.attribution.unwrap().url, "https://www.nro.net");
    // RIPE NCC in Amsterdam, DENIC in Frankfurt, JPRS in Tokyo, NIC.br in Sao Paulo.
    for (address, code) in [
        (PUBLIC, "NL"),
        ("194.0.0.53", "DE"),
        ("203.119.1.1", "JP"),
        ("200.160.0.8", "BR"),
        ("2001:67c:2e8:22::c100:68b", "NL"),
    ] {
        let found = place(&locator, address).unwrap();
        assert_eq!(
            (found.country.as_deref(), found.place_source),
            (Some(code), Some(PlaceSource::BuiltIn)),
            "{address}"
        );
    }
}

fn city() -> Writer {
    Writer::new("City")
        .with("193.0.0.0/20", flat_city("NL", "Noord-Holland", "Amsterdam", 52.37, 4.9))
        .with("2aff::/16", nested_city("DE", "Brandenburg", "Potsdam", 52.4, 13.0667))
        .with("2afe::/16", asn(64_496, "An operator"))
}

/// Asks a file of any bytes for everything; that it comes back is the test.
fn survives(bytes: &[u8]) {
    let locator = knowing(vec![DatabaseFile { name: "a".to_owned(), content: Ok(bytes.to_vec()) }]);
    for address in [PUBLIC, V6, "2afe::1", "2a00::1", "8.8.8.8"] {
        let address: IpAddr = address.parse().unwrap();
        for place in locator
            .said(address)
            .into_iter()
            .map(|said| said.place)
            .chain(locator.locate(address).map(|place| Place::clone(&place)))
        {
            assert!(place.latitude.is_none_or(|degrees| degrees.abs() <= 90.0), "{place:?}");
            assert!(place.longitude.is_none_or(|degrees| degrees.abs() <= 180.0), "{place:?}");
            assert!(place.country.is_none_or(|code| code.len() == 2), "a code");
        }
    }
    let _ = check("a", bytes);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_that_flip_break_nothing(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        record_size in prop::sample::select(vec![24_u16, 28, 32]),
    ) {
        let mut writer = city();
        writer.record_size = record_size;
        let mut bytes = writer.bytes();
        for (index, byte) in flips {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        survives(&bytes);
    }

    #[test]
    fn any_bytes_behind_the_marker_break_nothing(metadata in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut bytes = vec![0; 64];
        bytes.extend(b"\xab\xcd\xefMaxMind.com");
        bytes.extend(metadata);
        survives(&bytes);
    }
}
