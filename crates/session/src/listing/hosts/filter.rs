//! Which hosts are wanted: words parsed once.

use std::net::IpAddr;

use ipnet::IpNet;
use netsonde_messages::stream::HostQuery;

use super::super::filter::{MOST_WORDS, first_octets, may_be_in_a_name};
use super::super::spoke_lately;
use crate::FilterError;
use crate::hosts::{HostSums, named};
use crate::labels::AppNumber;
use crate::ranked::Place;
use crate::view::View;

/// Which hosts are wanted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    words: Vec<Word>,
    local: Option<bool>,
    /// In capitals; blank for hosts of no country.
    country: Option<String>,
    /// Blank for hosts of which no application is known.
    app: Option<String>,
    active: bool,
}

/// One word of it.
#[derive(Clone, Debug, PartialEq)]
struct Word {
    /// Whether what fits it is not wanted.
    negated: bool,
    meaning: Meaning,
}

#[derive(Clone, Debug, PartialEq)]
enum Meaning {
    Address(IpAddr),
    Network(IpNet),
    System(u32),
    /// A part of a name, of the organization, the city or an application, in lower case.
    Text(String),
}

/// A filter whose names are looked up in one view.
#[derive(Debug)]
pub(super) struct InView {
    filter: Filter,
    /// The application that is wanted by its name; none where there is none of that name.
    app: Option<AppNumber>,
    /// The applications whose name has the text of a word in it, by word.
    apps: Vec<Vec<bool>>,
}

impl Filter {
    pub(super) fn new(query: &HostQuery) -> Result<Self, FilterError> {
        let text = query.text.as_deref().unwrap_or_default();
        let count = text.split_whitespace().count();
        if count > MOST_WORDS {
            return Err(FilterError::TooMany { count });
        }
        Ok(Self {
            words: text.split_whitespace().map(Word::parse).collect::<Result<_, _>>()?,
            local: query.local,
            country: query.country.as_deref().map(|country| country.trim().to_uppercase()),
            app: query.app.as_deref().map(|app| app.trim().to_owned()),
            active: query.active,
        })
    }

    /// Tells whether it wants to know where each host is.
    pub(super) fn asks_where(&self) -> bool {
        let asks = |word: &Word| matches!(word.meaning, Meaning::System(_) | Meaning::Text(_));
        self.country.is_some() || self.words.iter().any(asks)
    }

    /// Looks up the filter's names.
    pub(super) fn in_view(self, view: &View) -> InView {
        let known = &view.labels.judge.apps;
        let app = self.app.as_deref().and_then(|name| known.find(name));
        let having =
            |text: &str| known.iter().map(|(_, app)| app.name.to_lowercase().contains(text)).collect();
        let apps = self.words.iter().map(|word| match &word.meaning {
            Meaning::Text(text) => having(text),
            _ => Vec::new(),
        });
        InView { app, apps: apps.collect(), filter: self }
    }
}

impl InView {
    pub(super) fn fits(&self, at: Place, host: &(IpAddr, HostSums), view: &View) -> bool {
        let Self { filter, apps, .. } = self;
        let (address, sums) = host;
        (!filter.active || spoke_lately(sums.last_seen, view.now))
            && filter.local.is_none_or(|local| view.local.contains(*address) == local)
            && self.has_app(at, *address, view)
            && self.is_of_country(at, host, view)
            && filter.words.iter().zip(apps).all(|(word, apps)| word.fits(at, host, apps, view))
    }

    fn has_app(&self, at: Place, address: IpAddr, view: &View) -> bool {
        let mut apps = view.labels.sums.each_of_host(at, address);
        match self.filter.app.as_deref() {
            None => true,
            Some("") => apps.next().is_none(),
            Some(_) => self.app.is_some_and(|wanted| apps.any(|app| app.app == wanted)),
        }
    }

    fn is_of_country(&self, at: Place, (address, sums): &(IpAddr, HostSums), view: &View) -> bool {
        self.filter.country.as_deref().is_none_or(|wanted| {
            let place = view.located_at(at, *address, sums).place;
            place.as_ref().and_then(|place| place.country.as_deref()).unwrap_or_default() == wanted
        })
    }
}

impl Word {
    fn parse(word: &str) -> Result<Self, FilterError> {
        let (negated, rest) = word.strip_prefix('!').map_or((false, word), |rest| (true, rest));
        match Meaning::of(rest) {
            Some(meaning) => Ok(Self { negated, meaning }),
            None => Err(FilterError::UnknownOfHost { word: word.into() }),
        }
    }

    fn fits(&self, at: Place, (address, sums): &(IpAddr, HostSums), apps: &[bool], view: &View) -> bool {
        let located = || view.located_at(at, *address, sums).place;
        let fits = match &self.meaning {
            Meaning::Address(wanted) => address == wanted,
            Meaning::Network(network) => network.contains(address),
            Meaning::System(number) => located().is_some_and(|place| place.asn == Some(*number)),
            Meaning::Text(text) => {
                let has = |told: Option<&String>| told.is_some_and(|told| told.to_lowercase().contains(text));
                let is_wanted = |app: AppNumber| apps.get(app.place()).is_some_and(|&wanted| wanted);
                view.labels.sums.each_of_host(at, *address).any(|app| is_wanted(app.app))
                    || named(*address, view).iter().any(|name| has(Some(&name.name)))
                    || located()
                        .is_some_and(|place| has(place.organization.as_ref()) || has(place.city.as_ref()))
            }
        };
        fits != self.negated
    }
}

impl Meaning {
    fn of(word: &str) -> Option<Self> {
        if let Ok(address) = word.parse() {
            return Some(Self::Address(address));
        }
        if let Some(number) = word.get(..2).filter(|letters| letters.eq_ignore_ascii_case("as"))
            && let Some(number) = word.strip_prefix(number).and_then(|number| number.parse().ok())
        {
            return Some(Self::System(number));
        }
        let network = word.parse().ok().or_else(|| first_octets(word));
        network
            .map(|network: IpNet| Self::Network(network.trunc()))
            .or_else(|| may_be_in_a_name(word).then(|| Self::Text(word.to_lowercase())))
    }
}
