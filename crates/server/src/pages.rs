//! The dashboard's pages, embedded in the program.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::random;

/// The built dashboard; empty where the program was built without it.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dashboard;

/// The same folder; debug builds read the pages from it at each request.
pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/dist");

const START_PAGE: &str = "index.html";
/// What `index.html` holds in place of the nonce of a response.
const NONCE_PLACE: &str = "__NONCE__";
/// Bytes of a nonce (Content Security Policy asks for at least 128 bits).
const NONCE_BYTES: usize = 16;
/// The folder whose files carry a hash of their content in their names.
const HASHED: &str = "assets/";

const WITHOUT_DASHBOARD: &str = "built without the dashboard: run make build\n";

/// Tells whether the program was built with pages.
pub(crate) fn exist() -> bool {
    Dashboard::get(START_PAGE).is_some()
}

/// Answers a request for a page or one of its files.
pub(crate) fn page(path: &str, headers: &HeaderMap) -> Response<Body> {
    let path = path.trim_start_matches('/');
    if path.is_empty() || path == START_PAGE || !path.contains('.') {
        return index();
    }
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let accepts =
        |coding: &str| accepted.split(',').any(|one| one.split(';').next().unwrap_or("").trim() == coding);
    let compressed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(coding))
        .find_map(|(coding, ending)| Some((coding, Dashboard::get(&format!("{path}.{ending}"))?)));
    match (compressed, Dashboard::get(path)) {
        (_, None) => text(StatusCode::NOT_FOUND, "there is no such page\n"),
        (Some((coding, compressed)), Some(plain)) => file(path, &plain, compressed, Some(coding)),
        (None, Some(plain)) => {
            let copy = EmbeddedFile { data: plain.data.clone(), metadata: plain.metadata.clone() };
            file(path, &plain, copy, None)
        }
    }
}

/// Answers with the start page, or says that there is none.
fn index() -> Response<Body> {
    let Some(index) = Dashboard::get(START_PAGE) else {
        return text(StatusCode::OK, WITHOUT_DASHBOARD);
    };
    let nonce = random::text(NONCE_BYTES);
    let page = String::from_utf8_lossy(&index.data).replace(NONCE_PLACE, &nonce);
    let mut response = Response::new(Body::from(page));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&content_policy(&nonce)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// What a page may load: only from here, and styles in the page only with the nonce.
fn content_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self'; \
         font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    )
}

fn file(
    path: &str,
    plain: &EmbeddedFile,
    sent: EmbeddedFile,
    coding: Option<&'static str>,
) -> Response<Body> {
    let mut response = Response::new(Body::from(sent.data.into_owned()));
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(plain.metadata.mimetype()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let keep = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}

/// Answers with plain text.
pub(crate) fn text(status: StatusCode, words: impl Into<String>) -> Response<Body> {
    let mut response = Response::new(Body::from(words.into()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fault 58 of the design's public implementation: charts and map tiles came from elsewhere, which told others of
    /// its use and left the page empty without internet.
    #[test]
    fn pages_load_nothing_from_elsewhere() {
        let policy = content_policy("abc");
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        for directive in policy.split(';') {
            for source in directive.split_whitespace().skip(1) {
                assert!(["'none'", "'self'", "'nonce-abc'"].contains(&source), "{directive}");
            }
        }
    }

    #[test]
    fn every_answer_with_a_page_has_a_nonce_of_its_own() {
        let policy = |answer: Response<Body>| answer.headers().get(header::CONTENT_SECURITY_POLICY).cloned();
        let (first, second) = (policy(page("/", &HeaderMap::new())), policy(page("/", &HeaderMap::new())));
        // Built without the dashboard there is nothing to protect.
        assert!(first.is_none() || first != second, "{first:?}");
    }
}
