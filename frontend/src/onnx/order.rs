//! Topological order of a graph's nodes.

use onnx_rs::ast::{Graph, Node};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

/// The order in which nodes can be written, the file's wherever it is valid; and a cycle, if there is one, whose
/// nodes then follow in the file's order.
pub(super) fn order(nodes: &[Node<'_>]) -> (Vec<usize>, Option<Vec<usize>>) {
    let mut producer: HashMap<&str, usize> = HashMap::new();
    for (i, node) in nodes.iter().enumerate() {
        for &name in node.output.iter().filter(|n| !n.is_empty()) {
            producer.entry(name).or_insert(i);
        }
    }
    let before: Vec<HashSet<usize>> = nodes
        .iter()
        .map(|node| names_used(node).into_iter().filter_map(|n| producer.get(n).copied()).collect())
        .collect();
    let mut after = vec![Vec::new(); nodes.len()];
    for (i, needed) in before.iter().enumerate() {
        for &p in needed {
            after[p].push(i);
        }
    }
    let mut waiting: Vec<usize> = before.iter().map(HashSet::len).collect();
    let mut ready: BinaryHeap<_> = (0..nodes.len()).filter(|&i| waiting[i] == 0).map(Reverse).collect();
    let mut out = Vec::with_capacity(nodes.len());
    while let Some(Reverse(i)) = ready.pop() {
        out.push(i);
        for &next in &after[i] {
            waiting[next] -= 1;
            if waiting[next] == 0 {
                ready.push(Reverse(next));
            }
        }
    }
    let stuck: Vec<usize> = (0..nodes.len()).filter(|&i| waiting[i] > 0).collect();
    let cycle = stuck.first().map(|&first| find_cycle(first, &before, &waiting));
    out.extend(stuck);
    (out, cycle)
}

/// Every stuck node waits for a stuck node, so walking backwards must come round.
fn find_cycle(first: usize, before: &[HashSet<usize>], waiting: &[usize]) -> Vec<usize> {
    let mut path = vec![first];
    let mut at = HashMap::from([(first, 0)]);
    let mut here = first;
    while let Some(&next) = before[here].iter().filter(|&&p| waiting[p] > 0).min() {
        if let Some(&start) = at.get(&next) {
            let mut cycle = path.split_off(start);
            cycle.reverse();
            // Start with the node that stands first in the file.
            let lead = (0..cycle.len()).min_by_key(|&i| cycle[i]).unwrap_or(0);
            cycle.rotate_left(lead);
            return cycle;
        }
        at.insert(next, path.len());
        path.push(next);
        here = next;
    }
    path
}

/// The names that a node takes from the graph it stands in: its inputs, and what its subgraphs capture.
fn names_used<'m>(node: &'m Node<'_>) -> HashSet<&'m str> {
    let mut out: HashSet<&str> = node.input.iter().copied().filter(|n| !n.is_empty()).collect();
    for attribute in &node.attribute {
        for graph in attribute.g.iter().map(|g| &**g).chain(&attribute.graphs) {
            out.extend(captures(graph));
        }
    }
    out
}

/// The names that a subgraph uses and doesn't define.
fn captures<'m>(graph: &'m Graph<'_>) -> HashSet<&'m str> {
    let mut used: HashSet<&str> = graph.node.iter().flat_map(names_used).collect();
    used.extend(graph.output.iter().map(|o| o.name));
    for node in &graph.node {
        for name in &node.output {
            used.remove(name);
        }
    }
    for name in graph.input.iter().map(|i| i.name).chain(graph.initializer.iter().map(|t| t.name())) {
        used.remove(name);
    }
    used
}
