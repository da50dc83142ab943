//! How everything was measured, and what is missing from the numbers.

use netsonde_messages::LocalRule;
use netsonde_messages::stream::SourceKind;
use netsonde_units::quantity::{count, counted, duration};

use super::{Document, places};

/// Returns what there is to say: of what, and how.
pub(super) fn of(document: &Document<'_>) -> Vec<(&'static str, String)> {
    let figures = &document.figures;
    let traffic = &figures.measured.totals.traffic;
    let lines = [
        Some(("Missing packets", drops(document))),
        figures.status.problem.clone().map(|problem| ("Not complete", format!("{problem}."))),
        (traffic.malformed_packets > 0).then(|| {
            let said = format!(
                "{} with a layer that breaks its own rules, counted as far as understood.",
                counted(traffic.malformed_packets, "packet")
            );
            ("Broken packets", said)
        }),
        (traffic.own_packets > 0).then(|| {
            let said = format!(
                "{} of netsonde's own dashboard, left out of everything else.",
                counted(traffic.own_packets, "packet")
            );
            ("Own packets", said)
        }),
        Some(("Local addresses", local(document))),
        Some((
            "Rates",
            "bits on the wire, headers included; the average is over the whole duration, silence included, the peak is \
             the busiest whole second; goodput is application payload, each byte once."
                .into(),
        )),
        Some((
            "Round trip",
            "from a TCP segment to its acknowledgement from the far side, as seen where it was captured; what is \
             ambiguous is left out; percentiles within 1 %."
                .into(),
        )),
        Some((
            "Sent again",
            "TCP segments with payload that were sent again, except those that had arrived, in all segments with payload."
                .into(),
        )),
        has_streams(document).then(|| {
            let said = "jitter by RFC 3550; MOS by the E-model (ITU-T G.107) from loss and jitter, for codecs that \
                        have figures.";
            ("RTP", said.into())
        }),
        charts(document).map(|said| ("Charts", said)),
        Some((
            "Findings",
            "rules with fixed limits look at the numbers of this session; what they do not look at they cannot find."
                .into(),
        )),
    ];
    lines.into_iter().flatten().chain(places::method(figures)).collect()
}

fn drops(document: &Document<'_>) -> String {
    let traffic = &document.figures.measured.totals.traffic;
    let counts = [("the kernel", traffic.kernel_drops), ("the interface", traffic.interface_drops)];
    let known: Vec<_> = counts.iter().filter_map(|(who, drops)| Some((who, (*drops)?))).collect();
    if known.is_empty() {
        return "nobody counted what was dropped while this was captured.".into();
    }
    if known.iter().all(|(_, drops)| *drops == 0) {
        return "none were dropped, as far as the system counts them.".into();
    }
    let told: Vec<_> = known.iter().map(|(who, drops)| format!("{who} dropped {}", count(*drops))).collect();
    format!("{}; all counts and volumes are short by them.", told.join(", "))
}

fn local(document: &Document<'_>) -> String {
    if !document.local.is_empty() {
        return format!("{}, as given with {}.", document.local.join(", "), LocalRule::Given.name());
    }
    let is_live =
        document.figures.status.source.as_ref().is_some_and(|source| source.kind == SourceKind::Interface);
    let words = if is_live {
        "those of this machine's interfaces; they decide what is in and what is out."
    } else {
        "private and link-local ranges; they decide what is in and what is out."
    };
    words.into()
}

fn has_streams(document: &Document<'_>) -> bool {
    document.figures.measured.protocols.rtp.streams_seen > 0
}

fn charts(document: &Document<'_>) -> Option<String> {
    let history = document.history;
    let step = history.step_s;
    (!history.buckets.is_empty()).then(|| {
        let step = if step == 1 { "1 s".into() } else { duration(Some(step as f64)) };
        format!("each step is the average of {step}; where the line breaks, nothing was measured.")
    })
}
