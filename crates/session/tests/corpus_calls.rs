//! Calls of real captures against what tshark shows of their messages.
//!
//! The captures live outside the project; without them the test says so and passes.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test stops, and says why")]

#[expect(dead_code, reason = "no truth is read here")]
#[path = "support/corpus.rs"]
mod support;

use serde_json::Value;

use support::{captures, corpus, measured};

/// Calls by capture, as [`line`] writes them. Times are differences of tshark's `frame.time_relative`, and of the begin and
/// end of streams in its `rtp,streams`.
const EXPECTED: &[(&str, &[&str])] = &[
    (
        "rtp_arkime_gtp_volte_amr.pcap",
        // Frames 40, 45, 47, 80: 75.521978 invited, 75.744430 rings, 80.656153 answered, 91.293061 ended.
        &["zTHDK1uO ended tel:+88270006 > tel:122: -, 222.452 ms, 10.637 s, AMR"],
    ),
    (
        "rtp_ndpi_kakaotalk_talk_sll.pcap",
        // Two conversations with streams both ways: 30.998199 to 76.415863 and 31.268585 to 76.290436, the end of the capture.
        &[
            "- talking 10.24.82.188 > 1.201.1.174: -, - ms, 45.418 s, ",
            "- talking 10.24.82.188 > 1.201.1.174: -, - ms, 45.022 s, ",
        ],
    ),
    (
        "rtp_ndpi_sip_fax_t38.pcap",
        // The way through three proxies is one dialogue, that behind the border another, whose streams are not captured.
        // Frames 23, 32, 49, 1534: 21.020256, 21.189564, 27.861911, 104.748265. The 488 of frame 1404 refuses a fax, no call.
        // Frames 27, 31, 48, 1535: 21.026253, 21.188543, 27.857834, 104.749510.
        &[
            "00e9d4a5 ended sip:unavailable@hostportion > sip:061963177@italtel.it: -, 169.308 ms, 76.886 s, PCMA",
            "SD490970 ended sip:unavailable@hostportion > sip:061963177@italtel.it: -, 162.290 ms, 76.892 s, ",
        ],
    ),
    (
        "rtp_ndpi_whatsapp_login_call.pcap",
        // 36.572142 to 45.856518; of the other call only one way has packets enough to be told from chance.
        &["- ended 192.168.2.4 > 91.253.176.65: -, - ms, 9.284 s, "],
    ),
    (
        "rtp_zeek_sip_wireshark.pcap",
        // Given up in frame 22, before the refusal of frame 25. Frames 72 and 74: asked again with a password at 1411.019239,
        // rings at 1411.445701.
        &[
            "10509025 cancelled sip:816666@voip.brurjula.net > sip:97239287044@voip.brujula.net: 408 Request Timeout, - ms, - s, ",
            "85216695 failed sip:voi18062@sip.cybercity.dk > sip:0097239287044@sip.cybercity.dk: 403 Wrong password or domain, - ms, - s, ",
            "24487391 failed sip:35104723@sip.cybercity.dk > sip:0097239287044@sip.cybercity.dk: 403 Wrong password or domain, - ms, - s, ",
            "11894297 failed sip:35104723@sip.cybercity.dk > sip:35104724@sip.cybercity.dk: 480 Error, 426.462 ms, - s, ",
        ],
    ),
];

/// Where calls are not compared: a fuzzer damaged the names of calls, and each damaged one is another call.
const DAMAGED: &str = "bad_ndpi_fuzz_2006_06_26.pcap";

/// Writes a call: `Call-ID` up to 8 letters, state, parties, result, milliseconds to the first sign of ringing, seconds from the
/// answer, codecs.
fn line(call: &Value) -> String {
    let text = |key: &str| call[key].as_str().unwrap_or("-").to_owned();
    let number = |key: &str| call[key].as_f64().map_or("-".to_owned(), |number| format!("{number:.3}"));
    let codecs: Vec<_> = call["codecs"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let name: String = text("call_id").chars().take(8).collect();
    let party = |name: &str, address: &str| text(if call[name].is_null() { address } else { name });
    let parties = format!("{} > {}", party("from", "caller"), party("to", "callee"));
    let times = format!("{} ms, {} s", number("post_dial_delay_ms"), number("duration_s"));
    format!("{name} {} {parties}: {}, {times}, {}", text("state"), text("result"), codecs.join(" "))
}

#[test]
fn calls_are_those_that_tshark_shows() {
    let Some(corpus) = corpus() else { return };
    for path in captures(&corpus) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == DAMAGED {
            continue;
        }
        let Ok(report) = measured(&path) else { continue };
        let lines: Vec<_> = report["calls"].as_array().unwrap().iter().map(line).collect();
        let expected = EXPECTED.iter().find(|(file, _)| *file == name).map_or(&[][..], |(_, lines)| lines);
        assert_eq!(lines, expected, "{name}");
    }
}
