//! What tshark says on its standard error.

use std::collections::VecDeque;

/// The most lines that are kept: a message has a dozen.
const MAX_LINES: usize = 64;
/// The most bytes of a line that are kept.
const MAX_LINE_LEN: usize = 512;

/// In front of what tshark says itself.
const PREFIX: &str = "tshark:";

/// The newest lines, as many as a message can have.
#[derive(Debug, Default)]
pub(super) struct Words {
    lines: VecDeque<String>,
    unfinished: Vec<u8>,
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

    /// Forgets what was said.
    pub(super) fn forget(&mut self) {
        self.lines.clear();
        self.unfinished.clear();
    }

    /// Returns the newest message in one line: what tshark reports, without its chatter; none where it reports nothing.
    pub(super) fn message(&self) -> Option<String> {
        let mut newest = Vec::new();
        let mut is_inside = false;
        for line in self.lines().filter(|line| !is_chatter(line)) {
            if let Some(said) = line.strip_prefix(PREFIX) {
                is_inside = !said.trim().is_empty();
                if is_inside {
                    newest = vec![said.trim().to_owned()];
                }
            } else if line.trim().is_empty() {
                is_inside = false;
            } else if is_inside || newest.is_empty() {
                newest.push(line.trim().to_owned());
            }
        }
        let message = newest.join(" ");
        // What follows is for readers of a manual; whoever asks is told what to do here.
        let message = message.split(" Please check ").next().unwrap_or_default();
        (!message.is_empty()).then(|| message.to_owned())
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
        self.lines.push_back(printable(&self.unfinished));
        self.unfinished.clear();
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
        // Its log, of less than a warning.
        || (line.starts_with(" ** (") && [" MESSAGE] ", " INFO] ", " DEBUG] "].iter().any(|level| line.contains(level)))
        || ["packet captured", "packets captured", "packet dropped", "packets dropped"].into_iter().any(counts)
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
