//! Campaigns for programs: everything the pages can do.

use super::input::{
    Basics, CategoryFields, CloneFields, ConsentFields, ExtensionFields, NarrowFields, NewCampaign, QuotaTable, StageTable, StateChange,
};
use super::reading::{self, Seen};
use super::rules::{self, Gate};
use super::{Burden, Call, Campaign, CampaignId, CategoryId, Extension, NarrowedId, actions};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, IfMatch, SignedIn, Slice, etag};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A page of campaigns.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignList {
    /// The latest to open first.
    pub items: Vec<Campaign>,
    /// Pass as `after` for the next page.
    pub next: Option<String>,
}

/// Whether something may be done now.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateView {
    /// `not_yet`, `open`, `grace` or `closed`.
    pub state: &'static str,
    /// Until when it is so; for `closed`, since when. Milliseconds UTC.
    #[schema(value_type = i64)]
    pub at: Timestamp,
}

impl From<Gate> for GateView {
    fn from(gate: Gate) -> Self {
        let (state, at) = match gate {
            Gate::NotYet { opens_at } => ("not_yet", opens_at),
            Gate::Open { until } => ("open", until),
            Gate::Grace { until } => ("grace", until),
            Gate::Closed { at } => ("closed", at),
        };
        Self { state, at }
    }
}

/// How the reader's organisation stands in a campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct StandingView {
    /// Which organisation.
    pub organisation: String,
    /// Steps below the campaign's organisation.
    pub depth: i64,
    /// Whether it may hand in.
    pub submit: GateView,
    /// Whether it may give verdicts.
    pub review: GateView,
}

/// One campaign as the reader sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignView {
    /// Everything of it.
    #[serde(flatten)]
    pub call: Call,
    /// The reader may change it.
    pub manages: bool,
    /// How the reader's organisation stands in it.
    pub standing: Option<StandingView>,
    /// Granted to anybody (for those who manage it) or to the reader's organisation.
    pub extensions: Vec<Extension>,
    /// `short-call`: the call leaves people under seven days.
    pub warnings: Vec<&'static str>,
}

fn view(app: &App, seen: Seen) -> CampaignView {
    let short = rules::is_short(&seen.call, app.clock.now());
    CampaignView {
        standing: seen.standing.map(|s| StandingView {
            organisation: s.organisation.to_string(),
            depth: s.depth,
            submit: s.submit.into(),
            review: s.review.into(),
        }),
        call: seen.call,
        manages: seen.manages,
        extensions: seen.extensions,
        warnings: if short { vec!["short-call"] } else { Vec::new() },
    }
}

/// The campaign as it is now, with its version.
async fn now(app: &App, me: &SignedIn, id: CampaignId, status: StatusCode) -> Result<Response, Problem> {
    let seen = reading::see(app, me, id).await?;
    let tag = etag(seen.call.campaign.version);
    let place = [(LOCATION, format!("/api/v1/campaigns/{id}"))];
    let body = Json(view(app, seen));
    Ok(if status == StatusCode::CREATED { (status, tag, place, body).into_response() } else { (status, tag, body).into_response() })
}

/// Lists the campaigns that I see: run by my organisations, their superiors and their subordinates.
#[utoipa::path(get, path = "/api/v1/campaigns", tag = "campaigns", params(("after" = Option<String>, Query)), responses((status = 200, body = CampaignList)))]
pub async fn list(State(app): State<App>, me: SignedIn, Query(cursor): Query<Cursor>) -> Result<Json<CampaignList>, Problem> {
    let Slice { items, next } = reading::list(&app, &me, &cursor).await?;
    Ok(Json(CampaignList { items, next }))
}

/// Adds a draft.
#[utoipa::path(post, path = "/api/v1/campaigns", tag = "campaigns", request_body = NewCampaign, responses((status = 201, body = CampaignView), (status = 403), (status = 422)))]
pub async fn create(State(app): State<App>, me: SignedIn, Json(new): Json<NewCampaign>) -> Result<Response, Problem> {
    let id = actions::create(&app, &me, new).await?;
    now(&app, &me, id, StatusCode::CREATED).await
}

/// One campaign with everything in it.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}", tag = "campaigns", params(("id" = String, Path)), responses((status = 200, body = CampaignView), (status = 404)))]
pub async fn show(State(app): State<App>, me: SignedIn, Path(id): Path<CampaignId>) -> Result<Response, Problem> {
    now(&app, &me, id, StatusCode::OK).await
}

/// Changes title, theme, period, zone and approvals.
#[utoipa::path(put, path = "/api/v1/campaigns/{id}", tag = "campaigns", params(("id" = String, Path)), request_body = Basics, responses((status = 200, body = CampaignView), (status = 409), (status = 412), (status = 422)))]
pub async fn save(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<CampaignId>,
    Json(basics): Json<Basics>,
) -> Result<Response, Problem> {
    actions::save_basics(&app, &me, id, seen.0, basics).await.map_err(|p| seen.judge(p))?;
    now(&app, &me, id, StatusCode::OK).await
}

/// Opens, closes, or reopens with a reason.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/state", tag = "campaigns", params(("id" = String, Path)), request_body = StateChange, responses((status = 200, body = CampaignView), (status = 409), (status = 412), (status = 422)))]
pub async fn change_state(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<CampaignId>,
    Json(change): Json<StateChange>,
) -> Result<Response, Problem> {
    actions::change_state(&app, &me, id, seen.0, change).await.map_err(|p| seen.judge(p))?;
    now(&app, &me, id, StatusCode::OK).await
}

/// Copies a campaign with its dates moved.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/copies", tag = "campaigns", params(("id" = String, Path)), request_body = CloneFields, responses((status = 201, body = CampaignView), (status = 403), (status = 422)))]
pub async fn copy(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<CampaignId>,
    Json(fields): Json<CloneFields>,
) -> Result<Response, Problem> {
    let copy = actions::copy(&app, &me, id, fields).await?;
    now(&app, &me, copy, StatusCode::CREATED).await
}

/// Adds a category.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/categories", tag = "campaigns", params(("id" = String, Path)), request_body = CategoryFields, responses((status = 201, body = CampaignView), (status = 412), (status = 422)))]
pub async fn add_category(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<CampaignId>,
    Json(fields): Json<CategoryFields>,
) -> Result<Response, Problem> {
    actions::put_category(&app, &me, id, None, seen.0, fields).await.map_err(|p| seen.judge(p))?;
    now(&app, &me, id, StatusCode::CREATED).await
}

/// Changes a category and its material rules.
#[utoipa::path(put, path = "/api/v1/campaigns/{id}/categories/{category}", tag = "campaigns", params(("id" = String, Path), ("category" = String, Path)), request_body = CategoryFields, responses((status = 200, body = CampaignView), (status = 412), (status = 422)))]
pub async fn save_category(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path((id, category)): Path<(CampaignId, CategoryId)>,
    Json(fields): Json<CategoryFields>,
) -> Result<Response, Problem> {
    actions::put_category(&app, &me, id, Some(category), seen.0, fields).await.map_err(|p| seen.judge(p))?;
    now(&app, &me, id, StatusCode::OK).await
}

/// Removes a category that nothing was handed in for.
#[utoipa::path(delete, path = "/api/v1/campaigns/{id}/categories/{category}", tag = "campaigns", params(("id" = String, Path), ("category" = String, Path)), responses((status = 200, body = CampaignView), (status = 409), (status = 412)))]
pub async fn remove_category(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path((id, category)): Path<(CampaignId, CategoryId)>,
) -> Result<Response, Problem> {
    actions::remove_category(&app, &me, id, category, seen.0).await.map_err(|p| seen.judge(p))?;
    now(&app, &me, id, StatusCode::OK).await
}

/// Replaces the table of stages.
#[utoipa::path(put, path = "/api/v1/campaigns/{id}/stages", tag = "campaigns", params(("id" = String, Path)), request_body = StageTable, responses((status = 200, body = CampaignView), (status = 412), (status = 422)))]
pub async fn set_stages(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<CampaignId>,
    Json(table): Json<StageTable>,
) -> Result<Response, Problem> {
    actions::set_stages(&app, &me, id, seen.0, table).await.map_err(|p| seen.judge(p))?;
    now(&app, &me, id, StatusCode::OK).await
}

/// Replaces the table of quotas.
#[utoipa::path(put, path = "/api/v1/campaigns/{id}/quotas", tag = "campaigns", params(("id" = String, Path)), request_body = QuotaTable, responses((status = 200, body = CampaignView), (status = 412), (status = 422)))]
pub async fn set_quotas(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<CampaignId>,
    Json(table): Json<QuotaTable>,
) -> Result<Response, Problem> {
    actions::set_quotas(&app, &me, id, seen.0, table).await.map_err(|p| seen.judge(p))?;
    now(&app, &me, id, StatusCode::OK).await
}

/// Adds a consent, or a new revision of the one with this code.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/consents", tag = "campaigns", params(("id" = String, Path)), request_body = ConsentFields, responses((status = 200, body = CampaignView), (status = 412), (status = 422)))]
pub async fn put_consent(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<CampaignId>,
    Json(fields): Json<ConsentFields>,
) -> Result<Response, Problem> {
    actions::put_consent(&app, &me, id, seen.0, fields).await.map_err(|p| seen.judge(p))?;
    now(&app, &me, id, StatusCode::OK).await
}

/// Asks for a consent no more; its text stays with what was handed in.
#[utoipa::path(delete, path = "/api/v1/campaigns/{id}/consents/{code}", tag = "campaigns", params(("id" = String, Path), ("code" = String, Path)), responses((status = 200, body = CampaignView), (status = 404), (status = 412)))]
pub async fn retire_consent(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path((id, code)): Path<(CampaignId, String)>,
) -> Result<Response, Problem> {
    actions::retire_consent(&app, &me, id, &code, seen.0).await.map_err(|p| seen.judge(p))?;
    now(&app, &me, id, StatusCode::OK).await
}

/// Gives one organisation more time.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/extensions", tag = "campaigns", params(("id" = String, Path)), request_body = ExtensionFields, responses((status = 201, body = CampaignView), (status = 409), (status = 412), (status = 422)))]
pub async fn extend(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<CampaignId>,
    Json(fields): Json<ExtensionFields>,
) -> Result<Response, Problem> {
    actions::extend(&app, &me, id, seen.0, fields).await.map_err(|p| seen.judge(p))?;
    now(&app, &me, id, StatusCode::CREATED).await
}

/// Names somebody who alone acts in a role for an organisation, together with others who are named; nobody gets a right by it.
#[utoipa::path(post, path = "/api/v1/campaigns/{id}/narrowed", tag = "campaigns", params(("id" = String, Path)), request_body = NarrowFields, responses((status = 201, body = CampaignView), (status = 409), (status = 412), (status = 422)))]
pub async fn narrow(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path(id): Path<CampaignId>,
    Json(fields): Json<NarrowFields>,
) -> Result<Response, Problem> {
    actions::narrow(&app, &me, id, seen.0, &fields).await.map_err(|p| seen.judge(p))?;
    now(&app, &me, id, StatusCode::CREATED).await
}

/// Names somebody no more; without the last name the tree decides again.
#[utoipa::path(delete, path = "/api/v1/campaigns/{id}/narrowed/{row}", tag = "campaigns", params(("id" = String, Path), ("row" = String, Path)), responses((status = 200, body = CampaignView), (status = 404), (status = 409), (status = 412)))]
pub async fn widen(
    State(app): State<App>,
    me: SignedIn,
    seen: IfMatch,
    Path((id, row)): Path<(CampaignId, NarrowedId)>,
) -> Result<Response, Problem> {
    actions::widen(&app, &me, id, seen.0, row).await.map_err(|p| seen.judge(p))?;
    now(&app, &me, id, StatusCode::OK).await
}

/// `GET /api/v1/campaigns/{id}/burden`: what the campaign asks of those who may hand in, for whoever may change it.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}/burden", tag = "campaigns", operation_id = "campaign_burden", params(("id" = String, Path)), responses((status = 200, body = Burden), (status = 403), (status = 404)))]
pub async fn burden(State(app): State<App>, me: SignedIn, Path(id): Path<CampaignId>) -> Result<Json<Burden>, Problem> {
    let seen = reading::see_to_change(&app, &me, id).await?;
    Ok(Json(Burden::of(&app.tree.load(), &seen.call)))
}
