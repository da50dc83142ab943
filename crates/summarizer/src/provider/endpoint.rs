use std::net::IpAddr;

use ureq::http::Uri;

/// Where a provider is: the address that its paths hang on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Scheme, host and port, and the path without a slash at its end.
    base: String,
    /// Without brackets.
    host: String,
    port: u16,
    encrypted: bool,
}

impl Endpoint {
    /// Reads an address such as `http://127.0.0.1:11434/v1`. One without TLS must be this machine's or a private one, by
    /// its address or `localhost`, unless `plain` allows any.
    ///
    /// # Errors
    ///
    /// A line that says what is wrong.
    pub fn parse(text: &str, plain: bool) -> Result<Self, String> {
        let not_understood = || {
            format!(
                "{text:?} is no address: write such as http://127.0.0.1:8080 or https://api.example.org/v1"
            )
        };
        let uri: Uri = text.parse().map_err(|_| not_understood())?;
        let authority = uri.authority().ok_or_else(not_understood)?;
        if authority.as_str().contains('@') {
            // Not repeated: a password may be in it.
            return Err(
                "an address with a user name in it: a key stands in the environment or in a file".into()
            );
        }
        if uri.query().is_some() || text.contains('#') {
            // Not repeated: a key may be in it.
            return Err("an address with a query: write the one that the provider's paths hang on".into());
        }
        let (encrypted, usual_port) = match uri.scheme_str() {
            Some("https") => (true, 443),
            Some("http") => (false, 80),
            _ => return Err(not_understood()),
        };
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        if host.is_empty() {
            return Err(not_understood());
        }
        if !encrypted && !plain && !is_near(&host) {
            return Err(format!(
                "{text:?} would send without encryption: write https://, or allow it with --llm-plain-http"
            ));
        }
        let port = authority.port_u16().unwrap_or(usual_port);
        let base = text.trim_end_matches('/').to_owned();
        Ok(Self { base, host, port, encrypted })
    }

    /// Returns the port that is connected to.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Tells whether the host is a name, which must be looked up.
    pub fn is_named(&self) -> bool {
        self.host.parse::<IpAddr>().is_err()
    }

    /// Tells whether what is sent there is encrypted.
    pub const fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// Returns the host as people read it, with its port where that is not the usual one.
    pub fn host(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        match (self.encrypted, self.port) {
            (true, 443) | (false, 80) => host,
            (_, port) => format!("{host}:{port}"),
        }
    }

    /// Returns the address of a path.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }
}

/// Tells whether a host is this machine or in a private network.
fn is_near(host: &str) -> bool {
    match host.parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_private() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
        // RFC 6761 section 6.3: these names are loopback's.
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_host_port_and_paths() {
        for (text, host, port, encrypted, named) in [
            ("https://api.example.org/v1/", "api.example.org", 443, true, true),
            ("https://api.example.org:8443", "api.example.org:8443", 8443, true, true),
            ("http://127.0.0.1:11434/v1", "127.0.0.1:11434", 11_434, false, false),
            ("http://[::1]/v1", "[::1]", 80, false, false),
            ("http://LocalHost", "localhost", 80, false, true),
        ] {
            let endpoint = Endpoint::parse(text, false).unwrap();
            assert_eq!((endpoint.host().as_str(), endpoint.port()), (host, port), "{text}");
            assert_eq!((endpoint.is_encrypted(), endpoint.is_named()), (encrypted, named), "{text}");
            assert_eq!(endpoint.at("models"), format!("{}/models", text.trim_end_matches('/')));
        }
    }

    #[test]
    fn nothing_goes_out_in_clear_text_beyond_private_networks_unless_allowed() {
        for near in ["127.0.0.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "[fd00::1]", "[fe80::1]"] {
            assert!(Endpoint::parse(&format!("http://{near}"), false).is_ok(), "{near}");
        }
        for far in ["192.0.2.1", "8.8.8.8", "[2001:db8::1]", "api.example.org", "localhost.example.org"] {
            let problem = Endpoint::parse(&format!("http://{far}"), false).unwrap_err();
            assert!(problem.contains("without encryption"), "{problem}");
            assert!(Endpoint::parse(&format!("http://{far}"), true).is_ok(), "{far}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "api.example.org", "ftp://api.example.org", "https://", "/v1", "https://a b"] {
            assert!(Endpoint::parse(text, true).unwrap_err().contains("is no address"), "{text}");
        }
        let secret = Endpoint::parse("https://a.example/?key=word", true).unwrap_err();
        assert!(secret.contains("query") && !secret.contains("word"), "{secret}");
        let secret = Endpoint::parse("https://me:word@a.example", true).unwrap_err();
        assert!(!secret.contains("word"), "{secret}");
    }
}
