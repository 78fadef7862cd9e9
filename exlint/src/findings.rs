//! What a rule reports into. What is about files that people did not give, such as those of a
//! base layer, is dropped here.

use crate::finding::{Edit, Finding, Fix, Related};
use crate::level::Level;
use crate::model::Script;
use crate::rule::Rule;
use crate::tree::{NodeId, Tree};
use std::ops::Range;

/// The findings of one rule.
#[derive(Debug)]
pub struct Findings<'t> {
    tree: &'t Tree,
    rule: &'static Rule,
    list: Vec<Finding>,
    /// Where a finding goes that is dropped.
    dropped: Option<Finding>,
}

impl<'t> Findings<'t> {
    /// None yet, of this rule.
    pub fn new(tree: &'t Tree, rule: &'static Rule) -> Findings<'t> {
        Findings {
            tree,
            rule,
            list: Vec::new(),
            dropped: None,
        }
    }

    /// A finding about a whole file or directory.
    pub fn at(&mut self, node: NodeId, message: impl Into<String>) -> Found<'_, 't> {
        self.add(node, None, message.into())
    }

    /// A finding about some bytes of a file.
    pub fn span(
        &mut self,
        node: NodeId,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Found<'_, 't> {
        self.add(node, Some(span), message.into())
    }

    /// A finding about some bytes of a script.
    pub fn script(
        &mut self,
        script: &Script,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Found<'_, 't> {
        self.add(script.node, Some(span), message.into())
    }

    fn add(&mut self, node: NodeId, span: Option<Range<usize>>, message: String) -> Found<'_, 't> {
        let tree = self.tree;
        let finding = Finding {
            rule: self.rule.name,
            level: self.rule.level,
            path: tree.entry(node).shown(),
            span,
            message,
            help: String::new(),
            related: Vec::new(),
            fix: None,
        };
        let finding = if tree.is_given(node) {
            self.list.push(finding);
            self.list.last_mut()
        } else {
            None
        }
        .unwrap_or_else(|| {
            self.dropped.insert(Finding {
                rule: self.rule.name,
                level: self.rule.level,
                path: Vec::new(),
                span: None,
                message: String::new(),
                help: String::new(),
                related: Vec::new(),
                fix: None,
            })
        });
        Found {
            tree,
            node,
            finding,
        }
    }

    /// What was found.
    pub fn into_list(self) -> Vec<Finding> {
        self.list
    }
}

/// A finding to which more can be said.
#[derive(Debug)]
pub struct Found<'f, 't> {
    tree: &'t Tree,
    node: NodeId,
    finding: &'f mut Finding,
}

impl<'f, 't> Found<'f, 't> {
    /// What to do next.
    pub fn help(self, help: impl Into<String>) -> Found<'f, 't> {
        self.finding.help = help.into();
        self
    }

    /// How bad it is, where that is not the rule's level.
    pub fn level(self, level: Level) -> Found<'f, 't> {
        self.finding.level = level;
        self
    }

    /// Another place that explains it.
    pub fn related(
        self,
        node: NodeId,
        span: Option<Range<usize>>,
        message: impl Into<String>,
    ) -> Found<'f, 't> {
        let path = self.tree.entry(node).shown();
        self.finding.related.push(Related {
            path,
            span,
            message: message.into(),
        });
        self
    }

    /// Can be settled by other bytes in place of `span`.
    pub fn replace(
        self,
        title: impl Into<String>,
        span: Range<usize>,
        text: impl Into<Vec<u8>>,
    ) -> Found<'f, 't> {
        let edit = Edit::Replace {
            file: self.tree.entry(self.node).disk(),
            span,
            text: text.into(),
        };
        self.edit(title, edit)
    }

    /// Can be settled by making the file executable for those who may read it. Where nobody
    /// may, it is not known who should.
    pub fn make_executable(self, title: impl Into<String>) -> Found<'f, 't> {
        let entry = self.tree.entry(self.node);
        let readers = entry.mode & 0o444;
        if readers == 0 {
            return self;
        }
        let edit = Edit::Mode {
            file: entry.disk(),
            mode: entry.mode | readers >> 2,
        };
        self.edit(title, edit)
    }

    /// Can be settled by this edit, together with those said before.
    pub fn edit(self, title: impl Into<String>, edit: Edit) -> Found<'f, 't> {
        match &mut self.finding.fix {
            Some(fix) => fix.edits.push(edit),
            none => {
                *none = Some(Fix {
                    title: title.into(),
                    edits: vec![edit],
                });
            }
        }
        self
    }
}
