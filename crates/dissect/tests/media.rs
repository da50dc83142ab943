//! Any bytes are read as RTP and RTCP, and what is read of them is no more than they are.

use netsonde_dissect::rtp::{Rtp, Shared};
use netsonde_dissect::{Payload, rtcp};
use proptest::prelude::*;

/// Bytes that begin like a packet of version 2 more often than noise does.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let front = prop_oneof![
        Just(vec![]),
        (0x80_u8..0xc0, 0_u8..=255).prop_map(|(first, second)| vec![first, second]),
        (0x80_u8..0xc0, 200_u8..204, 0_u8..20).prop_map(|(first, kind, len)| vec![first, kind, 0, len]),
    ];
    (front, prop::collection::vec(any::<u8>(), 0..200)).prop_map(|(front, noise)| [front, noise].concat())
}

proptest! {
    #[test]
    fn any_bytes_carry_no_more_than_was_on_the_wire(bytes in bytes(), more in 0_u32..300) {
        let wire_len = u32::try_from(bytes.len()).unwrap() + more;
        let payload = Payload { bytes: &bytes, wire_len };
        if let Some(rtp) = Rtp::parse(payload) {
            prop_assert_eq!(Shared::of(&bytes), Shared::Rtp);
            prop_assert!(rtp.payload_len + 12 <= wire_len);
        }
        let packets = rtcp::packets(payload).inspect(|packet| assert!(packet.blocks().count() <= 31)).count();
        prop_assert!(packets * 4 <= bytes.len());
    }
}
