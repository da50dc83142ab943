//! What the system offers only to those who promise more than the compiler can check.

#![cfg_attr(
    target_os = "linux",
    expect(unsafe_code, reason = "a child is told of our end before it is a program")
)]

use std::process::Command;

/// Has the system send SIGTERM to the program that this command starts when the thread that starts it ends, however it
/// ends (`PR_SET_PDEATHSIG`, prctl(2)). Elsewhere than on Linux it does nothing.
///
/// Not SIGKILL: a tshark that is killed leaves its dumpcap, which goes on until the next packet of its interface.
#[cfg(target_os = "linux")]
pub(crate) fn end_with_starter(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;

    use rustix::io::Errno;
    use rustix::process::{Signal, getpid, getppid, set_parent_process_death_signal};

    let starter = getpid();
    let in_the_child = move || {
        set_parent_process_death_signal(Some(Signal::TERM))?;
        // Whoever ended before that call sends nothing any more.
        if getppid() == Some(starter) { Ok(()) } else { Err(Errno::SRCH.into()) }
    };
    // SAFETY: between fork and exec only what signal handlers may do is allowed. The closure makes two system calls; it
    // takes no lock, allocates nothing, and an error is a number.
    unsafe { command.pre_exec(in_the_child) };
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn end_with_starter(_command: &mut Command) {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::Read as _;
    use std::process::Stdio;
    use std::thread;

    use super::*;

    #[test]
    fn a_program_ends_with_the_thread_that_started_it() {
        let started = thread::spawn(|| {
            let mut command = Command::new("sleep");
            end_with_starter(command.arg("600").stdout(Stdio::piped()));
            command.spawn().unwrap()
        });
        let mut child = started.join().unwrap();
        // The output closes when it ends, with nothing in it.
        let mut output = Vec::new();
        child.stdout.take().unwrap().read_to_end(&mut output).unwrap();
        let status = child.wait().unwrap();
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(15));
    }
}
