//! The language model: which, where, and what it takes to ask it.

use std::ffi::OsString;
use std::fs;
use std::str::FromStr;

use clap::ValueEnum;
use netsonde_summarizer::{Api, AssistantSettings, Endpoint, Key, TimeLimits};
use serde::Deserialize;

use super::Options;
use crate::clock;

/// How many calls an hour may have where nobody says: a summary each minute has its tries, half of the time.
const CALLS_PER_HOUR: u32 = 30;
/// The key of any provider.
const OUR_KEY: &str = "NETSONDE_LLM_KEY";
/// The key that Google's own programs go by. Set alone it chooses Gemini.
const GEMINI_KEY: &str = "GEMINI_API_KEY";
/// The key that OpenAI's own programs go by.
const OPENAI_KEY: &str = "OPENAI_API_KEY";

/// Who words reports and summaries, by the name of what it understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LlmName {
    /// Google's Gemini
    Gemini,
    /// What answers as OpenAI does: itself, Ollama, llama.cpp, vLLM
    #[value(name = "openai")]
    OpenAi,
    /// None: the program's own rules
    Off,
}

impl FromStr for LlmName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        <Self as ValueEnum>::from_str(text, false)
            .map_err(|_| format!("{text:?} is no language model's provider: write gemini, openai or off"))
    }
}

/// What keeps a language model from being asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LlmProblem {
    /// A line that says what is missing, or does not fit.
    pub(crate) line: String,
    /// Whether somebody chose the model by `--llm`; otherwise a key that other programs go by did.
    pub(crate) is_chosen: bool,
}

/// A language model, as it was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Llm {
    /// The words that its provider understands.
    pub(crate) api: Api,
    /// The model, as its provider calls it.
    pub(crate) model: String,
    /// Where the provider is.
    pub(crate) endpoint: Endpoint,
    /// What it knows us by.
    pub(crate) key: Option<Key>,
    /// Says which key of the environment is not sent, and why.
    pub(crate) withheld: Option<String>,
    /// Whether addresses and names are replaced before anything is sent.
    pub(crate) redacted: bool,
    /// How many calls may be made within an hour.
    pub(crate) calls_per_hour: u32,
    /// Whether it may be asked without anybody having said so in the dashboard.
    pub(crate) allowed: bool,
}

impl Llm {
    /// Settles which model is asked, if any.
    ///
    /// # Errors
    ///
    /// What keeps the one that is chosen from being asked. It keeps nothing but the dashboard from starting.
    pub(super) fn settle(
        options: &Options,
        variables: &[(OsString, OsString)],
    ) -> Result<Option<Self>, LlmProblem> {
        let chosen = options.llm.or_else(|| is_set(variables, GEMINI_KEY).then_some(LlmName::Gemini));
        let settled = match chosen {
            None | Some(LlmName::Off) => return Ok(None),
            Some(LlmName::Gemini) => Self::of(Api::Gemini, GEMINI_KEY, options, variables),
            Some(LlmName::OpenAi) => Self::of(Api::OpenAi, OPENAI_KEY, options, variables),
        };
        settled.map(Some).map_err(|line| LlmProblem { line, is_chosen: options.llm.is_some() })
    }

    fn of(
        api: Api,
        usual_key: &str,
        options: &Options,
        variables: &[(OsString, OsString)],
    ) -> Result<Self, String> {
        let plain = options.llm_plain_http.unwrap_or(false);
        let endpoint = Endpoint::parse(options.llm_url.as_deref().unwrap_or(api.home()), plain)
            .map_err(|problem| format!("the language model's address: {problem}"))?;
        let is_home = Endpoint::parse(api.home(), false)
            .is_ok_and(|home| endpoint.is_encrypted() && endpoint.host() == home.host());
        let key = key(options, variables, is_home.then_some(usual_key))?;
        if key.is_none() && is_home {
            let name = api.name();
            return Err(format!(
                "the language model ({name}) takes a key: {OUR_KEY}, {usual_key} or --llm-key-file"
            ));
        }
        let withheld = (key.is_none() && is_set(variables, usual_key)).then(|| {
            let host = endpoint.host();
            format!(
                "{usual_key} is not sent to {host}, it is for the provider's own address; {OUR_KEY} or --llm-key-file \
                 holds a key for another"
            )
        });
        let model = options.llm_model.clone().or_else(|| api.usual_model().map(Into::into));
        let model = model.ok_or("the language model has no name: --llm-model NAME gives it one")?;
        if model.is_empty() || model.chars().any(|letter| letter.is_whitespace() || "?#%\\".contains(letter))
        {
            return Err(format!("{model:?} is no model's name"));
        }
        Ok(Self {
            api,
            model,
            endpoint,
            key,
            withheld,
            redacted: options.llm_redact.unwrap_or(false),
            calls_per_hour: options.llm_calls_per_hour.unwrap_or(CALLS_PER_HOUR),
            allowed: options.llm_allow.unwrap_or(false),
        })
    }

    /// Returns what it is asked with.
    pub(crate) fn settings(&self) -> AssistantSettings {
        let Self { api, model, endpoint, key, redacted, calls_per_hour, withheld: _, allowed: _ } =
            self.clone();
        AssistantSettings {
            api,
            model,
            endpoint,
            key,
            redacted,
            calls_per_hour,
            limits: TimeLimits::default(),
            clock: clock::monotonic,
        }
    }
}

/// Tells whether a variable is set; an empty one counts as not set.
fn is_set(variables: &[(OsString, OsString)], name: &str) -> bool {
    variables.iter().any(|(key, value)| key == name && !value.is_empty())
}

/// Finds the key: a file that was named, our variable, the `usual` one of the provider where that may be sent.
fn key(
    options: &Options,
    variables: &[(OsString, OsString)],
    usual: Option<&str>,
) -> Result<Option<Key>, String> {
    if let Some(path) = &options.llm_key_file {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let first = text.lines().next().unwrap_or_default();
        return Key::new(first).map(Some).map_err(|problem| format!("{}: {problem}", path.display()));
    }
    for name in [Some(OUR_KEY), usual].into_iter().flatten() {
        let set = variables.iter().find(|(key, value)| key == name && !value.is_empty());
        if let Some((_, value)) = set {
            let text = value.to_str().ok_or_else(|| format!("{name}: not valid UTF-8"))?;
            return Key::new(text).map(Some).map_err(|problem| format!("{name}: {problem}"));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(options: &Options, variables: &[(&str, &str)]) -> Result<Option<Llm>, LlmProblem> {
        let variables: Vec<_> = variables.iter().map(|(name, value)| (name.into(), value.into())).collect();
        Llm::settle(options, &variables)
    }

    fn chosen(llm: LlmName) -> Options {
        Options { llm: Some(llm), ..Options::default() }
    }

    #[test]
    fn none_is_asked_where_nobody_chose_one() {
        assert_eq!(settled(&Options::default(), &[]), Ok(None));
        assert_eq!(
            settled(&Options::default(), &[("OPENAI_API_KEY", "k"), ("GEMINI_API_KEY", "")]),
            Ok(None)
        );
        assert_eq!(settled(&chosen(LlmName::Off), &[("GEMINI_API_KEY", "k")]), Ok(None));
    }

    #[test]
    fn a_key_of_gemini_alone_chooses_it_and_allows_nothing() {
        let llm = settled(&Options::default(), &[("GEMINI_API_KEY", "k")]).unwrap().unwrap();
        assert_eq!((llm.api, llm.allowed, llm.redacted), (Api::Gemini, false, false));
        assert_eq!(
            (llm.endpoint.host().as_str(), llm.calls_per_hour),
            ("generativelanguage.googleapis.com", 30)
        );
    }

    #[test]
    fn a_file_beats_our_variable_which_beats_that_of_the_provider() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "of-file\nmore").unwrap();
        let variables = [("NETSONDE_LLM_KEY", "ours"), ("OPENAI_API_KEY", "theirs")];
        let key = |options: Options, variables: &[(&str, &str)]| {
            let options = Options { llm_model: Some("small".into()), ..options };
            settled(&options, variables).unwrap().unwrap().key
        };
        let of_file = Options { llm_key_file: Some(file.path().into()), ..chosen(LlmName::OpenAi) };
        assert_eq!(key(of_file, &variables), Some(Key::new("of-file").unwrap()));
        assert_eq!(key(chosen(LlmName::OpenAi), &variables), Some(Key::new("ours").unwrap()));
        assert_eq!(key(chosen(LlmName::OpenAi), &variables[1..]), Some(Key::new("theirs").unwrap()));
        let url = Some("http://127.0.0.1:11434/v1".into());
        assert_eq!(key(Options { llm_url: url, ..chosen(LlmName::OpenAi) }, &[]), None);
    }

    #[test]
    fn what_is_missing_or_does_not_fit_is_said() {
        let openai = || chosen(LlmName::OpenAi);
        let key = [("NETSONDE_LLM_KEY", "k")];
        for (options, variables, problem) in [
            (openai(), &[][..], "the language model (OpenAI-compatible) takes a key"),
            (openai(), &key[..], "the language model has no name"),
            (Options { llm_model: Some("a b".into()), ..openai() }, &key[..], "\"a b\" is no model's name"),
            (chosen(LlmName::Gemini), &[("GEMINI_API_KEY", "a b")][..], "GEMINI_API_KEY: the key holds"),
            (
                Options { llm_key_file: Some("/nowhere/key".into()), ..openai() },
                &key[..],
                "/nowhere/key: No such file",
            ),
            (
                Options { llm_url: Some("http://192.0.2.1".into()), ..chosen(LlmName::Gemini) },
                &key[..],
                "the language model's address: \"http://192.0.2.1\" would send without encryption",
            ),
        ] {
            let told = settled(&options, variables).unwrap_err();
            assert!(told.line.starts_with(problem) && told.is_chosen, "{told:?}");
        }
    }

    #[test]
    fn a_key_of_other_programs_that_cannot_be_one_is_nobodys_choice() {
        let told = settled(&Options::default(), &[("GEMINI_API_KEY", "a b")]).unwrap_err();
        assert!(told.line.starts_with("GEMINI_API_KEY: the key holds") && !told.is_chosen, "{told:?}");
    }

    #[test]
    fn a_key_of_the_provider_is_for_its_own_address_only() {
        let theirs = [("OPENAI_API_KEY", "theirs"), ("GEMINI_API_KEY", "theirs")];
        let ours = [theirs[0], theirs[1], ("NETSONDE_LLM_KEY", "ours")];
        let at = |llm, url: &str, variables: &[(&str, &str)]| {
            let model = Some("small".into());
            let options = Options { llm_url: Some(url.into()), llm_model: model, ..chosen(llm) };
            let llm = settled(&options, variables).unwrap().unwrap();
            (llm.key, llm.withheld)
        };
        let key = |text| Some(Key::new(text).unwrap());
        for (llm, url) in [
            (LlmName::OpenAi, "http://192.168.1.2:11434/v1"),
            (LlmName::OpenAi, "https://gateway.example.org/v1"),
            (LlmName::OpenAi, "https://api.openai.com.example.org/v1"),
            (LlmName::OpenAi, "https://api.openai.com:8443/v1"),
            (LlmName::Gemini, "https://gateway.example.org"),
            (LlmName::Gemini, "https://api.openai.com/v1"),
        ] {
            let (none, withheld) = at(llm, url, &theirs);
            assert_eq!(none, None, "{url}");
            assert!(withheld.unwrap().contains("_API_KEY is not sent to "), "{url}");
            assert_eq!(at(llm, url, &ours), (key("ours"), None), "{url}");
        }
        let home = "https://API.openai.com/v1/";
        assert_eq!(at(LlmName::OpenAi, home, &theirs), (key("theirs"), None));
    }
}
