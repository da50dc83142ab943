//! What was measured, in pieces that sentences can stand on: facts.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Name;

/// Something that was measured and can be said: a number with its unit, a name, or how two of them compare.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Fact {
    /// Names it in its list, from 1: `{f12}` stands for fact 12 where a language model writes.
    pub id: u32,
    /// Says what is measured, such as `TCP loss`.
    pub label: Name,
    /// What it is about.
    pub subject: Subject,
    /// The value.
    pub value: FactValue,
    /// The value as people read it, with its unit.
    pub text: String,
    /// The time that it covers.
    pub span: Span,
    /// How it was measured, in a few words.
    pub method: Name,
    /// Where the dashboard shows it: a path with its search, such as `/protocols?tab=TCP`.
    pub see: String,
}

/// The value of a [`Fact`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FactValue {
    /// A number.
    Number {
        /// The number.
        value: f64,
        /// Its unit.
        unit: Unit,
    },
    /// A name or an address, which strangers may have written.
    Text(String),
    /// How two facts of the same list compare.
    Comparison {
        /// The fact that is compared, by its id.
        of: u32,
        /// The fact that it is compared with, by its id.
        with: u32,
        /// How the first one is to the second.
        relation: Relation,
    },
}

/// The unit of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// How many; of what, the label says.
    Count,
    /// Bytes.
    Bytes,
    /// Bits per second.
    BitsPerSecond,
    /// Packets per second.
    PacketsPerSecond,
    /// A share, 0 to 100.
    Percent,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// A mean opinion score, 1.0 to 4.5.
    Mos,
    /// So many times as much.
    Times,
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The same thing, larger than at an earlier time.
    Rose,
    /// The same thing, smaller than at an earlier time.
    Fell,
    /// The same thing, about as large as at an earlier time.
    Unchanged,
    /// Larger than another thing, or than a limit.
    More,
    /// Smaller than another thing, or than a limit.
    Less,
    /// The largest of its kind.
    Most,
    /// It was not there before.
    New,
}

/// What something is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The whole session.
    Session,
    /// A protocol, by its name.
    Protocol(Name),
    /// An application, by its name.
    App(String),
    /// An address.
    Host(IpAddr),
    /// Two addresses, in the direction in which one sent to the other.
    Pair(IpAddr, IpAddr),
    /// A service.
    Service {
        /// Its address.
        address: IpAddr,
        /// Its port; `None` where there is none.
        port: Option<u16>,
    },
    /// A flow, by its id in the list of flows.
    Flow(u64),
    /// A stream of RTP, by its id.
    Stream(u64),
    /// A call, by its id.
    Call(u64),
}

/// A time, in milliseconds since the epoch; `None` where the capture has no stamps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Span {
    /// Its begin.
    pub from_ms: Option<f64>,
    /// Its end.
    pub to_ms: Option<f64>,
}

/// A sentence, in pieces of which some are facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Sentence {
    /// Its pieces; joined they are the sentence.
    pub pieces: Vec<Piece>,
    /// Who worded it.
    pub author: Author,
}

/// A part of a [`Sentence`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// The fact that they say, by its id; `None` for words between facts.
    pub fact: Option<u32>,
}

/// Who worded something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The program's own rules.
    #[default]
    Rules,
    /// A language model, by its name; every number and name in it is the program's.
    Model(String),
}

impl Sentence {
    /// Returns the whole sentence.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_its_pieces_in_order() {
        let piece = |text: &str, fact| Piece { text: text.into(), fact };
        let pieces = vec![piece("It took ", None), piece("12 s", Some(3)), piece(".", None)];
        let sentence = Sentence { pieces, author: Author::Rules };
        assert_eq!(sentence.text(), "It took 12 s.");
    }
}
