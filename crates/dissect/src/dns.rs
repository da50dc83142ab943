//! Messages of DNS (RFC 1035), multicast DNS (RFC 6762) and LLMNR (RFC 4795).
//!
//! A message is read as far as it goes: its header first, then question by question, record by record. What is broken
//! or cut ends the reading there, with its [`Fault`]. Every loop is bounded by the message, every name by RFC 1035.

mod name;
mod records;
mod words;

use std::fmt;
use std::ops::RangeInclusive;

use crate::span::{be16, byte};

pub use name::{Labels, Name};
pub use records::{Question, Questions, Record, Records, Section};
pub use words::{Class, Rcode, RecordType};

const HEADER_LEN: usize = 12;
const ID: usize = 0;
const FLAGS: usize = 2;
const CODES: usize = 3;
const QUESTIONS: usize = 4;
const ANSWERS: usize = 6;
const AUTHORITIES: usize = 8;
const ADDITIONALS: usize = 10;

const RESPONSE: u8 = 0x80;
const TRUNCATED: u8 = 0x02;
const TENTATIVE: u8 = 0x01;
/// Names of services have spaces (RFC 6763 section 4.1.1).
const PRINTABLE: RangeInclusive<u8> = b' '..=b'~';

/// Why a message could not be read further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ends before what its header announces: cut by the capture, or wrong.
    Cut,
    /// A label whose length has reserved bits (RFC 1035 section 4.1.4).
    BadLabel,
    /// A pointer that does not lead back, and so might lead in circles.
    BadPointer,
    /// A name of more than 255 bytes.
    NameTooLong,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cut => "message ends early",
            Self::BadLabel => "reserved kind of label",
            Self::BadPointer => "pointer that does not lead back",
            Self::NameTooLong => "name of more than 255 bytes",
        })
    }
}

/// A message: its header, and what follows for whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    bytes: &'a [u8],
    /// Zeros stand for what is cut.
    header: [u8; HEADER_LEN],
}

impl<'a> Message<'a> {
    /// Length of a whole header.
    pub const HEADER_LEN: usize = HEADER_LEN;

    /// Reads a message's header; the counts in it may be cut by the capture, and are 0 then.
    ///
    /// # Errors
    ///
    /// When identifier and flags are not there.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Fault> {
        if bytes.len() < QUESTIONS {
            return Err(Fault::Cut);
        }
        let mut header = [0; HEADER_LEN];
        for (field, &byte) in header.iter_mut().zip(bytes) {
            *field = byte;
        }
        Ok(Self { bytes, header })
    }

    /// Returns the identifier that an answer repeats.
    pub fn id(&self) -> u16 {
        be16::<ID, _>(&self.header)
    }

    /// Tells a response from a query.
    pub fn is_response(&self) -> bool {
        byte::<FLAGS, _>(&self.header) & RESPONSE != 0
    }

    /// Tells whether the message is about one question of the usual kind, as nearly all are.
    pub fn is_usual(&self) -> bool {
        self.operation() == 0 && self.question_count() == 1
    }

    /// Returns the kind of query, 0 to 15: 0 is the usual one.
    pub fn operation(&self) -> u8 {
        byte::<FLAGS, _>(&self.header) >> 3 & 0x0f
    }

    /// Tells whether the sender left something out because there was no room.
    pub fn is_truncated(&self) -> bool {
        byte::<FLAGS, _>(&self.header) & TRUNCATED != 0
    }

    /// Tells whether the sender of an LLMNR response is not sure yet that the name is its own (RFC 4795 section 2.1.1). Other
    /// messages say something else there.
    pub fn is_tentative(&self) -> bool {
        byte::<FLAGS, _>(&self.header) & TENTATIVE != 0
    }

    /// Returns the response code with EDNS's upper bits, where the message can be read so far (RFC 6891 section 6.1.3).
    pub fn rcode(&self) -> Rcode {
        let low = u16::from(byte::<CODES, _>(&self.header) & 0x0f);
        let is_extended = be16::<ADDITIONALS, _>(&self.header) > 0;
        let option = is_extended.then(|| self.records().flatten().find(Record::is_edns)).flatten();
        Rcode(low | option.map_or(0, |option| option.edns_rcode()))
    }

    /// Returns how many questions the header announces.
    pub fn question_count(&self) -> u16 {
        be16::<QUESTIONS, _>(&self.header)
    }

    /// Returns how many answers the header announces.
    pub fn answer_count(&self) -> u16 {
        be16::<ANSWERS, _>(&self.header)
    }

    /// Returns the questions, in order, up to the first fault.
    pub fn questions(&self) -> Questions<'a> {
        Questions::new(self.bytes, HEADER_LEN, self.question_count())
    }

    /// Tells whether an Internet name is asked for in printable letters, whatever the header announces.
    ///
    /// Hardly anything but DNS looks so: a name that ends, a type that is assigned, and the class.
    pub fn asks_plainly(&self) -> bool {
        let first = Questions::new(self.bytes, HEADER_LEN, 1).next();
        first.and_then(Result::ok).is_some_and(|Question { name, kind, class }| {
            class == Class::INTERNET
                && (RecordType::A..=RecordType::HIGHEST_USUAL).contains(&kind)
                && name.labels().next().is_some()
                && name
                    .labels()
                    .all(|label| label.is_ok_and(|label| label.iter().all(|it| PRINTABLE.contains(it))))
        })
    }

    /// Returns the records of all three sections, in order, up to the first fault.
    pub fn records(&self) -> Records<'a> {
        let counts = [
            (Section::Answer, self.answer_count()),
            (Section::Authority, be16::<AUTHORITIES, _>(&self.header)),
            (Section::Additional, be16::<ADDITIONALS, _>(&self.header)),
        ];
        Records::behind(self.questions(), counts)
    }
}

#[cfg(test)]
mod tests;
