//! The language model: which one would be asked, and whether it may be. Nothing is sent to find out more.

use netsonde_messages::Check;

use super::{no, note, ok};
use crate::config::{Llm, LlmProblem};

const NAME: &str = "language model";

/// Judges the choice of a language model; `authorities` counts those whose certificates this system trusts.
pub(super) fn check(llm: &Result<Option<Llm>, LlmProblem>, authorities: impl FnOnce() -> usize) -> Check {
    let llm = match llm {
        Ok(Some(llm)) => llm,
        Ok(None) => return ok(NAME, "none is configured: the program's own rules write everything"),
        Err(problem) if !problem.is_chosen => {
            return note(NAME, format!("none is asked: {}", problem.line));
        }
        Err(problem) => {
            let mend =
                "correct that, or choose none with --llm off; `netsonde serve --help` lists what may be set";
            return no(NAME, &problem.line, mend);
        }
    };
    let (api, model, host) = (llm.api.name(), &llm.model, llm.endpoint.host());
    let key = if llm.key.is_some() { "with a key" } else { "without a key" };
    let redacted = if llm.redacted { ", addresses and names replaced" } else { "" };
    let chosen = format!("{api}, {model} at {host}, {key}{redacted}");
    if llm.endpoint.is_encrypted() && authorities() == 0 {
        let mend =
            "install the system's list of certificate authorities, such as Debian's package ca-certificates";
        return no(
            NAME,
            format!("{chosen}: this system trusts no certificate, so that it cannot be asked"),
            mend,
        );
    }
    if let Some(withheld) = &llm.withheld {
        return note(NAME, format!("{chosen}: {withheld}"));
    }
    match (llm.allowed, llm.calls_per_hour) {
        (_, 0) => note(NAME, format!("{chosen}: not a single call an hour is allowed")),
        (false, _) => {
            ok(NAME, format!("{chosen}: nothing is sent before somebody allows it in the dashboard"))
        }
        (true, _) => ok(NAME, format!("{chosen}: it is asked without further ado")),
    }
}

#[cfg(test)]
mod tests {
    use netsonde_messages::Outcome;
    use netsonde_summarizer::{Api, Endpoint, Key};

    use super::*;

    fn llm(url: &str, allowed: bool) -> Llm {
        Llm {
            api: Api::OpenAi,
            model: "small".into(),
            endpoint: Endpoint::parse(url, false).unwrap(),
            key: Some(Key::new("secret").unwrap()),
            withheld: None,
            redacted: true,
            calls_per_hour: 30,
            allowed,
        }
    }

    #[test]
    fn a_model_is_named_with_its_host_and_never_its_key() {
        let waits = check(&Ok(Some(llm("https://api.example.org/v1", false))), || 1);
        assert_eq!(
            (waits.outcome, waits.finding.as_str()),
            (
                Outcome::Ok,
                "OpenAI-compatible, small at api.example.org, with a key, addresses and names replaced: nothing is \
                 sent before somebody allows it in the dashboard"
            )
        );
        let allowed = check(&Ok(Some(llm("http://127.0.0.1:11434/v1", true))), || 0);
        assert_eq!(allowed.outcome, Outcome::Ok);
        assert!(allowed.finding.contains("at 127.0.0.1:11434, "), "{allowed:?}");
    }

    #[test]
    fn none_is_fine_and_what_cannot_work_says_no() {
        assert_eq!(check(&Ok(None), || 0).outcome, Outcome::Ok);
        let problem = |is_chosen| LlmProblem { line: "the key is empty".into(), is_chosen };
        assert_eq!(check(&Err(problem(true)), || 1).outcome, Outcome::No);
        assert_eq!(check(&Err(problem(false)), || 1).outcome, Outcome::Note);
        assert_eq!(check(&Ok(Some(llm("https://api.example.org/v1", true))), || 0).outcome, Outcome::No);
    }
}
