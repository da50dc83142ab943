//! The report of a session as a document, over HTTP.

use netsonde_messages::{AssistantPreview, Findings};

use crate::support::{Running, until};

async fn get(server: &Running, path: &str) -> String {
    server.http(&format!("GET /api/v1/{path} HTTP/1.1\r\nHost: HOST"), b"").await
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

#[tokio::test]
async fn a_document_says_what_it_is_called_and_what_it_is() {
    let server = Running::start();
    for (ending, kind, text) in [
        ("html", "text/html; charset=utf-8", "Html"),
        ("md", "text/markdown; charset=utf-8", "Markdown"),
        ("json", "application/json", "Json"),
    ] {
        for (query, how) in [("", "inline"), ("?download", "attachment")] {
            let answer = get(&server, &format!("report.{ending}{query}")).await;
            assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
            for head in [
                format!("content-type: {kind}\r\n"),
                format!("content-disposition: {how}; filename=\"netsonde-office.{ending}\"\r\n"),
                "cache-control: no-store\r\n".into(),
            ] {
                assert!(answer.contains(&head), "{head}: {answer}");
            }
            // In the dashboard a page has links to it; a file is read where there is none.
            let is_linked = ending == "html" && query.is_empty();
            assert_eq!(body(&answer), if is_linked { "Linked" } else { text });
        }
    }
    let answer = get(&server, "report.html?paper=a4").await;
    assert!(
        answer.starts_with("HTTP/1.1 400 ") && answer.contains("only ?download is asked here"),
        "{answer}"
    );
}

#[tokio::test]
async fn only_the_report_may_be_framed_and_only_by_the_dashboard() {
    let server = Running::start();
    let page = get(&server, "report.html").await;
    assert!(
        page.contains("content-security-policy: default-src 'none'; frame-ancestors 'self'\r\n"),
        "{page}"
    );
    assert!(page.contains("x-frame-options: SAMEORIGIN\r\n") && !page.contains("DENY"), "{page}");
    for path in ["report.json", "report.csv", "findings", "none"] {
        let answer = get(&server, path).await;
        assert!(answer.contains("x-frame-options: DENY\r\n"), "{answer}");
    }
}

#[tokio::test]
async fn the_flows_are_a_table() {
    let server = Running::start();
    let none = get(&server, "report.csv").await;
    assert!(none.starts_with("HTTP/1.1 404 ") && none.contains("there is no session to report on"), "{none}");
    let _endless = server.endless(3);
    until(|| server.monitor.status().session == 1).await;
    let answer = get(&server, "report.csv?download").await;
    assert!(
        answer.contains("content-disposition: attachment; filename=\"netsonde-flows.csv\"\r\n"),
        "{answer}"
    );
    // The packets are of no IP, so they make no flows: only the names of the columns are there.
    assert!(
        body(&answer).starts_with("protocol,transport,client,") && answer.ends_with(",encrypted\r\n"),
        "{answer}"
    );
}

#[tokio::test]
async fn findings_and_what_a_model_would_get_are_told() {
    let server = Running::start();
    let answer = get(&server, "findings").await;
    let findings: Findings = serde_json::from_str(body(&answer)).unwrap();
    assert_eq!(findings, Findings::default());
    let answer = get(&server, "assistant/preview").await;
    let preview: AssistantPreview = serde_json::from_str(body(&answer)).unwrap();
    assert_eq!(preview.instructions, "say it");
}

#[tokio::test]
async fn a_stranger_gets_no_report() {
    let server = Running::start();
    for path in ["report.html", "report.md", "report.json", "report.csv", "assistant/preview", "findings"] {
        let answer =
            server.http(&format!("GET /api/v1/{path} HTTP/1.1\r\nHost: elsewhere.example"), b"").await;
        assert!(answer.starts_with("HTTP/1.1 403 "), "{path}: {answer}");
    }
}
