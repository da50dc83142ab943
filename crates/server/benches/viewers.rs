//! What viewers cost: the share of a core that a server takes with 0, 1, 10 and 100 of them, each of which sees
//! everything, while a session measures 1,000 packets a second.
//!
//! The server is a process of its own (this program, started again), so that the viewers' own work is not counted.

#![expect(clippy::unwrap_used, reason = "a benchmark stops where something is not as it must be")]
#![expect(clippy::print_stdout, reason = "the figures are what it is for")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::fs;
use std::io::{self, BufRead as _, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use futures_util::{SinkExt as _, StreamExt as _};
use netsonde_server::{Patience, Server, ServerSettings};
use netsonde_session::{Monitor, MonitorSettings, Origin, Start};
use netsonde_units::Timestamp;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message as Frame;

/// What the program is called with to be the server.
const AS_SERVER: &str = "as-server";
const SUBSCRIBE: &str = r#"{"id":1,"command":"subscribe","topics":["totals","protocols","hosts","packets"]}"#;
const PACKETS_PER_SECOND: u32 = 1_000;
/// How often packets are written: in groups, as a capture hands them over.
const GROUPS_PER_SECOND: u32 = 50;
/// How long each number of viewers is watched.
const MEASURED: Duration = Duration::from_secs(10);
/// How long new viewers have to settle.
const SETTLED: Duration = Duration::from_secs(2);
/// What Linux counts processor time in, for every program (`USER_HZ`, proc(5)).
const TICKS_PER_SECOND: f64 = 100.0;
/// The most that 100 viewers may take of a core, in percent.
const BOUND_PERCENTAGE: f64 = 15.0;

fn main() {
    if std::env::args().any(|argument| argument == AS_SERVER) {
        serve();
        return;
    }
    let mut server = Command::new(std::env::current_exe().unwrap())
        .arg(AS_SERVER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let server = server.as_mut().unwrap();
    let packets = server.stdin.take().unwrap();
    thread::spawn(|| write_packets(packets));
    let mut address = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut address).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let within = runtime.block_on(measure(server, address.trim()));
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(within, "100 viewers take more than {BOUND_PERCENTAGE} % of a core");
}

/// Prints the share for each number of viewers; tells whether the largest is within the bound.
async fn measure(server: &Child, address: &str) -> bool {
    let mut connected = 0;
    // Bytes that all viewers heard: a server that sends nothing is cheap.
    let heard = Arc::new(AtomicU64::new(0));
    let mut share = 0.0;
    for viewers in [0, 1, 10, 100] {
        while connected < viewers {
            let (mut viewer, _) = connect_async(format!("ws://{address}/api/v1/stream")).await.unwrap();
            viewer.send(Frame::text(SUBSCRIBE)).await.unwrap();
            let heard = Arc::clone(&heard);
            tokio::spawn(async move {
                while let Some(Ok(frame)) = viewer.next().await {
                    heard.fetch_add(frame.len() as u64, Ordering::Relaxed);
                }
            });
            connected += 1;
        }
        tokio::time::sleep(SETTLED).await;
        heard.store(0, Ordering::Relaxed);
        let (began, before) = (Instant::now(), processor_seconds(server));
        tokio::time::sleep(MEASURED).await;
        share = (processor_seconds(server) - before) / began.elapsed().as_secs_f64() * 100.0;
        let kilobytes = heard.load(Ordering::Relaxed) / 1_000 / MEASURED.as_secs();
        println!("{viewers:>4} viewers: {share:5.1} % of a core, {kilobytes:>6} kB/s");
    }
    share <= BOUND_PERCENTAGE
}

/// Reads how much processor time a process has taken, in the kernel for it included.
fn processor_seconds(process: &Child) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", process.id())).unwrap();
    // Behind the name, which may hold anything: state is field 3, user and system time 14 and 15.
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks = [11, 12].map(|index| fields.get(index).unwrap().parse::<f64>().unwrap());
    ticks.iter().sum::<f64>() / TICKS_PER_SECOND
}

/// Writes packets at their pace until nobody reads.
fn write_packets(mut into: ChildStdin) {
    into.write_all(&[&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat())
        .unwrap();
    let (began, mut number) = (Instant::now(), 0);
    for group in 1.. {
        let mut bytes = Vec::new();
        for _ in 0..PACKETS_PER_SECOND / GROUPS_PER_SECOND {
            bytes.extend(record(number));
            number += 1;
        }
        if into.write_all(&bytes).is_err() {
            return;
        }
        thread::sleep(
            (began + Duration::from_secs(1) * group / GROUPS_PER_SECOND)
                .saturating_duration_since(Instant::now()),
        );
    }
}

/// A pcap record: a datagram of 100 bytes between two of 50 hosts, in 2,000 conversations.
fn record(number: u32) -> Vec<u8> {
    let payload = [0x55; 100];
    let (length, udp) = (14 + 20 + 8 + payload.len(), 8 + payload.len());
    let micros = u64::from(number) * 1_000_000 / u64::from(PACKETS_PER_SECOND);
    let stamp = [1_700_000_000 + micros / 1_000_000, micros % 1_000_000, length as u64, length as u64];
    let mut record: Vec<u8> =
        stamp.iter().flat_map(|part| u32::try_from(*part).unwrap().to_le_bytes()).collect();
    record.extend([2; 12]);
    record.extend([0x08, 0x00, 0x45, 0x00]);
    record.extend(u16::try_from(20 + udp).unwrap().to_be_bytes());
    let host = u8::try_from(number % 50).unwrap();
    record.extend([0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1 + host, 203, 0, 113, 1 + host]);
    record.extend(u16::try_from(40_000 + number % 2_000).unwrap().to_be_bytes());
    record.extend([0x23, 0x29]);
    record.extend(u16::try_from(udp).unwrap().to_be_bytes());
    record.extend([0, 0]);
    record.extend(payload);
    record
}

/// Serves what comes over standard input, and says where.
fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = ServerSettings {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        allowed_hosts: Vec::new(),
        token: None,
        uploads: folder.path().to_owned(),
        upload_max: 0,
        patience: Patience::default(),
    };
    let server = Server::listen(settings).unwrap();
    let monitor = Monitor::new(MonitorSettings::new(clock)).unwrap();
    let origin = Origin::File { path: "-".into(), name: "standard input".into(), speed: None };
    monitor.start(&Start { origin, filter: None, duration: None, needs_viewers: false }).unwrap();
    println!("127.0.0.1:{}", server.port());
    io::stdout().flush().unwrap();
    runtime.block_on(server.run(monitor, std::future::pending())).unwrap();
}

fn clock() -> Timestamp {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Timestamp::from_nanos(u64::try_from(now.as_nanos()).unwrap())
}
