//! The databases that say where addresses are: which, how old, and what is wrong with them.

use netsonde_geolocation::{Standpoint, country};
use netsonde_messages::{Check, Outcome, PlaceDatabase};
use netsonde_units::Timestamp;

use super::{note, ok};
use crate::geo;
use crate::places::{Sought, past_days};

const NAME: &str = "places";
/// What a database that was found is called among the findings.
const FILE: &str = "database";
/// What is known of where captures are taken.
const HERE: &str = "here";
/// Addresses change hands: of a database of this age, about one in twenty is somewhere else.
const OLD_DAYS: u64 = 90;
const MEND: &str = "netsonde geo install";

/// Judges what the program brings, and each database that was found.
pub(super) fn check(databases: &[PlaceDatabase], sought: &Sought, now: Timestamp) -> Vec<Check> {
    let (files, built_in): (Vec<_>, Vec<_>) = databases.iter().partition(|one| one.file.is_some());
    let mut checks = vec![built_in_check(built_in.first().copied(), files.is_empty(), sought, now)];
    checks.extend(files.into_iter().map(|database| file_check(database, sought, now)));
    checks
}

/// Judges whether it is known where captures are taken: by what the user says, else by the time zone.
pub(super) fn check_here(configured: Option<Standpoint>, time_zone: Option<Standpoint>) -> Check {
    let by = if configured.is_some() { "as was chosen" } else { "by the time zone of this machine" };
    let Some(here) = configured.or(time_zone).and_then(|standpoint| standpoint.told()) else {
        return ok(
            HERE,
            "the time zone of this machine is of no country: which places cannot be true is not judged by the way \
             there, unless --here PLACE says where captures are taken",
        );
    };
    let place = match here.country.as_deref().and_then(country) {
        Some(country) => format!("in {}", country.name),
        None => format!("at {}, {}", here.latitude, here.longitude),
    };
    ok(HERE, format!("captures are taken {place}, {by}"))
}

fn built_in_check(built_in: Option<&PlaceDatabase>, is_all: bool, sought: &Sought, now: Timestamp) -> Check {
    let found = match built_in {
        Some(database) => format!("countries are {}", geo::line(database, now)),
        None => "no countries are built in".into(),
    };
    let found = match sought {
        Sought::Folders(folders) if is_all => {
            let folders: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
            format!("{found}; cities: no database in {}, which `{MEND}` fetches", folders.join(", "))
        }
        _ => found,
    };
    let is_fine = built_in.is_some_and(|database| database.problem.is_none());
    if is_fine { ok(NAME, found) } else { note(NAME, found) }
}

fn file_check(database: &PlaceDatabase, sought: &Sought, now: Timestamp) -> Check {
    let found = geo::line(database, now);
    if database.problem.is_some() {
        // One that the user named is missed; another may never have been meant for us.
        let is_named = matches!(sought, Sought::Files(_));
        let outcome = if is_named { Outcome::No } else { Outcome::Note };
        let mend = format!("{MEND} URL|FILE puts a whole one in its place; or name another, or take it away");
        return Check { outcome, mend: Some(mend), ..ok(FILE, found) };
    }
    let days = database.built.as_deref().and_then(|built| past_days(built, now));
    if days.is_some_and(|days| days > OLD_DAYS) {
        return Check { mend: Some(MEND.into()), ..note(FILE, found) };
    }
    ok(FILE, found)
}

#[cfg(test)]
mod tests {
    use netsonde_geolocation::Extent;
    use netsonde_messages::HereSource;

    use super::*;

    /// 2024-01-15, and so many days later.
    fn after(days: u64) -> Timestamp {
        Timestamp::from_nanos((19_737 + days) * 86_400_000_000_000)
    }

    fn of(file: Option<&str>, problem: Option<&str>) -> PlaceDatabase {
        PlaceDatabase {
            file: file.map(Into::into),
            kind: "Test".into(),
            built: Some("2024-01-15T00:00:00Z".into()),
            attribution: None,
            problem: problem.map(Into::into),
        }
    }

    #[test]
    fn what_is_there_is_named_with_its_age_and_what_is_old_with_a_mend() {
        let sought = Sought::Folders(vec!["/data/geo".into()]);
        let databases = [of(None, None), of(Some("city.mmdb"), None)];
        let fresh = check(&databases, &sought, after(90));
        let found: Vec<_> = fresh.iter().map(|check| check.finding.as_str()).collect();
        assert_eq!(
            found,
            [
                "countries are built in: Test of 2024-01-15, 90 days old",
                "city.mmdb: Test of 2024-01-15, 90 days old"
            ]
        );
        assert!(fresh.iter().all(|check| check.outcome == Outcome::Ok));
        let old = check(&databases, &sought, after(91));
        assert_eq!((old[1].outcome, old[1].mend.as_deref()), (Outcome::Note, Some("netsonde geo install")));
        // What the program brings is as old as the program.
        assert_eq!(old[0].outcome, Outcome::Ok);
    }

    #[test]
    fn where_captures_are_taken_is_told_with_how_that_is_known() {
        let at = |extent, source| Some(Standpoint { extent, source });
        let point = at(Extent::Point(52.5, 13.4), HereSource::Configured);
        let zone = at(Extent::Country("NO".into()), HereSource::TimeZone);
        assert_eq!(
            check_here(point, zone.clone()).finding,
            "captures are taken at 52.5, 13.4, as was chosen"
        );
        let by_zone = check_here(None, zone).finding;
        assert_eq!(by_zone, "captures are taken in Norway, by the time zone of this machine");
        let nowhere = check_here(None, None);
        assert!(nowhere.outcome == Outcome::Ok && nowhere.finding.contains("--here"), "{nowhere:?}");
    }

    #[test]
    fn a_broken_one_that_was_named_says_no_and_one_that_was_found_is_noted() {
        let databases = [of(None, None), of(Some("city.mmdb"), Some("cut short"))];
        let outcome = |sought| check(&databases, &sought, after(1))[1].outcome;
        assert_eq!(outcome(Sought::Files(vec!["city.mmdb".into()])), Outcome::No);
        assert_eq!(outcome(Sought::Folders(Vec::new())), Outcome::Note);
    }

    #[test]
    fn without_any_it_is_said_how_to_get_them() {
        let sought = Sought::Folders(vec!["/data/geo".into(), "/var/lib/GeoIP".into()]);
        let none = check(&[], &sought, after(0));
        assert_eq!(none.len(), 1);
        assert_eq!(
            (none[0].outcome, none[0].finding.as_str()),
            (
                Outcome::Note,
                "no countries are built in; cities: no database in /data/geo, /var/lib/GeoIP, which `netsonde geo \
                 install` fetches"
            )
        );
    }
}
