//! What becomes known after a session has ended.

use std::net::IpAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use netsonde_geolocation::{AskLimits, AskSettings, Locator};
use netsonde_messages::stream::State;
use netsonde_messages::{Lookups, NameSource};

use crate::hands::{self, PATIENCE};
use crate::name_server::{Act, NameServer};
use crate::web_server::{Act as Reply, WebServer};
use crate::{TIME, WEB, Watched, at, capture, cities, host, in_countries, knowing};

#[test]
fn a_database_replaced_after_the_end_reaches_those_who_look_and_those_who_come_later() {
    let locator = knowing(at("NL", "Amsterdam", 52.37, 4.9));
    let watched = Watched::by(&locator);
    watched.measure(&capture());
    let before = watched.wait_for_city("Amsterdam");
    assert_eq!(host(&before, WEB).place.city.as_deref(), Some("Amsterdam"));

    locator.set_databases(vec![at("DE", "Potsdam", 52.4, 13.07)]);
    let after = watched.wait_for_city("Potsdam");
    // Both public hosts: nobody asked for a page of them.
    assert_eq!((cities(&after).len(), cities(&after)[0].sums.hosts), (1, 2));
    assert_eq!(after.places.places.countries[0].country, "DE");
    assert_eq!(host(&after, TIME).place.city.as_deref(), Some("Potsdam"));
    // It goes on where the publications of the session left off, and what the charts have got is not told again.
    assert_eq!((after.session, after.sequence), (before.session, before.sequence + 1));
    assert_eq!((after.totals.points.len(), &after.totals.traffic), (0, &before.totals.traffic));
    assert_eq!(watched.monitor.status().state, State::Finished);

    let moment = watched.monitor.moment();
    assert_eq!(moment.publication.places, after.places);
    assert_eq!(moment.publication.hosts, after.hosts);
    let located = watched.monitor.located(0, 10);
    assert!(located.iter().all(|host| host.place.city.as_deref() == Some("Potsdam")), "{located:?}");

    // Again and again, not once.
    locator.set_databases(vec![at("FR", "Paris", 48.9, 2.3)]);
    watched.wait_for_city("Paris");
}

/// Starts the one who asks a name server, by the clock of the tests.
fn asking(locator: &Locator, server: &NameServer) {
    let (reverse_dns, _) = locator.callers(settings(server, String::new()));
    thread::spawn(|| reverse_dns.run());
}

/// Those who ask go as fast as they are answered.
fn settings(server: &NameServer, ip_api: String) -> AskSettings {
    AskSettings {
        name_servers: vec![server.address],
        ip_api,
        reverse_dns_limits: AskLimits { pace: Duration::ZERO, ..AskLimits::reverse_dns() },
        ip_api_limits: AskLimits { pace: Duration::ZERO, ..AskLimits::ip_api() },
        clock: hands::clock,
    }
}

#[test]
fn who_turns_look_ups_on_after_the_end_sees_the_names_and_is_asked_for_none_twice() {
    let locator = Arc::<Locator>::default();
    // Both names hold for a minute, the shortest time.
    let server = NameServer::play(|address| {
        Act::Names(60, if address == IpAddr::from(WEB) { &["web.example"] } else { &["time.example"] })
    });
    asking(&locator, &server);
    let watched = Watched::by(&locator);
    watched.measure(&capture());
    assert_eq!(host(&watched.monitor.publication(), WEB).names, [""; 0]);

    watched.monitor.set_lookups(Some(true), None);
    assert!(watched.monitor.publication().places.lookups.reverse_dns.on, "that is told at once");
    let named = watched.wait(|monitor| {
        let publication = monitor.publication();
        let is_named = |address| !host(&publication, address).named.is_empty();
        (is_named(WEB) && is_named(TIME)).then_some(publication)
    });
    let name = &host(&named, WEB).named[0];
    assert_eq!((name.name.as_str(), name.source), ("web.example", NameSource::ReverseDns));
    assert_eq!(watched.monitor.host(TIME.into()).unwrap().listed.host.names, ["time.example"]);
    // How it stands comes along: two addresses, each asked for once.
    let told = watched.wait(|monitor| {
        let told = monitor.publication().places.lookups.reverse_dns.clone();
        (told.answered == 2).then_some(told)
    });
    assert_eq!((told.asked, told.failed, told.waiting), (2, 0, 0));

    // A name that has got old is shown, and not asked for again.
    hands::pass(Duration::from_hours(2));
    locator.set_databases(vec![at("NL", "Amsterdam", 52.37, 4.9)]);
    let later = watched.wait_for_city("Amsterdam");
    assert_eq!(host(&later, WEB).names, ["web.example"]);
    let now = locator.lookups().reverse_dns;
    assert_eq!((now.asked, now.waiting), (2, 0));
}

#[test]
fn who_has_answered_is_not_asked_again_after_the_end_whatever_the_other_knows() {
    let locator = Arc::<Locator>::default();
    // One has a name, the other is said to have none (NXDOMAIN, RCODE 3); ip-api.com knows neither.
    let is_web = |address| address == IpAddr::from(WEB);
    let names =
        NameServer::play(
            move |address| {
                if is_web(address) { Act::Names(60, &["web.example"]) } else { Act::Code(3) }
            },
        );
    let places = WebServer::play(|_, address| {
        Reply::Answer(
            200,
            "",
            format!(r#"{{"status":"fail","message":"reserved range","query":"{address}"}}"#),
        )
    });
    let (reverse_dns, ip_api) = locator.callers(settings(&names, places.base()));
    thread::spawn(|| reverse_dns.run());
    thread::spawn(|| ip_api.run());
    let watched = Watched::by(&locator);
    watched.measure(&capture());
    watched.monitor.set_lookups(Some(true), Some(true));
    let asked = || {
        let Lookups { reverse_dns, ip_api } = locator.lookups();
        [reverse_dns, ip_api].map(|of| (of.asked, of.answered, of.failed, of.waiting))
    };
    // Two addresses, each asked for once.
    let told = watched.wait(|monitor| {
        let Lookups { reverse_dns, ip_api } = monitor.publication().places.lookups.clone();
        (reverse_dns.answered == 2 && ip_api.answered == 2).then(asked)
    });
    assert_eq!(told, [(2, 2, 0, 0); 2]);

    // All answers have got old: the name after a minute, that there is none after an hour, that it is not known after a day.
    hands::pass(Duration::from_hours(48));
    locator.set_databases(vec![in_countries("IS", "JP")]);
    let later = watched.wait(|monitor| {
        let publication = monitor.publication();
        let is_new = publication.places.places.countries.iter().any(|sums| sums.country == "IS");
        is_new.then_some(publication)
    });
    assert_eq!(host(&later, WEB).names, ["web.example"]);
    assert_eq!(asked(), [(2, 2, 0, 0); 2]);
}

#[test]
fn a_name_that_is_answered_after_the_end_is_seen() {
    let locator = Arc::<Locator>::default();
    let (answers, answered) = std::sync::mpsc::channel::<()>();
    let answered = std::sync::Mutex::new(answered);
    let server = NameServer::play(move |_| {
        // Asked while the session runs, it answers when that has ended.
        answered.lock().unwrap().recv_timeout(PATIENCE).unwrap();
        Act::Names(3_600, &["late.example"])
    });
    asking(&locator, &server);
    locator.set_lookups(Some(true), None);
    let watched = Watched::by(&locator);
    watched.measure(&capture());
    server.questions.recv_timeout(PATIENCE).unwrap();
    assert_eq!(host(&watched.monitor.publication(), WEB).names, [""; 0]);
    answers.send(()).unwrap();
    answers.send(()).unwrap();
    watched.wait(|monitor| {
        let publication = monitor.publication();
        (host(&publication, WEB).names == ["late.example"]).then_some(())
    });
}

#[test]
fn without_a_session_it_is_told_who_would_be_asked_and_what_is_known_by() {
    let locator = Arc::<Locator>::default();
    let watched = Watched::by(&locator);
    assert_eq!(watched.monitor.publication().places.places.databases, []);
    // As when the program starts: the monitor is there before the databases.
    locator.set_databases(vec![at("NL", "Amsterdam", 52.37, 4.9)]);
    locator.set_lookups(Some(true), None);
    let places = watched.monitor.moment().publication.places.clone();
    assert_eq!(places.places.databases, locator.databases());
    assert!(places.lookups.reverse_dns.on);
    watched.measure(&capture());
    watched.monitor.reset().unwrap();
    let places = watched.monitor.moment().publication.places.clone();
    assert_eq!(
        (places.places.databases.clone(), places.lookups.clone()),
        (locator.databases(), locator.lookups())
    );
}
