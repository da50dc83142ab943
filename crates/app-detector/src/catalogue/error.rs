//! What can be wrong with a file of the catalogue.

use std::error::Error;
use std::fmt;

/// A file of the catalogue that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueError {
    /// The file's name.
    pub file: String,
    /// The application at fault, where it is one.
    pub app: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a file, or with one application in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is not TOML, or has keys or kinds of values that are not known; the parser's own words.
    Form(String),
    /// There is no such category.
    Category(String),
    /// There are more applications than identifiers.
    TooMany,
    /// Another application has the same name.
    NameTaken,
    /// Neither a domain, nor a range, nor a port, nor a protocol leads to it.
    NoRule,
    /// This is no domain in lower case.
    Domain(String),
    /// The domain is another application's, or stands there twice.
    DomainTaken(String),
    /// The exception is not below a domain of the same application.
    Exception(String),
    /// This is no address range, or it has bits beyond its length.
    Range(String),
    /// The range is another application's, or stands there twice.
    RangeTaken(String),
    /// This is neither `tcp/PORT` nor `udp/PORT`.
    Port(String),
    /// The port is another application's, or stands there twice.
    PortTaken(String),
    /// The protocol is another application's, or stands there twice.
    ProtocolTaken(String),
}

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file)?;
        if let Some(app) = &self.app {
            write!(f, "{app:?}: ")?;
        }
        self.problem.fmt(f)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(problem) => f.write_str(problem.trim_end()),
            Self::Category(name) => write!(f, "there is no category {name:?}"),
            Self::TooMany => write!(f, "there is room for {} applications", u16::MAX),
            Self::NameTaken => f.write_str("another application has this name"),
            Self::NoRule => f.write_str("it has no domain, range, port or protocol"),
            Self::Domain(text) => write!(f, "{text:?} is no domain in lower case"),
            Self::Exception(text) => write!(f, "the exception {text:?} is not below one of its domains"),
            Self::Range(text) => write!(f, "{text:?} is no address range such as 192.0.2.0/24"),
            Self::Port(text) => write!(f, "{text:?} is no port such as tcp/3306"),
            Self::DomainTaken(text)
            | Self::RangeTaken(text)
            | Self::PortTaken(text)
            | Self::ProtocolTaken(text) => write!(f, "{text:?} is listed twice"),
        }
    }
}

impl Error for CatalogueError {}
