//! Capabilities (capabilities(7)) and Landlock (landlock(7)), both of the calling thread.

use std::path::Path;

use caps::errors::CapsError;
use caps::{CapSet, Capability, CapsHashSet};
use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, LandlockStatus, NetPort, PathBeneath, PathFd,
    RestrictionStatus, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, Scope,
};

use super::{Reach, Rehearsal, Rights};

/// What capturing takes: packet sockets, and for `nflog` the second.
const CAPTURE: [Capability; 2] = [Capability::CAP_NET_RAW, Capability::CAP_NET_ADMIN];
/// The newest Landlock that this is written for; a kernel with an older one enforces what it knows.
const NEWEST: ABI = ABI::V7;

/// Tells whether this thread has any capability.
pub(super) fn has_rights() -> Result<bool, String> {
    let permitted = caps::read(None, CapSet::Permitted).map_err(|error| error.to_string())?;
    Ok(!permitted.is_empty())
}

/// Gives up the capabilities of this thread that are not kept; keeping never adds any.
pub(super) fn keep_capabilities(rights: Rights) -> Result<(), String> {
    let wanted = match rights {
        Rights::Capture | Rights::CaptureByPrograms => CapsHashSet::from(CAPTURE),
        Rights::Nothing => CapsHashSet::new(),
    };
    give_up_all_but(&wanted, rights == Rights::CaptureByPrograms).map_err(|error| error.to_string())
}

fn give_up_all_but(wanted: &CapsHashSet, handed_on: bool) -> Result<(), CapsError> {
    let kept = &caps::read(None, CapSet::Permitted)? & wanted;
    let none = CapsHashSet::new();
    let handed_on = if handed_on { &kept } else { &none };
    caps::clear(None, CapSet::Ambient)?;
    caps::set(None, CapSet::Inheritable, handed_on)?;
    // In this order: what is effective must be permitted.
    caps::set(None, CapSet::Effective, &kept)?;
    caps::set(None, CapSet::Permitted, &kept)?;
    caps::set(None, CapSet::Ambient, handed_on)
}

/// Confines this thread to its reach; returns what the kernel is too old to enforce.
///
/// No program that it starts can gain a right (`no_new_privs`), not even on a kernel without Landlock.
pub(super) fn confine(rights: Rights, reach: &Reach<'_>) -> Result<Vec<&'static str>, String> {
    let status = restrict(rights, reach).map_err(|error| error.to_string())?;
    if status.no_new_privs { Ok(gaps(&status.landlock)) } else { Err("no_new_privs is not set".into()) }
}

/// Confines this thread to its reach; returns by what, and what that leaves out.
pub(super) fn rehearse(reach: &Reach<'_>) -> Result<Rehearsal, String> {
    let status = restrict(Rights::Nothing, reach).map_err(|error| error.to_string())?;
    let by = match enforced(&status.landlock) {
        ABI::Unsupported => None,
        // The versions are numbered as the kernel numbers them.
        version => Some(format!("Landlock {}", version as u8)),
    };
    Ok(Rehearsal { by, gaps: gaps(&status.landlock) })
}

/// Names the rights to capture that this thread has.
pub(super) fn rights_to_capture() -> Result<Vec<String>, String> {
    let effective = caps::read(None, CapSet::Effective).map_err(|error| error.to_string())?;
    Ok(CAPTURE.iter().filter(|right| effective.contains(right)).map(ToString::to_string).collect())
}

/// Tells whether a program file gives rights to whoever starts it.
pub(super) fn gives_rights(program: &Path) -> bool {
    // Twice what capabilities(7) writes there.
    rustix::fs::getxattr(program, "security.capability", &mut [0_u8; 48]).is_ok_and(|length| length > 0)
}

fn restrict(rights: Rights, reach: &Reach<'_>) -> Result<RestrictionStatus, RulesetError> {
    let mut ruleset = Ruleset::default().handle_access(AccessFs::from_all(NEWEST))?;
    // A filter may name hosts, whose addresses are looked up where captures are opened.
    if rights == Rights::Nothing {
        ruleset = ruleset.handle_access(AccessNet::from_all(NEWEST))?.scope(Scope::from_all(NEWEST))?;
    }
    let mut ruleset = ruleset.create()?;
    for port in &reach.ports {
        ruleset = ruleset.add_rule(NetPort::new(*port, AccessNet::ConnectTcp))?;
    }
    let listing = AccessFs::ReadFile | AccessFs::ReadDir;
    let reading = if reach.programs.is_some() { listing | AccessFs::Execute } else { listing };
    for path in &reach.read {
        allow(&mut ruleset, path, reading);
    }
    if let Some(temporary) = reach.programs {
        // Capture programs hand their packets over in named pipes, which stand there.
        let pipes = AccessFs::MakeFifo | AccessFs::MakeReg | AccessFs::RemoveFile | AccessFs::WriteFile;
        allow(&mut ruleset, temporary, listing | pipes);
        // What a program does not want to hear or say.
        allow(&mut ruleset, Path::new("/dev/null"), AccessFs::ReadFile | AccessFs::WriteFile);
    }
    if let Some(uploads) = reach.uploads {
        allow(
            &mut ruleset,
            uploads,
            listing | AccessFs::WriteFile | AccessFs::MakeReg | AccessFs::RemoveFile,
        );
        // To remove a folder is a right on the one above.
        if let Some(above) = uploads.parent() {
            allow(&mut ruleset, above, AccessFs::RemoveDir.into());
        }
    }
    for folder in &reach.written {
        allow(&mut ruleset, folder, AccessFs::WriteFile | AccessFs::MakeReg | AccessFs::RemoveFile);
    }
    ruleset.restrict_self()
}

/// Lets a path through.
///
/// One that cannot be opened or takes no rule stays outside: then opening it says why. Pipes take none and need none.
fn allow(ruleset: &mut landlock::RulesetCreated, path: &Path, access: BitFlags<AccessFs>) {
    let Ok(opened) = PathFd::new(path) else { return };
    let access = if path.is_dir() { access } else { access & AccessFs::from_file(NEWEST) };
    let _ = ruleset.add_rule(PathBeneath::new(opened, access));
}

/// Says what a kernel does not enforce, by the Landlock that brought it.
fn gaps(landlock: &LandlockStatus) -> Vec<&'static str> {
    let enforced = enforced(landlock);
    let parts = [
        (ABI::V1, "using files that it does not need, starting programs"),
        (ABI::V3, "cutting files short"),
        (ABI::V4, "connecting to others over TCP"),
        (ABI::V5, "controlling devices"),
        (ABI::V6, "sending signals to other programs"),
    ];
    parts.into_iter().filter(|(since, _)| enforced < *since).map(|(_, what)| what).collect()
}

fn enforced(landlock: &LandlockStatus) -> ABI {
    match landlock {
        LandlockStatus::Available { effective_abi, .. } => *effective_abi,
        LandlockStatus::NotEnabled | LandlockStatus::NotImplemented => ABI::Unsupported,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};
    use std::process::{Command, Stdio};
    use std::{fs, io, thread};

    use super::*;

    /// Tries, on a thread of its own, what is within reach and what is not.
    fn confined(rights: Rights, reach: &Reach<'_>, try_out: impl FnOnce() + Send) {
        thread::scope(|scope| {
            scope.spawn(|| {
                keep_capabilities(rights).unwrap();
                let gaps = confine(rights, reach).unwrap();
                if gaps.is_empty() {
                    try_out();
                } else {
                    eprintln!("SANDBOX TEST SKIPPED, the kernel does not hold back: {}", gaps.join(", "));
                }
            });
        });
    }

    fn is_denied<T>(result: &io::Result<T>) -> bool {
        result.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
    }

    #[test]
    fn what_is_within_reach_is_read_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (named, other) = (folder.path().join("named"), folder.path().join("other"));
        fs::write(&named, "named").unwrap();
        fs::write(&other, "other").unwrap();
        let reach = Reach::interfaces().and([named.as_path()]);
        confined(Rights::Nothing, &reach, || {
            assert_eq!(fs::read_to_string(&named).unwrap(), "named");
            assert!(fs::read_dir("/sys/class/net").unwrap().count() > 0);
            assert!(fs::read_to_string("/sys/class/net/lo/statistics/rx_bytes").is_ok());
            for path in [other.as_path(), Path::new("/etc/passwd"), Path::new("/proc/self/environ")] {
                assert!(is_denied(&fs::read(path)), "{}", path.display());
            }
            assert!(is_denied(&fs::read_dir(folder.path())));
            assert!(is_denied(&fs::write(&named, "changed")));
            assert!(is_denied(&fs::File::create(folder.path().join("new"))));
            assert!(is_denied(&fs::remove_file(&other)));
        });
        // Another thread is as free as before.
        assert_eq!(fs::read_to_string(&other).unwrap(), "other");
    }

    #[test]
    fn uploads_are_written_read_and_removed_and_their_neighbours_stay() {
        let data = tempfile::tempdir().unwrap();
        let (ours, theirs) = (data.path().join("1"), data.path().join("2"));
        fs::create_dir(&ours).unwrap();
        fs::create_dir(&theirs).unwrap();
        fs::write(theirs.join("upload"), "theirs").unwrap();
        confined(Rights::Nothing, &Reach::default().with_uploads(&ours), || {
            let upload = ours.join("upload");
            fs::create_dir_all(&ours).unwrap();
            fs::write(&upload, "ours").unwrap();
            assert_eq!(fs::read_to_string(&upload).unwrap(), "ours");
            assert!(is_denied(&fs::read(theirs.join("upload"))));
            assert!(is_denied(&fs::remove_dir_all(&theirs)));
            assert!(is_denied(&Command::new(&upload).status()));
            fs::remove_dir_all(&ours).unwrap();
            assert!(!ours.exists());
        });
        assert_eq!(fs::read_to_string(theirs.join("upload")).unwrap(), "theirs");
    }

    #[test]
    fn a_file_is_put_in_its_place_in_a_folder_that_is_written_and_its_neighbours_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let (part, place, other) =
            (folder.path().join("part"), folder.path().join("place"), folder.path().join("other"));
        fs::write(&place, "before").unwrap();
        fs::write(&other, "other").unwrap();
        confined(Rights::Nothing, &Reach::default().with_written([folder.path()]), || {
            fs::write(&part, "after").unwrap();
            fs::rename(&part, &place).unwrap();
            assert!(is_denied(&fs::read(&other)));
        });
        assert_eq!(fs::read_to_string(&place).unwrap(), "after");
    }

    #[test]
    fn no_program_is_started_or_signalled_and_nothing_is_connected_to() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut other = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        confined(Rights::Nothing, &Reach::everything(), || {
            assert!(is_denied(&Command::new("/bin/true").status()));
            assert!(is_denied(&other.kill()));
            assert!(is_denied(&TcpStream::connect(address)));
            assert!(is_denied(&TcpListener::bind("127.0.0.1:0")));
        });
        assert!(TcpStream::connect(address).is_ok());
        // What listened before goes on.
        assert!(listener.accept().is_ok());
        other.kill().unwrap();
        other.wait().unwrap();
    }

    #[test]
    fn one_service_is_connected_to_and_no_other() {
        let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [service, other] = listeners.each_ref().map(|listener| listener.local_addr().unwrap());
        confined(Rights::Nothing, &Reach::service(service.port(), true), || {
            assert!(TcpStream::connect(service).is_ok());
            assert!(is_denied(&TcpStream::connect(other)));
            assert!(fs::read("/etc/hosts").is_ok());
            assert!(is_denied(&fs::read("/etc/passwd")));
            assert!(is_denied(&fs::read_dir("/sys/class/net")));
        });
        confined(Rights::Nothing, &Reach::service(service.port(), false), || {
            assert!(is_denied(&fs::read("/etc/hosts")));
        });
    }

    #[test]
    fn those_who_are_asked_about_addresses_are_connected_to_and_no_others() {
        let listeners = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [first, second, other] = listeners.each_ref().map(|listener| listener.local_addr().unwrap());
        confined(Rights::Nothing, &Reach::services([first.port(), second.port()]), || {
            assert!(TcpStream::connect(first).is_ok() && TcpStream::connect(second).is_ok());
            assert!(is_denied(&TcpStream::connect(other)));
            assert!(is_denied(&TcpListener::bind("127.0.0.1:0")));
            for path in ["/etc/resolv.conf", "/etc/hosts", "/etc/passwd"] {
                assert!(is_denied(&fs::read(path)), "{path}");
            }
        });
    }

    #[test]
    fn the_one_that_may_capture_reads_and_neither_writes_nor_starts_programs() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "as it was").unwrap();
        confined(Rights::Capture, &Reach::everything(), || {
            assert_eq!(fs::read_to_string(&file).unwrap(), "as it was");
            assert!(is_denied(&fs::write(&file, "changed")));
            assert!(is_denied(&fs::remove_file(&file)));
            assert!(is_denied(&Command::new("/bin/true").status()));
        });
    }

    #[test]
    fn programs_that_capture_write_temporary_files_and_are_as_confined_as_what_starts_them() {
        let (temporary, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (here, there) = (temporary.path(), other.path());
        let shell = |script: &str| {
            let mut command = Command::new("sh");
            let run = command.args(["-c", script, "sh"]).arg(here).arg(there).stderr(Stdio::null());
            run.status().is_ok_and(|status| status.success())
        };
        confined(Rights::CaptureByPrograms, &Reach::everything().with_programs(here), || {
            assert!(shell(
                "mkfifo \"$1/pipe\" && rm \"$1/pipe\" && echo x > \"$1/file\" && echo x > /dev/null"
            ));
            assert!(!shell("echo x > \"$2/file\""));
            assert!(!shell("mkdir \"$1/folder\""));
            // No program gains a right, though it be root's.
            let status = Command::new("cat").arg("/proc/self/status").output().unwrap();
            let status = String::from_utf8(status.stdout).unwrap();
            let permitted = status.lines().find_map(|line| line.strip_prefix("CapPrm:\t")).unwrap();
            let to_capture = CAPTURE.iter().fold(0, |bits, right| bits | right.bitmask());
            assert_eq!(u64::from_str_radix(permitted, 16).unwrap() & !to_capture, 0);
            assert!(status.contains("NoNewPrivs:\t1"));
        });
    }

    #[test]
    fn no_capability_is_kept_that_is_not_to_capture_and_none_is_won_back() {
        let sets = [CapSet::Effective, CapSet::Permitted, CapSet::Inheritable, CapSet::Ambient];
        let before = caps::read(None, CapSet::Permitted).unwrap();
        thread::spawn(move || {
            keep_capabilities(Rights::Capture).unwrap();
            let to_capture = &before & &CapsHashSet::from(CAPTURE);
            let none = CapsHashSet::new();
            assert_eq!(
                sets.map(|set| caps::read(None, set).unwrap()),
                [to_capture.clone(), to_capture, none.clone(), none]
            );
            keep_capabilities(Rights::CaptureByPrograms).unwrap();
            let handed_on = caps::read(None, CapSet::Permitted).unwrap();
            assert_eq!(sets.map(|set| caps::read(None, set).unwrap()), [(); 4].map(|()| handed_on.clone()));
            keep_capabilities(Rights::Nothing).unwrap();
            assert_eq!(sets.map(|set| caps::read(None, set).unwrap()), [(); 4].map(|()| CapsHashSet::new()));
            assert!(caps::raise(None, CapSet::Permitted, Capability::CAP_NET_RAW).is_err());
        })
        .join()
        .unwrap();
    }

    #[test]
    fn an_older_kernel_is_said_to_enforce_less() {
        let available = |effective_abi| LandlockStatus::Available { effective_abi, kernel_abi: None };
        assert_eq!(gaps(&available(NEWEST)), [""; 0]);
        assert_eq!(gaps(&available(ABI::V5)), ["sending signals to other programs"]);
        // Debian 12: Linux 6.1.
        assert_eq!(gaps(&available(ABI::V2)).len(), 4);
        assert_eq!(gaps(&LandlockStatus::NotEnabled).len(), 5);
    }
}
