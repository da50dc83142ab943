//! The codecs of speech that have figures.

/// What ITU-T G.113 appendix I (2007) says of a codec, under its name in SDP (RFC 4855, RFC 3551).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Codec {
    name: &'static str,
    /// Ie.
    pub(super) impairment: f64,
    /// Bpl.
    pub(super) robustness: f64,
    /// Bytes that ten milliseconds of speech take.
    pub(super) bytes_per_ten_ms: u64,
}

/// The clock of all of them, in hertz.
const CLOCK_RATE: u32 = 8_000;

/// Codecs for which the appendix has both an impairment (table I.1) and a robustness against loss at random (table I.4).
///
/// G.711 with concealment of losses (its appendix I), as receivers have it; without it Bpl were 4.3. G.729 as its annex A
/// with silences left out, which the name allows. G.723.1 at 6.3 kbit/s with silences left out. AMR at 12.2 kbit/s,
/// which is GSM's enhanced full rate.
const CODECS: [Codec; 6] = [
    Codec { name: "PCMU", impairment: 0.0, robustness: 25.1, bytes_per_ten_ms: 80 },
    Codec { name: "PCMA", impairment: 0.0, robustness: 25.1, bytes_per_ten_ms: 80 },
    Codec { name: "G729", impairment: 11.0, robustness: 19.0, bytes_per_ten_ms: 10 },
    Codec { name: "G723", impairment: 15.0, robustness: 16.1, bytes_per_ten_ms: 8 },
    Codec { name: "GSM-EFR", impairment: 5.0, robustness: 10.0, bytes_per_ten_ms: 16 },
    Codec { name: "AMR", impairment: 5.0, robustness: 10.0, bytes_per_ten_ms: 16 },
];

/// What goes over RTP beside speech: tones (RFC 4733), comfort noise (RFC 3389), text (RFC 4103), fax (RFC 4612).
const NO_SPEECH: [&str; 5] = ["telephone-event", "tone", "CN", "t140", "t38"];

/// Returns the figures of the codec of that name and clock; none where there are none.
pub(super) fn named(name: &str, clock_rate: Option<u32>) -> Option<&'static Codec> {
    let is_narrow_band = clock_rate.is_none_or(|rate| rate == CLOCK_RATE);
    CODECS.iter().find(|codec| is_narrow_band && codec.name.eq_ignore_ascii_case(name))
}

/// Tells whether an encoding is no codec of speech.
pub(super) fn is_no_speech(name: &str) -> bool {
    NO_SPEECH.iter().any(|other| other.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_clocks_with() {
        assert_eq!(named("pcma", None).map(|codec| codec.robustness), Some(25.1));
        assert_eq!(named("G729", Some(8_000)).map(|codec| codec.impairment), Some(11.0));
        assert_eq!(named("AMR", Some(16_000)), None);
        assert_eq!(named("AMR-WB", Some(16_000)), None);
        assert!(is_no_speech("Telephone-Event") && !is_no_speech("PCMU"));
    }
}
