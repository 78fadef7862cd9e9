//! Scripts of shells and of execline are taken apart, whatever they hold, and the parts lie in
//! their text. The input is a script.

use exlint::programs::Programs;
use exlint::script::{Execline, Positional};
use exlint::shell;
use std::ops::Range;
use std::sync::OnceLock;

pub fn shell_is_read(text: &[u8]) {
    let script = shell::read(text);
    let inside = |span: &Range<usize>| {
        assert!(
            text.get(span.clone()).is_some(),
            "{span:?} of {}",
            text.len()
        );
    };
    script.comments.iter().for_each(inside);
    for command in &script.commands {
        inside(&command.span);
        for word in command.all_words() {
            let _ = (word.raw(text), word.literal(), word.declared_name());
        }
        let _ = (command.name(), command.executed(), command.exported());
    }
    for extension in shell::extensions(&script) {
        inside(&extension.span);
        assert!(!extension.feature.description().is_empty());
    }
    for offset in script.broken.iter().chain(&script.carriage_return) {
        assert!(*offset <= text.len());
    }
    for item in script.top_level() {
        inside(&item.span());
    }
    for construct in 0..script.constructs.len() {
        script
            .inside(construct)
            .iter()
            .for_each(|item| inside(&item.span()));
    }
    let _ = (
        script.assigned(),
        script.unassigned_reads(),
        script.positional_reads(),
    );
    let _ = (script.last_pipeline(), script.has_unseen_commands());
}

pub fn execline_is_read(text: &[u8]) {
    static KNOWN: OnceLock<Programs> = OnceLock::new();
    let programs = KNOWN.get_or_init(Programs::known);
    for positional in [Positional::Variables, Positional::Substituted(1)] {
        let read = Execline::read(text, positional, programs);
        for visit in read.visits() {
            assert!(text.get(visit.invocation.span()).is_some());
            let _ = (visit.before(), visit.next(), visit.is_last());
        }
        for reference in &read.scopes.references {
            assert!(text.get(reference.word.clone()).is_some());
        }
    }
}
