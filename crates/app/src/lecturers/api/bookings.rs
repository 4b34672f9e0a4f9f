//! `/api/v1/bookings`.

use crate::lecturers::actions::booking::{self, Rating, Side};
use crate::lecturers::actions::feeds::{self, Subject};
use crate::lecturers::rules::State as BookingState;
use crate::lecturers::{BookingId, BookingRow, LecturerId, Request};
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, IfMatch, PAGE_SIZE, SignedIn, Slice, etag};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Actor, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A booking as programs see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookingBody {
    #[schema(value_type = String)]
    id: BookingId,
    /// Who stands for the lecturer that was asked for.
    #[schema(value_type = String)]
    lecturer: LecturerId,
    lecturer_name: String,
    #[schema(value_type = String)]
    organisation: OrganisationId,
    /// Milliseconds since 1970.
    #[schema(value_type = i64)]
    starts_at: Timestamp,
    #[schema(value_type = i64)]
    ends_at: Timestamp,
    title: String,
    place: String,
    people: i64,
    note: String,
    state: BookingState,
    /// Why it was declined or cancelled.
    answer: String,
    stars: Option<i64>,
    comment: String,
    version: i64,
}

impl From<BookingRow> for BookingBody {
    fn from(row: BookingRow) -> Self {
        let of = row.booking;
        Self {
            id: of.id,
            lecturer: row.person,
            lecturer_name: row.name,
            organisation: of.organisation,
            starts_at: of.starts_at,
            ends_at: of.ends_at,
            title: of.title,
            place: of.place,
            people: of.people,
            note: of.note,
            state: of.state,
            answer: of.answer,
            stars: of.stars,
            comment: of.comment,
            version: of.version,
        }
    }
}

async fn body(app: &App, me: &Actor, id: BookingId) -> Result<Response, Problem> {
    let row = booking::visible(app, &mut app.db.read().await?, me, id).await?;
    Ok((etag(row.booking.version), Json(BookingBody::from(row))).into_response())
}

/// Which bookings.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    side: Side,
}

/// Bookings of one side, the latest first: `to-answer`, `requested`, `answered`.
#[utoipa::path(get, path = "/api/v1/bookings", tag = "lecturers", params(("side" = inline(Option<Side>), Query), ("after" = Option<String>, Query)),
    responses((status = 200, description = "One page: `items`, and `next` when there are more", body = [BookingBody])))]
pub async fn list(
    State(app): State<App>,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(cursor): Query<Cursor>,
) -> Result<Json<Slice<BookingBody>>, Problem> {
    let found = booking::list(&app, &me, asked.side, cursor.descending(), PAGE_SIZE + 1).await?;
    let slice = Slice::cut(found, |row| Cursor::after(row.booking.starts_at.0, row.booking.id));
    Ok(Json(Slice { items: slice.items.into_iter().map(BookingBody::from).collect(), next: slice.next }))
}

/// Asks for a lecturer in the name of an organisation.
#[utoipa::path(post, path = "/api/v1/lecturers/{id}/bookings", tag = "lecturers", params(("id" = String, Path)), request_body = Request,
    responses((status = 201, body = BookingBody), (status = 403), (status = 404), (status = 409, description = "Expected elsewhere, or retired"), (status = 422)))]
pub async fn request(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<LecturerId>,
    Json(new): Json<Request>,
) -> Result<Response, Problem> {
    let id = booking::request(&app, &me, id, new).await?;
    Ok((StatusCode::CREATED, body(&app, &me, id).await?).into_response())
}

/// One booking.
#[utoipa::path(get, path = "/api/v1/bookings/{id}", tag = "lecturers", params(("id" = String, Path)),
    responses((status = 200, body = BookingBody), (status = 404)))]
pub async fn get(State(app): State<App>, me: SignedIn, Path(id): Path<BookingId>) -> Result<Response, Problem> {
    body(&app, &me, id).await
}

/// Says yes for the lecturer.
#[utoipa::path(post, path = "/api/v1/bookings/{id}/acceptance", tag = "lecturers", params(("id" = String, Path)),
    responses((status = 200, body = BookingBody), (status = 403), (status = 404), (status = 409, description = "Expected elsewhere, or answered before")))]
pub async fn accept(State(app): State<App>, me: SignedIn, seen: IfMatch, Path(id): Path<BookingId>) -> Result<Response, Problem> {
    booking::accept(&app, &me, id, seen.0).await.map_err(|p| seen.judge(p))?;
    body(&app, &me, id).await
}

/// Why.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = BookingReason)]
pub struct Reason {
    /// At most 500 characters; needed to decline.
    reason: String,
}

/// Says no for the lecturer, or calls off what was accepted.
#[utoipa::path(post, path = "/api/v1/bookings/{id}/refusal", tag = "lecturers", params(("id" = String, Path)), request_body = Reason,
    responses((status = 200, body = BookingBody), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn decline(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<BookingId>,
    Json(why): Json<Reason>,
) -> Result<Response, Problem> {
    booking::decline(&app, &me, id, seen.0, &why.reason).await.map_err(|p| seen.judge(p))?;
    body(&app, &me, id).await
}

/// Takes a request back for who asked.
#[utoipa::path(post, path = "/api/v1/bookings/{id}/cancellation", tag = "lecturers", params(("id" = String, Path)), request_body = Reason,
    responses((status = 200, body = BookingBody), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn cancel(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<BookingId>,
    Json(why): Json<Reason>,
) -> Result<Response, Problem> {
    booking::cancel(&app, &me, id, seen.0, &why.reason).await.map_err(|p| seen.judge(p))?;
    body(&app, &me, id).await
}

/// Says how it was, once it is over; again to correct it.
#[utoipa::path(put, path = "/api/v1/bookings/{id}/rating", tag = "lecturers", params(("id" = String, Path)), request_body = Rating,
    responses((status = 200, body = BookingBody), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn rate(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<BookingId>,
    Json(given): Json<Rating>,
) -> Result<Response, Problem> {
    booking::rate(&app, &me, id, seen.0, &given).await.map_err(|p| seen.judge(p))?;
    body(&app, &me, id).await
}

/// Where a calendar is.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarBody {
    /// Path of the calendar; none before it was made.
    path: Option<String>,
}

fn subject(text: &str) -> Result<Subject, Problem> {
    Subject::read(text).ok_or_else(Problem::not_found)
}

/// The address of the calendar of a lecturer or an organisation. Whoever knows it reads the calendar without signing in.
#[utoipa::path(get, path = "/api/v1/booking-calendars/{subject}", tag = "lecturers", params(("subject" = String, Path)),
    responses((status = 200, body = CalendarBody), (status = 404)))]
pub async fn calendar(State(app): State<App>, me: SignedIn, Path(of): Path<String>) -> Result<Json<CalendarBody>, Problem> {
    let path = feeds::path(&app, &mut app.db.read().await?, &me, subject(&of)?).await?;
    Ok(Json(CalendarBody { path }))
}

/// Makes the address of a calendar; one made before leads nowhere from now on.
#[utoipa::path(post, path = "/api/v1/booking-calendars/{subject}", tag = "lecturers", params(("subject" = String, Path)),
    responses((status = 200, body = CalendarBody), (status = 404)))]
pub async fn renew_calendar(State(app): State<App>, me: SignedIn, Path(of): Path<String>) -> Result<Json<CalendarBody>, Problem> {
    Ok(Json(CalendarBody { path: Some(feeds::renew(&app, &me, subject(&of)?).await?) }))
}
