//! The form of a plan: new, or changed.

use super::list::next_hour;
use crate::broadcasts::views::PlanPage;
use crate::broadcasts::{Admission, Broadcast, BroadcastId, Kind, Plan, actions};
use crate::campaigns::forms::{Form, Reader, local};
use crate::lessons::{Catalogue, LessonId};
use crate::organisations::access::domains;
use crate::organisations::{Action, OrganisationId};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{SignedIn, Visit, html, in_words};
use axum::extract::{Form as Sent, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Actor, Reach};
use serde::Deserialize;

/// The fields of a form in the order in which they were sent.
type Pairs = Vec<(String, String)>;
/// More lessons than these are found in the library, not listed.
const LESSONS: usize = 200;
/// More organisations than these are searched for, not listed.
const LISTED: usize = 100;

/// What the address of a new plan may suggest.
#[derive(Debug, Default, Deserialize)]
pub struct Suggested {
    /// The lesson to show.
    #[serde(default)]
    lesson: String,
}

/// `GET /broadcasts/new`
pub async fn new_form(State(app): State<App>, visit: Visit, me: SignedIn, Query(suggested): Query<Suggested>) -> Result<Response, Problem> {
    let mut form = Form::default();
    let start = next_hour(app.clock.now());
    form.set("starts_at", local(start, &app.zone));
    form.set("ends_at", local(start.plus_ms(3_600_000), &app.zone));
    form.set("admission", Admission::Everybody.code());
    form.set("keeps_recording", "1");
    let shows = !suggested.lesson.is_empty();
    form.set("kind", if shows { Kind::Showing } else { Kind::Live }.code());
    form.set("lesson", suggested.lesson);
    html(&page(&app, &visit, &me, form, None).await?)
}

async fn page(app: &App, visit: &Visit, me: &Actor, f: Form, of: Option<&Broadcast>) -> Result<PlanPage, Problem> {
    let organisations = organisations(app, me);
    if organisations.is_empty() && of.is_none() {
        return Err(Problem::forbidden());
    }
    let lesson: Option<LessonId> = f.v("lesson").parse().ok();
    let lessons = if of.is_none() { lessons(app, me, lesson).await? } else { Vec::new() };
    let title = visit.texts.s(if of.is_some() { "broadcast-edit" } else { "broadcast-new" });
    Ok(PlanPage {
        p: visit.page(app, title),
        organisations,
        lessons,
        id: of.map(|b| b.id.to_string()).unwrap_or_default(),
        heading: of.map(|b| b.title.clone()).unwrap_or_default(),
        version: of.map_or(0, |b| b.version),
        began: of.is_some_and(|b| b.on_air_at.is_some()),
        zone: app.zone.iana_name().unwrap_or("UTC").to_owned(),
        f,
    })
}

/// Public lessons of the organisations for which the actor may hold broadcasts, the newest first; and the one that is chosen already.
async fn lessons(app: &App, me: &Actor, chosen: Option<LessonId>) -> Result<Vec<(String, String)>, Problem> {
    let (tree, tops) = (app.tree.load_full(), domains(me, Action::Broadcast));
    let mine = |organisation: OrganisationId| {
        tops.iter().any(|(top, reach)| *top == organisation || (*reach == Reach::Subtree && tree.contains(*top, organisation)))
    };
    let mut tx = app.db.read().await?;
    let within: Vec<_> = Catalogue(&mut tx).organisations().await?.into_iter().map(|(o, _)| o).filter(|o| mine(*o)).collect();
    let mut found = Catalogue(&mut tx).titles(&within, LESSONS).await?;
    let listed = |id: &LessonId| found.iter().any(|(lesson, _)| lesson == id);
    if let Some(lesson) = chosen.filter(|id| !listed(id))
        && let Some(public) = Catalogue(&mut tx).find(lesson).await?
    {
        found.insert(0, (lesson, public.title));
    }
    Ok(found.into_iter().map(|(lesson, title)| (lesson.to_string(), title)).collect())
}

/// Where the actor may hold broadcasts: own organisations first.
fn organisations(app: &App, me: &Actor) -> Vec<(String, String)> {
    let tree = app.tree.load();
    let mut found: Vec<OrganisationId> = domains(me, Action::Broadcast).iter().map(|(top, _)| *top).collect();
    for (top, reach) in domains(me, Action::Broadcast) {
        if reach == Reach::Subtree {
            found.extend(tree.subtree(top).filter(|node| !node.closed).map(|node| node.id).take(LISTED));
        }
    }
    let mut met = std::collections::HashSet::new();
    found.retain(|id| met.insert(*id));
    found.truncate(LISTED);
    found.into_iter().map(|id| (id.to_string(), tree.name(id))).collect()
}

/// Reads the form; what a check box does not say is no.
fn read(app: &App, sent: &Form, of: Option<&Broadcast>) -> Result<Plan, Problem> {
    let mut reader = Reader::new(sent, "");
    let kind = of.map_or_else(|| Kind::from_code(sent.v("kind")).unwrap_or(Kind::Live), |b| b.kind);
    let organisation = match of {
        Some(broadcast) => Some(broadcast.organisation),
        None => reader.optional("organisation", "unknown"),
    };
    let lesson = match of {
        Some(broadcast) => Some(broadcast.lesson),
        None if kind == Kind::Showing => reader.optional("lesson", "unknown"),
        None => None,
    };
    let starts_at = match of.filter(|b| b.on_air_at.is_some()) {
        Some(broadcast) => broadcast.starts_at,
        None => reader.time("starts_at", &app.zone),
    };
    let ends_at = if kind == Kind::Showing { starts_at } else { reader.time("ends_at", &app.zone) };
    let external = reader.text("external_url").trim().to_owned();
    let plan = Plan {
        organisation: organisation.ok_or_else(|| Problem::field("organisation", "required", "", ""))?,
        kind,
        lesson,
        campaign: of.and_then(|b| b.campaign),
        title: reader.text("title"),
        lecturer: reader.text("lecturer"),
        abstract_: reader.text("abstract"),
        admission: Admission::from_code(sent.v("admission")).unwrap_or(Admission::Everybody),
        host: of.and_then(|b| b.host),
        starts_at,
        ends_at,
        keeps_recording: sent.is("keeps_recording", "1"),
        external_url: (kind == Kind::External).then_some(external),
    };
    reader.done(plan)
}

/// `POST /broadcasts`
pub async fn create(State(app): State<App>, visit: Visit, me: SignedIn, Sent(pairs): Sent<Pairs>) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let made = async { actions::plan(&app, &me, read(&app, &sent, None)?).await };
    match made.await {
        Ok(id) => Ok(Redirect::to(&format!("/broadcasts/{id}?done=broadcast-planned")).into_response()),
        Err(problem) => again(&app, &visit, &me, sent, problem, None).await,
    }
}

/// `GET /broadcasts/{id}/edit`
pub async fn edit(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let broadcast = actions::run_by(&app, &me, id).await?;
    let mut form = Form::default();
    form.set("kind", broadcast.kind.code());
    form.set("lesson", broadcast.lesson);
    form.set("title", &broadcast.title);
    form.set("lecturer", &broadcast.lecturer);
    form.set("abstract", &broadcast.abstract_);
    form.set("admission", broadcast.admission.code());
    form.set("starts_at", local(broadcast.starts_at, &app.zone));
    form.set("ends_at", local(broadcast.ends_at, &app.zone));
    form.set("keeps_recording", u8::from(broadcast.keeps_recording));
    form.set("external_url", broadcast.external_url.as_deref().unwrap_or_default());
    html(&page(&app, &visit, &me, form, Some(&broadcast)).await?)
}

/// `POST /broadcasts/{id}/edit`
pub async fn change(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    let (sent, broadcast) = (Form::sent(pairs), actions::run_by(&app, &me, id).await?);
    let seen = sent.v("version").parse().unwrap_or(0);
    let saved = async { actions::change(&app, &me, id, seen, read(&app, &sent, Some(&broadcast))?).await };
    match saved.await {
        Ok(()) => Ok(Redirect::to(&format!("/broadcasts/{id}?done=broadcast-saved")).into_response()),
        Err(problem) => again(&app, &visit, &me, sent, problem, Some(&broadcast)).await,
    }
}

/// The form with what was typed and what is wrong with it.
async fn again(app: &App, visit: &Visit, me: &Actor, sent: Form, problem: Problem, of: Option<&Broadcast>) -> Result<Response, Problem> {
    if problem.status != StatusCode::UNPROCESSABLE_ENTITY {
        return Err(problem);
    }
    let mut form = Form::default();
    form.overlay("", sent, in_words(&visit.texts, &problem).1);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page(app, visit, me, form, of).await?)?).into_response())
}
