//! Shows the dashboard in the user's browser.

use std::ffi::{OsStr, OsString};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;

use crate::ending::Failure;
use crate::sandbox;
use crate::uploads::Uploads;

/// Starts a thread that shows a page once it is told where that is, and ends.
///
/// It stands outside the walls around this program: nothing inside may start another.
pub(crate) fn prepare() -> Result<Sender<OsString>, Failure> {
    let (sender, told) = mpsc::channel::<OsString>();
    let wait = move || {
        // Nobody tells it where there is nothing to be shown.
        let Ok(page) = told.recv() else { return };
        if let Err(problem) = sandbox::keep_no_capability().and_then(|()| open(&page)) {
            tracing::warn!("cannot open a browser: {problem}");
        }
    };
    thread::Builder::new()
        .name("browser".into())
        .spawn(wait)
        .map_err(|error| Failure::Failed(format!("cannot start the thread that opens a browser: {error}")))?;
    Ok(sender)
}

/// Returns what the browser is told to open: the address, or where that holds a token a file that leads to it. The
/// arguments of a program can be read by every user of the machine.
pub(crate) fn page(url: &str, uploads: &Uploads) -> OsString {
    if !url.contains('#') {
        return url.into();
    }
    match uploads.write_start_page(url) {
        Ok(page) => page.into(),
        Err(error) => {
            tracing::warn!("the browser is told the token where other users may see it: {error}");
            url.into()
        }
    }
}

/// Asks the desktop to show the page; a machine without one is told where it is all the same.
fn open(page: &OsStr) -> Result<(), String> {
    Command::new("xdg-open")
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(drop)
        .map_err(|error| error.to_string())
}
