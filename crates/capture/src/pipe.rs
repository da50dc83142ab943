//! Reads a pipe without waiting for ever.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// How long a read waits for bytes: what a user who asks the program to stop does not notice.
const PATIENCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };

/// A pipe, a terminal, a device: whatever may have nothing to read for now.
pub(crate) struct Pipe {
    file: File,
    impatient: Arc<AtomicBool>,
    /// How long reads wait at first; none for ever.
    at_first: Option<Timespec>,
    /// How long they wait once the flag is set.
    later: Timespec,
}

impl Pipe {
    /// Wraps an open file. Reads wait until the flag that comes with it is set; from then on one that would wait
    /// longer than [`PATIENCE`] fails with [`ErrorKind::WouldBlock`], having taken nothing.
    pub(crate) fn new(file: File) -> (Self, Arc<AtomicBool>) {
        Self::waiting(file, None, PATIENCE)
    }

    /// Wraps an open file as [`Self::new`] does; reads wait at most `at_first`, and `later` once the flag is set.
    pub(crate) fn waiting(
        file: File,
        at_first: Option<Timespec>,
        later: Timespec,
    ) -> (Self, Arc<AtomicBool>) {
        let impatient = Arc::new(AtomicBool::new(false));
        (Self { file, impatient: Arc::clone(&impatient), at_first, later }, impatient)
    }
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wait = if self.impatient.load(Ordering::Relaxed) { Some(self.later) } else { self.at_first };
        if let Some(wait) = wait
            && poll(&mut [PollFd::new(&self.file, PollFlags::IN)], Some(&wait))? == 0
        {
            return Err(ErrorKind::WouldBlock.into());
        }
        self.file.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_silent_pipe_says_so_and_goes_on() {
        let (reader, mut writer) = io::pipe().unwrap();
        let (mut pipe, impatient) = Pipe::new(File::from(std::os::fd::OwnedFd::from(reader)));
        impatient.store(true, Ordering::Relaxed);
        let mut bytes = [0; 8];
        assert_eq!(pipe.read(&mut bytes).unwrap_err().kind(), ErrorKind::WouldBlock);
        writer.write_all(b"abc").unwrap();
        assert_eq!(pipe.read(&mut bytes).unwrap(), 3);
        drop(writer);
        assert_eq!(pipe.read(&mut bytes).unwrap(), 0);
    }
}
