//! Watching the interface that viewers come in by.

use std::net::{Ipv4Addr, UdpSocket};

use netsonde_messages::stream::State;

use crate::dashboard::Dashboard;
use crate::wire::Wire;

const DATAGRAMS: u64 = 500;

/// What the design's traps warn of: each update is captured and makes the next one bigger.
#[test]
fn the_dashboards_own_traffic_is_not_counted() {
    if let Some(wire) = Wire::new("l") {
        wire.run_here("own_traffic::inside_loopback");
    }
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_loopback() {
    watch_loopback(&[]);
}

/// Watches the interface that the viewers come in by, with a program that is started through another one.
pub(crate) fn watch_loopback(through: &[&str]) {
    let dashboard = Dashboard::start(through);
    let (mut first, mut second) = (dashboard.viewer(), dashboard.viewer());
    first.start_capture("lo", "").expect("the loopback interface is up");
    // Somebody listens: no ICMP errors come back.
    let receiver = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let sender = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = receiver.local_addr().expect("an address");
    let mut datagram = [0; 8];
    for number in 0..DATAGRAMS {
        sender.send_to(&number.to_be_bytes(), address).expect("loopback takes it");
        receiver.recv(&mut datagram).expect("loopback brings it");
    }
    for viewer in [&mut first, &mut second] {
        viewer.until_state(State::Running, DATAGRAMS);
    }
    // Silence, but for a second of updates to two viewers: at least a packet for each.
    let before = first.follow(1);
    let after = first.follow(4);
    assert_eq!((before.packets, after.packets), (DATAGRAMS, DATAGRAMS));
    assert!(after.own_packets >= before.own_packets + 4 * 2, "{before:?} {after:?}");
    // Ethernet, IPv4, UDP and 8 bytes each: nothing of the stream is in the bytes either.
    assert_eq!(after.bytes, DATAGRAMS * (14 + 20 + 8 + 8));
    dashboard.end();
}
