//! Held sessions by two traits at once (F5): a table of two dimensions, exact from the records.
//!
//! Cells keep margins, not crossings (decision 18). Organisations whose superiors did not change in the period are summed by the
//! database, a thousand at a time, from the index of what counts; those that moved are looked at day by day.

use super::choice::{Asked, Choice};
use super::indicator::Indicator;
use super::overview::{choose, sees_below, through};
use super::period::Period;
use super::records::{Part, Scope, scope_of};
use super::refold::settled;
use crate::db::{DbError, Tx};
use crate::deltas::Metric;
use crate::held_sessions::{Counted, Has, TraitKind};
use crate::organisations::{OrganisationId, Organisations};
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// Sessions that one table is made of at most: about a second of reading.
pub const MOST: i64 = 1_000_000;

/// Which traits are crossed.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Traits {
    /// Kind of trait down the side: `form`, `lecturer`, `venue` or `topic`; without it `lecturer`.
    pub rows: String,
    /// Kind of trait along the top; without it `form`.
    pub columns: String,
}

/// What a cell counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    /// Held sessions.
    pub sessions: i64,
    /// People in them.
    pub people: i64,
}

impl Cell {
    fn add(&mut self, sessions: i64, people: i64) {
        self.sessions += sessions;
        self.people += people;
    }

    /// The number of the metric.
    pub const fn number(self, metric: Metric) -> i64 {
        if matches!(metric, Metric::Attendances) { self.people } else { self.sessions }
    }
}

/// Cells by the codes of their row and column; a code is empty where nothing was said.
pub type Cells = BTreeMap<(String, String), Cell>;

/// Everything that is shown.
#[derive(Debug)]
pub struct Crossing {
    /// What was asked for; its metric is [`Metric::Sessions`] or [`Metric::Attendances`].
    pub choice: Choice,
    /// The same as a metric.
    pub metric: Metric,
    /// The name of the organisation at the end of the period.
    pub name: String,
    /// Down the side, and along the top.
    pub kinds: (TraitKind, TraitKind),
    /// What there is.
    pub cells: Cells,
}

impl Crossing {
    /// Codes down the side, with their sums: the largest first, as in the lists of one trait.
    pub fn rows(&self) -> Vec<(String, i64)> {
        self.margin(|(row, _)| row)
    }

    /// Codes along the top.
    pub fn columns(&self) -> Vec<(String, i64)> {
        self.margin(|(_, column)| column)
    }

    fn margin(&self, side: impl Fn(&(String, String)) -> &String) -> Vec<(String, i64)> {
        let mut sums: BTreeMap<&String, i64> = BTreeMap::new();
        for (codes, cell) in &self.cells {
            *sums.entry(side(codes)).or_default() += cell.number(self.metric);
        }
        let mut found: Vec<_> = sums.into_iter().map(|(code, n)| (code.clone(), n)).collect();
        // Those of which nothing was said stand last.
        found.sort_by_key(|(code, n)| (code.is_empty(), -n));
        found
    }

    /// One number of the table.
    pub fn number(&self, row: &str, column: &str) -> i64 {
        self.cells.get(&(row.to_owned(), column.to_owned())).map_or(0, |cell| cell.number(self.metric))
    }

    /// All numbers together.
    pub fn total(&self) -> i64 {
        self.cells.values().map(|cell| cell.number(self.metric)).sum()
    }
}

/// Two traits that records have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cross(Has, Has);

impl Cross {
    /// Of a cell.
    pub fn of((row, column): (TraitKind, TraitKind), codes: (&str, &str)) -> Self {
        Self((row, codes.0.to_owned()), (column, codes.1.to_owned()))
    }

    /// Reads [`Cross::code`]; none for nothing.
    ///
    /// # Errors
    ///
    /// 404 for traits that there are none of.
    pub fn read(text: &str) -> Result<Option<Self>, Problem> {
        if text.is_empty() {
            return Ok(None);
        }
        let has = |text: &str| {
            let (kind, code) = text.split_once(':')?;
            let good = code.len() <= 40 && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            TraitKind::from_code(kind).filter(|_| good).map(|kind| (kind, code.to_owned()))
        };
        let read = text.split_once(',').and_then(|(a, b)| Some(Self(has(a)?, has(b)?)));
        read.filter(|Self(a, b)| a.0 != b.0).map(Some).ok_or_else(Problem::not_found)
    }

    /// How an address names it.
    pub fn code(&self) -> String {
        let one = |(kind, code): &Has| format!("{}:{code}", kind.code());
        format!("{},{}", one(&self.0), one(&self.1))
    }

    /// The two, one after the other.
    pub fn both(&self) -> [Has; 2] {
        [self.0.clone(), self.1.clone()]
    }

    /// How many of `metric` have both.
    pub async fn figure(&self, tx: &mut Tx, scope: &Scope, choice: &Choice, metric: Metric) -> Result<i64, DbError> {
        let Self((a, row), (b, column)) = self;
        let cells = cells(tx, scope, choice, (*a, *b)).await?;
        Ok(cells.get(&(row.clone(), column.clone())).map_or(0, |cell| cell.number(metric)))
    }
}

/// The trait that a choice narrows held sessions to.
pub fn only(choice: &Choice) -> Option<Has> {
    let (kind, code) = choice.only.split_once(':')?;
    Some((TraitKind::from_code(kind)?, code.to_owned()))
}

/// The table that `asked` names, as far as `actor` may see it.
///
/// # Errors
///
/// As the statistics page; `crossing-too-large` for more than [`MOST`] sessions.
pub async fn load(app: &App, actor: &Actor, asked: &Asked, traits: &Traits) -> Result<Crossing, Problem> {
    let mut tx = settled(app).await?;
    let choice = choose(app, &mut tx, actor, asked).await?;
    let below = sees_below(&app.tree.load(), actor, choice.organisation);
    let metric = if choice.metric == Indicator::Of(Metric::Attendances) { Metric::Attendances } else { Metric::Sessions };
    let choice = Choice { metric: Indicator::Of(metric), ..choice };
    let part = if below { Part::Whole } else { Part::Itself };
    bounded(app, &mut tx, &choice, part).await?;
    let scope = scope_of(app, &mut tx, &choice, part).await?;
    let kinds = kinds(traits);
    let cells = cells(&mut tx, &scope, &choice, kinds).await?;
    let at = choice.period.last.end(&app.zone).min(app.clock.now());
    let known = Organisations(&mut tx).names_at(&[choice.organisation], at).await?.into_iter().next();
    let name = known.map_or_else(|| app.tree.load().name(choice.organisation), |(_, name)| name);
    Ok(Crossing { choice, metric, name, kinds, cells })
}

/// Two different kinds, whatever was asked for.
fn kinds(traits: &Traits) -> (TraitKind, TraitKind) {
    let rows = TraitKind::from_code(&traits.rows).unwrap_or(TraitKind::LECTURER);
    let other = if rows == TraitKind::FORM { TraitKind::LECTURER } else { TraitKind::FORM };
    (rows, TraitKind::from_code(&traits.columns).filter(|columns| *columns != rows).unwrap_or(other))
}

/// Nothing, when the sessions of a line are few enough to be read.
///
/// # Errors
///
/// `crossing-too-large`.
pub async fn bounded(app: &App, tx: &mut Tx, choice: &Choice, part: Part) -> Result<(), Problem> {
    let report = through(app, tx, choice, &[choice.period], &[Metric::Sessions]).await?;
    let figures = match part {
        Part::Whole => Some(&report.total),
        Part::Itself => Some(&report.own),
        Part::Through(child) => report.children.get(&child),
    };
    let sessions = figures.and_then(|part| part.first()).map_or(0, |figures| figures.get(Metric::Sessions, &choice.only));
    if sessions > MOST { Err(Problem::unprocessable("crossing-too-large").with("most", MOST)) } else { Ok(()) }
}

/// Sums by two traits of whatever counts in `scope`.
async fn cells(tx: &mut Tx, scope: &Scope, choice: &Choice, (a, b): (TraitKind, TraitKind)) -> Result<Cells, DbError> {
    let (period, only) = (choice.period, only(choice));
    let days = (period.first.0, period.last.0);
    let everybody = scope.everybody(period, usize::MAX).unwrap_or_default();
    let mut steady = Steady::default();
    let (still, moved): (Vec<_>, Vec<_>) = everybody.into_iter().partition(|id| steady.is(scope, *id, period));
    let still: Vec<_> = still.into_iter().filter(|id| scope.has(*id, period.first)).collect();
    let mut cells = Cells::new();
    for sum in Counted(tx).crossed(&still, days, (a, b), only.as_ref()).await? {
        cells.entry(sum.codes).or_default().add(sum.sessions, sum.people);
    }
    for sum in Counted(tx).by_day(&moved, days).await? {
        let fits = only.as_ref().is_none_or(|(kind, code)| kind.of(&sum.dimension) == code);
        if fits && scope.has(sum.organisation, crate::deltas::Day(sum.at as i32)) {
            let codes = (a.of(&sum.dimension).to_owned(), b.of(&sum.dimension).to_owned());
            cells.entry(codes).or_default().add(sum.sessions, sum.people);
        }
    }
    Ok(cells)
}

/// Whose superiors stay the same through a period; remembers what it found out.
#[derive(Debug, Default)]
struct Steady(HashMap<OrganisationId, bool>);

impl Steady {
    fn is(&mut self, scope: &Scope, id: OrganisationId, period: Period) -> bool {
        if scope.as_of.is_some() {
            return true;
        }
        let path = [vec![id], scope.dated.above(id, period.first)].concat();
        path.into_iter().all(|one| {
            let turns = |day: crate::deltas::Day| period.first < day && day <= period.last;
            *self.0.entry(one).or_insert_with(|| !scope.dated.turning_days(one).any(turns))
        })
    }
}
