//! `dependency-cycle`: services that wait for each other, or bundles that contain themselves.

use super::names::shown;
use crate::findings::Findings;
use crate::level::Level;
use crate::model::{Database, Model, NameEntry};
use crate::rule::{Group, Rule};
use std::collections::{HashMap, HashSet, VecDeque};

/// The rule.
pub const RULE: Rule = Rule::new(
    "dependency-cycle",
    Group::S6Rc,
    Level::Error,
    "services depend on each other in a circle",
)
.why(
    "A service that depends on itself, through any number of services, bundles and pipelines, \
     could never be started, and a bundle cannot contain itself. s6-rc-compile refuses the \
     whole database, and no service starts. A frequent case in s6-overlay: `legacy-services` \
     depends on `user`, so nothing in `user` can depend on it; the bundle `user2` is there for \
     what must come after services.d.",
)
.samples(
    "== etc/s6-overlay/s6-rc.d/late/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/late/run\n#!/command/execlineb -P\nlate\n\
     == etc/s6-overlay/s6-rc.d/late/dependencies.d/legacy-services\n\
     == etc/s6-overlay/s6-rc.d/user/contents.d/late\n",
    "== etc/s6-overlay/s6-rc.d/late/type\nlongrun\n\
     == etc/s6-overlay/s6-rc.d/late/run\n#!/command/execlineb -P\nlate\n\
     == etc/s6-overlay/s6-rc.d/late/dependencies.d/legacy-services\n\
     == etc/s6-overlay/s6-rc.d/user2/contents.d/late\n",
)
.image(check);

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for database in &model.databases {
        let graph = Graph::new(database);
        for component in graph.cyclic_components() {
            report(model, database, &graph.shortest_cycle(&component), findings);
        }
    }
}

/// The names of a database by number, and where each leads.
struct Graph<'d> {
    names: Vec<&'d [u8]>,
    edges: Vec<Vec<usize>>,
}

impl<'d> Graph<'d> {
    fn new(database: &'d Database) -> Graph<'d> {
        let names: Vec<&[u8]> = database.nodes.keys().map(Vec::as_slice).collect();
        let numbers: HashMap<&[u8], usize> = names
            .iter()
            .enumerate()
            .map(|(n, &name)| (name, n))
            .collect();
        let edges = database
            .nodes
            .values()
            .map(|node| {
                let targets = node.edges();
                targets
                    .filter_map(|name| numbers.get(&**name).copied())
                    .collect()
            })
            .collect();
        Graph { names, edges }
    }

    fn next(&self, node: usize) -> &[usize] {
        self.edges.get(node).map_or(&[], Vec::as_slice)
    }

    /// The sets of nodes that all lead to each other, of more than one node or with an edge to
    /// itself. Tarjan's algorithm, with a list in place of recursion, which no stack would
    /// hold for the longest chains.
    fn cyclic_components(&self) -> Vec<Vec<usize>> {
        let count = self.names.len();
        let mut search = Search {
            graph: self,
            order: vec![None; count],
            low: vec![0; count],
            is_open: vec![false; count],
            open: Vec::new(),
            found: Vec::new(),
            visited: 0,
        };
        for node in 0..count {
            search.from(node);
        }
        search.found
    }

    /// A way through a component that returns to its beginning, as short as one from there
    /// can be.
    fn shortest_cycle(&self, component: &[usize]) -> Vec<&'d [u8]> {
        let members: HashSet<usize> = component.iter().copied().collect();
        let Some(&start) = component.iter().min() else {
            return Vec::new();
        };
        let mut came_from: HashMap<usize, usize> = HashMap::new();
        let mut left = VecDeque::from([start]);
        'search: while let Some(node) = left.pop_front() {
            for &next in self.next(node) {
                if !members.contains(&next) || came_from.contains_key(&next) {
                    continue;
                }
                came_from.insert(next, node);
                if next == start {
                    break 'search;
                }
                left.push_back(next);
            }
        }
        let mut cycle = vec![start];
        let mut at = start;
        while let Some(&before) = came_from.get(&at) {
            cycle.push(before);
            at = before;
            if at == start {
                break;
            }
        }
        cycle.reverse();
        let name = |node: usize| self.names.get(node).copied();
        cycle.into_iter().filter_map(name).collect()
    }
}

struct Search<'g, 'd> {
    graph: &'g Graph<'d>,
    order: Vec<Option<usize>>,
    low: Vec<usize>,
    is_open: Vec<bool>,
    open: Vec<usize>,
    found: Vec<Vec<usize>>,
    visited: usize,
}

impl Search<'_, '_> {
    fn enter(&mut self, node: usize) {
        if let (Some(order), Some(low), Some(is_open)) = (
            self.order.get_mut(node),
            self.low.get_mut(node),
            self.is_open.get_mut(node),
        ) {
            *order = Some(self.visited);
            *low = self.visited;
            *is_open = true;
            self.visited += 1;
            self.open.push(node);
        }
    }

    fn lower(&mut self, node: usize, to: usize) {
        if let Some(low) = self.low.get_mut(node) {
            *low = to.min(*low);
        }
    }

    fn from(&mut self, start: usize) {
        if self.order.get(start).is_none_or(Option::is_some) {
            return;
        }
        self.enter(start);
        // A node, and how many of its edges were followed.
        let mut path = vec![(start, 0)];
        while let Some((node, place)) = path.last_mut() {
            let node = *node;
            let next = self.graph.next(node).get(*place).copied();
            *place += 1;
            match next {
                Some(next) => match self.order.get(next).copied().flatten() {
                    None => {
                        self.enter(next);
                        path.push((next, 0));
                    }
                    Some(order) if self.is_open.get(next) == Some(&true) => {
                        self.lower(node, order);
                    }
                    Some(_) => {}
                },
                None => {
                    path.pop();
                    let low = self.low.get(node).copied().unwrap_or(0);
                    if let Some((parent, _)) = path.last() {
                        self.lower(*parent, low);
                    }
                    if self.order.get(node) == Some(&Some(low)) {
                        self.close(node);
                    }
                }
            }
        }
    }

    /// All that was entered since `node` and leads to no earlier one is a component.
    fn close(&mut self, node: usize) {
        let mut component = Vec::new();
        while let Some(member) = self.open.pop() {
            if let Some(is_open) = self.is_open.get_mut(member) {
                *is_open = false;
            }
            component.push(member);
            if member == node {
                break;
            }
        }
        let is_cyclic = component.len() > 1 || self.graph.next(node).contains(&node);
        if is_cyclic {
            self.found.push(component);
        }
    }
}

/// Where `from` says that it leads to `to`.
fn edge<'m>(
    model: &'m Model<'_>,
    database: &Database,
    from: &[u8],
    to: &[u8],
) -> Option<&'m NameEntry> {
    let node = database.nodes.get(from)?;
    let definitions = node.definitions.iter().map(|&id| model.definition(id));
    let mut entries = definitions.flat_map(|definition| {
        definition
            .dependencies
            .iter()
            .chain(&definition.contents)
            .chain(&definition.producer_for)
    });
    entries.find(|entry| entry.name == to)
}

fn report(model: &Model<'_>, database: &Database, cycle: &[&[u8]], findings: &mut Findings<'_>) {
    let steps = || cycle.iter().zip(cycle.iter().skip(1));
    let edges: Vec<(&[u8], &[u8], &NameEntry)> = steps()
        .filter_map(|(&from, &to)| Some((from, to, edge(model, database, from, to)?)))
        .collect();
    // The finding is where people can change something, and not where they only list what is
    // to be started.
    let is_bundle = |name: &[u8]| {
        let node = database.nodes.get(name);
        node.is_some_and(|node| node.kind.is_some_and(|kind| !kind.is_atomic()))
    };
    let given = edges
        .iter()
        .filter(|(_, _, entry)| model.tree.is_given(entry.node));
    let Some((_, _, place)) = given.min_by_key(|(from, _, _)| is_bundle(from)) else {
        return;
    };
    let path: Vec<String> = cycle.iter().map(|name| shown(name)).collect();
    let path = path.join(" → ");
    let message = if cycle.iter().all(|name| is_bundle(name)) {
        format!("a bundle contains itself: {path}")
    } else {
        format!("services depend on each other: {path}")
    };
    let mut found = match &place.span {
        Some(span) => findings.span(place.node, span.clone(), message),
        None => findings.at(place.node, message),
    };
    for (from, to, entry) in &edges {
        if entry != place {
            let (from, to) = (shown(from), shown(to));
            let says = format!("`{from}` needs `{to}`");
            found = found.related(entry.node, entry.span.clone(), says);
        }
    }
    let has = |name: &[u8]| cycle.contains(&name);
    let help = if database.is_overlay && has(b"legacy-services") && has(b"user") {
        "`legacy-services` starts after all of `user`: move the service from `user` to `user2`, \
         which is started after services.d"
    } else if database.is_overlay && has(b"top") {
        "`top` stands for everything: depend on the services that are needed"
    } else {
        "take one of the steps away"
    };
    found.help(help);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sampling;

    fn oneshots(names: &[(&str, &str)]) -> String {
        names
            .iter()
            .map(|(name, lists)| format!("== {name}/type\noneshot\n== {name}/up\n{lists}"))
            .collect()
    }

    #[test]
    fn the_whole_way_is_printed() {
        for (sample, expected) in [
            (
                oneshots(&[("a", "== a/dependencies.d/b\n"), ("b", "")]),
                vec![],
            ),
            (
                oneshots(&[("a", "== a/dependencies.d/a\n")]),
                vec!["a/dependencies.d/a: error: services depend on each other: a → a"],
            ),
            (
                oneshots(&[
                    ("a", "== a/dependencies\nc\nb\n"),
                    ("b", "== b/dependencies.d/c\n"),
                    ("c", "== c/dependencies.d/a\n"),
                ]),
                vec!["a/dependencies:1: error: services depend on each other: a → c → a"],
            ),
            (
                oneshots(&[("a", "== a/dependencies.d/x\n")])
                    + "== x/type\nbundle\n== x/contents.d/a\n",
                vec!["a/dependencies.d/x: error: services depend on each other: a → x → a"],
            ),
            (
                "== x/type\nbundle\n== x/contents.d/y\n== y/type\nbundle\n== y/contents.d/x\n"
                    .to_owned(),
                vec!["x/contents.d/y: error: a bundle contains itself: x → y → x"],
            ),
            // A producer needs its consumer.
            (
                "== a/type\nlongrun\n== a/run\nx\n== a/producer-for\nb\n\
                 == b/type\nlongrun\n== b/run\nx\n== b/consumer-for\na\n== b/dependencies.d/a\n"
                    .to_owned(),
                vec!["a/producer-for:1: error: services depend on each other: a → b → a"],
            ),
            (
                "== a/type\nlongrun\n== a/run\nx\n== a/dependencies.d/p\n== a/producer-for\nb\n\
                 == b/type\nlongrun\n== b/run\nx\n== b/consumer-for\na\n== b/pipeline-name\np\n"
                    .to_owned(),
                vec!["a/dependencies.d/p: error: services depend on each other: a → p → a"],
            ),
        ] {
            sampling::check(&RULE, &sample, &expected);
        }
    }

    #[test]
    fn what_comes_after_services_d_is_in_user2() {
        let late = "== etc/s6-overlay/s6-rc.d/late/type\noneshot\n\
                    == etc/s6-overlay/s6-rc.d/late/up\n\
                    == etc/s6-overlay/s6-rc.d/late/dependencies.d/legacy-services\n";
        for (bundle, expected) in [
            ("user2", vec![]),
            (
                "user",
                vec![
                    "etc/s6-overlay/s6-rc.d/late/dependencies.d/legacy-services: error: services \
                     depend on each other: late → legacy-services → user → late",
                ],
            ),
        ] {
            let sample = format!("{late}== etc/s6-overlay/s6-rc.d/{bundle}/contents.d/late\n");
            sampling::check(&RULE, &sample, &expected);
        }
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let mut database = Database::default();
        for number in 0..100_000_u32 {
            let node = crate::model::GraphNode {
                kind: None,
                definitions: Vec::new(),
                dependencies: vec![((number + 1) % 100_000).to_string().into_bytes()],
                contents: Vec::new(),
                is_pipeline: false,
                is_built_in: false,
            };
            database.nodes.insert(number.to_string().into_bytes(), node);
        }
        let graph = Graph::new(&database);
        let components = graph.cyclic_components();
        assert_eq!(components.len(), 1);
        assert_eq!(graph.shortest_cycle(&components[0]).len(), 100_001);
    }
}
