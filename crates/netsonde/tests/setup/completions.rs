//! What a shell is told completes what is typed into it.

use std::process::{Command, Stdio};

use crate::support::{NETSONDE, PATIENCE, Program};

/// Has bash complete a line as it does when Tab is pressed: the function gets the program, the word and the one before.
const COMPLETE: &str = r#"
source <("$0" completions bash)
COMP_WORDS=(netsonde "$@")
COMP_CWORD=$#
_netsonde netsonde "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
"#;

fn completed(words: &[&str]) -> Vec<String> {
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", COMPLETE, NETSONDE]).args(words).stdin(Stdio::null());
    let ended = Program::start(&mut bash).end_within(PATIENCE);
    assert_eq!((ended.status.code(), &ended.stderr), (Some(0), &Vec::new()));
    ended.stdout
}

#[test]
fn bash_completes_commands_and_options() {
    assert_eq!(completed(&["ana"]), ["analyze"]);
    assert_eq!(completed(&["watch", "--inter"]), ["--interface"]);
    assert_eq!(completed(&["--log-format", "j"]), ["json"]);
}

#[test]
fn every_shell_gets_a_script() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let mut command = Command::new(NETSONDE);
        // Options that do not fit keep nobody from it.
        command.args(["completions", shell]).env("NETSONDE_DURATION", "soon").stdin(Stdio::null());
        let ended = Program::start(&mut command).end_within(PATIENCE);
        assert_eq!(ended.status.code(), Some(0), "{shell}: {:?}", ended.stderr);
        assert!(ended.stdout.join("\n").contains("analyze"), "{shell}");
    }
}

/// None of these is a report, so none is called one.
#[test]
fn a_full_disk_is_said_of_whatever_is_printed() {
    for arguments in [&["completions", "bash"][..], &["manual"], &["doctor"], &["interfaces"]] {
        let mut shell = Command::new("sh");
        shell.args(["-c", "exec \"$0\" \"$@\" >/dev/full", NETSONDE]).args(arguments).stdin(Stdio::null());
        let ended = Program::start(&mut shell).end_within(PATIENCE);
        let said = ended.stderr.last().map(String::as_str).unwrap_or_default();
        assert_eq!(ended.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.starts_with("netsonde: cannot write to standard output: No space left"), "{said}");
    }
}
