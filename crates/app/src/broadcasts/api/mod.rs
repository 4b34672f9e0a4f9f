//! `/api/v1/broadcasts`, and what live players fetch.

pub mod media;
pub mod programme;
pub mod showing;
pub mod whip;

use super::actions::{self, NewKey};
use super::{Admission, Broadcast, BroadcastId, Broadcasts, Kind, Plan, Profile, Wanted, rules};
use crate::machine::LoadStage;
use crate::organisations::{Action, OrganisationId, may};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{IfMatch, SignedIn, etag};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// Broadcasts in one answer at most.
const MOST: usize = 500;

/// A broadcast as programs see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BroadcastBody {
    #[schema(value_type = String)]
    id: BroadcastId,
    #[schema(value_type = String)]
    organisation: OrganisationId,
    lesson: String,
    campaign: Option<String>,
    kind: Kind,
    title: String,
    lecturer: String,
    #[serde(rename = "abstract")]
    abstract_: String,
    admission: Admission,
    host: Option<String>,
    /// Milliseconds since 1970.
    #[schema(value_type = i64)]
    starts_at: Timestamp,
    /// Milliseconds since 1970.
    #[schema(value_type = i64)]
    ends_at: Timestamp,
    /// `planned`, `testing`, `on-air`, `dropped`, `ended` or `cancelled`.
    state: &'static str,
    profile: Profile,
    #[schema(value_type = Option<i64>)]
    on_air_at: Option<Timestamp>,
    #[schema(value_type = Option<i64>)]
    ended_at: Option<Timestamp>,
    /// Since when a showing is held.
    #[schema(value_type = Option<i64>)]
    held_at: Option<Timestamp>,
    /// The last characters of the stream key in force.
    key_hint: Option<String>,
    keeps_recording: bool,
    external_url: Option<String>,
    /// How much is given up whatever the load is; null leaves it to what is measured.
    pinned_stage: Option<LoadStage>,
    version: i64,
}

impl From<Broadcast> for BroadcastBody {
    fn from(b: Broadcast) -> Self {
        Self {
            id: b.id,
            organisation: b.organisation,
            lesson: b.lesson.to_string(),
            campaign: b.campaign.map(|id| id.to_string()),
            kind: b.kind,
            title: b.title,
            lecturer: b.lecturer,
            abstract_: b.abstract_,
            admission: b.admission,
            host: b.host.map(|id| id.to_string()),
            starts_at: b.starts_at,
            ends_at: b.ends_at,
            state: b.state.code(),
            profile: b.profile,
            on_air_at: b.on_air_at,
            ended_at: b.ended_at,
            held_at: b.held_at,
            key_hint: b.key_hint,
            keeps_recording: b.keeps_recording,
            external_url: b.external_url,
            pinned_stage: b.pinned_stage,
            version: b.version,
        }
    }
}

fn shown(broadcast: Broadcast) -> Response {
    (etag(broadcast.version), Json(BroadcastBody::from(broadcast))).into_response()
}

/// A stretch of time.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Between {
    /// Milliseconds since 1970; absent: now.
    from: Option<i64>,
    /// Milliseconds since 1970; absent: 31 days after the beginning.
    until: Option<i64>,
}

/// Broadcasts that the reader may run, at most 500, in the order in which they begin.
#[utoipa::path(get, path = "/api/v1/broadcasts", tag = "broadcasts", params(Between), responses((status = 200, body = Vec<BroadcastBody>)))]
pub async fn list(State(app): State<App>, me: SignedIn, Query(between): Query<Between>) -> Result<Json<Vec<BroadcastBody>>, Problem> {
    let from = between.from.map_or(app.clock.now(), Timestamp);
    let until = between.until.map_or(from.plus_days(31), Timestamp);
    let wanted = Wanted { from, until, most: MOST, ..Wanted::default() };
    let mut found = Broadcasts(&mut app.db.read().await?).between(&wanted).await?;
    let tree = app.tree.load();
    found.retain(|b| may(&tree, &me, Action::Broadcast, b.organisation));
    Ok(Json(found.into_iter().map(BroadcastBody::from).collect()))
}

/// Plans a broadcast.
#[utoipa::path(post, path = "/api/v1/broadcasts", tag = "broadcasts", request_body = Plan, responses((status = 201, body = BroadcastBody), (status = 403), (status = 422)))]
pub async fn create(State(app): State<App>, me: SignedIn, Json(plan): Json<Plan>) -> Result<Response, Problem> {
    let id = actions::plan(&app, &me, plan).await?;
    let place = HeaderValue::from_str(&format!("/api/v1/broadcasts/{id}")).map_err(Problem::internal)?;
    let body = shown(actions::run_by(&app, &me, id).await?);
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], body).into_response())
}

/// One broadcast, for whoever may run it.
#[utoipa::path(get, path = "/api/v1/broadcasts/{id}", tag = "broadcasts", params(("id" = String, Path)), responses((status = 200, body = BroadcastBody), (status = 403), (status = 404)))]
pub async fn show(State(app): State<App>, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    Ok(shown(actions::run_by(&app, &me, id).await?))
}

/// Changes the plan. `If-Match` names the version that was seen.
#[utoipa::path(put, path = "/api/v1/broadcasts/{id}", tag = "broadcasts", params(("id" = String, Path)), request_body = Plan, responses((status = 200, body = BroadcastBody), (status = 403), (status = 409), (status = 412), (status = 422)))]
pub async fn change(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    IfMatch(seen): IfMatch,
    Json(plan): Json<Plan>,
) -> Result<Response, Problem> {
    let seen = match seen {
        Some(seen) => seen,
        None => actions::run_by(&app, &me, id).await?.version,
    };
    actions::change(&app, &me, id, seen, plan).await?;
    Ok(shown(actions::run_by(&app, &me, id).await?))
}

/// Makes a new stream key; the one before opens nothing any more.
#[utoipa::path(post, path = "/api/v1/broadcasts/{id}/key", tag = "broadcasts", params(("id" = String, Path)), responses((status = 200, body = NewKey), (status = 403), (status = 409)))]
pub async fn make_key(State(app): State<App>, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let key = actions::new_key(&app, &me, id).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(key)).into_response())
}

/// Lets everybody see it.
#[utoipa::path(post, path = "/api/v1/broadcasts/{id}/on-air", tag = "broadcasts", params(("id" = String, Path)), responses((status = 200, body = BroadcastBody), (status = 403), (status = 409)))]
pub async fn on_air(State(app): State<App>, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    Ok(shown(actions::go_on_air(&app, &me, id).await?))
}

/// Ends it for everybody; its recording becomes a lesson.
#[utoipa::path(post, path = "/api/v1/broadcasts/{id}/end", tag = "broadcasts", params(("id" = String, Path)), responses((status = 200, body = BroadcastBody), (status = 403), (status = 409)))]
pub async fn end(State(app): State<App>, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    Ok(shown(actions::end(&app, &me, id).await?))
}

/// Calls off what has not begun.
#[utoipa::path(post, path = "/api/v1/broadcasts/{id}/cancel", tag = "broadcasts", params(("id" = String, Path)), responses((status = 200, body = BroadcastBody), (status = 403), (status = 409)))]
pub async fn cancel(State(app): State<App>, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    Ok(shown(actions::cancel(&app, &me, id).await?))
}

/// Whether a showing is held at its present moment.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Held {
    held: bool,
}

/// Holds a showing, or lets it go on.
#[utoipa::path(put, path = "/api/v1/broadcasts/{id}/hold", tag = "broadcasts", params(("id" = String, Path)), request_body = Held, responses((status = 200, body = BroadcastBody), (status = 403), (status = 409)))]
pub async fn hold(State(app): State<App>, me: SignedIn, Path(id): Path<BroadcastId>, Json(held): Json<Held>) -> Result<Response, Problem> {
    Ok(shown(actions::hold(&app, &me, id, held.held).await?))
}

/// How a broadcast reaches people.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    profile: Profile,
}

/// Switches between the interactive and the mass profile, also while on air.
#[utoipa::path(put, path = "/api/v1/broadcasts/{id}/profile", tag = "broadcasts", params(("id" = String, Path)), request_body = Chosen, responses((status = 200, body = BroadcastBody), (status = 403)))]
pub async fn profile(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Json(chosen): Json<Chosen>,
) -> Result<Response, Problem> {
    Ok(shown(actions::set_profile(&app, &me, id, chosen.profile).await?))
}

/// How much is given up of a broadcast under load.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PinnedStage {
    /// Null leaves it to the measured load.
    stage: Option<LoadStage>,
}

/// Pins how much is given up of it, or leaves it to the measured load.
#[utoipa::path(put, path = "/api/v1/broadcasts/{id}/stage", tag = "broadcasts", params(("id" = String, Path)), request_body = PinnedStage, responses((status = 200, body = BroadcastBody), (status = 403), (status = 409)))]
pub async fn pin_stage(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Json(pinned): Json<PinnedStage>,
) -> Result<Response, Problem> {
    Ok(shown(actions::pin_stage(&app, &me, id, pinned.stage).await?))
}

/// When a showing is repeated.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Repeats {
    /// Beginnings, milliseconds since 1970; at most 60.
    #[schema(value_type = Vec<i64>)]
    starts_at: Vec<Timestamp>,
}

/// Shows the same recording again; the ids of the new showings.
#[utoipa::path(post, path = "/api/v1/broadcasts/{id}/repeats", tag = "broadcasts", params(("id" = String, Path)), request_body = Repeats, responses((status = 201, body = Vec<String>), (status = 403), (status = 409), (status = 422)))]
pub async fn repeat(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Json(repeats): Json<Repeats>,
) -> Result<Response, Problem> {
    let made = actions::repeat(&app, &me, id, &repeats.starts_at).await?;
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// Takes the recording out of the library again.
#[utoipa::path(post, path = "/api/v1/broadcasts/{id}/unpublication", tag = "broadcasts", params(("id" = String, Path)), responses((status = 200, body = BroadcastBody), (status = 403), (status = 409)))]
pub async fn unpublish(State(app): State<App>, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    Ok(shown(actions::unpublish(&app, &me, id).await?))
}

/// What is kept of a recording.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cutting {
    /// From its first to its last moment.
    keep: rules::Piece,
    /// What is taken out of it; at most 20 pieces.
    #[serde(default)]
    cuts: Vec<rules::Piece>,
}

/// Cuts the recording; the version takes its place in the library when it plays, and the whole recording is kept.
#[utoipa::path(put, path = "/api/v1/broadcasts/{id}/recording", tag = "broadcasts", params(("id" = String, Path)), request_body = Cutting, responses((status = 202), (status = 403), (status = 409), (status = 422)))]
pub async fn trim(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Json(cutting): Json<Cutting>,
) -> Result<StatusCode, Problem> {
    actions::trim(&app, &me, id, cutting.keep, &cutting.cuts).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Puts the whole recording back into the library.
#[utoipa::path(delete, path = "/api/v1/broadcasts/{id}/recording", tag = "broadcasts", params(("id" = String, Path)), responses((status = 200, body = BroadcastBody), (status = 403), (status = 409)))]
pub async fn untrim(State(app): State<App>, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    Ok(shown(actions::untrim(&app, &me, id).await?))
}
