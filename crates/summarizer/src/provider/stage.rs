//! A provider that plays what it is told, for tests: on loopback, with what it was sent kept.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// Longer than anything here takes; a wait that long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// What is done with one request.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Answers with a status, another header line and a body.
    Answer(u16, &'static str, String),
    /// Answers nothing until the other side has hung up.
    Hang,
    /// Answers half of what it announces, and closes.
    Half,
    /// Closes without a word.
    Close,
    /// Answers without an end, as fast as it is taken.
    Endless,
    /// Answers without an end, a byte now and then.
    Trickle,
}

/// A provider on loopback, with one connection for each request.
pub(crate) struct Stage {
    pub(crate) address: SocketAddr,
    requests: Receiver<String>,
    ends: Receiver<()>,
}

impl Stage {
    /// Plays acts in their order, the last one again and again.
    pub(crate) fn play(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let ((sends, requests), (tells, ends)) = (channel(), channel());
        thread::spawn(move || {
            for number in 0.. {
                let Ok((mut stream, _)) = listener.accept() else { return };
                let act = acts[usize::min(number, acts.len() - 1)].clone();
                if sends.send(read(&mut stream)).is_err() {
                    return;
                }
                let tells = tells.clone();
                thread::spawn(move || {
                    // The other side may hang up in the middle.
                    let _ = perform(&act, &mut stream);
                    let _ = tells.send(());
                });
            }
        });
        Self { address, requests, ends }
    }

    /// Answers with JSON, as is.
    pub(crate) fn json(body: &impl ToString) -> Act {
        Act::Answer(200, "Content-Type: application/json", body.to_string())
    }

    /// Returns the next request, as it was sent.
    pub(crate) fn request(&self) -> String {
        self.requests.recv_timeout(PATIENCE).unwrap()
    }

    /// Returns the requests that nobody has asked for yet.
    pub(crate) fn others(&self) -> Vec<String> {
        self.requests.try_iter().collect()
    }

    /// Waits until the next connection has ended.
    pub(crate) fn wait_for_end(&self) {
        self.ends.recv_timeout(PATIENCE).unwrap();
    }
}

/// Reads a request with its body.
fn read(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let (mut request, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut piece).unwrap();
        request.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let field = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
        });
        if length == 0 || body.len() >= field.unwrap_or(0) {
            return text.into_owned();
        }
    }
}

fn perform(act: &Act, stream: &mut TcpStream) -> std::io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    match act {
        Act::Answer(status, field, body) => {
            let length = body.len();
            write!(stream, "HTTP/1.1 {status} -\r\n{field}\r\nContent-Length: {length}\r\n\r\n{body}")
        }
        Act::Hang => {
            while stream.read(&mut [0])? > 0 {}
            Ok(())
        }
        Act::Half => write!(stream, "{head}Content-Length: 100\r\n\r\n{{\"choices\""),
        Act::Close => Ok(()),
        Act::Endless => {
            write!(stream, "{head}\r\n\"")?;
            loop {
                stream.write_all(&[b'a'; 4096])?;
            }
        }
        Act::Trickle => {
            write!(stream, "{head}\r\n\"")?;
            stream.set_read_timeout(Some(Duration::from_millis(10)))?;
            loop {
                stream.write_all(b"a")?;
                if stream.read(&mut [0]).is_ok_and(|length| length == 0) {
                    return Ok(());
                }
            }
        }
    }
}
