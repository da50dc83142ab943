use std::io;
use std::path::Path;

use netsonde_capture::OpenError;
use netsonde_messages::stream::RefusalCode;

use crate::rights::advice;

/// Why a command was not carried out, in words for the user.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A session runs, or is being started.
    #[error("capture already running on {source_name}")]
    AlreadyRunning {
        /// Its interface or file.
        source_name: String,
    },
    /// A session is being stopped, which takes a moment.
    #[error("the capture on {source_name} is being stopped: please wait a moment")]
    Stopping {
        /// Its interface or file.
        source_name: String,
    },
    /// There is no running session to stop.
    #[error("no capture is running")]
    NotRunning,
    /// Everything measured cannot be dropped while it is being measured.
    #[error("the capture on {source_name} is running: stop it before you reset")]
    ResetWhileRunning {
        /// Its interface or file.
        source_name: String,
    },
    /// Somebody stopped it before its source was open.
    #[error("the start was called off")]
    CalledOff,
    /// Packets of a file pass no capture filter.
    #[error("a capture filter works on interfaces, not on the file {source_name}")]
    FilterOnFile {
        /// The file.
        source_name: String,
    },
    /// The demo's packets pass no capture filter.
    #[error("a capture filter works on interfaces, not on the demo")]
    FilterOnDemo,
    /// The program was made without its demo.
    #[error("this program has no demo: choose an interface or open a capture")]
    NoDemo,
    /// The report of the session before is being written.
    #[error("please wait, the previous session's summary is still being generated")]
    Summarizing,
    /// The source did not open.
    #[error(transparent)]
    Open(OpenError),
    /// The source did not open for want of a right.
    #[error("{error}; {advice}")]
    NotPermitted {
        /// What was not permitted.
        error: OpenError,
        /// What to do about it.
        advice: String,
    },
    /// The system refused a thread.
    #[error("cannot start to measure: {0}")]
    Thread(io::Error),
}

impl Refusal {
    /// Says why a source did not open; `program` is the file that the program runs from.
    pub(super) fn to_open(error: OpenError, program: Option<&Path>) -> Self {
        match error {
            OpenError::NotPermitted { .. } => Self::NotPermitted { error, advice: advice(program) },
            error => Self::Open(error),
        }
    }

    /// Returns the kind of refusal.
    pub const fn code(&self) -> RefusalCode {
        match self {
            Self::AlreadyRunning { .. }
            | Self::Stopping { .. }
            | Self::NotRunning
            | Self::CalledOff
            | Self::Summarizing
            | Self::ResetWhileRunning { .. } => RefusalCode::WrongState,
            Self::FilterOnFile { .. } | Self::FilterOnDemo => RefusalCode::BadRequest,
            Self::NoDemo => RefusalCode::NotFound,
            Self::Open(OpenError::BadFilter { .. }) => RefusalCode::BadFilter,
            Self::NotPermitted { .. } => RefusalCode::NoPermission,
            Self::Open(OpenError::NoSuchInterface { .. }) => RefusalCode::NoSuchInterface,
            Self::Open(_) => RefusalCode::CannotOpen,
            Self::Thread(_) => RefusalCode::Failed,
        }
    }
}
