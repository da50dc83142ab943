//! Messages of QUIC, made from the engine's numbers.

use netsonde_dissect::Class;
use netsonde_dissect::quic::Version;
use netsonde_flow::{LongType, QuicRow};
use netsonde_messages::{FlowQuic, Name, QuicCounts};
use netsonde_metrics::{Measured, Snapshot};

use crate::{flows, quality};

/// What versions beyond those that are counted one by one are called.
const OTHERS: &str = "other";

/// Returns what QUIC did.
pub(crate) fn counts(metrics: &Snapshot) -> QuicCounts {
    let quic = &metrics.flows.quic;
    let versions = quic.versions.iter().map(|(version, count)| (format!("{version:#010x}").into(), count));
    let others = (quic.versions.others() > 0).then(|| (OTHERS.into(), quic.versions.others()));
    let Measured { all, standing } = &metrics.quic;
    let Measured { all: spin, standing: spin_standing } = &metrics.spin;
    let types = LongType::ALL.into_iter().map(|kind| (kind.name().into(), quic.packet_types[kind]));
    QuicCounts {
        connections: quic.connections,
        google_connections: quic.google_connections,
        packets: metrics.classes[Class::Quic].packets,
        versions: versions.chain(others).collect(),
        packet_types: types.filter(|&(_, count)| count > 0).collect(),
        migrations: quic.migrations,
        handshake_rtt_ms: quality::delays(all),
        handshake_rtt: quality::standing(standing),
        spin_rtt_ms: quality::delays(spin),
        spin_rtt: quality::standing(spin_standing),
    }
}

/// Returns what is known of one connection.
pub(crate) fn flow(row: &QuicRow) -> FlowQuic {
    FlowQuic {
        version: row.version.map(version),
        handshake_rtt_ms: row.handshake_nanos.map(quality::milliseconds),
        spin_rtt_ms: flows::mean(&row.spin).map(quality::milliseconds),
        retried: row.retried,
        migrated_from: row.migrated_from,
    }
}

/// Returns the name of a version.
fn version(version: u32) -> Name {
    match Version(version) {
        Version::ONE => "QUIC 1".into(),
        Version::TWO => "QUIC 2".into(),
        Version(draft @ 0xff00_0000..=0xff00_00ff) => format!("QUIC draft {}", draft & 0xff).into(),
        Version(other) => match other.to_be_bytes() {
            // Google's, which are text.
            [name @ (b'Q' | b'T'), a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9'] => {
                [name, a, b, c].map(char::from).iter().collect::<String>().into()
            }
            _ => format!("{other:#010x}").into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_go_by_their_names_and_others_by_their_numbers() {
        assert_eq!(
            [version(1), version(0x6b33_43cf), version(0xff00_001d)],
            ["QUIC 1", "QUIC 2", "QUIC draft 29"]
        );
        assert_eq!([version(0x5430_3531), version(0xface_b002)], ["T051", "0xfaceb002"]);
    }
}
