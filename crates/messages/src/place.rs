//! Where an address is, what it is called, and how sure that is.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Name;

/// What an address is by IANA's special-purpose address registries (RFC 6890): only a global one is anywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Reachable all over the Internet.
    #[default]
    Global,
    /// Of a private network (RFC 1918), or a unique local one (RFC 4193).
    Private,
    /// Shared behind a carrier's translator (RFC 6598).
    Shared,
    /// This machine itself.
    Loopback,
    /// Of one link (RFC 3927, RFC 4291).
    LinkLocal,
    /// A group of receivers (RFC 5771, RFC 4291).
    Multicast,
    /// Everybody on a link (RFC 919).
    Broadcast,
    /// Nobody yet, or this network (RFC 791, RFC 4291).
    Unspecified,
    /// Of documents (RFC 5737, RFC 3849, RFC 9637).
    Documentation,
    /// Of benchmarks (RFC 2544, RFC 5180).
    Benchmarking,
    /// An IPv4 address in IPv6's clothes (RFC 4291 section 2.5.5.2).
    Ipv4Mapped,
    /// An IPv4 address behind a translator (RFC 6052, RFC 8215).
    Nat64,
    /// A tunnel of Teredo (RFC 4380).
    Teredo,
    /// A tunnel of 6to4 (RFC 3056).
    SixToFour,
    /// For protocols and not for hosts, or not given out.
    Reserved,
}

/// How exactly a place is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlaceSource {
    /// The table of well-known services that the program brings.
    Table,
    /// The countries that the program brings.
    BuiltIn,
    /// A database of the user.
    Database,
    /// ip-api.com, asked.
    IpApi,
}

/// Where an address is said to be, and whose it is said to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Place {
    /// The country, ISO 3166-1 alpha-2.
    pub country: Option<Name>,
    /// The state or province, in English.
    pub region: Option<String>,
    /// The city, in English; `None` where only the country is known.
    pub city: Option<String>,
    /// Degrees north of the equator; `None` where only the country is known.
    pub latitude: Option<f64>,
    /// Degrees east of Greenwich; `None` where only the country is known.
    pub longitude: Option<f64>,
    /// The number of the autonomous system that announces the address.
    pub asn: Option<u32>,
    /// Who runs the address.
    pub organization: Option<String>,
    /// Whether one address is announced from many places, so that none of them is where it is.
    pub anycast: bool,
    /// Who says where it is; `None` where nobody does.
    pub place_source: Option<PlaceSource>,
}

impl Place {
    /// Nowhere that anybody knows.
    pub const UNKNOWN: Self = Self {
        country: None,
        region: None,
        city: None,
        latitude: None,
        longitude: None,
        asn: None,
        organization: None,
        anycast: false,
        place_source: None,
    };
}

/// Why an address is not where it is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DoubtReason {
    /// It is announced from many places.
    Anycast,
    /// It answers faster than light goes there and back.
    TooFar,
}

/// A place that an address is said to be at and is not (METRICS.md "Places").
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PlaceDoubt {
    /// Why.
    pub reason: DoubtReason,
    /// The shortest round trip to the address, in milliseconds; `None` without a sample.
    pub rtt_ms: Option<f64>,
    /// How far light in fibre comes in half of that, in kilometres.
    pub reach_km: Option<f64>,
    /// How far the place is at least, in kilometres.
    pub distance_km: Option<f64>,
}

/// Where the capture was taken, by which the way to other places is judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Here {
    /// The country, ISO 3166-1 alpha-2; `None` where only the point is known.
    pub country: Option<Name>,
    /// Degrees north of the equator; the middle of the country where no more is known.
    pub latitude: f64,
    /// Degrees east of Greenwich.
    pub longitude: f64,
    /// By what it is known.
    pub source: HereSource,
}

/// By what it is known where the capture was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HereSource {
    /// The user said so.
    Configured,
    /// A local address is a global one, and where that is, is known.
    LocalAddress,
    /// The time zone of this machine, in a capture that it takes itself.
    TimeZone,
    /// The traffic is the demo's, whose story says where it happens.
    Demo,
}

/// Who says what a host is called, the most trusted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NameSource {
    /// The host itself, by multicast DNS (RFC 6762).
    Mdns,
    /// The host itself, asking for an address (RFC 2132 section 3.14, RFC 4704).
    Dhcp,
    /// The host itself, by the names of NetBIOS (RFC 1002 section 4.2).
    Netbios,
    /// The host itself, by link-local multicast name resolution (RFC 4795).
    Llmnr,
    /// A client that asked it for this name in a hello of TLS.
    TlsSni,
    /// A client that asked it for this name in a hello of QUIC.
    QuicSni,
    /// A client that asked it for this name in a request of HTTP.
    HttpHost,
    /// An answer of DNS to a client here.
    Dns,
    /// The table of well-known services that the program brings.
    Table,
    /// An answer of DNS to our own question (RFC 1035 section 3.5).
    ReverseDns,
}

/// A name of a host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HostName {
    /// The name, in lower case, without a trailing dot.
    pub name: String,
    /// Who says so; the most trusted of them.
    pub source: NameSource,
}

/// What hosts at one place have moved; bytes as seen from here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PlaceSums {
    /// The country, ISO 3166-1 alpha-2.
    pub country: Option<Name>,
    /// The state or province, in English.
    pub region: Option<String>,
    /// The city, in English; `None` where only the country is known.
    pub city: Option<String>,
    /// Degrees north of the equator; the middle of the country where no more is known.
    pub latitude: f64,
    /// Degrees east of Greenwich.
    pub longitude: f64,
    /// Whether the coordinates are the middle of the country, and no more is known.
    pub is_country: bool,
    /// Why the hosts are not there; `None` where nothing speaks against it.
    pub doubt: Option<DoubtReason>,
    /// The hosts there.
    pub sums: HostGroup,
    /// The same by category of their applications, largest first.
    pub categories: Vec<CategorySums>,
    /// The hosts with the most bytes, largest first, at most 5.
    pub top: Vec<PlaceHost>,
}

/// What a number of hosts have moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HostGroup {
    /// Counts them.
    pub hosts: u64,
    /// Counts their flows.
    pub flows: u64,
    /// Sums the wire lengths that they sent, in bytes.
    pub bytes_from: u64,
    /// Sums the wire lengths sent to them, in bytes.
    pub bytes_to: u64,
}

/// What the applications of one category have moved to and from a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CategorySums {
    /// The category; `None` for flows of which the application is not known.
    pub category: Option<Name>,
    /// Counts their flows.
    pub flows: u64,
    /// Sums the wire lengths both ways, in bytes.
    pub bytes: u64,
}

/// A host at a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PlaceHost {
    /// Its address.
    pub address: IpAddr,
    /// Its most trusted name.
    pub name: Option<String>,
    /// Who runs its address.
    pub organization: Option<String>,
    /// Its largest application.
    pub app: Option<Name>,
    /// Sums the wire lengths both ways, in bytes.
    pub bytes: u64,
    /// Why it is not there; `None` where nothing speaks against it.
    pub doubt: Option<PlaceDoubt>,
}

/// What the hosts of one country have moved, also of those that are not there after all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CountrySums {
    /// The country, ISO 3166-1 alpha-2.
    pub country: Name,
    /// The hosts.
    pub sums: HostGroup,
    /// Those of them that are not there (`doubt` of [`PlaceSums`]).
    pub doubtful: HostGroup,
}

/// Where hosts are, and how that is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Places {
    /// Where the capture was taken; `None` where that is not known, and nothing is judged by it.
    pub here: Option<Here>,
    /// The places with the most bytes, largest first, at most 200. Local hosts are at none.
    pub places: Vec<PlaceSums>,
    /// Counts the places left out.
    pub places_omitted: u64,
    /// All countries, largest first.
    pub countries: Vec<CountrySums>,
    /// Hosts with a global address of which nobody knows where they are.
    pub unknown: HostGroup,
    /// Hosts that are nowhere, because their address is no global one; local ones aside.
    pub not_global: HostGroup,
    /// What is known by.
    pub databases: Vec<PlaceDatabase>,
}

/// A database of places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlaceDatabase {
    /// The file's name; `None` for the one that the program brings.
    pub file: Option<String>,
    /// What it calls itself.
    pub kind: String,
    /// When it was made, RFC 3339; `None` where it does not say.
    pub built: Option<String>,
    /// Whom its licence asks to be named; `None` where it asks for nothing, and where nothing is known by it.
    pub attribution: Option<Attribution>,
    /// What is wrong with its file; one of that name from before may be in use, and the rest is of that one.
    pub problem: Option<String>,
}

/// Whom a licence asks to be named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Attribution {
    /// What is to be said.
    pub text: String,
    /// Where that is to lead to.
    pub url: String,
}

/// Who is asked about addresses over the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Lookups {
    /// Reverse DNS: names of addresses, from this machine's name servers.
    pub reverse_dns: Lookup,
    /// ip-api.com: places of addresses, from a company, not encrypted.
    pub ip_api: Lookup,
}

/// How it stands with one of those who are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Lookup {
    /// Whether somebody turned it on; nothing is sent before.
    pub on: bool,
    /// Who is asked, by address or name; empty where nobody can be.
    pub servers: Vec<String>,
    /// Counts what was asked.
    pub asked: u64,
    /// Counts answers, also those that nothing is known.
    pub answered: u64,
    /// Counts attempts that came to nothing.
    pub failed: u64,
    /// Counts addresses that wait to be asked for.
    pub waiting: u64,
    /// What keeps it from being asked at the moment.
    pub problem: Option<String>,
}
