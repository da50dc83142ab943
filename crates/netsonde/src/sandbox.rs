//! What the program may still do once it is set up: as little as it gets by with.
//!
//! Rights belong to a thread on Linux, and a thread begins with those of the one that starts it. So each command gives
//! its rights up on the main thread, before any other that is to have none exists; nothing gives them back.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::thread;

#[cfg(not(target_os = "linux"))]
use self::elsewhere as system;
#[cfg(target_os = "linux")]
use self::linux as system;
use netsonde_capture::Engine;

use crate::ending::Failure;

/// Where Linux keeps what it knows of interfaces, and where the links that stand there lead.
const INTERFACES: [&str; 2] = ["/sys/class/net", "/sys/devices"];
/// What the C library reads to find the address of a name (nsswitch.conf(5), resolv.conf(5), hosts(5), gai.conf(5)).
const NAMES: [&str; 5] =
    ["/etc/nsswitch.conf", "/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/gai.conf"];
/// The port of name servers, whose longer answers come over TCP (RFC 7766).
const NAME_SERVER: u16 = 53;
/// The most files that are held open before their turn: far below the 1024 that a process may have open.
const HELD_MAX: usize = 256;

/// The files that are needed from here on; all others are out of reach.
#[derive(Debug, Default)]
pub(crate) struct Reach<'a> {
    read: Vec<&'a Path>,
    uploads: Option<&'a Path>,
    /// Folders in which files may be written, put in place and removed, and none read.
    written: Vec<&'a Path>,
    /// The folder for temporary files of programs that may be started; none where none may.
    programs: Option<&'a Path>,
    /// The ports that may be connected to over TCP, wherever they are.
    ports: Vec<u16>,
}

impl<'a> Reach<'a> {
    /// Everything may be read, as far as the user may.
    pub(crate) fn everything() -> Self {
        Self::default().and([Path::new("/")])
    }

    /// What the system says of interfaces may be read.
    pub(crate) fn interfaces() -> Self {
        Self::default().and(INTERFACES.map(Path::new))
    }

    /// One service elsewhere may be connected to; `named` tells that its address must be looked up.
    pub(crate) fn service(port: u16, named: bool) -> Self {
        let names = NAMES.iter().filter(|_| named).map(Path::new);
        let ports = if named { vec![port, NAME_SERVER] } else { vec![port] };
        Self { ports, ..Self::default().and(names) }
    }

    /// Adds ports that may be connected to over TCP, wherever they are.
    pub(crate) fn with_ports(mut self, ports: impl IntoIterator<Item = u16>) -> Self {
        self.ports.extend(ports);
        self
    }

    /// Services elsewhere may be connected to at these ports, by their addresses.
    pub(crate) fn services(ports: impl IntoIterator<Item = u16>) -> Self {
        Self { ports: ports.into_iter().collect(), ..Self::default() }
    }

    /// Adds files, and folders with all that is in them, to be read. What does not exist is left out.
    pub(crate) fn and(mut self, paths: impl IntoIterator<Item = &'a Path>) -> Self {
        self.read.extend(paths);
        self
    }

    /// Adds the one folder in which files may be written. It must exist; it may be removed, and nothing beside it.
    pub(crate) fn with_uploads(mut self, folder: &'a Path) -> Self {
        self.uploads = Some(folder);
        self
    }

    /// Adds folders in which files may be written, put in place and removed; what is in them already is not read.
    pub(crate) fn with_written(mut self, folders: impl IntoIterator<Item = &'a Path>) -> Self {
        self.written.extend(folders);
        self
    }

    /// Lets programs be started, which are as confined as what starts them; `temporary` is the folder for their
    /// temporary files.
    fn with_programs<'b>(self, temporary: &'b Path) -> Reach<'b>
    where
        'a: 'b,
    {
        Reach { programs: Some(temporary), ..self }
    }
}

/// What a thread keeps of the rights that it was started with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rights {
    /// To capture, if it had that.
    Capture,
    /// To capture, if it had that, and to hand that right on to programs that it starts.
    CaptureByPrograms,
    /// Nothing.
    Nothing,
}

/// What this system does not hold back although it was asked to, in words.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Gaps(Vec<&'static str>);

impl Gaps {
    /// Tells the user, if there are any. A command that runs for seconds only spares its reader the line.
    pub(crate) fn log(&self) {
        if !self.0.is_empty() {
            tracing::info!("this system has no means to keep the program from: {}", self.0.join(", "));
        }
    }
}

/// Gives up everything but the right to capture, for this thread and those that it will start: nothing is written
/// outside the reach, no program is started.
///
/// Where tshark captures, programs are started: they get that right and no other, though they be root's, and write only
/// in the reach and in the folder for temporary files. A thread without any right then stays as it was: there is nothing
/// to give up, and the part of Wireshark that captures for its users would lose a right of its own (`no_new_privs`).
///
/// # Errors
///
/// When the system refuses; then the program must not go on.
pub(crate) fn keep_capture(engine: &Engine, reach: Reach<'_>) -> Result<Gaps, Failure> {
    match rights_of_opener(engine).map_err(|problem| not_given_up(&problem))? {
        None => Ok(Gaps::default()),
        Some(rights @ Rights::CaptureByPrograms) => {
            enter(rights, &reach.with_programs(&std::env::temp_dir()))
        }
        Some(rights) => enter(rights, &reach),
    }
}

/// Returns what the thread that opens captures keeps; none where it stays as it was.
fn rights_of_opener(engine: &Engine) -> Result<Option<Rights>, String> {
    Ok(match engine {
        Engine::Libpcap => Some(Rights::Capture),
        Engine::Tshark(_) => system::has_rights()?.then_some(Rights::CaptureByPrograms),
    })
}

/// Gives up everything, for this thread and those that it will start: nothing outside the reach is read or written, no
/// program is started, nothing beyond its ports is connected to, no other program gets a signal.
///
/// # Errors
///
/// When the system refuses; then the program must not go on.
pub(crate) fn keep_nothing(reach: &Reach<'_>) -> Result<Gaps, Failure> {
    enter(Rights::Nothing, reach)
}

/// Gives up all capabilities, for this thread and those that it will start, and nothing that its user may do.
///
/// # Errors
///
/// When the system refuses.
pub(crate) fn keep_no_capability() -> Result<(), String> {
    system::keep_capabilities(Rights::Nothing)
}

/// What giving up all rights comes to here, tried out on a thread that ends with it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Rehearsal {
    /// What confines the program, such as `Landlock 7`; none where nothing does.
    pub(crate) by: Option<String>,
    /// What it is not kept from, in words.
    pub(crate) gaps: Vec<&'static str>,
}

/// Gives up everything as `serve` does, on a thread of its own, and says what came of it.
///
/// # Errors
///
/// When the system refuses: no command that gives up rights can run then.
pub(crate) fn rehearse() -> Result<Rehearsal, String> {
    let rehearse = || {
        system::keep_capabilities(Rights::Nothing)?;
        system::rehearse(&Reach::interfaces())
    };
    apart(rehearse)?
}

/// Does something on a thread without capabilities, as which the program does its work.
///
/// # Errors
///
/// When they cannot be given up.
pub(crate) fn without_capabilities<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    apart(|| keep_no_capability().map(|()| work()))?
}

/// Does something on a thread with the right to capture and no other capability, as the one that opens captures.
///
/// # Errors
///
/// When the others cannot be given up.
pub(crate) fn as_opener<T: Send>(engine: &Engine, work: impl FnOnce() -> T + Send) -> Result<T, String> {
    apart(|| {
        if let Some(rights) = rights_of_opener(engine)? {
            system::keep_capabilities(rights)?;
        }
        Ok(work())
    })?
}

/// Names the rights to capture that this thread has.
///
/// # Errors
///
/// When the system does not tell.
pub(crate) fn rights_to_capture() -> Result<Vec<String>, String> {
    system::rights_to_capture()
}

/// Tells whether a program file gives rights to whoever starts it.
pub(crate) fn gives_rights(program: &Path) -> bool {
    system::gives_rights(program)
}

/// Starts a thread that goes on with a reach of its own and no right beyond it; `asks` says what it does, for who is told
/// that it cannot. Returns once the rights are given up.
///
/// # Errors
///
/// When the system refuses the thread, or to take the rights.
pub(crate) fn start(
    name: &str,
    asks: &str,
    reach: Reach<'static>,
    run: impl FnOnce() + Send + 'static,
) -> Result<(), Failure> {
    let (tells, told) = channel();
    let work = move || {
        let confined = keep_nothing(&reach).map(drop);
        let may_run = confined.is_ok();
        // Whoever started it waits for this.
        let _ = tells.send(confined);
        if may_run {
            run();
        }
    };
    let not_started = |why: String| Failure::Failed(format!("cannot start the thread that {asks}: {why}"));
    thread::Builder::new().name(name.into()).spawn(work).map_err(|error| not_started(error.to_string()))?;
    told.recv().map_err(|_| not_started("it broke off".into()))?
}

/// Does something on a thread of its own, and waits for it.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    thread::scope(|scope| {
        let started = thread::Builder::new().name("rehearsal".into()).spawn_scoped(scope, work);
        let ended = started.map_err(|error| error.to_string())?.join();
        ended.map_err(|_| "the thread that tried it broke off".into())
    })
}

/// Opens files that the user named while the program still has all its rights: root may read every file, and that is
/// among what it gives up.
///
/// None stands for what is opened when its turn comes, which is also when it is said what is wrong with it: a pipe,
/// because opening it waits for its writer; what does not open; and what is too much to hold.
pub(crate) fn hold(files: &[PathBuf]) -> Vec<Option<File>> {
    let holds = |(number, path): (usize, &PathBuf)| {
        let is_standard_input = path == Path::new("-");
        let is_plain = || path.metadata().is_ok_and(|metadata| metadata.is_file());
        (number < HELD_MAX && !is_standard_input && is_plain()).then(|| File::open(path).ok()).flatten()
    };
    files.iter().enumerate().map(holds).collect()
}

fn enter(rights: Rights, reach: &Reach<'_>) -> Result<Gaps, Failure> {
    system::keep_capabilities(rights)
        .and_then(|()| system::confine(rights, reach))
        .map(Gaps)
        .map_err(|problem| not_given_up(&problem))
}

fn not_given_up(problem: &str) -> Failure {
    Failure::Failed(format!("cannot give up the rights it was started with: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_files_are_held_and_what_waits_or_is_missing_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let plain = folder.path().join("plain");
        std::fs::write(&plain, "").unwrap();
        let (missing, not_plain) = (folder.path().join("missing"), folder.path().to_owned());
        let files = [plain.clone(), missing, not_plain, "-".into(), plain.clone()];
        let held: Vec<bool> = hold(&files).iter().map(Option::is_some).collect();
        assert_eq!(held, [true, false, false, false, true]);

        let many = vec![plain; HELD_MAX + 1];
        let held = hold(&many);
        assert_eq!((held.len(), held.iter().flatten().count()), (HELD_MAX + 1, HELD_MAX));
    }
}
