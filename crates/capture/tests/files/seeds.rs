//! The seeds of the fuzz targets: made here, committed there, replayed by every test run.

use std::fs;
use std::path::{Path, PathBuf};

use crate::compressed::{gzip, zstd};
use crate::reading::{Pieces, drain, open};
use crate::writer::{Order, Pcap, Pcapng};
use netsonde_capture::Source;

fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target)
}

fn seeds() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let pcap = |order, magic| Pcap::new(order, magic, 1).packet(1, 2, &[1; 60]).packet(3, 4, &[]).bytes();
    let little = pcap(Order::Little, Pcap::MICROS);
    let blocks = Pcapng::new(Order::Little)
        .clock(1, 9, 0)
        .packet(0, 1_000, &[1; 60])
        .section(Order::Big)
        .clock(113, 0x94, -5)
        .interface(1, 8, &[])
        .obsolete(1, 2_000, &[2; 9])
        .simple(100, &[])
        .block(0x0bad, &[0; 8])
        .bytes();
    let simple = Pcapng::new(Order::Big).interface(1, 8, &[]).simple(100, &[3; 8]).bytes();
    vec![
        ("pcap", "little-micros", little.clone()),
        ("pcap", "little-nanos", pcap(Order::Little, Pcap::NANOS)),
        ("pcap", "big-micros", pcap(Order::Big, Pcap::MICROS)),
        ("pcap", "big-nanos", pcap(Order::Big, Pcap::NANOS)),
        ("pcap", "cut", little[..70].to_vec()),
        (
            "pcap",
            "hostile-length",
            Pcap::new(Order::Big, Pcap::MICROS, 1).record([0, 0, u32::MAX, 0], &[]).bytes(),
        ),
        ("pcap", "gzip", gzip(&little)),
        ("pcap", "zstd", zstd(&little)),
        ("pcap", "gzip-blocks", gzip(&blocks)),
        ("pcapng", "damaged-tail", vec![10, 0, 0, 0, 0, 0, 0, 0, 1, 24]),
        ("pcapng", "sections", blocks),
        ("pcapng", "simple", simple),
        ("pcapng", "hostile-length", Pcapng::new(Order::Little).framed(6, 0xffff_fff0, &[0; 20], 0).bytes()),
    ]
}

/// Inputs of the target `frame`: which link type, bytes cut off behind (2), packet.
fn frames() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let ethernet = |ether_type: [u8; 2], payload: &[u8]| {
        let macs = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
        [&[0, 0, 0][..], &macs, &ether_type, payload].concat()
    };
    // From 192.0.2.1 to 192.0.2.2, without checksum: 20 bytes of header, then `payload`.
    let ipv4 = |protocol: u8, payload: &[u8]| {
        let len = 20 + u8::try_from(payload.len()).unwrap();
        let header = [0x45, 0, 0, len, 0, 0, 0x40, 0, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];
        [&header[..], payload].concat()
    };
    // A query for the address of `a`, from port 50000.
    let dns = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, b'a', 0, 0, 1, 0, 1];
    let udp = [&[0xc3, 0x50, 0, 53, 0, 27, 0, 0][..], &dns].concat();
    // From port 50000 to 443, sequence number 1, window 64 KiB less 1.
    let syn = [0xc3, 0x50, 1, 0xbb, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0xff, 0xff, 0, 0, 0, 0];
    let ipv6 = [&[0x60, 0, 0, 0, 0, 20, 6, 64][..], &[0xfe; 32], &syn].concat();
    // VLAN 7, then IPv6.
    let tagged = [&[0, 7, 0x86, 0xdd][..], &ipv6].concat();
    vec![
        ("frame", "ethernet-ipv4-udp-dns", ethernet([8, 0], &ipv4(17, &udp))),
        ("frame", "ethernet-vlan-ipv6-tcp-syn", ethernet([0x81, 0], &tagged)),
        ("frame", "raw-ipv4-tcp-cut", [&[3, 0, 100][..], &ipv4(6, &syn)].concat()),
    ]
}

/// With `NETSONDE_WRITE_SEEDS` in the environment it writes them.
#[test]
fn every_seed_is_committed() {
    let write = std::env::var_os("NETSONDE_WRITE_SEEDS").is_some();
    for (target, name, bytes) in seeds().into_iter().chain(frames()) {
        let path = folder(target).join(name);
        if write {
            fs::create_dir_all(folder(target)).unwrap();
            fs::write(&path, &bytes).unwrap();
        }
        let committed = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        // What a compressor makes of the same bytes may differ between its versions.
        if !name.starts_with("gzip") && !name.starts_with("zstd") {
            assert_eq!(committed, bytes, "{}", path.display());
        }
    }
}

#[test]
fn every_seed_replays_the_same_in_any_chunks() {
    for target in ["pcap", "pcapng"] {
        for entry in fs::read_dir(folder(target)).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            let Ok(source) = open(&bytes) else { continue };
            let at_once = drain(source);
            let pieces = Pieces::new(bytes, vec![1, 13]);
            let reading = drain(Source::reader("pieces", Box::new(pieces)).unwrap());
            assert_eq!(reading.packets, at_once.packets);
        }
    }
}
