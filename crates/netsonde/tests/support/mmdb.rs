//! Makes small databases of places (MaxMind DB file format 2.0).

/// Makes a database of that kind which says that 8.0.0.0/8 is in the United States, built on 2024-01-15, and which has at
/// least as many bytes more that cannot be packed.
///
/// The tree has a node for each of the 8 bits of the prefix, 0000 1000 in binary: the branch that goes on leads to the next
/// node, the last one to the only record, the other branches to nothing.
pub(crate) fn database(kind: &str, more: usize) -> Vec<u8> {
    const BITS: u8 = 8;
    const PREFIX: u8 = 0b0000_1000;
    let (nothing, record) = (u32::from(BITS), u32::from(BITS) + 16);
    let mut file = Vec::new();
    for node in 0..BITS {
        let on = if node + 1 == BITS { record } else { u32::from(node) + 1 };
        let bit = (PREFIX >> (BITS - 1 - node)) & 1;
        let branches = if bit == 0 { [on, nothing] } else { [nothing, on] };
        for branch in branches {
            file.extend_from_slice(&branch.to_be_bytes()[1..]);
        }
    }
    file.extend_from_slice(&[0; 16]);
    file.extend(map(&[("country", map(&[("iso_code", text("US"))])), ("more", array(more))]));
    file.extend_from_slice(b"\xab\xcd\xefMaxMind.com");
    file.extend(map(&[
        ("binary_format_major_version", number(5, 2)),
        ("binary_format_minor_version", number(5, 0)),
        // 2024-01-15: 19737 days of 86400 seconds. An unsigned number of 64 bits is type 9: 7 and the byte behind it.
        ("build_epoch", [&[0x04, 0x02][..], &(19_737_u32 * 86_400).to_be_bytes()].concat()),
        ("database_type", text(kind)),
        ("description", map(&[])),
        ("ip_version", number(5, 4)),
        // An array is type 11: 7 and the byte behind it.
        ("languages", vec![0x00, 0x04]),
        ("node_count", number(6, BITS)),
        ("record_size", number(5, 24)),
    ]));
    file
}

/// A number below 256 of an unsigned type.
fn number(kind: u8, value: u8) -> Vec<u8> {
    vec![(kind << 5) | 1, value]
}

/// What a value of a type begins with, that is so long.
fn head(kind: u8, length: usize) -> u8 {
    assert!(length < 29, "longer ones have another head");
    (kind << 5) | u8::try_from(length).expect("a small number")
}

fn text(text: &str) -> Vec<u8> {
    [&[head(2, text.len())], text.as_bytes()].concat()
}

/// Numbers of 64 bits that look random, of the extended type 9 of 7 and 2, in an array, which is type 11: 7 and 4.
fn array(bytes: usize) -> Vec<u8> {
    let numbers = bytes / 8;
    // A length of more than 285 has two bytes behind the first and the type, and counts from there.
    let mut array = match numbers {
        0 => return vec![0x00, 0x04],
        _ => [&[30, 0x04][..], &u16::try_from(numbers - 285).expect("a small number").to_be_bytes()].concat(),
    };
    let mut state = 1_u64;
    for _ in 0..numbers {
        // MMIX's generator, stirred, because its low bits do not look random.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        array.extend([0x08, 0x02]);
        array.extend((state ^ (state >> 29)).to_be_bytes());
    }
    array
}

fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut map = vec![head(7, entries.len())];
    for (key, value) in entries {
        map.extend(text(key));
        map.extend_from_slice(value);
    }
    map
}
