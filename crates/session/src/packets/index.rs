//! Packets stay in their capture file, and are read again when somebody looks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use netsonde_capture::FileSpan;
use netsonde_dissect::Protocol;
use netsonde_metrics::Verdict;

use super::chunk::Chunk;
use crate::lock;

/// How many parts that were read again are kept for the next reader: what two viewers look at who scroll.
const LOADED_PARTS: usize = 4;

/// Notes which part of a file holds which packets.
#[derive(Debug)]
pub(super) struct Index {
    /// The number of the next packet.
    next: u64,
    /// What the packets were counted as whose part is not known yet.
    open: Vec<Protocol>,
    /// The conversations that they belong to.
    open_flows: FlowSet,
    /// Parts that readers do not see yet.
    waiting: Vec<Arc<Part>>,
    parts: Arc<Parts>,
}

/// What readers see of an index.
#[derive(Debug)]
pub(super) struct Parts {
    bound_bytes: usize,
    listed: Mutex<Listed>,
    /// The parts read last, newest first.
    loaded: Mutex<VecDeque<Arc<Chunk>>>,
}

/// No part here is empty, and their numbers follow each other.
#[derive(Debug, Default)]
struct Listed {
    parts: VecDeque<Arc<Part>>,
    held_bytes: usize,
}

/// A part of the file: about a mebibyte.
#[derive(Debug)]
struct Part {
    /// The number of its first packet.
    first: u64,
    /// What each of its packets was counted as.
    protocols: Box<[Protocol]>,
    /// The conversations that they belong to.
    flows: FlowSet,
    span: FileSpan,
}

/// Which conversations have a packet in a part, by their place in the flow table: all that have, and some that have not.
///
/// A mebibyte holds packets of some hundred conversations, so most parts without one of a given conversation are known
/// for such and never read.
#[derive(Debug)]
struct FlowSet {
    words: Box<[u64; Self::WORDS]>,
}

impl FlowSet {
    const WORDS: usize = 64;

    fn new() -> Self {
        Self { words: Box::new([0; Self::WORDS]) }
    }

    fn insert(&mut self, flow: u32) {
        if let Some(word) = self.words.get_mut(Self::word(flow)) {
            *word |= 1 << (flow % u64::BITS);
        }
    }

    fn may_hold(&self, flow: u32) -> bool {
        self.words.get(Self::word(flow)).is_some_and(|word| word & 1 << (flow % u64::BITS) != 0)
    }

    /// Returns the word that a conversation has its bit in.
    fn word(flow: u32) -> usize {
        usize::try_from(flow / u64::BITS).map_or(0, |word| word % Self::WORDS)
    }
}

impl Index {
    /// Makes an empty index that holds at most about `bound_bytes`, the part being read apart; and what its readers see.
    pub(super) fn new(bound_bytes: usize) -> (Self, Arc<Parts>) {
        let parts = Arc::new(Parts { bound_bytes, listed: Mutex::default(), loaded: Mutex::default() });
        let readers = Arc::clone(&parts);
        let open_flows = FlowSet::new();
        (Self { next: 1, open: Vec::new(), open_flows, waiting: Vec::new(), parts }, readers)
    }

    /// Notes what a packet was counted as, and that its conversation has one here.
    pub(super) fn note(&mut self, verdict: Verdict) {
        self.open.push(verdict.protocol);
        if let Some(flow) = verdict.flow {
            self.open_flows.insert(flow);
        }
    }

    /// Says where the packets lie that were noted since the last time.
    pub(super) fn point(&mut self, span: FileSpan) {
        if self.open.is_empty() {
            return;
        }
        let protocols: Box<[Protocol]> = self.open.as_slice().into();
        self.open.clear();
        let flows = std::mem::replace(&mut self.open_flows, FlowSet::new());
        let part = Part { first: self.next, protocols, flows, span };
        self.next = part.end();
        self.waiting.push(Arc::new(part));
    }

    /// Shows readers the parts that were noted since the last time.
    pub(super) fn seal(&mut self) {
        self.parts.add(self.waiting.drain(..));
    }
}

impl Parts {
    /// Adds parts; the oldest give way where too much would be held.
    fn add(&self, parts: impl Iterator<Item = Arc<Part>>) {
        let mut guard = lock(&self.listed);
        let listed = &mut *guard;
        for part in parts {
            listed.held_bytes += part.held_bytes();
            listed.parts.push_back(part);
        }
        while listed.held_bytes > self.bound_bytes && listed.parts.len() > 1 {
            let oldest = listed.parts.pop_front();
            listed.held_bytes -= oldest.map_or(0, |part| part.held_bytes());
        }
    }

    /// Returns the numbers of the oldest and of the newest packet.
    pub(super) fn range(&self) -> Option<(u64, u64)> {
        let listed = lock(&self.listed);
        Some((listed.parts.front()?.first, listed.parts.back()?.end() - 1))
    }

    /// Reads the part of the file again that holds the packet with this number; `None` where no part does, or where
    /// the file is not what it was.
    pub(super) fn chunk(&self, number: u64) -> Option<Arc<Chunk>> {
        let part = self.part(number)?;
        // Held while reading, so that two who look at the same part read it once.
        let mut loaded = lock(&self.loaded);
        let place = loaded.iter().position(|chunk| chunk.contains(number));
        let chunk = match place.and_then(|place| loaded.remove(place)) {
            Some(chunk) => chunk,
            None => Arc::new(part.load()?),
        };
        loaded.truncate(LOADED_PARTS - 1);
        loaded.push_front(Arc::clone(&chunk));
        Some(chunk)
    }

    /// Returns the numbers of the packets around this one, from the first to the one that follows the last, where none
    /// of them is of the conversation at a place of the flow table.
    pub(super) fn without(&self, number: u64, flow: u32) -> Option<(u64, u64)> {
        let part = self.part(number)?;
        (!part.flows.may_hold(flow)).then(|| (part.first, part.end()))
    }

    fn part(&self, number: u64) -> Option<Arc<Part>> {
        let listed = lock(&self.listed);
        let place = listed.parts.partition_point(|part| part.end() <= number);
        listed.parts.get(place).filter(|part| part.first <= number).map(Arc::clone)
    }
}

impl Part {
    /// Returns the number that follows its last packet's.
    const fn end(&self) -> u64 {
        // Lossless: usize has at most 64 bits.
        self.first + self.protocols.len() as u64
    }

    fn held_bytes(&self) -> usize {
        self.protocols.len() + size_of_val(&*self.flows.words) + self.span.held_bytes()
    }

    /// Reads its packets; `None` where they are not there any more.
    fn load(&self) -> Option<Chunk> {
        let mut packets = 0;
        let mut chunk = Chunk::for_packets(self.first, self.protocols.len(), self.span.len_bytes());
        let mut protocols = self.protocols.iter();
        self.span
            .read(|packet| {
                if let Some(&protocol) = protocols.next() {
                    let verdict = Verdict { protocol, ..Verdict::default() };
                    packets += usize::from(chunk.push(&packet, verdict));
                }
            })
            .ok()?;
        (packets == self.protocols.len()).then_some(chunk)
    }
}
