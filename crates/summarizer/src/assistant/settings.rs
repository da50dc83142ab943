use std::time::{Duration, Instant};

use crate::provider::{Endpoint, Key};

/// What a language model is asked with.
#[derive(Clone, Debug)]
pub struct AssistantSettings {
    /// The words that its provider understands.
    pub api: Api,
    /// The model, as its provider calls it.
    pub model: String,
    /// Where the provider is.
    pub endpoint: Endpoint,
    /// What it knows us by; none where it lets everybody in.
    pub key: Option<Key>,
    /// Whether addresses and names are replaced by aliases before anything is sent.
    pub redacted: bool,
    /// How many calls may be made within any hour, tries that failed included; from two on some are kept for reports.
    pub calls_per_hour: u32,
    /// How long is waited.
    pub limits: TimeLimits,
    /// The clock that nobody sets.
    pub clock: fn() -> Instant,
}

/// The words that a provider understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// Those of Google's Gemini.
    Gemini,
    /// Those of OpenAI, which many servers understand.
    OpenAi,
}

impl Api {
    /// Names it for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gemini => "Gemini",
            Self::OpenAi => "OpenAI-compatible",
        }
    }

    /// Returns where the company that made it serves it.
    pub const fn home(self) -> &'static str {
        match self {
            Self::Gemini => "https://generativelanguage.googleapis.com",
            Self::OpenAi => "https://api.openai.com/v1",
        }
    }

    /// Names a model for when nobody has chosen one, where that is sensible.
    pub const fn usual_model(self) -> Option<&'static str> {
        match self {
            // An alias of whichever is newest: the others are withdrawn a year or two after they came.
            Self::Gemini => Some("gemini-flash-latest"),
            Self::OpenAi => None,
        }
    }
}

/// How long is waited for the words of a model, all tries together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimits {
    /// For the report of a session that has ended, which no other can follow meanwhile.
    pub report: Duration,
    /// For the summary of a minute.
    pub summary: Duration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self { report: Duration::from_secs(20), summary: Duration::from_secs(15) }
    }
}
