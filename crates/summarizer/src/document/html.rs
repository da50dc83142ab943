//! Writes a document as one page of HTML. It loads nothing and runs nothing, and its policy says so: whatever the wire
//! brought in stays text.

mod body;

use std::fmt::Write as _;

use super::Links;
use super::content::Content;
use super::escaped::html;

const STYLE: &str = include_str!("style.css");
/// What the page may do, as a header says it too: nothing but apply its own style, which is told by its SHA-256.
pub const CONTENT_POLICY: &str = "default-src 'none'; style-src 'sha256-OyU1J7cD78N5NN+MnUpRUwjNW4cStNF+sm1VJirCmtk='; base-uri 'none'; form-action 'none'";

/// A mark of our own: a probe that listens.
const MARK: &str = "<svg viewBox=\"0 0 18 18\" aria-hidden=\"true\"><path d=\"M1 9h3l2.2-5.5 4 11L12.6 9H17\" \
                    fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.8\" stroke-linejoin=\"round\" \
                    stroke-linecap=\"round\"/></svg>";

/// Writes the page.
pub(super) fn page(content: &Content<'_>, links: Links) -> String {
    let mut page = String::with_capacity(64 << 10);
    let title = html(&content.title);
    // Writing to a String cannot fail, here and below.
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{CONTENT_POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"only light\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <div class=\"brand\">{MARK}<span>netsonde</span></div>\n<h1>{title}</h1>\n"
    );
    body::write(&mut page, content, links);
    page.push_str("</main>\n</body>\n</html>\n");
    page
}
