//! What the user chose: flags over environment over file over default, read once.

mod llm;
mod lookups;
mod origins;
mod values;

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use netsonde_capture::{Engine, ReplaySpeed};
use netsonde_geolocation::Extent;
use netsonde_session::{FlowLimit, Rules};
use serde::Deserialize;
use tracing_subscriber::filter::Targets;

pub(crate) use llm::{Llm, LlmName, LlmProblem};
pub(crate) use lookups::{IpApiAddress, Lookups, NameServer};
pub(crate) use origins::{Origins, variable_names};
pub(crate) use values::{
    Bytes, EngineName, Events, Flows, HerePlace, LogFilter, LogFormat, Network, RuleList, Seconds, Speed,
};

/// Read when no other file is named, if it exists.
const DEFAULT_FILE: &str = "netsonde.toml";
const ENVIRONMENT_PREFIX: &str = "NETSONDE_";
/// Where the dashboard is served.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8765);
/// How long a session goes on that nobody watches: a reload of the page takes a second.
const GRACE: Duration = Duration::from_secs(30);

/// Every choice, settled.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Config {
    /// Writes JSON instead of text.
    pub(crate) json: bool,
    /// Lists the networks that count as local; empty leaves it to the rule of the source.
    pub(crate) local: Vec<IpNet>,
    /// Bounds the flows of a JSON report.
    pub(crate) flows: FlowLimit,
    /// Prints findings instead of a report.
    pub(crate) events: Option<Events>,
    /// Where the report is written as a page.
    pub(crate) html: Option<PathBuf>,
    /// Where the report is written as Markdown.
    pub(crate) markdown: Option<PathBuf>,
    /// What captures.
    pub(crate) engine: Engine,
    /// Names the interface to watch.
    pub(crate) interface: Option<String>,
    /// Bounds the time to watch.
    pub(crate) duration: Option<Duration>,
    /// The BPF filter of the capture.
    pub(crate) filter: Option<String>,
    /// What is which application, whatever else is known.
    pub(crate) rules: Rules,
    /// The databases of places that the user named; where none is, they are looked for.
    pub(crate) geo_database: Vec<PathBuf>,
    /// Where the user says that captures are taken.
    pub(crate) here: Option<Extent>,
    /// The language model that is asked, if any; what keeps it from being asked concerns none but who would ask it.
    pub(crate) llm: Result<Option<Llm>, LlmProblem>,
    /// Who may be asked about addresses over the network.
    pub(crate) lookups: Lookups,
    /// How the dashboard is served.
    pub(crate) serve: Serve,
    /// The file that this program runs from, where the system tells.
    pub(crate) program: Option<PathBuf>,
    /// Chooses what is logged.
    pub(crate) log: Targets,
    /// Chooses how it is logged.
    pub(crate) log_format: LogFormat,
}

/// How the dashboard is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Serve {
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// Whether to open a browser.
    pub(crate) open: bool,
    /// A capture to read at once.
    pub(crate) read: Option<PathBuf>,
    /// How fast to play it back; none as fast as the machine can read.
    pub(crate) replay_speed: Option<ReplaySpeed>,
    /// Names that requests may be addressed to, beside this machine's own.
    pub(crate) allow_host: Vec<String>,
    /// What strangers must show.
    pub(crate) token: Option<String>,
    /// The largest upload, in bytes.
    pub(crate) upload_max: u64,
    /// Where uploads are kept.
    pub(crate) data: PathBuf,
    /// How long a session goes on that nobody watches; none for ever.
    pub(crate) grace: Option<Duration>,
}

/// One layer of choices: what a command line, an environment or a file sets.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Options {
    pub(crate) json: Option<bool>,
    pub(crate) local: Option<Vec<Network>>,
    pub(crate) flows: Option<Flows>,
    pub(crate) events: Option<Events>,
    pub(crate) html: Option<PathBuf>,
    pub(crate) markdown: Option<PathBuf>,
    pub(crate) engine: Option<EngineName>,
    pub(crate) interface: Option<String>,
    pub(crate) duration: Option<Seconds>,
    pub(crate) filter: Option<String>,
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) open: Option<bool>,
    pub(crate) read: Option<PathBuf>,
    pub(crate) replay_speed: Option<Speed>,
    pub(crate) allow_host: Option<Vec<String>>,
    pub(crate) token_file: Option<PathBuf>,
    pub(crate) upload_max: Option<Bytes>,
    pub(crate) data: Option<PathBuf>,
    pub(crate) grace: Option<Seconds>,
    pub(crate) keep_running: Option<bool>,
    pub(crate) geo_database: Option<Vec<PathBuf>>,
    pub(crate) here: Option<HerePlace>,
    pub(crate) llm: Option<LlmName>,
    pub(crate) llm_model: Option<String>,
    pub(crate) llm_url: Option<String>,
    pub(crate) llm_key_file: Option<PathBuf>,
    pub(crate) llm_redact: Option<bool>,
    pub(crate) llm_calls_per_hour: Option<u32>,
    pub(crate) llm_allow: Option<bool>,
    pub(crate) llm_plain_http: Option<bool>,
    pub(crate) reverse_dns: Option<bool>,
    pub(crate) name_servers: Option<Vec<NameServer>>,
    pub(crate) ip_api: Option<bool>,
    pub(crate) ip_api_url: Option<IpApiAddress>,
    pub(crate) log: Option<LogFilter>,
    pub(crate) log_format: Option<LogFormat>,
    pub(crate) rules: Option<RuleList>,
}

impl Config {
    /// Settles the choices of this run.
    ///
    /// # Errors
    ///
    /// One line that names the environment variable, or the file and its line, and what is wrong there.
    pub(crate) fn load(file: Option<&Path>, flags: Options) -> Result<Self, String> {
        let variables = std::env::vars_os().collect::<Vec<_>>();
        let file_variable = variable(&variables, "CONFIG")?;
        let file = match file.or(file_variable.as_deref().map(Path::new)) {
            Some(named) => read(named).map_err(|problem| format!("{}: {problem}", named.display()))?,
            None => default_file()?,
        };
        let options = flags.over(Options::from_environment(&variables)?).over(file);
        let token = match &options.token_file {
            Some(path) => Some(token(path)?),
            None => variable(&variables, "TOKEN")?,
        };
        let program = std::env::current_exe().ok();
        let llm = Llm::settle(&options, &variables);
        let engine = options.engine.unwrap_or_default();
        let config = options.settle(token, data_home(&variables));
        Ok(Self { program, llm, engine: engine.started_with(variables), ..config })
    }
}

impl Config {
    /// Settles what the command line says and nothing else does: for when the rest cannot be read.
    pub(crate) fn of_flags(flags: Options) -> Self {
        let variables = std::env::vars_os().collect::<Vec<_>>();
        let program = std::env::current_exe().ok();
        Self { program, ..flags.settle(None, data_home(&variables)) }
    }
}

impl Options {
    fn from_environment(variables: &[(OsString, OsString)]) -> Result<Self, String> {
        Ok(Self {
            json: parsed(variables, "JSON")?,
            local: listed(variables, "LOCAL")?,
            flows: parsed(variables, "FLOWS")?,
            events: parsed(variables, "EVENTS")?,
            html: variable(variables, "HTML")?.map(PathBuf::from),
            markdown: variable(variables, "MARKDOWN")?.map(PathBuf::from),
            engine: parsed(variables, "ENGINE")?,
            interface: variable(variables, "INTERFACE")?,
            duration: parsed(variables, "DURATION")?,
            filter: variable(variables, "FILTER")?,
            listen: parsed(variables, "LISTEN")?,
            open: parsed(variables, "OPEN")?,
            read: variable(variables, "READ")?.map(PathBuf::from),
            replay_speed: parsed(variables, "REPLAY_SPEED")?,
            allow_host: variable(variables, "ALLOW_HOST")?
                .map(|list| list.split(',').map(|one| one.trim().to_owned()).collect()),
            token_file: variable(variables, "TOKEN_FILE")?.map(PathBuf::from),
            upload_max: parsed(variables, "UPLOAD_MAX")?,
            data: variable(variables, "DATA")?.map(PathBuf::from),
            grace: parsed(variables, "GRACE")?,
            keep_running: parsed(variables, "KEEP_RUNNING")?,
            geo_database: variable(variables, "GEO_DATABASE")?
                .map(|list| list.split(',').map(|one| one.trim().into()).collect()),
            here: parsed(variables, "HERE")?,
            llm: parsed(variables, "LLM")?,
            llm_model: variable(variables, "LLM_MODEL")?,
            llm_url: variable(variables, "LLM_URL")?,
            llm_key_file: variable(variables, "LLM_KEY_FILE")?.map(PathBuf::from),
            llm_redact: parsed(variables, "LLM_REDACT")?,
            llm_calls_per_hour: parsed(variables, "LLM_CALLS_PER_HOUR")?,
            llm_allow: parsed(variables, "LLM_ALLOW")?,
            llm_plain_http: parsed(variables, "LLM_PLAIN_HTTP")?,
            reverse_dns: parsed(variables, "REVERSE_DNS")?,
            name_servers: listed(variables, "NAME_SERVERS")?,
            ip_api: parsed(variables, "IP_API")?,
            ip_api_url: parsed(variables, "IP_API_URL")?,
            log: parsed(variables, "LOG")?,
            log_format: parsed(variables, "LOG_FORMAT")?,
            // A list of tables is for files to hold.
            rules: None,
        })
    }

    /// Fills what is not set here from a layer of lower precedence.
    fn over(self, lower: Self) -> Self {
        Self {
            json: self.json.or(lower.json),
            local: self.local.or(lower.local),
            flows: self.flows.or(lower.flows),
            events: self.events.or(lower.events),
            html: self.html.or(lower.html),
            markdown: self.markdown.or(lower.markdown),
            engine: self.engine.or(lower.engine),
            interface: self.interface.or(lower.interface),
            duration: self.duration.or(lower.duration),
            filter: self.filter.or(lower.filter),
            listen: self.listen.or(lower.listen),
            open: self.open.or(lower.open),
            read: self.read.or(lower.read),
            replay_speed: self.replay_speed.or(lower.replay_speed),
            allow_host: self.allow_host.or(lower.allow_host),
            token_file: self.token_file.or(lower.token_file),
            upload_max: self.upload_max.or(lower.upload_max),
            data: self.data.or(lower.data),
            grace: self.grace.or(lower.grace),
            keep_running: self.keep_running.or(lower.keep_running),
            geo_database: self.geo_database.or(lower.geo_database),
            here: self.here.or(lower.here),
            llm: self.llm.or(lower.llm),
            llm_model: self.llm_model.or(lower.llm_model),
            llm_url: self.llm_url.or(lower.llm_url),
            llm_key_file: self.llm_key_file.or(lower.llm_key_file),
            llm_redact: self.llm_redact.or(lower.llm_redact),
            llm_calls_per_hour: self.llm_calls_per_hour.or(lower.llm_calls_per_hour),
            llm_allow: self.llm_allow.or(lower.llm_allow),
            llm_plain_http: self.llm_plain_http.or(lower.llm_plain_http),
            reverse_dns: self.reverse_dns.or(lower.reverse_dns),
            name_servers: self.name_servers.or(lower.name_servers),
            ip_api: self.ip_api.or(lower.ip_api),
            ip_api_url: self.ip_api_url.or(lower.ip_api_url),
            log: self.log.or(lower.log),
            log_format: self.log_format.or(lower.log_format),
            rules: self.rules.or(lower.rules),
        }
    }

    /// Settles what no layer sets. `token` is what strangers must show, `data_home` where programs keep their data.
    fn settle(self, token: Option<String>, data_home: Option<PathBuf>) -> Config {
        let keep_running = self.keep_running.unwrap_or(false);
        let grace = self.grace.map_or(GRACE, |seconds| seconds.0);
        let serve = Serve {
            listen: self.listen.unwrap_or(LISTEN),
            open: self.open.unwrap_or(false),
            read: self.read,
            replay_speed: self.replay_speed.map(|speed| speed.0),
            allow_host: self.allow_host.unwrap_or_default(),
            token,
            upload_max: self.upload_max.unwrap_or_default().0,
            data: self.data.unwrap_or_else(|| data_home.unwrap_or_else(std::env::temp_dir).join("netsonde")),
            grace: (!keep_running).then_some(grace),
        };
        let lookups = Lookups {
            reverse_dns: self.reverse_dns.unwrap_or(false),
            name_servers: self.name_servers.map(|list| list.into_iter().map(|one| one.0).collect()),
            ip_api: self.ip_api.unwrap_or(false),
            ip_api_url: self.ip_api_url.unwrap_or_default(),
        };
        Config {
            serve,
            lookups,
            llm: Ok(None),
            geo_database: self.geo_database.unwrap_or_default(),
            here: self.here.map(|place| place.0),
            program: None,
            engine: self.engine.unwrap_or_default().started_with(Vec::new()),
            json: self.json.unwrap_or(false),
            local: self.local.unwrap_or_default().into_iter().map(|network| network.0).collect(),
            flows: self.flows.unwrap_or_default().0,
            events: self.events,
            html: self.html,
            markdown: self.markdown,
            interface: self.interface,
            duration: self.duration.map(|seconds| seconds.0),
            filter: self.filter,
            rules: self.rules.map(|list| list.0).unwrap_or_default(),
            log: self.log.unwrap_or_default().0,
            log_format: self.log_format.unwrap_or_default(),
        }
    }
}

/// Finds a variable of ours; an empty one counts as not set.
fn variable(variables: &[(OsString, OsString)], name: &str) -> Result<Option<String>, String> {
    let name = format!("{ENVIRONMENT_PREFIX}{name}");
    let Some((_, value)) = variables.iter().find(|(key, value)| *key == *name && !value.is_empty()) else {
        return Ok(None);
    };
    value.to_str().map(|text| Some(text.to_owned())).ok_or_else(|| format!("{name}: not valid UTF-8"))
}

/// Finds where programs keep their data. A path that is empty or not absolute counts as not set (XDG Base Directory
/// Specification 0.8).
fn data_home(variables: &[(OsString, OsString)]) -> Option<PathBuf> {
    let absolute = |name: &str| {
        let (_, value) = variables.iter().find(|(key, _)| key == name)?;
        Some(PathBuf::from(value)).filter(|path| path.is_absolute())
    };
    absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
}

fn parsed<T: FromStr>(variables: &[(OsString, OsString)], name: &str) -> Result<Option<T>, String>
where
    T::Err: std::fmt::Display,
{
    variable(variables, name)?
        .map(|text| text.parse().map_err(|problem| format!("{ENVIRONMENT_PREFIX}{name}: {problem}")))
        .transpose()
}

/// Reads values between commas.
fn listed<T: FromStr<Err = String>>(
    variables: &[(OsString, OsString)],
    name: &str,
) -> Result<Option<Vec<T>>, String> {
    variable(variables, name)?
        .map(|list| list.split(',').map(|one| one.trim().parse()).collect())
        .transpose()
        .map_err(|problem| format!("{ENVIRONMENT_PREFIX}{name}: {problem}"))
}

/// Reads the token from its file: the first line, without blanks around it.
fn token(path: &Path) -> Result<String, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let token = text.lines().next().unwrap_or_default().trim();
    if token.is_empty() {
        Err(format!("{}: the first line is empty", path.display()))
    } else {
        Ok(token.into())
    }
}

fn default_file() -> Result<Options, String> {
    match read(Path::new(DEFAULT_FILE)) {
        Err(FileProblem::Io(error)) if error.kind() == ErrorKind::NotFound => Ok(Options::default()),
        read => read.map_err(|problem| format!("{DEFAULT_FILE}: {problem}")),
    }
}

fn read(path: &Path) -> Result<Options, FileProblem> {
    let text = fs::read_to_string(path).map_err(FileProblem::Io)?;
    toml::from_str(&text).map_err(|error| FileProblem::at_its_line(&text, &error))
}

enum FileProblem {
    Io(std::io::Error),
    Content { line: usize, message: String },
}

impl FileProblem {
    fn at_its_line(text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.bytes().take(start).filter(|&byte| byte == b'\n').count() + 1;
        // The expected keys stand on lines of their own in some messages; a reason is one line.
        Self::Content { line, message: error.message().split_whitespace().collect::<Vec<_>>().join(" ") }
    }
}

impl std::fmt::Display for FileProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Content { line, message } => write!(f, "line {line}: {message}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../../../docs/netsonde.toml");

    fn environment(variables: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
        variables.iter().map(|(name, value)| (name.into(), value.into())).collect()
    }

    #[test]
    fn flag_beats_environment_beats_file_beats_default() {
        let flags = Options { interface: Some("flag".into()), ..Options::default() };
        let variables = [
            ("NETSONDE_INTERFACE", "environment"),
            ("NETSONDE_FILTER", "environment"),
            ("NETSONDE_LOCAL", "10.0.0.0/8, 192.0.2.1"),
        ];
        let environment = Options::from_environment(&environment(&variables)).expect("valid variables");
        let file: Options =
            toml::from_str("interface = 'file'\nfilter = 'file'\nduration = 7").expect("valid file");

        let config = flags.over(environment).over(file).settle(None, None);

        assert_eq!(config.interface.as_deref(), Some("flag"));
        assert_eq!(config.filter.as_deref(), Some("environment"));
        assert_eq!(config.duration, Some(Duration::from_secs(7)));
        assert_eq!(config.flows, FlowLimit::Largest(200_000));
        let local = ["10.0.0.0/8", "192.0.2.1/32"].map(|network| network.parse().expect("a network"));
        assert_eq!(config.local, local);
    }

    #[test]
    fn sample_file_is_the_defaults() {
        let sample: Options = toml::from_str(SAMPLE).expect("the sample file is valid");
        assert_eq!(sample.settle(None, None), Options::default().settle(None, None));
    }

    #[test]
    fn sample_file_with_every_line_uncommented_sets_every_option() {
        let uncommented: String = SAMPLE
            .lines()
            .filter_map(|line| line.strip_prefix('#'))
            .filter(|line| !line.starts_with(' '))
            .flat_map(|line| [line, "\n"])
            .collect();
        let sample: Options = toml::from_str(&uncommented).expect("every commented option is valid");
        let Options { json, local, flows, events, engine, interface, duration, filter, .. } = &sample;
        assert!(json.is_some() && local.is_some() && flows.is_some() && events.is_some());
        assert!(interface.is_some() && sample.html.is_some() && sample.markdown.is_some());
        assert!(engine.is_some() && duration.is_some() && filter.is_some());
        let Options { listen, open, read, allow_host, token_file, .. } = &sample;
        assert!(listen.is_some() && open.is_some() && read.is_some() && allow_host.is_some());
        let Options { replay_speed, upload_max, data, grace, keep_running, log, log_format, .. } = &sample;
        assert!(
            replay_speed.is_some()
                && token_file.is_some()
                && upload_max.is_some()
                && data.is_some()
                && grace.is_some()
        );
        assert!(keep_running.is_some() && log.is_some() && log_format.is_some());
        assert!(sample.geo_database.is_some() && sample.here.is_some());
        let Options { llm, llm_model, llm_url, llm_key_file, llm_redact, .. } = &sample;
        assert!(llm.is_some() && llm_model.is_some() && llm_url.is_some() && llm_key_file.is_some());
        let Options { llm_calls_per_hour, llm_allow, llm_plain_http, .. } = &sample;
        assert!(llm_redact.is_some() && llm_calls_per_hour.is_some());
        assert!(llm_allow.is_some() && llm_plain_http.is_some());
        let Options { reverse_dns, name_servers, ip_api, ip_api_url, .. } = &sample;
        assert!(reverse_dns.is_some() && name_servers.is_some() && ip_api.is_some() && ip_api_url.is_some());
        let rules = sample.rules.map(|list| list.0.given().to_vec()).unwrap_or_default();
        assert_eq!(rules.iter().filter(|rule| rule.category.is_some()).count(), 1, "{rules:?}");
        assert_eq!(rules.len(), 2, "{rules:?}");
    }

    #[test]
    fn unknown_key_is_refused_with_its_line() {
        let text = "json = true\nintreface = 'eth0'";
        let error = toml::from_str::<Options>(text).expect_err("the key is unknown");
        let problem = FileProblem::at_its_line(text, &error).to_string();
        assert!(problem.starts_with("line 2: unknown field `intreface`"), "{problem}");
    }

    #[test]
    fn rule_that_cannot_be_taken_is_refused_with_its_line() {
        for (text, problem) in [
            (
                "json = true\n\n[[rules]]\napp = 'Backup'\nmatch = 'some where'",
                "line 3: rule 1: \"some where\" is neither a domain nor an address nor a port",
            ),
            (
                "[[rules]]\napp = 'Backup'\nmatch = 'tcp/8080'\ncolour = 'red'",
                "line 4: unknown field `colour`",
            ),
            ("[[rules]]\napp = 'Backup'", "line 1: missing field `match`"),
        ] {
            let error = toml::from_str::<Options>(text).expect_err("the rule cannot be taken");
            let told = FileProblem::at_its_line(text, &error).to_string();
            assert!(told.starts_with(problem), "{told}");
        }
    }

    #[test]
    fn home_of_data_is_an_absolute_path_or_not_set() {
        for (xdg, home, expected) in [
            ("/data", "/homes/me", Some("/data")),
            ("", "/homes/me", Some("/homes/me/.local/share")),
            ("data", "/homes/me", Some("/homes/me/.local/share")),
            ("./data", "", None),
            ("", "home", None),
        ] {
            let variables = environment(&[("XDG_DATA_HOME", xdg), ("HOME", home)]);
            assert_eq!(data_home(&variables).as_deref(), expected.map(Path::new), "{xdg:?} {home:?}");
        }
    }

    #[test]
    fn bad_variable_is_refused_by_name_and_empty_one_is_not_set() {
        let bad = Options::from_environment(&environment(&[("NETSONDE_DURATION", "soon")]));
        assert_eq!(
            bad,
            Err("NETSONDE_DURATION: \"soon\" is not a number of seconds: write a whole number from 1".into())
        );
        let empty = Options::from_environment(&environment(&[("NETSONDE_DURATION", "")]));
        assert_eq!(empty, Ok(Options::default()));
    }
}
