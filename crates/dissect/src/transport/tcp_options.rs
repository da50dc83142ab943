//! TCP options (RFC 9293 section 3.1).

const END: u8 = 0;
const NO_OPERATION: u8 = 1;
/// Kind and length.
const HEADER_LEN: usize = 2;

/// An option of a TCP header that has a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpOption<'a> {
    /// Which one (IANA, TCP option kind numbers).
    pub kind: u8,
    /// What follows kind and length.
    pub body: &'a [u8],
}

impl TcpOption<'_> {
    /// Window scale (RFC 7323 section 2).
    pub const WINDOW_SCALE: u8 = 3;
    /// Selective acknowledgement (RFC 2018 section 3).
    pub const SACK: u8 = 5;
    /// Multipath TCP (RFC 8684 section 3).
    pub const MULTIPATH: u8 = 30;
}

/// The options of a header from left to right, up to its end or to the first that is broken or cut.
#[derive(Clone, Debug)]
pub struct TcpOptions<'a> {
    rest: &'a [u8],
    /// Bytes of the header from here to its end, captured or not.
    left: usize,
    is_cut: bool,
}

impl<'a> TcpOptions<'a> {
    /// Begins with what was captured of options of that length.
    #[inline]
    pub(crate) const fn new(captured: &'a [u8], len: usize) -> Self {
        Self { rest: captured, left: len, is_cut: false }
    }

    /// Tells whether the walk came to a byte that was not captured.
    #[inline]
    pub const fn is_cut(&self) -> bool {
        self.is_cut
    }

    fn end(&mut self) -> Option<TcpOption<'a>> {
        self.left = 0;
        None
    }

    fn end_at_cut(&mut self) -> Option<TcpOption<'a>> {
        self.is_cut = true;
        self.end()
    }
}

impl<'a> Iterator for TcpOptions<'a> {
    type Item = TcpOption<'a>;

    fn next(&mut self) -> Option<TcpOption<'a>> {
        while self.left > 0 {
            let Some((&kind, behind)) = self.rest.split_first() else { return self.end_at_cut() };
            if kind == NO_OPERATION {
                self.rest = behind;
                self.left = self.left.saturating_sub(1);
                continue;
            }
            if kind == END {
                // What pads the header is part of it.
                return if self.rest.len() < self.left { self.end_at_cut() } else { self.end() };
            }
            if self.left < HEADER_LEN {
                return self.end();
            }
            let Some(&len) = behind.first() else { return self.end_at_cut() };
            let len = usize::from(len);
            if len < HEADER_LEN || len > self.left {
                return self.end();
            }
            let Some((option, rest)) = self.rest.split_at_checked(len) else { return self.end_at_cut() };
            self.rest = rest;
            self.left = self.left.saturating_sub(len);
            return Some(TcpOption { kind, body: option.get(HEADER_LEN..).unwrap_or_default() });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kinds and bodies, and whether the walk ended at the capture's cut.
    fn walked(captured: &[u8], len: usize) -> (Vec<(u8, Vec<u8>)>, bool) {
        let mut options = TcpOptions::new(captured, len);
        let found = options.by_ref().map(|option| (option.kind, option.body.to_vec())).collect();
        (found, options.is_cut())
    }

    #[test]
    fn options_come_from_left_to_right_without_padding() {
        let bytes = [2, 4, 5, 0xb4, 1, 3, 3, 7, 4, 2, 0, 0];
        let found = vec![(2, vec![5, 0xb4]), (3, vec![7]), (4, vec![])];
        assert_eq!(walked(&bytes, 12), (found, false));
    }

    #[test]
    fn a_broken_length_ends_the_walk_without_a_cut() {
        // Below two, beyond the header, and a kind as the header's last byte.
        for bytes in [&[1, 3, 1, 7][..], &[1, 3, 9, 7], &[1, 1, 1, 3]] {
            assert_eq!(walked(bytes, 4), (vec![], false));
        }
    }

    #[test]
    fn a_byte_that_was_not_captured_cuts_and_keeps_what_came_before() {
        let bytes = [4, 2, 3, 3, 7, 0, 0, 0];
        assert_eq!(walked(&bytes[..4], 8), (vec![(4, vec![])], true));
        assert_eq!(walked(&bytes[..2], 8), (vec![(4, vec![])], true));
        // Cut inside the padding.
        assert_eq!(walked(&bytes[..6], 8), (vec![(4, vec![]), (3, vec![7])], true));
    }

    #[test]
    fn no_options_are_no_cut() {
        assert_eq!(walked(&[], 0), (vec![], false));
    }
}
