use std::ffi::OsString;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use clap::ValueEnum;
use ipnet::IpNet;
use netsonde_capture::{Engine, ReplaySpeed, Tshark};
use netsonde_geolocation::{Extent, country};
use netsonde_messages::AppRule;
use netsonde_session::{FlowLimit, RuleError, Rules};
use serde::Deserialize;
use tracing_subscriber::filter::{LevelFilter, Targets};

/// Bounds the flows of a report where nothing else is said.
const DEFAULT_FLOWS: usize = 200_000;

/// A value as a file writes it: a number or a text, both read like the flag's text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Number(i64),
    Fraction(f64),
    Text(String),
}

impl Written {
    fn parse<T: FromStr<Err = String>>(self) -> Result<T, String> {
        match self {
            Self::Number(number) => number.to_string().parse(),
            Self::Fraction(number) => number.to_string().parse(),
            Self::Text(text) => text.parse(),
        }
    }
}

/// The user's rules of what is which application, as a file writes them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Vec<WrittenRule>")]
pub(crate) struct RuleList(pub(crate) Rules);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    app: String,
    #[serde(rename = "match")]
    matches: String,
    category: Option<String>,
}

impl TryFrom<Vec<WrittenRule>> for RuleList {
    type Error = RuleError;

    fn try_from(written: Vec<WrittenRule>) -> Result<Self, RuleError> {
        let rule = |WrittenRule { app, matches, category }| AppRule { app, matches, category };
        let rules: Vec<_> = written.into_iter().map(rule).collect();
        Rules::read(&rules).map(Self)
    }
}

/// A network that counts as local; an address alone stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Network(pub(crate) IpNet);

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map(Self)
            .map_err(|_| format!("{text:?} is not a network: write ADDRESS/LENGTH, such as 192.0.2.0/24"))
    }
}

impl TryFrom<Written> for Network {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        written.parse()
    }
}

/// What is told of each packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Events {
    /// What TCP's analysis finds.
    Tcp,
    /// DNS messages, with the time to each answer.
    Dns,
}

impl FromStr for Events {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(text, false)
            .map_err(|_| format!("{text:?} is no kind of events: write tcp or dns"))
    }
}

/// Bounds the flows of a JSON report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Flows(pub(crate) FlowLimit);

impl Default for Flows {
    fn default() -> Self {
        Self(FlowLimit::Largest(DEFAULT_FLOWS))
    }
}

impl FromStr for Flows {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self(FlowLimit::All));
        }
        text.parse()
            .map(|largest| Self(FlowLimit::Largest(largest)))
            .map_err(|_| format!("{text:?} is not a number of flows: write a whole number or all"))
    }
}

impl TryFrom<Written> for Flows {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        written.parse()
    }
}

/// A time to watch, in whole seconds from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Seconds(pub(crate) Duration);

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(seconds) if seconds > 0 => Ok(Self(Duration::from_secs(seconds))),
            _ => Err(format!("{text:?} is not a number of seconds: write a whole number from 1")),
        }
    }
}

impl TryFrom<Written> for Seconds {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        written.parse()
    }
}

/// What captures packets, by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EngineName {
    /// libpcap, inside this program
    #[default]
    Libpcap,
    /// tshark, which must be installed: for interfaces that only it can open
    Tshark,
}

impl EngineName {
    /// Returns the engine; tshark is told what it needs of these variables.
    pub(crate) fn started_with(self, variables: Vec<(OsString, OsString)>) -> Engine {
        match self {
            Self::Libpcap => Engine::Libpcap,
            Self::Tshark => Engine::Tshark(Tshark::new(variables)),
        }
    }
}

impl FromStr for EngineName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(text, false)
            .map_err(|_| format!("{text:?} captures nothing: write libpcap or tshark"))
    }
}

/// How many times faster than it was captured a file is played back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Speed(pub(crate) ReplaySpeed);

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self)
    }
}

impl TryFrom<Written> for Speed {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        written.parse()
    }
}

/// A country by its code, or degrees north and east.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct HerePlace(pub(crate) Extent);

impl FromStr for HerePlace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let problem = || {
            format!(
                "{text:?} is no place: write a country such as DE, or degrees north and east such as 52.5,13.4"
            )
        };
        let Some((latitude, longitude)) = text.split_once(',') else {
            let country = country(&text.to_ascii_uppercase()).ok_or_else(problem)?;
            return Ok(Self(Extent::Country(country.code.into())));
        };
        let degrees = |text: &str, most: f64| {
            text.trim().parse().ok().filter(|degrees: &f64| (-most..=most).contains(degrees))
        };
        let point = degrees(latitude, 90.0).zip(degrees(longitude, 180.0));
        point.map(|(latitude, longitude)| Self(Extent::Point(latitude, longitude))).ok_or_else(problem)
    }
}

impl TryFrom<Written> for HerePlace {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        written.parse()
    }
}

/// A size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Bytes(pub(crate) u64);

/// The largest upload where nothing else is said.
impl Default for Bytes {
    fn default() -> Self {
        Self(2 << 30)
    }
}

impl FromStr for Bytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const UNITS: [(&str, u64); 7] = [
            ("KiB", 1 << 10),
            ("MiB", 1 << 20),
            ("GiB", 1 << 30),
            ("kB", 1_000),
            ("MB", 1_000_000),
            ("GB", 1_000_000_000),
            ("", 1),
        ];
        let of_unit = |&(unit, size): &(&str, u64)| {
            text.strip_suffix(unit)?.trim().parse::<u64>().ok()?.checked_mul(size)
        };
        UNITS
            .iter()
            .find_map(of_unit)
            .map(Self)
            .ok_or_else(|| format!("{text:?} is not a size: write bytes, or such as 500MB or 2GiB"))
    }
}

impl TryFrom<Written> for Bytes {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        written.parse()
    }
}

/// Chooses what is logged: a level, or levels by module.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct LogFilter(pub(crate) Targets);

impl Default for LogFilter {
    fn default() -> Self {
        Self(Targets::new().with_default(LevelFilter::INFO))
    }
}

impl FromStr for LogFilter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<Targets>()
            .map(Self)
            .map_err(|_| format!("{text:?} is no log filter: write a level, such as info, or netsonde=debug"))
    }
}

impl TryFrom<Written> for LogFilter {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        written.parse()
    }
}

/// Chooses how log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// One line for a person
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(text, false).map_err(|_| format!("{text:?} is neither text nor json"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_country_or_a_point_on_earth() {
        assert_eq!("de".parse(), Ok(HerePlace(Extent::Country("DE".into()))));
        assert_eq!("52.5, -13".parse(), Ok(HerePlace(Extent::Point(52.5, -13.0))));
        assert_eq!("-90,180".parse(), Ok(HerePlace(Extent::Point(-90.0, 180.0))));
        for text in [
            "",
            "D",
            "XX",
            "DEU",
            "D1",
            "90.1,0",
            "0,180.1",
            "NaN,0",
            "1",
            "1,",
            "1,2,3",
            "inf,0",
            "north,east",
        ] {
            assert!(text.parse::<HerePlace>().is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_bytes_or_have_a_unit() {
        for (text, bytes) in [("700", 700), ("2GiB", 2_147_483_648), ("1 kB", 1_000), ("0MB", 0)] {
            assert_eq!(text.parse(), Ok(Bytes(bytes)), "{text}");
        }
        for text in ["", "GiB", "-1", "1.5GB", "2 TB", "99999999999GiB"] {
            assert!(text.parse::<Bytes>().is_err(), "{text}");
        }
    }
}
