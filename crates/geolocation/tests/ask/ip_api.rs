use std::time::Duration;

use netsonde_geolocation::{AskLimits, Changes, Cursor, DatabaseFile};
use netsonde_messages::{Place, PlaceSource};

use crate::hands::{Hands, PATIENCE, address, most_within};
use crate::mmdb::{Writer, flat_city, map};
use crate::web_server::{Act, WebServer, right};

/// How far the clock moves at a time.
const STEP: Duration = Duration::from_millis(100);
const MINUTE: Duration = Duration::from_mins(1);

#[test]
fn places_are_asked_for_forty_times_a_minute_at_most_and_everybody_gets_one() {
    // The 50th answer says that no question is left for 25 s.
    let server = WebServer::play(|number, address| {
        let fields = if number == 49 { "X-Rl: 0\r\nX-Ttl: 25\r\n" } else { "X-Rl: 7\r\nX-Ttl: 40\r\n" };
        right(address, fields)
    });
    let hands = Hands::asking_ip_api(server.base(), AskLimits::ip_api());
    hands.turn(true);
    for number in 0..90 {
        hands.locator.want_place(address(number));
    }
    let done = hands.until_all_is_done(STEP);
    assert_eq!((done.asked, done.answered, done.failed, done.problem), (90, 90, 0, None));
    let requests = server.so_far();
    let stamps: Vec<_> = requests.iter().map(|request| request.at).collect();
    // A stamp is late by a step at most: 40, and one that is late. The provider allows 45.
    let most = most_within(&stamps, MINUTE);
    assert!((39..=41).contains(&most), "{most}");
    let gaps: Vec<_> = stamps.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
    assert!(gaps.iter().all(|gap| *gap + STEP >= Duration::from_millis(1500)), "{gaps:?}");
    assert!(gaps[49] + STEP >= Duration::from_secs(25), "{:?}", gaps[49]);
    assert!(requests[0].text.starts_with(
        "GET /json/5.9.77.0?fields=status,message,countryCode,regionName,city,lat,lon,isp,org,as,query HTTP/1.1\r\n"
    ));
    for number in 0..90 {
        let place = hands.locator.locate(address(number)).expect("it was asked for");
        let (city, source) = (place.city.clone(), place.place_source);
        assert_eq!((city, source), (Some(format!("C5.9.77.{number}")), Some(PlaceSource::IpApi)));
    }
}

#[test]
fn who_wants_to_be_left_alone_is_for_as_long_as_said_or_a_minute() {
    let server = WebServer::play(|number, address| match number {
        0 => Act::Answer(429, "X-Rl: 0\r\nX-Ttl: 33\r\n", String::new()),
        1 => Act::Answer(429, "", String::new()),
        2 => Act::Answer(429, "X-Ttl: soon\r\n", String::new()),
        _ => right(address, ""),
    });
    let hands = Hands::asking_ip_api(server.base(), AskLimits::ip_api());
    hands.turn(true);
    hands.locator.want_place(address(1));
    hands.locator.want_place(address(2));
    let problem = hands.wait(|standing| standing.failed == 1).problem;
    assert_eq!(problem.as_deref(), Some("it asked to be left alone for 33 s"));
    let done = hands.until_all_is_done(STEP);
    assert_eq!((done.asked, done.answered, done.failed, done.problem), (5, 2, 3, None));
    let stamps: Vec<_> = server.so_far().iter().map(|request| request.at).collect();
    for (pair, pause) in stamps.windows(2).zip([33, 60, 60]) {
        assert!(pair[1] + STEP >= pair[0] + Duration::from_secs(pause), "{stamps:?}");
    }
}

#[test]
fn whatever_is_answered_first_everybody_gets_a_place_in_the_end() {
    let wrong = |number: usize, address| match number {
        0 => right(self::address(200), ""),
        1 => Act::Answer(200, "", "{\"status\":\"success\",".into()),
        2 => Act::Answer(500, "", "Internal Server Error".into()),
        3 => Act::Answer(302, "Location: http://127.0.0.1:1/\r\n", String::new()),
        4 => Act::Close,
        5 => Act::Half,
        6 => Act::Endless,
        7 => Act::Hang,
        8 => Act::Answer(200, "", format!("\"{}\"", "a".repeat(17 << 10))),
        9 => Act::Answer(404, "", String::new()),
        _ => right(address, ""),
    };
    let server = WebServer::play(wrong);
    let limits = AskLimits { timeout: Duration::from_millis(300), ..AskLimits::ip_api() };
    let hands = Hands::asking_ip_api(server.base(), limits);
    hands.turn(true);
    let mut seen = Cursor::default();
    assert_eq!(hands.locator.changes(&mut seen), Changes::These(Vec::new()));
    for number in 0..12 {
        hands.locator.want_place(address(number));
    }
    let done = hands.until_all_is_done(STEP);
    assert_eq!((done.asked, done.answered, done.failed, done.problem), (22, 12, 10, None));
    assert!(
        (0..12).all(|number| hands.locator.locate(address(number)).is_some_and(|place| place.city.is_some()))
    );
    let Changes::These(mut changed) = hands.locator.changes(&mut seen) else { panic!("all can be told") };
    changed.sort_unstable();
    assert_eq!(changed, (0..12).map(address).collect::<Vec<_>>());
}

#[test]
fn where_nobody_listens_everybody_is_given_up_after_five_tries_and_the_counters_say_so() {
    // Port 1 of loopback: nobody listens there.
    let hands = Hands::asking_ip_api("http://127.0.0.1:1".into(), AskLimits::ip_api());
    hands.turn(true);
    for number in 0..3 {
        hands.locator.want_place(address(number));
    }
    let done = hands.until_all_is_done(Duration::from_secs(5));
    assert_eq!((done.asked, done.answered, done.failed), (15, 0, 15));
    let problem = done.problem.expect("it cannot be reached");
    assert!(problem.starts_with("it is not reached: connection refused; the next try is"), "{problem}");
    // An hour later it may be asked again.
    hands.locator.want_place(address(0));
    assert_eq!(hands.standing().waiting, 0);
}

#[test]
fn nobody_waits_for_one_who_does_not_answer() {
    let server = WebServer::play(|_, _| Act::Hang);
    let limits = AskLimits { timeout: PATIENCE * 10, ..AskLimits::ip_api() };
    let hands = Hands::asking_ip_api(server.base(), limits);
    hands.turn(true);
    hands.locator.want_place(address(0));
    let request = server.requests.recv_timeout(PATIENCE).expect("it is asked");
    assert_eq!(request.address, address(0));
    // The question hangs until the test ends; everything else answers.
    for number in 0..=255 {
        hands.locator.want_place(address(number));
        assert!(hands.locator.locate(address(number)).is_none_or(|place| place.city.is_none()));
    }
    assert_eq!((hands.standing().asked, hands.standing().waiting), (1, 255));
    hands.turn(false);
    assert_eq!((hands.standing().asked, hands.standing().waiting), (1, 0));
}

#[test]
fn nobody_is_asked_before_it_is_on_and_what_comes_after_it_is_off_is_dropped() {
    let (lets, may) = std::sync::mpsc::channel::<()>();
    let server = WebServer::play(move |_, address| {
        let _ = may.recv_timeout(PATIENCE);
        right(address, "")
    });
    let hands = Hands::asking_ip_api(server.base(), AskLimits::ip_api());
    hands.locator.want_place(address(1));
    assert_eq!(hands.standing().waiting, 0);
    hands.turn(true);
    hands.locator.want_place(address(2));
    hands.wait(|standing| standing.asked == 1);
    hands.turn(false);
    lets.send(()).expect("the server waits");
    let standing = hands.wait(|standing| standing.answered == 1);
    assert!(!standing.on);
    assert!(hands.locator.locate(address(2)).is_none_or(|place| place.city.is_none()));
    // Only the one was ever asked for.
    let asked: Vec<_> = server.so_far().iter().map(|request| request.address).collect();
    assert_eq!(asked, [address(2)]);
}

/// Offline 5.9.77.1 is in Germany and of system 64496, 5.9.77.2 in Potsdam: an answer without a country, and one with only a
/// country, take nothing from that, and add whose it is.
#[test]
fn an_answer_that_knows_less_takes_nothing_from_what_is_known_offline() {
    let server = WebServer::play(|number, address| {
        let country = if number == 0 { "" } else { r#""countryCode":"FR","# };
        let body = format!(r#"{{"status":"success",{country}"org":"Asked","query":"{address}"}}"#);
        Act::Answer(200, "", body)
    });
    let hands = Hands::asking_ip_api(server.base(), AskLimits::ip_api());
    let country = map([("country_code", "DE".into()), ("asn", 64_496.into()), ("as_name", "Offline".into())]);
    let countries = Writer::new("Country").with("5.9.77.1/32", country);
    let content = Ok(countries.bytes());
    hands.locator.set_databases(vec![DatabaseFile { name: "country".into(), content }]);
    hands.turn(true);
    hands.locator.want_place(address(1));
    hands.until_all_is_done(STEP);
    let expected = Place {
        country: Some("DE".into()),
        place_source: Some(PlaceSource::Database),
        asn: Some(64_496),
        organization: Some("Offline".into()),
        ..Place::UNKNOWN
    };
    assert_eq!(hands.locator.locate(address(1)).as_deref(), Some(&expected));
    let sources: Vec<_> = hands.locator.said(address(1)).iter().map(|said| said.source).collect();
    // Between them there may be the countries that the program brings.
    assert_eq!(sources.first(), Some(&PlaceSource::Database));
    assert_eq!(sources.last(), Some(&PlaceSource::IpApi));

    // As exact as the country offline, what was asked counts first; a city that is there later is more exact.
    hands.locator.want_place(address(2));
    hands.until_all_is_done(STEP);
    let found = |number| hands.locator.locate(address(number)).expect("a place");
    assert_eq!((found(2).country.as_deref(), found(2).place_source), (Some("FR"), Some(PlaceSource::IpApi)));
    let cities =
        Writer::new("City").with("5.9.77.2/32", flat_city("DE", "Brandenburg", "Potsdam", 52.4, 13.0667));
    let content = Ok(cities.bytes());
    hands.locator.set_databases(vec![DatabaseFile { name: "city".into(), content }]);
    let potsdam = found(2);
    assert_eq!((potsdam.country.as_deref(), potsdam.city.as_deref()), (Some("DE"), Some("Potsdam")));
    assert_eq!(
        (potsdam.place_source, potsdam.organization.as_deref()),
        (Some(PlaceSource::Database), Some("Asked"))
    );
}
