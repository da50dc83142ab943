use std::collections::BTreeMap;
use std::net::IpAddr;

use proptest::prelude::*;

use super::*;

const VIDEO: &str = r#"
category = "Video"

[[app]]
name = "Films"
domains = ["films.example", "films.net"]
except = ["shop.films.example"]

[[app]]
name = "Live"
domains = ["live.films.example", "xn--bcher-kva.example"]
ports = ["tcp/1935", "udp/1935"]
"#;

const CLOUD: &str = r#"
category = "Cloud"

[[app]]
name = "Rented"
domains = ["rented.example"]
carrier = true
ranges = ["192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32"]

[[app]]
name = "Rented Storage"
ranges = ["192.0.2.64/26", "192.0.2.72/29", "2001:db8:1::/48"]
protocols = ["Blocks"]
"#;

fn catalogue() -> Catalogue {
    Catalogue::read(&[("video.toml", VIDEO), ("cloud.toml", CLOUD)]).unwrap()
}

/// The name of the application that `host` belongs to.
fn of_name(host: &str) -> Option<String> {
    let catalogue = catalogue();
    catalogue.by_name(host).map(|found| catalogue.app(found.app).name.to_string())
}

fn of_address(address: &str) -> Option<(String, String)> {
    let catalogue = catalogue();
    let (app, net) = catalogue.by_address(address.parse().unwrap())?;
    Some((catalogue.app(app).name.to_string(), net.to_string()))
}

/// The complaint about a file of one application with these lines.
fn complaint(lines: &str) -> String {
    let text = format!("category = \"Other\"\n[[app]]\nname = \"A\"\n{lines}");
    Catalogue::read(&[("other.toml", &text)]).unwrap_err().to_string()
}

#[test]
fn the_longest_rule_of_whole_labels_wins() {
    assert_eq!(of_name("films.example").as_deref(), Some("Films"));
    assert_eq!(of_name("www.films.example").as_deref(), Some("Films"));
    assert_eq!(of_name("live.films.example").as_deref(), Some("Live"));
    assert_eq!(of_name("a.b.c.d.live.films.example").as_deref(), Some("Live"));
    // `notlive` is another label, `myfilms` and `films.example.org` other domains.
    assert_eq!(of_name("notlive.films.example").as_deref(), Some("Films"));
    assert_eq!(of_name("myfilms.example"), None);
    assert_eq!(of_name("films.example.org"), None);
    assert_eq!(of_name("example"), None);
}

#[test]
fn an_exception_belongs_to_nobody() {
    assert_eq!(of_name("shop.films.example"), None);
    assert_eq!(of_name("www.shop.films.example"), None);
    assert_eq!(of_name("workshop.films.example").as_deref(), Some("Films"));
}

#[test]
fn upper_case_and_the_roots_dot_change_nothing() {
    assert_eq!(of_name("WWW.Films.EXAMPLE.").as_deref(), Some("Films"));
    // Two dots are an empty label, which is no name.
    assert_eq!(of_name("films.example.."), None);
    assert_eq!(of_name("XN--BCHER-KVA.example").as_deref(), Some("Live"));
}

#[test]
fn a_match_names_its_rule() {
    let catalogue = catalogue();
    assert_eq!(catalogue.by_name("a.LIVE.films.example").map(|found| found.rule), Some("live.films.example"));
}

#[test]
fn names_that_are_none_belong_to_nobody() {
    for host in ["", ".", "..", "192.0.2.1", "[2001:db8::1]", "films", "films.example:443", "bücher.example"]
    {
        assert_eq!(of_name(host), None, "{host:?}");
    }
    // The longest name there is, and a longer text; labels of one letter; the cut falls into a label or on a dot.
    for len in 200..300 {
        let letters = format!("{}films.example", "a".repeat(len));
        assert_eq!(of_name(&letters), None);
        let labels = format!("{}.films.example", "a.".repeat(len) + "a");
        assert_eq!(of_name(&labels).as_deref(), Some("Films"));
    }
}

#[test]
fn the_narrowest_range_wins() {
    let rented = |net: &str| Some(("Rented".to_owned(), net.to_owned()));
    let storage = |net: &str| Some(("Rented Storage".to_owned(), net.to_owned()));
    // .72 to .79 lie in three ranges, .64 to .127 in two.
    for (address, expected) in [
        ("192.0.2.0", rented("192.0.2.0/24")),
        ("192.0.2.63", rented("192.0.2.0/24")),
        ("192.0.2.64", storage("192.0.2.64/26")),
        ("192.0.2.72", storage("192.0.2.72/29")),
        ("192.0.2.79", storage("192.0.2.72/29")),
        ("192.0.2.80", storage("192.0.2.64/26")),
        ("192.0.2.127", storage("192.0.2.64/26")),
        ("192.0.2.128", rented("192.0.2.0/24")),
        ("192.0.2.255", rented("192.0.2.0/24")),
        ("192.0.3.0", None),
        ("192.0.1.255", None),
        ("198.51.100.7", rented("198.51.100.0/24")),
        ("255.255.255.255", None),
        ("2001:db8:1::", storage("2001:db8:1::/48")),
        ("2001:db8:2::", rented("2001:db8::/32")),
        ("2001:db9::", None),
        ("::", None),
    ] {
        assert_eq!(of_address(address), expected, "{address}");
    }
}

#[test]
fn ports_protocols_and_names_lead_to_their_application() {
    let catalogue = catalogue();
    let live = catalogue.find("LIVE");
    assert!(live.is_some());
    assert_eq!(catalogue.by_port(Transport::Tcp, 1935), live);
    assert_eq!(catalogue.by_port(Transport::Udp, 1936), None);
    assert_eq!(catalogue.by_protocol("Blocks"), catalogue.find("rented storage"));
    assert_eq!(catalogue.by_protocol("blocks"), None);
    assert_eq!(catalogue.find("Rent"), None);
}

#[test]
fn applications_are_numbered_in_order_and_know_what_they_are() {
    let catalogue = catalogue();
    assert_eq!((catalogue.len(), catalogue.is_empty()), (4, false));
    let names: Vec<&str> = catalogue.apps().map(|(_, app)| &*app.name).collect();
    assert_eq!(names, ["Films", "Live", "Rented", "Rented Storage"]);
    assert!(catalogue.apps().enumerate().all(|(number, (id, _))| usize::from(id.number()) == number));
    let rented = catalogue.app(catalogue.find("Rented").unwrap());
    assert!(rented.is_carrier && rented.category == Category::Cloud);
    // An identifier of another catalogue is unknown, not a panic.
    assert_eq!(&*catalogue.app(AppId(4)).name, "unknown");
}

#[test]
fn what_a_file_must_not_have_is_refused_with_the_reason() {
    for (lines, expected) in [
        ("", r#"other.toml: "A": it has no domain, range, port or protocol"#),
        ("domains = [\"A.example\"]", r#"other.toml: "A": "A.example" is no domain in lower case"#),
        ("domains = [\"a..example\"]", r#"other.toml: "A": "a..example" is no domain in lower case"#),
        ("domains = [\"192.0.2.1\"]", r#"other.toml: "A": "192.0.2.1" is no domain in lower case"#),
        ("domains = [\"*.example\"]", r#"other.toml: "A": "*.example" is no domain in lower case"#),
        ("domains = [\"a.example\", \"a.example\"]", r#"other.toml: "A": "a.example" is listed twice"#),
        (
            "domains = [\"a.example\"]\nexcept = [\"ba.example\"]",
            r#"other.toml: "A": the exception "ba.example" is not below one of its domains"#,
        ),
        (
            "ranges = [\"192.0.2.1/24\"]",
            r#"other.toml: "A": "192.0.2.1/24" is no address range such as 192.0.2.0/24"#,
        ),
        (
            "ranges = [\"192.0.2.0/24\", \"192.0.2.0/24\"]",
            r#"other.toml: "A": "192.0.2.0/24" is listed twice"#,
        ),
        ("ports = [\"tcp/0\"]", r#"other.toml: "A": "tcp/0" is no port such as tcp/3306"#),
        ("ports = [\"sctp/80\"]", r#"other.toml: "A": "sctp/80" is no port such as tcp/3306"#),
        ("ports = [\"tcp/80\", \"tcp/80\"]", r#"other.toml: "A": "tcp/80" is listed twice"#),
        ("protocols = [\"X\", \"X\"]", r#"other.toml: "A": "X" is listed twice"#),
        (
            "protocols = [\"X\"]\n[[app]]\nname = \"a\"\nprotocols = [\"Y\"]",
            r#"other.toml: "a": another application has this name"#,
        ),
    ] {
        assert_eq!(complaint(lines), expected);
    }
    assert!(complaint("domain = [\"a.example\"]").starts_with("other.toml: TOML parse error"));
    let error = Catalogue::read(&[("x.toml", "category = \"Films\"")]).unwrap_err();
    assert_eq!(error.to_string(), "x.toml: there is no category \"Films\"");
}

#[test]
fn the_catalogues_own_files_are_read() {
    // `built_in` relies on it.
    let catalogue = Catalogue::read(FILES).unwrap();
    assert_eq!(Catalogue::built_in().len(), catalogue.len());
}

/// What the definition says, rule by rule: the longest domain that the name equals, or that is behind a dot.
fn by_definition(rules: &BTreeMap<&'static str, Option<&'static str>>, host: &str) -> Option<&'static str> {
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let fits = |rule: &str| host == rule || host.ends_with(&format!(".{rule}"));
    let longest = rules.iter().filter(|(rule, _)| fits(rule)).max_by_key(|(rule, _)| rule.len())?;
    *longest.1
}

proptest! {
    #[test]
    fn any_name_is_found_as_the_definition_says(
        before in "[a-cA-C.]{0,20}|.{0,40}|(a\\.){0,140}",
        rule in "(shop\\.|live\\.|LIVE\\.|e\\.)?films\\.(example|net)|rented\\.example|",
        dots in "\\.{0,2}",
    ) {
        let rules = BTreeMap::from([
            ("films.example", Some("Films")),
            ("films.net", Some("Films")),
            ("shop.films.example", None),
            ("live.films.example", Some("Live")),
            ("xn--bcher-kva.example", Some("Live")),
            ("rented.example", Some("Rented")),
        ]);
        let host = format!("{before}{rule}{dots}");
        prop_assert_eq!(of_name(&host), by_definition(&rules, &host).map(str::to_owned), "{:?}", host);
    }

    #[test]
    fn any_address_has_the_narrowest_range_around_it(tail in any::<u16>()) {
        let address = IpAddr::from([192, 0, tail.to_be_bytes()[0] & 3, tail.to_be_bytes()[1]]);
        let nets = ["192.0.2.0/24", "192.0.2.64/26", "192.0.2.72/29"].map(|net| net.parse::<IpNet>().unwrap());
        let narrowest = nets.into_iter().filter(|net| net.contains(&address)).max_by_key(IpNet::prefix_len);
        prop_assert_eq!(catalogue().by_address(address).map(|(_, net)| net), narrowest);
    }
}
