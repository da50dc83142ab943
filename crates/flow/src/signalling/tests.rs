use netsonde_dissect::Payload;
use netsonde_units::SeqNumber;

use super::*;
use crate::limits;

const PHONE: &str = "192.0.2.1";
const PROXY: &str = "198.51.100.1";
const START: u32 = 0xffff_fff0;

fn spoken(from: &str, to: &str, side: Side) -> Spoken {
    let (source, destination) = ((from.parse().unwrap(), 40_000), (to.parse().unwrap(), 5060));
    Spoken { conversation: 7, side, source, destination, at: Timestamp::from_parts(1_700_000_000, 0) }
}

fn invite(call: &str, port: u16) -> Vec<u8> {
    let body = format!(
        "v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio {port} RTP/AVP 8 96\r\na=rtpmap:96 opus/48000/2\r\na=ptime:20\r\n"
    );
    format!(
        "INVITE sip:b@b.example SIP/2.0\r\nFrom: \"A\" <sip:a@a.example>;tag=1\r\nTo: <sip:b@b.example>\r\n\
         Call-ID: {call}\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Pushes pieces of a stream, each at its place in it, and returns the calls that messages name.
fn push(signalling: &mut Signalling, pieces: &[(usize, &[u8])], start: Option<u32>) -> Vec<String> {
    let mut calls = Vec::new();
    for &(place, bytes) in pieces {
        let segment = Segment {
            first: SeqNumber::new(START).plus(u32::try_from(place).unwrap()),
            start: start.map(SeqNumber::new),
            ports: (40_000, 5060),
            payload: Payload { bytes, wire_len: u32::try_from(bytes.len()).unwrap() },
        };
        signalling.segment(&spoken(PHONE, PROXY, Side::Low), &segment, |told| match told {
            Told::Sip(message) => calls.push(message.call.to_string()),
            Told::Rtsp(_) => calls.push("RTSP".into()),
        });
    }
    calls
}

#[test]
fn invitation_tells_its_call_and_announces_where_sound_comes_to() {
    let told = Signalling::default().datagram(&spoken(PHONE, PROXY, Side::Low), &invite("one@a", 4_000));
    let Some(Told::Sip(message)) = told else { panic!("{told:?}") };
    assert_eq!((&*message.from, &*message.to), ("sip:a@a.example", "sip:b@b.example"));
    assert_eq!((message.kind, message.method, message.sequence), (SipKind::Request, SipMethod::Invite, 1));
    assert!(!message.in_dialogue);
    let [audio] = message.media.try_into().unwrap();
    assert_eq!((audio.address.to_string().as_str(), audio.port, audio.rtcp_port), (PHONE, 4_000, 4_001));
    assert_eq!(
        (audio.kind, audio.is_protected, audio.call.as_deref()),
        (MediaKind::Audio, false, Some("one@a"))
    );
    let opus = Format { payload_type: 96, codec: "opus".into(), clock_rate: Some(48_000) };
    assert_eq!(audio.formats, [opus]);
}

#[test]
fn answer_says_in_words_how_it_went_and_strangers_words_are_escaped() {
    let answer = b"SIP/2.0 486 Busy  \x1b[31mHere\r\nTo: <sip:b\x00@b>\r\nFrom: <sip:a>\r\nCall-ID: x\r\nCSeq: 2 INVITE\r\n\r\n";
    let told = Signalling::default().datagram(&spoken(PROXY, PHONE, Side::High), answer);
    let Some(Told::Sip(message)) = told else { panic!("{told:?}") };
    assert_eq!(message.kind, SipKind::Response { code: 486, reason: "Busy \\027[31mHere".into() });
    assert_eq!(&*message.to, "sip:b\\000@b");
}

#[test]
fn names_in_utf8_stay_readable_and_what_hides_in_them_is_escaped() {
    let answer = "SIP/2.0 486 Gerät  besetzt\u{202e}\r\nTo: <sip:jörg\\@b>\r\nFrom: <sip:例え\u{200b}@a>\r\nCall-ID: x\r\nCSeq: 2 INVITE\r\n\r\n";
    let told = Signalling::default().datagram(&spoken(PROXY, PHONE, Side::High), answer.as_bytes());
    let Some(Told::Sip(message)) = told else { panic!("{told:?}") };
    // In UTF-8 U+202E is e2 80 ae, and U+200B e2 80 8b.
    assert_eq!(message.kind, SipKind::Response { code: 486, reason: "Gerät besetzt\\226\\128\\174".into() });
    assert_eq!((&*message.to, &*message.from), ("sip:jörg\\\\@b", "sip:例え\\226\\128\\139@a"));
    // Latin-1 is no UTF-8.
    assert_eq!(&*wording::words(b"Ger\xe4t besetzt"), "Ger\\228t besetzt");
}

#[test]
fn what_is_no_part_of_a_call_is_not_told() {
    let mut signalling = Signalling::default();
    let spoken = spoken(PHONE, PROXY, Side::Low);
    let options = b"OPTIONS sip:b SIP/2.0\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n\r\n";
    assert!(signalling.datagram(&spoken, options).is_none());
    assert!(
        signalling.datagram(&spoken, b"INVITE sip:b SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n").is_none(),
        "no name"
    );
    assert!(signalling.datagram(&spoken, b"\r\n\r\n").is_none());
}

#[test]
fn messages_in_segments_of_any_length_are_put_together() {
    let stream = [invite("one", 4_000), b"\r\n\r\n".to_vec(), invite("two", 4_002)].concat();
    for len in [1, 7, 100, 311, stream.len()] {
        let pieces: Vec<_> = (0..).step_by(len).zip(stream.chunks(len)).collect();
        assert_eq!(push(&mut Signalling::default(), &pieces, None), ["one", "two"], "{len}");
    }
}

#[test]
fn segments_out_of_order_and_sent_again_give_each_message_once() {
    let stream = [invite("one", 4_000), invite("two", 4_002)].concat();
    let middle = stream.len() / 2 + 10;
    let (first, second) = stream.split_at(middle);
    let pieces = [(middle, second), (0, first), (0, first), (middle, second)];
    assert_eq!(push(&mut Signalling::default(), &pieces, Some(START)), ["one", "two"]);
}

#[test]
fn lost_segment_costs_the_messages_that_it_is_of() {
    let message = invite("x", 4_000);
    let len = message.len();
    let mut pieces: Vec<(usize, &[u8])> = vec![(0, &message), (len, &message[..100])];
    // The rest of the second and all of the third are missing.
    let behind = limits::SIGNALLING_BEHIND_GAP + 1;
    pieces.extend((0..behind).map(|number| ((number + 3) * len, &message[..])));
    let mut signalling = Signalling::default();
    assert_eq!(push(&mut signalling, &pieces[..pieces.len() - 1], None).len(), 1, "it may still come");
    let last = &pieces[pieces.len() - 1..];
    assert_eq!(push(&mut signalling, last, None).len(), behind);
}

#[test]
fn packets_among_messages_of_rtsp_are_passed_over() {
    let play = b"PLAY rtsp://a/ RTSP/1.0\r\nCSeq: 4\r\n\r\n";
    let packet = [&[b'$', 0, 0x01, 0x00][..], &[0x80; 256]].concat();
    let stream = [&play[..], &packet, &packet, play, &packet, play].concat();
    for len in [5, 200, stream.len()] {
        let pieces: Vec<_> = (0..).step_by(len).zip(stream.chunks(len)).collect();
        assert_eq!(push(&mut Signalling::default(), &pieces, None).len(), 3, "{len}");
    }
}

#[test]
fn message_without_end_is_given_up() {
    let mut signalling = Signalling::default();
    let begin = b"INVITE sip:b SIP/2.0\r\nContent-Length: 4000000000\r\n\r\n";
    let filler = vec![b'x'; 1_400];
    let mut pieces: Vec<(usize, &[u8])> = vec![(0, begin)];
    pieces.extend((0..100).map(|number| (begin.len() + number * filler.len(), &filler[..])));
    assert_eq!(push(&mut signalling, &pieces, None), [""; 0]);
    let next = invite("next", 4_000);
    assert_eq!(push(&mut signalling, &[(begin.len() + 100 * filler.len(), &next)], None), ["next"]);
}

#[test]
fn stream_that_is_set_up_is_announced_with_what_the_description_says_of_it() {
    let mut signalling = Signalling::default();
    let (ask, answer) = (spoken(PHONE, PROXY, Side::Low), spoken(PROXY, PHONE, Side::High));
    let mut rtsp = |spoken: &Spoken, message: &str| match signalling.datagram(spoken, message.as_bytes()) {
        Some(Told::Rtsp(announcements)) => announcements,
        other => panic!("{other:?}"),
    };
    let sdp = "v=0\r\nc=IN IP4 0.0.0.0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n\
        m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/44100/2\r\na=control:track2\r\n";
    let described = format!("RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Type: application/sdp\r\n\r\n{sdp}");
    assert_eq!(rtsp(&answer, &described), []);
    let set_up = "SETUP rtsp://a/film/track2/ RTSP/1.0\r\nCSeq: 3\r\nTransport: RTP/AVP;unicast;client_port=5000-5001\r\n\r\n";
    let [asked] = rtsp(&ask, set_up).try_into().unwrap();
    assert_eq!((asked.address.to_string().as_str(), asked.port, asked.rtcp_port), (PHONE, 5_000, 5_001));
    assert_eq!((asked.kind, asked.formats[0].clock_rate), (MediaKind::Audio, Some(44_100)));
    let done = "RTSP/1.0 200 OK\r\nCSeq: 3\r\nTransport: RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001\r\n\r\n";
    let ends: Vec<_> =
        rtsp(&answer, done).into_iter().map(|it| (it.address.to_string(), it.port, it.kind)).collect();
    assert_eq!(ends, [(PHONE.into(), 5_000, MediaKind::Audio), (PROXY.into(), 6_000, MediaKind::Audio)]);
    let inside = "RTSP/1.0 200 OK\r\nCSeq: 4\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n";
    assert_eq!(rtsp(&answer, inside), []);
}
