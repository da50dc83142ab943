//! What tshark says on its standard error.

use std::collections::VecDeque;

/// The most lines that are kept: a message has a dozen.
const MAX_LINES: usize = 64;
/// The most bytes of a line that are kept.
const MAX_LINE_LEN: usize = 512;
/// The most bytes of a message that are told: those of tshark have some 100.
const MAX_MESSAGE_LEN: usize = 300;

/// In front of what tshark says itself.
const PREFIX: &str = "tshark:";
/// In what it says where it ends though nobody asked it to; its exit code may be 0 all the same.
const FATAL: [&str; 7] = [
    "no longer attached",
    "the capture has stopped",
    "dumpcap process died",
    "sync pipe",
    "Error while capturing packets",
    "Error reading from pipe",
    "Error by extcap pipe",
];

/// The newest lines, as many as a message can have.
#[derive(Debug, Default)]
pub(super) struct Words {
    lines: VecDeque<String>,
    unfinished: Vec<u8>,
    /// Counts the finished lines that are no chatter.
    heard: u64,
}

impl Words {
    /// Takes in what was read.
    pub(super) fn hear(&mut self, bytes: &[u8]) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = MAX_LINE_LEN.saturating_sub(self.unfinished.len());
            let text = part.strip_suffix(b"\n").unwrap_or(part);
            self.unfinished.extend(text.iter().take(room));
            if text.len() < part.len() {
                self.finish_line();
            }
        }
    }

    /// Forgets what was said, but for the line that is being said: its rest alone would not be known for what it is.
    pub(super) fn forget(&mut self) {
        self.lines.clear();
    }

    /// Returns the newest message in one line: what tshark reports, without its chatter; none where it reports nothing.
    pub(super) fn message(&self) -> Option<String> {
        messages(self.lines()).pop()
    }

    /// Returns the newest message that is whole, and the count of lines up to it: of a program that goes on speaking.
    pub(super) fn newest(&self) -> Option<(u64, String)> {
        Some((self.heard, messages(self.lines.iter().cloned()).pop()?))
    }

    /// Returns the newest message that tells why a capture is over.
    pub(super) fn fatal(&self) -> Option<String> {
        let is_fatal = |message: &String| FATAL.iter().any(|words| message.contains(words));
        messages(self.lines()).into_iter().rfind(is_fatal)
    }

    /// Returns why a filter is not valid, where that is what was said.
    pub(super) fn on_the_filter(&self) -> Option<String> {
        /// How libpcap's own words are enclosed.
        const BEFORE: &str = "valid capture filter (";
        let all = self.lines().collect::<Vec<_>>().join(" ");
        let (_, said) = all.split_once(BEFORE)?;
        let said = said.split_once(").").map_or(said, |(words, _)| words);
        Some(said.trim().to_owned())
    }

    fn lines(&self) -> impl Iterator<Item = String> {
        let unfinished = printable(&self.unfinished);
        self.lines.iter().cloned().chain((!unfinished.is_empty()).then_some(unfinished))
    }

    fn finish_line(&mut self) {
        if self.lines.len() == MAX_LINES {
            self.lines.pop_front();
        }
        let line = printable(&self.unfinished);
        let says_something = !matches!(line.trim(), "" | PREFIX) && !is_chatter(&line);
        self.heard += u64::from(says_something);
        self.lines.push_back(line);
        self.unfinished.clear();
    }
}

/// Puts lines together to messages, each in one line, oldest first.
fn messages(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    let mut is_inside = false;
    for line in lines.filter(|line| !is_chatter(line)) {
        if let Some(said) = line.strip_prefix(PREFIX) {
            is_inside = !said.trim().is_empty();
            if is_inside {
                messages.push(said.trim().to_owned());
            }
        } else if line.trim().is_empty() {
            is_inside = false;
        } else if let Some(message) = messages.last_mut() {
            if is_inside {
                message.push(' ');
                message.push_str(line.trim());
            }
        } else {
            messages.push(line.trim().to_owned());
        }
    }
    messages.iter().map(|message| told(message)).collect()
}

/// Returns what is told of a message.
fn told(message: &str) -> String {
    // What follows is for readers of a manual; whoever asks is told what to do here.
    let message = message.split(" Please check ").next().unwrap_or_default();
    let end = message.floor_char_boundary(MAX_MESSAGE_LEN);
    match message.get(..end) {
        Some(start) if start.len() < message.len() => format!("{start}…"),
        _ => message.to_owned(),
    }
}

/// Tells whether a line is said in every capture, or counted elsewhere.
fn is_chatter(line: &str) -> bool {
    let counts = |what: &str| {
        let (count, rest) = line.split_once(' ').unwrap_or((line, ""));
        count.parse::<u64>().is_ok() && rest.starts_with(what)
    };
    line.starts_with("Running as user ")
        || line.starts_with("Capturing on ")
        // A file of settings of another user: it does without.
        || line.contains("You don't have permission to read the file ")
        || is_idle_log(line)
        || ["packet captured", "packets captured", "packet dropped", "packets dropped"].into_iter().any(counts)
}

/// Tells whether a line is of its log, and of less than a warning, or not said as far as that.
fn is_idle_log(line: &str) -> bool {
    let is_less = || [" MESSAGE] ", " INFO] ", " DEBUG] "].iter().any(|level| line.contains(level));
    line.starts_with(" ** (") && (!line.contains("] ") || is_less())
}

fn printable(line: &[u8]) -> String {
    String::from_utf8_lossy(line).chars().filter(|letter| !letter.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Words {
        let mut words = Words::default();
        words.hear(text.as_bytes());
        words
    }

    /// What tshark 4.0 says in a capture that nothing is wrong with, to its end.
    const CHATTER: &str = "Running as user \"root\" and group \"root\". This could be dangerous.\n\
        Capturing on 'Loopback: lo'\n ** (tshark:7) 22:10:29.732077 [Main MESSAGE] -- Capture started.\n \
        ** (tshark:7) 22:10:29.732127 [Main MESSAGE] -- File: \"-\"\ntshark: \n6 packets captured\n\
        2 packets dropped from lo\n";

    /// tshark writes a line of its log in parts, and begins to capture between them.
    #[test]
    fn a_line_of_the_log_is_chatter_wherever_it_is_cut() {
        let line = b" ** (tshark:15) 00:43:29.468014 [Main MESSAGE] -- Capture started.\n";
        for cut in 1..line.len() {
            let (begun, rest) = line.split_at(cut);
            let mut words = Words::default();
            words.hear(begun);
            // The blank and the first stars say nothing yet: what is cut there is not told while it runs.
            assert!(cut <= " ** (".len() || words.message().is_none(), "{cut}");
            words.forget();
            words.hear(rest);
            assert_eq!((words.message(), words.newest()), (None, None), "{cut}");
        }
        let mut words = Words::default();
        words.hear(b" ** (tshark:15) 00:43:29.468014 [Main WARNING] -- The line is noisy.\n");
        assert!(words.message().is_some_and(|said| said.contains("noisy")));
    }

    #[test]
    fn chatter_is_no_message() {
        assert_eq!(said(CHATTER).message(), None);
        assert_eq!(said("").message(), None);
    }

    #[test]
    fn the_newest_message_is_told_in_one_line() {
        let no_right = "tshark: cap_set_proc() fail return: Operation not permitted\n\n\
            tshark: You do not have permission to capture on device \"lo\".\n(socket: Operation not permitted)\n\
            Please check to make sure you have sufficient permissions.\n\nOn Debian try running\n\n    sudo x\n\
            tshark: \n0 packets captured\n";
        let message =
            "You do not have permission to capture on device \"lo\". (socket: Operation not permitted)";
        assert_eq!(said(&format!("{CHATTER}{no_right}")).message().as_deref(), Some(message));
        let gone = "tshark: The network adapter \"v0\" is no longer attached; the capture has stopped.\n\n\
            tshark: \n0 packets captured\n";
        let message = "The network adapter \"v0\" is no longer attached; the capture has stopped.";
        assert_eq!(said(&format!("{CHATTER}{gone}")).message().as_deref(), Some(message));
        // What others say is told where tshark says nothing.
        assert_eq!(
            said("error while loading libraries").message().as_deref(),
            Some("error while loading libraries")
        );
    }

    #[test]
    fn a_message_is_told_up_to_300_bytes_and_while_it_is_said_not_at_all() {
        let mut words = said(CHATTER);
        words.hear(b"tshark: slow");
        assert_eq!(words.newest(), None);
        assert_eq!(words.message().as_deref(), Some("slow"));
        words.hear(b" disk\ntshark: ");
        assert_eq!(words.newest(), Some((1, "slow disk".into())));
        // 64 lines of 512 bytes are kept of it. The bound falls into the two bytes of a letter.
        words.hear(format!("x{}\n", "é".repeat(300)).repeat(100).as_bytes());
        let (heard, message) = words.newest().unwrap();
        assert_eq!((heard, message), (101, format!("x{}…", "é".repeat(149))));
    }

    #[test]
    fn a_warning_is_no_reason_for_an_end() {
        let gone = "tshark: The network adapter \"v0\" is no longer attached; the capture has stopped.\n";
        let warning = "tshark: The file of colours cannot be read.\n\n";
        assert_eq!(said(warning).fatal(), None);
        let fatal = said(&format!("{warning}{gone}\n{warning}")).fatal().unwrap();
        assert!(fatal.starts_with("The network adapter"), "{fatal}");
    }

    #[test]
    fn words_on_the_filter_are_those_of_libpcap() {
        let text = "tshark: Invalid capture filter \"tcp port http and\" for interface 'Loopback'.\n\n\
            That string isn't a valid capture filter (can't parse filter expression: syntax error).\n\
            See the User's Guide for a description of the capture filter syntax.\n";
        let words = said(text);
        assert_eq!(words.on_the_filter().as_deref(), Some("can't parse filter expression: syntax error"));
        assert_eq!(said(CHATTER).on_the_filter(), None);
    }

    #[test]
    fn what_is_kept_is_bounded_however_it_comes() {
        let mut words = Words::default();
        for _ in 0..100 {
            words.hear(&[b'x'; 100]);
        }
        words.hear(b"\n");
        assert_eq!(words.lines[0].len(), MAX_LINE_LEN);
        words.hear("y\u{1b}[31m\n".repeat(1_000).as_bytes());
        assert_eq!((words.lines.len(), words.lines[0].as_str()), (MAX_LINES, "y[31m"));
        words.forget();
        assert_eq!(words.message(), None);
    }
}
