//! `netsonde completions` and `netsonde manual`: what the command line says of itself, for shells and for `man`.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use clap::CommandFactory as _;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::Arguments;
use crate::ending::{Ending, Failure};
use crate::output;

/// The name by which the program is called.
const NAME: &str = "netsonde";

/// Prints what completes our commands and options in a shell.
///
/// # Errors
///
/// The output cannot be written.
pub(crate) fn completions(shell: Shell) -> Result<Ending, Failure> {
    // Written at once: the generator panics where its output breaks, as a closed pipe does.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), NAME, &mut script);
    print(&script)
}

/// Prints the page of the program, or writes the pages of all its commands into a folder.
///
/// # Errors
///
/// The folder cannot be made, or a page cannot be written.
pub(crate) fn run(to: Option<&Path>) -> Result<Ending, Failure> {
    if let Some(folder) = to {
        let problem =
            |error: io::Error| Failure::Failed(format!("cannot write to {}: {error}", folder.display()));
        fs::create_dir_all(folder).map_err(problem)?;
        clap_mangen::generate_to(Arguments::command(), folder).map_err(problem)?;
        return Ok(Ending::Done);
    }
    let mut page = Vec::new();
    Man::new(Arguments::command()).render(&mut page)?;
    print(&page)
}

fn print(text: &[u8]) -> Result<Ending, Failure> {
    let mut out = output::standard();
    out.write_all(text)?;
    out.flush()?;
    Ok(Ending::Done)
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::*;

    /// Undoes the escapes of troff in which the pages are written.
    fn plain(page: &str) -> String {
        page.replace("\\-", "-").replace("\\fB", "").replace("\\fI", "").replace("\\fR", "")
    }

    /// Lists the commands below one, and those below them, with the names of their pages.
    fn below<'a>(name: &str, command: &'a Command) -> Vec<(String, &'a Command)> {
        let direct = command.get_subcommands().filter(|command| command.get_name() != "help");
        let named = direct.map(|command| (format!("{name}-{}", command.get_name()), command));
        named
            .flat_map(|(name, command)| {
                let further = below(&name, command);
                std::iter::once((name, command)).chain(further)
            })
            .collect()
    }

    fn options(command: &Command) -> impl Iterator<Item = String> {
        let long = command.get_arguments().filter(|option| !option.is_hide_set());
        long.filter_map(|option| Some(format!("--{}", option.get_long()?)))
    }

    #[test]
    fn every_command_has_a_page_that_names_all_its_options_and_an_example() {
        let folder = tempfile::tempdir().unwrap();
        let pages = folder.path().join("man/man1");
        run(Some(&pages)).unwrap();
        let mut command = Arguments::command();
        command.build();
        let mut written = 0;
        for (name, command) in below(NAME, &command).into_iter().chain([(NAME.to_owned(), &command)]) {
            let page = plain(&fs::read_to_string(pages.join(format!("{name}.1"))).unwrap());
            for option in options(command) {
                assert!(page.contains(&option), "{name} does not name {option}: {page}");
            }
            assert!(page.contains("Example"), "{name}");
            written += 1;
        }
        assert_eq!(fs::read_dir(&pages).unwrap().count(), written);
    }

    #[test]
    fn pages_that_cannot_be_written_are_a_failure_with_the_folder() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let Err(Failure::Failed(reason)) = run(Some(file.path())) else { panic!("a file is no folder") };
        assert!(reason.contains(file.path().to_str().unwrap()), "{reason}");
    }
}
