//! Where this machine is, by what the user says or by its time zone.

use std::fs;
use std::path::Path;

use netsonde_geolocation::{Extent, Standpoint};
use netsonde_messages::HereSource;
use netsonde_synth::demo as story;

use crate::config::Config;

/// The folder of time zones in the path that leads to one of them.
const ZONES: &str = "/zoneinfo/";
/// The lists of time zones (tz database): each of the first belongs to one country; the second has fewer zones, each with
/// the countries that share it, the one with the most people first.
const LISTS: [&str; 2] = ["usr/share/zoneinfo/zone.tab", "usr/share/zoneinfo/zone1970.tab"];

/// Returns where the user says that captures are taken.
pub(crate) fn configured(config: &Config) -> Option<Standpoint> {
    let extent = config.here.clone()?;
    Some(Standpoint { extent, source: HereSource::Configured })
}

/// Returns where the demo's story happens.
pub(crate) const fn demo() -> Standpoint {
    let (north, east) = story::OFFICE;
    Standpoint { extent: Extent::Point(north, east), source: HereSource::Demo }
}

/// Returns the country of this machine's time zone; none where that is of no country, as UTC is.
pub(crate) fn time_zone() -> Option<Standpoint> {
    by_time_zone(Path::new("/"))
}

/// Returns the country of the time zone of a system whose files lie below `root`.
fn by_time_zone(root: &Path) -> Option<Standpoint> {
    let lists: Vec<_> = LISTS.iter().filter_map(|list| fs::read_to_string(root.join(list)).ok()).collect();
    let country = zones(root).iter().find_map(|zone| lists.iter().find_map(|list| country(list, zone)))?;
    Some(Standpoint { extent: Extent::Country(country.into()), source: HereSource::TimeZone })
}

/// Returns what the time zone of a system is called, by each of those who say so (localtime(5)): another name for the same
/// zone may be a link to it.
fn zones(root: &Path) -> Vec<String> {
    let link = root.join("etc/localtime");
    let of_path = |path: &Path| Some(path.to_str()?.rsplit_once(ZONES)?.1.to_owned());
    let direct = fs::read_link(&link).ok().and_then(|path| of_path(&path));
    let named = fs::read_to_string(root.join("etc/timezone")).ok();
    let named = named.and_then(|text| Some(text.lines().next()?.trim().to_owned()));
    let followed = fs::canonicalize(&link).ok().and_then(|path| of_path(&path));
    [direct, named, followed].into_iter().flatten().collect()
}

/// Returns the first country that a list says a time zone is of.
fn country(list: &str, zone: &str) -> Option<String> {
    let rows = list.lines().filter(|line| !line.starts_with('#'));
    let mut rows = rows.map(|line| line.split('\t').collect::<Vec<_>>());
    let row = rows.find(|row| row.get(2) == Some(&zone))?;
    let code = row.first()?.split(',').next()?;
    (code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase())).then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;

    use super::*;

    const COUNTRIES: &str = "# tzdb timezones\n#\nDE\t+5230+01322\tEurope/Berlin\tmost of Germany\n\
        NO\t+5955+01045\tEurope/Oslo\n";
    const SHARED: &str = "# tzdb timezones\nDE,DK,NO,SE,SJ\t+5230+01322\tEurope/Berlin\tmost of Germany\n\
        ??\t+0000+00000\tEtc/Strange\n";

    fn system() -> TempDir {
        let root = tempfile::tempdir().unwrap();
        for folder in ["etc", "usr/share/zoneinfo/Europe", "usr/share/zoneinfo/Nordic"] {
            fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        for (list, text) in LISTS.iter().zip([COUNTRIES, SHARED]) {
            fs::write(root.path().join(list), text).unwrap();
        }
        root
    }

    fn code(root: &TempDir) -> Option<String> {
        let Standpoint { extent, source } = by_time_zone(root.path())?;
        assert_eq!(source, HereSource::TimeZone);
        let Extent::Country(country) = extent else { panic!("a time zone is no point") };
        Some(country.into_owned())
    }

    #[test]
    fn the_link_says_the_zone_and_the_lists_its_country() {
        let root = system();
        assert_eq!(code(&root), None);
        symlink("/usr/share/zoneinfo/Europe/Oslo", root.path().join("etc/localtime")).unwrap();
        // By the second list it would be Germany, which shares the zone today.
        assert_eq!(code(&root).as_deref(), Some("NO"));
        fs::write(root.path().join(LISTS[0]), "").unwrap();
        fs::remove_file(root.path().join("etc/localtime")).unwrap();
        symlink("../usr/share/zoneinfo/Europe/Berlin", root.path().join("etc/localtime")).unwrap();
        assert_eq!(code(&root).as_deref(), Some("DE"));
    }

    #[test]
    fn another_name_of_a_zone_leads_to_it_and_a_copy_is_named_beside_it() {
        let root = system();
        let zones = root.path().join("usr/share/zoneinfo");
        fs::write(zones.join("Europe/Oslo"), "TZif").unwrap();
        symlink("../Europe/Oslo", zones.join("Nordic/Trondheim")).unwrap();
        symlink(zones.join("Nordic/Trondheim"), root.path().join("etc/localtime")).unwrap();
        assert_eq!(code(&root).as_deref(), Some("NO"));
        let root = system();
        fs::write(root.path().join("etc/localtime"), "TZif").unwrap();
        fs::write(root.path().join("etc/timezone"), "Europe/Berlin\n").unwrap();
        assert_eq!(code(&root).as_deref(), Some("DE"));
    }

    #[test]
    fn the_zone_of_no_country_is_nowhere() {
        for zone in ["UTC", "Etc/UTC", "Etc/GMT+5", "Etc/Strange", "Mars/Olympus", ""] {
            let root = system();
            fs::write(root.path().join("etc/timezone"), zone).unwrap();
            assert_eq!(code(&root), None, "{zone}");
        }
    }
}
