//! What it costs to find whose a name or an address is.

use std::hint::black_box;
use std::net::IpAddr;

use criterion::{Criterion, Throughput};
use netsonde_app_detector::{Catalogue, FILES, Transport};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    names(&mut criterion);
    others(&mut criterion);
    criterion.final_summary();
}

fn names(criterion: &mut Criterion) {
    let longest = "a.".repeat(126) + "a";
    let hosts = [
        ("short", "github.com"),
        ("usual", "avatars1.githubusercontent.com"),
        ("deep", "a1234.dscb.eu-west-1.elb.amazonaws.com"),
        ("unknown", "www.some-shop-or-other.example"),
        ("longest", longest.as_str()),
    ];
    let catalogue = Catalogue::built_in();
    let mut group = criterion.benchmark_group("by_name");
    group.throughput(Throughput::Elements(1));
    for (name, host) in hosts {
        group.bench_function(name, |bencher| bencher.iter(|| catalogue.by_name(black_box(host))));
    }
    group.finish();
}

fn others(criterion: &mut Criterion) {
    let catalogue = Catalogue::built_in();
    let mut group = criterion.benchmark_group("others");
    group.throughput(Throughput::Elements(1));
    for (name, address) in
        [("address/v4", IpAddr::from([104, 16, 1, 2])), ("address/unknown", IpAddr::from([192, 0, 2, 1]))]
    {
        group.bench_function(name, |bencher| bencher.iter(|| catalogue.by_address(black_box(address))));
    }
    // Once in the life of a program.
    group.bench_function("read", |bencher| bencher.iter(|| Catalogue::read(black_box(FILES))));
    group.bench_function("port", |bencher| {
        bencher.iter(|| catalogue.by_port(Transport::Tcp, black_box(3306)));
    });
    group.bench_function("protocol", |bencher| bencher.iter(|| catalogue.by_protocol(black_box("SSH"))));
    group.finish();
}
