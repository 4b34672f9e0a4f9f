//! One organisation's statistics for one reader: what the page, its exports and the API all show.

use super::choice::{Asked, Choice, Lens, Order, Span, iso};
use super::figures::{Figures, Reached};
use super::line::{added, reach_line, report_line};
use super::now::report_now;
use super::period::Period;
use super::reach::{Reach as Reaching, reach};
use super::read::{self, Part, Report};
use super::refold::settled;
use super::store::Statistics;
use crate::campaigns::Campaigns;
use crate::db::{DbError, Tx};
use crate::deltas::{self, Day, Metric};
use crate::held_sessions::Counted;
use crate::organisations::{Action, OrganisationId, Organisations, Tree, access};
use crate::problem::Problem;
use crate::state::App;
use crate::watching::{Spread, Watching};
use kernel::{Actor, Reach};
use std::borrow::Cow;
use std::collections::HashMap;

/// Longer periods are told by month.
const DAYS_SHOWN: i64 = 62;

/// One line below the organisation.
#[derive(Debug, Clone)]
pub struct Line {
    /// None: the organisation itself, without those below it.
    pub child: Option<OrganisationId>,
    /// Its name at the end of the period.
    pub name: String,
    /// The reader may open its statistics.
    pub open: bool,
    /// In the period.
    pub figures: Figures,
}

/// Everything shown.
#[derive(Debug)]
pub struct Overview {
    /// What was asked for.
    pub choice: Choice,
    /// Of the installation.
    pub today: Day,
    /// Somebody is attached to the organisation on the second line.
    pub has_line: bool,
    /// Name of the organisation at the end of the period.
    pub name: String,
    /// With everything below it, in the period.
    pub total: Figures,
    /// The equally long period before, with its figures; none for "all".
    pub before: Option<(Period, Figures)>,
    /// The organisation itself and its children: together they are `total`.
    pub lines: Vec<Line>,
    /// Days or months of the period, with everything below.
    pub course: Vec<(Period, Figures)>,
    /// How sure views and watch time of `total` are: of crowds a sample reports.
    pub spread: Spread,
}

/// The highest organisation whose figures `actor` may see; of several the first in the order of the tree.
fn topmost(tree: &Tree, actor: &Actor) -> Option<OrganisationId> {
    let granted = access::domains(actor, Action::SeeStatistics);
    let nodes = granted.iter().filter_map(|(id, _)| tree.get(*id));
    nodes.min_by_key(|node| (tree.depth(node.id), node.code.clone())).map(|node| node.id)
}

/// Whether `actor` sees what is below `id`, not only `id` itself.
pub(super) fn sees_below(tree: &Tree, actor: &Actor, id: OrganisationId) -> bool {
    access::domains(actor, Action::SeeStatistics).iter().any(|(top, reach)| *reach == Reach::Subtree && tree.contains(*top, id))
}

/// The organisation asked for, if the reader may see its figures.
fn wanted(tree: &Tree, actor: &Actor, asked: &Asked) -> Result<OrganisationId, Problem> {
    let id = match asked.organisation.as_str() {
        "" => topmost(tree, actor).ok_or_else(Problem::forbidden)?,
        text => text.parse().map_err(|_| Problem::not_found())?,
    };
    match tree.get(id) {
        None => Err(Problem::not_found()),
        Some(_) if access::may(tree, actor, Action::SeeStatistics, id) => Ok(id),
        Some(_) => Err(Problem::forbidden()),
    }
}

/// Understands what `asked` names, if `actor` may see the figures of its organisation.
///
/// # Errors
///
/// As [`load`].
pub(super) async fn choose(app: &App, tx: &mut Tx, actor: &Actor, asked: &Asked) -> Result<Choice, Problem> {
    let organisation = wanted(&app.tree.load(), actor, asked)?;
    let today = app.today();
    let firsts = [Statistics(tx).first_day(organisation).await?, Counted(tx).first_day(organisation).await?, deltas::first_day(tx).await?];
    let since = firsts.into_iter().flatten().min().unwrap_or(today);
    let asked = of_campaign(app, tx, asked).await?;
    Choice::read(&asked, organisation, today, since).map_err(|fault| Problem::invalid(vec![fault]))
}

/// With the days of the campaign that `asked` names in the place of a period.
async fn of_campaign<'a>(app: &App, tx: &mut Tx, asked: &'a Asked) -> Result<Cow<'a, Asked>, Problem> {
    if asked.campaign.is_empty() {
        return Ok(Cow::Borrowed(asked));
    }
    let id = asked.campaign.parse().map_err(|_| Problem::not_found())?;
    let campaign = Campaigns(tx).find(id).await?.ok_or_else(Problem::not_found)?;
    let last = campaign.closes_at.min(app.clock.now()).max(campaign.opens_at);
    let [from, to] = [campaign.opens_at, last].map(|at| iso(Day::of(at, &app.zone)));
    Ok(Cow::Owned(Asked { period: Span::Custom.code().into(), from, to, ..asked.clone() }))
}

/// Figures of `metrics` through the lens of `choice`.
pub(super) async fn through(app: &App, tx: &mut Tx, choice: &Choice, periods: &[Period], metrics: &[Metric]) -> Result<Report, DbError> {
    match choice.lens {
        Lens::Then => read::report(app, tx, choice.organisation, periods, metrics).await,
        Lens::Now => report_now(app, tx, choice.organisation, periods, metrics).await,
        Lens::Line => report_line(app, tx, choice.organisation, periods, metrics, choice.period).await,
    }
}

/// Figures through the lens of `choice`, with how far they reached.
pub(super) async fn report(app: &App, tx: &mut Tx, choice: &Choice, periods: &[Period]) -> Result<Report, Problem> {
    let mut report = through(app, tx, choice, periods, &Metric::ALL).await?;
    let reach = reached(app, tx, choice, periods).await?;
    let fill = |part: &mut Part, reached: &[Reached]| part.iter_mut().zip(reached).for_each(|(figures, reached)| figures.reach = *reached);
    fill(&mut report.total, &reach.total);
    fill(&mut report.own, &reach.own);
    for (child, part) in &mut report.children {
        fill(part, reach.children.get(child).map_or(&[], Vec::as_slice));
    }
    Ok(report)
}

/// Reads what `asked` names, as far as `actor` may see it.
///
/// # Errors
///
/// 403 and 404 for organisations that are not the reader's, 422 for days that are none.
pub async fn load(app: &App, actor: &Actor, asked: &Asked) -> Result<Overview, Problem> {
    let tree = app.tree.load_full();
    let mut tx = settled(app).await?;
    let choice = choose(app, &mut tx, actor, asked).await?;
    let organisation = choice.organisation;
    let before = (choice.span != Span::All).then(|| choice.period.previous());
    let periods: Vec<_> = std::iter::once(choice.period).chain(before).collect();
    let report = report(app, &mut tx, &choice, &periods).await?;
    let below = sees_below(&tree, actor, organisation);
    let total = if below { report.total } else { report.own.clone() };
    let steps = if choice.period.days() > DAYS_SHOWN { choice.period.months() } else { choice.period.each_day() };
    let course = course(app, &mut tx, &choice, &steps).await?;
    let course = if below { course.total } else { course.own };
    let children = if below { report.children.into_iter().collect() } else { Vec::new() };
    let mut names = names(app, &mut tx, choice.period.last, &children, organisation).await?;
    let name = names.remove(&organisation).unwrap_or_else(|| tree.name(organisation));
    let lines = lines(&tree, actor, &choice, report.own, children, &mut names, &name);
    let mut total = total.into_iter();
    let spread = spread(&mut tx, &tree, &choice, below).await?;
    let has_line = choice.lens == Lens::Line || !added(app, &mut tx, organisation, choice.period).await?.is_empty();
    Ok(Overview {
        has_line,
        today: app.today(),
        name,
        total: total.next().unwrap_or_default(),
        before: before.zip(total.next()),
        lines,
        course: steps.into_iter().zip(course).collect(),
        spread,
        choice,
    })
}

/// How sure the views are that the organisation's broadcasts brought, and those of whoever stands below it today: few ever send to a
/// crowd, so all of them are read.
async fn spread(tx: &mut Tx, tree: &Tree, choice: &Choice, below: bool) -> Result<Spread, Problem> {
    let counts = |organisation| if below { tree.contains(choice.organisation, organisation) } else { choice.organisation == organisation };
    let found = Watching(tx).spreads_by_organisation(choice.period.first, choice.period.last).await?;
    Ok(found.into_iter().filter(|(organisation, _)| counts(*organisation)).fold(Spread::default(), |mut sum, (_, spread)| {
        sum += spread;
        sum
    }))
}

/// How far the sessions of `periods` reached, through the lens of `choice`.
async fn reached(app: &App, tx: &mut Tx, choice: &Choice, periods: &[Period]) -> Result<Reaching, Problem> {
    Ok(match choice.lens {
        Lens::Line => reach_line(app, tx, choice.organisation, periods, choice.period).await?,
        lens => reach(app, tx, choice.organisation, lens, periods, choice.period).await?,
    })
}

/// Figures of the steps, without the children as far as they are not needed.
async fn course(app: &App, tx: &mut Tx, choice: &Choice, steps: &[Period]) -> Result<Report, Problem> {
    let mut course = match choice.lens {
        Lens::Then => read::totals(app, tx, choice.organisation, steps, &Metric::ALL).await?,
        _ => through(app, tx, choice, steps, &Metric::ALL).await?,
    };
    let reach = reached(app, tx, choice, steps).await?;
    course.total.iter_mut().zip(reach.total).for_each(|(figures, reached)| figures.reach = reached);
    course.own.iter_mut().zip(reach.own).for_each(|(figures, reached)| figures.reach = reached);
    Ok(course)
}

/// The names that held at the end of `day`.
async fn names(
    app: &App,
    tx: &mut Tx,
    day: Day,
    children: &[(OrganisationId, Part)],
    organisation: OrganisationId,
) -> Result<HashMap<OrganisationId, String>, Problem> {
    let ids: Vec<_> = children.iter().map(|(id, _)| *id).chain([organisation]).collect();
    let at = day.end(&app.zone).min(app.clock.now());
    Ok(Organisations(tx).names_at(&ids, at).await?.into_iter().collect())
}

fn lines(
    tree: &Tree,
    actor: &Actor,
    choice: &Choice,
    own: Part,
    children: Vec<(OrganisationId, Part)>,
    names: &mut HashMap<OrganisationId, String>,
    name: &str,
) -> Vec<Line> {
    let first = |part: Part| part.into_iter().next().unwrap_or_default();
    let mut lines: Vec<_> = children
        .into_iter()
        .map(|(id, part)| Line {
            child: Some(id),
            name: names.remove(&id).unwrap_or_else(|| tree.name(id)),
            open: access::may(tree, actor, Action::SeeStatistics, id),
            figures: first(part),
        })
        .collect();
    lines.sort_by_cached_key(|line| line.child.and_then(|id| tree.get(id)).map(|node| node.code.clone()));
    lines.insert(0, Line { child: None, name: name.to_owned(), open: false, figures: first(own) });
    if let Some(Order { by, up }) = choice.order {
        let number = |line: &Line| by.number(&line.figures, &choice.only);
        lines.sort_by_key(|line| if up { number(line) } else { -number(line) });
    }
    lines
}
