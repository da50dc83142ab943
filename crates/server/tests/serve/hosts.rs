//! Hosts and places over HTTP.

use std::net::IpAddr;
use std::sync::Arc;

use netsonde_geolocation::{DatabaseFile, Locator};
use netsonde_messages::stream::{HostDetail, HostQuery, HostWindow, Message, PlacesTopic, TopicState};
use netsonde_session::{MonitorSettings, Origin, Start};

use crate::mmdb::{Writer, flat_city};
use crate::netpulse::traffic;
use crate::support::{PATIENCE, Running, until};

async fn get(server: &Running, path: &str) -> String {
    server.http(&format!("GET /api/v1/{path} HTTP/1.1\r\nHost: HOST"), b"").await
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

/// The packets are those of `traffic::abroad`: one of 52 bytes from 192.168.0.2 to each of 450 addresses.
#[tokio::test]
async fn hosts_are_pages_a_table_and_one_in_full() {
    let server = Running::with_both(|_| {}, |monitor| monitor.demo = Some(traffic::abroad)).unwrap();
    let none = get(&server, "hosts.csv").await;
    assert!(none.starts_with("HTTP/1.1 404 ") && none.contains("there is no session"), "{none}");
    let nothing: HostWindow = serde_json::from_str(body(&get(&server, "hosts").await)).unwrap();
    assert_eq!(nothing, HostWindow::default());
    let demo = Start { origin: Origin::Demo, filter: None, duration: None, needs_viewers: false };
    server.monitor.start(&demo).unwrap();
    let query = HostQuery { limit: 1, ..Default::default() };
    // Those that it sent to, and itself.
    until(|| server.monitor.find_hosts(&query).is_ok_and(|window| window.total == 451)).await;

    let window: HostWindow =
        serde_json::from_str(body(&get(&server, "hosts?descending=true").await)).unwrap();
    assert_eq!((window.total, window.matched, window.rows.len()), (451, 451, 100));
    let first = &window.rows[0].host;
    assert_eq!((first.address, first.bytes_out), ([192, 168, 0, 2].into(), 450 * 52));
    let path = "hosts?local=false&sort=address&text=193.0.1.0%2F24&offset=1&limit=2";
    let window: HostWindow = serde_json::from_str(body(&get(&server, path).await)).unwrap();
    // 193.0.1.0 to 193.0.1.194.
    assert_eq!((window.total, window.matched), (451, 195));
    let rows = window.rows.iter().map(|row| row.host.address);
    assert!(rows.eq([[193, 0, 1, 1], [193, 0, 1, 2]].map(IpAddr::from)));

    let detail: HostDetail = serde_json::from_str(body(&get(&server, "hosts/193.0.0.1").await)).unwrap();
    assert_eq!((detail.listed.host.bytes_in, detail.flows_listed), (52, 1));
    let refused = get(&server, "hosts/193.0.0.0").await;
    assert!(refused.starts_with("HTTP/1.1 404 ") && refused.contains("no host 193.0.0.0"), "{refused}");
    let refused = get(&server, "hosts/first").await;
    assert!(refused.starts_with("HTTP/1.1 400 ") && refused.contains("is no address"), "{refused}");
    let refused = get(&server, "hosts?page=2").await;
    assert!(refused.starts_with("HTTP/1.1 400 ") && refused.contains("is not asked here"), "{refused}");

    // More than one page, each once.
    let table = get(&server, "hosts.csv?local=false&sort=address&download").await;
    assert!(
        table.contains("content-disposition: attachment; filename=\"netsonde-hosts.csv\"\r\n"),
        "{table}"
    );
    let addresses: Vec<_> =
        body(&table).lines().skip(1).map(|line| line.split_once(',').unwrap().0).collect();
    assert_eq!((addresses.len(), addresses[0], addresses[449]), (450, "193.0.0.1", "193.0.1.194"));
    let three = get(&server, "hosts.csv?limit=3").await;
    assert_eq!(body(&three).lines().count(), 4);
}

/// The monitor of this test has no database: all 450 are nowhere that is known. Who sent to
/// them is local, and counted nowhere.
#[tokio::test]
async fn places_are_told_as_in_the_stream() {
    let server = Running::with_both(|_| {}, |monitor| monitor.demo = Some(traffic::abroad)).unwrap();
    let nothing: PlacesTopic = serde_json::from_str(body(&get(&server, "places").await)).unwrap();
    assert_eq!(nothing.places.unknown.hosts, 0);
    let demo = Start { origin: Origin::Demo, filter: None, duration: None, needs_viewers: false };
    server.monitor.start(&demo).unwrap();
    until(|| server.monitor.publication().places.places.unknown.hosts == 450).await;
    let told: PlacesTopic = serde_json::from_str(body(&get(&server, "places").await)).unwrap();
    assert_eq!((told.places.unknown.bytes_to, told.places.not_global.hosts), (450 * 52, 0));
}

/// A database that has the addresses of `traffic::abroad` in Amsterdam.
pub(crate) fn amsterdam() -> Vec<DatabaseFile> {
    let city = Writer::new("City").with("193.0.0.0/16", flat_city("NL", "", "Amsterdam", 52.37, 4.9));
    vec![DatabaseFile { name: "city.mmdb".into(), content: Ok(city.bytes()) }]
}

/// A server whose session, of `traffic::abroad`, has ended, and what will say where its hosts are.
pub(crate) async fn ended() -> (Running, Arc<Locator>) {
    let locator = Arc::<Locator>::default();
    let change = |monitor: &mut MonitorSettings| {
        monitor.demo = Some(traffic::abroad);
        monitor.places = Arc::clone(&locator);
    };
    let server = Running::with_both(|_| {}, change).unwrap();
    let demo = Start { origin: Origin::Demo, filter: None, duration: None, needs_viewers: false };
    server.monitor.start(&demo).unwrap();
    until(|| server.monitor.publication().places.places.unknown.hosts == 450).await;
    let monitor = server.monitor.clone();
    tokio::task::spawn_blocking(move || monitor.stop(PATIENCE)).await.unwrap().unwrap();
    (server, locator)
}

#[tokio::test]
async fn what_becomes_known_after_the_end_is_told_to_who_watches_and_to_who_comes_later() {
    let (server, locator) = ended().await;
    let mut early = server.viewer().await;
    early.ask(r#""command":"subscribe","topics":["places","hosts"]"#).await.unwrap();
    let before = early.until(|message| match message {
        Message::InitialState(state) => Some(state.places.clone().unwrap()),
        _ => None,
    });
    assert_eq!(before.await.places.unknown.hosts, 450);

    locator.set_databases(amsterdam());
    // An update of the end itself may come before.
    let places = early.until(|message| match message {
        Message::Update { topic: TopicState::Places(told), .. } => {
            (!told.places.places.is_empty()).then(|| PlacesTopic::clone(told))
        }
        _ => None,
    });
    let places = places.await;
    let place = &places.places.places[0];
    assert_eq!((place.city.as_deref(), place.sums.hosts), (Some("Amsterdam"), 450));

    let mut late = server.viewer().await;
    late.ask(r#""command":"subscribe","topics":["places","hosts"]"#).await.unwrap();
    let state = late.until(|message| match message {
        Message::InitialState(state) => Some(state.clone()),
        _ => None,
    });
    let state = state.await;
    assert_eq!(state.places.as_ref(), Some(&places));
    let hosts = state.hosts.unwrap().hosts;
    assert!(hosts.iter().filter(|host| !host.local).all(|host| host.place.city.is_some()), "{hosts:?}");
    let told: PlacesTopic = serde_json::from_str(body(&get(&server, "places").await)).unwrap();
    assert_eq!(told, places);
}
