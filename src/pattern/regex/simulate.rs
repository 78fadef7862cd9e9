//! Matching without back-references: all threads of the automaton at once.
//!
//! It finds the leftmost-longest span, or only whether there is one. It knows
//! nothing of groups.

use alloc::vec;
use alloc::vec::Vec;

use super::Span;
use super::program::{Address, Instruction, Program};

/// Finds the leftmost-longest match; with `any`, the first match that is seen.
pub(super) fn search(program: &Program, text: &[u8], any: bool) -> Option<Span> {
    let mut best: Option<Span> = None;
    // Threads stay in the order of their start, so that a state reached twice
    // belongs to the leftmost of them.
    let mut threads: Vec<(Address, usize)> = Vec::new();
    let mut following: Vec<(Address, usize)> = Vec::new();
    let mut passed: Vec<Address> = Vec::new();
    // A state was reached at a position if its stamp is the position plus one.
    let mut stamps = vec![0; program.instructions().len()];
    for position in 0..=text.len() {
        if best.is_none() {
            threads.push((program.start(), position));
        }
        for &(address, start) in &threads {
            if best.is_some_and(|(leftmost, _)| leftmost < start) {
                break;
            }
            passed.push(address);
            while let Some(address) = passed.pop() {
                match stamps.get_mut(address as usize) {
                    Some(stamp) if *stamp != position + 1 => *stamp = position + 1,
                    _ => continue,
                }
                let instruction = program.instruction(address);
                match instruction {
                    Instruction::Match => {
                        best = Some((start, position));
                        if any {
                            return best;
                        }
                    }
                    Instruction::Byte { .. } | Instruction::Set { .. } => {
                        if let Some(next) = program.consume(instruction, text, position) {
                            following.push((next, start));
                        }
                    }
                    _ => {
                        let (first, second) = program.pass(instruction, text, start, position);
                        passed.extend(second);
                        passed.extend(first);
                    }
                }
            }
        }
        threads.clear();
        core::mem::swap(&mut threads, &mut following);
        if threads.is_empty() && best.is_some() {
            break;
        }
    }
    best
}
