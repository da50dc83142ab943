//! Where the choices of a run stand, for whoever wonders why it does what it does.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{DEFAULT_FILE, ENVIRONMENT_PREFIX, variable};

/// Where choices stand beside the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origins {
    /// The file of options that is read, and the options it sets.
    pub(crate) file: Option<(PathBuf, Vec<String>)>,
    /// The variables of ours that are set, in order of name.
    pub(crate) variables: Vec<String>,
}

impl Origins {
    /// Looks where the choices of this run stand; `file` is the one that the command line names.
    pub(crate) fn of_this_run(file: Option<&Path>) -> Self {
        let variables = std::env::vars_os().collect::<Vec<_>>();
        let named = variable(&variables, "CONFIG").ok().flatten().map(PathBuf::from);
        let path = file.map(Path::to_owned).or(named).unwrap_or_else(|| DEFAULT_FILE.into());
        Self { file: options_in(&path).map(|options| (path, options)), variables: ours(&variables) }
    }
}

/// Returns what the variables are called that set these options.
pub(crate) fn variable_names<'a>(options: impl Iterator<Item = &'a str>) -> Vec<String> {
    // These have no flag, since every user of a machine can read the arguments of all programs.
    let without_flag = ["token", "llm-key"];
    let name = |option: &str| format!("{ENVIRONMENT_PREFIX}{}", option.replace('-', "_").to_uppercase());
    options.chain(without_flag).map(name).collect()
}

fn options_in(path: &Path) -> Option<Vec<String>> {
    let table: toml::Table = std::fs::read_to_string(path).ok()?.parse().ok()?;
    Some(table.keys().cloned().collect())
}

/// Lists the variables of ours; an empty one counts as not set.
fn ours(variables: &[(OsString, OsString)]) -> Vec<String> {
    let set = variables.iter().filter(|(_, value)| !value.is_empty());
    let names = set.map(|(name, _)| name.to_string_lossy());
    let mut ours: Vec<String> =
        names.filter(|name| name.starts_with(ENVIRONMENT_PREFIX)).map(Into::into).collect();
    ours.sort_unstable();
    ours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_tells_its_options_and_the_environment_the_variables_of_ours_that_are_set() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "json = true\nlisten = '127.0.0.1:1'").unwrap();
        let origins = Origins::of_this_run(Some(file.path()));
        let expected = vec!["json".to_owned(), "listen".to_owned()];
        assert_eq!(origins.file, Some((file.path().to_owned(), expected)));

        let variables =
            [("NETSONDE_LOG", "warn"), ("NETSONDE_DATA", "/d"), ("NETSONDE_OPEN", ""), ("HOME", "/")];
        let variables = variables.map(|(name, value)| (name.into(), value.into()));
        assert_eq!(ours(&variables), ["NETSONDE_DATA", "NETSONDE_LOG"]);
    }

    #[test]
    fn variables_are_called_as_the_options_that_they_set() {
        let names = variable_names(["log-format"].into_iter());
        assert_eq!(names, ["NETSONDE_LOG_FORMAT", "NETSONDE_TOKEN", "NETSONDE_LLM_KEY"]);
    }
}
