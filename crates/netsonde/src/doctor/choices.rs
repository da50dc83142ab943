//! The choices: file of options and environment.

use netsonde_messages::Check;

use super::{listed, no, note, ok};
use crate::cli;
use crate::config::{Origins, variable_names};

const NAME: &str = "configuration";

/// Judges how the choices were settled, and where they stand.
pub(super) fn check(settled: Result<(), String>, origins: &Origins) -> Check {
    if let Err(problem) = settled {
        return no(
            NAME,
            format!("{problem}; the checks below go by flags and defaults"),
            "correct that, or take it out; `netsonde serve --help` lists what may be set",
        );
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
        let found = check(Ok(()), &origins(&["NETSONDE_LOG", "NETSONDE_TOKEN", "NETSONDE_CONFIG"]));
        assert_eq!(found.outcome, Outcome::Ok);
        assert_eq!(
            found.finding,
            "netsonde.toml sets listen, data; in the environment: NETSONDE_LOG, NETSONDE_TOKEN, NETSONDE_CONFIG"
        );
        let nothing = check(Ok(()), &Origins::default());
        assert_eq!(nothing.finding, "no file of options, nothing in the environment");
    }

    #[test]
    fn a_variable_of_another_spelling_is_noted_and_a_value_that_does_not_fit_says_no() {
        let strange = check(Ok(()), &origins(&["NETSONDE_INTREFACE", "NETSONDE_LOG"]));
        assert_eq!(strange.outcome, Outcome::Note);
        assert!(strange.finding.starts_with("NETSONDE_INTREFACE in"), "{strange:?}");
        let wrong = check(Err("netsonde.toml: line 2: unknown field".into()), &origins(&[]));
        assert_eq!(wrong.outcome, Outcome::No);
        assert!(wrong.finding.starts_with("netsonde.toml: line 2: unknown field;"), "{wrong:?}");
    }
}
