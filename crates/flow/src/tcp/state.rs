//! Where a connection stands.

use netsonde_dissect::TcpFlags;

/// Where a TCP connection stands, as a third party sees it (METRICS.md "TCP").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// SYN seen, no answer yet.
    Opening,
    /// Both ends talk, or the capture began after the handshake.
    Established,
    /// One end sent FIN.
    Closing,
    /// Both ends sent FIN.
    Closed,
    /// RST ended it.
    Reset,
    /// RST answered the SYN.
    Refused,
    /// Nothing answered the SYN.
    TimedOut,
}

/// What a packet (or silence) means for the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// SYN without ACK.
    Syn,
    /// Anything that shows both ends agree: SYN with ACK, or an ACK.
    Agreement,
    /// A segment that says nothing of the handshake.
    Other,
    /// The first FIN.
    FirstFin,
    /// FIN of the other end too.
    BothFins,
    /// RST from the end that was asked.
    ResetByServer,
    /// RST from the end that asked.
    ResetByClient,
    /// No packet for longer than an answer takes.
    Silence,
}

impl State {
    /// Returns the state of a connection whose first captured packet is this event.
    pub(crate) const fn first(event: Event) -> Self {
        match event {
            Event::Syn => Self::Opening,
            Event::Agreement | Event::Other | Event::Silence => Self::Established,
            Event::FirstFin => Self::Closing,
            Event::BothFins => Self::Closed,
            Event::ResetByServer | Event::ResetByClient => Self::Reset,
        }
    }

    /// Returns the state after an event.
    #[expect(clippy::match_same_arms, reason = "one arm for each rule, rather than one for each outcome")]
    pub(crate) const fn after(self, event: Event) -> Self {
        match (self, event) {
            (Self::Opening | Self::TimedOut, Event::ResetByServer) => Self::Refused,
            (Self::Opening, Event::Silence) => Self::TimedOut,
            (Self::Refused, Event::ResetByServer | Event::ResetByClient) => Self::Refused,
            // A reset after both ends have ended the connection takes nothing back.
            (Self::Closed, Event::ResetByServer | Event::ResetByClient) => Self::Closed,
            (_, Event::ResetByServer | Event::ResetByClient) => Self::Reset,
            (Self::Refused | Self::Reset | Self::TimedOut | Self::Opening, Event::Syn) => Self::Opening,
            (Self::Established | Self::Closing | Self::Closed, Event::Syn) => self,
            (Self::Opening | Self::TimedOut | Self::Established, Event::Agreement) => Self::Established,
            (Self::Closing | Self::Closed | Self::Reset | Self::Refused, Event::Agreement) => self,
            (_, Event::Other) => self,
            (Self::Opening | Self::TimedOut | Self::Established | Self::Closing, Event::FirstFin) => {
                Self::Closing
            }
            (Self::Closed | Self::Reset | Self::Refused, Event::FirstFin | Event::BothFins) => self,
            (Self::Opening | Self::TimedOut | Self::Established | Self::Closing, Event::BothFins) => {
                Self::Closed
            }
            (
                Self::Established
                | Self::Closing
                | Self::Closed
                | Self::Reset
                | Self::Refused
                | Self::TimedOut,
                Event::Silence,
            ) => self,
        }
    }

    /// Tells whether nothing more is expected.
    pub(crate) const fn is_over(self) -> bool {
        match self {
            Self::Closed | Self::Reset | Self::Refused | Self::TimedOut => true,
            Self::Opening | Self::Established | Self::Closing => false,
        }
    }
}

impl Event {
    /// Tells what a segment means.
    pub(crate) const fn of(flags: TcpFlags, by_client: bool, other_sent_fin: bool) -> Self {
        if flags.rst() {
            if by_client { Self::ResetByClient } else { Self::ResetByServer }
        } else if flags.fin() {
            if other_sent_fin { Self::BothFins } else { Self::FirstFin }
        } else if flags.ack() {
            Self::Agreement
        } else if flags.syn() {
            Self::Syn
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_opens_talks_and_closes() {
        let state = State::first(Event::Syn).after(Event::Agreement).after(Event::Other);
        assert_eq!(state, State::Established);
        assert_eq!(state.after(Event::FirstFin).after(Event::BothFins), State::Closed);
    }

    #[test]
    fn a_reset_of_an_unanswered_syn_is_a_refusal() {
        assert_eq!(State::Opening.after(Event::ResetByServer), State::Refused);
        assert_eq!(State::Opening.after(Event::ResetByClient), State::Reset);
        assert_eq!(State::Opening.after(Event::Silence), State::TimedOut);
        assert_eq!(State::Established.after(Event::Silence), State::Established);
    }
}
