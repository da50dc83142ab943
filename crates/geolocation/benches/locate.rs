//! What it costs to find out where an address is.

use std::hint::black_box;
use std::net::IpAddr;

use criterion::{Criterion, Throughput};
use netsonde_geolocation::{Extent, Locator, Standpoint, scope};
use netsonde_messages::HereSource;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let locator = Locator::built_in();
    let missing = locator.databases().into_iter().find_map(|database| database.problem);
    assert!(missing.is_none(), "no database of countries: {missing:?}");

    let mut group = criterion.benchmark_group("locate");
    group.throughput(Throughput::Elements(1));
    let addresses = [
        ("v4", "193.0.6.139"),
        ("v6", "2a00:1450:4001:82a::200e"),
        ("service", "8.8.8.8"),
        ("private", "192.168.1.1"),
        ("nobody", "2aff::1"),
    ];
    for (name, address) in addresses {
        let address: IpAddr = address.parse().unwrap_or(IpAddr::from([0; 4]));
        group.bench_function(name, |bencher| bencher.iter(|| locator.locate(black_box(address))));
    }
    // Of as many hosts as a large session has, no two next to each other alike.
    let many: Vec<_> =
        (0..50_000_u32).map(|n| IpAddr::from(n.wrapping_mul(2_654_435_761).to_be_bytes())).collect();
    group.throughput(Throughput::Elements(50_000));
    group.bench_function("50,000 of v4", |bencher| {
        bencher.iter(|| many.iter().filter(|&&address| locator.locate(black_box(address)).is_some()).count());
    });
    group.finish();

    let mut group = criterion.benchmark_group("judge");
    let address = IpAddr::from([193, 0, 6, 139]);
    group.bench_function("scope", |bencher| bencher.iter(|| scope(black_box(address))));
    let place = locator.locate(address);
    for (name, extent) in
        [("from a point", Extent::Point(52.52, 13.40)), ("from a country", Extent::Country("RU".into()))]
    {
        let here = Standpoint { extent, source: HereSource::Configured };
        group.bench_function(name, |bencher| {
            bencher.iter(|| place.as_ref().and_then(|place| here.doubt(black_box(place), Some(1_000_000))));
        });
    }
    group.finish();
    criterion.final_summary();
}
