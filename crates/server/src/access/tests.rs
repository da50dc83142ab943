use axum::http::Request;

use super::*;

/// The rows that the tests over real sockets judge as well.
const TABLE: &str = include_str!("../../tests/serve/access.txt");
const PORT: u16 = 8765;
/// As in the tests over real sockets.
const ALLOWED: [&str; 5] = ["probe.example", "", "  ", "proxy.example:8443", "tls.example:443"];

fn access(listen: IpAddr) -> Access {
    let listen = SocketAddr::new(listen, PORT);
    Access::new(listen, &ALLOWED.map(Into::into), "the-token".into(), "the-secret".into())
}

/// Judges one row, as far as columns go into a request.
fn judge(access: &Access, columns: [&str; 6]) -> Result<(), Denied> {
    let [at, request, host, origin, shows, _] = columns;
    let (method, target) = request.split_once(' ').unwrap();
    let mut request = Request::builder().uri(target);
    for (name, values) in [("host", host), ("origin", origin)] {
        for value in values.split(" & ").filter(|value| *value != "-") {
            request = request.header(name, value);
        }
    }
    for (name, value) in shows.split(" & ").filter_map(|shown| shown.split_once(": ")) {
        request = request.header(name, value);
    }
    if method == "UPGRADE" {
        request = request.header("upgrade", "websocket");
    }
    let request = request.body(()).unwrap();
    let arrived_at = address(at).unwrap();
    access.judge(&Asked { target: request.uri(), headers: request.headers(), arrived_at })
}

#[test]
fn every_row_of_the_table_is_judged_as_it_says() {
    let filled = TABLE.replace("PORT", "8765").replace("TOKEN", "the-token").replace("SECRET", "the-secret");
    let mut rules = None;
    let mut rows = 0;
    for line in filled.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(listen) = line.strip_prefix("listen ") {
            rules = Some(access(address(listen).unwrap()));
            continue;
        }
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let columns: [&str; 6] = columns.try_into().unwrap_or_else(|_| panic!("six columns: {line}"));
        let [.., answer] = columns;
        let judged = match answer.split_once(' ') {
            Some(("403", "host")) => Err(Denied::Host),
            Some(("403", "origin")) => Err(Denied::Origin),
            Some(("403", "netpulse")) => Err(Denied::NetPulse),
            Some(("401", "token")) => Err(Denied::Token),
            Some(_) => panic!("an answer that nobody gives: {line}"),
            None => Ok(()),
        };
        assert_eq!(judge(rules.as_ref().unwrap(), columns), judged, "{line}");
        rows += 1;
    }
    assert!(rows > 130, "{rows}");
}

#[test]
fn a_token_is_asked_for_wherever_others_can_connect() {
    for (listen, asks) in [
        ("127.0.0.1", false),
        ("127.0.0.2", false),
        ("[::1]", false),
        ("[::ffff:127.0.0.1]", false),
        ("0.0.0.0", true),
        ("[::]", true),
        ("192.0.2.7", true),
        ("[2001:db8::7]", true),
    ] {
        assert_eq!(access(address(listen).unwrap()).token().is_some(), asks, "{listen}");
    }
}

#[test]
fn secrets_are_equal_only_as_a_whole() {
    for (offered, equal) in [
        ("secret", true),
        ("", false),
        ("secre", false),
        ("secrets", false),
        ("Secret", false),
        ("secreT", false),
        ("secret\0", false),
    ] {
        assert_eq!(is_equal("secret", offered), equal, "{offered:?}");
    }
}

/// A comparison that stops at the first difference would look at `offered` only up to it.
#[test]
fn comparing_secrets_looks_at_every_byte() {
    use std::cell::Cell;
    let looked = Cell::new(0);
    let offered = "xxxxxx".bytes().inspect(|_| looked.set(looked.get() + 1));
    assert_ne!(differences("secret".bytes(), offered), 0);
    assert_eq!(looked.get(), 6);
}
