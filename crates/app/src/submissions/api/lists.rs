//! Lists: everything visible, one desk, its quotas.

use crate::campaigns::{CampaignId, CategoryId};
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::{self, Filter, Quota, SubmissionLine, model};
use crate::web::{Cursor, SignedIn};
use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A page of submissions.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubmissionPage {
    items: Vec<SubmissionLine>,
    /// Pass as `after` for the next page.
    next: Option<String>,
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    #[param(value_type = Option<String>)]
    campaign: Option<CampaignId>,
    #[param(value_type = Option<String>)]
    category: Option<CategoryId>,
    state: Option<model::State>,
    /// Only of this organisation and those below it.
    #[param(value_type = Option<String>)]
    below: Option<OrganisationId>,
    /// Only what lies on the desk of this organisation.
    #[param(value_type = Option<String>)]
    holder: Option<OrganisationId>,
    #[serde(default)]
    after: String,
}

impl ListQuery {
    fn filter(&self) -> Filter {
        Filter { campaign: self.campaign, category: self.category, state: self.state, holder: self.holder }
    }
}

/// Submissions that the reader may see, the latest change first.
#[utoipa::path(get, path = "/api/v1/submissions", tag = "submissions", params(ListQuery), responses((status = 200, body = SubmissionPage)))]
pub async fn list(State(app): State<App>, me: SignedIn, Query(query): Query<ListQuery>) -> Result<Json<SubmissionPage>, Problem> {
    let cursor = Cursor { after: query.after.clone() };
    let page = submissions::visible_to(&app, &me, &query.filter(), query.below, &cursor).await?;
    Ok(Json(SubmissionPage { items: page.items, next: page.next }))
}

/// Which desk, and what of it.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    #[param(value_type = String)]
    holder: OrganisationId,
    #[param(value_type = Option<String>)]
    campaign: Option<CampaignId>,
    #[param(value_type = Option<String>)]
    category: Option<CategoryId>,
    /// Without it: what is in review.
    state: Option<model::State>,
    #[serde(default)]
    after: String,
}

/// What lies on the desk of one organisation, the oldest arrival first.
#[utoipa::path(get, path = "/api/v1/submissions/queue", tag = "submissions", params(QueueQuery), responses((status = 200, body = SubmissionPage), (status = 404)))]
pub async fn queue(State(app): State<App>, me: SignedIn, Query(query): Query<QueueQuery>) -> Result<Json<SubmissionPage>, Problem> {
    let filter = Filter { campaign: query.campaign, category: query.category, state: query.state, holder: None };
    let page = submissions::queue(&app, &me, query.holder, &filter, &Cursor { after: query.after }).await?;
    Ok(Json(SubmissionPage { items: page.items, next: page.next }))
}

/// Whose quotas, in which campaign.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QuotaQuery {
    #[param(value_type = String)]
    holder: OrganisationId,
    #[param(value_type = String)]
    campaign: CampaignId,
}

/// Quotas of one organisation, category by category.
#[derive(Debug, Serialize, ToSchema)]
pub struct Quotas {
    items: Vec<Quota>,
}

/// Places that an organisation has and has taken, category by category.
#[utoipa::path(get, path = "/api/v1/submissions/quotas", tag = "submissions", params(QuotaQuery), responses((status = 200, body = Quotas), (status = 404)))]
pub async fn quotas(State(app): State<App>, me: SignedIn, Query(query): Query<QuotaQuery>) -> Result<Json<Quotas>, Problem> {
    Ok(Json(Quotas { items: submissions::quotas(&app, &me, query.holder, query.campaign).await? }))
}
