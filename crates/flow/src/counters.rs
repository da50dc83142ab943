//! What a flow table counts.

/// What the table counts about itself and its conversations, since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlowCounters {
    /// TCP conversations (METRICS.md "Time").
    pub tcp_connections: u64,
    /// TCP connections that RST ended.
    pub tcp_resets: u64,
    /// TCP connections whose SYN was answered by RST.
    pub tcp_refused: u64,
    /// TCP packets with payload.
    pub tcp_data_segments: u64,
    /// UDP conversations.
    pub udp_conversations: u64,
    /// Records evicted because the table was full.
    pub evicted: u64,
    /// Evicted conversations that spoke again.
    pub resumed: u64,
    /// Holes in TCP sequence spaces forgotten because there were too many.
    pub holes_forgotten: u64,
    /// TCP segments in flight that were not listed because there were too many: their round trips stay unknown.
    pub segments_forgotten: u64,
    /// Facts dropped because too many came between two ticks.
    pub facts_dropped: u64,
}

impl FlowCounters {
    /// Adds what another table counted.
    pub const fn merge(&mut self, other: &Self) {
        self.tcp_connections += other.tcp_connections;
        self.tcp_resets += other.tcp_resets;
        self.tcp_refused += other.tcp_refused;
        self.tcp_data_segments += other.tcp_data_segments;
        self.udp_conversations += other.udp_conversations;
        self.evicted += other.evicted;
        self.resumed += other.resumed;
        self.holes_forgotten += other.holes_forgotten;
        self.segments_forgotten += other.segments_forgotten;
        self.facts_dropped += other.facts_dropped;
    }
}
