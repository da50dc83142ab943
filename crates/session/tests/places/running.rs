//! Pages of hosts, one host, and the topic of places.

use netsonde_geolocation::{Extent, Standpoint};
use netsonde_messages::stream::{HostColumn, HostQuery, State};
use netsonde_messages::{DoubtReason, HereSource, PlaceSource};
use netsonde_session::MonitorSettings;

use crate::{
    TIME, WEB, Watched, addresses, all, at, capture, cities, clock, endless, host, in_countries, knowing,
    start,
};

#[test]
fn a_page_of_hosts_goes_by_where_they_are() {
    let watched = Watched::by(&knowing(in_countries("NL", "DE")));
    watched.measure(&capture());
    let page = watched.find(&HostQuery { sort: HostColumn::Country, ..all() });
    // The local host is nowhere, and comes last.
    assert_eq!(addresses(&page), [TIME, WEB, [10, 0, 0, 1]]);
    assert_eq!((page.total, page.matched), (3, 3));
    let dutch = watched.find(&HostQuery { country: Some("NL".into()), ..all() });
    assert_eq!((dutch.total, addresses(&dutch)), (3, vec![WEB]));
    let row = &dutch.rows[0].host;
    assert_eq!(row.place.place_source, Some(PlaceSource::Database));
    // Ethernet 14, IPv4 20, TCP 20: two segments of 54 bytes to it, one from it.
    assert_eq!((row.bytes_in, row.bytes_out, row.flows, row.rtt_ms), (108, 54, 1, Some(2.0)));
    let remote = watched.find(&HostQuery { local: Some(false), ..all() });
    assert_eq!(remote.matched, 2);
    let nowhere = watched.find(&HostQuery { country: Some("".into()), local: Some(false), ..all() });
    assert_eq!(nowhere.matched, 0);
    assert!(watched.monitor.find_hosts(&HostQuery { text: Some("!".into()), ..all() }).is_err());
}

#[test]
fn one_host_in_full_has_what_each_says_of_where_it_is() {
    let locator = knowing(at("NL", "Amsterdam", 52.37, 4.9));
    let watched = Watched::by(&locator);
    assert!(watched.monitor.host(WEB.into()).is_none());
    watched.measure(&capture());
    let detail = watched.monitor.host(WEB.into()).unwrap();
    let said: Vec<_> = detail.said.iter().filter(|said| said.source == PlaceSource::Database).collect();
    assert_eq!((said.len(), said[0].file.as_deref()), (1, Some("city.mmdb")));
    assert_eq!(said[0].place.city.as_deref(), Some("Amsterdam"));
    assert_eq!((detail.flows.len(), detail.flows_listed), (1, 1));
    let peers: Vec<_> =
        detail.peers.iter().map(|peer| (peer.address, peer.sent.bytes, peer.received.bytes)).collect();
    assert_eq!(peers, [([10, 0, 0, 1].into(), 54, 108)]);
    // Of the local host nobody says anything, and its peers are where they are.
    let local = watched.monitor.host([10, 0, 0, 1].into()).unwrap();
    assert_eq!((local.said.len(), local.listed.host.place.country.clone()), (0, None));
    assert!(local.peers.iter().all(|peer| peer.country.as_deref() == Some("NL")));
    assert!(watched.monitor.host([192, 0, 2, 1].into()).is_none());
}

#[test]
fn a_host_that_answers_sooner_than_light_comes_back_is_doubted_and_one_without_a_round_trip_is_not() {
    let here = Standpoint { extent: Extent::Point(52.52, 13.4), source: HereSource::Configured };
    let locator = knowing(at("AU", "Sydney", -33.87, 151.21));
    let settings = MonitorSettings { places: locator, here: Some(here), ..MonitorSettings::new(clock) };
    let watched = Watched::of(settings);
    watched.measure(&capture());
    let publication = watched.wait_for_city("Sydney");
    let doubt = host(&publication, WEB).doubt.unwrap();
    // Within the 2 ms of its handshake light comes 200 km far, there and back.
    assert_eq!((doubt.reason, doubt.rtt_ms, doubt.reach_km), (DoubtReason::TooFar, Some(2.0), Some(200.0)));
    // Haversine from 52.52 N 13.40 E to 33.87 S 151.21 E: sin^2(43.195) = 0.46853, cos 52.52 cos 33.87 sin^2(68.905) =
    // 0.60848 x 0.83031 x 0.87045 = 0.43978; their sum is 0.90831, its root 0.95305; 12742 x asin(0.95305) = 12742 x
    // 1.26316 = 16,095 km. Less the 50 km that hosts of a city may be from its middle.
    let distance = doubt.distance_km.unwrap();
    assert!((distance - 16_045.0).abs() < 5.0, "{distance}");
    assert_eq!(host(&publication, TIME).doubt, None);

    // One place of two: what is there, and what is not.
    let told: Vec<_> = cities(&publication).iter().map(|place| (place.doubt, place.sums.hosts)).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.contains(&(None, 1)) && told.contains(&(Some(DoubtReason::TooFar), 1)), "{told:?}");
    let country = &publication.places.places.countries[0];
    assert_eq!((country.sums.hosts, country.doubtful.hosts), (2, 1));
    assert_eq!(publication.places.places.here.as_ref().unwrap().source, HereSource::Configured);
    let page = watched.find(&all());
    let doubted: Vec<_> = page.rows.iter().filter(|row| row.host.doubt.is_some()).collect();
    assert_eq!((doubted.len(), doubted[0].host.address), (1, WEB.into()));
    let local = watched.monitor.host([10, 0, 0, 1].into()).unwrap();
    let of_peers: Vec<_> = local.peers.iter().map(|peer| (peer.address, peer.doubt.is_some())).collect();
    assert!(
        of_peers.contains(&(WEB.into(), true)) && of_peers.contains(&(TIME.into(), false)),
        "{of_peers:?}"
    );
}

#[test]
fn nothing_is_doubted_where_it_is_not_known_where_the_capture_was_taken() {
    let watched = Watched::by(&knowing(at("AU", "Sydney", -33.87, 151.21)));
    watched.measure(&capture());
    let publication = watched.wait_for_city("Sydney");
    assert_eq!(publication.places.places.here, None);
    assert_eq!((host(&publication, WEB).rtt_ms, host(&publication, WEB).doubt), (Some(2.0), None));
}

#[test]
fn a_database_that_is_replaced_while_a_session_runs_is_used_at_once() {
    let (_writer, path, _reader) = endless();
    let locator = knowing(at("NL", "Amsterdam", 52.37, 4.9));
    let watched = Watched::by(&locator);
    watched.monitor.start(&start(&path)).unwrap();
    let before = watched.wait_for_city("Amsterdam");
    locator.set_databases(vec![in_countries("DE", "FR")]);
    // A page does not wait for the next publication.
    let page = watched.find(&HostQuery { country: Some("DE".into()), ..all() });
    assert_eq!(addresses(&page), [WEB]);
    let countries = watched.wait(|monitor| {
        let places = monitor.publication().places.clone();
        let countries: Vec<_> = places.places.countries.iter().map(|of| of.country.to_string()).collect();
        (countries.len() == 2).then_some(countries)
    });
    // 162 bytes with the first, 104 with the second.
    assert_eq!(countries, ["DE", "FR"]);
    assert_eq!(watched.monitor.status().state, State::Running);
    assert_eq!(watched.monitor.publication().session, before.session);
    // One that cannot be read leaves the one before in use.
    let damaged = netsonde_geolocation::DatabaseFile { name: "city.mmdb".into(), content: Ok(vec![0; 100]) };
    locator.set_databases(vec![damaged]);
    let databases = watched.wait(|monitor| {
        let databases = monitor.publication().places.places.databases.clone();
        databases[0].problem.is_some().then_some(databases)
    });
    assert_eq!(databases[0].kind, "Country");
    assert_eq!(host(&watched.monitor.publication(), WEB).place.country.as_deref(), Some("DE"));
}
