//! Conversations by their ends, as a report and a truth name them both.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use anyhow::Context as _;
use serde_json::Value;

/// What carries a conversation with ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// The two ends of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ends {
    /// What carries it.
    pub transport: Transport,
    /// Who began it.
    pub client: SocketAddr,
    /// Who was asked.
    pub server: SocketAddr,
}

/// One conversation of a report, as far as names and applications go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Its ends.
    pub ends: Ends,
    /// The highest protocol recognised.
    pub protocol: String,
    /// The application, where it is known.
    pub app: Option<String>,
    /// The kind of application.
    pub category: Option<String>,
    /// The best name of the server.
    pub hostname: Option<String>,
    /// The server's name in the hello.
    pub sni: Option<String>,
    /// What the hello offers, with commas between.
    pub alpn: Option<String>,
    /// The JA3 fingerprint of the hello.
    pub ja3: Option<String>,
    /// The JA4 fingerprint of the hello.
    pub ja4: Option<String>,
}

impl Conversation {
    /// Reads the conversations of a report that have ports.
    ///
    /// # Errors
    ///
    /// When the report lists none of them, or one is not in its form.
    pub fn all(report: &Value) -> anyhow::Result<Vec<Self>> {
        let flows = report.get("flows").and_then(Value::as_array).context("the report lists no flows")?;
        let read = flows.iter().filter_map(|flow| Self::read(flow).transpose());
        read.collect::<anyhow::Result<_>>().context("a flow is not in its form")
    }

    fn read(flow: &Value) -> anyhow::Result<Option<Self>> {
        let text = |key: &str| flow.get(key).and_then(Value::as_str).map(str::to_owned);
        let ends = Ends::read(flow, "transport", ["client", "client_port", "server", "server_port"])?;
        Ok(ends.map(|ends| Self {
            ends,
            protocol: text("protocol").unwrap_or_default(),
            app: text("app"),
            category: text("category"),
            hostname: text("hostname"),
            sni: text("sni"),
            alpn: text("alpn"),
            ja3: text("ja3"),
            ja4: text("ja4"),
        }))
    }
}

impl Ends {
    /// Reads the ends of an entry by its keys for address and port of both; none where it is neither TCP nor UDP, or its
    /// ports were not seen, as in a fragment.
    ///
    /// # Errors
    ///
    /// When it lacks an address, or a port is none.
    pub fn read(entry: &Value, transport: &str, keys: [&str; 4]) -> anyhow::Result<Option<Self>> {
        let transport = match entry.get(transport).and_then(Value::as_str) {
            Some("TCP" | "tcp") => Transport::Tcp,
            Some("UDP" | "udp" | "quic" | "dtls") => Transport::Udp,
            _ => return Ok(None),
        };
        let [_, one, _, other] = keys;
        if [one, other].iter().any(|port| entry.get(port).is_none_or(Value::is_null)) {
            return Ok(None);
        }
        Self::over(transport, entry, keys).map(Some)
    }

    /// Reads the ends of an entry that does not say what carries it.
    ///
    /// # Errors
    ///
    /// When it lacks an address or a port.
    pub fn over(transport: Transport, entry: &Value, keys: [&str; 4]) -> anyhow::Result<Self> {
        let [client, client_port, server, server_port] = keys;
        let end = |address, port| -> anyhow::Result<SocketAddr> {
            let address = entry.get(address).and_then(Value::as_str).context("an address is missing")?;
            let address: IpAddr = address.parse().with_context(|| format!("{address:?} is no address"))?;
            Ok(SocketAddr::new(address, number(entry.get(port)).context("a port is missing")?))
        };
        Ok(Self { transport, client: end(client, client_port)?, server: end(server, server_port)? })
    }

    /// The same ends, begun by the other one.
    #[must_use]
    pub fn swapped(self) -> Self {
        Self { client: self.server, server: self.client, ..self }
    }

    /// The same ends whichever of them began.
    #[must_use]
    pub fn either_way(self) -> Self {
        let (client, server) = (self.client.min(self.server), self.client.max(self.server));
        Self { client, server, ..self }
    }
}

/// A port, as a number or in digits.
fn number(value: Option<&Value>) -> Option<u16> {
    match value? {
        Value::String(digits) => digits.parse().ok(),
        other => other.as_u64().and_then(|number| u16::try_from(number).ok()),
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        })
    }
}

impl fmt::Display for Ends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} > {}", self.transport, self.client, self.server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversations_without_ports_are_left_out() {
        let report = serde_json::json!({ "flows": [
            { "transport": "ICMP", "client": "192.0.2.1", "client_port": null, "server": "192.0.2.2", "server_port": null },
            { "transport": "UDP", "client": "192.0.2.1", "client_port": null, "server": "192.0.2.2", "server_port": null },
            { "transport": "TCP", "client": "2001:DB8::1", "client_port": 50_000, "server": "2001:db8::2",
              "server_port": 443, "protocol": "TLS", "app": "Netflix", "sni": "www.netflix.com", "alpn": null },
        ] });
        let conversations = Conversation::all(&report).unwrap();
        assert_eq!(conversations.len(), 1);
        assert_eq!(conversations[0].ends.to_string(), "tcp [2001:db8::1]:50000 > [2001:db8::2]:443");
        assert_eq!((conversations[0].app.as_deref(), &conversations[0].alpn), (Some("Netflix"), &None));
        assert!(Conversation::all(&Value::Null).is_err());
    }

    #[test]
    fn ends_are_the_same_either_way() {
        let entry =
            serde_json::json!({ "l4": "UDP", "a": "192.0.2.9", "b": 443, "c": "192.0.2.1", "d": "50000" });
        let ends = Ends::read(&entry, "l4", ["a", "b", "c", "d"]).unwrap().unwrap();
        let back = Ends::read(&entry, "l4", ["c", "d", "a", "b"]).unwrap().unwrap();
        assert_ne!(ends, back);
        assert_eq!(ends, back.swapped());
        assert_eq!(ends.either_way(), back.either_way());
    }

    #[test]
    fn a_port_that_is_none_is_an_error() {
        let entry =
            serde_json::json!({ "l4": "TCP", "a": "192.0.2.9", "b": 70_000, "c": "192.0.2.1", "d": 1 });
        assert!(Ends::read(&entry, "l4", ["a", "b", "c", "d"]).is_err());
    }
}
