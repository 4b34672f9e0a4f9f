//! `/api/v1/held-sessions`.

mod bodies;
pub mod export;
pub mod import;
pub mod months;
pub mod photos;
pub mod plans;
pub mod verdicts;

pub use bodies::{HeldSessionBody, HeldSessionPage, HeldSessionWhole, MeanwhileBody, RevisionBody, SaveBody};
pub use verdicts::{decide, decide_all};

use super::actions::{self, Save, Saved, Whose};
use super::{HeldSessionId, HeldSessions};
use crate::held_sessions::filters::SessionFilter;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, PAGE_SIZE, SignedIn, Slice, Visit, etag};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

/// Revisions that one answer tells.
const REVISIONS: usize = 100;

/// Held sessions that the reader may see and that fit the filter, the latest first.
#[utoipa::path(get, path = "/api/v1/held-sessions", tag = "held-sessions", params(SessionFilter, ("after" = Option<String>, Query)), responses((status = 200, body = HeldSessionPage)))]
pub async fn list(
    State(app): State<App>,
    me: SignedIn,
    Query(narrowed): Query<SessionFilter>,
    Query(cursor): Query<Cursor>,
) -> Result<Json<HeldSessionPage>, Problem> {
    let whose = (Whose::Visible, narrowed.organisation()?);
    let found = actions::list(&app, &me, whose, &narrowed.filter()?, cursor.descending(), PAGE_SIZE + 1).await?;
    let Slice { items, next } = Slice::cut(found, |one| Cursor::after(one.told.held_at.0, one.id));
    Ok(Json(HeldSessionPage { items: items.iter().map(|one| HeldSessionBody::new(&app, one)).collect(), next }))
}

/// One held session with its revisions, the newest first, its photos, and what speaks against it.
#[utoipa::path(get, path = "/api/v1/held-sessions/{id}", tag = "held-sessions", params(("id" = String, Path)), responses((status = 200, body = HeldSessionWhole), (status = 404)))]
pub async fn get(State(app): State<App>, me: SignedIn, Path(id): Path<HeldSessionId>) -> Result<Response, Problem> {
    let mut tx = app.db.read().await?;
    let one = actions::visible(&app, &mut tx, &me, id).await?;
    let revisions = HeldSessions(&mut tx).revisions(id, REVISIONS).await?;
    let (photos, checks) = (HeldSessions(&mut tx).photos(id).await?, actions::checks(&app, &mut tx, &me, &one).await?);
    let whole = HeldSessionWhole::new(&app, &one, revisions).with(photos, checks);
    Ok((etag(one.version), Json(whole)).into_response())
}

/// Records a held session under an id that the sender made, or corrects it. The operation, made by the sender too, makes
/// repeating harmless: the answer is that of the first time. When somebody else saved or decided since `based_on`, nothing
/// changes and the answer tells what is there now, field by field.
#[utoipa::path(put, path = "/api/v1/held-sessions/{id}", tag = "held-sessions", params(("id" = String, Path)), request_body = SaveBody, responses((status = 200, body = HeldSessionBody), (status = 403), (status = 404), (status = 409, body = MeanwhileBody), (status = 422)))]
pub async fn put(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<HeldSessionId>,
    Json(body): Json<SaveBody>,
) -> Result<Response, Problem> {
    let mine = body.fields.clone();
    let save = Save {
        id,
        organisation: body.organisation,
        operation: body.operation,
        based_on: body.based_on,
        fields: body.fields,
        reason: body.reason,
    };
    match actions::save_timed(&app, &me, save, body.took_s).await? {
        Saved::Done(one) => Ok((etag(one.version), Json(HeldSessionBody::new(&app, &one))).into_response()),
        Saved::Meanwhile(current) => {
            let body = MeanwhileBody::new(&app, &visit.texts, &mine, &current);
            Ok((StatusCode::CONFLICT, [(CONTENT_TYPE, "application/problem+json")], Json(body)).into_response())
        }
    }
}
