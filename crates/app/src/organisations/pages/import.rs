//! Sending a register, looking at what it would change, confirming.

use crate::jobs::{JobId, JobState};
use crate::organisations::actions::register::{self, Followed, Order};
use crate::organisations::arrival::{may_import, spooled};
use crate::organisations::views::{ImportPage, ImportState};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{SignedIn, Visit, html};
use axum::extract::{Multipart, Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};

/// `GET /organisations/import`
pub async fn import_form(State(app): State<App>, visit: Visit, me: SignedIn) -> Result<Response, Problem> {
    may_import(&app, &me)?;
    html(&ImportPage { p: visit.page(&app, visit.texts.s("import-title")), state: None })
}

/// `POST /organisations/import`
pub async fn import_file(State(app): State<App>, visit: Visit, me: SignedIn, mut form: Multipart) -> Result<Redirect, Problem> {
    may_import(&app, &me)?;
    let bad = |e: axum::extract::multipart::MultipartError| Problem::new(e.status(), "malformed").with("reason", e.body_text());
    while let Some(field) = form.next_field().await.map_err(bad)? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().chars().filter(|c| !c.is_control()).take(100).collect();
            let file = spooled(&app, field).await?;
            let language = visit.texts.language.tag().to_owned();
            let id = register::enqueue(&app, &Order { file, name, account: me.account, apply: false, language }).await?;
            return Ok(Redirect::to(&format!("/organisations/imports/{id}")));
        }
    }
    Err(Problem::field("file", "required", "", ""))
}

fn state(visit: &Visit, followed: &Followed) -> ImportState {
    let texts = &visit.texts;
    let changes = followed.report.as_ref().map(|r| r.changes.clone()).unwrap_or_default();
    let refused = followed.report.as_ref().and_then(|r| r.refused.clone());
    let refused = refused.map(|(code, args)| {
        let args: Vec<_> = args.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        texts.args(&format!("problem-{code}"), &args)
    });
    let counts = [
        ("import-added", changes.added),
        ("import-renamed", changes.renamed),
        ("import-moved", changes.moved),
        ("import-corrected", changes.corrected),
        ("import-unchanged", changes.unchanged),
    ];
    ImportState {
        id: followed.job.id.to_string(),
        file: followed.order.name.clone(),
        percent: followed.job.percent,
        running: matches!(followed.job.state, JobState::Queued | JobState::Running),
        cancelled: followed.job.state == JobState::Cancelled,
        parked: followed.job.state == JobState::Parked,
        refused: refused.unwrap_or_default(),
        applied: followed.order.apply,
        counts: counts.map(|(key, n)| (texts.s(key), texts.number(n as i64))).into(),
        fault_count: texts.number(changes.faults.len() as i64),
        groups: followed.groups(texts),
    }
}

/// `GET /organisations/imports/{id}`
pub async fn import_page(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<JobId>) -> Result<Response, Problem> {
    let followed = register::follow(&app, &me, id).await?;
    html(&ImportPage { p: visit.page(&app, visit.texts.s("import-title")), state: Some(state(&visit, &followed)) })
}

/// `POST /organisations/imports/{id}/apply`
pub async fn import_apply(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Redirect, Problem> {
    may_import(&app, &me)?;
    let id = register::confirm(&app, &me, id).await?;
    Ok(Redirect::to(&format!("/organisations/imports/{id}")))
}

/// `POST /organisations/imports/{id}/cancel`
pub async fn import_cancel(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Redirect, Problem> {
    register::cancel(&app, &me, id).await?;
    Ok(Redirect::to(&format!("/organisations/imports/{id}")))
}

/// The workbook as it was handed in, with a column that says what is wrong in each row.
#[utoipa::path(get, path = "/api/v1/organisations/imports/{id}/workbook", tag = "organisations", params(("id" = String, Path)), responses((status = 200, description = "The workbook."), (status = 404)))]
pub async fn import_workbook(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Response, Problem> {
    register::follow(&app, &me, id).await?;
    let bytes = tokio::fs::read(register::workbook_file(&app, id)).await.map_err(|_| Problem::not_found())?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = format!("attachment; filename=\"{id}.xlsx\"");
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response())
}
