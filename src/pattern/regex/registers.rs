//! The spans of groups along one path through the automaton.
//!
//! This is where the sub-match rules of glibc live that are not a matter of
//! which path is taken: an iteration of an optional group that matches nothing
//! is undone with everything inside it, if the group had a match before.

use alloc::vec;
use alloc::vec::Vec;

use super::Span;
use super::program::{Instruction, Program};

type Register = (Option<usize>, Option<usize>);

pub(super) struct Registers {
    current: Vec<Register>,
    accepted: Vec<Register>,
    /// The groups whose two registers may differ.
    changed: Vec<u32>,
}

impl Registers {
    pub(super) fn new(groups: usize) -> Registers {
        Registers {
            current: vec![(None, None); groups],
            accepted: vec![(None, None); groups],
            changed: Vec::new(),
        }
    }

    /// Records that the path goes through an instruction at a position.
    pub(super) fn visit(&mut self, instruction: Instruction, position: usize) {
        match instruction {
            Instruction::Open { group, .. } => {
                if let Some(register) = self.current.get_mut(group as usize) {
                    *register = (Some(position), None);
                    self.changed.push(group);
                }
            }
            Instruction::Close {
                group, optional, ..
            } => {
                let Some(register) = self.current.get_mut(group as usize) else {
                    return;
                };
                let earlier = self.accepted.get(group as usize);
                self.changed.push(group);
                if register.0 < Some(position) {
                    register.1 = Some(position);
                    settle(&mut self.changed, &self.current, &mut self.accepted);
                } else if optional && earlier.is_some_and(|earlier| earlier.0.is_some()) {
                    settle(&mut self.changed, &self.accepted, &mut self.current);
                } else {
                    register.1 = Some(position);
                }
            }
            _ => {}
        }
    }

    /// The whole match and the spans of all groups.
    pub(super) fn spans(&self, program: &Program, whole: Span) -> Vec<Option<Span>> {
        let mut spans = vec![Some(whole)];
        spans.extend(program.spans().iter().map(|group| {
            let (start, end) = self.current.get(*group as usize).copied()?;
            start.zip(end)
        }));
        spans
    }
}

fn settle(changed: &mut Vec<u32>, from: &[Register], to: &mut [Register]) {
    for &group in changed.iter() {
        if let (Some(from), Some(to)) = (from.get(group as usize), to.get_mut(group as usize)) {
            *to = *from;
        }
    }
    changed.clear();
}
