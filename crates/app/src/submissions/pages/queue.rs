//! What waits for the verdict of my organisations.

use super::filters::{self, Narrowed};
use super::reading::Reading;
use crate::campaigns::rules::{Gate, gate};
use crate::campaigns::{Campaigns, StageKind};
use crate::organisations::Action;
use crate::organisations::access::domains;
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::rules::depth_below;
use crate::submissions::views::lists::ListPage;
use crate::submissions::views::{Empty, Said, WorkItem, words};
use crate::submissions::{Filter, Line, State, Submissions};
use crate::web::{SignedIn, Visit, html};
use axum::extract::{Query, State as Shared};
use axum::response::Response;
use kernel::{Actor, OrganisationId, Timestamp};

/// Lines of a page of the queue.
const LINES: usize = 100;

/// The organisations whose verdicts `actor` gives.
pub(super) fn desks(actor: &Actor) -> Vec<OrganisationId> {
    let mut desks: Vec<_> = domains(actor, Action::Review).into_iter().map(|(org, _)| org).collect();
    desks.sort();
    desks.dedup();
    desks
}

/// One waiting submission with its gate.
pub(super) struct Waiting {
    pub line: Line,
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

    /// For sorting: what can be decided soonest first, then what opens soonest, then what is over.
    fn key(&self) -> (u8, i64, String) {
        let id = self.line.submission.id.to_string();
        match self.gate {
            Gate::Open { until } | Gate::Grace { until } => (0, until.0, id),
            Gate::NotYet { opens_at } => (1, opens_at.0, id),
            Gate::Closed { at } => (2, at.0, id),
        }
    }
}

/// What waits on the desks of `actor`, the nearest deadline first, at most [`LINES`] a desk.
pub(super) async fn waiting(reading: &mut Reading<'_>, actor: &Actor, narrowed: &Narrowed) -> Result<Vec<Waiting>, Problem> {
    let chosen = narrowed.organisation()?;
    let mut found = Vec::new();
    for desk in desks(actor).into_iter().filter(|d| chosen.is_none_or(|c| c == *d)) {
        let state = Some(narrowed.state()?.unwrap_or(State::InReview));
        let filter = Filter { campaign: narrowed.campaign()?, category: narrowed.category()?, state, holder: Some(desk) };
        for line in Submissions(&mut reading.tx).waiting(&filter, (i64::MIN, ""), LINES).await? {
            let gate = review_gate(reading, &line, desk).await?;
            found.push(Waiting { line, gate });
        }
    }
    found.sort_by_key(Waiting::key);
    Ok(found)
}

async fn review_gate(reading: &mut Reading<'_>, line: &Line, desk: OrganisationId) -> Result<Gate, Problem> {
    let call = reading.call(line.submission.campaign).await?;
    let extensions = Campaigns(&mut reading.tx).extensions(call.campaign.id, desk).await?;
    let depth = depth_below(&reading.tree, call.campaign.organisation, desk).unwrap_or(0);
    Ok(gate(&call.stages, &extensions, StageKind::Review, depth, reading.now))
}

/// One line of a list of waiting submissions.
pub(super) async fn item(reading: &mut Reading<'_>, waiting: &Waiting) -> Result<WorkItem, Problem> {
    let submission = &waiting.line.submission;
    let texts = reading.texts;
    let call = reading.call(submission.campaign).await?;
    let href = format!("/review/{}", submission.id);
    let (fact, late) = match waiting.gate {
        Gate::Open { until } | Gate::Grace { until } if words::is_urgent(until, reading.now) => {
            (String::new(), words::deadline(texts, until, reading.now))
        }
        other => (words::gate(texts, other, reading.now), String::new()),
    };
    let category = call.category(submission.category).map(|c| c.name.clone()).unwrap_or_default();
    let mut facts = vec![texts.with("line-from", "name", reading.tree.name(submission.organisation)), category, fact];
    if submission.revision > 1 {
        facts.insert(0, texts.with("line-revision", "n", submission.revision));
    }
    facts.retain(|f| !f.is_empty());
    let action = if submission.state == State::InReview && waiting.gate.permits() { texts.s("act-review") } else { texts.s("act-look") };
    Ok(WorkItem {
        title: reading.title(submission.lesson).await?,
        state: submission.state.code(),
        badge: words::state(texts, submission.state),
        facts,
        late,
        action,
        action_href: href.clone(),
        href,
        note: String::new(),
    })
}

/// `GET /review`
pub async fn queue(Shared(app): Shared<App>, visit: Visit, me: SignedIn, Query(narrowed): Query<Narrowed>) -> Result<Response, Problem> {
    let desks = desks(&me);
    if desks.is_empty() {
        return Err(Problem::forbidden());
    }
    let mut reading = Reading::open(&app, &visit.texts).await?;
    let waiting = waiting(&mut reading, &me, &narrowed).await?;
    let mut items = Vec::new();
    for one in &waiting {
        items.push(item(&mut reading, one).await?);
    }
    let mut filters = filters::campaign_fields(&mut reading, &me, &narrowed).await?;
    filters.push(filters::state_field(&reading, &narrowed));
    filters.extend(filters::organisation_field(&reading, &desks, &narrowed));
    let texts = &visit.texts;
    html(&ListPage {
        p: visit.page(&app, texts.s("nav-review")),
        said: Said::done(texts, &narrowed.done),
        action: "/review",
        may_register: false,
        filters,
        filtered: narrowed.any(),
        rank_href: rank_href(&narrowed, &desks),
        items,
        empty: nothing(&visit, narrowed.any()),
        first: String::new(),
        next: String::new(),
    })
}

/// An order is of one category, at one organisation.
fn rank_href(narrowed: &Narrowed, desks: &[OrganisationId]) -> String {
    let desk = match desks {
        [one] => one.to_string(),
        _ => narrowed.organisation.clone(),
    };
    if narrowed.category.is_empty() || desk.is_empty() {
        return String::new();
    }
    let of_desk = Narrowed { organisation: desk, state: String::new(), ..narrowed.clone() };
    of_desk.address("/review/rank", "")
}

fn nothing(visit: &Visit, filtered: bool) -> Empty {
    let texts = &visit.texts;
    let (title, text) = if filtered { ("list-none-fit", "list-none-fit-text") } else { ("queue-empty", "queue-empty-text") };
    Empty { icon: "clipboard-check", title: texts.s(title), text: texts.s(text), href: String::new(), action: String::new() }
}
