//! The records behind a figure (F7): as many as it says, or with the sum that it says.
//!
//! ```text
//! figure = (organisation, line of its table, period, metric, state) ─► Looking ─► records of the feature that keeps them,
//!                                                      sorted out by the tree of each record's own day ─► page by page
//! ```
//!
//! * What counts for an organisation on a day is decided as for cells: by who stood above at the end of that day.
//! * A record of an organisation that the reader may not see today (it moved away since) counts and is not shown.
//! * Views are listed as lessons with their views in the period.

mod gather;
mod scope;
mod stated;

pub use gather::{Hit, Looking, Of};
pub use scope::{Part, Scope};
pub use stated::Stated;

use super::Figures;
use super::choice::{Asked, Choice, Lens};
use super::crossing::{self, Cross};
use super::indicator::Indicator;
use super::line::added;
use super::overview::{choose, sees_below, through};
use super::refold::settled;
use crate::db::Tx;
use crate::deltas::{Day, Fact, Metric};
use crate::lessons::{LessonId, Lessons, Publicity};
use crate::organisations::{Action, OrganisationId, Organisations, Tree, dated_tree, may};
use crate::problem::Problem;
use crate::rooms::QuestionId;
use crate::state::App;
use crate::submissions::SubmissionId;
use crate::web::{Cursor, PAGE_SIZE, Slice};
use gather::Position;
use kernel::Actor;
use serde::Deserialize;
use std::collections::HashMap;

/// Records of one export at most.
pub const MOST: usize = 10_000;

/// What the address of a list of records says beyond [`Asked`].
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Narrowed {
    /// Empty: everything below too; `itself`: the organisation itself; an id: what came through this child.
    pub part: String,
    /// Code of the state that submissions are in now, or of the level of awards; empty for any.
    pub state: String,
    /// Narrows held sessions and their people to two traits, as `lecturer:teacher,form:lecture`; a code may be empty.
    pub cross: String,
}

/// One record, as far as the reader may see it.
#[derive(Debug, Clone)]
pub struct Record {
    /// What it counts: one, or views, or seconds.
    pub amount: i64,
    /// What it is; none when it belongs to an organisation that is not the reader's today.
    pub shown: Option<Shown>,
    position: Position,
}

/// A record that may be seen.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The lesson.
    pub lesson: Option<LessonId>,
    /// The held session.
    pub held_session: Option<String>,
    /// The question.
    pub question: Option<QuestionId>,
    /// Its title now; of a question, what was asked.
    pub title: String,
    /// Who speaks.
    pub lecturer: String,
    /// The public library has it now.
    pub public: bool,
    /// The submission, if it is about one.
    pub submission: Option<SubmissionId>,
    /// The state of a submission now, or the level of an award.
    pub state: Option<Stated>,
    /// Whose.
    pub organisation: OrganisationId,
    /// Its name now.
    pub organisation_name: String,
    /// The day for which it counts; none for views, which are those of the whole period.
    pub day: Option<Day>,
}

/// A figure with some of its records.
#[derive(Debug)]
pub struct Records {
    /// What was asked for.
    pub choice: Choice,
    /// The metric of `choice`.
    pub metric: Metric,
    /// Name of the organisation, or of the child whose line it is, at the end of the period.
    pub name: String,
    /// The line.
    pub part: Part,
    /// The state or level, if one was named.
    pub state: Option<Stated>,
    /// The two traits, if they were named.
    pub cross: Option<Cross>,
    /// The figure; watch time in seconds.
    pub figure: i64,
    /// Its records.
    pub page: Slice<Record>,
}

impl Narrowed {
    /// The line that an address names.
    fn read(&self, tree: &Tree, actor: &Actor, organisation: OrganisationId) -> Result<Part, Problem> {
        let below = sees_below(tree, actor, organisation);
        Ok(match self.part.as_str() {
            "" if below => Part::Whole,
            "" | "itself" => Part::Itself,
            _ if !below => return Err(Problem::forbidden()),
            text => Part::Through(text.parse().map_err(|_| Problem::not_found())?),
        })
    }
}

/// The figure that `asked` names and the page of its records at `cursor`.
///
/// # Errors
///
/// As the statistics page: 403 and 404 for organisations that are not the reader's, 422 for days that are none.
pub async fn page(app: &App, actor: &Actor, asked: &Asked, narrowed: &Narrowed, cursor: &Cursor) -> Result<Records, Problem> {
    let from = cursor.descending();
    load(app, actor, asked, narrowed, (from, PAGE_SIZE + 1)).await.map(|mut records| {
        records.page = Slice::cut(records.page.items, |record| Cursor::after(record.position.0, &record.position.1));
        records
    })
}

/// The figure with all its records, for a file.
///
/// # Errors
///
/// As [`page`], and `too-many-records` beyond [`MOST`].
pub async fn all(app: &App, actor: &Actor, asked: &Asked, narrowed: &Narrowed) -> Result<Records, Problem> {
    let records = load(app, actor, asked, narrowed, (Cursor::default().descending(), MOST + 1)).await?;
    if records.page.items.len() > MOST { Err(Problem::unprocessable("too-many-records").with("most", MOST)) } else { Ok(records) }
}

async fn load(app: &App, actor: &Actor, asked: &Asked, narrowed: &Narrowed, (from, most): (Position, usize)) -> Result<Records, Problem> {
    let tree = app.tree.load_full();
    let mut tx = settled(app).await?;
    let choice = choose(app, &mut tx, actor, asked).await?;
    let part = narrowed.read(&tree, actor, choice.organisation)?;
    let metric = choice.metric.metric().ok_or_else(|| Problem::unprocessable("no-records"))?;
    let state = Stated::read(metric, &narrowed.state)?;
    let cross = Cross::read(&narrowed.cross)?.filter(|_| metric.has_traits());
    if cross.is_some() {
        crossing::bounded(app, &mut tx, &choice, part).await?;
    }
    let figures = figures(app, &mut tx, &choice, metric, part).await?;
    let scope = scope_of(app, &mut tx, &choice, part).await?;
    let figure = match (state, &cross) {
        (Some(state), _) => figures.get(metric, state.code()),
        (None, Some(cross)) => cross.figure(&mut tx, &scope, &choice, metric).await?,
        (None, None) if metric.has_traits() => Indicator::Of(metric).number(&figures, &choice.only),
        (None, None) => figures.total(metric),
    };
    let looking = Looking {
        scope,
        period: choice.period,
        metric,
        having: crossing::only(&choice).into_iter().chain(cross.iter().flat_map(Cross::both)).collect(),
        state: state.map(|state| state.code().to_owned()),
        zone: app.zone.clone(),
    };
    let hits = looking.gather(&mut tx, from, most).await?;
    let items = shown(&mut tx, &tree, actor, hits).await?;
    let name = name(app, &mut tx, &choice, part).await?;
    Ok(Records { choice, metric, name, part, state, cross, figure, page: Slice { items, next: None } })
}

/// Whose records count for a line of the table of `choice`.
pub(super) async fn scope_of(app: &App, tx: &mut Tx, choice: &Choice, part: Part) -> Result<Scope, Problem> {
    let as_of = (choice.lens == Lens::Now).then(|| app.today());
    let also = if choice.lens == Lens::Line { added(app, tx, choice.organisation, choice.period).await? } else { Vec::new() };
    Ok(Scope { organisation: choice.organisation, part, dated: dated_tree(app, tx).await?, as_of, also })
}

/// The figures of the line, of one metric.
async fn figures(app: &App, tx: &mut Tx, choice: &Choice, metric: Metric, part: Part) -> Result<Figures, Problem> {
    let mut report = through(app, tx, choice, &[choice.period], &[metric]).await?;
    let part = match part {
        Part::Whole => report.total,
        Part::Itself => report.own,
        Part::Through(child) => report.children.remove(&child).ok_or_else(Problem::not_found)?,
    };
    Ok(part.into_iter().next().unwrap_or_default())
}

/// The name at the end of the period of whoever's line it is.
async fn name(app: &App, tx: &mut Tx, choice: &Choice, part: Part) -> Result<String, Problem> {
    let id = if let Part::Through(child) = part { child } else { choice.organisation };
    let at = choice.period.last.end(&app.zone).min(app.clock.now());
    let known = Organisations(tx).names_at(&[id], at).await?.into_iter().next();
    Ok(known.map_or_else(|| app.tree.load().name(id), |(_, name)| name))
}

/// Records with what the reader may see of them.
async fn shown(tx: &mut Tx, tree: &Tree, actor: &Actor, hits: Vec<Hit>) -> Result<Vec<Record>, Problem> {
    let (mut lessons, mut publicity) = (HashMap::new(), HashMap::new());
    let ids: Vec<_> =
        hits.iter().filter(|hit| may(tree, actor, Action::SeeUnpublished, hit.fact.organisation)).filter_map(lesson_of).collect();
    for some in ids.chunks(1_000) {
        lessons.extend(Lessons(tx).several(some).await?.into_iter().map(|lesson| (lesson.id, lesson)));
        publicity.extend(Lessons(tx).publicity_of(some).await?);
    }
    let record = |hit: Hit| {
        let Hit { position, of, fact } = hit;
        let shown = match of {
            Of::Lesson(lesson, submission) => lessons.get(&lesson).map(|found| Shown {
                lesson: Some(lesson),
                title: found.title.clone(),
                lecturer: found.lecturer.clone(),
                public: publicity.get(&lesson) == Some(&Publicity::Public),
                submission,
                state: Stated::from_code(fact.metric, &fact.dimension),
                ..Shown::about(tree, &fact)
            }),
            Of::Question { id, lesson, text } => may(tree, actor, Action::SeeStatistics, fact.organisation).then(|| Shown {
                question: Some(id),
                lesson: Some(lesson),
                title: text,
                lecturer: lessons.get(&lesson).map(|found| found.lecturer.clone()).unwrap_or_default(),
                public: publicity.get(&lesson) == Some(&Publicity::Public),
                ..Shown::about(tree, &fact)
            }),
            Of::Held { id, title, lecturer } => may(tree, actor, Action::SeeStatistics, fact.organisation).then(|| Shown {
                held_session: Some(id),
                title,
                lecturer,
                ..Shown::about(tree, &fact)
            }),
        };
        Record { amount: fact.amount, shown, position }
    };
    Ok(hits.into_iter().map(record).collect())
}

fn lesson_of(hit: &Hit) -> Option<LessonId> {
    match hit.of {
        Of::Lesson(lesson, _) | Of::Question { lesson, .. } => Some(lesson),
        Of::Held { .. } => None,
    }
}

impl Shown {
    /// What every record tells.
    fn about(tree: &Tree, fact: &Fact) -> Self {
        let aggregated = matches!(fact.metric, Metric::Views | Metric::WatchSeconds);
        Self {
            lesson: None,
            held_session: None,
            question: None,
            title: String::new(),
            lecturer: String::new(),
            public: false,
            submission: None,
            state: None,
            organisation: fact.organisation,
            organisation_name: tree.name(fact.organisation),
            day: (!aggregated).then_some(fact.day),
        }
    }
}
