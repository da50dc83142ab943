//! Parts of sentences.

/// Joins words as a sentence does: `a, b and c`.
pub(crate) fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Writes an average and the busiest second of some rate; the latter is left out where the capture was too short for
/// whole seconds to tell, so that it lies below the average.
pub(crate) fn pace(average: Option<f64>, peak: Option<f64>, write: impl Fn(Option<f64>) -> String) -> String {
    match (average, peak) {
        (None, _) => "unknown".into(),
        (Some(value), Some(busiest)) if busiest >= value => {
            format!("{} average, {} peak", write(average), write(peak))
        }
        (Some(_), _) => format!("{} average", write(average)),
    }
}
