//! Taking a command line apart, word by word, as the signatures of its programs say.

use super::{Braces, Chain, End, GivenOption, Invocation, Operand, Problem, Value};
use crate::programs::{Effect, OperandKind, OptionSignature, Origin, Programs, Rest, Signature};
use crate::script::binding::{self, Spread};
use crate::script::items::{Block, Item, Word};
use std::collections::VecDeque;

impl Chain {
    /// What follows it elsewhere completes it.
    fn goes_on(&mut self) {
        if let Some(last) = self.invocations.last_mut() {
            last.problems
                .retain(|problem| *problem != Problem::NoProgram);
        }
        if self.end == End::Missing {
            self.end = End::Optional;
        }
    }
}

/// Takes command lines apart.
pub struct Reader<'p> {
    programs: &'p Programs,
}

impl<'p> Reader<'p> {
    /// One that knows these programs.
    pub fn new(programs: &'p Programs) -> Reader<'p> {
        Reader { programs }
    }

    /// The command line that these items are. `spread` are the keys that are bound around it
    /// and may stand for any number of words.
    pub fn chain(&self, items: Vec<Item>, spread: &mut Spread) -> Chain {
        let mut items = VecDeque::from(items);
        let around = spread.count();
        let mut invocations: Vec<Invocation> = Vec::new();
        let end = loop {
            match items.pop_front() {
                None => {
                    break match invocations.last_mut() {
                        None => End::Empty,
                        Some(last) if rest(last) == Some(Rest::Optional) => End::Optional,
                        Some(last) => {
                            last.problems.push(Problem::NoProgram);
                            End::Missing
                        }
                    };
                }
                Some(Item::Block(block)) => {
                    let span = block.span();
                    match invocations.last_mut() {
                        None => break End::Empty,
                        Some(last) => last.problems.push(Problem::SuperfluousBlock {
                            operand: None,
                            span,
                        }),
                    }
                    break End::Unknown;
                }
                Some(Item::Word(word)) => {
                    let (invocation, end) = self.invocation(word, &mut items, spread);
                    spread.extend(binding::spreading(&invocation));
                    invocations.push(invocation);
                    if let Some(end) = end {
                        break end;
                    }
                }
            }
        };
        spread.truncate(around);
        Chain { invocations, end }
    }

    /// One program and its own words; `None` where the chain goes on.
    fn invocation(
        &self,
        program: Word,
        items: &mut VecDeque<Item>,
        spread: &mut Spread,
    ) -> (Invocation, Option<End>) {
        let signature = if program.may_change() {
            None
        } else {
            self.programs.signature(&program.value).cloned()
        };
        let mut invocation = Invocation {
            program,
            signature: signature.clone(),
            options: Vec::new(),
            operands: Vec::new(),
            arguments: Vec::new(),
            problems: Vec::new(),
        };
        let Some(signature) = signature else {
            invocation.arguments = items.drain(..).collect();
            return (invocation, Some(End::Unknown));
        };
        let mut taking = Taking {
            reader: self,
            signature: &signature,
            invocation: &mut invocation,
            items,
            spread,
            has_ended: false,
        };
        let has_options = taking.options();
        if taking.has_ended {
            invocation.arguments = items.drain(..).collect();
            return (invocation, Some(End::Program));
        }
        if !has_options || !taking.operands() {
            invocation.arguments = items.drain(..).collect();
            return (invocation, Some(End::Unknown));
        }
        // What begins with a dash is an option that a program takes behind its operands.
        let is_option =
            matches!(items.front(), Some(Item::Word(word)) if word.value.starts_with(b"-"));
        let end = match signature.rest {
            Rest::Required | Rest::Optional
                if is_option && signature.origin != Origin::Execline =>
            {
                invocation.arguments = items.drain(..).collect();
                Some(End::Unknown)
            }
            Rest::Required | Rest::Optional => None,
            Rest::Words => {
                invocation.arguments = items.drain(..).collect();
                Some(End::Program)
            }
            Rest::Nothing => {
                let span = items.front().zip(items.back());
                if let Some((first, last)) = span {
                    let span = first.span().start..last.span().end;
                    let spreads = items.iter().all(|item| {
                        item.word()
                            .is_some_and(|w| binding::spreads(&w.value, spread))
                    });
                    if !spreads {
                        invocation.problems.push(Problem::DeadWords { span });
                    }
                }
                invocation.arguments = items.drain(..).collect();
                Some(End::Program)
            }
        };
        (invocation, end)
    }
}

fn rest(invocation: &Invocation) -> Option<Rest> {
    Some(invocation.signature.as_ref()?.rest)
}

/// The taking of one program's words.
struct Taking<'r, 'p> {
    reader: &'r Reader<'p>,
    signature: &'r Signature,
    invocation: &'r mut Invocation,
    items: &'r mut VecDeque<Item>,
    spread: &'r mut Spread,
    /// True where an option was given after which any words follow and no program.
    has_ended: bool,
}

impl Taking<'_, '_> {
    /// True where the next item is a word that may become any number of words.
    fn spreads_next(&self) -> bool {
        matches!(self.items.front(), Some(Item::Word(word)) if binding::spreads(&word.value, self.spread))
    }

    fn next_word(&mut self) -> Option<Word> {
        if matches!(self.items.front(), Some(Item::Word(_)))
            && let Some(Item::Word(word)) = self.items.pop_front()
        {
            return Some(word);
        }
        None
    }

    fn signature_of(&self, given: &GivenOption) -> Option<&OptionSignature> {
        match &given.long {
            Some(long) => self.signature.long(long),
            None => self.signature.letter(given.letter),
        }
    }

    /// The options. False where nothing can be known from here on.
    fn options(&mut self) -> bool {
        let takes_any = self.signature.rest == Rest::Words
            && self.signature.options.is_empty()
            && self.signature.operands.is_empty();
        // A command of execline without options does not look for any: `-x` is its operand.
        let has_none =
            self.signature.origin == Origin::Execline && self.signature.options.is_empty();
        if takes_any || has_none {
            return true;
        }
        loop {
            if self.has_ended {
                return true;
            }
            if self.spreads_next() {
                return false;
            }
            let Some(Item::Word(word)) = self.items.front() else {
                return true;
            };
            let is_option = word.value.len() > 1 && word.value.starts_with(b"-");
            if !is_option {
                return true;
            }
            let Some(word) = self.next_word() else {
                return true;
            };
            if word.is(b"--") {
                return true;
            }
            if let Some(long) = word.value.strip_prefix(b"--") {
                let long = long.to_vec();
                if !self.long_option(&word, &long) {
                    return false;
                }
            } else if !self.letters(&word) {
                return false;
            }
        }
    }

    fn long_option(&mut self, word: &Word, long: &[u8]) -> bool {
        let mut parts = long.splitn(2, |&byte| byte == b'=');
        let name = parts.next().unwrap_or_default();
        let attached = parts.next();
        let Some(option) = self.signature.long(name).cloned() else {
            if !self.signature.unknown_options && !word.may_change() {
                self.invocation.problems.push(Problem::UnknownOption {
                    option: word.shown(),
                    span: word.span.clone(),
                });
            }
            return !word.may_change();
        };
        let argument = match (option.argument.is_some(), attached) {
            (true, Some(value)) => Some(Word {
                value: value.into(),
                ..word.clone()
            }),
            (true, None) => match self.argument(&option, word) {
                Some(argument) => Some(argument),
                None => return false,
            },
            (false, _) => None,
        };
        self.given(&option, Some(name.to_vec()), word, argument);
        true
    }

    fn letters(&mut self, word: &Word) -> bool {
        let letters = word.value.get(1..).unwrap_or_default().to_vec();
        for (place, &letter) in letters.iter().enumerate() {
            let Some(option) = self.signature.letter(letter).cloned() else {
                if word.may_change() {
                    return false;
                }
                if self.signature.unknown_options {
                    return true;
                }
                self.invocation.problems.push(Problem::UnknownOption {
                    option: format!("-{}", letter.escape_ascii()),
                    span: word.span.clone(),
                });
                return true;
            };
            if option.argument.is_none() {
                self.given(&option, None, word, None);
                continue;
            }
            let attached = letters.get(place + 1..).unwrap_or_default();
            let argument = if attached.is_empty() {
                match self.argument(&option, word) {
                    Some(argument) => argument,
                    None => return false,
                }
            } else {
                Word {
                    value: attached.into(),
                    ..word.clone()
                }
            };
            self.given(&option, None, word, Some(argument));
            return true;
        }
        true
    }

    /// The next word as the argument of an option; `None` where there is none.
    fn argument(&mut self, option: &OptionSignature, word: &Word) -> Option<Word> {
        if self.spreads_next() {
            return None;
        }
        if let Some(argument) = self.next_word() {
            return Some(argument);
        }
        let shown = match (option.letter, &option.long) {
            (Some(letter), _) => format!("-{}", letter.escape_ascii()),
            (None, Some(long)) => format!("--{long}"),
            (None, None) => word.shown(),
        };
        self.invocation.problems.push(Problem::MissingArgument {
            option: shown,
            span: word.span.clone(),
        });
        None
    }

    fn given(
        &mut self,
        option: &OptionSignature,
        long: Option<Vec<u8>>,
        word: &Word,
        argument: Option<Word>,
    ) {
        self.has_ended |= option.ends;
        self.invocation.options.push(GivenOption {
            letter: option.letter.unwrap_or(0),
            long,
            span: word.span.clone(),
            argument,
        });
    }

    /// What the options given make of the first operand.
    fn effect(&self) -> Effect {
        let given = self.invocation.options.iter();
        given
            .filter_map(|given| self.signature_of(given))
            .map(|option| option.effect)
            .rfind(|effect| *effect != Effect::None)
            .unwrap_or_default()
    }

    /// The operands. False where nothing can be known from here on.
    fn operands(&mut self) -> bool {
        let effect = self.effect();
        let signature = self.signature;
        for (place, operand) in signature.operands.iter().enumerate() {
            let mut kind = operand.kind;
            if place == 0 {
                match effect {
                    Effect::None => {}
                    Effect::Omits => continue,
                    Effect::Makes(other) => kind = other,
                }
            }
            if self.spreads_next() {
                return false;
            }
            let value = if kind.is_block() {
                match self.items.front() {
                    Some(Item::Block(_)) => match self.items.pop_front() {
                        Some(Item::Block(block)) => self.block(kind, block),
                        _ => return false,
                    },
                    _ if operand.optional => continue,
                    found => {
                        let found = found.map(Item::span);
                        self.invocation.problems.push(Problem::MissingBlock {
                            operand: operand.name.clone(),
                            found,
                        });
                        return false;
                    }
                }
            } else {
                match self.items.front() {
                    Some(Item::Word(_)) => match self.next_word() {
                        Some(word) => Value::Word(word),
                        None => return false,
                    },
                    Some(Item::Block(block)) => {
                        self.invocation.problems.push(Problem::SuperfluousBlock {
                            operand: Some(operand.name.clone()),
                            span: block.span(),
                        });
                        return false;
                    }
                    None if operand.optional => continue,
                    None => {
                        self.invocation.problems.push(Problem::MissingOperand {
                            operand: operand.name.clone(),
                        });
                        return false;
                    }
                }
            };
            self.invocation.operands.push(Operand {
                name: operand.name.clone(),
                kind,
                value,
            });
            // Who writes `export A=B` has the next command behind it, not a value.
            if self.has_value_attached() {
                break;
            }
        }
        if signature.assignments {
            while matches!(self.items.front(), Some(Item::Word(word)) if word.value.contains(&b'='))
            {
                if let Some(word) = self.next_word() {
                    self.invocation.arguments.push(Item::Word(word));
                }
            }
        }
        true
    }

    /// True for `export A=B`, which is the shell's way.
    fn has_value_attached(&self) -> bool {
        let first = self.invocation.operand(0);
        self.signature.name == "export"
            && self.invocation.operands.len() == 1
            && first.is_some_and(|word| word.is_bare && word.value.contains(&b'='))
    }

    fn block(&mut self, kind: OperandKind, block: Block) -> Value {
        let braces = Braces {
            open: block.open,
            close: block.close,
        };
        match kind {
            OperandKind::Program => {
                let mut chain = self.reader.chain(block.items, self.spread);
                // With -s it puts the rest behind the block that it chooses.
                if self.signature.name == "ifthenelse" && self.invocation.has('s') {
                    chain.goes_on();
                }
                Value::Program(braces, chain)
            }
            OperandKind::Cases => {
                let cases = self.cases(block.items);
                Value::Cases(braces, cases)
            }
            _ if self.signature.name == "multisubstitute" => {
                Value::Directives(braces, self.directives(block.items))
            }
            _ => Value::Words(braces, block.items),
        }
    }

    fn cases(&mut self, items: Vec<Item>) -> Vec<(Word, Braces, Chain)> {
        let mut cases = Vec::new();
        let mut items = items.into_iter();
        while let Some(item) = items.next() {
            let span = item.span();
            let next = items.next();
            match (item, next) {
                (Item::Word(word), Some(Item::Block(block))) => {
                    let braces = Braces {
                        open: block.open,
                        close: block.close,
                    };
                    let chain = self.reader.chain(block.items, self.spread);
                    cases.push((word, braces, chain));
                }
                _ => {
                    self.invocation.problems.push(Problem::BadCase { span });
                    break;
                }
            }
        }
        cases
    }

    fn directives(&mut self, items: Vec<Item>) -> Vec<Invocation> {
        let mut items = VecDeque::from(items);
        let mut directives = Vec::new();
        while let Some(item) = items.pop_front() {
            let Item::Word(word) = item else {
                self.invocation.problems.push(Problem::SuperfluousBlock {
                    operand: None,
                    span: item.span(),
                });
                break;
            };
            let (directive, end) = self.reader.invocation(word, &mut items, self.spread);
            directives.push(directive);
            if end.is_some() {
                break;
            }
        }
        directives
    }
}
