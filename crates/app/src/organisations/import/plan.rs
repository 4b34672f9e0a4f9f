//! What the entries would change, and which of them can't be.

use super::entries::{CODE, KIND, NAME, PARENT};
use super::{Entries, Entry};
use crate::organisations::{Node, OrganisationId, Tree};
use crate::registers::Fault;
use std::collections::HashMap;

/// What the sender of the file may change.
pub struct Rights<'a> {
    /// Whether this organisation may be changed, and get subordinates.
    pub keeps: &'a dyn Fn(OrganisationId) -> bool,
    /// Whether a first root may be made.
    pub may_found: bool,
}

impl std::fmt::Debug for Rights<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rights").field("may_found", &self.may_found).finish_non_exhaustive()
    }
}

/// The changes of one file, as indices of its entries.
#[derive(Debug, Default)]
pub struct Plan {
    /// Organisations that are new, in the order of the file.
    pub added: Vec<usize>,
    /// Known ones that get another name.
    pub renamed: Vec<(OrganisationId, usize)>,
    /// Known ones that get another superior.
    pub moved: Vec<(OrganisationId, usize)>,
    /// Known ones whose kind or members change.
    pub corrected: Vec<(OrganisationId, usize)>,
    /// Entries that say what is known.
    pub unchanged: usize,
    /// The superior of each entry.
    pub superiors: Vec<Superior>,
    /// Everything that refuses the file.
    pub faults: Vec<Fault>,
}

impl Plan {
    /// There is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.renamed.is_empty() && self.moved.is_empty() && self.corrected.is_empty()
    }
}

/// Where an entry's superior is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Superior {
    /// It has none.
    None,
    /// In the tree.
    Known(OrganisationId),
    /// At this entry.
    New(usize),
    /// Nowhere.
    Missing,
}

struct Planner<'a> {
    tree: &'a Tree,
    entries: &'a Entries,
    by_code: HashMap<&'a str, u32>,
    rights: &'a Rights<'a>,
    plan: Plan,
}

/// Plans the changes of `entries` to `tree`.
pub fn plan(tree: &Tree, entries: &Entries, rights: &Rights<'_>) -> Plan {
    let mut planner = Planner { tree, entries, by_code: HashMap::with_capacity(entries.count()), rights, plan: Plan::default() };
    planner.index();
    let mut founder = tree.roots().next().map(|n| n.code.as_str());
    for at in 0..entries.count() {
        planner.one(at, &mut founder);
    }
    planner.cycles();
    let mut plan = planner.plan;
    plan.faults.sort_by(|a, b| (a.row, &a.column).cmp(&(b.row, &b.column)));
    plan
}

impl<'a> Planner<'a> {
    fn fault(&mut self, at: usize, column: &'static str, rule: &'static str, wanted: &dyn std::fmt::Display) {
        let entry = self.entries.get(at);
        let found = match column {
            CODE => entry.code,
            NAME => entry.name,
            PARENT => entry.parent,
            _ => "",
        };
        self.plan.faults.push(Fault::new(entry.row, column, found, rule, wanted));
    }

    fn index(&mut self) {
        for at in 0..self.entries.count() {
            let first = *self.by_code.entry(self.entries.get(at).code).or_insert(at as u32) as usize;
            if first != at {
                self.fault(at, CODE, "duplicate-code", &self.entries.get(first).row);
            }
        }
    }

    fn superior(&self, at: usize) -> Superior {
        let parent = self.entries.get(at).parent;
        if parent.is_empty() {
            Superior::None
        } else if let Some(node) = self.tree.by_code(parent) {
            Superior::Known(node.id)
        } else {
            self.by_code.get(parent).map_or(Superior::Missing, |at| Superior::New(*at as usize))
        }
    }

    fn one(&mut self, at: usize, founder: &mut Option<&'a str>) {
        let superior = self.superior(at);
        self.plan.superiors.push(superior);
        let entry = self.entries.get(at);
        match superior {
            Superior::Missing => return self.fault(at, PARENT, "unknown-parent", &""),
            Superior::Known(parent) if self.tree.get(parent).is_some_and(|n| n.closed) => {
                return self.fault(at, PARENT, "closed-parent", &"");
            }
            Superior::None => {
                let root = *founder.get_or_insert(entry.code);
                if root != entry.code {
                    return self.fault(at, PARENT, "second-root", &root);
                }
            }
            Superior::Known(_) | Superior::New(_) => {}
        }
        match self.tree.by_code(entry.code) {
            Some(node) => self.known(at, entry, node, superior),
            None => self.unknown(at, superior),
        }
    }

    fn unknown(&mut self, at: usize, superior: Superior) {
        if self.entries.get(at).kind.is_none() {
            self.fault(at, KIND, "required", &"");
        }
        match superior {
            Superior::Known(parent) if !(self.rights.keeps)(parent) => self.fault(at, PARENT, "not-yours", &""),
            Superior::None if !self.rights.may_found => self.fault(at, PARENT, "not-yours", &""),
            _ => self.plan.added.push(at),
        }
    }

    fn known(&mut self, at: usize, entry: Entry<'_>, node: &Node, superior: Superior) {
        let renamed = node.name != entry.name;
        let corrected = entry.kind.is_some_and(|kind| kind != node.kind) || entry.members.is_some_and(|m| m != node.members);
        let moved = match superior {
            Superior::Known(parent) => node.parent != Some(parent),
            Superior::New(_) => true,
            Superior::None | Superior::Missing => false,
        };
        if !(renamed || corrected || moved) {
            self.plan.unchanged += 1;
            return;
        }
        if node.closed {
            return self.fault(at, CODE, "closed", &"");
        }
        if !(self.rights.keeps)(node.id) {
            return self.fault(at, CODE, "not-yours", &"");
        }
        if moved {
            self.moved(at, node, superior);
        }
        if renamed {
            self.plan.renamed.push((node.id, at));
        }
        if corrected {
            self.plan.corrected.push((node.id, at));
        }
    }

    fn moved(&mut self, at: usize, node: &Node, superior: Superior) {
        let Some(parent) = node.parent else { return self.fault(at, PARENT, "root-moves", &"") };
        let from = (self.rights.keeps)(parent);
        let to = match superior {
            Superior::Known(parent) => (self.rights.keeps)(parent),
            _ => true,
        };
        if from && to { self.plan.moved.push((node.id, at)) } else { self.fault(at, PARENT, "not-yours", &"") }
    }

    /// The code of the superior that `code` would have, by the file or else by the tree.
    fn superior_code(&self, code: &'a str) -> Option<&'a str> {
        match self.by_code.get(code) {
            Some(at) => Some(self.entries.get(*at as usize).parent).filter(|parent| !parent.is_empty()),
            None => self.tree.get(self.tree.by_code(code)?.parent?).map(|n| n.code.as_str()),
        }
    }

    /// Follows each entry upwards once; a walk that meets itself is a cycle.
    fn cycles(&mut self) {
        let mut walk_of: HashMap<&str, u32> = HashMap::with_capacity(self.entries.count());
        for start in 0..self.entries.count() as u32 {
            let mut at = Some(self.entries.get(start as usize).code);
            while let Some(code) = at {
                match walk_of.get(code) {
                    Some(walk) if *walk == start => {
                        self.cycle(code);
                        break;
                    }
                    Some(_) => break,
                    None => walk_of.insert(code, start),
                };
                at = self.superior_code(code);
            }
        }
    }

    fn cycle(&mut self, code: &'a str) {
        let mut ring = vec![code];
        let mut at = self.superior_code(code);
        while let Some(next) = at.filter(|next| *next != code) {
            ring.push(next);
            at = self.superior_code(next);
        }
        ring.push(code);
        let words = ring.iter().take(8).copied().collect::<Vec<_>>().join(" → ");
        for member in &ring[1..] {
            if let Some(at) = self.by_code.get(member).copied() {
                self.fault(at as usize, PARENT, "cycle", &words);
            }
        }
    }
}
