//! Handshakes of TLS over TCP in real captures against the fields of tshark: versions, cipher suites, sessions of before, times.
//!
//! The captures live outside the project; without them the test says so and passes.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test stops, and says why")]

#[path = "support/corpus.rs"]
#[expect(dead_code, reason = "other tests read the truth with it")]
mod support;

use std::collections::BTreeMap;

use serde_json::Value;

use support::{captures, corpus, measured};

/// A capture; in it conversations with a client's hello, servers' hellos but those that ask for another, those that go on with
/// something of before, those that agree anew; versions; handshakes that end, and their mean in milliseconds.
type Truth = (&'static str, [u64; 4], &'static [(&'static str, u64)], u64, f64);

/// By tshark 4.0's fields `tls.handshake.*` and `tls.record.content_type`: sessions of before by `pre_shared_key` in the server's
/// hello, before TLS 1.3 by the names in both; the time from the frame of the client's first hello to that of the client's
/// first record of type 23 behind the server's hello, before TLS 1.3 to that of the second change of ciphers.
const TRUTH: [Truth; 29] = [
    // One server's hello comes behind what follows it, which tshark 4.0 does not put in order: 17, of them 16 full.
    ("app_ndpi_android_boot.pcap", [18, 17, 1, 16], &[("TLS 1.2", 6), ("TLS 1.3", 11)], 12, 520.785),
    ("app_ndpi_instagram.pcap", [11, 11, 6, 5], &[("TLS 1.0", 5), ("TLS 1.3 draft 26", 6)], 4, 107.125),
    ("app_ndpi_netflix.pcap", [20, 20, 4, 16], &[("TLS 1.2", 20)], 20, 162.760),
    ("app_ndpi_pinterest_ipv6.pcap", [20, 20, 0, 20], &[("TLS 1.2", 11), ("TLS 1.3", 9)], 15, 84.583),
    ("app_ndpi_signal.pcap", [12, 12, 0, 12], &[("TLS 1.2", 10), ("TLS 1.3", 2)], 12, 243.187),
    (
        "app_ndpi_sites_59sni.pcapng",
        [55, 55, 3, 52],
        &[("TLS 1.2", 16), ("TLS 1.3", 38), ("TLS 1.3 draft 26", 1)],
        22,
        117.716,
    ),
    ("app_ndpi_tor.pcap", [7, 7, 0, 7], &[("TLS 1.0", 7)], 7, 218.860),
    ("app_ndpi_wechat.pcap", [28, 28, 0, 28], &[("TLS 1.2", 28)], 28, 653.780),
    ("app_ndpi_zoom.pcap", [10, 9, 1, 8], &[("TLS 1.2", 9)], 9, 202.918),
    ("app_ppp_example_browse.pcap", [2, 2, 0, 2], &[("TLS 1.0", 2)], 2, 185.131),
    ("bad_pcapparser_buffertoosmall.pcapng", [1, 1, 0, 1], &[("TLS 1.3", 1)], 1, 225.270),
    ("enc_ndpi_6in4.pcap", [2, 2, 0, 2], &[("TLS 1.2", 2)], 2, 212.915),
    ("enc_zeek_geneve_47101.pcap", [1, 1, 0, 1], &[("TLS 1.2", 1)], 1, 1022.920),
    ("enc_zeek_pppoe_over_qinq.pcap", [1, 1, 0, 1], &[("TLS 1.2", 1)], 1, 970.194),
    ("fmt_ws_many_interfaces_1.pcapng", [2, 1, 1, 0], &[("TLS 1.2", 1)], 1, 27.102),
    ("quic_ja4_cloudflare_with_secrets.pcapng", [1, 1, 0, 1], &[("TLS 1.3", 1)], 1, 33.649),
    // One conversation on port 8080, which tshark takes for something else: frames 36 to 41, 497.497 ms, are added.
    ("rtp_ndpi_kakaotalk_talk_sll.pcap", [3, 3, 1, 2], &[("TLS 1.0", 3)], 3, 469.177),
    ("rtp_ndpi_whatsapp_login_call.pcap", [3, 3, 2, 1], &[("TLS 1.2", 3)], 3, 338.528),
    ("tcp_suri_fastopen_syn_data_ignored.pcap", [1, 1, 0, 1], &[("TLS 1.3", 1)], 1, 3830.258),
    ("tcp_ws_challenge01_ooo.pcapng.gz", [1, 1, 1, 0], &[("TLS 1.3", 1)], 1, 158.502),
    ("tls_arkime_split_client_hello.pcap", [1, 1, 0, 1], &[("TLS 1.3", 1)], 1, 71.963),
    ("tls_ja4_browsers_x509.pcapng", [3, 3, 0, 3], &[("TLS 1.2", 3)], 3, 1677.309),
    ("tls_ja4_handshakes_42sni.pcapng", [59, 59, 1, 58], &[("TLS 1.2", 6), ("TLS 1.3", 53)], 6, 22.098),
    ("tls_ja4_tls3_chrome.pcapng", [7, 7, 3, 4], &[("TLS 1.3", 7)], 7, 68.255),
    ("tls_ndpi_2_reasms.pcapng", [1, 1, 1, 0], &[("TLS 1.3 draft 26", 1)], 0, 0.000),
    ("tls_ndpi_missing_ch_frag.pcap", [0, 1, 0, 1], &[("TLS 1.3", 1)], 0, 0.000),
    ("tls_suri_client_hello_frag_mtu300.pcap", [1, 1, 0, 1], &[("TLS 1.2", 1)], 1, 5.781),
    ("tls_ws_fragmented_handshakes.pcap.gz", [100, 0, 0, 0], &[], 0, 0.000),
    ("tls_zeek_tls13_ech.pcap", [2, 2, 0, 2], &[("TLS 1.3", 2)], 2, 32.178),
];

/// The cipher suites of all of them. Beyond tshark's, 10 and 1, the two conversations named above chose one each.
const CIPHERS: [(&str, u64); 16] = [
    ("AES_128_GCM_SHA256", 92),
    ("AES_256_GCM_SHA384", 44),
    ("DHE_RSA_WITH_AES_256_CBC_SHA", 2),
    ("ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 11),
    ("ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", 1),
    ("ECDHE_ECDSA_WITH_RC4_128_SHA", 1),
    ("ECDHE_RSA_WITH_AES_128_CBC_SHA", 6),
    ("ECDHE_RSA_WITH_AES_128_GCM_SHA256", 86),
    ("ECDHE_RSA_WITH_AES_256_CBC_SHA", 4),
    ("ECDHE_RSA_WITH_AES_256_GCM_SHA384", 14),
    ("RSA_WITH_AES_128_CBC_SHA", 2),
    ("RSA_WITH_AES_128_GCM_SHA256", 1),
    ("RSA_WITH_AES_256_CBC_SHA", 1),
    ("RSA_WITH_AES_256_GCM_SHA384", 1),
    ("RSA_WITH_RC4_128_MD5", 3),
    ("RSA_WITH_RC4_128_SHA", 2),
];

fn counts(value: &Value) -> BTreeMap<&str, u64> {
    value.as_object().unwrap().iter().map(|(name, count)| (&**name, count.as_u64().unwrap())).collect()
}

#[test]
fn versions_ciphers_sessions_and_times_are_those_of_tshark() {
    let Some(corpus) = corpus() else { return };
    let (mut wrong, mut ciphers) = (Vec::new(), BTreeMap::<String, u64>::new());
    let mut truth = BTreeMap::from(
        TRUTH.map(|(name, hellos, versions, times, mean)| (name, (hellos, versions, times, mean))),
    );
    for path in captures(&corpus) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(report) = measured(&path) else { continue };
        let tls = report.get("tls").unwrap();
        let number = |field| tls.get(field).and_then(Value::as_u64).unwrap();
        let hellos = ["client_hellos", "server_hellos", "resumed", "full"].map(number);
        let versions = counts(tls.get("versions").unwrap());
        for (cipher, count) in counts(tls.get("ciphers").unwrap()) {
            *ciphers.entry(cipher.to_owned()).or_default() += count;
        }
        let times = tls.get("handshake_ms").unwrap();
        let samples = times.get("samples").and_then(Value::as_u64).unwrap();
        let mean = times.get("mean").and_then(Value::as_f64).unwrap_or_default();
        let theirs = truth.remove(&*name).unwrap_or_default();
        let is_equal = hellos == theirs.0
            && versions == theirs.1.iter().copied().collect()
            && samples == theirs.2
            && (mean - theirs.3).abs() < 0.001;
        if !is_equal {
            wrong.push(format!("{name}: {hellos:?} {versions:?} {samples} {mean}, truth {theirs:?}"));
        }
    }
    assert!(wrong.is_empty() && truth.is_empty(), "{}; not seen {truth:?}", wrong.join("\n"));
    assert!(ciphers.iter().map(|(name, count)| (&**name, *count)).eq(CIPHERS), "{ciphers:?}");
}
