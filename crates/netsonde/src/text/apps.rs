//! The largest applications, and what told them.

use netsonde_messages::{App, EvidenceKind, Report, ToldBy};
use netsonde_units::quantity::{bytes, count, share};

use super::table::{Side, Table};

/// How many applications are listed; the others are summed.
const APPS: usize = 10;

/// Renders the table of applications; none where no conversation is one.
pub(super) fn apps<F>(report: &Report<F>) -> Option<String> {
    if report.apps.is_empty() {
        return None;
    }
    let mut table = Table::new([
        ("Application", Side::Left),
        ("category", Side::Left),
        ("flows", Side::Right),
        ("bytes", Side::Right),
        ("share", Side::Right),
        ("told by", Side::Left),
    ]);
    let whole = report.capture.bytes;
    let mut row = |name: &str, category: &str, flows: u64, volume: u64, told: String| {
        table.row([name.into(), category.into(), count(flows), bytes(volume), share(volume, whole), told]);
    };
    for App { app, category, flows, bytes, told_by, .. } in report.apps.iter().take(APPS) {
        row(&super::printable(app), category, *flows, *bytes, told(told_by));
    }
    let others = report.apps.iter().skip(APPS);
    let (number, flows, volume) = others.fold((0_u64, 0, 0), |(number, flows, volume), app| {
        (number + 1, flows + app.flows, volume + app.bytes)
    });
    if number > 0 {
        row(&format!("{} more", count(number)), "", flows, volume, String::new());
    }
    let rest = report.apps_unlabelled;
    if rest.packets > 0 {
        row("not known", "", rest.flows, rest.bytes, String::new());
    }
    Some(table.to_string())
}

/// Says what told an application, with how many flows where that is more than one thing.
fn told(told_by: &[ToldBy]) -> String {
    match told_by {
        [one] => kind(one.kind).into(),
        several => several
            .iter()
            .map(|told| format!("{} {}", kind(told.kind), count(told.flows)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

const fn kind(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Rule => "rule",
        EvidenceKind::TlsSni => "TLS name",
        EvidenceKind::QuicSni => "QUIC name",
        EvidenceKind::HttpHost => "HTTP host",
        EvidenceKind::Dns => "DNS",
        EvidenceKind::Signature => "signature",
        EvidenceKind::AddressRange => "address",
        EvidenceKind::Port => "port",
        EvidenceKind::None => "nothing",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_that_told_stands_alone_and_several_with_their_flows() {
        let by = |kind, flows| ToldBy { kind, flows };
        assert_eq!(told(&[by(EvidenceKind::Dns, 7)]), "DNS");
        let several = [by(EvidenceKind::TlsSni, 1_200), by(EvidenceKind::Port, 1)];
        assert_eq!(told(&several), "TLS name 1,200, port 1");
        assert_eq!(told(&[]), "");
    }
}
