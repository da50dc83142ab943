//! What everything splits into, as bars of 100 %.

use netsonde_messages::ProtocolDistribution;
use netsonde_units::quantity::{bytes, share};

use crate::figures::Figures;

/// A bar of 100 %; its parts are those that have any bytes.
pub(super) struct Bar {
    pub(super) title: &'static str,
    /// Whether it takes the whole width of the page.
    pub(super) is_wide: bool,
    pub(super) parts: Vec<BarPart>,
}

/// A part of a bar.
pub(super) struct BarPart {
    pub(super) name: &'static str,
    /// The colour, by the class of the style.
    pub(super) class: &'static str,
    /// How large it is, in words.
    pub(super) text: String,
    /// The same, 0 to 1.
    pub(super) ratio: f64,
}

/// The eight classes, in their own order, so that colours stand where they stood before.
pub(super) fn classes(figures: &Figures<'_>) -> Option<Bar> {
    let ProtocolDistribution { tcp, udp, rtp, tls, quic, dns, igmp, others } =
        figures.measured.protocols.distribution;
    let parts = [
        ("TCP", "tcp", tcp.bytes),
        ("UDP", "udp", udp.bytes),
        ("QUIC", "quic", quic.bytes),
        ("TLS", "tls", tls.bytes),
        ("DNS", "dns", dns.bytes),
        ("RTP", "rtp", rtp.bytes),
        ("IGMP", "igmp", igmp.bytes),
        ("Others", "others", others.bytes),
    ];
    bar("What the bytes were", &parts)
}

/// IPv4, IPv6 and what is neither.
pub(super) fn network(figures: &Figures<'_>) -> Option<Bar> {
    let split = &figures.measured.totals.ip_composition;
    let parts = [
        ("IPv4", "tcp", split.ipv4_bytes),
        ("IPv6", "tls", split.ipv6_bytes),
        ("Neither", "others", split.other_bytes),
    ];
    bar("IP version of the bytes", &parts)
}

/// Encrypted or not.
pub(super) fn encrypted(figures: &Figures<'_>) -> Option<Bar> {
    let split = &figures.measured.totals.encryption_composition;
    let parts = [
        ("Encrypted", "tls", split.encrypted_bytes),
        ("Not known to be encrypted", "udp", split.unencrypted_bytes),
    ];
    bar("Encryption of the bytes", &parts)
}

fn bar(title: &'static str, parts: &[(&'static str, &'static str, u64)]) -> Option<Bar> {
    let total: u64 = parts.iter().map(|(.., volume)| volume).sum();
    let part = |&(name, class, volume): &(_, _, u64)| BarPart {
        name,
        class,
        text: format!("{}, {}", share(volume, total), bytes(volume)),
        ratio: volume as f64 / total as f64,
    };
    let parts: Vec<_> = parts.iter().filter(|(.., volume)| *volume > 0).map(part).collect();
    (!parts.is_empty()).then_some(Bar { title, is_wide: parts.len() > 3, parts })
}
