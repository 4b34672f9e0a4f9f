//! The page of one lecturer, and what is done there without leaving it.

use super::mendable;
use crate::accounts::Accounts;
use crate::db::Tx;
use crate::lecturers::actions::{people, photos};
use crate::lecturers::reading::{Sight, seen, sight};
use crate::lecturers::rules::PHOTO_MAX;
use crate::lecturers::views::{self, BookingLine, Line, MergedLine, PersonPage, PostLine};
use crate::lecturers::{BookingRow, Bookings, Lecturer, LecturerId, Lecturers, PhotoId, Which};
use crate::organisations::{Action, may, may_anywhere};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{SignedIn, Visit, html, in_words};
use axum::extract::{Form, Multipart, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Actor, Scope};
use serde::Deserialize;

/// Bookings on the page of a person.
const BOOKINGS: usize = 12;
/// Comments on the page of a person.
const COMMENTS: usize = 20;

/// The page of the lecturer `id`, with the lectures that another feature knows.
///
/// # Errors
///
/// 404, audited, for who may not even find the lecturer.
pub async fn show(app: &App, visit: &Visit, me: &Actor, id: LecturerId, lectures: String, notice: String) -> Result<Response, Problem> {
    let mut tx = app.db.read().await?;
    let (found, sight) = seen(app, &mut tx, me, id).await?;
    if found.id != id {
        return Ok(Redirect::to(&format!("/desk/lecturers/{}", found.id)).into_response());
    }
    let page = page(app, visit, &mut tx, me, (&found, sight)).await?;
    html(&PersonPage { notice, lectures, ..page })
}

async fn page(app: &App, visit: &Visit, tx: &mut Tx, me: &Actor, (of, sight): (&Lecturer, Sight)) -> Result<PersonPage, Problem> {
    let (texts, tree, full) = (&visit.texts, app.tree.load_full(), sight == Sight::Full);
    let keeps = may(&tree, me, Action::KeepLecturers, of.organisation);
    let own = of.account == Some(me.account) && me.in_scope(Scope::Submit);
    let account = match of.account.filter(|_| full) {
        Some(account) => Accounts(tx).find(account).await?.map(|a| a.login).unwrap_or_default(),
        None => String::new(),
    };
    let bookings = if full { lately(tx, of.id).await? } else { Vec::new() };
    let comments = bookings.iter().filter_map(|row| Some((row.booking.stars?, row.booking.comment.clone()))).filter(|(_, c)| !c.is_empty());
    let told = |at| texts.args("consent-given", &[("at", texts.date(at)), ("how", of.consent_text.clone())]);
    Ok(PersonPage {
        p: visit.page(app, of.name.clone()),
        notice: String::new(),
        error: String::new(),
        id: of.id.to_string(),
        line: Line::of(texts, &tree, of),
        photo: if full { views::photo(of) } else { String::new() },
        about: of.about.lines().filter(|line| full && !line.is_empty()).map(str::to_owned).collect(),
        full,
        keeps,
        books: !of.retired && may_anywhere(&tree, me, Action::KeepLecturers),
        contact: if full { of.contact.clone() } else { String::new() },
        account,
        consent: of.consent_at.filter(|_| full).map(told).unwrap_or_default(),
        withdraws: keeps || own,
        rated: views::rated(texts, Bookings(tx).stars(of.id, app.clock.now()).await?),
        comments: comments.take(COMMENTS).map(|(n, comment)| (views::stars(n), comment)).collect(),
        posts: posts(visit, tx, &tree, of).await?,
        merged: if keeps { merged(visit, tx, &tree, of).await? } else { Vec::new() },
        bookings: bookings.iter().take(BOOKINGS).map(|row| BookingLine::of(texts, &tree, row)).collect(),
        lectures: String::new(),
        version: of.version,
    })
}

async fn lately(tx: &mut Tx, person: LecturerId) -> Result<Vec<BookingRow>, Problem> {
    let which = Which { person: Some(person), ..Which::default() };
    Ok(Bookings(tx).before(&which, &(i64::MAX, String::new()), 60).await?)
}

async fn posts(visit: &Visit, tx: &mut Tx, tree: &crate::organisations::Tree, of: &Lecturer) -> Result<Vec<PostLine>, Problem> {
    let texts = &visit.texts;
    let line = |post: crate::lecturers::Post| PostLine {
        organisation: tree.name(post.organisation),
        span: match post.to {
            Some(to) => format!("{} – {}", texts.date(post.from), texts.date(to)),
            None => texts.with("term-since", "day", texts.date(post.from)),
        },
    };
    Ok(Lecturers(tx).posts(of.id).await?.into_iter().map(line).collect())
}

async fn merged(visit: &Visit, tx: &mut Tx, tree: &crate::organisations::Tree, of: &Lecturer) -> Result<Vec<MergedLine>, Problem> {
    let line = |(who, merge): (Lecturer, crate::lecturers::Merge)| MergedLine {
        id: who.id.to_string(),
        name: format!("{} · {}", who.name, tree.name(who.organisation)),
        at: visit.texts.time(merge.at),
    };
    Ok(Lecturers(tx).merged_into(of.id).await?.into_iter().map(line).collect())
}

fn back(id: LecturerId, done: &str) -> Response {
    Redirect::to(&format!("/desk/lecturers/{id}?done={done}")).into_response()
}

/// Back to the page with what was done, or the page with what was refused.
async fn after(
    app: &App,
    visit: &Visit,
    me: &Actor,
    id: LecturerId,
    outcome: Result<(), Problem>,
    done: &str,
) -> Result<Response, Problem> {
    let Err(problem) = mendable(outcome)? else { return Ok(back(id, done)) };
    let mut tx = app.db.read().await?;
    let (found, sight) = seen(app, &mut tx, me, id).await?;
    let (error, faults) = in_words(&visit.texts, &problem);
    let error = faults.first().map_or(error, |fault| format!("{}: {}", fault.label, fault.text));
    let page = PersonPage { error, ..page(app, visit, &mut tx, me, (&found, sight)).await? };
    Ok((problem.status, html(&page)?).into_response())
}

/// How somebody agreed.
#[derive(Debug, Deserialize)]
pub struct ConsentForm {
    #[serde(default)]
    consent_text: String,
}

/// `POST /desk/lecturers/{id}/consent`
pub async fn consent(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<LecturerId>,
    Form(form): Form<ConsentForm>,
) -> Result<Response, Problem> {
    let outcome = people::consent(&app, &me, id, &form.consent_text).await;
    after(&app, &visit, &me, id, outcome, "consent-recorded").await
}

/// `POST /desk/lecturers/{id}/consent/withdrawal`
pub async fn withdraw_consent(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<LecturerId>) -> Result<Response, Problem> {
    let outcome = people::withdraw_consent(&app, &me, id).await;
    after(&app, &visit, &me, id, outcome, "consent-withdrawn").await
}

/// In or out.
#[derive(Debug, Deserialize)]
pub struct RetireForm {
    retired: bool,
    version: i64,
}

/// `POST /desk/lecturers/{id}/state`
pub async fn retire(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<LecturerId>,
    Form(form): Form<RetireForm>,
) -> Result<Response, Problem> {
    let outcome = people::retire(&app, &me, id, form.retired, Some(form.version)).await;
    after(&app, &visit, &me, id, outcome, if form.retired { "lecturer-retired" } else { "lecturer-returned" }).await
}

/// `POST /desk/lecturers/{id}/photo`
pub async fn set_photo(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<LecturerId>,
    mut form: Multipart,
) -> Result<Response, Problem> {
    let bad = |e: axum::extract::multipart::MultipartError| Problem::new(e.status(), "malformed").with("reason", e.body_text());
    let mut bytes = Vec::new();
    while let Some(mut field) = form.next_field().await.map_err(bad)? {
        while let Some(piece) = field.chunk().await.map_err(bad)?.filter(|_| field.name() == Some("photo") && bytes.len() <= PHOTO_MAX) {
            bytes.extend_from_slice(&piece);
        }
    }
    let outcome = photos::set(&app, &me, id, Some(&bytes)).await;
    after(&app, &visit, &me, id, outcome, "photo-kept").await
}

/// `POST /desk/lecturers/{id}/photo/removal`
pub async fn remove_photo(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<LecturerId>) -> Result<Response, Problem> {
    let outcome = photos::set(&app, &me, id, None).await;
    after(&app, &visit, &me, id, outcome, "photo-removed").await
}

/// `GET /lecturers/{id}/photo/{photo}`: for everybody while there is consent, otherwise for who sees all of the lecturer.
pub async fn photo(State(app): State<App>, visit: Visit, Path((id, photo)): Path<(LecturerId, PhotoId)>) -> Result<Response, Problem> {
    let mut tx = app.db.read().await?;
    let found = Lecturers(&mut tx).root(id).await?.filter(|l| l.photo == Some(photo)).ok_or_else(Problem::not_found)?;
    let tree = app.tree.load();
    let may_look = found.consent_at.is_some() || visit.actor.as_ref().is_some_and(|me| sight(&tree, me, &found) == Sight::Full);
    let kept = Lecturers(&mut tx).photo(photo).await?.filter(|_| may_look).ok_or_else(Problem::not_found)?;
    let kind = if kept.format == "png" { "image/png" } else { "image/jpeg" };
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, "private, no-cache")], kept.bytes).into_response())
}
