//! `/api/v1/statistics`: the same figures as the page.

pub mod bands;
pub mod burden;
pub mod crossing;
pub mod records;
pub mod reports;
pub mod workbooks;

use super::choice::{Asked, Choice, iso};
use super::figures::Figures;
use super::indicator::Indicator;
use super::overview::{self, Line};
use super::period::Period;
use super::records::Part;
use crate::deltas::Metric;
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::state::App;
use crate::watching::{CountErrors, Spread};
use crate::web::SignedIn;
use axum::Json;
use axum::extract::{Query, State};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Indicator to number; watch time in seconds, the coverage rate in percent.
type Amounts = BTreeMap<&'static str, i64>;

/// Days, both ends included.
#[derive(Debug, Serialize, ToSchema)]
pub struct Days {
    from: String,
    to: String,
}

/// Figures of some days.
#[derive(Debug, Serialize, ToSchema)]
pub struct Step {
    period: Days,
    #[schema(value_type = BTreeMap<String, i64>)]
    figures: Amounts,
    /// Address of the records behind `figures`; add `&metric=…`.
    records: String,
}

/// Figures of the organisation itself or of a child with everything below it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Below {
    /// Null: the organisation itself.
    #[schema(value_type = Option<String>)]
    organisation: Option<OrganisationId>,
    name: String,
    #[schema(value_type = BTreeMap<String, i64>)]
    figures: Amounts,
    /// Address of the records behind `figures`; add `&metric=…`.
    records: String,
}

/// Statistics of one organisation and one period.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatisticsBody {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    name: String,
    period: Days,
    /// With everything below.
    #[schema(value_type = BTreeMap<String, i64>)]
    total: Amounts,
    /// Standard errors of `views` and `watch-seconds` in `total`; 0 where everybody was counted.
    errors: BTreeMap<&'static str, i64>,
    /// Submissions by the state that they are in now.
    submissions_by_state: BTreeMap<String, i64>,
    /// Awards by their level.
    awards_by_level: BTreeMap<String, i64>,
    /// Held sessions by `form`, `lecturer`, `venue` and `topic`, and in these by code.
    sessions_by: BTreeMap<String, BTreeMap<String, i64>>,
    /// `then`: by the tree of each day; `now`: by the tree of today.
    tree: &'static str,
    /// The equally long period before; null for `all`.
    before: Option<Step>,
    /// Together they make up `total`.
    below: Vec<Below>,
    /// By day, or by month in periods longer than 62 days.
    course: Vec<Step>,
    /// Address of the records behind `total`; add `&metric=…` and, for submissions and awards, `&state=…`.
    records: String,
}

fn days(period: Period) -> Days {
    Days { from: iso(period.first), to: iso(period.last) }
}

/// Every indicator with its number; watch time in seconds.
fn amounts(figures: &Figures, only: &str) -> Amounts {
    let number = |indicator: Indicator| match indicator {
        Indicator::Of(Metric::WatchSeconds) => figures.total(Metric::WatchSeconds),
        other => other.number(figures, only),
    };
    Indicator::ALL.into_iter().map(|indicator| (indicator.code(), number(indicator))).collect()
}

fn errors(spread: &Spread) -> BTreeMap<&'static str, i64> {
    let errors = CountErrors::from(*spread);
    [(Metric::Views.code(), errors.views), (Metric::WatchSeconds.code(), errors.watch_s)].into()
}

fn by_dimension(figures: &Figures, metric: Metric) -> BTreeMap<String, i64> {
    figures.of(metric).map(|(code, n)| (code.to_owned(), n)).collect()
}

/// Held sessions by each of their traits: kind of trait, code, how many.
fn by_trait(figures: &Figures) -> BTreeMap<String, BTreeMap<String, i64>> {
    let mut kinds: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    for (dimension, amount) in figures.of(Metric::Sessions) {
        if let Some((kind, code)) = dimension.split_once(':') {
            kinds.entry(kind.to_owned()).or_default().insert(code.to_owned(), amount);
        }
    }
    kinds
}

/// Where the records of a line are, without the metric.
fn records(choice: &Choice, part: Part) -> String {
    let days = format!("from={}&to={}", iso(choice.period.first), iso(choice.period.last));
    let part = part.code();
    let more = choice.narrowing();
    format!("/api/v1/statistics/records?organisation={}&period=custom&{days}&part={part}{more}", choice.organisation)
}

fn step(choice: &Choice, (period, figures): &(Period, Figures)) -> Step {
    let choice = Choice { period: *period, ..choice.clone() };
    Step { period: days(*period), figures: amounts(figures, &choice.only), records: records(&choice, Part::Whole) }
}

/// Figures of an organisation and of those directly below it.
#[utoipa::path(get, path = "/api/v1/statistics", tag = "statistics", params(Asked), responses((status = 200, body = StatisticsBody)))]
pub async fn get(State(app): State<App>, me: SignedIn, Query(asked): Query<Asked>) -> Result<Json<StatisticsBody>, Problem> {
    let overview = overview::load(&app, &me, &asked).await?;
    let choice = &overview.choice;
    let below = |line: &Line| Below {
        organisation: line.child,
        name: line.name.clone(),
        figures: amounts(&line.figures, &choice.only),
        records: records(choice, line.child.map_or(Part::Itself, Part::Through)),
    };
    Ok(Json(StatisticsBody {
        organisation: overview.choice.organisation,
        period: days(overview.choice.period),
        total: amounts(&overview.total, &choice.only),
        errors: errors(&overview.spread),
        sessions_by: by_trait(&overview.total),
        tree: choice.lens.code(),
        submissions_by_state: by_dimension(&overview.total, Metric::Submissions),
        awards_by_level: by_dimension(&overview.total, Metric::Awards),
        before: overview.before.as_ref().map(|before| step(choice, before)),
        below: overview.lines.iter().map(below).collect(),
        course: overview.course.iter().map(|one| step(choice, one)).collect(),
        records: records(choice, Part::Whole),
        name: overview.name,
    }))
}
