//! The program's dashboard, as a page talks to it.

use std::net::TcpStream;
use std::process::{Command, Stdio};

use netsonde_messages::Calls;
use netsonde_messages::stream::{Message, ReplyData, State, Status, TopicState, TotalsTopic, TrafficTotals};
use tungstenite::{Message as Frame, WebSocket};

use crate::support::{NETSONDE, PATIENCE, Program};

/// A program that serves, with a folder of its own.
pub(crate) struct Dashboard {
    program: Program,
    address: String,
    _folder: tempfile::TempDir,
}

impl Dashboard {
    /// Starts the program, through another one if that is given.
    pub(crate) fn start(through: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (first, more) = match through {
            [first, more @ ..] => (*first, [more, &[NETSONDE]].concat()),
            [] => (NETSONDE, Vec::new()),
        };
        let mut command = Command::new(first);
        command.args(more).args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path());
        let mut program = Program::start(command.stdin(Stdio::null()));
        let line = program.stdout.wait_for(|line| line.contains("http://"));
        let address = line.split_once("http://").expect("an address").1.to_owned();
        Self { program, address, _folder: folder }
    }

    /// Opens a WebSocket that does not wait for ever.
    pub(crate) fn connect(&self, path: &str) -> WebSocket<TcpStream> {
        let socket = TcpStream::connect(&self.address).expect("the program listens");
        socket.set_read_timeout(Some(PATIENCE)).expect("a time to wait");
        let (socket, _) = tungstenite::client(format!("ws://{}{path}", self.address), socket)
            .expect("the program speaks WebSocket");
        socket
    }

    pub(crate) fn viewer(&self) -> Viewing {
        let socket = self.connect("/api/v1/stream");
        let mut viewing = Viewing {
            socket,
            id: 0,
            status: None,
            traffic: None,
            totals: None,
            calls: None,
            publications: 0,
        };
        let topics = r#""command":"subscribe","topics":["totals","protocols","hosts","packets"]"#;
        viewing.ask(topics).expect("a page may subscribe");
        viewing
    }

    /// Returns the number of the program's process.
    pub(crate) fn pid(&self) -> u32 {
        self.program.child.id()
    }

    /// Ends the program, which must not take long.
    pub(crate) fn end(self) {
        self.program.signal("TERM");
        let ended = self.program.end_within(std::time::Duration::from_secs(3));
        assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    }
}

/// A page that follows everything.
pub(crate) struct Viewing {
    socket: WebSocket<TcpStream>,
    id: u64,
    status: Option<Status>,
    traffic: Option<TrafficTotals>,
    /// The totals that were heard last.
    pub(crate) totals: Option<Box<TotalsTopic>>,
    /// The calls and streams that were heard last.
    pub(crate) calls: Option<Calls>,
    /// Counts the totals that were heard.
    pub(crate) publications: u64,
}

impl Viewing {
    /// Asks, and returns what the reply brings, or its error.
    pub(crate) fn ask(&mut self, command: &str) -> Result<Option<ReplyData>, String> {
        self.id += 1;
        let request = format!(r#"{{"id":{},{command}}}"#, self.id);
        self.socket.send(Frame::text(request)).expect("the program reads");
        loop {
            if let Message::Reply(reply) = self.hear() {
                assert_eq!(reply.id, self.id);
                return if reply.ok { Ok(reply.data) } else { Err(reply.error.expect("a reason")) };
            }
        }
    }

    pub(crate) fn start_capture(
        &mut self,
        interface: &str,
        filter: &str,
    ) -> Result<Option<ReplyData>, String> {
        let source = format!(r#""source":{{"interface":"{interface}"}}"#);
        self.ask(&format!(r#""command":"start_capture",{source},"filter":"{filter}""#))
    }

    /// Follows until things are as wanted.
    pub(crate) fn until(&mut self, what: &str, is_wanted: impl Fn(&Status, &TrafficTotals) -> bool) {
        let mut heard = 0;
        loop {
            if let (Some(status), Some(traffic)) = (&self.status, &self.traffic)
                && is_wanted(status, traffic)
            {
                return;
            }
            assert!(heard < 1_000, "not {what}: {:?} {:?}", self.status, self.traffic);
            self.hear();
            heard += 1;
        }
    }

    /// Follows so many publications and returns the last traffic.
    pub(crate) fn follow(&mut self, publications: u64) -> TrafficTotals {
        let until = self.publications + publications;
        while self.publications < until {
            self.hear();
        }
        self.traffic.expect("totals were heard")
    }

    pub(crate) fn until_state(&mut self, state: State, packets: u64) -> Status {
        self.until(&format!("{state:?} with {packets} packets"), |status, traffic| {
            status.state == state && traffic.packets == packets
        });
        self.status.clone().expect("a status was heard")
    }

    /// Waits for the next message.
    pub(crate) fn hear(&mut self) -> Message {
        loop {
            let frame = self.socket.read().expect("the program speaks in time");
            let Frame::Text(text) = frame else { continue };
            let message = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            match &message {
                Message::Status(status) => self.status = Some(status.clone()),
                Message::InitialState(state) => {
                    self.status = Some(state.status.clone());
                    self.traffic = state.totals.as_ref().map(|totals| totals.traffic);
                    self.totals = state.totals.clone().map(Box::new);
                    self.calls.clone_from(&state.calls);
                }
                Message::Update { topic: TopicState::Totals(totals), .. } => {
                    self.traffic = Some(totals.traffic);
                    self.totals = Some(totals.clone());
                    self.publications += 1;
                }
                Message::Update { topic: TopicState::Calls(calls), .. } => self.calls = Some(calls.clone()),
                Message::Gap { .. } => panic!("this viewer keeps up"),
                _ => {}
            }
            return message;
        }
    }
}
