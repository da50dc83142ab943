//! The right to capture: what this process has, and what its file has.

use std::path::{Path, PathBuf};

use netsonde_messages::Check;

use super::{no, note, ok};
use crate::sandbox;

const NAME: &str = "privileges";
/// The right without which nothing is captured.
const TO_CAPTURE: &str = "CAP_NET_RAW";

/// Where the right to capture may come from.
#[derive(Debug)]
pub(super) struct Standing {
    /// The rights to capture of this process, or why they are not known.
    rights: Result<Vec<String>, String>,
    /// The file that the program runs from, where the system tells.
    program: Option<PathBuf>,
    /// Whether that file gives rights to whoever starts it.
    file_gives_rights: bool,
}

impl Standing {
    /// Says what to do where capturing is denied.
    pub(super) fn mend(&self) -> String {
        if self.may_capture() {
            "the process has the right, but not here: start it outside the user namespace or container, or ask the \
             security module (AppArmor, SELinux) to let it"
                .into()
        } else if self.file_gives_rights {
            "start it outside the sandbox or container that keeps it (no_new_privs), or from a file system that is not \
             mounted nosuid"
                .into()
        } else {
            netsonde_session::advice(self.program.as_deref())
        }
    }

    fn may_capture(&self) -> bool {
        self.rights.as_ref().is_ok_and(|rights| rights.iter().any(|right| right == TO_CAPTURE))
    }
}

/// Looks which rights this process has.
pub(super) fn look(program: Option<&Path>) -> Standing {
    Standing {
        rights: sandbox::rights_to_capture(),
        program: program.map(Into::into),
        file_gives_rights: program.is_some_and(sandbox::gives_rights),
    }
}

/// Judges the rights of this process.
pub(super) fn check(standing: &Standing) -> Check {
    match &standing.rights {
        Err(problem) => note(NAME, format!("{problem}; the next line tells whether a capture opens")),
        Ok(rights) if standing.may_capture() => ok(NAME, format!("may capture: {}", rights.join(", "))),
        Ok(_) if standing.file_gives_rights => {
            no(NAME, "the program file has the right to capture, but it did not take effect", standing.mend())
        }
        Ok(_) => {
            no(NAME, format!("may not capture: without {TO_CAPTURE}; files can be read"), standing.mend())
        }
    }
}

#[cfg(test)]
mod tests {
    use netsonde_messages::Outcome;

    use super::*;

    fn judged(rights: &[&str], file_gives_rights: bool) -> Check {
        let rights = Ok(rights.iter().map(ToString::to_string).collect());
        check(&Standing { rights, program: Some("/opt/netsonde".into()), file_gives_rights })
    }

    #[test]
    fn who_may_open_packet_sockets_may_capture() {
        assert_eq!(judged(&["CAP_NET_RAW"], false).finding, "may capture: CAP_NET_RAW");
        assert_eq!(judged(&["CAP_NET_ADMIN"], false).outcome, Outcome::No);
    }

    #[test]
    fn a_missing_right_is_mended_by_the_command_for_this_file_unless_that_was_done_in_vain() {
        let mend = judged(&[], false).mend.unwrap();
        assert!(mend.contains("setcap cap_net_raw,cap_net_admin=eip /opt/netsonde"), "{mend}");
        let mend = judged(&[], true).mend.unwrap();
        assert!(mend.contains("no_new_privs") && !mend.contains("setcap"), "{mend}");
    }

    #[test]
    fn what_the_system_does_not_tell_is_noted() {
        let unknown = Standing { rights: Err("unknown".into()), program: None, file_gives_rights: false };
        assert_eq!(check(&unknown).outcome, Outcome::Note);
    }
}
