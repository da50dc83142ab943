//! `netsonde interfaces`: where we can capture.

use std::io::Write as _;

use crate::config::Config;
use crate::ending::{Ending, Failure};
use crate::output;
use crate::sandbox::{self, Reach};
use crate::text;

/// Lists the interfaces of this machine.
pub(crate) fn run(config: &Config) -> Result<Ending, Failure> {
    sandbox::keep_capture(&config.engine, Reach::everything())?;
    let rows = netsonde_session::interfaces_of(&config.engine, config.program.as_deref())
        .map_err(|error| Failure::Failed(error.to_string()))?;
    let mut out = output::standard();
    if config.json {
        serde_json::to_writer(&mut out, &rows).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
    } else {
        out.write_all(text::interfaces(&rows).as_bytes())?;
    }
    out.flush()?;
    Ok(Ending::Done)
}
