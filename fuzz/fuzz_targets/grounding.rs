//! Any bytes as a language model's answer leave sentences that say what was measured, and nothing else.
//!
//! Input: the answer, as text as far as it is.

#![no_main]

use libfuzzer_sys::fuzz_target;
use netsonde_messages::{Author, Piece, Relation, Sentence, Span, Subject, Unit};
use netsonde_summarizer::facts::Facts;
use netsonde_summarizer::ground::{Given, ground};

fuzz_target!(|input: &[u8]| {
    let answer = String::from_utf8_lossy(input);
    let mut facts = Facts::new(Span::default());
    let tcp = || Subject::Protocol("TCP".into());
    let loss = facts.number("TCP loss", tcp(), 2.5, Unit::Percent, "segments sent again", "/".into());
    let before = facts.number("TCP loss, the time before", tcp(), 1.5, Unit::Percent, "segments", "/".into());
    facts.compare(loss, before, Relation::Rose);
    facts.number("Bytes", Subject::Session, 1e6, Unit::Bytes, "bytes on the wire", "/".into());
    facts.text("Source", Subject::Session, "{f1} eth0", "as asked for", "/".into());
    let facts = facts.into_list();
    let piece = |text: &str, fact| Piece { text: text.into(), fact };
    let text = &facts[0].text;
    let pieces = vec![piece("The TCP loss is ", None), piece(text, Some(loss)), piece(".", None)];
    let rules = [Sentence { pieces, author: Author::Rules }];
    let given = Given { facts: &facts, findings: &[], rules: &rules };
    let grounded = ground(&answer, &given, "a model");
    let models = grounded.sentences.iter().filter(|sentence| sentence.author != Author::Rules);
    assert_eq!(models.clone().count(), grounded.accepted);
    for sentence in models {
        assert!(sentence.pieces.iter().any(|piece| piece.fact.is_some()));
        for piece in &sentence.pieces {
            match piece.fact {
                Some(id) => assert_eq!(piece.text, facts[id as usize - 1].text),
                None => assert!(!piece.text.contains(|letter: char| {
                    letter.is_numeric() || letter.is_control() || "{}<>%/@\"`".contains(letter)
                })),
            }
        }
    }
    assert!(!grounded.sentences.is_empty());
    assert_eq!(grounded.struck.is_empty(), grounded.notice().is_none());
    // The same answer leaves the same.
    assert_eq!(ground(&answer, &given, "a model"), grounded);
});
