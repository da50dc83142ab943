//! A name server, over UDP and TCP at one port.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::hands::shown;

/// What is done with one question.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Tells these names, which hold for so many seconds.
    Names(u32, &'static [&'static str]),
    /// Says a response code and no more (RFC 1035 section 4.1.1).
    Code(u8),
    /// Says that the answer is too long for a datagram, and tells this name over TCP.
    Truncated(&'static str),
    /// Tells this name under another id.
    OtherId(&'static str),
    /// Tells this name in answer to another question.
    OtherQuestion(&'static str),
    /// Tells this name of another address.
    OtherOwner(&'static str),
    /// Sends what is no message.
    Garbage,
    /// Keeps silent.
    Silence,
}

/// A question: for which address, and when by the clock of the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) address: IpAddr,
    pub(crate) at: Duration,
    pub(crate) over_tcp: bool,
}

type Plan = Arc<dyn Fn(IpAddr) -> Act + Send + Sync>;

pub(crate) struct NameServer {
    pub(crate) address: SocketAddr,
    pub(crate) questions: Receiver<Question>,
}

impl NameServer {
    /// Plays what `act` says of each question.
    pub(crate) fn play(act: impl Fn(IpAddr) -> Act + Send + Sync + 'static) -> Self {
        let plan: Plan = Arc::new(act);
        let (udp, tcp) = loop {
            let udp = UdpSocket::bind("127.0.0.1:0").expect("a free port");
            // The same port may be taken over TCP.
            if let Ok(tcp) = TcpListener::bind(udp.local_addr().expect("its address")) {
                break (udp, tcp);
            }
        };
        let address = udp.local_addr().expect("its address");
        let (sends, questions) = channel();
        let (plan_of_tcp, sends_of_tcp) = (Arc::clone(&plan), sends.clone());
        thread::spawn(move || datagrams(&udp, &plan, &sends));
        thread::spawn(move || streams(&tcp, &plan_of_tcp, &sends_of_tcp));
        Self { address, questions }
    }

    /// Returns the questions so far that nobody has asked for yet.
    pub(crate) fn so_far(&self) -> Vec<Question> {
        self.questions.try_iter().collect()
    }
}

fn datagrams(udp: &UdpSocket, plan: &Plan, sends: &Sender<Question>) {
    let mut piece = [0; 4096];
    while let Ok((length, from)) = udp.recv_from(&mut piece) {
        let question = piece.get(..length).expect("what was read");
        let address = asked_for(question);
        if sends.send(Question { address, at: shown(), over_tcp: false }).is_err() {
            return;
        }
        if let Some(answer) = answer(question, &plan(address), false) {
            udp.send_to(&answer, from).expect("it is sent");
        }
    }
}

fn streams(tcp: &TcpListener, plan: &Plan, sends: &Sender<Question>) {
    while let Ok((mut stream, _)) = tcp.accept() {
        let mut length = [0; 2];
        stream.read_exact(&mut length).expect("a length");
        let mut question = vec![0; u16::from_be_bytes(length).into()];
        stream.read_exact(&mut question).expect("a question");
        let address = asked_for(&question);
        if sends.send(Question { address, at: shown(), over_tcp: true }).is_err() {
            return;
        }
        let Some(answer) = answer(&question, &plan(address), true) else { continue };
        let length = u16::try_from(answer.len()).expect("a short answer").to_be_bytes();
        stream.write_all(&[&length[..], &answer].concat()).expect("it is read");
    }
}

/// Returns the labels of the name that is asked for, and where the question ends.
fn name(question: &[u8]) -> (Vec<String>, usize) {
    let (mut labels, mut at) = (Vec::new(), 12);
    while question[at] > 0 {
        let end = at + 1 + usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..end]).into_owned());
        at = end;
    }
    // The root, type and class.
    (labels, at + 5)
}

/// Reads the address from its name (RFC 1035 section 3.5, RFC 3596 section 2.5).
fn asked_for(question: &[u8]) -> IpAddr {
    let (labels, end) = name(question);
    assert_eq!(question[end - 4..end], [0, 12, 0, 1], "PTR, IN");
    if labels.ends_with(&["in-addr".into(), "arpa".into()]) {
        let octets: Vec<u8> =
            labels[..4].iter().rev().map(|label| label.parse().expect("a number")).collect();
        return IpAddr::from(<[u8; 4]>::try_from(octets).expect("four"));
    }
    let digits: String = labels[..32].iter().rev().map(String::as_str).collect();
    IpAddr::from(u128::from_str_radix(&digits, 16).expect("hexadecimal digits").to_be_bytes())
}

fn answer(question: &[u8], act: &Act, over_tcp: bool) -> Option<Vec<u8>> {
    let end = name(question).1;
    let asked = &question[12..end];
    let message = |code: u8, asked: &[u8], records: &[Vec<u8>]| {
        let count = u8::try_from(records.len()).expect("few");
        // The id; an answer, recursion desired and available; one question, so many answers.
        let head = [question[0], question[1], 0x81, 0x80 | code, 0, 1, 0, count, 0, 0, 0, 0];
        [&head[..], asked, &records.concat()].concat()
    };
    // The name that was asked for, by a pointer to where it stands.
    let same = [0xc0, 12];
    Some(match act {
        Act::Silence => return None,
        Act::Garbage => [&question[..2], &[0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0, 0xc0, 0xff][..]].concat(),
        Act::Names(ttl, names) => {
            let records: Vec<_> = names.iter().map(|name| record(&same, *ttl, name)).collect();
            message(0, asked, &records)
        }
        Act::Code(code) => message(*code, asked, &[]),
        Act::Truncated(name) if over_tcp => message(0, asked, &[record(&same, 3600, name)]),
        Act::Truncated(_) => {
            let mut message = message(0, asked, &[]);
            message[2] |= 0x02;
            message
        }
        Act::OtherId(name) => {
            let mut message = message(0, asked, &[record(&same, 3600, name)]);
            message[0] ^= 0xff;
            message
        }
        Act::OtherQuestion(name) => {
            let mut other = asked.to_vec();
            // Another first digit, of as many.
            other[1] = if other[1] == b'1' { b'2' } else { b'1' };
            message(0, &other, &[record(&same, 3600, name)])
        }
        Act::OtherOwner(name) => message(0, asked, &[record(&wire("1.2.3.4.in-addr.arpa"), 3600, name)]),
    })
}

/// Writes a PTR record.
fn record(owner: &[u8], ttl: u32, name: &str) -> Vec<u8> {
    let name = wire(name);
    let length = u16::try_from(name.len()).expect("short").to_be_bytes();
    [owner, &[0, 12, 0, 1], &ttl.to_be_bytes(), &length, &name].concat()
}

fn wire(name: &str) -> Vec<u8> {
    let label = |label: &str| [&[u8::try_from(label.len()).expect("short")], label.as_bytes()].concat();
    let labels: Vec<_> = name.split('.').map(label).collect();
    [&labels.concat()[..], &[0]].concat()
}
