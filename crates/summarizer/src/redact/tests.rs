use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use netsonde_messages::Span;
use proptest::prelude::*;

use super::*;
use crate::facts::Facts;

fn facts(names: &[(&str, Subject)]) -> Vec<Fact> {
    let mut facts = Facts::new(Span::default());
    for (name, subject) in names {
        facts.text("Host name", subject.clone(), name, "by DNS answers", "/".into());
    }
    facts.into_list()
}

fn of(names: &[&str]) -> Redaction {
    let names: Vec<_> = names.iter().map(|name| (*name, Subject::Session)).collect();
    Redaction::of(&facts(&names), &[])
}

#[test]
fn the_same_facts_give_the_same_aliases_and_back() {
    let names = ["192.0.2.7", "www.example.com", "alice@example.com", "example.com"];
    let redaction = of(&names);
    assert_eq!(redaction, of(&names));
    let text = "192.0.2.7 asked www.example.com and example.com for alice@example.com";
    let hidden = redaction.hide(text);
    assert_eq!(hidden, "host-1 asked name-1 and name-2 for party-1");
    assert_eq!(redaction.restore(&hidden), text);
}

#[test]
fn what_a_conversation_is_called_stays_where_it_names_nobody() {
    let mut facts = Facts::new(Span::default());
    for (number, kind) in [(1, "RTP"), (2, "Netflix"), (3, "shop.example")] {
        facts.text("Conversation", Subject::Flow(number), kind, "by what is known of it", "/".into());
    }
    let redaction = Redaction::of(&facts.into_list(), &[]);
    assert_eq!(redaction.hide("RTP, Netflix and shop.example"), "RTP, Netflix and name-1");
}

#[test]
fn an_alias_that_another_begins_with_is_not_mistaken_for_it() {
    let names: Vec<String> = (1..=12).map(|number| format!("h{number}.example")).collect();
    let redaction = of(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(redaction.hide("h12.example and h1.example"), "name-12 and name-1");
    assert_eq!(redaction.restore("name-12 and name-1"), "h12.example and h1.example");
}

#[test]
fn an_address_has_one_alias_however_it_is_spelled() {
    let redaction = of(&["192.0.2.7", "2001:db8::1", "00:1a:2b:3c:4d:5e"]);
    for (text, hidden) in [
        ("::ffff:192.0.2.7", "host-1"),
        ("::FFFF:C000:0207", "host-1"),
        ("192.0.2.7:443", "host-1"),
        ("x192.0.2.7y", "xhost-1y"),
        ("2001:DB8:0:0:0:0:0:1", "host-2"),
        ("(2001:db8::1)", "(host-2)"),
        ("00:1A:2B:3C:4D:5E", "host-3"),
        // Not among the facts, so that nobody can say which one it is.
        ("203.0.113.9", "hidden"),
        ("fe80::1%eth0", "hidden"),
        ("00-1a-2b-3c-4d-5f", "hidden"),
        ("api.shop.example", "hidden"),
    ] {
        assert_eq!(redaction.hide(text), hidden, "{text}");
    }
}

#[test]
fn names_of_protocols_and_of_the_catalogue_stay() {
    let catalogue = Subject::App("Microsoft Teams".into());
    let wire = Subject::App("shop.example".into());
    let names =
        [("Microsoft Teams", catalogue), ("TLS", Subject::Protocol("TLS".into())), ("shop.example", wire)];
    let redaction = Redaction::of(&facts(&names), &[]);
    let text = "Microsoft Teams over TLS, and shop.example";
    assert_eq!(redaction.hide(text), "Microsoft Teams over TLS, and name-1");
}

#[test]
fn a_file_or_an_interface_is_a_source() {
    let mut facts = Facts::new(Span::default());
    facts.text("Source", Subject::Session, "secret merger.pcap", "as it was asked for", "/".into());
    let redaction = Redaction::of(&facts.into_list(), &[]);
    assert_eq!(redaction.hide("measured on Secret Merger.pcap"), "measured on source-1");
}

#[test]
fn words_and_numbers_of_the_program_stay() {
    let text = "Round trip p95: 12.5 ms, 1.2 MB, RFC 3550, G.107, at 10:42:07, 2 m 05 s, e.g. 99.9 %.";
    assert_eq!(of(&["192.0.2.7"]).hide(text), text);
}

/// Names that contain each other, addresses inside names, upper case, letters of other scripts.
fn names() -> impl Strategy<Value = String> {
    let label = "[a-z]{3,6}|münchen|例え|[0-9]{1,3}-[0-9]{1,3}";
    prop_oneof![
        any::<u32>().prop_map(|bits| Ipv4Addr::from(bits).to_string()),
        any::<u128>().prop_map(|bits| Ipv6Addr::from(bits).to_string()),
        any::<u32>().prop_map(|bits| Ipv4Addr::from(bits).to_ipv6_mapped().to_string()),
        any::<u32>().prop_map(|bits| format!("ip-{}.cloud.example", Ipv4Addr::from(bits))),
        any::<[u8; 6]>().prop_map(|octets| octets.map(|octet| format!("{octet:02x}")).join(":")),
        proptest::collection::vec(label, 2..5).prop_map(|labels| labels.join(".")),
        (label, label).prop_map(|(user, host)| format!("{user}@{host}.example")),
        "[A-Z][a-z]{4,8} [A-Z][a-z]{4,8}".prop_map(|name| name + " phone"),
    ]
}

proptest! {
    #[test]
    fn no_name_and_no_address_is_in_what_is_hidden(
        names in proptest::collection::vec(names(), 1..12),
        upper in any::<bool>(),
        between in prop_oneof![Just(" "), Just(", "), Just(" (x) "), Just("\" "), Just("; to ")],
    ) {
        let mut all = names.clone();
        // The end of a name is a name of its own.
        all.extend(names.iter().filter_map(|name| Some(name.split_once('.')?.1.to_owned())).filter(|end| end.len() > 5));
        let redaction = of(&all.iter().map(String::as_str).collect::<Vec<_>>());
        let text = all.join(between);
        let text = if upper { text.to_uppercase() } else { text };
        let hidden = redaction.hide(&text).to_lowercase();
        for name in &all {
            prop_assert!(!hidden.contains(&name.to_lowercase()), "{name} in {hidden}");
            if let Ok(address) = name.parse::<IpAddr>() {
                prop_assert!(!hidden.contains(&address.to_canonical().to_string()), "{address} in {hidden}");
            }
        }
    }
}
