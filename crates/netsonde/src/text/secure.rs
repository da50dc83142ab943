//! QUIC and TLS, a line for each where it occurred.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use netsonde_messages::{Name, QuicCounts, TlsCounts};
use netsonde_units::quantity::{count, counted};

use super::quality::percentiles;

/// How many versions are named.
const VERSIONS: usize = 4;

/// Says what QUIC did.
pub(super) fn quic(quic: &QuicCounts) -> Option<String> {
    let connections = quic.connections + quic.google_connections;
    if connections + quic.packets == 0 {
        return None;
    }
    let mut counts = format!("{}, {}", counted(connections, "connection"), counted(quic.packets, "packet"));
    if quic.migrations > 0 {
        counts = format!("{counts}, {}", counted(quic.migrations, "migration"));
    }
    let handshake = percentiles(&quic.handshake_rtt_ms).map(|times| format!("handshake {times}"));
    let spin = percentiles(&quic.spin_rtt_ms).map(|times| format!("spin bit {times}"));
    let parts = [Some(counts), handshake, spin];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

/// Says what TLS over TCP did.
pub(super) fn tls(tls: &TlsCounts) -> Option<String> {
    if tls.client_hellos + tls.server_hellos == 0 {
        return None;
    }
    let counts = format!(
        "{}, {} answered ({} anew, {} resumed)",
        counted(tls.client_hellos, "hello"),
        count(tls.server_hellos),
        count(tls.full),
        count(tls.resumed)
    );
    let handshake = percentiles(&tls.handshake_ms).map(|times| format!("handshake {times}"));
    let parts = [Some(counts), versions(&tls.versions), handshake];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

/// Names the versions, the most frequent first.
fn versions(versions: &BTreeMap<Name, u64>) -> Option<String> {
    let mut versions: Vec<_> = versions.iter().collect();
    versions.sort_by_key(|(name, number)| (Reverse(**number), *name));
    let named: Vec<_> = versions
        .into_iter()
        .take(VERSIONS)
        .map(|(name, number)| format!("{name} {}", count(*number)))
        .collect();
    (!named.is_empty()).then(|| named.join(", "))
}

#[cfg(test)]
mod tests {
    use netsonde_messages::Delays;

    use super::*;

    fn delays(p50: f64) -> Delays {
        Delays { samples: 9, p50: Some(p50), p95: Some(p50 * 2.0), p99: Some(p50 * 3.0), ..Delays::default() }
    }

    #[test]
    fn connections_and_handshakes_are_told_where_there_were_any() {
        assert_eq!((quic(&QuicCounts::default()), tls(&TlsCounts::default())), (None, None));
        let counts =
            QuicCounts { connections: 11, google_connections: 1, packets: 3_400, ..QuicCounts::default() };
        assert_eq!(quic(&counts).unwrap(), "12 connections, 3,400 packets");
        let counts =
            QuicCounts { migrations: 1, handshake_rtt_ms: delays(20.0), spin_rtt_ms: delays(10.0), ..counts };
        let expected = "12 connections, 3,400 packets, 1 migration; handshake p50 20.0 ms, p95 40.0 ms, p99 60.0 ms; \
                        spin bit p50 10.0 ms, p95 20.0 ms, p99 30.0 ms";
        assert_eq!(quic(&counts).unwrap(), expected);
        let counts = TlsCounts {
            client_hellos: 30,
            server_hellos: 29,
            full: 20,
            resumed: 9,
            versions: [("TLS 1.2".into(), 4), ("TLS 1.3".into(), 25)].into(),
            handshake_ms: delays(30.0),
            ..TlsCounts::default()
        };
        let expected = "30 hellos, 29 answered (20 anew, 9 resumed); TLS 1.3 25, TLS 1.2 4; \
                        handshake p50 30.0 ms, p95 60.0 ms, p99 90.0 ms";
        assert_eq!(tls(&counts).unwrap(), expected);
    }
}
