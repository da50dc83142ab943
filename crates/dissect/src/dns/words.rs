//! Numbers of the protocol and their names (IANA DNS parameters).

/// A type of record, or of what is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordType(pub u16);

impl RecordType {
    /// An IPv4 address.
    pub const A: Self = Self(1);
    /// A name server.
    pub const NS: Self = Self(2);
    /// The name that this one stands for.
    pub const CNAME: Self = Self(5);
    /// The start of a zone.
    pub const SOA: Self = Self(6);
    /// Another name, such as an address's or a service's.
    pub const PTR: Self = Self(12);
    /// A mail server.
    pub const MX: Self = Self(15);
    /// Text.
    pub const TXT: Self = Self(16);
    /// An IPv6 address (RFC 3596).
    pub const AAAA: Self = Self(28);
    /// A service's host and port (RFC 2782).
    pub const SRV: Self = Self(33);
    /// The name that all below this one stand for (RFC 6672).
    pub const DNAME: Self = Self(39);
    /// EDNS (RFC 6891).
    pub const OPT: Self = Self(41);
    /// A service's endpoint (RFC 9460).
    pub const SVCB: Self = Self(64);
    /// A web server's endpoint (RFC 9460).
    pub const HTTPS: Self = Self(65);
    /// The highest that is assigned, but for some obsolete ones (RESINFO, RFC 9606).
    pub(crate) const HIGHEST_USUAL: Self = Self(261);
}

/// A class of records, without multicast DNS's top bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(pub u16);

impl Class {
    /// The Internet.
    pub const INTERNET: Self = Self(1);

    /// Takes the class off the wire: the top bit asks for a unicast answer or says that older records are void
    /// (RFC 6762 sections 5.4, 10.2).
    pub(crate) const fn of_wire(bits: u16) -> Self {
        Self(bits & 0x7fff)
    }
}

/// A response code, with EDNS's upper bits 0 to 4095.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rcode(pub u16);

impl Rcode {
    /// No error.
    pub const NO_ERROR: Self = Self(0);
    /// The server could not read the query.
    pub const FORMAT_ERROR: Self = Self(1);
    /// The server could not find out.
    pub const SERVER_FAILURE: Self = Self(2);
    /// The name does not exist.
    pub const NO_SUCH_NAME: Self = Self(3);
    /// The server would not answer.
    pub const REFUSED: Self = Self(5);

    /// Returns its name, or none for a number without one.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "NOERROR",
            1 => "FORMERR",
            2 => "SERVFAIL",
            3 => "NXDOMAIN",
            4 => "NOTIMP",
            5 => "REFUSED",
            6 => "YXDOMAIN",
            7 => "YXRRSET",
            8 => "NXRRSET",
            9 => "NOTAUTH",
            10 => "NOTZONE",
            11 => "DSOTYPENI",
            16 => "BADVERS",
            17 => "BADKEY",
            18 => "BADTIME",
            19 => "BADMODE",
            20 => "BADNAME",
            21 => "BADALG",
            22 => "BADTRUNC",
            23 => "BADCOOKIE",
            _ => return None,
        })
    }
}
