//! `/api/v1/notices`: the mails of this installation.

use crate::administration::actions::{self, Mail};
use crate::notices::{Line, NoticeId, NoticeState};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, PAGE_SIZE, SignedIn, Slice};
use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};

/// A mail, without what it says.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NoticeBody {
    #[schema(value_type = String)]
    id: NoticeId,
    /// What it is, such as `statistics.report`.
    kind: String,
    /// First letter and server of the address; empty once it is over.
    recipient: String,
    state: NoticeState,
    /// Attempts begun so far.
    attempts: i64,
    /// The next attempt while it waits, milliseconds UTC.
    due_at: i64,
    /// Why the last attempt failed.
    reason: Option<String>,
    /// Milliseconds UTC.
    created_at: i64,
}

impl From<Line> for NoticeBody {
    fn from(one: Line) -> Self {
        Self {
            id: one.id,
            kind: one.kind,
            recipient: one.recipient,
            state: one.state,
            attempts: one.attempts,
            due_at: one.due_at.0,
            reason: one.reason,
            created_at: one.created_at.0,
        }
    }
}

/// One page of mails, and how many there are.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NoticePage {
    /// Whether a mail server is set.
    is_set_up: bool,
    waiting: i64,
    parked: i64,
    items: Vec<NoticeBody>,
    next: Option<String>,
}

/// Which mails are wanted.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct NoticesAsked {
    /// Only those in this state.
    pub state: Option<NoticeState>,
}

/// Mails, newest first.
#[utoipa::path(get, path = "/api/v1/notices", tag = "administration", params(NoticesAsked, ("after" = Option<String>, Query)), responses((status = 200, body = NoticePage), (status = 403)))]
pub async fn list(
    State(app): State<App>,
    me: SignedIn,
    Query(asked): Query<NoticesAsked>,
    Query(cursor): Query<Cursor>,
) -> Result<Json<NoticePage>, Problem> {
    let Mail { server, counts, lines } = actions::mail(&app, &me, asked.state, &cursor.after, PAGE_SIZE + 1).await?;
    let Slice { items, next } = Slice::cut(lines, |one| one.id.to_string());
    let items = items.into_iter().map(NoticeBody::from).collect();
    Ok(Json(NoticePage { is_set_up: server.is_some(), waiting: counts.waiting, parked: counts.parked, items, next }))
}

/// Gives a parked mail its attempts anew.
#[utoipa::path(post, path = "/api/v1/notices/{id}/again", tag = "administration", params(("id" = String, Path)), responses((status = 200, body = NoticeBody), (status = 403), (status = 404), (status = 409)))]
pub async fn again(State(app): State<App>, me: SignedIn, Path(id): Path<NoticeId>) -> Result<Json<NoticeBody>, Problem> {
    Ok(Json(actions::send_again(&app, &me, id).await?.into()))
}
