//! Secrets that nobody can guess.

use std::fmt::Write as _;

/// Returns `bytes` random bytes in hexadecimal.
///
/// # Panics
///
/// When the operating system has no randomness to give: no secret would be one.
pub(crate) fn text(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    #[expect(
        clippy::expect_used,
        reason = "without randomness there is no secret, and nobody may be let in"
    )]
    getrandom::fill(&mut random).expect("the operating system gives randomness");
    random.iter().fold(String::with_capacity(bytes * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
