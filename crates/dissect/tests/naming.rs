//! Any bytes read as DHCP, DHCP for IPv6 and `NetBIOS` give bounded names, and everything in them ends.

use netsonde_dissect::dhcp::{ClientName, Message, MessageV6};
use netsonde_dissect::netbios;
use proptest::prelude::{Strategy, any, proptest};

/// A name is something, and no longer than where it stands allows.
fn is_sound(name: ClientName<'_>) -> bool {
    let lens: Vec<_> = name.parts().map(<[u8]>::len).collect();
    !lens.is_empty() && lens.iter().all(|&len| len > 0) && lens.iter().sum::<usize>() + lens.len() <= 256
}

/// Pieces as options are written, most of them of kinds that are read, and some of a length that is wrong.
fn options(is_v6: bool) -> impl Strategy<Value = Vec<u8>> {
    let kinds = if is_v6 { [1, 3, 5, 9, 39] } else { [12, 50, 53, 81, 255] };
    let piece =
        (proptest::sample::select(kinds.to_vec()), proptest::collection::vec(any::<u8>(), 0..40), -1..2_i16);
    proptest::collection::vec(piece, 0..6).prop_map(move |pieces| {
        let written = pieces.into_iter().flat_map(|(kind, content, wrong)| {
            let len = i16::try_from(content.len()).unwrap_or_default().saturating_add(wrong).max(0);
            let [high, low] = len.to_be_bytes();
            let head = if is_v6 { vec![0, kind, high, low] } else { vec![kind, low] };
            [head, content].concat()
        });
        written.collect()
    })
}

proptest! {
    #[test]
    fn any_message_of_dhcp_gives_sound_names(
        head in proptest::collection::vec(any::<u8>(), 236),
        options in options(false),
    ) {
        let bytes = [&head[..], &[99, 130, 83, 99], &options].concat();
        let message = Message::parse(&bytes);
        assert!(message.is_some());
        assert!(message.and_then(|message| message.client_name()).is_none_or(is_sound));
    }

    #[test]
    fn any_message_of_dhcp_for_ipv6_gives_sound_names(kind in 1..14_u8, options in options(true)) {
        let head = if kind >= 12 { vec![0; 33] } else { vec![0; 3] };
        let bytes = [&[kind][..], &head, &options].concat();
        let message = MessageV6::parse(&bytes).and_then(MessageV6::innermost);
        assert!(message.and_then(|message| message.client_name()).is_none_or(is_sound));
        let given = message.map_or(0, |message| message.addresses().count());
        // An address takes 28 bytes with its header.
        assert!(given <= bytes.len() / 28);
    }

    #[test]
    fn any_message_of_netbios_ends(
        flags in any::<[u8; 2]>(),
        records in 0..3_u8,
        letters in proptest::collection::vec(b'A'..=b'P', 32),
        kind in 0x20..0x22_u8,
        content in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        let head = [&[0, 7, flags[0], flags[1], 0, 0, 0, records, 0, 0, 0, 0, 0x20][..], &letters].concat();
        let bytes = [&head[..], &[0, 0, kind, 0, 1, 0, 0, 0, 9, 0, 30], &content].concat();
        let mut claims = 0;
        netbios::claims(&bytes, |claim| {
            assert!(claim.name.letters().len() <= 15);
            claims += 1;
        });
        // Flags and an address, the shortest claim.
        assert!(claims <= bytes.len() / 6);
        let datagram = [&[0x11, 0, 0, 7][..], &content, &head].concat();
        assert!(netbios::sender(&datagram).is_none_or(|claim| claim.address.is_some()));
    }
}
