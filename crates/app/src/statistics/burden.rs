//! The burden meter (B7): what the system asked of an organisation and everything below it in a period, and what that cost.
//!
//! ```text
//! requests (sessions recorded, plans, hand-ins, what came back) × fields asked anew × seconds (measured, or estimated) = hours
//! ```
//!
//! * What the system fills in by itself is not counted: it is not asked.
//! * Campaigns that end in the period are told beside the sum: what came of them is in it as hand-ins.

use super::choice::{Asked, Choice};
use super::overview::{choose, report, sees_below};
use super::records::{Part, Scope, scope_of};
use super::refold::settled;
use crate::campaigns::rules::burden::{Cost, of_category};
use crate::campaigns::{Burden as CampaignBurden, Call, CampaignId, Campaigns, CategoryId, grassroots, reading::may_see};
use crate::db::{DbError, Tx};
use crate::deltas::{Metric, Search};
use crate::held_sessions::rules::burden as held;
use crate::held_sessions::{HeldSessions, Request};
use crate::organisations::{Organisations, Tree};
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::Submissions;
use kernel::Actor;
use std::collections::HashMap;

/// Measured times below this number say nothing.
const TIMED: usize = 20;

/// What somebody was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Recording a held session.
    Sessions,
    /// Correcting one.
    Corrections,
    /// One that came back.
    SessionReturns,
    /// Planning one.
    Plans,
    /// Closing a month.
    Months,
    /// Handing in a lesson.
    Entries,
    /// One that came back.
    EntryReturns,
}

impl Kind {
    /// Its code in the API and in the keys of its words.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Corrections => "corrections",
            Self::SessionReturns => "session-returns",
            Self::Plans => "plans",
            Self::Months => "months",
            Self::Entries => "entries",
            Self::EntryReturns => "entry-returns",
        }
    }
}

/// Requests of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub kind: Kind,
    /// How many.
    pub requests: i64,
    /// What all of them cost.
    pub cost: Cost,
    /// The time is measured; false: estimated by the fields.
    pub measured: bool,
}

/// A campaign in which handing in ends in the period.
#[derive(Debug, Clone)]
pub struct Due {
    /// Which.
    pub campaign: CampaignId,
    /// What people call it.
    pub title: String,
    /// How many grassroots organisations it asks here, and what it costs them if each hands in one.
    pub asks: CampaignBurden,
}

/// What an organisation and everything below it was asked for.
#[derive(Debug)]
pub struct Burden {
    /// What was asked for.
    pub choice: Choice,
    /// Name of the organisation at the end of the period.
    pub name: String,
    /// Organisations without subordinates.
    pub organisations: i64,
    /// Kinds with something to tell, and those without.
    pub lines: Vec<Line>,
    /// Campaigns that end, the first first.
    pub due: Vec<Due>,
}

impl Burden {
    /// All lines together.
    pub fn total(&self) -> Cost {
        self.lines.iter().fold(Cost::default(), |sum, line| sum + line.cost)
    }

    /// Fields and minutes for each grassroots organisation and month, in hundredths; none without organisations.
    pub fn each_month(&self) -> Option<(i64, i64)> {
        let total = self.total();
        // A month is the twelfth of 365.25 days.
        let of = i128::from(self.organisations) * i128::from(self.choice.period.days()) * 12;
        let each = |n: i128| i64::try_from(n * 36_525 / of.max(1)).unwrap_or(i64::MAX);
        (self.organisations > 0).then(|| (each(total.fields.into()), each(i128::from(total.seconds) / 60)))
    }
}

/// Reads what `asked` names, as far as `actor` may see it.
///
/// # Errors
///
/// As the statistics page.
pub async fn load(app: &App, actor: &Actor, asked: &Asked) -> Result<Burden, Problem> {
    let tree = app.tree.load_full();
    let mut tx = settled(app).await?;
    let choice = choose(app, &mut tx, actor, asked).await?;
    let below = sees_below(&tree, actor, choice.organisation);
    let scope = scope_of(app, &mut tx, &choice, if below { Part::Whole } else { Part::Itself }).await?;
    let found = report(app, &mut tx, &choice, &[choice.period]).await?;
    let figures = if below { found.total } else { found.own }.into_iter().next().unwrap_or_default();
    let mut lines = vec![sessions(&mut tx, figures.total(Metric::Sessions)).await?];
    lines.extend(held_lines(app, &mut tx, &scope, &choice).await?);
    lines.extend(entry_lines(app, &mut tx, &scope, &choice).await?);
    let at = choice.period.last.end(&app.zone).min(app.clock.now());
    let known = Organisations(&mut tx).names_at(&[choice.organisation], at).await?.into_iter().next();
    Ok(Burden {
        due: due(app, &mut tx, (&tree, actor), &choice, below).await?,
        name: known.map_or_else(|| tree.name(choice.organisation), |(_, name)| name),
        organisations: figures.reach.of,
        lines,
        choice,
    })
}

/// Sessions that count: as many as the figure says.
async fn sessions(tx: &mut Tx, requests: i64) -> Result<Line, DbError> {
    let usual = held::usual(HeldSessions(tx).seconds().await?, TIMED);
    let each = held::session();
    let each = Cost { seconds: usual.unwrap_or(each.seconds), ..each };
    Ok(Line { kind: Kind::Sessions, requests, cost: each * requests.max(0), measured: usual.is_some() })
}

fn line(kind: Kind, requests: i64, each: Cost) -> Line {
    Line { kind, requests, cost: each * requests, measured: false }
}

fn search(app: &App, scope: &Scope, choice: &Choice) -> Search {
    let days = (choice.period.first, choice.period.last);
    Search { organisations: scope.named(choice.period), days, zone: app.zone.clone(), after: (i64::MAX, String::new()), most: 0 }
}

async fn held_lines(app: &App, tx: &mut Tx, scope: &Scope, choice: &Choice) -> Result<[Line; 4], DbError> {
    let search = search(app, scope, choice);
    let count = |found: Vec<Request>| -> i64 { found.iter().filter(|(of, day, _)| scope.has(*of, *day)).map(|(_, _, n)| n).sum() };
    let mut held_sessions = HeldSessions(tx);
    Ok([
        line(Kind::Corrections, count(held_sessions.corrected_in(&search).await?), held::correction()),
        // Reading why it came back; mending it is a correction.
        line(Kind::SessionReturns, count(held_sessions.returned_in(&search).await?), Cost::default()),
        line(Kind::Plans, count(held_sessions.planned_in(&search).await?), held::plan()),
        line(Kind::Months, count(held_sessions.months_closed_in(&search).await?), held::month()),
    ])
}

async fn entry_lines(app: &App, tx: &mut Tx, scope: &Scope, choice: &Choice) -> Result<[Line; 2], DbError> {
    let search = search(app, scope, choice);
    let entries = Submissions(tx).entries_in(&search).await?;
    let mut of_categories: HashMap<CategoryId, i64> = HashMap::new();
    for (_, _, category) in entries.iter().filter(|(of, day, _)| scope.has(*of, *day)) {
        *of_categories.entry(*category).or_default() += 1;
    }
    let mut cost = Cost::default();
    let mut calls: HashMap<CampaignId, Option<Call>> = HashMap::new();
    for (category, n) in &of_categories {
        let Some(campaign) = Campaigns(tx).of_category(*category).await? else { continue };
        if let std::collections::hash_map::Entry::Vacant(unknown) = calls.entry(campaign) {
            unknown.insert(Campaigns(tx).call(campaign).await?);
        }
        let call = calls.get(&campaign).and_then(Option::as_ref);
        let each = call.and_then(|call| Some(of_category(call.category(*category)?, &call.consents)));
        cost = cost + each.unwrap_or_default() * *n;
    }
    let returned = Submissions(tx).returned_in(&search).await?;
    let returned = returned.iter().filter(|(of, day)| scope.has(*of, *day)).count() as i64;
    let requests = of_categories.values().sum();
    Ok([Line { kind: Kind::Entries, requests, cost, measured: false }, line(Kind::EntryReturns, returned, held::correction())])
}

/// Campaigns in which handing in ends, as far as the reader may see them and they ask anybody here.
async fn due(app: &App, tx: &mut Tx, (tree, actor): (&Tree, &Actor), choice: &Choice, below: bool) -> Result<Vec<Due>, Problem> {
    let (from, to) = (choice.period.first.start(&app.zone), choice.period.last.end(&app.zone));
    let mut found = Vec::new();
    for campaign in Campaigns(tx).due_between(from, to).await? {
        let Some(call) = Campaigns(tx).call(campaign).await? else { continue };
        let (here, runner) = (choice.organisation, call.campaign.organisation);
        let top = if tree.contains(runner, here) { here } else { runner };
        let meets = tree.contains(runner, here) || tree.contains(here, runner);
        if !meets || !may_see(tree, actor, &call.campaign) {
            continue;
        }
        let whole = CampaignBurden::of(tree, &call);
        let organisations = grassroots(tree, top).filter(|id| below || *id == here).count() as i64;
        let asks = CampaignBurden { organisations, all: whole.entry * organisations, ..whole };
        found.push(Due { campaign, title: call.campaign.title, asks });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deltas::Day;
    use kernel::Id;

    fn burden(organisations: i64, from: &str, to: &str, cost: Cost) -> Burden {
        let asked = Asked { from: from.into(), to: to.into(), ..Asked::default() };
        let choice = Choice::read(&asked, Id::from_u128(1), Day(20_261_231), Day(20_250_101)).unwrap();
        let lines = vec![Line { kind: Kind::Plans, requests: 1, cost, measured: false }];
        Burden { choice, name: String::new(), organisations, lines, due: Vec::new() }
    }

    #[test]
    fn b7_the_burden_of_a_month_is_that_of_each_organisation() {
        let cost = |fields: i64, minutes: i64| Cost { fields, seconds: minutes * 60 };
        let table = [
            (10, "2026-01-01", "2026-12-31", cost(1_200, 600), Some((1_000, 500))),
            (1, "2026-06-01", "2026-06-30", cost(10, 1), Some((1_014, 101))),
            (0, "2026-06-01", "2026-06-30", cost(10, 1), None),
            (4, "2026-06-01", "2026-06-30", cost(0, 0), Some((0, 0))),
        ];
        for (organisations, from, to, cost, each) in table {
            assert_eq!(burden(organisations, from, to, cost).each_month(), each, "{organisations} {from} {to}");
        }
        assert!(burden(1, "2026-06-01", "2026-06-01", cost(i64::MAX, 0)).each_month().is_some(), "no number wraps around");
    }
}
