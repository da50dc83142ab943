//! The parts of the page, in their order.

use std::fmt::Write as _;

use netsonde_messages::{Attribution, EvidenceItem, Fact, Finding, Piece, ReportPart, Sentence};

use super::super::Links;
use super::super::bars::Bar;
use super::super::chart::{Chart, Shape};
use super::super::content::{Content, Headline, Section};
use super::super::escaped::html;
use super::super::places;
use super::super::severity::{self, Level};
use super::super::tables::{Cell, Table};
use super::super::times;

/// The most pieces of evidence of a finding: the best come first.
const EVIDENCE: usize = 4;

/// Writes everything below the title.
pub(super) fn write(page: &mut String, content: &Content<'_>, links: Links) {
    page.push_str("<dl class=\"cover\">\n");
    for one in &content.cover {
        page.push_str("<div>");
        term(page, one);
        page.push_str("</div>\n");
    }
    page.push_str("</dl>\n");
    headline(page, &content.headline, content.facts, links);
    key_figures(page, content);
    if !content.charts.is_empty() {
        begin(page, "charts", "Over time");
        page.push_str("<div class=\"charts\">\n");
        content.charts.iter().for_each(|one| chart(page, one));
        page.push_str("</div>\n</section>\n");
    }
    findings(page, content, links);
    let beside = |one: &Section, next: &Section| one.is_half && next.is_half;
    for beside in content.sections.chunk_by(beside) {
        let (open, close) = if beside.len() > 1 { ("<div class=\"pair\">\n", "</div>\n") } else { ("", "") };
        page.push_str(open);
        for one in beside {
            section(page, one);
        }
        page.push_str(close);
    }
    if !content.parts.is_empty() {
        begin(page, "parts", "Part by part");
        page.push_str("<div class=\"parts\">\n");
        content.parts.iter().for_each(|one| part(page, one));
        page.push_str("</div>\n</section>\n");
    }
    begin(page, "method", "How it was measured");
    page.push_str("<dl class=\"method\">\n");
    for one in &content.method {
        term(page, one);
        page.push('\n');
    }
    credits(page, &content.credits);
    page.push_str("</dl>\n</section>\n");
}

fn section(page: &mut String, section: &Section) {
    begin(page, section.id, section.title);
    if !section.bars.is_empty() {
        page.push_str("<div class=\"bars\">\n");
        section.bars.iter().for_each(|one| bar(page, one));
        page.push_str("</div>\n");
    }
    section.tables.iter().for_each(|one| table(page, one));
    page.push_str("</section>\n");
}

/// Begins a section that has its heading for a name.
fn begin(page: &mut String, id: &str, title: &str) {
    let _ = writeln!(page, "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>");
}

fn term(page: &mut String, &(name, ref said): &(&'static str, String)) {
    let _ = write!(page, "<dt>{name}</dt><dd>{}</dd>", html(said));
}

/// Names those whose licences ask for it, each with a link; on paper, where one cannot be followed, with its address.
fn credits(page: &mut String, credits: &[&Attribution]) {
    if credits.is_empty() {
        return;
    }
    let credit = |credit: &&Attribution| {
        let said = html(&credit.text);
        let said = said.strip_suffix('.').unwrap_or(&said);
        let Some(address) = places::leads_to(credit).map(html) else {
            return format!("{said} ({})", html(&credit.url));
        };
        let class = if credit.text.contains(&credit.url) { "" } else { " class=\"credit\"" };
        format!("<a{class} href=\"{address}\" target=\"_blank\" rel=\"noopener\">{said}</a>")
    };
    let credits: Vec<_> = credits.iter().map(credit).collect();
    let _ = writeln!(page, "<dt>Places by</dt><dd>{}.</dd>", credits.join("; "));
}

fn headline(page: &mut String, headline: &Headline<'_>, facts: &[Fact], links: Links) {
    let level = headline.severity.map_or(severity::NOTHING, severity::of);
    let _ = write!(
        page,
        "<section class=\"headline\" aria-labelledby=\"headline\">\n<h2 id=\"headline\">Summary</h2>\n{}\n<p>",
        badge(level, headline.severity.map_or("No rule found anything", |_| level.word))
    );
    if headline.sentences.is_empty() {
        page.push_str(&html(headline.summary));
    }
    for (number, one) in headline.sentences.iter().enumerate() {
        if number > 0 {
            page.push(' ');
        }
        sentence(page, one, facts, links);
    }
    let notice = headline.notice.map_or_else(String::new, |notice| format!(" {}", html(notice)));
    let _ = writeln!(page, "</p>\n<p class=\"quiet\">{}{notice}</p>\n</section>", html(&headline.author));
}

fn badge(level: Level, word: &str) -> String {
    let Level { class, icon, .. } = level;
    format!(
        "<span class=\"severity {class}\"><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"{icon}\" \
         fill=\"currentColor\" fill-rule=\"evenodd\"/></svg>{word}</span>"
    )
}

/// Writes a sentence; what stands on a fact leads to where that is shown, and says how it was measured.
fn sentence(page: &mut String, sentence: &Sentence, facts: &[Fact], links: Links) {
    for Piece { text, fact } in &sentence.pieces {
        let words = html(text);
        let Some(fact) = fact.and_then(|id| facts.iter().find(|fact| fact.id == id)) else {
            page.push_str(&words);
            continue;
        };
        let title = format!("{}: {}", fact.label, fact.method);
        let title = html(&title);
        let _ = match place(&fact.see, links) {
            Some(see) => {
                let see = html(see);
                write!(
                    page,
                    "<a class=\"fact\" href=\"{see}\" target=\"_parent\" title=\"{title}\">{words}</a>"
                )
            }
            None => write!(page, "<span class=\"fact\" title=\"{title}\">{words}</span>"),
        };
    }
}

/// Returns a place of the dashboard, which alone is linked to: its path, never another host.
fn place(see: &str, links: Links) -> Option<&str> {
    let is_path = see.starts_with('/') && !see.starts_with("//") && !see.contains(['\\', '\n', '\r', '\t']);
    (links == Links::Dashboard && is_path).then_some(see)
}

fn key_figures(page: &mut String, content: &Content<'_>) {
    begin(page, "key-figures", "Key figures");
    page.push_str("<dl class=\"key\">\n");
    for figure in &content.key_figures {
        let _ = writeln!(
            page,
            "<div><dt>{}</dt><dd>{}</dd><dd>{}</dd></div>",
            figure.name,
            html(&figure.value),
            html(&figure.note)
        );
    }
    page.push_str("</dl>\n</section>\n");
}

fn chart(page: &mut String, chart: &Chart) {
    let wide = if chart.is_wide { " class=\"wide\"" } else { "" };
    let _ = write!(page, "<figure{wide}>\n<figcaption><h3>{}</h3><ul class=\"legend\">", chart.title);
    for series in &chart.series {
        let shape = match series.shape {
            Shape::Area | Shape::Shade => "<path class=\"area\" d=\"M0 0H14V8H0Z\"/>",
            Shape::Steps | Shape::Line => "<path class=\"course\" d=\"M0 4H14\"/>",
        };
        let _ = write!(
            page,
            "<li><svg class=\"{}\" viewBox=\"0 0 14 8\" aria-hidden=\"true\">{shape}</svg>{}</li>",
            series.class, series.name
        );
    }
    let _ = writeln!(page, "</ul></figcaption>\n{}\n</figure>", chart.svg());
}

fn findings(page: &mut String, content: &Content<'_>, links: Links) {
    begin(page, "findings", "Findings");
    if content.findings.full.is_empty() {
        page.push_str("<p>No rule found anything to report in what was measured.</p>\n");
    }
    for one in &content.findings.full {
        finding(page, one, links);
    }
    if let Some(brief) = &content.findings.brief {
        table(page, brief);
    }
    page.push_str("</section>\n");
}

fn finding(page: &mut String, finding: &Finding, links: Links) {
    let level = severity::of(finding.severity);
    let limit = match &finding.limit {
        Some(limit) => format!(" <span class=\"quiet\">limit {}</span>", html(limit)),
        None => String::new(),
    };
    let _ = write!(
        page,
        "<article class=\"finding {}\">\n<header>{}<h3>{}</h3><span class=\"measure\">{}{limit}</span></header>\n\
         <p>{}</p>\n<p><b>Next:</b> {}</p>\n",
        level.class,
        badge(level, level.word),
        linked(&finding.title, &finding.see, links),
        html(&finding.value),
        html(&finding.meaning),
        html(&finding.advice)
    );
    if !finding.evidence.is_empty() {
        page.push_str("<ul>\n");
        for EvidenceItem { text, see, .. } in finding.evidence.iter().take(EVIDENCE) {
            let _ = writeln!(page, "<li>{}</li>", linked(text, see, links));
        }
        page.push_str("</ul>\n");
    }
    if let Some(seen) = times::seen(finding) {
        let _ = writeln!(page, "<p class=\"quiet\">{seen}</p>");
    }
    page.push_str("</article>\n");
}

fn linked(text: &str, see: &str, links: Links) -> String {
    match place(see, links) {
        Some(see) => format!("<a href=\"{}\" target=\"_parent\">{}</a>", html(see), html(text)),
        None => html(text).into_owned(),
    }
}

fn bar(page: &mut String, bar: &Bar) {
    let _ = write!(
        page,
        "<figure{}>\n<figcaption><h3>{}</h3></figcaption>\n\
         <svg class=\"bar\" viewBox=\"0 0 1000 14\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
        if bar.is_wide { " class=\"wide\"" } else { "" },
        bar.title
    );
    let mut left = 0.0;
    for part in &bar.parts {
        let width = part.ratio * 1_000.0;
        let _ = write!(
            page,
            "<rect class=\"{}\" x=\"{left:.1}\" y=\"0\" width=\"{width:.1}\" height=\"14\"/>",
            part.class
        );
        left += width;
    }
    page.push_str("</svg>\n<ul class=\"legend\">");
    for part in &bar.parts {
        let _ = write!(
            page,
            "<li><svg class=\"{}\" viewBox=\"0 0 14 8\" aria-hidden=\"true\"><path class=\"area\" \
             d=\"M0 0H14V8H0Z\"/></svg>{} {}</li>",
            part.class,
            part.name,
            html(&part.text)
        );
    }
    page.push_str("</ul>\n</figure>\n");
}

fn table(page: &mut String, table: &Table) {
    let _ = write!(page, "<table>\n<caption>{}</caption>\n<thead><tr>", table.caption);
    for column in &table.columns {
        let _ = write!(page, "<th scope=\"col\"{}>{}</th>", class(column.is_number), column.head);
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        page.push_str("<tr>");
        for (place, (column, cell)) in table.columns.iter().zip(row).enumerate() {
            let (tag, scope) = if place == 0 { ("th", " scope=\"row\"") } else { ("td", "") };
            let _ = write!(page, "<{tag}{scope}{}>", class(column.is_number));
            self::cell(page, cell);
            let _ = write!(page, "</{tag}>");
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n");
    if let Some(rest) = &table.rest {
        let _ = writeln!(page, "<p class=\"rest quiet\">{}</p>", html(rest));
    }
}

const fn class(is_number: bool) -> &'static str {
    if is_number { " class=\"number\"" } else { "" }
}

fn cell(page: &mut String, cell: &Cell) {
    match cell {
        Cell::Text(text) => page.push_str(&html(text)),
        Cell::Address(address, name) => {
            let _ = write!(page, "<span class=\"address\">{}</span>", html(address));
            if let Some(name) = name {
                let _ = write!(page, "<span class=\"name\">{}</span>", html(name));
            }
        }
        Cell::Share(text, ratio) => {
            let width = ratio * 44.0;
            let _ = write!(
                page,
                "{}<svg class=\"share\" viewBox=\"0 0 44 6\" aria-hidden=\"true\"><rect class=\"whole\" width=\"44\" \
                 height=\"6\" rx=\"2\"/><rect width=\"{width:.1}\" height=\"6\" rx=\"2\"/></svg>",
                html(text)
            );
        }
    }
}

fn part(page: &mut String, part: &ReportPart) {
    let _ = write!(page, "<div class=\"part\">\n<h3>{}</h3>\n", html(&part.name));
    if !part.key_metrics.is_empty() {
        page.push_str("<dl>\n");
        for metric in &part.key_metrics {
            let (key, value) = (html(&metric.key), html(&metric.value));
            let _ = writeln!(page, "<div><dt>{key}</dt><dd>{value}</dd></div>");
        }
        page.push_str("</dl>\n");
    }
    let _ = writeln!(page, "<p>{}</p>\n</div>", html(&part.observations));
}
