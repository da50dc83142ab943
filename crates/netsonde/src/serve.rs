//! `netsonde serve`: the dashboard.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

use netsonde_capture::Engine;
use netsonde_geolocation::Locator;
use netsonde_server::{Patience, Server, ServerSettings};
use netsonde_session::{Limits, Monitor, MonitorSettings, Origin, Refusal, Start};
use netsonde_synth::demo as story;
use netsonde_units::Timestamp;

use crate::addresses::start_urls;
use crate::clock;
use crate::config::{Config, Llm};
use crate::documents::Reports;
use crate::ending::{Ending, Failure};
use crate::lookups::ResolvConf;
use crate::places::{self, Databases, Watcher};
use crate::sandbox::{self, Reach};
use crate::signals::Stop;
use crate::uploads::Uploads;
use crate::{assistant, browser, lookups, output, patience};

/// Threads of the server: one that answers, one for what serialises.
const SERVER_THREADS: usize = 2;

/// A dashboard that listens and does not answer yet, in a program that has given up its rights.
pub(crate) struct Dashboard<'a> {
    config: &'a Config,
    server: Server,
    monitor: Monitor,
    uploads: Uploads,
    /// What to measure at once.
    first: Option<Start>,
    /// The capture that it reads, where it is open already.
    read: Option<File>,
    browser: Option<Sender<OsString>>,
    /// Has databases used that take the place of others, as long as it is there.
    _watcher: Watcher,
}

impl<'a> Dashboard<'a> {
    /// Does what takes rights, and gives them up: the address, the files, the browser, and last the thread that opens
    /// captures, which alone keeps the right to.
    pub(crate) fn prepare(config: &'a Config, first: Option<Start>) -> Result<Self, Failure> {
        let llm = llm(config)?;
        let uploads = Uploads::make(&config.serve.data);
        // What is installed there later is found only in a folder that is there.
        let _ = places::make_folder(&places::folder(&config.serve.data));
        let ((databases, shelf), time_zone) = (Databases::read(config), places::time_zone());
        let locator = Arc::<Locator>::default();
        let server = Server::listen(ServerSettings {
            listen: config.serve.listen,
            allowed_hosts: config.serve.allow_host.clone(),
            token: config.serve.token.clone(),
            uploads: uploads.folder().to_owned(),
            upload_max: config.serve.upload_max,
            patience: Patience { farewell: patience::FAREWELL, ..Patience::default() },
        })
        .map_err(|error| {
            Failure::Failed(format!(
                "cannot listen on {}: {error}; --listen ADDR:PORT chooses another",
                config.serve.listen
            ))
        })?;
        let read = file(first.as_ref());
        let held = sandbox::hold(read).pop().flatten();
        let browser = config.serve.open.then(browser::prepare).transpose()?;

        sandbox::keep_capture(&config.engine, Reach::everything().with_uploads(uploads.folder()))?;
        let monitor = Monitor::new(MonitorSettings {
            local: config.local.clone(),
            limits: Limits::default(),
            own_port: Some(server.port()),
            grace: config.serve.grace,
            demo: Some(made_up),
            demo_here: Some(places::demo()),
            summarized: true,
            assistant_allowed: llm.is_some_and(|llm| llm.allowed),
            rules: config.rules.clone(),
            places: Arc::clone(&locator),
            here: places::configured(config),
            time_zone,
            engine: config.engine.clone(),
            program: config.program.clone(),
            clock: clock::now,
        })
        .map_err(|error| Failure::Failed(format!("cannot start the thread that opens captures: {error}")))?;
        let assistant = llm.map(assistant::start).transpose()?;
        let resolv_conf = ResolvConf::of(&config.lookups);
        let watcher = Watcher::start(shelf, resolv_conf, Arc::clone(&locator))?;
        lookups::start(&locator, &config.lookups)?;
        let reach = Reach::interfaces()
            .and(read.iter().map(PathBuf::as_path))
            .and(netsonde_server::pages_on_disk())
            .with_uploads(uploads.folder());
        sandbox::keep_nothing(&reach)?.log();
        databases.load(&locator)?;
        netsonde_summarizer::follow(monitor.clone(), assistant.clone()).map_err(|error| {
            Failure::Failed(format!("cannot start the thread that writes reports: {error}"))
        })?;
        uploads.check();
        let server = server.with_documents(Arc::new(Reports::new(monitor.clone(), assistant, config)));
        Ok(Self { config, server, monitor, uploads, first, read: held, browser, _watcher: watcher })
    }

    /// Serves until a signal comes.
    pub(crate) fn serve(self, stop: &Stop) -> Result<Ending, Failure> {
        let Self { config, server, monitor, uploads, first, read, browser, _watcher } = self;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(SERVER_THREADS)
            .thread_name("server")
            .enable_all()
            .build()
            .map_err(|error| Failure::Failed(format!("cannot start the server's threads: {error}")))?;
        let is_free = first.is_none();
        if let Some(start) = first {
            begin(&monitor, start, read)?;
        }

        let urls = urls(&server, config);
        let mut out = output::standard();
        for url in &urls {
            writeln!(out, "netsonde is at {url}")?;
        }
        // tshark may have rights of its own, and takes its time to list: the page says what is missing.
        let needs_way_out = is_free && config.engine == Engine::Libpcap;
        for line in if needs_way_out { way_out(&monitor) } else { Vec::new() } {
            writeln!(out, "{line}")?;
        }
        out.flush()?;
        drop(out);
        if let (Some(browser), Some(url)) = (browser, urls.first()) {
            // It says itself what keeps it from opening.
            let _ = browser.send(browser::page(url, &uploads));
        }
        let stopped = end(monitor.clone(), Arc::clone(stop.flag()));
        let served = runtime.block_on(server.run(monitor.clone(), stopped));
        if served.is_err() {
            monitor.end(patience::SESSION);
        }
        runtime.shutdown_timeout(patience::THREADS);
        drop(uploads);
        served.map_err(|error| Failure::Failed(format!("listening broke: {error}")))?;
        Ok(Ending::Done)
    }
}

/// Says what somebody can do who may not capture; nothing where capturing works on any interface.
fn way_out(monitor: &Monitor) -> Vec<String> {
    // The page says what keeps them from being listed.
    let interfaces = monitor.interfaces().unwrap_or_default();
    if interfaces.iter().any(|interface| interface.may_capture == Some(true)) {
        return Vec::new();
    }
    let Some(remedy) = interfaces.into_iter().find_map(|interface| interface.remedy) else {
        return Vec::new();
    };
    vec![
        format!("It may not capture yet: `{remedy}` and a new start change that."),
        "To see it at work at once: the page shows a demo, and so does `netsonde demo`.".into(),
    ]
}

/// Waits for a signal, and ends the session while everybody still hears of it.
async fn end(monitor: Monitor, asked: Arc<AtomicBool>) {
    let mut looks = tokio::time::interval(patience::LOOK_EVERY);
    while !asked.load(Ordering::Relaxed) {
        looks.tick().await;
    }
    let ended = tokio::task::spawn_blocking(move || monitor.end(patience::SESSION)).await;
    if !ended.unwrap_or(false) {
        tracing::warn!("the session did not end in time");
    }
    tokio::time::sleep(patience::LAST_NUMBERS).await;
}

/// Returns where the dashboard is, in the addresses that this machine has.
fn urls(server: &Server, config: &Config) -> Vec<String> {
    let listens_at = SocketAddr::new(config.serve.listen.ip(), server.port());
    let own = if listens_at.ip().is_unspecified() {
        // Without them the one address that is known is shown.
        netsonde_capture::own_addresses().unwrap_or_default().networks
    } else {
        Vec::new()
    };
    let own: Vec<_> = own.iter().map(ipnet::IpNet::addr).collect();
    start_urls(&server.start_url(), listens_at, &own)
}

/// Returns the language model to ask, if any. A key of other programs that happens to be set keeps nothing from starting.
fn llm(config: &Config) -> Result<Option<&Llm>, Failure> {
    match &config.llm {
        Ok(llm) => {
            if let Some(withheld) = llm.as_ref().and_then(|llm| llm.withheld.as_ref()) {
                tracing::warn!("{withheld}");
            }
            Ok(llm.as_ref())
        }
        Err(problem) if problem.is_chosen => Err(Failure::Usage(problem.line.clone())),
        Err(problem) => {
            tracing::warn!("no language model is asked: {}", problem.line);
            Ok(None)
        }
    }
}

/// Refuses choices that cannot be meant together.
fn check(config: &Config) -> Result<(), Failure> {
    let problem = match (&config.serve.read, config.serve.replay_speed, &config.filter) {
        (None, Some(_), _) => "a replay speed plays a capture back: --read FILE names it",
        (Some(_), _, Some(_)) => "a capture filter works on interfaces, not on a file that is read",
        _ => return Ok(()),
    };
    Err(Failure::Usage(problem.into()))
}

/// Returns the session that the user asked for at the start.
///
/// # Errors
///
/// Choices that cannot be meant together.
pub(crate) fn first(config: &Config) -> Result<Option<Start>, Failure> {
    check(config)?;
    let origin = match (&config.serve.read, &config.interface) {
        (Some(path), _) => {
            Origin::File { path: path.clone(), name: name(path), speed: config.serve.replay_speed }
        }
        (None, Some(interface)) => Origin::Interface(interface.clone()),
        (None, None) => return Ok(None),
    };
    let (filter, duration) = (config.filter.clone(), config.duration);
    Ok(Some(Start { origin, filter, duration, needs_viewers: false }))
}

/// Returns the session of the demo.
pub(crate) const fn demo(config: &Config) -> Start {
    Start { origin: Origin::Demo, filter: None, duration: config.duration, needs_viewers: false }
}

/// Makes the demo's traffic from a moment on: the same story at every start.
fn made_up(from: Timestamp) -> Box<dyn Read + Send> {
    Box::new(story::read(story::SEED, from.nanos()))
}

/// Returns the file that a session reads.
fn file(start: Option<&Start>) -> &[PathBuf] {
    match start {
        Some(Start { origin: Origin::File { path, .. }, .. }) => slice::from_ref(path),
        _ => &[],
    }
}

/// Tries whether the session begins that the user asked for at the start, with the rights that it would have, and
/// leaves everything as it was.
///
/// # Errors
///
/// What [`Dashboard::serve`] would fail with at once.
pub(crate) fn rehearse(config: &Config) -> Result<(), Failure> {
    let Some(start) = first(config)? else { return Ok(()) };
    if may_wait(&start.origin) {
        return Ok(());
    }
    let held = sandbox::hold(file(Some(&start))).pop().flatten();
    let try_out = || start.try_out(held, &config.engine, config.program.as_deref(), clock::now);
    let tried = sandbox::as_opener(&config.engine, try_out).map_err(Failure::Failed)?;
    tried.map_err(|refusal| Failure::Failed(as_given(&start.origin, &refusal)))
}

/// Tells whether opening a source may take its time: a pipe says what it is when somebody writes into it.
fn may_wait(origin: &Origin) -> bool {
    match origin {
        Origin::File { path, .. } => {
            path == Path::new("-") || path.metadata().is_ok_and(|metadata| !metadata.is_file())
        }
        Origin::Interface(_) | Origin::Demo => false,
    }
}

/// Starts the session. Where that may take its time, the page is there meanwhile, and shows what came of it.
fn begin(monitor: &Monitor, start: Start, held: Option<File>) -> Result<(), Failure> {
    if !may_wait(&start.origin) {
        let begun = monitor.start_held(&start, held);
        return begun.map(drop).map_err(|refusal| Failure::Failed(as_given(&start.origin, &refusal)));
    }
    let monitor = monitor.clone();
    let open = move || {
        if let Err(refusal) = monitor.start_held(&start, held) {
            tracing::error!("{}", as_given(&start.origin, &refusal));
        }
    };
    let spawned = thread::Builder::new().name("pipe".into()).spawn(open);
    spawned.map(drop).map_err(|error| Failure::Failed(format!("cannot start the thread that reads: {error}")))
}

/// Says why a source did not open, with the whole path of a file: the dashboard shows only its name.
fn as_given(origin: &Origin, refusal: &Refusal) -> String {
    match origin {
        Origin::File { path, name, .. } if path.as_os_str() != name.as_str() && path != Path::new("-") => {
            format!("{}: {refusal}", path.display())
        }
        _ => refusal.to_string(),
    }
}

fn name(path: &Path) -> String {
    if path == Path::new("-") {
        return "standard input".into();
    }
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
