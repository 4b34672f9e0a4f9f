//! The page of bands, its exports, and the form that sets their limits.

use super::{text, workbook};
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::state::App;
use crate::statistics::actions::bands::{allowed, reset, set};
use crate::statistics::bands::{indicator, load};
use crate::statistics::choice::Asked;
use crate::statistics::rules::bands::typed;
use crate::statistics::views::bands::{BandsPage, sheet};
use crate::web::{Done, SignedIn, Visit, html, in_words, is_mendable};
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;
use serde::Deserialize;

/// `GET /statistics/bands`
pub async fn page(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    html(&BandsPage { notice: done.notice(&visit.texts), ..shown(&app, &visit, &me, &asked).await? })
}

async fn shown(app: &App, visit: &Visit, me: &Actor, asked: &Asked) -> Result<BandsPage, Problem> {
    Ok(BandsPage::new(visit.page(app, visit.texts.s("bands-title")), &load(app, me, asked).await?, app.clock.now()))
}

/// The bands of the screen as a workbook.
#[utoipa::path(get, path = "/api/v1/statistics/bands.xlsx", tag = "statistics", operation_id = "statistics_bands_xlsx", params(Asked), responses((status = 200, description = "A workbook")))]
pub async fn xlsx(State(app): State<App>, visit: Visit, me: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (head, rows) = sheet(&load(&app, &me, &asked).await?, &visit.texts);
    workbook("bands.xlsx", &visit.texts.s("bands-title"), &head, &rows)
}

/// The bands of the screen as text.
#[utoipa::path(get, path = "/api/v1/statistics/bands.csv", tag = "statistics", operation_id = "statistics_bands_csv", params(Asked), responses((status = 200, description = "Comma-separated values, UTF-8")))]
pub async fn csv(State(app): State<App>, visit: Visit, me: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let (head, rows) = sheet(&load(&app, &me, &asked).await?, &visit.texts);
    text("bands.csv", &head, &rows)
}

/// Limits as they are typed.
#[derive(Debug, Deserialize)]
pub struct LimitsForm {
    organisation: OrganisationId,
    metric: String,
    #[serde(default)]
    limits: String,
    /// `reset`: even bands again.
    #[serde(default)]
    then: String,
    /// The page that was seen.
    #[serde(default)]
    back: String,
}

/// `POST /statistics/bands`
pub async fn keep(State(app): State<App>, visit: Visit, me: SignedIn, Form(form): Form<LimitsForm>) -> Result<Response, Problem> {
    let kept = async {
        allowed(&app, &me, form.organisation)?;
        let metric = indicator(&form.metric)?;
        if form.then == "reset" {
            return reset(&app, &me, form.organisation, metric).await;
        }
        let bands = typed(&form.limits).map_err(|fault| Problem::invalid(vec![fault]))?;
        set(&app, &me, form.organisation, metric, &bands).await
    };
    match kept.await {
        Ok(()) => Ok(Redirect::to(&format!("{}&done=bands-kept", back(&form))).into_response()),
        Err(problem) if is_mendable(&problem) => refused(&app, &visit, &me, form, &problem).await,
        Err(problem) => Err(problem),
    }
}

/// The page with what was wrong beside what was typed; without the period that was seen.
async fn refused(app: &App, visit: &Visit, me: &Actor, form: LimitsForm, problem: &Problem) -> Result<Response, Problem> {
    let asked = Asked { organisation: form.organisation.to_string(), metric: form.metric, ..Asked::default() };
    let (refusal, faults) = in_words(&visit.texts, problem);
    let fault = faults.into_iter().next().map_or(refusal, |fault| fault.text);
    let page = BandsPage { fault, limits: form.limits, ..shown(app, visit, me, &asked).await? };
    Ok((problem.status, html(&page)?).into_response())
}

/// Only ever a page of bands.
fn back(form: &LimitsForm) -> String {
    let plain = || format!("/statistics/bands?organisation={}&metric={}", form.organisation, form.metric);
    Some(&form.back).filter(|back| back.starts_with("/statistics/bands?")).cloned().unwrap_or_else(plain)
}
