//! Sub-matches without back-references, inside a span that is already known.
//!
//! First, from the end of the span backwards, the states that can still reach
//! its end are marked for each position; then one path is walked forwards,
//! taking at each fork the preferred way that is marked. Both take time
//! proportional to the product of program and span.

use alloc::vec;
use alloc::vec::Vec;

use super::forks::Forks;
use super::predecessors::Predecessors;
use super::program::{Address, Instruction, Program};
use super::registers::Registers;
use super::{RegexError, Span};

/// The greatest number of marks, as words of 64.
const WORD_LIMIT: usize = 1 << 23;

/// For each position of the span, the states that can reach its end.
struct Marks {
    words: Vec<u64>,
    width: usize,
}

impl Marks {
    fn contains(&self, row: usize, address: Address) -> bool {
        let word = self.words.get(row * self.width + address as usize / 64);
        word.is_some_and(|word| word >> (address % 64) & 1 == 1)
    }

    /// Marks a state, and says whether it was unmarked before.
    fn insert(&mut self, row: usize, address: Address) -> bool {
        let word = self.words.get_mut(row * self.width + address as usize / 64);
        let bit = 1 << (address % 64);
        match word {
            Some(word) if *word & bit == 0 => {
                *word |= bit;
                true
            }
            _ => false,
        }
    }
}

/// With `plain_end`, assertions at the end of the span are not passed.
fn mark(
    program: &Program,
    text: &[u8],
    (start, end): Span,
    plain_end: bool,
) -> Result<Marks, RegexError> {
    let width = program.instructions().len().div_ceil(64);
    let size = (end - start + 1).saturating_mul(width);
    if size > WORD_LIMIT {
        return Err(RegexError::Exhausted);
    }
    let mut marks = Marks {
        words: vec![0; size],
        width,
    };
    let mut edges = Vec::new();
    for (address, instruction) in (0..).zip(program.instructions()) {
        let (first, second) = instruction.successors();
        edges.extend(first.map(|next| (next, address)));
        edges.extend(second.map(|next| (next, address)));
    }
    let predecessors = Predecessors::new(&edges, program.instructions().len());
    // The states of the position that is being marked, and of the one after.
    let mut states: Vec<Address> = Vec::new();
    let mut later: Vec<Address> = Vec::new();
    for position in (start..=end).rev() {
        let row = position - start;
        if position == end {
            // The final state is the first instruction that was generated.
            if marks.insert(row, 0) {
                states.push(0);
            }
        }
        for &address in &later {
            for before in predecessors.of(address) {
                let instruction = program.instruction(*before);
                if program.consume(instruction, text, position) == Some(address)
                    && marks.insert(row, *before)
                {
                    states.push(*before);
                }
            }
        }
        later.clear();
        let mut index = 0;
        while let Some(address) = states.get(index).copied() {
            index += 1;
            for before in predecessors.of(address) {
                let instruction = program.instruction(*before);
                if plain_end
                    && position == end
                    && matches!(instruction, Instruction::Assertion { .. })
                {
                    continue;
                }
                let passes = program.pass(instruction, text, start, position);
                if (passes.0 == Some(address) || passes.1 == Some(address))
                    && marks.insert(row, *before)
                {
                    states.push(*before);
                }
            }
        }
        core::mem::swap(&mut states, &mut later);
    }
    Ok(marks)
}

/// Finds the spans of all groups within the span of the whole match.
pub(super) fn captures(
    program: &Program,
    text: &[u8],
    whole: Span,
) -> Result<Vec<Option<Span>>, RegexError> {
    let (start, end) = whole;
    let mut registers = Registers::new(program.groups());
    if program.groups() == 0 {
        return Ok(registers.spans(program, whole));
    }
    // A way that ends without an assertion is preferred to all that end with one.
    let mut marks = mark(program, text, whole, true)?;
    if !marks.contains(0, program.start()) {
        marks = mark(program, text, whole, false)?;
    }
    let mut forks = Forks::new(program);
    let mut position = start;
    let mut address = program.start();
    loop {
        let row = position - start;
        let instruction = program.instruction(address);
        registers.visit(instruction, position);
        if matches!(instruction, Instruction::Match) {
            return Ok(registers.spans(program, whole));
        }
        if position < end
            && let Some(next) = program.consume(instruction, text, position)
        {
            position += 1;
            address = next;
            continue;
        }
        forks.visit(address, position)?;
        let (first, second) = program.pass(instruction, text, start, position);
        let first = first.filter(|way| marks.contains(row, *way));
        let second = second.filter(|way| marks.contains(row, *way));
        address = match (first, second) {
            (Some(first), Some(second)) if forks.takes_second(first, second, position) => second,
            (Some(first), _) => first,
            (None, Some(second)) => second,
            (None, None) => return Err(RegexError::Exhausted),
        };
    }
}
