//! Any blocks behind a valid section header give packets or an error, the same in any pieces.
//!
//! Input: a whole file as in the corpus, or the blocks alone, in front of which a section header is put;
//! the last byte is also the size of the pieces.

#![no_main]

#[path = "../src/chunked.rs"]
mod chunked;

use libfuzzer_sys::fuzz_target;

/// A little-endian section header without options, version 1.0, of unknown length.
const SECTION: [u8; 28] = [
    0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 28, 0, 0, 0,
];

/// One Ethernet interface.
const INTERFACE: [u8; 20] = [1, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0];

fuzz_target!(|input: &[u8]| {
    let size = input.last().copied().unwrap_or(1);
    if input.starts_with(&SECTION[..4]) {
        chunked::check(input, size);
    } else {
        chunked::check(&[&SECTION[..], &INTERFACE, input].concat(), size);
    }
});
