//! Asks the dashboard over HTTP.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// How often is asked at most before what is wanted has to be there, and the pause in between.
const QUESTIONS: u32 = 600;
const PAUSE: Duration = Duration::from_millis(50);

/// Returns what the dashboard tells below `/api/v1/`.
pub(crate) fn get(address: &str, path: &str) -> Value {
    let mut socket = TcpStream::connect(address).expect("the program listens");
    let head = format!("GET /api/v1/{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    socket.write_all(head.as_bytes()).expect("the program reads");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("the program answers in text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 200 "), "{path}: {answer}");
    serde_json::from_str(body).expect("it speaks JSON")
}

/// Asks for the same until it is as wanted.
pub(crate) fn until(address: &str, path: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..QUESTIONS {
        let told = get(address, path);
        if is_wanted(&told) {
            return told;
        }
        thread::park_timeout(PAUSE);
    }
    panic!("{path} is told otherwise: {}", get(address, path));
}
