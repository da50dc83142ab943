use netsonde_dissect::quic::{Frame, Frames};

use super::*;

/// The identifier of the examples in both standards.
const ID: [u8; 8] = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.chars().map(|digit| digit.to_digit(16).unwrap()).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
}

impl Keys {
    /// Protects what `open` opens: `header` ends with a packet number of two bytes.
    pub(in crate::quic) fn protect(&self, header: &[u8], number: u16, content: &[u8]) -> Vec<u8> {
        let mut sealed = content.to_vec();
        let [high, low] = number.to_be_bytes();
        let nonce = aead::Nonce::assume_unique_for_key(self.nonce([0, 0, high, low]));
        self.content.seal_in_place_append_tag(nonce, aead::Aad::from(header), &mut sealed).unwrap();
        let number_at = header.len() - 2;
        let mut packet = [header, &sealed].concat();
        let sample = number_at + SAMPLE_AT;
        let mask = self.header.new_mask(&packet[sample..sample + SAMPLE_LEN]).unwrap();
        packet[0] ^= mask[0] & PROTECTED_BITS;
        packet[number_at] ^= mask[1];
        packet[number_at + 1] ^= mask[2];
        packet
    }
}

fn open(version: Version, peer: Peer, protected: &[u8]) -> Option<Vec<u8>> {
    let (packet, _) = Packet::parse(protected).unwrap();
    let mut room = Room::default();
    Keys::derive(version, &ID, peer)?.open(&packet, &mut room)?;
    Some(room.opened().to_vec())
}

/// The server's answer in both standards: an ACK, and its hello in a CRYPTO frame.
const SERVER_CONTENT: &str = "02000000000600405a020000560303eefce7f7b37ba1d1632e96677825ddf73988cfc79825df566dc5430b9a\
     045a1200130100002e00330024001d00209d3c940d89690b84d08a60993c144eca684d1081287c834d5311bcf32bb9da1a002b00020304";

#[test]
fn server_initial_of_rfc_9001_appendix_a_3_opens() {
    let protected = bytes(
        "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f5ede4c\
         f73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aa\
         f2f58891850abbdca3d20398c276456cbc42158407dd074ee",
    );
    assert_eq!(open(Version::ONE, Peer::Server, &protected), Some(bytes(SERVER_CONTENT)));
    assert_eq!(open(Version::ONE, Peer::Client, &protected), None);
    assert_eq!(open(Version::TWO, Peer::Server, &protected), None);
}

#[test]
fn server_initial_of_rfc_9369_appendix_a_3_opens() {
    let protected = bytes(
        "dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698baeea26b91eb761d9b89237bbf87263017915358230035\
         f7fd3945d88965cf17f9af6e16886c61bfc703106fbaf3cb4cfa52382dd16a393e42757507698075b2c984c707f0a0812d8cd5a6881eaf\
         21ceda98f4bd23f6fe1a3e2c43edd9ce7ca84bed8521e2e140",
    );
    assert_eq!(open(Version::TWO, Peer::Server, &protected), Some(bytes(SERVER_CONTENT)));
}

#[test]
fn client_keys_are_those_of_appendix_a_1_of_both_standards() {
    // Key, vector and header key of RFC 9001, then of RFC 9369.
    let given = [
        (
            Version::ONE,
            "1f369613dd76d5467730efcbe3b1a22d",
            "fa044b2f42a3fd3b46fb255c",
            "9f50449e04a0e810283a1e9933adedd2",
        ),
        (
            Version::TWO,
            "8b1a0bc121284290a29e0971b5cd045d",
            "91f73e2351d8fa91660e909f",
            "45b95e15235d6f45a6b19cbcb0294ba9",
        ),
    ];
    for (version, key, vector, header_key) in given {
        let key = aead::UnboundKey::new(&aead::AES_128_GCM, &bytes(key)).unwrap();
        let given = Keys {
            content: aead::LessSafeKey::new(key),
            vector: bytes(vector).try_into().unwrap(),
            header: aead::quic::HeaderProtectionKey::new(&aead::quic::AES_128, &bytes(header_key)).unwrap(),
        };
        // An Initial of either version has these type bits; 40 bytes are behind the header.
        let first = if version == Version::ONE { 0xc1 } else { 0xd1 };
        let header = [&[first][..], &version.0.to_be_bytes(), &[8], &ID, &[0, 0, 40, 0, 7]].concat();
        let content = [&[6, 0, 19][..], &[0xab; 19]].concat();
        let opened = open(version, Peer::Client, &given.protect(&header, 7, &content));
        assert_eq!(opened.as_ref(), Some(&content), "{version:?}");
        let frames: Vec<_> = Frames::new(version, &content).collect();
        assert_eq!(frames, [Ok(Frame::Crypto { offset: 0, bytes: &[0xab; 19] })]);
    }
}

#[test]
fn made_up_initials_open() {
    // synth's own tests hold its packets against RFC 9001 appendix A.2.
    let keys =
        netsonde_synth::payload::quic::InitialKeys::derive(&ID, netsonde_synth::payload::quic::Side::Client);
    let header = [&[0xc3][..], &[0, 0, 0, 1, 8], &ID, &[0, 0, 40, 0, 0, 0, 2]].concat();
    let protected = keys.protect(&header, 4, 2, &[1; 20]);
    assert_eq!(open(Version::ONE, Peer::Client, &protected), Some(vec![1; 20]));
}

#[test]
fn packet_of_which_a_byte_is_wrong_or_missing_does_not_open() {
    let keys = Keys::derive(Version::ONE, &ID, Peer::Client).unwrap();
    let header = [&[0xc1][..], &[0, 0, 0, 1, 8], &ID, &[0, 0, 40, 0, 7]].concat();
    let protected = keys.protect(&header, 7, &[1; 22]);
    assert!(open(Version::ONE, Peer::Client, &protected).is_some());
    for at in 6..protected.len() {
        let mut wrong = protected.clone();
        wrong[at] ^= 1;
        if Packet::parse(&wrong).is_ok() {
            assert_eq!(open(Version::ONE, Peer::Client, &wrong), None, "byte {at}");
        }
    }
    for len in header.len()..protected.len() {
        assert_eq!(open(Version::ONE, Peer::Client, &protected[..len]), None, "{len} bytes");
    }
}

#[test]
fn drafts_and_versions_of_google_have_salts_of_their_own() {
    let vector = |version| Keys::derive(Version(version), &ID, Peer::Client).map(|keys| keys.vector);
    let draft = |number: u32| vector(0xff00_0000 | number);
    assert_eq!(draft(33), vector(1));
    assert_eq!(draft(34), vector(1));
    assert!((30..=32).all(|number| draft(number) == draft(29)));
    assert!((24..=28).all(|number| draft(number) == draft(23)));
    assert_eq!((vector(0xface_b001), vector(0xface_b002)), (draft(22), draft(27)));
    let differ =
        [vector(1), draft(29), draft(23), draft(22), vector(Version::Q050.0), vector(Version::T050.0)];
    assert!((1..differ.len()).all(|place| !differ[..place].contains(&differ[place])));
    assert_eq!((draft(21), vector(0x1234_5678)), (None, None));
}
