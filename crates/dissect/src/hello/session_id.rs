//! Identifiers of sessions.

/// What a session to go on with is called (RFC 5246 section 7.4.1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionId {
    bytes: [u8; Self::MAX],
    len: u8,
}

impl SessionId {
    /// The most bytes that it may have.
    const MAX: usize = 32;

    /// Takes the bytes of a hello; more than there may be are none.
    pub(super) fn of(id: &[u8]) -> Self {
        let mut bytes = [0; Self::MAX];
        match (bytes.get_mut(..id.len()), u8::try_from(id.len())) {
            (Some(room), Ok(len)) => {
                room.copy_from_slice(id);
                Self { bytes, len }
            }
            _ => Self::default(),
        }
    }

    /// Tells whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }
}
