//! NetPulse's client, as far as it speaks.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::{PATIENCE, Running};

pub(super) struct Client {
    pub(super) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Client {
    /// Connects as a page that another program of this machine serves; nothing is heard yet.
    pub(super) async fn connect(server: &Running) -> Self {
        let mut request = format!("ws://localhost:{}/", server.address.port()).into_client_request().unwrap();
        request.headers_mut().insert("origin", "http://localhost:5173".parse().unwrap());
        Self { socket: connect_async(request).await.unwrap().0 }
    }

    /// Connects, and hears the first message.
    pub(super) async fn begin(server: &Running) -> (Self, Value) {
        let mut client = Self::connect(server).await;
        let first = client.next().await;
        assert_eq!(first["type"], "initial_state", "{first}");
        (client, first)
    }

    pub(super) async fn say(&mut self, text: &str) {
        self.socket.send(Frame::text(text)).await.unwrap();
    }

    pub(super) async fn command(&mut self, command: &str) {
        self.say(&format!(r#"{{"command":"{command}"}}"#)).await;
    }

    pub(super) async fn next(&mut self) -> Value {
        loop {
            let frame = tokio::time::timeout(PATIENCE, self.socket.next()).await.unwrap().unwrap().unwrap();
            if let Frame::Text(text) = frame {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    /// Hears until something is as wanted.
    pub(super) async fn until(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.next().await;
            if is_wanted(&message) {
                return message;
            }
        }
    }

    /// Hears until a message of a type.
    pub(super) async fn of_type(&mut self, kind: &str) -> Value {
        self.until(|message| message["type"] == kind).await
    }

    /// Hears until the answer to a command.
    pub(super) async fn answer_to(&mut self, command: &str) -> Value {
        self.until(|message| message["command"] == command).await
    }

    /// Starts a capture and returns the answer.
    pub(super) async fn start(&mut self, interface: &str) -> Value {
        self.say(&format!(r#"{{"command":"start_capture","interface":"{interface}"}}"#)).await;
        self.answer_to("start_capture").await
    }

    /// Makes sure that nothing is said for far longer than it takes to say something.
    pub(super) async fn hears_nothing(&mut self) {
        let heard = tokio::time::timeout(Duration::from_millis(500), self.socket.next()).await;
        assert!(heard.is_err(), "{heard:?}");
    }

    /// Hears until the server closes.
    pub(super) async fn closed(&mut self) -> Option<CloseFrame> {
        loop {
            match tokio::time::timeout(PATIENCE, self.socket.next()).await.unwrap() {
                Some(Ok(Frame::Close(frame))) => return frame,
                Some(Ok(_)) => {}
                None | Some(Err(_)) => return None,
            }
        }
    }
}

/// Returns a number of a message.
pub(super) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// Returns a count of a message.
pub(super) fn count(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no count"))
}

/// Returns the numbers of packets in a message.
pub(super) fn numbers(packets: &Value) -> Vec<u64> {
    packets.as_array().unwrap().iter().map(|row| row["no"].as_str().unwrap().parse().unwrap()).collect()
}
