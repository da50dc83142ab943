//! Payload that means nothing.

use std::sync::LazyLock;

use crate::rng::Rng;

/// A power of two, so that positions wrap evenly; too large for a run of it to repeat within a packet.
const LEN: usize = 64 * 1024;

/// One block for the whole program: opaque payload is copied from it, not drawn byte by byte.
static BLOCK: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut block = vec![0; LEN];
    Rng::new(0, 0).fill(&mut block);
    block
});

/// Appends `len` bytes of a stream of noise that repeats every 64 KiB, from a position in it.
pub fn append(out: &mut Vec<u8>, position: u64, len: usize) {
    let block = BLOCK.as_slice();
    let mut left = len;
    let mut at = usize::try_from(position % LEN as u64).unwrap_or_default();
    while left > 0 {
        let run = block.get(at..).unwrap_or_default();
        let run = run.get(..left).unwrap_or(run);
        out.extend(run);
        left -= run.len();
        at = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_cut_anywhere_is_the_same_stream() {
        let (mut whole, mut parts) = (Vec::new(), Vec::new());
        append(&mut whole, 65_000, 140_000);
        append(&mut parts, 65_000, 999);
        append(&mut parts, 65_999, 139_001);
        assert_eq!(whole, parts);
    }
}
