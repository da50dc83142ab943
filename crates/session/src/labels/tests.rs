use std::net::IpAddr;
use std::sync::{Arc, LazyLock};

use netsonde_app_detector::Catalogue;
use netsonde_dissect::{IpProtocol, Protocol};
use netsonde_flow::{
    ClientHello, Clue, ConnectionRow, Credit, Fingerprints, FlowId, FlowKey, FlowRow, HelloOver, NamedBy,
    Sent, State,
};
use netsonde_messages::stream::{AppRow, AppsTopic};
use netsonde_messages::{AppRule, EvidenceKind, EvidenceVerdict};
use netsonde_units::{Timestamp, Volume};
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};

use super::rules::Rules;
use crate::Limits;
use crate::limits::TELLINGS_OF_PAIR;
use crate::names::Answer;
use crate::view::View;

/// A small world: services, what carries them, what has a range or a port.
const CATALOGUE: &str = r#"
category = "Video"

[[app]]
name = "Films"
domains = ["films.example"]

[[app]]
name = "Songs"
domains = ["songs.example"]
ranges = ["198.51.100.0/25"]

[[app]]
name = "Carrier"
domains = ["carrier.example"]
carrier = true
ranges = ["203.0.113.0/24"]

[[app]]
name = "Rented"
domains = ["rented.example"]
carrier = true

[[app]]
name = "Shell"
protocols = ["SSH"]

[[app]]
name = "Names"
ports = ["udp/53", "tcp/53"]
protocols = ["DNS"]

[[app]]
name = "Table"
ports = ["tcp/3306", "udp/3306", "tcp/50051"]
"#;

/// An address that nobody publishes, and one of the carrier.
const SERVER: &str = "192.0.2.80";
const CARRIED: &str = "203.0.113.7";

fn catalogue() -> &'static Catalogue {
    static READ: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::read(&[("small.toml", CATALOGUE)]).unwrap());
    &READ
}

fn view() -> View {
    View::knowing(catalogue(), Limits::default())
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_parts(1_000 + seconds, 0)
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// A conversation of client 10.0.0.`client` with `server` that began at second 100 and moved 10 packets of 100 bytes up and
/// 20 down.
fn row(serial: u32, client: u8, server: &str, port: u16) -> FlowRow {
    let client: IpAddr = [10, 0, 0, client].into();
    let (key, side) = FlowKey::new(IpProtocol::TCP, client, address(server), Some((50_000, port)));
    let sent = |packets| Sent { volume: Volume { packets, bytes: packets * 100 }, goodput_bytes: 0 };
    FlowRow {
        id: FlowId { slot: serial, serial: serial.into() },
        key,
        client: side,
        first_seen: at(100),
        last_seen: at(101),
        up: sent(10),
        down: sent(20),
        protocol: Protocol::Tcp,
        transport: Protocol::Tcp,
        state: Some(State::Established),
        ended: false,
        icmp_errors: 0,
        is_unreachable: false,
        connection: ConnectionRow::None,
    }
}

fn tls(row: &FlowRow) -> FlowRow {
    FlowRow { protocol: Protocol::Tls, ..*row }
}

fn hello(name: &str, over: HelloOver) -> Clue {
    Clue::Client(Box::new(ClientHello {
        over,
        server_name: Some(name.into()),
        alpn: vec!["h2".into(), "http/1.1".into()],
        version: 0x0304,
        groups: vec![29],
        has_encrypted_hello: false,
        fingerprints: Some(Fingerprints::Made {
            ja3: [0xab; 16],
            ja4: "t13d1516h2_8daaf6152771_b0da82dd1658".into(),
        }),
    }))
}

fn tell(view: &mut View, client: Option<u8>, name: &str, server: &str, seconds: u64) {
    let client = client.map(|client| [10, 0, 0, client].into());
    let name: Arc<str> = name.into();
    view.learn(Answer {
        client,
        name: &name,
        address: address(server),
        ttl_s: 300,
        at: at(seconds),
        by: NamedBy::Dns,
        credit: Credit::Asked,
    });
    view.settle_names();
}

fn rules(view: &mut View, rules: &[(&str, &str)]) {
    let rules: Vec<_> = rules
        .iter()
        .map(|&(app, matches)| AppRule { app: app.into(), matches: matches.into(), category: None })
        .collect();
    view.set_rules(Rules::read(&rules).unwrap());
}

/// The label of a conversation: application and what told it.
fn label(view: &View, serial: u64) -> (String, EvidenceKind) {
    let (_, listed) = view.listed().find(|(_, listed)| listed.row.id.serial == serial).unwrap();
    let label = listed.identity.label;
    (label.app.map_or_else(String::new, |app| view.labels.judge.apps.name(app).to_string()), label.kind)
}

fn topic(view: &mut View) -> AppsTopic {
    view.measured = view.listed().map(|(_, listed)| listed.row.volume()).sum();
    view.apps_topic()
}

/// Asserts the label of one conversation about which all this is known.
fn assert_told(told: &Told, app: &str, kind: EvidenceKind) {
    let mut view = view();
    let Told { row, sni, host, dns, rule } = *told;
    let server = row.server_address().to_string();
    if let Some(name) = dns {
        tell(&mut view, Some(1), name, &server, 90);
    }
    if let Some(rule) = rule {
        rules(&mut view, &[("Mine", rule)]);
    }
    view.update(&[row]);
    if let Some((name, over)) = sni {
        view.take_clue(row.id, hello(name, over), at(100));
    }
    if let Some(name) = host {
        view.take_clue(row.id, Clue::HttpHost(name.into()), at(100));
    }
    assert_eq!(label(&view, 0), (app.into(), kind), "{told:?}");
}

#[derive(Clone, Copy, Debug)]
struct Told {
    row: FlowRow,
    sni: Option<(&'static str, HelloOver)>,
    host: Option<&'static str>,
    dns: Option<&'static str>,
    rule: Option<&'static str>,
}

impl Told {
    fn nothing(row: &FlowRow) -> Self {
        Self { row: *row, sni: None, host: None, dns: None, rule: None }
    }

    fn sni(&self, name: &'static str) -> Self {
        Self { sni: Some((name, HelloOver::Tls)), ..*self }
    }

    fn dns(&self, name: &'static str) -> Self {
        Self { dns: Some(name), ..*self }
    }
}

#[test]
fn the_strongest_evidence_decides() {
    use EvidenceKind::{AddressRange, Dns, HttpHost, None, Port, QuicSni, Rule, Signature, TlsSni};
    let plain = Told::nothing(&row(0, 1, SERVER, 443));
    let ranged = Told::nothing(&row(0, 1, "198.51.100.9", 3306));
    let shell = Told::nothing(&FlowRow { protocol: Protocol::Ssh, ..row(0, 1, "198.51.100.9", 22) });
    for (told, app, kind) in [
        (plain, "", None),
        (Told { rule: Some("tcp/443"), ..plain.sni("films.example") }, "Mine", Rule),
        (plain.sni("www.films.example").dns("songs.example"), "Films", TlsSni),
        (Told { sni: Some(("films.example", HelloOver::Dtls)), ..plain }, "Films", TlsSni),
        (Told { sni: Some(("films.example", HelloOver::Quic)), ..plain }, "Films", QuicSni),
        (Told { sni: Some(("films.example", HelloOver::GoogleQuic)), ..plain }, "Films", QuicSni),
        (Told { host: Some("films.example"), ..plain.dns("songs.example") }, "Films", HttpHost),
        (plain.dns("songs.example"), "Songs", Dns),
        (shell.dns("films.example"), "Films", Dns),
        (shell, "Shell", Signature),
        (ranged, "Songs", AddressRange),
        (Told::nothing(&row(0, 1, SERVER, 3306)), "Table", Port),
    ] {
        assert_told(&told, app, kind);
    }
}

#[test]
fn a_carrier_decides_only_where_nothing_names_a_service() {
    use EvidenceKind::{AddressRange, Dns, None, Signature, TlsSni};
    let carried = Told::nothing(&row(0, 1, CARRIED, 443));
    for (told, app, kind) in [
        (carried, "Carrier", AddressRange),
        (carried.dns("films.example"), "Films", Dns),
        (carried.sni("edge.carrier.example").dns("films.example"), "Films", Dns),
        (carried.sni("edge.carrier.example"), "Carrier", TlsSni),
        // A carrier's name beats a carrier's range, a name beats a weaker one.
        (carried.sni("x.rented.example"), "Rented", TlsSni),
        (carried.sni("x.rented.example").dns("edge.carrier.example"), "Rented", TlsSni),
        (carried.dns("x.rented.example"), "Rented", Dns),
        (
            Told::nothing(&FlowRow { protocol: Protocol::Ssh, ..carried.row }).dns("x.rented.example"),
            "Shell",
            Signature,
        ),
        // A port is the last resort.
        (Told::nothing(&row(0, 1, CARRIED, 3306)), "Carrier", AddressRange),
        // A name that nobody knows contradicts the weaker ones, and not where it is carried.
        (carried.sni("shop.example").dns("films.example"), "Carrier", AddressRange),
        (Told::nothing(&row(0, 1, SERVER, 443)).sni("shop.example").dns("films.example"), "", None),
        // An address in the place of a name says nothing.
        (Told { host: Some("203.0.113.7"), ..carried.dns("films.example") }, "Films", Dns),
    ] {
        assert_told(&told, app, kind);
    }
}

/// Fault 27 of the design's public implementation: a resolver was labelled with what it was asked for.
#[test]
fn a_resolver_is_not_what_it_is_asked_about() {
    for (protocol, app, kind) in [
        (Protocol::Dns, "Names", EvidenceKind::Signature),
        // The small catalogue has no application for it: not known is right, a name that it carries is wrong.
        (Protocol::Ntp, "", EvidenceKind::None),
    ] {
        let asked = FlowRow { protocol, ..row(0, 1, "198.51.100.53", 53) };
        assert_told(&Told::nothing(&asked).dns("films.example"), app, kind);
        let mut view = view();
        view.update(&[asked]);
        // What it answered names the answered address, for who asked.
        tell(&mut view, Some(1), "films.example", SERVER, 101);
        view.update(&[row(1, 1, SERVER, 443)]);
        assert_eq!(label(&view, 0), (app.into(), kind));
        assert_eq!(label(&view, 1), ("Films".into(), EvidenceKind::Dns));
    }
}

/// Fault 28 of the design's public implementation: what was learned of an address held for everybody and for ever.
#[test]
fn a_name_labels_for_who_was_told_and_while_it_holds() {
    let mut view = view();
    tell(&mut view, Some(1), "films.example", CARRIED, 0);
    tell(&mut view, Some(2), "songs.example", CARRIED, 10);
    let begun =
        |serial, client, seconds| FlowRow { first_seen: at(seconds), ..row(serial, client, CARRIED, 443) };
    view.update(&[begun(0, 1, 20), begun(1, 2, 20), begun(2, 3, 20), begun(3, 1, 301)]);
    let carried = ("Carrier".to_owned(), EvidenceKind::AddressRange);
    assert_eq!(label(&view, 0), ("Films".into(), EvidenceKind::Dns));
    assert_eq!(label(&view, 1), ("Songs".into(), EvidenceKind::Dns));
    assert_eq!(label(&view, 2), carried, "nobody told client 3");
    assert_eq!(label(&view, 3), carried, "the answer of second 0 held for 300 s");
    // The address serves another name for the same client later: what began before stays what it is.
    tell(&mut view, Some(1), "songs.example", CARRIED, 400);
    view.update(&[begun(4, 1, 401)]);
    assert_eq!(label(&view, 0), ("Films".into(), EvidenceKind::Dns));
    assert_eq!(label(&view, 4), ("Songs".into(), EvidenceKind::Dns));
    // A name told after what nothing had named.
    assert_eq!(label(&view, 3), ("Songs".into(), EvidenceKind::Dns));
}

/// Of what one client was told of one address the oldest gives way; the conversations that go by it do not change over.
#[test]
fn a_name_that_was_found_stays_when_its_answer_gives_way_to_later_ones() {
    // Told before the conversation began at second 100, and after.
    for told_at in [90, 101] {
        let mut view = view();
        view.update(&[row(0, 1, SERVER, 443)]);
        tell(&mut view, Some(1), "films.example", SERVER, told_at);
        for number in 0..2 * TELLINGS_OF_PAIR as u64 {
            tell(&mut view, Some(1), &format!("{number:02}.songs.example"), SERVER, 102 + number);
            assert_eq!(
                label(&view, 0),
                ("Films".into(), EvidenceKind::Dns),
                "told at {told_at}, then {number}"
            );
        }
        assert!(view.labels.dropped() > 0);
    }
}

/// Fault 29 of the design's public implementation: the destination's port labelled replies to ephemeral ports, and whatever
/// else was on it.
#[test]
fn a_port_labels_only_where_it_is_the_servers_own() {
    use EvidenceKind::{None, Port};
    let ports = |client: u16, server: u16, state: Option<State>| {
        let base = row(0, 1, SERVER, 443);
        let ends = (base.client_address(), base.server_address());
        let (key, side) = FlowKey::new(IpProtocol::TCP, ends.0, ends.1, Some((client, server)));
        Told::nothing(&FlowRow { key, client: side, state, ..base })
    };
    let midway = Some(State::Established);
    for (told, app, kind) in [
        (ports(50_000, 3306, midway), "Table", Port),
        // Who goes through all ports in turn uses none of them.
        (ports(50_000, 3306, Some(State::Opening)), "", None),
        (ports(50_000, 3306, Some(State::Refused)), "", None),
        (ports(50_000, 3306, Some(State::TimedOut)), "", None),
        // Neither end's port is likelier, and nobody was seen to ask.
        (ports(2_000, 3306, midway), "", None),
        (ports(3306, 3306, midway), "Table", Port),
        // The service of that port is in the catalogue, and half of all clients get one from there on.
        (ports(60_000, 50_051, midway), "", None),
        // It is the client that has it.
        (ports(3306, 50_051, midway), "", None),
        (
            Told::nothing(&FlowRow { protocol: Protocol::WireGuard, ..ports(50_000, 3306, midway).row }),
            "",
            None,
        ),
        (Told::nothing(&tls(&ports(50_000, 3306, midway).row)), "Table", Port),
    ] {
        assert_told(&told, app, kind);
    }
}

/// Clients that ask before each connection would have all of them looked at for each answer.
#[test]
fn a_conversation_is_looked_at_once_a_tick_however_often_its_client_is_told() {
    let mut view = view();
    tell(&mut view, Some(1), "films.example", CARRIED, 90);
    view.update(&[row(0, 1, SERVER, 443), row(1, 2, SERVER, 443)]);
    let server = address(SERVER);
    for client in [Some(1), Some(1), None, Some(1), Some(3)] {
        view.labels.note_told(client.map(|client| [10, 0, 0, client].into()), server);
    }
    let mut named: Vec<_> = view.labels.named_since().into_iter().map(|flow| flow.serial).collect();
    named.sort_unstable();
    assert_eq!(named, [0, 1]);
    assert_eq!(view.labels.named_since(), []);
}

#[test]
fn rows_that_come_after_what_was_measured_leave_no_rest_below_nothing() {
    let mut view = view();
    view.update(&[row(0, 1, SERVER, 3306), row(1, 1, SERVER, 4444)]);
    // Nothing is measured yet; the second conversation is unknown and has moved 30 packets of 100 bytes.
    let rest = view.apps_topic().unlabelled;
    assert_eq!((rest.flows, rest.packets, rest.bytes), (1, 30, 3_000));
}

/// Two addresses are held; those of the first conversation have given way to larger ones when it gets its name.
#[test]
fn an_address_that_gave_way_takes_nothing_from_the_one_in_its_place() {
    let mut view = View::knowing(catalogue(), Limits { hosts: 2, ..Limits::default() });
    let first = row(0, 1, SERVER, 443);
    view.update(&[first]);
    let mut second = row(1, 2, CARRIED, 443);
    second.up.volume.bytes *= 10;
    view.update(&[second]);
    let apps = |view: &View| {
        let hosts = view.totals.top_hosts().into_iter();
        hosts
            .map(|(place, &(address, _))| (address, view.labels.apps_of_host(place, address, 3)))
            .collect::<Vec<_>>()
    };
    let before = apps(&view);
    assert!(before.iter().any(|(address, apps)| *address == second.server_address() && !apps.is_empty()));
    view.take_clue(first.id, hello("films.example", HelloOver::Tls), at(100));
    assert_eq!(apps(&view), before);
}

/// Fault 31 of the design's public implementation: a host kept the first label it got for ever.
#[test]
fn a_host_has_the_applications_of_its_conversations_by_their_share() {
    let mut view = view();
    tell(&mut view, Some(1), "films.example", SERVER, 90);
    let small = row(0, 1, SERVER, 443);
    let sent = |bytes| Sent { volume: Volume { packets: 1, bytes }, goodput_bytes: 0 };
    let large = FlowRow { down: sent(1_000_000), ..row(1, 1, "198.51.100.9", 443) };
    view.update(&[small]);
    let apps = |view: &View, address: IpAddr| {
        let mut hosts = (0..).zip(view.totals.hosts().iter());
        let (place, _) = hosts.find(|(_, (held, _))| *held == address).unwrap();
        let apps = view.labels.apps_of_host(place, address, 3);
        apps.into_iter().map(|app| (app.app.to_string(), app.bytes)).collect::<Vec<_>>()
    };
    let client = small.client_address();
    assert_eq!(apps(&view, client), [("Films".into(), 3_000)]);
    view.update(&[large]);
    assert_eq!(apps(&view, client), [("Songs".into(), 1_001_000), ("Films".into(), 3_000)]);
    assert_eq!(apps(&view, large.server_address()), [("Songs".into(), 1_001_000)]);
    // The hello of the small one says otherwise: all of it moves.
    view.take_clue(small.id, hello("songs.example", HelloOver::Tls), at(100));
    assert_eq!(apps(&view, client), [("Songs".into(), 1_004_000)]);
    assert_eq!(apps(&view, small.server_address()), [("Songs".into(), 3_000)]);
}

#[test]
fn the_chain_says_what_everything_known_is_worth() {
    use EvidenceKind::{AddressRange, Dns, Port, Rule, TlsSni};
    use EvidenceVerdict::{Agrees, Decides, NotInCatalogue, OnlyCarrier, Overruled};
    let mut view = view();
    tell(&mut view, Some(1), "www.films.example", CARRIED, 97);
    let flow = tls(&row(0, 1, CARRIED, 3306));
    view.update(&[flow]);
    view.take_clue(flow.id, hello("edge.carrier.example", HelloOver::Tls), at(100));
    let chain = |view: &View| {
        let (_, listed) = view.listed().next().unwrap();
        let chain = view.labels.judge.chain(listed.row, listed.identity);
        let words = |link: netsonde_messages::EvidenceLink| {
            let app = link.app.map(|app| app.to_string()).unwrap_or_default();
            (
                link.evidence.kind,
                link.evidence.value.unwrap(),
                app,
                link.rule.unwrap_or_default(),
                link.verdict,
            )
        };
        chain.into_iter().map(words).collect::<Vec<_>>()
    };
    let link = |kind, value: &str, app: &str, rule: &str, verdict| {
        (kind, value.to_owned(), app.to_owned(), rule.to_owned(), verdict)
    };
    let range = link(AddressRange, CARRIED, "Carrier", "203.0.113.0/24", OnlyCarrier);
    let expected = [
        link(TlsSni, "edge.carrier.example", "Carrier", "carrier.example", OnlyCarrier),
        link(Dns, "www.films.example", "Films", "films.example", Decides),
        range.clone(),
        link(Port, "tcp/3306", "Table", "tcp/3306", Overruled),
    ];
    assert_eq!(chain(&view), expected);
    rules(&mut view, &[("Films", "carrier.example"), ("Mine", "tcp/3306")]);
    let expected = [
        link(Rule, "carrier.example", "Films", "carrier.example", Decides),
        link(Rule, "tcp/3306", "Mine", "tcp/3306", Overruled),
        link(TlsSni, "edge.carrier.example", "Carrier", "carrier.example", OnlyCarrier),
        link(Dns, "www.films.example", "Films", "films.example", Agrees),
        range,
        link(Port, "tcp/3306", "Table", "tcp/3306", Overruled),
    ];
    assert_eq!(chain(&view), expected);
    let mut view = self::view();
    view.update(&[row(0, 1, SERVER, 443)]);
    view.take_clue(flow.id, hello("shop.example", HelloOver::Tls), at(100));
    assert_eq!(chain(&view), [link(TlsSni, "shop.example", "", "", NotInCatalogue)]);
}

#[test]
fn a_rule_labels_everything_listed_and_taken_away_leaves_it_as_it_was() {
    let mut view = view();
    tell(&mut view, Some(1), "www.films.example", SERVER, 90);
    let ended = row(0, 1, SERVER, 443);
    view.update(&[ended, row(1, 2, SERVER, 443)]);
    // Its place in the flow table is taken by another: it has ended.
    let after = FlowRow { id: FlowId { slot: 0, serial: 2 }, ..row(2, 3, "198.51.100.9", 443) };
    view.update(&[after]);
    let before = topic(&mut view);
    rules(&mut view, &[("Backup", "films.example"), ("Backup", "10.0.0.2"), ("Later", "198.51.100.0/24")]);
    assert_eq!(label(&view, 0), ("Backup".into(), EvidenceKind::Rule));
    assert_eq!(label(&view, 1), ("Backup".into(), EvidenceKind::Rule));
    assert_eq!(label(&view, 2), ("Later".into(), EvidenceKind::Rule));
    let told = topic(&mut view);
    let sums: Vec<_> = told
        .apps
        .iter()
        .map(|row| (&*row.app.app, &*row.app.category, row.app.flows, row.app.bytes))
        .collect();
    assert_eq!(sums, [("Backup", "Other", 2, 6_000), ("Later", "Other", 1, 3_000)]);
    assert_eq!((told.unlabelled.flows, told.unlabelled.bytes, told.rules.len()), (0, 0, 3));
    rules(&mut view, &[]);
    assert_eq!(topic(&mut view), before);
    // A name of a rule that is not used any more is room for the next.
    let held = view.labels.judge.apps.iter().len();
    rules(&mut view, &[("Third", "10.0.0.2")]);
    assert_eq!(label(&view, 1), ("Third".into(), EvidenceKind::Rule));
    assert_eq!(view.labels.judge.apps.iter().len(), held);
}

#[test]
fn a_rule_says_what_an_application_is_for_while_it_is_there() {
    let mut view = view();
    view.update(&[row(0, 1, "198.51.100.9", 443)]);
    let category = |view: &mut View| topic(view).apps[0].app.category.to_string();
    assert_eq!(category(&mut view), "Video");
    let rule = AppRule { app: "songs".into(), matches: "192.0.2.99".into(), category: Some("Music".into()) };
    view.set_rules(Rules::read(&[rule]).unwrap());
    assert_eq!(category(&mut view), "Music");
    rules(&mut view, &[]);
    assert_eq!(category(&mut view), "Video");
}

#[test]
fn what_is_labelled_anew_moves_its_sums_and_not_its_past() {
    let mut view = view();
    view.is_paced = true;
    view.now = at(102);
    let flow = row(0, 1, SERVER, 443);
    let rest = |told: &AppsTopic| {
        let active = told.unlabelled_active_flows;
        (told.unlabelled.flows, told.unlabelled_bytes_up, told.unlabelled_bytes_down, active)
    };
    view.update(&[flow]);
    assert_eq!(rest(&topic(&mut view)), (1, 1_000, 2_000, 1));
    view.take_clue(flow.id, hello("films.example", HelloOver::Tls), at(100));
    let told = topic(&mut view);
    assert_eq!(rest(&told), (0, 0, 0, 0));
    assert_eq!((told.unlabelled.packets, told.unlabelled.bytes), (0, 0));
    let films = &told.apps[0];
    assert_eq!(
        (films.app.packets, films.bytes_up, films.bytes_down, films.active_flows),
        (30, 1_000, 2_000, 1)
    );
    assert_eq!(
        films.app.told_by.iter().map(|told| (told.kind, told.flows)).collect::<Vec<_>>(),
        [(EvidenceKind::TlsSni, 1)]
    );
    // 3,000 bytes in the last seconds were sent by what nobody knew then.
    assert_eq!(films.bps, Some(0.0));
    assert!(told.unlabelled_bps.unwrap() > 4_000.0);
    assert!(told.unlabelled_recent_bps.iter().any(|&bps| bps > 4_000.0));
    // What is sent from here on is the application's.
    let more = Sent { volume: Volume { packets: 30, bytes: 4_000 }, goodput_bytes: 0 };
    view.update(&[FlowRow { down: more, last_seen: at(102), ..flow }]);
    assert!(topic(&mut view).apps[0].bps.unwrap() > 3_000.0);
    view.now = at(110);
    assert_eq!(topic(&mut view).apps[0].active_flows, 0);
}

/// What may happen to a session's view, in any order.
#[derive(Clone, Debug)]
enum Event {
    Row(Box<FlowRow>),
    Name(Option<u8>, &'static str, &'static str, u64),
    /// The number of the name is the time, too.
    Clue(u32, u64),
    Rules(Vec<(&'static str, &'static str)>),
}

const NAMES: [&str; 5] =
    ["films.example", "a.songs.example", "edge.carrier.example", "shop.example", "printer.local"];
const SERVERS: [&str; 4] = [SERVER, CARRIED, "198.51.100.9", "192.0.2.81"];

fn events() -> impl Strategy<Value = Vec<Event>> {
    let name = || proptest::sample::select(&NAMES[..]);
    let server = || proptest::sample::select(&SERVERS[..]);
    let port = proptest::sample::select(&[443, 3306, 50_051, 60_000][..]);
    // A port says something of a server that takes the connection.
    let state = proptest::sample::select(
        &[None, Some(State::Opening), Some(State::Established), Some(State::Refused), Some(State::TimedOut)]
            [..],
    );
    let rows = (0..12_u32, 1..4_u8, server(), port, state, 95..108_u64, any::<bool>()).prop_map(
        |(serial, client, server, port, state, first, is_tls)| {
            let row = FlowRow {
                state,
                first_seen: at(first),
                last_seen: at(first + 1),
                ..row(serial, client, server, port)
            };
            Event::Row(Box::new(if is_tls { tls(&row) } else { row }))
        },
    );
    let names = (proptest::option::of(1..4_u8), name(), server(), 90..110_u64)
        .prop_map(|(client, name, server, seconds)| Event::Name(client, name, server, seconds));
    let clues = (0..12_u32, 0..5_u64).prop_map(|(serial, name)| Event::Clue(serial, name));
    let rules = prop_oneof![
        Just(vec![]),
        Just(vec![("Mine", "films.example"), ("Other", "10.0.0.2")]),
        Just(vec![("Songs", "tcp/3306")]),
    ];
    proptest::collection::vec(
        prop_oneof![4 => rows, 4 => names, 3 => clues, 1 => rules.prop_map(Event::Rules)],
        0..60,
    )
}

/// Lets it happen. A conversation keeps its ends and its beginning, and its sums grow.
fn happen(view: &mut View, events: &[Event]) {
    let mut rows = std::collections::BTreeMap::<u64, FlowRow>::new();
    for event in events {
        match event {
            Event::Row(row) => {
                let row = match rows.get(&row.id.serial) {
                    Some(before) => FlowRow {
                        protocol: if before.protocol == Protocol::Tls {
                            before.protocol
                        } else {
                            row.protocol
                        },
                        state: row.state,
                        up: Sent { volume: before.up.volume + Volume::packet(60), goodput_bytes: 0 },
                        ..*before
                    },
                    None => **row,
                };
                rows.insert(row.id.serial, row);
                view.update(&[row]);
            }
            &Event::Name(client, name, server, seconds) => tell(view, client, name, server, seconds),
            &Event::Clue(serial, number) => {
                let name = NAMES[usize::try_from(number).unwrap()];
                let about = FlowId { slot: serial, serial: serial.into() };
                view.take_clue(about, hello(name, HelloOver::Tls), at(number));
            }
            Event::Rules(list) => rules(view, list),
        }
        // Nothing is later than packets may be.
        view.now = at(105);
    }
    view.settle_names();
}

proptest! {
    /// Applications and the rest are the whole; every label is what is known at the end would decide.
    #[test]
    fn applications_and_the_rest_sum_to_the_whole_whatever_happens(events in events()) {
        let mut view = view();
        view.is_paced = true;
        happen(&mut view, &events);
        let mut sums = std::collections::BTreeMap::<String, (u64, Volume)>::new();
        for (_, listed) in view.listed() {
            let decided = view.labels.judge.decide(listed.row, listed.identity.known.as_deref());
            assert_eq!(listed.identity.label, decided);
            let app = decided.app.map_or_else(String::new, |app| view.labels.judge.apps.name(app).to_string());
            let (flows, volume) = sums.entry(app).or_default();
            *flows += 1;
            *volume += listed.row.volume();
        }
        let told = topic(&mut view);
        let whole = view.measured;
        let rest = sums.remove("").unwrap_or_default();
        let unlabelled = told.unlabelled;
        assert_eq!((unlabelled.flows, unlabelled.packets, unlabelled.bytes), (rest.0, rest.1.packets, rest.1.bytes));
        let of_apps = told.apps.iter().map(|row| (row.app.app.to_string(), (row.app.flows, Volume { packets: row.app.packets, bytes: row.app.bytes })));
        assert_eq!(of_apps.collect::<std::collections::BTreeMap<_, _>>(), sums);
        let bytes: u64 = told.apps.iter().map(|row| row.app.bytes).sum();
        assert_eq!(bytes + unlabelled.bytes, whole.bytes);
        for row in &told.apps {
            assert_eq!(row.app.told_by.iter().map(|told| told.flows).sum::<u64>(), row.app.flows);
            assert_eq!(row.bytes_up + row.bytes_down, row.app.bytes);
        }
    }

    /// In whichever order rows and facts come, as ticks and workers have it, conversations end up with equal labels.
    #[test]
    fn rows_and_facts_in_any_order_give_equal_labels(events in events(), order in proptest::collection::vec(any::<u16>(), 60)) {
        // What a row says of its conversation depends on the rows before; here each has one.
        let mut serials = std::collections::BTreeSet::new();
        let events: Vec<_> = events
            .into_iter()
            .filter(|event| match event {
                Event::Row(row) => serials.insert(row.id.serial),
                Event::Rules(_) => false,
                Event::Name(..) | Event::Clue(..) => true,
            })
            .collect();
        let mut shuffled: Vec<_> = events.iter().zip(&order).collect();
        shuffled.sort_by_key(|&(_, rank)| rank);
        let shuffled: Vec<_> = shuffled.into_iter().map(|(event, _)| event.clone()).collect();
        let [mut one, mut other] = [view(), view()];
        happen(&mut one, &events);
        happen(&mut other, &shuffled);
        let apps = |view: &mut View| {
            // Who spoke lately is told by rows of seconds that follow each other; these do not.
            topic(view).apps.into_iter().map(|row| AppRow { active_flows: 0, ..row }).collect::<Vec<_>>()
        };
        assert_eq!(apps(&mut one), apps(&mut other));
        let labels = |view: &View| {
            let mut labels: Vec<_> = view.listed().map(|(_, listed)| (listed.row.id.serial, label(view, listed.row.id.serial))).collect();
            labels.sort_unstable();
            labels
        };
        assert_eq!(labels(&one), labels(&other));
    }
}
