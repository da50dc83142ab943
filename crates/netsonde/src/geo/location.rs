//! Where a database is fetched from, and what it is called here.

use ureq::http::Uri;

/// What the name of an installed database ends in.
const ENDING: &str = ".mmdb";
/// The longest name that a file is given: most systems take 255 bytes, and `.part.json` comes behind it.
const NAME_MAX: usize = 100;

/// Reads the address of a file.
///
/// # Errors
///
/// Why it is none.
pub(super) fn parse(url: &str) -> Result<Uri, String> {
    let uri: Uri = url.parse().map_err(|_| format!("{url:?} is no address"))?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http" | "https"), Some(_)) => Ok(uri),
        _ => Err(format!("{url:?} is no address: write https:// or http:// and where it is")),
    }
}

/// Tells whether what comes from there is encrypted.
pub(super) fn is_encrypted(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https")
}

/// Returns the port to connect to.
pub(super) fn port(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(if is_encrypted(uri) { 443 } else { 80 })
}

/// Returns where a redirection leads (RFC 9110 section 10.2.2).
///
/// # Errors
///
/// It leads nowhere, or from what is encrypted to what is not.
pub(super) fn redirected(from: &Uri, location: &str) -> Result<Uri, String> {
    let scheme = from.scheme_str().unwrap_or_default();
    let authority = from.authority().map_or("", |authority| authority.as_str());
    let to = if location.contains("://") {
        location.to_owned()
    } else if let Some(rest) = location.strip_prefix("//") {
        format!("{scheme}://{rest}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else {
        let folder = from.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{location}")
    };
    let to = parse(&to).map_err(|problem| format!("it leads elsewhere, and {problem}"))?;
    if is_encrypted(from) && !is_encrypted(&to) {
        return Err(format!("it leads from encryption to none: {to}"));
    }
    Ok(to)
}

/// Returns what a database is called here: as its file, without what it is packed in and the month that it is of, so that
/// the next one takes its place.
pub(super) fn installed_name(of: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let name: String = of.chars().map(|letter| if plain(letter) { letter } else { '_' }).collect();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let name = name.strip_suffix(ENDING).unwrap_or(name);
    let name = without_month(name).trim_start_matches('.');
    let name: String = name.chars().take(NAME_MAX).collect();
    format!("{}{ENDING}", if name.is_empty() { "places" } else { &name })
}

/// Takes `-YYYY-MM` from the end of a name.
fn without_month(name: &str) -> &str {
    let Some((rest, end)) = name.len().checked_sub(8).and_then(|at| name.split_at_checked(at)) else {
        return name;
    };
    let has_form = end.bytes().enumerate().all(|(place, letter)| match place {
        0 | 5 => letter == b'-',
        _ => letter.is_ascii_digit(),
    });
    if has_form { rest } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_that_of_the_file_without_month_and_packing() {
        for (of, name) in [
            ("dbip-city-lite-2026-11.mmdb.gz", "dbip-city-lite.mmdb"),
            ("dbip-asn-lite-2026-11.mmdb", "dbip-asn-lite.mmdb"),
            ("GeoLite2-City.mmdb", "GeoLite2-City.mmdb"),
            ("geo whois/../asn.mmdb", "geo_whois_.._asn.mmdb"),
            ("..", "places.mmdb"),
            ("", "places.mmdb"),
            ("-2026-11", "places.mmdb"),
            ("x2026-11", "x2026-11.mmdb"),
            ("\u{e9}\u{e9}\u{e9}\u{e9}.gz", "____.mmdb"),
        ] {
            assert_eq!(installed_name(of), name, "{of}");
        }
    }

    #[test]
    fn redirections_are_followed_by_the_rules_of_addresses_and_never_to_plain_text() {
        let from = parse("https://a.example:8443/free/x.gz").unwrap();
        for (location, to) in [
            ("https://b.example/y", "https://b.example/y"),
            ("//b.example/y", "https://b.example/y"),
            ("/y", "https://a.example:8443/y"),
            ("y.gz", "https://a.example:8443/free/y.gz"),
        ] {
            assert_eq!(redirected(&from, location).unwrap().to_string(), to, "{location}");
        }
        assert_eq!(
            redirected(&from, "http://a.example/x").unwrap_err(),
            "it leads from encryption to none: http://a.example/x"
        );
        assert!(redirected(&from, "ftp://a.example/x").unwrap_err().starts_with("it leads elsewhere, and"));
        let plain = parse("http://a.example/x").unwrap();
        assert_eq!((port(&plain), port(&from)), (80, 8443));
        assert!(redirected(&plain, "https://a.example/x").is_ok());
        assert!(parse("x.mmdb").is_err() && parse("file:///etc/passwd").is_err());
    }
}
