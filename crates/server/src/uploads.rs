//! `POST /api/v1/captures`: takes capture files, each as it comes, never as a whole, and keeps them until a reset.

mod kept;
mod name;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::{FutureExt as _, StreamExt as _};
use netsonde_session::{Origin, Refusal};
use tokio::fs::OpenOptions;
use tokio::io::AsyncWriteExt as _;
use tokio::time::MissedTickBehavior;

use self::kept::{Arriving, Kept};
use self::name::name;
use crate::random;

/// Bytes of an upload's id, so that nobody guesses one.
const ID_BYTES: usize = 16;
/// How many captures are kept at most, those that are arriving included.
pub(crate) const CAPTURES_MAX: usize = 16;
/// How many times the largest upload all captures may take together: at the default 4 x 2 GiB of disk.
pub(crate) const TOGETHER: u64 = 4;
/// How many bytes must come in each span of patience: a handful of uploads that drip would take all places else.
const LEAST_BYTES: usize = 64 << 10;
/// What others may do with an upload: nothing, whatever the umask.
const OURS_ALONE: u32 = 0o600;

/// Why an upload was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// It is larger than allowed.
    #[error("the capture is larger than {most} bytes; --upload-max allows more")]
    TooLarge { most: u64 },
    /// There are as many as may be.
    #[error("{CAPTURES_MAX} captures are kept already: reset drops them")]
    TooMany,
    /// With it the captures would take more of the disk than they may.
    #[error(
        "the captures that are kept would take more than {most} bytes: reset drops them, --upload-max allows more"
    )]
    Full { most: u64 },
    /// It did not come whole.
    #[error("the upload broke off: {0}")]
    BrokeOff(axum::Error),
    /// It stopped coming.
    #[error("the upload broke off: nothing came for {} s", .0.as_secs())]
    Paused(Duration),
    /// It comes so slowly that it only keeps a place from others.
    #[error("the upload is too slow: fewer than {LEAST_BYTES} bytes came in {} s", .0.as_secs())]
    TooSlow(Duration),
    /// Somebody dropped all captures meanwhile.
    #[error("a reset ended the upload: upload it again")]
    Reset,
    /// It is no capture.
    #[error(transparent)]
    NotACapture(Refusal),
    /// It could not be kept.
    #[error("the capture cannot be kept: {0}; netsonde --data DIR keeps captures in another folder")]
    NotKept(std::io::Error),
}

impl Refused {
    /// Returns the HTTP status (RFC 9110 section 15, RFC 4918 section 11.5).
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BrokeOff(_) => StatusCode::BAD_REQUEST,
            Self::Paused(_) | Self::TooSlow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::Reset => StatusCode::CONFLICT,
            Self::NotACapture(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany | Self::Full { .. } | Self::NotKept(_) => StatusCode::INSUFFICIENT_STORAGE,
        }
    }
}

/// A capture that was uploaded.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// What the user calls it.
    pub(crate) name: String,
}

impl Upload {
    /// Removes its file; that waits for the disk.
    fn remove(&self) {
        match std::fs::remove_file(&self.path) {
            // It was refused before it was begun.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!("an uploaded capture stays in {}: {error}", self.path.display()),
            Ok(()) => {}
        }
    }
}

impl From<Upload> for Origin {
    fn from(upload: Upload) -> Self {
        Self::File { path: upload.path, name: upload.name, speed: None }
    }
}

/// All captures that were uploaded; clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Uploads {
    folder: Arc<PathBuf>,
    kept: Kept,
    pause: Duration,
}

impl Uploads {
    /// Keeps captures of at most `most` bytes in `folder`, which exists; gives up on one that pauses for `pause`, or
    /// comes too slowly for as long.
    pub(crate) fn new(folder: PathBuf, most: u64, pause: Duration) -> Self {
        Self { folder: Arc::new(folder), kept: Kept::new(most), pause }
    }

    /// Takes an upload in and returns its id; nothing stays of one that is refused.
    pub(crate) async fn take(&self, headers: &HeaderMap, body: Body) -> Result<String, Refused> {
        let announced =
            headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let id = random::text(ID_BYTES);
        let upload = Upload { path: self.folder.join(&id), name: name(headers) };
        let mut arriving = self.kept.arrive(upload.clone(), announced.unwrap_or(0))?;
        let mut reset = arriving.reset();
        let arrive = async {
            self.write(body.into_data_stream(), &mut arriving).await?;
            check(upload).await.map_err(Refused::NotACapture)
        };
        tokio::select! {
            arrived = arrive => arrived?,
            _ = reset.changed() => return Err(Refused::Reset),
        }
        arriving.stay(id.clone())?;
        Ok(id)
    }

    /// Returns the upload of an id.
    pub(crate) fn of(&self, id: &str) -> Option<Upload> {
        self.kept.of(id)
    }

    /// Drops all that arrived, and ends what is arriving. It waits for the disk.
    pub(crate) fn drop_all(&self) {
        self.kept.take_all().iter().for_each(Upload::remove);
    }

    async fn write(&self, mut body: BodyDataStream, arriving: &mut Arriving) -> Result<(), Refused> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(OURS_ALONE);
        let mut file = options.open(arriving.path()).await.map_err(|error| self.not_kept(error))?;
        let mut spans = tokio::time::interval(self.pause);
        // What holds up the disk is not the sender's fault.
        spans.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first span begins at once.
        spans.tick().await;
        let mut came = 0;
        loop {
            let piece = tokio::time::timeout(self.pause, body.next()).await;
            let Some(piece) = piece.map_err(|_| Refused::Paused(self.pause))? else { break };
            let piece = piece.map_err(Refused::BrokeOff)?;
            arriving.grow(piece.len() as u64)?;
            file.write_all(&piece).await.map_err(|error| self.not_kept(error))?;
            came += piece.len();
            if spans.tick().now_or_never().is_some() && std::mem::take(&mut came) < LEAST_BYTES {
                return Err(Refused::TooSlow(self.pause));
            }
        }
        file.flush().await.map_err(|error| self.not_kept(error))
    }

    /// Says on the log where; whoever uploads is told what to do about it.
    fn not_kept(&self, error: std::io::Error) -> Refused {
        tracing::warn!("an uploaded capture cannot be kept in {}: {error}", self.folder.display());
        Refused::NotKept(error)
    }
}

/// Opens a capture and closes it again, so that whoever sends something else hears of it at once.
async fn check(upload: Upload) -> Result<(), Refusal> {
    let checked = tokio::task::spawn_blocking(move || Origin::from(upload).check()).await;
    // The thread is only gone when the program ends: nobody hears the answer.
    checked.unwrap_or(Ok(()))
}
