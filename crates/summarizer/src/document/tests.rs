use netsonde_messages::stream::PlacesTopic;
use netsonde_messages::stream::{AppRow, HistoryBucket, HistoryRates, State, Status, StatusSource};
use netsonde_messages::{
    App, EvidenceItem, Fact, FactValue, Finding, FindingRule, Host, KeyMetric, Piece, ReportPart, Sentence,
    Severity, Span, Subject, TopTalker,
};
use netsonde_messages::{Attribution, CountrySums, Here, HereSource, HostGroup, PlaceDatabase, Places};
use netsonde_session::Publication;

use super::*;

/// What a stranger may have put into a name.
const MARKUP: &str = "<img src=x onerror=alert(1)>|`\"'";

/// A session of which everything that strangers write is markup.
struct Made {
    status: Status,
    measured: Publication,
    report: SessionReport,
    history: History,
}

impl Made {
    fn document(&self) -> Document<'_> {
        let figures = Figures { status: &self.status, measured: &self.measured };
        Document { report: &self.report, figures, history: &self.history, local: &[], version: "1.2.3" }
    }

    fn html(&self) -> String {
        self.document().html(Links::Dashboard)
    }
}

fn made() -> Made {
    let source =
        StatusSource { kind: SourceKind::File, name: format!("a{MARKUP}.pcap"), progress_percentage: None };
    let status = Status {
        state: State::Finished,
        problem: Some(format!("cut off{MARKUP}")),
        session: 1,
        source: Some(source),
        filter: Some(MARKUP.into()),
        started_at: None,
        summarizing: false,
    };
    Made { status, measured: measured(), report: report(), history: history() }
}

fn measured() -> Publication {
    let mut measured = Publication::default();
    let (one, other) = ([192, 0, 2, 1].into(), [198, 51, 100, 7].into());
    measured.totals.elapsed_s = 2.0;
    measured.totals.traffic.packets = 30;
    measured.totals.traffic.bytes = 4_000;
    measured.totals.totals.inbound.bytes = 4_000;
    measured.totals.encryption_composition.encrypted_bytes = 1_000;
    measured.totals.encryption_composition.unencrypted_bytes = 3_000;
    measured.protocols.distribution.tls.bytes = 4_000;
    measured.hosts.hosts =
        vec![Host { packets_out: 30, bytes_out: 4_000, names: vec![MARKUP.into()], ..Host::silent(other) }];
    measured.hosts.talkers = vec![TopTalker {
        source: other,
        source_local: false,
        destination: one,
        destination_local: true,
        packets: 30,
        bytes: 4_000,
    }];
    let app = App { app: MARKUP.into(), flows: 1, packets: 30, bytes: 4_000, ..App::default() };
    measured.apps.apps = vec![AppRow { app, ..AppRow::default() }];
    measured
}

fn report() -> SessionReport {
    let fact = |id, see: &str| Fact {
        id,
        label: "TCP loss".into(),
        subject: Subject::Session,
        value: FactValue::Text(MARKUP.into()),
        text: MARKUP.into(),
        span: Span::default(),
        method: "counted".into(),
        see: see.into(),
    };
    let piece = |text: &str, fact| Piece { text: text.into(), fact };
    let pieces = vec![
        piece("The most came from ", None),
        piece(MARKUP, Some(1)),
        piece(" and ", None),
        piece("elsewhere", Some(2)),
        piece(".", None),
    ];
    SessionReport {
        summary: MARKUP.into(),
        sentences: vec![Sentence { pieces, author: netsonde_messages::Author::Rules }],
        severity: Severity::Critical,
        breakdown: vec![ReportPart {
            name: "TCP".into(),
            key_metrics: vec![KeyMetric { key: "Lost".into(), value: "1.0 %".into() }],
            observations: MARKUP.into(),
        }],
        findings: vec![finding()],
        facts: vec![fact(1, "/protocols?tab=TCP&a=1"), fact(2, "//elsewhere.example/")],
        ..SessionReport::default()
    }
}

fn finding() -> Finding {
    let evidence =
        EvidenceItem { text: MARKUP.into(), flow: None, packet: None, see: "javascript:alert(1)".into() };
    Finding {
        id: 1,
        rule: FindingRule::Retransmissions,
        severity: Severity::Critical,
        title: format!("Sent again {MARKUP}"),
        subject: Subject::Session,
        value: "7.0 %".into(),
        limit: Some("3.0 %".into()),
        meaning: "Transfers are slow.".into(),
        advice: "Look at the link.".into(),
        evidence: vec![evidence; 10],
        facts: vec![1],
        // 2001-09-09 01:46:40 UTC and a second later.
        first_ms: Some(1_000_000_000_000.0),
        last_ms: Some(1_000_000_001_000.0),
        holds: true,
        see: "/findings?sel=1".into(),
    }
}

fn history() -> History {
    let bucket = |second| HistoryBucket {
        second,
        stretch: 1,
        mean: HistoryRates { inbound_bps: 16_000.0, rtt_p50_ms: Some(20.0), ..HistoryRates::default() },
        ..HistoryBucket::default()
    };
    let buckets = vec![bucket(1_000_000_000), bucket(1_000_000_001)];
    History { session: 1, earliest: Some(1_000_000_000), latest: Some(1_000_000_001), step_s: 1, buckets }
}

/// The values of an attribute, in order.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let before = format!(" {attribute}=\"");
    page.split(before.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn what_strangers_wrote_is_never_markup() {
    let made = made();
    for links in [Links::Dashboard, Links::None] {
        let page = made.document().html(links);
        assert!(!page.contains("<img"), "{page}");
        assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;|`&quot;&#39;"), "{page}");
    }
    let text = made.document().markdown();
    assert!(
        !text.replace("\\<", "").contains('<') && text.contains("\\<img src=x onerror=alert\\(1\\)\\>\\|\\`"),
        "{text}"
    );
}

#[test]
fn the_page_loads_nothing_and_runs_nothing() {
    let page = made().html();
    for outside in ["http:", "https:", "<script", "<link", "<iframe", "@import", "url(", " style=", " src=\""]
    {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains(&format!("content=\"{CONTENT_POLICY}\"")));
}

#[test]
fn the_policy_lets_the_style_through_that_is_in_the_page() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let page = made().html();
    let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(style));
    assert!(CONTENT_POLICY.contains(&format!("style-src 'sha256-{hash}'")), "the style's hash is {hash}");
}

#[test]
fn links_lead_to_paths_of_the_dashboard_only() {
    let made = made();
    let page = made.html();
    let mut links = values(&page, "href");
    links.dedup();
    assert_eq!(links, ["/protocols?tab=TCP&amp;a=1", "/findings?sel=1"]);
    assert_eq!(values(&page, "target"), ["_parent", "_parent"]);
    assert!(values(&made.document().html(Links::None), "href").is_empty());
}

#[test]
fn headings_are_in_order_and_ids_are_unique() {
    let page = made().html();
    let levels: Vec<u32> = page.split("<h").skip(1).filter_map(|rest| rest.get(..1)?.parse().ok()).collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert_eq!(levels.first(), Some(&1));
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    let mut ids = values(&page, "id");
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "{ids:?}");
    for labelled in values(&page, "aria-labelledby").iter().flat_map(|names| names.split(' ')) {
        assert!(ids.contains(&labelled), "{labelled}");
    }
}

#[test]
fn each_table_names_its_columns_and_rows() {
    let page = made().html();
    let tables: Vec<_> =
        page.split("<table>").skip(1).map(|rest| rest.split("</table>").next().unwrap()).collect();
    // Talkers and applications; nothing was read in clear text, and nobody talked.
    assert_eq!(tables.len(), 2);
    for table in tables {
        let columns = table.matches("scope=\"col\"").count();
        for row in table.split("<tbody>").nth(1).unwrap().split("<tr>").skip(1) {
            assert_eq!(row.matches("scope=\"row\"").count(), 1);
            assert_eq!(row.matches("<td").count() + 1, columns);
        }
    }
}

#[test]
fn a_finding_tells_its_value_its_limit_and_what_to_do() {
    let page = made().html();
    for part in [
        "</svg>Critical</span>",
        "7.0 % <span class=\"quiet\">limit 3.0 %</span>",
        "<b>Next:</b> Look at the link.",
        "Seen from 2001-09-09 01:46:40 to 01:46:41 UTC, and still at the end.",
    ] {
        assert!(page.contains(part), "{part}");
    }
    // Ten pieces of evidence, of which the best are told.
    assert_eq!(page.matches("<li>&lt;img").count(), 4);
}

#[test]
fn services_of_one_host_that_fare_alike_are_one_finding() {
    let mut made = made();
    let service = |(id, port): (u64, u16)| Finding {
        id,
        title: format!("192.0.2.9 refuses port {port}"),
        subject: Subject::Service { address: [192, 0, 2, 9].into(), port: Some(port) },
        value: "3 of 3".into(),
        ..finding()
    };
    made.report.findings = [(1, 22), (2, 80), (3, 443)].into_iter().map(service).collect();
    let page = made.html();
    assert_eq!(page.matches("<article").count(), 1);
    assert!(page.contains("192.0.2.9 refuses port 22, 80 and 443") && page.contains("3 of 3 each"), "{page}");
    // What is shown is of all three, so it leads to where all are listed; the same evidence is told once.
    assert!(page.contains("href=\"/findings\"") && page.matches("<li>&lt;img").count() == 1, "{page}");
}

#[test]
fn findings_beyond_six_have_a_line_each() {
    let mut made = made();
    let other = |id| Finding { id, title: format!("Trouble {id}"), ..finding() };
    made.report.findings = (1..=20).map(other).collect();
    let page = made.html();
    // Six in full, eight in the table, and six that are only counted.
    assert_eq!(page.matches("<article").count(), 6);
    assert_eq!(page.matches("scope=\"row\">Trouble").count(), 8);
    assert!(page.contains("6 more, not more severe: the JSON lists them."), "{page}");
}

#[test]
fn a_report_without_findings_says_so_and_has_no_severity() {
    let mut made = made();
    made.report.findings.clear();
    let page = made.html();
    assert!(
        page.contains("</svg>No rule found anything</span>") && !page.contains("</svg>Critical"),
        "{page}"
    );
}

#[test]
fn a_session_that_runs_is_told_as_of_its_time() {
    let mut made = made();
    made.status.state = State::Running;
    made.measured.totals.now_ms = Some(1_000_000_002_000.0);
    assert!(made.html().contains("<dd>2001-09-09 01:46:42 UTC, still running</dd>"));
    made.status.state = State::Finished;
    assert!(!made.html().contains("still running"));
}

#[test]
fn a_session_of_nothing_has_a_document() {
    let made = Made {
        measured: Publication::default(),
        report: SessionReport { summary: "No packet was seen.".into(), ..SessionReport::default() },
        history: History::default(),
        ..made()
    };
    let page = made.html();
    assert!(page.contains("No packet was seen.") && !page.contains("<figure"), "{page}");
    assert!(!page.contains("NaN") && !page.contains(">inf"), "{page}");
    assert!(made.document().markdown().contains("No packet was seen."));
}

#[test]
fn a_file_is_named_after_what_was_measured_and_when() {
    assert_eq!(made().document().file_name(), "netsonde-a-img-src-x-onerror-alert-1-2001-09-09-0146");
}

#[test]
fn every_row_of_a_table_in_markdown_has_all_columns() {
    let text = made().document().markdown();
    let bars = |line: &str| line.replace("\\|", "").matches('|').count();
    for block in text.split("\n\n").filter(|block| block.starts_with('|')) {
        let mut lines = block.lines();
        let columns = bars(lines.next().unwrap());
        assert!(lines.all(|line| bars(line) == columns), "{block}");
    }
}

#[test]
fn where_the_traffic_went_is_told_with_the_credits_of_who_says_so() {
    let mut made = made();
    assert!(!made.html().contains("id=\"where\""), "no host has a global address");
    let group = |hosts, bytes_to| HostGroup { hosts, flows: hosts, bytes_from: 0, bytes_to };
    let credit = Attribution { text: format!("Places by {MARKUP}"), url: "https://places.example".into() };
    let database = |file: &str, problem| PlaceDatabase {
        file: Some(file.into()),
        kind: "City".into(),
        built: None,
        attribution: Some(credit.clone()),
        problem,
    };
    let geolite = Attribution {
        text:
            "This product includes GeoLite Data created by MaxMind, available from https://www.maxmind.com."
                .into(),
        url: "https://www.maxmind.com".into(),
    };
    let script = Attribution { text: "Nobody".into(), url: "javascript:alert(1)".into() };
    let places = Places {
        here: Some(Here {
            country: Some("DE".into()),
            latitude: 51.0,
            longitude: 10.0,
            source: HereSource::TimeZone,
        }),
        countries: vec![
            CountrySums { country: "US".into(), sums: group(3, 2_000), doubtful: group(1, 500) },
            CountrySums { country: MARKUP.into(), sums: group(1, 1_000), doubtful: HostGroup::default() },
        ],
        unknown: group(2, 400),
        // One licence is named once, also of a database whose file is damaged now and which is in use as it was.
        databases: vec![
            database("a.mmdb", None),
            database("b.mmdb", Some("cut off".into())),
            PlaceDatabase { attribution: Some(geolite), ..database("c.mmdb", Some("cut off".into())) },
            PlaceDatabase { attribution: Some(script), ..database("d.mmdb", None) },
        ],
        ..Places::default()
    };
    made.measured.places =
        std::sync::Arc::new(PlacesTopic { places: places.clone(), ..PlacesTopic::default() });
    assert_eq!(made.document().file().places, places);
    let text = made.document().markdown();
    // Of 4,000 bytes in all.
    assert!(text.contains("| United States | 3 | 2.0 kB | 50.0 % | 1 |"), "{text}");
    assert!(text.contains("| not known | 2 | 400 B | 10.0 % |  |"), "{text}");
    assert!(
        text.contains("captured in Germany, by the time zone of the machine; 1 host is not where"),
        "{text}"
    );
    let page = made.html();
    assert!(page.contains("id=\"where\"") && !page.contains("<img"), "{page}");
    // A link of each licence, and the address of one once where its words have it. What is no address of a page is text.
    let link = "<a class=\"credit\" href=\"https://places.example\" target=\"_blank\" rel=\"noopener\">Places by &lt;img";
    assert_eq!(
        (page.matches(link).count(), page.matches("https://places.example").count()),
        (1, 1),
        "{page}"
    );
    let link = "<a href=\"https://www.maxmind.com\" target=\"_blank\" rel=\"noopener\">This product includes GeoLite Data \
        created by MaxMind, available from https://www.maxmind.com</a>; Nobody (javascript:alert(1)).</dd>";
    assert!(page.contains(link), "{page}");
    assert!(text.contains("](https://places.example); [This product"), "{text}");
    assert!(
        text.contains(
            "https://www.maxmind.com](https://www.maxmind.com); Nobody (javascript:alert\\(1\\)).\n"
        ),
        "{text}"
    );
}
