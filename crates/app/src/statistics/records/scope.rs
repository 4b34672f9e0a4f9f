//! Whose records are behind a figure: the same rule as that of the cells.

use crate::deltas::Day;
use crate::organisations::{DatedTree, OrganisationId};
use crate::statistics::Period;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Up to so many organisations are named in a query; of more, rows are dense enough to be sorted out one by one.
const NAMED: usize = 2_000;

/// Which line of the table of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The total: with everything below.
    Whole,
    /// The organisation itself.
    Itself,
    /// What came through this child, on the days on which it was one.
    Through(OrganisationId),
}

impl Part {
    /// How an address names it.
    pub fn code(self) -> String {
        match self {
            Self::Whole => String::new(),
            Self::Itself => "itself".to_owned(),
            Self::Through(child) => child.to_string(),
        }
    }
}

/// An organisation, a line of its table, and the tree of every day.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The line.
    pub part: Part,
    /// Who stood where on which day.
    pub dated: Arc<DatedTree>,
    /// The day whose tree decides, whatever the day of a record; none: each record's own.
    pub as_of: Option<Day>,
    /// Whoever counts too, with everything below, though they stand elsewhere.
    pub also: Vec<OrganisationId>,
}

impl Scope {
    /// Whether something of `of` on `day` counts here.
    pub fn has(&self, of: OrganisationId, day: Day) -> bool {
        let day = self.as_of.unwrap_or(day);
        match self.part {
            Part::Itself => of == self.organisation,
            Part::Whole => self.is_below(of, day, |id| *id == self.organisation || self.also.contains(id)),
            Part::Through(child) if self.also.contains(&child) => self.is_below(of, day, |id| *id == child),
            Part::Through(child) => {
                let above = self.dated.above(of, day);
                let at = above.iter().position(|id| *id == self.organisation);
                at.is_some_and(|at| if at == 0 { of == child } else { above[at - 1] == child })
            }
        }
    }

    /// Whether `of` is such an organisation, or stands below one on `day`.
    fn is_below(&self, of: OrganisationId, day: Day, such: impl Fn(&OrganisationId) -> bool) -> bool {
        such(&of) || self.dated.above(of, day).iter().any(such)
    }

    /// All whose records may count here in `period`; none when they are too many to be named.
    ///
    /// More than those that do count: who moved is named for the whole period, and [`Scope::has`] decides.
    pub fn named(&self, period: Period) -> Option<Vec<OrganisationId>> {
        self.everybody(period, NAMED)
    }

    /// The same, when they are at most `most`.
    pub fn everybody(&self, period: Period, most: usize) -> Option<Vec<OrganisationId>> {
        let top = if let Part::Through(child) = self.part { child } else { self.organisation };
        let mut open = if self.part == Part::Itself { Vec::new() } else { vec![top] };
        if self.part == Part::Whole {
            open.extend(&self.also);
        }
        let mut named: BTreeSet<_> = open.iter().copied().chain([top]).collect();
        while let Some(id) = open.pop() {
            let days = self.as_of.map_or(period, |day| Period { first: day, last: day });
            let there = self.dated.tenures(id).into_iter().filter(|tenure| days.within(tenure.first, tenure.last).is_some());
            open.extend(there.map(|tenure| tenure.child).filter(|child| named.insert(*child)));
            if named.len() > most {
                return None;
            }
        }
        Some(named.into_iter().collect())
    }
}
