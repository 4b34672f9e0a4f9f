//! `/api/v1/programme`: what is on and what comes, for programs.

use crate::broadcasts::programme::{self, Asked};
use crate::broadcasts::rules::Standing;
use crate::broadcasts::{Admission, Kind};
use crate::problem::Problem;
use crate::state::App;
use crate::web::Visit;
use axum::extract::{Json, Query, State};
use serde::Serialize;

/// A broadcast of the programme.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProgrammeItem {
    /// Id.
    pub id: String,
    /// Where the picture comes from.
    pub kind: Kind,
    /// How it stands now.
    pub standing: Standing,
    /// What it is called.
    pub title: String,
    /// Who speaks.
    pub lecturer: String,
    /// A few sentences.
    #[serde(rename = "abstract")]
    pub abstract_: String,
    /// Id of who holds it.
    pub organisation: String,
    /// Its name.
    pub organisation_name: String,
    /// Who may watch.
    pub admission: Admission,
    /// When it begins, milliseconds since 1970, UTC.
    pub starts_at: i64,
    /// When it ends by plan, milliseconds since 1970, UTC.
    pub ends_at: i64,
    /// Its page.
    pub url: String,
}

/// Seven days of the programme.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProgrammeDays {
    /// The first day.
    pub from: String,
    /// The day after the last.
    pub until: String,
    /// The zone in which days begin.
    pub time_zone: String,
    /// In the order in which they begin.
    pub items: Vec<ProgrammeItem>,
}

fn item(app: &App, entry: programme::Entry) -> ProgrammeItem {
    let (broadcast, url) = (entry.broadcast, app.public_url());
    ProgrammeItem {
        url: format!("{url}/live/{}", broadcast.id),
        id: broadcast.id.to_string(),
        kind: broadcast.kind,
        standing: entry.standing,
        title: broadcast.title,
        lecturer: broadcast.lecturer,
        abstract_: broadcast.abstract_,
        organisation: broadcast.organisation.to_string(),
        organisation_name: entry.organisation,
        admission: broadcast.admission,
        starts_at: broadcast.starts_at.0,
        ends_at: broadcast.ends_at.0,
    }
}

/// What is on and what comes in seven days. Broadcasts for people who are signed in are told to them alone.
#[utoipa::path(get, path = "/api/v1/programme", tag = "programme", params(Asked), responses((status = 200, body = ProgrammeDays)))]
pub async fn get(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Result<Json<ProgrammeDays>, Problem> {
    let found = programme::week(&app, visit.actor.is_some(), &asked.from, asked.within()).await?;
    let day = |at: Option<&(jiff::civil::Date, Vec<programme::Entry>)>| at.map(|d| d.0).unwrap_or_default();
    let (first, last) = (day(found.days.first()), day(found.days.last()));
    Ok(Json(ProgrammeDays {
        from: first.to_string(),
        until: last.tomorrow().unwrap_or(last).to_string(),
        time_zone: app.zone.iana_name().unwrap_or("UTC").to_owned(),
        items: found.days.into_iter().flat_map(|d| d.1).map(|e| item(&app, e)).collect(),
    }))
}
