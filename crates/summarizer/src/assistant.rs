//! The language model that words what the rules have said, where one is configured and allowed.
//!
//! It is asked on a thread of its own, which alone may connect to anywhere, so that whoever asks goes on meanwhile.

mod budget;
mod pending;
mod settings;
mod wording;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use netsonde_messages as messages;
use netsonde_messages::{AssistantPreview, AssistantState};
use netsonde_session::{Monitor, lock};

pub(crate) use self::budget::Budget;
pub(crate) use self::pending::Pending;
pub use self::settings::{Api, AssistantSettings, TimeLimits};
pub(crate) use self::wording::{Task, Worded};
use crate::figures::Figures;
use crate::prompt::Kind;
use crate::provider::{self, Gemini, Line, Network, OpenAi, Provider, ProviderError};
use crate::report::report;

/// What is done on the thread that may connect.
type Job = Box<dyn FnOnce() + Send>;

/// The handle of a language model; clones are the same one.
#[derive(Clone)]
pub struct Assistant {
    shared: Arc<Shared>,
    jobs: Sender<Job>,
}

/// What is to be run on the thread that may connect to the provider.
pub struct Caller {
    jobs: Receiver<Job>,
}

struct Shared {
    settings: AssistantSettings,
    provider: Box<dyn Provider>,
    network: Network,
    budget: Arc<Mutex<Budget>>,
    /// What came of the last call, unless it went well.
    problem: Mutex<Option<String>>,
}

impl Assistant {
    /// Prepares to ask a model, with the rights of the calling thread: the authorities that this system trusts are read.
    /// Nothing is sent.
    pub fn new(settings: AssistantSettings) -> (Self, Caller) {
        let AssistantSettings { api, endpoint, model, key, calls_per_hour, clock, .. } = &settings;
        let provider: Box<dyn Provider> = match api {
            Api::Gemini => Box::new(Gemini::new(endpoint, model, key.clone())),
            Api::OpenAi => Box::new(OpenAi::new(endpoint, model, key.clone())),
        };
        let budget = Arc::new(Mutex::new(Budget::new(*calls_per_hour)));
        let network = Network::new(endpoint, Arc::clone(&budget), *clock);
        let (jobs, todo) = channel();
        let shared = Shared { settings, provider, network, budget, problem: Mutex::default() };
        (Self { shared: Arc::new(shared), jobs }, Caller { jobs: todo })
    }

    /// Tells how it stands with the model.
    pub fn standing(&self, allowed: bool) -> messages::Assistant {
        let AssistantSettings { api, model, endpoint, redacted, clock, .. } = &self.shared.settings;
        let calls_left = lock(&self.shared.budget).left(clock());
        messages::Assistant {
            state: if allowed { AssistantState::Allowed } else { AssistantState::Waiting },
            provider: Some(api.name().into()),
            model: Some(model.clone()),
            host: Some(endpoint.host()),
            redacted: *redacted,
            calls_left: Some(calls_left),
            problem: lock(&self.shared.problem).clone(),
        }
    }

    /// Shows what would be sent if the session that is shown ended here, to the letter.
    pub fn preview(&self, monitor: &Monitor) -> AssistantPreview {
        let moment = monitor.moment();
        let figures = Figures { status: &moment.status, measured: &moment.publication };
        let task = Task::of_report(&report(&figures, &moment.findings));
        let question = task.question(self.shared.settings.redacted);
        AssistantPreview {
            assistant: self.standing(monitor.may_ask()),
            instructions: question.instructions,
            facts: question.material,
        }
    }

    /// Begins to word a task anew; `wake` is called when it is done, whatever has come of it.
    pub(crate) fn begin(&self, task: Task, wake: impl Fn() + Send + 'static) -> Pending {
        let limits = &self.shared.settings.limits;
        let limit = match task.kind {
            Kind::Final => limits.report,
            Kind::Minute => limits.summary,
        };
        let (line, handset) = self.shared.network.line(task.kind, limit);
        let (answers, answer) = channel();
        let shared = Arc::clone(&self.shared);
        let job = Box::new(move || {
            let worded = catch_unwind(AssertUnwindSafe(|| shared.word(&task, &line)));
            let worded = worded.unwrap_or_else(|_| Err("The model's answer could not be read.".into()));
            // It may be that nobody waits any more.
            let _ = answers.send(worded);
            wake();
        });
        // Without the thread that makes calls there is none, which whoever waits finds out.
        let _ = self.jobs.send(job);
        Pending::new(answer, handset, limit, self.shared.settings.clock)
    }
}

impl Shared {
    fn word(&self, task: &Task, line: &Line) -> Result<Worded, String> {
        let question = task.question(self.settings.redacted);
        let answer = provider::ask(&*self.provider, &question, line);
        let was_awaited = answer != Err(ProviderError::HungUp);
        let worded = answer
            .map(|answer| task.read(&answer, &self.settings.model))
            .map_err(|problem| problem.to_string());
        if was_awaited {
            let problem = match &worded {
                // Sentences that were struck are a matter of the text that they were for.
                Ok(worded) => worded.notice.clone().filter(|_| !worded.is_models()),
                Err(problem) => Some(problem.clone()),
            };
            lock(&self.problem).clone_from(&problem);
        }
        worded
    }
}

impl Caller {
    /// Makes calls until the last [`Assistant`] is gone, each on a thread that ends with it and has the rights of the
    /// calling one.
    pub fn run(self) {
        for job in self.jobs {
            // Whoever waits finds out that there is no thread: the job takes the other end with it.
            let _ = thread::Builder::new().name("assistant call".into()).spawn(job);
        }
    }
}

impl std::fmt::Debug for Assistant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Assistant").field("settings", &self.shared.settings).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caller").finish_non_exhaustive()
    }
}
