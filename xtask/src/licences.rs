//! What the dependencies allow us to do, and those we do not want.

use std::iter::Peekable;
use std::str::SplitWhitespace;

use crate::metadata::Package;

/// Licences that let anybody use, change and ship the program without conditions beyond naming the authors.
const ALLOWED: [&str; 11] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates that must not come in, not even behind another crate.
const BANNED: [(&str, &str); 6] = [
    ("af_packet", "its licence is the GPL"),
    ("dns-parser", "nobody maintains it"),
    ("gxhash", "it builds only for machines with AES instructions"),
    ("openssl", "the program would depend on the machine's library"),
    ("pcap-file", "it loops without end on some broken files"),
    ("pnet", "it panics on some packets and hardly anybody maintains it"),
];

/// Finds packages whose licence is missing or asks for more than the allowed ones do.
pub fn licence_complaints(packages: &[Package]) -> Vec<String> {
    let mut complaints = Vec::new();
    for package in packages {
        let name = &package.name;
        match &package.licence {
            None => complaints.push(format!("{name} declares no licence: choose another crate")),
            Some(expression) if is_allowed(expression) => {}
            Some(expression) => complaints.push(format!(
                "{name} is under {expression:?}, which is not allowed: choose another crate, \
                 or add the licence to xtask/src/licences.rs if it is as permissive as the others"
            )),
        }
    }
    complaints
}

/// Finds the banned crates.
pub fn banned_complaints(packages: &[Package]) -> Vec<String> {
    let banned = |package: &Package| BANNED.iter().find(|(name, _)| *name == package.name);
    let found = packages.iter().filter_map(banned);
    found.map(|(name, reason)| format!("{name} is banned ({reason}): choose another crate")).collect()
}

/// Evaluates an SPDX expression: `OR` needs one allowed side, `AND` both; `/` is an old spelling of `OR`.
///
/// An exception (`WITH`) only adds permissions, so that the licence before it decides.
pub fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    any_of(&mut words) == Some(true) && words.next().is_none()
}

// The three levels of the grammar; `None` is an expression that breaks off.

fn any_of(words: &mut Peekable<SplitWhitespace<'_>>) -> Option<bool> {
    let mut allowed = all_of(words)?;
    while words.next_if_eq(&"OR").is_some() {
        allowed |= all_of(words)?;
    }
    Some(allowed)
}

fn all_of(words: &mut Peekable<SplitWhitespace<'_>>) -> Option<bool> {
    let mut allowed = one(words)?;
    while words.next_if_eq(&"AND").is_some() {
        allowed &= one(words)?;
    }
    Some(allowed)
}

fn one(words: &mut Peekable<SplitWhitespace<'_>>) -> Option<bool> {
    let word = words.next()?;
    let allowed = if word == "(" {
        let inner = any_of(words)?;
        words.next_if_eq(&")")?;
        inner
    } else {
        ALLOWED.contains(&word)
    };
    if words.next_if_eq(&"WITH").is_some() {
        words.next()?;
    }
    Some(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_evaluated_as_spdx_means_them() {
        for allowed in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0 OR MIT",
            "(MIT OR GPL-3.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR MIT",
        ] {
            assert!(is_allowed(allowed), "{allowed}");
        }
        for refused in ["GPL-3.0", "MIT AND GPL-3.0", "MIT OR", "(MIT", "MIT)", "", "MIT Apache-2.0"] {
            assert!(!is_allowed(refused), "{refused}");
        }
    }

    #[test]
    fn a_banned_crate_and_a_missing_licence_are_reported() {
        let pnet = Package { name: "pnet".to_owned(), folder: None, licence: None, needs: Vec::new() };
        assert_eq!(banned_complaints(std::slice::from_ref(&pnet)).len(), 1);
        assert_eq!(licence_complaints(&[pnet]).len(), 1);
    }
}
