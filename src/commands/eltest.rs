//! `eltest`: evaluates an expression; its exit code is 0 where that is true, else 1.
//!
//! Numbers are read up to what is no digit, and wrap around at 32 bits: `4294967295 -eq -1`.
//! Each argument is an operator or a word by its text alone; a backslash before an operator
//! makes it a word.
//! Deviations: `A -ef B` and `A -ot B` are false where B is missing (and, for `-ot`, A too);
//! the reference says true.
//! Reference: <https://skarnet.org/software/execline/eltest.html>

use crate::block::Word;
use crate::command::{Command, Example, Operand};
use crate::pattern::regex::{Options, Regex, Syntax};
use crate::process::failure::{SYSTEM, USAGE};
use crate::process::number::{self, Decimal};
use crate::process::{Call, Engine, Environment, Failure, Outcome, Reach, Stop};
use crate::sys::fd::{self, Fd};
use crate::sys::file::{self, Status};
use crate::sys::process;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ffi::CStr;

/// The command.
pub const COMMAND: Command = Command::new("eltest", "evaluates an expression", run)
    .operands(&[Operand::Arguments("expression")])
    .reach(Reach::Files)
    .examples(&[
        Example::new("if { eltest 3 -lt 10 }  echo yes", "yes\n"),
        Example::new("if { eltest 3 < 10 }  echo yes", "").code(1),
        Example::new(
            "if { eltest -d / -a ! -e /no/such/file }  echo yes",
            "yes\n",
        ),
        Example::new(
            "if { eltest ( a = b -o b = b ) -a -n word }  echo yes",
            "yes\n",
        ),
        Example::new(
            "if { eltest release-42 =~ ^[a-z]+-[0-9]+$ }  echo yes",
            "yes\n",
        ),
        Example::new("export A b  if { eltest -v A }  echo yes", "yes\n"),
        Example::new("eltest \\-n = -n", "")
            .complains("eltest: fatal: parse error at argument 1\n")
            .code(100),
        Example::new("eltest one -eq 1", "")
            .complains("eltest: fatal: -eq requires integer arguments\n")
            .code(100),
        Example::new("eltest", "").code(1),
    ]);

fn run<'a>(_: &mut Engine, call: Call<'a>) -> Result<Outcome<'a>, Stop> {
    if call.argv.is_empty() {
        return Ok(Outcome::Exit(1));
    }
    let holds = truth(call.argv.words(), &call.environment)?;
    Ok(Outcome::Exit(u8::from(!holds)))
}

/// Whether the expression that these words are is true.
///
/// # Errors
///
/// What the command says of words that are no expression, of operands that are no numbers, and
/// of regular expressions that are none.
pub fn truth(words: &[Word<'_>], environment: &Environment<'_>) -> Result<bool, Failure> {
    let mut nodes: Vec<Node> = words.iter().map(Node::new).collect();
    let root = parse(&mut nodes)?;
    evaluate(&nodes, root, environment)
}

/// What a word is by its text, and what becomes of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lexeme {
    /// None of the others.
    Word,
    /// An operator before one word.
    Unary,
    /// An operator between two words.
    Binary,
    /// An opening parenthesis.
    Open,
    /// A closing parenthesis.
    Close,
    /// `!`
    Not,
    /// `-a`
    And,
    /// `-o`
    Or,
    /// What the stack stands on.
    Bottom,
    /// An expression without operators around it.
    Operand,
    /// One that nothing but `-o` can follow within its term.
    Conjunction,
    /// One that only a parenthesis can end.
    Disjunction,
    /// One that is complete.
    Expression,
}

/// What a word is, whatever stands around it.
pub fn lexeme(word: &[u8]) -> Lexeme {
    match word {
        b"(" => Lexeme::Open,
        b")" => Lexeme::Close,
        b"!" => Lexeme::Not,
        b"-a" => Lexeme::And,
        b"-o" => Lexeme::Or,
        b"=" | b"!=" | b"<" | b"<=" | b">" | b">=" | b"=~" => Lexeme::Binary,
        b"-eq" | b"-ne" | b"-gt" | b"-ge" | b"-lt" | b"-le" => Lexeme::Binary,
        b"-nt" | b"-ot" | b"-ef" => Lexeme::Binary,
        [b'-', letter] if b"nzfhLekbcdgprstuwxOUGSNv".contains(letter) => Lexeme::Unary,
        _ => Lexeme::Word,
    }
}

/// A word of the expression, and once it is parsed, what it is applied to.
struct Node<'w> {
    /// The word as it stands.
    text: &'w CStr,
    lexeme: Lexeme,
    /// What it was before it became an expression.
    operator: Lexeme,
    left: usize,
    right: usize,
}

impl<'w> Node<'w> {
    fn new(word: &'w Word<'_>) -> Node<'w> {
        let lexeme = lexeme(word.to_bytes());
        Node {
            text: word,
            lexeme,
            operator: lexeme,
            left: 0,
            right: 0,
        }
    }

    /// A word without the backslash that makes it one.
    fn word(&self) -> &'w CStr {
        let bytes = self.text.to_bytes_with_nul();
        match bytes.split_first() {
            Some((b'\\', rest)) if self.operator == Lexeme::Word => {
                CStr::from_bytes_with_nul(rest).unwrap_or_default()
            }
            _ => self.text,
        }
    }
}

/// What the parser does with the next word.
enum Action {
    /// Puts it on the stack.
    Shift,
    /// Applies the operator on the stack to the words around it, and negations to that.
    Apply,
    /// Takes the parentheses off an expression.
    Unwrap,
    /// The top is complete as far as `-a` is concerned, and so on.
    Conjoin,
    Disjoin,
    Complete,
}

/// What to do with `next` where `top` is on the stack; `None` where it cannot stand there.
fn action(next: Lexeme, top: Lexeme) -> Option<Action> {
    use Lexeme::*;
    Some(match (next, top) {
        (Word, Unary | Binary) => Action::Shift,
        (Word | Unary | Open | Not, Bottom | Open | Not | And | Or) => Action::Shift,
        (Binary, Word) => Action::Shift,
        (Close | And | Or, Word) => Action::Apply,
        (Close | And | Or, Close) => Action::Unwrap,
        (Close | And | Or, Operand) => Action::Conjoin,
        (And, Conjunction) => Action::Shift,
        (Close | Or, Conjunction) => Action::Disjoin,
        (Or, Disjunction) => Action::Shift,
        (Close, Disjunction) => Action::Complete,
        (Close, Expression) => Action::Shift,
        _ => return None,
    })
}

/// Builds the tree and returns its root. It parses from the left with a stack; the
/// parenthesis that ends the whole expression is thought at its end.
fn parse(nodes: &mut [Node<'_>]) -> Result<usize, Failure> {
    let count = nodes.len();
    let mut stack: Vec<usize> = Vec::new();
    let mut at = 0;
    loop {
        let below = |depth: usize| -> usize {
            let place = stack.len().checked_sub(depth + 1);
            place
                .and_then(|place| stack.get(place))
                .copied()
                .unwrap_or(usize::MAX)
        };
        let lexeme_of = |nodes: &[Node], index: usize| match nodes.get(index) {
            Some(node) => node.lexeme,
            None if index == count => Lexeme::Close,
            None => Lexeme::Bottom,
        };
        let (top, second, third) = (below(0), below(1), below(2));
        let top_lexeme = lexeme_of(nodes, top);
        if at > count {
            if top_lexeme != Lexeme::Close {
                return Err(parse_error(at));
            }
            break;
        }
        let next = nodes.get(at).map_or(Lexeme::Close, |node| node.lexeme);
        match action(next, top_lexeme).ok_or_else(|| parse_error(at))? {
            Action::Shift => {
                stack.push(at);
                at += 1;
            }
            Action::Apply => {
                let result = match lexeme_of(nodes, second) {
                    Lexeme::Unary => {
                        stack.pop();
                        link(nodes, second, top, top);
                        second
                    }
                    Lexeme::Binary => {
                        stack.truncate(stack.len().saturating_sub(2));
                        link(nodes, second, third, top);
                        second
                    }
                    _ => top,
                };
                negate(nodes, &mut stack, result);
            }
            Action::Unwrap => {
                if lexeme_of(nodes, third) != Lexeme::Open {
                    let at = Decimal::new(at as u64);
                    let message = b"parse error: bad right parenthesis at argument ";
                    return Err(Failure::new(USAGE, &[message, at.as_bytes()]));
                }
                stack.truncate(stack.len().saturating_sub(2));
                negate(nodes, &mut stack, second);
            }
            Action::Conjoin => join(nodes, &mut stack, Lexeme::And, Lexeme::Conjunction),
            Action::Disjoin => join(nodes, &mut stack, Lexeme::Or, Lexeme::Disjunction),
            Action::Complete => become_(nodes, top, Lexeme::Expression),
        }
    }
    match stack.as_slice() {
        [root, _] => Ok(*root),
        _ => Err(Failure::new(
            USAGE,
            &[b"parse error: too many left parentheses"],
        )),
    }
}

fn parse_error(at: usize) -> Failure {
    Failure::new(
        USAGE,
        &[
            b"parse error at argument ",
            Decimal::new(at as u64).as_bytes(),
        ],
    )
}

fn become_(nodes: &mut [Node<'_>], index: usize, lexeme: Lexeme) {
    if let Some(node) = nodes.get_mut(index) {
        node.lexeme = lexeme;
    }
}

fn link(nodes: &mut [Node<'_>], index: usize, left: usize, right: usize) {
    if let Some(node) = nodes.get_mut(index) {
        (node.left, node.right) = (left, right);
    }
}

/// Puts an operand in the place of the top, and applies the negations below to it.
fn negate(nodes: &mut [Node<'_>], stack: &mut Vec<usize>, operand: usize) {
    stack.pop();
    become_(nodes, operand, Lexeme::Operand);
    let mut operand = operand;
    while let Some(&below) = stack.last()
        && nodes
            .get(below)
            .is_some_and(|node| node.lexeme == Lexeme::Not)
    {
        stack.pop();
        link(nodes, below, operand, operand);
        become_(nodes, below, Lexeme::Operand);
        operand = below;
    }
    stack.push(operand);
}

/// Where an `operator` is below the top, applies it; the top becomes `result`.
fn join(nodes: &mut [Node<'_>], stack: &mut Vec<usize>, operator: Lexeme, result: Lexeme) {
    let mut top = stack.pop().unwrap_or_default();
    if let [.., left, below] = *stack.as_slice()
        && nodes.get(below).is_some_and(|node| node.lexeme == operator)
    {
        link(nodes, below, left, top);
        stack.truncate(stack.len() - 2);
        top = below;
    }
    become_(nodes, top, result);
    stack.push(top);
}

/// The truth of the tree under `root`: without recursion, as a tree may be as deep as an argv
/// is long.
fn evaluate(
    nodes: &[Node<'_>],
    root: usize,
    environment: &Environment<'_>,
) -> Result<bool, Failure> {
    /// What is to be done with a truth once it is there.
    enum Then {
        Negate,
        AndAlso(usize),
        OrElse(usize),
    }
    let mut pending: Vec<Then> = Vec::new();
    let mut index = root;
    loop {
        let Some(node) = nodes.get(index) else {
            return Ok(false);
        };
        match node.operator {
            Lexeme::Not => pending.push(Then::Negate),
            Lexeme::And => pending.push(Then::AndAlso(node.right)),
            Lexeme::Or => pending.push(Then::OrElse(node.right)),
            _ => {
                let mut truth = holds(nodes, node, environment)?;
                loop {
                    match pending.pop() {
                        None => return Ok(truth),
                        Some(Then::Negate) => truth = !truth,
                        Some(Then::AndAlso(right)) if truth => {
                            index = right;
                            break;
                        }
                        Some(Then::OrElse(right)) if !truth => {
                            index = right;
                            break;
                        }
                        Some(Then::AndAlso(_) | Then::OrElse(_)) => {}
                    }
                }
                continue;
            }
        }
        index = node.left;
    }
}

/// The truth of one operator and its words, or of a word.
fn holds(
    nodes: &[Node<'_>],
    node: &Node<'_>,
    environment: &Environment<'_>,
) -> Result<bool, Failure> {
    let word = |index: usize| nodes.get(index).map_or(c"", Node::word);
    match node.operator {
        Lexeme::Unary => unary(node.text.to_bytes(), word(node.left), environment),
        Lexeme::Binary => binary(node.text.to_bytes(), word(node.left), word(node.right)),
        _ => Ok(!node.word().is_empty()),
    }
}

fn unary(operator: &[u8], word: &CStr, environment: &Environment<'_>) -> Result<bool, Failure> {
    let status =
        |test: &dyn Fn(&Status) -> bool| file::status(word).is_ok_and(|status| test(&status));
    let kind = |kind: u32| status(&|status| status.is(kind));
    let bit = |bit: u32| status(&|status| status.mode & bit != 0);
    Ok(match operator {
        b"-n" => !word.is_empty(),
        b"-z" => word.is_empty(),
        b"-v" => !word.is_empty() && environment.get(word.to_bytes()).is_some(),
        b"-t" => {
            let fd = number::whole(word.to_bytes()).ok_or_else(|| {
                Failure::new(USAGE, &[operator, b" requires an integer argument"])
            })?;
            fd::is_terminal(fd as Fd)
        }
        b"-e" => file::accessible(word, libc::F_OK),
        b"-r" => file::accessible(word, libc::R_OK),
        b"-w" => file::accessible(word, libc::W_OK),
        b"-x" => file::accessible(word, libc::X_OK),
        b"-b" => kind(libc::S_IFBLK),
        b"-c" => kind(libc::S_IFCHR),
        b"-d" => kind(libc::S_IFDIR),
        b"-f" => kind(libc::S_IFREG),
        b"-p" => kind(libc::S_IFIFO),
        b"-S" => kind(libc::S_IFSOCK),
        b"-h" | b"-L" => file::link_status(word).is_ok_and(|status| status.is(libc::S_IFLNK)),
        b"-g" => bit(libc::S_ISGID),
        b"-u" => bit(libc::S_ISUID),
        b"-k" => bit(libc::S_ISVTX),
        b"-s" => status(&|status| status.size > 0),
        b"-N" => status(&|status| status.modified > status.accessed),
        b"-O" | b"-U" => status(&|status| status.owner == process::effective_user()),
        _ => status(&|status| status.group == process::effective_group()),
    })
}

fn binary(operator: &[u8], left: &CStr, right: &CStr) -> Result<bool, Failure> {
    let order = left.to_bytes().cmp(right.to_bytes());
    Ok(match operator {
        b"=" => order == Ordering::Equal,
        b"!=" => order != Ordering::Equal,
        b"<" => order == Ordering::Less,
        b"<=" => order != Ordering::Greater,
        b">" => order == Ordering::Greater,
        b">=" => order != Ordering::Less,
        b"=~" => matches(left.to_bytes(), right.to_bytes())?,
        b"-nt" | b"-ot" | b"-ef" => {
            files(operator, file::status(left).ok(), file::status(right).ok())
        }
        _ => {
            let numbers =
                number::signed_prefix(left.to_bytes()).zip(number::signed_prefix(right.to_bytes()));
            let (left, right) = numbers
                .ok_or_else(|| Failure::new(USAGE, &[operator, b" requires integer arguments"]))?;
            match operator {
                b"-eq" => left == right,
                b"-ne" => left != right,
                b"-gt" => left > right,
                b"-ge" => left >= right,
                b"-lt" => left < right,
                _ => left <= right,
            }
        }
    })
}

/// The comparisons of two files, either of which may be missing.
fn files(operator: &[u8], left: Option<Status>, right: Option<Status>) -> bool {
    match (operator, left, right) {
        (b"-nt", Some(left), Some(right)) => left.modified > right.modified,
        (b"-nt", Some(_), None) => true,
        (b"-ot", Some(left), Some(right)) => left.modified < right.modified,
        (b"-ot", None, Some(_)) => true,
        (b"-ef", Some(left), Some(right)) => {
            (left.device, left.inode) == (right.device, right.inode)
        }
        _ => false,
    }
}

fn matches(text: &[u8], expression: &[u8]) -> Result<bool, Failure> {
    Regex::new(expression, Syntax::Extended, Options::default())
        .and_then(|regex| regex.is_match(text))
        .map_err(|error| {
            let message: [&[u8]; 4] = [
                b"unable to compile ",
                expression,
                b" into a regular expression: ",
                error.message().as_bytes(),
            ];
            let code = if error.is_exhausted() { SYSTEM } else { USAGE };
            Failure::new(code, &message)
        })
}
