//! The control room of one broadcast.

use crate::broadcasts::addresses;
use crate::broadcasts::rules;
use crate::broadcasts::studio::health::Health;
use crate::broadcasts::views::{ControlPage, control_page};
use crate::broadcasts::{Broadcast, BroadcastId, Profile, actions};
use crate::i18n::Texts;
use crate::machine::LoadStage;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Done, SignedIn, Visit, html, in_words};
use axum::Json;
use axum::extract::{Form, Path, Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Actor, Timestamp};
use serde::{Deserialize, Serialize};

/// `GET /broadcasts/{id}`
pub async fn control(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let broadcast = actions::run_by(&app, &me, id).await?;
    let mut page = page(&app, &visit, &me, &broadcast).await?;
    page.notice = done.notice(&visit.texts);
    html(&page)
}

async fn page(app: &App, visit: &Visit, me: &Actor, broadcast: &Broadcast) -> Result<ControlPage, Problem> {
    let published = crate::lessons::Catalogue(&mut app.db.read().await?).find(broadcast.lesson).await?;
    let mine = published.is_some_and(|public| public.submission.is_empty());
    let mut page = control_page(app, visit, broadcast);
    page.preview = addresses::preview(app, me.account, broadcast.id);
    page.may_unpublish = mine && broadcast.state.is_over();
    Ok(page)
}

/// A refusal is told on the control room itself, where what is possible now can be seen.
async fn after(
    app: &App,
    visit: &Visit,
    me: &Actor,
    id: BroadcastId,
    done: &str,
    outcome: Result<Broadcast, Problem>,
) -> Result<Response, Problem> {
    match outcome {
        Ok(_) => Ok(Redirect::to(&format!("/broadcasts/{id}?done={done}")).into_response()),
        Err(problem) if crate::web::is_mendable(&problem) => {
            let broadcast = actions::run_by(app, me, id).await?;
            let mut page = page(app, visit, me, &broadcast).await?;
            page.error = in_words(&visit.texts, &problem).0;
            Ok((problem.status, html(&page)?).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /broadcasts/{id}/on-air`
pub async fn on_air(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let outcome = actions::go_on_air(&app, &me, id).await;
    after(&app, &visit, &me, id, "broadcast-on-air", outcome).await
}

/// `POST /broadcasts/{id}/end`
pub async fn end(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let outcome = actions::end(&app, &me, id).await;
    after(&app, &visit, &me, id, "broadcast-ended", outcome).await
}

/// `POST /broadcasts/{id}/cancel`
pub async fn cancel(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let outcome = actions::cancel(&app, &me, id).await;
    after(&app, &visit, &me, id, "broadcast-cancelled", outcome).await
}

/// `POST /broadcasts/{id}/hold`
pub async fn hold(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let outcome = actions::hold(&app, &me, id, true).await;
    after(&app, &visit, &me, id, "broadcast-held", outcome).await
}

/// `POST /broadcasts/{id}/go-on`
pub async fn go_on(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let outcome = actions::hold(&app, &me, id, false).await;
    after(&app, &visit, &me, id, "broadcast-went-on", outcome).await
}

/// The chosen profile.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    profile: Profile,
}

/// `POST /broadcasts/{id}/profile`
pub async fn profile(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Problem> {
    let outcome = actions::set_profile(&app, &me, id, chosen.profile).await;
    after(&app, &visit, &me, id, "broadcast-profile", outcome).await
}

/// The chosen stage; empty for what is measured.
#[derive(Debug, Deserialize)]
pub struct Pinned {
    stage: String,
}

/// `POST /broadcasts/{id}/stage`
pub async fn pin_stage(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Form(pinned): Form<Pinned>,
) -> Result<Response, Problem> {
    let outcome = actions::pin_stage(&app, &me, id, LoadStage::from_code(&pinned.stage)).await;
    after(&app, &visit, &me, id, "broadcast-stage", outcome).await
}

/// `POST /broadcasts/{id}/unpublication`
pub async fn unpublish(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let outcome = actions::unpublish(&app, &me, id).await;
    after(&app, &visit, &me, id, "broadcast-unpublished", outcome).await
}

/// When a showing is to be repeated.
#[derive(Debug, Deserialize)]
pub struct Again {
    starts_at: String,
}

/// `POST /broadcasts/{id}/repeats`
pub async fn repeat(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Form(again): Form<Again>,
) -> Result<Response, Problem> {
    let outcome = match moment(&app, &again.starts_at) {
        Ok(at) => actions::repeat(&app, &me, id, &[at]).await.map(|_| ()),
        Err(problem) => Err(problem),
    };
    let outcome = match outcome {
        Ok(()) => actions::run_by(&app, &me, id).await,
        Err(problem) => Err(problem),
    };
    after(&app, &visit, &me, id, "broadcast-repeated", outcome).await
}

fn moment(app: &App, text: &str) -> Result<Timestamp, Problem> {
    let read = || text.trim().parse::<jiff::civil::DateTime>().ok()?.to_zoned_datetime(app.zone.clone()).ok();
    let zoned = read().ok_or_else(|| Problem::field("starts_at", "moment", text, ""))?;
    Ok(Timestamp(zoned.timestamp().as_millisecond()))
}

/// `POST /broadcasts/{id}/key`: the control room with the new key, which is shown this once.
pub async fn make_key(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let key = actions::new_key(&app, &me, id).await?.key;
    let broadcast = actions::run_by(&app, &me, id).await?;
    let mut page = page(&app, &visit, &me, &broadcast).await?;
    page.key = key;
    let mut response = html(&page)?;
    response.headers_mut().insert(CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    Ok(response)
}

/// What the control room's figures show.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Measured {
    #[serde(flatten)]
    health: Health,
    advice: Vec<Advice>,
    /// Code of the state.
    state: &'static str,
    /// How much is given up of it under load.
    stage: LoadStage,
}

/// What to change, in words.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Advice {
    code: &'static str,
    text: String,
}

/// How well a broadcast arrives, and what to change at the encoder.
#[utoipa::path(get, path = "/api/v1/broadcasts/{id}/health", tag = "broadcasts", params(("id" = String, Path)), responses((status = 200, body = Measured), (status = 403), (status = 404)))]
pub async fn measure(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let broadcast = actions::run_by(&app, &me, id).await?;
    let studio = app.studios.get(id);
    let health = studio.map_or_else(Health::nobody, |studio| studio.health(app.clock.now()));
    let advice = in_advice(&visit.texts, &health);
    let state = broadcast.state.code();
    Ok(([(CACHE_CONTROL, "no-store")], Json(Measured { health, advice, state, stage: broadcast.stage(&app) })).into_response())
}

fn in_advice(texts: &Texts, health: &Health) -> Vec<Advice> {
    // Whoever sends from a browser has none of an encoder's settings.
    let family = if health.phone { "advice-phone" } else { "advice" };
    let words = |code: &'static str| Advice { code, text: texts.with(&format!("{family}-{code}"), "why", health.refused.clone()) };
    rules::advice(health).into_iter().map(words).collect()
}
