//! A web server that plays ip-api.com.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::hands::{PATIENCE, shown};

/// What is done with one request.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Answers with a status, further header lines and a body.
    Answer(u16, &'static str, String),
    /// Answers nothing until the other side has hung up.
    Hang,
    /// Answers half of what it announces, and closes.
    Half,
    /// Closes without a word.
    Close,
    /// Answers without an end, as fast as it is taken.
    Endless,
}

/// A request: for which address, when by the clock of the test, and all of it.
pub(crate) struct Request {
    pub(crate) address: IpAddr,
    pub(crate) at: Duration,
    pub(crate) text: String,
}

pub(crate) struct WebServer {
    pub(crate) address: SocketAddr,
    pub(crate) requests: Receiver<Request>,
}

impl WebServer {
    /// Plays what `act` says of each request, by its number from 0 and its address; one connection for each.
    pub(crate) fn play(act: impl Fn(usize, IpAddr) -> Act + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (sends, requests) = channel();
        thread::spawn(move || {
            for number in 0.. {
                let Ok((mut stream, _)) = listener.accept() else { return };
                let text = read(&mut stream);
                let path = text.split(' ').nth(1).expect("a request line");
                let address = path.trim_start_matches("/json/").split('?').next().expect("a path");
                let address = address.parse().expect("an address");
                let act = act(number, address);
                if sends.send(Request { address, at: shown(), text }).is_err() {
                    return;
                }
                // The other side may hang up in the middle.
                thread::spawn(move || drop(perform(&act, &mut stream)));
            }
        });
        Self { address, requests }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the requests so far that nobody has asked for yet.
    pub(crate) fn so_far(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }
}

/// Answers what is right for an address, with further header lines.
pub(crate) fn right(address: IpAddr, fields: &'static str) -> Act {
    let body = format!(
        r#"{{"status":"success","countryCode":"IS","regionName":"R","city":"C{address}","lat":64.1,"lon":-21.9,"isp":"I",
        "org":"O","as":"AS64500 A","query":"{address}"}}"#
    );
    Act::Answer(200, fields, body)
}

fn read(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(PATIENCE)).expect("a time to wait");
    let (mut request, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut piece).expect("it is sent in time");
        request.extend_from_slice(piece.get(..length).expect("what was read"));
        let text = String::from_utf8_lossy(&request);
        if length == 0 || text.contains("\r\n\r\n") {
            return text.into_owned();
        }
    }
}

fn perform(act: &Act, stream: &mut TcpStream) -> std::io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    match act {
        Act::Answer(status, fields, body) => {
            let length = body.len();
            write!(stream, "HTTP/1.1 {status} -\r\n{fields}Content-Length: {length}\r\n\r\n{body}")
        }
        Act::Hang => {
            while stream.read(&mut [0])? > 0 {}
            Ok(())
        }
        Act::Half => write!(stream, "{head}Content-Length: 100\r\n\r\n{{\"status\""),
        Act::Close => Ok(()),
        Act::Endless => {
            write!(stream, "{head}\r\n\"")?;
            loop {
                stream.write_all(&[b'a'; 4096])?;
            }
        }
    }
}
