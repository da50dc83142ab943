//! Sums of hosts by place: one walk through the table.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use foldhash::fast::RandomState;
use netsonde_app_detector::Category;
use netsonde_geolocation::Standpoint;
use netsonde_messages::{
    CategorySums, CountrySums, DoubtReason, HostGroup, Lookups, Name, Place, PlaceDoubt, PlaceHost,
    PlaceSums, Places,
};

use super::{Standing, Whereabouts, point};
use crate::hosts::{HostSums, best_name};
use crate::labels::Labels;
use crate::limits::{TOLD_PLACES, TOP_HOSTS_OF_PLACE};
use crate::ranked::{self, Weight as _};
use crate::view::View;

/// What tells places apart: country, region, city, coordinates if they are known, and why hosts are not there.
type Key = (Option<Name>, Option<String>, Option<String>, Option<Tenths>, Option<DoubtReason>);

/// Degrees north and east in tenths: cities of one name stay apart, and a city is not the middle of its country.
type Tenths = (i16, i16);

/// Hosts at one place.
struct Group {
    key: Key,
    sums: HostGroup,
    categories: Vec<OfCategory>,
    /// The hosts with the most bytes, in order.
    top: Vec<Member>,
}

/// What one category has moved.
#[derive(Clone, Copy)]
struct OfCategory {
    category: Option<Category>,
    flows: u64,
    bytes: u64,
}

/// A host at a place.
struct Member {
    bytes: u64,
    address: IpAddr,
    at: ranked::Place,
    place: Arc<Place>,
    doubt: Option<PlaceDoubt>,
}

/// Sums up where the hosts of a view are; those of which not everything is known are asked for if somebody can be.
pub(super) fn places(view: &mut View, lookups: &Lookups) -> Places {
    let View { totals, local, whereabouts, labels, .. } = view;
    whereabouts.find_here(totals, local);
    let mut groups = Groups::default();
    let mut unknown = HostGroup::default();
    let mut not_global = HostGroup::default();
    for (at, (address, sums)) in (0..).zip(totals.hosts().iter()) {
        match Standing::of(*address, local) {
            Standing::Nobody | Standing::Local => continue,
            Standing::Nowhere => {
                add(&mut not_global, &group(sums));
                continue;
            }
            Standing::Global => {}
        }
        let located = whereabouts.fill(at, *address, sums);
        let place = located.place;
        whereabouts.want(*address, place.as_deref(), labels, lookups);
        let Some(place) = place.filter(|place| point(place).is_some()) else {
            add(&mut unknown, &group(sums));
            continue;
        };
        whereabouts.log.add(*address);
        let member = Member { bytes: sums.weight(), address: *address, at, place, doubt: located.doubt };
        groups.add(member, sums, labels);
    }
    let countries = groups.countries();
    let (groups, places_omitted) = groups.largest();
    let here = view.whereabouts.here().and_then(Standpoint::told);
    let databases = view.whereabouts.locator.databases();
    let places = groups.into_iter().filter_map(|group| told(group, view)).collect();
    Places { here, places, places_omitted, countries, unknown, not_global, databases }
}

impl Whereabouts {
    /// Leaves a host with those who may know more of it. Of a session that is over nothing is asked for again that was
    /// answered: it would never end, as answers get old.
    fn want(&self, address: IpAddr, place: Option<&Place>, labels: &Labels, lookups: &Lookups) {
        let Self { locator, is_over, .. } = self;
        let Lookups { reverse_dns, ip_api } = lookups;
        let is_named = || labels.names.best(address).is_some();
        if reverse_dns.on && !is_named() && !(*is_over && locator.is_name_told(address)) {
            locator.want_name(address);
        }
        let is_placed = place.is_some_and(|place| place.city.is_some());
        if ip_api.on && !is_placed && !(*is_over && locator.is_place_told(address)) {
            locator.want_place(address);
        }
    }
}

fn group(sums: &HostSums) -> HostGroup {
    HostGroup {
        hosts: 1,
        flows: sums.flows.into(),
        bytes_from: sums.sent.bytes,
        bytes_to: sums.received.bytes,
    }
}

fn add(to: &mut HostGroup, group: &HostGroup) {
    to.hosts += group.hosts;
    to.flows += group.flows;
    to.bytes_from += group.bytes_from;
    to.bytes_to += group.bytes_to;
}

const fn bytes(group: &HostGroup) -> u64 {
    group.bytes_from + group.bytes_to
}

/// Rounds a place's own coordinates; none where no more than the country is known.
fn tenths(place: &Place) -> Option<Tenths> {
    #[expect(clippy::cast_possible_truncation, reason = "degrees are at most 360, and the cast saturates")]
    let rounded = |degrees: f64| (degrees * 10.0).round() as i16;
    place.latitude.zip(place.longitude).map(|(north, east)| (rounded(north), rounded(east)))
}

/// All places.
#[derive(Default)]
struct Groups {
    held: Vec<Group>,
    numbers: HashMap<Key, usize, RandomState>,
}

impl Groups {
    fn add(&mut self, member: Member, sums: &HostSums, labels: &Labels) {
        let Place { country, region, city, .. } = &*member.place;
        let doubt = member.doubt.map(|doubt| doubt.reason);
        let key = (country.clone(), region.clone(), city.clone(), tenths(&member.place), doubt);
        let next = self.held.len();
        let number = *self.numbers.entry(key.clone()).or_insert(next);
        if number == next {
            let (categories, top) = (Vec::new(), Vec::new());
            self.held.push(Group { key, sums: HostGroup::default(), categories, top });
        }
        if let Some(held) = self.held.get_mut(number) {
            held.add(member, sums, labels);
        }
    }

    /// Returns the sums by country, largest first.
    fn countries(&self) -> Vec<CountrySums> {
        let mut countries: Vec<CountrySums> = Vec::new();
        let mut numbers = HashMap::<&Name, usize, RandomState>::default();
        for Group { key: (country, .., doubt), sums, .. } in &self.held {
            let Some(country) = country else { continue };
            let next = countries.len();
            let number = *numbers.entry(country).or_insert(next);
            if number == next {
                let (sums, doubtful) = (HostGroup::default(), HostGroup::default());
                countries.push(CountrySums { country: country.clone(), sums, doubtful });
            }
            let Some(held) = countries.get_mut(number) else { continue };
            add(&mut held.sums, sums);
            if doubt.is_some() {
                add(&mut held.doubtful, sums);
            }
        }
        countries.sort_by(|a, b| bytes(&b.sums).cmp(&bytes(&a.sums)).then_with(|| a.country.cmp(&b.country)));
        countries
    }

    /// Returns the places with the most bytes, largest first, and how many are left out.
    fn largest(self) -> (Vec<Group>, u64) {
        let mut groups = self.held;
        groups.sort_by(|a, b| bytes(&b.sums).cmp(&bytes(&a.sums)).then_with(|| order(&a.key, &b.key)));
        // Lossless: usize has at most 64 bits.
        let omitted = groups.len().saturating_sub(TOLD_PLACES) as u64;
        groups.truncate(TOLD_PLACES);
        (groups, omitted)
    }
}

fn order(a: &Key, b: &Key) -> std::cmp::Ordering {
    let plain = |(country, region, city, tenths, doubt): &Key| {
        (country.clone(), region.clone(), city.clone(), *tenths, doubt.map(|doubt| doubt as u8))
    };
    plain(a).cmp(&plain(b))
}

impl Group {
    fn add(&mut self, member: Member, sums: &HostSums, labels: &Labels) {
        add(&mut self.sums, &group(sums));
        let mut rest = (u64::from(sums.flows), member.bytes);
        for of_app in labels.sums.each_of_host(member.at, member.address) {
            let category = labels.judge.apps.get(of_app.app).map(|app| app.category);
            self.add_category(category, of_app.flows.into(), of_app.bytes);
            rest = (rest.0.saturating_sub(of_app.flows.into()), rest.1.saturating_sub(of_app.bytes));
        }
        if rest != (0, 0) {
            self.add_category(None, rest.0, rest.1);
        }
        let rank = |member: &Member| (Reverse(member.bytes), member.address);
        let number = self.top.partition_point(|held| rank(held) < rank(&member));
        if number < TOP_HOSTS_OF_PLACE {
            self.top.insert(number, member);
            self.top.truncate(TOP_HOSTS_OF_PLACE);
        }
    }

    fn add_category(&mut self, category: Option<Category>, flows: u64, bytes: u64) {
        if let Some(held) = self.categories.iter_mut().find(|held| held.category == category) {
            held.flows += flows;
            held.bytes += bytes;
            return;
        }
        self.categories.push(OfCategory { category, flows, bytes });
    }
}

/// Tells of a place; its coordinates are those of its largest host.
fn told(group: Group, view: &View) -> Option<PlaceSums> {
    let Group { key: (country, region, city, _, doubt), sums, mut categories, top } = group;
    let (latitude, longitude, is_country) = point(&top.first()?.place)?;
    categories.sort_by_key(|of| (Reverse(of.bytes), Reverse(of.flows), of.category));
    let category = |of: OfCategory| CategorySums {
        category: of.category.map(|category| category.name().into()),
        flows: of.flows,
        bytes: of.bytes,
    };
    Some(PlaceSums {
        country,
        region,
        city,
        latitude,
        longitude,
        is_country,
        doubt,
        sums,
        categories: categories.into_iter().map(category).collect(),
        top: top.into_iter().map(|member| host(member, view)).collect(),
    })
}

fn host(member: Member, view: &View) -> PlaceHost {
    let Member { bytes, address, at, place, doubt } = member;
    PlaceHost {
        address,
        name: best_name(address, view),
        organization: place.organization.clone(),
        app: view.labels.apps_of_host(at, address, 1).pop().map(|app| app.app),
        bytes,
        doubt,
    }
}
