use std::fmt;
use std::time::Duration;

use netsonde_units::quantity::counted;

/// Why a provider gave no answer. Its own words about that are not repeated: they are a stranger's, and some repeat the
/// key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProviderError {
    /// It does not let us in, by its status.
    KeyRefused(u16),
    /// It does not understand what it is asked, by its status.
    NotUnderstood(u16),
    /// It has had enough questions for now; after so long it takes others.
    Busy(Option<Duration>),
    /// It failed, by its status.
    Failed(u16),
    /// It sends elsewhere, by its status.
    SentElsewhere(u16),
    /// No connection comes about; why.
    Unreachable(&'static str),
    /// The connection broke.
    Lost,
    /// It took longer than it had.
    Late(Duration),
    /// It answered more than an answer can be.
    TooLong,
    /// It answered otherwise than such a provider does.
    Strange,
    /// The model did not finish; why, as providers call it.
    Unfinished(Unfinished),
    /// As many calls as an hour may have were made, of `most` all but those that are kept for what matters more.
    NoCallsLeft { most: u32, kept: u32 },
    /// Nobody waits for the answer any more.
    HungUp,
}

/// Why a model did not finish its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfinished {
    /// Its provider held the answer or the question to be harmful.
    Held,
    /// The answer would be longer than its provider lets it be.
    Cut,
    /// It said nothing.
    Silent,
}

impl ProviderError {
    /// Tells whether the same question may get an answer a little later.
    pub(super) const fn passes(self) -> bool {
        matches!(self, Self::Busy(_) | Self::Failed(_) | Self::Lost)
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyRefused(status) => write!(f, "The provider refused the key ({status})."),
            Self::NotUnderstood(404) => {
                write!(f, "The provider knows no such model, or there is none at its address (404).")
            }
            Self::NotUnderstood(status) => write!(f, "The provider did not take the question ({status})."),
            Self::Busy(Some(patience)) if patience.as_secs() > 0 => write!(
                f,
                "The provider takes no more questions for {} (429).",
                counted(patience.as_secs(), "second")
            ),
            Self::Busy(_) => write!(f, "The provider takes no more questions for a while (429)."),
            Self::Failed(status) => write!(f, "The provider failed ({status})."),
            Self::SentElsewhere(status) => {
                write!(f, "The provider sent elsewhere ({status}), which is not followed.")
            }
            Self::Unreachable(why) => write!(f, "The provider cannot be reached: {why}."),
            Self::Lost => write!(f, "The connection to the provider broke."),
            Self::Late(limit) => write!(f, "The model did not answer within {} s.", limit.as_secs_f64()),
            Self::TooLong => write!(f, "The provider answered more than an answer can be."),
            Self::Strange => write!(f, "The provider answered something that is not JSON as it should be."),
            Self::Unfinished(Unfinished::Held) => write!(f, "The provider held back the model's answer."),
            Self::Unfinished(Unfinished::Cut) => write!(f, "The model's answer was cut off."),
            Self::Unfinished(Unfinished::Silent) => write!(f, "The model answered nothing."),
            Self::NoCallsLeft { most, kept } => {
                let most = counted(u64::from(*most), "call");
                write!(f, "The model was not asked: {most} an hour are made at most")?;
                if *kept > 0 {
                    write!(f, ", {kept} of them for reports only")?;
                }
                write!(f, ".")
            }
            Self::HungUp => write!(f, "The model was not waited for."),
        }
    }
}
