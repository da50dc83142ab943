//! Writes a document as Markdown, for tickets and wikis. The charts are pictures, which it cannot hold: it says the
//! largest of each line.

use std::fmt::Write as _;

use netsonde_messages::{Attribution, Finding, ReportPart};

use super::content::Content;
use super::escaped::markdown;
use super::places;
use super::severity;
use super::tables::{Cell, Table};
use super::times;

/// Writes the text.
pub(super) fn text(content: &Content<'_>) -> String {
    let mut text = format!("# {}\n\n", markdown(&content.title));
    // Writing to a String cannot fail, here and below.
    for (name, said) in &content.cover {
        let _ = writeln!(text, "- **{name}:** {}", markdown(said));
    }
    headline(&mut text, content);
    text.push_str("\n## Key figures\n\n| Figure | Value | |\n| --- | ---: | --- |\n");
    for figure in &content.key_figures {
        let _ =
            writeln!(text, "| {} | {} | {} |", figure.name, markdown(&figure.value), markdown(&figure.note));
    }
    if !content.charts.is_empty() {
        text.push_str("\n## Over time\n\n");
        for chart in &content.charts {
            let _ = writeln!(text, "- **{}:** {}", chart.title, markdown(&chart.description()));
        }
    }
    findings(&mut text, content);
    for section in &content.sections {
        let _ = writeln!(text, "\n## {}", section.title);
        for bar in &section.bars {
            let parts: Vec<_> =
                bar.parts.iter().map(|part| format!("{} {}", part.name, markdown(&part.text))).collect();
            let _ = writeln!(text, "\n**{}:** {}", bar.title, parts.join("; "));
        }
        for one in &section.tables {
            table(&mut text, one);
        }
    }
    if !content.parts.is_empty() {
        text.push_str("\n## Part by part\n");
        content.parts.iter().for_each(|one| part(&mut text, one));
    }
    text.push_str("\n## How it was measured\n\n");
    for (name, said) in &content.method {
        let _ = writeln!(text, "- **{name}:** {}", markdown(said));
    }
    if !content.credits.is_empty() {
        let credits: Vec<_> = content.credits.iter().map(|one| credit(one)).collect();
        let _ = writeln!(text, "- **Places by:** {}.", credits.join("; "));
    }
    text
}

fn credit(credit: &Attribution) -> String {
    let said = markdown(&credit.text);
    let said = said.strip_suffix('.').unwrap_or(&said);
    match places::leads_to(credit) {
        Some(address) => format!("[{said}]({address})"),
        None => format!("{said} ({})", markdown(&credit.url)),
    }
}

fn headline(text: &mut String, content: &Content<'_>) {
    let headline = &content.headline;
    let word = headline.severity.map_or(severity::NOTHING, severity::of).word;
    let said: Vec<_> = headline.sentences.iter().map(netsonde_messages::Sentence::text).collect();
    let said = if said.is_empty() { headline.summary.to_owned() } else { said.join(" ") };
    let notice = headline.notice.map_or_else(String::new, |notice| format!(" {}", markdown(notice)));
    let _ = writeln!(
        text,
        "\n## Summary\n\n**{word}.** {}\n\n_{}{notice}_",
        markdown(&said),
        markdown(&headline.author)
    );
}

fn findings(text: &mut String, content: &Content<'_>) {
    text.push_str("\n## Findings\n");
    if content.findings.full.is_empty() {
        text.push_str("\nNo rule found anything to report in what was measured.\n");
    }
    for one in &content.findings.full {
        finding(text, one);
    }
    if let Some(brief) = &content.findings.brief {
        table(text, brief);
    }
}

fn finding(text: &mut String, finding: &Finding) {
    let word = severity::of(finding.severity).word;
    let limit =
        finding.limit.as_ref().map_or_else(String::new, |limit| format!(" (limit {})", markdown(limit)));
    let _ = writeln!(
        text,
        "\n### {word}: {}\n\nMeasured: {}{limit}. {}\n\n**Next:** {}",
        markdown(&finding.title),
        markdown(&finding.value),
        markdown(&finding.meaning),
        markdown(&finding.advice)
    );
    if !finding.evidence.is_empty() {
        text.push('\n');
    }
    for item in &finding.evidence {
        let _ = writeln!(text, "- {}", markdown(&item.text));
    }
    if let Some(seen) = times::seen(finding) {
        let _ = writeln!(text, "\n{seen}");
    }
}

fn table(text: &mut String, table: &Table) {
    let _ = writeln!(text, "\n{}:\n", table.caption);
    let heads: Vec<_> = table.columns.iter().map(|column| column.head).collect();
    let rules: Vec<_> =
        table.columns.iter().map(|column| if column.is_number { "---:" } else { "---" }).collect();
    let _ = writeln!(text, "| {} |\n| {} |", heads.join(" | "), rules.join(" | "));
    for row in &table.rows {
        let cells: Vec<_> = row.iter().map(cell).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    if let Some(rest) = &table.rest {
        let _ = writeln!(text, "\n{}", markdown(rest));
    }
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Share(text, _) | Cell::Address(text, None) => markdown(text).into_owned(),
        Cell::Address(address, Some(name)) => format!("{} ({})", markdown(address), markdown(name)),
    }
}

fn part(text: &mut String, part: &ReportPart) {
    let _ = writeln!(text, "\n### {}\n", markdown(&part.name));
    for metric in &part.key_metrics {
        let _ = writeln!(text, "- {}: {}", markdown(&metric.key), markdown(&metric.value));
    }
    let gap = if part.key_metrics.is_empty() { "" } else { "\n" };
    let _ = writeln!(text, "{gap}{}", markdown(&part.observations));
}
