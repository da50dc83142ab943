//! Names of hosts that strangers wrote.

use std::fmt::Write as _;
use std::sync::Arc;

use netsonde_dissect::Escaped;

/// The longest name of DNS (RFC 1035 section 2.3.4); what is longer is no host's and is cut.
const MAX_LEN: usize = 255;

/// Writes a host's name in lower case, escaped, without dots at its end, in at most 255 letters; none where it is empty.
pub(crate) fn of_host(bytes: &[u8]) -> Option<Arc<str>> {
    let len = bytes.iter().rposition(|&byte| byte != b'.').map_or(0, |last| last.saturating_add(1));
    let bytes = bytes.get(..len).unwrap_or_default();
    let is_upper = |byte: &u8| byte.is_ascii_uppercase();
    if let Some(plain) = Escaped(bytes).plain()
        && bytes.len() <= MAX_LEN
        && !bytes.iter().any(is_upper)
    {
        return (!plain.is_empty()).then(|| plain.into());
    }
    let mut text = String::with_capacity(bytes.len().min(MAX_LEN));
    for byte in bytes {
        let before = text.len();
        // A string takes any text.
        let _ = write!(text, "{}", Escaped(std::slice::from_ref(byte)));
        if text.len() > MAX_LEN {
            // What has no room as a whole is left out.
            text.truncate(before);
            break;
        }
    }
    text.make_ascii_lowercase();
    (!text.is_empty()).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_lower_case_without_a_last_dot() {
        assert_eq!(of_host(b"WWW.Example.ORG.").as_deref(), Some("www.example.org"));
        assert_eq!(of_host(b"example.org..").as_deref(), Some("example.org"));
        assert_eq!((of_host(b""), of_host(b".")), (None, None));
    }

    #[test]
    fn what_is_no_host_name_stays_as_data() {
        assert_eq!(of_host(b"a\r\n<b>\\").as_deref(), Some("a\\013\\010<b>\\\\"));
        assert_eq!(of_host("é".as_bytes()).as_deref(), Some("\\195\\169"));
    }

    #[test]
    fn what_is_too_long_is_cut_between_letters() {
        assert_eq!(of_host(&[b'a'; 300]).unwrap().len(), 255);
        // 63 escapes of four letters are 252; another one has no room.
        assert_eq!(of_host(&[0; 300]).unwrap().len(), 252);
    }
}
