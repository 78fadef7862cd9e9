//! Rules about the text of execline scripts, a file each.

pub mod behaviour_changed;
pub mod daemon_in_branch;
pub mod dead_words;
pub mod empty_script;
mod expression;
pub mod injected_substitution;
pub mod invalid_expression;
pub mod invalid_operand;
pub mod invalid_option;
pub mod key_out_of_scope;
pub mod loader_without_program;
mod loose;
pub mod missing_block;
pub mod missing_braces;
pub mod missing_operand;
pub mod misspelt_command;
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
pub mod unfilled_placeholder;
pub mod unused_key;
pub mod variable_lost_with_block;

use crate::rule::Rule;

/// The rules of this group.
pub const RULES: &[&Rule] = &[
    &behaviour_changed::RULE,
    &daemon_in_branch::RULE,
    &dead_words::RULE,
    &empty_script::RULE,
    &injected_substitution::RULE,
    &invalid_expression::RULE,
    &invalid_operand::RULE,
    &invalid_option::RULE,
    &key_out_of_scope::RULE,
    &loader_without_program::RULE,
    &missing_block::RULE,
    &missing_braces::RULE,
    &missing_operand::RULE,
    &misspelt_command::RULE,
    &positional_parameter_not_substituted::RULE,
    &removed_command::RULE,
    &shell_keyword::RULE,
    &shell_operator::RULE,
    &shell_quoting::RULE,
    &superfluous_block::RULE,
    &syntax_error::RULE,
    &unbound_key::RULE,
    &unchained_command::RULE,
    &unfilled_placeholder::RULE,
    &unused_key::RULE,
    &variable_lost_with_block::RULE,
];
