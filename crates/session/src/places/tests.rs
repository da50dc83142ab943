//! Sums of hosts by place.

use netsonde_messages::{DoubtReason, HostGroup, Places};
use netsonde_synth::Packets;
use netsonde_synth::plan::mix::Mix;

use super::*;
use crate::{FlowLimit, Limits, Session, Settings};
use etherparse::PacketBuilder;
use netsonde_dissect::{LinkType, Packet};

const LOCAL: [u8; 4] = [10, 0, 0, 1];

fn at(ms: u64) -> Timestamp {
    Timestamp::from_nanos(1_700_000_000 * NANOS_PER_SECOND + ms * 1_000_000)
}

/// A datagram of 42 bytes and `payload` from 10.0.0.1 to an address.
fn push(session: &mut Session, ms: u64, to: [u8; 4], payload: usize) {
    let mut bytes = Vec::new();
    let ip = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(LOCAL, to, 64);
    ip.udp(40_000, 9_999).write(&mut bytes, &vec![0; payload]).unwrap();
    let wire_len = u32::try_from(bytes.len()).unwrap();
    let (link, interface) = (LinkType::ETHERNET, 0);
    session.push_all(&[Packet { at: Some(at(ms)), link, interface, wire_len, bytes: &bytes }]);
}

/// A TCP segment without payload between 10.0.0.1 and port 443 of 1.0.0.9, with its number and what it acknowledges.
fn push_segment(session: &mut Session, ms: u64, is_answer: bool, syn: bool, numbers: (u32, Option<u32>)) {
    let mut bytes = Vec::new();
    let ethernet = PacketBuilder::ethernet2([2; 6], [4; 6]);
    let (number, acknowledges) = numbers;
    let tcp = if is_answer {
        ethernet.ipv4([1, 0, 0, 9], LOCAL, 64).tcp(443, 40_000, number, 1_000)
    } else {
        ethernet.ipv4(LOCAL, [1, 0, 0, 9], 64).tcp(40_000, 443, number, 1_000)
    };
    let tcp = if syn { tcp.syn() } else { tcp };
    let tcp = if let Some(number) = acknowledges { tcp.ack(number) } else { tcp };
    tcp.write(&mut bytes, &[]).unwrap();
    let wire_len = u32::try_from(bytes.len()).unwrap();
    let (link, interface) = (LinkType::ETHERNET, 0);
    session.push_all(&[Packet { at: Some(at(ms)), link, interface, wire_len, bytes: &bytes }]);
}

/// The round trip to 1.0.0.9 by handshakes whose SYNs are sent at these times, answered at 1,020 ms.
fn round_trip(syns_at: &[u64]) -> Option<f64> {
    let mut session = Session::new(Settings::default());
    for &ms in syns_at {
        push_segment(&mut session, ms, false, true, (7, None));
    }
    push_segment(&mut session, 1_020, true, true, (9, Some(8)));
    push_segment(&mut session, 1_021, false, false, (8, Some(10)));
    session.finish();
    let report = session.report(FlowLimit::All);
    report.hosts.iter().find(|host| host.address == IpAddr::from([1, 0, 0, 9])).unwrap().rtt_ms
}

#[test]
fn the_answer_to_one_of_two_syns_tells_no_round_trip() {
    assert_eq!(round_trip(&[1_000]), Some(20.0));
    // It may be 1,020 ms, by the first.
    assert_eq!(round_trip(&[0, 1_000]), None);
}

/// Has the view hold that an address is at a point of a country.
fn hold(
    session: &Session,
    address: [u8; 4],
    country: &'static str,
    city: Option<&str>,
    point: Option<(f64, f64)>,
) {
    let listing = session.listing();
    let mut view = listing.view();
    view.keep_up();
    let address = IpAddr::from(address);
    let number = usize::try_from(view.totals.place_of(address).unwrap()).unwrap();
    let (latitude, longitude) = point.unzip();
    let city = city.map(ToOwned::to_owned);
    let place = Place { country: Some(country.into()), city, latitude, longitude, ..Place::UNKNOWN };
    let held = &mut view.whereabouts.held;
    if held.len() <= number {
        held.resize_with(number + 1, || None);
    }
    held[number] = Some(Held { address, place: Some(Arc::new(place)), judged: Judged::NotYet });
}

fn places(session: &Session) -> Places {
    session.listing().view().places_topic(true).places.clone()
}

fn group(hosts: u64, flows: u64, bytes_to: u64) -> HostGroup {
    HostGroup { hosts, flows, bytes_from: 0, bytes_to }
}

#[test]
fn hosts_are_summed_up_by_place_and_country() {
    let mut session = Session::new(Settings::default());
    // 1.0.0.1 and 1.0.0.2 in Berlin, 1.0.0.3 somewhere in Germany, 1.0.0.4 in Paris, of 1.0.0.5 nobody knows, and
    // 192.0.2.1 is of documents.
    for (last, payload) in [(1, 58), (2, 158), (3, 8), (4, 458), (5, 1)] {
        push(&mut session, 0, [1, 0, 0, last], payload);
    }
    push(&mut session, 0, [192, 0, 2, 1], 3);
    push(&mut session, 0, [239, 1, 2, 3], 1_000);
    session.tick();
    for last in [1, 2] {
        hold(&session, [1, 0, 0, last], "DE", Some("Berlin"), Some((52.52, 13.4 + f64::from(last) / 100.0)));
    }
    hold(&session, [1, 0, 0, 3], "DE", None, None);
    hold(&session, [1, 0, 0, 4], "FR", Some("Paris"), Some((48.9, 2.3)));
    let told = places(&session);
    // 42 bytes of headers: 100 and 200 bytes to Berlin, 50 to Germany, 500 to Paris.
    let rows: Vec<_> = told.places.iter().map(|place| (place.city.as_deref(), place.sums)).collect();
    assert_eq!(
        rows,
        [(Some("Paris"), group(1, 1, 500)), (Some("Berlin"), group(2, 2, 300)), (None, group(1, 1, 50))]
    );
    // Coordinates are those of the largest host; a country has its middle.
    assert_eq!((told.places[1].longitude, told.places[1].is_country), (13.42, false));
    let germany = country("DE").unwrap();
    assert!((told.places[2].latitude - germany.latitude).abs() < 1e-9 && told.places[2].is_country);
    let top: Vec<_> = told.places[1].top.iter().map(|host| (host.address, host.bytes)).collect();
    assert_eq!(top, [([1, 0, 0, 2].into(), 200), ([1, 0, 0, 1].into(), 100)]);
    let categories: Vec<_> = told.places[1].categories.iter().map(|of| (of.flows, of.bytes)).collect();
    assert_eq!(categories, [(2, 300)]);
    let countries: Vec<_> = told.countries.iter().map(|it| (&*it.country, it.sums, it.doubtful)).collect();
    let none = HostGroup::default();
    assert_eq!(countries, [("FR", group(1, 1, 500), none), ("DE", group(3, 3, 350), none)]);
    assert_eq!((told.unknown, told.not_global), (group(1, 1, 43), group(1, 1, 45)));
    // Those that are somewhere, in the order of the table.
    let located = session.listing().located(1, 2);
    assert!(located.iter().map(|host| host.address).eq([[1, 0, 0, 2], [1, 0, 0, 3]].map(IpAddr::from)));
    assert_eq!(located[1].place.latitude, Some(germany.latitude));
    assert_eq!(session.listing().located(4, 2), []);
}

/// 42 bytes of headers and 58, 68, 78 and 88 of payload: 100 to 130 bytes.
#[test]
fn cities_of_one_name_stay_apart_and_no_country_is_one_of_them() {
    let mut session = Session::new(Settings::default());
    // Two Springfields, an area without a name, and a host of which only the country is known.
    let at = [Some((42.1, -72.6)), Some((39.8, -89.6)), Some((40.0, -100.0)), None];
    let cities = [Some("Springfield"), Some("Springfield"), None, None];
    for (last, payload) in [(1, 58), (2, 68), (3, 78), (4, 88)] {
        push(&mut session, 0, [1, 0, 0, last], payload);
    }
    session.tick();
    for (last, (city, point)) in (1..).zip(cities.into_iter().zip(at)) {
        hold(&session, [1, 0, 0, last], "US", city, point);
    }
    let told = places(&session).places;
    let rows: Vec<_> = told.iter().map(|it| (it.city.as_deref(), it.is_country, it.sums.bytes_to)).collect();
    let springfield = Some("Springfield");
    assert_eq!(
        rows,
        [(None, true, 130), (None, false, 120), (springfield, false, 110), (springfield, false, 100)]
    );
    assert!((told[1].latitude - 40.0).abs() < 1e-9 && (told[3].latitude - 42.1).abs() < 1e-9);
}

#[test]
fn what_is_announced_from_many_places_is_doubted_without_knowing_where_here_is() {
    let mut session = Session::new(Settings::default());
    push(&mut session, 0, [1, 1, 1, 1], 58);
    session.tick();
    let host = session.find_hosts(&netsonde_messages::stream::HostQuery {
        text: Some("1.1.1.1".into()),
        limit: 1,
        ..Default::default()
    });
    let host = host.unwrap().rows.remove(0).host;
    assert!(host.place.anycast && host.place.organization.is_some());
    assert_eq!(host.doubt.map(|doubt| doubt.reason), Some(DoubtReason::Anycast));
    // No database says in which country: it is nowhere that is known.
    assert_eq!((places(&session).unknown.hosts, places(&session).here), (1, None));
}

#[test]
fn places_are_summed_up_once_a_second_and_at_the_end() {
    let mut session = Session::new(Settings::default());
    push(&mut session, 0, [1, 0, 0, 1], 58);
    session.tick();
    let unknown = |session: &mut Session| session.publication().places.places.unknown.hosts;
    assert_eq!(unknown(&mut session), 1);
    push(&mut session, 900, [1, 0, 0, 2], 58);
    session.tick();
    assert_eq!(unknown(&mut session), 1);
    push(&mut session, 1_000, [1, 0, 0, 3], 58);
    session.tick();
    assert_eq!(unknown(&mut session), 3);
    push(&mut session, 1_001, [1, 0, 0, 4], 58);
    session.finish();
    assert_eq!(unknown(&mut session), 4);
}

/// All hosts but groups are at a place, of an unknown one, nowhere or local, each once, whatever is evicted.
#[test]
fn nothing_is_lost_between_places() {
    for hosts in [1 << 20, 64] {
        let mut session =
            Session::new(Settings { limits: Limits { hosts, ..Limits::default() }, ..Settings::default() });
        let mut packets = Packets::new(Mix::new(1_767_225_600_000_000_000, 20_000, 7)).limit(20_000);
        while let Some(packet) = packets.advance() {
            let wire_len = u32::try_from(packet.bytes.len()).unwrap();
            let at = Some(Timestamp::from_nanos(packet.time));
            session.push_all(&[Packet {
                at,
                link: LinkType::ETHERNET,
                interface: 0,
                wire_len,
                bytes: packet.bytes,
            }]);
        }
        let report = session.report(FlowLimit::All);
        let sum = |groups: &mut dyn Iterator<Item = HostGroup>| {
            groups.fold([0; 4], |sum, group| {
                [
                    sum[0] + group.hosts,
                    sum[1] + group.flows,
                    sum[2] + group.bytes_from,
                    sum[3] + group.bytes_to,
                ]
            })
        };
        let of_host = |host: &netsonde_messages::Host| HostGroup {
            hosts: 1,
            flows: host.flows,
            bytes_from: host.bytes_out,
            bytes_to: host.bytes_in,
        };
        let is_host = |host: &&netsonde_messages::Host| {
            !host.local && !matches!(host.scope, Scope::Multicast | Scope::Broadcast | Scope::Unspecified)
        };
        let all = sum(&mut report.hosts.iter().filter(is_host).map(of_host));
        let told = &report.places;
        let by_place = told.places.iter().map(|place| place.sums);
        assert_eq!(sum(&mut by_place.chain([told.unknown, told.not_global])), all);
        assert!(all[0] > 0 && report.hosts_omitted > 0 || hosts > 64);
    }
}
