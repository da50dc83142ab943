//! What NetPulse's client asks.

use serde_json::Value;

/// The id of the demo among the interfaces.
pub(super) const DEMO: &str = "demo";

/// How much of an unknown command is said back.
const QUOTED_CHARS: usize = 40;

/// A command of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// `get_interfaces`.
    Interfaces,
    /// `get_status`.
    Status,
    /// `start_capture`, with the id of an interface; none where that is no id.
    Start(Option<String>),
    /// `stop_capture`. How long the client believes that it ran is not asked: the session knows.
    Stop,
}

/// Reads a message of the client.
///
/// # Errors
///
/// Says in a sentence what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Asked, String> {
    let message: Value =
        serde_json::from_str(text).map_err(|error| format!("this message was not understood: {error}"))?;
    let command = match message.get("command") {
        Some(Value::String(command)) => command.as_str(),
        Some(_) => return Err("the command of this message is no text".into()),
        None => return Err("this message was not understood: it is no object with a command".into()),
    };
    match command {
        "get_interfaces" => Ok(Asked::Interfaces),
        "get_status" => Ok(Asked::Status),
        "start_capture" => Ok(Asked::Start(message.get("interface").and_then(interface))),
        "stop_capture" => Ok(Asked::Stop),
        unknown => {
            let unknown: String = unknown.chars().take(QUOTED_CHARS).collect();
            Err(format!(
                "there is no command {unknown:?}: get_interfaces, get_status, start_capture and stop_capture are known"
            ))
        }
    }
}

/// Reads the id of an interface; a number is a name as good as another.
fn interface(value: &Value) -> Option<String> {
    match value {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_client_sends_is_read() {
        for (text, asked) in [
            (r#"{"command":"get_interfaces"}"#, Asked::Interfaces),
            (r#"{"command":"get_status","more":[]}"#, Asked::Status),
            (r#"{"command":"start_capture","interface":"eth0"}"#, Asked::Start(Some("eth0".into()))),
            (r#"{"command":"start_capture","interface":1}"#, Asked::Start(Some("1".into()))),
            (r#"{"command":"start_capture","interface":""}"#, Asked::Start(None)),
            (r#"{"command":"start_capture","interface":{}}"#, Asked::Start(None)),
            (r#"{"command":"start_capture"}"#, Asked::Start(None)),
            (r#"{"command":"stop_capture","duration":12}"#, Asked::Stop),
        ] {
            assert_eq!(parse(text), Ok(asked), "{text}");
        }
    }

    /// Fault 65 of the design's public implementation: the length of a session was taken from the page, and nonsense
    /// there left the session half stopped.
    #[test]
    fn the_clients_clock_is_not_listened_to() {
        for duration in ["null", "\"soon\"", "-1", "1e400", "{}", "99999999999999999999"] {
            let text = format!(r#"{{"command":"stop_capture","duration":{duration}}}"#);
            // 1e400 is no number that JSON's readers hold: the message is refused as a whole.
            let is_number = duration != "1e400";
            assert_eq!(parse(&text).is_ok_and(|asked| asked == Asked::Stop), is_number, "{duration}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_said_back_in_a_sentence() {
        for (text, sentence) in [
            ("", "this message was not understood: EOF"),
            ("what is this", "this message was not understood: expected"),
            ("7", "it is no object with a command"),
            ("[]", "it is no object with a command"),
            ("{}", "it is no object with a command"),
            (r#"{"command":null}"#, "the command of this message is no text"),
            (r#"{"command":["get_status"]}"#, "the command of this message is no text"),
            (r#"{"command":"launch"}"#, r#"there is no command "launch": get_interfaces"#),
        ] {
            let refused = parse(text).unwrap_err();
            assert!(refused.contains(sentence), "{text}: {refused}");
        }
        let long = parse(&format!(r#"{{"command":"{}"}}"#, "x".repeat(50_000))).unwrap_err();
        assert!(long.len() < 200, "{long}");
    }
}
