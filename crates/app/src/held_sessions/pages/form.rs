//! The form: new, filled in from the last time, or corrected.

use super::{Pairs, named, places};
use crate::campaigns::forms::Reader;
use crate::held_sessions::actions::{self, Save, Saved, plans};
use crate::held_sessions::rules::{MOST_PHOTOS, PHOTO_BYTES, conflicts};
use crate::held_sessions::views::{ConflictLine, FormPage, choices};
use crate::held_sessions::{HeldSession, HeldSessionId, HeldSessions, PlanId, SessionFields, State as Stands};
use crate::lecturers::{LecturerId, picks};
use crate::organisations::{Action, OrganisationId, may};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Form, SignedIn, Visit, html, in_words, is_mendable};
use axum::extract::{Form as Sent, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;
use serde::Deserialize;

/// What the address of a new one may suggest.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Suggested {
    organisation: String,
    plan: String,
    campaign: String,
}

/// `GET /held-sessions/new`
pub async fn new_form(State(app): State<App>, visit: Visit, me: SignedIn, Query(suggested): Query<Suggested>) -> Result<Response, Problem> {
    let form = suggestion(&app, &me, &suggested).await?;
    html(&page(&app, &visit, &me, form, None).await?)
}

/// What a new form says before anybody typed: from the plan, or from what the organisation held last.
async fn suggestion(app: &App, me: &Actor, suggested: &Suggested) -> Result<Form, Problem> {
    let plan = match suggested.plan.parse::<PlanId>() {
        Ok(id) => Some(plans::find(app, me, id).await?),
        Err(_) => None,
    };
    let places = places(&app.tree.load(), me, Action::RecordSession);
    let asked = plan.as_ref().map(|plan| plan.organisation).or_else(|| suggested.organisation.parse().ok());
    let organisation = asked.filter(|asked| may(&app.tree.load(), me, Action::RecordSession, *asked)).or_else(|| places.first().copied());
    let organisation = organisation.ok_or_else(Problem::forbidden)?;
    let last = HeldSessions(&mut app.db.read().await?).latest(organisation).await?;
    let hour = app.clock.now().0.div_euclid(3_600_000) * 3_600_000;
    let mut fields = SessionFields { minutes: 60, held_at: local(app, hour), ..SessionFields::default() };
    if let Some(last) = last {
        let before = last.told.fields(&app.zone);
        // What differs each time is typed each time.
        fields = SessionFields { title: String::new(), held_at: fields.held_at, people: 0, note: String::new(), plan: None, ..before };
    }
    if let Some(plan) = plan {
        fields.held_at = plan.day.date().map(|date| format!("{date}T09:00")).unwrap_or(fields.held_at);
        fields.title = plan.title;
        fields.lecturer = if plan.lecturer.is_empty() { fields.lecturer } else { plan.lecturer };
        fields.lecturer_id = plan.lecturer_id.filter(|id| id.parse::<LecturerId>().is_ok());
        fields.campaign = plan.campaign;
        fields.plan = Some(plan.id.to_string());
    }
    if !suggested.campaign.is_empty() {
        fields.campaign = Some(suggested.campaign.clone());
    }
    let mut form = filled(&fields);
    form.set("people", if fields.people == 0 { String::new() } else { fields.people.to_string() });
    form.set("organisation", organisation);
    form.set("id", HeldSessionId::new(app.clock.as_ref()));
    Ok(with_operation(form, 0))
}

fn local(app: &App, ms: i64) -> String {
    crate::campaigns::forms::local(kernel::Timestamp(ms), &app.zone)
}

/// The fields of the API, in the form.
fn filled(fields: &SessionFields) -> Form {
    let mut form = Form::default();
    if let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(fields) {
        for (name, value) in fields {
            let text = value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned);
            form.set(name, text);
        }
    }
    form
}

/// A fresh operation over the version that is shown.
fn with_operation(mut form: Form, version: i64) -> Form {
    form.set("version", version);
    form.set("operation", crate::hex::hex(&kernel::random::bytes::<16>()));
    form
}

async fn page(app: &App, visit: &Visit, me: &Actor, f: Form, of: Option<&HeldSession>) -> Result<FormPage, Problem> {
    let (tree, texts) = (app.tree.load_full(), &visit.texts);
    let mut organisations = of.map_or_else(|| places(&tree, me, Action::RecordSession), |one| vec![one.organisation]);
    // A link may suggest one that is too far down to be listed.
    organisations.extend(f.v("organisation").parse::<OrganisationId>().ok().filter(|id| of.is_none() && !organisations.contains(id)));
    if organisations.is_empty() {
        return Err(Problem::forbidden());
    }
    let id = of.map_or_else(|| f.v("id").to_owned(), |one| one.id.to_string());
    let whose = of.map(|one| one.organisation).or_else(|| f.v("organisation").parse().ok()).unwrap_or(organisations[0]);
    Ok(FormPage {
        lecturers: picks::proposals(app, me, whose).await?,
        p: visit.page(app, texts.s(if of.is_some() { "held-correct" } else { "held-new" })),
        action: if of.is_some() { format!("/held-sessions/{id}/edit") } else { "/held-sessions".into() },
        id,
        is_new: of.is_none(),
        heading: of.map(|one| one.told.title.clone()).unwrap_or_default(),
        organisations: named(&tree, &organisations),
        choices: choices(texts),
        conflicts: Vec::new(),
        refusal: String::new(),
        asks_reason: of.is_some() || !f.v("reason").is_empty() || !f.fault("reason").is_empty(),
        returned: of.filter(|one| one.state == Stands::Returned).map(|one| one.reason.clone()).unwrap_or_default(),
        zone: app.zone.iana_name().unwrap_or("UTC").to_owned(),
        photos: (MOST_PHOTOS, PHOTO_BYTES),
        account: me.account,
        made: app.clock.now(),
        f,
    })
}

/// `POST /held-sessions`
pub async fn create(State(app): State<App>, visit: Visit, me: SignedIn, Sent(pairs): Sent<Pairs>) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let id = sent.v("id").parse().map_err(|_| Problem::not_found())?;
    save(&app, &visit, &me, id, sent, None).await
}

/// `GET /held-sessions/{id}/edit`
pub async fn edit(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<HeldSessionId>) -> Result<Response, Problem> {
    let one = actions::correctable(&app, &me, id).await?;
    let mut form = with_operation(filled(&one.told.fields(&app.zone)), one.version);
    form.set("organisation", one.organisation);
    html(&page(&app, &visit, &me, form, Some(&one)).await?)
}

/// `POST /held-sessions/{id}/edit`
pub async fn change(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<HeldSessionId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    let one = actions::correctable(&app, &me, id).await?;
    let mut sent = Form::sent(pairs);
    sent.set("organisation", one.organisation);
    save(&app, &visit, &me, id, sent, Some(&one)).await
}

/// Reads the form; texts are checked by the rules.
fn read(sent: &Form, id: HeldSessionId) -> Result<Save, Problem> {
    let mut reader = Reader::new(sent, "");
    let optional = |name: &str| Some(sent.v(name).to_owned()).filter(|text| !text.is_empty());
    let organisation = reader.optional("organisation", "not-there").ok_or_else(|| Problem::field("organisation", "required", "", ""))?;
    let fields = SessionFields {
        title: reader.text("title"),
        held_at: reader.text("held_at"),
        minutes: reader.number("minutes"),
        lecturer: reader.text("lecturer"),
        lecturer_id: optional("lecturer_id"),
        lecturer_kind: reader.text("lecturer_kind"),
        form: reader.text("form"),
        venue_kind: reader.text("venue_kind"),
        topic: reader.text("topic"),
        people: reader.number("people"),
        place: reader.text("place"),
        note: reader.text("note"),
        campaign: optional("campaign"),
        plan: optional("plan"),
    };
    let save = Save {
        id,
        organisation,
        operation: reader.text("operation"),
        based_on: reader.version().unwrap_or(-1),
        fields,
        reason: reader.text("reason"),
    };
    reader.done(save)
}

async fn save(
    app: &App,
    visit: &Visit,
    me: &Actor,
    id: HeldSessionId,
    mut sent: Form,
    of: Option<&HeldSession>,
) -> Result<Response, Problem> {
    // Without script the id stays when the name is changed; it holds for the name that it was filled in with.
    if sent.v("lecturer").trim() != sent.v("lecturer_of") {
        sent.set("lecturer_id", "");
    }
    let done = async { actions::save_timed(app, me, read(&sent, id)?, took(app, &sent)).await };
    match done.await {
        Ok(Saved::Done(_)) => Ok(Redirect::to(&format!("/held-sessions/{id}?done=held-saved")).into_response()),
        Ok(Saved::Meanwhile(current)) => compare(app, visit, me, sent, &current).await,
        Err(problem) if is_mendable(&problem) => {
            let (refusal, faults) = in_words(&visit.texts, &problem);
            let mut form = Form::default();
            form.overlay("", sent, faults);
            let page = FormPage { refusal, ..page(app, visit, me, form, of).await? };
            Ok((problem.status, html(&page)?).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// Seconds since the form was drawn.
fn took(app: &App, sent: &Form) -> Option<i64> {
    let made: i64 = sent.v("made").parse().ok()?;
    app.clock.now().0.checked_sub(made).map(|ms| ms / 1_000)
}

/// What was typed beside what somebody else saved meanwhile: saved again, it goes over that.
async fn compare(app: &App, visit: &Visit, me: &Actor, sent: Form, current: &HeldSession) -> Result<Response, Problem> {
    let theirs = current.told.fields(&app.zone);
    let mine = read(&sent, current.id)?.fields;
    let form = with_operation(sent, current.version);
    let page = FormPage {
        conflicts: conflicts(&mine, &theirs).iter().map(|conflict| ConflictLine::new(&visit.texts, conflict)).collect(),
        refusal: visit.texts.s("problem-changed-meanwhile"),
        ..page(app, visit, me, form, Some(current)).await?
    };
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}
