//! The report of a session as a document, over HTTP.
//!
//! What writes it knows this crate's neighbours and is handed over: the server words nothing itself.

use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use netsonde_messages::AssistantPreview;

use crate::{Shared, csv, json, problem};

/// What may frame the report, or what is said instead of it: the dashboard that it belongs to. Nothing else may be done
/// there.
const INSTEAD: &str = "default-src 'none'; frame-ancestors 'self'";

/// Writes documents for the server to hand out.
pub trait Documents: fmt::Debug + Send + Sync {
    /// Writes the report of the session as it stands: the one that was written at its end, else what there is to say so
    /// far. None without a session. Takes some hundredths of a second.
    fn report(&self, form: DocumentForm) -> Option<Written>;

    /// Returns what a page may do, for the header that says it (Content Security Policy).
    fn content_policy(&self) -> &'static str;

    /// Returns what would be sent to a language model now.
    fn preview(&self) -> AssistantPreview;
}

/// What a document is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentForm {
    /// A page that loads nothing, runs nothing and leads nowhere: a file to keep or send.
    Html,
    /// The same page with links to the dashboard that shows it.
    Linked,
    /// Markdown.
    Markdown,
    /// JSON.
    Json,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// A name for a file of it, without an ending: letters, digits, `-`.
    pub name: String,
    /// The document.
    pub text: String,
}

impl DocumentForm {
    const fn ending(self) -> &'static str {
        match self {
            Self::Html | Self::Linked => "html",
            Self::Markdown => "md",
            Self::Json => "json",
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::Html | Self::Linked => "text/html; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// What a request may say beside the path.
type Asked = Query<Vec<(String, String)>>;

/// `GET /api/v1/report.html`: the report as a page, which the dashboard may show in a frame; with `?download` as a file.
pub(crate) async fn html(State(shared): State<Shared>, Query(asked): Asked) -> Response<Body> {
    // A file is read where there is no dashboard.
    let form = if asked.is_empty() { DocumentForm::Linked } else { DocumentForm::Html };
    let mut response = report(shared, form, asked).await;
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(INSTEAD));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}

/// `GET /api/v1/report.md`: the report as Markdown; with `?download` as a file.
pub(crate) async fn markdown(State(shared): State<Shared>, Query(asked): Asked) -> Response<Body> {
    report(shared, DocumentForm::Markdown, asked).await
}

/// `GET /api/v1/report.json`: the report with all that it was made from; with `?download` as a file.
pub(crate) async fn data(State(shared): State<Shared>, Query(asked): Asked) -> Response<Body> {
    report(shared, DocumentForm::Json, asked).await
}

/// `GET /api/v1/report.csv`: the flows with the most bytes, for a spreadsheet; with `?download` as a file.
pub(crate) async fn table(State(shared): State<Shared>, Query(asked): Asked) -> Response<Body> {
    let is_download = match downloads(&asked) {
        Ok(is_download) => is_download,
        Err(sentence) => return problem(StatusCode::BAD_REQUEST, &sentence),
    };
    let commands = shared.commands;
    if commands.status().session == 0 {
        return no_session();
    }
    match tokio::task::spawn_blocking(move || csv::of_flows(&commands.largest_flows(csv::MOST_FLOWS))).await {
        Ok(text) => {
            file("netsonde-flows", "csv", "text/csv; charset=utf-8; header=present", text, is_download)
        }
        Err(error) => broke(&error),
    }
}

/// `GET /api/v1/assistant/preview`: what would be sent to a language model now.
pub(crate) async fn preview(State(shared): State<Shared>) -> Response<Body> {
    let Some(documents) = shared.documents else { return none_written() };
    match tokio::task::spawn_blocking(move || documents.preview()).await {
        Ok(preview) => json(StatusCode::OK, preview),
        Err(error) => broke(&error),
    }
}

async fn report(shared: Shared, form: DocumentForm, asked: Vec<(String, String)>) -> Response<Body> {
    let is_download = match downloads(&asked) {
        Ok(is_download) => is_download,
        Err(sentence) => return problem(StatusCode::BAD_REQUEST, &sentence),
    };
    let Some(documents) = shared.documents else { return none_written() };
    let policy =
        matches!(form, DocumentForm::Html | DocumentForm::Linked).then(|| documents.content_policy());
    let Written { name, text } = match written(documents, form).await {
        Ok(Some(written)) => written,
        Ok(None) => return no_session(),
        Err(error) => return broke(&error),
    };
    let mut response = file(&name, form.ending(), form.kind(), text, is_download);
    if let Some(policy) = policy
        && let Ok(policy) = HeaderValue::from_str(&format!("{policy}; frame-ancestors 'self'"))
    {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

async fn written(
    documents: Arc<dyn Documents>,
    form: DocumentForm,
) -> Result<Option<Written>, tokio::task::JoinError> {
    tokio::task::spawn_blocking(move || documents.report(form)).await
}

/// Tells whether a file is asked for, and refuses what else is asked.
fn downloads(asked: &[(String, String)]) -> Result<bool, String> {
    match asked {
        [] => Ok(false),
        [(name, _)] if name == "download" => Ok(true),
        _ => Err("only ?download is asked here".into()),
    }
}

/// Answers with a document that nobody may keep: the next one differs.
pub(crate) fn file(
    name: &str,
    ending: &str,
    kind: &'static str,
    text: String,
    is_download: bool,
) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let how = if is_download { "attachment" } else { "inline" };
    if let Ok(how) = HeaderValue::from_str(&format!("{how}; filename=\"{name}.{ending}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, how);
    }
    response
}

pub(crate) fn no_session() -> Response<Body> {
    problem(StatusCode::NOT_FOUND, "there is no session to report on: start a capture or open a file first")
}

fn none_written() -> Response<Body> {
    problem(StatusCode::NOT_FOUND, "this server writes no reports")
}

fn broke(error: &tokio::task::JoinError) -> Response<Body> {
    problem(StatusCode::INTERNAL_SERVER_ERROR, &format!("the report broke: {error}"))
}
