//! Reads capture files through one buffer whose slices it lends as packets.

mod pcap;
mod pcapng;
mod record;
mod span;
mod stored;
mod window;

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use netsonde_dissect::{LinkType, Packet};

use self::pcap::Pcap;
use self::pcapng::Pcapng;
use self::record::{Stop, Tally, Walk};
pub use self::span::FileSpan;
use self::stored::Stored;
use self::window::Window;
use crate::error::{OpenError, ReadError};
use crate::format::{self, Compression, Format};
use crate::polled::{Counters, Polled, Progress};

/// Packets handed over at once.
const BATCH: usize = 64;

/// A capture file, or a stream that looks like one.
#[derive(Debug)]
pub(crate) struct FileSource {
    name: String,
    window: Window,
    stored: Stored,
    decoder: Decoder,
    tally: Tally,
    state: State,
    /// The file itself, where its bytes are the capture's.
    again: Option<Arc<File>>,
    /// Where the packets lie that were handed over last.
    handed: Option<FileSpan>,
}

/// Whether there is more to read.
#[derive(Debug)]
enum State {
    Reading,
    /// Packets were handed over in the call that met the error, so the next one reports it.
    Failing(ReadError),
    Ended,
}

#[derive(Clone, Debug)]
enum Decoder {
    Pcap(Pcap),
    Pcapng(Pcapng),
}

impl Decoder {
    /// Hands over the packets of the whole records of `bytes`.
    fn walk<'b, F: FnMut(Packet<'b>)>(&mut self, bytes: &'b [u8], tally: &mut Tally, each: &mut F) -> Walk {
        match self {
            Self::Pcap(pcap) => pcap.walk(bytes, tally, each),
            Self::Pcapng(pcapng) => pcapng.walk(bytes, tally, each),
        }
    }

    /// Returns how much memory the state of the file takes, in bytes.
    fn held_bytes(&self) -> usize {
        match self {
            Self::Pcap(_) => 0,
            Self::Pcapng(pcapng) => pcapng.held_bytes(),
        }
    }
}

impl FileSource {
    /// Recognises compression and format, and reads the first header.
    pub(crate) fn open(
        name: String,
        input: Box<dyn Read + Send>,
        total: Option<u64>,
    ) -> Result<Self, OpenError> {
        let (stored, input) = Stored::open(&name, input, total)?;
        let mut opening = Opening { name, compression: stored.compression(), window: Window::new(input) };
        let format = opening.recognise()?;
        let decoder = match format {
            Format::Pcap => Decoder::Pcap(opening.pcap()?),
            Format::Pcapng => Decoder::Pcapng(opening.pcapng()?),
        };
        let Opening { name, window, .. } = opening;
        let state = State::Reading;
        Ok(Self { name, window, stored, decoder, tally: Tally::default(), state, again: None, handed: None })
    }

    /// Lets packets be read again from `file`, unless it is compressed.
    pub(crate) fn read_again_from(&mut self, file: File) {
        self.again = Some(Arc::new(file)).filter(|_| self.stored.compression().is_none());
    }

    /// Tells whether packets can be read again.
    pub(crate) const fn can_read_again(&self) -> bool {
        self.again.is_some()
    }

    /// Takes where the packets lie that the last poll handed over.
    pub(crate) fn take_handed(&mut self) -> Option<FileSpan> {
        self.handed.take()
    }

    /// Hands over the whole records of the buffer, reading on where there is none.
    pub(crate) fn poll<F: FnMut(&[Packet<'_>])>(&mut self, mut each: F) -> Result<Polled, ReadError> {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Reading => {}
            State::Failing(error) => return Err(error),
            State::Ended => return Ok(Polled::End),
        }
        loop {
            let bytes = self.window.unread();
            let mut batch = Batch::new(&mut each);
            let before = self.again.as_ref().map(|file| (Arc::clone(file), self.decoder.clone()));
            let mut add = |packet| batch.add(packet);
            let Walk { consumed, packets, stop } = self.decoder.walk(bytes, &mut self.tally, &mut add);
            batch.hand_over();
            let offset = self.window.offset();
            let span = |(file, decoder)| FileSpan { file, offset, len: consumed, decoder };
            self.handed = before.filter(|_| packets > 0).map(span);
            self.window.consume(consumed);
            let needed = match stop {
                Stop::Incomplete { needed } => needed,
                Stop::Damaged(damage) => {
                    let offset = self.window.offset();
                    let error = ReadError::Damaged { offset, packets: self.tally.packets, damage };
                    if packets == 0 {
                        return Err(error);
                    }
                    self.state = State::Failing(error);
                    return Ok(Polled::Packets(packets));
                }
            };
            if packets > 0 {
                self.state = State::Reading;
                return Ok(Polled::Packets(packets));
            }
            let had = self.window.unread().len();
            match self.window.fill(needed) {
                Ok(true) => {}
                // The last bytes are too few for a record, but may tell that it is damaged and not cut.
                Ok(false) if self.window.unread().len() > had => {}
                Ok(false) => return self.at_end(needed),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.state = State::Reading;
                    return Ok(Polled::Idle(None));
                }
                Err(source) => return Err(self.broken(source)),
            }
        }
    }

    /// Judges the end of the input: between two records it is the end, inside one it is a cut.
    fn at_end(&self, needed: usize) -> Result<Polled, ReadError> {
        let had = self.window.unread().len();
        if had == 0 {
            return Ok(Polled::End);
        }
        Err(ReadError::Cut { offset: self.window.offset(), packets: self.tally.packets, needed, had })
    }

    fn broken(&self, source: io::Error) -> ReadError {
        let (offset, packets) = (self.window.end_offset(), self.tally.packets);
        match self.stored.compression() {
            Some(compression) => ReadError::Decompression { compression, offset, packets, source },
            None => ReadError::Io { offset, packets, source },
        }
    }

    pub(crate) fn counters(&self) -> Counters {
        Counters {
            packets: self.tally.packets,
            stamps_out_of_range: self.tally.stamps_out_of_range,
            stamps_missing: self.tally.stamps_missing,
            wire_lengths_raised: self.tally.wire_lengths_raised,
            blocks_skipped: self.tally.blocks_skipped,
            ..Counters::default()
        }
    }

    /// Returns what the program that wrote the capture says it dropped; none where it does not say.
    pub(crate) const fn reported_drops(&self) -> Option<u64> {
        self.tally.reported_drops
    }

    pub(crate) fn link_types(&self) -> Vec<LinkType> {
        match &self.decoder {
            Decoder::Pcap(pcap) => vec![pcap.link()],
            Decoder::Pcapng(pcapng) => pcapng.links().to_vec(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn progress(&self) -> Option<Progress> {
        self.stored.progress()
    }

    pub(crate) fn format(&self) -> Format {
        match self.decoder {
            Decoder::Pcap(_) => Format::Pcap,
            Decoder::Pcapng(_) => Format::Pcapng,
        }
    }

    pub(crate) fn compression(&self) -> Option<Compression> {
        self.stored.compression()
    }
}

/// Collects packets, so that whoever measures them can look some ahead.
struct Batch<'b, 'e, F> {
    packets: [Packet<'b>; BATCH],
    count: usize,
    each: &'e mut F,
}

impl<'b, 'e, F: FnMut(&[Packet<'_>])> Batch<'b, 'e, F> {
    fn new(each: &'e mut F) -> Self {
        Self { packets: [Packet::default(); BATCH], count: 0, each }
    }

    #[inline]
    fn add(&mut self, packet: Packet<'b>) {
        if let Some(place) = self.packets.get_mut(self.count) {
            *place = packet;
            self.count += 1;
        }
        if self.count == BATCH {
            self.hand_over();
        }
    }

    fn hand_over(&mut self) {
        let packets = self.packets.get(..self.count).unwrap_or_default();
        if !packets.is_empty() {
            (self.each)(packets);
        }
        self.count = 0;
    }
}

/// A file between being opened and having shown its first header.
struct Opening {
    name: String,
    compression: Option<Compression>,
    window: Window,
}

impl Opening {
    fn recognise(&mut self) -> Result<Format, OpenError> {
        // A shorter file is described by what there is of it.
        self.fill(format::DESCRIBED_LEN)?;
        let start = self.window.unread();
        let start = start.get(..format::DESCRIBED_LEN).unwrap_or(start);
        if start.is_empty() {
            return Err(OpenError::Empty { name: self.name.clone() });
        }
        format::capture(start)
            .ok_or_else(|| OpenError::NotACapture { name: self.name.clone(), seems: format::describe(start) })
    }

    fn pcap(&mut self) -> Result<Pcap, OpenError> {
        self.need(Format::Pcap, pcap::FILE_HEADER_LEN)?;
        let (pcap, consumed) =
            Pcap::open(self.window.unread()).map_err(|stop| self.refuse(Format::Pcap, stop))?;
        self.window.consume(consumed);
        Ok(pcap)
    }

    /// Reads the first section header; nothing can be known of the packets before it is whole.
    fn pcapng(&mut self) -> Result<Pcapng, OpenError> {
        let mut needed = pcapng::BLOCK_MIN_LEN;
        loop {
            self.need(Format::Pcapng, needed)?;
            match Pcapng::open(self.window.unread()) {
                Ok((pcapng, consumed)) => {
                    self.window.consume(consumed);
                    return Ok(pcapng);
                }
                Err(Stop::Incomplete { needed: more }) => needed = more,
                Err(stop @ Stop::Damaged(_)) => return Err(self.refuse(Format::Pcapng, stop)),
            }
        }
    }

    fn refuse(&self, format: Format, stop: Stop) -> OpenError {
        let name = self.name.clone();
        match stop {
            Stop::Damaged(damage) => OpenError::DamagedHeader { name, format, damage },
            Stop::Incomplete { needed } => {
                OpenError::CutHeader { name, format, needed, had: self.window.unread().len() }
            }
        }
    }

    fn need(&mut self, format: Format, needed: usize) -> Result<(), OpenError> {
        if self.fill(needed)? { Ok(()) } else { Err(self.refuse(format, Stop::Incomplete { needed })) }
    }

    fn fill(&mut self, needed: usize) -> Result<bool, OpenError> {
        self.window.fill(needed).map_err(|source| match self.compression {
            Some(compression) => OpenError::Decompression { name: self.name.clone(), compression, source },
            None => OpenError::Read { name: self.name.clone(), source },
        })
    }
}
