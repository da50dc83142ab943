//! The pins of the map: each address once a viewer.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::Arc;

use netsonde_geolocation::Locator;
use serde_json::Value;

use super::client::Client;
use super::{fields, traffic};
use crate::hosts::{amsterdam, ended};
use crate::support::{PATIENCE, Running};

/// The fields of a pin, as the contract has them; `dns_name` is left out where DNS was not asked.
const FIELDS: [&str; 8] = [
    "ip string",
    "latitude number",
    "longitude number",
    "city string",
    "country string",
    "hostname string",
    "app_info.app string",
    "app_info.category string",
];

/// Hears updates until there are 450 pins, no address twice and at most 200 in one; returns them in their order.
async fn pins(client: &mut Client) -> Vec<Value> {
    let mut pins = Vec::new();
    while pins.len() < 450 {
        let update = client.of_type("update").await;
        let new = update["new_geolocations"].as_array().unwrap();
        assert!(new.len() <= 200, "{}", new.len());
        pins.extend(new.clone());
    }
    let addresses: BTreeSet<Ipv4Addr> =
        pins.iter().map(|pin| pin["ip"].as_str().unwrap().parse().unwrap()).collect();
    // `traffic::abroad`: 193.0.0.1 to 193.0.1.194.
    let first = u32::from(Ipv4Addr::new(193, 0, 0, 1));
    assert_eq!(pins.len(), 450);
    assert!(addresses.into_iter().eq((first..first + 450).map(Ipv4Addr::from)));
    pins
}

/// Fault 35 of the design's public implementation: what was located while an update was being sent was lost, and a page
/// that came later never heard of what was before.
#[tokio::test]
async fn each_page_is_told_once_where_each_address_is_and_anew_in_another_session() {
    let places = Arc::new(Locator::built_in());
    if places.locate([193, 0, 0, 1].into()).is_none() {
        eprintln!("NOT TESTED: the embedded database of countries is absent (make build brings it)");
        return;
    }
    let change = |monitor: &mut netsonde_session::MonitorSettings| {
        monitor.demo = Some(traffic::abroad);
        monitor.places = places;
    };
    let server = Running::with_both(|_| {}, change).unwrap();
    let (mut early, _) = Client::begin(&server).await;
    assert_eq!(early.start("demo").await["success"], true);
    let told = pins(&mut early).await;
    let mut found = BTreeSet::new();
    for pin in &told {
        fields::fields("", pin, &mut found);
    }
    assert_eq!(found, FIELDS.map(str::to_owned).into());
    // The network is RIPE NCC's, of Amsterdam; no more than the country is known.
    assert!(told.iter().all(|pin| pin["country"] != "Unknown" && pin["city"] == "Unknown"), "{:?}", told[0]);

    let (mut late, _) = Client::begin(&server).await;
    assert_eq!(pins(&mut late).await, told);
    // Whoever has them is told nothing more.
    for _ in 0..2 {
        assert_eq!(early.of_type("update").await["new_geolocations"], Value::Array(Vec::new()));
    }

    let monitor = server.monitor.clone();
    let reset = move || monitor.stop(PATIENCE).and_then(|()| monitor.reset());
    tokio::task::spawn_blocking(reset).await.unwrap().unwrap();
    assert_eq!(late.start("demo").await["success"], true);
    assert_eq!(pins(&mut late).await.len(), 450);
}

#[tokio::test]
async fn a_page_is_told_what_becomes_known_after_the_session_has_ended() {
    let (server, locator) = ended().await;
    let (mut early, _) = Client::begin(&server).await;
    locator.set_databases(amsterdam());
    let told = pins(&mut early).await;
    assert!(told.iter().all(|pin| pin["city"] == "Amsterdam"), "{:?}", told[0]);
    let (mut late, _) = Client::begin(&server).await;
    assert_eq!(pins(&mut late).await, told);
}
