//! What waits for the verdict of my organisations.

use super::filters::{self, Narrowed};
use super::reading::Reading;
use crate::campaigns::rules::Gate;
use crate::organisations::Action;
use crate::organisations::access::domains;
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::views::lists::ListPage;
use crate::submissions::views::{Empty, Said, WorkItem, words};
use crate::submissions::{Filter, State, SubmissionLine};
use crate::web::{Cursor, SignedIn, Slice, Visit, html};
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use kernel::{Actor, OrganisationId, Timestamp};

/// The organisations whose verdicts `actor` gives.
pub(super) fn desks(actor: &Actor) -> Vec<OrganisationId> {
    let mut desks: Vec<_> = domains(actor, Action::Review).into_iter().map(|(org, _)| org).collect();
    desks.sort();
    desks.dedup();
    desks
}

/// The desk that a page is about: the one asked for if it is the actor's, else the first.
///
/// # Errors
///
/// `forbidden` for someone who gives no verdicts, or asks for another's desk.
pub(super) fn desk(actor: &Actor, asked: Option<OrganisationId>) -> Result<OrganisationId, Problem> {
    let desks = desks(actor);
    let desk = asked.map_or_else(|| desks.first(), |asked| desks.iter().find(|d| **d == asked)).copied();
    desk.ok_or_else(Problem::forbidden)
}

/// One waiting submission with its gate.
pub(super) struct Waiting {
    pub line: SubmissionLine,
    pub gate: Gate,
}

impl Waiting {
    /// Until when it is to be decided, if it can be decided now.
    pub fn deadline(&self) -> Option<Timestamp> {
        match self.gate {
            Gate::Open { until } | Gate::Grace { until } => Some(until),
            Gate::NotYet { .. } | Gate::Closed { .. } => None,
        }
    }
}

/// A page of what waits on one desk: what can be decided soonest first, the oldest arrival first among equals.
pub(super) async fn waiting(
    reading: &mut Reading<'_>,
    actor: &Actor,
    desk: OrganisationId,
    narrowed: &Narrowed,
) -> Result<Slice<Waiting>, Problem> {
    let filter = Filter { campaign: narrowed.campaign()?, category: narrowed.category()?, state: narrowed.state()?, holder: Some(desk) };
    let cursor = Cursor { after: narrowed.after.clone() };
    let slice = crate::submissions::queue(reading.app, actor, desk, &filter, &cursor).await?;
    let mut items = Vec::new();
    for line in slice.items {
        let gate = reading.review_gate(line.campaign, desk).await?;
        items.push(Waiting { line, gate });
    }
    items.sort_by_key(|w| w.deadline().map_or(i64::MAX, |d| d.0));
    Ok(Slice { items, next: slice.next })
}

/// One line of a list of waiting submissions.
pub(super) async fn item(reading: &mut Reading<'_>, waiting: &Waiting) -> Result<WorkItem, Problem> {
    let (line, texts) = (&waiting.line, reading.texts);
    let call = reading.call(line.campaign).await?;
    let href = format!("/review/{}", line.id);
    let (fact, late) = match waiting.deadline().filter(|until| words::is_urgent(*until, reading.now)) {
        Some(until) => (String::new(), words::deadline(texts, until, reading.now)),
        None => (words::gate(texts, waiting.gate, reading.now), String::new()),
    };
    let again = if line.revision > 1 { texts.with("line-revision", "n", line.revision) } else { String::new() };
    let category = call.category(line.category).map(|c| c.name.clone()).unwrap_or_default();
    let mut facts = vec![again, texts.with("line-from", "name", line.organisation_name.clone()), category, fact];
    facts.retain(|f| !f.is_empty());
    let decides = line.state == State::InReview && waiting.gate.permits();
    Ok(WorkItem {
        title: line.title.clone(),
        state: line.state.code(),
        badge: words::state(texts, line.state),
        facts,
        late,
        action: texts.s(if decides { "act-review" } else { "act-look" }),
        action_href: href.clone(),
        href,
        note: String::new(),
    })
}

/// `GET /review`
pub async fn queue(Shared(app): Shared<App>, visit: Visit, me: SignedIn, Query(narrowed): Query<Narrowed>) -> Result<Response, Problem> {
    let desk = desk(&me, narrowed.organisation()?)?;
    let mut reading = Reading::open(&app, &visit.texts).await?;
    let waiting = waiting(&mut reading, &me, desk, &narrowed).await?;
    let mut items = Vec::new();
    for one in &waiting.items {
        items.push(item(&mut reading, one).await?);
    }
    let mut filters = filters::campaign_fields(&mut reading, &me, &narrowed).await?;
    filters.push(filters::state_field(&reading, &narrowed));
    filters.extend(filters::organisation_field(&reading, &desks(&me), &narrowed));
    html(&ListPage {
        p: visit.page(&app, visit.texts.s("nav-review")),
        said: Said::done(&visit.texts, &narrowed.done),
        action: "/review",
        may_register: false,
        words: None,
        filters,
        filtered: narrowed.any(),
        rank_href: rank_href(&narrowed, desk),
        items,
        empty: nothing(&visit, narrowed.any()),
        first: if narrowed.after.is_empty() { String::new() } else { narrowed.address("/review", "") },
        next: waiting.next.map(|after| narrowed.address("/review", &after)).unwrap_or_default(),
    })
}

/// An order is of one category, at one organisation.
fn rank_href(narrowed: &Narrowed, desk: OrganisationId) -> String {
    if narrowed.category.is_empty() {
        return String::new();
    }
    let of_desk = Narrowed { organisation: desk.to_string(), state: String::new(), ..narrowed.clone() };
    of_desk.address("/review/rank", "")
}

fn nothing(visit: &Visit, filtered: bool) -> Empty {
    let texts = &visit.texts;
    let (title, text) = if filtered { ("list-none-fit", "list-none-fit-text") } else { ("queue-empty", "queue-empty-text") };
    Empty { icon: "clipboard-check", title: texts.s(title), text: texts.s(text), href: String::new(), action: String::new() }
}
