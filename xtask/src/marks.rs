//! Words that must not stand in a committed file.

use crate::tree::TextFile;

/// Unfinished work: it belongs into an issue, or is done at once.
const UNFINISHED: [&str; 4] = ["TODO", "FIXME", "todo!(", "unimplemented!("];

/// Hosts that package managers talk to: which one is used is the business of the machine that builds.
const REGISTRIES: [&str; 7] = [
    "index.crates.io",
    "static.crates.io",
    "registry.npmjs.org",
    "pypi.org",
    "files.pythonhosted.org",
    "proxy.golang.org",
    "deb.debian.org",
];

/// Beginnings of paths that exist on one machine only.
const MACHINE_PATHS: [&str; 4] = ["/home/", "/root/", "/Users/", "/work/"];

/// Files that may hold such words: package managers write the locks, and this file lists the words.
const EXEMPT: [&str; 3] = ["Cargo.lock", "package-lock.json", "marks.rs"];

/// Finds unfinished marks, host names of registries and paths of one machine.
pub fn mark_complaints(files: &[TextFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        if EXEMPT.contains(&name) {
            continue;
        }
        for (number, line) in (1_usize..).zip(file.text.lines()) {
            for (word, advice) in found_in(line) {
                complaints.push(format!("{}:{number} has {word:?}: {advice}", file.path));
            }
        }
    }
    complaints
}

fn found_in(line: &str) -> Vec<(&'static str, &'static str)> {
    let unfinished = UNFINISHED.iter().filter(|word| line.contains(**word));
    let registries = REGISTRIES.iter().filter(|host| line.contains(**host));
    let paths = MACHINE_PATHS.iter().filter(|path| starts_a_path(line, path));
    unfinished
        .map(|word| (*word, "finish it, or open an issue"))
        .chain(registries.map(|host| (*host, "leave the choice of a registry to the machine")))
        .chain(paths.map(|path| (*path, "use a path inside the project")))
        .collect()
}

/// Tells whether a path begins with `start`, rather than having it in its middle.
fn starts_a_path(line: &str, start: &str) -> bool {
    line.match_indices(start).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | '-' | '_' | '}' | ')'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_marks_hosts_and_machine_paths_are_found() {
        for bad in ["// TODO later", "todo!()", "see https://index.crates.io/x", "cd /home/me", "\"/work/x\""]
        {
            assert_eq!(found_in(bad).len(), 1, "{bad}");
        }
        for good in ["todo = \"warn\"", "https://example.com/home/", "./work/x", "$HOME/x"] {
            assert!(found_in(good).is_empty(), "{good}");
        }
    }
}
