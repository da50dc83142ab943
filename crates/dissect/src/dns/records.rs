//! Questions and resource records (RFC 1035 sections 4.1.2 and 4.1.3).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Class, Fault, Name, RecordType};

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The name.
    pub name: Name<'a>,
    /// The type of record.
    pub kind: RecordType,
    /// The class.
    pub class: Class,
}

/// Where in the message a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// It answers the question.
    Answer,
    /// It says who knows.
    Authority,
    /// It may help.
    Additional,
}

/// A resource record.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    message: &'a [u8],
    /// Where its content begins.
    at: usize,
    /// Where it stands.
    pub section: Section,
    /// The name it belongs to.
    pub name: Name<'a>,
    /// Its type.
    pub kind: RecordType,
    /// Its class; of EDNS's record another number.
    pub class: Class,
    /// For how long it may be kept, in seconds; of EDNS's record other numbers.
    pub ttl: u32,
    /// Its content, of which names may be written elsewhere in the message.
    pub content: &'a [u8],
}

impl<'a> Record<'a> {
    /// Returns the Internet address that the record gives its name; none for other records.
    pub fn address(&self) -> Option<IpAddr> {
        if self.class != Class::INTERNET {
            return None;
        }
        match self.kind {
            RecordType::A => Some(Ipv4Addr::from(<[u8; 4]>::try_from(self.content).ok()?).into()),
            RecordType::AAAA => Some(Ipv6Addr::from(<[u8; 16]>::try_from(self.content).ok()?).into()),
            _ => None,
        }
    }

    /// Returns the name that the record's name stands for; none for other records than CNAME.
    pub fn alias_of(&self) -> Option<Name<'a>> {
        (self.kind == RecordType::CNAME).then(|| self.name_in_content(0))
    }

    /// Returns the name that begins `offset` bytes into the content.
    pub const fn name_in_content(&self, offset: usize) -> Name<'a> {
        Name::new(self.message, self.at.saturating_add(offset))
    }

    /// Tells whether this is EDNS's record.
    pub(super) fn is_edns(&self) -> bool {
        self.section == Section::Additional && self.kind == RecordType::OPT
    }

    /// Returns the upper bits of the response code, in place.
    pub(super) fn edns_rcode(&self) -> u16 {
        let [upper, ..] = self.ttl.to_be_bytes();
        u16::from(upper) << 4
    }
}

/// The questions of a message.
#[derive(Clone, Debug)]
pub struct Questions<'a> {
    message: &'a [u8],
    at: usize,
    left: u16,
}

impl<'a> Questions<'a> {
    pub(super) const fn new(message: &'a [u8], at: usize, left: u16) -> Self {
        Self { message, at, left }
    }

    fn read(&mut self) -> Result<Question<'a>, Fault> {
        let name = Name::new(self.message, self.at);
        let end = name.end()?;
        let [k0, k1, c0, c1] = array(self.message, end)?;
        self.at = end.saturating_add(4);
        Ok(Question {
            name,
            kind: RecordType(u16::from_be_bytes([k0, k1])),
            class: Class::of_wire(u16::from_be_bytes([c0, c1])),
        })
    }
}

impl<'a> Iterator for Questions<'a> {
    type Item = Result<Question<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let question = self.read();
        if question.is_err() {
            self.left = 0;
        }
        Some(question)
    }
}

/// The records of a message.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    message: &'a [u8],
    /// Where the next one begins, or why it cannot be found.
    at: Result<usize, Fault>,
    left: [(Section, u16); 3],
}

impl<'a> Records<'a> {
    pub(super) fn behind(mut questions: Questions<'a>, left: [(Section, u16); 3]) -> Self {
        let fault = questions.find_map(Result::err);
        Self { message: questions.message, at: fault.map_or(Ok(questions.at), Err), left }
    }

    fn take_section(&mut self) -> Option<Section> {
        let (section, left) = self.left.iter_mut().find(|(_, left)| *left > 0)?;
        *left = left.saturating_sub(1);
        Some(*section)
    }

    fn read(&mut self, section: Section) -> Result<Record<'a>, Fault> {
        let name = Name::new(self.message, self.at?);
        let fields = name.end()?;
        let [k0, k1, c0, c1, t0, t1, t2, t3, l0, l1] = array(self.message, fields)?;
        let at = fields.saturating_add(10);
        let end = at.saturating_add(usize::from(u16::from_be_bytes([l0, l1])));
        let content = self.message.get(at..end).ok_or(Fault::Cut)?;
        self.at = Ok(end);
        Ok(Record {
            message: self.message,
            at,
            section,
            name,
            kind: RecordType(u16::from_be_bytes([k0, k1])),
            class: Class::of_wire(u16::from_be_bytes([c0, c1])),
            ttl: u32::from_be_bytes([t0, t1, t2, t3]),
            content,
        })
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let section = self.take_section()?;
        let record = self.read(section);
        if record.is_err() {
            self.left = [(section, 0); 3];
        }
        Some(record)
    }
}

/// Copies `N` bytes of the message.
fn array<const N: usize>(message: &[u8], at: usize) -> Result<[u8; N], Fault> {
    message.get(at..).and_then(<[u8]>::first_chunk).copied().ok_or(Fault::Cut)
}
