//! The choices: file of options and environment, and whether `serve` begins with them.

use netsonde_messages::Check;

use super::{listed, no, note, ok};
use crate::config::{Config, Origins, variable_names};
use crate::ending::Failure;
use crate::{cli, serve};

const NAME: &str = "configuration";

/// What becomes of the choices.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tried {
    /// They are not understood; why.
    Unsettled(String),
    /// `serve` would stop at once; why.
    Refused(String),
    /// `serve` begins with them.
    Fit,
}

/// Tries the source that the choices name, as `serve` does at its start.
pub(super) fn look(settled: &Result<Config, String>) -> Tried {
    match settled.as_ref().map(serve::rehearse) {
        Err(problem) => Tried::Unsettled(problem.clone()),
        Ok(Err(Failure::Usage(problem) | Failure::Failed(problem))) => Tried::Refused(problem),
        Ok(Err(Failure::Output(error))) => Tried::Refused(error.to_string()),
        Ok(Ok(())) => Tried::Fit,
    }
}

/// Judges the choices, and says where they stand.
pub(super) fn check(tried: Tried, origins: &Origins) -> Check {
    let mend = "correct that, or take it out; `netsonde serve --help` lists what may be set";
    match tried {
        Tried::Unsettled(problem) => {
            return no(NAME, format!("{problem}; the checks below go by flags and defaults"), mend);
        }
        Tried::Refused(problem) => {
            return no(NAME, format!("serve would stop at once: {problem} ({})", found(origins)), mend);
        }
        Tried::Fit => {}
    }
    let options = cli::option_names();
    let known = variable_names(options.iter().map(String::as_str));
    let strange: Vec<&str> =
        origins.variables.iter().filter(|name| !known.contains(name)).map(String::as_str).collect();
    if !strange.is_empty() {
        return note(NAME, format!("{} in the environment, which sets no option", listed(&strange)));
    }
    ok(NAME, found(origins))
}

fn found(origins: &Origins) -> String {
    let file = match &origins.file {
        Some((path, options)) if options.is_empty() => format!("{} sets nothing", path.display()),
        Some((path, options)) => format!("{} sets {}", path.display(), names(options)),
        None => "no file of options".into(),
    };
    match origins.variables.as_slice() {
        [] => format!("{file}, nothing in the environment"),
        variables => format!("{file}; in the environment: {}", names(variables)),
    }
}

fn names(names: &[String]) -> String {
    listed(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use netsonde_messages::Outcome;

    use super::*;

    fn origins(variables: &[&str]) -> Origins {
        let file = Some(("netsonde.toml".into(), vec!["listen".into(), "data".into()]));
        Origins { file, variables: variables.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn what_is_set_is_said_with_where() {
        let found = check(Tried::Fit, &origins(&["NETSONDE_LOG", "NETSONDE_TOKEN", "NETSONDE_CONFIG"]));
        assert_eq!(found.outcome, Outcome::Ok);
        assert_eq!(
            found.finding,
            "netsonde.toml sets listen, data; in the environment: NETSONDE_LOG, NETSONDE_TOKEN, NETSONDE_CONFIG"
        );
        let nothing = check(Tried::Fit, &Origins::default());
        assert_eq!(nothing.finding, "no file of options, nothing in the environment");
    }

    #[test]
    fn a_variable_of_another_spelling_is_noted_and_a_value_that_does_not_fit_says_no() {
        let strange = check(Tried::Fit, &origins(&["NETSONDE_INTREFACE", "NETSONDE_LOG"]));
        assert_eq!(strange.outcome, Outcome::Note);
        assert!(strange.finding.starts_with("NETSONDE_INTREFACE in"), "{strange:?}");
        let wrong = check(Tried::Unsettled("netsonde.toml: line 2: unknown field".into()), &origins(&[]));
        assert_eq!(wrong.outcome, Outcome::No);
        assert!(wrong.finding.starts_with("netsonde.toml: line 2: unknown field;"), "{wrong:?}");
        let refused = check(Tried::Refused("no such file".into()), &origins(&["NETSONDE_READ"]));
        assert_eq!(
            (refused.outcome, refused.finding.as_str()),
            (
                Outcome::No,
                "serve would stop at once: no such file (netsonde.toml sets listen, data; in the environment: \
                 NETSONDE_READ)"
            )
        );
    }
}
