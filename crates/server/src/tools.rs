//! What tools read over HTTP: the state, the interfaces, the charts, the summaries, the findings, the flows, the
//! applications and the user's rules of them, the calls and how their streams fared.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use netsonde_messages::stream::{Command, FlowColumn, FlowQuery, RefusalCode, ReplyData};
use netsonde_session::{Asked, HistoryQuery};
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error as NotRead, StrDeserializer};

use crate::commands::Refused;
use crate::{Shared, json, problem};

/// `GET /api/v1/status`: what is going on.
pub(crate) async fn status(State(shared): State<Shared>) -> Response<Body> {
    json(StatusCode::OK, shared.hub.status())
}

/// `GET /api/v1/interfaces`: the capture interfaces.
pub(crate) async fn interfaces(State(shared): State<Shared>) -> Response<Body> {
    answer(shared.commands.run(Command::GetInterfaces).await)
}

/// `GET /api/v1/metrics/history?from=SECOND&to=SECOND&points=N&protocols=TCP,DNS`: the charts of a span, every part
/// optional.
pub(crate) async fn history(
    State(shared): State<Shared>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Response<Body> {
    let query = match query(&asked) {
        Ok(query) => query,
        Err(sentence) => return problem(StatusCode::BAD_REQUEST, &sentence),
    };
    // The charts of months take a moment to fold.
    match tokio::task::spawn_blocking(move || shared.commands.history(query)).await {
        Ok(history) => json(StatusCode::OK, history),
        Err(error) => problem(StatusCode::INTERNAL_SERVER_ERROR, &format!("the charts broke: {error}")),
    }
}

/// `GET /api/v1/summaries`: what was said of the session in words.
pub(crate) async fn summaries(State(shared): State<Shared>) -> Response<Body> {
    json(StatusCode::OK, shared.commands.summaries())
}

/// `GET /api/v1/findings`: what was found out of the session.
pub(crate) async fn findings(State(shared): State<Shared>) -> Response<Body> {
    json(StatusCode::OK, shared.commands.findings())
}

/// `GET /api/v1/apps`: the applications.
pub(crate) async fn apps(State(shared): State<Shared>) -> Response<Body> {
    json(StatusCode::OK, shared.commands.apps())
}

/// `GET /api/v1/calls`: the newest calls and streams of RTP.
pub(crate) async fn calls(State(shared): State<Shared>) -> Response<Body> {
    json(StatusCode::OK, shared.commands.calls())
}

/// `GET /api/v1/streams/ID`: how one stream of RTP fared over its time.
pub(crate) async fn stream(State(shared): State<Shared>, Path(id): Path<String>) -> Response<Body> {
    match id.parse() {
        Ok(stream) => answer(shared.commands.run(Command::GetStream { stream }).await),
        Err(_) => problem(StatusCode::BAD_REQUEST, &format!("{id:?} is no number of a stream")),
    }
}

/// `GET /api/v1/rules`: the user's rules of what is which application.
pub(crate) async fn rules(State(shared): State<Shared>) -> Response<Body> {
    json(StatusCode::OK, shared.commands.rules())
}

/// `GET /api/v1/flows?sort=COLUMN&descending=true&text=WORDS&protocol=NAME&app=NAME&active=true&offset=N&limit=N`: a page
/// of the flows, every part optional.
pub(crate) async fn flows(
    State(shared): State<Shared>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Response<Body> {
    match flow_query(&asked) {
        Ok(query) => answer(shared.commands.run(Command::FindFlows(query)).await),
        Err(sentence) => problem(StatusCode::BAD_REQUEST, &sentence),
    }
}

/// `GET /api/v1/flows/ID`: everything about one flow.
pub(crate) async fn flow(State(shared): State<Shared>, Path(id): Path<String>) -> Response<Body> {
    match id.parse() {
        Ok(flow) => answer(shared.commands.run(Command::GetFlow { flow }).await),
        Err(_) => problem(StatusCode::BAD_REQUEST, &format!("{id:?} is no number of a flow")),
    }
}

/// How many flows are told where the query does not say.
const USUAL_FLOWS: u32 = 100;

fn flow_query(asked: &[(String, String)]) -> Result<FlowQuery, String> {
    once_each(asked)?;
    let mut query = FlowQuery { limit: USUAL_FLOWS, ..FlowQuery::default() };
    for (name, value) in asked {
        let not = |what: &str| format!("{name} is {value:?}, not {what}");
        let yes_or_no = || value.parse().map_err(|_| not("true or false"));
        match name.as_str() {
            "sort" => query.sort = column(value).map_err(|error| format!("sort: {error}"))?,
            "descending" => query.descending = yes_or_no()?,
            "text" => query.text = Some(value.clone()),
            "protocol" => query.protocol = Some(value.clone().into()),
            "app" => query.app = Some(value.clone().into()),
            "active" => query.active = yes_or_no()?,
            "offset" => query.offset = value.parse().map_err(|_| not("a whole number"))?,
            "limit" => query.limit = value.parse().map_err(|_| not("a whole number"))?,
            _ => {
                return Err(format!(
                    "{name:?} is not asked here: sort, descending, text, protocol, app, active, offset and limit \
                     are"
                ));
            }
        }
    }
    Ok(query)
}

fn column(name: &str) -> Result<FlowColumn, NotRead> {
    let name: StrDeserializer<'_, NotRead> = name.into_deserializer();
    FlowColumn::deserialize(name)
}

fn query(asked: &[(String, String)]) -> Result<HistoryQuery, String> {
    once_each(asked)?;
    let mut query = HistoryQuery::default();
    for (name, value) in asked {
        if name == "protocols" {
            query.protocols = Asked::named(value).map_err(|unknown| {
                format!("no protocol {unknown:?} has charts: those are {}", Asked::names().join(", "))
            })?;
            continue;
        }
        let part = match name.as_str() {
            "from" => &mut query.from,
            "to" => &mut query.to,
            "points" => &mut query.points,
            _ => return Err(format!("{name:?} is not asked here: from, to, points and protocols are")),
        };
        let number = value.parse().map_err(|_| format!("{name} is {value:?}, not a whole number"))?;
        *part = Some(number);
    }
    if query.points == Some(0) {
        return Err("points is 0: at least 1 is needed".into());
    }
    Ok(query)
}

/// Refuses a query that says a part twice: which of both is meant nobody can tell.
pub(crate) fn once_each(asked: &[(String, String)]) -> Result<(), String> {
    let mut names = asked.iter().map(|(name, _)| name);
    while let Some(name) = names.next() {
        if names.clone().any(|other| other == name) {
            return Err(format!("{name} is asked twice"));
        }
    }
    Ok(())
}

pub(crate) fn answer(done: Result<Option<ReplyData>, Refused>) -> Response<Body> {
    match done {
        Ok(Some(ReplyData::Interfaces(rows))) => json(StatusCode::OK, rows),
        Ok(Some(ReplyData::Flows(window))) => json(StatusCode::OK, window),
        Ok(Some(ReplyData::Flow(detail))) => json(StatusCode::OK, detail),
        Ok(Some(ReplyData::Stream(course))) => json(StatusCode::OK, course),
        Ok(Some(ReplyData::Hosts(window))) => json(StatusCode::OK, window),
        Ok(Some(ReplyData::Host(detail))) => json(StatusCode::OK, detail),
        Ok(_) => StatusCode::NO_CONTENT.into_response(),
        Err(refused) => refusal(&refused),
    }
}

pub(crate) fn refusal(refused: &Refused) -> Response<Body> {
    problem(status_of(refused.code), &refused.sentence)
}

const fn status_of(code: RefusalCode) -> StatusCode {
    match code {
        RefusalCode::BadRequest | RefusalCode::BadFilter => StatusCode::BAD_REQUEST,
        RefusalCode::NoPermission => StatusCode::FORBIDDEN,
        RefusalCode::NoSuchInterface | RefusalCode::NotFound => StatusCode::NOT_FOUND,
        RefusalCode::WrongState => StatusCode::CONFLICT,
        RefusalCode::CannotOpen | RefusalCode::Failed => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_what_is_wrong_with_it() {
        let ask = |text: &str| {
            let pairs: Vec<_> = text.split('&').filter_map(|pair| pair.split_once('=')).collect();
            query(&pairs.iter().map(|&(name, value)| (name.into(), value.into())).collect::<Vec<_>>())
        };
        assert_eq!(ask(""), Ok(HistoryQuery::default()));
        let whole = HistoryQuery {
            from: Some(5),
            to: Some(9),
            points: Some(2),
            protocols: Asked::named("TCP,DNS").unwrap(),
        };
        assert_eq!(ask("from=5&to=9&points=2&protocols=TCP,DNS"), Ok(whole));
        let unknown = ask("protocols=TCP,XMPP").unwrap_err();
        assert!(unknown.starts_with("no protocol \"XMPP\" has charts: those are TCP, UDP, "), "{unknown}");
        assert_eq!(ask("points=0"), Err("points is 0: at least 1 is needed".into()));
        assert_eq!(ask("from=5&to=9&from=5"), Err("from is asked twice".into()));
        assert_eq!(ask("protocols=TCP&protocols=DNS"), Err("protocols is asked twice".into()));
        assert_eq!(ask("from=now"), Err("from is \"now\", not a whole number".into()));
        assert_eq!(
            ask("until=5"),
            Err("\"until\" is not asked here: from, to, points and protocols are".into())
        );
    }

    #[test]
    fn a_query_of_flows_says_what_is_wrong_with_it() {
        let ask = |name: &str, value: &str| flow_query(&[(name.into(), value.into())]);
        let usual = FlowQuery { limit: 100, ..FlowQuery::default() };
        assert_eq!(flow_query(&[]), Ok(usual.clone()));
        assert_eq!(ask("sort", "last_seen"), Ok(FlowQuery { sort: FlowColumn::LastSeen, ..usual.clone() }));
        assert_eq!(ask("descending", "true"), Ok(FlowQuery { descending: true, ..usual.clone() }));
        assert_eq!(ask("protocol", "TLS"), Ok(FlowQuery { protocol: Some("TLS".into()), ..usual }));
        let error = ask("sort", "colour").unwrap_err();
        assert!(error.starts_with("sort: unknown variant `colour`, expected one of `bytes`"), "{error}");
        assert_eq!(ask("active", "maybe"), Err("active is \"maybe\", not true or false".into()));
        assert_eq!(ask("limit", "-1"), Err("limit is \"-1\", not a whole number".into()));
        let twice = ["10", "20"].map(|limit| ("limit".into(), limit.into()));
        assert_eq!(flow_query(&twice), Err("limit is asked twice".into()));
        assert!(ask("page", "2").unwrap_err().starts_with("\"page\" is not asked here"));
    }
}
