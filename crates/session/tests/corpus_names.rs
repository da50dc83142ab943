//! What hosts of real captures call themselves against the fields of tshark.
//!
//! The captures live outside the project; without them the test says so and passes.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test stops, and says why")]

#[path = "support/corpus.rs"]
#[expect(dead_code, reason = "other tests read the truth with it")]
mod support;

use support::{captures, corpus, measured};

/// A capture; the frame in which a host first says it, its address, how, and what it says.
type Said = (&'static str, u32, &'static str, &'static str, &'static str);

/// By tshark 4.0: `dns.a` and `dns.aaaa` of responses over multicast DNS with their names, `nbns.addr` of refreshes,
/// `nbdgm.source_name` with `nbdgm.src.ip`, `dhcp.option.hostname` with `dhcp.ip.client` of the client that informs.
///
/// What is not here: frames 3 and 4 of `dns_zeek_mdns.pcap` take names back, and the second address of frame 19 sends nothing. In
/// the other captures with DHCP no client that has a name is given an address; frame 485 of `bad_ndpi_fuzz_2006_06_26.pcap`
/// gives one to the hardware address `00:e0:ed:01:6e:bd`, and frame 484, which it answers, has another, `df:e0:..`. In frames
/// 34, 368 and 661 there a letter of the name is none.
const SAID: [Said; 24] = [
    ("app_ndpi_telegram.pcap", 612, "192.168.1.43", "netbios", "desktop-rb5t12g"),
    ("app_ndpi_telegram.pcap", 4, "192.168.1.69", "mdns", "sonos7828ca05facc.local"),
    ("app_ndpi_telegram.pcap", 29, "192.168.1.75", "mdns", "gabrieles-ipad.local"),
    ("app_ndpi_telegram.pcap", 11, "192.168.1.77", "mdns", "lucas-imac.local"),
    ("app_ndpi_telegram.pcap", 29, "fe80::4ba:91a:7817:e318", "mdns", "gabrieles-ipad.local"),
    ("app_ndpi_tor.pcap", 97, "192.168.1.252", "netbios", "endian-pc"),
    ("app_ndpi_wechat.pcap", 1022, "192.168.1.100", "netbios", "giovanni-pc"),
    ("app_ndpi_zoom.pcap", 21, "192.168.1.117", "netbios", "lucas-imac"),
    ("bad_ndpi_fuzz_2006_06_26.pcap", 464, "192.168.1.41", "netbios", "lab111"),
    ("dns_ppp_dnspackets.pcap", 421, "10.0.0.2", "mdns", "yaels-iphone.local"),
    ("dns_ppp_dnspackets.pcap", 429, "fe80::5a1f:aaff:fe4f:3f9d", "mdns", "yaels-iphone.local"),
    ("dns_zeek_mdns.pcap", 19, "10.0.2.7", "mdns", "johanna-qemu-virtual-machine.local"),
    (
        "dns_zeek_mdns.pcap",
        19,
        "fd52:429e:c03c:8235:883c:d6ff:fee1:4dc4",
        "mdns",
        "johanna-qemu-virtual-machine.local",
    ),
    ("dns_zeek_wikipedia_browse.pcap", 2, "141.142.220.50", "mdns", "gemini.local"),
    ("dns_zeek_wikipedia_browse.pcap", 2, "fe80::217:f2ff:fed7:cf65", "mdns", "gemini.local"),
    ("enc_libtrace_vlan.pcap", 43, "131.151.5.55", "netbios", "ananni"),
    ("enc_libtrace_vlan.pcap", 191, "131.151.32.71", "netbios", "moose"),
    ("enc_libtrace_vlan.pcap", 311, "131.151.32.79", "netbios", "hd3331"),
    ("enc_ppp_sll.pcap", 516, "10.0.0.5", "dhcp", "bichman"),
    ("enc_zeek_teredo.pcap", 1, "192.168.2.16", "netbios", "esurnir-laptop"),
    ("rtp_ndpi_whatsapp_login_call.pcap", 863, "169.254.166.207", "mdns", "lucas-imac.local"),
    ("rtp_ndpi_whatsapp_login_call.pcap", 864, "192.168.2.1", "mdns", "lucas-imac.local"),
    ("rtp_ndpi_whatsapp_login_call.pcap", 864, "fe80::c42c:3ff:fe60:6a64", "mdns", "lucas-imac.local"),
    ("rtp_ndpi_whatsapp_login_call.pcap", 863, "fe80::da30:62ff:fe56:1c", "mdns", "lucas-imac.local"),
];

#[test]
fn hosts_are_called_what_they_call_themselves() {
    let Some(corpus) = corpus() else { return };
    let mut found = Vec::new();
    for path in captures(&corpus) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(report) = measured(&path) else { continue };
        for host in report["hosts"].as_array().unwrap() {
            let address = host["address"].as_str().unwrap();
            let named = host["named"].as_array().unwrap();
            // The same names without who says so.
            assert!(named.iter().map(|named| &named["name"]).eq(host["names"].as_array().unwrap()));
            for named in named {
                let (source, called) = (named["source"].as_str().unwrap(), named["name"].as_str().unwrap());
                if matches!(source, "mdns" | "dhcp" | "netbios" | "llmnr") {
                    found.push(format!("{name} {address} {source} {called}"));
                }
            }
        }
    }
    let mut said: Vec<_> =
        SAID.map(|(file, _, address, source, name)| format!("{file} {address} {source} {name}")).into();
    found.sort();
    said.sort();
    assert_eq!(found, said);
}
