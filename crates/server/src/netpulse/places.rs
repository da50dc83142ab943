//! Where addresses are, for NetPulse's map: each once, in the order in which it became known.

use std::sync::Arc;

use netsonde_messages::stream::AppsTopic;
use netsonde_messages::{Host, NameSource};
use netsonde_session::{Monitor, country};
use serde::Serialize;

/// The most places in one update.
pub(super) const MOST: usize = 200;

/// What is not known, in the client's words.
const UNKNOWN: &str = "Unknown";

/// What a place is called that the address cannot be at.
const NOT_THERE: &str = "not there (anycast or CDN)";

/// Where an address is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Geolocation {
    ip: String,
    latitude: f64,
    longitude: f64,
    city: String,
    country: String,
    hostname: String,
    /// What DNS answered; left out where it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    dns_name: Option<String>,
    app_info: AppInfo,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct AppInfo {
    app: String,
    category: String,
}

/// The places of one session so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Located {
    /// Which session, as `Status::session`.
    pub(super) session: u64,
    pub(super) rows: Arc<Vec<Arc<Geolocation>>>,
}

impl Located {
    /// Goes on with what has become known since, of the session as it is; waits for whoever looks through its hosts.
    pub(super) fn read_on(self, monitor: &Monitor) -> Self {
        let publication = monitor.publication();
        let session = publication.session;
        let mut located = if self.session == session { self } else { Self { session, ..Self::default() } };
        loop {
            let hosts = monitor.located(located.rows.len(), MOST);
            // Another session may have taken its place meanwhile: the next moment has its places.
            if hosts.is_empty() || monitor.publication().session != session {
                return located;
            }
            let rows = Arc::make_mut(&mut located.rows);
            rows.extend(hosts.iter().map(|host| Arc::new(geolocation(host, &publication.apps))));
        }
    }

    /// Returns those of a session, which are none of another.
    pub(super) fn in_session(&self, session: u64) -> Arc<Vec<Arc<Geolocation>>> {
        if self.session == session { Arc::clone(&self.rows) } else { Arc::default() }
    }
}

fn geolocation(host: &Host, apps: &AppsTopic) -> Geolocation {
    let place = &host.place;
    let app = host.apps.first().map(|app| &app.app);
    let category = app.and_then(|app| apps.apps.iter().find(|row| row.app.app == *app));
    let known = |text: Option<&str>| text.unwrap_or(UNKNOWN).to_owned();
    let code = place.country.as_deref();
    let city = place.city.as_deref().filter(|_| host.doubt.is_none());
    let answered = host.named.iter().find(|name| name.source == NameSource::Dns);
    Geolocation {
        ip: host.address.to_string(),
        latitude: place.latitude.unwrap_or(0.0),
        longitude: place.longitude.unwrap_or(0.0),
        city: known(city.or(host.doubt.map(|_| NOT_THERE))),
        country: known(code.map(|code| country(code).map_or(code, |country| country.name))),
        hostname: known(host.names.first().map(String::as_str)),
        dns_name: answered.map(|name| name.name.clone()),
        app_info: AppInfo {
            app: known(app.map(|app| &**app)),
            category: known(category.map(|row| &*row.app.category)),
        },
    }
}

#[cfg(test)]
mod tests {
    use netsonde_messages::stream::AppRow;
    use netsonde_messages::{App, DoubtReason, HostApp, HostName, Place, PlaceDoubt};
    use serde_json::{Value, json};

    use super::*;

    fn told(host: &Host, apps: &AppsTopic) -> Value {
        serde_json::to_value(geolocation(host, apps)).unwrap()
    }

    fn located() -> Host {
        let place = Place {
            country: Some("DE".into()),
            city: Some("Berlin".into()),
            latitude: Some(52.5),
            longitude: Some(13.4),
            ..Place::UNKNOWN
        };
        Host { place, ..Host::silent([192, 0, 2, 1].into()) }
    }

    /// Fault 32 of the design's public implementation: the name that DNS told was never shown.
    #[test]
    fn an_address_has_its_place_in_words_its_names_and_its_application() {
        let name = |name: &str, source| HostName { name: name.into(), source };
        let named =
            vec![name("www.example.org", NameSource::TlsSni), name("cdn.example.org", NameSource::Dns)];
        let host = Host {
            names: named.iter().map(|name| name.name.clone()).collect(),
            named,
            apps: vec![HostApp { app: "Netflix".into(), bytes: 7 }],
            ..located()
        };
        let app = App { app: "Netflix".into(), category: "video".into(), ..App::default() };
        let apps = AppsTopic { apps: vec![AppRow { app, ..AppRow::default() }], ..AppsTopic::default() };
        assert_eq!(
            told(&host, &apps),
            json!({
                "ip": "192.0.2.1", "latitude": 52.5, "longitude": 13.4, "city": "Berlin", "country": "Germany",
                "hostname": "www.example.org", "dns_name": "cdn.example.org",
                "app_info": {"app": "Netflix", "category": "video"},
            })
        );
    }

    #[test]
    fn what_is_not_known_is_called_unknown_and_who_cannot_be_there_is_not_in_the_city() {
        let told_bare = told(&located(), &AppsTopic::default());
        assert_eq!(told_bare["hostname"], "Unknown");
        assert_eq!(told_bare["app_info"], json!({"app": "Unknown", "category": "Unknown"}));
        assert!(told_bare.get("dns_name").is_none());
        let reason = DoubtReason::TooFar;
        let doubt = PlaceDoubt { reason, rtt_ms: None, reach_km: None, distance_km: None };
        let host = Host { doubt: Some(doubt), ..located() };
        assert_eq!(told(&host, &AppsTopic::default())["city"], "not there (anycast or CDN)");
    }
}
