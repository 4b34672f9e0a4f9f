//! Submissions that I may see.

use super::filters::{self, Narrowed};
use super::reading::Reading;
use crate::organisations::access::domains;
use crate::organisations::{Action, Tree, may_anywhere};
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::rules::may_see;
use crate::submissions::views::lists::ListPage;
use crate::submissions::views::{Empty, Said, WorkItem, words};
use crate::submissions::{Filter, Line, Submissions, Within};
use crate::web::{Cursor, PAGE_SIZE, SignedIn, Slice, Visit, html};
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use kernel::{Actor, OrganisationId, Reach};

/// More organisations than these are not named in a query.
const FEW: usize = 200;
/// Rows read at once when they are sorted out one by one.
const BATCH: usize = 200;

/// The organisations where `actor` sees unpublished work, as far as a query can name them.
pub(super) fn within(tree: &Tree, actor: &Actor) -> Within {
    let mut found: Vec<OrganisationId> = Vec::new();
    for (org, reach) in domains(actor, Action::SeeUnpublished) {
        match reach {
            Reach::Node => found.push(org),
            Reach::Subtree => found.extend(tree.subtree(org).map(|n| n.id).take(FEW + 1)),
        }
        if found.len() > FEW {
            return Within::Many;
        }
    }
    found.sort();
    found.dedup();
    Within::These(found)
}

/// A page of what `actor` may see, the latest change first.
pub(super) async fn seen(reading: &mut Reading<'_>, actor: &Actor, filter: &Filter, of: Option<OrganisationId>, cursor: &Cursor) -> Result<Slice<Line>, Problem> {
    let within = within(&reading.tree, actor);
    let (mut at, mut id) = cursor.descending();
    let mut found = Vec::new();
    while found.len() <= PAGE_SIZE {
        let batch = Submissions(&mut reading.tx).latest(&within, filter, (at, &id), BATCH).await?;
        let Some(last) = batch.last() else { break };
        (at, id) = (last.submission.updated_at.0, last.submission.id.to_string());
        let more = batch.len() == BATCH;
        let mine = |line: &Line| {
            let s = &line.submission;
            may_see(&reading.tree, actor, s.organisation, s.submitted_at.is_some()) && of.is_none_or(|o| reading.tree.contains(o, s.organisation))
        };
        found.extend(batch.into_iter().filter(mine));
        if !more {
            break;
        }
    }
    found.truncate(PAGE_SIZE + 1);
    Ok(Slice::cut(found, |line| Cursor::after(line.submission.updated_at.0, line.submission.id)))
}

/// `GET /submissions`
pub async fn submissions(Shared(app): Shared<App>, visit: Visit, me: SignedIn, Query(narrowed): Query<Narrowed>) -> Result<Response, Problem> {
    let mut reading = Reading::open(&app, &visit.texts).await?;
    if !may_anywhere(&reading.tree, &me, Action::SeeUnpublished) {
        return Err(Problem::forbidden());
    }
    let filter = Filter { campaign: narrowed.campaign()?, category: narrowed.category()?, state: narrowed.state()?, holder: None };
    let cursor = Cursor { after: narrowed.after.clone() };
    let slice = seen(&mut reading, &me, &filter, narrowed.organisation()?, &cursor).await?;
    let mut items = Vec::new();
    for line in &slice.items {
        items.push(item(&mut reading, line).await?);
    }
    let mut filters = vec![filters::state_field(&reading, &narrowed)];
    filters.extend(filters::campaign_fields(&mut reading, &me, &narrowed).await?);
    filters.extend(filters::organisation_field(&reading, &own(&reading.tree, &me), &narrowed));
    let may_register = may_anywhere(&reading.tree, &me, Action::EditLesson);
    html(&ListPage {
        p: visit.page(&app, visit.texts.s("nav-submissions")),
        said: Said::done(&visit.texts, &narrowed.done),
        action: "/submissions",
        may_register,
        filters,
        filtered: narrowed.any(),
        rank_href: String::new(),
        items,
        empty: nothing(&visit, narrowed.any(), may_register),
        first: if narrowed.after.is_empty() { String::new() } else { narrowed.address("/submissions", "") },
        next: slice.next.map(|after| narrowed.address("/submissions", &after)).unwrap_or_default(),
    })
}

/// The organisations that the actor's roles are at, and those right below them.
fn own(tree: &Tree, actor: &Actor) -> Vec<OrganisationId> {
    let tops: Vec<_> = domains(actor, Action::SeeUnpublished).into_iter().map(|(org, _)| org).collect();
    let below = tops.iter().flat_map(|top| tree.children(*top).map(|n| n.id)).collect::<Vec<_>>();
    let mut all: Vec<_> = tops;
    for org in below {
        if !all.contains(&org) {
            all.push(org);
        }
    }
    all
}

/// One line: where it is, since when.
async fn item(reading: &mut Reading<'_>, line: &Line) -> Result<WorkItem, Problem> {
    let (submission, texts) = (&line.submission, reading.texts);
    let call = reading.call(submission.campaign).await?;
    let href = format!("/submissions/{}", submission.id);
    let mut facts = vec![reading.tree.name(submission.organisation)];
    if submission.holder != submission.organisation {
        facts.push(texts.with("line-at", "name", reading.tree.name(submission.holder)));
    }
    facts.extend(call.category(submission.category).map(|c| c.name.clone()));
    facts.push(texts.with("line-changed", "at", texts.time(submission.updated_at)));
    let editable = submission.state.is_editable();
    Ok(WorkItem {
        title: reading.title(submission.lesson).await?,
        state: submission.state.code(),
        badge: words::state(texts, submission.state),
        facts,
        late: submission.due_at.filter(|_| editable).map(|due| words::deadline(texts, due, reading.now)).unwrap_or_default(),
        action: texts.s("act-open"),
        action_href: href.clone(),
        href,
        note: String::new(),
    })
}

fn nothing(visit: &Visit, filtered: bool, may_register: bool) -> Empty {
    let texts = &visit.texts;
    let (title, text) = if filtered { ("list-none-fit", "list-none-fit-text") } else { ("list-empty", "list-empty-text") };
    let (href, action) = if may_register { ("/submissions/new".to_owned(), texts.s("desk-register")) } else { Default::default() };
    Empty { icon: "file-video", title: texts.s(title), text: texts.s(text), href, action }
}
