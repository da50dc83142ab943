//! Names of `NetBIOS` over UDP (RFC 1001, RFC 1002): who says that a name is whose.

use std::net::Ipv4Addr;

use crate::Wire;
use crate::dns::{Message, Rcode, Record, RecordType};

/// Kinds of message (RFC 1002 section 4.2.1.1); systems use both numbers for a refresh.
const QUERY: u8 = 0;
const REGISTRATION: u8 = 5;
const REFRESH: [u8; 2] = [8, 9];
const MULTIHOMED_REGISTRATION: u8 = 15;

/// An address of a name, and all names of a node (RFC 1002 section 4.2.1.3).
const NB: RecordType = RecordType(0x20);
const NBSTAT: RecordType = RecordType(0x21);
/// Whether a name is a group's: the top bit of its flags (RFC 1002 section 4.2.1.3).
const GROUP: u8 = 0x80;

/// Bytes of a name: 15 letters, filled up with spaces, and what it is for.
const NAME_LEN: usize = 16;
const LETTERS: usize = NAME_LEN - 1;
/// Each byte is two letters (RFC 1001 section 14.1).
const ENCODED_LEN: usize = 2 * NAME_LEN;
/// Records of a message that are read: more than one is unusual.
const MAX_RECORDS: usize = 16;

/// Datagrams to one, to a group and to all (RFC 1002 section 4.4.1).
const DATAGRAMS: std::ops::RangeInclusive<u8> = 0x10..=0x12;

/// A name of 15 letters at most, and what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeName([u8; NAME_LEN]);

impl NodeName {
    /// Reads a name as the label of a name of DNS; none where it is none.
    fn decode(label: &[u8]) -> Option<Self> {
        let encoded = <&[u8; ENCODED_LEN]>::try_from(label).ok()?;
        let mut name = [0; NAME_LEN];
        for (byte, pair) in name.iter_mut().zip(encoded.as_chunks::<2>().0) {
            let [high, low] = pair.map(|letter| letter.wrapping_sub(b'A'));
            if high > 0x0f || low > 0x0f {
                return None;
            }
            *byte = high << 4 | low;
        }
        Some(Self(name))
    }

    /// Returns its letters, without what fills them up.
    pub fn letters(&self) -> &[u8] {
        let letters = self.0.get(..LETTERS).unwrap_or_default();
        let len = letters.iter().rposition(|&byte| !matches!(byte, b' ' | 0));
        letters.get(..len.map_or(0, |last| last.saturating_add(1))).unwrap_or_default()
    }

    /// Tells whether it is what a host is called: that of its workstation or its server service.
    pub const fn is_host(&self) -> bool {
        let [.., suffix] = self.0;
        matches!(suffix, 0x00 | 0x20)
    }
}

/// That a name is somebody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The name.
    pub name: NodeName,
    /// Whether many share it.
    pub is_group: bool,
    /// Whose it is; none where it is that of who says so.
    pub address: Option<Ipv4Addr>,
}

/// Hands over what a message of the name service says of whose names are: one that registers or refreshes them, or answers.
/// What is released, refused or asked for is nobody's.
pub fn claims(payload: &[u8], mut each: impl FnMut(Claim)) {
    let Ok(message) = Message::parse(payload) else { return };
    let operation = message.operation();
    let claims = if message.is_response() {
        message.rcode() == Rcode::NO_ERROR && matches!(operation, QUERY | REGISTRATION)
    } else {
        matches!(operation, REGISTRATION | MULTIHOMED_REGISTRATION) || REFRESH.contains(&operation)
    };
    if !claims {
        return;
    }
    for record in message.records().flatten().take(MAX_RECORDS) {
        match record.kind {
            NB => of_addresses(&record, &mut each),
            NBSTAT if message.is_response() => of_node(&record, &mut each),
            _ => {}
        }
    }
}

/// Flags and an address, for each of the name's owners (RFC 1002 section 4.2.2).
fn of_addresses(record: &Record<'_>, each: &mut impl FnMut(Claim)) {
    let Some(name) = record.name.labels().next().and_then(Result::ok).and_then(NodeName::decode) else {
        return;
    };
    for &[flags, _, a, b, c, d] in record.content.as_chunks().0 {
        let address = Some(Ipv4Addr::new(a, b, c, d));
        each(Claim { name, is_group: flags & GROUP != 0, address });
    }
}

/// The number of names, and each with its flags (RFC 1002 section 4.2.18).
fn of_node(record: &Record<'_>, each: &mut impl FnMut(Claim)) {
    let mut wire = Wire(record.content);
    for _ in 0..wire.byte().unwrap_or_default() {
        let (Some(name), Some([flags, _])) = (wire.array(), wire.array()) else { return };
        each(Claim { name: NodeName(name), is_group: flags & GROUP != 0, address: None });
    }
}

/// Returns who sent a datagram of the datagram service, as it says itself (RFC 1002 section 4.4.2); none for other messages.
pub fn sender(payload: &[u8]) -> Option<Claim> {
    let mut wire = Wire(payload);
    wire.byte().filter(|kind| DATAGRAMS.contains(kind))?;
    // Flags and number.
    wire.take(3)?;
    let address = Ipv4Addr::from(wire.be32()?);
    // Port, length and place of the part.
    wire.take(6)?;
    let name = NodeName::decode(wire.short_piece()?)?;
    Some(Claim { name, is_group: false, address: Some(address) })
}

#[cfg(test)]
mod tests;
