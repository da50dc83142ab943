//! Language models, by the services that run them. Each is asked over HTTP; what it answers is a stranger's text.

mod endpoint;
mod gemini;
mod key;
mod line;
mod openai;
mod problem;
#[cfg(test)]
pub(crate) mod stage;
#[cfg(test)]
mod tests;
mod tries;

use serde_json::Value;

pub use self::endpoint::Endpoint;
pub(crate) use self::gemini::Gemini;
pub use self::key::Key;
pub(crate) use self::line::{Handset, Line, Network};
pub use self::line::{tls, trusted_authorities};
pub(crate) use self::openai::OpenAi;
pub(crate) use self::problem::ProviderError;
pub(crate) use self::tries::ask;

/// What a model is asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    /// What it is told of its task.
    pub(crate) instructions: String,
    /// What it is to work on: facts, with strangers' words among them, quoted.
    pub(crate) material: String,
    /// The JSON schema that its answer must fit.
    pub(crate) schema: Value,
}

/// A service that runs language models.
pub(crate) trait Provider: Send + Sync {
    /// Asks once; returns what the model answers, as it answers it.
    ///
    /// # Errors
    ///
    /// [`ProviderError`] where there is no answer.
    fn ask(&self, question: &Question, line: &Line) -> Result<String, ProviderError>;
}
