//! Messages of TLS over TCP, made from the engine's numbers.

use netsonde_flow::Counted;
use netsonde_messages::{Name, TlsCounts};
use netsonde_metrics::{Measured, Snapshot};

use crate::{quality, tls_names};

/// What numbers beyond those that are counted one by one are called.
const OTHERS: &str = "other";

/// Returns what TLS did.
pub(crate) fn counts(metrics: &Snapshot) -> TlsCounts {
    let tls = &metrics.flows.tls;
    let Measured { all, standing } = &metrics.tls;
    TlsCounts {
        client_hellos: tls.client_hellos,
        server_hellos: tls.server_hellos,
        versions: named(&tls.versions, tls_names::version),
        ciphers: named(&tls.ciphers, tls_names::cipher_suite),
        resumed: tls.resumed,
        full: tls.full,
        encrypted_hellos: tls.encrypted_hellos,
        handshake_ms: quality::delays(all),
        handshake: quality::standing(standing),
    }
}

/// Returns counts by the names of numbers, which have 16 bits.
fn named<const N: usize, M>(counted: &Counted<N>, name: fn(u16) -> Name) -> M
where
    M: FromIterator<(Name, u64)>,
{
    let known = counted.iter().filter_map(|(number, count)| Some((name(number.try_into().ok()?), count)));
    let others = (counted.others() > 0).then(|| (OTHERS.into(), counted.others()));
    known.chain(others).collect()
}
