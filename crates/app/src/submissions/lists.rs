//! Lists of submissions: everything that a reader may see, and what lies on one desk.

use super::rules::may_see;
use super::store::{Filter, Line, Within};
use super::{State, SubmissionId, Submissions};
use crate::campaigns::{CampaignId, CategoryId};
use crate::lessons::{Lesson, LessonId, Lessons};
use crate::organisations::access::domains;
use crate::organisations::{Action, Tree, may};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, PAGE_SIZE, Slice};
use kernel::{Actor, OrganisationId, Reach, Timestamp};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// Up to so many organisations are named in the query; of more, a page's rows are dense enough to be sorted out one by one.
const NAMED: usize = 2_000;
/// Rows read at once while sorting out.
const BATCH: usize = 200;

/// A row of a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SubmissionLine {
    /// Its id.
    #[schema(value_type = String)]
    pub id: SubmissionId,
    /// The call.
    #[schema(value_type = String)]
    pub campaign: CampaignId,
    /// The track.
    #[schema(value_type = String)]
    pub category: CategoryId,
    /// The work.
    #[schema(value_type = String)]
    pub lesson: LessonId,
    /// Its title.
    pub title: String,
    /// Who speaks.
    pub lecturer: String,
    /// Whose.
    #[schema(value_type = String)]
    pub organisation: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// Where it stands.
    pub state: State,
    /// On whose desk.
    #[schema(value_type = String)]
    pub holder: OrganisationId,
    /// Its name.
    pub holder_name: String,
    /// Number of the newest revision.
    pub revision: i64,
    /// Until when a returned one should come back.
    #[schema(value_type = Option<i64>)]
    pub due_at: Option<Timestamp>,
    /// When it was first handed in.
    #[schema(value_type = Option<i64>)]
    pub submitted_at: Option<Timestamp>,
    /// When it last changed.
    #[schema(value_type = i64)]
    pub updated_at: Timestamp,
    /// When it came to its last desk.
    #[schema(value_type = Option<i64>)]
    pub arrived_at: Option<Timestamp>,
    /// When it was opened there.
    #[schema(value_type = Option<i64>)]
    pub opened_at: Option<Timestamp>,
    /// Its place in the holder's order.
    pub rank: Option<i64>,
    /// It is on the holder's reserve list.
    pub reserve: bool,
    /// The version that a write names.
    pub version: i64,
}

/// What the reader sees of the submissions that fit `filter` and, if given, belong to the subtree of `below`; the latest first.
pub async fn visible_to(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    below: Option<OrganisationId>,
    cursor: &Cursor,
) -> Result<Slice<SubmissionLine>, Problem> {
    let tree = app.tree.load_full();
    let within = within(&tree, actor, below);
    let (mut at, mut after) = cursor.descending();
    let (mut found, mut tx) = (Vec::new(), app.db.read().await?);
    let fits = |line: &Line| {
        let s = &line.submission;
        below.is_none_or(|top| tree.contains(top, s.organisation)) && may_see(&tree, actor, s.organisation, s.submitted_at.is_some())
    };
    while found.len() <= PAGE_SIZE && within != Within::These(Vec::new()) {
        let batch = Submissions(&mut tx).latest(&within, filter, (at, &after), BATCH).await?;
        let (Some(last), more) = (batch.last(), batch.len() == BATCH) else { break };
        (at, after) = (last.submission.updated_at.0, last.submission.id.to_string());
        found.extend(batch.into_iter().filter(fits));
        if !more {
            break;
        }
    }
    let page = Slice::cut(found, |line| Cursor::after(line.submission.updated_at.0, line.submission.id));
    Ok(Slice { items: titled(&mut tx, &tree, page.items).await?, next: page.next })
}

/// Where a list begins for `actor`: never with an organisation of which nothing may be seen.
fn within(tree: &Tree, actor: &Actor, below: Option<OrganisationId>) -> Within {
    let mut named = BTreeSet::new();
    for (top, reach) in domains(actor, Action::SeeUnpublished) {
        // The smaller of two subtrees, of which one holds the other, is their intersection.
        let from = match below {
            Some(below) if tree.contains(top, below) => below,
            Some(below) if !tree.contains(below, top) => continue,
            _ => top,
        };
        match reach {
            Reach::Node if from == top => drop(named.insert(top)),
            Reach::Node => {}
            Reach::Subtree => named.extend(tree.subtree(from).map(|node| node.id)),
        }
        if named.len() > NAMED {
            return Within::Many;
        }
    }
    Within::These(named.into_iter().collect())
}

/// What lies on the desk of `holder`, the oldest arrival first; in review unless `filter` names another state.
///
/// # Errors
///
/// 404 for someone who may not see what is not public of `holder`.
pub async fn queue(
    app: &App,
    actor: &Actor,
    holder: OrganisationId,
    filter: &Filter,
    cursor: &Cursor,
) -> Result<Slice<SubmissionLine>, Problem> {
    let tree = app.tree.load_full();
    if !may(&tree, actor, Action::SeeUnpublished, holder) {
        return Err(Problem::hidden());
    }
    let filter = Filter { holder: Some(holder), state: filter.state.or(Some(State::InReview)), ..filter.clone() };
    let position = cursor.after.split_once('~').and_then(|(at, id)| Some((at.parse().ok()?, id)));
    let mut tx = app.db.read().await?;
    let found = Submissions(&mut tx).waiting(&filter, position.unwrap_or((i64::MIN, "")), PAGE_SIZE + 1).await?;
    let page = Slice::cut(found, |line| Cursor::after(line.arrived_at.unwrap_or_default().0, line.submission.id));
    Ok(Slice { items: titled(&mut tx, &tree, page.items).await?, next: page.next })
}

/// What lies with the organisations that `actor` publishes for: what waits for clearance and, if asked for, behind it what is
/// published; each the oldest arrival first.
pub async fn to_clear(app: &App, actor: &Actor, published: bool, cursor: &Cursor) -> Result<Slice<SubmissionLine>, Problem> {
    let tree = app.tree.load_full();
    let mut holders: Vec<_> =
        domains(actor, Action::Publish).into_iter().map(|(org, _)| org).filter(|org| may(&tree, actor, Action::Publish, *org)).collect();
    holders.sort();
    holders.dedup();
    if holders.is_empty() {
        return Ok(Slice { items: Vec::new(), next: None });
    }
    let mut parts = cursor.after.splitn(3, '~');
    let mut position = || Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?));
    let after: (i64, i64, &str) = position().unwrap_or((i64::MIN, i64::MIN, ""));
    let mut tx = app.db.read().await?;
    let found = Submissions(&mut tx).clearable(&holders, published, after, PAGE_SIZE + 1).await?;
    let behind = |line: &Line| i64::from(line.submission.state == State::Published);
    let after = |line: &Line| Cursor::after(behind(line), Cursor::after(line.arrived_at.unwrap_or_default().0, line.submission.id));
    let page = Slice::cut(found, after);
    Ok(Slice { items: titled(&mut tx, &tree, page.items).await?, next: page.next })
}

/// How many submissions wait on the desk of `holder`, for a badge; 0 for someone who may not see them.
pub async fn waiting_at(app: &App, actor: &Actor, holder: OrganisationId) -> Result<i64, Problem> {
    if !may(&app.tree.load(), actor, Action::SeeUnpublished, holder) {
        return Ok(0);
    }
    Ok(Submissions(&mut app.db.read().await?).count_waiting(holder).await?)
}

async fn titled(tx: &mut crate::db::Tx, tree: &Tree, lines: Vec<Line>) -> Result<Vec<SubmissionLine>, Problem> {
    let ids: Vec<_> = lines.iter().map(|line| line.submission.lesson).collect();
    let lessons: HashMap<_, _> = Lessons(tx).several(&ids).await?.into_iter().map(|lesson| (lesson.id, lesson)).collect();
    Ok(lines.into_iter().map(|line| shown(tree, line, &lessons)).collect())
}

fn shown(tree: &Tree, line: Line, lessons: &HashMap<LessonId, Lesson>) -> SubmissionLine {
    let s = line.submission;
    let lesson = lessons.get(&s.lesson);
    SubmissionLine {
        id: s.id,
        campaign: s.campaign,
        category: s.category,
        lesson: s.lesson,
        title: lesson.map(|l| l.title.clone()).unwrap_or_default(),
        lecturer: lesson.map(|l| l.lecturer.clone()).unwrap_or_default(),
        organisation: s.organisation,
        organisation_name: tree.name(s.organisation),
        state: s.state,
        holder: s.holder,
        holder_name: tree.name(s.holder),
        revision: s.revision,
        due_at: s.due_at,
        submitted_at: s.submitted_at,
        updated_at: s.updated_at,
        arrived_at: line.arrived_at,
        opened_at: line.opened_at,
        rank: line.rank,
        reserve: line.reserve,
        version: s.version,
    }
}
