//! What clients call themselves: as text, or as names of DNS.

use crate::Wire;

/// Whether the name is written as one of DNS (RFC 4702 section 2.1).
const IS_ENCODED: u8 = 0x04;
/// Flags and two codes of before (RFC 4702 section 2).
const FLAGS_LEN: usize = 3;
/// The longest label and the longest name (RFC 1035 section 2.3.4).
const MAX_LABEL: u8 = 63;
const MAX_NAME: usize = 255;

/// The name of a client; not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientName<'a> {
    /// As it stands, dots and all; whatever bytes.
    Text(&'a [u8]),
    /// In labels, with the domain or without; in whole ones, and without the root's.
    Labels(&'a [u8]),
}

impl<'a> ClientName<'a> {
    /// Takes text without the zeros at its end (RFC 2132 section 2); none where nothing is left.
    pub(super) fn of_text(text: &'a [u8]) -> Option<Self> {
        let len = text.iter().rposition(|&byte| byte != 0)?.saturating_add(1);
        Some(Self::Text(text.get(..len)?))
    }

    /// Takes labels up to the root's or to the end (RFC 4704 section 4.2); none where one is cut, or there is none.
    pub(super) fn of_labels(bytes: &'a [u8]) -> Option<Self> {
        let mut wire = Wire(bytes);
        while let Some(len) = wire.0.first().copied().filter(|&len| len > 0) {
            let label = wire.short_piece().filter(|_| len <= MAX_LABEL)?;
            // One that holds a dot would be read as two.
            if label.contains(&b'.') {
                return None;
            }
        }
        let len = bytes.len().saturating_sub(wire.0.len());
        (1..MAX_NAME).contains(&len).then(|| bytes.get(..len).map(Self::Labels)).flatten()
    }

    /// Takes the content of DHCP's option of a name with its domain.
    pub(super) fn with_flags(content: &'a [u8]) -> Option<Self> {
        let (&[flags, ..], name) = content.split_first_chunk::<FLAGS_LEN>()?;
        if flags & IS_ENCODED == 0 { Self::of_text(name) } else { Self::of_labels(name) }
    }

    /// Returns the pieces between which dots are to be written.
    pub fn parts(self) -> impl Iterator<Item = &'a [u8]> {
        let (text, labels) = match self {
            Self::Text(text) => (Some(text), &[][..]),
            Self::Labels(labels) => (None, labels),
        };
        let mut wire = Wire(labels);
        text.into_iter().chain(std::iter::from_fn(move || wire.short_piece()))
    }
}
