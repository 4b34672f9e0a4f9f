//! Who counts for which line of an organisation's table.

use super::Reach;
use crate::deltas::Day;
use crate::organisations::{DatedTree, OrganisationId};
use crate::statistics::bits::{Bits, Numbers};
use crate::statistics::choice::Lens;
use crate::statistics::figures::Reached;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A line of the table: the organisation itself, or a child.
pub(super) type Line = Option<OrganisationId>;

/// Everybody who ever counted for an organisation; through the tree of today, who counts for it now.
#[derive(Debug)]
pub(super) struct Members<'t> {
    dated: &'t DatedTree,
    organisation: OrganisationId,
    /// Decides who has subordinates.
    end: Day,
    /// With the line, if every day agrees about it.
    lines: HashMap<OrganisationId, Option<Line>>,
}

impl<'t> Members<'t> {
    /// Below `organisation`; `end` is the day that decides who has subordinates.
    pub fn below(dated: &'t DatedTree, organisation: OrganisationId, lens: Lens, today: Day, end: Day) -> Self {
        let mut lines = HashMap::from([(organisation, Some(None))]);
        let mut open = vec![organisation];
        while let Some(id) = open.pop() {
            let above = lines[&id];
            let children: Vec<_> = match lens {
                Lens::Now => dated.children(id, today),
                Lens::Then | Lens::Line => dated.ever_children(id).collect(),
            };
            for child in children.into_iter().filter(|child| *child != organisation) {
                let stays = lens == Lens::Now || dated.turning_days(child).next().is_none();
                let line = above.filter(|_| stays).map(|line| line.or(Some(child)));
                if lines.insert(child, line).is_none() {
                    open.push(child);
                }
            }
        }
        Self { dated, organisation, end, lines }
    }

    /// Whether `id` may count here.
    pub fn has(&self, id: OrganisationId) -> bool {
        self.lines.contains_key(&id)
    }

    /// Those whose days have to be looked at one by one.
    pub fn unsettled(&self) -> impl Iterator<Item = OrganisationId> + '_ {
        self.lines.iter().filter(|(_, line)| line.is_none()).map(|(id, _)| *id)
    }

    /// The line that something of `id` on `day` counts for; none when it does not count here.
    pub fn line_on(&self, id: OrganisationId, day: Day) -> Option<Line> {
        if let Some(line) = self.lines.get(&id)? {
            return Some(*line);
        }
        let above = self.dated.above(id, day);
        let at = above.iter().position(|above| *above == self.organisation)?;
        Some(Some(if at == 0 { id } else { above[at - 1] }))
    }

    /// Those without subordinates at the end who are not closed.
    pub fn grassroots<'a>(&'a self, closed: &'a HashSet<OrganisationId>) -> impl Iterator<Item = OrganisationId> + 'a {
        self.lines.keys().copied().filter(|id| self.is_grassroots(*id, closed) && self.line_on(*id, self.end).is_some())
    }

    fn is_grassroots(&self, id: OrganisationId, closed: &HashSet<OrganisationId>) -> bool {
        !self.dated.has_children(id, self.end) && self.dated.is_there(id, self.end) && !closed.contains(&id)
    }

    /// Prepares counting; `closed` have nothing to hold any more, and `told` are not looked for in the sets.
    pub fn tally(&self, numbers: &Numbers, closed: &HashSet<OrganisationId>, told: &BTreeSet<OrganisationId>) -> Tally {
        let mut tally = Tally::default();
        for id in self.lines.keys() {
            let grassroots = self.is_grassroots(*id, closed);
            let Some(line) = self.line_on(*id, self.end).or(self.lines[id]) else { continue };
            let sets = tally.lines.entry(line).or_default();
            if grassroots {
                sets.of += 1;
                tally.grassroots.insert(*id, line);
            }
            if let Some(number) = numbers.of(*id).filter(|_| !told.contains(id)) {
                sets.all.set(number, true);
                sets.grassroots.set(number, grassroots);
            }
        }
        tally
    }
}

/// Those of one line, as sets.
#[derive(Debug, Default)]
struct LineSets {
    all: Bits,
    grassroots: Bits,
    of: i64,
}

/// Counts sets line by line.
#[derive(Debug, Default)]
pub(super) struct Tally {
    lines: HashMap<Line, LineSets>,
    /// With the line that they stand on at the end: who has left since is nobody of its denominator.
    grassroots: HashMap<OrganisationId, Line>,
}

impl Tally {
    /// Counts one period: who is in `active`, and who was `told` to count for a line.
    pub fn count(&self, active: &Bits, told: &BTreeSet<(OrganisationId, Line)>, reach: &mut Reach) {
        let of_sets =
            |sets: &LineSets| Reached { organisations: sets.all.shared(active), grassroots: sets.grassroots.shared(active), of: sets.of };
        let mut lines: HashMap<Line, Reached> = self.lines.iter().map(|(line, sets)| (*line, of_sets(sets))).collect();
        let mut total = Reached::default();
        for line in lines.values() {
            total.add(*line);
        }
        let mut seen = HashSet::new();
        for (id, line) in told {
            let at_end = self.grassroots.get(id);
            let one = |is_grassroots: bool| Reached { organisations: 1, grassroots: i64::from(is_grassroots), of: 0 };
            lines.entry(*line).or_default().add(one(at_end == Some(line)));
            if seen.insert(*id) {
                total.add(one(at_end.is_some()));
            }
        }
        let before = reach.total.len();
        reach.total.push(total);
        reach.own.push(lines.remove(&None).unwrap_or_default());
        for (child, reached) in lines.into_iter().filter_map(|(line, reached)| Some((line?, reached))) {
            let periods = reach.children.entry(child).or_default();
            periods.resize(before, Reached::default());
            periods.push(reached);
        }
    }
}
