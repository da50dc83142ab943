//! SSDP, by which devices find each other (the device architecture of `UPnP` 2.0, section 1).

/// Asks every neighbour for devices of a kind.
pub fn search(target: &str) -> Vec<u8> {
    format!(
        "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\nST: {target}\r\n\r\n"
    )
    .into_bytes()
}

/// Tells every neighbour that a device is there.
pub fn notify(location: &str, kind: &str) -> Vec<u8> {
    format!(
        "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\nLOCATION: {location}\r\n\
         NT: {kind}\r\nNTS: ssdp:alive\r\nSERVER: Linux/6.1 UPnP/2.0\r\nUSN: uuid:4d696e69-444c-164e::{kind}\r\n\r\n"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use netsonde_dissect::{Guess, Protocol, probe_udp};

    #[test]
    fn messages_are_recognised() {
        for message in [search("ssdp:all"), notify("http://192.168.1.5:80/d.xml", "upnp:rootdevice")] {
            assert_eq!(probe_udp(&message, 50_000, 1900), Guess::Certain(Protocol::Ssdp));
        }
    }
}
