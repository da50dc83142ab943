//! What the writer of a capture counted on an interface.

use super::super::record::ByteOrder;
use super::interface::TypedOption;

/// Packets that were dropped for want of room, 8 bytes. The name speaks of the interface; dumpcap counts here what did
/// not fit into the kernel's ring.
const ISB_IFDROP: u16 = 5;

/// Returns how many packets the writer says it lost; none where it does not say, or not in a way that can be read.
pub(super) fn drops<B: ByteOrder>(mut options: &[u8]) -> Option<u64> {
    while let Ok(Some((option, behind))) = TypedOption::split::<B>(options) {
        if option.code == ISB_IFDROP {
            return option.value.first_chunk::<8>().and_then(|count| u64::try_from(B::i64(*count)).ok());
        }
        options = behind;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::super::record::{BigEndian, LittleEndian};
    use super::*;

    #[test]
    fn drops_are_found_behind_other_options() {
        // isb_ifrecv (4) of 9, isb_ifdrop (5) of 7, the end.
        let little =
            [&[4, 0, 8, 0, 9, 0, 0, 0, 0, 0, 0, 0][..], &[5, 0, 8, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]]
                .concat();
        assert_eq!(drops::<LittleEndian>(&little), Some(7));
        let big = [0, 5, 0, 8, 0, 0, 0, 0, 0, 0, 0, 7];
        assert_eq!(drops::<BigEndian>(&big), Some(7));
        assert_eq!(drops::<LittleEndian>(&little[..12]), None);
        // A value that is cut is none.
        assert_eq!(drops::<LittleEndian>(&little[..20]), None);
    }
}
