//! The thread that asks a language model, which alone may connect to its provider.

use netsonde_summarizer::Assistant;

use crate::config::Llm;
use crate::ending::Failure;
use crate::sandbox::{self, Reach};

/// Starts it, with the rights of the calling thread to begin with: what certificates are trusted is read, and then
/// everything given up but to look up one name and to connect to one port. Nothing is sent yet.
///
/// # Errors
///
/// When the rights cannot be given up, or the system refuses the thread.
pub(crate) fn start(llm: &Llm) -> Result<Assistant, Failure> {
    let (assistant, caller) = Assistant::new(llm.settings());
    let reach = Reach::service(llm.endpoint.port(), llm.endpoint.is_named());
    sandbox::start("assistant", "asks the language model", reach, || caller.run())?;
    Ok(assistant)
}
