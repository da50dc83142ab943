//! A page that does not keep up.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::client::{Client, count, numbers};
use super::traffic;
use crate::support::{PATIENCE, Running};

/// Updates that the other one sees meanwhile. Each holds 500 packets of 130 bytes and more: 65 KiB.
const MISSED: usize = 8;
/// What may wait for it: a small one of the beginning, four in the 256 KiB that the server's system buffers and the
/// 16 KiB of its own, the one on its way, and the newest.
const MOST_WAITING: usize = 7;

/// Fault 46 of the design's public implementation: viewers were served one after the other, so a slow one stalled all.
#[tokio::test]
async fn a_page_that_stops_reading_gets_the_newest_and_no_packet_twice() {
    let server = Running::with_both(|_| {}, |monitor| monitor.demo = Some(traffic::lively)).unwrap();
    let (mut other, _) = Client::begin(&server).await;
    let mut slow = with_little_room(&server).await;
    other.start("demo").await;
    let mut seen = 0;
    let mut at = 0;
    while seen < MISSED {
        let update = other.of_type("update").await;
        seen += usize::from(numbers(&update["new_packets"]).len() == 500);
        at = count(&update["ip_composition"]["ipv4_packets_cumulative"]);
    }

    let (mut updates, mut total, mut last) = (0, 0, 0);
    loop {
        let message = next(&mut slow).await;
        if message["type"] != "update" {
            continue;
        }
        updates += 1;
        let packets = numbers(&message["new_packets"]);
        assert!(packets.len() <= 500 && packets.is_sorted(), "{packets:?}");
        assert!(packets.first().is_none_or(|first| *first > last), "{last} {packets:?}");
        last = packets.last().copied().unwrap_or(last);
        // Whatever was left out, the counts say how much there was.
        total += count(&message["metrics"]["totalPackets"]);
        assert_eq!(total, count(&message["ip_composition"]["ipv4_packets_cumulative"]));
        if total >= at {
            break;
        }
    }
    assert!(updates <= MOST_WAITING, "{updates} updates waited for it");
}

/// Connects a page that has heard its first state, and whose system buffers next to nothing.
async fn with_little_room(server: &Running) -> WebSocketStream<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(8 << 10).unwrap();
    let socket = socket.connect(server.address).await.unwrap();
    let (mut page, _) = client_async(format!("ws://{}/", server.address), socket).await.unwrap();
    page.send(Frame::text(r#"{"command":"get_status"}"#)).await.unwrap();
    while next(&mut page).await["type"] != "status_response" {}
    page
}

async fn next(page: &mut WebSocketStream<TcpStream>) -> Value {
    loop {
        let frame = tokio::time::timeout(PATIENCE, page.next()).await.unwrap().unwrap().unwrap();
        if let Frame::Text(text) = frame {
            return serde_json::from_str(&text).unwrap();
        }
    }
}
