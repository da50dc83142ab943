//! The container file, which nothing else here reads: what it copies exists, and it builds with the Rust that we ask for.

use std::path::Path;

/// Where the file lies.
pub const FILE: &str = "packaging/Dockerfile";

/// Finds files that the container file copies and that do not exist under `root`.
pub fn copy_complaints(text: &str, root: &Path) -> Vec<String> {
    let sources: Vec<&str> =
        instructions(text, "COPY").into_iter().flat_map(|words| copied(&words)).collect();
    if sources.is_empty() {
        return vec![format!("{FILE} copies nothing")];
    }
    let missing = sources.into_iter().filter(|source| !root.join(source).exists());
    missing.map(|source| format!("{FILE} copies {source}, which does not exist: correct the path")).collect()
}

/// Compares the Rust that the image is built with to the `rust-version` of the workspace's manifest.
pub fn rust_complaints(text: &str, manifest: &str) -> Vec<String> {
    let wanted = manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'));
    let used = instructions(text, "FROM")
        .into_iter()
        .find_map(|words| words.first()?.strip_prefix("rust:")?.split('-').next());
    if used.is_some() && used == wanted {
        return Vec::new();
    }
    vec![format!("{FILE} builds with Rust {used:?} and Cargo.toml asks for {wanted:?}: make them equal")]
}

/// Returns the words after each instruction of a kind.
fn instructions<'a>(text: &'a str, kind: &str) -> Vec<Vec<&'a str>> {
    let words = |line: &'a str| line.split_whitespace().collect::<Vec<_>>();
    let of_kind = text.lines().filter_map(|line| line.strip_prefix(kind)?.strip_prefix(' '));
    of_kind.map(words).collect()
}

/// Returns what is copied from the sources: all words but the last, unless another stage is copied from.
fn copied<'a>(words: &[&'a str]) -> Vec<&'a str> {
    match words {
        [first, ..] if first.starts_with("--from=") => Vec::new(),
        [sources @ .., _] => sources.to_vec(),
        [] => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "FROM rust:1.95-bookworm AS program\nCOPY Cargo.toml no-such-file ./\nCOPY --from=x /y z\n";

    #[test]
    fn a_copied_file_must_exist() {
        let complaints = copy_complaints(TEXT, crate::tree::root());
        assert!(complaints.len() == 1 && complaints[0].contains("no-such-file"), "{complaints:?}");
        assert_eq!(copy_complaints("FROM x\n", crate::tree::root()).len(), 1);
    }

    #[test]
    fn the_image_builds_with_the_rust_of_the_manifest() {
        assert!(rust_complaints(TEXT, "rust-version = \"1.95\"\n").is_empty());
        assert_eq!(rust_complaints(TEXT, "rust-version = \"1.96\"\n").len(), 1);
        assert_eq!(rust_complaints("FROM x\n", "").len(), 1);
    }
}
