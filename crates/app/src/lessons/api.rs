//! `/api/v1/lessons`.

use super::{Chapter, Lesson, LessonFields, LessonFilter, LessonId, actions};
use crate::lecturers::LecturerId;
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, IfMatch, PAGE_SIZE, SignedIn, Slice, etag};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// A lesson as programs see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LessonBody {
    #[schema(value_type = String)]
    id: LessonId,
    #[schema(value_type = String)]
    organisation: OrganisationId,
    title: String,
    lecturer: String,
    /// The person who speaks, when it is known who that is.
    #[schema(value_type = Option<String>)]
    lecturer_id: Option<LecturerId>,
    lecturer_kind: String,
    topic: String,
    form: String,
    held_on: String,
    audience: Option<i64>,
    #[serde(rename = "abstract")]
    abstract_: String,
    script: String,
    chapters: Vec<Chapter>,
    /// Milliseconds since 1970.
    #[schema(value_type = i64)]
    created_at: Timestamp,
    version: i64,
}

impl From<Lesson> for LessonBody {
    fn from(l: Lesson) -> Self {
        Self {
            id: l.id,
            organisation: l.organisation,
            title: l.title,
            lecturer: l.lecturer,
            lecturer_id: l.lecturer_id,
            lecturer_kind: l.lecturer_kind,
            topic: l.topic,
            form: l.form,
            held_on: l.held_on,
            audience: l.audience,
            abstract_: l.abstract_,
            script: l.script,
            chapters: l.chapters,
            created_at: l.created_at,
            version: l.version,
        }
    }
}

/// One page of lessons.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LessonPage {
    items: Vec<LessonBody>,
    next: Option<String>,
}

/// A new lesson: whose, and what is known of it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NewLesson {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    #[serde(flatten)]
    fields: LessonFields,
}

/// Lessons that the reader may see and that fit the filter, newest first.
#[utoipa::path(get, path = "/api/v1/lessons", tag = "lessons", params(LessonFilter, ("after" = Option<String>, Query)), responses((status = 200, body = LessonPage)))]
pub async fn list(
    State(app): State<App>,
    me: SignedIn,
    Query(filter): Query<LessonFilter>,
    Query(cursor): Query<Cursor>,
) -> Result<Json<LessonPage>, Problem> {
    let found = actions::list(&app, &me, &filter, cursor.descending(), PAGE_SIZE + 1).await?;
    let Slice { items, next } = Slice::cut(found, |lesson| Cursor::after(lesson.created_at.0, lesson.id));
    Ok(Json(LessonPage { items: items.into_iter().map(LessonBody::from).collect(), next }))
}

/// Registers a lesson.
#[utoipa::path(post, path = "/api/v1/lessons", tag = "lessons", request_body = NewLesson, responses((status = 201, body = LessonBody), (status = 403), (status = 422)))]
pub async fn create(State(app): State<App>, me: SignedIn, Json(new): Json<NewLesson>) -> Result<Response, Problem> {
    let id = actions::register(&app, &me, new.organisation, new.fields).await?;
    let place = HeaderValue::from_str(&format!("/api/v1/lessons/{id}")).map_err(Problem::internal)?;
    let body = shown(actions::visible(&app, &mut app.db.read().await?, &me, id).await?);
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], body).into_response())
}

/// One lesson.
#[utoipa::path(get, path = "/api/v1/lessons/{id}", tag = "lessons", params(("id" = String, Path)), responses((status = 200, body = LessonBody), (status = 404)))]
pub async fn get(State(app): State<App>, me: SignedIn, Path(id): Path<LessonId>) -> Result<Response, Problem> {
    Ok(shown(actions::visible(&app, &mut app.db.read().await?, &me, id).await?).into_response())
}

/// Changes the fields that are given. `If-Match` names the version that was seen.
#[utoipa::path(patch, path = "/api/v1/lessons/{id}", tag = "lessons", params(("id" = String, Path)), request_body = LessonFields, responses((status = 200, body = LessonBody), (status = 403), (status = 404), (status = 412), (status = 422)))]
pub async fn patch(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<LessonId>,
    IfMatch(seen): IfMatch,
    Json(fields): Json<LessonFields>,
) -> Result<Response, Problem> {
    let seen = match seen {
        Some(seen) => seen,
        None => actions::visible(&app, &mut app.db.read().await?, &me, id).await?.version,
    };
    actions::save(&app, &me, id, seen, fields).await?;
    Ok(shown(actions::visible(&app, &mut app.db.read().await?, &me, id).await?).into_response())
}

fn shown(lesson: Lesson) -> ([(HeaderName, HeaderValue); 1], Json<LessonBody>) {
    (etag(lesson.version), Json(lesson.into()))
}
