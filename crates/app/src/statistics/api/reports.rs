//! `/api/v1/report-subscriptions`: one's own reports by mail.

use crate::i18n::Language;
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::state::App;
use crate::statistics::reports::actions::{self, Wanted};
use crate::statistics::reports::{Every, Format, Subscription, SubscriptionId};
use crate::web::{SignedIn, Visit};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A report that comes by mail.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportSubscription {
    #[schema(value_type = String)]
    id: SubscriptionId,
    #[schema(value_type = String)]
    organisation: OrganisationId,
    organisation_name: String,
    every: Every,
    formats: Vec<Format>,
    /// `zh-CN` or `en`.
    language: &'static str,
    /// Milliseconds UTC.
    created_at: i64,
}

fn body(app: &App, one: Subscription) -> ReportSubscription {
    ReportSubscription {
        id: one.id,
        organisation: one.organisation,
        organisation_name: app.tree.load().name(one.organisation),
        every: one.every,
        formats: one.formats,
        language: one.language.tag(),
        created_at: one.created_at.0,
    }
}

/// What is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportWanted {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    every: Every,
    /// `pdf`, `xlsx`, or both.
    formats: Vec<Format>,
    /// `zh-CN` or `en`; without it the language of the request.
    #[serde(default)]
    language: String,
}

/// One's own subscriptions, the oldest first.
#[utoipa::path(get, path = "/api/v1/report-subscriptions", tag = "statistics", operation_id = "report_subscriptions", responses((status = 200, body = Vec<ReportSubscription>)))]
pub async fn list(State(app): State<App>, me: SignedIn) -> Result<Json<Vec<ReportSubscription>>, Problem> {
    let own = actions::own(&app, &me).await?;
    Ok(Json(own.into_iter().map(|one| body(&app, one)).collect()))
}

/// Subscribes to an organisation's report, or changes formats and language of what is subscribed.
#[utoipa::path(put, path = "/api/v1/report-subscriptions", tag = "statistics", operation_id = "report_subscribe", request_body = ReportWanted, responses((status = 200, body = ReportSubscription), (status = 403), (status = 404), (status = 409, description = "No mail server is set, or the account has no address"), (status = 422)))]
pub async fn put(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Json(new): Json<ReportWanted>,
) -> Result<Json<ReportSubscription>, Problem> {
    let language = Language::from_tag(&new.language).unwrap_or(visit.texts.language);
    let wanted = Wanted { organisation: new.organisation, every: new.every, formats: new.formats, language };
    Ok(Json(body(&app, actions::subscribe(&app, &me, &wanted).await?)))
}

/// Ends one of one's own subscriptions.
#[utoipa::path(delete, path = "/api/v1/report-subscriptions/{id}", tag = "statistics", operation_id = "report_unsubscribe", params(("id" = String, Path)), responses((status = 204), (status = 404)))]
pub async fn end(State(app): State<App>, me: SignedIn, Path(id): Path<SubscriptionId>) -> Result<StatusCode, Problem> {
    actions::end(&app, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
