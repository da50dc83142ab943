//! Many viewers, and some that do not keep up.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use netsonde_messages::stream::{Message, State};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::hostile::upgrade;
use crate::support::{PATIENCE, Running, Viewing, until};

const SUBSCRIBE: &str = r#"{"id":1,"command":"subscribe","topics":["totals","protocols","hosts","packets"]}"#;
const VIEWERS: usize = 50;
/// Publications that the others see while one viewer does not read: more than the buffers on its way hold.
const MISSED: u64 = 10;
/// What the system buffers for a connection (`SEND_BUFFER` of the server, which Linux doubles), in bytes.
const SYSTEM_BUFFER: usize = 2 * (128 << 10);
/// What a stalled viewer's own system buffers, in bytes; Linux doubles what the test asks for.
const OWN_BUFFER: usize = 2 * (8 << 10);

/// Fault 46 of the design's public implementation: viewers were served one after the other, so a slow one stalled all.
/// Fault 47: what a viewer was sent grew with the traffic.
#[tokio::test]
async fn a_viewer_that_stops_reading_delays_nobody_and_comes_back_to_the_newest_state() {
    let server = Running::start();
    // Rows enough for a full list of the newest packets in every publication.
    let _endless = server.endless(300);
    let mut stalled = viewer_with_little_room(&server).await;
    let others: Vec<_> = {
        let mut others = Vec::new();
        for _ in 0..VIEWERS {
            let mut viewer = server.viewer().await;
            viewer.say(SUBSCRIBE).await;
            others.push(tokio::spawn(watch(viewer)));
        }
        others
    };
    let mut largest = 0;
    for other in others {
        let (pause, publication) = other.await.unwrap();
        // Four publications a second; a send to the stalled one may take 20 s.
        assert!(pause < Duration::from_secs(3), "an update took {pause:?}");
        largest = largest.max(publication);
    }

    let newest = server.monitor.publication().sequence;
    // All that may wait for it: what the systems hold, and the publication that was on its way.
    let bound = SYSTEM_BUFFER + OWN_BUFFER + largest;
    let (mut drained, mut last) = (0, 0);
    let skipped = loop {
        let text = text(&mut stalled).await;
        match serde_json::from_str(&text).unwrap() {
            Message::Gap { skipped } => break skipped,
            Message::Update { sequence, .. } => last = sequence,
            _ => {}
        }
        drained += text.len();
        assert!(drained <= bound, "{drained} bytes waited for the stalled viewer, more than {bound}");
    };
    let state = serde_json::from_str(&text(&mut stalled).await).unwrap();
    assert!(matches!(&state, Message::InitialState(state) if state.packets.is_some()), "{state:?}");
    let next = loop {
        if let Message::Update { sequence, .. } = serde_json::from_str(&text(&mut stalled).await).unwrap() {
            break sequence;
        }
    };
    assert!(next > newest && next > last + skipped + 1, "{next} after {newest} and {last} + {skipped}");
}

/// Follows updates; returns the longest pause between two and the bytes of the largest publication.
async fn watch(mut viewer: Viewing) -> (Duration, usize) {
    let (mut longest, mut largest) = (Duration::ZERO, 0);
    let (mut first, mut current, mut bytes) = (None, 0, 0);
    let mut heard = None::<Instant>;
    loop {
        let frame = tokio::time::timeout(PATIENCE, viewer.socket.next()).await.unwrap().unwrap().unwrap();
        let Frame::Text(text) = frame else { continue };
        assert!(!text.contains(r#""type":"gap""#), "this viewer reads and misses nothing");
        let Some(sequence) = sequence(&text) else { continue };
        let now = Instant::now();
        longest = longest.max(heard.replace(now).map_or(Duration::ZERO, |before| now - before));
        bytes = if sequence == current { bytes + text.len() } else { text.len() };
        largest = largest.max(bytes);
        current = sequence;
        if sequence >= *first.get_or_insert(sequence) + MISSED {
            return (longest, largest);
        }
    }
}

/// Returns the number of an update without reading all of it: fifty viewers share this thread with the server.
fn sequence(text: &str) -> Option<u64> {
    let (_, rest) = text.strip_prefix(r#"{"type":"update","#)?.split_once(r#""sequence":"#)?;
    rest.split(',').next()?.parse().ok()
}

/// Connects a viewer that has seen its first state and reads no further; its system buffers next to nothing.
async fn viewer_with_little_room(server: &Running) -> WebSocketStream<TcpStream> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(8 << 10).unwrap();
    let socket = socket.connect(server.address).await.unwrap();
    let (mut viewer, _) =
        client_async(format!("ws://{}/api/v1/stream", server.address), socket).await.unwrap();
    futures_util::SinkExt::send(&mut viewer, Frame::text(SUBSCRIBE)).await.unwrap();
    while !text(&mut viewer).await.contains("initial_state") {}
    viewer
}

async fn text(viewer: &mut WebSocketStream<TcpStream>) -> String {
    loop {
        let frame = tokio::time::timeout(PATIENCE, viewer.next()).await.unwrap().unwrap().unwrap();
        if let Frame::Text(text) = frame {
            return text.as_str().to_owned();
        }
    }
}

/// Fault 46 of the design's public implementation: without pings, a dead peer stayed for ever.
#[tokio::test]
async fn a_peer_that_answers_no_ping_is_dropped_and_one_that_does_stays() {
    let server = Running::with(|settings| {
        settings.patience.ping_every = Duration::from_millis(50);
        settings.patience.silence = Duration::from_millis(400);
    })
    .unwrap();
    let mut alive = server.viewer().await;
    alive.watch_totals().await;
    // It takes everything in and answers nothing, as a machine does whose programs hang.
    let mut dead = upgrade(&server).await;
    let _endless = server.endless_for(1, true);
    let mut heard = Vec::new();
    let dropped = async {
        tokio::time::timeout(PATIENCE, dead.read_to_end(&mut heard)).await.unwrap().unwrap();
    };
    // Five publications are more than a second, three times the silence that is allowed; reading answers pings.
    tokio::join!(dropped, alive.follow(5));
    assert_eq!(server.monitor.status().state, State::Running);
    drop(alive);
    until(|| server.monitor.status().state == State::Finished).await;
}

/// A dead peer is no viewer: what needs one does not go on for it.
#[tokio::test]
async fn a_session_does_not_go_on_for_a_dead_peer() {
    let server = Running::with(|settings| {
        settings.patience.ping_every = Duration::from_millis(50);
        settings.patience.silence = Duration::from_millis(200);
    })
    .unwrap();
    let _dead = upgrade(&server).await;
    let _endless = server.endless_for(1, true);
    until(|| server.monitor.status().state == State::Finished).await;
}
