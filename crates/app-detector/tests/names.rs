//! Real host names, and names made to mislead, each with the application that it is; addresses likewise.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use netsonde_app_detector::Catalogue;

const NAMES: &str = include_str!("../fixtures/names.tsv");

/// The table: a host name and its application, nothing where it belongs to none.
fn table() -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    NAMES.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (host, app) = line.split_once('\t').expect(line);
        (host, Some(app).filter(|app| *app != "-"))
    })
}

fn app_of(host: &str) -> Option<&'static str> {
    let catalogue = Catalogue::built_in();
    catalogue.by_name(host).map(|found| &*catalogue.app(found.app).name)
}

#[test]
fn every_name_of_the_table_is_its_application_or_none() {
    assert!(table().count() >= 500, "{}", table().count());
    let wrong: Vec<_> = table().filter(|&(host, app)| app_of(host) != app).collect();
    let told = wrong.iter().map(|(host, app)| format!("{host}: {:?}, not {app:?}", app_of(host)));
    assert!(wrong.is_empty(), "\n  {}\n", told.collect::<Vec<_>>().join("\n  "));
}

#[test]
fn every_application_of_the_table_is_in_the_catalogue() {
    for (host, app) in table() {
        assert!(app.is_none_or(|app| Catalogue::built_in().find(app).is_some()), "{host}: {app:?}");
    }
}

/// Fault 26 of the design's public implementation: rules were letters anywhere in a name, the first one won.
#[test]
fn letters_of_a_rule_inside_a_label_are_no_match() {
    for (host, app) in [
        // `x.com` as letters.
        ("netflix.com", Some("Netflix")),
        ("dropbox.com", Some("Dropbox")),
        ("xbox.com", Some("Xbox")),
        ("webex.com", Some("Webex")),
        ("box.com", Some("Box")),
        ("nginx.com", None),
        // `le.com` as letters.
        ("oracle.com", Some("Oracle")),
        ("support.apple.com", Some("Apple")),
        ("www.google.com", Some("Google Search")),
        // `hbo` in `dashboard`, `wire` in `wireshark`, `gap` in `singapore`, `tails` in `details`.
        ("dashboard.example.com", None),
        ("www.wireshark.org", Some("Wireshark")),
        ("singapore.gov.sg", None),
        ("details.example.com", None),
    ] {
        assert_eq!(app_of(host), app, "{host}");
    }
}

#[test]
fn addresses_are_those_who_published_them_or_nobody() {
    let catalogue = Catalogue::built_in();
    for (address, app) in [
        ("1.1.1.1", Some("Cloudflare DNS")),
        ("104.16.132.229", Some("Cloudflare")),
        ("2606:4700::6810:84e5", Some("Cloudflare")),
        ("8.8.8.8", Some("Google DNS")),
        ("2001:4860:4860::8844", Some("Google DNS")),
        ("142.250.185.78", Some("Google")),
        ("9.9.9.9", Some("Quad9")),
        ("17.253.144.10", Some("Apple")),
        ("151.101.1.69", Some("Fastly")),
        ("140.82.121.3", Some("GitHub")),
        // Amazon's, and within that CloudFront's.
        ("18.196.0.1", Some("Amazon Web Services")),
        ("18.165.0.1", Some("Amazon CloudFront")),
        ("185.15.59.224", Some("Wikipedia")),
        ("10.0.0.1", None),
        ("192.168.1.1", None),
        ("172.16.0.1", None),
        ("100.64.0.1", None),
        ("127.0.0.1", None),
        ("224.0.0.251", None),
        ("255.255.255.255", None),
        ("192.0.2.1", None),
        ("fe80::1", None),
        ("ff02::fb", None),
        ("::1", None),
    ] {
        let found = catalogue.by_address(address.parse().expect(address));
        assert_eq!(found.map(|(id, _)| &*catalogue.app(id).name), app, "{address}");
    }
}
