//! What can go wrong between an interface or a file and its packets.

use std::io;

use crate::format::{Compression, Format};

/// Nothing could be read: the source did not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file could not be opened.
    #[error("cannot open {name}: {source}")]
    File {
        /// The file as it was named.
        name: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// The file opened, but its beginning could not be read.
    #[error("cannot read the beginning of {name}: {source}")]
    Read {
        /// The file as it was named.
        name: String,
        /// What the operating system says.
        source: io::Error,
    },
    /// The file is compressed, and its beginning could not be unpacked.
    #[error("cannot unpack the beginning of {name} ({compression}): {source}")]
    Decompression {
        /// The file as it was named.
        name: String,
        /// How it is compressed.
        compression: Compression,
        /// What the decompressor says.
        source: io::Error,
    },
    /// The file has no bytes.
    #[error("{name} is empty")]
    Empty {
        /// The file as it was named.
        name: String,
    },
    /// The file is no capture that this program reads.
    #[error("{name} is not a capture this program reads: it seems to be {seems}")]
    NotACapture {
        /// The file as it was named.
        name: String,
        /// What its first bytes look like.
        seems: String,
    },
    /// The file ends inside its first header.
    #[error("{name} is cut inside its {format} header: {had} bytes are there, {needed} are needed")]
    CutHeader {
        /// The file as it was named.
        name: String,
        /// The format that its first bytes announce.
        format: Format,
        /// Bytes the header needs.
        needed: usize,
        /// Bytes the file has.
        had: usize,
    },
    /// The first header of the file contradicts itself or is of an unknown version.
    #[error("the {format} header of {name} is damaged: {damage}")]
    DamagedHeader {
        /// The file as it was named.
        name: String,
        /// The format that its first bytes announce.
        format: Format,
        /// What is wrong with it.
        damage: Damage,
    },
    /// There is no such interface here.
    #[error("no interface is called {name:?}; there are: {known}")]
    NoSuchInterface {
        /// The name that was asked for.
        name: String,
        /// The names that exist, separated by commas.
        known: String,
    },
    /// This process may not capture on the interface.
    #[error("not allowed to capture on {interface}: {message}")]
    NotPermitted {
        /// The interface.
        interface: String,
        /// What libpcap or tshark says.
        message: String,
    },
    /// The filter expression does not compile.
    #[error("filter {filter:?} is not valid: {message}")]
    BadFilter {
        /// The expression.
        filter: String,
        /// What libpcap or tshark says.
        message: String,
    },
    /// libpcap refused for another reason, such as an interface that is down.
    #[error("cannot capture on {interface}: {message}")]
    Live {
        /// The interface.
        interface: String,
        /// What libpcap or tshark says.
        message: String,
    },
    /// The list of interfaces could not be had.
    #[error(transparent)]
    Interfaces(#[from] InterfacesError),
}

/// Reading stopped early; what came before it was delivered.
///
/// Offsets count bytes of the capture itself, after decompression.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The capture ends inside a record.
    #[error("cut at byte {offset}, after packet {packets}: a record needs {needed} bytes, {had} are there")]
    Cut {
        /// Where the unfinished record begins.
        offset: u64,
        /// Packets delivered before it.
        packets: u64,
        /// Bytes the record needs, as far as its readable part tells.
        needed: usize,
        /// Bytes that are there.
        had: usize,
    },
    /// A record contradicts itself.
    #[error("damaged at byte {offset}, after packet {packets}: {damage}")]
    Damaged {
        /// Where the record begins.
        offset: u64,
        /// Packets delivered before it.
        packets: u64,
        /// What is wrong with it.
        damage: Damage,
    },
    /// The compressed file is cut or damaged.
    #[error(
        "{compression} stream broken behind byte {offset} of the capture, after packet {packets}: {source}"
    )]
    Decompression {
        /// How it is compressed.
        compression: Compression,
        /// Bytes of the capture that could be unpacked.
        offset: u64,
        /// Packets delivered before.
        packets: u64,
        /// What the decompressor says.
        source: io::Error,
    },
    /// The operating system failed to read on.
    #[error("cannot read on behind byte {offset}, after packet {packets}: {source}")]
    Io {
        /// Bytes that could be read.
        offset: u64,
        /// Packets delivered before.
        packets: u64,
        /// What the operating system says.
        source: io::Error,
    },
    /// The interface was removed, went down, or libpcap failed on it.
    #[error("interface {interface} stopped delivering after packet {packets}: {message}")]
    InterfaceGone {
        /// The interface.
        interface: String,
        /// Packets delivered before.
        packets: u64,
        /// What libpcap or tshark says.
        message: String,
    },
}

/// What is wrong with a record, block or header of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// A packet claims to be larger than any that is captured.
    #[error("captured length {captured} is more than {max}")]
    PacketTooLong {
        /// The claim, in bytes.
        captured: u32,
        /// The most that is read, in bytes.
        max: u32,
    },
    /// A block is shorter than its kind allows, longer than is read, or no multiple of 4.
    #[error("block of type {kind:#010x} has the impossible length {length}")]
    BlockLength {
        /// The block type.
        kind: u32,
        /// Its total length, in bytes.
        length: u32,
    },
    /// The two lengths around a block differ.
    #[error("block of type {kind:#010x} begins with length {leading} and ends with {trailing}")]
    BlockTrailer {
        /// The block type.
        kind: u32,
        /// The length in front, in bytes.
        leading: u32,
        /// The length behind, in bytes.
        trailing: u32,
    },
    /// A packet claims more bytes than its block has.
    #[error("captured length {captured} does not fit into the {room} bytes of its block")]
    PacketBeyondBlock {
        /// The claim, in bytes.
        captured: u32,
        /// What the block has, in bytes.
        room: usize,
    },
    /// An option of an interface description claims more bytes than its block has.
    #[error("option {code} of length {length} does not fit into its block")]
    OptionBeyondBlock {
        /// The option.
        code: u16,
        /// Its length, in bytes.
        length: u16,
    },
    /// A packet names an interface that its section has not described.
    #[error("packet of interface {id}, but the section describes {described}")]
    UnknownInterface {
        /// The interface that the packet names.
        id: u32,
        /// How many the section has described.
        described: usize,
    },
    /// A section describes more interfaces than are kept.
    #[error("more than {max} interfaces in one section")]
    TooManyInterfaces {
        /// The most that are kept.
        max: usize,
    },
    /// A section header has neither byte order.
    #[error("section header with byte-order magic {magic:#010x}")]
    ByteOrder {
        /// The magic, read as big-endian.
        magic: u32,
    },
    /// A version that this program does not know.
    #[error("version {major}.{minor} is not known")]
    Version {
        /// Major version.
        major: u16,
        /// Minor version.
        minor: u16,
    },
}

/// The interfaces or addresses of this machine could not be listed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InterfacesError {
    /// libpcap failed.
    #[error("cannot list the capture interfaces: {0}")]
    Libpcap(String),
    /// There is no tshark to ask.
    #[error(
        "tshark is not installed, or not where programs are looked for: `sudo apt install tshark`, or leave --engine out"
    )]
    TsharkMissing,
    /// tshark failed.
    #[error("tshark cannot list its interfaces: {0}")]
    Tshark(String),
    /// The operating system failed.
    #[error("cannot list the addresses of this machine: {0}")]
    Addresses(#[from] io::Error),
}

/// Returns libpcap's message without the words that its bindings put in front.
pub(crate) fn text(error: &pcap::Error) -> String {
    match error {
        pcap::Error::PcapError(message) => message.trim().to_owned(),
        other => other.to_string(),
    }
}
