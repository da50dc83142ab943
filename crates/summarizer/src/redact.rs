//! Aliases for addresses and names, so that what is sent to a language model names nobody.

use std::net::{IpAddr, Ipv6Addr};

use netsonde_messages::{Fact, FactValue, Finding, Subject};

/// Names shorter than this are replaced only where they stand alone: they would be found in every other word.
const SHORT: usize = 4;
/// Stands for an address or a name that was not known when the aliases were made.
const UNKNOWN: &str = "hidden";

/// Aliases of addresses and names, both ways; the same facts give the same ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redaction {
    /// Names and their aliases, the longest name first.
    aliases: Vec<(String, String)>,
}

/// What an alias begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Address,
    Name,
    Party,
    Source,
}

impl Redaction {
    /// Gives an alias to every address and name among facts and findings. Names of protocols and of applications from the
    /// catalogue stay; an application that is known by a host's name only does not.
    pub fn of(facts: &[Fact], findings: &[Finding]) -> Self {
        let mut redaction = Self::default();
        // Whole names first: an address inside a name is a part of that one.
        for fact in facts {
            if let FactValue::Text(name) = &fact.value {
                let kind = if fact.label == "Source" { Kind::Source } else { kind(name) };
                let is_kind = fact.label == "Conversation" && is_public(name);
                if !is_kind && !stays(&fact.subject, name) {
                    redaction.add(name, kind);
                    redaction.add(&fact.text, kind);
                }
            }
        }
        for subject in
            facts.iter().map(|fact| &fact.subject).chain(findings.iter().map(|found| &found.subject))
        {
            redaction.add_subject(subject);
        }
        let said =
            findings.iter().flat_map(|found| [&found.title, &found.value, &found.meaning, &found.advice]);
        for text in said {
            for token in tokens(text).filter(|(_, token)| is_address(token) || is_domain(token)) {
                redaction.add(token.1, kind(token.1));
            }
        }
        redaction
            .aliases
            .sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        redaction
    }

    /// Replaces every name and address of a text.
    pub fn hide(&self, text: &str) -> String {
        let pairs = || self.aliases.iter().map(|(name, alias)| (name.as_str(), alias.as_str()));
        // Addresses come after names, by their whole spelling: one may be the end of another's.
        let known = replaced(text, pairs().filter(|(name, _)| !is_address(name)), SHORT);
        let mut hidden = String::with_capacity(known.len());
        let mut end = 0;
        for (start, token) in tokens(&known).filter(|(_, token)| is_address(token) || is_domain(token)) {
            hidden.push_str(known.get(end..start).unwrap_or_default());
            hidden.push_str(self.alias(token).unwrap_or(UNKNOWN));
            end = start + token.len();
        }
        hidden.push_str(known.get(end..).unwrap_or_default());
        // What is glued to other letters.
        replaced(&hidden, pairs().filter(|(name, _)| is_address(name)), SHORT)
    }

    /// Puts the names back in the place of their aliases.
    pub fn restore(&self, text: &str) -> String {
        // `host-1` must not be found in `host-12`.
        replaced(text, self.aliases.iter().map(|(name, alias)| (alias.as_str(), name.as_str())), usize::MAX)
    }

    fn add_subject(&mut self, subject: &Subject) {
        match subject {
            Subject::Session
            | Subject::Protocol(_)
            | Subject::Flow(_)
            | Subject::Stream(_)
            | Subject::Call(_) => {}
            Subject::App(name) if stays(subject, name) => {}
            Subject::App(name) => self.add(name, kind(name)),
            Subject::Host(address) | Subject::Service { address, .. } => self.add_address(*address),
            Subject::Pair(source, destination) => {
                self.add_address(*source);
                self.add_address(*destination);
            }
        }
    }

    fn add_address(&mut self, address: IpAddr) {
        self.add(&address.to_string(), Kind::Address);
    }

    /// Adds a name; an address in another spelling gets the alias that it has.
    fn add(&mut self, name: &str, kind: Kind) {
        let name = name.trim();
        if name.is_empty() || self.aliases.iter().any(|(known, _)| known == name) {
            return;
        }
        let alias = self.alias(name).map_or_else(|| self.unused(kind), str::to_owned);
        self.aliases.push((name.to_owned(), alias));
    }

    /// The alias of a name, whatever its case, or of an address, however it is spelled.
    fn alias(&self, name: &str) -> Option<&str> {
        let address = canonical(name);
        let same = |known: &str| {
            known.to_lowercase() == name.to_lowercase() || address.is_some() && canonical(known) == address
        };
        self.aliases.iter().find(|(known, _)| same(known)).map(|(_, alias)| alias.as_str())
    }

    fn unused(&self, kind: Kind) -> String {
        let prefix = match kind {
            Kind::Address => "host",
            Kind::Name => "name",
            Kind::Party => "party",
            Kind::Source => "source",
        };
        let taken = |alias: &str| self.aliases.iter().any(|(name, other)| other == alias || name == alias);
        let mut number = 1_u32;
        let mut alias = format!("{prefix}-{number}");
        while taken(&alias) {
            number = number.saturating_add(1);
            alias = format!("{prefix}-{number}");
        }
        alias
    }
}

/// What protocols and the catalogue's applications are called, everybody may know.
fn stays(subject: &Subject, name: &str) -> bool {
    match subject {
        Subject::Protocol(protocol) => protocol == name,
        Subject::App(app) => app == name && is_public(name),
        _ => false,
    }
}

/// Tells whether what a conversation is called is the name of a protocol or of an application, and not of a host.
fn is_public(name: &str) -> bool {
    kind(name) == Kind::Name && !name.contains(['.', ':', '/'])
}

fn kind(name: &str) -> Kind {
    if is_address(name) {
        Kind::Address
    } else if name.contains('@') || name.starts_with("sip") || name.starts_with("tel:") {
        Kind::Party
    } else {
        Kind::Name
    }
}

/// Replaces words by others in one pass, whatever their case; those shorter than `short` only where they stand alone.
fn replaced<'a>(text: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>, short: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut pairs: Vec<(Vec<char>, &str)> = pairs.map(|(from, to)| (from.chars().collect(), to)).collect();
    pairs.sort_by_key(|(from, _)| std::cmp::Reverse(from.len()));
    let joins = |letter: Option<&char>| letter.is_some_and(|letter| letter.is_alphanumeric());
    let mut replaced = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let found = pairs.iter().find(|(from, _)| {
            let alone = || {
                !joins(at.checked_sub(1).and_then(|before| letters.get(before)))
                    && !joins(letters.get(at + from.len()))
            };
            let here = letters.get(at..at + from.len());
            here.is_some_and(|here| same(here, from)) && (from.len() >= short || alone())
        });
        if let Some((from, to)) = found {
            replaced.push_str(to);
            at += from.len().max(1);
        } else {
            replaced.push(*letter);
            at += 1;
        }
    }
    replaced
}

fn same(one: &[char], other: &[char]) -> bool {
    one.iter().zip(other).all(|(one, other)| one == other || one.to_lowercase().eq(other.to_lowercase()))
}

/// What may be an address or a host's name, each with its place.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let part = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | ':' | '-' | '_' | '%');
    let mut start = 0;
    text.split(move |letter: char| !part(letter)).filter_map(move |token| {
        let place = start;
        start += token.len();
        // What parts tokens is as long as the letter there.
        start += text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        // The marks of an address are its own, as in `::1`; others are the sentence's.
        let (begun, ended) = if is_address(token) {
            (token, token)
        } else {
            let begun = token.trim_start_matches(['.', ':', '-', '%']);
            let ended = begun.trim_end_matches(['.', ':', '-', '%']);
            (begun, ended)
        };
        (!ended.is_empty()).then_some((place + (token.len() - begun.len()), ended))
    })
}

/// An address, however it is spelled: mapped into IPv6, with a zone or with a port.
fn canonical(text: &str) -> Option<IpAddr> {
    let text = text.split('%').next().unwrap_or_default();
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let port_off =
        || text.rsplit_once(':').and_then(|(address, _)| address.trim_matches(['[', ']']).parse().ok());
    let address: IpAddr = bare.parse().ok().or_else(port_off)?;
    Some(address.to_canonical())
}

fn is_address(token: &str) -> bool {
    let mapped = token.parse::<Ipv6Addr>().is_ok();
    mapped || canonical(token).is_some() || is_mac(token)
}

fn is_mac(token: &str) -> bool {
    [':', '-'].into_iter().any(|mark| {
        let pairs: Vec<&str> = token.split(mark).collect();
        pairs.len() == 6
            && pairs.iter().all(|pair| pair.len() == 2 && pair.bytes().all(|digit| digit.is_ascii_hexdigit()))
    })
}

/// Tells whether a token looks like a host's name: labels between dots, the last one of letters.
fn is_domain(token: &str) -> bool {
    let host = token.split(':').next().unwrap_or_default();
    let mut labels = host.rsplit('.');
    let last = labels.next().unwrap_or_default();
    let top = last.starts_with("xn--") || last.chars().count() > 1 && last.chars().all(char::is_alphabetic);
    let mut others = labels.peekable();
    top && others.peek().is_some() && others.all(|label| !label.is_empty())
}

#[cfg(test)]
mod tests;
