use super::*;

const OFFER: &[u8] = b"v=0\r\n\
o=- 1 1 IN IP4 192.0.2.1\r\n\
s=-\r\n\
c=IN IP4 192.0.2.1\r\n\
t=0 0\r\n\
m=audio 49170/2 RTP/AVP 0 96 101\r\n\
a=rtpmap:96 opus/48000/2\r\n\
a=rtpmap:101 telephone-event/8000\r\n\
a=rtpmap:200 none/8000\r\n\
a=rtcp:53020 IN IP4 192.0.2.9\r\n\
m=broken\r\n\
m=video 51372 UDP/TLS/RTP/SAVPF 99\r\n\
c=IN IP6 2001:db8::2\r\n\
a=rtcp-mux\r\n\
a=inactive\r\n\
a=control:trackID=2\r\n\
a=candidate:1 1 UDP 2130706431 198.51.100.7 8998 typ host\r\n\
a=candidate:1 2 udp 2130706430 198.51.100.7 8999 typ host\r\n\
a=candidate:2 1 TCP 1 198.51.100.7 9 typ host tcptype active\r\n\
a=candidate:3 1 UDP 1 x.local 9 typ host\r\n\
m=image 4000 udptl t38\r\n";

#[test]
fn streams_have_their_own_address_or_that_of_all() {
    let media: Vec<_> = Description::new(OFFER).media().collect();
    let ports: Vec<_> = media.iter().map(|it| (it.kind, it.port, it.count, it.is_rtp())).collect();
    assert_eq!(
        ports,
        [(&b"audio"[..], 49_170, 2, true), (b"video", 51_372, 1, true), (b"image", 4_000, 1, false)]
    );
    let addresses: Vec<_> = media.iter().map(|it| it.address().unwrap().to_string()).collect();
    assert_eq!(addresses, ["192.0.2.1", "2001:db8::2", "192.0.2.1"]);
    assert_eq!([&media[0], &media[1]].map(Media::rtcp_port), [53_020, 51_372]);
    assert_eq!([&media[0], &media[1], &media[2]].map(Media::is_protected), [false, true, false]);
    assert_eq!([&media[0], &media[1]].map(Media::is_inactive), [false, true]);
    assert_eq!(media[1].control(), Some(&b"trackID=2"[..]));
    assert_eq!((media[0].port_of(1), media[0].port_of(u16::MAX)), (Some(49_172), None));
}

#[test]
fn payload_types_are_named_where_they_are_in_range() {
    let audio = Description::new(OFFER).media().next().unwrap();
    let maps: Vec<_> = audio.rtpmaps().map(|it| (it.payload_type, it.encoding, it.clock_rate)).collect();
    assert_eq!(maps, [(96, &b"opus"[..], Some(48_000)), (101, b"telephone-event", Some(8_000))]);
}

#[test]
fn candidates_are_addresses_over_udp() {
    let video = Description::new(OFFER).media().nth(1).unwrap();
    let candidates: Vec<_> = video.candidates().map(|it| (it.component, it.port)).collect();
    assert_eq!(candidates, [(1, 8_998), (2, 8_999)]);
}

#[test]
fn description_is_found_among_other_parts() {
    let body = b"preamble\r\n--x y\r\nContent-Type: text/plain\r\n\r\nv=1\r\n--x y\r\n\
        Content-Type: application/sdp\r\n\r\nv=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0\r\n--x y--\r\n";
    let found = Description::within(b"Multipart/Mixed; boundary=\"x y\"", body).unwrap();
    assert_eq!(found.media().map(|it| it.port).collect::<Vec<_>>(), [4_000]);
    assert_eq!(Description::within(b"multipart/mixed", body), None, "no boundary");
    assert_eq!(Description::within(b"application/sdp", b"--x y"), None);
    assert!(Description::within(b"", b"\r\nv=0\r\n").is_some());
}

#[test]
fn addresses_that_are_names_are_none() {
    let at = |line: &str| {
        let text = format!("v=0\n{line}\nm=audio 1 RTP/AVP 0\n");
        Description::new(text.as_bytes()).media().next().unwrap().address()
    };
    assert_eq!(at("c=IN IP4 host.example"), None);
    assert_eq!(at("c=IN IP4 224.2.36.42/127/3"), Some("224.2.36.42".parse().unwrap()));
    assert_eq!(at("b=AS:64"), None);
}

#[test]
fn profiles_tell_rtp_and_what_is_encrypted() {
    let of = |protocol: &str| {
        let text = format!("v=0\nm=audio 1 {protocol} 0\n");
        let media =
            Description::new(text.as_bytes()).media().next().map(|it| (it.is_rtp(), it.is_protected()));
        media.unwrap()
    };
    assert_eq!(of("RTP/SAVP"), (true, true));
    assert_eq!(of("rtp/avpf"), (true, false));
    assert_eq!(of("UDP/TLS/RTP/SAVP"), (true, true));
    assert_eq!(of("TCP/RTP/AVP"), (false, false));
    assert_eq!(of("udptl"), (false, false));
    assert_eq!(of("DTLS/SCTP"), (false, false));
    let keyed = b"v=0\nm=audio 1 RTP/AVP 0\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\n";
    assert!(Description::new(keyed).media().next().unwrap().is_protected());
}
