//! The automaton: instructions, and their generation from the tree.
//!
//! Where two ways lead on, the first is the one glibc prefers for sub-matches;
//! for the question whether there is a match the order means nothing. Counted
//! repetitions are expanded, up to a limit on the size of the program.

use alloc::vec::Vec;

use super::parse::{Assertion, Node, NodeId, Tree};
use super::{Options, RegexError};
use crate::pattern::class::{ByteSet, is_word};

/// The greatest number of instructions in a program.
const SIZE_LIMIT: usize = 1 << 18;

/// The greatest number of steps to generate a program. It exceeds the size
/// because repetitions of nothing take steps and give no instructions.
const STEP_LIMIT: usize = 1 << 21;

/// The index of an instruction.
pub(super) type Address = u32;

/// A state of the automaton.
#[derive(Clone, Copy, Debug)]
pub(super) enum Instruction {
    Byte {
        byte: u8,
        next: Address,
    },
    Set {
        set: u32,
        next: Address,
    },
    Backreference {
        group: u32,
        next: Address,
    },
    Assertion {
        assertion: Assertion,
        next: Address,
    },
    Split {
        first: Address,
        second: Address,
    },
    Open {
        group: u32,
        next: Address,
    },
    Close {
        group: u32,
        /// Whether the group is itself what an operator makes optional.
        optional: bool,
        next: Address,
    },
    Match,
}

impl Instruction {
    /// The instructions that may follow, in order of preference.
    pub(super) fn successors(self) -> (Option<Address>, Option<Address>) {
        match self {
            Instruction::Split { first, second } => (Some(first), Some(second)),
            Instruction::Byte { next, .. }
            | Instruction::Set { next, .. }
            | Instruction::Backreference { next, .. }
            | Instruction::Assertion { next, .. }
            | Instruction::Open { next, .. }
            | Instruction::Close { next, .. } => (Some(next), None),
            Instruction::Match => (None, None),
        }
    }
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct Program {
    instructions: Vec<Instruction>,
    sets: Vec<ByteSet>,
    spans: Vec<u32>,
    start: Address,
    has_backreferences: bool,
    options: Options,
}

impl Program {
    pub(super) fn start(&self) -> Address {
        self.start
    }

    pub(super) fn groups(&self) -> usize {
        self.spans.len()
    }

    /// For each group, the group whose span it reports.
    pub(super) fn spans(&self) -> &[u32] {
        &self.spans
    }

    pub(super) fn has_backreferences(&self) -> bool {
        self.has_backreferences
    }

    pub(super) fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    pub(super) fn instruction(&self, address: Address) -> Instruction {
        self.instructions
            .get(address as usize)
            .copied()
            .unwrap_or(Instruction::Match)
    }

    /// The byte at a position, as the program compares it.
    pub(super) fn fold(&self, byte: u8) -> u8 {
        if self.options.ignore_case {
            byte.to_ascii_uppercase()
        } else {
            byte
        }
    }

    /// Whether an instruction consumes the byte at a position of the text, and
    /// the instruction that then follows.
    pub(super) fn consume(
        &self,
        instruction: Instruction,
        text: &[u8],
        position: usize,
    ) -> Option<Address> {
        let byte = self.fold(*text.get(position)?);
        match instruction {
            Instruction::Byte {
                byte: expected,
                next,
            } => (byte == expected).then_some(next),
            Instruction::Set { set, next } => self
                .sets
                .get(set as usize)
                .is_some_and(|set| set.contains(byte))
                .then_some(next),
            _ => None,
        }
    }

    /// Where an instruction leads without consuming anything, in order of
    /// preference. The start is that of the whole match.
    pub(super) fn pass(
        &self,
        instruction: Instruction,
        text: &[u8],
        start: usize,
        position: usize,
    ) -> (Option<Address>, Option<Address>) {
        match instruction {
            Instruction::Byte { .. }
            | Instruction::Set { .. }
            | Instruction::Backreference { .. } => (None, None),
            Instruction::Assertion { assertion, .. }
                if !self.holds(assertion, text, start, position) =>
            {
                (None, None)
            }
            _ => instruction.successors(),
        }
    }

    fn holds(&self, assertion: Assertion, text: &[u8], start: usize, position: usize) -> bool {
        let before = position.checked_sub(1).and_then(|last| text.get(last));
        let after = text.get(position);
        let ends_line = |byte: Option<&u8>, newline: bool| match byte {
            None => true,
            Some(byte) => newline && *byte == b'\n',
        };
        let newline = self.options.newline;
        let word_before = before.is_some_and(|byte| is_word(*byte));
        let word_after = after.is_some_and(|byte| is_word(*byte));
        match assertion {
            // In glibc a line always starts after a newline that was matched.
            Assertion::LineStart => ends_line(before, newline || start < position),
            Assertion::LineEnd => ends_line(after, newline),
            Assertion::TextStart => before.is_none(),
            Assertion::TextEnd => after.is_none(),
            Assertion::WordStart => !word_before && word_after,
            Assertion::WordEnd => word_before && !word_after,
            Assertion::WordBoundary => word_before != word_after,
            Assertion::NotWordBoundary => word_before == word_after,
        }
    }
}

/// What a node is to the repetition around it. It matters only for the marks on
/// groups that are optional, and those are glibc's: of several copies only the
/// first keeps the marks inside it, and only one copy is marked itself.
#[derive(Clone, Copy)]
struct Role {
    optional: bool,
    copied: bool,
}

enum Task {
    Node {
        node: NodeId,
        role: Role,
    },
    SecondAlternative {
        second: Option<NodeId>,
        next: Address,
        empty: bool,
        copied: bool,
    },
    AlternationEnd {
        first: Address,
        empty: bool,
    },
    Open {
        group: u32,
    },
    Copies {
        child: NodeId,
        count: u16,
        copied: bool,
    },
    LoopEnd {
        split: Address,
    },
    Optionals {
        child: NodeId,
        count: u16,
        copied: bool,
        repeated: bool,
    },
    OptionalsEnd {
        count: u16,
    },
}

/// Generates from the end to the start: `next` is always the instruction that
/// follows whatever is generated now.
struct Generator {
    tree: Tree,
    tasks: Vec<Task>,
    instructions: Vec<Instruction>,
    next: Address,
    /// What follows each of the nested optional copies.
    followers: Vec<Address>,
    /// The groups that report the span of another group and record none.
    absorbed: Vec<bool>,
}

/// Compiles a tree.
pub(super) fn compile(mut tree: Tree, options: Options) -> Result<Program, RegexError> {
    let absorbed = absorb_groups(&mut tree);
    let mut generator = Generator {
        tasks: Vec::new(),
        instructions: Vec::new(),
        next: 0,
        followers: Vec::new(),
        absorbed,
        tree,
    };
    generator.emit(Instruction::Match)?;
    if let Some(root) = generator.tree.root {
        generator.visit(root, false, false);
    }
    let mut steps = 0;
    while let Some(task) = generator.tasks.pop() {
        steps += 1;
        if steps > STEP_LIMIT {
            return Err(RegexError::Exhausted);
        }
        generator.step(task)?;
    }
    Ok(Program {
        instructions: generator.instructions,
        sets: generator.tree.sets,
        spans: generator.tree.spans,
        start: generator.next,
        has_backreferences: generator.tree.has_backreferences,
        options,
    })
}

/// A group that is the whole body of another reports the other's span. Groups
/// are numbered from the outside, and an absorbed group absorbs none itself
/// unless its own body was reached through another level, as in glibc.
fn absorb_groups(tree: &mut Tree) -> Vec<bool> {
    let mut absorbed = Vec::new();
    absorbed.resize(tree.spans.len(), false);
    let mut bodies = Vec::new();
    bodies.resize(tree.spans.len(), None);
    for node in &tree.nodes {
        if let Node::Group {
            group,
            body: Some(body),
        } = *node
            && let Some(Node::Group { group: inner, .. }) = tree.node(body)
            && let Some(slot) = bodies.get_mut(group as usize)
        {
            *slot = Some(inner);
        }
    }
    for (group, inner) in (0..).zip(&bodies) {
        if let Some(inner) = *inner
            && absorbed.get(group as usize) == Some(&false)
            && let Some(mark) = absorbed.get_mut(inner as usize)
            && let Some(span) = tree.spans.get_mut(inner as usize)
        {
            *mark = true;
            *span = group;
        }
    }
    absorbed
}

impl Generator {
    fn emit(&mut self, instruction: Instruction) -> Result<(), RegexError> {
        if self.instructions.len() >= SIZE_LIMIT {
            return Err(RegexError::Exhausted);
        }
        self.next = self.instructions.len() as Address;
        self.instructions.push(instruction);
        Ok(())
    }

    fn visit(&mut self, node: NodeId, optional: bool, copied: bool) {
        let role = Role { optional, copied };
        self.tasks.push(Task::Node { node, role });
    }

    fn step(&mut self, task: Task) -> Result<(), RegexError> {
        let next = self.next;
        match task {
            Task::Node { node, role } => {
                if let Some(node) = self.tree.node(node) {
                    self.node(node, role)?;
                }
            }
            Task::SecondAlternative {
                second,
                next: follower,
                empty,
                copied,
            } => {
                self.next = follower;
                self.tasks.push(Task::AlternationEnd { first: next, empty });
                if let Some(second) = second {
                    self.visit(second, false, copied);
                }
            }
            // An empty first alternative comes after a second one that is not.
            Task::AlternationEnd { first, empty: true } => {
                self.emit(Instruction::Split {
                    first: next,
                    second: first,
                })?;
            }
            Task::AlternationEnd {
                first,
                empty: false,
            } => {
                self.emit(Instruction::Split {
                    first,
                    second: next,
                })?;
            }
            Task::Open { group } => self.emit(Instruction::Open { group, next })?,
            Task::Copies {
                child,
                count,
                copied,
            } => {
                if count > 0 {
                    self.tasks.push(Task::Copies {
                        child,
                        count: count - 1,
                        copied,
                    });
                    self.visit(child, false, copied || count > 1);
                }
            }
            Task::LoopEnd { split } => {
                if let Some(Instruction::Split { first, .. }) =
                    self.instructions.get_mut(split as usize)
                {
                    *first = next;
                }
                self.next = split;
            }
            Task::Optionals {
                child,
                count,
                copied,
                repeated,
            } => {
                self.followers.push(next);
                if count > 1 {
                    let count = count - 1;
                    self.tasks.push(Task::Optionals {
                        child,
                        count,
                        copied,
                        repeated,
                    });
                }
                self.visit(
                    child,
                    !copied && count == 1,
                    copied || repeated || count > 1,
                );
            }
            Task::OptionalsEnd { count } => {
                for _ in 0..count {
                    if let Some(second) = self.followers.pop() {
                        self.emit(Instruction::Split {
                            first: self.next,
                            second,
                        })?;
                    }
                }
            }
        }
        Ok(())
    }

    fn node(&mut self, node: Node, role: Role) -> Result<(), RegexError> {
        let next = self.next;
        let Role { optional, copied } = role;
        match node {
            Node::Byte(byte) => self.emit(Instruction::Byte { byte, next })?,
            Node::Set(set) => self.emit(Instruction::Set { set, next })?,
            Node::Assertion(assertion) => {
                self.emit(Instruction::Assertion { assertion, next })?;
            }
            Node::Backreference(group) => {
                let group = self
                    .tree
                    .spans
                    .get(group as usize)
                    .copied()
                    .unwrap_or(group);
                self.emit(Instruction::Backreference { group, next })?;
            }
            Node::Concatenation(first, second) => {
                self.visit(first, false, copied);
                self.visit(second, false, copied);
            }
            Node::Alternation(first, second) => {
                self.tasks.push(Task::SecondAlternative {
                    second,
                    next,
                    empty: first.is_none(),
                    copied,
                });
                if let Some(first) = first {
                    self.visit(first, false, copied);
                }
            }
            Node::Repetition { child, min, max } => {
                let repeated = min > 0;
                self.tasks.push(Task::Copies {
                    child,
                    count: min,
                    copied,
                });
                match max {
                    Some(max) => {
                        let count = max.saturating_sub(min);
                        if count > 0 {
                            self.tasks.push(Task::OptionalsEnd { count });
                            self.tasks.push(Task::Optionals {
                                child,
                                count,
                                copied,
                                repeated,
                            });
                        }
                    }
                    None => {
                        self.emit(Instruction::Split {
                            first: next,
                            second: next,
                        })?;
                        self.tasks.push(Task::LoopEnd { split: self.next });
                        self.visit(child, !copied, copied || repeated);
                    }
                }
            }
            Node::Group { group, body } => {
                if self.absorbed.get(group as usize) != Some(&true) {
                    self.emit(Instruction::Close {
                        group,
                        optional,
                        next,
                    })?;
                    self.tasks.push(Task::Open { group });
                }
                if let Some(body) = body {
                    self.visit(body, false, copied);
                }
            }
        }
        Ok(())
    }
}
