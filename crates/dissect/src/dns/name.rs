//! Names, which may be written in part elsewhere in the message (RFC 1035 section 4.1.4).

use std::fmt;

use super::Fault;
use crate::Escaped;

/// A name of 255 bytes has at most 127 labels and the root (RFC 1035 section 3.1); more pointers than labels are of no
/// use either.
const MAX_STEPS: usize = 256;
/// Length bytes and the root included (RFC 1035 section 2.3.4).
const MAX_NAME_LEN: usize = 255;
/// The two bits that say what a length byte is.
const KIND: u8 = 0xc0;
const POINTER: u8 = 0xc0;

/// A name in a message. What is wrong with it shows when its labels are read.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a> {
    message: &'a [u8],
    at: usize,
}

impl<'a> Name<'a> {
    pub(super) const fn new(message: &'a [u8], at: usize) -> Self {
        Self { message, at }
    }

    /// Returns the labels from the most special to the most general one, without the root, up to the first fault.
    pub const fn labels(&self) -> Labels<'a> {
        Labels { message: self.message, at: self.at, run: self.at, len: 1, steps: 0, is_over: false }
    }

    /// Tells whether the name can be read to its root.
    pub fn is_whole(&self) -> bool {
        self.labels().all(|label| label.is_ok())
    }

    /// Tells whether both are whole and the same, upper case or lower (RFC 4343).
    pub fn is(&self, other: &Self) -> bool {
        let (mut mine, mut theirs) = (self.labels(), other.labels());
        loop {
            match (mine.next(), theirs.next()) {
                (None, None) => return true,
                (Some(Ok(one)), Some(Ok(another))) if one.eq_ignore_ascii_case(another) => {}
                _ => return false,
            }
        }
    }

    /// Returns where the name ends, whatever it points to.
    pub(super) fn end(&self) -> Result<usize, Fault> {
        let mut at = self.at;
        for _ in 0..MAX_STEPS {
            let &len = self.message.get(at).ok_or(Fault::Cut)?;
            at = at.saturating_add(1);
            match len & KIND {
                0 if len == 0 => return Ok(at),
                0 => at = at.saturating_add(usize::from(len)),
                POINTER => return Ok(at.saturating_add(1)),
                _ => return Err(Fault::BadLabel),
            }
        }
        Err(Fault::NameTooLong)
    }
}

/// The name in lower case as RFC 4343 section 2.1 writes it: dots between labels, `\.` and `\\` for those characters
/// inside one, `\032` for what does not show. An ellipsis stands for what could not be read.
impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut dot = "";
        for label in self.labels() {
            let Ok(label) = label else { return f.write_str("…") };
            f.write_str(dot)?;
            dot = ".";
            if let Some(plain) = plain(label) {
                f.write_str(plain)?;
                continue;
            }
            for &byte in label {
                match byte {
                    b'.' | b'\\' => write!(f, "\\{}", char::from(byte))?,
                    0x21..=0x7e => write!(f, "{}", char::from(byte.to_ascii_lowercase()))?,
                    _ => write!(f, "\\{byte:03}")?,
                }
            }
        }
        if dot.is_empty() { f.write_str(".") } else { Ok(()) }
    }
}

/// Returns a label that is written as it is; nearly all are.
fn plain(label: &[u8]) -> Option<&str> {
    let is_changed = |byte: &u8| *byte == b'.' || byte.is_ascii_uppercase();
    Escaped(label).plain().filter(|_| !label.iter().any(is_changed))
}

/// The labels of a name. One that was cut comes as far as it goes, then the fault.
#[derive(Clone, Debug)]
pub struct Labels<'a> {
    message: &'a [u8],
    at: usize,
    /// Where the labels in one piece began that are being read: a pointer must lead before it, and so never in circles.
    run: usize,
    /// Length of the name so far.
    len: usize,
    steps: usize,
    is_over: bool,
}

impl<'a> Labels<'a> {
    fn step(&mut self) -> Result<Option<&'a [u8]>, Fault> {
        while self.steps < MAX_STEPS {
            self.steps = self.steps.saturating_add(1);
            let rest = self.message.get(self.at..).unwrap_or_default();
            let (&len, behind) = rest.split_first().ok_or(Fault::Cut)?;
            match len & KIND {
                0 if len == 0 => return Ok(None),
                0 => return self.label(usize::from(len), behind).map(Some),
                POINTER => {
                    let &low = behind.first().ok_or(Fault::Cut)?;
                    let target = usize::from(u16::from_be_bytes([len & !KIND, low]));
                    if target >= self.run {
                        return Err(Fault::BadPointer);
                    }
                    (self.at, self.run) = (target, target);
                }
                _ => return Err(Fault::BadLabel),
            }
        }
        Err(Fault::NameTooLong)
    }

    fn label(&mut self, len: usize, behind: &'a [u8]) -> Result<&'a [u8], Fault> {
        self.len = self.len.saturating_add(len).saturating_add(1);
        if self.len > MAX_NAME_LEN {
            return Err(Fault::NameTooLong);
        }
        self.at = self.at.saturating_add(len).saturating_add(1);
        match behind.get(..len) {
            Some(label) => Ok(label),
            // The next step finds that the message has ended.
            None if !behind.is_empty() => Ok(behind),
            None => Err(Fault::Cut),
        }
    }
}

impl<'a> Iterator for Labels<'a> {
    type Item = Result<&'a [u8], Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let step = self.step();
        self.is_over = !matches!(step, Ok(Some(_)));
        step.transpose()
    }
}
