//! All rules over one model, in parallel, sorted.

use crate::finding::Finding;
use crate::findings::Findings;
use crate::model::Model;
use crate::report;
use crate::rule::Rule;
use rayon::prelude::*;

/// How many steps `lint` takes over a model; of each it tells.
pub fn steps(model: &Model<'_>) -> usize {
    model.scripts.len() + model.services.len() + model.definitions.len()
}

/// What these rules find in a model, by path and place. `advance` is told of every step.
pub fn lint(
    model: &Model<'_>,
    rules: &[&'static Rule],
    advance: &(dyn Fn() + Sync),
) -> Vec<Finding> {
    let run = |rule: &'static Rule, check: &dyn Fn(&mut Findings<'_>)| {
        let mut findings = Findings::new(model.tree, rule);
        check(&mut findings);
        findings.into_list()
    };
    let scripts = model.scripts.par_iter().flat_map_iter(|script| {
        advance();
        rules
            .iter()
            .filter_map(move |rule| rule.script.map(|check| (rule, check)))
            .flat_map(move |(rule, check)| run(rule, &|findings| check(model, script, findings)))
    });
    let services = model.services.par_iter().flat_map_iter(|service| {
        advance();
        rules
            .iter()
            .filter_map(move |rule| rule.service.map(|check| (rule, check)))
            .flat_map(move |(rule, check)| run(rule, &|findings| check(model, service, findings)))
    });
    let definitions = model.definitions.par_iter().flat_map_iter(|definition| {
        advance();
        rules
            .iter()
            .filter_map(move |rule| rule.definition.map(|check| (rule, check)))
            .flat_map(move |(rule, check)| {
                run(rule, &|findings| check(model, definition, findings))
            })
    });
    let images = rules.par_iter().flat_map_iter(|rule| {
        rule.image
            .map(|check| run(rule, &|findings| check(model, findings)))
            .unwrap_or_default()
    });
    let mut findings: Vec<Finding> = scripts
        .chain(services)
        .chain(definitions)
        .chain(images)
        .collect();
    sort(&mut findings);
    findings
}

/// Brings findings into the order of reports; the same thing said twice is said once.
pub fn sort(findings: &mut Vec<Finding>) {
    report::sort(findings);
    findings.dedup();
}
