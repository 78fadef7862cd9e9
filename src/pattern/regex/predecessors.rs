//! The edges of a graph, turned round.
//!
//! It is only an index: it knows neither what the nodes are nor why anybody
//! walks backwards.

use alloc::vec;
use alloc::vec::Vec;

pub(super) struct Predecessors {
    /// Where the predecessors of each node end; they begin where those of the
    /// node before end.
    ends: Vec<usize>,
    nodes: Vec<u32>,
}

impl Predecessors {
    /// Indexes the edges of so many nodes; an edge is a target and a source, and
    /// those without a target among the nodes are left out.
    pub(super) fn new(edges: &[(u32, u32)], count: usize) -> Predecessors {
        let mut ends = vec![0; count];
        for (target, _) in edges {
            if let Some(end) = ends.get_mut(*target as usize) {
                *end += 1;
            }
        }
        // First the numbers become starts; each edge that is put in its place
        // then moves the start, which at last is an end.
        let mut total = 0;
        for end in &mut ends {
            total += core::mem::replace(end, total);
        }
        let mut nodes = vec![0; total];
        for (target, source) in edges {
            if let Some(end) = ends.get_mut(*target as usize)
                && let Some(node) = nodes.get_mut(*end)
            {
                *node = *source;
                *end += 1;
            }
        }
        Predecessors { ends, nodes }
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
