//! The promises of the architecture page, each kept by a test.

use std::collections::BTreeSet;

use crate::tree::TextFile;

/// How an invariant names its test, after the promise itself.
const TEST_OPENS: &str = "(test: `";
const TEST_CLOSES: &str = "`)";

/// How many lines of attributes may stand between `#[test]` and the function.
const MAX_ATTRIBUTE_LINES: usize = 8;

/// Finds invariants that name no test, or one that does not exist.
pub fn invariant_complaints(architecture: &str, files: &[TextFile]) -> Vec<String> {
    let tests: BTreeSet<&str> =
        files.iter().filter(|file| file.is_rust()).flat_map(|file| test_names(&file.text)).collect();
    let mut complaints = Vec::new();
    for line in architecture.lines().filter(|line| line.contains("Invariant:")) {
        let name = line.split_once(TEST_OPENS).and_then(|(_, rest)| rest.split_once(TEST_CLOSES));
        match name {
            None => complaints.push(format!("this line must end with {TEST_OPENS}name{TEST_CLOSES}: {line}")),
            Some((name, _)) if tests.contains(name) => {}
            Some((name, _)) => complaints.push(format!(
                "an invariant names the test `{name}`, which does not exist: write it, or correct the name"
            )),
        }
    }
    complaints
}

/// Lists the functions of a file that stand under `#[test]` or the like of an asynchronous test.
pub(crate) fn test_names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut lines_since_mark = MAX_ATTRIBUTE_LINES;
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            lines_since_mark = 0;
        } else if lines_since_mark < MAX_ATTRIBUTE_LINES {
            lines_since_mark += 1;
            if let Some((name, _)) =
                line.trim_start_matches("async ").strip_prefix("fn ").and_then(|rest| rest.split_once('('))
            {
                names.push(name);
                lines_since_mark = MAX_ATTRIBUTE_LINES;
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invariant_needs_a_test_that_exists() {
        let text = "#[test]\n#[cfg(unix)]\nfn kept() {}\nfn helper() {}\n".to_owned();
        let files = [TextFile { path: "crates/x/src/lib.rs".to_owned(), text }];
        let complaints = |line: &str| invariant_complaints(line, &files).len();
        assert_eq!(complaints("Invariant: true (test: `kept`)"), 0);
        assert_eq!(complaints("Invariant: true (test: `helper`)"), 1);
        assert_eq!(complaints("Invariant: true"), 1);
    }
}
