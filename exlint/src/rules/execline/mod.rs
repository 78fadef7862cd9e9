//! Rules about the text of execline scripts, a file each.

pub mod dead_words;
mod expression;
pub mod invalid_expression;
pub mod invalid_operand;
pub mod invalid_option;
pub mod key_out_of_scope;
pub mod loader_without_program;
mod loose;
pub mod missing_block;
pub mod missing_braces;
pub mod missing_operand;
pub mod positional_parameter_not_substituted;
pub mod removed_command;
pub mod shell_keyword;
pub mod shell_operator;
pub mod shell_quoting;
mod subject;
pub mod superfluous_block;
pub mod syntax_error;
pub mod unbound_key;
pub mod unchained_command;
pub mod unused_key;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &dead_words::RULE,
    &invalid_expression::RULE,
    &invalid_operand::RULE,
    &invalid_option::RULE,
    &key_out_of_scope::RULE,
    &loader_without_program::RULE,
    &missing_block::RULE,
    &missing_braces::RULE,
    &missing_operand::RULE,
    &positional_parameter_not_substituted::RULE,
    &removed_command::RULE,
    &shell_keyword::RULE,
    &shell_operator::RULE,
    &shell_quoting::RULE,
    &superfluous_block::RULE,
    &syntax_error::RULE,
    &unbound_key::RULE,
    &unchained_command::RULE,
    &unused_key::RULE,
];
