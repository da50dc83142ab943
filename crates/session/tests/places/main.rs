//! Where hosts are, as sessions on command tell it while they run and after: with databases that the test makes, and a name
//! server and a web server on loopback.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops, and has a clock of its own"
)]

mod hands;
mod late;
#[path = "../../../geolocation/tests/support/mmdb.rs"]
#[expect(dead_code, reason = "made for tests of databases, too")]
mod mmdb;
#[path = "../../../geolocation/tests/ask/name_server.rs"]
#[expect(dead_code, reason = "made for tests of look-ups, too")]
mod name_server;
mod running;
#[path = "../../../geolocation/tests/ask/web_server.rs"]
#[expect(dead_code, reason = "made for tests of look-ups, too")]
mod web_server;

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::SystemTime;

use etherparse::PacketBuilder;
use netsonde_geolocation::{DatabaseFile, Locator};
use netsonde_messages::stream::{HostQuery, HostWindow, State};
use netsonde_messages::{Host, PlaceSums};
use netsonde_session::{Monitor, MonitorSettings, Origin, Publication, Start};
use netsonde_units::Timestamp;

use crate::hands::PATIENCE;
use crate::mmdb::{Writer, flat_city, flat_country};

/// Public, and in no table of services.
const WEB: [u8; 4] = [193, 0, 6, 139];
/// The same.
const TIME: [u8; 4] = [5, 9, 77, 1];

fn clock() -> Timestamp {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp::from_nanos(u64::try_from(now.as_nanos()).unwrap())
}

/// A monitor, and what it says when something has changed.
struct Watched {
    monitor: Monitor,
    changes: Receiver<()>,
}

impl Watched {
    fn by(locator: &Arc<Locator>) -> Self {
        Self::of(MonitorSettings { places: Arc::clone(locator), ..MonitorSettings::new(clock) })
    }

    fn of(settings: MonitorSettings) -> Self {
        let monitor = Monitor::new(settings).unwrap();
        let (sender, changes) = mpsc::channel();
        monitor.subscribe(move || {
            let _ = sender.send(());
        });
        Self { monitor, changes }
    }

    /// Measures a file to its end.
    fn measure(&self, capture: &[u8]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("upload");
        fs::write(&path, capture).unwrap();
        self.monitor.start(&start(&path)).unwrap();
        self.wait(|monitor| (monitor.status().state == State::Finished).then_some(()));
    }

    /// Waits until there is what is wanted.
    fn wait<T>(&self, wanted: impl Fn(&Monitor) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(&self.monitor) {
                return found;
            }
            let publication = self.monitor.publication();
            let told = || panic!("still {:?} and {:?}", publication.places, publication.hosts);
            self.changes.recv_timeout(PATIENCE).unwrap_or_else(|_| told());
        }
    }

    /// Waits until the largest place of the topic is in this city, and returns what is published then.
    fn wait_for_city(&self, city: &str) -> Arc<Publication> {
        self.wait(|monitor| {
            let publication = monitor.publication();
            let largest = publication.places.places.places.first().and_then(|place| place.city.as_deref());
            (largest == Some(city)).then_some(publication)
        })
    }

    fn find(&self, query: &HostQuery) -> HostWindow {
        self.monitor.find_hosts(query).unwrap()
    }
}

fn start(path: &Path) -> Start {
    let origin = Origin::File { path: path.to_owned(), name: "office.pcap".into(), speed: None };
    Start { origin, filter: None, duration: None, needs_viewers: false }
}

/// A query that fits all hosts.
fn all() -> HostQuery {
    HostQuery { limit: 200, ..HostQuery::default() }
}

fn addresses(window: &HostWindow) -> Vec<[u8; 4]> {
    let octets =
        |address| if let IpAddr::V4(address) = address { address.octets() } else { panic!("{address}") };
    window.rows.iter().map(|row| octets(row.host.address)).collect()
}

/// The host of an address in the topic of hosts.
fn host(publication: &Publication, address: [u8; 4]) -> Host {
    let mut hosts = publication.hosts.hosts.iter();
    hosts.find(|host| host.address == IpAddr::from(address)).unwrap().clone()
}

fn file(writer: &Writer) -> DatabaseFile {
    DatabaseFile { name: "city.mmdb".into(), content: Ok(writer.bytes()) }
}

/// A database that has both public hosts at one city.
fn at(country: &str, city: &str, latitude: f64, longitude: f64) -> DatabaseFile {
    let record = flat_city(country, "", city, latitude, longitude);
    file(&Writer::new("City").with("193.0.0.0/20", record.clone()).with("5.9.0.0/16", record))
}

/// One that knows no more of them than their countries.
fn in_countries(web: &str, time: &str) -> DatabaseFile {
    file(
        &Writer::new("Country")
            .with("193.0.0.0/20", flat_country(web))
            .with("5.9.0.0/16", flat_country(time)),
    )
}

fn knowing(database: DatabaseFile) -> Arc<Locator> {
    let locator = Arc::<Locator>::default();
    locator.set_databases(vec![database]);
    locator
}

/// A microsecond pcap: a handshake of 10.0.0.1 with [`WEB`], whose answer comes after 2 ms, and a datagram to [`TIME`] and
/// one back, of 10 bytes each.
fn capture() -> Vec<u8> {
    let mut file = [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat();
    let mut frame = |micros: u32, bytes: Vec<u8>| {
        let length = u32::try_from(bytes.len()).unwrap();
        file.extend([1_700_000_000, micros, length, length].map(u32::to_le_bytes).concat());
        file.extend(bytes);
    };
    let client = [10, 0, 0, 1];
    let ip = |from, to| PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(from, to, 64);
    let mut written = Vec::new();
    ip(client, WEB).tcp(40_000, 443, 7, 1_000).syn().write(&mut written, &[]).unwrap();
    frame(0, std::mem::take(&mut written));
    ip(WEB, client).tcp(443, 40_000, 9, 1_000).syn().ack(8).write(&mut written, &[]).unwrap();
    frame(2_000, std::mem::take(&mut written));
    ip(client, WEB).tcp(40_000, 443, 8, 1_000).ack(10).write(&mut written, &[]).unwrap();
    frame(2_100, std::mem::take(&mut written));
    ip(client, TIME).udp(40_001, 9_999).write(&mut written, &[0; 10]).unwrap();
    frame(3_000, std::mem::take(&mut written));
    ip(TIME, client).udp(9_999, 40_001).write(&mut written, &[0; 10]).unwrap();
    frame(4_000, written);
    file
}

/// A file that goes on until its writer is dropped, and holds the capture so far.
fn endless() -> (std::io::PipeWriter, PathBuf, std::io::PipeReader) {
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(&capture()).unwrap();
    let path = format!("/proc/self/fd/{}", reader.as_raw_fd()).into();
    (writer, path, reader)
}

fn cities(publication: &Publication) -> Vec<&PlaceSums> {
    publication.places.places.places.iter().collect()
}
