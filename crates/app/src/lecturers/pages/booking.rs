//! The page of one booking, and its answers.

use super::mendable;
use crate::lecturers::actions::booking::{self, Rating, Sides};
use crate::lecturers::rules::{Move, Times};
use crate::lecturers::views::{BookingLine, BookingPage};
use crate::lecturers::{BookingId, BookingRow};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Done, Form, SignedIn, Visit, html};
use axum::extract::{Form as Sent, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;
use serde::Deserialize;

/// `GET /desk/bookings/{id}`
pub async fn booking(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BookingId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let page = page(&app, &visit, &me, id).await?;
    html(&BookingPage { notice: done.notice(&visit.texts), ..page })
}

async fn page(app: &App, visit: &Visit, me: &Actor, id: BookingId) -> Result<BookingPage, Problem> {
    let (texts, tree) = (&visit.texts, app.tree.load_full());
    let mut tx = app.db.read().await?;
    let row = booking::visible(app, &mut tx, me, id).await?;
    // Other bookings of the same person are the business of who answers for that person.
    let sides = booking::sides(app, me, &row);
    let clashes = if sides.answers { booking::clashes(&mut tx, &row).await? } else { Vec::new() };
    let of = &row.booking;
    let mut f = Form::default();
    f.set("stars", of.stars.unwrap_or(5));
    f.set("comment", &of.comment);
    Ok(BookingPage {
        p: visit.page(app, of.title.clone()),
        notice: String::new(),
        error: String::new(),
        id: id.to_string(),
        line: BookingLine::of(texts, &tree, &row),
        lecturer_href: format!("/desk/lecturers/{}", row.person),
        people: if of.people > 0 { texts.with("booking-for-people", "n", of.people) } else { String::new() },
        note: of.note.clone(),
        answer: of.answer.clone(),
        comment: of.comment.clone(),
        clashes: clashes.iter().map(|other| BookingLine::of(texts, &tree, other)).collect(),
        acts: acts(app, &row, sides),
        f,
        version: of.version,
    })
}

/// What may be done now, by the same rule that decides when it is done.
fn acts(app: &App, row: &BookingRow, sides: Sides) -> Vec<&'static str> {
    let of = &row.booking;
    let times = Times { starts_at: of.starts_at, ends_at: of.ends_at, now: app.clock.now() };
    let all = [
        (Move::Accept, sides.answers, "accept"),
        (Move::Decline, sides.answers, "decline"),
        (Move::Cancel, sides.asks, "cancel"),
        (Move::Rate, sides.asks, "rate"),
    ];
    all.into_iter().filter(|(mv, may, _)| *may && of.state.after(*mv, times).is_ok()).map(|(.., code)| code).collect()
}

/// An answer as a form sends it.
#[derive(Debug, Deserialize)]
pub struct AnswerForm {
    version: i64,
    #[serde(default)]
    reason: String,
}

/// Back to the page with what was done, or the page with what was typed and why it was refused.
async fn after(
    app: &App,
    visit: &Visit,
    me: &Actor,
    id: BookingId,
    (outcome, done): (Result<(), Problem>, &str),
    typed: &[(&str, &str)],
) -> Result<Response, Problem> {
    let Err(problem) = mendable(outcome)? else {
        return Ok(Redirect::to(&format!("/desk/bookings/{id}?done={done}")).into_response());
    };
    let mut page = page(app, visit, me, id).await?;
    page.error = page.f.typed("", typed, &visit.texts, &problem);
    Ok((problem.status, html(&page)?).into_response())
}

/// `POST /desk/bookings/{id}/acceptance`
pub async fn accept(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BookingId>,
    Sent(form): Sent<AnswerForm>,
) -> Result<Response, Problem> {
    let outcome = booking::accept(&app, &me, id, Some(form.version)).await;
    after(&app, &visit, &me, id, (outcome, "booking-accepted"), &[]).await
}

/// `POST /desk/bookings/{id}/refusal`
pub async fn decline(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BookingId>,
    Sent(form): Sent<AnswerForm>,
) -> Result<Response, Problem> {
    let outcome = booking::decline(&app, &me, id, Some(form.version), &form.reason).await;
    after(&app, &visit, &me, id, (outcome, "booking-declined"), &[("reason", &form.reason)]).await
}

/// `POST /desk/bookings/{id}/cancellation`
pub async fn cancel(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BookingId>,
    Sent(form): Sent<AnswerForm>,
) -> Result<Response, Problem> {
    let outcome = booking::cancel(&app, &me, id, Some(form.version), &form.reason).await;
    after(&app, &visit, &me, id, (outcome, "booking-cancelled"), &[("reason", &form.reason)]).await
}

/// How it was, as a form sends it.
#[derive(Debug, Deserialize)]
pub struct RatingForm {
    version: i64,
    stars: i64,
    #[serde(default)]
    comment: String,
}

/// `POST /desk/bookings/{id}/rating`
pub async fn rate(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BookingId>,
    Sent(form): Sent<RatingForm>,
) -> Result<Response, Problem> {
    let given = Rating { stars: form.stars, comment: form.comment.clone() };
    let outcome = booking::rate(&app, &me, id, Some(form.version), &given).await;
    let stars = form.stars.to_string();
    after(&app, &visit, &me, id, (outcome, "booking-rated"), &[("stars", &stars), ("comment", &form.comment)]).await
}
