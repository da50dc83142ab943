//! The applications of a session: those of the catalogue, then those that only the user's rules name.

use std::sync::Arc;

use netsonde_app_detector::{App, AppId, Catalogue, Category};

/// The number of an application in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AppNumber(u16);

impl AppNumber {
    /// Returns the number, from 0.
    pub(crate) const fn place(self) -> usize {
        self.0 as usize
    }
}

impl From<AppId> for AppNumber {
    fn from(id: AppId) -> Self {
        Self(id.number())
    }
}

/// All applications, by number.
#[derive(Debug)]
pub(crate) struct Apps {
    catalogue: &'static Catalogue,
    held: Vec<App>,
}

impl Apps {
    pub(crate) fn new(catalogue: &'static Catalogue) -> Self {
        Self { catalogue, held: catalogue.apps().map(|(_, app)| app.clone()).collect() }
    }

    /// Returns an application.
    pub(crate) fn get(&self, number: AppNumber) -> Option<&App> {
        self.held.get(number.place())
    }

    /// Goes through all of them in order.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (AppNumber, &App)> {
        // Lossless: `enter` stops where the numbers end, as the catalogue does.
        self.held
            .iter()
            .enumerate()
            .map(|(place, app)| (AppNumber(u16::try_from(place).unwrap_or(u16::MAX)), app))
    }

    /// Tells whether an application carries the services of others.
    pub(crate) fn is_carrier(&self, number: AppNumber) -> bool {
        self.get(number).is_some_and(|app| app.is_carrier)
    }

    /// Finds an application by its whole name, in upper or lower case.
    pub(crate) fn find(&self, name: &str) -> Option<AppNumber> {
        self.catalogue.find(name).map(AppNumber::from).or_else(|| {
            let name = name.to_lowercase();
            let of_rules = self.iter().skip(self.catalogue.len());
            of_rules.into_iter().find(|(_, app)| app.name.to_lowercase() == name).map(|(number, _)| number)
        })
    }

    /// Finds an application by its name or enters it, in the place of one that `is_free` where there is one. None where
    /// the numbers have come to their end.
    pub(crate) fn enter(&mut self, name: &str, is_free: impl Fn(AppNumber) -> bool) -> Option<AppNumber> {
        if let Some(known) = self.find(name) {
            return Some(known);
        }
        let app = App { name: name.into(), category: Category::Other, is_carrier: false };
        let free =
            self.iter().skip(self.catalogue.len()).map(|(number, _)| number).find(|&number| is_free(number));
        if let Some(place) = free.and_then(|free| self.held.get_mut(free.place())) {
            *place = app;
            return free;
        }
        let number = u16::try_from(self.held.len()).ok().map(AppNumber)?;
        self.held.push(app);
        Some(number)
    }

    /// Takes back what rules said of the applications' categories.
    pub(crate) fn restore_categories(&mut self) {
        let original = self.catalogue.apps().map(|(_, app)| app.category);
        let original = original.chain(std::iter::repeat(Category::Other));
        for (app, category) in self.held.iter_mut().zip(original) {
            app.category = category;
        }
    }

    /// Takes note that a rule says what an application is for.
    pub(crate) fn set_category(&mut self, number: AppNumber, category: Category) {
        if let Some(app) = self.held.get_mut(number.place()) {
            app.category = category;
        }
    }

    /// Returns the applications' place in the alphabet, by number.
    pub(crate) fn alphabet(&self) -> Vec<u16> {
        let mut sorted: Vec<_> = self.iter().collect();
        sorted.sort_by_cached_key(|(_, app)| app.name.to_lowercase());
        let mut places = vec![0; self.held.len()];
        for (place, (number, _)) in (0..).zip(sorted) {
            if let Some(slot) = places.get_mut(number.place()) {
                *slot = place;
            }
        }
        places
    }

    /// Returns an application's name; blank for one that does not exist.
    pub(crate) fn name(&self, number: AppNumber) -> Arc<str> {
        self.get(number).map_or_else(|| Arc::from(""), |app| Arc::clone(&app.name))
    }
}
