//! Public addresses in real captures against the countries that the program brings.
//!
//! The captures and the database live outside the project; without one of them the test says so and passes.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test stops, and says why")]

#[path = "support/corpus.rs"]
#[expect(dead_code, reason = "other tests read the truth with it")]
mod support;

use std::collections::BTreeSet;
use std::net::IpAddr;

use netsonde_geolocation::{Locator, scope};
use netsonde_messages::Scope;

use support::{captures, corpus, measured};

/// The share of public addresses that have to have a country.
const MIN_SHARE: f64 = 0.99;
/// Those that may be without one, and what the registries say of them. All are noise: of a fuzzed capture, of an anonymised one,
/// of one with garbage behind its labels.
const NOWHERE: [(&str, &str); 3] = [
    (
        "102.194.207.179",
        "of AFRINIC's 102.0.0.0/8, in no list of what was given out that the database is made of",
    ),
    ("107.168.1.255", "of ARIN's 107.0.0.0/8, in no such list either"),
    ("2a72:6300:b165:7429:ffff:ffff:ffff:ffff", "in 2a00::/8, and not of what RIPE NCC has: 2a00::/11"),
];

#[test]
fn public_addresses_of_real_captures_have_a_country() {
    let Some(corpus) = corpus() else { return };
    let locator = Locator::built_in();
    if let Some(problem) = locator.databases().into_iter().find_map(|database| database.problem) {
        eprintln!("COUNTRIES NOT TRIED ON REAL CAPTURES: {problem}");
        return;
    }
    let mut public: BTreeSet<IpAddr> = BTreeSet::new();
    for path in captures(&corpus) {
        let Ok(report) = measured(&path) else { continue };
        let hosts = report["hosts"].as_array().unwrap().iter();
        let addresses = hosts.map(|host| host["address"].as_str().unwrap().parse().unwrap());
        public.extend(addresses.filter(|&address| scope(address) == Scope::Global));
    }
    let nowhere: Vec<_> = public
        .iter()
        .filter(|&&address| locator.locate(address).is_none_or(|place| place.country.is_none()))
        .map(IpAddr::to_string)
        .collect();
    let share = 1.0 - nowhere.len() as f64 / public.len() as f64;
    eprintln!("{} public addresses, {:.2} % with a country", public.len(), share * 100.0);
    assert!(public.len() >= 600, "{} addresses are too few to say", public.len());
    assert!(share >= MIN_SHARE, "{nowhere:?}");
    let unexpected: Vec<_> =
        nowhere.iter().filter(|address| NOWHERE.iter().all(|(known, _)| address != known)).collect();
    assert!(unexpected.is_empty(), "say what the registries have of {unexpected:?}");
}
