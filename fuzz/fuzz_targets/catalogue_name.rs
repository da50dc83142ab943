//! Any bytes as a host name and as an address get an answer that is right by definition, or none.
//!
//! Input: the name, as text as far as it is; its first 16 bytes are the address, too.

#![no_main]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use libfuzzer_sys::fuzz_target;
use netsonde_app_detector::Catalogue;

fuzz_target!(|input: &[u8]| {
    let catalogue = Catalogue::built_in();
    let name = String::from_utf8_lossy(input);
    let found = catalogue.by_name(&name);
    if let Some(found) = found {
        assert!(usize::from(found.app.number()) < catalogue.len());
        // The rule is the name's end, behind a dot or from its beginning.
        let lower = name.strip_suffix('.').unwrap_or(&name).to_ascii_lowercase();
        let before = lower.strip_suffix(found.rule).unwrap();
        assert!(before.is_empty() || before.ends_with('.'));
        // Neither upper case, nor the root's dot, nor labels to the left that no rule has change it.
        let upper = format!("{}.", lower.to_ascii_uppercase());
        assert_eq!(catalogue.by_name(&upper), Some(found));
        assert_eq!(catalogue.by_name(&format!("{}{name}", "-.".repeat(200))), Some(found));
    }
    let _ = (catalogue.find(&name), catalogue.by_protocol(&name));
    if let Some((first, _)) = input.split_first_chunk::<16>() {
        let wide = Ipv6Addr::from(*first);
        let narrow = Ipv4Addr::new(first[0], first[1], first[2], first[3]);
        for address in [IpAddr::V6(wide), IpAddr::V4(narrow)] {
            // IPv4 mapped into IPv6 is the same address.
            let address = address.to_canonical();
            assert!(catalogue.by_address(address).is_none_or(|(_, net)| net.contains(&address)));
        }
    }
});
