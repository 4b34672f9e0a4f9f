//! What a player needs to report of a broadcast whose page is the same for everybody.

use crate::broadcasts::BroadcastId;
use crate::problem::Problem;
use crate::state::App;
use crate::watching::actions::{self, Ticket};
use crate::web::{DeviceNumber, Visit};
use axum::extract::{Json, Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, SET_COOKIE, USER_AGENT};
use axum::response::{IntoResponse, Response};

/// A token for reports of play, and what the viewer's lots are reckoned from. A player whose lot is not in the `sample` of the broadcast's
/// state needs none.
#[utoipa::path(get, path = "/api/v1/live/{id}/ticket", tag = "library", params(("id" = String, Path)), responses((status = 200, body = Ticket), (status = 401), (status = 404)))]
pub async fn get(State(app): State<App>, visit: Visit, headers: HeaderMap, Path(id): Path<BroadcastId>) -> Result<Response, Problem> {
    let device = DeviceNumber::of(&headers);
    let agent = headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let account = visit.actor.as_ref().map(|actor| actor.account);
    let ticket = actions::ticket(&app, id, account, (&device.number, agent)).await?;
    let mut response = ([(CACHE_CONTROL, "no-store")], Json(ticket)).into_response();
    response.headers_mut().extend(device.to_keep().map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}
