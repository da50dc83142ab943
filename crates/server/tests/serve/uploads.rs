//! Uploads that are not what they should be.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use netsonde_messages::stream::{ReplyData, State};
use tokio::io::AsyncWriteExt as _;

use crate::support::{Running, answer, pcap, until};

const HEAD: &str = "POST /api/v1/captures HTTP/1.1\r\nHost: HOST\r\nX-File-Name: my%20office.pcap";

/// Returns the id of an upload that was taken.
fn id(answer: &str) -> String {
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    answer.rsplit_once(r#""id":""#).unwrap().1.split('"').next().unwrap().to_owned()
}

fn assert_refused(answer: &str, status: u16, sentence: &str) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")) && answer.contains(sentence), "{answer}");
}

#[tokio::test]
async fn an_upload_that_is_too_large_is_refused_and_leaves_nothing() {
    let server = Running::start();
    let mut viewer = server.viewer().await;
    let _endless = server.endless(1);
    viewer.watch_totals().await;

    // By what it announces, before a byte of it has come.
    let announced = server.say(&format!("{HEAD}\r\nContent-Length: 100001"), b"").await;
    assert_refused(&announced, 413, "larger than 100000 bytes; --upload-max");
    // By what comes: ten chunks of 10,001 bytes (0x2711), with no size announced.
    let chunk = [b"2711\r\n", &[0; 10_001][..], b"\r\n"].concat();
    let streamed = server.say(&format!("{HEAD}\r\nTransfer-Encoding: chunked"), &chunk.repeat(10)).await;
    assert_refused(&streamed, 413, "larger than 100000 bytes; --upload-max");
    until(|| server.uploads().is_empty()).await;
    viewer.follow(3).await;
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let server = Running::with(|settings| {
        settings.patience.upload_pause = Duration::from_millis(100);
    })
    .unwrap();
    let head = format!("{HEAD}\r\nContent-Length: 1000");
    let mut socket = server.begin(&head).await;
    socket.write_all(&pcap(1)).await.unwrap();
    until(|| server.uploads().len() == 1).await;
    drop(socket);
    until(|| server.uploads().is_empty()).await;

    // Held open without a byte, it would keep its place for ever.
    let mut socket = server.begin(&head).await;
    socket.write_all(&pcap(1)).await.unwrap();
    assert_refused(&answer(&mut socket).await, 408, "broke off: nothing came for");
    until(|| server.uploads().is_empty()).await;
}

#[tokio::test]
async fn an_upload_that_drips_is_refused_and_leaves_nothing() {
    let server = Running::with(|settings| {
        settings.patience.upload_pause = Duration::from_millis(300);
    })
    .unwrap();
    let mut socket = server.begin(&format!("{HEAD}\r\nContent-Length: 1000")).await;
    let mut drops = tokio::time::interval(Duration::from_millis(20));
    let drip = async {
        loop {
            drops.tick().await;
            // Refused, it has nobody to read it.
            if socket.write_all(&[0]).await.is_err() {
                break;
            }
            if tokio::time::timeout(Duration::from_millis(1), socket.readable()).await.is_ok() {
                break;
            }
        }
    };
    // At 50 bytes a second the upload would take 20 s.
    tokio::time::timeout(Duration::from_secs(10), drip).await.unwrap();
    assert_refused(&answer(&mut socket).await, 408, "too slow: fewer than 65536 bytes came in");
    until(|| server.uploads().is_empty()).await;
}

#[tokio::test]
async fn a_reset_ends_the_uploads_that_are_arriving() {
    let server = Running::start();
    let mut arriving = Vec::new();
    for _ in 0..16 {
        let mut socket = server.begin(&format!("{HEAD}\r\nContent-Length: 1000")).await;
        socket.write_all(&pcap(1)).await.unwrap();
        arriving.push(socket);
    }
    until(|| server.uploads().len() == 16).await;
    let mut viewer = server.viewer().await;
    viewer.ask(r#""command":"reset""#).await.unwrap();
    // Their places are free at once, and their files go.
    let taken = id(&server.http(HEAD, &pcap(1)).await);
    for mut socket in arriving {
        assert_refused(&answer(&mut socket).await, 409, "a reset ended the upload: upload it again");
    }
    until(|| server.uploads() == [taken.clone()]).await;
}

#[tokio::test]
async fn nobody_else_may_read_an_upload() {
    let server = Running::start();
    let id = id(&server.http(HEAD, &pcap(1)).await);
    let file = std::fs::metadata(server.folder.path().join("uploads").join(id)).unwrap();
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn an_upload_that_cannot_be_kept_says_what_to_do_and_not_where_it_lay() {
    let server = Running::start();
    std::fs::remove_dir(server.folder.path().join("uploads")).unwrap();
    let answer = server.http(HEAD, &pcap(1)).await;
    assert_refused(&answer, 507, "netsonde --data DIR keeps captures in another folder");
    assert!(!answer.contains(&*server.folder.path().to_string_lossy()), "{answer}");
}

#[tokio::test]
async fn what_is_no_capture_is_refused_by_its_name_and_leaves_nothing() {
    let server = Running::start();
    for (body, sentence) in [
        (&b""[..], "my office.pcap is empty"),
        (b"%PDF-1.4 and so on", "my office.pcap is not a capture this program reads"),
        (&pcap(0)[..10], "my office.pcap is cut inside its"),
    ] {
        assert_refused(&server.http(HEAD, body).await, 422, sentence);
        until(|| server.uploads().is_empty()).await;
    }
}

#[tokio::test]
async fn a_name_with_a_path_names_no_other_place() {
    let server = Running::start();
    let head = HEAD.replace("my%20office.pcap", "..%2F..%2F..%2Fetc%2Fcron.d%2Foffice.pcap");
    let id = id(&server.http(&head, &pcap(1)).await);
    // The file is called by its id; the name is only shown.
    assert_eq!(server.uploads(), std::slice::from_ref(&id));
    let mut viewer = server.viewer().await;
    let started = viewer.ask(&format!(r#""command":"start_capture","source":{{"upload":"{id}"}}"#)).await;
    let Ok(Some(ReplyData::Status(status))) = started else { panic!("{started:?}") };
    assert_eq!(status.source.unwrap().name, "office.pcap");
    // Nor does an id.
    for id in ["../../etc/passwd", "/etc/passwd", "", "."] {
        let refused = viewer.ask(&format!(r#""command":"start_capture","source":{{"upload":"{id}"}}"#)).await;
        assert_eq!(refused, Err("that capture is not here any more: open it again".into()));
    }
}

/// Fault 50 of the design's public implementation: what it kept grew without a bound.
#[tokio::test]
async fn uploads_are_bounded_until_a_reset_drops_them() {
    let server = Running::start();
    for _ in 0..16 {
        id(&server.http(HEAD, &pcap(1)).await);
    }
    assert_refused(&server.http(HEAD, &pcap(1)).await, 507, "16 captures are kept already: reset drops them");
    assert_eq!(server.uploads().len(), 16);
    let mut viewer = server.viewer().await;
    let reset = viewer.ask(r#""command":"reset""#).await;
    assert!(matches!(reset, Ok(Some(ReplyData::Status(status))) if status.state == State::Idle));
    assert!(server.uploads().is_empty());
    id(&server.http(HEAD, &pcap(1)).await);
}

#[tokio::test]
async fn an_upload_that_hangs_does_not_hold_up_the_end_of_the_program() {
    let mut server = Running::start();
    let mut socket = server.begin(&format!("{HEAD}\r\nContent-Length: 1000")).await;
    socket.write_all(&pcap(1)).await.unwrap();
    until(|| server.uploads().len() == 1).await;
    server.stop.take().unwrap().send(()).unwrap();
    // An upload may pause for 30 s; an end takes half a second.
    let ended = tokio::time::timeout(Duration::from_secs(10), server.ended).await;
    ended.unwrap().unwrap().unwrap();
}
