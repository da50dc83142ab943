use serde_json::{Value, json};
use ureq::http::HeaderName;

use super::problem::Unfinished;
use super::{Endpoint, Key, Line, Provider, ProviderError, Question};

/// The header that carries the key. In an address it would stand in the logs of everybody on the way.
const KEY: HeaderName = HeaderName::from_static("x-goog-api-key");

/// Google's Gemini, `models.generateContent` (<https://ai.google.dev/api/generate-content>).
#[derive(Debug)]
pub(crate) struct Gemini {
    url: String,
    key: Option<Key>,
}

impl Gemini {
    pub(crate) fn new(endpoint: &Endpoint, model: &str, key: Option<Key>) -> Self {
        Self { url: endpoint.at(&format!("v1beta/models/{model}:generateContent")), key }
    }
}

impl Provider for Gemini {
    fn ask(&self, question: &Question, line: &Line) -> Result<String, ProviderError> {
        let secret = self.key.as_ref().and_then(|key| key.header("")).map(|value| (KEY, value));
        said(&line.post(&self.url, secret, &request(question))?)
    }
}

fn request(question: &Question) -> Value {
    json!({
        "systemInstruction": { "parts": [{ "text": question.instructions }] },
        "contents": [{ "role": "user", "parts": [{ "text": question.material }] }],
        "generationConfig": {
            "responseMimeType": "application/json",
            "responseSchema": schema(&question.schema),
        },
    })
}

/// Leaves out what its schemas, a part of JSON Schema, do not know.
fn schema(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "additionalProperties" | "$schema"))
            .map(|(name, value)| match value {
                // Its types are spelled so.
                Value::String(kind) if name == "type" => (name.clone(), kind.to_uppercase().into()),
                value => (name.clone(), self::schema(value)),
            })
            .collect(),
        Value::Array(values) => values.iter().map(self::schema).collect(),
        value => value.clone(),
    }
}

/// Returns what the model said; what it thought before is none of that.
fn said(answer: &Value) -> Result<String, ProviderError> {
    let Some(candidates) = answer.get("candidates") else {
        let held = answer.pointer("/promptFeedback/blockReason").is_some();
        return Err(if held { ProviderError::Unfinished(Unfinished::Held) } else { ProviderError::Strange });
    };
    let candidate = candidates.get(0).ok_or(ProviderError::Unfinished(Unfinished::Silent))?;
    match candidate.get("finishReason").and_then(Value::as_str) {
        Some("STOP") | None => {}
        Some("MAX_TOKENS") => return Err(ProviderError::Unfinished(Unfinished::Cut)),
        Some(_) => return Err(ProviderError::Unfinished(Unfinished::Held)),
    }
    let parts = candidate.pointer("/content/parts").and_then(Value::as_array);
    let is_thought = |part: &&Value| part.get("thought").and_then(Value::as_bool) == Some(true);
    let texts = parts.into_iter().flatten().filter(|part| !is_thought(part));
    let text: String = texts.filter_map(|part| part.get("text").and_then(Value::as_str)).collect();
    if text.is_empty() { Err(ProviderError::Unfinished(Unfinished::Silent)) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_keeps_what_gemini_knows() {
        let strict = json!({ "type": "object", "additionalProperties": false, "properties": {
            "sentences": { "type": "array", "items": { "type": "object", "additionalProperties": false } } } });
        let known = json!({ "type": "OBJECT", "properties": {
            "sentences": { "type": "ARRAY", "items": { "type": "OBJECT" } } } });
        assert_eq!(schema(&strict), known);
    }

    #[test]
    fn what_was_said_is_told_from_thoughts_and_from_what_was_not_finished() {
        let parts = json!([{ "text": "so", "thought": true }, { "text": "{\"a\":" }, { "text": "1}" }]);
        let answer = json!({ "candidates": [{ "content": { "parts": parts }, "finishReason": "STOP" }] });
        assert_eq!(said(&answer), Ok("{\"a\":1}".into()));
        for (answer, problem) in [
            (json!({ "candidates": [{ "finishReason": "MAX_TOKENS" }] }), Unfinished::Cut),
            (json!({ "candidates": [{ "finishReason": "SAFETY" }] }), Unfinished::Held),
            (json!({ "promptFeedback": { "blockReason": "OTHER" } }), Unfinished::Held),
            (json!({ "candidates": [] }), Unfinished::Silent),
            (json!({ "candidates": [{ "content": { "parts": [] } }] }), Unfinished::Silent),
        ] {
            assert_eq!(said(&answer), Err(ProviderError::Unfinished(problem)), "{answer}");
        }
        assert_eq!(said(&json!({ "error": {} })), Err(ProviderError::Strange));
    }
}
