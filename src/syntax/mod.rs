//! The execlineb language: text to tokens with places, tokens to argv.
//!
//! Parsing never fails: it returns tokens and errors. `execlineb` refuses a script with
//! errors; a linter reports them all and goes on. Nothing here reads a file or knows a command.
//! Reference: <https://skarnet.org/software/execline/execlineb.html>, and its behaviour
//! where that differs (see `lexer`).

mod class;
pub mod error;
pub mod lexer;
pub mod position;
pub mod token;

pub use class::letter_escape;
pub use error::{SyntaxError, SyntaxErrorKind};
pub use lexer::{Script, Walk, parse, walk};
pub use position::Position;
pub use token::{Span, Token, TokenKind};
