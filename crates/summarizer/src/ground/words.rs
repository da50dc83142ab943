//! The words that a model may write, by what they claim.

use netsonde_messages::Relation;

/// Words that are one where they stand beside each other.
const COMPOUNDS: [(&str, &str); 20] = [
    ("made up", "amounted"),
    ("round trip", "roundtrip"),
    ("round trips", "roundtrip"),
    ("sent again", "resent"),
    ("zero window", "zerowindow"),
    ("zero windows", "zerowindow"),
    ("clear text", "cleartext"),
    ("without an answer", "unanswered"),
    ("without answer", "unanswered"),
    ("nobody answered", "unanswered"),
    ("out of order", "disordered"),
    ("came in", "inbound"),
    ("coming in", "inbound"),
    ("went out", "outbound"),
    ("going out", "outbound"),
    ("on average", "average"),
    ("within the local networks", "internal"),
    ("mean opinion score", "mos"),
    ("passed through", "transit"),
    ("p percentile", "p95"),
];

/// Quantities, directions, kinds of subjects and statistics: what they are called here, and by others. A word of these
/// must be one of the fact that it stands beside.
const SENSES: [(&str, &str); 39] = [
    ("rate", "rate rates"),
    ("loss", "loss losses lost losing"),
    ("jitter", "jitter"),
    ("roundtrip", "roundtrip rtt"),
    ("latency", "latency latencies delay delays"),
    ("throughput", "throughput bandwidth bitrate"),
    ("goodput", "goodput"),
    ("packet", "packet packets"),
    ("volume", "bytes byte volume transferred carried"),
    ("traffic", "traffic"),
    ("connection", "connection connections"),
    ("conversation", "conversation conversations flow flows"),
    ("inbound", "inbound incoming received downloaded download arrived"),
    ("outbound", "outbound outgoing sent uploaded upload out"),
    ("internal", "internal local within"),
    ("transit", "transit through"),
    ("peak", "peak peaked maximum max"),
    ("average", "average averaged mean"),
    ("median", "median typical typically"),
    ("p95", "p95 percentile tail"),
    ("share", "share fraction proportion percentage"),
    ("duration", "duration lasted elapsed"),
    ("resent", "resent retransmitted retransmission retransmissions"),
    ("zerowindow", "zerowindow"),
    ("disordered", "disordered reordered"),
    ("unanswered", "unanswered"),
    ("failed", "failed failure failures failing"),
    ("encrypted", "encrypted encryption"),
    ("unencrypted", "unencrypted cleartext"),
    ("mos", "mos"),
    ("host", "host hosts address addresses machine"),
    ("client", "client clients"),
    ("server", "server servers"),
    ("application", "application applications app apps"),
    ("protocol", "protocol protocols"),
    ("query", "query queries question questions lookup lookups"),
    ("response", "response responses answer answers replies"),
    ("drop", "drop drops dropped"),
    ("segment", "segment segments"),
];

/// Words that compare, by how.
const RELATIONS: [(&[Relation], &str); 9] = [
    (
        &[Relation::Rose],
        "rose risen rise rises rising increased increase increases increasing grew grown growing \
         climbed",
    ),
    (
        &[Relation::Fell],
        "fell fallen fall falls falling decreased decrease decreases decreasing declined shrank \
         dropped sank",
    ),
    (&[Relation::Unchanged], "unchanged steady stable constant same similar"),
    (&[Relation::Rose, Relation::More], "more higher larger greater bigger"),
    (&[Relation::Fell, Relation::Less], "less lower fewer smaller"),
    (&[Relation::More], "above exceeded exceeds exceeding"),
    (&[Relation::Less], "below under"),
    (&[Relation::Most], "most highest largest busiest biggest greatest top"),
    (&[Relation::New], "new newly appeared"),
];

/// Words that turn a claim round or stretch it: they pass only in front of the word that the rules put behind them.
const TURNS: &str = "not no none never without nothing nobody neither nor hardly barely except all every each always \
    any entire entirely whole many few little several some only just mostly mainly largely nearly \
    almost about least still already again mere merely even often rarely sometimes much up";

/// Words that are numbers, parts or multiples.
const NUMBERS: &str = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety \
    hundred hundreds thousand thousands million millions billion trillion half halved third thirds \
    quarter fifth tenth dozen dozens score double doubled twice twofold triple tripled trebled \
    thrice tenfold once pair couple both percent first second";

/// Words that speak of an earlier time.
const EARLIER: &str = "before previous previously earlier prior baseline";

/// Words that claim nothing of their own.
const NEUTRAL: &str = "a an the this that these those it its they their there here which who whose what where when is are \
    was were be been being has have had having does do did of in on at to from for by with as over \
    during between among across per into and or but while whereas also too then than measured \
    observed seen saw recorded captured counted reached stood stands amounted amounts accounted accounts \
    came went coming going moved used took taken ran showed shows shown made belonged belongs held spoke \
    found noted reported comes remained session capture measurement value figure time times amount \
    number level overall altogether total together meanwhile respectively exchanged passed \
    using making leaving stayed left itself name named known called identified talker worth data sum \
    totalled";

/// Words that compare what stands before them with what stands behind them.
const AGAINST: &str = "above below under exceeded exceeds exceeding";

/// Words behind which another clause begins.
const STRONG: &str =
    "and but while whereas with or meanwhile then also than above below under exceeded exceeds exceeding";
/// Words behind which nothing is carried over from the clause before.
const RESETS: &str = "but while whereas meanwhile";
/// Words that say something of what stands before them by what stands behind them.
const VERBS: &str = "is are was were had has carried took reached came went sent received accounted amounted made \
    moved transferred exchanged lasted used stood showed saw totalled averaged peaked shows held leaving making lost";
/// Words that may lead over to the next fact.
const PREPOSITIONS: &str = "in of to at from for on by over as during among between into within";

/// Words in front of a number of which nothing else says what it is.
const INTRODUCING: &str =
    "with had has carried of at to in reached over during for lasted averaged moved transferred";
/// Words by which one thing would be a part of the one before it.
const PARTS_OF: &str = "which these those this it them";
/// Lengths of time, of which nothing measured is a share.
const TIMES: &str = "time times session capture measurement";
/// Words behind a comparison that says what it is compared with.
const COMPARED: &str = "as than of";

/// What a word of a quantity, a subject or a statistic means; none for other words.
pub(super) fn sense(word: &str) -> Option<&'static str> {
    SENSES.iter().find(|(_, words)| holds(words, word)).map(|(sense, _)| *sense)
}

/// How a word compares; empty where it does not.
pub(super) fn relations(word: &str) -> &'static [Relation] {
    RELATIONS.iter().find(|(_, words)| holds(words, word)).map_or(&[], |(relations, _)| relations)
}

/// Tells whether a word needs the rules' own words behind it.
pub(super) fn turns(word: &str) -> bool {
    holds(TURNS, word)
}

/// Tells whether a word is a number.
pub(super) fn counts(word: &str) -> bool {
    holds(NUMBERS, word)
}

/// Tells whether a word speaks of an earlier time.
pub(super) fn is_earlier(word: &str) -> bool {
    holds(EARLIER, word)
}

/// Tells whether a word claims nothing.
pub(super) fn is_neutral(word: &str) -> bool {
    holds(NEUTRAL, word)
}

/// Tells whether another clause begins with a word.
pub(super) fn parts(word: &str) -> bool {
    holds(STRONG, word)
}

/// Tells whether nothing is carried over a word.
pub(super) fn resets(word: &str) -> bool {
    holds(RESETS, word)
}

/// Tells whether a word compares what stands before it with what stands behind it.
pub(super) fn is_against(word: &str) -> bool {
    holds(AGAINST, word)
}

/// Tells whether a word says something of what stands before it by what stands behind it.
pub(super) fn is_verb(word: &str) -> bool {
    holds(VERBS, word)
}

/// Tells whether a word may lead over to the next fact.
pub(super) fn leads(word: &str) -> bool {
    holds(PREPOSITIONS, word)
}

/// Tells whether a number that its unit explains may stand behind a word.
pub(super) fn introduces(word: &str) -> bool {
    holds(INTRODUCING, word)
}

/// Tells whether a word behind `of` makes what follows a part of what stands before.
pub(super) fn is_part_of(word: &str) -> bool {
    holds(PARTS_OF, word)
}

/// Tells whether a word is a length of time.
pub(super) fn is_time(word: &str) -> bool {
    holds(TIMES, word)
}

/// Tells whether a word leads from a comparison to what is compared with.
pub(super) fn is_compared(word: &str) -> bool {
    holds(COMPARED, word)
}

/// Tells whether a sense is a kind of subject.
pub(super) fn is_kind(sense: &str) -> bool {
    holds("host client server application protocol conversation connection stream call", sense)
}

/// Tells whether a sense is a whole that a share may be of.
pub(super) fn is_whole(sense: &str) -> bool {
    holds("volume packet traffic query response segment connection stream share", sense)
}

/// Tells whether a sense is a direction.
pub(super) fn is_direction(sense: &str) -> bool {
    holds("inbound outbound internal transit", sense)
}

/// Tells whether a sense is a statistic.
pub(super) fn is_statistic(sense: &str) -> bool {
    holds("peak average median p95", sense)
}

/// What a word is compared by: its sense, or what is left of it without the endings of number and tense.
pub(super) fn key(word: &str) -> String {
    if let Some(sense) = sense(word) {
        return sense.to_owned();
    }
    let mut stem = word;
    if stem.len() > 3 && !stem.ends_with("ss") {
        stem = stem.strip_suffix('s').unwrap_or(stem);
    }
    for ending in ["ing", "ed"] {
        stem = stem.strip_suffix(ending).filter(|short| short.len() > 2).unwrap_or(stem);
    }
    stem.strip_suffix('e').filter(|short| short.len() > 2).unwrap_or(stem).to_owned()
}

/// The compound that words begin with, and how many of them it takes.
pub(super) fn compound(words: &[&str]) -> Option<(&'static str, usize)> {
    let length = |parts: &str| parts.split(' ').count();
    let begins =
        |parts: &str| parts.split(' ').enumerate().all(|(place, part)| words.get(place) == Some(&part));
    let found = COMPOUNDS.iter().filter(|(parts, _)| begins(parts)).max_by_key(|(parts, _)| length(parts));
    found.map(|(parts, one)| (*one, length(parts)))
}

fn holds(list: &str, word: &str) -> bool {
    list.split(' ').any(|other| other == word)
}
