//! Logs on standard error: changes of state, never data.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::Layer as _;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Config, LogFormat};

/// Starts logging as configured, for the rest of the run.
pub(crate) fn start(config: &Config) {
    let layer = fmt::layer().with_writer(io::stderr);
    let layer = match config.log_format {
        LogFormat::Text => layer.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => layer.json().boxed(),
    };
    tracing_subscriber::registry().with(layer.with_filter(config.log.clone())).init();
}
