//! The fuzz targets and the inputs kept for them.

use std::path::Path;

use crate::tree::entries;

/// Finds fuzz targets without a committed corpus: without one each run would start from nothing.
///
/// # Errors
///
/// When the folder of the targets cannot be read.
pub fn corpus_complaints(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut complaints = Vec::new();
    let mut targets = 0_usize;
    for source in entries(&root.join("fuzz/fuzz_targets"))? {
        let Some(target) = source.file_stem().filter(|_| source.extension().is_some_and(|end| end == "rs"))
        else {
            continue;
        };
        targets += 1;
        let corpus = Path::new("fuzz/corpus").join(target);
        let inputs = entries(&root.join(&corpus)).unwrap_or_default();
        if inputs.is_empty() {
            complaints.push(format!("{} is missing or empty: commit some inputs", corpus.display()));
        }
    }
    if targets == 0 {
        complaints.push("fuzz/fuzz_targets has no target".to_owned());
    }
    Ok(complaints)
}
