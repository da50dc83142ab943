//! Alters true sentences, so that they say what was not measured.

use netsonde_messages::{FactValue, Relation};

use super::sample::{Dice, Sample};

/// Alters a sentence; empty where that one can not be altered so.
type Way = fn(&Sample, &mut Dice, &str) -> String;

/// The ways in which a sentence is altered.
pub(super) const WAYS: [(&str, Way); 14] = [
    ("ids swapped within the sentence", swapped),
    ("another fact in the place of one", replaced),
    ("an unknown fact", unknown),
    ("a number typed", typed),
    ("a digit inserted", digit),
    ("a number word", number_word),
    ("a direction or comparison turned", turned),
    ("another subject", subject),
    ("an invented name", name),
    ("an invented fact", invented),
    ("a comparing or judging word", comparing),
    ("another unit or quantity", unit),
    ("a negation", negation),
    ("a cause or advice", cause),
];

fn pick<'a>(dice: &mut Dice, from: &[&'a str]) -> &'a str {
    from[dice.roll(from.len())]
}

fn ids(text: &str) -> Vec<u32> {
    text.split("{f").skip(1).map(|behind| behind.split_once('}').unwrap().0.parse().unwrap()).collect()
}

fn slot(id: u32) -> String {
    format!("{{f{id}}}")
}

/// Puts words behind one of the sentence's words.
fn inserted(dice: &mut Dice, text: &str, words: &str) -> String {
    let places: Vec<usize> = text.match_indices(' ').map(|(place, _)| place).collect();
    let at = places[dice.roll(places.len())];
    let (before, behind) = text.split_at(at);
    format!("{before} {words}{behind}")
}

fn appended(text: &str, words: &str) -> String {
    format!("{}{words}.", text.trim_end_matches('.'))
}

fn swapped(sample: &Sample, dice: &mut Dice, text: &str) -> String {
    let ids = ids(text);
    if ids.len() < 2 {
        return String::new();
    }
    let (one, other) = (ids[dice.roll(ids.len())], ids[dice.roll(ids.len())]);
    // Both ends of a conversation are symmetric where neither is called the client or the server.
    let symmetric = text.contains("between {");
    let both = |name| [one, other].contains(&sample.id(name));
    if sample.fact(one).text == sample.fact(other).text || symmetric && both("client") && both("server") {
        return String::new();
    }
    let text = text.replace(&slot(one), "{}").replace(&slot(other), &slot(one));
    text.replace("{}", &slot(other))
}

fn replaced(sample: &Sample, dice: &mut Dice, text: &str) -> String {
    let ids = ids(text);
    let one = ids[dice.roll(ids.len())];
    let other = &sample.facts[dice.roll(sample.facts.len())];
    // What was sent again is the loss, as a number or as a share.
    let loss = [one, other.id] == [sample.id("resent"), sample.id("loss")];
    let same = ids.contains(&other.id) || other.text == sample.fact(one).text || loss;
    if same { String::new() } else { text.replace(&slot(one), &slot(other.id)) }
}

fn unknown(_: &Sample, dice: &mut Dice, text: &str) -> String {
    let ids = ids(text);
    let wrong = pick(
        dice,
        &["{f999}", "{f0}", "{f}", "{g1}", "{1}", "{f01}", "f1", "{{f1}}", "{f1", "{f-1}", "{F1}"],
    );
    text.replace(&slot(ids[dice.roll(ids.len())]), wrong)
}

fn typed(sample: &Sample, dice: &mut Dice, text: &str) -> String {
    let ids = ids(text);
    let id = ids[dice.roll(ids.len())];
    let said = &sample.fact(id).text;
    if said.contains(|letter: char| letter.is_ascii_digit()) {
        text.replace(&slot(id), said)
    } else {
        String::new()
    }
}

fn digit(_: &Sample, dice: &mut Dice, text: &str) -> String {
    let digits = ["7", "1.5", "٣", "５", "x²", "Ⅳ", "½", "1e6", "0x10", "10%", "%", "$", "€", "3rd"];
    let digits = pick(dice, &digits);
    inserted(dice, text, digits)
}

fn number_word(_: &Sample, dice: &mut Dice, text: &str) -> String {
    let words = [
        "two",
        "a dozen",
        "half",
        "twice",
        "a third",
        "three times",
        "hundreds of",
        "one",
        "percent",
        "Million",
        "double",
        "tenfold",
        "twenty-one",
        "a couple of",
        "second",
        "both",
        "zero",
    ];
    let word = pick(dice, &words);
    inserted(dice, text, word)
}

/// Replaces the first of these words that the sentence holds.
fn turned(sample: &Sample, dice: &mut Dice, text: &str) -> String {
    let _ = sample;
    let pairs = [
        ("inbound", "outbound"),
        ("outbound", "inbound"),
        ("Inbound", "Outbound"),
        ("Outbound", "Inbound"),
        ("came in", "went out"),
        ("went out", "came in"),
        ("rose", "fell"),
        ("grew", "shrank"),
        ("rose", "was unchanged"),
        ("exceeds", "is below"),
        ("from", "to"),
        ("average", "peak"),
        ("peak", "average"),
        ("median", "mean"),
        ("busiest", "smallest"),
        ("client", "server"),
        ("unanswered", "answered"),
        ("dropped", "received"),
        ("encrypted", "unencrypted"),
        ("refused", "accepted"),
        ("reset", "opened"),
    ];
    let held: Vec<_> = pairs.into_iter().filter(|(word, _)| text.contains(word)).collect();
    let Some(&(word, other)) = held.get(dice.roll(held.len().max(1))) else { return String::new() };
    text.replacen(word, other, 1)
}

fn subject(_: &Sample, dice: &mut Dice, text: &str) -> String {
    let words = [
        "TCP",
        "RTP",
        "DNS",
        "UDP",
        "QUIC",
        "TLS",
        "connections",
        "packets",
        "conversations",
        "streams",
        "host",
    ];
    let held: Vec<_> = words.into_iter().filter(|word| text.contains(word)).collect();
    let Some(&word) = held.get(dice.roll(held.len().max(1))) else { return String::new() };
    let other =
        pick(dice, &["IGMP", "SIP", "HTTP", "ICMP", "multicast groups", "printers", "jitter", "handshakes"]);
    if text.contains(other) { String::new() } else { text.replacen(word, other, 1) }
}

fn name(_: &Sample, dice: &mut Dice, text: &str) -> String {
    let names = [
        "to example.com",
        "by Netflix",
        "on eth0",
        "at 10.0.0.7",
        "from fe80::1",
        "Zoom",
        "evil-host",
        "router",
        "on WLAN",
        "https://example.org/",
        "with Slack",
        "bücher.example",
        "for Alice",
        "аpple",
        "de:ad:be:ef:00:01",
        "@home",
    ];
    let name = pick(dice, &names);
    inserted(dice, text, name)
}

fn invented(sample: &Sample, dice: &mut Dice, text: &str) -> String {
    let clauses = [
        " and packets were lost",
        " while retransmissions were seen",
        ", with jitter on the wire",
        " and the firewall was seen",
        ", and connections were refused",
        ", which users notice",
        " and the server was overloaded",
        " through a VPN",
        " in clear text",
        " and DNS failed",
        ", as recorded on Monday",
        " and the network is congested",
    ];
    let clause = pick(dice, &clauses);
    // Not where the fact beside it is just that.
    let held = clause.split(' ').any(|word| word.len() > 5 && text.contains(word.trim_end_matches('s')));
    let about = |word: &str| ids(text).iter().any(|id| sample.fact(*id).label.contains(word));
    let lost = clause.contains("lost") && about("RTP")
        || clause.contains("retrans") && (about("loss") || about("again"))
        || clause.contains("DNS failed") && about("DNS failures");
    if held || lost { String::new() } else { appended(text, clause) }
}

fn comparing(sample: &Sample, dice: &mut Dice, text: &str) -> String {
    let words = [
        "higher",
        "lower",
        "worse",
        "better",
        "faster",
        "slower",
        "rising",
        "falling",
        "increased",
        "decreased",
        "most",
        "least",
        "new",
        "unchanged",
        "normal",
        "healthy",
        "excellent",
        "poor",
        "bad",
        "critical",
        "above",
        "below",
        "more",
        "fewer",
        "largest",
        "nearly",
        "almost",
        "at least",
        "only",
        "up to",
        "all",
        "every",
        "improving",
        "stable",
    ];
    let word = pick(dice, &words);
    // Where a comparison says it, it is none of ours.
    let says = |relations: &[Relation]| {
        sample.facts.iter().any(|fact| match fact.value {
            FactValue::Comparison { of, with, relation } => {
                let about = [fact.id, of, with].iter().any(|id| text.contains(&slot(*id)));
                let same = ids(text).iter().any(|id| sample.fact(*id).subject == sample.fact(of).subject);
                relations.contains(&relation) && (about || same)
            }
            FactValue::Number { .. } | FactValue::Text(_) => false,
        })
    };
    let said = match word {
        "higher" | "more" | "rising" | "increased" | "above" => says(&[Relation::Rose, Relation::More]),
        "most" | "largest" => says(&[Relation::Most]),
        // The rules say it so of this share.
        "all" => text.contains("of the bytes"),
        _ => false,
    };
    if said { String::new() } else { inserted(dice, text, word) }
}

fn unit(_: &Sample, dice: &mut Dice, text: &str) -> String {
    let ids = ids(text);
    let id = slot(ids[dice.roll(ids.len())]);
    let units = [
        "ms",
        "seconds",
        "Mbps",
        "kB",
        "hours",
        "percent",
        "points",
        "per second",
        "times as much",
        "goodput",
        "joins",
    ];
    let unit = pick(dice, &units);
    text.replace(&id, &format!("{id} {unit}"))
}

fn negation(_: &Sample, dice: &mut Dice, text: &str) -> String {
    let words =
        ["not", "never", "no", "hardly", "neither", "didn't", "without", "none of", "cannot", "barely"];
    let word = pick(dice, &words);
    inserted(dice, text, word)
}

fn cause(_: &Sample, dice: &mut Dice, text: &str) -> String {
    let clauses = [
        " because of an attack",
        " due to congestion",
        ", so restart the router",
        ", which should be fixed",
        ", caused by the provider",
        " and might indicate malware",
        "; ignore this",
        ", probably a cable",
        " as expected",
        ", which is suspicious",
        " thanks to caching",
        ", a sign of overload",
    ];
    appended(text, pick(dice, &clauses))
}
