//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;

use crate::config::{
    Bytes, EngineName, Events, Flows, HerePlace, IpApiAddress, LlmName, LogFilter, LogFormat, NameServer,
    Network, Options, Seconds, Speed,
};

/// Measures a network from its packets. Without a command it serves the dashboard.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  netsonde --interface eth0 --open\n  netsonde analyze office.pcap.gz --local 192.0.2.0/24"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    serve: Serve,

    /// Options file [default: netsonde.toml of this folder, if there is one]
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,

    /// What to log: error, warn, info, debug, or netsonde=debug,warn
    #[arg(long, value_name = "LEVEL", global = true)]
    log: Option<LogFilter>,

    /// How log lines on standard error look
    #[arg(long, value_name = "FORMAT", global = true)]
    log_format: Option<LogFormat>,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves the dashboard
    #[command(after_help = "Examples:\n  netsonde serve --interface eth0 --open\n  \
        ssh box tcpdump -w - | netsonde serve --read -")]
    Serve(Serve),
    /// Serves the dashboard with traffic that the program makes up: nothing is captured, no right is needed
    #[command(after_help = "Example:\n  netsonde demo --open")]
    Demo(Demo),
    /// Reads capture files and prints a report
    #[command(after_help = "Examples:\n  netsonde analyze office.pcap\n  \
        netsonde analyze monday.pcapng.zst tuesday.pcapng.zst --json > report.json\n  \
        netsonde analyze office.pcap --html report.html\n  \
        netsonde analyze office.pcap --events tcp | grep retransmission\n  \
        ssh box tcpdump -w - | netsonde analyze -")]
    Analyze(Analyze),
    /// Captures on an interface and reports every second
    #[command(after_help = "Examples:\n  netsonde watch --interface eth0\n  \
        netsonde watch --interface eth0 --filter 'not port 22' --duration 60 --json")]
    Watch(Watch),
    /// Lists the interfaces and whether we may capture there
    #[command(after_help = "Example:\n  netsonde interfaces --json")]
    Interfaces(Interfaces),
    /// Lists the databases of places, and installs them
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "Examples:\n  netsonde geo\n  netsonde geo install"
    )]
    Geo(Geo),
    /// Checks what may keep it from working, and says how to mend that
    #[command(
        after_help = "Examples:\n  netsonde doctor\n  netsonde doctor --listen 192.0.2.7:8765 --json\n\nThe exit code is 0 where nothing says no, else 1."
    )]
    Doctor(Doctor),
    /// Prints what completes commands and options in a shell
    #[command(
        after_help = "Example:\n  netsonde completions bash > ~/.local/share/bash-completion/completions/netsonde"
    )]
    Completions(Completions),
    /// Prints the manual, or writes one page for each command into a folder
    #[command(
        after_help = "Examples:\n  netsonde manual | man -l -\n  netsonde manual --to ~/.local/share/man/man1"
    )]
    Manual(Manual),
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Analyze {
    /// Captures: pcap or pcapng, also .gz or .zst; - is standard input; several count as one
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    report: ReportOptions,
    /// Prints what was found of each packet, one line of JSON each, instead of the report
    #[arg(long, value_name = "KIND")]
    events: Option<Events>,
    /// Writes the report with its charts as a page, to be read, printed or sent: one file that needs no other
    #[arg(long, value_name = "OUT")]
    html: Option<PathBuf>,
    /// Writes the report as Markdown
    #[arg(long, value_name = "OUT")]
    markdown: Option<PathBuf>,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Watch {
    /// Interface to capture on, by its name in `netsonde interfaces`
    #[arg(long, short, value_name = "NAME")]
    interface: Option<String>,
    #[command(flatten)]
    engine: EngineOption,
    /// Ends after so many seconds
    #[arg(long, value_name = "S")]
    duration: Option<Seconds>,
    /// Captures only what this BPF filter lets through, as in tcpdump
    #[arg(long, value_name = "BPF")]
    filter: Option<String>,
    #[command(flatten)]
    report: ReportOptions,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Serve {
    /// Starts to capture on this interface at once
    #[arg(long, short, value_name = "NAME", conflicts_with = "read")]
    interface: Option<String>,
    #[command(flatten)]
    engine: EngineOption,
    /// Starts to read this capture at once; - is standard input
    #[arg(long, value_name = "FILE")]
    read: Option<PathBuf>,
    /// Plays the capture back at N times the pace at which it was captured; without it, as fast as can be read
    #[arg(long, value_name = "N")]
    replay_speed: Option<Speed>,
    /// Captures only what this BPF filter lets through, as in tcpdump
    #[arg(long, value_name = "BPF")]
    filter: Option<String>,
    #[command(flatten)]
    page: PageOptions,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    page: PageOptions,
}

#[derive(Clone, Debug, Args)]
struct PageOptions {
    /// Where to serve the dashboard [default: 127.0.0.1:8765]
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// Opens a browser
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    open: Option<bool>,
    /// Ends the capture after so many seconds
    #[arg(long, value_name = "S")]
    duration: Option<Seconds>,
    /// Network that counts as local; repeat for more
    #[arg(long, value_name = "CIDR")]
    local: Option<Vec<Network>>,
    /// Name that requests may be addressed to, beside this machine's own; repeat for more
    #[arg(long, value_name = "NAME")]
    allow_host: Option<Vec<String>>,
    /// File whose first line is the token that strangers must show
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The largest capture that a page may upload [default: 2GiB]
    #[arg(long, value_name = "SIZE")]
    upload_max: Option<Bytes>,
    /// Folder for what the program keeps
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Seconds that a session started from a page goes on when nobody watches [default: 30]
    #[arg(long, value_name = "S")]
    grace: Option<Seconds>,
    /// Lets sessions go on when nobody watches
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    keep_running: Option<bool>,
    #[command(flatten)]
    places: PlaceOptions,
    #[command(flatten)]
    llm: LlmOptions,
    #[command(flatten)]
    lookups: LookupOptions,
}

/// The key has no flag, since every user of a machine can read the arguments of all programs.
#[derive(Clone, Debug, Args)]
struct LlmOptions {
    /// Language model that words reports and summaries; nothing is sent before it is allowed [default: gemini where
    /// `GEMINI_API_KEY` is set, else off]
    #[arg(long, value_name = "PROVIDER", help_heading = "Words by a language model")]
    llm: Option<LlmName>,
    /// The model, as its provider calls it [default of gemini: gemini-flash-latest]
    #[arg(long, value_name = "NAME", help_heading = "Words by a language model")]
    llm_model: Option<String>,
    /// Where the provider is, such as `http://127.0.0.1:11434/v1` for Ollama [default: Google's, OpenAI's]
    #[arg(long, value_name = "URL", help_heading = "Words by a language model")]
    llm_url: Option<String>,
    /// File whose first line is the provider's key; else `NETSONDE_LLM_KEY` has it, or for the default address
    /// `GEMINI_API_KEY` or `OPENAI_API_KEY`
    #[arg(long, value_name = "FILE", help_heading = "Words by a language model")]
    llm_key_file: Option<PathBuf>,
    /// Replaces addresses and names by aliases before anything is sent
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        help_heading = "Words by a language model")]
    llm_redact: Option<bool>,
    /// How often it is asked within an hour at most; a tenth, 1 to 3 calls, is kept for reports [default: 30]
    #[arg(long, value_name = "N", help_heading = "Words by a language model")]
    llm_calls_per_hour: Option<u32>,
    /// Asks it without anybody having allowed it in the dashboard
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        help_heading = "Words by a language model")]
    llm_allow: Option<bool>,
    /// Sends without encryption even beyond private networks
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        help_heading = "Words by a language model")]
    llm_plain_http: Option<bool>,
}

#[derive(Clone, Debug, Args)]
struct LookupOptions {
    /// Asks name servers what the hosts that are seen are called; the Hosts page can turn it on and off
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        help_heading = "Asking others about hosts")]
    reverse_dns: Option<bool>,
    /// The name servers to ask, with commas between them [default: those of /etc/resolv.conf]
    #[arg(
        long,
        value_name = "ADDR[:PORT]",
        value_delimiter = ',',
        help_heading = "Asking others about hosts"
    )]
    name_servers: Option<Vec<NameServer>>,
    /// Asks ip-api.com where the hosts that are seen are: their addresses go to that company, not encrypted; the Hosts
    /// page can turn it on and off
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        help_heading = "Asking others about hosts")]
    ip_api: Option<bool>,
    /// Where ip-api.com is, or what answers as it does [default: `http://ip-api.com`]
    #[arg(long, value_name = "URL", help_heading = "Asking others about hosts")]
    ip_api_url: Option<IpApiAddress>,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Interfaces {
    #[command(flatten)]
    format: FormatOptions,
    #[command(flatten)]
    engine: EngineOption,
}

#[derive(Clone, Debug, Args)]
struct EngineOption {
    /// What captures [default: libpcap]
    #[arg(long, value_name = "ENGINE")]
    engine: Option<EngineName>,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Geo {
    #[command(subcommand)]
    pub(crate) command: Option<GeoCommand>,
    #[command(flatten)]
    status: GeoStatus,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum GeoCommand {
    /// Lists the databases: what they are, how old, and whom their licences ask to be named
    #[command(after_help = "Example:\n  netsonde geo status --json")]
    Status(GeoStatus),
    /// Installs databases of cities and organizations: those that DB-IP gives away, or others
    #[command(
        after_help = "Examples:\n  netsonde geo install\n  netsonde geo install GeoLite2-City.mmdb\n  \
        sudo netsonde geo install --to /var/lib/GeoIP"
    )]
    Install(GeoInstall),
}

#[derive(Clone, Debug, Args)]
pub(crate) struct GeoStatus {
    #[command(flatten)]
    databases: DatabaseOption,
    /// Folder for what the program keeps
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    format: FormatOptions,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct GeoInstall {
    /// Address or file of a database (.mmdb, also .gz); several are installed one after the other [default: City Lite and
    /// ASN Lite of DB-IP, this month's]
    #[arg(value_name = "URL|FILE")]
    pub(crate) from: Vec<String>,
    /// Folder for what the program keeps: databases are installed in its folder geo
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Folder to install in instead, such as /var/lib/GeoIP for all users and the service
    #[arg(long, value_name = "DIR", conflicts_with = "data")]
    pub(crate) to: Option<PathBuf>,
    /// Where DB-IP's databases are [default: `https://download.db-ip.com/free`]
    #[arg(long, value_name = "URL", conflicts_with = "from")]
    pub(crate) mirror: Option<String>,
    /// Gives up when nothing has come for so many seconds [default: 30]
    #[arg(long, value_name = "S")]
    pub(crate) patience: Option<Seconds>,
}

/// Which databases, where nothing else is said of places.
#[derive(Clone, Debug, Args)]
struct DatabaseOption {
    /// Database of places (.mmdb); repeat for more [default: those in `geo` of the data folder, /var/lib/GeoIP and
    /// /usr/share/GeoIP]
    #[arg(long, value_name = "FILE", help_heading = "Places")]
    geo_database: Option<Vec<PathBuf>>,
}

#[derive(Clone, Debug, Args)]
struct PlaceOptions {
    #[command(flatten)]
    databases: DatabaseOption,
    /// Where captures are taken, by which it is judged whether a place can be true: a country such as DE, or degrees north
    /// and east such as 52.5,13.4 [default: by a local address that is public; live, the country of the time
    /// zone; in the demo, its office]
    #[arg(long, value_name = "PLACE", help_heading = "Places", allow_hyphen_values = true)]
    here: Option<HerePlace>,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Doctor {
    /// Where the dashboard is to be served [default: 127.0.0.1:8765]
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// The largest capture that a page is to upload [default: 2GiB]
    #[arg(long, value_name = "SIZE")]
    upload_max: Option<Bytes>,
    /// Folder for what the program keeps
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    places: PlaceOptions,
    #[command(flatten)]
    llm: LlmOptions,
    #[command(flatten)]
    lookups: LookupOptions,
    #[command(flatten)]
    format: FormatOptions,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Manual {
    /// Folder for the pages, which is made where it is missing
    #[arg(long, value_name = "DIR")]
    pub(crate) to: Option<PathBuf>,
}

#[derive(Clone, Debug, Args)]
struct ReportOptions {
    #[command(flatten)]
    format: FormatOptions,
    /// Network that counts as local; repeat for more
    #[arg(long, value_name = "CIDR")]
    local: Option<Vec<Network>>,
    /// Lists the N largest flows in the JSON report, or all [default: 200000]
    #[arg(long, value_name = "N|all")]
    flows: Option<Flows>,
    #[command(flatten)]
    places: PlaceOptions,
}

#[derive(Clone, Debug, Args)]
struct FormatOptions {
    /// Writes JSON instead of text
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    json: Option<bool>,
}

impl Arguments {
    /// Returns the command: to serve, where none is named.
    pub(crate) fn chosen(&self) -> Command {
        self.command.clone().unwrap_or_else(|| Command::Serve(self.serve.clone()))
    }

    /// Returns what the command line sets, and nothing else.
    pub(crate) fn options(&self) -> Options {
        let common = Options { log: self.log.clone(), log_format: self.log_format, ..Options::default() };
        match self.chosen() {
            Command::Serve(serve) => serve.over(common),
            Command::Demo(demo) => demo.page.over(common),
            Command::Analyze(analyze) => analyze.report.over(Options {
                events: analyze.events,
                html: analyze.html.clone(),
                markdown: analyze.markdown.clone(),
                ..common
            }),
            Command::Watch(watch) => watch.report.over(Options {
                interface: watch.interface.clone(),
                engine: watch.engine.engine,
                duration: watch.duration,
                filter: watch.filter.clone(),
                ..common
            }),
            Command::Interfaces(interfaces) => {
                Options { json: interfaces.format.json, engine: interfaces.engine.engine, ..common }
            }
            Command::Geo(geo) => match geo.command {
                Some(GeoCommand::Install(install)) => Options { data: install.data, ..common },
                Some(GeoCommand::Status(status)) => status.over(common),
                None => geo.status.over(common),
            },
            Command::Doctor(doctor) => doctor.places.over(doctor.llm.over(doctor.lookups.over(Options {
                listen: doctor.listen,
                upload_max: doctor.upload_max,
                data: doctor.data.clone(),
                json: doctor.format.json,
                ..common
            }))),
            Command::Completions(_) | Command::Manual(_) => common,
        }
    }
}

impl Serve {
    fn over(self, options: Options) -> Options {
        self.page.over(Options {
            interface: self.interface,
            engine: self.engine.engine,
            read: self.read,
            replay_speed: self.replay_speed,
            filter: self.filter,
            ..options
        })
    }
}

impl PageOptions {
    fn over(self, options: Options) -> Options {
        let options = self.places.over(self.lookups.over(self.llm.over(options)));
        Options {
            listen: self.listen,
            open: self.open,
            duration: self.duration,
            local: self.local,
            allow_host: self.allow_host,
            token_file: self.token_file,
            upload_max: self.upload_max,
            data: self.data,
            grace: self.grace,
            keep_running: self.keep_running,
            ..options
        }
    }
}

impl PlaceOptions {
    fn over(&self, options: Options) -> Options {
        let geo_database = self.databases.geo_database.clone();
        Options { geo_database, here: self.here.clone(), ..options }
    }
}

impl GeoStatus {
    fn over(self, options: Options) -> Options {
        let geo_database = self.databases.geo_database;
        Options { geo_database, data: self.data, json: self.format.json, ..options }
    }
}

impl LlmOptions {
    fn over(self, options: Options) -> Options {
        let Self { llm, llm_model, llm_url, llm_key_file, llm_redact, .. } = self;
        Options {
            llm,
            llm_model,
            llm_url,
            llm_key_file,
            llm_redact,
            llm_calls_per_hour: self.llm_calls_per_hour,
            llm_allow: self.llm_allow,
            llm_plain_http: self.llm_plain_http,
            ..options
        }
    }
}

impl LookupOptions {
    fn over(self, options: Options) -> Options {
        let Self { reverse_dns, name_servers, ip_api, ip_api_url } = self;
        Options { reverse_dns, name_servers, ip_api, ip_api_url, ..options }
    }
}

impl ReportOptions {
    fn over(&self, options: Options) -> Options {
        let Self { format, local, flows, places } = self;
        places.over(Options { json: format.json, local: local.clone(), flows: *flows, ..options })
    }
}

/// Returns the long names of all options of all commands.
pub(crate) fn option_names() -> Vec<String> {
    let command = Arguments::command();
    let options =
        std::iter::once(&command).chain(command.get_subcommands()).flat_map(clap::Command::get_arguments);
    options.filter_map(|option| option.get_long().map(Into::into)).collect()
}

/// Prints what clap answers instead of a command: help and version with code 0, an error with code 2.
pub(crate) fn answer(answer: &clap::Error) -> ExitCode {
    // Nobody may be listening, and the code says enough.
    let _ = answer.print();
    ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_line_is_consistent_and_every_command_has_an_example() {
        let command = Arguments::command();
        command.clone().debug_assert();
        for command in std::iter::once(&command).chain(command.get_subcommands()) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.starts_with("Example"), "{} has no example", command.get_name());
        }
    }

    #[test]
    fn only_given_flags_are_set() {
        let arguments = Arguments::try_parse_from(["netsonde", "watch", "-i", "eth0", "--json=false"]);
        let expected = Options { interface: Some("eth0".into()), json: Some(false), ..Options::default() };
        assert_eq!(arguments.expect("valid arguments").options(), expected);
    }
}
