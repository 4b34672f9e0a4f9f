//! `/api/v1/lecturers`: who lectures, and how they are kept.

pub mod bookings;
pub mod import;
pub mod merging;

use super::actions::{people, photos};
use super::reading::{list as listed, position_after, seen};
use super::rules::PHOTO_MAX;
use super::{Fields, Filter, Lecturer, LecturerId, Lecturers, Post, Sight};
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{IfMatch, PAGE_SIZE, SignedIn, Slice, etag};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Actor, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A lecturer as everybody below the same root finds it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LecturerLine {
    #[schema(value_type = String)]
    id: LecturerId,
    name: String,
    kind: String,
    topics: Vec<String>,
    occupation: String,
    #[schema(value_type = String)]
    organisation: OrganisationId,
    organisation_name: String,
    term_from: String,
    term_to: String,
    retired: bool,
}

impl LecturerLine {
    fn of(app: &App, of: &Lecturer) -> Self {
        Self {
            id: of.id,
            name: of.name.clone(),
            kind: of.kind.clone(),
            topics: of.topics.clone(),
            occupation: of.occupation.clone(),
            organisation: of.organisation,
            organisation_name: app.tree.load().name(of.organisation),
            term_from: of.term_from.clone(),
            term_to: of.term_to.clone(),
            retired: of.retired,
        }
    }
}

/// Where a lecturer belonged.
#[derive(Debug, Serialize, ToSchema)]
pub struct PostBody {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    /// Milliseconds since 1970.
    #[schema(value_type = i64)]
    from: Timestamp,
    #[schema(value_type = Option<i64>)]
    to: Option<Timestamp>,
}

/// What only who keeps or audits the lecturer sees.
#[derive(Debug, Serialize, ToSchema)]
pub struct LecturerFull {
    about: String,
    contact: String,
    /// Somebody answers bookings with an account.
    has_account: bool,
    /// Path of the photo.
    photo: Option<String>,
    /// When it was recorded that the person agrees to a public page, milliseconds since 1970.
    #[schema(value_type = Option<i64>)]
    consent_at: Option<Timestamp>,
    consent_text: String,
    /// The latest first.
    posts: Vec<PostBody>,
    /// Who was merged into this person.
    #[schema(value_type = Vec<String>)]
    merged: Vec<LecturerId>,
}

/// A lecturer.
#[derive(Debug, Serialize, ToSchema)]
pub struct LecturerBody {
    #[serde(flatten)]
    line: LecturerLine,
    #[serde(flatten)]
    full: Option<LecturerFull>,
    version: i64,
}

async fn body(app: &App, me: &Actor, id: LecturerId) -> Result<Response, Problem> {
    let mut tx = app.db.read().await?;
    let (found, sight) = seen(app, &mut tx, me, id).await?;
    let full = if sight == Sight::Full {
        let post = |p: Post| PostBody { organisation: p.organisation, from: p.from, to: p.to };
        Some(LecturerFull {
            about: found.about.clone(),
            contact: found.contact.clone(),
            has_account: found.account.is_some(),
            photo: found.photo.map(|photo| format!("/lecturers/{}/photo/{photo}", found.id)),
            consent_at: found.consent_at,
            consent_text: found.consent_text.clone(),
            posts: Lecturers(&mut tx).posts(found.id).await?.into_iter().map(post).collect(),
            merged: Lecturers(&mut tx).family(found.id).await?.into_iter().filter(|one| *one != found.id).collect(),
        })
    } else {
        None
    };
    Ok((etag(found.version), Json(LecturerBody { line: LecturerLine::of(app, &found), full, version: found.version })).into_response())
}

/// Where a page begins.
#[derive(Debug, Default, Deserialize)]
pub struct After {
    #[serde(default)]
    after: String,
}

/// Lecturers that the reader may find and that fit the filter, by name.
#[utoipa::path(get, path = "/api/v1/lecturers", tag = "lecturers", params(Filter, ("after" = Option<String>, Query)),
    responses((status = 200, description = "One page: `items`, and `next` when there are more", body = [LecturerLine])))]
pub async fn list(
    State(app): State<App>,
    me: SignedIn,
    Query(filter): Query<Filter>,
    Query(after): Query<After>,
) -> Result<Json<Slice<LecturerLine>>, Problem> {
    let slice = Slice::cut(listed(&app, &me, &filter, &after.after, PAGE_SIZE + 1).await?, position_after);
    Ok(Json(Slice { items: slice.items.iter().map(|l| LecturerLine::of(&app, l)).collect(), next: slice.next }))
}

/// Registers a lecturer; `organisation`, `name` and `kind` are needed.
#[utoipa::path(post, path = "/api/v1/lecturers", tag = "lecturers", request_body = Fields,
    responses((status = 201, body = LecturerBody), (status = 403), (status = 422)))]
pub async fn create(State(app): State<App>, me: SignedIn, Json(new): Json<Fields>) -> Result<Response, Problem> {
    let organisation = new.organisation.ok_or_else(|| Problem::field("organisation", "required", "", ""))?;
    let id = people::create(&app, &me, organisation, new).await?;
    let place = HeaderValue::from_str(&format!("/api/v1/lecturers/{id}")).map_err(Problem::internal)?;
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], body(&app, &me, id).await?).into_response())
}

/// One lecturer, with as much as the reader may see. Whoever was merged leads to who stands for the person.
#[utoipa::path(get, path = "/api/v1/lecturers/{id}", tag = "lecturers", params(("id" = String, Path)),
    responses((status = 200, body = LecturerBody), (status = 404)))]
pub async fn get(State(app): State<App>, me: SignedIn, Path(id): Path<LecturerId>) -> Result<Response, Problem> {
    body(&app, &me, id).await
}

/// Changes the fields that are given. `If-Match` names the version that was seen.
#[utoipa::path(patch, path = "/api/v1/lecturers/{id}", tag = "lecturers", params(("id" = String, Path)), request_body = Fields,
    responses((status = 200, body = LecturerBody), (status = 403), (status = 404), (status = 412), (status = 422)))]
pub async fn patch(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<LecturerId>,
    Json(fields): Json<Fields>,
) -> Result<Response, Problem> {
    people::change(&app, &me, id, seen.0, fields).await.map_err(|p| seen.judge(p))?;
    body(&app, &me, id).await
}

/// Whether somebody still lectures.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LecturerRetired)]
pub struct Retired {
    retired: bool,
}

/// Ends somebody's lecturing, or lets it go on.
#[utoipa::path(put, path = "/api/v1/lecturers/{id}/state", tag = "lecturers", params(("id" = String, Path)), request_body = Retired,
    responses((status = 204), (status = 403), (status = 404)))]
pub async fn retire(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<LecturerId>,
    Json(new): Json<Retired>,
) -> Result<StatusCode, Problem> {
    people::retire(&app, &me, id, new.retired, seen.0).await.map_err(|p| seen.judge(p))?;
    Ok(StatusCode::NO_CONTENT)
}

/// How somebody agreed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LecturerConsent)]
pub struct Consented {
    /// 1 to 500 characters: by whom, when, on which paper.
    how: String,
}

/// Records that the person agrees to a public page.
#[utoipa::path(put, path = "/api/v1/lecturers/{id}/consent", tag = "lecturers", params(("id" = String, Path)), request_body = Consented,
    responses((status = 204), (status = 403), (status = 404), (status = 422)))]
pub async fn consent(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<LecturerId>,
    Json(new): Json<Consented>,
) -> Result<StatusCode, Problem> {
    people::consent(&app, &me, id, &new.how).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Records that the person no longer agrees; the public page is gone with this.
#[utoipa::path(delete, path = "/api/v1/lecturers/{id}/consent", tag = "lecturers", params(("id" = String, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
pub async fn withdraw_consent(State(app): State<App>, me: SignedIn, Path(id): Path<LecturerId>) -> Result<StatusCode, Problem> {
    people::withdraw_consent(&app, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets the photo: a JPEG or PNG of at most 2 MB. It is kept without what cameras write beside the picture.
#[utoipa::path(put, path = "/api/v1/lecturers/{id}/photo", tag = "lecturers", params(("id" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 204), (status = 403), (status = 404), (status = 422)))]
pub async fn set_photo(State(app): State<App>, me: SignedIn, Path(id): Path<LecturerId>, bytes: Bytes) -> Result<StatusCode, Problem> {
    photos::set(&app, &me, id, Some(&bytes[..bytes.len().min(PHOTO_MAX + 1)])).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the photo away.
#[utoipa::path(delete, path = "/api/v1/lecturers/{id}/photo", tag = "lecturers", params(("id" = String, Path)),
    responses((status = 204), (status = 403), (status = 404)))]
pub async fn remove_photo(State(app): State<App>, me: SignedIn, Path(id): Path<LecturerId>) -> Result<StatusCode, Problem> {
    photos::set(&app, &me, id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
