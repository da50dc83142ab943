//! What tools read of hosts and places over HTTP.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};
use netsonde_messages::stream::{Command, HostColumn, HostListed, HostQuery, ReplyData};
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error as NotRead, StrDeserializer};

use crate::commands::{Commands, Refused};
use crate::tools::{answer, once_each, refusal};
use crate::{Shared, csv, documents, json, problem};

/// How many hosts are told where the query does not say.
const USUAL_HOSTS: u32 = 100;
/// The most hosts of one page, as of [`HostQuery::limit`].
const PAGE: u32 = 200;
/// The most hosts of a table: more than anybody reads, and quickly made.
const MOST_HOSTS: u32 = 5_000;

/// What a request may say beside the path.
type Asked = Query<Vec<(String, String)>>;

/// `GET /api/v1/hosts?sort=COLUMN&descending=true&text=WORDS&local=false&country=CODE&app=NAME&active=true&offset=N&limit=N`:
/// a page of the hosts, every part optional.
pub(crate) async fn hosts(State(shared): State<Shared>, Query(asked): Asked) -> Response<Body> {
    match query(&asked, USUAL_HOSTS) {
        Ok(query) => answer(shared.commands.run(Command::FindHosts(query)).await),
        Err(sentence) => problem(StatusCode::BAD_REQUEST, &sentence),
    }
}

/// `GET /api/v1/hosts/ADDRESS`: everything about one host.
pub(crate) async fn host(State(shared): State<Shared>, Path(address): Path<String>) -> Response<Body> {
    match address.parse() {
        Ok(address) => answer(shared.commands.run(Command::GetHost { address }).await),
        Err(_) => problem(StatusCode::BAD_REQUEST, &format!("{address:?} is no address")),
    }
}

/// `GET /api/v1/hosts.csv`: the hosts that fit, with the query of `/api/v1/hosts`, for a spreadsheet; with `download` as
/// a file.
pub(crate) async fn table(State(shared): State<Shared>, Query(mut asked): Asked) -> Response<Body> {
    let before = asked.len();
    asked.retain(|(name, _)| name != "download");
    let is_download = asked.len() < before;
    let query = match query(&asked, MOST_HOSTS) {
        Ok(query) => query,
        Err(sentence) => return problem(StatusCode::BAD_REQUEST, &sentence),
    };
    if shared.commands.status().session == 0 {
        return documents::no_session();
    }
    match pages(&shared.commands, query).await {
        Ok(rows) => {
            let kind = "text/csv; charset=utf-8; header=present";
            documents::file("netsonde-hosts", "csv", kind, csv::of_hosts(&rows), is_download)
        }
        Err(refused) => refusal(&refused),
    }
}

/// `GET /api/v1/places`: where hosts are, and who is asked.
pub(crate) async fn places(State(shared): State<Shared>) -> Response<Body> {
    json(StatusCode::OK, shared.commands.places())
}

/// Reads page after page. A host that changes its place in the order meanwhile is told once.
async fn pages(commands: &Commands, query: HostQuery) -> Result<Vec<HostListed>, Refused> {
    let mut rows: Vec<HostListed> = Vec::new();
    let mut told = std::collections::BTreeSet::new();
    let (mut offset, mut left) = (query.offset, query.limit.min(MOST_HOSTS));
    while left > 0 {
        let limit = left.min(PAGE);
        let page = Command::FindHosts(HostQuery { offset, limit, ..query.clone() });
        let Some(ReplyData::Hosts(window)) = commands.run(page).await? else { break };
        if window.rows.is_empty() {
            break;
        }
        rows.extend(window.rows.into_iter().filter(|row| told.insert(row.host.address)));
        offset = offset.saturating_add(u64::from(limit));
        left -= limit;
    }
    Ok(rows)
}

fn query(asked: &[(String, String)], limit: u32) -> Result<HostQuery, String> {
    once_each(asked)?;
    let mut query = HostQuery { limit, ..HostQuery::default() };
    for (name, value) in asked {
        let not = |what: &str| format!("{name} is {value:?}, not {what}");
        let yes_or_no = || value.parse().map_err(|_| not("true or false"));
        match name.as_str() {
            "sort" => query.sort = column(value).map_err(|error| format!("sort: {error}"))?,
            "descending" => query.descending = yes_or_no()?,
            "text" => query.text = Some(value.clone()),
            "local" => query.local = Some(yes_or_no()?),
            "country" => query.country = Some(value.clone().into()),
            "app" => query.app = Some(value.clone().into()),
            "active" => query.active = yes_or_no()?,
            "offset" => query.offset = value.parse().map_err(|_| not("a whole number"))?,
            "limit" => query.limit = value.parse().map_err(|_| not("a whole number"))?,
            _ => {
                return Err(format!(
                    "{name:?} is not asked here: sort, descending, text, local, country, app, active, offset and \
                     limit are"
                ));
            }
        }
    }
    Ok(query)
}

fn column(name: &str) -> Result<HostColumn, NotRead> {
    let name: StrDeserializer<'_, NotRead> = name.into_deserializer();
    HostColumn::deserialize(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_of_hosts_says_what_is_wrong_with_it() {
        let ask = |name: &str, value: &str| query(&[(name.into(), value.into())], 100);
        let usual = HostQuery { limit: 100, ..HostQuery::default() };
        assert_eq!(query(&[], 100), Ok(usual.clone()));
        assert_eq!(ask("sort", "rtt"), Ok(HostQuery { sort: HostColumn::Rtt, ..usual.clone() }));
        assert_eq!(ask("local", "false"), Ok(HostQuery { local: Some(false), ..usual.clone() }));
        assert_eq!(ask("country", "DE"), Ok(HostQuery { country: Some("DE".into()), ..usual }));
        let error = ask("sort", "colour").unwrap_err();
        assert!(error.starts_with("sort: unknown variant `colour`, expected one of `bytes`"), "{error}");
        assert_eq!(ask("local", "maybe"), Err("local is \"maybe\", not true or false".into()));
        assert_eq!(ask("limit", "-1"), Err("limit is \"-1\", not a whole number".into()));
        let twice = ["10", "20"].map(|limit| ("limit".into(), limit.into()));
        assert_eq!(query(&twice, 100), Err("limit is asked twice".into()));
        assert!(ask("page", "2").unwrap_err().starts_with("\"page\" is not asked here"));
    }
}
