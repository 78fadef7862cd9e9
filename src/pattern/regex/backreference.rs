//! Matching with back-references.
//!
//! A state is an instruction, a position, and the spans of the groups that
//! some back-reference names. Each state is explored once, so that only the
//! number of distinct spans can make a search expensive, and that is bounded by
//! a budget. Patterns without back-references never come here.

use alloc::vec;
use alloc::vec::Vec;

use super::forks::Forks;
use super::predecessors::Predecessors;
use super::program::{Instruction, Program};
use super::registers::Registers;
use super::{RegexError, Span};

/// The greatest number of states that are explored in one search.
const STEP_LIMIT: usize = 1 << 25;

/// The greatest number of words that the states of one start may take.
const WORD_LIMIT: usize = 1 << 22;

/// The offset of a span that has not begun or ended.
const NOWHERE: u32 = u32::MAX;

/// A slot of the hash table without a state, and a missing successor.
const NONE: u32 = u32::MAX;

/// The states reachable from one start.
struct Search<'a> {
    program: &'a Program,
    text: &'a [u8],
    referenced: Vec<u32>,
    /// For each state its instruction, its position, and two offsets for each
    /// referenced group.
    words: Vec<u32>,
    successors: Vec<(u32, u32)>,
    /// A hash table of the states, by linear probing.
    table: Vec<u32>,
    start: usize,
    steps: usize,
}

impl<'a> Search<'a> {
    fn new(program: &'a Program, text: &'a [u8]) -> Result<Search<'a>, RegexError> {
        if text.len() >= NOWHERE as usize {
            return Err(RegexError::Exhausted);
        }
        let mut referenced = Vec::new();
        for instruction in program.instructions() {
            if let Instruction::Backreference { group, .. } = instruction
                && !referenced.contains(group)
            {
                referenced.push(*group);
            }
        }
        Ok(Search {
            program,
            text,
            referenced,
            words: Vec::new(),
            successors: Vec::new(),
            table: Vec::new(),
            start: 0,
            steps: 0,
        })
    }

    fn width(&self) -> usize {
        2 + 2 * self.referenced.len()
    }

    fn state(&self, id: u32) -> &[u32] {
        let width = self.width();
        let start = (id as usize).saturating_mul(width);
        self.words
            .get(start..start.saturating_add(width))
            .unwrap_or_default()
    }

    fn slot(&self, state: &[u32]) -> usize {
        let mut hash = 0u32;
        for word in state {
            hash = (hash.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B1);
        }
        let mask = self.table.len().wrapping_sub(1);
        let mut slot = (hash ^ hash >> 15) as usize & mask;
        while let Some(id) = self.table.get(slot).copied()
            && id != NONE
            && self.state(id) != state
        {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let size = (self.table.len() * 2).max(64);
        self.table.clear();
        self.table.resize(size, NONE);
        for id in 0..self.successors.len() as u32 {
            let slot = self.slot(self.state(id));
            if let Some(entry) = self.table.get_mut(slot) {
                *entry = id;
            }
        }
    }

    /// The number of a state, which is new if nothing led to it before.
    fn intern(&mut self, state: &[u32]) -> Result<u32, RegexError> {
        if self.successors.len() * 2 >= self.table.len() {
            self.grow();
        }
        let slot = self.slot(state);
        let new = self.successors.len() as u32;
        match self.table.get_mut(slot) {
            Some(entry) if *entry == NONE => *entry = new,
            Some(entry) => return Ok(*entry),
            None => return Err(RegexError::Exhausted),
        }
        self.words.extend_from_slice(state);
        self.successors.push((NONE, NONE));
        self.steps += 1;
        if self.words.len() > WORD_LIMIT || self.steps > STEP_LIMIT {
            return Err(RegexError::Exhausted);
        }
        Ok(new)
    }

    /// Explores everything that can follow a start. Returns the end of the
    /// longest match, or with `any` of the first.
    fn explore(&mut self, start: usize, any: bool) -> Result<Option<usize>, RegexError> {
        self.start = start;
        self.words.clear();
        self.successors.clear();
        self.table.clear();
        let mut state = vec![NOWHERE; self.width()];
        if let [address, position, ..] = state.as_mut_slice() {
            *address = self.program.start();
            *position = start as u32;
        }
        self.intern(&state)?;
        let mut longest = None;
        let mut id = 0;
        while (id as usize) < self.successors.len() {
            state.clear();
            state.extend_from_slice(self.state(id));
            if let [address, position, ..] = *state.as_slice()
                && matches!(self.program.instruction(address), Instruction::Match)
            {
                longest = longest.max(Some(position as usize));
                if any {
                    return Ok(longest);
                }
            }
            let (first, second) = self.follow(&mut state);
            let mut successors = (NONE, NONE);
            for (next, successor) in [(first, &mut successors.0), (second, &mut successors.1)] {
                if let (Some(next), Some(address)) = (next, state.first_mut()) {
                    *address = next;
                    *successor = self.intern(&state)?;
                }
            }
            if let Some(entry) = self.successors.get_mut(id as usize) {
                *entry = successors;
            }
            id += 1;
        }
        Ok(longest)
    }

    /// Turns a state into what follows it, except for the instruction: those
    /// that may follow are returned.
    fn follow(&self, state: &mut [u32]) -> (Option<u32>, Option<u32>) {
        let [address, position, spans @ ..] = state else {
            return (None, None);
        };
        let (chunks, _) = spans.as_chunks_mut::<2>();
        let mut slots = self.referenced.iter().zip(chunks);
        let instruction = self.program.instruction(*address);
        let offset = *position as usize;
        match instruction {
            Instruction::Byte { .. } | Instruction::Set { .. } => {
                let next = self.program.consume(instruction, self.text, offset);
                *position += 1;
                (next, None)
            }
            Instruction::Backreference { group, next } => {
                let Some((_, [start, end])) = slots.find(|slot| *slot.0 == group) else {
                    return (None, None);
                };
                let Some(referenced) = self.text.get(*start as usize..*end as usize) else {
                    return (None, None);
                };
                let here = self.text.get(offset..offset + referenced.len());
                let same = here.is_some_and(|here| {
                    let fold = |byte: &u8| self.program.fold(*byte);
                    here.iter().map(fold).eq(referenced.iter().map(fold))
                });
                *position += referenced.len() as u32;
                (same.then_some(next), None)
            }
            Instruction::Open { group, next } => {
                if let Some((_, span)) = slots.find(|slot| *slot.0 == group) {
                    *span = [*position, NOWHERE];
                }
                (Some(next), None)
            }
            Instruction::Close { group, next, .. } => {
                if let Some((_, [_, end])) = slots.find(|slot| *slot.0 == group) {
                    *end = *position;
                }
                (Some(next), None)
            }
            _ => self
                .program
                .pass(instruction, self.text, self.start, offset),
        }
    }

    /// Walks the preferred way through the states that reach the final state at
    /// the end of the match.
    fn walk(&self, whole: Span) -> Result<Vec<Option<Span>>, RegexError> {
        let marks = self.mark(whole.1);
        let marked = |id: u32| marks.get(id as usize) == Some(&true);
        let mut forks = Forks::new(self.program);
        let mut registers = Registers::new(self.program.groups());
        let mut id = 0;
        while let [address, position, ..] = *self.state(id) {
            let instruction = self.program.instruction(address);
            registers.visit(instruction, position as usize);
            if matches!(instruction, Instruction::Match) {
                return Ok(registers.spans(self.program, whole));
            }
            forks.visit(address, position as usize)?;
            let Some((first, second)) = self.successors.get(id as usize).copied() else {
                break;
            };
            let ways = self.state(first).first().zip(self.state(second).first());
            id = match (marked(first), marked(second)) {
                (true, true)
                    if ways.is_some_and(|(first, second)| {
                        forks.takes_second(*first, *second, position as usize)
                    }) =>
                {
                    second
                }
                (true, _) => first,
                (false, true) => second,
                (false, false) => break,
            };
        }
        Err(RegexError::Exhausted)
    }

    fn mark(&self, end: usize) -> Vec<bool> {
        let mut edges = Vec::new();
        let mut reaching = Vec::new();
        let mut marks = vec![false; self.successors.len()];
        for (id, (first, second)) in (0..).zip(&self.successors) {
            edges.push((*first, id));
            edges.push((*second, id));
            if let [address, position, ..] = *self.state(id)
                && matches!(self.program.instruction(address), Instruction::Match)
                && position as usize == end
            {
                reaching.push(id);
            }
        }
        let predecessors = Predecessors::new(&edges, self.successors.len());
        while let Some(id) = reaching.pop() {
            if let Some(mark) = marks.get_mut(id as usize)
                && !*mark
            {
                *mark = true;
                reaching.extend_from_slice(predecessors.of(id));
            }
        }
        marks
    }
}

pub(super) fn is_match(program: &Program, text: &[u8]) -> Result<bool, RegexError> {
    let mut search = Search::new(program, text)?;
    for start in 0..=text.len() {
        if search.explore(start, true)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn captures(
    program: &Program,
    text: &[u8],
) -> Result<Option<Vec<Option<Span>>>, RegexError> {
    let mut search = Search::new(program, text)?;
    for start in 0..=text.len() {
        if let Some(end) = search.explore(start, false)? {
            return search.walk((start, end)).map(Some);
        }
    }
    Ok(None)
}
