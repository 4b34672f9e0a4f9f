//! `/api/v1/statistics/burden`: what the system asks of those who fill in its forms.

use crate::campaigns::rules::burden::Cost;
use crate::campaigns::{Burden as CampaignBurden, CampaignId};
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::state::App;
use crate::statistics::burden::{Due, Line, load};
use crate::statistics::choice::{Asked, iso};
use crate::web::SignedIn;
use axum::Json;
use axum::extract::{Query, State};
use serde::Serialize;
use utoipa::ToSchema;

/// Requests of one kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct BurdenLine {
    /// `sessions`, `corrections`, `session-returns`, `plans`, `months`, `entries` or `entry-returns`.
    kind: &'static str,
    requests: i64,
    /// All of them together.
    cost: Cost,
    /// The time is measured; false: estimated by the fields.
    measured: bool,
}

/// A campaign in which handing in ends in the period.
#[derive(Debug, Serialize, ToSchema)]
pub struct BurdenDue {
    #[schema(value_type = String)]
    campaign: CampaignId,
    title: String,
    asks: CampaignBurden,
}

/// What an organisation and everything below it was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct BurdenBody {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    name: String,
    from: String,
    to: String,
    /// Organisations without subordinates.
    organisations: i64,
    lines: Vec<BurdenLine>,
    /// All lines together.
    total: Cost,
    /// Fields for each of the organisations and month.
    fields_each_month: Option<f64>,
    /// Minutes for each of the organisations and month.
    minutes_each_month: Option<f64>,
    due: Vec<BurdenDue>,
}

/// `GET /api/v1/statistics/burden`: how many requests there were, and the fields and seconds that they cost.
#[utoipa::path(get, path = "/api/v1/statistics/burden", tag = "statistics", operation_id = "statistics_burden", params(Asked), responses((status = 200, body = BurdenBody), (status = 403), (status = 404)))]
pub async fn get(State(app): State<App>, me: SignedIn, Query(asked): Query<Asked>) -> Result<Json<BurdenBody>, Problem> {
    let found = load(&app, &me, &asked).await?;
    let line = |line: &Line| BurdenLine { kind: line.kind.code(), requests: line.requests, cost: line.cost, measured: line.measured };
    let (total, each) = (found.total(), found.each_month());
    let number = |hundredths: i64| hundredths as f64 / 100.0;
    Ok(Json(BurdenBody {
        organisation: found.choice.organisation,
        name: found.name,
        from: iso(found.choice.period.first),
        to: iso(found.choice.period.last),
        organisations: found.organisations,
        lines: found.lines.iter().map(line).collect(),
        total,
        fields_each_month: each.map(|(fields, _)| number(fields)),
        minutes_each_month: each.map(|(_, minutes)| number(minutes)),
        due: found.due.into_iter().map(|Due { campaign, title, asks }| BurdenDue { campaign, title, asks }).collect(),
    }))
}
