//! The faults that must not come back, each held off by tests.

use std::collections::BTreeSet;

use crate::invariants::test_names;
use crate::tree::TextFile;

/// Rows that stand in the table of faults begin with their number.
const ROW_OPENS: &str = "| ";

/// Finds rows that name no test, and tests that do not exist, in Rust or in the pages.
pub fn fault_complaints(table: &str, files: &[TextFile]) -> Vec<String> {
    let tests: BTreeSet<&str> = files
        .iter()
        .flat_map(|file| if file.is_rust() { test_names(&file.text) } else { page_test_names(file) })
        .collect();
    let mut complaints = Vec::new();
    for row in table.lines().filter(|row| is_row(row)) {
        let held_by = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap_or_default();
        let names: Vec<&str> = held_by.split('`').skip(1).step_by(2).collect();
        if names.is_empty() {
            complaints.push(format!("this fault is held by no test: {row}"));
        }
        for name in names.into_iter().filter(|name| !tests.contains(name)) {
            complaints.push(format!(
                "a fault names the test `{name}`, which does not exist: write it, or correct the name"
            ));
        }
    }
    complaints
}

fn is_row(line: &str) -> bool {
    line.strip_prefix(ROW_OPENS).is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

/// Lists the tests of a page's test file.
fn page_test_names(file: &TextFile) -> Vec<&str> {
    if ![".test.ts", ".test.tsx"].iter().any(|end| file.path.ends_with(end)) {
        return Vec::new();
    }
    let opened = file.text.lines().filter_map(|line| line.trim_start().strip_prefix("it(\""));
    opened.filter_map(|rest| Some(rest.split_once('"')?.0)).collect()
}

/// Finds a profile of the workspace in which a panic ends the program.
///
/// A panic is caught where a session or a viewer can end by itself; where panics abort, nothing is caught.
pub fn panic_complaints(manifest: &str) -> Vec<String> {
    let aborts = |line: &&str| line.split_whitespace().collect::<String>() == "panic=\"abort\"";
    manifest
        .lines()
        .filter(aborts)
        .map(|line| format!("the root manifest says {line}: a panic would end the program"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> TextFile {
        TextFile { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_fault_needs_tests_that_exist() {
        let files = [
            file("crates/x/tests/x.rs", "#[tokio::test]\nasync fn kept() {}\n"),
            file("web/src/x.test.ts", "  it(\"shown\", () => {\n"),
            file("web/src/x.ts", "it(\"nothing\", () => {\n"),
        ];
        let complaints = |row: &str| fault_complaints(row, &files).len();
        assert_eq!(complaints("| 7 | B | it broke | `kept`, `shown` |"), 0);
        assert_eq!(complaints("| 7 | B | it broke | `kept`, `nothing` |"), 1);
        assert_eq!(complaints("| 7 | B | `kept` broke | by hand |"), 1);
        assert_eq!(complaints("| # | kind | what happened | held by |"), 0);
    }

    #[test]
    fn a_profile_that_aborts_is_found() {
        assert_eq!(panic_complaints("[profile.release]\npanic = \"abort\"\n").len(), 1);
        assert!(panic_complaints("# No `panic = \"abort\"`\npanic = \"warn\"\n").is_empty());
    }
}
