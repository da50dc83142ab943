//! How the sources are cut: short files, and walls where the architecture puts them.

use crate::tree::TextFile;

/// Lines of code that a file may have; 400 is the habit, this is where a test asks for a cut.
const MAX_CODE_LINES: usize = 600;

/// The one crate that may hold unsafe code, and the module of it that may.
const UNSAFE_CRATE: &str = "crates/capture/";
const UNSAFE_MODULE: &str = "crates/capture/src/sys";

/// Finds files with more lines of code than one reads in a sitting; blank lines, comments and tests are free.
pub fn length_complaints(files: &[TextFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| file.is_rust() && !file.is_test_only()) {
        let lines = code_lines(&file.text).count();
        if lines > MAX_CODE_LINES {
            complaints.push(format!(
                "{} has {lines} lines of code, more than {MAX_CODE_LINES}: cut it by what its parts are about",
                file.path
            ));
        }
    }
    complaints
}

/// Finds places in `metrics` that look into packets although only the calculator may.
pub fn dissect_complaints(files: &[TextFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| file.is_rust() && !file.is_test_only()) {
        let Some(module) = file.path.strip_prefix("crates/metrics/src/") else { continue };
        if module == "calculator.rs" || module.starts_with("calculator/") {
            continue;
        }
        for line in code_lines(&file.text).filter(|line| line.contains("dissect::")) {
            complaints.push(format!(
                "{} reads packets ({:?}): only the calculator of metrics may",
                file.path,
                line.trim()
            ));
        }
    }
    complaints
}

/// Finds crates that do not forbid unsafe code, and unsafe code where it may not be.
pub fn unsafe_complaints(files: &[TextFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        let is_root = file.path.ends_with("/src/lib.rs") || file.path.ends_with("/src/main.rs");
        let may_be_unsafe = file.path.starts_with(UNSAFE_CRATE);
        let forbids = file.text.lines().any(|line| line == "#![forbid(unsafe_code)]");
        if is_root && !may_be_unsafe && !forbids {
            complaints.push(format!("{} must say #![forbid(unsafe_code)]", file.path));
        }
        if may_be_unsafe && !file.path.starts_with(UNSAFE_MODULE) && code_lines(&file.text).any(is_unsafe) {
            complaints.push(format!("{} has unsafe code: only {UNSAFE_MODULE} may", file.path));
        }
    }
    complaints
}

fn is_unsafe(line: &str) -> bool {
    ["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern", "unsafe trait"]
        .iter()
        .any(|form| line.contains(form))
}

/// The lines that are neither blank nor comment, up to the test module that ends a file.
fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut lines = text.lines().peekable();
    let before_tests = std::iter::from_fn(move || {
        let line = lines.next()?;
        let next = lines.peek().copied().unwrap_or_default();
        let opens_tests = line == "#[cfg(test)]" && next.starts_with("mod ") && next.ends_with('{');
        (!opens_tests).then_some(line)
    });
    before_tests.filter(|line| {
        let line = line.trim_start();
        !line.is_empty() && !line.starts_with("//")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> [TextFile; 1] {
        [TextFile { path: path.to_owned(), text: text.to_owned() }]
    }

    #[test]
    fn blank_lines_comments_and_tests_are_not_code() {
        let text = "//! Doc.\n\nuse a::b;\n    // why\nfn f() {}\n#[cfg(test)]\nmod tests {\n fn g() {}\n}\n";
        assert_eq!(code_lines(text).count(), 2);
        // A test module in a file of its own does not end this one.
        assert_eq!(code_lines("#[cfg(test)]\nmod tests;\nfn f() {}\n").count(), 3);
    }

    #[test]
    fn a_long_file_is_reported_unless_it_holds_tests_only() {
        let text = "f();\n".repeat(MAX_CODE_LINES + 1);
        assert_eq!(length_complaints(&file("crates/flow/src/table.rs", &text)).len(), 1);
        assert!(length_complaints(&file("crates/flow/tests/table.rs", &text)).is_empty());
        assert!(length_complaints(&file("crates/flow/src/table/tests.rs", &text)).is_empty());
    }

    #[test]
    fn only_the_calculator_may_look_into_packets() {
        let text = "use netsonde_dissect::Frame;\n";
        assert_eq!(dissect_complaints(&file("crates/metrics/src/tally.rs", text)).len(), 1);
        for allowed in ["metrics/src/calculator.rs", "metrics/src/calculator/side.rs", "flow/src/table.rs"] {
            assert!(dissect_complaints(&file(&format!("crates/{allowed}"), text)).is_empty(), "{allowed}");
        }
    }

    #[test]
    fn unsafe_code_is_forbidden_everywhere_but_behind_the_system_calls() {
        assert_eq!(unsafe_complaints(&file("crates/flow/src/lib.rs", "mod table;\n")).len(), 1);
        assert!(unsafe_complaints(&file("crates/flow/src/lib.rs", "#![forbid(unsafe_code)]\n")).is_empty());
        let block = "let x = unsafe { f() };\n";
        assert_eq!(unsafe_complaints(&file("crates/capture/src/live.rs", block)).len(), 1);
        assert!(unsafe_complaints(&file("crates/capture/src/sys/ring.rs", block)).is_empty());
    }
}
