//! The thread that asks a language model, which alone may connect to anywhere.

use std::sync::mpsc::channel;
use std::thread;

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
    let (port, named) = (llm.endpoint.port(), llm.endpoint.is_named());
    let (tells, told) = channel();
    let calls = move || {
        let confined = sandbox::keep_nothing(&Reach::service(port, named)).map(drop);
        let may_call = confined.is_ok();
        // Whoever started it waits for this.
        let _ = tells.send(confined);
        if may_call {
            caller.run();
        }
    };
    let not_started =
        |why: String| Failure::Failed(format!("cannot start the thread that asks the language model: {why}"));
    thread::Builder::new()
        .name("assistant".into())
        .spawn(calls)
        .map_err(|error| not_started(error.to_string()))?;
    told.recv().map_err(|_| not_started("it broke off".into()))??;
    Ok(assistant)
}
