//! Who counts for which line of an organisation's table.

use super::Reach;
use crate::deltas::Day;
use crate::organisations::{DatedTree, OrganisationId, Place};
use crate::statistics::bits::{Bits, Numbers};
use crate::statistics::choice::Lens;
use crate::statistics::figures::Reached;
use std::collections::{BTreeSet, HashMap, HashSet};

/// A line of the table: the organisation itself, or a child.
pub(super) type Line = Option<OrganisationId>;

/// Not below the organisation.
const ELSEWHERE: u32 = u32::MAX;
/// Below it, but not for the same line on every day.
const CHANGING: u32 = u32::MAX - 1;

/// Everybody who ever counted for an organisation; through the tree of today, who counts for it now.
///
/// By places of the tree and not by ids: a province has 150,000 members, and each is looked at in every read.
#[derive(Debug)]
pub(super) struct Members<'t> {
    dated: &'t DatedTree,
    organisation: OrganisationId,
    /// Decides who has subordinates.
    end: Day,
    /// Number of the line of each place, if every day agrees about it: 0 is the organisation itself.
    lines: Vec<u32>,
    /// Those who count, the organisation first.
    found: Vec<Place>,
    /// Numbers of the lines of direct children, from 1.
    numbers: HashMap<Place, u32>,
    /// Direct children in the order of their numbers.
    children: Vec<OrganisationId>,
}

impl<'t> Members<'t> {
    /// Below `organisation`; `end` is the day that decides who has subordinates.
    pub fn below(dated: &'t DatedTree, organisation: OrganisationId, lens: Lens, today: Day, end: Day) -> Self {
        let (lines, found) = (vec![ELSEWHERE; dated.len()], Vec::new());
        let mut members = Self { dated, organisation, end, lines, found, numbers: HashMap::new(), children: Vec::new() };
        if let Some(top) = dated.place(organisation) {
            members.descend(top, lens, today);
        }
        members
    }

    fn descend(&mut self, top: Place, lens: Lens, today: Day) {
        self.lines[top as usize] = 0;
        self.found.push(top);
        let mut next = 0;
        while let Some(above) = self.found.get(next).copied() {
            next += 1;
            for child in self.dated.ever_below(above).iter().copied().filter(|child| *child != top) {
                if lens == Lens::Now && self.dated.parent_of(child, today) != Some(above) {
                    continue;
                }
                let stays = lens == Lens::Now || !self.dated.is_mover(child);
                let line = if above == top { self.number(child) } else { self.lines[above as usize] };
                if self.lines[child as usize] == ELSEWHERE {
                    self.found.push(child);
                }
                self.lines[child as usize] = if stays { line } else { CHANGING };
            }
        }
    }

    /// Of the line of a direct child.
    fn number(&mut self, child: Place) -> u32 {
        *self.numbers.entry(child).or_insert_with(|| {
            self.children.push(self.dated.id(child));
            self.children.len() as u32
        })
    }

    fn line_of(&self, place: Place) -> u32 {
        self.lines[place as usize]
    }

    /// Whether `id` may count here.
    pub fn has(&self, id: OrganisationId) -> bool {
        self.dated.place(id).is_some_and(|place| self.line_of(place) != ELSEWHERE)
    }

    /// Those whose days have to be looked at one by one.
    pub fn unsettled(&self) -> impl Iterator<Item = OrganisationId> + '_ {
        self.found.iter().filter(|place| self.line_of(**place) == CHANGING).map(|place| self.dated.id(*place))
    }

    /// The line that something of `id` on `day` counts for; none when it does not count here.
    pub fn line_on(&self, id: OrganisationId, day: Day) -> Option<Line> {
        let number = self.number_on(self.dated.place(id)?, day)? as usize;
        Some(number.checked_sub(1).map(|at| self.children[at]))
    }

    /// Number of the same line.
    fn number_on(&self, place: Place, day: Day) -> Option<u32> {
        match self.line_of(place) {
            ELSEWHERE => None,
            CHANGING => {
                let above = self.dated.above_place(place, day);
                let at = above.iter().position(|above| self.dated.id(*above) == self.organisation)?;
                self.numbers.get(if at == 0 { &place } else { &above[at - 1] }).copied()
            }
            number => Some(number),
        }
    }

    /// Those without subordinates at the end who are not closed.
    pub fn grassroots<'a>(&'a self, closed: &'a HashSet<OrganisationId>) -> impl Iterator<Item = OrganisationId> + 'a {
        let counts = |place: &Place| self.is_grassroots(*place) && self.number_on(*place, self.end).is_some();
        self.found.iter().copied().filter(counts).map(|place| self.dated.id(place)).filter(|id| !closed.contains(id))
    }

    /// Unless it is closed.
    fn is_grassroots(&self, place: Place) -> bool {
        !self.dated.has_children(place, self.end) && self.dated.is_there(place, self.end)
    }

    /// Prepares counting; `closed` have nothing to hold any more.
    pub fn tally(&self, numbers: &Numbers, closed: &HashSet<OrganisationId>, told: &BTreeSet<OrganisationId>) -> Tally {
        let mut lines: Vec<_> = (0..=self.children.len()).map(|_| LineSets::default()).collect();
        let mut shut = vec![false; self.dated.len()];
        closed.iter().filter_map(|id| self.dated.place(*id)).for_each(|place| shut[place as usize] = true);
        for place in &self.found {
            let Some(sets) = self.number_on(*place, self.end).and_then(|line| lines.get_mut(line as usize)) else { continue };
            let grassroots = self.is_grassroots(*place) && !shut[*place as usize];
            sets.is_there = true;
            sets.of += i64::from(grassroots);
            if let Some(number) = numbers.at(*place) {
                sets.all.set(number, true);
                sets.grassroots.set(number, grassroots);
            }
        }
        for (sets, child) in lines.iter_mut().skip(1).zip(&self.children) {
            sets.line = Some(*child);
        }
        let at_end = |id: &OrganisationId| {
            self.dated.place(*id).filter(|place| self.is_grassroots(*place) && !shut[*place as usize])?;
            Some((*id, self.line_on(*id, self.end)?))
        };
        Tally { lines, told: told.iter().filter_map(at_end).collect(), unlisted: told.iter().filter_map(|id| numbers.of(*id)).collect() }
    }
}

/// Those of one line, as sets.
#[derive(Debug, Default)]
struct LineSets {
    line: Line,
    /// Somebody stands on it at the end.
    is_there: bool,
    all: Bits,
    grassroots: Bits,
    of: i64,
}

/// Counts sets line by line.
#[derive(Debug)]
pub(super) struct Tally {
    lines: Vec<LineSets>,
    /// Grassroots of those who are told by name, with the line on which they stand at the end: who has left since is nobody of its
    /// denominator.
    told: HashMap<OrganisationId, Line>,
    /// Numbers of those who are told by name, and so are not looked for in sets.
    unlisted: Vec<u32>,
}

impl Tally {
    /// Counts one period: who is in `active`, and who was `told` to count for a line.
    pub fn count(&self, mut active: Bits, told: &BTreeSet<(OrganisationId, Line)>, reach: &mut Reach) {
        self.unlisted.iter().for_each(|number| active.set(*number, false));
        let of_sets =
            |sets: &LineSets| Reached { organisations: sets.all.shared(&active), grassroots: sets.grassroots.shared(&active), of: sets.of };
        let there = self.lines.iter().filter(|sets| sets.is_there);
        let mut lines: HashMap<Line, Reached> = there.map(|sets| (sets.line, of_sets(sets))).collect();
        let mut total = Reached::default();
        for line in lines.values() {
            total.add(*line);
        }
        let mut seen = HashSet::new();
        for (id, line) in told {
            let at_end = self.told.get(id);
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
