//! Messages of DNS that a scenario names.

use std::net::Ipv4Addr;

use netsonde_synth::payload::dns;
use serde::Deserialize;

/// A question, or with `rcode` its answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Message {
    id: u16,
    /// The name asked for.
    name: String,
    rcode: Option<u8>,
    /// The names that this one stands for, each for the one before it.
    #[serde(default)]
    aliases: Vec<String>,
    /// The addresses of the last of the names.
    #[serde(default)]
    addresses: Vec<Ipv4Addr>,
}

impl Message {
    /// Makes it; without EDNS, so that its length is easily told: 12 bytes, the name with two more, 4.
    fn make(&self) -> dns::Message {
        let question = dns::Message::query(self.id, &self.name, dns::RecordType::A).without_edns();
        let Some(rcode) = self.rcode else { return question };
        let (mut answers, mut owner) = (Vec::new(), &self.name);
        for alias in &self.aliases {
            answers.push(dns::Answer::new(owner, dns::Record::Cname(alias.clone())));
            owner = alias;
        }
        let addresses = self.addresses.iter();
        answers.extend(addresses.map(|&address| dns::Answer::new(owner, dns::Record::A(address))));
        question.answer(dns::Rcode(rcode), answers)
    }

    /// Returns the bytes of a datagram.
    pub(crate) fn datagram(&self) -> Vec<u8> {
        self.make().encode()
    }

    /// Returns the bytes in a stream: two of length before.
    pub(crate) fn in_stream(&self) -> Vec<u8> {
        self.make().encode_tcp()
    }
}
