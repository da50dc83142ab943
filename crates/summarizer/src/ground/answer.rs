//! Reads what a model answered.

use std::collections::BTreeSet;

use serde::Deserialize;

/// The longest answer that is looked at, in bytes.
const LONGEST: usize = 64 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    sentences: Vec<String>,
}

/// The sentences of an answer: one JSON object and nothing else, at most in one block of Markdown.
pub(super) fn read(answer: &str) -> Option<Vec<String>> {
    if answer.len() > LONGEST {
        return None;
    }
    let text = answer.trim();
    let inside = text.strip_prefix("```").and_then(|text| text.strip_suffix("```"));
    let text = inside.map_or(text, |inside| inside.strip_prefix("json").unwrap_or(inside).trim());
    serde_json::from_str::<Answer>(text).ok().map(|answer| answer.sentences)
}

/// The facts that a sentence names, as far as its placeholders can be read.
pub(super) fn ids(text: &str) -> BTreeSet<u32> {
    let behind = text.split("{f").skip(1);
    behind.filter_map(|behind| behind.split_once('}')?.0.parse().ok()).collect()
}
