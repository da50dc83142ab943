//! Any bytes read as a capture file give packets or an error, the same in any pieces.
//!
//! Input: the file; its last byte is also the size of the pieces.

#![no_main]

#[path = "../src/chunked.rs"]
mod chunked;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let size = input.last().copied().unwrap_or(1);
    chunked::check(input, size);
});
