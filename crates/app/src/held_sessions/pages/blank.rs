//! The blank workbook: for which campaign, and the file.

use crate::campaigns::{CampaignState, reading};
use crate::held_sessions::actions::blank;
use crate::held_sessions::views::BlankPage;
use crate::organisations::{Action, may_anywhere};
use crate::problem::Problem;
use crate::spreadsheets::XLSX;
use crate::state::App;
use crate::web::{Cursor, SignedIn, Visit, html};
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// For what the blank workbook is.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Meant {
    /// Id of a campaign; without it for sessions of none.
    pub campaign: String,
}

/// `GET /held-sessions/blank`: the campaigns to choose from.
pub async fn page(State(app): State<App>, visit: Visit, me: SignedIn, Query(meant): Query<Meant>) -> Result<Response, Problem> {
    if !may_anywhere(&app.tree.load(), &me, Action::RecordSession) {
        return Err(Problem::forbidden());
    }
    let found = reading::list(&app, &me, &Cursor::default()).await?.items;
    let open = found.into_iter().filter(|campaign| campaign.state == CampaignState::Open || campaign.id.to_string() == meant.campaign);
    html(&BlankPage {
        p: visit.page(&app, visit.texts.s("held-blank-title")),
        campaigns: open.map(|campaign| (campaign.id.to_string(), campaign.title)).collect(),
        chosen: meant.campaign,
    })
}

/// A blank workbook with the columns of an import, lists to choose from, notes and an example.
#[utoipa::path(get, path = "/api/v1/held-sessions/blank.xlsx", tag = "held-sessions", params(Meant), responses((status = 200, description = "A workbook"), (status = 403), (status = 404)))]
pub async fn xlsx(State(app): State<App>, visit: Visit, me: SignedIn, Query(meant): Query<Meant>) -> Result<Response, Problem> {
    let bytes = blank::workbook(&app, &me, &meant.campaign, &visit.texts).await?;
    let saved_as = "attachment; filename=\"held-sessions-blank.xlsx\"";
    Ok(([(CONTENT_TYPE, XLSX), (CONTENT_DISPOSITION, saved_as), (CACHE_CONTROL, "private, no-store")], bytes).into_response())
}
