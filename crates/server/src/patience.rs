use std::time::Duration;

/// How long others may take before they count as gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How often a viewer is asked whether it is still there; default 10 s.
    pub ping_every: Duration,
    /// How long a viewer may say nothing, not even answer a ping; default 30 s.
    ///
    /// It is looked at with each ping, so a dead peer is dropped after at most this and one interval of pings.
    pub silence: Duration,
    /// How long a viewer may take to receive one text; default 20 s.
    pub send: Duration,
    /// How long the head of a request may take to come, the first of a connection and every other; default 10 s.
    pub head: Duration,
    /// How long an upload may take for 64 KiB, or for its last bytes; default 30 s.
    pub upload_pause: Duration,
    /// How long who speaks NetPulse's protocol waits for the report of a session that is stopped; default 30 s.
    pub report: Duration,
    /// How long answers that are under way may take at the end of the program; default 500 ms.
    pub farewell: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            ping_every: Duration::from_secs(10),
            silence: Duration::from_secs(30),
            send: Duration::from_secs(20),
            head: Duration::from_secs(10),
            upload_pause: Duration::from_secs(30),
            report: Duration::from_secs(30),
            farewell: Duration::from_millis(500),
        }
    }
}
