use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use ureq::http::header;

use super::problem::Unfinished;
use super::{Endpoint, Key, Line, Provider, ProviderError, Question};

/// Whatever answers `chat/completions` as OpenAI does (<https://platform.openai.com/docs/api-reference/chat>): OpenAI
/// itself, Ollama, llama.cpp, vLLM.
#[derive(Debug)]
pub(crate) struct OpenAi {
    url: String,
    model: String,
    key: Option<Key>,
    /// Tells that it has refused a schema.
    refuses_schemas: AtomicBool,
}

impl OpenAi {
    pub(crate) fn new(endpoint: &Endpoint, model: &str, key: Option<Key>) -> Self {
        let refuses_schemas = AtomicBool::new(false);
        Self { url: endpoint.at("chat/completions"), model: model.into(), key, refuses_schemas }
    }

    fn post(&self, body: &Value, line: &Line) -> Result<String, ProviderError> {
        let secret = self.key.as_ref().and_then(|key| key.header("Bearer "));
        said(&line.post(&self.url, secret.map(|value| (header::AUTHORIZATION, value)), body)?)
    }
}

impl Provider for OpenAi {
    fn ask(&self, question: &Question, line: &Line) -> Result<String, ProviderError> {
        if !self.refuses_schemas.load(Ordering::Relaxed) {
            match self.post(&by_schema(&self.model, question), line) {
                Err(ProviderError::NotUnderstood(400 | 422)) => {}
                answer => return answer,
            }
        }
        let answer = self.post(&by_words(&self.model, question), line)?;
        self.refuses_schemas.store(true, Ordering::Relaxed);
        Ok(answer)
    }
}

fn by_schema(model: &str, question: &Question) -> Value {
    let format = json!({
        "type": "json_schema",
        "json_schema": { "name": "answer", "strict": true, "schema": question.schema },
    });
    request(model, &question.instructions, question, &format)
}

/// Says the schema in the instructions, for servers that take none.
fn by_words(model: &str, question: &Question) -> Value {
    let Question { instructions, schema, .. } = question;
    let instructions =
        format!("{instructions}\n\nAnswer with one JSON object that fits this schema: {schema}");
    request(model, &instructions, question, &json!({ "type": "json_object" }))
}

fn request(model: &str, instructions: &str, question: &Question, format: &Value) -> Value {
    json!({
        "model": model,
        "messages": [
            { "role": "system", "content": instructions },
            { "role": "user", "content": question.material },
        ],
        "response_format": format,
        "stream": false,
    })
}

fn said(answer: &Value) -> Result<String, ProviderError> {
    let choice = answer.pointer("/choices/0").ok_or(ProviderError::Strange)?;
    match choice.get("finish_reason").and_then(Value::as_str) {
        Some("length") => return Err(ProviderError::Unfinished(Unfinished::Cut)),
        Some("content_filter") => return Err(ProviderError::Unfinished(Unfinished::Held)),
        _ => {}
    }
    if choice.pointer("/message/refusal").is_some_and(Value::is_string) {
        return Err(ProviderError::Unfinished(Unfinished::Held));
    }
    match choice.pointer("/message/content").and_then(Value::as_str) {
        Some(text) if !text.is_empty() => Ok(text.into()),
        _ => Err(ProviderError::Unfinished(Unfinished::Silent)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_told_from_what_was_not_finished() {
        let choice = |message: Value, reason: &str| json!({ "choices": [{ "message": message, "finish_reason": reason }] });
        assert_eq!(said(&choice(json!({ "content": "{}", "refusal": null }), "stop")), Ok("{}".into()));
        for (answer, problem) in [
            (choice(json!({ "content": "{" }), "length"), Unfinished::Cut),
            (choice(json!({ "content": "" }), "stop"), Unfinished::Silent),
            (choice(json!({ "content": null, "refusal": "No." }), "stop"), Unfinished::Held),
            (choice(json!({ "content": null }), "content_filter"), Unfinished::Held),
        ] {
            assert_eq!(said(&answer), Err(ProviderError::Unfinished(problem)), "{answer}");
        }
        assert_eq!(said(&json!({ "choices": [] })), Err(ProviderError::Strange));
    }
}
