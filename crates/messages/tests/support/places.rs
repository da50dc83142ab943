//! Hosts, places and who is asked, with every kind of part.

use std::net::{IpAddr, Ipv4Addr};

use netsonde_messages::stream::{
    FlowListed, HostCourse, HostDetail, HostListed, HostPeer, HostProtocol, HostStep, HostWindow, PlaceSaid,
    PlacesTopic,
};
use netsonde_messages::{
    Attribution, CategorySums, CountrySums, DoubtReason, Here, HereSource, Host, HostApp, HostGroup,
    HostName, Lookup, Lookups, NameSource, Place, PlaceDatabase, PlaceDoubt, PlaceHost, PlaceSource,
    PlaceSums, Places, Scope, Volume,
};

use super::REMOTE;

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

fn doubt() -> PlaceDoubt {
    PlaceDoubt {
        reason: DoubtReason::TooFar,
        rtt_ms: Some(4.0),
        reach_km: Some(400.0),
        distance_km: Some(6_100.5),
    }
}

fn place() -> Place {
    Place {
        country: Some("US".into()),
        region: Some("California".into()),
        city: Some("Los Gatos".into()),
        latitude: Some(37.25),
        longitude: Some(-121.75),
        asn: Some(2906),
        organization: Some("Netflix".into()),
        anycast: false,
        place_source: Some(PlaceSource::Database),
    }
}

fn group(hosts: u64) -> HostGroup {
    HostGroup { hosts, flows: hosts + 1, bytes_from: hosts + 2, bytes_to: hosts + 3 }
}

fn host() -> Host {
    let name = HostName { name: "www.netflix.com".into(), source: NameSource::QuicSni };
    Host {
        address: REMOTE,
        local: false,
        scope: Scope::Global,
        names: vec![name.name.clone()],
        named: vec![name],
        place: place(),
        doubt: Some(doubt()),
        packets_in: 200,
        packets_out: 201,
        bytes_in: 202,
        bytes_out: 203,
        flows: 204,
        resent: 205,
        protocols: vec!["QUIC".into()],
        rtt_ms: Some(4.0),
        first_seen: Some("2001-09-09T01:46:40.000000000Z".into()),
        last_seen: Some("2001-09-09T01:46:41.000000000Z".into()),
        apps: vec![HostApp { app: "Netflix".into(), bytes: 206 }],
    }
}

fn listed() -> HostListed {
    HostListed {
        active: true,
        in_bps: Some(207.5),
        out_bps: Some(208.5),
        recent_bps: vec![0.0, 209.5],
        host: host(),
    }
}

pub(super) fn window() -> HostWindow {
    let silent =
        HostListed { active: false, in_bps: None, out_bps: None, recent_bps: Vec::new(), ..listed() };
    HostWindow { total: 210, matched: 211, forgotten: 212, now_ms: Some(213.5), rows: vec![listed(), silent] }
}

pub(super) fn detail(flow: FlowListed) -> HostDetail {
    HostDetail {
        listed: listed(),
        said: vec![PlaceSaid {
            source: PlaceSource::Database,
            file: Some("city.mmdb".into()),
            place: place(),
        }],
        apps: vec![HostApp { app: "Netflix".into(), bytes: 206 }],
        protocols: vec![HostProtocol { name: "QUIC".into(), volume: Volume { packets: 214, bytes: 215 } }],
        peers: vec![HostPeer {
            address: PEER,
            name: Some("printer.local".into()),
            country: Some("DE".into()),
            doubt: Some(PlaceDoubt {
                reason: DoubtReason::Anycast,
                rtt_ms: None,
                reach_km: None,
                distance_km: None,
            }),
            sent: Volume { packets: 216, bytes: 217 },
            received: Volume { packets: 218, bytes: 219 },
        }],
        flows: vec![flow],
        flows_listed: 220,
        course: HostCourse {
            packets: 221,
            first_packet: Some(222),
            last_packet: Some(223),
            is_cut: true,
            from_ms: Some(224.5),
            step_s: 0.5,
            steps: vec![
                HostStep {
                    in_bps: 225.5,
                    out_bps: 226.5,
                    packets_per_second: 227.5,
                    rtt_ms: Some(4.5),
                    resent: 228,
                },
                HostStep::default(),
            ],
        },
    }
}

pub(super) fn places() -> Places {
    Places {
        here: Some(Here {
            country: Some("DE".into()),
            latitude: 52.5,
            longitude: 13.5,
            source: HereSource::TimeZone,
        }),
        places: vec![PlaceSums {
            country: Some("US".into()),
            region: Some("California".into()),
            city: Some("Los Gatos".into()),
            latitude: 37.25,
            longitude: -121.75,
            is_country: false,
            doubt: Some(DoubtReason::TooFar),
            sums: group(230),
            categories: vec![
                CategorySums { category: Some("Video".into()), flows: 234, bytes: 235 },
                CategorySums { category: None, flows: 236, bytes: 237 },
            ],
            top: vec![PlaceHost {
                address: REMOTE,
                name: Some("www.netflix.com".into()),
                organization: Some("Netflix".into()),
                app: Some("Netflix".into()),
                bytes: 238,
                doubt: Some(doubt()),
            }],
        }],
        places_omitted: 239,
        countries: vec![CountrySums { country: "US".into(), sums: group(240), doubtful: group(250) }],
        unknown: group(260),
        not_global: group(270),
        databases: vec![
            PlaceDatabase {
                file: None,
                kind: "country".into(),
                built: Some("2001-09-09T01:46:40.000000000Z".into()),
                attribution: None,
                problem: None,
            },
            PlaceDatabase {
                file: Some("city.mmdb".into()),
                kind: "city".into(),
                built: None,
                attribution: Some(Attribution {
                    text: "IP by Example".into(),
                    url: "https://example.org".into(),
                }),
                problem: Some("cut short".into()),
            },
        ],
    }
}

pub(super) fn topic() -> PlacesTopic {
    let lookup = Lookup {
        on: true,
        servers: vec!["192.0.2.53".into()],
        asked: 280,
        answered: 281,
        failed: 282,
        waiting: 283,
        problem: Some("too many questions".into()),
    };
    PlacesTopic { places: places(), lookups: Lookups { reverse_dns: lookup, ip_api: Lookup::default() } }
}
