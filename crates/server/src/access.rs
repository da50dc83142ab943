//! Who may come in: the answer to pages of other origins, rebound names, and strangers on the network.

use std::net::{IpAddr, SocketAddr};

/// A request, as far as it matters here.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked<'a> {
    /// The path, without the query.
    pub(crate) path: &'a str,
    /// Whether it asks for a WebSocket.
    pub(crate) is_upgrade: bool,
    /// The `Host` header.
    pub(crate) host: Option<&'a str>,
    /// The `Origin` header.
    pub(crate) origin: Option<&'a str>,
    /// The token of an `Authorization: Bearer` header.
    pub(crate) bearer: Option<&'a str>,
    /// The value of our cookie.
    pub(crate) cookie: Option<&'a str>,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Denied {
    /// The name in `Host` is not ours: somebody made it point here.
    #[error("this program does not answer to that host name; --allow-host NAME makes it")]
    Host,
    /// The page that asks is not ours.
    #[error("pages of another origin may not use this program")]
    Origin,
    /// The token is missing or wrong.
    #[error("the token is missing or wrong; the address printed at the start holds it")]
    Token,
}

impl Denied {
    /// Returns the HTTP status (RFC 9110 section 15.5).
    pub(crate) const fn status(self) -> u16 {
        match self {
            Self::Host | Self::Origin => 403,
            Self::Token => 401,
        }
    }
}

/// The rules of one server.
#[derive(Debug)]
pub(crate) struct Access {
    listen: SocketAddr,
    allowed_hosts: Vec<String>,
    /// What strangers must show; none while only this machine can reach us.
    token: Option<String>,
    /// What the cookie holds after a login.
    secret: String,
}

impl Access {
    /// Makes the rules of a server that listens on `listen`. `token` counts on addresses beyond this machine only.
    pub(crate) fn new(listen: SocketAddr, allowed_hosts: Vec<String>, token: String, secret: String) -> Self {
        let token = (!listen.ip().is_loopback()).then_some(token);
        Self { listen, allowed_hosts, token, secret }
    }

    /// Returns the token that strangers must show, if any must.
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Returns what the cookie holds after a login.
    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// Tells whether a token is the right one.
    pub(crate) fn is_token(&self, offered: &str) -> bool {
        self.token.as_deref().is_none_or(|token| is_equal(token, offered))
    }

    /// Judges a request. Pages and `/healthz` are open to all: they hold nothing measured.
    pub(crate) fn judge(&self, asked: &Asked<'_>) -> Result<(), Denied> {
        let is_api = asked.path == "/api" || asked.path.starts_with("/api/");
        if !is_api && !asked.is_upgrade {
            return Ok(());
        }
        if !asked.host.is_some_and(|host| self.is_ours(host)) {
            return Err(Denied::Host);
        }
        if asked.origin.is_some_and(|origin| !self.is_own_page(origin)) {
            return Err(Denied::Origin);
        }
        if asked.path == LOGIN {
            return Ok(());
        }
        let Some(token) = &self.token else { return Ok(()) };
        let has_token = asked.bearer.is_some_and(|bearer| is_equal(token, bearer));
        let has_cookie = asked.cookie.is_some_and(|cookie| is_equal(&self.secret, cookie));
        if has_token || has_cookie { Ok(()) } else { Err(Denied::Token) }
    }

    /// Tells whether an authority (host and port) is one of ours.
    fn is_ours(&self, authority: &str) -> bool {
        let (host, port) = split(authority);
        if self.allowed_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)) {
            return true;
        }
        // Browsers leave out the port of their scheme.
        if port.unwrap_or("80").parse() != Ok(self.listen.port()) {
            return false;
        }
        is_this_machine(host) || address(host) == Some(self.listen.ip())
    }

    fn is_own_page(&self, origin: &str) -> bool {
        let Some((scheme @ ("http" | "https"), authority)) = origin.split_once("://") else { return false };
        let (host, port) = split(authority);
        if self.listen.ip().is_loopback() && is_this_machine(host) {
            return true;
        }
        // In front of an allowed name stands a proxy with a port of its own.
        let is_proxied = self.allowed_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host));
        let default = if scheme == "https" { "443" } else { "80" };
        is_proxied || self.is_ours(&format!("{host}:{}", port.unwrap_or(default)))
    }
}

/// Where a token is exchanged for a cookie.
pub(crate) const LOGIN: &str = "/api/v1/login";

/// Splits `name:port`, `[v6]:port`; the host keeps its brackets.
fn split(authority: &str) -> (&str, Option<&str>) {
    let behind_brackets = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    match authority.get(behind_brackets..).and_then(|rest| rest.rfind(':')) {
        Some(colon) => {
            let (host, port) = authority.split_at(behind_brackets + colon);
            (host, port.strip_prefix(':'))
        }
        None => (authority, None),
    }
}

fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// The three names by which a browser on this machine calls it.
fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host == "127.0.0.1" || host == "[::1]"
}

/// Compares secrets in a time that tells nothing but their length.
fn is_equal(secret: &str, offered: &str) -> bool {
    let differences = secret.bytes().zip(offered.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    secret.len() == offered.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "/api/v1/stream";

    fn loopback() -> Access {
        Access::new("127.0.0.1:8765".parse().unwrap(), vec!["probe.example".into()], "t".into(), "s".into())
    }

    fn outside() -> Access {
        Access::new("192.0.2.7:8765".parse().unwrap(), Vec::new(), "token".into(), "secret".into())
    }

    fn ask(access: &Access, path: &str, host: &str, origin: Option<&str>) -> Result<(), Denied> {
        access.judge(&Asked { path, host: Some(host), origin, ..Asked::default() })
    }

    #[test]
    fn hosts_on_loopback() {
        for (host, judged) in [
            ("localhost:8765", Ok(())),
            ("LOCALHOST:8765", Ok(())),
            ("127.0.0.1:8765", Ok(())),
            ("[::1]:8765", Ok(())),
            ("probe.example", Ok(())),
            ("probe.example:443", Ok(())),
            ("localhost", Err(Denied::Host)),
            ("localhost:80", Err(Denied::Host)),
            ("127.0.0.2:8765", Err(Denied::Host)),
            ("evil.example:8765", Err(Denied::Host)),
            ("localhost.evil.example:8765", Err(Denied::Host)),
            ("127.0.0.1.evil.example:8765", Err(Denied::Host)),
            ("", Err(Denied::Host)),
        ] {
            assert_eq!(ask(&loopback(), STREAM, host, None), judged, "{host}");
        }
        assert_eq!(loopback().judge(&Asked { path: STREAM, ..Asked::default() }), Err(Denied::Host));
    }

    #[test]
    fn origins_on_loopback() {
        for (origin, judged) in [
            ("http://localhost:8765", Ok(())),
            ("http://127.0.0.1:5173", Ok(())),
            ("https://[::1]:4000", Ok(())),
            ("http://localhost", Ok(())),
            ("https://probe.example", Ok(())),
            ("null", Err(Denied::Origin)),
            ("", Err(Denied::Origin)),
            ("http://evil.example", Err(Denied::Origin)),
            ("http://evil.example:8765", Err(Denied::Origin)),
            ("http://localhost.evil.example", Err(Denied::Origin)),
            ("file://localhost", Err(Denied::Origin)),
            ("chrome-extension://localhost", Err(Denied::Origin)),
        ] {
            assert_eq!(ask(&loopback(), STREAM, "localhost:8765", Some(origin)), judged, "{origin}");
        }
    }

    #[test]
    fn every_upgrade_and_every_path_of_the_api_is_judged_and_pages_are_open() {
        for (path, is_upgrade, judged) in [
            ("/", false, Ok(())),
            ("/assets/index.js", false, Ok(())),
            ("/healthz", false, Ok(())),
            ("/", true, Err(Denied::Host)),
            ("/anything", true, Err(Denied::Host)),
            ("/api", false, Err(Denied::Host)),
            ("/api/v1/captures", false, Err(Denied::Host)),
            (LOGIN, false, Err(Denied::Host)),
        ] {
            let asked = Asked { path, is_upgrade, host: Some("evil.example"), ..Asked::default() };
            assert_eq!(loopback().judge(&asked), judged, "{path} {is_upgrade}");
        }
    }

    #[test]
    fn another_address_needs_the_token() {
        let ours = Asked { path: STREAM, host: Some("192.0.2.7:8765"), ..Asked::default() };
        for (asked, judged) in [
            (ours, Err(Denied::Token)),
            (Asked { bearer: Some("token"), ..ours }, Ok(())),
            (Asked { bearer: Some("tokem"), ..ours }, Err(Denied::Token)),
            (Asked { bearer: Some("toke"), ..ours }, Err(Denied::Token)),
            (Asked { bearer: Some(""), ..ours }, Err(Denied::Token)),
            (Asked { cookie: Some("secret"), ..ours }, Ok(())),
            (Asked { cookie: Some("token"), ..ours }, Err(Denied::Token)),
            (Asked { path: LOGIN, ..ours }, Ok(())),
            (Asked { origin: Some("http://192.0.2.7:8765"), bearer: Some("token"), ..ours }, Ok(())),
            (Asked { origin: Some("http://localhost:8765"), bearer: Some("token"), ..ours }, Ok(())),
            // Only pages of ours: another port is another page.
            (
                Asked { origin: Some("http://localhost:3000"), bearer: Some("token"), ..ours },
                Err(Denied::Origin),
            ),
            (Asked { origin: Some("http://192.0.2.7"), bearer: Some("token"), ..ours }, Err(Denied::Origin)),
            (Asked { host: Some("192.0.2.8:8765"), bearer: Some("token"), ..ours }, Err(Denied::Host)),
        ] {
            assert_eq!(outside().judge(&asked), judged, "{asked:?}");
        }
        assert!(outside().is_token("token") && !outside().is_token("other"));
        assert_eq!((loopback().token(), outside().token()), (None, Some("token")));
    }
}
