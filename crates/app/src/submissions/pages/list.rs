//! Submissions that I may see.

use super::filters::{self, Narrowed};
use super::reading::Reading;
use crate::organisations::access::domains;
use crate::organisations::{Action, Tree, may_anywhere};
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::views::lists::ListPage;
use crate::submissions::views::{Empty, Said, WorkItem, words};
use crate::submissions::{Filter, SubmissionLine, visible_to};
use crate::web::{Cursor, SignedIn, Visit, html};
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use kernel::{Actor, OrganisationId};

/// `GET /submissions`
pub async fn submissions(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Query(narrowed): Query<Narrowed>,
) -> Result<Response, Problem> {
    let mut reading = Reading::open(&app, &visit.texts).await?;
    if !may_anywhere(&reading.tree, &me, Action::SeeUnpublished) {
        return Err(Problem::forbidden());
    }
    let filter = Filter { campaign: narrowed.campaign()?, category: narrowed.category()?, state: narrowed.state()?, holder: None };
    let cursor = Cursor { after: narrowed.after.clone() };
    let slice = visible_to(&app, &me, &filter, narrowed.organisation()?, &cursor).await?;
    let mut items = Vec::new();
    for line in &slice.items {
        items.push(item(&mut reading, line).await?);
    }
    let mut filters = vec![filters::state_field(&reading, &narrowed)];
    filters.extend(filters::campaign_fields(&mut reading, &me, &narrowed).await?);
    filters.extend(filters::organisation_field(&reading, &nearby(&reading.tree, &me), &narrowed));
    let may_register = may_anywhere(&reading.tree, &me, Action::EditLesson);
    html(&ListPage {
        p: visit.page(&app, visit.texts.s("nav-submissions")),
        said: Said::done(&visit.texts, &narrowed.done),
        action: "/submissions",
        may_register,
        words: None,
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
pub(super) fn nearby(tree: &Tree, actor: &Actor) -> Vec<OrganisationId> {
    let mut all: Vec<_> = domains(actor, Action::SeeUnpublished).into_iter().map(|(org, _)| org).collect();
    for top in all.clone() {
        all.extend(tree.children(top).map(|n| n.id));
    }
    let mut met = std::collections::HashSet::new();
    all.retain(|org| met.insert(*org));
    all
}

/// One line: where it is, since when.
async fn item(reading: &mut Reading<'_>, line: &SubmissionLine) -> Result<WorkItem, Problem> {
    let texts = reading.texts;
    let call = reading.call(line.campaign).await?;
    let href = format!("/submissions/{}", line.id);
    let mut facts = vec![line.organisation_name.clone()];
    if line.holder != line.organisation {
        facts.push(texts.with("line-at", "name", line.holder_name.clone()));
    }
    facts.extend(call.category(line.category).map(|c| c.name.clone()));
    facts.push(texts.with("line-changed", "at", texts.time(line.updated_at)));
    let due = line.due_at.filter(|_| line.state.is_editable());
    Ok(WorkItem {
        title: line.title.clone(),
        state: line.state.code(),
        badge: words::state(texts, line.state),
        facts,
        late: due.map(|due| words::deadline(texts, due, reading.now)).unwrap_or_default(),
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
