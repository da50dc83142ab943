//! The rules that the catalogue's files keep, so that a stranger can read and extend them.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use ipnet::IpNet;
use netsonde_app_detector::{Catalogue, Category, FILES};
use netsonde_dissect::Protocol;
use serde::Deserialize;

/// The keys of an application, in the order in which they stand.
const KEYS: [&str; 8] = ["name", "test", "domains", "except", "carrier", "ranges", "ports", "protocols"];

/// How many applications the catalogue has at least: what most people's traffic consists of.
const FEWEST_APPS: usize = 400;

/// Addresses that are used by everybody (IANA's special-purpose registries, RFC 6890), and those of multicast.
const RESERVED: [&str; 12] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/3",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
];

/// A file, read by a reader of its own: the catalogue forgets what it does not need.
#[derive(Deserialize)]
struct File {
    category: String,
    app: Vec<App>,
}

#[derive(Deserialize)]
struct App {
    name: String,
    test: Option<String>,
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    #[serde(default)]
    ranges: Vec<String>,
    #[serde(default)]
    ports: Vec<String>,
    #[serde(default)]
    protocols: Vec<String>,
}

fn files() -> impl Iterator<Item = (&'static str, &'static str, File)> {
    FILES.iter().map(|&(name, text)| (name, text, toml::from_str(text).expect(name)))
}

fn apps() -> Vec<App> {
    files().flat_map(|(_, _, file)| file.app).collect()
}

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n  {}\n", complaints.join("\n  "));
}

/// Complains of a list that is not in alphabetical order.
fn disorder<T: Ord + std::fmt::Debug>(of: &str, list: &[T]) -> Option<String> {
    let (first, second) = list.iter().zip(list.iter().skip(1)).find(|(first, second)| first >= second)?;
    Some(format!("{of}: {first:?} stands before {second:?}"))
}

#[test]
fn every_file_of_the_folder_is_compiled_in_and_named_after_its_category() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue");
    let entries = fs::read_dir(folder).expect("the folder of the catalogue");
    let mut found: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    found.sort();
    let compiled: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
    assert_eq!(found, compiled);
    for (name, text, file) in files() {
        assert_eq!(name, format!("{}.toml", file.category.to_lowercase().replace([' ', '/'], "-")));
        let (first, rest) = text.split_once('\n').expect(name);
        assert!(first.starts_with("# ") && first.ends_with('.'), "{name} begins with a sentence");
        assert!(rest.starts_with(&format!("category = \"{}\"\n\n[[app]]\n", file.category)), "{name}");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n") && !text.contains('\r'), "{name}");
    }
}

#[test]
fn there_are_many_applications_and_every_category_has_some() {
    let catalogue = Catalogue::built_in();
    assert!(catalogue.len() >= FEWEST_APPS, "{}", catalogue.len());
    for category in Category::ALL {
        assert!(catalogue.apps().any(|(_, app)| app.category == category), "{category}");
    }
}

#[test]
fn applications_and_what_leads_to_them_are_in_alphabetical_order() {
    let mut complaints = Vec::new();
    for (name, _, file) in files() {
        let names: Vec<String> = file.app.iter().map(|app| app.name.to_lowercase()).collect();
        complaints.extend(disorder(name, &names));
        for app in &file.app {
            for list in [&app.domains, &app.except, &app.protocols] {
                complaints.extend(disorder(&app.name, list));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn keys_stand_in_their_order() {
    let mut complaints = Vec::new();
    for (name, text, _) in files() {
        for app in text.split("[[app]]\n").skip(1) {
            let keys: Vec<_> = app
                .lines()
                .filter_map(|line| line.split_once(" = "))
                .map(|(key, _)| KEYS.iter().position(|known| *known == key))
                .collect();
            if keys.iter().any(Option::is_none) || !keys.is_sorted() {
                complaints.push(format!("{name}: {}", app.lines().next().unwrap_or_default()));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn no_rule_is_a_public_suffix() {
    let mut complaints = Vec::new();
    for app in apps() {
        for domain in app.domains.iter().chain(&app.except) {
            // What a registry of a country or a topic hands out below belongs to whoever asked. Suffixes that
            // companies have listed for their own customers (`cloudfront.net`) are names of that company.
            let suffix = psl::suffix(domain.as_bytes()).expect("a domain has a suffix");
            if suffix == domain.as_bytes() && suffix.typ() != Some(psl::Type::Private) {
                complaints.push(format!("{:?}: {domain:?} is a public suffix", app.name));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn no_rule_says_what_a_shorter_one_of_the_same_application_says() {
    let catalogue = Catalogue::built_in();
    let mut complaints = Vec::new();
    for app in apps() {
        let id = catalogue.find(&app.name);
        for domain in &app.domains {
            let above = domain.split_once('.').and_then(|(_, above)| catalogue.by_name(above));
            if let Some(above) = above.filter(|above| Some(above.app) == id) {
                complaints.push(format!("{:?}: {domain:?} is below {:?}", app.name, above.rule));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_test_name_has_the_label_of_its_application() {
    let catalogue = Catalogue::built_in();
    let mut complaints = Vec::new();
    for app in apps() {
        match app.test {
            Some(test) => {
                let found = catalogue.by_name(&test).map(|found| &*catalogue.app(found.app).name);
                if found != Some(app.name.as_str()) {
                    complaints.push(format!("{:?}: its test name {test:?} is {found:?}", app.name));
                }
            }
            None if app.domains.is_empty() => {}
            None => complaints.push(format!("{:?} has domains and no test name", app.name)),
        }
    }
    assert_none(&complaints);
}

#[test]
fn protocols_are_those_that_are_recognised() {
    let mut complaints = Vec::new();
    for app in apps() {
        for name in &app.protocols {
            if Protocol::ALL.into_iter().all(|protocol| protocol.name() != name) {
                complaints.push(format!("{:?}: no protocol is called {name:?}", app.name));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn ranges_are_public_and_no_wider_than_one_owner() {
    let mut complaints = Vec::new();
    for app in apps() {
        for range in &app.ranges {
            let net: IpNet = range.parse().expect("the catalogue reads it");
            // The widest blocks that one company has are Apple's 17.0.0.0/8 and a /24 of IPv6.
            if net.prefix_len() < if net.addr().is_ipv4() { 8 } else { 24 } {
                complaints.push(format!("{:?}: {range:?} is too wide to be one owner's", app.name));
            }
            let overlaps = |reserved: &&IpNet| reserved.contains(&net) || net.contains(*reserved);
            if let Some(reserved) = RESERVED.map(|net| net.parse().expect(net)).iter().find(overlaps) {
                complaints.push(format!("{:?}: {range:?} overlaps {reserved}, which is nobody's", app.name));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn names_of_applications_are_short_plain_text() {
    let mut complaints = Vec::new();
    for app in apps() {
        let plain = !app.name.is_empty() && app.name.trim() == app.name && app.name.chars().count() <= 32;
        if !plain || app.name.chars().any(char::is_control) {
            complaints.push(format!("{:?} is no name to show", app.name));
        }
        // A port is a last resort: who needs many of them has none of its own.
        if app.ports.len() > 8 {
            complaints.push(format!("{:?} claims {} ports", app.name, app.ports.len()));
        }
    }
    assert_none(&complaints);
}
