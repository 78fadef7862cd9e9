//! The edges of a graph, turned round.
//!
//! It is only an index: it knows neither what the nodes are nor why anybody
//! walks backwards.

use alloc::vec::Vec;

pub(super) struct Predecessors {
    /// Where the predecessors of each node end; they begin where those of the
    /// node before end.
    ends: Vec<usize>,
    nodes: Vec<u32>,
}

impl Predecessors {
    /// Indexes edges that are given as target and source.
    pub(super) fn new(mut edges: Vec<(u32, u32)>) -> Predecessors {
        edges.sort_unstable();
        let mut ends = Vec::new();
        for (index, (target, _)) in edges.iter().enumerate() {
            ends.resize(*target as usize + 1, index);
            if let Some(end) = ends.last_mut() {
                *end = index + 1;
            }
        }
        Predecessors {
            ends,
            nodes: edges.into_iter().map(|(_, source)| source).collect(),
        }
    }

    pub(super) fn of(&self, node: u32) -> &[u32] {
        let node = node as usize;
        let start = match node.checked_sub(1) {
            Some(before) => self.ends.get(before).copied(),
            None => Some(0),
        };
        let end = self.ends.get(node).copied();
        match (start, end) {
            (Some(start), Some(end)) => self.nodes.get(start..end).unwrap_or_default(),
            _ => &[],
        }
    }
}
