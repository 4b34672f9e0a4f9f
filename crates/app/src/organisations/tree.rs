//! The tree in memory: immutable, with pre- and post-order numbers, so that "is it above?" is two comparisons.

use kernel::{OrganisationId, Timestamp};
use std::collections::HashMap;

/// One organisation as it is now.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its id.
    pub id: OrganisationId,
    /// Unique code of the superior's register.
    pub code: String,
    /// Its name now.
    pub name: String,
    /// Word of the vocabulary pack: province, city, …, branch.
    pub kind: String,
    /// Members it has itself.
    pub members: i64,
    /// Its superior; none for a root.
    pub parent: Option<OrganisationId>,
    /// Closed: it keeps its history and takes nothing new.
    pub closed: bool,
}

#[derive(Debug, Clone)]
struct Placed {
    node: Node,
    /// Name and code in lower case where that differs, made once so that a search through 150,000 of them allocates nothing.
    folded: (Option<Box<str>>, Option<Box<str>>),
    parent: Option<u32>,
    children: Vec<u32>,
    pre: u32,
    /// The largest `pre` in its subtree.
    last: u32,
    depth: u16,
}

/// The text in lower case, unless it is so already.
fn lower(text: &str) -> Option<Box<str>> {
    let lower = text.to_lowercase();
    (lower != text).then(|| lower.into())
}

impl Placed {
    /// The name in lower case.
    fn name(&self) -> &str {
        self.folded.0.as_deref().unwrap_or(&self.node.name)
    }

    /// The code in lower case.
    fn code(&self) -> &str {
        self.folded.1.as_deref().unwrap_or(&self.node.code)
    }
}

/// A snapshot of the current tree (main line).
#[derive(Debug, Default)]
pub struct Tree {
    /// Number of the change that this snapshot shows.
    pub revision: i64,
    /// The next moment at which a dated change comes into force, and this snapshot is out of date.
    pub next_change: Option<Timestamp>,
    nodes: Vec<Placed>,
    by_id: HashMap<OrganisationId, u32>,
    roots: Vec<u32>,
    order: Vec<u32>,
}

impl Tree {
    /// Builds the snapshot; nodes whose parent is unknown become roots. Children are in the order of their codes.
    pub fn build(revision: i64, mut nodes: Vec<Node>) -> Self {
        nodes.sort_by(|a, b| a.code.cmp(&b.code));
        let by_id: HashMap<_, _> = nodes.iter().enumerate().map(|(i, n)| (n.id, i as u32)).collect();
        let place = |node: Node| Placed {
            parent: node.parent.and_then(|p| by_id.get(&p).copied()),
            folded: (lower(&node.name), lower(&node.code)),
            node,
            children: Vec::new(),
            pre: 0,
            last: 0,
            depth: 0,
        };
        let mut tree = Self { revision, nodes: nodes.into_iter().map(place).collect(), by_id, ..Self::default() };
        for i in 0..tree.nodes.len() {
            match tree.nodes[i].parent {
                Some(p) => tree.nodes[p as usize].children.push(i as u32),
                None => tree.roots.push(i as u32),
            }
        }
        tree.number();
        tree
    }

    /// Numbers the nodes without recursion: a tree may be deeper than a stack.
    fn number(&mut self) {
        let mut stack: Vec<(u32, bool)> = self.roots.iter().rev().map(|r| (*r, false)).collect();
        while let Some((at, done)) = stack.pop() {
            let i = at as usize;
            if done {
                self.nodes[i].last = self.order.len() as u32 - 1;
                continue;
            }
            self.nodes[i].pre = self.order.len() as u32;
            self.nodes[i].depth = self.nodes[i].parent.map_or(0, |p| self.nodes[p as usize].depth + 1);
            self.order.push(at);
            stack.push((at, true));
            stack.extend(self.nodes[i].children.iter().rev().map(|c| (*c, false)));
        }
    }

    fn at(&self, id: OrganisationId) -> Option<&Placed> {
        self.by_id.get(&id).map(|i| &self.nodes[*i as usize])
    }

    /// How many organisations there are, closed ones included.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// No organisation was registered yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The organisation with this id.
    pub fn get(&self, id: OrganisationId) -> Option<&Node> {
        self.at(id).map(|p| &p.node)
    }

    /// Its name, or its id when it is unknown.
    pub fn name(&self, id: OrganisationId) -> String {
        self.get(id).map_or_else(|| id.to_string(), |n| n.name.clone())
    }

    /// The superior.
    pub fn parent(&self, id: OrganisationId) -> Option<OrganisationId> {
        self.at(id)?.parent.map(|p| self.nodes[p as usize].node.id)
    }

    /// Steps from the root; 0 for a root.
    pub fn depth(&self, id: OrganisationId) -> Option<u16> {
        self.at(id).map(|p| p.depth)
    }

    /// Its place in the order of the whole tree.
    pub fn place(&self, id: OrganisationId) -> Option<u32> {
        self.at(id).map(|p| p.pre)
    }

    /// Those without a superior.
    pub fn roots(&self) -> impl Iterator<Item = &Node> {
        self.roots.iter().map(|i| &self.nodes[*i as usize].node)
    }

    /// Direct subordinates, in the order of their codes.
    pub fn children(&self, id: OrganisationId) -> impl Iterator<Item = &Node> {
        self.at(id).into_iter().flat_map(|p| &p.children).map(|i| &self.nodes[*i as usize].node)
    }

    /// Whether it has subordinates.
    pub fn has_children(&self, id: OrganisationId) -> bool {
        self.at(id).is_some_and(|p| !p.children.is_empty())
    }

    /// Whether `above` is `below` itself or one of its superiors.
    pub fn contains(&self, above: OrganisationId, below: OrganisationId) -> bool {
        matches!((self.at(above), self.at(below)), (Some(a), Some(b)) if a.pre <= b.pre && b.pre <= a.last)
    }

    /// The organisation and its superiors, nearest first.
    pub fn path_up(&self, id: OrganisationId) -> Vec<OrganisationId> {
        let mut path = Vec::new();
        let mut at = self.by_id.get(&id).copied();
        while let Some(i) = at {
            path.push(self.nodes[i as usize].node.id);
            at = self.nodes[i as usize].parent;
        }
        path
    }

    /// Names from the root down to the organisation, for breadcrumbs.
    pub fn breadcrumb(&self, id: OrganisationId) -> Vec<&Node> {
        let mut path: Vec<_> = self.path_up(id).into_iter().filter_map(|id| self.get(id)).collect();
        path.reverse();
        path
    }

    /// The organisation and everything below it, parents before children.
    pub fn subtree(&self, id: OrganisationId) -> impl Iterator<Item = &Node> {
        let range = self.at(id).map_or(0..0, |p| p.pre as usize..p.last as usize + 1);
        self.order[range].iter().map(|i| &self.nodes[*i as usize].node)
    }

    /// Up to `most` organisations for which `within` holds and whose name contains `text` or whose code begins with it;
    /// an exact code comes first.
    pub fn search<'a>(&'a self, text: &str, within: impl Fn(OrganisationId) -> bool + 'a, most: usize) -> Vec<&'a Node> {
        let wanted = text.trim().to_lowercase();
        if wanted.is_empty() {
            return Vec::new();
        }
        let fits = |p: &&Placed| p.name().contains(&wanted) || p.code().starts_with(&wanted);
        let exact = self.nodes.iter().filter(|p| p.code() == wanted);
        let others = self.order.iter().map(|i| &self.nodes[*i as usize]).filter(fits).filter(|p| p.code() != wanted);
        exact.chain(others).map(|p| &p.node).filter(|n| within(n.id)).take(most).collect()
    }

    /// The organisation with this code.
    pub fn by_code(&self, code: &str) -> Option<&Node> {
        let at = self.nodes.binary_search_by(|p| p.node.code.as_str().cmp(code)).ok()?;
        Some(&self.nodes[at].node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;
    use proptest::prelude::*;

    fn id(n: usize) -> OrganisationId {
        Id::from_u128(n as u128 + 1)
    }

    fn node(n: usize, parent: Option<usize>) -> Node {
        Node {
            id: id(n),
            code: format!("{n:06}"),
            name: format!("第{n}"),
            kind: "branch".into(),
            members: 1,
            parent: parent.map(id),
            closed: false,
        }
    }

    proptest! {
        /// The numbers agree with walking up, node by node.
        #[test]
        fn contains_agrees_with_walking_up(parents in proptest::collection::vec(any::<proptest::sample::Index>(), 1..60)) {
            let nodes: Vec<_> = parents.iter().enumerate().map(|(n, p)| node(n, (n > 0).then(|| p.index(n)))).collect();
            let tree = Tree::build(1, nodes);
            for a in 0..parents.len() {
                for b in 0..parents.len() {
                    prop_assert_eq!(tree.contains(id(a), id(b)), tree.path_up(id(b)).contains(&id(a)));
                }
                let below = (0..parents.len()).filter(|b| tree.contains(id(a), id(*b))).count();
                prop_assert_eq!(tree.subtree(id(a)).count(), below);
            }
        }
    }

    #[test]
    fn search_finds_names_and_codes_within_reach() {
        let tree = Tree::build(1, vec![node(0, None), node(1, Some(0)), node(2, Some(0))]);
        assert_eq!(tree.search("第2", |_| true, 10).len(), 1);
        assert_eq!(tree.search("000001", |_| true, 10)[0].id, id(1));
        assert_eq!(tree.by_code("000002").map(|n| n.id), Some(id(2)));
        assert!(tree.by_code("000003").is_none());
        assert!(tree.search("第2", |o| o == id(1), 10).is_empty());
        assert!(tree.search("  ", |_| true, 10).is_empty());
    }
}
