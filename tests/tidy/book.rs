//! The book of the documentation: its table of contents, from the pages that are there, and
//! the links between them. Does not build it: `mdbook build` does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Component, Path, PathBuf};

use super::{bless, tree, verdict};

/// Where the pages are.
const PAGES: &str = "docs";

/// The table of contents.
const CONTENTS: &str = "docs/SUMMARY.md";

/// The pages in the order of reading. One that is not there yet is passed over; one that is
/// named nowhere comes last.
const ORDER: [(&str, &[&str]); 4] = [
    (
        "Learn",
        &[
            "tutorial.md",
            "language.md",
            "from-skarnet.md",
            "install.md",
        ],
    ),
    (
        "Check",
        &["symptoms.md", "exlint.md", "ci.md", "rules/README.md"],
    ),
    (
        "Look up",
        &[
            "commands/README.md",
            "manual-pages.md",
            "deviations.md",
            "packaging.md",
        ],
    ),
    (
        "Understand",
        &[
            "fusion.md",
            "performance.md",
            "reliability.md",
            "architecture.md",
        ],
    ),
];

/// The first heading of a page.
fn title(page: &tree::File) -> &str {
    let heading = page.text.lines().find_map(|line| line.strip_prefix("# "));
    heading.unwrap_or_else(|| panic!("{} has no title", page.path))
}

/// The pages by their path in the book.
fn pages() -> BTreeMap<String, tree::File> {
    let pages = tree::files(PAGES, ".md").into_iter();
    pages
        .filter(|page| page.path != CONTENTS)
        .map(|page| {
            let path = page.path.strip_prefix("docs/").expect("a page");
            (path.to_owned(), page)
        })
        .collect()
}

#[test]
fn the_contents_are_the_pages() {
    let pages = pages();
    let mut named = BTreeSet::from(["README.md".to_owned()]);
    let mut contents = format!(
        "<!-- Derived from the pages by tests/tidy.rs: {}. -->\n\n# Contents\n\n[{}](README.md)\n",
        bless::REMEDY,
        title(&pages["README.md"])
    );
    let mut entry = |contents: &mut String, path: &str, depth: usize| {
        let text = format!("{}- [{}]({path})", "  ".repeat(depth), title(&pages[path]));
        let _ = writeln!(contents, "{text}");
        named.insert(path.to_owned());
    };
    for (part, order) in ORDER {
        let _ = writeln!(contents, "\n# {part}\n");
        for path in order.iter().filter(|path| pages.contains_key(**path)) {
            entry(&mut contents, path, 0);
            let Some(directory) = path.strip_suffix("README.md") else {
                continue;
            };
            for inside in pages.keys().filter(|inside| inside != path) {
                if inside.starts_with(directory) {
                    entry(&mut contents, inside, 1);
                }
            }
        }
    }
    let rest: Vec<&String> = pages.keys().filter(|path| !named.contains(*path)).collect();
    if !rest.is_empty() {
        contents.push_str("\n# More\n\n");
    }
    for path in rest {
        let _ = writeln!(contents, "- [{}]({path})", title(&pages[path]));
    }
    bless::settle(&BTreeMap::from([(CONTENTS.to_owned(), contents)]), None);
}

/// A page without fenced blocks and code.
fn prose(text: &str) -> String {
    let mut prose = String::new();
    let mut fence = None;
    for line in text.lines() {
        let marks: String = line.chars().take_while(|&c| c == '`').collect();
        match &fence {
            None if marks.len() >= 3 => fence = Some(marks),
            Some(open) if line == *open => fence = None,
            None => {
                let outside = line.split('`').step_by(2).collect::<Vec<_>>().join("``");
                let _ = writeln!(prose, "{outside}");
            }
            Some(_) => {}
        }
    }
    prose
}

/// The targets of the links in a page.
fn targets(text: &str) -> Vec<String> {
    let prose = prose(text);
    let behind = prose.split("](").skip(1);
    let targets = behind.filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.to_owned()).collect()
}

/// What a heading is linked by.
fn anchor(heading: &str) -> String {
    let plain = heading.trim().to_lowercase().replace(' ', "-");
    plain
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
        .collect()
}

/// The anchors of a page. A fenced block has none.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut fence = None;
    let mut anchors = BTreeSet::new();
    for line in text.lines() {
        let marks: String = line.chars().take_while(|&c| c == '`').collect();
        match &fence {
            None if marks.len() >= 3 => fence = Some(marks),
            Some(open) if line == *open => fence = None,
            None if line.starts_with('#') => {
                anchors.insert(anchor(line.trim_start_matches('#')));
            }
            _ => {}
        }
    }
    anchors
}

/// A path without `.` and `..`; none that leads out of the repository.
fn resolved(path: &Path) -> Option<PathBuf> {
    let mut resolved = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => resolved.push(name),
            Component::ParentDir if resolved.pop() => {}
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(resolved)
}

#[test]
fn every_link_leads_somewhere() {
    let mut faults = Vec::new();
    let mut count = 0;
    for page in tree::files("", ".md") {
        for target in targets(&page.text) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            count += 1;
            let (path, wanted) = target.split_once('#').unwrap_or((&target, ""));
            let here = Path::new(&page.path).parent().unwrap_or(Path::new(""));
            let Some(file) = (if path.is_empty() {
                Some(PathBuf::from(&page.path))
            } else {
                resolved(&here.join(path))
            }) else {
                faults.push(format!("{}: {target} leads out", page.path));
                continue;
            };
            let place = tree::root().join(&file);
            if !place.exists() {
                faults.push(format!("{}: {target} is not there", page.path));
            } else if page.path.starts_with("docs/") && !file.starts_with(PAGES) {
                faults.push(format!("{}: {target} is not in the book", page.path));
            } else if !wanted.is_empty() {
                let text = std::fs::read_to_string(place).unwrap_or_default();
                if !anchors(&text).contains(wanted) {
                    faults.push(format!("{}: no heading {target}", page.path));
                }
            }
        }
    }
    assert!(count > 200, "{count} links are not all");
    verdict(
        "links lead somewhere, and those of the book into it",
        &faults,
    );
}

/// The book has no page README.html, and makes links to it all the same.
#[test]
fn links_to_a_readme_lead_to_an_index_in_the_book() {
    let settings = tree::read("book.toml");
    let missing: Vec<String> = pages()
        .keys()
        .filter_map(|path| path.strip_suffix("README.md"))
        .map(|directory| format!("\"/{directory}README.html\" = \"index.html\""))
        .filter(|line| !settings.lines().any(|there| there == line))
        .collect();
    verdict("book.toml redirects to each index", &missing);
}

/// Whoever has a problem begins with what is seen, so every rule is reached from there.
#[test]
fn every_rule_is_behind_a_symptom() {
    const SYMPTOMS: &str = "docs/symptoms.md";
    let linked: BTreeSet<String> = targets(&tree::read(SYMPTOMS)).into_iter().collect();
    let missing: Vec<String> = tree::files("docs/rules", ".md")
        .iter()
        .map(tree::File::stem)
        .filter(|rule| *rule != "README" && !linked.contains(&format!("rules/{rule}.md")))
        .map(|rule| format!("{rule} is not in {SYMPTOMS}"))
        .collect();
    verdict("a rule is found by what is seen", &missing);
}

#[test]
fn links_and_headings_are_found() {
    let page = "# A `b` c?\n[x](y.md#z) `[n](o)` [`code`](p.md)\n```text\n# no\n[q](r)\n```\n";
    assert_eq!(targets(page), ["y.md#z", "p.md"]);
    assert_eq!(anchors(page), BTreeSet::from(["a-b-c".to_owned()]));
    assert_eq!(resolved(Path::new("a/b/../c")), Some(PathBuf::from("a/c")));
    assert_eq!(resolved(Path::new("../c")), None);
}
