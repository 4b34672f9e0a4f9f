//! Sending a register, looking at what it would change, confirming.

use crate::jobs::{JobId, JobState};
use crate::organisations::sent::{ORGANISATIONS, PEOPLE, Register, shown};
use crate::organisations::views::{ImportPage, ImportState};
use crate::problem::Problem;
use crate::registers::{self, Followed, Order, spooled};
use crate::state::App;
use crate::web::{SignedIn, Visit, html};
use axum::extract::{Multipart, Path, State};
use axum::response::{Redirect, Response};

/// The page that takes a register.
pub fn register_form(register: &'static Register, app: &App, visit: &Visit, me: &SignedIn) -> Result<Response, Problem> {
    register.may_send(app, me)?;
    html(&ImportPage { p: visit.page(app, visit.texts.s(register.title)), register, state: None })
}

/// Takes the file of a form and has it checked.
pub async fn register_sent(register: &Register, app: App, visit: Visit, me: SignedIn, mut form: Multipart) -> Result<Redirect, Problem> {
    register.may_send(&app, &me)?;
    let bad = |e: axum::extract::multipart::MultipartError| Problem::new(e.status(), "malformed").with("reason", e.body_text());
    while let Some(field) = form.next_field().await.map_err(bad)? {
        if field.name() == Some("file") {
            let name = shown(field.file_name().unwrap_or_default());
            let file = spooled(&app, field).await?;
            let language = visit.texts.language.tag().to_owned();
            let order = Order { file, name, account: me.account, apply: false, language };
            return Ok(to(register, registers::enqueue(&app, register.job, &order).await?));
        }
    }
    Err(Problem::field("file", "required", "", ""))
}

fn to(register: &Register, id: JobId) -> Redirect {
    Redirect::to(&format!("{}/imports/{id}", register.pages))
}

fn state(register: &Register, visit: &Visit, followed: &Followed) -> ImportState {
    let texts = &visit.texts;
    let report = followed.report.clone().unwrap_or_default();
    let refused = report.refused.map(|(code, args)| {
        let args: Vec<_> = args.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        texts.args(&format!("problem-{code}"), &args)
    });
    let count = |code: &&str| {
        let n = report.counts.get(*code).copied().unwrap_or(0);
        (texts.s(&format!("import-{code}")), texts.number(n as i64))
    };
    let applied = followed.order.apply;
    ImportState {
        id: followed.job.id.to_string(),
        file: followed.order.name.clone(),
        percent: followed.job.percent,
        running: matches!(followed.job.state, JobState::Queued | JobState::Running),
        cancelled: followed.job.state == JobState::Cancelled,
        parked: followed.job.state == JobState::Parked,
        refused: refused.unwrap_or_default(),
        applied,
        counts: register.counts.iter().map(count).collect(),
        fault_count: texts.number(report.fault_count as i64),
        groups: followed.groups(texts),
        links: applied && register.links && report.counts.get("accounts").is_some_and(|n| *n > 0),
    }
}

/// How far an import is and what it found.
pub async fn register_page(register: &'static Register, app: App, visit: Visit, me: SignedIn, id: JobId) -> Result<Response, Problem> {
    let followed = registers::follow(&app, register.job, &me, id).await?;
    let state = state(register, &visit, &followed);
    html(&ImportPage { p: visit.page(&app, visit.texts.s(register.title)), register, state: Some(state) })
}

/// Imports what was checked.
pub async fn register_apply(register: &Register, app: App, me: SignedIn, id: JobId) -> Result<Redirect, Problem> {
    register.may_send(&app, &me)?;
    Ok(to(register, registers::confirm(&app, register.job, &me, id).await?))
}

/// Stops an import; nothing is changed then.
pub async fn register_cancel(register: &Register, app: App, me: SignedIn, id: JobId) -> Result<Redirect, Problem> {
    registers::cancel(&app, register.job, &me, id).await?;
    Ok(to(register, id))
}

/// `GET /organisations/import`
pub async fn import_form(State(app): State<App>, visit: Visit, me: SignedIn) -> Result<Response, Problem> {
    register_form(&ORGANISATIONS, &app, &visit, &me)
}

/// `POST /organisations/import`
pub async fn import_file(State(app): State<App>, visit: Visit, me: SignedIn, form: Multipart) -> Result<Redirect, Problem> {
    register_sent(&ORGANISATIONS, app, visit, me, form).await
}

/// `GET /organisations/imports/{id}`
pub async fn import_page(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Result<Response, Problem> {
    register_page(&ORGANISATIONS, app, visit, me, id).await
}

/// `POST /organisations/imports/{id}/apply`
pub async fn import_apply(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Redirect, Problem> {
    register_apply(&ORGANISATIONS, app, me, id).await
}

/// `POST /organisations/imports/{id}/cancel`
pub async fn import_cancel(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Redirect, Problem> {
    register_cancel(&ORGANISATIONS, app, me, id).await
}

/// `GET /people/import`
pub async fn people_import_form(State(app): State<App>, visit: Visit, me: SignedIn) -> Result<Response, Problem> {
    register_form(&PEOPLE, &app, &visit, &me)
}

/// `POST /people/import`
pub async fn people_import_file(State(app): State<App>, visit: Visit, me: SignedIn, form: Multipart) -> Result<Redirect, Problem> {
    register_sent(&PEOPLE, app, visit, me, form).await
}

/// `GET /people/imports/{id}`
pub async fn people_import_page(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Result<Response, Problem> {
    register_page(&PEOPLE, app, visit, me, id).await
}

/// `POST /people/imports/{id}/apply`
pub async fn people_import_apply(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Redirect, Problem> {
    register_apply(&PEOPLE, app, me, id).await
}

/// `POST /people/imports/{id}/cancel`
pub async fn people_import_cancel(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Redirect, Problem> {
    register_cancel(&PEOPLE, app, me, id).await
}
