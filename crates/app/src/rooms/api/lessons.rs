//! What was asked and said about a lesson: it stays with the recording.

use super::later;
use crate::broadcasts::Broadcasts;
use crate::lessons::{Catalogue, LessonId};
use crate::problem::Problem;
use crate::rooms::actions::{self, Ask, Asked};
use crate::rooms::{Question, QuestionId, QuestionState, Said, reading, replay};
use crate::state::App;
use crate::web::Visit;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A question as everybody sees it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QuestionBody {
    #[schema(value_type = String)]
    id: QuestionId,
    name: String,
    text: String,
    votes: i64,
    state: QuestionState,
    /// In writing.
    answer: Option<String>,
    /// When it was asked, milliseconds UTC.
    asked_at: i64,
    /// At which moment of the recording it was asked, milliseconds.
    at_ms: Option<i64>,
    /// At which moment of the recording it was answered aloud, milliseconds.
    answered_at_ms: Option<i64>,
}

impl From<Question> for QuestionBody {
    fn from(q: Question) -> Self {
        Self {
            id: q.id,
            name: q.name,
            text: q.text,
            votes: q.votes,
            state: q.state,
            answer: q.answer,
            asked_at: q.asked_at.0,
            at_ms: q.at_ms,
            answered_at_ms: q.answered_at_ms,
        }
    }
}

/// Questions about a public lesson, with their answers and moments.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/questions", tag = "rooms", params(("id" = String, Path)), responses((status = 200, body = Vec<QuestionBody>), (status = 401), (status = 404)))]
pub async fn questions(State(app): State<App>, visit: Visit, Path(id): Path<LessonId>) -> Result<Json<Vec<QuestionBody>>, Problem> {
    public(&app, &visit, id).await?;
    let asked = reading::asked_about(&mut app.db.read().await?, id).await?;
    Ok(Json(asked.into_iter().map(QuestionBody::from).collect()))
}

/// Asks about a public lesson that was broadcast.
#[utoipa::path(post, path = "/api/v1/lessons/{id}/questions", tag = "rooms", params(("id" = String, Path)), request_body = Ask, responses((status = 201, body = Asked), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422), (status = 429)))]
pub async fn ask(State(app): State<App>, visit: Visit, Path(id): Path<LessonId>, Json(body): Json<Ask>) -> Result<Response, Response> {
    let me = visit.signed_in().map_err(IntoResponse::into_response)?;
    let asked = actions::ask_about(&app, me, &visit.name, id, body).await.map_err(later)?;
    Ok((StatusCode::CREATED, Json(asked)).into_response())
}

/// What was said while a public lesson was on air, in the order of its recording; the newest broadcast that was on air counts.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/talk", tag = "rooms", params(("id" = String, Path)), responses((status = 200, body = Vec<Said>), (status = 401), (status = 404)))]
pub async fn talk(State(app): State<App>, visit: Visit, Path(id): Path<LessonId>) -> Result<Response, Problem> {
    public(&app, &visit, id).await?;
    let held = Broadcasts(&mut app.db.read().await?).of_lesson(id).await?;
    let said = match held.iter().find(|b| b.on_air_at.is_some()) {
        Some(broadcast) => {
            actions::may_read(broadcast, visit.actor.as_ref())?;
            replay(&app, broadcast).await?
        }
        None => Vec::new(),
    };
    Ok(([(CACHE_CONTROL, "private, max-age=60")], Json(said)).into_response())
}

/// A lesson that everybody may watch; where its broadcast was for those who are signed in, so is what was said about it.
async fn public(app: &App, visit: &Visit, id: LessonId) -> Result<(), Problem> {
    Catalogue(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?;
    match actions::room_of(app, id).await? {
        Some(broadcast) => actions::may_read(&broadcast, visit.actor.as_ref()),
        None => Ok(()),
    }
}
