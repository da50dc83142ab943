//! How much a session may hold.

use crate::PacketStore;

/// Bounds of one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bounds of the flow table.
    pub flow: netsonde_flow::limits::Limits,
    /// Ended conversations still listed; beyond it the earliest ended are dropped and counted.
    pub ended_flows: usize,
    /// Addresses held; beyond it small ones are dropped and counted.
    pub hosts: u32,
    /// Pairs of addresses held; beyond it small ones are added up in one row.
    pub talkers: u32,
    /// Memory for the newest packets, in bytes, where they are kept to be looked at; for those of a file that can be
    /// read again, memory for what is noted of them.
    pub packet_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            flow: netsonde_flow::limits::Limits::default(),
            ended_flows: 1 << 18,
            hosts: 1 << 20,
            talkers: 1 << 20,
            packet_bytes: PacketStore::DEFAULT_BOUND_BYTES,
        }
    }
}

/// How many talkers are shown.
pub const TOP_TALKERS: usize = 7;

/// How many hosts are shown.
pub const TOP_HOSTS: usize = 10;

/// How many seconds of the charts are kept: an hour.
pub const HISTORY_SECONDS: usize = 3_600;

/// How the charts of a whole session are kept: seconds to a bucket, and buckets. Seconds for an hour, ten seconds for
/// a day, minutes for 60 days in which anything happened. At 600 bytes each: 2 MiB for an hour, 7 MiB for a day, 57 MiB at
/// most.
pub const ARCHIVE_TIERS: [(u64, usize); 3] = [(1, HISTORY_SECONDS), (10, 8_640), (60, 86_400)];

/// The most buckets of charts in one answer: more than a wide screen has columns.
pub const MAX_BUCKETS: u64 = 6_000;

/// How many points may wait for the next publication: a file read at full speed closes many seconds between two.
pub const WAITING_POINTS: usize = 2 * HISTORY_SECONDS;

/// How often a live session publishes, in nanoseconds of its source's time.
pub const TICK_NANOS: u64 = 250_000_000;

/// Addresses whose names are kept; a resolver's day has some ten thousand. Beyond it others are counted.
pub const NAMED_ADDRESSES: usize = 1 << 16;

/// Names kept of one address: a content network serves more by one address than anybody reads.
pub const NAMES_OF_ADDRESS: usize = 64;

/// Memory for names that answers gave addresses, in bytes: a resolver's day takes a tenth of it. Beyond it others are
/// counted.
pub const NAMES_BYTES: usize = 32 << 20;

/// Memory for names that hellos and requests called addresses, in bytes. Beyond it others are counted.
pub const CALLED_BYTES: usize = 16 << 20;

/// Addresses left out of a table that are told apart, so that each counts once; beyond it the count stands still. At some
/// 20 bytes each, more than a MiB a table.
pub const LEFT_OUT: usize = 1 << 16;

/// Names that clients were told of addresses, with their times; beyond it what was told longest ago is dropped and counted.
/// At some 100 bytes each, 25 MiB.
pub const NAMES_TOLD: usize = 1 << 18;

/// Of them, those that one client was told of one address: of what it asks again and again one is kept, and a network that
/// delivers others' content answers with one address for a handful of names.
pub const TELLINGS_OF_PAIR: usize = 16;

/// Names kept of one address that hellos and requests called it.
pub const NAMES_CALLED: usize = 16;

/// Names kept of one address that its host showed of itself: one or two each way, and those of who had the address before.
pub const NAMES_SHOWN: usize = 8;

/// Memory for names that hosts showed of themselves, in bytes: those of 40,000 hosts. Beyond it others are counted.
pub const SHOWN_BYTES: usize = 4 << 20;

/// Exchanges of DHCP of which a part may wait for the other, 600 bytes each: those of an office in which everybody comes back
/// from a power cut. Beyond it the oldest is dropped and counted.
pub const DHCP_EXCHANGES: usize = 1 << 12;

/// Addresses given in one exchange that are kept; beyond it others are counted.
pub const DHCP_ADDRESSES: usize = 8;

/// Conversations of which a clue has come before the row; beyond it others are dropped and counted. Rows are asked for
/// when half of them wait.
pub const EARLY_CLUES: usize = 1 << 15;

/// Conversations that a name told later may still name, in each of two generations; the older one is dropped when the
/// younger one is full.
pub const UNNAMED: usize = 1 << 17;

/// Applications kept of one address; beyond it the smallest is dropped.
pub const APPS_OF_HOST: usize = 64;

/// The largest applications of an address that are told.
pub const TOP_APPS_OF_HOST: usize = 3;

/// Names of an address that are told with it.
pub const NAMES_OF_HOST: usize = 16;

/// The most applications that the dashboard is told at once.
pub const TOLD_APPS: usize = 500;

/// Dialogues of SIP that are kept: those of a busy hour of a house of some hundred telephones. Beyond it the oldest that is
/// over gives way. At some 500 bytes each, 2 MiB.
pub const CALLS: usize = 1 << 12;

/// Calls that a report lists.
pub const LISTED_CALLS: usize = 10_000;

/// Calls that the dashboard is told, the newest.
pub const TOLD_CALLS: usize = 100;

/// Streams of RTP that are kept; beyond it those of ended conversations give way, the first ones first. At up to 2.5 KiB each,
/// 40 MiB.
pub const STREAMS: usize = 1 << 14;

/// Streams of RTP that a report lists.
pub const LISTED_STREAMS: usize = 10_000;

/// Streams of RTP that the dashboard is told, those of the newest calls first.
pub const TOLD_STREAMS: usize = 200;

/// The most rules that a user may make: each is compared with every conversation.
pub const MOST_RULES: usize = 200;

/// Addresses with names that a report lists.
pub const LISTED_NAMES: usize = 10_000;

/// Addresses with names that the dashboard is told, the newest, and groups.
pub const NEWEST_NAMES: usize = 200;

/// Multicast groups that are kept: a busy network of television has hundreds.
pub const GROUPS: usize = 1 << 12;

/// Members kept of one group, and as many that have left it: a link has a few hundred stations. Beyond it who comes or goes is
/// not known.
pub const GROUP_MEMBERS: usize = 1 << 10;

/// Addresses kept that asked who listens; one a link is elected (RFC 3376 section 6.6.2).
pub const QUERIERS: usize = 64;

/// The conversations told of each sign of trouble.
pub const TOLD_FLOWS: usize = 10;

/// Services whose connections are counted by how they went; beyond it those with few attempts, most of them answered, give way.
/// At some 120 bytes each, 1 MiB.
pub const SERVICES_TRIED: u32 = 1 << 13;

/// The services told that did not answer or refused.
pub const TOLD_SERVICES: usize = 20;

/// Hosts of which is kept what they tried in vain; beyond it those with few attempts give way.
pub const SCANNERS: usize = 1 << 10;

/// Addresses and ports tried in vain that are told apart for each host; beyond it the count stands still.
pub const TRIED_EACH: usize = 1 << 10;

/// The same of all hosts together, at some 40 bytes each 10 MiB.
pub const TRIED: usize = 1 << 18;

/// The hosts told that tried most in vain.
pub const TOLD_SCANS: usize = 10;

/// Those who send passwords in clear text that are kept, by sender, receiver and way; beyond it those who sent few give way.
pub const CREDENTIALS: u32 = 1 << 10;

/// Those of them that are told.
pub const TOLD_CREDENTIALS: usize = 50;

/// Hosts that are walked through in a second of a session's time to sum up where they are: of more it is told more seldom.
/// At some 300 ns each, 15 ms.
pub const HOSTS_WALKED: u32 = 50_000;

/// Places that are told.
pub const TOLD_PLACES: usize = 200;

/// The largest hosts of a place that are told.
pub const TOP_HOSTS_OF_PLACE: usize = 5;

/// Hosts that are noted in the order in which they were located, for viewers that are told each once. At some 40 bytes each,
/// 3 MiB.
pub const LOCATED: usize = 1 << 16;

/// Those that are told of everybody that a host exchanged packets with.
pub const PEERS_OF_HOST: usize = 20;

/// The largest conversations of a host that are told.
pub const FLOWS_OF_HOST: usize = 10;
