//! Giving up rights: what this system enforces.

use netsonde_messages::Check;

use super::{no, note, ok};
use crate::sandbox::Rehearsal;

const NAME: &str = "confinement";

/// Judges how giving up all rights went.
pub(super) fn check(rehearsed: &Result<Rehearsal, String>) -> Check {
    match rehearsed {
        Err(problem) => no(
            NAME,
            format!("the program cannot give up its rights, and will not run: {problem}"),
            "let its container or service use the system calls capset, prctl and landlock_*",
        ),
        Ok(Rehearsal { by: None, gaps }) => note(
            NAME,
            format!("rights are given up, but there is no Landlock to keep it from {}", gaps.join(", ")),
        ),
        Ok(Rehearsal { by: Some(by), gaps }) if gaps.is_empty() => ok(
            NAME,
            format!("rights are given up, and {by} keeps it from files, programs, connections and signals"),
        ),
        Ok(Rehearsal { by: Some(by), gaps }) => {
            note(NAME, format!("rights are given up; {by} is too old to keep it from {}", gaps.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use netsonde_messages::Outcome;

    use super::*;

    #[test]
    fn what_is_not_enforced_is_noted_and_what_is_refused_says_no() {
        let outcome = |by: Option<&str>, gaps: &[&'static str]| {
            check(&Ok(Rehearsal { by: by.map(Into::into), gaps: gaps.to_vec() })).outcome
        };
        assert_eq!(outcome(Some("Landlock 7"), &[]), Outcome::Ok);
        assert_eq!(outcome(Some("Landlock 2"), &["sending signals"]), Outcome::Note);
        assert_eq!(outcome(None, &["sending signals"]), Outcome::Note);
        assert_eq!(check(&Err("refused".into())).outcome, Outcome::No);
    }

    #[test]
    fn rights_are_given_up_here_and_only_for_the_rehearsal() {
        assert_ne!(check(&crate::sandbox::rehearse()).outcome, Outcome::No);
        // What is not the rehearsal's thread still reads what it likes.
        assert!(std::fs::read("/proc/self/status").is_ok());
    }
}
