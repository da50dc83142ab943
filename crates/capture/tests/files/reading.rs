//! Reads a source to its end and keeps what came out.

use std::io::{self, Cursor, Read};

use netsonde_capture::{OpenError, Polled, ReadError, Source};
use netsonde_units::Timestamp;

/// A packet with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) nanos: Option<u64>,
    pub(crate) link: u16,
    pub(crate) interface: u32,
    pub(crate) wire_len: u32,
    pub(crate) bytes: Vec<u8>,
}

/// Everything that reading a source gave.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) source: Source,
    pub(crate) packets: Vec<Kept>,
    pub(crate) error: Option<ReadError>,
}

/// Opens bytes as a source.
pub(crate) fn open(bytes: &[u8]) -> Result<Source, OpenError> {
    Source::reader("test", Box::new(Cursor::new(bytes.to_vec())))
}

/// Reads bytes that must open.
pub(crate) fn read(bytes: &[u8]) -> Reading {
    drain(open(bytes).unwrap())
}

/// Polls to the end and checks what holds for every source.
pub(crate) fn drain(mut source: Source) -> Reading {
    let mut packets: Vec<Kept> = Vec::new();
    let error = loop {
        let before = packets.len();
        let polled = source.poll(|batch| {
            packets.extend(batch.iter().map(|packet| Kept {
                nanos: packet.at.map(Timestamp::nanos),
                link: packet.link.0,
                interface: packet.interface,
                wire_len: packet.wire_len,
                bytes: packet.bytes.to_vec(),
            }));
        });
        match polled {
            Ok(Polled::Packets(count)) => {
                assert!(count > 0);
                assert_eq!(packets.len() - before, count);
            }
            Ok(Polled::Idle(_)) => panic!("a file is never idle"),
            Ok(Polled::End) => break None,
            Err(error) => break Some(error),
        }
    };
    assert!(matches!(source.poll(|_| panic!("a packet behind the end")), Ok(Polled::End)));
    assert_eq!(source.counters().packets, packets.len() as u64);
    assert!(packets.iter().all(|packet| packet.wire_len as usize >= packet.bytes.len()));
    Reading { source, packets, error }
}

/// A reader that hands out its bytes in pieces of the given sizes, over and over.
pub(crate) struct Pieces {
    bytes: Cursor<Vec<u8>>,
    sizes: Vec<usize>,
    turn: usize,
}

impl Pieces {
    pub(crate) fn new(bytes: Vec<u8>, sizes: Vec<usize>) -> Self {
        Self { bytes: Cursor::new(bytes), sizes, turn: 0 }
    }
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes[self.turn % self.sizes.len()].min(buffer.len());
        self.turn += 1;
        if self.turn.is_multiple_of(7) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        self.bytes.read(&mut buffer[..size])
    }
}
