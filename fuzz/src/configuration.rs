//! A configuration is read, or it is said what is wrong; what was read answers for every rule.
//! Usage lines likewise. The input is an `exlint.toml`.

use exlint::config::Config;
use exlint::programs::Programs;
use exlint::rules;
use std::path::Path;

pub fn is_read(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let config = match Config::read(text) {
        Ok(config) => config,
        Err(problem) => {
            assert!(!problem.is_empty());
            return;
        }
    };
    for rule in rules::all().iter().take(3) {
        for path in ["run", "old/run", "a/b/c", ""] {
            let setting = config.setting(rule.name, Path::new(path));
            assert!(setting.is_some() || !config.rules.contains_key(rule.name));
        }
    }
    let lines = config.programs.iter().map(String::as_str);
    match Programs::known().with_configured(lines) {
        Ok(programs) => assert!(programs.names().count() > 100),
        Err(errors) => {
            let places = errors.iter().map(|(place, _)| *place);
            assert!(!errors.is_empty() && places.max() < Some(config.programs.len()));
        }
    }
}
