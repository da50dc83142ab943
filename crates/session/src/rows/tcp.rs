//! A TCP segment (RFC 9293).

use netsonde_dissect::{Tcp, TcpFlags};

use super::line::Line;
use netsonde_dissect::Wire;

/// Option kinds (RFC 9293 section 3.2, RFC 7323, RFC 2018, RFC 2385, RFC 5925, RFC 8684, RFC 7413).
const END: u8 = 0;
const NO_OPERATION: u8 = 1;
const MSS: u8 = 2;
const WINDOW_SCALE: u8 = 3;
const SACK_PERMITTED: u8 = 4;
const SACK: u8 = 5;
const TIMESTAMPS: u8 = 8;
const MD5: u8 = 19;
const AUTHENTICATION: u8 = 29;
const MULTIPATH: u8 = 30;
const FAST_OPEN: u8 = 34;

/// A header leaves room for forty options of one byte.
const MAX_OPTIONS: usize = 40;
/// Kind and length.
const OPTION_HEADER_LEN: u8 = 2;

/// Writes ports, flags, numbers and options of a segment with so many bytes of payload.
pub(super) fn describe(line: &mut Line, tcp: &Tcp<'_>, payload_len: u32) {
    write!(line, "{} → {} (", tcp.source, tcp.destination);
    if tcp.flags == TcpFlags::default() {
        write!(line, "no flags");
    }
    write!(line, "{}) seq {}", tcp.flags, tcp.sequence.raw());
    if tcp.flags.ack() {
        write!(line, " ack {}", tcp.acknowledgement.raw());
    }
    write!(line, " win {} len {payload_len}", tcp.window);
    let mut options = Wire(tcp.options);
    for _ in 0..MAX_OPTIONS {
        if describe_option(line, &mut options).is_none() {
            break;
        }
    }
}

/// Writes the next option; none at the end, and where one does not fit its place.
fn describe_option(line: &mut Line, options: &mut Wire<'_>) -> Option<()> {
    let kind = options.byte()?;
    match kind {
        END => return None,
        NO_OPERATION => return Some(()),
        _ => {}
    }
    let len = options.byte()?.checked_sub(OPTION_HEADER_LEN)?;
    let mut value = Wire(options.take(len.into())?);
    match (kind, len) {
        (MSS, 2) => write!(line, ", MSS {}", value.be16()?),
        (WINDOW_SCALE, 1) => write!(line, ", window scale {}", value.byte()?),
        (SACK_PERMITTED, 0) => write!(line, ", SACK permitted"),
        (SACK, _) => {
            write!(line, ", SACK");
            while let (Some(from), Some(to)) = (value.be32(), value.be32()) {
                write!(line, " {from}-{to}");
            }
        }
        (TIMESTAMPS, 8) => write!(line, ", time {} echo {}", value.be32()?, value.be32()?),
        (MD5, 16) => write!(line, ", MD5"),
        (AUTHENTICATION, _) => write!(line, ", authenticated"),
        (MULTIPATH, _) => write!(line, ", MPTCP"),
        (FAST_OPEN, 0) => write!(line, ", asks for a fast open cookie"),
        (FAST_OPEN, _) => write!(line, ", fast open cookie"),
        _ => write!(line, ", option {kind}"),
    }
    Some(())
}
