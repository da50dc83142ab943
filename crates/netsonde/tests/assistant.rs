//! A language model on loopback: the program asks it through everything that confines the program, once for each report.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::indexing_slicing, reason = "JSON that lacks a part is null there, and the test fails")]

mod support;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use serde_json::{Value, json};
use support::{NETSONDE, PATIENCE, Program};
use tempfile::TempDir;
use tungstenite::{Message as Frame, WebSocket};

const KEY: &str = "a-key-that-nobody-may-see";

/// Answers what is not in the form that was asked for; returns where it listens, and what it is sent.
fn model() -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("its address");
    let (hears, heard) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let request = request(&mut stream);
            let answer = json!({ "choices": [{ "message": { "content": "Well, well." } }] }).to_string();
            let length = answer.len();
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{answer}")
                .expect("it is read");
            let _ = hears.send(request);
        }
    });
    (address, heard)
}

/// Reads a request, whose body is as long as it says.
fn request(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(PATIENCE)).expect("a time to wait");
    let (mut text, mut piece) = (String::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut piece).expect("it is sent in time");
        text.push_str(&String::from_utf8_lossy(&piece[..length]));
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let field = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().expect("a number"))
        });
        if body.len() >= field.expect("a length") {
            return text;
        }
    }
}

/// A microsecond pcap of so many datagrams between two addresses, one a second.
fn pcap(packets: u32) -> Vec<u8> {
    let mut file = [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat();
    // Ethernet; IPv4, 28 bytes, UDP, 10.0.0.1 to 203.0.113.7; ports 40000 to 9999, no data, no checksum.
    let frame = [
        &[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0][..],
        &[10, 0, 0, 1, 203, 0, 113, 7, 0x9c, 0x40, 0x27, 0x0f, 0, 8, 0, 0],
    ]
    .concat();
    for second in 0..packets {
        file.extend([1_700_000_000 + second, 0, 42, 42].map(u32::to_le_bytes).concat());
        file.extend(&frame);
    }
    file
}

fn serve(folder: &TempDir, model: SocketAddr, more: &[&str]) -> (Program, String) {
    std::fs::write(folder.path().join("office.pcap"), pcap(60)).expect("the folder is writable");
    let mut command = Command::new(NETSONDE);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data", "data", "--read", "office.pcap"]);
    command.args(["--log", "trace", "--llm", "openai", "--llm-model", "small", "--llm-url"]);
    command.arg(format!("http://{model}/v1")).args(more).env("NETSONDE_LLM_KEY", KEY);
    let mut program = Program::start(command.current_dir(folder.path()).stdin(Stdio::null()));
    let line = program.stdout.wait_for(|line| line.starts_with("netsonde is at http://"));
    let address = line.trim_start_matches("netsonde is at http://").trim_end_matches('/').to_owned();
    (program, address)
}

/// Waits for what is said that is as the caller wants it.
fn said(address: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
    let socket = TcpStream::connect(address).expect("the program listens");
    socket.set_read_timeout(Some(PATIENCE)).expect("a time to wait");
    let (mut socket, _): (WebSocket<TcpStream>, _) =
        tungstenite::client(format!("ws://{address}/api/v1/stream"), socket).expect("WebSocket");
    let subscribe = r#"{"id":1,"command":"subscribe","topics":["summaries"]}"#;
    socket.send(Frame::text(subscribe)).expect("the program reads");
    let mut newest = Value::Null;
    // At most four times a second something is said, and now and then a ping.
    for _ in 0..120 {
        let Frame::Text(text) = socket.read().expect("the program speaks in time") else { continue };
        let message: Value = serde_json::from_str(&text).expect("it speaks JSON");
        let said = match message["type"].as_str() {
            Some("initial_state") => &message["summaries"],
            Some("update") if message["topic"] == "summaries" => &message["data"],
            _ => continue,
        };
        if is_wanted(said) {
            return said.clone();
        }
        newest = said.clone();
    }
    panic!("it is not said: {newest}")
}

#[test]
fn a_model_that_is_allowed_is_asked_once_for_a_report_and_its_key_is_seen_by_nobody_else() {
    let (folder, (model, heard)) = (TempDir::new().expect("a folder"), model());
    let (program, address) = serve(&folder, model, &["--llm-allow", "--llm-redact"]);
    let worded = said(&address, |said| said["report"]["notice"].is_string());
    let notice = "The model's answer was not in the form that was asked for.";
    assert_eq!(worded["report"]["notice"], notice);
    assert_eq!(worded["assistant"]["state"], "allowed");
    assert_eq!(worded["assistant"]["host"], model.to_string());
    let sent = heard.recv_timeout(PATIENCE).expect("it was asked");
    assert!(sent.contains(KEY));
    for name in ["10.0.0.1", "203.0.113.7", "office.pcap"] {
        assert!(!sent.contains(name), "{name} in {sent}");
    }
    assert!(!worded.to_string().contains(KEY));
    program.signal("TERM");
    let ended = program.end_within(PATIENCE);
    assert_eq!(ended.status.code(), Some(0));
    // Only once, whatever was published meanwhile.
    assert!(heard.try_recv().is_err());
    let lines = [ended.stdout, ended.stderr].concat();
    assert!(lines.iter().all(|line| !line.contains(KEY)), "{lines:#?}");
}

#[test]
fn a_model_that_nobody_has_allowed_is_not_even_connected_to() {
    let (folder, (model, heard)) = (TempDir::new().expect("a folder"), model());
    let (_program, address) = serve(&folder, model, &[]);
    let ruled = said(&address, |said| said["report"].is_object());
    assert_eq!((&ruled["report"]["author"], &ruled["report"]["notice"]), (&json!("rules"), &Value::Null));
    let waits = said(&address, |said| said["assistant"]["state"] == "waiting");
    assert_eq!(waits["assistant"]["calls_left"], 30);
    assert!(heard.try_recv().is_err());
}

#[test]
fn a_key_of_other_programs_that_cannot_be_one_keeps_nothing_from_starting() {
    let folder = TempDir::new().expect("a folder");
    let mut command = Command::new(NETSONDE);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data", "data"]).env_clear();
    command.env("GEMINI_API_KEY", "two words").current_dir(folder.path()).stdin(Stdio::null());
    let mut program = Program::start(&mut command);
    program.stdout.wait_for(|line| line.starts_with("netsonde is at http://"));
    let line = program.stderr.wait_for(|line| line.contains("GEMINI_API_KEY"));
    assert!(line.contains("no language model is asked") && !line.contains("two words"), "{line}");
}
