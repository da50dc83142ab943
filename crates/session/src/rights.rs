//! What to do about a missing right to capture.

use std::path::Path;

/// What gives a program file the right to capture; the second is for `nflog` alone.
const COMMAND: &str = "sudo setcap cap_net_raw,cap_net_admin=eip";

/// Returns the command that gives a program the right to capture, ready to paste into a shell; none where the path is
/// no text.
pub(crate) fn remedy(program: &Path) -> Option<String> {
    Some(format!("{COMMAND} {}", quoted(program.to_str()?)))
}

/// Says what to do about a missing right to capture: with the whole command where `program`, the file that the program
/// runs from, is known.
pub fn advice(program: Option<&Path>) -> String {
    match program.and_then(remedy) {
        Some(remedy) => format!("run `{remedy}` and start it again, or start it as root"),
        None => format!("run `{COMMAND}` on the program file and start it again, or start it as root"),
    }
}

/// Quotes a path for a shell, where it needs that.
fn quoted(path: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._+-".contains(letter);
    if path.chars().all(is_plain) { path.into() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remedy_is_a_command_that_a_shell_takes_as_it_stands() {
        for (path, quoted) in [
            ("/usr/local/bin/netsonde", "/usr/local/bin/netsonde"),
            ("/opt/my tools/netsonde", "'/opt/my tools/netsonde'"),
            ("/opt/it's/$x", r"'/opt/it'\''s/$x'"),
        ] {
            let remedy = remedy(Path::new(path)).unwrap();
            assert_eq!(remedy, format!("sudo setcap cap_net_raw,cap_net_admin=eip {quoted}"));
            assert!(advice(Some(Path::new(path))).contains(&remedy));
        }
        assert!(advice(None).contains("on the program file"));
    }
}
