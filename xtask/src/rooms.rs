//! The dependency table of the architecture page, held against what cargo builds.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};

use crate::metadata::Package;

/// The first cells of the table that this module reads.
const TABLE_HEAD: &str = "| room | level | may import | outside crates";

/// What the table says of one room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// The floor it stands on, from 0; a room imports from lower floors only.
    pub level: u8,
    /// The rooms it imports.
    pub rooms: BTreeSet<String>,
    /// The crates from outside the workspace that it imports.
    pub crates: BTreeSet<String>,
}

/// Reads the dependency table: names stand in backquotes, everything else in a cell is explanation.
///
/// # Errors
///
/// When there is no table, or a row of it has no room, no level or too few cells.
pub fn parse_table(markdown: &str) -> anyhow::Result<BTreeMap<String, Room>> {
    let mut lines = markdown.lines().skip_while(|line| !line.starts_with(TABLE_HEAD));
    lines.next().with_context(|| format!("no table that starts with {TABLE_HEAD:?}"))?;
    // The line after the head is the rule under it.
    let rows = lines.skip(1).take_while(|line| line.starts_with('|'));
    rows.map(|row| parse_row(row).with_context(|| format!("cannot read the table row {row:?}"))).collect()
}

/// Compares the table with the members of the workspace under `crates/`.
pub fn table_complaints(table: &BTreeMap<String, Room>, members: &[Package]) -> Vec<String> {
    let built = built(members);
    let mut complaints = Vec::new();
    for name in table.keys().filter(|name| !built.contains_key(*name)) {
        complaints.push(format!("the table has a row for `{name}`, which is no crate: remove the row"));
    }
    for (name, (rooms, crates)) in &built {
        let Some(row) = table.get(name) else {
            complaints.push(format!("the table has no row for `{name}`: add one"));
            continue;
        };
        for (column, claimed, found) in
            [("may import", &row.rooms, rooms), ("outside crates", &row.crates, crates)]
        {
            for import in found.difference(claimed) {
                complaints.push(format!(
                    "crates/{name} imports `{import}`, which its column {column:?} does not name: \
                     add it with the reason, or drop the dependency"
                ));
            }
            for import in claimed.difference(found) {
                complaints.push(format!(
                    "the row `{name}` names `{import}` in {column:?}, which its manifest does not import: remove it"
                ));
            }
        }
    }
    complaints
}

/// Finds rooms that import a room of their own level or of a higher one.
pub fn level_complaints(table: &BTreeMap<String, Room>) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, room) in table {
        for import in &room.rooms {
            match table.get(import) {
                Some(below) if below.level < room.level => {}
                Some(beside) => complaints.push(format!(
                    "`{name}` (L{}) imports `{import}` (L{}): a room imports only from levels below its own",
                    room.level, beside.level
                )),
                None => complaints.push(format!("`{name}` imports `{import}`, which has no row")),
            }
        }
    }
    complaints
}

/// Returns what each crate imports: rooms first, then outside crates.
fn built(members: &[Package]) -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let names: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
    let mut built = BTreeMap::new();
    for member in members {
        let Some(folder) = member.folder.as_deref().and_then(|folder| folder.strip_prefix("crates/")) else {
            continue;
        };
        let (rooms, crates): (BTreeSet<_>, BTreeSet<_>) =
            member.needs.iter().cloned().partition(|need| names.contains(need.as_str()));
        let rooms = rooms.iter().map(|room| room.trim_start_matches("netsonde-").to_owned()).collect();
        built.insert(folder.to_owned(), (rooms, crates));
    }
    built
}

fn parse_row(row: &str) -> anyhow::Result<(String, Room)> {
    let cells: Vec<&str> = row.trim().trim_matches('|').split('|').map(str::trim).collect();
    let [name, level, rooms, crates] = cells.as_slice() else {
        anyhow::bail!("it has {} cells, not 4", cells.len());
    };
    let mut names = quoted(name);
    ensure!(names.len() == 1, "its first cell must name one room in backquotes");
    let name = names.pop_first().unwrap_or_default();
    let level = level.strip_prefix('L').context("its level does not start with L")?.parse()?;
    Ok((name, Room { level, rooms: quoted(rooms), crates: quoted(crates) }))
}

fn quoted(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "text\n\n\
        | room | level | may import | outside crates, and why |\n|---|---|---|---|\n\
        | `units` | L0 | nothing | none |\n\
        | `capture` | L3 | `units` | `pcap` (live capture), `flate2` (gz) |\n\nmore";

    fn member(folder: &str, name: &str, needs: &[&str]) -> Package {
        Package {
            name: name.to_owned(),
            folder: Some(folder.to_owned()),
            licence: None,
            needs: needs.iter().map(|need| (*need).to_owned()).collect(),
        }
    }

    fn members(capture_needs: &[&str]) -> Vec<Package> {
        vec![
            member("crates/units", "netsonde-units", &[]),
            member("crates/capture", "netsonde-capture", capture_needs),
            member("xtask", "xtask", &["anyhow"]),
        ]
    }

    #[test]
    fn a_table_that_fits_gives_no_complaint() {
        let table = parse_table(TABLE).unwrap();
        let members = members(&["netsonde-units", "pcap", "flate2"]);
        assert!(table_complaints(&table, &members).is_empty());
        assert!(level_complaints(&table).is_empty());
    }

    #[test]
    fn missing_and_surplus_imports_are_both_reported() {
        let table = parse_table(TABLE).unwrap();
        // `zstd` is new in the manifest; `flate2` and `units` stand only in the table.
        let complaints = table_complaints(&table, &members(&["pcap", "zstd"]));
        assert_eq!(complaints.len(), 3, "{complaints:?}");
    }

    #[test]
    fn rows_and_crates_without_a_partner_are_reported() {
        let table = parse_table(TABLE).unwrap();
        let others = [member("crates/flow", "netsonde-flow", &[])];
        // Two rows without a crate, one crate without a row.
        assert_eq!(table_complaints(&table, &others).len(), 3);
    }

    #[test]
    fn importing_from_the_own_level_is_reported() {
        let table = parse_table(&TABLE.replace("L0", "L3")).unwrap();
        assert_eq!(level_complaints(&table).len(), 1);
    }

    #[test]
    fn a_page_without_the_table_is_an_error() {
        assert!(parse_table("no table").is_err());
        assert!(parse_table(&TABLE.replace("L0", "ground")).is_err());
    }
}
