//! Who may come in: the answer to pages of other origins, rebound names, and strangers on the network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, Uri, header, uri};

/// A request, as far as it matters here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    /// What it asks for.
    pub(crate) target: &'a Uri,
    /// Its headers.
    pub(crate) headers: &'a HeaderMap,
    /// The address of this machine that its connection came in at.
    pub(crate) arrived_at: IpAddr,
}

impl<'a> Asked<'a> {
    /// Returns the one value of a header; empty, which is never right, where it is given more than once or is no text.
    fn sole(&self, name: HeaderName) -> Option<&'a str> {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next()?;
        Some(if values.next().is_none() { first.to_str().unwrap_or_default() } else { "" })
    }

    /// Returns the token of an `Authorization: Bearer` header (RFC 6750 section 2.1).
    fn bearer(&self) -> Option<&'a str> {
        let (scheme, token) = self.sole(header::AUTHORIZATION)?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token)
    }

    /// Returns the values of a cookie: programs at other ports of this machine may have set one of the same name.
    fn cookies(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let headers = self.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        headers
            .flat_map(|value| value.split(';'))
            .filter_map(move |one| one.trim().strip_prefix(name)?.strip_prefix('='))
    }
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Denied {
    /// The name in `Host` is not ours: somebody made it point here.
    #[error(
        "this program does not answer to that host name; --allow-host NAME at its start lets the name in"
    )]
    Host,
    /// The page that asks is not ours.
    #[error("pages of another origin may not use this program")]
    Origin,
    /// The token is missing or wrong.
    #[error("the token is missing or wrong; the address printed at the start holds it")]
    Token,
    /// NetPulse's protocol asks for no token, and other machines can connect.
    #[error(
        "NetPulse's protocol is spoken on this machine only: start netsonde with --listen 127.0.0.1:8765, or use /api/v1/stream"
    )]
    NetPulse,
}

impl Denied {
    /// Returns the HTTP status (RFC 9110 section 15.5).
    pub(crate) const fn status(self) -> u16 {
        match self {
            Self::Host | Self::Origin | Self::NetPulse => 403,
            Self::Token => 401,
        }
    }
}

/// The rules of one server.
#[derive(Debug)]
pub(crate) struct Access {
    listen: SocketAddr,
    allowed_hosts: Vec<AllowedHost>,
    /// What strangers must show; none while only this machine can reach us.
    token: Option<String>,
    /// What the cookie holds after a login.
    secret: String,
}

impl Access {
    /// Makes the rules of a server that listens on `listen`. `token` counts on addresses beyond this machine only.
    pub(crate) fn new(listen: SocketAddr, allowed_hosts: &[String], token: String, secret: String) -> Self {
        let allowed_hosts = allowed_hosts.iter().filter_map(|text| AllowedHost::parse(text)).collect();
        let token = (!is_loopback(listen)).then_some(token);
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

    /// Returns the name of the cookie: browsers keep cookies by host, and another of us may serve at another port.
    pub(crate) fn cookie(&self) -> String {
        format!("netsonde-{}", self.listen.port())
    }

    /// Judges a request.
    ///
    /// While only this machine can connect, `/healthz` is open to all. On other addresses pages are open: they hold
    /// nothing measured, and trade the token for a cookie.
    pub(crate) fn judge(&self, asked: &Asked<'_>) -> Result<(), Denied> {
        let path = asked.target.path();
        let is_upgrade = asked.headers.contains_key(header::UPGRADE);
        let is_health = path == HEALTH && !is_upgrade;
        if is_health && self.token.is_none() {
            return Ok(());
        }
        // A target that names a host, as to a proxy, stands above the header (RFC 9112 section 3.2.2).
        let named = asked.target.authority().map(uri::Authority::as_str);
        let is_ours = |authority| self.is_ours(authority, 80, asked.arrived_at);
        if !asked.sole(header::HOST).is_some_and(is_ours) || !named.is_none_or(is_ours) {
            return Err(Denied::Host);
        }
        let is_page = !is_upgrade && !is_health && !is_interface(path);
        if is_page {
            return Ok(());
        }
        if asked.sole(header::ORIGIN).is_some_and(|origin| !self.is_own_page(origin, asked.arrived_at)) {
            return Err(Denied::Origin);
        }
        if path == LOGIN {
            return Ok(());
        }
        let Some(token) = &self.token else { return Ok(()) };
        let has_token = asked.bearer().is_some_and(|bearer| is_equal(token, bearer));
        let has_cookie = || asked.cookies(&self.cookie()).any(|cookie| is_equal(&self.secret, cookie));
        if !has_token && !has_cookie() {
            return Err(Denied::Token);
        }
        if path == NETPULSE && asks_for_websocket(asked.headers) { Err(Denied::NetPulse) } else { Ok(()) }
    }

    /// Tells whether an authority (host and port) is one of ours; browsers leave out the port of their scheme.
    ///
    /// The address that a connection came in at is ours whatever else the machine has, and no name can be made to
    /// point at it: it is no name.
    fn is_ours(&self, authority: &str, default_port: u16, arrived_at: IpAddr) -> bool {
        let Some(Authority { host, port }) = Authority::parse(authority) else { return false };
        if self.is_allowed(host, port) {
            return true;
        }
        let is_here =
            |address| [self.listen.ip(), arrived_at].iter().any(|own| own.to_canonical() == address);
        port.unwrap_or(default_port) == self.listen.port()
            && (is_this_machine(host) || address(host).is_some_and(is_here))
    }

    fn is_own_page(&self, origin: &str, arrived_at: IpAddr) -> bool {
        let Some((scheme @ ("http" | "https"), authority)) = origin.split_once("://") else { return false };
        let Some(Authority { host, port }) = Authority::parse(authority) else { return false };
        // In front of an allowed name stands a proxy with a port of its own.
        (is_loopback(self.listen) && is_this_machine(host))
            || self.is_allowed(host, port)
            || self.is_ours(authority, if scheme == "https" { 443 } else { 80 }, arrived_at)
    }

    fn is_allowed(&self, host: &str, port: Option<u16>) -> bool {
        self.allowed_hosts.iter().any(|allowed| allowed.is(host, port, self.listen.port()))
    }
}

/// A name that requests may be addressed to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct AllowedHost {
    host: String,
    /// The port in front of it; any where none is given.
    port: Option<u16>,
}

impl AllowedHost {
    /// Reads `NAME` or `NAME:PORT`; nothing where there is no name.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let whole = Authority { host: text, port: None };
        let Authority { host, port } = Authority::parse(text).unwrap_or(whole);
        (!text.is_empty()).then(|| Self { host: host.into(), port })
    }

    /// Tells whether it is a host, asked for with a port or without; our own port always fits.
    fn is(&self, host: &str, port: Option<u16>, own_port: u16) -> bool {
        let fits = |allowed| match port {
            Some(port) => port == allowed || port == own_port,
            // Without one it is that of HTTP or HTTPS: which, only a proxy in front of us knows.
            None => [80, 443].iter().any(|default| [allowed, own_port].contains(default)),
        };
        self.host.eq_ignore_ascii_case(host) && self.port.is_none_or(fits)
    }
}

/// Tells whether a path is one of the interface for programs, and no page.
pub(crate) fn is_interface(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Where NetPulse's protocol is spoken, by those who ask for a WebSocket; all others get the dashboard's page.
pub(crate) const NETPULSE: &str = "/";

/// Tells whether a request wants to become a WebSocket (RFC 6455 section 4.2.1), and not HTTP of another version.
pub(crate) fn asks_for_websocket(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::UPGRADE).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|one| one.trim().eq_ignore_ascii_case("websocket"))
}

/// Where the program says that it is there.
pub const HEALTH: &str = "/healthz";

/// Where a token is exchanged for a cookie.
pub(crate) const LOGIN: &str = "/api/v1/login";

/// A host and its port (RFC 3986 section 3.2), without user information, which has no place in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Authority<'a> {
    /// A name or an address; one of IPv6 with its brackets.
    host: &'a str,
    port: Option<u16>,
}

impl<'a> Authority<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let end = match text.find(']') {
            Some(bracket) => bracket + 1,
            None => text.find(':').unwrap_or(text.len()),
        };
        let (host, rest) = text.split_at_checked(end)?;
        let port = match rest.strip_prefix(':') {
            Some(digits) if digits.bytes().all(|digit| digit.is_ascii_digit()) => Some(digits.parse().ok()?),
            None if rest.is_empty() => None,
            _ => return None,
        };
        (!host.is_empty()).then_some(Self { host, port })
    }
}

/// Reads the address that stands in place of a name.
fn address(host: &str) -> Option<IpAddr> {
    match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?.parse().ok().map(|v6: Ipv6Addr| v6.to_canonical()),
        None => host.parse().ok().map(|v4: Ipv4Addr| v4.into()),
    }
}

/// The three names by which a browser on this machine calls it.
fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host == "127.0.0.1" || host == "[::1]"
}

/// Tells whether only this machine can connect.
fn is_loopback(listen: SocketAddr) -> bool {
    listen.ip().to_canonical().is_loopback()
}

/// Compares secrets in a time that tells nothing but their length.
fn is_equal(secret: &str, offered: &str) -> bool {
    let differences = differences(secret.bytes(), offered.bytes());
    secret.len() == offered.len() && differences == 0
}

/// Joins the bits that differ, without an end at the first.
fn differences(secret: impl Iterator<Item = u8>, offered: impl Iterator<Item = u8>) -> u8 {
    secret.zip(offered).fold(0, |all, (a, b)| all | (a ^ b))
}

#[cfg(test)]
mod tests;
