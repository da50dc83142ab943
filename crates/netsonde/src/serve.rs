//! `netsonde serve`: the dashboard.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use netsonde_server::{Patience, Server, ServerSettings};
use netsonde_session::{Limits, Monitor, MonitorSettings, Origin, Start};

use crate::clock;
use crate::config::Config;
use crate::ending::{Ending, Failure};
use crate::output;
use crate::signals::Stop;

/// Threads of the server: one that answers, one for what serialises.
const SERVER_THREADS: usize = 2;
/// How often it is looked whether a signal has come.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long a session has to write down its last numbers at the end of the program.
const SESSION_PATIENCE: Duration = Duration::from_secs(1);
/// How long answers that are under way may take at the end of the program.
const SERVER_PATIENCE: Duration = Duration::from_millis(500);

/// Serves until a signal comes.
pub(crate) fn run(config: &Config, stop: &Stop) -> Result<Ending, Failure> {
    check(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(SERVER_THREADS)
        .thread_name("server")
        .enable_all()
        .build()
        .map_err(|error| Failure::Failed(format!("cannot start the server's threads: {error}")))?;
    // Of this process alone: what it leaves behind is removed at its end.
    let uploads = config.serve.data.join("uploads").join(std::process::id().to_string());
    let settings = ServerSettings {
        listen: config.serve.listen,
        allowed_hosts: config.serve.allow_host.clone(),
        token: config.serve.token.clone(),
        uploads: uploads.clone(),
        upload_max: config.serve.upload_max,
        patience: Patience::default(),
    };
    let server = Server::listen(settings).map_err(|error| {
        Failure::Failed(format!(
            "cannot listen on {}: {error}; --listen ADDR:PORT chooses another",
            config.serve.listen
        ))
    })?;
    let monitor = Monitor::new(MonitorSettings {
        local: config.local.clone(),
        limits: Limits::default(),
        own_port: Some(server.port()),
        grace: config.serve.grace,
        program: config.program.clone(),
        clock: clock::now,
    })
    .map_err(|error| Failure::Failed(format!("cannot start the thread that opens captures: {error}")))?;
    if let Some(start) = first(config) {
        monitor.start(&start).map_err(|refusal| Failure::Failed(refusal.to_string()))?;
    }

    let url = server.start_url();
    let mut out = output::standard();
    writeln!(out, "netsonde is at {url}")?;
    out.flush()?;
    drop(out);
    if config.serve.open {
        open_browser(&url);
    }
    let asked = Arc::clone(stop.flag());
    let served = runtime.block_on(server.run(monitor.clone(), async move {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        while !asked.load(std::sync::atomic::Ordering::Relaxed) {
            looks.tick().await;
        }
    }));
    if !monitor.end(SESSION_PATIENCE) {
        tracing::warn!("the session did not end in time");
    }
    runtime.shutdown_timeout(SERVER_PATIENCE);
    remove(&uploads);
    served.map_err(|error| Failure::Failed(format!("listening broke: {error}")))?;
    Ok(Ending::Done)
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
fn first(config: &Config) -> Option<Start> {
    let origin = match (&config.serve.read, &config.interface) {
        (Some(path), _) => {
            Origin::File { path: path.clone(), name: name(path), speed: config.serve.replay_speed }
        }
        (None, Some(interface)) => Origin::Interface(interface.clone()),
        (None, None) => return None,
    };
    Some(Start { origin, filter: config.filter.clone(), duration: config.duration, needs_viewers: false })
}

fn name(path: &Path) -> String {
    if path == Path::new("-") {
        return "standard input".into();
    }
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Asks the desktop to show the page; a machine without one is told where it is all the same.
fn open_browser(url: &str) {
    let opened = Command::new("xdg-open")
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = opened {
        tracing::warn!("cannot open a browser: {error}");
    }
}

fn remove(uploads: &Path) {
    match std::fs::remove_dir_all(uploads) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!("uploaded captures stay in {}: {error}", uploads.display());
        }
        _ => {}
    }
}
