//! How bad something is, as a word, a sign and a colour: never as a colour alone.

use netsonde_messages::Severity;

/// How one of them is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    pub(super) word: &'static str,
    /// The colour, by the class of the style.
    pub(super) class: &'static str,
    /// A shape of its own, 16 by 16.
    pub(super) icon: &'static str,
}

/// Where no rule found anything.
pub(super) const NOTHING: Level = Level {
    word: "Nothing found",
    class: "nothing",
    icon: "M8 .5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15Zm3.6 5.2-4.5 5.3-2.7-2.6 1-1.1 1.6 1.5 3.4-4.1Z",
};

/// How it is shown.
pub(super) const fn of(severity: Severity) -> Level {
    match severity {
        Severity::Info => Level {
            word: "Note",
            class: "info",
            icon: "M8 .5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15ZM7 3.5h2v2H7Zm0 3.3h2v5.7H7Z",
        },
        Severity::Warning => Level {
            word: "Warning",
            class: "warning",
            icon: "M8 .8 15.8 15H.2ZM7 6v4.5h2V6Zm0 5.7v1.8h2v-1.8Z",
        },
        Severity::Critical => Level {
            word: "Critical",
            class: "critical",
            icon: "M4.9.5h6.2l4.4 4.4v6.2l-4.4 4.4H4.9L.5 11.1V4.9ZM7 3.5v5.7h2V3.5Zm0 7v2h2v-2Z",
        },
    }
}
