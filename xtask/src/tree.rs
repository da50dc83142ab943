//! The files of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Folders that hold no sources: what tools write, and inputs made for machines.
const SKIPPED_FOLDERS: [&str; 7] =
    [".git", "target", "node_modules", "corpus", "artifacts", "coverage", "dist"];

/// A text file of the workspace.
#[derive(Debug, Clone)]
pub struct TextFile {
    /// The path from the root of the workspace, with `/` between its parts.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl TextFile {
    /// Tells whether this is Rust.
    pub fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|end| end == "rs")
    }

    /// Tells whether this Rust file holds tests or benchmarks only.
    pub fn is_test_only(&self) -> bool {
        self.path.split('/').any(|part| matches!(part, "tests" | "benches" | "tests.rs"))
            || self.path.ends_with("_tests.rs")
    }
}

/// Returns the root folder of the workspace.
pub fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// Reads every text file under `root`, in order of path; files that are not UTF-8 are left out.
///
/// # Errors
///
/// When a folder or a file cannot be read.
pub fn text_files(root: &Path) -> anyhow::Result<Vec<TextFile>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            // A working tree beside the main one has a file in place of the folder `.git`.
            if SKIPPED_FOLDERS.iter().any(|name| path.ends_with(name)) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Some(file) = read(root, &path)? {
                files.push(file);
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Lists what a folder holds, in order of name.
///
/// # Errors
///
/// When the folder cannot be read.
pub fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let listing = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut paths = listing.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn read(root: &Path, path: &Path) -> anyhow::Result<Option<TextFile>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let relative = path.strip_prefix(root)?;
    let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    Ok(String::from_utf8(bytes).ok().map(|text| TextFile { path: parts.join("/"), text }))
}
