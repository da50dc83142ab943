use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

use super::{Line, Provider, ProviderError, Question};

/// How often one question is asked at most.
const TRIES: u32 = 3;
/// How long is waited after the first try, where the provider does not say; after each further one twice as long.
const PAUSE: Duration = Duration::from_millis(500);

/// Asks again where that may help, as long as somebody waits and there is time.
///
/// # Errors
///
/// What came of the last try.
pub(crate) fn ask(
    provider: &dyn Provider,
    question: &Question,
    line: &Line,
) -> Result<String, ProviderError> {
    let mut pause = PAUSE;
    for _ in 1..TRIES {
        let error = match provider.ask(question, line) {
            Err(error) if error.passes() => error,
            done => return done,
        };
        let asked_for = if let ProviderError::Busy(patience) = error { patience } else { None };
        if !line.wait(asked_for.unwrap_or_else(|| shaken(pause)))? {
            return Err(error);
        }
        pause *= 2;
    }
    provider.ask(question, line)
}

/// Shortens a pause by up to its half: many that were turned away together must not come back together.
fn shaken(pause: Duration) -> Duration {
    let chance = RandomState::new().build_hasher().finish() >> 32;
    pause.mul_f64(0.5 + 0.5 * chance as f64 / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_shortened_by_half_of_it_at_most() {
        for _ in 0..100 {
            let pause = shaken(PAUSE);
            assert!(pause >= PAUSE / 2 && pause <= PAUSE, "{pause:?}");
        }
    }
}
